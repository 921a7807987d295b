//! [`Targets`]: what a group of records answers, as tensors, and how far logits are from it.

use candle_core::{D, Device, Result, Tensor};
use candle_nn::ops;

use super::features::Example;
use super::teacher::Lesson;
use crate::classifier::Labels;
use crate::labelled::Record;
use crate::typology::Context;

/// Outputs of the context head, which come first.
pub(super) const CONTEXTS: usize = Context::ALL.len();
/// Position of the suspect output.
pub(super) const SUSPECT: usize = CONTEXTS;
/// Outputs before the first pattern.
pub(super) const FIXED: usize = CONTEXTS + 1;

/// No answer is given less than this share, nor more than the rest, to begin with.
const LEAST_SHARE: f64 = 1e-3;

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
    /// Each pair of twins whose suspect one does not outrank the other.
    #[serde(default)]
    pub twins: f32,
}

impl LossWeights {
    /// Every output the same: right for heads that share no weights.
    pub(super) const EQUAL: Self = Self { context: 1.0, suspect: 1.0, patterns: 1.0, indicators: 1.0, twins: 0.0 };
}

/// Answers, masks and weights of some records.
pub(super) struct Targets {
    /// `[records, CONTEXTS]`: what part of the answer each context is.
    context: Tensor,
    /// `[records, outputs − CONTEXTS]` answers of the sigmoid outputs.
    binary: Tensor,
    /// The same shape: weight of each answer, 0 where the set has none.
    weights: Tensor,
    /// `[records]`.
    record_weights: Tensor,
    /// `[outputs − CONTEXTS]`: what an error in each sigmoid output costs where there is an answer.
    costs: Tensor,
    context_weight: f64,
    /// Records of one group of which the first is suspect and the second is not, by position.
    twins: Option<(Tensor, Tensor)>,
    twin_weight: f64,
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
        let context: Vec<f32> = examples
            .clone()
            .flat_map(|example| Context::ALL.map(|context| f32::from(u8::from(context == example.record.label.context))))
            .collect();
        let cost = std::iter::once(costs.suspect)
            .chain(labels.patterns.iter().map(|_| costs.patterns))
            .chain(labels.indicators.iter().map(|_| costs.indicators));
        Ok(Self {
            context: Tensor::from_vec(context, (examples.len(), CONTEXTS), &Device::Cpu)?,
            binary: Tensor::from_vec(binary, shape, &Device::Cpu)?,
            weights: Tensor::from_vec(weights, shape, &Device::Cpu)?,
            record_weights: Tensor::new(examples.clone().map(weight).collect::<Vec<f32>>(), &Device::Cpu)?,
            costs: Tensor::new(cost.collect::<Vec<f32>>(), &Device::Cpu)?,
            context_weight: f64::from(costs.context),
            twins: if costs.twins > 0.0 { twins(examples)? } else { None },
            twin_weight: f64::from(costs.twins),
        })
    }

    /// The same records with a part of every answer as a teacher gives it. What a set has no answer to is answered by the teacher alone,
    /// and costs that part. Record weights become 1: a record of which only the teacher says anything counts in the mean too.
    pub(super) fn taught(self, lessons: &[&Lesson], known: &Tensor) -> Result<Self> {
        let said = Tensor::stack(&lessons.iter().map(|lesson| &lesson.answers).collect::<Vec<_>>(), 0)?;
        let part = Tensor::new(lessons.iter().map(|lesson| lesson.part).collect::<Vec<f32>>(), &Device::Cpu)?.unsqueeze(1)?;
        let (context, binary) = (said.narrow(1, 0, CONTEXTS)?, said.narrow(1, CONTEXTS, self.binary.dim(1)?)?);
        let own = self.record_weights.unsqueeze(1)?.broadcast_mul(&part.affine(-1.0, 1.0)?)?;
        let context = (self.context.broadcast_mul(&own)? + context.broadcast_mul(&part)?)?;
        // The log loss is linear in the answer: two weighted answers are one, their mean, with both weights.
        let known = known.narrow(0, CONTEXTS, self.binary.dim(1)?)?.unsqueeze(0)?;
        let readers = (&self.weights * part.broadcast_mul(&known)?.affine(-1.0, 1.0)?)?;
        let teacher = part.broadcast_mul(&known.broadcast_mul(&self.costs)?)?;
        let weights = (&readers + &teacher)?;
        let binary = (((readers * self.binary)? + (teacher * binary)?)? / weights.maximum(f64::from(f32::MIN_POSITIVE))?)?;
        let record_weights = self.record_weights.ones_like()?;
        Ok(Self { context, binary, weights, record_weights, ..self })
    }

    /// `[outputs]`: logits that give each answer its share among the records, whatever the text.
    pub(super) fn base_rates(&self) -> Result<Tensor> {
        let total = self.record_weights.sum_all()?;
        let contexts = self.context.broadcast_mul(&self.record_weights.unsqueeze(1)?)?.sum(0)?.broadcast_div(&total)?;
        let contexts = contexts.maximum(LEAST_SHARE)?.log()?;
        let answered = self.weights.sum(0)?.maximum(LEAST_SHARE)?;
        let shares = ((&self.binary * &self.weights)?.sum(0)? / answered)?.clamp(LEAST_SHARE, 1.0 - LEAST_SHARE)?;
        let binary = (shares.log()? - shares.affine(-1.0, 1.0)?.log()?)?;
        Tensor::cat(&[contexts, binary], 0)
    }

    /// Weighted mean of cross-entropy over contexts and of binary cross-entropy over each sigmoid output; and of every pair of twins
    /// the log loss of ranking the suspect one first, as in Burges et al., "Learning to rank using gradient descent", 2005.
    pub(super) fn loss(&self, logits: &Tensor) -> Result<Tensor> {
        let total = self.record_weights.sum_all()?;
        let log_p = ops::log_softmax(&logits.narrow(D::Minus1, 0, CONTEXTS)?, D::Minus1)?;
        let picked = (log_p * &self.context)?.sum(1)?;
        let context = (((picked * &self.record_weights)?.sum_all()?.neg()? / &total)? * self.context_weight)?;
        let z = logits.narrow(D::Minus1, SUSPECT, self.binary.dim(1)?)?;
        let each = log_loss(&z, &self.binary)?;
        let binary = ((each * &self.weights)?.sum_all()? / &total)?;
        let Some((suspect, other)) = &self.twins else { return context + binary };
        let z = z.narrow(D::Minus1, 0, 1)?.contiguous()?.squeeze(1)?;
        let behind = (z.index_select(other, 0)? - z.index_select(suspect, 0)?)?;
        let ranking = ((softplus(&behind)?.sum_all()? / &total)? * self.twin_weight)?;
        (context + binary)? + ranking
    }
}

/// Log loss of each of some log-odds, where the answers are 1 or 0.
pub(super) fn log_loss(z: &Tensor, answers: &Tensor) -> Result<Tensor> {
    softplus(z)? - (z * answers)?
}

/// ln(1 + eᶻ), in the form that does not overflow: max(z, 0) + ln(1 + e^−|z|).
fn softplus(z: &Tensor) -> Result<Tensor> {
    z.relu()? + (z.abs()?.neg()?.exp()? + 1.0)?.log()?
}

/// Positions of the suspect and of the other of every pair of twins; none where there is no pair.
fn twins<'e>(examples: impl Iterator<Item = &'e Example>) -> Result<Option<(Tensor, Tensor)>> {
    let labelled: Vec<(usize, &Record)> =
        examples.enumerate().filter(|(_, example)| example.labelled).map(|(at, example)| (at, &example.record)).collect();
    let (mut suspects, mut others) = (Vec::new(), Vec::new());
    for (at, suspect) in labelled.iter().filter(|(_, record)| record.label.suspect) {
        for (beside, _) in labelled.iter().filter(|(_, other)| !other.label.suspect && other.group == suspect.group) {
            suspects.push(*at as u32);
            others.push(*beside as u32);
        }
    }
    if suspects.is_empty() {
        return Ok(None);
    }
    Ok(Some((Tensor::new(suspects, &Device::Cpu)?, Tensor::new(others, &Device::Cpu)?)))
}

#[cfg(test)]
mod tests {
    use super::super::features::tests::example;
    use super::*;
    use crate::typology::PatternId;

    #[test]
    fn twins_cost_less_the_better_the_suspect_one_is_ranked() {
        let mut examples =
            [example(Context::Offer, true, true), example(Context::Offer, false, true), example(Context::Offer, false, true)];
        for (example, group) in examples.iter_mut().zip(["pair", "pair", "alone"]) {
            example.record.group = group.to_owned();
        }
        let labels = Labels::default();
        let loss = |costs: LossWeights, z: [f32; 3]| {
            let logits: Vec<f32> = z.iter().flat_map(|z| [0.0, 0.0, 0.0, 0.0, 0.0, *z]).collect();
            let logits = Tensor::from_vec(logits, (3, FIXED), &Device::Cpu).unwrap();
            let targets = Targets::new(examples.iter(), |_| 1.0, &labels, costs).unwrap();
            targets.loss(&logits).unwrap().to_scalar::<f32>().unwrap()
        };
        let ranking = |z| loss(LossWeights { twins: 3.0, ..LossWeights::EQUAL }, z) - loss(LossWeights::EQUAL, z);
        let expected = |behind: f32| behind.exp().ln_1p();
        assert!((ranking([1.0, 3.0, 0.0]) - expected(2.0)).abs() < 1e-5);
        assert!((ranking([4.0, -3.0, 50.0]) - expected(-7.0)).abs() < 1e-5, "those of no pair do not count");
    }

    #[test]
    fn base_rates_are_the_shares_of_those_that_answer() {
        // The fourth names no indicators, so what it says of patterns is no answer.
        let examples = [
            example(Context::Offer, true, true),
            example(Context::Offer, false, true),
            example(Context::News, false, true),
            example(Context::Offer, true, false),
        ];
        let labels = Labels { patterns: PatternId::all().take(1).collect(), indicators: Vec::new() };
        let targets = Targets::new(examples.iter(), |_| 1.0, &labels, LossWeights::EQUAL).unwrap();
        let logits = targets.base_rates().unwrap();
        let context = ops::softmax(&logits.narrow(0, 0, CONTEXTS).unwrap(), 0).unwrap().to_vec1::<f32>().unwrap();
        let binary = ops::sigmoid(&logits.narrow(0, CONTEXTS, 2).unwrap()).unwrap().to_vec1::<f32>().unwrap();
        assert!((context[Context::Offer as usize] - 0.75).abs() < 0.01 && (context[Context::News as usize] - 0.25).abs() < 0.01);
        assert!((binary[0] - 0.5).abs() < 1e-4 && (binary[1] - 1.0 / 3.0).abs() < 1e-4, "{binary:?}");
    }
}
