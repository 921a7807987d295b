//! Labelled records: posts with the answer of a reader, for training, calibration and evaluation.
//!
//! The format is that of the label guide: JSON Lines, plain or gzipped. Labels a set does not have stay `None` and are
//! masked wherever they would be learnt or counted.

mod likeness;
mod line;
mod marks;
mod record;
mod set;
mod split;
mod strata;
mod words;

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

pub use likeness::{NEAR, all_near_duplicates, groups, near_duplicates};
pub use line::{Line, LineLabel};
pub use marks::{Mark, read_marks};
pub use record::{Record, RecordLabel};
pub use set::{SPLITS, SPLITS_HEAD, SetFacts, files, sets, sides_beside};
pub use split::{Split, allot, batch_folds, on_side, splits};
pub use words::Units;

use crate::export::ExportError;

/// Why labelled records cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelledError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A record does not follow the label guide. Labels are code: one bad record stops the command.
    #[error("{} line {line}: {reason}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A `set.toml` or `splits.tsv` that cannot be used.
    #[error("{}: {reason}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A folder without a labelled set.
    #[error("{} holds no labelled set; a set is a folder with a set.toml, or name the files themselves", path.display())]
    NoSet {
        /// The folder.
        path: PathBuf,
    },
    /// A set without records.
    #[error("{} has a set.toml and no *.jsonl or *.jsonl.gz beside it; add records or remove it", path.display())]
    NoRecords {
        /// The folder.
        path: PathBuf,
    },
    /// A path or glob that leads nowhere.
    #[error(transparent)]
    Path(#[from] ExportError),
}

/// Reads records, each with the side its set gives it; those whose `suspect` is null (not decided) are left out.
pub fn read(path: &Path) -> Result<Vec<Record>, LabelledError> {
    let sides = set::sides_beside(path)?;
    let mut records = Vec::new();
    for (line, json) in rows(path)? {
        let record = Line::parse(&json).and_then(Line::record);
        let record = record.map_err(|reason| LabelledError::Record { path: path.to_owned(), line, reason })?;
        records.extend(record.map(|record| Record { split: sides.get(&record.id).copied().or(record.split), ..record }));
    }
    Ok(records)
}

/// Reads all that `arguments` name: see [`files`].
pub fn read_all<A: AsRef<Path>>(arguments: impl IntoIterator<Item = A>) -> Result<Vec<Record>, LabelledError> {
    let mut records = Vec::new();
    for file in files(arguments)? {
        records.extend(read(&file)?);
    }
    Ok(records)
}

/// Reads all that `arguments` name, and keeps the records of one side where one is asked for.
pub fn read_side<A: AsRef<Path>>(
    arguments: impl IntoIterator<Item = A>,
    side: Option<Split>,
) -> Result<Vec<Record>, LabelledError> {
    let records = read_all(arguments)?;
    Ok(match side {
        Some(side) => on_side(records, side),
        None => records,
    })
}

/// The lines of a file that are not blank, numbered from 1, plain or gzipped.
pub fn rows(path: &Path) -> Result<Vec<(usize, String)>, LabelledError> {
    let failed = |source| LabelledError::Read { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let zipped = path.extension().is_some_and(|ending| ending == "gz");
    let bytes: Box<dyn Read> = if zipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut rows = Vec::new();
    for (number, line) in BufReader::new(bytes).lines().enumerate() {
        let line = line.map_err(failed)?;
        let line = if number == 0 { line.trim_start_matches('\u{feff}').to_owned() } else { line };
        if !line.trim().is_empty() {
            rows.push((number + 1, line));
        }
    }
    Ok(rows)
}
