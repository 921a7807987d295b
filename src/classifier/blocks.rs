//! Matrices in blocks of 32 weights with one scale, as GGML stores them: [`Blocks::Q4`] (`Q4_0`) and [`Blocks::Q8`] (`Q8_0`).
//!
//! A row of 32·n weights is n blocks: an f16 scale `d`, then for `Q4_0` 16 bytes whose low nibbles are weights 0–15 and high nibbles
//! 16–31, weight = (nibble − 8) · d, and for `Q8_0` 32 signed bytes, weight = byte · d. The pretrained encoder comes in `Q4_0`, so
//! storing it so loses nothing; tuned layers are stored in `Q8_0` with one scale a row, which the 8-bit engine computes with as it is.

use half::f16;

/// Weights in one block.
pub const BLOCK: usize = 32;

/// How a block is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocks {
    /// Four bits a weight.
    Q4,
    /// Eight bits a weight.
    Q8,
}

impl Blocks {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Q4, Self::Q8];

    /// Ending of the names of tensors stored so.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Q4 => ".q4_0",
            Self::Q8 => ".q8_0",
        }
    }

    /// Bytes of one block.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::Q4 => 2 + BLOCK / 2,
            Self::Q8 => 2 + BLOCK,
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
                Self::Q8 => {
                    for (byte, out) in block[2..].iter().zip(out) {
                        *out = f32::from(byte.cast_signed()) * scale;
                    }
                }
            }
        }
    }
}

/// Rows of `width` weights, a multiple of 32, in `Q8_0` blocks. All blocks of a row have the scale that its largest weight needs: the
/// 8-bit engine knows no finer one, and so rounds no weight a second time.
#[must_use]
pub fn narrow_to_q8(weights: &[f32], width: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(weights.len() / BLOCK * Blocks::Q8.bytes());
    for row in weights.chunks_exact(width) {
        let largest = row.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
        let scale = f16::from_f32(largest / 127.0);
        let by = if scale.to_f32() > 0.0 { 1.0 / scale.to_f32() } else { 0.0 };
        for block in row.chunks_exact(BLOCK) {
            bytes.extend(scale.to_le_bytes());
            bytes.extend(block.iter().map(|weight| ((weight * by).round().clamp(-127.0, 127.0) as i8).cast_unsigned()));
        }
    }
    bytes
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
    }

    #[test]
    fn eight_bits_keep_a_weight_to_a_254th_of_the_largest() {
        let weights: Vec<f32> = (0..64).map(|n| ((n * 37 % 64) as f32 - 31.5) * if n < 32 { 0.01 } else { 3.0 }).collect();
        let mut out = vec![0.0; 64];
        for width in [32, 64] {
            Blocks::Q8.widen(&narrow_to_q8(&weights, width), &mut out);
            for (at, (found, weight)) in out.iter().zip(&weights).enumerate() {
                let largest = if width == 32 && at < 32 { 0.315 } else { 94.5 };
                assert!((found - weight).abs() <= largest / 254.0 * 1.01, "{found} is not {weight}");
            }
        }
        assert_eq!(narrow_to_q8(&[0.0; 32], 32).len(), 34);
    }

    #[test]
    fn weights_of_eight_bits_are_narrowed_to_themselves() {
        let weights: Vec<f32> = (0..64).map(|n| ((n * 37 % 64) as f32 - 31.5) * 0.01).collect();
        let mut once = vec![0.0; 64];
        Blocks::Q8.widen(&narrow_to_q8(&weights, 64), &mut once);
        let mut twice = vec![0.0; 64];
        Blocks::Q8.widen(&narrow_to_q8(&once, 64), &mut twice);
        assert_eq!(once, twice);
    }
}
