//! [`Rows`]: activations as 8-bit integers, each row with a scale and a zero point of its own.

use rten_simd::SimdOp;
use rten_vecmath::{ExtendInit, MinMax, Quantize};

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
            self.integers.extend_init(|room| Quantize::new(row, &mut room[..width], 1.0 / scale, zero).dispatch());
            self.scales.push(scale);
            self.zeros.push(zero);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_stand_for_their_values_within_half_a_step() {
        let values: Vec<f32> = (0..192).map(|n| ((n * 89 % 192) as f32 - 60.0) / 7.0).chain([0.0; 64]).collect();
        let mut rows = Rows::default();
        for top in [u8::MAX, 127] {
            rows.quantize(&values, 64, top);
            assert!(rows.integers.iter().all(|integer| *integer <= top));
            for ((row, integers), (scale, zero)) in
                values.chunks(64).zip(rows.integers.chunks(64)).zip(rows.scales.iter().zip(&rows.zeros))
            {
                for (value, integer) in row.iter().zip(integers) {
                    let found = f32::from(i16::from(*integer) - i16::from(*zero)) * scale;
                    assert!((found - value).abs() <= 0.51 * scale, "{found} for {value} in steps of {scale}");
                }
            }
        }
    }
}
