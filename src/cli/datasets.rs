//! `datasets`: labelled records and sample exports.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::Exit;
use super::args::DatasetsCommand;
use crate::labelled;
use crate::sample::{self, SampleSettings};

pub(super) fn run(command: DatasetsCommand) -> Result<Exit> {
    match command {
        DatasetsCommand::Sample { from, posts, suspects, seed, out } => {
            write_sample(&from, &SampleSettings { rows: posts, suspects, seed }, &out)
        }
    }
}

/// zstd's level for a file that is written once and read often.
const ZSTD_LEVEL: i32 = 19;

fn write_sample(from: &str, settings: &SampleSettings, out: &Path) -> Result<Exit> {
    let mut files: Vec<_> = glob::glob(from).with_context(|| format!("{from} is no glob"))?.flatten().collect();
    files.sort();
    if files.is_empty() {
        bail!("{from} matches no file");
    }
    let mut records = Vec::new();
    for file in files {
        records.extend(labelled::read(&file)?);
    }
    let create = || File::create(out).with_context(|| format!("cannot write {}", out.display()));
    if out == Path::new("-") {
        sample::write(&records, settings, &mut BufWriter::new(std::io::stdout().lock()))?;
        return Ok(Exit::Done);
    }
    match out.extension().and_then(|ending| ending.to_str()) {
        Some("zst") => {
            let mut packed = zstd::Encoder::new(create()?, ZSTD_LEVEL)?;
            sample::write(&records, settings, &mut packed)?;
            packed.finish()?.flush()?;
        }
        Some("gz") => {
            let mut packed = GzEncoder::new(create()?, Compression::best());
            sample::write(&records, settings, &mut packed)?;
            packed.finish()?.flush()?;
        }
        _ => sample::write(&records, settings, &mut BufWriter::new(create()?))?,
    }
    Ok(Exit::Done)
}
