//! Four linear heads on pooled vectors, fitted together by full-batch AdamW.
//!
//! They begin at zero weights and at biases that give the shares of the training records. Vectors are centred and, where the recipe
//! says so, standardised for the fit; both is folded into the weights after it, so that a model folder holds plain linear layers.
//! Labels a record does not have are masked: they cost nothing and teach nothing.

use std::collections::HashMap;

use candle_core::Tensor;

use super::TrainingError;
use super::features::Features;
use super::linear::LinearFit;
use super::loss::{CONTEXTS, FIXED, LossWeights, SUSPECT, Targets};
use super::network::Network;
use super::recipe::HeadsRecipe;
use super::standard::Standard;
use crate::classifier::{Labels, Logits};

/// Fitted heads: `logits = vector · weightᵀ + bias`, outputs in the order context, suspect, patterns, indicators.
pub struct Heads {
    /// `[outputs, hidden]`.
    pub weight: Tensor,
    /// `[outputs]`.
    pub bias: Tensor,
    /// What the outputs behind the first six stand for.
    pub labels: Labels,
}

/// Fits the heads on training examples. `report` is told the step and the loss now and then.
pub fn fit(
    features: &Features,
    labels: Labels,
    recipe: &HeadsRecipe,
    mut report: impl FnMut(usize, f32),
) -> Result<Heads, TrainingError> {
    fit_tensors(features, labels, recipe, &mut report).map_err(TrainingError::compute)
}

fn fit_tensors(
    features: &Features,
    labels: Labels,
    recipe: &HeadsRecipe,
    report: &mut dyn FnMut(usize, f32),
) -> candle_core::Result<Heads> {
    let targets = Targets::new(features.examples().iter(), |example| example.weight, &labels, LossWeights::EQUAL)?;
    let bias = targets.base_rates()?;
    let vectors = features.vectors()?;
    let standard = Standard::of(&vectors, recipe.standardised)?;
    let inputs = standard.apply(&vectors)?;
    let mut fit = LinearFit::new(vectors.dim(1)?, &bias, recipe.steps, recipe.learning_rate, recipe.weight_decay)?;
    for step in 0..recipe.steps {
        let loss = fit.step(&inputs, |logits| targets.loss(logits))?;
        if step % 50 == 0 || step + 1 == recipe.steps {
            report(step, loss.to_scalar()?);
        }
    }
    let (weight, bias) = fit.folded(&standard)?;
    Ok(Heads { weight, bias, labels })
}

impl Heads {
    /// The heads of a tuned network.
    pub fn of(network: &Network, labels: Labels) -> Result<Self, TrainingError> {
        let get = |name: &str| network.get(name).map(Tensor::detach).map_err(TrainingError::compute);
        Ok(Self { weight: get("heads.weight")?, bias: get("heads.bias")?, labels })
    }

    /// Logits of every example, in order.
    pub fn logits(&self, features: &Features) -> Result<Vec<Logits>, TrainingError> {
        let apply = || -> candle_core::Result<Vec<Vec<f32>>> {
            features.vectors()?.matmul(&self.weight.t()?)?.broadcast_add(&self.bias)?.to_vec2()
        };
        let rows = apply().map_err(TrainingError::compute)?;
        Ok(rows.iter().map(|row| logits(row, &self.labels)).collect())
    }

    /// The four heads under the names a model folder uses.
    pub fn tensors(&self) -> Result<HashMap<String, Tensor>, TrainingError> {
        let mut tensors = HashMap::new();
        let mut first = 0;
        let sizes = [
            ("context", CONTEXTS),
            ("suspect", 1),
            ("patterns", self.labels.patterns.len()),
            ("indicators", self.labels.indicators.len()),
        ];
        for (name, outputs) in sizes {
            if outputs > 0 {
                let cut = |tensor: &Tensor| {
                    tensor.narrow(0, first, outputs).and_then(|part| part.contiguous()).map_err(TrainingError::compute)
                };
                tensors.insert(format!("heads.{name}.weight"), cut(&self.weight)?);
                tensors.insert(format!("heads.{name}.bias"), cut(&self.bias)?);
            }
            first += outputs;
        }
        Ok(tensors)
    }
}

/// One row of outputs, head by head.
pub(super) fn logits(row: &[f32], labels: &Labels) -> Logits {
    let patterns = labels.patterns.len();
    Logits {
        context: Some(std::array::from_fn(|label| row[label])),
        suspect: row[SUSPECT],
        patterns: row[FIXED..FIXED + patterns].to_vec(),
        indicators: row[FIXED + patterns..].to_vec(),
        place_moves: Vec::new(),
    }
}
