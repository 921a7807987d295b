//! `folds`: a recipe without each language, author or part of its records in turn.

use anyhow::{Result, bail};

use super::Exit;
use super::args::{FoldsArgs, LogFormat};
use super::terminal::{print, say};
use super::train::records_encoded;
use crate::report::folds_text;
use crate::training::{FoldsBy, Recipe, folds};

pub(super) fn run(args: &FoldsArgs, log: LogFormat) -> Result<Exit> {
    let recipe = Recipe::read(&args.recipe)?;
    if recipe.tune.is_some() {
        bail!(
            "{} tunes layers, which would take hours for every fold; name a recipe without [tune], as benches/probe.toml",
            args.recipe.display()
        );
    }
    let found = folds(&recipe, &args.recipe, args.by, &|message| say(log, &message), &records_encoded(log))?;
    print(&folds_text(&found, args.by == FoldsBy::Size, args.markdown))?;
    Ok(Exit::Done)
}
