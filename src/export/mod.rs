//! The post room: opens whatever export arrives and hands over one [`Post`](crate::post::Post) at a time, or says which row it
//! could not read and why.
//!
//! Comes in: paths as the user typed them, a [`Format`] and a [`FieldMap`]. Goes out: [`Posts`], an iterator of
//! `Result<Post, Rejected>` in the order of the files, in memory that does not grow with them.
//! It exists so that nothing after this room has heard of JSON, CSV, gzip or a broken row.
//!
//! One way through: [`Inputs`] → `Tap` (counts, hashes) → `Decoder` (gzip, Zstandard) → `Stream` (looks ahead) →
//! `Rows` (cuts the bytes of one row) → `Fields` (what the row says) → `Post`.
//! Every reader cuts first and parses second, so a resumed run can skip rows without parsing them, and the limit on a row, its
//! offset and its head mean the same in every format.

mod array;
mod compressed;
mod dates;
mod entities;
mod error;
mod fields;
mod html;
mod inputs;
mod json;
mod lines;
mod opened;
mod posts;
mod record;
mod rows;
mod sniff;
mod stream;
mod table;

use clap::ValueEnum;

pub use compressed::Compression;
pub use dates::DateOrder;
pub use error::ExportError;
pub use fields::FieldMap;
pub use html::to_text as plain_text;
pub use inputs::{Inputs, expand, is_scan};
pub use posts::{InputFacts, Passed, Posts, Progress};

/// How the rows of an export are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, ValueEnum)]
pub enum Format {
    /// By content, then by extension.
    #[default]
    Auto,
    /// One JSON object a line.
    #[value(name = "jsonl")]
    JsonLines,
    /// One JSON array.
    #[value(name = "json")]
    JsonArray,
    /// Comma, semicolon or bar.
    Csv,
    /// Tabs.
    Tsv,
}

impl Format {
    /// Its name on the command line and in `run.json`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::JsonLines => "jsonl",
            Self::JsonArray => "json",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
        }
    }
}

/// Longest row in bytes that is read. A longer one is rejected while it is skipped, never held whole: a broken quote or a binary
/// file must not fill the memory.
pub const ROW_LIMIT: usize = 16 << 20;

/// Longest text of a post in characters. A longer one is rejected, not cut: a text silently judged by its beginning would be
/// counted as read, and nobody writes a post of the length of three novels; it is a log, a dump or a table with a broken quote.
pub const TEXT_LIMIT: usize = 1 << 20;
