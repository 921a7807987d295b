//! [`Repeats`]: what was said of texts read before in this run, so that none is read twice.
//!
//! Exports hold one advert a hundred times. A repeat is a post with the same tokens, not one with the same folded text: the model
//! reads case and accents, and which of two spellings came first must not decide what both are given.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::tokens::Tokens;

/// Names a text or a sequence of tokens: half of a SHA-256, so that nobody can write two posts that pass for each other.
pub(super) type Key = [u8; 16];

/// The name of a sequence of tokens.
pub(super) fn key(tokens: &Tokens) -> Key {
    half(tokens.ids.iter().fold(Sha256::new(), |hash, id| hash.chain_update(id.to_le_bytes())))
}

/// The name of a text as the model reads it.
pub(super) fn key_of_text(text: &str) -> Key {
    half(Sha256::new_with_prefix(text))
}

fn half(hash: Sha256) -> Key {
    let mut key = Key::default();
    key.copy_from_slice(&hash.finalize()[..size_of::<Key>()]);
    key
}

/// An answer for every text, in order, and the positions of those that were read for it.
pub(super) type Answers<T> = (Vec<T>, Vec<usize>);

/// Texts of one generation. Logits take some 0.5 kB a text, so two generations are full at some 16 MB, which a long run holds and a short one
/// does not.
const GENERATION: usize = 16_384;

/// What was said of the texts read last. Two generations: when the younger is full it becomes the older one, whose texts are
/// forgotten unless they were met again.
pub(super) struct Repeats<T> {
    younger: HashMap<Key, T>,
    older: HashMap<Key, T>,
}

impl<T> Default for Repeats<T> {
    fn default() -> Self {
        Self { younger: HashMap::new(), older: HashMap::new() }
    }
}

impl<T: Clone> Repeats<T> {
    /// An answer for every text, in order, and the positions `read` was asked for: the first of each text not known yet. None if
    /// `read` gives none.
    pub(super) fn each_once<E>(
        &mut self,
        keys: &[Key],
        read: impl FnOnce(&[usize]) -> Result<Option<Vec<T>>, E>,
    ) -> Result<Option<Answers<T>>, E> {
        // What was forgotten between the first question and the last answer must not be missing from the answers.
        let mut answers: HashMap<Key, T> = HashMap::new();
        let mut asked: HashSet<Key> = HashSet::new();
        let mut unread = Vec::new();
        for (at, key) in keys.iter().enumerate().filter(|(_, key)| asked.insert(**key)) {
            match self.recall(key) {
                Some(answer) => drop(answers.insert(*key, answer)),
                None => unread.push(at),
            }
        }
        let Some(read) = read(&unread)? else { return Ok(None) };
        for (&at, answer) in unread.iter().zip(read) {
            self.keep(keys[at], answer.clone());
            answers.insert(keys[at], answer);
        }
        Ok(Some((keys.iter().filter_map(|key| answers.get(key).cloned()).collect(), unread)))
    }

    /// What was said of them, if it is still known.
    fn recall(&mut self, key: &Key) -> Option<T> {
        if let Some(answer) = self.younger.get(key) {
            return Some(answer.clone());
        }
        let answer = self.older.remove(key)?;
        self.keep(*key, answer.clone());
        Some(answer)
    }

    /// Remembers what was said.
    fn keep(&mut self, key: Key, answer: T) {
        if self.younger.len() >= GENERATION {
            self.older = std::mem::take(&mut self.younger);
        }
        self.younger.insert(key, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: usize) -> Key {
        super::key(&Tokens { ids: vec![n as u32], truncated: false })
    }

    #[test]
    fn what_is_met_again_stays_and_what_is_not_goes() {
        let mut repeats = Repeats::default();
        for n in 0..3 * GENERATION {
            repeats.keep(key(n), n);
            assert!(repeats.recall(&key(7)).is_none_or(|found| found == 7));
        }
        assert_eq!(repeats.recall(&key(7)), Some(7), "met all the time");
        assert_eq!(repeats.recall(&key(8)), None, "met once, long ago");
        assert_eq!(repeats.recall(&key(3 * GENERATION - 1)), Some(3 * GENERATION - 1));
        assert!(repeats.younger.len() + repeats.older.len() <= 2 * GENERATION);
    }

    #[test]
    fn each_text_is_read_once_and_answered_every_time() {
        let mut repeats = Repeats::default();
        let keys = [key(1), key(2), key(1), key(3), key(2)];
        let first = repeats.each_once::<()>(&keys, |unread| Ok(Some(unread.iter().map(|at| at * 10).collect())));
        assert_eq!(first, Ok(Some((vec![0, 10, 0, 30, 10], vec![0, 1, 3]))));
        let again = repeats.each_once::<()>(&[key(3), key(4)], |unread| Ok(Some(vec![99; unread.len()])));
        assert_eq!(again, Ok(Some((vec![30, 99], vec![1]))));
    }
}
