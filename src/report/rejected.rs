//! `rejected.jsonl`: rows that could not become a post, and why.

use serde::Serialize;

use crate::contacts;
use crate::post::Rejected;
use crate::text::NormalText;

/// Characters of a row that are shown.
const SHOWN: usize = 120;

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    source: SourceLine<'a>,
    offset: u64,
    reason: &'a str,
    head: String,
}

#[derive(Serialize)]
struct SourceLine<'a> {
    file: &'a str,
    record: u64,
}

/// A row of JSON as its reader would read it, escapes written out: otherwise `t.me\/…` would hide from the mask.
fn plain(row: &str) -> String {
    let mut plain = String::with_capacity(row.len());
    let mut rest = row;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let escaped = if c == '\\' { rest.chars().next() } else { None };
        match escaped {
            Some('u') => match rest.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
                Some(code) => {
                    plain.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    rest = &rest[5..];
                }
                None => plain.push(c),
            },
            Some(letter @ ('n' | 'r' | 't' | '"' | '/' | '\\')) => {
                plain.push(if letter.is_alphabetic() { ' ' } else { letter });
                rest = &rest[1..];
            }
            _ => plain.push(c),
        }
    }
    plain
}

/// One line of `rejected.jsonl`, line break included. The head of the row is masked like any text.
#[must_use]
pub fn rejected_line(rejected: &Rejected) -> String {
    let head = plain(&rejected.head);
    let found = contacts::find(&NormalText::new(&head));
    let line = Line {
        schema: "lurescan.rejected/1",
        source: SourceLine { file: &rejected.source.file, record: rejected.source.record },
        offset: rejected.offset,
        reason: &rejected.reason,
        // Masked first, cut second: half an address is still an address.
        head: contacts::mask(&head, &found).chars().take(SHOWN).collect(),
    };
    // A struct of strings and numbers always serialises.
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}
