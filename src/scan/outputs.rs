//! [`OutputDir`]: the folder a scan writes, from the first finding to the last report.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::ScanError;
use super::checkpoint::{CHECKPOINT_FILE, Checkpoint, Position};
use crate::aggregate::{Tally, share};
use crate::export::{InputFacts, Passed, is_scan};
use crate::finding::Finding;
use crate::post::Rejected;
use crate::report::{
    Clusters, FindingWriter, Leads, RunRecord, html, rejected_line, run_json, shared_json, tally_csv, tally_json,
};

const FINDINGS: &str = "findings.jsonl";
const REJECTED: &str = "rejected.jsonl";

/// Everything a scan writes into its folder; `--force` removes exactly these.
const OURS: [&str; 9] =
    [FINDINGS, REJECTED, "tally.json", "tally.csv", "shared.json", "shared.csv", "report.html", "run.json", CHECKPOINT_FILE];

/// How a run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// In an empty folder.
    Fresh,
    /// Whatever an earlier scan wrote into the folder is removed first.
    Force,
    /// Behind the checkpoint of an earlier run; in an empty folder from the beginning.
    Resume,
}

/// An output folder with its two growing files open.
pub struct OutputDir {
    path: PathBuf,
    findings: Growing,
    rejected: Growing,
    fingerprint: String,
    resumed: Option<Checkpoint>,
}

impl OutputDir {
    /// Opens or makes the folder. `fingerprint` says what decides the findings; a resumed run must have the same.
    pub fn open(path: &Path, start: Start, fingerprint: String) -> Result<Self, ScanError> {
        let failed = |source| ScanError::CannotOpen { path: path.to_owned(), source };
        if std::fs::metadata(path).is_ok_and(|meta| !meta.is_dir()) {
            return Err(ScanError::NotAFolder { path: path.to_owned() });
        }
        std::fs::create_dir_all(path).map_err(failed)?;
        let used = std::fs::read_dir(path).map_err(failed)?.next().is_some();
        let resumed = match start {
            Start::Resume => Checkpoint::read(path, &fingerprint)?,
            Start::Force if used && !is_scan(path) => return Err(ScanError::NotAScan { path: path.to_owned() }),
            Start::Force => None,
            Start::Fresh if !used => None,
            Start::Fresh => return Err(ScanError::OutputNotEmpty { path: path.to_owned() }),
        };
        // Without a checkpoint nothing says which of the folder's files belong to the run: nothing is touched.
        if start == Start::Resume && resumed.is_none() && used {
            return Err(ScanError::NoCheckpoint { path: path.to_owned() });
        }
        // Reports of the part before would call a growing folder complete.
        let stays = |name: &str| resumed.is_some() && [FINDINGS, REJECTED, CHECKPOINT_FILE].contains(&name);
        for name in OURS.into_iter().filter(|name| !stays(name)) {
            match std::fs::remove_file(path.join(name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        }
        let (findings, rejected) =
            resumed.as_ref().map_or((0, 0), |checkpoint| (checkpoint.findings_bytes, checkpoint.rejected_bytes));
        Ok(Self {
            findings: Growing::open(path.join(FINDINGS), findings)?,
            rejected: Growing::open(path.join(REJECTED), rejected)?,
            path: path.to_owned(),
            fingerprint,
            resumed,
        })
    }

    /// The checkpoint this run goes on from.
    #[must_use]
    pub fn resumed(&self) -> Option<&Checkpoint> {
        self.resumed.as_ref()
    }

    pub(super) fn tally(&self) -> Tally {
        self.resumed.as_ref().map(|checkpoint| checkpoint.tally.clone()).unwrap_or_default()
    }

    pub(super) fn rows_seen(&self) -> u64 {
        self.resumed.as_ref().map_or(0, |checkpoint| checkpoint.position.rows)
    }

    pub(super) fn find<'f>(
        &mut self,
        mut findings: impl Iterator<Item = &'f Finding>,
        writer: &FindingWriter,
    ) -> Result<(), ScanError> {
        findings.try_for_each(|finding| self.findings.write(|out| writer.write(finding, out)))
    }

    pub(super) fn reject(&mut self, rejected: &Rejected) -> Result<(), ScanError> {
        self.rejected.write(|out| out.write_all(rejected_line(rejected).as_bytes()))
    }

    /// Makes everything written so far last, then says so in the checkpoint.
    pub(super) fn checkpoint(&mut self, position: Position, facts: &[InputFacts], tally: &Tally) -> Result<(), ScanError> {
        let checkpoint = Checkpoint {
            fingerprint: self.fingerprint.clone(),
            position,
            passed: facts[..position.file].iter().map(Passed::from).collect(),
            findings_bytes: self.findings.settle()?,
            rejected_bytes: self.rejected.settle()?,
            tally: tally.clone(),
        };
        checkpoint.write(&self.path)?;
        Ok(())
    }

    /// Writes the reports of the run. The checkpoint stays, so that an interrupted run can go on.
    pub fn finish(&mut self, run: &RunRecord, tally: &Tally, min_cell: u64) -> Result<(), ScanError> {
        self.findings.settle()?;
        self.rejected.settle()?;
        let shared = share(tally, min_cell);
        let as_io = |error: csv::Error| std::io::Error::other(error);
        self.report("tally.json", || Ok(tally_json(tally).into_bytes()))?;
        self.report("tally.csv", || tally_csv(tally).map_err(as_io))?;
        self.report("shared.json", || Ok(shared_json(&shared, min_cell).into_bytes()))?;
        self.report("shared.csv", || tally_csv(&shared.tally).map_err(as_io))?;
        let findings = || Ok(BufReader::new(File::open(&self.findings.path)?));
        let read_back = Clusters::find(findings).and_then(|clusters| Ok((clusters, Leads::pick(findings)?)));
        let (clusters, leads) = read_back.map_err(|source| ScanError::ReadBack { path: self.findings.path.clone(), source })?;
        self.report("report.html", || {
            html(run, tally, &clusters, &leads).map(String::into_bytes).map_err(std::io::Error::other)
        })?;
        self.report("run.json", || Ok(run_json(run).into_bytes()))
    }

    fn report(&self, name: &str, bytes: impl FnOnce() -> std::io::Result<Vec<u8>>) -> Result<(), ScanError> {
        let path = self.path.join(name);
        bytes().and_then(|bytes| write_whole(&path, &bytes)).map_err(|source| ScanError::Write { path, source })
    }
}

/// Writes beside the target, then renames: the file is whole or absent.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    std::fs::rename(&beside, path)
}

/// Fails if one of `inputs` is a file that a scan into `folder` would write.
pub fn refuse_inputs<'i>(folder: &Path, inputs: impl IntoIterator<Item = &'i str>) -> Result<(), ScanError> {
    let written: Vec<PathBuf> = OURS.iter().filter_map(|name| folder.join(name).canonicalize().ok()).collect();
    for input in inputs {
        let path = Path::new(input);
        if path.canonicalize().is_ok_and(|path| written.contains(&path)) {
            return Err(ScanError::OverwritesInput { path: path.to_owned() });
        }
    }
    Ok(())
}

/// A file that only grows, and whose length on disk can be trusted once settled.
struct Growing {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Growing {
    /// Opens the file and cuts it to `length`: what stands behind a checkpoint is judged again.
    fn open(path: PathBuf, length: u64) -> Result<Self, ScanError> {
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path).and_then(|mut file| {
            let before = file.metadata()?.len();
            if before >= length {
                file.set_len(length)?;
                file.seek(SeekFrom::End(0))?;
            }
            Ok((file, before))
        });
        match opened {
            Ok((_, before)) if before < length => Err(ScanError::Shortened { path }),
            Ok((file, _)) => Ok(Self { path, out: BufWriter::with_capacity(1 << 16, file) }),
            Err(source) => Err(ScanError::CannotOpen { path, source }),
        }
    }

    fn write(&mut self, line: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>) -> Result<(), ScanError> {
        line(&mut self.out).map_err(|source| ScanError::Write { path: self.path.clone(), source })
    }

    /// Everything written is on disk; gives the length.
    fn settle(&mut self) -> Result<u64, ScanError> {
        let settled = self.out.flush().and_then(|()| {
            self.out.get_ref().sync_data()?;
            self.out.get_mut().stream_position()
        });
        settled.map_err(|source| ScanError::Write { path: self.path.clone(), source })
    }
}
