//! `datasets sample`: a synthetic export.

use std::path::Path;

use anyhow::{Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::Exit;
use super::write_to;
use crate::labelled;
use crate::sample::{self, SampleSettings};

/// zstd's level for a file that is written once and read often.
const ZSTD_LEVEL: i32 = 19;

pub(super) fn run(from: &str, settings: &SampleSettings, out: &Path) -> Result<Exit> {
    let records = labelled::read_all([from])?;
    let suspects = records.iter().filter(|record| record.label.suspect).count();
    if suspects == 0 || suspects == records.len() {
        bail!("the records of {from} hold no suspects, or nothing else; a sample is drawn from both");
    }
    let ending = out.extension().and_then(|ending| ending.to_str());
    write_to(out, |mut file| match ending {
        Some("zst") => {
            let mut packed = zstd::Encoder::new(file, ZSTD_LEVEL)?;
            sample::write(&records, settings, &mut packed)?;
            packed.finish()?;
            Ok(())
        }
        Some("gz") => {
            let mut packed = GzEncoder::new(file, Compression::best());
            sample::write(&records, settings, &mut packed)?;
            packed.finish()?;
            Ok(())
        }
        _ => sample::write(&records, settings, &mut file),
    })?;
    Ok(Exit::Done)
}
