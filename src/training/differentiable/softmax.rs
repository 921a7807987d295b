//! Softmax of attention scores, the mask added on the way.

use candle_core::{CpuStorage, CustomOp1, CustomOp2, Layout, Result, Shape, Tensor};
use rten_simd::SimdUnaryOp;
use rten_vecmath::Exp;

use super::{on_values, read, width};

pub(super) struct Softmax;

impl Softmax {
    /// `mask` has a row for every so many rows of `scores`; without values it masks nothing.
    fn forward(scores: &[f32], mask: &[f32], width: usize) -> CpuStorage {
        let mut out = scores.to_vec();
        let rows_a_mask = if mask.is_empty() { usize::MAX } else { scores.len() / mask.len() };
        for (number, row) in out.chunks_exact_mut(width).enumerate() {
            if let Some(mask) = mask.chunks_exact(width).nth(number / rows_a_mask) {
                row.iter_mut().zip(mask).for_each(|(value, mask)| *value += mask);
            }
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
        CpuStorage::F32(out)
    }

    /// p · (g − Σ p · g), from p and g.
    fn backward(p: &Tensor, g: &Tensor) -> Result<Tensor> {
        let width = p.dims().last().copied().unwrap_or(1);
        let out = on_values([p, &g.contiguous()?], |[p, g]| {
            let mut out = g.to_vec();
            for (p, out) in p.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
                let sum: f32 = p.iter().zip(&*out).map(|(p, g)| p * g).sum();
                out.iter_mut().zip(p).for_each(|(g, p)| *g = p * (*g - sum));
            }
            out
        })?;
        Tensor::from_vec(out, p.shape(), p.device())
    }
}

impl CustomOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax-with-gradient"
    }

    fn cpu_fwd(&self, scores: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        Ok((Self::forward(read(scores, layout)?, &[], width(layout)), layout.shape().clone()))
    }

    fn bwd(&self, _: &Tensor, p: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        Self::backward(p, gradient).map(Some)
    }
}

impl CustomOp2 for Softmax {
    fn name(&self) -> &'static str {
        "masked-softmax-with-gradient"
    }

    fn cpu_fwd(
        &self,
        scores: &CpuStorage,
        layout: &Layout,
        mask: &CpuStorage,
        mask_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (scores, mask) = (read(scores, layout)?, read(mask, mask_layout)?);
        if mask.is_empty() || width(mask_layout) != width(layout) || !scores.len().is_multiple_of(mask.len()) {
            candle_core::bail!("a mask of {:?} for scores of {:?}", mask_layout.dims(), layout.dims());
        }
        let out = Self::forward(scores, mask, width(layout));
        Ok((out, layout.shape().clone()))
    }

    /// The mask is no variable.
    fn bwd(&self, _: &Tensor, _: &Tensor, p: &Tensor, gradient: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Ok((Some(Self::backward(p, gradient)?), None))
    }
}
