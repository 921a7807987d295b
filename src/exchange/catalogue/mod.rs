//! A set of ours → the files and metadata of a catalogue: JSON Lines, CSV, Parquet, Croissant, Data Package.

mod columns;
mod croissant;
mod datapackage;
mod parquet;
mod row;

use std::path::Path;

use sha2::{Digest, Sha256};

pub use columns::{COLUMNS, Column, Kind};
pub use row::Row;

use crate::labelled::{Line, Record, SetFacts, Split, splits};

/// Why a set cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The disk refuses.
    #[error("cannot write {path}; check that the folder exists and has room")]
    Write {
        /// File or folder.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A row does not fit its table.
    #[error("cannot write {path}: {reason}")]
    Form {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

/// A written file, as metadata name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Name in its folder.
    pub name: String,
    /// Media type.
    pub media: &'static str,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// Between the ids of a list in a CSV cell; no id holds one.
pub(crate) const LIST_SEPARATOR: &str = " ";

/// Writes `NAME.jsonl`, `NAME.csv`, `NAME.parquet`, `croissant.json` and `datapackage.json` into `folder`, and returns what was written.
pub fn write(facts: &SetFacts, records: &[Record], folder: &Path) -> Result<Vec<FileFacts>, CatalogueError> {
    std::fs::create_dir_all(folder).map_err(|source| CatalogueError::Write { path: folder.display().to_string(), source })?;
    let sides: Vec<Split> = splits(records);
    let rows: Vec<Row> = records.iter().zip(sides).map(|(record, side)| Row { record, side }).collect();
    let lines = rows.iter().fold(Vec::new(), |mut bytes, row| {
        let line = Line { split: Some(row.side.name().to_owned()), ..Line::from(row.record) };
        bytes.extend_from_slice(line.to_json().as_bytes());
        bytes.push(b'\n');
        bytes
    });
    let data = [
        save(folder, &format!("{}.jsonl", facts.name), "application/jsonlines", &lines)?,
        save(folder, &format!("{}.csv", facts.name), "text/csv", &csv(&rows, &facts.name)?)?,
        save(folder, &format!("{}.parquet", facts.name), "application/vnd.apache.parquet", &parquet::bytes(&rows, &facts.name)?)?,
    ];
    let metadata = [
        ("croissant.json", "application/ld+json", croissant::json(facts, &data)),
        ("datapackage.json", "application/json", datapackage::json(facts, &data)),
    ];
    let mut written = data.to_vec();
    for (name, media, json) in metadata {
        written.push(save(folder, name, media, format!("{json:#}\n").as_bytes())?);
    }
    Ok(written)
}

fn save(folder: &Path, name: &str, media: &'static str, bytes: &[u8]) -> Result<FileFacts, CatalogueError> {
    let path = folder.join(name);
    std::fs::write(&path, bytes).map_err(|source| CatalogueError::Write { path: path.display().to_string(), source })?;
    Ok(FileFacts { name: name.to_owned(), media, size: bytes.len() as u64, sha256: format!("{:x}", Sha256::digest(bytes)) })
}

/// One row a record, lists in one cell. What is absent and what is empty look alike here; the other formats tell them apart.
fn csv(rows: &[Row], name: &str) -> Result<Vec<u8>, CatalogueError> {
    let failed = |error: &dyn std::fmt::Display| CatalogueError::Form { path: format!("{name}.csv"), reason: error.to_string() };
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.iter().map(|column| column.name)).map_err(|error| failed(&error))?;
    for row in rows {
        writer.write_record(COLUMNS.iter().map(|column| row.cell(column))).map_err(|error| failed(&error))?;
    }
    writer.flush().map_err(|error| failed(&error))?;
    writer.into_inner().map_err(|error| failed(&error))
}
