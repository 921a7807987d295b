//! A labelled set: a folder with a `set.toml`, and beside it records in `*.jsonl` or `*.jsonl.gz` and their `splits.tsv`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{LabelledError, Split};
use crate::export;

/// What `set.toml` says of a set: whatever a catalogue asks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetFacts {
    /// Short, for file names.
    pub name: String,
    /// For people.
    pub title: String,
    /// One paragraph.
    pub description: String,
    /// Version of the set, `major.minor.patch`.
    pub version: String,
    /// SPDX id.
    pub license: String,
    /// Where the licence can be read.
    pub license_url: String,
    /// Who answers for it.
    pub creator: String,
    /// Where it is published.
    pub url: String,
    /// Day of the version, `YYYY-MM-DD`.
    pub published: String,
    /// How to cite it.
    pub citation: String,
    /// For searching.
    pub keywords: Vec<String>,
}

const FACTS: &str = "set.toml";
/// Where a set keeps which record is on which side.
pub const SPLITS: &str = "splits.tsv";
/// Its first line.
pub const SPLITS_HEAD: &str = "id\tsplit";

impl SetFacts {
    /// Reads the `set.toml` of a folder.
    pub fn read(folder: &Path) -> Result<Self, LabelledError> {
        let path = folder.join(FACTS);
        let text = std::fs::read_to_string(&path).map_err(|source| LabelledError::Read { path: path.clone(), source })?;
        toml::from_str(&text).map_err(|error| LabelledError::Table { path, reason: error.to_string() })
    }
}

/// The files of records that arguments name, in their order: a file itself; a folder with the sets in and below it; else a glob.
pub fn files<A: AsRef<Path>>(arguments: impl IntoIterator<Item = A>) -> Result<Vec<PathBuf>, LabelledError> {
    let mut files = Vec::new();
    for argument in arguments {
        let path = argument.as_ref();
        if !path.is_dir() {
            files.extend(export::expand(path)?);
            continue;
        }
        let sets = sets(path)?;
        if sets.is_empty() {
            return Err(LabelledError::NoSet { path: path.to_owned() });
        }
        for set in sets {
            files.extend(records_in(&set)?);
        }
    }
    let mut known = std::collections::HashSet::new();
    files.retain(|file| known.insert(file.clone()));
    Ok(files)
}

/// The folders at and below `folder` that hold a set, sorted.
pub fn sets(folder: &Path) -> Result<Vec<PathBuf>, LabelledError> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for path in entries(&folder)? {
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            // A link to a folder may lead back up.
            if path.is_dir() && !path.is_symlink() && !hidden {
                open.push(path);
            }
        }
        if folder.join(FACTS).is_file() {
            found.push(folder);
        }
    }
    found.sort();
    Ok(found)
}

fn records_in(set: &Path) -> Result<Vec<PathBuf>, LabelledError> {
    let is_records = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && (name.ends_with(".jsonl") || name.ends_with(".jsonl.gz")) && path.is_file()
    };
    let mut files: Vec<PathBuf> = entries(set)?.into_iter().filter(is_records).collect();
    files.sort();
    if files.is_empty() { Err(LabelledError::NoRecords { path: set.to_owned() }) } else { Ok(files) }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, LabelledError> {
    let failed = |source| LabelledError::Read { path: folder.to_owned(), source };
    std::fs::read_dir(folder).map_err(failed)?.map(|entry| entry.map(|entry| entry.path()).map_err(failed)).collect()
}

/// The sides that the folder of a file of records gives them, by id.
pub fn sides_beside(file: &Path) -> Result<BTreeMap<String, Split>, LabelledError> {
    let path = file.with_file_name(SPLITS);
    let table = match std::fs::read_to_string(&path) {
        Ok(table) => table,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(source) => return Err(LabelledError::Read { path, source }),
    };
    let mut sides = BTreeMap::new();
    if table.lines().next().is_none_or(|head| head.trim_end() != SPLITS_HEAD) {
        return Err(LabelledError::Table { path, reason: "the first line must be `id`, a tab and `split`".to_owned() });
    }
    for (number, row) in table.lines().enumerate().skip(1) {
        let side = row.split_once('\t').and_then(|(id, side)| Some((id, Split::parse(side)?)));
        let Some((id, side)) = side else {
            let reason = format!("line {}: expected an id, a tab and train, dev or test", number + 1);
            return Err(LabelledError::Table { path, reason });
        };
        if sides.insert(id.to_owned(), side).is_some() {
            return Err(LabelledError::Table { path, reason: format!("line {}: {id} has a side already", number + 1) });
        }
    }
    Ok(sides)
}
