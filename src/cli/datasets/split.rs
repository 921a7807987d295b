//! `datasets split`: sides and folds, printed or kept.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::super::Exit;
use super::super::args::LogFormat;
use super::super::terminal::say;
use super::args::{SplitArgs, SplitBy};
use super::{write_records, write_to};
use crate::labelled::{self, Record, SPLITS, SPLITS_HEAD, Split, allot, batch_folds, splits};

pub(super) fn run(args: &SplitArgs, log: LogFormat) -> Result<Exit> {
    let files = labelled::files(&args.records.records)?;
    let mut records = Vec::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    for file in &files {
        let read = labelled::read(file)?;
        folders.extend(vec![file.parent().unwrap_or(Path::new("")).to_owned(); read.len()]);
        records.extend(read);
    }
    if args.write {
        for folder in folders.iter().collect::<BTreeSet<_>>() {
            must_be_whole(folder, &files)?;
        }
        keep(&records, &folders, log)?;
        return Ok(Exit::Done);
    }
    let sides: Vec<String> = match args.by {
        SplitBy::Group => splits(&records).into_iter().map(|side| side.name().to_owned()).collect(),
        SplitBy::Batch => {
            let name = |fold: Option<usize>| fold.map_or_else(|| "left_out".to_owned(), |fold| format!("fold{}", fold + 1));
            batch_folds(&records, usize::from(args.folds)).into_iter().map(name).collect()
        }
    };
    say(log, &shares(&sides));
    match &args.files {
        Some(folder) => {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            for side in sides.iter().collect::<BTreeSet<_>>() {
                let own = records.iter().zip(&sides).filter(|(_, other)| *other == side).map(|(record, _)| record);
                write_to(&folder.join(format!("{side}.jsonl")), |out| write_records(own, out))?;
            }
        }
        None => write_table(records.iter().zip(&sides).map(|(record, side)| (record.id.as_str(), side.as_str())), &args.out)?,
    }
    Ok(Exit::Done)
}

/// Sides are dealt out over a whole set: from a part of it, near-duplicates of the rest would be missed and its sides lost.
fn must_be_whole(folder: &Path, given: &[PathBuf]) -> Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let same = |file: &Path, other: &PathBuf| file.canonicalize().ok() == other.canonicalize().ok();
    let whole = labelled::files([folder])?;
    if let Some(missing) = whole.iter().find(|file| !given.iter().any(|other| same(file, other))) {
        bail!("{} belongs to the same set and was not given; give the folder {} itself", missing.display(), folder.display());
    }
    Ok(())
}

/// Writes the `splits.tsv` of every folder, by id, so that a new record is one new line.
fn keep(records: &[Record], folders: &[PathBuf], log: LogFormat) -> Result<()> {
    let mut tables: BTreeMap<&Path, BTreeMap<&str, Split>> = BTreeMap::new();
    for ((record, folder), side) in records.iter().zip(folders).zip(allot(records)) {
        tables.entry(folder).or_default().insert(&record.id, side);
    }
    for (folder, table) in tables {
        let path = folder.join(SPLITS);
        let beside = path.with_extension("tsv.new");
        write_table(table.iter().map(|(id, side)| (*id, side.name())), &beside)?;
        std::fs::rename(&beside, &path).with_context(|| format!("cannot write {}", path.display()))?;
        let sides: Vec<String> = table.values().map(|side| side.name().to_owned()).collect();
        say(log, &format!("{}: {}", path.display(), shares(&sides)));
    }
    Ok(())
}

fn write_table<'r>(mut rows: impl Iterator<Item = (&'r str, &'r str)>, path: &Path) -> Result<()> {
    write_to(path, |out| {
        writeln!(out, "{SPLITS_HEAD}")?;
        rows.try_for_each(|(id, side)| writeln!(out, "{id}\t{side}"))
    })
}

fn shares(sides: &[String]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for side in sides {
        *counts.entry(side).or_default() += 1;
    }
    let share = |(side, count): (&&str, &usize)| format!("{side} {count} ({:.1} %)", 100.0 * *count as f64 / sides.len() as f64);
    counts.iter().map(share).collect::<Vec<_>>().join(", ")
}
