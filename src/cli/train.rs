//! `train`: a recipe followed to a model folder.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

use super::Exit;
use super::args::{LogFormat, TrainArgs};
use super::terminal::say;
use crate::training::{Layers, Recipe, train};

pub(super) fn run(args: &TrainArgs, log: LogFormat) -> Result<Exit> {
    let recipe = Recipe::read(&args.recipe)?;
    let layers = if args.keep_layers { Layers::Kept } else { Layers::Made };
    let folder = train(&recipe, &args.recipe, &args.out, layers, &|message| say(log, &message), &records_encoded(log))?;
    say(log, &format!("wrote {}; measure it with `lurescan eval --split test --model {0}`", folder.display()));
    Ok(Exit::Done)
}

/// Says how many records are encoded: a line every five hundred, whichever thread passes the mark.
pub(super) fn records_encoded(log: LogFormat) -> impl Fn(usize) + Sync {
    let done = AtomicUsize::new(0);
    let said = AtomicUsize::new(0);
    move |records| {
        let now = done.fetch_add(records, Ordering::Relaxed) + records;
        if said.fetch_max(now / 500, Ordering::Relaxed) < now / 500 {
            say(log, &format!("{now} records encoded"));
        }
    }
}
