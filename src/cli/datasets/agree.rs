//! `datasets agree`: two labellings of the same records.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use super::super::Exit;
use super::super::args::LogFormat;
use super::super::terminal::{print, say};
use super::write_to;
use crate::corpus::{Agreement, Reading};
use crate::export::Inputs;
use crate::labelled::{self, Record};
use crate::report::tables_text;

pub(super) fn run(
    first: &[PathBuf],
    before: &[PathBuf],
    second: &[PathBuf],
    disagreements: Option<&Path>,
    log: LogFormat,
) -> Result<Exit> {
    let mut records = labelled::read_all(first)?;
    if !before.is_empty() {
        restore(&mut records, &readings(before)?)?;
    }
    let labels = readings(second)?;
    let mut known = HashSet::new();
    if let Some(twice) = labels.iter().find(|label| !known.insert(&label.id)) {
        bail!("the second labelling answers twice on {}; leave one answer a record", twice.id);
    }
    let agreement = Agreement::of(&records, &labels);
    if agreement.compared == 0 {
        bail!("no second label belongs to a record of the first labelling; check that both name the same ids");
    }
    if let Some(path) = disagreements {
        write_to(path, |out| agreement.differing.iter().try_for_each(|differing| writeln!(out, "{differing}")))?;
    }
    print(&tables_text(&agreement.tables(), false))?;
    let differing = agreement.differing.len();
    say(log, &format!("{} records compared, {differing} differ in some label", agreement.compared));
    if !agreement.unknown.is_empty() {
        let shown = agreement.unknown.iter().take(5).map(String::as_str).collect::<Vec<_>>().join(", ");
        say(log, &format!("{} second labels belong to no record of the first: {shown}", agreement.unknown.len()));
    }
    Ok(Exit::Done)
}

fn readings(paths: &[PathBuf]) -> Result<Vec<Reading>> {
    let mut readings = Vec::new();
    for name in Inputs::find(paths)?.names() {
        for (line, json) in labelled::rows(Path::new(name))? {
            readings.push(Reading::parse(&json).map_err(|reason| anyhow!("{name} line {line}: {reason}"))?);
        }
    }
    Ok(readings)
}

/// Gives records their labels from before disagreements were settled: agreement is that of readers who had not talked.
fn restore(records: &mut [Record], before: &[Reading]) -> Result<()> {
    let by_id: BTreeMap<&str, &Reading> = before.iter().map(|reading| (reading.id.as_str(), reading)).collect();
    let ids: HashSet<&str> = records.iter().map(|record| record.id.as_str()).collect();
    if let Some(unknown) = by_id.keys().find(|id| !ids.contains(*id)) {
        bail!("--before answers on {unknown}, which the first labelling does not have; do both belong together?");
    }
    for record in &mut *records {
        if let Some(reading) = by_id.get(record.id.as_str()) {
            *record = reading.of(record).map_err(|reason| anyhow!("{}: {reason}", reading.id))?;
        }
    }
    Ok(())
}
