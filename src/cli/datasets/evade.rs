//! `datasets evade`: records in disguise.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::super::Exit;
use super::super::args::LogFormat;
use super::super::terminal::say;
use super::{create, write_records};
use crate::evasion::Technique;
use crate::labelled::{self, Split};

pub(super) fn run(
    arguments: &[PathBuf],
    side: Option<&str>,
    techniques: &[Technique],
    seed: u64,
    out: &Path,
    log: LogFormat,
) -> Result<Exit> {
    let records = labelled::read_side(arguments, side.and_then(Split::parse))?;
    let mut file = create(out)?;
    for technique in techniques {
        let derived: Vec<_> = records.iter().filter_map(|record| technique.derive(record, seed)).collect();
        write_records(derived.iter(), &mut *file)?;
        say(log, &format!("{}: {} records, {} left as they are", technique.name(), derived.len(), records.len() - derived.len()));
    }
    Ok(Exit::Done)
}
