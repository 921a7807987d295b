//! Self-attention of one sequence in f32: scores, softmax and weighted sum, one head after the other.

use std::array::from_fn;

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};
use rten_vecmath::Softmax;

/// Queries that share each load of a key or value. Sums of so many hide how long one multiplication takes.
const TOGETHER: usize = 8;

/// Room for the keys, values and scores of one head.
#[derive(Default)]
pub(super) struct Room {
    /// Keys as they come, `[length, size]`, rows filled up to whole vectors.
    rows: Vec<f32>,
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
        room.rows.resize(length * wide, 0.0);
        room.values.resize(length * wide, 0.0);
        room.scores.resize(TOGETHER * long, 0.0);
        let mut sum = vec![0.0; wide];
        for head in 0..heads {
            // Keys and values of a head lie far apart: they are brought together first, and turned where they lie close.
            for (row, (key, values)) in
                projected.chunks_exact(3 * hidden).zip(room.rows.chunks_exact_mut(wide).zip(room.values.chunks_exact_mut(wide)))
            {
                copy(isa, &row[hidden + head * size..][..size], key);
                copy(isa, &row[2 * hidden + head * size..][..size], values);
            }
            for (dimension, keys) in room.keys.chunks_exact_mut(long).enumerate() {
                for (key, row) in keys.iter_mut().zip(room.rows.chunks_exact(wide)) {
                    *key = row[dimension];
                }
            }
            for first in (0..length).step_by(TOGETHER) {
                // Beyond the end the last query is computed again and its result left.
                let position = |query: usize| (first + query).min(length - 1);
                let queries: [&[f32]; TOGETHER] =
                    from_fn(|query| &projected[position(query) * 3 * hidden + head * size..][..size]);
                for at in (0..long).step_by(lanes) {
                    let mut scores = [ops.zero(); TOGETHER];
                    // By number, so that the compiler sees that no index is out of bounds.
                    for dimension in 0..size {
                        let keys = ops.load(&room.keys[dimension * long + at..]);
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
                let weights: [&[f32]; TOGETHER] = from_fn(|query| &room.scores[query * long..][..length]);
                for column in (0..wide).step_by(lanes) {
                    let mut sums = [ops.zero(); TOGETHER];
                    for at in 0..length {
                        let values = ops.load(&room.values[at * wide + column..]);
                        for (sum, weights) in sums.iter_mut().zip(&weights) {
                            *sum = ops.mul_add(ops.splat(weights[at]), values, *sum);
                        }
                    }
                    let kept = lanes.min(size - column);
                    for (query, own) in sums.into_iter().enumerate().take(length - first) {
                        let out = &mut out[(first + query) * hidden + head * size + column..][..kept];
                        if kept == lanes {
                            ops.store(own, out);
                        } else {
                            ops.store(own, &mut sum);
                            out.copy_from_slice(&sum[..kept]);
                        }
                    }
                }
            }
        }
    }
}

/// Copies `from` to the beginning of `to`. Vector by vector: for so few values a call of `memcpy` takes longer than they do.
#[expect(clippy::inline_always, reason = "only what is inlined into the dispatch is compiled for its instructions")]
#[inline(always)]
fn copy<I: Isa>(isa: I, from: &[f32], to: &mut [f32]) {
    let ops = isa.f32();
    let whole = from.len() / ops.len() * ops.len();
    for at in (0..whole).step_by(ops.len()) {
        ops.store(ops.load(&from[at..]), &mut to[at..]);
    }
    to[whole..from.len()].copy_from_slice(&from[whole..]);
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
