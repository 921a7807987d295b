//! [`Tokenizer`]: the `tokenizer.json` of a model folder, through the `tokenizers` crate.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use tokenizers::{PaddingParams, TruncationDirection, TruncationParams, TruncationStrategy};

use super::Tokens;

/// Why a post could not become tokens.
#[derive(Debug, thiserror::Error)]
pub enum TokenizerError {
    /// The file is missing or no tokenizer.
    #[error("cannot load the tokenizer {}: {reason}; a model folder needs a tokenizer.json made with the model", path.display())]
    Load {
        /// `tokenizer.json`.
        path: PathBuf,
        /// What the crate says.
        reason: String,
    },
    /// The tokenizer refused a text.
    #[error("the tokenizer failed: {0}")]
    Encode(String),
}

/// Turns text into token ids, at most `max_length` of them.
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    prefix: String,
}

impl Tokenizer {
    /// Loads `tokenizer.json`. `prefix` is written before every text, as the encoder was pretrained with it.
    pub fn load(path: &Path, prefix: &str, max_length: usize) -> Result<Self, TokenizerError> {
        let failed = |reason: String| TokenizerError::Load { path: path.to_owned(), reason };
        let mut inner = tokenizers::Tokenizer::from_file(path).map_err(|error| failed(error.to_string()))?;
        let truncation = TruncationParams {
            max_length,
            strategy: TruncationStrategy::LongestFirst,
            stride: 0,
            direction: TruncationDirection::Right,
        };
        inner.with_truncation(Some(truncation)).map_err(|error| failed(error.to_string()))?;
        inner.with_padding(None::<PaddingParams>);
        Ok(Self { inner, prefix: prefix.to_owned() })
    }

    /// The bytes of a text behind each of its tokens, in the order of [`Self::encode`]; an empty range where a token stands for
    /// none. Slower than the ids alone.
    pub fn pieces(&self, text: &str) -> Result<Vec<Range<usize>>, TokenizerError> {
        let encoding = self.inner.encode(self.prefixed(text), true).map_err(|error| TokenizerError::Encode(error.to_string()))?;
        let skipped = self.prefix.len();
        let own = |offset: usize| text.floor_char_boundary(offset.saturating_sub(skipped));
        Ok(encoding.get_offsets().iter().map(|&(start, end)| own(start)..own(end)).collect())
    }

    fn prefixed<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.prefix.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(format!("{}{text}", self.prefix)) }
    }

    /// Ids of one text.
    pub fn encode(&self, text: &str) -> Result<Tokens, TokenizerError> {
        let encoded = self.inner.encode_fast(self.prefixed(text), true);
        let encoding = encoded.map_err(|error| TokenizerError::Encode(error.to_string()))?;
        Ok(Tokens { ids: encoding.get_ids().to_vec(), truncated: !encoding.get_overflowing().is_empty() })
    }
}
