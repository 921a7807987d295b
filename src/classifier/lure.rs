//! [`LureClassifier`]: one encoder pass, mean pooling, four linear heads; where the model has them, a fifth that says what the post
//! makes of the countries it has to do with, and one on single tokens that says which words show an indicator.

use std::ops::Range;
use std::path::Path;

use candle_core::{Device, Module, Tensor};
use candle_nn::Linear;

use super::config::{LureConfig, ModelConfig};
use super::encoder::{Encoder, linear, mean_pool};
use super::int8::{self, Int8Encoder};
use super::weights::Weights;
use super::{Classifier, Engine, Labels, Logits, ModelError, PARTS, Said, TokenLogits};
use crate::tokens::Batch;
use crate::typology::Context;

/// File of a model folder with the heads alone; the encoder's weights stand in files of their own.
pub const HEADS_FILE: &str = "heads.safetensors";

/// Name of the head on single tokens, `NAME.weight` and `NAME.bias`; its outputs are the indicators of the pooled head.
pub const WORDS_HEAD: &str = "heads.words";

/// Name of the pooled head that moves the weights of what is known of a country; its outputs are those of [`LureConfig::place_facts`] for
/// destinations, then for origins.
pub const PLACES_HEAD: &str = "heads.places";

/// Neighbouring tokens whose mean counts as what a phrase says: one token alone is a coincidence.
const PHRASE: usize = 5;

/// Our own models: context (softmax), suspect, patterns and indicators (a sigmoid each) over the pooled vector.
pub struct LureClassifier {
    encoder: Backbone,
    context: Option<Linear>,
    suspect: Linear,
    patterns: Option<Linear>,
    indicators: Option<Linear>,
    places: Option<Linear>,
    words: Option<Linear>,
    labels: Labels,
}

/// The same encoder on either engine.
enum Backbone {
    Int8(Int8Encoder),
    F32(Encoder),
}

/// Vectors of a batch's tokens.
enum States {
    /// `[tokens, hidden]`, those of all sequences one after the other.
    Ragged { states: Vec<f32>, hidden: usize },
    /// `[sequences, width, hidden]`, short sequences filled up.
    Padded(Tensor),
}

impl Backbone {
    fn load(weights: &Weights, config: &ModelConfig, engine: Engine) -> Result<Self, ModelError> {
        Ok(match engine {
            Engine::Int8 => Self::Int8(Int8Encoder::load(weights, config)?),
            Engine::F32 => Self::F32(Encoder::load(weights, config)?),
        })
    }

    fn states(&self, batch: &Batch) -> candle_core::Result<States> {
        Ok(match self {
            Self::Int8(encoder) => States::Ragged { states: encoder.states(batch)?, hidden: encoder.hidden() },
            Self::F32(encoder) => States::Padded(encoder.forward(batch)?),
        })
    }
}

impl States {
    /// Mean vectors, `[sequences, hidden]`.
    fn pooled(&self, batch: &Batch) -> candle_core::Result<Tensor> {
        match self {
            Self::Ragged { states, hidden } => {
                Tensor::from_vec(int8::mean_pool(states, *hidden, batch), (batch.len(), *hidden), &Device::Cpu)
            }
            Self::Padded(states) => mean_pool(states, batch),
        }
    }

    /// `[tokens, hidden]` of the sequence at `at`, whose tokens stand at `tokens` among those of all sequences.
    fn own(&self, at: usize, tokens: Range<usize>) -> candle_core::Result<Tensor> {
        match self {
            Self::Ragged { states, hidden } => {
                let own = &states[tokens.start * hidden..tokens.end * hidden];
                Tensor::from_slice(own, (tokens.len(), *hidden), &Device::Cpu)
            }
            Self::Padded(states) => states.get(at)?.narrow(0, 0, tokens.len()),
        }
    }
}

impl LureClassifier {
    /// Builds encoder and heads from a folder's tensors.
    pub fn load(weights: &Weights, config: &ModelConfig, folder: &Path, engine: Engine) -> Result<Self, ModelError> {
        let unsupported = |reason| ModelError::Unsupported { path: folder.join("config.json"), reason };
        let lure: &LureConfig = config.lurescan.as_ref().ok_or_else(|| unsupported("no `lurescan` section".to_owned()))?;
        let labels =
            Labels { patterns: lure.pattern_ids().map_err(unsupported)?, indicators: lure.indicator_ids().map_err(unsupported)? };
        let hidden = config.encoder.hidden_size;
        let head = |name: &str, outputs: usize| {
            (outputs > 0).then(|| linear(weights, &format!("heads.{name}"), hidden, outputs)).transpose()
        };
        Ok(Self {
            encoder: Backbone::load(weights, config, engine)?,
            context: head("context", lure.contexts.len())?,
            suspect: linear(weights, "heads.suspect", hidden, 1)?,
            patterns: head("patterns", labels.patterns.len())?,
            indicators: head("indicators", labels.indicators.len())?,
            places: head("places", PARTS * lure.place_facts.len())?,
            words: weights
                .has(&format!("{WORDS_HEAD}.weight"))
                .then(|| linear(weights, WORDS_HEAD, hidden, labels.indicators.len()))
                .transpose()?,
            labels,
        })
    }

    /// `pooled` is `[sequences, hidden]`.
    fn heads(&self, pooled: &Tensor) -> candle_core::Result<Vec<Logits>> {
        let apply = |head: &Option<Linear>| head.as_ref().map(|head| head.forward(pooled)?.to_vec2::<f32>()).transpose();
        let suspect: Vec<f32> = self.suspect.forward(pooled)?.squeeze(1)?.to_vec1()?;
        let context = apply(&self.context)?;
        let patterns = apply(&self.patterns)?;
        let indicators = apply(&self.indicators)?;
        let places = apply(&self.places)?;
        let row = |rows: &Option<Vec<Vec<f32>>>, post: usize| rows.as_ref().map_or_else(Vec::new, |rows| rows[post].clone());
        Ok(suspect
            .into_iter()
            .enumerate()
            .map(|(post, suspect)| Logits {
                context: context
                    .as_ref()
                    .map(|rows| std::array::from_fn::<f32, { Context::ALL.len() }, _>(|label| rows[post][label])),
                suspect,
                patterns: row(&patterns, post),
                indicators: row(&indicators, post),
                place_moves: row(&places, post),
            })
            .collect())
    }

    /// What each of some tokens says of each indicator, `[indicators][tokens]`; none from a model without indicators.
    /// `own` is `[tokens, hidden]` of one sequence.
    fn indicators_by_token(&self, own: &Tensor) -> candle_core::Result<Vec<Vec<f32>>> {
        match self.words.as_ref().or(self.indicators.as_ref()) {
            Some(head) => head.forward(own)?.t()?.to_vec2(),
            None => Ok(Vec::new()),
        }
    }

    fn read(&self, batch: &Batch, wanted: &dyn Fn(&Logits) -> bool) -> candle_core::Result<Vec<Said>> {
        let states = self.encoder.states(batch)?;
        let mut end = 0;
        let said = self.heads(&states.pooled(batch)?)?.into_iter().zip(batch.lengths()).enumerate();
        said.map(|(at, (mut logits, length))| {
            let tokens = end..end + length;
            end = tokens.end;
            let is_wanted = wanted(&logits);
            if self.words.is_none() && !is_wanted {
                return Ok((logits, None));
            }
            let own = states.own(at, tokens)?;
            let indicators = self.indicators_by_token(&own)?;
            if self.words.is_some() {
                logits.indicators.iter_mut().zip(&indicators).for_each(|(pooled, words)| *pooled += strongest(words));
            }
            let suspect = || self.suspect.forward(&own)?.squeeze(1)?.to_vec1();
            let by_token = is_wanted.then(|| Ok::<_, candle_core::Error>(TokenLogits { suspect: suspect()?, indicators }));
            Ok((logits, by_token.transpose()?))
        })
        .collect()
    }
}

/// The greatest mean of neighbouring tokens.
fn strongest(tokens: &[f32]) -> f32 {
    let width = PHRASE.min(tokens.len()).max(1);
    tokens.windows(width).map(|phrase| phrase.iter().sum::<f32>() / width as f32).fold(f32::NEG_INFINITY, f32::max)
}

impl Classifier for LureClassifier {
    fn labels(&self) -> &Labels {
        &self.labels
    }

    fn logits(&self, batch: &Batch) -> Result<Vec<Logits>, ModelError> {
        let said = self.read(batch, &|_| false).map_err(ModelError::compute)?;
        Ok(said.into_iter().map(|(logits, _)| logits).collect())
    }

    fn logits_by_token(&self, batch: &Batch, wanted: &dyn Fn(&Logits) -> bool) -> Result<Vec<Said>, ModelError> {
        self.read(batch, wanted).map_err(ModelError::compute)
    }
}

/// Mean-pooled vectors of a folder that need not have heads yet: what heads are fitted on.
pub struct PooledEncoder {
    encoder: Backbone,
}

impl PooledEncoder {
    /// Builds the encoder of a folder.
    pub fn load(weights: &Weights, config: &ModelConfig, engine: Engine) -> Result<Self, ModelError> {
        super::one_core_a_product();
        Ok(Self { encoder: Backbone::load(weights, config, engine)? })
    }

    /// `[sequences, hidden]`.
    pub fn pooled(&self, batch: &Batch) -> Result<Tensor, ModelError> {
        self.encoder.states(batch).and_then(|states| states.pooled(batch)).map_err(ModelError::compute)
    }
}

#[cfg(test)]
mod tests {
    use super::strongest;

    #[test]
    fn a_phrase_counts_and_not_a_single_token() {
        assert_eq!(strongest(&[0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0]), 2.0);
        assert_eq!(strongest(&[1.0, 3.0]), 2.0, "a text of fewer tokens is one phrase");
    }
}
