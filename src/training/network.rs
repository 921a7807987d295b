//! [`Network`]: the upper layers of the encoder and the four heads as variables, with a forward pass that candle can differentiate.
//!
//! The classifier's own pass changes tensors where they lie, which leaves no way back for gradients; this one is slower and keeps it.
//! Names and shapes are those of a model folder, so that what is learnt here is read there.

use std::collections::BTreeMap;

use candle_core::{Result, Shape, Tensor, Var};

use super::differentiable::{biased, gelu, layer_norm, masked, rounded, softmax};
use super::heads::Heads;
use crate::classifier::weights::Weights;
use crate::classifier::{EncoderConfig, ModelConfig, ModelError, attention_mask, mean_pool};
use crate::tokens::Batch;

/// Makes a mask for a shape, or none outside training.
pub(super) type Dropout<'a> = dyn FnMut(&Shape) -> Result<Option<Tensor>> + 'a;

/// Layers above `frozen`, and heads.
pub struct Network {
    sizes: EncoderConfig,
    frozen: usize,
    layers: usize,
    variables: BTreeMap<String, Var>,
    /// Whether layers compute with what a model file keeps of their matrices.
    rounds: bool,
}

/// Linear parts of a layer: name, whether input and output are the wide side.
const LINEAR: [(&str, bool, bool); 6] = [
    ("attention.self.query", false, false),
    ("attention.self.key", false, false),
    ("attention.self.value", false, false),
    ("attention.output.dense", false, false),
    ("intermediate.dense", false, true),
    ("output.dense", true, false),
];
const NORMS: [&str; 2] = ["attention.output.LayerNorm", "output.LayerNorm"];
const HEADS: &str = "heads";

impl Network {
    /// Takes layers `frozen..layers` from a folder's tensors and the outputs of fitted heads.
    pub fn new(weights: &Weights, sizes: &EncoderConfig, frozen: usize, heads: &Heads) -> std::result::Result<Self, ModelError> {
        let mut variables = BTreeMap::new();
        let mut add = |name: String, tensor: &Tensor| -> std::result::Result<(), ModelError> {
            variables.insert(name, Var::from_tensor(tensor).map_err(ModelError::compute)?);
            Ok(())
        };
        let layers = sizes.num_hidden_layers;
        for layer in frozen..layers {
            for (part, wide_in, wide_out) in LINEAR {
                let width = |wide| if wide { sizes.intermediate_size } else { sizes.hidden_size };
                let name = format!("encoder.layer.{layer}.{part}");
                let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
                let tensor = weights.get(&weight, &[width(wide_out), width(wide_in)])?;
                add(weight, &tensor)?;
                let tensor = weights.get(&bias, &[width(wide_out)])?;
                add(bias, &tensor)?;
            }
            for part in NORMS {
                for end in ["weight", "bias"] {
                    let name = format!("encoder.layer.{layer}.{part}.{end}");
                    let tensor = weights.get(&name, &[sizes.hidden_size])?;
                    add(name, &tensor)?;
                }
            }
        }
        add(format!("{HEADS}.weight"), &heads.weight)?;
        add(format!("{HEADS}.bias"), &heads.bias)?;
        Ok(Self { sizes: sizes.clone(), frozen, layers, variables, rounds: true })
    }

    /// The configuration of the layers below the trained ones.
    #[must_use]
    pub fn below(&self, config: &ModelConfig) -> ModelConfig {
        let mut below = config.clone();
        below.encoder.num_hidden_layers = self.frozen;
        below
    }

    /// What is learnt, by name. Heads are two tensors with all outputs: `heads.weight`, `heads.bias`.
    #[must_use]
    pub fn variables(&self) -> &BTreeMap<String, Var> {
        &self.variables
    }

    /// How many layers below the heads a variable lies: 0 for the heads, 1 for the uppermost layer.
    #[must_use]
    pub fn depth(&self, name: &str) -> usize {
        let layer = name.strip_prefix("encoder.layer.").and_then(|rest| rest.split_once('.')?.0.parse::<usize>().ok());
        layer.map_or(0, |layer| self.layers - layer)
    }

    /// Mean vectors, `[sequences, hidden]`, from the states `[sequences, width, hidden]` that the frozen layers give.
    pub fn pooled(&self, states: &Tensor, batch: &Batch, dropout: &mut Dropout<'_>) -> Result<Tensor> {
        let mask = attention_mask(batch)?;
        let mut states = states.clone();
        for layer in self.frozen..self.layers {
            states = self.layer(layer, &states, mask.as_ref(), dropout)?;
        }
        mean_pool(&states, batch)
    }

    /// Logits of all outputs, `[sequences, outputs]`, from mean vectors `[sequences, hidden]`.
    pub fn logits(&self, pooled: &Tensor, dropout: &mut Dropout<'_>) -> Result<Tensor> {
        let pooled = dropped(pooled.clone(), dropout)?;
        pooled.matmul(&self.get(&format!("{HEADS}.weight"))?.t()?)?.broadcast_add(self.get(&format!("{HEADS}.bias"))?)
    }

    fn layer(&self, layer: usize, states: &Tensor, mask: Option<&Tensor>, dropout: &mut Dropout<'_>) -> Result<Tensor> {
        let (sequences, width, hidden) = states.dims3()?;
        let at = |part: &str| format!("encoder.layer.{layer}.{part}");
        let heads = self.sizes.num_attention_heads;
        let size = hidden / heads;
        let split = |projected: Tensor| projected.reshape((sequences, width, heads, size))?.transpose(1, 2)?.contiguous();
        let query = split((self.project(&at("attention.self.query"), states)? * (1.0 / (size as f64).sqrt()))?)?;
        let key = split(self.project(&at("attention.self.key"), states)?)?;
        let value = split(self.project(&at("attention.self.value"), states)?)?;
        let scores = query.matmul(&key.t()?)?;
        let context = softmax(&scores, mask)?.matmul(&value)?;
        let context = context.transpose(1, 2)?.reshape((sequences, width, hidden))?;
        let attended = dropped(self.project(&at("attention.output.dense"), &context)?, dropout)?;
        let states = self.norm(&at("attention.output.LayerNorm"), &(attended + states)?)?;
        let wide = gelu(&self.project(&at("intermediate.dense"), &states)?)?;
        let narrow = dropped(self.project(&at("output.dense"), &wide)?, dropout)?;
        self.norm(&at("output.LayerNorm"), &(narrow + states)?)
    }

    fn project(&self, name: &str, states: &Tensor) -> Result<Tensor> {
        let (sequences, width, input) = states.dims3()?;
        let rows = states.reshape((sequences * width, input))?;
        let weight = self.get(&format!("{name}.weight"))?;
        let weight = if self.rounds { rounded(weight)? } else { weight.clone() };
        let rows = rows.matmul(&weight.t()?)?;
        biased(&rows, self.get(&format!("{name}.bias"))?)?.reshape((sequences, width, ()))
    }

    fn norm(&self, name: &str, states: &Tensor) -> Result<Tensor> {
        let (weight, bias) = (self.get(&format!("{name}.weight"))?, self.get(&format!("{name}.bias"))?);
        layer_norm(states, weight, bias, self.sizes.layer_norm_eps as f32)
    }

    /// One variable.
    pub fn get(&self, name: &str) -> Result<&Tensor> {
        match self.variables.get(name) {
            Some(variable) => Ok(variable.as_tensor()),
            None => candle_core::bail!("the network has no `{name}`"),
        }
    }
}

fn dropped(states: Tensor, dropout: &mut Dropout<'_>) -> Result<Tensor> {
    match dropout(states.shape())? {
        Some(mask) => masked(&states, &mask),
        None => Ok(states),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use candle_core::Device;

    use super::*;
    use crate::classifier::{Encoder, Labels, ModelFolder};
    use crate::tokens::Tokens;

    /// Of some network over sequences of unlike lengths: a number that hangs on every logit.
    fn outcome(network: &Network, states: &Tensor, batch: &Batch) -> Tensor {
        let pooled = network.pooled(states, batch, &mut |_| Ok(None)).unwrap();
        let logits = network.logits(&pooled, &mut |_| Ok(None)).unwrap();
        let weights: Vec<f32> = (0..logits.elem_count()).map(|n| ((n * 37 % 11) as f32 - 5.0) / 5.0).collect();
        (logits.clone() * Tensor::from_vec(weights, logits.shape(), &Device::Cpu).unwrap()).unwrap().sum_all().unwrap()
    }

    #[test]
    fn derivatives_are_the_slopes_that_small_steps_find() {
        let folder = ModelFolder::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/reference/hf/bert")).unwrap();
        let weights = folder.weights().unwrap();
        let hidden = folder.config.encoder.hidden_size;
        let values: Vec<f32> = (0..3 * hidden).map(|n| ((n * 29 % 17) as f32 - 8.0) / 8.0).collect();
        let heads = Heads {
            weight: Tensor::from_vec(values, (3, hidden), &Device::Cpu).unwrap(),
            bias: Tensor::zeros(3, candle_core::DType::F32, &Device::Cpu).unwrap(),
            labels: Labels { patterns: Vec::new(), indicators: Vec::new() },
        };
        let mut network = Network::new(&weights, &folder.config.encoder, 0, &heads).unwrap();
        // Small steps of what is rounded go nowhere.
        network.rounds = false;
        let tokens = [5u32, 9, 3].map(|length| Tokens { ids: (0..length).map(|n| 5 + n * 7 % 40).collect(), truncated: false });
        let batch: Batch = tokens.iter().collect();
        let states = Encoder::load(&weights, &network.below(&folder.config)).unwrap().forward(&batch).unwrap();
        let gradients = outcome(&network, &states, &batch).backward().unwrap();
        for (name, variable) in network.variables() {
            let slopes = gradients.get(variable).unwrap_or_else(|| panic!("{name} has no derivative")).flatten_all().unwrap();
            let slopes = slopes.to_vec1::<f32>().unwrap();
            let steepest = (0..slopes.len()).max_by(|a, b| slopes[*a].abs().total_cmp(&slopes[*b].abs())).unwrap();
            let kept = variable.as_tensor().copy().unwrap();
            let moved = |by: f32| {
                let mut values = kept.flatten_all().unwrap().to_vec1::<f32>().unwrap();
                values[steepest] += by;
                variable.set(&Tensor::from_vec(values, kept.shape(), &Device::Cpu).unwrap()).unwrap();
                outcome(&network, &states, &batch).to_scalar::<f32>().unwrap()
            };
            let step = 1e-2;
            let found = (moved(step) - moved(-step)) / (2.0 * step);
            moved(0.0);
            let expected = slopes[steepest];
            assert!((found - expected).abs() <= 0.03 * expected.abs() + 2e-3, "{name}: {expected} by backward, {found} by steps");
        }
    }
}
