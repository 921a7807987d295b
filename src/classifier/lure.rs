//! [`LureClassifier`]: one encoder pass, mean pooling, four linear heads.

use std::ops::Range;
use std::path::Path;

use candle_core::{Device, Module, Tensor};
use candle_nn::Linear;

use super::config::{LureConfig, ModelConfig};
use super::encoder::{Encoder, linear, mean_pool};
use super::int8::{self, Int8Encoder};
use super::weights::Weights;
use super::{Classifier, Engine, Labels, Logits, ModelError, Said, TokenLogits};
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

/// Vectors of a batch's tokens.
enum States {
    /// `[tokens, hidden]`, those of all sequences one after the other.
    Ragged { states: Vec<f32>, hidden: usize },
    /// `[sequences, width, hidden]`, short sequences filled up.
    Padded(Tensor),
}

impl Backbone {
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

    /// `pooled` is `[sequences, hidden]`.
    fn heads(&self, pooled: &Tensor) -> candle_core::Result<Vec<Logits>> {
        let apply = |head: &Option<Linear>| head.as_ref().map(|head| head.forward(pooled)?.to_vec2::<f32>()).transpose();
        let suspect: Vec<f32> = self.suspect.forward(pooled)?.squeeze(1)?.to_vec1()?;
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

    /// `own` is `[tokens, hidden]` of one sequence.
    fn by_token(&self, own: &Tensor) -> candle_core::Result<TokenLogits> {
        Ok(TokenLogits {
            suspect: self.suspect.forward(own)?.squeeze(1)?.to_vec1()?,
            indicators: match &self.indicators {
                Some(head) => head.forward(own)?.t()?.to_vec2()?,
                None => Vec::new(),
            },
        })
    }

    fn read(&self, batch: &Batch, wanted: &dyn Fn(&Logits) -> bool) -> candle_core::Result<Vec<Said>> {
        let states = self.encoder.states(batch)?;
        let mut end = 0;
        let said = self.heads(&states.pooled(batch)?)?.into_iter().zip(batch.lengths()).enumerate();
        said.map(|(at, (logits, length))| {
            let tokens = end..end + length;
            end = tokens.end;
            let by_token = wanted(&logits).then(|| self.by_token(&states.own(at, tokens)?)).transpose()?;
            Ok((logits, by_token))
        })
        .collect()
    }
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
