//! [`Exit`]: posts that a lower layer already knows to be harmless are read no further.
//!
//! Early exit as in `BranchyNet` (Teerapittayanon et al. 2016), with one exit. Its head is fitted to what the whole model says of the
//! training posts, its line drawn on dev, see [`crate::training`]. Where most posts are ordinary, that is where most of the time goes.

use candle_core::{Device, Module, Tensor};
use candle_nn::Linear;

use super::encoder::linear;
use super::int8::{Int8Encoder, mean_of_states};
use super::weights::Weights;
use super::{Logits, ModelError};
use crate::tokens::Batch;

/// Name of the head, `NAME.weight`, `NAME.bias` and `NAME.line`.
pub const EXIT_HEAD: &str = "heads.exit";

/// A head on the mean vector after some layers.
pub(super) struct Exit {
    layer: usize,
    head: Linear,
    /// Log-odds below which a post leaves.
    line: f32,
}

/// What is known of a batch after the exit.
pub(super) struct Parted {
    /// Of each sequence what the exit says of it if it leaves there.
    pub(super) left: Vec<Option<Logits>>,
    /// The others.
    pub(super) rest: Batch,
    /// Their states after all layers, `[tokens, hidden]`.
    pub(super) states: Vec<f32>,
}

impl Exit {
    /// The exit after `layer`.
    pub(super) fn load(weights: &Weights, layer: usize, hidden: usize) -> Result<Self, ModelError> {
        let line = weights.values(&format!("{EXIT_HEAD}.line"), &[1])?[0];
        Ok(Self { layer, head: linear(weights, EXIT_HEAD, hidden, 1)?, line })
    }

    /// Reads a batch as far as each of its sequences needs.
    pub(super) fn part(&self, encoder: &Int8Encoder, batch: &Batch) -> candle_core::Result<Parted> {
        let hidden = encoder.hidden();
        let mut states = encoder.embed(batch)?;
        encoder.apply(0..self.layer, batch, &mut states);
        let pooled = Tensor::from_vec(mean_of_states(&states, hidden, batch), (batch.len(), hidden), &Device::Cpu)?;
        let said: Vec<f32> = self.head.forward(&pooled)?.squeeze(1)?.to_vec1()?;
        let leaves = |suspect: f32| (suspect < self.line).then(|| Logits::of_suspect(suspect));
        let left: Vec<Option<Logits>> = said.into_iter().map(leaves).collect();
        let mut stays = left.iter().map(Option::is_none);
        let rest = batch.only(left.iter().map(Option::is_none));
        let mut rows = states.chunks_exact(hidden);
        let mut kept = Vec::with_capacity(rest.tokens() * hidden);
        for length in batch.lengths() {
            let own = rows.by_ref().take(length);
            if stays.next() == Some(true) {
                own.for_each(|row| kept.extend_from_slice(row));
            } else {
                own.for_each(drop);
            }
        }
        encoder.apply(self.layer..encoder.layers(), &rest, &mut kept);
        Ok(Parted { left, rest, states: kept })
    }
}
