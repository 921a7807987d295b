//! The encoder on a CPU in 8-bit integers: the same network as [`Encoder`](super::Encoder), more than twice as fast.
//!
//! Weights are rounded to 8 bits by output when the model is loaded, activations by token as they come; products are summed in
//! 32 bits, everything between them is f32. Sequences stand one after the other without padding, so a post's vector does not
//! depend on its batch mates at all. States are kept without the bias of the norm they come from: it is the same for every token, so the
//! products behind take it over, and what is rounded spreads less. One thread takes a batch from embedding to the states of its
//! tokens: a layer holds no other thread up.

mod attention;
mod linear;
mod rows;

use rayon::prelude::*;
use rten_simd::SimdOp;
use rten_vecmath::{Normalize, NormalizeOptions, Sum, SumSquareSub};

use self::attention::{Attend, Room};
use self::linear::{Linear, Products, Then};
use self::rows::Rows;
use super::ModelError;
use super::config::ModelConfig;
use super::weights::{Table, Weights};
use crate::tokens::Batch;

/// Rows that go through a layer's products together: what they need in between stays in the core's own cache.
const BLOCK_ROWS: usize = 64;
/// Tokens from which on a group of sequences is full. What attention reads of a group still lies in the core's own cache.
const GROUP_TOKENS: usize = 128;

/// Embeddings and layers with packed weights.
pub struct Int8Encoder {
    words: Table,
    /// Position and token type together, `[positions, hidden]`.
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    /// Bias of the last norm, which no product takes over.
    last_bias: Vec<f32>,
    hidden: usize,
    heads: usize,
}

struct Layer {
    /// Query, key and value side by side; queries divided by √size.
    projections: Linear,
    attention_output: Linear,
    attention_norm: Norm,
    intermediate: Linear,
    output: Linear,
    output_norm: Norm,
}

/// Layer normalisation but for its bias.
struct Norm {
    weight: Vec<f32>,
    epsilon: f32,
}

/// What is the same for every layer of one pass.
struct Pass<'a> {
    products: &'a Products,
    /// Largest integer of an activation.
    top: u8,
    hidden: usize,
    heads: usize,
}

/// What a layer works in; kept from layer to layer.
#[derive(Default)]
struct Scratch {
    rows: Rows,
    sums: Vec<i32>,
    projected: Vec<f32>,
    block: Vec<f32>,
    attended: Vec<f32>,
    wide: Vec<f32>,
    context: Vec<f32>,
    attention: Room,
}

impl Int8Encoder {
    /// Builds the encoder from a folder's tensors.
    pub fn load(weights: &Weights, config: &ModelConfig) -> Result<Self, ModelError> {
        let sizes = &config.encoder;
        let hidden = sizes.hidden_size;
        let products = Products::new();
        let types = weights.values("embeddings.token_type_embeddings.weight", &[sizes.type_vocab_size, hidden])?;
        let mut positions = weights.values("embeddings.position_embeddings.weight", &[sizes.max_position_embeddings, hidden])?;
        positions.drain(..config.first_position() * hidden);
        for row in positions.chunks_exact_mut(hidden) {
            row.iter_mut().zip(&types[..hidden]).for_each(|(position, token_type)| *position += token_type);
        }
        Ok(Self {
            words: weights.table("embeddings.word_embeddings.weight", sizes.vocab_size, hidden)?,
            positions,
            norm: Norm::load(weights, "embeddings.LayerNorm", config)?,
            layers: (0..sizes.num_hidden_layers)
                .into_par_iter()
                .map(|number| Layer::load(&products, weights, number, config))
                .collect::<Result<_, _>>()?,
            last_bias: bias_below(weights, sizes.num_hidden_layers, config)?,
            hidden,
            heads: sizes.num_attention_heads,
        })
    }

    /// Width of a vector.
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Vectors of all tokens, one sequence after the other, `[tokens, hidden]`.
    pub fn states(&self, batch: &Batch) -> candle_core::Result<Vec<f32>> {
        let mut states = self.embed(batch)?;
        let mut scratch = Scratch::default();
        let products = Products::new();
        // Some CPUs add two products in 16 bits, which activations of 7 bits cannot overflow.
        let top = if products.may_saturate() { 127 } else { u8::MAX };
        let pass = Pass { products: &products, top, hidden: self.hidden, heads: self.heads };
        let lengths: Vec<usize> = batch.lengths().collect();
        for layer in &self.layers {
            let mut rest = states.as_mut_slice();
            for group in groups(&lengths) {
                let (own, behind) = rest.split_at_mut(group.iter().sum::<usize>() * self.hidden);
                layer.forward(&pass, group, own, &mut scratch);
                rest = behind;
            }
        }
        for row in states.chunks_exact_mut(self.hidden) {
            row.iter_mut().zip(&self.last_bias).for_each(|(value, bias)| *value += bias);
        }
        Ok(states)
    }

    /// `[tokens, hidden]`.
    fn embed(&self, batch: &Batch) -> candle_core::Result<Vec<f32>> {
        let mut states = vec![0.0; batch.tokens() * self.hidden];
        let positions = batch.lengths().flat_map(|length| self.positions.chunks_exact(self.hidden).take(length));
        for ((row, id), position) in states.chunks_exact_mut(self.hidden).zip(batch.ids()).zip(positions) {
            self.words.look_up(*id, row)?;
            row.iter_mut().zip(position).for_each(|(value, position)| *value += position);
            self.norm.apply(row);
        }
        Ok(states)
    }
}

/// Neighbouring sequences that go through a layer together.
fn groups(lengths: &[usize]) -> impl Iterator<Item = &[usize]> {
    let mut rest = lengths;
    std::iter::from_fn(move || {
        let mut tokens = 0;
        let full = rest.iter().position(|length| {
            tokens += length;
            tokens >= GROUP_TOKENS
        });
        let (group, behind) = rest.split_at(full.map_or(rest.len(), |last| last + 1));
        rest = behind;
        (!group.is_empty()).then_some(group)
    })
}

/// Mean vector of each sequence, `[sequences, hidden]`, of the states of all tokens one after the other.
pub(super) fn mean_pool(states: &[f32], hidden: usize, batch: &Batch) -> Vec<f32> {
    let mut rest = states;
    let mut pooled = Vec::with_capacity(batch.len() * hidden);
    for length in batch.lengths() {
        let (own, after) = rest.split_at(length * hidden);
        let mut mean = vec![0.0; hidden];
        for row in own.chunks_exact(hidden) {
            mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += value);
        }
        pooled.extend(mean.iter().map(|sum| sum / length as f32));
        rest = after;
    }
    pooled
}

impl Layer {
    fn load(products: &Products, weights: &Weights, number: usize, config: &ModelConfig) -> Result<Self, ModelError> {
        let sizes = &config.encoder;
        let (hidden, wide) = (sizes.hidden_size, sizes.intermediate_size);
        let at = |part: &str| format!("encoder.layer.{number}.{part}");
        let both = |part: &str, inputs: usize, outputs: usize| {
            let weight = weights.values(&format!("{}.weight", at(part)), &[outputs, inputs])?;
            Ok::<_, ModelError>((weight, weights.values(&format!("{}.bias", at(part)), &[outputs])?))
        };
        let (below, between) =
            (bias_below(weights, number, config)?, norm_bias(weights, &at("attention.output.LayerNorm"), config)?);
        // What is added to the product has lost the bias of its norm, or the rows that are multiplied have.
        let adds = |part: &str, inputs: usize, lost: &[f32]| {
            let (weight, mut bias) = both(part, inputs, hidden)?;
            bias.iter_mut().zip(lost).for_each(|(bias, lost)| *bias += lost);
            Ok::<_, ModelError>(Linear::new(products, &weight, bias))
        };
        let multiplies = |weight: &[f32], mut bias: Vec<f32>, lost: &[f32]| {
            for (bias, row) in bias.iter_mut().zip(weight.chunks_exact(hidden)) {
                *bias += row.iter().zip(lost).map(|(weight, lost)| weight * lost).sum::<f32>();
            }
            Linear::new(products, weight, bias)
        };
        let (mut weight, mut bias) = both("attention.self.query", hidden, hidden)?;
        let by = 1.0 / ((hidden / sizes.num_attention_heads) as f32).sqrt();
        weight.iter_mut().chain(&mut bias).for_each(|value| *value *= by);
        for part in ["attention.self.key", "attention.self.value"] {
            let (own_weight, own_bias) = both(part, hidden, hidden)?;
            weight.extend(own_weight);
            bias.extend(own_bias);
        }
        let (wide_weight, wide_bias) = both("intermediate.dense", hidden, wide)?;
        Ok(Self {
            projections: multiplies(&weight, bias, &below),
            attention_output: adds("attention.output.dense", hidden, &below)?,
            attention_norm: Norm::load(weights, &at("attention.output.LayerNorm"), config)?,
            intermediate: multiplies(&wide_weight, wide_bias, &between),
            output: adds("output.dense", wide, &between)?,
            output_norm: Norm::load(weights, &at("output.LayerNorm"), config)?,
        })
    }

    /// Changes the `states` `[tokens, hidden]` of sequences of these lengths where they lie.
    fn forward(&self, pass: &Pass, lengths: &[usize], states: &mut [f32], scratch: &mut Scratch) {
        let &Pass { products, top, hidden, heads } = pass;
        let Scratch { rows, sums, projected, block, attended, wide, context, attention } = scratch;
        projected.clear();
        for states in states.chunks(BLOCK_ROWS * hidden) {
            rows.quantize(states, hidden, top);
            self.projections.apply(products, rows, Then::Keep, sums, projected);
        }
        context.resize(states.len(), 0.0);
        let (mut projected, mut contexts) = (projected.as_slice(), context.as_mut_slice());
        for length in lengths {
            let (own, after) = projected.split_at(length * 3 * hidden);
            let (out, behind) = contexts.split_at_mut(length * hidden);
            Attend { projected: own, hidden, heads, room: attention, out }.dispatch();
            (projected, contexts) = (after, behind);
        }
        for (states, context) in states.chunks_mut(BLOCK_ROWS * hidden).zip(context.chunks(BLOCK_ROWS * hidden)) {
            rows.quantize(context, hidden, top);
            attended.clear();
            self.attention_output.apply(products, rows, Then::Add(states), sums, attended);
            self.attention_norm.apply_all(attended);
            rows.quantize(attended, hidden, top);
            wide.clear();
            self.intermediate.apply(products, rows, Then::Activate, sums, wide);
            rows.quantize(wide, wide.len() / (states.len() / hidden), top);
            block.clear();
            self.output.apply(products, rows, Then::Add(attended), sums, block);
            self.output_norm.apply_all(block);
            states.copy_from_slice(block);
        }
    }
}

/// Bias of the norm whose output layer `number` reads.
fn bias_below(weights: &Weights, number: usize, config: &ModelConfig) -> Result<Vec<f32>, ModelError> {
    match number.checked_sub(1) {
        Some(below) => norm_bias(weights, &format!("encoder.layer.{below}.output.LayerNorm"), config),
        None => norm_bias(weights, "embeddings.LayerNorm", config),
    }
}

fn norm_bias(weights: &Weights, name: &str, config: &ModelConfig) -> Result<Vec<f32>, ModelError> {
    weights.values(&format!("{name}.bias"), &[config.encoder.hidden_size])
}

impl Norm {
    fn load(weights: &Weights, name: &str, config: &ModelConfig) -> Result<Self, ModelError> {
        let size = [config.encoder.hidden_size];
        Ok(Self { weight: weights.values(&format!("{name}.weight"), &size)?, epsilon: config.encoder.layer_norm_eps as f32 })
    }

    fn apply_all(&self, rows: &mut [f32]) {
        rows.chunks_exact_mut(self.weight.len()).for_each(|row| self.apply(row));
    }

    fn apply(&self, row: &mut [f32]) {
        let size = row.len() as f32;
        let mean = Sum::new(row).dispatch() / size;
        let variance = SumSquareSub::new(row, mean).dispatch() / size;
        let options = NormalizeOptions {
            pre_scale_bias: mean,
            scale: 1.0 / (variance + self.epsilon).sqrt(),
            element_scale: Some(&self.weight),
            bias: 0.0,
            element_bias: None,
        };
        Normalize::new_mut(row, options).dispatch();
    }
}
