//! [`AdamW`]: Adam with decoupled weight decay (Loshchilov and Hutter, 2019), a step size for each variable, and a state that can be stored.
//!
//! candle-nn's has one step size for all variables and hides its moments; fine-tuning needs smaller steps below, and a run that was
//! killed needs the moments back.

use std::collections::{BTreeMap, HashMap};

use candle_core::{Result, Tensor, Var};
use rayon::prelude::*;

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// Derivatives of the loss, by name of the variable.
pub(super) type Gradients = BTreeMap<String, Tensor>;

/// Moments of every variable, by name.
pub(super) struct AdamW {
    weight_decay: f64,
    /// First and second.
    moments: BTreeMap<String, [Tensor; 2]>,
}

impl AdamW {
    /// Moments begin at zero.
    pub(super) fn new(variables: &BTreeMap<String, Var>, weight_decay: f64) -> Result<Self> {
        let zeros = |(name, var): (&String, &Var)| Ok((name.clone(), [var.zeros_like()?, var.zeros_like()?]));
        Ok(Self { weight_decay, moments: variables.iter().map(zeros).collect::<Result<_>>()? })
    }

    /// One step, the `step`-th from 1. Gradients are scaled down together where their norm exceeds `most`; biases and norms do not decay.
    pub(super) fn step(
        &mut self,
        variables: &BTreeMap<String, Var>,
        gradients: &Gradients,
        step: usize,
        most: f64,
        rate: impl Fn(&str) -> f64 + Sync,
    ) -> Result<()> {
        let squares: Vec<f64> = gradients
            .par_iter()
            .map(|(_, gradient)| gradient.sqr()?.sum_all()?.to_scalar::<f32>().map(f64::from))
            .collect::<Result<_>>()?;
        let norm = squares.iter().sum::<f64>().sqrt();
        if !norm.is_finite() {
            candle_core::bail!("the gradients of step {step} are no numbers; a smaller learning_rate may help");
        }
        let scale = (most / norm.max(1e-12)).min(1.0);
        let (correct1, correct2) = (1.0 - BETA1.powf(step as f64), 1.0 - BETA2.powf(step as f64));
        self.moments.par_iter_mut().try_for_each(|(name, [first, second])| {
            let (Some(var), Some(gradient)) = (variables.get(name), gradients.get(name)) else { return Ok(()) };
            let rate = rate(name);
            let decay = if name.ends_with(".weight") && !name.contains("LayerNorm") { rate * self.weight_decay } else { 0.0 };
            let update = Update {
                scale: scale as f32,
                kept: (1.0 - decay) as f32,
                step: (rate / correct1) as f32,
                correct: (1.0 / correct2) as f32,
            };
            let mut values = flat(var)?;
            let [mut m, mut v] = [flat(first)?, flat(second)?];
            update.apply(&mut values, &flat(gradient)?, &mut m, &mut v);
            let tensor = |values| Tensor::from_vec(values, var.shape(), var.device());
            (*first, *second) = (tensor(m)?, tensor(v)?);
            var.set(&tensor(values)?)
        })
    }

    /// Moments under `first.NAME` and `second.NAME`.
    #[must_use]
    pub(super) fn tensors(&self) -> HashMap<String, Tensor> {
        let named = |(name, [first, second]): (&String, &[Tensor; 2])| {
            [(format!("first.{name}"), first.clone()), (format!("second.{name}"), second.clone())]
        };
        self.moments.iter().flat_map(named).collect()
    }

    /// Takes moments back; those that are missing stay as they are.
    pub(super) fn restore(&mut self, tensors: &HashMap<String, Tensor>) {
        for (name, moments) in &mut self.moments {
            for (kind, moment) in ["first", "second"].into_iter().zip(moments) {
                if let Some(stored) = tensors.get(&format!("{kind}.{name}")) {
                    *moment = stored.clone();
                }
            }
        }
    }
}

/// What one step does to every number of a variable.
struct Update {
    /// Of gradients.
    scale: f32,
    /// What decay leaves of a value.
    kept: f32,
    /// Step size, the first moment's bias corrected.
    step: f32,
    /// Corrects the second moment's bias.
    correct: f32,
}

impl Update {
    /// One pass: tensor by tensor it would be a dozen over memory.
    fn apply(&self, values: &mut [f32], gradients: &[f32], first: &mut [f32], second: &mut [f32]) {
        let (beta1, beta2, epsilon) = (BETA1 as f32, BETA2 as f32, EPSILON as f32);
        for (((value, gradient), m), v) in values.iter_mut().zip(gradients).zip(first).zip(second) {
            let gradient = gradient * self.scale;
            *m = *m * beta1 + gradient * (1.0 - beta1);
            *v = *v * beta2 + gradient * gradient * (1.0 - beta2);
            *value = *value * self.kept - *m * self.step / ((*v * self.correct).sqrt() + epsilon);
        }
    }
}

fn flat(tensor: &Tensor) -> Result<Vec<f32>> {
    tensor.flatten_all()?.to_vec1()
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn two_steps_are_those_of_the_definition() {
        let var = |values: [f32; 2]| Var::new(&values, &Device::Cpu).unwrap();
        let variables = BTreeMap::from([("a.weight".to_owned(), var([1.0, -2.0])), ("a.bias".to_owned(), var([0.5, 0.5]))]);
        let still = BTreeMap::from([("still.weight".to_owned(), var([7.0, 7.0]))]);
        let all: BTreeMap<String, Var> = variables.clone().into_iter().chain(still).collect();
        let mut optimizer = AdamW::new(&all, 0.1).unwrap();
        // Norm 5, so that the bound of 1 leaves a fifth: 0.6 and 0.8.
        let gradients = |weight: [f32; 2]| {
            let tensor = |values: [f32; 2]| Tensor::new(&values, &Device::Cpu).unwrap();
            Gradients::from([("a.weight".to_owned(), tensor(weight)), ("a.bias".to_owned(), tensor([0.0, 0.0]))])
        };
        let rate = |_: &str| 0.01;
        optimizer.step(&all, &gradients([3.0, 4.0]), 1, 1.0, rate).unwrap();
        // The first step is one rate long, against the sign; what is kept of a weight is 1 − 0.01 · 0.1.
        let values = |name: &str| all[name].to_vec1::<f32>().unwrap();
        let close = |found: Vec<f32>, expected: [f64; 2]| {
            assert!(found.iter().zip(expected).all(|(f, e)| (f64::from(*f) - e).abs() < 1e-6), "{found:?} for {expected:?}");
        };
        close(values("a.weight"), [0.999 - 0.01, -1.998 - 0.01]);
        close(values("a.bias"), [0.5, 0.5]);
        optimizer.step(&all, &gradients([-0.6, 0.8]), 2, 1.0, rate).unwrap();
        // First moments are now 0.9 · 0.1 · g − 0.1 · g and 0.9 · 0.1 · g + 0.1 · g, second ones 0.001 · (0.999 + 1) · g².
        let moved = |first: f64| 0.01 * (first / 0.19) / 1.0;
        close(values("a.weight"), [0.989 * 0.999 + moved(0.01), -2.008 * 0.999 - moved(0.19)]);
        close(values("still.weight"), [7.0, 7.0]);
        assert!(optimizer.step(&all, &gradients([f32::NAN, 0.0]), 3, 1.0, rate).is_err(), "no number ends the run");
    }
}
