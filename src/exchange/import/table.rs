//! A CSV table with a column of texts and, perhaps, one of labels.

use std::path::Path;

use super::{Common, ImportError, Imported};
use crate::labelled::{Line, LineLabel};

/// Which columns of a table are what, and what its labels mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The body.
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// The id; rows are numbered without one.
    pub id: Option<String>,
    /// The label; nothing is decided without one.
    pub label: Option<String>,
    /// Labels that mean suspect, in small letters.
    pub positive: Vec<String>,
    /// Labels that mean not suspect, in small letters. Others decide nothing.
    pub negative: Vec<String>,
    /// Pattern of suspects.
    pub pattern: String,
    /// Context of rows that are not suspect.
    pub negative_context: String,
}

impl Columns {
    /// Reads `text=body,title=headline,id=key,label=fraud`; without it the columns are called so themselves.
    pub fn parse(map: Option<&str>) -> Result<Self, String> {
        let mut columns = Self {
            text: "text".to_owned(),
            title: None,
            id: None,
            label: None,
            positive: Vec::new(),
            negative: Vec::new(),
            pattern: "job_fraud".to_owned(),
            negative_context: "offer".to_owned(),
        };
        for pair in map.unwrap_or_default().split(',').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=').map(|(key, column)| (key.trim(), column.trim().to_owned())) {
                Some(("text", column)) => columns.text = column,
                Some(("title", column)) => columns.title = Some(column),
                Some(("id", column)) => columns.id = Some(column),
                Some(("label", column)) => columns.label = Some(column),
                _ => return Err(format!("--columns {pair}: write text=COLUMN,title=COLUMN,id=COLUMN,label=COLUMN")),
            }
        }
        Ok(columns)
    }
}

/// Columns that together only our own export has; one label column would not say what they say.
const OURS: [&str; 4] = ["context", "suspect", "patterns", "indicators"];

/// Reads a table. Rows whose label is neither positive nor negative are undecided: their `suspect` is null.
pub fn table(path: &Path, bytes: &[u8], columns: &Columns, common: &Common) -> Result<Imported, ImportError> {
    let mut rows = reader(bytes);
    let names = header(path, &mut rows)?;
    if OURS.iter().all(|own| names.iter().any(|name| name == own)) {
        let reason =
            "it is an export of labelled records; the JSON Lines beside it keep every label and need no import".to_owned();
        return Err(ImportError::Form { path: path.to_owned(), reason });
    }
    let find = |name: &str| {
        names.iter().position(|own| own == name).ok_or_else(|| ImportError::Form {
            path: path.to_owned(),
            reason: format!("no column `{name}`; it has {}; name the right ones with --columns", names.join(", ")),
        })
    };
    let text_at = find(&columns.text)?;
    let optional = |name: &Option<String>| name.as_deref().map(find).transpose();
    let (title_at, id_at, label_at) = (optional(&columns.title)?, optional(&columns.id)?, optional(&columns.label)?);
    let mut imported = Imported::default();
    for (number, row) in rows.into_records().enumerate() {
        let row = row.map_err(|error| ImportError::Form { path: path.to_owned(), reason: error.to_string() })?;
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map(str::trim).filter(|cell| !cell.is_empty());
        let Some(text) = cell(Some(text_at)) else {
            imported.empty += 1;
            continue;
        };
        let id = cell(id_at).map_or_else(|| (number + 1).to_string(), str::to_owned);
        imported.lines.push(Line {
            id: format!("{}-{id}", common.name),
            text: text.to_owned(),
            title: cell(title_at).map(str::to_owned),
            lang: common.lang(text),
            channel: common.channel.clone(),
            region: None,
            posted_at: None,
            group: None,
            split: None,
            label: label(columns, cell(label_at)),
            source: format!("public-dataset:{}", common.name),
        });
    }
    Ok(imported)
}

fn label(columns: &Columns, cell: Option<&str>) -> LineLabel {
    let cell = cell.map(str::to_lowercase);
    let means = |list: &[String]| cell.as_ref().is_some_and(|cell| list.contains(cell));
    if means(&columns.positive) {
        let patterns = vec![columns.pattern.clone()];
        return LineLabel { context: Some("offer".to_owned()), suspect: Some(true), patterns, ..LineLabel::default() };
    }
    if means(&columns.negative) {
        return LineLabel { context: Some(columns.negative_context.clone()), suspect: Some(false), ..LineLabel::default() };
    }
    LineLabel::default()
}

pub(super) fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().flexible(true).from_reader(bytes)
}

pub(super) fn header(path: &Path, rows: &mut csv::Reader<&[u8]>) -> Result<Vec<String>, ImportError> {
    let header = rows.headers().map_err(|error| ImportError::Form { path: path.to_owned(), reason: error.to_string() })?;
    // Excel begins UTF-8 with a byte-order mark.
    Ok(header.iter().map(|name| name.trim_start_matches('\u{FEFF}').trim().to_owned()).collect())
}
