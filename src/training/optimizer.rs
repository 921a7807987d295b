//! [`AdamW`]: Adam with decoupled weight decay (Loshchilov and Hutter, 2019), a step size for each variable, and a state that can be stored.
//!
//! candle-nn's has one step size for all variables and hides its moments; fine-tuning needs smaller steps below, and a run that was
//! killed needs the moments back.

use std::collections::{BTreeMap, HashMap};

use candle_core::{Result, Tensor, Var};

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// Derivatives of the loss, by name of the variable.
pub(super) type Gradients = BTreeMap<String, Tensor>;

/// Moments of every variable, by name.
pub(super) struct AdamW {
    weight_decay: f64,
    first: BTreeMap<String, Tensor>,
    second: BTreeMap<String, Tensor>,
}

impl AdamW {
    /// Moments begin at zero.
    pub(super) fn new(variables: &BTreeMap<String, Var>, weight_decay: f64) -> Result<Self> {
        let zeros = || variables.iter().map(|(name, var)| Ok((name.clone(), var.zeros_like()?))).collect::<Result<_>>();
        Ok(Self { weight_decay, first: zeros()?, second: zeros()? })
    }

    /// One step, the `step`-th from 1. Gradients are scaled down together where their norm exceeds `most`; biases and norms do not decay.
    pub(super) fn step(
        &mut self,
        variables: &BTreeMap<String, Var>,
        gradients: &Gradients,
        step: usize,
        most: f64,
        rate: impl Fn(&str) -> f64,
    ) -> Result<()> {
        let mut norm = 0.0;
        for gradient in gradients.values() {
            norm += f64::from(gradient.sqr()?.sum_all()?.to_scalar::<f32>()?);
        }
        let scale = (most / norm.sqrt().max(1e-12)).min(1.0);
        let (correct1, correct2) = (1.0 - BETA1.powf(step as f64), 1.0 - BETA2.powf(step as f64));
        for (name, var) in variables {
            let Some(gradient) = gradients.get(name) else { continue };
            let gradient = (gradient * scale)?;
            let first = ((&self.first[name] * BETA1)? + (&gradient * (1.0 - BETA1))?)?.detach();
            let second = ((&self.second[name] * BETA2)? + (gradient.sqr()? * (1.0 - BETA2))?)?.detach();
            let rate = rate(name);
            let decay = if name.ends_with(".weight") && !name.contains("LayerNorm") { rate * self.weight_decay } else { 0.0 };
            let spread = ((&second / correct2)?.sqrt()? + EPSILON)?;
            let change = ((&first * (rate / correct1))? / spread)?;
            var.set(&((var.as_tensor() * (1.0 - decay))? - change)?.detach())?;
            self.first.insert(name.clone(), first);
            self.second.insert(name.clone(), second);
        }
        Ok(())
    }

    /// Moments under `first.NAME` and `second.NAME`.
    #[must_use]
    pub(super) fn tensors(&self) -> HashMap<String, Tensor> {
        let named = |kind: &'static str, moments: &BTreeMap<String, Tensor>| {
            moments.iter().map(|(name, tensor)| (format!("{kind}.{name}"), tensor.clone())).collect::<Vec<_>>()
        };
        named("first", &self.first).into_iter().chain(named("second", &self.second)).collect()
    }

    /// Takes moments back; those that are missing stay as they are.
    pub(super) fn restore(&mut self, tensors: &HashMap<String, Tensor>) {
        for (kind, moments) in [("first", &mut self.first), ("second", &mut self.second)] {
            for (name, moment) in moments {
                if let Some(stored) = tensors.get(&format!("{kind}.{name}")) {
                    *moment = stored.clone();
                }
            }
        }
    }
}
