//! [`Checkpoint`]: how far a run is, written whole or not at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::ScanError;
use super::outputs::write_whole;
use crate::aggregate::{Area, COUNTS, Cell, Counts, Period, Role, Tally};
use crate::export::{Passed, Posts};
use crate::regions::{CountryCode, Region};
use crate::typology::PatternId;

/// Name of the file in the output folder.
pub(super) const CHECKPOINT_FILE: &str = "checkpoint.json";

/// Why a run cannot go on from a checkpoint.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file cannot be read, though it is there.
    #[error("cannot read {}; make it readable to go on, or choose another folder with --out", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is damaged.
    #[error("{} cannot be understood: {reason}; start over with --force", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The run would judge otherwise than the one it resumes.
    #[error("{} was made with other inputs, another model or other settings; repeat the first command with --resume, or start over with --force", path.display())]
    OtherRun {
        /// The file.
        path: PathBuf,
    },
}

/// Where reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Place of the input being read.
    pub file: usize,
    /// Rows of it already seen.
    pub records: u64,
    /// Rows seen in all inputs, those of other shards included.
    pub rows: u64,
}

impl Position {
    /// Behind the last row handed over, the `rows`-th of the run.
    #[must_use]
    pub fn of(posts: &Posts, rows: u64) -> Self {
        let file = posts.file();
        Self { file, records: posts.facts().get(file).map_or(0, |facts| facts.records), rows }
    }
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// What decides the findings.
    pub fingerprint: String,
    /// Behind the last row judged.
    pub position: Position,
    /// What was learnt of the inputs before that one.
    pub passed: Vec<Passed>,
    /// Settled length of `findings.jsonl`.
    pub findings_bytes: u64,
    /// Settled length of `rejected.jsonl`.
    pub rejected_bytes: u64,
    /// Counts so far.
    pub tally: Tally,
}

/// The file's shape. Keys of a tally are spelt as lists, since JSON keys are strings.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    schema: String,
    fingerprint: String,
    /// Rows seen of the input behind those passed.
    records: u64,
    rows: u64,
    /// Rows, damage and hash of every input before it.
    passed: Vec<(u64, bool, Option<String>)>,
    findings_bytes: u64,
    rejected_bytes: u64,
    counts: [u64; COUNTS],
    judged: Vec<(StoredCell, u64)>,
    suspects: Vec<(StoredCell, u64)>,
    by_pattern: Vec<(StoredCell, String, u64)>,
    patterns: Vec<(String, u64)>,
    corridors: Vec<(String, String, u64)>,
}

/// Period (`2026-03` or empty), role, area (`KH`, a region's id, or empty).
type StoredCell = (String, String, String);

const SCHEMA: &str = "lurescan.checkpoint/3";

impl Checkpoint {
    /// The checkpoint of a folder, if there is one.
    pub fn read(folder: &Path, fingerprint: &str) -> Result<Option<Self>, ScanError> {
        let path = folder.join(CHECKPOINT_FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(CheckpointError::Unreadable { path, source }.into()),
        };
        let damaged = |reason: String| CheckpointError::Damaged { path: path.clone(), reason };
        let stored: Stored = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if stored.schema != SCHEMA || stored.fingerprint != fingerprint {
            return Err(CheckpointError::OtherRun { path }.into());
        }
        let checkpoint = stored.restore().ok_or_else(|| damaged("it names something this version does not know".to_owned()))?;
        Ok(Some(checkpoint))
    }

    /// Writes the checkpoint of a folder, whole or not at all.
    pub fn write(&self, folder: &Path) -> Result<(), ScanError> {
        let path = folder.join(CHECKPOINT_FILE);
        let written =
            serde_json::to_vec(&Stored::from(self)).map_err(std::io::Error::from).and_then(|bytes| write_whole(&path, &bytes));
        written.map_err(|source| ScanError::Write { path, source })
    }
}

impl From<&Checkpoint> for Stored {
    fn from(checkpoint: &Checkpoint) -> Self {
        let tally = &checkpoint.tally;
        Self {
            schema: SCHEMA.to_owned(),
            fingerprint: checkpoint.fingerprint.clone(),
            records: checkpoint.position.records,
            rows: checkpoint.position.rows,
            passed: checkpoint.passed.iter().map(|input| (input.records, input.damaged, input.sha256.clone())).collect(),
            findings_bytes: checkpoint.findings_bytes,
            rejected_bytes: checkpoint.rejected_bytes,
            counts: { tally.counts }.each().map(|count| *count),
            judged: tally.judged.iter().map(|(cell, count)| (spell(*cell), *count)).collect(),
            suspects: tally.suspects.iter().map(|(cell, count)| (spell(*cell), *count)).collect(),
            by_pattern: tally.by_pattern.iter().map(|((cell, id), count)| (spell(*cell), id.id().to_owned(), *count)).collect(),
            patterns: tally.patterns.iter().map(|(id, count)| (id.id().to_owned(), *count)).collect(),
            corridors: tally.corridors.iter().map(|((from, to), count)| (from.to_string(), to.to_string(), *count)).collect(),
        }
    }
}

impl Stored {
    fn restore(self) -> Option<Checkpoint> {
        let mut counts = Counts::default();
        for (own, stored) in counts.each().into_iter().zip(self.counts) {
            *own = stored;
        }
        let cells = |list: Vec<(StoredCell, u64)>| -> Option<BTreeMap<Cell, u64>> {
            list.into_iter().map(|(cell, count)| Some((read_cell(&cell)?, count))).collect()
        };
        let country = |code: &str| CountryCode::parse(code);
        Some(Checkpoint {
            fingerprint: self.fingerprint,
            position: Position { file: self.passed.len(), records: self.records, rows: self.rows },
            passed: self.passed.into_iter().map(|(records, damaged, sha256)| Passed { records, damaged, sha256 }).collect(),
            findings_bytes: self.findings_bytes,
            rejected_bytes: self.rejected_bytes,
            tally: Tally {
                counts,
                judged: cells(self.judged)?,
                suspects: cells(self.suspects)?,
                by_pattern: self
                    .by_pattern
                    .into_iter()
                    .map(|(cell, id, count)| Some(((read_cell(&cell)?, PatternId::parse(&id)?), count)))
                    .collect::<Option<_>>()?,
                patterns: self
                    .patterns
                    .into_iter()
                    .map(|(id, count)| Some((PatternId::parse(&id)?, count)))
                    .collect::<Option<_>>()?,
                corridors: self
                    .corridors
                    .into_iter()
                    .map(|(from, to, count)| Some(((country(&from)?, country(&to)?), count)))
                    .collect::<Option<_>>()?,
            },
        })
    }
}

fn spell(cell: Cell) -> StoredCell {
    let area = match cell.area {
        Area::Unknown => String::new(),
        Area::Region(region) => region.id().to_owned(),
        Area::Country(country) => country.to_string(),
    };
    (cell.period.map_or_else(String::new, |period| period.to_string()), cell.role.id().to_owned(), area)
}

fn read_cell((period, role, area): &StoredCell) -> Option<Cell> {
    let period = match period.split_once('-') {
        Some((year, month)) => Some(Period::new(year.parse().ok()?, month.parse().ok()?)?),
        None if period.is_empty() => None,
        None => return None,
    };
    let area = if area.is_empty() {
        Area::Unknown
    } else if let Some(region) = Region::ALL.into_iter().find(|region| region.id() == area) {
        Area::Region(region)
    } else {
        Area::Country(CountryCode::parse(area)?)
    };
    Some(Cell { period, role: Role::ALL.into_iter().find(|known| known.id() == role)?, area })
}
