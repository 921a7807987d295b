//! Bytes of a foreign set → [`Line`]s.

mod emscad;
mod known;
mod table;
mod telegram;

use std::path::PathBuf;

pub use emscad::emscad;
pub use known::{KNOWN, Known};
pub use table::{Columns, table};
pub use telegram::telegram;

use crate::labelled::Line;
use crate::text::{NormalText, identify};

/// Why a foreign set cannot be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is not what it was said to be.
    #[error("{}: {reason}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
}

/// What every row of an import has in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// Name of the set, in ids and sources.
    pub name: String,
    /// Language of every row; `None` to identify each.
    pub lang: Option<String>,
    /// Channel of every row.
    pub channel: String,
}

impl Common {
    /// The given language, or what the text reads as.
    fn lang(&self, text: &str) -> String {
        self.lang.clone().unwrap_or_else(|| identify(&NormalText::new(text)).tag)
    }
}

/// Lines of a file, and what a user should know of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// The lines.
    pub lines: Vec<Line>,
    /// Rows left out for having no text.
    pub empty: usize,
}
