//! Four linear heads on pooled vectors, fitted together by full-batch AdamW.
//!
//! Vectors are standardised for the fit and the scaling is folded into the weights after it, so that a model folder holds
//! plain linear layers. Labels a record does not have are masked: they cost nothing and teach nothing.

use std::collections::HashMap;

use candle_core::{D, Device, Tensor, Var};
use candle_nn::{AdamW, Optimizer, ParamsAdamW, ops};

use super::TrainingError;
use super::features::Features;
use super::recipe::HeadsRecipe;
use crate::classifier::{Labels, Logits};
use crate::typology::Context;

/// Fitted heads: `logits = vector · weightᵀ + bias`, outputs in the order context, suspect, patterns, indicators.
pub struct Heads {
    /// `[outputs, hidden]`.
    pub weight: Tensor,
    /// `[outputs]`.
    pub bias: Tensor,
    /// What the outputs behind the first six stand for.
    pub labels: Labels,
}

const CONTEXTS: usize = Context::ALL.len();
/// Position of the suspect output.
const SUSPECT: usize = CONTEXTS;
/// Outputs before the first pattern.
const FIXED: usize = CONTEXTS + 1;

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
    let vectors = features.vectors()?;
    let hidden = vectors.dim(1)?;
    let mean = vectors.mean_keepdim(0)?;
    let spread = (vectors.broadcast_sub(&mean)?.sqr()?.mean_keepdim(0)? + 1e-12)?.sqrt()?;
    let inputs = vectors.broadcast_sub(&mean)?.broadcast_div(&spread)?;
    let targets = Targets::new(features, &labels)?;

    let outputs = FIXED + labels.patterns.len() + labels.indicators.len();
    let weight = Var::zeros((outputs, hidden), candle_core::DType::F32, &Device::Cpu)?;
    let bias = Var::zeros(outputs, candle_core::DType::F32, &Device::Cpu)?;
    let params = ParamsAdamW { lr: recipe.learning_rate, weight_decay: recipe.weight_decay, ..ParamsAdamW::default() };
    let mut optimizer = AdamW::new(vec![weight.clone(), bias.clone()], params)?;
    for step in 0..recipe.steps {
        optimizer.set_learning_rate(recipe.learning_rate * (1.0 - step as f64 / recipe.steps as f64));
        let logits = inputs.matmul(&weight.t()?)?.broadcast_add(&bias)?;
        let loss = targets.loss(&logits)?;
        optimizer.backward_step(&loss)?;
        if step % 50 == 0 || step + 1 == recipe.steps {
            report(step, loss.to_scalar()?);
        }
    }
    // (x − mean) / spread · wᵀ + b  =  x · (w / spread)ᵀ + (b − mean · (w / spread)ᵀ)
    let weight = weight.as_tensor().broadcast_div(&spread)?.detach();
    let bias = (bias.as_tensor() - weight.matmul(&mean.t()?)?.squeeze(1)?)?.detach();
    Ok(Heads { weight, bias, labels })
}

/// Answers, masks and weights of every example as tensors.
struct Targets {
    /// `[records]` context ids.
    context: Tensor,
    /// `[records, outputs − CONTEXTS]` answers of the sigmoid outputs.
    binary: Tensor,
    /// The same shape: weight of each answer, 0 where the set has none.
    weights: Tensor,
    /// `[records]`.
    record_weights: Tensor,
}

impl Targets {
    fn new(features: &Features, labels: &Labels) -> candle_core::Result<Self> {
        let examples = features.examples();
        let width = 1 + labels.patterns.len() + labels.indicators.len();
        let mut binary = Vec::with_capacity(examples.len() * width);
        let mut weights = Vec::with_capacity(examples.len() * width);
        for example in examples {
            let label = &example.record.label;
            binary.push(f32::from(u8::from(label.suspect)));
            weights.push(example.weight);
            binary.extend(labels.patterns.iter().map(|id| f32::from(u8::from(label.patterns.contains(id)))));
            // A set without indicators names at most the one pattern it was collected for: silence on the others is no answer.
            let known = label.indicators.as_ref();
            let judged = if known.is_some() { example.weight } else { 0.0 };
            weights.extend(labels.patterns.iter().map(|_| judged));
            binary.extend(labels.indicators.iter().map(|id| f32::from(u8::from(known.is_some_and(|list| list.contains(id))))));
            weights.extend(labels.indicators.iter().map(|_| judged));
        }
        let context: Vec<u32> = examples.iter().map(|example| example.record.label.context as u32).collect();
        let record_weights: Vec<f32> = examples.iter().map(|example| example.weight).collect();
        let shape = (examples.len(), width);
        Ok(Self {
            context: Tensor::new(context, &Device::Cpu)?,
            binary: Tensor::from_vec(binary, shape, &Device::Cpu)?,
            weights: Tensor::from_vec(weights, shape, &Device::Cpu)?,
            record_weights: Tensor::new(record_weights, &Device::Cpu)?,
        })
    }

    /// Weighted mean of cross-entropy over contexts and of binary cross-entropy over each sigmoid output.
    fn loss(&self, logits: &Tensor) -> candle_core::Result<Tensor> {
        let total = self.record_weights.sum_all()?;
        let log_p = ops::log_softmax(&logits.narrow(D::Minus1, 0, CONTEXTS)?, D::Minus1)?;
        let picked = log_p.gather(&self.context.unsqueeze(1)?, 1)?.squeeze(1)?;
        let context = ((picked * &self.record_weights)?.sum_all()?.neg()? / &total)?;
        let z = logits.narrow(D::Minus1, SUSPECT, self.binary.dim(1)?)?;
        // max(z, 0) − z·y + ln(1 + e^−|z|), the form that does not overflow.
        let softplus = ((z.abs()?.neg()?.exp()? + 1.0)?).log()?;
        let each = ((z.relu()? - (&z * &self.binary)?)? + softplus)?;
        let binary = ((each * &self.weights)?.sum_all()? / &total)?;
        context + binary
    }
}

impl Heads {
    /// Logits of every example, in order.
    pub fn logits(&self, features: &Features) -> Result<Vec<Logits>, TrainingError> {
        let apply = || -> candle_core::Result<Vec<Vec<f32>>> {
            features.vectors()?.matmul(&self.weight.t()?)?.broadcast_add(&self.bias)?.to_vec2()
        };
        let rows = apply().map_err(TrainingError::compute)?;
        let patterns = self.labels.patterns.len();
        Ok(rows
            .into_iter()
            .map(|row| Logits {
                context: Some(std::array::from_fn(|label| row[label])),
                suspect: row[SUSPECT],
                patterns: row[FIXED..FIXED + patterns].to_vec(),
                indicators: row[FIXED + patterns..].to_vec(),
            })
            .collect())
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
