//! [`Post`]: what one row of an export becomes. Nothing after [`crate::export`] has heard of JSON, CSV or gzip.

use std::sync::Arc;

/// Where a row stands in the inputs of a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// The file as the user named it, `-` for standard input.
    pub file: Arc<str>,
    /// Number of the record in its file, from 1. Blank lines and the header of a table do not count.
    pub record: u64,
}

/// One post, read and not rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The export's own id, or `FILE:RECORD` where it has none.
    pub id: String,
    /// Where it was read.
    pub source: Source,
    /// The original text every span slices: title (if any), a line break, body; an HTML body is already reduced to text.
    pub text: String,
    /// `job_post`, `group_message`, … as the export says it.
    pub channel: Option<String>,
    /// Where the platform says it was posted: a country code or free text.
    pub region: Option<String>,
    /// Language tag given by the export.
    pub lang: Option<String>,
    /// Moment of posting as the export spells it.
    pub posted_at: Option<String>,
}

/// A row that could not become a [`Post`]. It is data: counted, quarantined, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Where it was read.
    pub source: Source,
    /// Byte offset of the row in the decompressed file.
    pub offset: u64,
    /// One sentence a user can act on.
    pub reason: String,
    /// First bytes of the row, decoded as far as they can be, not yet masked.
    pub head: String,
}
