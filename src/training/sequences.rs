//! [`Sequence`]: an example as the encoder reads it, and what the frozen layers make of it.

use std::sync::OnceLock;

use candle_core::Tensor;
use rayon::prelude::*;

use super::TrainingError;
use super::features::{Example, Features};
use super::teacher::{Lesson, Taught};
use crate::classifier::{Classifier, Encoder, Logits};
use crate::text::NormalText;
use crate::tokens::{Batch, Tokenizer, Tokens, in_batches};

/// Padded tokens of one batch where nothing is learnt from it.
pub(super) const BATCH_TOKENS: usize = 2048;

/// An example with its tokens.
pub(super) struct Sequence {
    pub(super) example: Example,
    pub(super) tokens: Tokens,
    /// What a teacher says of it, where there is one.
    pub(super) lesson: Option<Lesson>,
    /// What the frozen layers gave, `[tokens, hidden]`, once they were asked and are to be kept.
    states: OnceLock<Tensor>,
}

/// What is learnt from, and what decides when to stop and how to calibrate.
pub(super) struct Sides {
    pub(super) training: Vec<Sequence>,
    pub(super) dev: Vec<Sequence>,
    /// Where a teacher has given each sequence of the training side its lesson.
    pub(super) taught: Option<Taught>,
}

/// Examples as the encoder reads them.
pub(super) fn sequences(features: &Features, tokenizer: &Tokenizer) -> Result<Vec<Sequence>, TrainingError> {
    let one = |example: &Example| {
        let tokens = tokenizer.encode(NormalText::new(&example.record.text).model())?;
        Ok(Sequence { example: example.clone(), tokens, lesson: None, states: OnceLock::new() })
    };
    features.examples().par_iter().map(one).collect()
}

/// The layers below the trained ones.
pub(super) struct Lower {
    pub(super) encoder: Encoder,
    /// Whether what they give is kept in memory: 1.5 kB a token at 384 wide, against their part of every later pass.
    pub(super) kept: bool,
}

impl Lower {
    /// `[sequences, width, hidden]` of a batch, which holds the tokens of the sequences in their order.
    pub(super) fn states(&self, sequences: &[&Sequence], batch: &Batch) -> candle_core::Result<Tensor> {
        if !self.kept {
            return Ok(self.encoder.forward(batch)?.detach());
        }
        let padded = |sequence: &&Sequence| {
            let states = self.kept_states(sequence)?;
            states.pad_with_zeros(0, 0, batch.width() - states.dim(0)?)
        };
        Tensor::stack(&sequences.iter().map(padded).collect::<candle_core::Result<Vec<_>>>()?, 0)
    }

    /// Each sequence is computed by itself: what is kept must not depend on the batch that asked first.
    fn kept_states<'s>(&self, sequence: &'s Sequence) -> candle_core::Result<&'s Tensor> {
        if let Some(states) = sequence.states.get() {
            return Ok(states);
        }
        let states = self.encoder.forward(&std::iter::once(&sequence.tokens).collect())?.squeeze(0)?.detach();
        Ok(sequence.states.get_or_init(|| states))
    }
}

/// What a finished model says of sequences, in order.
pub(super) fn logits(classifier: &dyn Classifier, sequences: &[Sequence]) -> Result<Vec<Logits>, TrainingError> {
    let tokens: Vec<&Tokens> = sequences.iter().map(|sequence| &sequence.tokens).collect();
    Ok(in_batches(&tokens, BATCH_TOKENS, |batch| classifier.logits(batch))?)
}
