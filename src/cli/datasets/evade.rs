//! `datasets evade`: records in disguise.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::super::Exit;
use super::super::args::LogFormat;
use super::super::terminal::say;
use super::{write_records, write_to};
use crate::evasion::Technique;
use crate::labelled::{self, Split};

pub(super) fn run(
    arguments: &[PathBuf],
    side: Option<Split>,
    techniques: &[Technique],
    seed: u64,
    out: &Path,
    log: LogFormat,
) -> Result<Exit> {
    let records = labelled::read_side(arguments, side)?;
    write_to(out, |file| {
        for technique in techniques {
            let derived: Vec<_> = records.iter().filter_map(|record| technique.derive(record, seed)).collect();
            write_records(derived.iter(), file)?;
            let (name, left) = (technique.name(), records.len() - derived.len());
            say(log, &format!("{name}: {} records, {left} left as they are", derived.len()));
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}
