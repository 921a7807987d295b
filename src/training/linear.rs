//! [`LinearFit`]: one linear layer fitted step by step.

use std::collections::BTreeMap;

use candle_core::{DType, Device, Result, Tensor, Var};

use super::optimizer::AdamW;
use super::standard::Standard;

/// A layer `[outputs, hidden]` on its way, its step size falling linearly to zero.
pub(super) struct LinearFit {
    weight: Var,
    bias: Var,
    variables: BTreeMap<String, Var>,
    optimizer: AdamW,
    rate: f64,
    steps: usize,
    done: usize,
}

impl LinearFit {
    /// Begins with weights of zero and this `bias` `[outputs]`.
    pub(super) fn new(hidden: usize, bias: &Tensor, steps: usize, rate: f64, weight_decay: f64) -> Result<Self> {
        let weight = Var::zeros((bias.dim(0)?, hidden), DType::F32, &Device::Cpu)?;
        let bias = Var::from_tensor(bias)?;
        let variables = BTreeMap::from([("fit.weight".to_owned(), weight.clone()), ("fit.bias".to_owned(), bias.clone())]);
        let optimizer = AdamW::new(&variables, weight_decay)?;
        Ok(Self { weight, bias, variables, optimizer, rate, steps, done: 0 })
    }

    /// One step on inputs `[count, hidden]`; `loss` is told what the layer makes of them, `[count, outputs]`.
    pub(super) fn step(&mut self, inputs: &Tensor, loss: impl FnOnce(&Tensor) -> Result<Tensor>) -> Result<Tensor> {
        let loss = loss(&inputs.matmul(&self.weight.t()?)?.broadcast_add(&self.bias)?)?;
        let mut found = loss.backward()?;
        let gradients = self.variables.iter().filter_map(|(name, var)| Some((name.clone(), found.remove(var)?))).collect();
        let rate = self.rate * (1.0 - self.done as f64 / self.steps as f64);
        self.done += 1;
        self.optimizer.step(&self.variables, &gradients, self.done, f64::INFINITY, |_| rate)?;
        Ok(loss)
    }

    /// Weight `[outputs, hidden]` and bias `[outputs]` as they are now.
    pub(super) fn fitted(&self) -> (Tensor, Tensor) {
        (self.weight.as_detached_tensor(), self.bias.as_detached_tensor())
    }

    /// Weight `[outputs, hidden]` and bias `[outputs]` for vectors as they were before `standard` was applied.
    pub(super) fn folded(&self, standard: &Standard) -> Result<(Tensor, Tensor)> {
        standard.fold_in(self.weight.as_tensor(), self.bias.as_tensor())
    }
}

#[cfg(test)]
mod tests {
    use super::super::loss::log_loss;
    use super::*;

    #[test]
    fn a_layer_learns_which_side_of_a_line_a_vector_is_on() {
        let vectors = Tensor::new(&[[1f32, 5.0], [2.0, 5.0], [8.0, 5.0], [9.0, 5.0]], &Device::Cpu).unwrap();
        let answers = Tensor::new(&[[0f32], [0.0], [1.0], [1.0]], &Device::Cpu).unwrap();
        let standard = Standard::of(&vectors, true).unwrap();
        let inputs = standard.apply(&vectors).unwrap();
        let mut fit = LinearFit::new(2, &Tensor::zeros(1, DType::F32, &Device::Cpu).unwrap(), 200, 0.1, 0.0).unwrap();
        for _ in 0..200 {
            fit.step(&inputs, |z| log_loss(z, &answers)?.mean_all()).unwrap();
        }
        let (weight, bias) = fit.folded(&standard).unwrap();
        let said = vectors.matmul(&weight.t().unwrap()).unwrap().broadcast_add(&bias).unwrap();
        let said: Vec<f32> = said.flatten_all().unwrap().to_vec1().unwrap();
        assert!(said[1] < -1.0 && said[2] > 1.0, "{said:?}");
    }
}
