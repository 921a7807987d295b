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

/// One line of `rejected.jsonl`, line break included. The head of the row is masked like any text.
#[must_use]
pub fn rejected_line(rejected: &Rejected) -> String {
    // A row of JSON may spell an address with escapes; read it as its reader would.
    let head = rejected.head.replace("\\/", "/").replace("\\u0040", "@");
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
