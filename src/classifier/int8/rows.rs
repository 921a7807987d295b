//! [`Rows`]: activations as 8-bit integers, each row with a scale and a zero point of its own.

use std::mem::MaybeUninit;

use rten_simd::ops::{BitOps, FloatOps, NarrowSaturate, NumOps};
use rten_simd::{Isa, SimdOp, SliceWriter};
use rten_vecmath::{ExtendInit, MinMax};

/// Rows of activations: `value = (integer − zero) · scale`.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) integers: Vec<u8>,
    pub(super) scales: Vec<f32>,
    pub(super) zeros: Vec<u8>,
}

impl Rows {
    /// Replaces what was there: each row of `values`, `width` long, is spread over 0..=`top`.
    pub(super) fn quantize(&mut self, values: &[f32], width: usize, top: u8) {
        self.integers.clear();
        self.scales.clear();
        self.zeros.clear();
        self.integers.reserve(values.len());
        for row in values.chunks_exact(width) {
            let (low, high) = MinMax::new(row).dispatch();
            let (low, high) = (low.min(0.0), high.max(0.0));
            // One step is kept back: low end and zero point are each rounded, and together may not pass the top.
            let scale = ((high - low) / f32::from(top - 1)).max(f32::MIN_POSITIVE);
            let zero = (-low / scale).round() as u8;
            self.integers.extend_init(|room| Round { row, by: 1.0 / scale, zero, out: &mut room[..width] }.dispatch());
            self.scales.push(scale);
            self.zeros.push(zero);
        }
    }
}

/// `round(value · by) + zero` in 8 bits. `rten_vecmath::Quantize` is the same, but its closures are not compiled for the CPU's
/// instructions, so that each is a call: it stood high in a profile of a scan.
struct Round<'v, 'o> {
    row: &'v [f32],
    by: f32,
    zero: u8,
    out: &'o mut [MaybeUninit<u8>],
}

impl<'o> SimdOp for Round<'_, 'o> {
    type Output = &'o mut [u8];

    #[expect(clippy::inline_always, reason = "only what is inlined into the dispatch is compiled for its instructions")]
    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) -> &'o mut [u8] {
        let (floats, integers) = (isa.f32(), isa.i32());
        let lanes = floats.len();
        let (by, zero) = (floats.splat(self.by), integers.splat(i32::from(self.zero)));
        let mut out = SliceWriter::new(self.out);
        let mut blocks = self.row.chunks_exact(4 * lanes);
        for block in blocks.by_ref() {
            // Four times the same, written out: a closure would be a call.
            let a = integers.add(floats.to_int_round(floats.mul(floats.load(block), by)), zero);
            let b = integers.add(floats.to_int_round(floats.mul(floats.load(&block[lanes..]), by)), zero);
            let c = integers.add(floats.to_int_round(floats.mul(floats.load(&block[2 * lanes..]), by)), zero);
            let d = integers.add(floats.to_int_round(floats.mul(floats.load(&block[3 * lanes..]), by)), zero);
            let (low, high) = (integers.narrow_saturate(a, b), integers.narrow_saturate(c, d));
            out.write_vec(isa.u8(), isa.i16().narrow_saturate(low, high));
        }
        for value in blocks.remainder() {
            let integer = (value * self.by).round_ties_even() as i32 + i32::from(self.zero);
            out.write_scalar(integer.clamp(0, i32::from(u8::MAX)) as u8);
        }
        out.into_mut_slice()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_stand_for_their_values_within_half_a_step() {
        // Not a multiple of any vector.
        const WIDTH: usize = 71;
        let values: Vec<f32> = (0..3 * WIDTH).map(|n| ((n * 89 % 192) as f32 - 60.0) / 7.0).chain([0.0; WIDTH]).collect();
        let mut rows = Rows::default();
        for top in [u8::MAX, 127] {
            rows.quantize(&values, WIDTH, top);
            assert!(rows.integers.iter().all(|integer| *integer <= top));
            for ((row, integers), (scale, zero)) in
                values.chunks(WIDTH).zip(rows.integers.chunks(WIDTH)).zip(rows.scales.iter().zip(&rows.zeros))
            {
                for (value, integer) in row.iter().zip(integers) {
                    let found = f32::from(i16::from(*integer) - i16::from(*zero)) * scale;
                    assert!((found - value).abs() <= 0.51 * scale, "{found} for {value} in steps of {scale}");
                }
            }
        }
    }
}
