//! `folds`: a recipe without each language, author or part of its records in turn.

use anyhow::{Result, bail};

use super::Exit;
use super::args::{FoldsArgs, LogFormat};
use super::terminal::{print, say};
use super::train::said_by_five_hundred;
use crate::report::folds_text;
use crate::training::{Recipe, folds};

pub(super) fn run(args: &FoldsArgs, log: LogFormat) -> Result<Exit> {
    let recipe = Recipe::read(&args.recipe)?;
    if recipe.tune.is_some() {
        bail!(
            "{} tunes layers, which would take hours for every fold; name a recipe without [tune], as models/lure-probe/recipe.toml",
            args.recipe.display()
        );
    }
    let found = folds(&recipe, &args.recipe, args.by, &|message| say(log, &message), &said_by_five_hundred(log))?;
    print(&folds_text(&found, args.markdown))?;
    Ok(Exit::Done)
}
