//! Normalised text → [`Tokens`] → [`Batch`]: words to ids, ids packed so that little is padding.
//!
//! Batches are plain vectors and are tested with no model in sight.

mod batch;
mod tokenizer;

pub use batch::{Batch, in_batches, plan};
pub use tokenizer::{Tokenizer, TokenizerError};

/// Token ids of one post, special tokens included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Ids in the model's vocabulary.
    pub ids: Vec<u32>,
    /// The post has more tokens than the model reads; the rest was cut off.
    pub truncated: bool,
}
