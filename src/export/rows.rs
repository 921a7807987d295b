//! [`Rows`]: one reader for all formats. It cuts the bytes of the next row out of a [`Stream`] and, separately, says what they mean.

use std::io;

use super::array::Array;
use super::fields::FieldMap;
use super::json;
use super::lines;
use super::record::Fields;
use super::stream::Stream;
use super::{Format, ROW_LIMIT};

/// What cutting found. The bytes lie in the buffer given to [`Rows::cut`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// A whole row.
    Row,
    /// A row that cannot be cut; the buffer holds its beginning, the stream stands where the next row may begin.
    Bad(String),
    /// No more rows.
    End,
}

/// Enough bytes of a row that is given up to show its beginning.
pub(super) const BEGINNING: usize = 1 << 10;

/// The reader of one file.
pub(super) enum Rows {
    Lines,
    Array(Array),
    Table(Box<super::table::Table>),
}

impl Rows {
    /// Cuts the next row into `row`. `start` becomes its offset in the stream, also when cutting fails with an error of the stream.
    pub(super) fn cut(&mut self, stream: &mut Stream, row: &mut Vec<u8>, start: &mut u64) -> io::Result<Cut> {
        row.clear();
        *start = stream.offset();
        match self {
            Self::Lines => lines::cut(stream, row, start),
            Self::Array(array) => array.cut(stream, row, start),
            Self::Table(table) => table.cut(stream, row, start),
        }
    }

    /// What a row says, or why it cannot be understood.
    pub(super) fn fields<'r>(&mut self, row: &'r [u8], map: &FieldMap) -> Result<Fields<'r>, String> {
        match self {
            Self::Lines | Self::Array(_) => json::fields(row, map),
            Self::Table(table) => table.fields(row),
        }
    }

    pub(super) fn format(&self) -> Format {
        match self {
            Self::Lines => Format::JsonLines,
            Self::Array(_) => Format::JsonArray,
            Self::Table(table) => table.format(),
        }
    }
}

/// The reason for a row over [`ROW_LIMIT`].
pub(super) fn too_long() -> Cut {
    Cut::Bad(format!("the row is longer than {} MiB, the most a row may have; split or shorten it", ROW_LIMIT >> 20))
}

/// Drops the end of a row that is given up, and the memory it took.
pub(super) fn keep_beginning(row: &mut Vec<u8>) {
    row.truncate(BEGINNING);
    row.shrink_to(BEGINNING);
}
