//! [`LureClassifier`]: one encoder pass, mean pooling, four linear heads.

use std::path::Path;

use candle_core::{Device, Module, Tensor};
use candle_nn::Linear;

use super::config::{LureConfig, ModelConfig};
use super::encoder::{Encoder, linear, mean_pool};
use super::int8::Int8Encoder;
use super::weights::Weights;
use super::{Classifier, Engine, Labels, Logits, ModelError, TokenLogits};
use crate::tokens::Batch;
use crate::typology::Context;

/// File of a model folder with the heads alone; the encoder's weights stand in files of their own.
pub const HEADS_FILE: &str = "heads.safetensors";

/// Our own models: context (softmax), suspect, patterns and indicators (a sigmoid each) over the pooled vector.
pub struct LureClassifier {
    encoder: Backbone,
    context: Option<Linear>,
    suspect: Linear,
    patterns: Option<Linear>,
    indicators: Option<Linear>,
    labels: Labels,
}

/// The same encoder on either engine.
enum Backbone {
    Int8(Int8Encoder),
    F32(Encoder),
}

impl Backbone {
    /// `[sequences, hidden]`.
    fn pooled(&self, batch: &Batch) -> candle_core::Result<Tensor> {
        match self {
            Self::Int8(encoder) => Tensor::from_vec(encoder.pooled(batch)?, (batch.len(), encoder.hidden()), &Device::Cpu),
            Self::F32(encoder) => mean_pool(&encoder.forward(batch)?, batch),
        }
    }

    /// `[tokens, hidden]`, those of all sequences one after the other.
    fn states(&self, batch: &Batch) -> candle_core::Result<Tensor> {
        match self {
            Self::Int8(encoder) => Tensor::from_vec(encoder.states(batch)?, (batch.tokens(), encoder.hidden()), &Device::Cpu),
            Self::F32(encoder) => {
                let states = encoder.forward(batch)?;
                let own = batch.lengths().enumerate().map(|(at, length)| states.get(at)?.narrow(0, 0, length));
                Tensor::cat(&own.collect::<candle_core::Result<Vec<_>>>()?, 0)
            }
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
            encoder: match engine {
                Engine::Int8 => Backbone::Int8(Int8Encoder::load(weights, config)?),
                Engine::F32 => Backbone::F32(Encoder::load(weights, config)?),
            },
            context: head("context", lure.contexts.len())?,
            suspect: linear(weights, "heads.suspect", hidden, 1)?,
            patterns: head("patterns", labels.patterns.len())?,
            indicators: head("indicators", labels.indicators.len())?,
            labels,
        })
    }

    fn forward(&self, batch: &Batch) -> candle_core::Result<Vec<Logits>> {
        let pooled = self.encoder.pooled(batch)?;
        let apply = |head: &Option<Linear>| head.as_ref().map(|head| head.forward(&pooled)?.to_vec2::<f32>()).transpose();
        let suspect: Vec<f32> = self.suspect.forward(&pooled)?.squeeze(1)?.to_vec1()?;
        let context = apply(&self.context)?;
        let patterns = apply(&self.patterns)?;
        let indicators = apply(&self.indicators)?;
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
            })
            .collect())
    }

    fn forward_tokens(&self, batch: &Batch) -> candle_core::Result<Vec<TokenLogits>> {
        let states = self.encoder.states(batch)?;
        let suspect: Vec<f32> = self.suspect.forward(&states)?.squeeze(1)?.to_vec1()?;
        // By indicator, then by token.
        let indicators: Vec<Vec<f32>> = match &self.indicators {
            Some(head) => head.forward(&states)?.t()?.to_vec2()?,
            None => Vec::new(),
        };
        let mut start = 0;
        let own = batch.lengths().map(|length| {
            let range = start..start + length;
            start += length;
            TokenLogits {
                suspect: suspect[range.clone()].to_vec(),
                indicators: indicators.iter().map(|all| all[range.clone()].to_vec()).collect(),
            }
        });
        Ok(own.collect())
    }
}

impl Classifier for LureClassifier {
    fn labels(&self) -> &Labels {
        &self.labels
    }

    fn logits(&self, batch: &Batch) -> Result<Vec<Logits>, ModelError> {
        self.forward(batch).map_err(ModelError::compute)
    }

    fn token_logits(&self, batch: &Batch) -> Result<Option<Vec<TokenLogits>>, ModelError> {
        self.forward_tokens(batch).map(Some).map_err(ModelError::compute)
    }
}

/// Mean-pooled vectors of a folder that need not have heads yet: what heads are fitted on.
pub struct PooledEncoder {
    encoder: Encoder,
}

impl PooledEncoder {
    /// Builds the encoder of a folder.
    pub fn load(weights: &Weights, config: &ModelConfig) -> Result<Self, ModelError> {
        super::one_core_a_product();
        Ok(Self { encoder: Encoder::load(weights, config)? })
    }

    /// `[sequences, hidden]`.
    pub fn pooled(&self, batch: &Batch) -> Result<Tensor, ModelError> {
        self.encoder.forward(batch).and_then(|states| mean_pool(&states, batch)).map_err(ModelError::compute)
    }
}
