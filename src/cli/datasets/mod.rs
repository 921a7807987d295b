//! `datasets`: labelled records and sample exports. One file a command.

mod agree;
mod args;
mod check;
mod evade;
mod export;
mod import;
mod sample;
mod split;
mod stats;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result};

pub(super) use args::DatasetsCommand;

use super::Exit;
use super::args::LogFormat;
use crate::labelled::{Line, Record};
use crate::sample::SampleSettings;

pub(super) fn run(command: DatasetsCommand, log: LogFormat) -> Result<Exit> {
    match command {
        DatasetsCommand::Check { records } => check::run(&records.records, log),
        DatasetsCommand::Split(args) => split::run(&args, log),
        DatasetsCommand::Evade { records, split, technique, seed, out } => {
            evade::run(&records, split.as_deref(), &technique.0, seed, &out, log)
        }
        DatasetsCommand::Sample { from, posts, suspects, seed, out } => {
            sample::run(&from, &SampleSettings { rows: posts, suspects, seed }, &out)
        }
        DatasetsCommand::Stats { records, against, html, markdown } => {
            stats::run(&records.records, &against, html.as_deref(), markdown)
        }
        DatasetsCommand::Agree { first, before, second, disagreements } => {
            agree::run(&first, &before, &second, disagreements.as_deref(), log)
        }
        DatasetsCommand::Import(args) => import::run(&args, log),
        DatasetsCommand::Export { records, out } => export::run(&records.records, &out, log),
    }
}

/// A file to write, or standard output for `-`.
fn create(path: &Path) -> Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufWriter::new(std::io::stdout().lock())));
    }
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Box::new(BufWriter::new(file)))
}

/// Writes records as JSON Lines.
fn write_records<'r>(records: impl Iterator<Item = &'r Record>, out: &mut dyn Write) -> Result<()> {
    for record in records {
        writeln!(out, "{}", Line::from(record).to_json())?;
    }
    Ok(out.flush()?)
}
