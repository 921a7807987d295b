//! One input, opened: compression and format are known, and its fields fit the mapping.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::array::Array;
use super::compressed::{Compression, Decoder, Tap};
use super::error::ExportError;
use super::fields::{FieldMap, Key};
use super::rows::{Cut, Rows};
use super::stream::Stream;
use super::table::Table;
use super::{Format, json, sniff};

/// Rows after which a missing text field is a mistake of the mapping and not of the rows.
const ROWS_TRIED: usize = 100;
/// Names listed in a message.
const NAMES_SHOWN: usize = 40;
/// Characters shown of a name.
const NAME_SHOWN: usize = 60;

/// A stream with the reader it needs.
pub(super) struct Opened {
    pub(super) stream: Stream,
    pub(super) rows: Rows,
    pub(super) compression: Compression,
}

/// What the caller asked for.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) format: Format,
    pub(super) map: FieldMap,
}

impl Opened {
    /// Opens `reader`. `may_be_empty` for files nobody named, such as the empty parts that Spark writes.
    pub(super) fn new(
        path: &str,
        reader: Box<dyn Read + Send>,
        may_be_empty: bool,
        request: &Request,
        counter: Arc<AtomicU64>,
    ) -> Result<Self, ExportError> {
        let decoder = Decoder::new(Tap::new(reader, counter))
            .map_err(|source| ExportError::Unreadable { path: path.to_owned(), source })?;
        let compression = decoder.compression();
        let mut stream = Stream::new(decoder);
        sniff::refuse_unsupported(path, stream.head())?;
        let blank = stream.head().trim_ascii().is_empty();
        if blank && stream.is_whole() && !may_be_empty {
            return Err(ExportError::Empty { path: path.to_owned() });
        }
        let format = match request.format {
            // Nothing to look at: reading will tell what is damaged.
            _ if blank => Format::JsonLines,
            Format::Auto => sniff::format(path, stream.head(), stream.is_whole())?,
            asked => asked,
        };
        let rows = match format {
            Format::Auto | Format::JsonLines => Rows::Lines,
            Format::JsonArray if stream.head().trim_ascii_start().starts_with(b"[") => Rows::Array(Array::default()),
            Format::JsonArray => return Err(ExportError::NotAnArray { path: path.to_owned() }),
            Format::Csv | Format::Tsv => Rows::Table(Box::new(open_table(path, &mut stream, format, &request.map)?)),
        };
        if !matches!(rows, Rows::Table(_)) {
            Sample::new(&stream, format).check(path, &request.map)?;
        }
        Ok(Self { stream, rows, compression })
    }
}

fn open_table(path: &str, stream: &mut Stream, format: Format, map: &FieldMap) -> Result<Table, ExportError> {
    let delimiter = (format == Format::Tsv).then_some(b'\t');
    let table = Table::new(stream, delimiter, map).map_err(|reason| ExportError::BadHeader { path: path.to_owned(), reason })?;
    let seen = || list(table.columns().iter().map(String::as_str));
    for key in Key::ALL {
        if let Some(field) = map.given(key).filter(|_| !table.has(key)) {
            return Err(ExportError::NoSuchField {
                path: path.to_owned(),
                key: key.name(),
                field: field.to_owned(),
                seen: seen(),
            });
        }
    }
    if table.has(Key::Text) { Ok(table) } else { Err(ExportError::NoText { path: path.to_owned(), seen: seen() }) }
}

/// What the first rows of a JSON export look like.
#[derive(Default)]
struct Sample {
    rows: Vec<Vec<u8>>,
    /// No row follows them.
    is_all: bool,
}

impl Sample {
    fn new(stream: &Stream, format: Format) -> Self {
        let mut sample = Self { rows: Vec::new(), is_all: stream.is_whole() };
        let mut stream = Stream::of(stream.head());
        let mut rows = if format == Format::JsonArray { Rows::Array(Array::default()) } else { Rows::Lines };
        let mut row = Vec::new();
        while let Ok(cut) = rows.cut(&mut stream, &mut row, &mut 0) {
            match cut {
                Cut::Row if sample.rows.len() < ROWS_TRIED => sample.rows.push(std::mem::take(&mut row)),
                Cut::Row => {
                    sample.is_all = false;
                    break;
                }
                Cut::Bad(_) => {}
                Cut::End => break,
            }
        }
        sample
    }

    /// Fails if no row has what the mapping needs. Rows that are no objects, as the last one in a head often is, do not count.
    fn check(&self, path: &str, map: &FieldMap) -> Result<(), ExportError> {
        let objects: Vec<_> = self.rows.iter().filter_map(|row| Some((json::fields(row, map).ok()?, row))).collect();
        let missing = |key: Key| !objects.is_empty() && !objects.iter().any(|(fields, _)| fields.has(key));
        let names = || {
            let names: BTreeSet<String> = objects.iter().flat_map(|(_, row)| json::names(row)).collect();
            list(names.iter().map(String::as_str))
        };
        for key in Key::ALL {
            if let Some(field) = map.given(key).filter(|_| missing(key)) {
                return Err(ExportError::NoSuchField {
                    path: path.to_owned(),
                    key: key.name(),
                    field: field.to_owned(),
                    seen: names(),
                });
            }
        }
        if !missing(Key::Text) {
            return Ok(());
        }
        // `{"name": …, "messages": […]}` or `{"id1": {…}, "id2": {…}}` on one line.
        let wraps = |row: &[u8]| row.windows(2).any(|pair| pair == b"[{") || json::is_of_objects(row);
        let wrapper = self.is_all && objects.len() == 1 && wraps(&self.rows[0]);
        Err(if wrapper {
            ExportError::SingleObject { path: path.to_owned() }
        } else {
            ExportError::NoText { path: path.to_owned(), seen: names() }
        })
    }
}

fn list<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let more = names.len().saturating_sub(NAMES_SHOWN);
    let shown = names.take(NAMES_SHOWN).map(|name| format!("`{}`", printable(name))).collect::<Vec<_>>().join(", ");
    match (shown.is_empty(), more) {
        (true, _) => "no fields".into(),
        (_, 0) => shown,
        _ => format!("{shown} and {more} more"),
    }
}

/// A name that does a terminal no harm, whatever a damaged header holds.
fn printable(name: &str) -> String {
    let mut chars = name.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    let mut shown: String = chars.by_ref().take(NAME_SHOWN).collect();
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}
