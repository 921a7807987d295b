//! A BERT encoder in candle: batch of token ids → one vector a token.
//!
//! Blocks and tensor names follow Hugging Face's `modeling_bert.py`; XLM-R differs only in where positions start.
//! GELU is the exact erf form; the attention mask is a large finite number, so that a row of padding is never NaN.

use candle_core::{Device, Module, Result, Tensor};
use candle_nn::{LayerNorm, Linear, ops};

use super::ModelError;
use super::config::ModelConfig;
use super::inplace::{add, add_bias, gelu};
use super::weights::{Table, Weights};
use crate::tokens::Batch;

/// Added to the score of a padded key: exp underflows to zero, yet nothing overflows.
const MASKED: f32 = -1e9;

/// Embeddings and a stack of transformer layers.
pub struct Encoder {
    words: Table,
    positions: Tensor,
    first_position: usize,
    token_type: Tensor,
    norm: LayerNorm,
    layers: Vec<Layer>,
    hidden: usize,
    pad: u32,
}

impl Encoder {
    /// Builds the encoder from a folder's tensors.
    pub fn load(weights: &Weights, config: &ModelConfig) -> std::result::Result<Self, ModelError> {
        let sizes = &config.encoder;
        let hidden = sizes.hidden_size;
        let types = weights.get("embeddings.token_type_embeddings.weight", &[sizes.type_vocab_size, hidden])?;
        Ok(Self {
            words: weights.table("embeddings.word_embeddings.weight", sizes.vocab_size, hidden)?,
            positions: weights.get("embeddings.position_embeddings.weight", &[sizes.max_position_embeddings, hidden])?,
            first_position: config.first_position(),
            token_type: types.narrow(0, 0, 1).map_err(ModelError::compute)?,
            norm: layer_norm(weights, "embeddings.LayerNorm", hidden, sizes.layer_norm_eps)?,
            layers: (0..sizes.num_hidden_layers)
                .map(|n| Layer::load(weights, n, config))
                .collect::<std::result::Result<_, _>>()?,
            hidden,
            pad: sizes.pad_token_id,
        })
    }

    /// Width of a vector.
    #[must_use]
    pub fn hidden(&self) -> usize {
        self.hidden
    }

    /// Vectors of every position, `[sequences, width, hidden]`; those of padding mean nothing.
    pub fn forward(&self, batch: &Batch) -> Result<Tensor> {
        let mask = attention_mask(batch)?;
        let mut states = self.embed(batch)?;
        for layer in &self.layers {
            states = layer.forward(&states, mask.as_ref())?;
        }
        Ok(states)
    }

    fn embed(&self, batch: &Batch) -> Result<Tensor> {
        let (sequences, width) = (batch.len(), batch.width());
        let mut rows = vec![0.0; sequences * width * self.hidden];
        for (id, row) in batch.padded(self.pad).into_iter().zip(rows.chunks_exact_mut(self.hidden)) {
            self.words.look_up(id, row)?;
        }
        let words = Tensor::from_vec(rows, (sequences, width, self.hidden), &Device::Cpu)?;
        let positions = self.positions.narrow(0, self.first_position, width)?.broadcast_add(&self.token_type)?;
        self.norm.forward(&words.broadcast_add(&positions)?)
    }
}

/// Mean over the tokens of each sequence, padding left out: `[sequences, hidden]`.
pub fn mean_pool(states: &Tensor, batch: &Batch) -> Result<Tensor> {
    let width = batch.width();
    let weights: Vec<f32> = batch
        .lengths()
        .flat_map(|length| (0..width).map(move |position| if position < length { 1.0 / length as f32 } else { 0.0 }))
        .collect();
    let weights = Tensor::from_vec(weights, (batch.len(), 1, width), states.device())?;
    weights.matmul(states)?.squeeze(1)
}

/// Additive mask `[sequences, 1, 1, width]`, or none where no sequence is padded.
pub fn attention_mask(batch: &Batch) -> Result<Option<Tensor>> {
    let width = batch.width();
    if batch.lengths().all(|length| length == width) {
        return Ok(None);
    }
    let values: Vec<f32> =
        batch.lengths().flat_map(|length| (0..width).map(move |position| if position < length { 0.0 } else { MASKED })).collect();
    Tensor::from_vec(values, (batch.len(), 1, 1, width), &Device::Cpu).map(Some)
}

/// Self-attention and feed-forward, each with residual and layer norm after it.
struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    intermediate: Linear,
    output: Linear,
    output_norm: LayerNorm,
    heads: usize,
}

impl Layer {
    fn load(weights: &Weights, number: usize, config: &ModelConfig) -> std::result::Result<Self, ModelError> {
        let sizes = &config.encoder;
        let (hidden, wide, eps) = (sizes.hidden_size, sizes.intermediate_size, sizes.layer_norm_eps);
        let at = |part: &str| format!("encoder.layer.{number}.{part}");
        Ok(Self {
            query: scaled(&linear(weights, &at("attention.self.query"), hidden, hidden)?, hidden / sizes.num_attention_heads)
                .map_err(ModelError::compute)?,
            key: linear(weights, &at("attention.self.key"), hidden, hidden)?,
            value: linear(weights, &at("attention.self.value"), hidden, hidden)?,
            attention_output: linear(weights, &at("attention.output.dense"), hidden, hidden)?,
            attention_norm: layer_norm(weights, &at("attention.output.LayerNorm"), hidden, eps)?,
            intermediate: linear(weights, &at("intermediate.dense"), hidden, wide)?,
            output: linear(weights, &at("output.dense"), wide, hidden)?,
            output_norm: layer_norm(weights, &at("output.LayerNorm"), hidden, eps)?,
            heads: sizes.num_attention_heads,
        })
    }

    /// `[sequences, width, hidden]` → the same.
    fn forward(&self, states: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
        let attended = project(&self.attention_output, &self.attend(states, mask)?)?;
        add(&attended, states)?;
        let states = self.attention_norm.forward(&attended)?;
        let wide = project(&self.intermediate, &states)?;
        gelu(&wide)?;
        let narrow = project(&self.output, &wide)?;
        add(&narrow, &states)?;
        self.output_norm.forward(&narrow)
    }

    fn attend(&self, states: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
        let (sequences, width, hidden) = states.dims3()?;
        let size = hidden / self.heads;
        let split = |projected: Tensor| projected.reshape((sequences, width, self.heads, size))?.transpose(1, 2)?.contiguous();
        let query = split(project(&self.query, states)?)?;
        let key = split(project(&self.key, states)?)?;
        let value = split(project(&self.value, states)?)?;
        let scores = query.matmul(&key.t()?)?;
        let scores = match mask {
            Some(mask) => scores.broadcast_add(mask)?,
            None => scores,
        };
        let context = ops::softmax_last_dim(&scores)?.matmul(&value)?;
        context.transpose(1, 2)?.reshape((sequences, width, hidden))
    }
}

/// A projection whose scores need no division by √size afterwards.
fn scaled(query: &Linear, size: usize) -> Result<Linear> {
    let scale = 1.0 / (size as f64).sqrt();
    Ok(Linear::new((query.weight() * scale)?, query.bias().map(|bias| bias * scale).transpose()?))
}

/// `[sequences, width, in]` → `[sequences, width, out]`, bias added in place.
fn project(linear: &Linear, states: &Tensor) -> Result<Tensor> {
    let (sequences, width, input) = states.dims3()?;
    let rows = states.reshape((sequences * width, input))?.matmul(&linear.weight().t()?)?;
    if let Some(bias) = linear.bias() {
        add_bias(&rows, bias)?;
    }
    rows.reshape((sequences, width, ()))
}

/// `NAME.weight` `[out, in]` and `NAME.bias` `[out]`.
pub(super) fn linear(weights: &Weights, name: &str, input: usize, output: usize) -> std::result::Result<Linear, ModelError> {
    let weight = weights.get(&format!("{name}.weight"), &[output, input])?;
    Ok(Linear::new(weight, Some(weights.get(&format!("{name}.bias"), &[output])?)))
}

fn layer_norm(weights: &Weights, name: &str, size: usize, eps: f64) -> std::result::Result<LayerNorm, ModelError> {
    let weight = weights.get(&format!("{name}.weight"), &[size])?;
    Ok(LayerNorm::new(weight, weights.get(&format!("{name}.bias"), &[size])?, eps))
}
