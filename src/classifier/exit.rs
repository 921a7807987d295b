//! [`Exit`]: posts that a lower layer already knows to be harmless are read no further.
//!
//! Early exit as in `BranchyNet` (Teerapittayanon et al. 2016), with one exit. Its head is fitted to what the whole model says of the
//! training posts, its threshold drawn on dev, see [`crate::training`]. Where most posts are ordinary, that is where the time goes.

use super::config::ExitConfig;
use super::int8::{Int8Encoder, mean_of_states};
use super::weights::Weights;
use super::{Logits, ModelError};
use crate::tokens::Batch;
use crate::typology::Context;

/// Name of the head, `NAME.weight` and `NAME.bias`; outputs suspect, then contexts.
pub const EXIT_HEAD: &str = "heads.exit";

/// The suspect and the context head once more, on the mean vector after some layers.
pub(super) struct Exit {
    config: ExitConfig,
    /// `[outputs, hidden]`.
    weight: Vec<f32>,
    bias: Vec<f32>,
}

/// What is known of a batch after the exit.
pub(super) struct Exited {
    /// Of each sequence what the exit says of it if it leaves there.
    pub(super) logits: Vec<Option<Logits>>,
    /// The others.
    pub(super) staying: Batch,
    /// Their states after all layers, `[tokens, hidden]`.
    pub(super) states: Vec<f32>,
}

impl Exit {
    /// The exit of a folder.
    pub(super) fn load(weights: &Weights, config: ExitConfig, hidden: usize) -> Result<Self, ModelError> {
        let outputs = 1 + Context::ALL.len();
        let weight = weights.values(&format!("{EXIT_HEAD}.weight"), &[outputs, hidden])?;
        Ok(Self { config, weight, bias: weights.values(&format!("{EXIT_HEAD}.bias"), &[outputs])? })
    }

    /// What the head says of a mean vector; neither patterns nor indicators. Summed in one order wherever it is asked: a post must
    /// not leave from one batch and stay in another.
    fn logits(&self, mean: &[f32]) -> Logits {
        let output = |at: usize| {
            let row = &self.weight[at * mean.len()..][..mean.len()];
            self.bias[at] + row.iter().zip(mean).map(|(weight, value)| weight * value).sum::<f32>()
        };
        let context = Some(std::array::from_fn(|label| output(1 + label)));
        Logits { context, suspect: output(0), patterns: Vec::new(), indicators: Vec::new() }
    }

    /// Reads a batch as far as each of its sequences needs.
    pub(super) fn read(&self, encoder: &Int8Encoder, batch: &Batch) -> candle_core::Result<Exited> {
        let hidden = encoder.hidden();
        let mut states = encoder.embed(batch)?;
        encoder.apply(0..self.config.layer, batch, &mut states);
        let means = mean_of_states(&states, hidden, batch);
        let said = means.chunks_exact(hidden).map(|mean| self.logits(mean));
        let logits: Vec<Option<Logits>> = said.map(|own| (own.suspect < self.config.threshold).then_some(own)).collect();
        let staying = batch.only(logits.iter().map(Option::is_none));
        let mut kept = Vec::with_capacity(staying.tokens() * hidden);
        let mut rest = states.as_slice();
        for (length, logits) in batch.lengths().zip(&logits) {
            let (own, behind) = rest.split_at(length * hidden);
            if logits.is_none() {
                kept.extend_from_slice(own);
            }
            rest = behind;
        }
        encoder.apply(self.config.layer..encoder.layers(), &staying, &mut kept);
        Ok(Exited { logits, staying, states: kept })
    }
}
