//! Softmax, GELU and layer normalisation in one pass each, with their derivatives.
//!
//! candle's fast versions have no derivative and its composed ones make a tensor a step; both stand on the way of every token here.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};
use rten_simd::SimdUnaryOp;
use rten_vecmath::{Erf, Exp, Gelu as FastGelu};

/// Softmax over the last dimension.
pub(super) fn softmax(scores: &Tensor) -> Result<Tensor> {
    scores.apply_op1(Softmax)
}

/// x · Φ(x).
pub(super) fn gelu(states: &Tensor) -> Result<Tensor> {
    states.apply_op1(Gelu)
}

/// Mean 0 and variance 1 over the last dimension; scale and shift are the caller's.
pub(super) fn normalized(states: &Tensor, epsilon: f32) -> Result<Tensor> {
    states.apply_op1(Normalize { epsilon })
}

struct Softmax;
struct SoftmaxGradient;
struct Gelu;
struct GeluGradient;
#[derive(Clone, Copy)]
struct Normalize {
    epsilon: f32,
}
struct NormalizeGradient(Normalize);

impl CustomOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax-with-gradient"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut out = read(storage, layout)?.to_vec();
        for row in out.chunks_exact_mut(width(layout)) {
            let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            for value in row.iter_mut() {
                *value -= highest;
            }
            Exp {}.map_mut(row);
            let by = 1.0 / row.iter().sum::<f32>();
            for value in row.iter_mut() {
                *value *= by;
            }
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, _: &Tensor, p: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        p.apply_op2_no_bwd(&gradient.contiguous()?, &SoftmaxGradient).map(Some)
    }
}

impl CustomOp2 for SoftmaxGradient {
    fn name(&self) -> &'static str {
        "softmax-gradient"
    }

    /// p · (g − Σ p · g), from p and g.
    fn cpu_fwd(&self, p: &CpuStorage, p_layout: &Layout, g: &CpuStorage, g_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (p, mut out) = (read(p, p_layout)?, read(g, g_layout)?.to_vec());
        let width = width(p_layout);
        for (p, out) in p.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let sum: f32 = p.iter().zip(&*out).map(|(p, g)| p * g).sum();
            out.iter_mut().zip(p).for_each(|(g, p)| *g = p * (*g - sum));
        }
        Ok((CpuStorage::F32(out), p_layout.shape().clone()))
    }
}

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu-with-gradient"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut out = read(storage, layout)?.to_vec();
        FastGelu {}.map_mut(&mut out);
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, states: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        states.apply_op2_no_bwd(&gradient.contiguous()?, &GeluGradient).map(Some)
    }
}

impl CustomOp2 for GeluGradient {
    fn name(&self) -> &'static str {
        "gelu-gradient"
    }

    /// g · (Φ(x) + x · φ(x)), from x and g.
    fn cpu_fwd(&self, x: &CpuStorage, x_layout: &Layout, g: &CpuStorage, g_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, g) = (read(x, x_layout)?, read(g, g_layout)?);
        let mut erf: Vec<f32> = x.iter().map(|x| x * std::f32::consts::FRAC_1_SQRT_2).collect();
        Erf {}.map_mut(&mut erf);
        let mut bell: Vec<f32> = x.iter().map(|x| -0.5 * x * x).collect();
        Exp {}.map_mut(&mut bell);
        // 1 / √(2π)
        let height = 0.5 * std::f32::consts::FRAC_1_SQRT_2 * std::f32::consts::FRAC_2_SQRT_PI;
        let slope = erf.iter().zip(&bell).zip(x).map(|((erf, bell), x)| 0.5 * (1.0 + erf) + x * bell * height);
        let out = slope.zip(g).map(|(slope, g)| slope * g).collect();
        Ok((CpuStorage::F32(out), x_layout.shape().clone()))
    }
}

impl Normalize {
    /// Mean of a row and one over its spread.
    fn moments(self, row: &[f32]) -> (f32, f32) {
        let size = row.len() as f32;
        let mean = row.iter().sum::<f32>() / size;
        let variance = row.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / size;
        (mean, 1.0 / (variance + self.epsilon).sqrt())
    }
}

impl CustomOp1 for Normalize {
    fn name(&self) -> &'static str {
        "normalize-with-gradient"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let mut out = read(storage, layout)?.to_vec();
        for row in out.chunks_exact_mut(width(layout)) {
            let (mean, by) = self.moments(row);
            for value in row.iter_mut() {
                *value = (*value - mean) * by;
            }
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(&self, states: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        states.apply_op2_no_bwd(&gradient.contiguous()?, &NormalizeGradient(*self)).map(Some)
    }
}

impl CustomOp2 for NormalizeGradient {
    fn name(&self) -> &'static str {
        "normalize-gradient"
    }

    /// (g − mean g − y · mean(y · g)) / spread, from x and g, with y the normalised x.
    fn cpu_fwd(&self, x: &CpuStorage, x_layout: &Layout, g: &CpuStorage, g_layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (x, mut out) = (read(x, x_layout)?, read(g, g_layout)?.to_vec());
        let width = width(x_layout);
        for (x, out) in x.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
            let (mean, by) = self.0.moments(x);
            let g_mean = out.iter().sum::<f32>() / width as f32;
            let along = x.iter().zip(&*out).map(|(x, g)| (x - mean) * by * g).sum::<f32>() / width as f32;
            out.iter_mut().zip(x).for_each(|(g, x)| *g = (*g - g_mean - (x - mean) * by * along) * by);
        }
        Ok((CpuStorage::F32(out), x_layout.shape().clone()))
    }
}

fn width(layout: &Layout) -> usize {
    layout.dims().last().copied().unwrap_or(1).max(1)
}

fn read<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (layout.contiguous_offsets(), storage) {
        (Some((start, end)), CpuStorage::F32(values)) => Ok(&values[start..end]),
        _ => candle_core::bail!("expected contiguous f32"),
    }
}

#[cfg(test)]
mod tests {
    use candle_core::{D, Device, Var};
    use candle_nn::ops;

    use super::*;

    /// Values and gradients of `ours` are those of `theirs`, whose parts candle differentiates.
    #[track_caller]
    fn check(ours: impl Fn(&Tensor) -> Result<Tensor>, theirs: impl Fn(&Tensor) -> Result<Tensor>) {
        let values: Vec<f32> = (0..96).map(|n| ((n * 37 % 96) as f32 - 48.0) / 12.0).collect();
        let weights = Tensor::from_vec(values.iter().rev().map(|v| v * v - v).collect(), (3, 32), &Device::Cpu).unwrap();
        let run = |f: &dyn Fn(&Tensor) -> Result<Tensor>| {
            let x = Var::from_vec(values.clone(), (3, 32), &Device::Cpu).unwrap();
            let y = f(&x).unwrap();
            let gradients = (&y * &weights).unwrap().sum_all().unwrap().backward().unwrap();
            [y.detach(), gradients.get(&x).unwrap().clone()]
        };
        for (found, expected) in run(&ours).iter().zip(&run(&theirs)) {
            let off = (found - expected).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(off < 2e-4, "{off}");
        }
    }

    #[test]
    fn values_and_derivatives_are_those_of_the_plain_definitions() {
        check(softmax, |x| ops::softmax(x, D::Minus1));
        check(gelu, Tensor::gelu_erf);
        let plain = |x: &Tensor| {
            let centred = x.broadcast_sub(&x.mean_keepdim(D::Minus1)?)?;
            centred.broadcast_div(&(centred.sqr()?.mean_keepdim(D::Minus1)? + 1e-5)?.sqrt()?)
        };
        check(|x| normalized(x, 1e-5), plain);
    }
}
