//! [`Linear`]: a matrix of 8-bit weights, packed for the CPU it runs on, and its product with [`Rows`].

use std::mem::MaybeUninit;

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmUninitOptions, PackedBMatrix};
use rten_simd::ops::{BitOps, NumOps, ToFloat};
use rten_simd::{Isa, SimdOp, SimdUnaryOp, SliceWriter};
use rten_tensor::NdTensorView;
use rten_vecmath::{ExtendInit, Gelu};

use super::rows::Rows;

/// Products of unsigned rows and signed weights, summed in 32 bits, by the best instructions the CPU has.
pub(super) type Products = GemmExecutor<u8, i8, i32>;

/// Largest magnitude of a weight: four times that of rows stored in six bits, which are thus not rounded again.
const MOST: f32 = 124.0;

/// `y = x · Wᵀ + b`; each output has a scale of its own.
pub(super) struct Linear {
    packed: PackedBMatrix<i8>,
    scales: Vec<f32>,
    bias: Vec<f32>,
    /// Sum of each output's integers: what a zero point of one adds to a product.
    totals: Vec<i32>,
}

impl Linear {
    /// Rounds `weights` `[outputs, inputs]` to 8 bits and packs them.
    pub(super) fn new(products: &Products, weights: &[f32], bias: Vec<f32>) -> Self {
        let (outputs, inputs) = (bias.len(), weights.len() / bias.len());
        let most = |row: &[f32]| row.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
        let scales: Vec<f32> = weights.chunks_exact(inputs).map(|row| (most(row) / MOST).max(f32::MIN_POSITIVE)).collect();
        let rows = weights.chunks_exact(inputs).zip(&scales);
        // Half a step towards the sign and then cut off: `round` is a call for each weight where the build knows no instruction for it.
        let round = |weight: f32| (weight + 0.5_f32.copysign(weight)) as i8;
        let integers: Vec<i8> = rows.flat_map(|(row, scale)| row.iter().map(move |weight| round(weight / scale))).collect();
        let view = NdTensorView::from_data([outputs, inputs], integers.as_slice());
        let totals = integers.chunks_exact(inputs).map(|row| row.iter().map(|weight| i32::from(*weight)).sum()).collect();
        Self { packed: products.prepack_b(view.transposed()), scales, bias, totals }
    }

    /// Appends to `out` what `then` makes of the product of each row. `sums` is room to work in.
    pub(super) fn apply(&self, products: &Products, rows: &Rows, then: Then<'_>, sums: &mut Vec<i32>, out: &mut Vec<f32>) {
        let (count, inputs, outputs) = (rows.scales.len(), self.packed.rows(), self.bias.len());
        sums.clear();
        sums.reserve(count * outputs);
        sums.extend_init(|room| {
            let left = NdTensorView::from_data([count, inputs], rows.integers.as_slice());
            // Zero points are taken off afterwards: rten-gemm 0.27 gives every block of rows those of the first.
            let options = GemmUninitOptions::default();
            let product = products.gemm_uninit(
                &mut room[..count * outputs],
                GemmInputA::Unpacked(left),
                GemmInputB::Packed(&self.packed),
                options,
            );
            product.expect("rows are as wide as the weights were when they were packed")
        });
        out.reserve(count * outputs);
        let each = sums.chunks_exact(outputs).zip(rows.scales.iter().zip(&rows.zeros));
        for (row, (sums, (scale, zero))) in each.enumerate() {
            let then = match then {
                Then::Add(rows) => Then::Add(&rows[row * outputs..][..outputs]),
                then => then,
            };
            out.extend_init(|room| {
                ScaleBack { linear: self, sums, row_scale: *scale, zero: i32::from(*zero), then, out: &mut room[..outputs] }
                    .dispatch()
            });
        }
    }
}

/// What is made of a product while it is at hand.
#[derive(Clone, Copy)]
pub(super) enum Then<'a> {
    /// Nothing.
    Keep,
    /// These rows are added, one to each.
    Add(&'a [f32]),
    /// GELU.
    Activate,
}

/// `(sums − zero · totals) · row_scale · scales + bias`, and then what `then` says.
struct ScaleBack<'a, 'o> {
    linear: &'a Linear,
    sums: &'a [i32],
    row_scale: f32,
    zero: i32,
    then: Then<'a>,
    out: &'o mut [MaybeUninit<f32>],
}

impl<'o> SimdOp for ScaleBack<'_, 'o> {
    type Output = &'o mut [f32];

    #[expect(clippy::inline_always, reason = "only what is inlined into the dispatch is compiled for its instructions")]
    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> &'o mut [f32] {
        let Linear { scales, bias, totals, .. } = self.linear;
        let (integers, floats) = (isa.i32(), isa.f32());
        let lanes = floats.len();
        let whole = self.sums.len() / lanes * lanes;
        let (zero, scale) = (integers.splat(self.zero), floats.splat(self.row_scale));
        let mut out = SliceWriter::new(self.out);
        for at in (0..whole).step_by(lanes) {
            let extra = integers.mul(zero, integers.load(&totals[at..]));
            let sum = integers.to_float(integers.sub(integers.load(&self.sums[at..]), extra));
            let by = floats.mul(floats.load(&scales[at..]), scale);
            let product = floats.mul_add(sum, by, floats.load(&bias[at..]));
            let made = match self.then {
                Then::Keep => product,
                Then::Add(residual) => floats.add(product, floats.load(&residual[at..])),
                Then::Activate => Gelu {}.eval(isa, product),
            };
            out.write_vec(floats, made);
        }
        for at in whole..self.sums.len() {
            let sum = (self.sums[at] - self.zero * totals[at]) as f32;
            let product = sum.mul_add(scales[at] * self.row_scale, bias[at]);
            out.write_scalar(match self.then {
                Then::Keep => product,
                Then::Add(residual) => product + residual[at],
                Then::Activate => Gelu {}.scalar_eval(product),
            });
        }
        out.into_mut_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classifier::rounded_to_q6;

    #[test]
    fn weights_that_are_stored_with_one_scale_a_row_are_not_rounded_again() {
        let (inputs, outputs) = (64, 5);
        let weights: Vec<f32> = (0..inputs * outputs).map(|n| ((n * 37 % 97) as f32 - 48.0) / (n / inputs + 1) as f32).collect();
        let stored = rounded_to_q6(&weights, inputs);
        let linear = Linear::new(&Products::new(), &stored, vec![0.0; outputs]);
        for (row, scale) in stored.chunks(inputs).zip(&linear.scales) {
            assert!(row.iter().all(|weight| ((weight / scale).round() * scale - weight).abs() <= 1e-6 * weight.abs()));
        }
    }

    #[test]
    fn a_product_is_that_of_the_numbers_the_integers_stand_for() {
        // More rows than any processor takes at once, each with a range of its own.
        let (count, inputs, outputs) = (40, 40, 37);
        let number = |n: usize, by: usize| ((n * by % 101) as f32 - 50.0) / 50.0;
        let values: Vec<f32> = (0..count * inputs).map(|n| number(n, 37) + (n / inputs) as f32 / 10.0 - 2.0).collect();
        let weights: Vec<f32> = (0..outputs * inputs).map(|n| number(n, 53)).collect();
        let bias: Vec<f32> = (0..outputs).map(|n| number(n, 7)).collect();
        let residual: Vec<f32> = (0..count * outputs).map(|n| number(n, 11)).collect();
        let products = Products::new();
        let linear = Linear::new(&products, &weights, bias.clone());
        let mut rows = Rows::default();
        rows.quantize(&values, inputs, 127);
        let value = |row: usize, input: usize| {
            f32::from(i16::from(rows.integers[row * inputs + input]) - i16::from(rows.zeros[row])) * rows.scales[row]
        };
        let weight = |output: usize, input: usize| {
            let scale = linear.scales[output];
            (weights[output * inputs + input] / scale).round() * scale
        };
        for then in [Then::Keep, Then::Add(&residual), Then::Activate] {
            let (mut sums, mut out) = (Vec::new(), Vec::new());
            linear.apply(&products, &rows, then, &mut sums, &mut out);
            assert_eq!(out.len(), count * outputs);
            for (at, found) in out.iter().enumerate() {
                let (row, output) = (at / outputs, at % outputs);
                let plain: f32 = (0..inputs).map(|input| value(row, input) * weight(output, input)).sum::<f32>() + bias[output];
                let expected = match then {
                    Then::Keep => plain,
                    Then::Add(residual) => plain + residual[at],
                    Then::Activate => Gelu {}.scalar_eval(plain),
                };
                assert!((found - expected).abs() < 1e-4, "{found} for {expected}");
            }
        }
    }
}
