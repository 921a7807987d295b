//! `datasets sample`: a synthetic export.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::Exit;
use crate::labelled;
use crate::sample::{self, SampleSettings};

/// zstd's level for a file that is written once and read often.
const ZSTD_LEVEL: i32 = 19;

pub(super) fn run(from: &str, settings: &SampleSettings, out: &Path) -> Result<Exit> {
    let records = labelled::read_all([from])?;
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
