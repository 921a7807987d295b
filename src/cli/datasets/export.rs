//! `datasets export`: sets for catalogues.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::super::Exit;
use super::super::args::LogFormat;
use super::super::terminal::say;
use crate::exchange::catalogue;
use crate::labelled::{self, SetFacts};

pub(super) fn run(arguments: &[PathBuf], out: &Path, log: LogFormat) -> Result<Exit> {
    let mut names = HashSet::new();
    for folder in arguments {
        if !folder.is_dir() {
            bail!("{} is no folder; a set is exported whole, with the licence in its set.toml", folder.display());
        }
        let sets = labelled::sets(folder)?;
        if sets.is_empty() {
            bail!("{} holds no labelled set; a set is a folder with a set.toml", folder.display());
        }
        for set in sets {
            let facts = SetFacts::read(&set)?;
            if !names.insert(facts.name.clone()) {
                bail!("two sets are named {}; change the name in the set.toml of {}", facts.name, set.display());
            }
            let records = labelled::read_all([&set])?;
            for file in catalogue::write(&facts, &records, &out.join(&facts.name))? {
                say(log, &format!("{}/{}/{}: {} bytes", out.display(), facts.name, file.name, file.size));
            }
        }
    }
    Ok(Exit::Done)
}
