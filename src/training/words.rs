//! The words head: what a single token says of each indicator, fitted where readers have marked the words that show it.
//!
//! Pooled heads learn that a post carries an indicator but not where: every token of a suspicious post looks suspicious to them. This
//! one is fitted on the tuned encoder's token vectors with a yes or no for each token, so it points at the clause; its strongest words
//! also add to what the pooled head says of the whole post, see [`crate::classifier::LureClassifier`].

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::PathBuf;

use candle_core::{Device, Tensor};
use fastrand::Rng;
use rayon::prelude::*;

use super::TrainingError;
use super::features::{DataFile, hash};
use super::linear::LinearFit;
use super::loss::log_loss;
use super::recipe::WordsRecipe;
use super::sequences::{BATCH_TOKENS, Sequence};
use super::standard::Standard;
use crate::classifier::{Encoder, Labels, ModelFolder, WORDS_HEAD};
use crate::evidence::Span;
use crate::labelled::{self, Mark};
use crate::text::NormalText;
use crate::tokens::{Tokenizer, Tokens, in_batches};

/// Tokens of one step.
const STEP: usize = 2048;
/// A token is marked for less than one output in a hundred.
const FIRST_BIAS: f32 = -5.0;

/// Tokens with what they show.
pub(super) struct MarkedTokens {
    /// `[tokens, hidden]`.
    states: Tensor,
    /// Positions in the head of what each token shows.
    shown: Vec<Vec<usize>>,
}

/// The files of a pattern, for the record of what a model was made from.
pub(super) fn files(pattern: &str) -> Result<Vec<DataFile>, TrainingError> {
    let one = |path: PathBuf| Ok(DataFile { sha256: hash(&path)?, records: labelled::rows(&path)?.len(), path });
    labelled::files([pattern])?.into_iter().map(one).collect()
}

impl MarkedTokens {
    /// How many.
    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// Reads the sequences whose records have marks with a model's encoder as it is stored.
    pub(super) fn read(
        folder: &ModelFolder,
        tokenizer: &Tokenizer,
        sequences: &[Sequence],
        marks: &BTreeMap<String, Vec<Mark>>,
        labels: &Labels,
    ) -> Result<Self, TrainingError> {
        if labels.indicators.is_empty() {
            return Err(TrainingError::TooLittle("the model has no indicators whose words could be learnt".to_owned()));
        }
        let marked: Vec<&Sequence> = sequences.iter().filter(|own| marks.contains_key(&own.example.record.id)).collect();
        if marked.is_empty() {
            return Err(TrainingError::TooLittle("no record of the recipe has marked words".to_owned()));
        }
        let encoder = Encoder::load(&folder.weights()?, &folder.config)?;
        let tokens: Vec<&Tokens> = marked.iter().map(|own| &own.tokens).collect();
        let states: Vec<Tensor> = in_batches(&tokens, BATCH_TOKENS, |batch| {
            let states = encoder.forward(batch)?;
            batch.lengths().enumerate().map(|(at, length)| states.get(at)?.narrow(0, 0, length)).collect()
        })
        .map_err(TrainingError::compute)?;
        let shown: Vec<Vec<Vec<usize>>> = marked
            .par_iter()
            .map(|own| shown(&own.example.record.text, &marks[&own.example.record.id], tokenizer, labels))
            .collect::<Result<_, _>>()?;
        let states = Tensor::cat(&states, 0).map_err(TrainingError::compute)?;
        Ok(Self { states, shown: shown.concat() })
    }

    /// Fits the head; gives its weight `[outputs, hidden]` and bias `[outputs]` by the names of a model folder.
    pub(super) fn fit(&self, outputs: usize, recipe: &WordsRecipe, seed: u64) -> Result<HashMap<String, Tensor>, TrainingError> {
        self.fit_tensors(outputs, recipe, seed).map_err(TrainingError::compute)
    }

    fn fit_tensors(&self, outputs: usize, recipe: &WordsRecipe, seed: u64) -> candle_core::Result<HashMap<String, Tensor>> {
        let standard = Standard::of(&self.states, true)?;
        let mut random = Rng::with_seed(seed);
        let mut order: Vec<u32> = (0..self.shown.len() as u32).collect();
        let steps = recipe.epochs * order.len().div_ceil(STEP);
        let bias = Tensor::full(FIRST_BIAS, outputs, &Device::Cpu)?;
        let mut fit = LinearFit::new(self.states.dim(1)?, &bias, steps, recipe.learning_rate, recipe.weight_decay)?;
        for _ in 0..recipe.epochs {
            random.shuffle(&mut order);
            for own in order.chunks(STEP) {
                let states = standard.apply(&self.states.index_select(&Tensor::new(own, &Device::Cpu)?, 0)?)?;
                let mut answers = vec![0f32; own.len() * outputs];
                for (row, &token) in answers.chunks_exact_mut(outputs).zip(own) {
                    self.shown[token as usize].iter().for_each(|&output| row[output] = 1.0);
                }
                let answers = Tensor::from_vec(answers, (own.len(), outputs), &Device::Cpu)?;
                fit.step(&states, |z| log_loss(z, &answers)?.sum_all()? / own.len() as f64)?;
            }
        }
        let (weight, bias) = fit.folded(&standard)?;
        let named = |part: &str, tensor: Tensor| Ok((format!("{WORDS_HEAD}.{part}"), (tensor * recipe.scale)?));
        [named("weight", weight), named("bias", bias)].into_iter().collect()
    }
}

/// For each token of a text the positions in the head of the indicators its words are marked for.
fn shown(text: &str, marks: &[Mark], tokenizer: &Tokenizer, labels: &Labels) -> Result<Vec<Vec<usize>>, TrainingError> {
    let normal = NormalText::new(text);
    let places: Vec<(usize, Span)> = marks
        .iter()
        .filter_map(|mark| {
            let output = labels.indicators.iter().position(|id| *id == mark.indicator)?;
            let bytes = mark.bytes(text);
            Some((output, Span { start: bytes.start, end: bytes.end }))
        })
        .collect();
    let of_piece = |piece: Range<usize>| {
        if normal.model()[piece.clone()].trim().is_empty() {
            return Vec::new();
        }
        let own = normal.model_span(piece);
        places.iter().filter(|(_, place)| place.overlaps(own)).map(|(output, _)| *output).collect()
    };
    Ok(tokenizer.pieces(normal.model())?.into_iter().map(of_piece).collect())
}
