//! GELU by the error function.

use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor};
use rten_simd::SimdUnaryOp;
use rten_vecmath::{Erf, Exp, Gelu as FastGelu};

use super::{on_values, read};

pub(super) struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu-with-gradient"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut out = read(storage, layout)?.to_vec();
        FastGelu {}.map_mut(&mut out);
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    /// g · (Φ(x) + x · φ(x)).
    fn bwd(&self, states: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        // 1 / √(2π)
        let height = 0.5 * std::f32::consts::FRAC_1_SQRT_2 * std::f32::consts::FRAC_2_SQRT_PI;
        let out = on_values([states, &gradient.contiguous()?], |[x, g]| {
            let mut erf: Vec<f32> = x.iter().map(|x| x * std::f32::consts::FRAC_1_SQRT_2).collect();
            Erf {}.map_mut(&mut erf);
            let mut bell: Vec<f32> = x.iter().map(|x| -0.5 * x * x).collect();
            Exp {}.map_mut(&mut bell);
            let slope = erf.iter().zip(&bell).zip(x).map(|((erf, bell), x)| 0.5 * (1.0 + erf) + x * bell * height);
            slope.zip(g).map(|(slope, g)| slope * g).collect::<Vec<f32>>()
        })?;
        Tensor::from_vec(out, states.shape(), states.device()).map(Some)
    }
}
