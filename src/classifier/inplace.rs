//! Element-wise steps that change a tensor where it lies, on the thread that asks.
//!
//! candle's own versions allocate their result and, from 64k elements on, queue for one process-wide pool of threads; batches
//! that run side by side would wait for each other there.

use candle_core::{CpuStorage, InplaceOp1, InplaceOp2, Layout, Result, Tensor, bail};
use rten_simd::SimdUnaryOp;
use rten_vecmath::Gelu;

/// Adds `bias` `[columns]` to every row of `rows` `[…, columns]`.
pub(super) fn add_bias(rows: &Tensor, bias: &Tensor) -> Result<()> {
    rows.inplace_op2(bias, &AddBias)
}

/// Adds `other` to `states` of the same shape.
pub(super) fn add(states: &Tensor, other: &Tensor) -> Result<()> {
    states.inplace_op2(other, &Add)
}

/// x · Φ(x) with the erf form of Φ; the approximation of erf is off by at most 7e-7.
pub(super) fn gelu(states: &Tensor) -> Result<()> {
    states.inplace_op1(&ErfGelu)
}

struct AddBias;
struct Add;
struct ErfGelu;

impl InplaceOp2 for AddBias {
    fn name(&self) -> &'static str {
        "add-bias"
    }

    fn cpu_fwd(&self, rows: &mut CpuStorage, rows_layout: &Layout, bias: &CpuStorage, bias_layout: &Layout) -> Result<()> {
        let bias = read(bias, bias_layout)?;
        for row in write(rows, rows_layout)?.chunks_exact_mut(bias.len()) {
            for (value, bias) in row.iter_mut().zip(bias) {
                *value += bias;
            }
        }
        Ok(())
    }
}

impl InplaceOp2 for Add {
    fn name(&self) -> &'static str {
        "add"
    }

    fn cpu_fwd(&self, states: &mut CpuStorage, layout: &Layout, other: &CpuStorage, other_layout: &Layout) -> Result<()> {
        for (value, other) in write(states, layout)?.iter_mut().zip(read(other, other_layout)?) {
            *value += other;
        }
        Ok(())
    }
}

impl InplaceOp1 for ErfGelu {
    fn name(&self) -> &'static str {
        "erf-gelu"
    }

    fn cpu_fwd(&self, states: &mut CpuStorage, layout: &Layout) -> Result<()> {
        Gelu {}.map_mut(write(states, layout)?);
        Ok(())
    }
}

fn read<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match (layout.contiguous_offsets(), storage) {
        (Some((start, end)), CpuStorage::F32(values)) => Ok(&values[start..end]),
        _ => bail!("expected contiguous f32"),
    }
}

fn write<'a>(storage: &'a mut CpuStorage, layout: &Layout) -> Result<&'a mut [f32]> {
    match (layout.contiguous_offsets(), storage) {
        (Some((start, end)), CpuStorage::F32(values)) => Ok(&mut values[start..end]),
        _ => bail!("expected contiguous f32"),
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn each_step_is_candles_own_within_rounding() {
        let values: Vec<f32> = (0..96).map(|n| (n as f32 - 48.0) / 8.0).collect();
        let states = Tensor::from_vec(values.clone(), (3, 32), &Device::Cpu).unwrap();
        let bias = Tensor::from_vec(values[..32].to_vec(), 32, &Device::Cpu).unwrap();
        let expected = (states.broadcast_add(&bias).unwrap().gelu_erf().unwrap() + &states).unwrap();
        let found = states.copy().unwrap();
        add_bias(&found, &bias).unwrap();
        gelu(&found).unwrap();
        add(&found, &states).unwrap();
        let off = (found - expected).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
        assert!(off < 1e-5, "{off}");
    }
}
