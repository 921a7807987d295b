//! `train`: a recipe followed to a model folder.

use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;

use super::Exit;
use super::args::{LogFormat, TrainArgs};
use super::terminal::say;
use crate::training::{Recipe, train};

pub(super) fn run(args: &TrainArgs, log: LogFormat) -> Result<Exit> {
    let recipe = Recipe::read(&args.recipe)?;
    let done = AtomicUsize::new(0);
    let said = AtomicUsize::new(0);
    // A line every five hundred records, whichever thread passes the mark.
    let encoded = |records: usize| {
        let now = done.fetch_add(records, Ordering::Relaxed) + records;
        if said.fetch_max(now / 500, Ordering::Relaxed) < now / 500 {
            say(log, &format!("{now} records encoded"));
        }
    };
    let folder = train(&recipe, &args.recipe, &args.out, &|message| say(log, &message), &encoded)?;
    say(log, &format!("wrote {}; measure it with `lurescan eval --split test --model {0}`", folder.display()));
    Ok(Exit::Done)
}
