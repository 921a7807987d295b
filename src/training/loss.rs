//! [`Targets`]: what a group of records answers, as tensors, and how far logits are from it.

use candle_core::{D, Device, Result, Tensor};
use candle_nn::ops;

use super::features::Example;
use crate::classifier::Labels;
use crate::typology::Context;

/// Outputs of the context head, which come first.
pub(super) const CONTEXTS: usize = Context::ALL.len();
/// Position of the suspect output.
pub(super) const SUSPECT: usize = CONTEXTS;
/// Outputs before the first pattern.
pub(super) const FIXED: usize = CONTEXTS + 1;

/// What an error in one output of each head costs.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LossWeights {
    /// Cross-entropy over contexts.
    pub context: f32,
    /// The suspect output.
    pub suspect: f32,
    /// Each pattern.
    pub patterns: f32,
    /// Each indicator.
    pub indicators: f32,
}

impl LossWeights {
    /// Every output the same: right for heads that share no weights.
    pub(super) const EQUAL: Self = Self { context: 1.0, suspect: 1.0, patterns: 1.0, indicators: 1.0 };
}

/// Answers, masks and weights of some records.
pub(super) struct Targets {
    /// `[records]` context ids.
    context: Tensor,
    /// `[records, outputs − CONTEXTS]` answers of the sigmoid outputs.
    binary: Tensor,
    /// The same shape: weight of each answer, 0 where the set has none.
    weights: Tensor,
    /// `[records]`.
    record_weights: Tensor,
    context_weight: f64,
}

impl Targets {
    /// `weight` says what a record counts.
    pub(super) fn new<'e>(
        examples: impl ExactSizeIterator<Item = &'e Example> + Clone,
        weight: impl Fn(&Example) -> f32,
        labels: &Labels,
        costs: LossWeights,
    ) -> Result<Self> {
        let width = 1 + labels.patterns.len() + labels.indicators.len();
        let mut binary = Vec::with_capacity(examples.len() * width);
        let mut weights = Vec::with_capacity(examples.len() * width);
        for example in examples.clone() {
            let label = &example.record.label;
            binary.push(f32::from(u8::from(label.suspect)));
            weights.push(weight(example) * costs.suspect);
            binary.extend(labels.patterns.iter().map(|id| f32::from(u8::from(label.patterns.contains(id)))));
            // A set without indicators names at most the one pattern it was collected for: silence on the others is no answer.
            let known = label.indicators.as_ref();
            let judged = if known.is_some() { weight(example) } else { 0.0 };
            weights.extend(labels.patterns.iter().map(|_| judged * costs.patterns));
            binary.extend(labels.indicators.iter().map(|id| f32::from(u8::from(known.is_some_and(|list| list.contains(id))))));
            weights.extend(labels.indicators.iter().map(|_| judged * costs.indicators));
        }
        let shape = (examples.len(), width);
        let context: Vec<u32> = examples.clone().map(|example| example.record.label.context as u32).collect();
        Ok(Self {
            context: Tensor::new(context, &Device::Cpu)?,
            binary: Tensor::from_vec(binary, shape, &Device::Cpu)?,
            weights: Tensor::from_vec(weights, shape, &Device::Cpu)?,
            record_weights: Tensor::new(examples.map(weight).collect::<Vec<f32>>(), &Device::Cpu)?,
            context_weight: f64::from(costs.context),
        })
    }

    /// Weighted mean of cross-entropy over contexts and of binary cross-entropy over each sigmoid output.
    pub(super) fn loss(&self, logits: &Tensor) -> Result<Tensor> {
        let total = self.record_weights.sum_all()?;
        let log_p = ops::log_softmax(&logits.narrow(D::Minus1, 0, CONTEXTS)?, D::Minus1)?;
        let picked = log_p.gather(&self.context.unsqueeze(1)?, 1)?.squeeze(1)?;
        let context = (((picked * &self.record_weights)?.sum_all()?.neg()? / &total)? * self.context_weight)?;
        let z = logits.narrow(D::Minus1, SUSPECT, self.binary.dim(1)?)?;
        // max(z, 0) − z·y + ln(1 + e^−|z|), the form that does not overflow.
        let softplus = ((z.abs()?.neg()?.exp()? + 1.0)?).log()?;
        let each = ((z.relu()? - (&z * &self.binary)?)? + softplus)?;
        let binary = ((each * &self.weights)?.sum_all()? / &total)?;
        context + binary
    }
}
