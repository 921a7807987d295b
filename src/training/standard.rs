//! [`Standard`]: vectors brought to mean 0 and spread 1 for a fit, and the fitted layer brought back.

use candle_core::{Result, Tensor};

/// Mean and spread of each column, `[1, hidden]`.
pub(super) struct Standard {
    mean: Tensor,
    spread: Tensor,
}

impl Standard {
    /// Of vectors `[count, hidden]`; without `spreads` they are centred alone.
    pub(super) fn of(vectors: &Tensor, spreads: bool) -> Result<Self> {
        let mean = vectors.mean_keepdim(0)?;
        let spread =
            if spreads { (vectors.broadcast_sub(&mean)?.sqr()?.mean_keepdim(0)? + 1e-12)?.sqrt()? } else { mean.ones_like()? };
        Ok(Self { mean, spread })
    }

    /// Vectors as the fit sees them.
    pub(super) fn apply(&self, vectors: &Tensor) -> Result<Tensor> {
        vectors.broadcast_sub(&self.mean)?.broadcast_div(&self.spread)
    }

    /// Weight `[outputs, hidden]` and bias `[outputs]` for vectors as they are, from those fitted on what [`Self::apply`] gives:
    /// (x − mean) / spread · wᵀ + b  =  x · (w / spread)ᵀ + (b − mean · (w / spread)ᵀ).
    pub(super) fn fold_in(&self, weight: &Tensor, bias: &Tensor) -> Result<(Tensor, Tensor)> {
        let weight = weight.broadcast_div(&self.spread)?.detach();
        let bias = (bias - weight.matmul(&self.mean.t()?)?.squeeze(1)?)?.detach();
        Ok((weight, bias))
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn a_layer_folded_in_says_of_vectors_what_the_fitted_one_says_of_standardised_ones() {
        let vectors = Tensor::new(&[[1f32, 20.0], [3.0, 40.0], [8.0, 0.0]], &Device::Cpu).unwrap();
        let (weight, bias) = (Tensor::new(&[[2f32, -1.0]], &Device::Cpu).unwrap(), Tensor::new(&[0.5f32], &Device::Cpu).unwrap());
        for spreads in [false, true] {
            let standard = Standard::of(&vectors, spreads).unwrap();
            let say = |vectors: &Tensor, weight: &Tensor, bias: &Tensor| {
                vectors
                    .matmul(&weight.t().unwrap())
                    .unwrap()
                    .broadcast_add(bias)
                    .unwrap()
                    .flatten_all()
                    .unwrap()
                    .to_vec1::<f32>()
                    .unwrap()
            };
            let fitted = say(&standard.apply(&vectors).unwrap(), &weight, &bias);
            let (weight, bias) = standard.fold_in(&weight, &bias).unwrap();
            let folded = say(&vectors, &weight, &bias);
            assert!(fitted.iter().zip(&folded).all(|(a, b)| (a - b).abs() < 1e-4), "{fitted:?} {folded:?}");
        }
    }
}
