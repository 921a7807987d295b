//! Layer normalisation with its scale and shift.

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor};

use super::{on_values, read};

pub(super) struct LayerNorm {
    pub(super) epsilon: f32,
}

impl LayerNorm {
    /// Mean of a row and one over its spread.
    fn moments(&self, row: &[f32]) -> (f32, f32) {
        let size = row.len() as f32;
        let mean = row.iter().sum::<f32>() / size;
        let variance = row.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / size;
        (mean, 1.0 / (variance + self.epsilon).sqrt())
    }

    /// Derivatives by states, scale and shift, from states, scale and the derivative by the outcome.
    fn backward(&self, x: &[f32], scale: &[f32], g: &[f32]) -> [Vec<f32>; 3] {
        let width = scale.len();
        let (mut by_x, mut by_scale, mut by_shift) = (g.to_vec(), vec![0.0; width], vec![0.0; width]);
        let mut y = vec![0.0; width];
        for (x, g) in x.chunks_exact(width).zip(by_x.chunks_exact_mut(width)) {
            let (mean, by) = self.moments(x);
            y.iter_mut().zip(x).for_each(|(y, x)| *y = (x - mean) * by);
            for (((by_scale, by_shift), g), y) in by_scale.iter_mut().zip(&mut by_shift).zip(&*g).zip(&y) {
                *by_scale += g * y;
                *by_shift += g;
            }
            g.iter_mut().zip(scale).for_each(|(g, scale)| *g *= scale);
            // (g − mean g − y · mean(y · g)) / spread, with y the normalised x.
            let g_mean = g.iter().sum::<f32>() / width as f32;
            let along = y.iter().zip(&*g).map(|(y, g)| y * g).sum::<f32>() / width as f32;
            g.iter_mut().zip(&y).for_each(|(g, y)| *g = (*g - g_mean - y * along) * by);
        }
        [by_x, by_scale, by_shift]
    }
}

impl CustomOp3 for LayerNorm {
    fn name(&self) -> &'static str {
        "layer-norm-with-gradient"
    }

    fn cpu_fwd(
        &self,
        states: &CpuStorage,
        layout: &Layout,
        scale: &CpuStorage,
        scale_layout: &Layout,
        shift: &CpuStorage,
        shift_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (scale, shift) = (read(scale, scale_layout)?, read(shift, shift_layout)?);
        let mut out = read(states, layout)?.to_vec();
        for row in out.chunks_exact_mut(scale.len()) {
            let (mean, by) = self.moments(row);
            for ((value, scale), shift) in row.iter_mut().zip(scale).zip(shift) {
                *value = (*value - mean) * by * scale + shift;
            }
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    fn bwd(
        &self,
        states: &Tensor,
        scale: &Tensor,
        _: &Tensor,
        _: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let [by_x, by_scale, by_shift] =
            on_values([states, scale, &gradient.contiguous()?], |[x, scale, g]| self.backward(x, scale, g))?;
        let tensor = |values, shape: &Shape| Tensor::from_vec(values, shape, states.device()).map(Some);
        Ok((tensor(by_x, states.shape())?, tensor(by_scale, scale.shape())?, tensor(by_shift, scale.shape())?))
    }
}
