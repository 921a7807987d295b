//! Matrices in blocks of 32 weights with one scale: [`Blocks::Q4`] as GGML stores `Q4_0`, and [`Blocks::Q6`].
//!
//! A row of 32·n weights is n blocks: an f16 scale `d`, then for `Q4_0` 16 bytes whose low nibbles are weights 0–15 and high nibbles
//! 16–31, weight = (nibble − 8) · d. `Q6` has the same 16 bytes and 8 more with the upper two bits of four weights in a row each, the
//! first lowest; weight = (six bits − 32) · d. The pretrained encoder comes in
//! `Q4_0`, so storing it so loses nothing; tuned layers learn as what `Q6` holds of them, with one scale a row, which is what the 8-bit
//! engine computes with.

use half::f16;

/// Weights in one block.
pub const BLOCK: usize = 32;

/// How a block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    /// Four bits a weight.
    Q4,
    /// Six bits a weight.
    Q6,
}

impl Blocks {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Q4, Self::Q6];

    /// Ending of the names of tensors stored so.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Q4 => ".q4_0",
            Self::Q6 => ".q6",
        }
    }

    /// Bytes of one block.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Q4 => 2 + BLOCK / 2,
            Self::Q6 => 2 + BLOCK / 2 + BLOCK / 4,
        }
    }

    /// Bytes of one row of `width` weights.
    #[must_use]
    pub fn row_bytes(self, width: usize) -> usize {
        width / BLOCK * self.bytes()
    }

    /// Widens one row into `out`.
    pub fn widen(self, row: &[u8], out: &mut [f32]) {
        for (block, out) in row.chunks_exact(self.bytes()).zip(out.chunks_exact_mut(BLOCK)) {
            let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
            match self {
                Self::Q4 => {
                    let (low, high) = out.split_at_mut(BLOCK / 2);
                    for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
                        *low = f32::from(i16::from(byte & 0x0f) - 8) * scale;
                        *high = f32::from(i16::from(byte >> 4) - 8) * scale;
                    }
                }
                Self::Q6 => {
                    let (fours, twos) = block[2..].split_at(BLOCK / 2);
                    let (low, high) = out.split_at_mut(BLOCK / 2);
                    let (low_twos, high_twos) = twos.split_at(BLOCK / 8);
                    let six = |twos: &[u8], at: usize, four: u8| (twos[at / 4] >> (at % 4 * 2) & 0x03) << 4 | four;
                    for (at, ((byte, low), high)) in fours.iter().zip(low).zip(high).enumerate() {
                        *low = f32::from(i16::from(six(low_twos, at, byte & 0x0f)) - ZERO_Q6) * scale;
                        *high = f32::from(i16::from(six(high_twos, at, byte >> 4)) - ZERO_Q6) * scale;
                    }
                }
            }
        }
    }
}

/// Rows of `width` weights, a multiple of 32, in `Q6` blocks. All blocks of a row have the scale that its largest weight needs: the
/// 8-bit engine knows no finer one, and so rounds no weight a second time.
#[must_use]
pub fn narrow_to_q6(weights: &[f32], width: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(weights.len() / BLOCK * Blocks::Q6.bytes());
    for row in weights.chunks_exact(width) {
        let scale = row_scale(row);
        for block in row.chunks_exact(BLOCK) {
            let (mut fours, mut twos) = ([0; BLOCK / 2], [0; BLOCK / 4]);
            for (at, weight) in block.iter().enumerate() {
                let six = (steps(*weight, scale) as i16 + ZERO_Q6) as u8;
                fours[at % 16] |= (six & 0x0f) << (at / 16 * 4);
                twos[at / 4] |= six >> 4 << (at % 4 * 2);
            }
            bytes.extend(scale.to_le_bytes());
            bytes.extend(fours);
            bytes.extend(twos);
        }
    }
    bytes
}

/// What [`narrow_to_q6`] keeps of weights.
#[must_use]
pub fn rounded_to_q6(weights: &[f32], width: usize) -> Vec<f32> {
    let row = |row: &[f32]| {
        let scale = row_scale(row);
        row.iter().map(|weight| steps(*weight, scale) * scale.to_f32()).collect::<Vec<_>>()
    };
    weights.chunks_exact(width).flat_map(row).collect()
}

/// What zero is written as.
const ZERO_Q6: i16 = 32;
/// Steps from zero to the largest weight of a row.
const MOST_Q6: f32 = 31.0;

fn row_scale(row: &[f32]) -> f16 {
    f16::from_f32(row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs())) / MOST_Q6)
}

fn steps(weight: f32, scale: f16) -> f32 {
    let scale = scale.to_f32();
    if scale > 0.0 { (weight / scale).round().clamp(-MOST_Q6, MOST_Q6) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_widens_by_its_definition() {
        let mut block = vec![0x00, 0x38]; // 0.5 in binary16
        block.extend((0..16).map(|i| i | (15 - i) << 4));
        let mut out = [0.0; BLOCK];
        Blocks::Q4.widen(&block, &mut out);
        assert_eq!((out[0], out[15], out[16], out[31]), (-4.0, 3.5, 3.5, -4.0));
        // Low four bits as above; upper two of weights 0 to 3 are 0, 1, 2, 3, of all others 2.
        let mut block = block[..18].to_vec();
        block.push(0b11_10_01_00);
        block.extend([0b10_10_10_10; 7]);
        Blocks::Q6.widen(&block, &mut out);
        assert_eq!((out[0], out[1], out[2], out[3]), (-16.0, (17.0 - 32.0) / 2.0, (34.0 - 32.0) / 2.0, (51.0 - 32.0) / 2.0));
        assert_eq!((out[15], out[16], out[31]), ((47.0 - 32.0) / 2.0, (47.0 - 32.0) / 2.0, 0.0));
    }

    #[test]
    fn six_bits_keep_a_weight_to_a_62nd_of_the_largest() {
        let weights: Vec<f32> = (0..128).map(|n| ((n * 37 % 64) as f32 - 31.5) * if n < 64 { 0.01 } else { 3.0 }).collect();
        let mut out = vec![0.0; 128];
        let narrow = narrow_to_q6(&weights, 64);
        assert_eq!(narrow.len(), 2 * Blocks::Q6.row_bytes(64));
        for (row, out) in narrow.chunks_exact(Blocks::Q6.row_bytes(64)).zip(out.chunks_exact_mut(64)) {
            Blocks::Q6.widen(row, out);
        }
        for (at, (found, weight)) in out.iter().zip(&weights).enumerate() {
            let largest = if at < 64 { 0.315 } else { 94.5 };
            assert!((found - weight).abs() <= largest / 62.0 * 1.01, "{found} is not {weight}");
        }
        assert_eq!(out, rounded_to_q6(&weights, 64), "layers learn as what is kept of them");
        assert_eq!(rounded_to_q6(&[0.0; 32], 32), [0.0; 32]);
    }

    #[test]
    fn weights_of_six_bits_are_narrowed_to_themselves() {
        let weights: Vec<f32> = (0..64).map(|n| ((n * 37 % 64) as f32 - 31.5) * 0.01).collect();
        let once = rounded_to_q6(&weights, 64);
        assert_eq!(rounded_to_q6(&once, 64), once);
    }
}
