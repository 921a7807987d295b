//! [`Reader`]: tokens → what the model says of them, in batches side by side, each text read once.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::repeats::{self, Key, Repeats};
use crate::attribution::TokenAttribution;
use crate::classifier::{Classifier, Labels, Logits, ModelError, TokenLogits};
use crate::tokens::{Batch, Tokens, in_batches};
use crate::typology::IndicatorId;

/// Tokens with the name they go by among repeats.
pub(super) struct Keyed {
    pub(super) tokens: Tokens,
    key: Key,
}

impl Keyed {
    pub(super) fn new(tokens: Tokens) -> Self {
        Self { key: repeats::key(&tokens), tokens }
    }
}

/// A text whose words are to be weighed.
pub(super) struct Weigh<'a> {
    pub(super) keyed: &'a Keyed,
    /// What the model reads.
    pub(super) text: &'a str,
    /// Bytes of it behind each token.
    pub(super) pieces: Vec<Range<usize>>,
    /// Indicators the model sees in it.
    pub(super) seen: Vec<IndicatorId>,
}

/// What was said of a chunk.
pub(super) struct Reading {
    /// Of every text, in order.
    pub(super) logits: Vec<Logits>,
    /// Positions of those the model had to read.
    pub(super) read: Vec<usize>,
    /// By token, of those whose words are wanted and that were read for this chunk. 24 kB a post of a hundred tokens: some megabytes a
    /// chunk, tens where most posts are long suspects.
    by_token: HashMap<Key, TokenLogits>,
}

/// Reads with one model.
pub(super) struct Reader {
    classifier: Box<dyn Classifier>,
    pub(super) batch_tokens: usize,
    logits: Mutex<Repeats<Logits>>,
    attributions: Mutex<Repeats<TokenAttribution>>,
}

impl Reader {
    pub(super) fn new(classifier: Box<dyn Classifier>, batch_tokens: usize) -> Self {
        Self { classifier, batch_tokens, logits: Mutex::default(), attributions: Mutex::default() }
    }

    /// What is said of texts, in order; none if `stop` is set before all are read. `wanted` says of which the words will be asked for.
    pub(super) fn read(
        &self,
        texts: &[&Keyed],
        wanted: &(dyn Fn(&Logits) -> bool + Sync),
        stop: &AtomicBool,
    ) -> Result<Option<Reading>, ModelError> {
        // One chunk is in hand at a time, so nobody waits; a panic elsewhere cannot have left half an entry.
        let mut known = self.logits.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<Key> = texts.iter().map(|text| text.key).collect();
        let mut by_token = HashMap::new();
        let answers = known.each_once(&keys, |unread| {
            let tokens: Vec<&Tokens> = unread.iter().map(|&at| &texts[at].tokens).collect();
            let Some(said) = self.in_batches(&tokens, stop, |batch| self.classifier.logits_by_token(batch, wanted))? else {
                return Ok(None);
            };
            if said.iter().any(|(logits, _)| !logits.are_numbers()) {
                let message = "it gave no number for a post; its weights are damaged: fetch or export the model again".to_owned();
                return Err(ModelError::broken(message));
            }
            let keyed = unread.iter().zip(said).map(|(&at, (logits, own))| {
                by_token.extend(own.map(|own| (keys[at], own)));
                logits
            });
            Ok(Some(keyed.collect()))
        })?;
        Ok(answers.map(|(logits, read)| Reading { logits, read, by_token }))
    }

    /// Which words of texts moved the model, in order; none if `stop` is set, and nothing to show where the model cannot say. What
    /// `reading` has not kept is read once more: a text that was met in an earlier chunk, with other line breaks.
    pub(super) fn attributions(
        &self,
        texts: &[&Weigh<'_>],
        reading: &Reading,
        stop: &AtomicBool,
    ) -> Result<Option<Vec<TokenAttribution>>, ModelError> {
        let mut known = self.attributions.lock().unwrap_or_else(PoisonError::into_inner);
        // Line breaks part phrases but not tokens.
        let keys: Vec<Key> = texts.iter().map(|text| repeats::key_of_text(text.text)).collect();
        let found = known.each_once(&keys, |unread| {
            let texts: Vec<&Weigh<'_>> = unread.iter().map(|&at| texts[at]).collect();
            let missing: Vec<&&Weigh<'_>> = texts.iter().filter(|text| !reading.by_token.contains_key(&text.keyed.key)).collect();
            let tokens: Vec<&Tokens> = missing.iter().map(|text| &text.keyed.tokens).collect();
            let Some(again) = self.in_batches(&tokens, stop, |batch| self.classifier.logits_by_token(batch, &|_| true))? else {
                return Ok(None);
            };
            let mut again = again.iter().map(|(_, own)| own.as_ref());
            let said = |text: &&Weigh<'_>| match reading.by_token.get(&text.keyed.key) {
                Some(own) => Some(own),
                None => again.next().flatten(),
            };
            let said: Vec<Option<&TokenLogits>> = texts.iter().map(said).collect();
            let weighed = texts.into_par_iter().zip(said);
            Ok(Some(
                weighed.map(|(text, own)| own.map_or_else(TokenAttribution::default, |own| self.weighed(text, own))).collect(),
            ))
        })?;
        Ok(found.map(|(attributions, _)| attributions))
    }

    fn weighed(&self, text: &Weigh<'_>, own: &TokenLogits) -> TokenAttribution {
        let seen: Vec<(IndicatorId, usize)> = text.seen.iter().filter_map(|id| Some((*id, self.position(*id)?))).collect();
        TokenAttribution::new(text.text, &text.pieces, own, &seen)
    }

    pub(super) fn labels(&self) -> &Labels {
        self.classifier.labels()
    }

    fn position(&self, id: IndicatorId) -> Option<usize> {
        self.labels().indicators.iter().position(|own| *own == id)
    }

    /// Answers for sequences, in order; none if `stop` is set.
    fn in_batches<T: Send>(
        &self,
        tokens: &[&Tokens],
        stop: &AtomicBool,
        read: impl Fn(&Batch) -> Result<Vec<T>, ModelError> + Sync,
    ) -> Result<Option<Vec<T>>, ModelError> {
        // An error of none stands for the stop: it ends the batches that have not begun.
        let one = |batch: &Batch| {
            if stop.load(Ordering::Relaxed) {
                return Err(None);
            }
            let answers = read(batch).map_err(Some)?;
            if answers.len() != batch.len() {
                let message = format!("{} answers for {} posts", answers.len(), batch.len());
                return Err(Some(ModelError::broken(message)));
            }
            Ok(answers)
        };
        match in_batches(tokens, self.batch_tokens, one) {
            Ok(answers) => Ok(Some(answers)),
            Err(None) => Ok(None),
            Err(Some(error)) => Err(error),
        }
    }
}
