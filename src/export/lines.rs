//! Stream → lines of JSON Lines. A line over the limit is skipped without being held.

use std::io::{self, BufRead, Read};

use super::ROW_LIMIT;
use super::rows::{Cut, keep_beginning, too_long};
use super::stream::Stream;

/// Cuts the next line that is not blank, without its line break.
pub(super) fn cut(stream: &mut Stream, row: &mut Vec<u8>, start: &mut u64) -> io::Result<Cut> {
    loop {
        row.clear();
        *start = stream.offset();
        let line_break = 2;
        stream.by_ref().take((ROW_LIMIT + line_break) as u64).read_until(b'\n', row)?;
        if row.is_empty() {
            return Ok(Cut::End);
        }
        let unfinished = row.last() != Some(&b'\n');
        trim_line_break(row);
        if row.len() > ROW_LIMIT {
            keep_beginning(row);
            if unfinished {
                stream.skip_until(b'\n')?;
            }
            return Ok(too_long());
        }
        // Joined files carry a byte order mark in the middle.
        if row.starts_with(b"\xef\xbb\xbf") {
            row.drain(..3);
            *start += 3;
        }
        if !row.trim_ascii().is_empty() {
            return Ok(Cut::Row);
        }
    }
}

pub(super) fn trim_line_break(row: &mut Vec<u8>) {
    if row.last() == Some(&b'\n') {
        row.pop();
    }
    if row.last() == Some(&b'\r') {
        row.pop();
    }
}
