//! [`Repeats`]: what the model said of texts it has read in this run, so that it reads none of them twice.
//!
//! Exports hold one advert a hundred times. A repeat is a post with the same tokens, not one with the same folded text: the model
//! reads case and accents, and which of two spellings came first must not decide what both are given.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::classifier::Logits;
use crate::tokens::Tokens;

/// Names a sequence of tokens: half of a SHA-256, so that nobody can write two posts that pass for each other.
pub(super) type Key = [u8; 16];

/// Texts of one generation: two of them take about 30 MB.
const GENERATION: usize = 32_768;

/// The logits of the texts read last. Two generations: when the younger is full it becomes the older one, whose texts are
/// forgotten unless they were met again.
#[derive(Default)]
pub(super) struct Repeats {
    younger: HashMap<Key, Logits>,
    older: HashMap<Key, Logits>,
}

impl Repeats {
    /// The name of these tokens.
    pub(super) fn key(tokens: &Tokens) -> Key {
        let digest = tokens.ids.iter().fold(Sha256::new(), |hash, id| hash.chain_update(id.to_le_bytes())).finalize();
        let mut key = Key::default();
        key.copy_from_slice(&digest[..size_of::<Key>()]);
        key
    }

    /// What was said of them, if it is still known.
    pub(super) fn recall(&mut self, key: &Key) -> Option<Logits> {
        if let Some(logits) = self.younger.get(key) {
            return Some(logits.clone());
        }
        let logits = self.older.remove(key)?;
        self.keep(*key, logits.clone());
        Some(logits)
    }

    /// Remembers what was said.
    pub(super) fn keep(&mut self, key: Key, logits: Logits) {
        if self.younger.len() >= GENERATION {
            self.older = std::mem::take(&mut self.younger);
        }
        self.younger.insert(key, logits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: usize) -> Key {
        Repeats::key(&Tokens { ids: vec![n as u32], truncated: false })
    }

    fn logits(n: usize) -> Logits {
        Logits { context: None, suspect: n as f32, patterns: Vec::new(), indicators: Vec::new() }
    }

    #[test]
    fn what_is_met_again_stays_and_what_is_not_goes() {
        let mut repeats = Repeats::default();
        for n in 0..3 * GENERATION {
            repeats.keep(key(n), logits(n));
            assert!(repeats.recall(&key(7)).is_none_or(|found| found == logits(7)));
        }
        assert_eq!(repeats.recall(&key(7)), Some(logits(7)), "met all the time");
        assert_eq!(repeats.recall(&key(8)), None, "met once, long ago");
        assert_eq!(repeats.recall(&key(3 * GENERATION - 1)), Some(logits(3 * GENERATION - 1)));
        assert!(repeats.younger.len() + repeats.older.len() <= 2 * GENERATION);
    }
}
