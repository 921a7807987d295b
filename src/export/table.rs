//! Stream → rows of CSV and TSV.
//!
//! The `csv` crate parses a row, but this file finds where it ends: a quote that is never closed would otherwise swallow the rest
//! of the file, into memory and into one post. Such a quote costs the line it stands on, and reading goes on at the next line.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use super::fields::{FieldMap, Key};
use super::lines::trim_line_break;
use super::record::{Fields, Value};
use super::rows::{Cut, keep_beginning, too_long};
use super::stream::Stream;
use super::{Format, ROW_LIMIT};

/// In the order tried; the commonest in the header wins.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A table whose header is read.
pub(super) struct Table {
    delimiter: u8,
    columns: Vec<String>,
    /// Which column is which field.
    wanted: Vec<(Key, usize)>,
    parser: csv::Reader<Feed>,
    record: csv::ByteRecord,
}

impl Table {
    /// Reads the header. `delimiter` is guessed from it unless given.
    pub(super) fn new(stream: &mut Stream, delimiter: Option<u8>, map: &FieldMap) -> Result<Self, String> {
        let mut delimiter = delimiter.unwrap_or_else(|| guess_delimiter(stream.head()));
        let mut header = header_row(stream, delimiter)?;
        // Excel's way to name the delimiter.
        if let Some(&[named]) = header.strip_prefix(b"sep=") {
            header = header_row(stream, named)?;
            delimiter = named;
        }
        let mut table = Self {
            delimiter,
            columns: Vec::new(),
            wanted: Vec::new(),
            parser: parser(delimiter),
            record: csv::ByteRecord::new(),
        };
        table.parse(&header)?;
        table.columns = table.record.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned()).collect();
        table.wanted = map.columns(&table.columns);
        Ok(table)
    }

    /// Names in the header.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn has(&self, key: Key) -> bool {
        self.wanted.iter().any(|&(wanted, _)| wanted == key)
    }

    pub(super) fn format(&self) -> Format {
        if self.delimiter == b'\t' { Format::Tsv } else { Format::Csv }
    }

    pub(super) fn cut(&mut self, stream: &mut Stream, row: &mut Vec<u8>, start: &mut u64) -> io::Result<Cut> {
        cut(stream, row, start, self.delimiter)
    }

    pub(super) fn fields<'r>(&mut self, row: &[u8]) -> Result<Fields<'r>, String> {
        self.parse(row)?;
        if self.record.len() != self.columns.len() {
            return Err(format!(
                "the row has {} columns where the header has {}; a delimiter or quote in a text may not be quoted",
                self.record.len(),
                self.columns.len()
            ));
        }
        let mut fields = Fields::default();
        for &(key, column) in &self.wanted {
            let text = str::from_utf8(&self.record[column]).map_err(|_| {
                format!(
                    "column `{}` is not valid UTF-8; export the table as UTF-8 or convert it, for example with iconv",
                    self.columns[column]
                )
            })?;
            fields.offer(key, 0, Value::Text(Cow::Owned(text.to_owned())));
        }
        Ok(fields)
    }

    fn parse(&mut self, row: &[u8]) -> Result<(), String> {
        let end = self.parser.position().byte() + row.len() as u64 + 1;
        self.parser.get_mut().give(row);
        match self.parser.read_byte_record(&mut self.record) {
            Ok(true) if self.parser.position().byte() == end => Ok(()),
            _ => {
                // It stands in the middle of a row.
                self.parser = parser(self.delimiter);
                Err("the row cannot be read as a row of a table; its quotes do not match".into())
            }
        }
    }
}

fn header_row(stream: &mut Stream, delimiter: u8) -> Result<Vec<u8>, String> {
    let mut row = Vec::new();
    match cut(stream, &mut row, &mut 0, delimiter) {
        Ok(Cut::Row | Cut::End) => Ok(row),
        Ok(Cut::Bad(reason)) => Err(reason),
        Err(error) => Err(error.to_string()),
    }
}

fn parser(delimiter: u8) -> csv::Reader<Feed> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(Feed::default())
}

/// Hands one row to the parser and refuses to go on, so that row and record cannot drift apart.
#[derive(Default)]
struct Feed {
    row: Vec<u8>,
    at: usize,
}

impl Feed {
    fn give(&mut self, row: &[u8]) {
        self.row.clear();
        self.row.extend_from_slice(row);
        self.row.push(b'\n');
        self.at = 0;
    }

    fn is_empty(&self) -> bool {
        self.at == self.row.len()
    }
}

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.is_empty() {
            return Err(io::Error::other("the row is over"));
        }
        let read = (&self.row[self.at..]).read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

fn guess_delimiter(head: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for &byte in head.trim_ascii_start() {
        quoted ^= byte == b'"';
        if byte == b'\n' && !quoted {
            break;
        }
        if let Some(at) = DELIMITERS.iter().position(|&delimiter| delimiter == byte && !quoted) {
            counts[at] += 1;
        }
    }
    // The first of equals, `max_by_key` would take the last.
    let best = counts.iter().copied().max().unwrap_or(0);
    DELIMITERS[counts.iter().position(|&count| count == best).unwrap_or(0)]
}

/// Where in a field a byte stands, by the rules of the `csv` crate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside quotes: the end of the field, or half of a doubled quote.
    Quote,
}

/// Cuts the next row that is not blank, without its line break.
fn cut(stream: &mut Stream, row: &mut Vec<u8>, start: &mut u64, delimiter: u8) -> io::Result<Cut> {
    let mut at = At::FieldStart;
    // A quoted field of this row goes over a line break.
    let mut broken_line = false;
    loop {
        let bytes = stream.fill_buf()?;
        let room = (ROW_LIMIT + 2).saturating_sub(row.len());
        if room == 0 {
            return give_up(stream, row, at);
        }
        let bytes = &bytes[..bytes.len().min(room)];
        if bytes.is_empty() {
            return match (row.trim_ascii().is_empty(), at) {
                (true, _) => Ok(Cut::End),
                (_, At::Quoted) => Ok(first_line_only(stream, row, "before the end of the file")),
                _ => Ok(finish(row)),
            };
        }
        let mut used = 0;
        let mut ended = false;
        for &byte in bytes {
            used += 1;
            at = match (at, byte) {
                (At::FieldStart | At::Quote, b'"') => At::Quoted,
                (At::Quoted, b'"') => At::Quote,
                (At::Quoted, _) => {
                    broken_line |= byte == b'\n';
                    At::Quoted
                }
                (_, b'\n') => {
                    ended = true;
                    break;
                }
                (_, byte) if byte == delimiter => At::FieldStart,
                // `"` closed a field many lines after it was opened, and text goes on: two fields were taken for one.
                (At::Quote, _) if broken_line && byte != b'\r' => {
                    row.extend_from_slice(&bytes[..used]);
                    stream.consume(used);
                    return Ok(first_line_only(stream, row, "where its field ends"));
                }
                _ => At::Plain,
            };
        }
        row.extend_from_slice(&bytes[..used]);
        stream.consume(used);
        if ended {
            if !row.trim_ascii().is_empty() {
                return Ok(finish(row));
            }
            row.clear();
            *start = stream.offset();
            at = At::FieldStart;
        }
    }
}

fn finish(row: &mut Vec<u8>) -> Cut {
    trim_line_break(row);
    Cut::Row
}

/// A row over the limit: an open quote costs one line, anything else is skipped to the end of its line.
fn give_up(stream: &mut Stream, row: &mut Vec<u8>, at: At) -> io::Result<Cut> {
    if at == At::Quoted && row.contains(&b'\n') {
        return Ok(first_line_only(stream, row, &format!("within {} MiB", ROW_LIMIT >> 20)));
    }
    keep_beginning(row);
    stream.skip_until(b'\n')?;
    Ok(too_long())
}

/// Gives up the first line of `row` and takes back the others.
fn first_line_only(stream: &mut Stream, row: &mut Vec<u8>, missing: &str) -> Cut {
    let line = row.iter().position(|&byte| byte == b'\n').map_or(row.len(), |at| at + 1);
    stream.unread(&row[line..]);
    row.truncate(line);
    trim_line_break(row);
    keep_beginning(row);
    Cut::Bad(format!("a quote (\") opens on this line and is not closed {missing}; quote the field, or double the quotes in it"))
}
