//! [`Reader`]: tokens → what the model says of them, in batches side by side, each text read once.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::repeats::{self, Answers, Key, Repeats};
use crate::attribution::TokenAttribution;
use crate::classifier::{Classifier, Labels, Logits, ModelError};
use crate::tokens::{Batch, Tokens, plan};
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

    /// Logits of texts, in order, and the positions of those the model had to read; none if `stop` is set before it has read all.
    pub(super) fn logits(&self, texts: &[&Keyed], stop: &AtomicBool) -> Result<Option<Answers<Logits>>, ModelError> {
        // One chunk is in hand at a time, so nobody waits; a panic elsewhere cannot have left half an entry.
        let mut known = self.logits.lock().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<Key> = texts.iter().map(|text| text.key).collect();
        known.each_once(&keys, |unread| {
            let tokens: Vec<&Tokens> = unread.iter().map(|&at| &texts[at].tokens).collect();
            self.in_batches(&tokens, stop, |_, batch| self.classifier.logits(batch))
        })
    }

    /// Which words of texts moved the model, in order; none if `stop` is set, and nothing to show where the model cannot say.
    pub(super) fn attributions(
        &self,
        texts: &[&Weigh<'_>],
        stop: &AtomicBool,
    ) -> Result<Option<Vec<TokenAttribution>>, ModelError> {
        let mut known = self.attributions.lock().unwrap_or_else(PoisonError::into_inner);
        // Line breaks part phrases but not tokens.
        let keys: Vec<Key> = texts.iter().map(|text| repeats::key_of_text(text.text)).collect();
        let found = known.each_once(&keys, |unread| {
            let tokens: Vec<&Tokens> = unread.iter().map(|&at| &texts[at].keyed.tokens).collect();
            self.in_batches(&tokens, stop, |batch_of, batch| {
                let said = self.classifier.token_logits(batch)?;
                let weighed = |at: usize| {
                    let text = &texts[unread[batch_of[at]]];
                    let seen: Vec<(IndicatorId, usize)> =
                        text.seen.iter().filter_map(|id| Some((*id, self.position(*id)?))).collect();
                    said.as_ref().map_or_else(TokenAttribution::default, |said| {
                        TokenAttribution::new(text.text, &text.pieces, &said[at], &seen)
                    })
                };
                Ok((0..batch.len()).map(weighed).collect())
            })
        })?;
        Ok(found.map(|(attributions, _)| attributions))
    }

    pub(super) fn labels(&self) -> &Labels {
        self.classifier.labels()
    }

    fn position(&self, id: IndicatorId) -> Option<usize> {
        self.labels().indicators.iter().position(|own| *own == id)
    }

    /// Answers for sequences, in order. Batches run side by side, one core each; `read` is given the positions of a batch's
    /// sequences too.
    fn in_batches<T: Send>(
        &self,
        tokens: &[&Tokens],
        stop: &AtomicBool,
        read: impl Fn(&[usize], &Batch) -> Result<Vec<T>, ModelError> + Sync,
    ) -> Result<Option<Vec<T>>, ModelError> {
        let lengths: Vec<usize> = tokens.iter().map(|tokens| tokens.ids.len()).collect();
        let (order, ranges) = plan(&lengths, self.batch_tokens);
        let batches: Option<Vec<Vec<T>>> = ranges
            .par_iter()
            .with_max_len(1)
            .map(|range| {
                if stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let own = &order[range.clone()];
                let batch: Batch = own.iter().map(|&at| tokens[at]).collect();
                read(own, &batch).map(Some)
            })
            .collect::<Result<_, _>>()?;
        let Some(batches) = batches else { return Ok(None) };
        let answered: usize = batches.iter().map(Vec::len).sum();
        if answered != tokens.len() {
            return Err(ModelError::compute(candle_core::Error::Msg(format!("{answered} answers for {} posts", tokens.len()))));
        }
        let mut answers: Vec<(usize, T)> = order.into_iter().zip(batches.into_iter().flatten()).collect();
        answers.sort_by_key(|(at, _)| *at);
        Ok(Some(answers.into_iter().map(|(_, answer)| answer).collect()))
    }
}
