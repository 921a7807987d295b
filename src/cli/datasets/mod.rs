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
use std::io::{self, BufWriter, Write};
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
            evade::run(&records, split, &technique.0, seed, &out, log)
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

/// Writes a file, or to standard output for `-`. A full disk shows on opening, in between or at the end: each error names the file.
fn write_to(path: &Path, body: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    create(path)
        .and_then(|mut out| body(&mut *out).and_then(|()| out.flush()))
        .with_context(|| format!("cannot write {}; free space or choose another file", path.display()))
}

fn create(path: &Path) -> io::Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufWriter::new(io::stdout().lock())));
    }
    Ok(Box::new(BufWriter::new(File::create(path)?)))
}

/// Writes records as JSON Lines.
fn write_records<'r>(records: impl Iterator<Item = &'r Record>, out: &mut dyn Write) -> io::Result<()> {
    for record in records {
        writeln!(out, "{}", Line::from(record).to_json())?;
    }
    Ok(())
}
