//! The head on places: what the whole post makes of what is known of a country.
//!
//! The head is linear on the pooled vector and moves the weights of some facts post by post; it is fitted to origins and destinations of
//! the training records on top of what the facts say by themselves. [`crate::regions::inference`] says why.

use std::collections::HashMap;

use candle_core::{Device, Tensor};
use fastrand::Rng;
use rayon::prelude::*;

use super::TrainingError;
use super::linear::LinearFit;
use super::loss::log_loss;
use super::recipe::PlacesRecipe;
use super::sequences::{BATCH_TOKENS, Sequence};
use super::standard::Standard;
use crate::classifier::{Engine, ModelError, ModelFolder, PARTS, PLACES_HEAD, PooledEncoder};
use crate::contacts;
use crate::labelled::Record;
use crate::regions::inference::{Candidate, MOVED};
use crate::regions::{Regions, locate};
use crate::text::{NormalText, identify};
use crate::tokens::{Tokens, in_batches};
use crate::typology::Context;

/// Countries of one step.
const STEP: usize = 256;
/// The countries that posts may have to do with, and which parts they play.
pub(super) struct LabelledCandidates {
    /// `[posts, hidden]`.
    pooled: Tensor,
    all: Vec<LabelledCandidate>,
}

/// One country of one post.
struct LabelledCandidate {
    /// Position of the post.
    post: u32,
    candidate: Candidate,
    plays: [bool; PARTS],
}

impl LabelledCandidates {
    /// Of the sequences whose records say both origin and destination, with vectors as scans compute them. Copies in disguise are left
    /// out: a name spelt past a machine is often no name any more.
    pub(super) fn read(folder: &ModelFolder, sequences: &[Sequence]) -> Result<Self, TrainingError> {
        let placed: Vec<&Sequence> =
            sequences.iter().filter(|own| own.example.plain.is_none() && says_both(&own.example.record)).collect();
        let all: Vec<LabelledCandidate> =
            placed.par_iter().enumerate().flat_map_iter(|(post, own)| labelled(post as u32, &own.example.record)).collect();
        if all.is_empty() {
            return Err(too_little());
        }
        let encoder = PooledEncoder::load(&folder.weights()?, &folder.config, Engine::default())?;
        let tokens: Vec<&Tokens> = placed.iter().map(|own| &own.tokens).collect();
        let vectors: Vec<Tensor> = in_batches(&tokens, BATCH_TOKENS, |batch| {
            let pooled = encoder.pooled(batch)?;
            (0..batch.len()).map(|at| pooled.narrow(0, at, 1).map_err(ModelError::compute)).collect()
        })?;
        let pooled = Tensor::cat(&vectors, 0).map_err(TrainingError::compute)?;
        Ok(Self { pooled, all })
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Fits the head; gives its weight `[outputs, hidden]` and bias `[outputs]` by the names of a model folder.
    pub(super) fn fit(&self, recipe: &PlacesRecipe, seed: u64) -> Result<HashMap<String, Tensor>, TrainingError> {
        self.fit_tensors(recipe, seed).map_err(TrainingError::compute)
    }

    /// One layer on each fact's copy of the pooled vector, zero where the fact does not hold: its weights are those of the facts side by
    /// side.
    fn fit_tensors(&self, recipe: &PlacesRecipe, seed: u64) -> candle_core::Result<HashMap<String, Tensor>> {
        let hidden = self.pooled.dim(1)?;
        let standard = Standard::of(&self.pooled, true)?;
        let vectors = standard.apply(&self.pooled)?;
        let mut random = Rng::with_seed(seed);
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        let steps = recipe.epochs * order.len().div_ceil(STEP);
        let bias = Tensor::zeros(PARTS, candle_core::DType::F32, &Device::Cpu)?;
        let mut fit = LinearFit::new(MOVED.len() * hidden, &bias, steps, recipe.learning_rate, recipe.weight_decay)?;
        for _ in 0..recipe.epochs {
            random.shuffle(&mut order);
            for step in order.chunks(STEP) {
                let own: Vec<&LabelledCandidate> = step.iter().map(|&at| &self.all[at]).collect();
                let posts: Vec<u32> = own.iter().map(|one| one.post).collect();
                let vectors = vectors.index_select(&Tensor::new(posts, &Device::Cpu)?, 0)?;
                let holds = rows(&own, |one| one.candidate.moved().map(|holds| f32::from(u8::from(holds))))?;
                let inputs = holds.unsqueeze(2)?.broadcast_mul(&vectors.unsqueeze(1)?)?.flatten_from(1)?;
                let known = rows(&own, |one| one.candidate.log_odds())?;
                let plays = rows(&own, |one| one.plays.map(|plays| f32::from(u8::from(plays))))?;
                fit.step(&inputs, |z| log_loss(&(z + &known)?, &plays)?.mean_all())?;
            }
        }
        let (weight, base) = fit.fitted();
        let zero = Tensor::zeros(PARTS * MOVED.len(), candle_core::DType::F32, &Device::Cpu)?;
        let (weight, bias) = standard.fold_in(&weight.reshape((PARTS * MOVED.len(), hidden))?, &zero)?;
        // The bias of the fit is that of every candidate.
        let first = rows(&[(); PARTS], |()| MOVED.map(|name| f32::from(u8::from(name == "base"))))?;
        let bias = (bias + first.broadcast_mul(&base.unsqueeze(1)?)?.flatten_all()?)?;
        Ok([(format!("{PLACES_HEAD}.weight"), weight), (format!("{PLACES_HEAD}.bias"), bias)].into())
    }
}

/// `[count, WIDTH]`.
fn rows<T, const WIDTH: usize>(own: &[T], row: impl Fn(&T) -> [f32; WIDTH]) -> candle_core::Result<Tensor> {
    let values: Vec<f32> = own.iter().flat_map(row).collect();
    Tensor::from_vec(values, (own.len(), WIDTH), &Device::Cpu)
}

/// Whether a record says which countries play each part.
pub(super) fn says_both(record: &Record) -> bool {
    record.label.origin.is_some() && record.label.destination.is_some()
}

/// No record of a recipe with a head on places has anything to learn it from.
pub(super) fn too_little() -> TrainingError {
    TrainingError::TooLittle(
        "no training record of the recipe says origin and destination of a country it has to do with".to_owned(),
    )
}

/// The countries of a record by what is known of each, and whether it plays each part, destination first; `context` is what kind of post
/// is taken to be known.
#[must_use]
pub fn labelled_candidates(record: &Record, context: Option<Context>) -> Vec<(Candidate, [bool; PARTS])> {
    let text = NormalText::new(&record.text);
    let called = contacts::called(&record.text, &contacts::find(&text));
    let regions = Regions { called, ..locate(&text, record.region.as_deref()) };
    let plays = |candidate: &Candidate| {
        [&record.label.destination, &record.label.origin]
            .map(|codes| codes.iter().flatten().any(|code| code == candidate.country.as_str()))
    };
    let candidates = regions.candidates(&identify(&text).tag, context);
    let with_parts = |candidate| {
        let parts = plays(&candidate);
        (candidate, parts)
    };
    candidates.into_iter().map(with_parts).collect()
}

fn labelled(post: u32, record: &Record) -> Vec<LabelledCandidate> {
    let candidates = labelled_candidates(record, Some(record.label.context)).into_iter();
    candidates.map(|(candidate, plays)| LabelledCandidate { post, candidate, plays }).collect()
}
