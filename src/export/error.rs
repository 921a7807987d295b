//! [`ExportError`]: what is wrong with the inputs as a whole, found before a row is read.

use std::io;

/// Why an export cannot be read at all. Rows that cannot be read are [`Rejected`](crate::post::Rejected) instead.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nothing stands at this path.
    #[error("{path} does not exist; check the spelling and the current folder")]
    Missing {
        /// As the user typed it.
        path: String,
    },
    /// A glob that matches no file.
    #[error("{pattern} matches no file; check the pattern, and quote it if the shell expands it")]
    NoMatch {
        /// As the user typed it.
        pattern: String,
    },
    /// A folder without a file this room reads.
    #[error("{path} holds no exports; name files that end in .jsonl, .ndjson, .json, .csv or .tsv, each also with .gz or .zst")]
    NoExports {
        /// The folder.
        path: String,
    },
    /// A glob or a list of inputs that cannot be used.
    #[error("{input} cannot be used as an input: {reason}")]
    BadInput {
        /// As the user typed it.
        input: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The operating system refuses.
    #[error("{path} cannot be read; check its permissions and that the disk is there")]
    Unreadable {
        /// File or folder.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing in the file, or white space only.
    #[error("{path} is empty; leave it out, or export it again")]
    Empty {
        /// The file.
        path: String,
    },
    /// A known kind of file that this room does not read.
    #[error("{path} is {what}, which is not supported; {advice}")]
    Unsupported {
        /// The file.
        path: String,
        /// `a Parquet file`, `a zip archive`, …
        what: &'static str,
        /// What to do instead.
        advice: &'static str,
    },
    /// Neither content nor extension tells the format.
    #[error(
        "{path}: cannot tell its format; supported are JSON Lines, a JSON array, CSV and TSV, plain or as .gz or .zst; name it with --format"
    )]
    UnknownFormat {
        /// The file.
        path: String,
    },
    /// One JSON object that wraps the rows.
    #[error(
        "{path} is one JSON object, not one object a line; supported are JSON Lines and a JSON array of posts; \
         take the posts out of it first, for example `jq -c '.messages[]' FILE > posts.jsonl`, or `jq -c '.[]'` where it has one name a post"
    )]
    SingleObject {
        /// The file.
        path: String,
    },
    /// `--format json` on something else.
    #[error("{path} does not begin with `[`, so it is no JSON array; use --format auto")]
    NotAnArray {
        /// The file.
        path: String,
    },
    /// No row has a field that could be the text.
    #[error("{path}: no field looks like the text of a post; it has {seen}; name the right one with --map text=FIELD")]
    NoText {
        /// The file.
        path: String,
        /// Fields or columns that exist.
        seen: String,
    },
    /// A field named with `--map` that does not exist.
    #[error("{path} has no field `{field}`, which --map gives for {key}; it has {seen}")]
    NoSuchField {
        /// The file.
        path: String,
        /// Left side of the mapping.
        key: &'static str,
        /// Right side of the mapping.
        field: String,
        /// Fields or columns that exist.
        seen: String,
    },
    /// A table whose first row cannot be read.
    #[error("{path}: its header cannot be read: {reason}")]
    BadHeader {
        /// The file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// `--map` that is not `key=field,…`.
    #[error(
        "--map {map}: {reason}; write it as text=body,region=country with the keys id, text, title, channel, region, lang, posted_at"
    )]
    BadMap {
        /// As the user typed it.
        map: String,
        /// What is wrong.
        reason: String,
    },
}
