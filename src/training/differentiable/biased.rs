//! A bias added to every row, and a mask that lies on every value.

use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};

use super::{on_values, read, width};

pub(super) struct Biased;
pub(super) struct Masked;

impl CustomOp2 for Biased {
    fn name(&self) -> &'static str {
        "bias-with-gradient"
    }

    fn cpu_fwd(
        &self,
        rows: &CpuStorage,
        layout: &Layout,
        bias: &CpuStorage,
        bias_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let bias = read(bias, bias_layout)?;
        if bias.is_empty() || bias.len() != width(layout) {
            candle_core::bail!("a bias of {} for rows of {}", bias.len(), width(layout));
        }
        let mut out = read(rows, layout)?.to_vec();
        for row in out.chunks_exact_mut(bias.len()) {
            row.iter_mut().zip(bias).for_each(|(value, bias)| *value += bias);
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    /// The bias gets the sum of all rows; candle's own sum over the first dimension goes down the columns.
    fn bwd(&self, _: &Tensor, bias: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let gradient = gradient.contiguous()?;
        let sums = on_values([&gradient], |[g]| {
            let mut sums = vec![0.0; bias.elem_count()];
            for row in g.chunks_exact(sums.len()) {
                sums.iter_mut().zip(row).for_each(|(sum, g)| *sum += g);
            }
            sums
        })?;
        let sums = Tensor::from_vec(sums, bias.shape(), bias.device())?;
        Ok((Some(gradient), Some(sums)))
    }
}

impl CustomOp2 for Masked {
    fn name(&self) -> &'static str {
        "mask-with-gradient"
    }

    fn cpu_fwd(
        &self,
        states: &CpuStorage,
        layout: &Layout,
        mask: &CpuStorage,
        mask_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (states, mask) = (read(states, layout)?, read(mask, mask_layout)?);
        if states.len() != mask.len() {
            candle_core::bail!("a mask of {} for {} values", mask.len(), states.len());
        }
        let out = states.iter().zip(mask).map(|(state, mask)| state * mask).collect();
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }

    /// The mask is no variable.
    fn bwd(&self, _: &Tensor, mask: &Tensor, _: &Tensor, gradient: &Tensor) -> Result<(Option<Tensor>, Option<Tensor>)> {
        Ok((Some((gradient * mask)?), None))
    }
}
