//! Weights as a model file keeps them.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};

use super::{read, width};
use crate::classifier::rounded_to_q6;

/// Rounds on the way up and lets gradients through as if it did not, the straight-through estimator of Bengio, Léonard and Courville,
/// "Estimating or propagating gradients through stochastic neurons", 2013: what six bits cannot say is learnt around.
pub(super) struct Rounded;

impl CustomOp1 for Rounded {
    fn name(&self) -> &'static str {
        "round-straight-through"
    }

    fn cpu_fwd(&self, weights: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let kept = rounded_to_q6(read(weights, layout)?, width(layout));
        Ok((CpuStorage::F32(kept), layout.shape().clone()))
    }

    fn bwd(&self, _: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        Ok(Some(gradient.clone()))
    }
}
