//! Self-attention of one sequence in f32: scores, softmax and weighted sum, one head after the other.

use std::array::from_fn;

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};
use rten_vecmath::Softmax;

/// Queries that share each load of a key or value.
const TOGETHER: usize = 4;

/// Room for the keys, values and scores of one head.
#[derive(Default)]
pub(super) struct Room {
    /// `[size, length]`, rows filled up to whole vectors.
    keys: Vec<f32>,
    /// `[length, size]`, rows filled up to whole vectors.
    values: Vec<f32>,
    /// `[TOGETHER, length]`, rows filled up to whole vectors.
    scores: Vec<f32>,
}

/// Every position attends to every position of its sequence.
pub(super) struct Attend<'a> {
    /// Query, key and value of each position side by side, `[length, 3 · hidden]`; queries already divided by √size.
    pub(super) projected: &'a [f32],
    pub(super) hidden: usize,
    pub(super) heads: usize,
    pub(super) room: &'a mut Room,
    /// `[length, hidden]`.
    pub(super) out: &'a mut [f32],
}

impl SimdOp for Attend<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "only what is inlined into the dispatch is compiled for its instructions")]
    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let Self { projected, hidden, heads, room, out } = self;
        let ops = isa.f32();
        let lanes = ops.len();
        let size = hidden / heads;
        let length = projected.len() / (3 * hidden);
        let (long, wide) = (length.next_multiple_of(lanes), size.next_multiple_of(lanes));
        room.keys.resize(size * long, 0.0);
        room.values.resize(length * wide, 0.0);
        room.scores.resize(TOGETHER * long, 0.0);
        let mut sum = vec![0.0; wide];
        for head in 0..heads {
            for (at, row) in projected.chunks_exact(3 * hidden).enumerate() {
                let key = &row[hidden + head * size..][..size];
                for (dimension, value) in key.iter().enumerate() {
                    room.keys[dimension * long + at] = *value;
                }
                room.values[at * wide..][..size].copy_from_slice(&row[2 * hidden + head * size..][..size]);
            }
            for first in (0..length).step_by(TOGETHER) {
                // Beyond the end the last query is computed again and its result left.
                let position = |query: usize| (first + query).min(length - 1);
                let queries: [&[f32]; TOGETHER] =
                    from_fn(|query| &projected[position(query) * 3 * hidden + head * size..][..size]);
                for at in (0..long).step_by(lanes) {
                    let mut scores = [ops.zero(); TOGETHER];
                    for (dimension, keys) in room.keys.chunks_exact(long).enumerate() {
                        let keys = ops.load(&keys[at..]);
                        for (score, query) in scores.iter_mut().zip(&queries) {
                            *score = ops.mul_add(ops.splat(query[dimension]), keys, *score);
                        }
                    }
                    for (score, row) in scores.into_iter().zip(room.scores.chunks_exact_mut(long)) {
                        ops.store(score, &mut row[at..]);
                    }
                }
                for row in room.scores.chunks_exact_mut(long) {
                    Softmax::new_mut(&mut row[..length]).eval(isa);
                }
                for column in (0..wide).step_by(lanes) {
                    let mut sums = [ops.zero(); TOGETHER];
                    for (at, values) in room.values.chunks_exact(wide).enumerate() {
                        let values = ops.load(&values[column..]);
                        for (sum, row) in sums.iter_mut().zip(room.scores.chunks_exact(long)) {
                            *sum = ops.mul_add(ops.splat(row[at]), values, *sum);
                        }
                    }
                    let kept = lanes.min(size - column);
                    for (query, own) in sums.into_iter().enumerate() {
                        ops.store(own, &mut sum);
                        out[position(query) * hidden + head * size + column..][..kept].copy_from_slice(&sum[..kept]);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_is_its_plain_definition() {
        let mut room = Room::default();
        for (length, hidden, heads) in [(1, 64, 2), (7, 24, 2), (70, 64, 2), (19, 40, 4)] {
            let size = hidden / heads;
            let projected: Vec<f32> = (0..length * 3 * hidden).map(|n| ((n * 37 % 97) as f32 - 48.0) / 30.0).collect();
            let mut out = vec![9.0; length * hidden];
            Attend { projected: &projected, hidden, heads, room: &mut room, out: &mut out }.dispatch();
            let part = |position: usize, which: usize, head: usize| {
                &projected[position * 3 * hidden + which * hidden + head * size..][..size]
            };
            for position in 0..length {
                for head in 0..heads {
                    let score = |other: usize| -> f32 {
                        part(position, 0, head).iter().zip(part(other, 1, head)).map(|(q, k)| q * k).sum::<f32>().exp()
                    };
                    let all: f32 = (0..length).map(score).sum();
                    for dimension in 0..size {
                        let expected: f32 = (0..length).map(|other| score(other) / all * part(other, 2, head)[dimension]).sum();
                        let found = out[position * hidden + head * size + dimension];
                        assert!((found - expected).abs() < 1e-4, "{found} for {expected}, length {length}");
                    }
                }
            }
        }
    }
}
