//! What every token passes on its way through a layer, in one pass each, with derivatives.
//!
//! candle's fast versions have no derivative and its composed ones make a tensor a step, differentiate masks and sum biases down the
//! columns. One file a kind.

mod biased;
mod gelu;
mod layer_norm;
mod rounded;
mod softmax;

use candle_core::{CpuStorage, Layout, Result, Storage, Tensor};

/// Softmax over the last dimension of `[sequences, heads, width, width]`, where a mask `[sequences, 1, 1, width]` is added first.
pub(super) fn softmax(scores: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
    match mask {
        Some(mask) => scores.apply_op2(mask, softmax::Softmax),
        None => scores.apply_op1(softmax::Softmax),
    }
}

/// x · Φ(x).
pub(super) fn gelu(states: &Tensor) -> Result<Tensor> {
    states.apply_op1(gelu::Gelu)
}

/// Mean 0 and variance 1 over the last dimension, then `scale` and `shift`, which are as long as that.
pub(super) fn layer_norm(states: &Tensor, scale: &Tensor, shift: &Tensor, epsilon: f32) -> Result<Tensor> {
    states.apply_op3(scale, shift, layer_norm::LayerNorm { epsilon })
}

/// Adds a bias to every row of the last dimension.
pub(super) fn biased(rows: &Tensor, bias: &Tensor) -> Result<Tensor> {
    rows.apply_op2(bias, biased::Biased)
}

/// Multiplies by a mask of the same shape, which gets no derivative.
pub(super) fn masked(states: &Tensor, mask: &Tensor) -> Result<Tensor> {
    states.apply_op2(mask, biased::Masked)
}

/// What a model file keeps of a matrix of weights, straight through for gradients.
pub(super) fn rounded(weights: &Tensor) -> Result<Tensor> {
    weights.apply_op1(rounded::Rounded)
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

/// What `f` makes of the values of contiguous tensors.
fn on_values<const N: usize, T>(tensors: [&Tensor; N], f: impl FnOnce([&[f32]; N]) -> T) -> Result<T> {
    let held = tensors.map(Tensor::storage_and_layout);
    let mut values: [&[f32]; N] = [&[]; N];
    for (values, (storage, layout)) in values.iter_mut().zip(&held) {
        let Storage::Cpu(storage) = &**storage else { candle_core::bail!("expected values in the CPU's memory") };
        *values = read(storage, layout)?;
    }
    Ok(f(values))
}

#[cfg(test)]
mod tests {
    use candle_core::{D, Device, Var};
    use candle_nn::ops;

    use super::*;

    const SHAPE: (usize, usize, usize, usize) = (2, 3, 4, 4);

    fn numbers(count: usize, step: usize) -> Vec<f32> {
        (0..count).map(|n| ((n * step % 96) as f32 - 48.0) / 12.0).collect()
    }

    /// Values of `ours` and gradients by each of its arguments are those of `theirs`, whose parts candle differentiates.
    #[track_caller]
    fn check<const N: usize>(
        arguments: &[Vec<f32>; N],
        ours: impl Fn(&[Tensor]) -> Result<Tensor>,
        theirs: impl Fn(&[Tensor]) -> Result<Tensor>,
    ) {
        let run = |f: &dyn Fn(&[Tensor]) -> Result<Tensor>| {
            let vars = arguments.each_ref().map(|values| {
                let last = values.len();
                let shape = if last == 96 { vec![2, 3, 4, 4] } else { vec![last] };
                Var::from_vec(values.clone(), shape, &Device::Cpu).unwrap()
            });
            let tensors = vars.each_ref().map(|var| var.as_tensor().clone());
            let y = f(&tensors).unwrap();
            let weights = Tensor::from_vec(numbers(96, 29), SHAPE, &Device::Cpu).unwrap();
            let found = (&y * &weights).unwrap().sum_all().unwrap().backward().unwrap();
            std::iter::once(y.detach()).chain(vars.iter().map(|var| found.get(var).unwrap().clone())).collect::<Vec<_>>()
        };
        let (found, expected) = (run(&ours), run(&theirs));
        assert_eq!(found.len(), N + 1);
        for (found, expected) in found.iter().zip(&expected) {
            let off = (found - expected).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(off < 4e-4, "{off}");
        }
    }

    #[test]
    fn values_and_derivatives_are_those_of_the_plain_definitions() {
        let x = || numbers(96, 37);
        check(&[x()], |of| softmax(&of[0], None), |of| ops::softmax(&of[0], D::Minus1));
        let mask = Tensor::from_vec(vec![0.0, 0.0, 0.0, -1e4, 0.0, 0.0, -1e4, -1e4_f32], (2, 1, 1, 4), &Device::Cpu).unwrap();
        check(&[x()], |of| softmax(&of[0], Some(&mask)), |of| ops::softmax(&of[0].broadcast_add(&mask)?, D::Minus1));
        check(&[x()], |of| gelu(&of[0]), |of| of[0].gelu_erf());
        let plain = |of: &[Tensor]| {
            let centred = of[0].broadcast_sub(&of[0].mean_keepdim(D::Minus1)?)?;
            let normal = centred.broadcast_div(&(centred.sqr()?.mean_keepdim(D::Minus1)? + 1e-5)?.sqrt()?)?;
            normal.broadcast_mul(&of[1])?.broadcast_add(&of[2])
        };
        check(&[x(), numbers(4, 41), numbers(4, 13)], |of| layer_norm(&of[0], &of[1], &of[2], 1e-5), plain);
        check(&[x(), numbers(4, 41)], |of| biased(&of[0], &of[1]), |of| of[0].broadcast_add(&of[1]));
        let mask = Tensor::from_vec(numbers(96, 7), SHAPE, &Device::Cpu).unwrap();
        check(&[x()], |of| masked(&of[0], &mask), |of| &of[0] * &mask);
    }

    #[test]
    fn weights_are_what_a_file_keeps_of_them_and_learn_as_if_they_were_not() {
        let weights = Var::from_vec(numbers(96, 37), (3, 32), &Device::Cpu).unwrap();
        let kept = rounded(&weights).unwrap();
        let values = |tensor: &Tensor| tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(values(&kept), crate::classifier::rounded_to_q6(&numbers(96, 37), 32));
        let by = Tensor::from_vec(numbers(96, 29), (3, 32), &Device::Cpu).unwrap();
        let gradients = (kept * &by).unwrap().sum_all().unwrap().backward().unwrap();
        assert_eq!(values(gradients.get(&weights).unwrap()), values(&by));
    }
}
