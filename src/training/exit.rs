//! The exit: a head on a lower layer that says of most ordinary posts what the whole model would.
//!
//! It is fitted to what the finished model says of the training posts, not to their labels: what counts is whether the whole model
//! would have called a post suspect. The threshold is drawn on dev so that next to none of the suspects it calls leave.

use std::collections::HashMap;

use candle_core::{D, DType, Device, Tensor};
use candle_nn::ops::log_softmax;

use super::TrainingError;
use super::linear::LinearFit;
use super::loss::log_loss;
use super::recipe::ExitRecipe;
use super::sequences::{self, BATCH_TOKENS, Sequence, Sides};
use super::standard::Standard;
use crate::classifier::{Classifier, EXIT_HEAD, ExitConfig, Int8Encoder, Logits, ModelFolder, mean_of_states};
use crate::tokens::{Tokens, in_batches};
use crate::typology::Context;
use crate::verdict::{Calibration, OperatingPoint, sigmoid, softmax};

/// A fitted exit.
pub(super) struct FittedExit {
    pub(super) config: ExitConfig,
    /// By the names of a model folder.
    pub(super) tensors: HashMap<String, Tensor>,
}

/// Fits the exit of a folder whose other heads are done; `dev` is what `classifier` says of the dev side.
pub(super) fn fit(
    folder: &ModelFolder,
    classifier: &dyn Classifier,
    sides: &Sides,
    dev: &[Logits],
    calibration: &Calibration,
    recipe: &ExitRecipe,
) -> Result<FittedExit, TrainingError> {
    let encoder = Int8Encoder::load(&folder.weights()?, &folder.config)?;
    let training = sequences::logits(classifier, &sides.training, BATCH_TOKENS)?;
    let fitted = || -> candle_core::Result<(Tensor, Tensor, Vec<f32>)> {
        let (weight, bias) = head(&means(&encoder, &sides.training, recipe.layer)?, &training, &sides.training, recipe)?;
        let said = means(&encoder, &sides.dev, recipe.layer)?.matmul(&weight.t()?)?.broadcast_add(&bias)?;
        let early = said.narrow(1, 0, 1)?.squeeze(1)?.to_vec1()?;
        Ok((weight, bias, early))
    };
    let (weight, bias, early) = fitted().map_err(TrainingError::compute)?;
    let balanced = calibration.threshold(OperatingPoint::Balanced.id())?;
    let called = |logits: &Logits| calibration.suspect.apply(logits.suspect) >= balanced;
    let drawn_for = dev.iter().filter(|logits| called(logits)).map(|logits| logits.suspect).fold(f32::INFINITY, f32::min);
    let mut suspects: Vec<f32> = sides
        .dev
        .iter()
        .zip(dev)
        .zip(&early)
        .filter(|((sequence, whole), _)| sequence.example.record.label.suspect && called(whole))
        .map(|(_, early)| *early)
        .collect();
    suspects.sort_by(f32::total_cmp);
    let missed = (recipe.miss_rate * suspects.len() as f64) as usize;
    let Some(lowest) = suspects.get(missed) else {
        let message = "the model calls no suspect on dev so: nothing to draw the exit's threshold by".to_owned();
        return Err(TrainingError::TooLittle(message));
    };
    // What leaves is never called, by what the exit itself says of it.
    let threshold = lowest.min(drawn_for);
    let tensors = [("weight", weight), ("bias", bias)].map(|(part, tensor)| (format!("{EXIT_HEAD}.{part}"), tensor)).into();
    Ok(FittedExit { config: ExitConfig { layer: recipe.layer, threshold, drawn_for }, tensors })
}

/// Mean vectors after some layers, `[sequences, hidden]`.
fn means(encoder: &Int8Encoder, sequences: &[Sequence], layers: usize) -> candle_core::Result<Tensor> {
    let tokens: Vec<&Tokens> = sequences.iter().map(|sequence| &sequence.tokens).collect();
    let hidden = encoder.hidden();
    let rows: Vec<Vec<f32>> = in_batches(&tokens, BATCH_TOKENS, |batch| {
        let mut states = encoder.embed(batch)?;
        encoder.apply(0..layers, batch, &mut states);
        Ok::<_, candle_core::Error>(mean_of_states(&states, hidden, batch).chunks_exact(hidden).map(<[f32]>::to_vec).collect())
    })?;
    Tensor::from_vec(rows.concat(), (sequences.len(), hidden), &Device::Cpu)
}

/// Weight `[outputs, hidden]` and bias `[outputs]`, outputs suspect and contexts, as near as they come to what the whole model `says`.
fn head(means: &Tensor, says: &[Logits], sequences: &[Sequence], recipe: &ExitRecipe) -> candle_core::Result<(Tensor, Tensor)> {
    let standard = Standard::of(means, true)?;
    let inputs = standard.apply(means)?;
    let column = |values: Vec<f32>| Tensor::from_vec(values, (says.len(), 1), &Device::Cpu);
    let suspect = column(says.iter().map(|logits| sigmoid(logits.suspect)).collect())?;
    let contexts: Vec<f32> = says.iter().flat_map(|logits| softmax(&logits.context.unwrap_or_default(), 1.0)).collect();
    let contexts = Tensor::from_vec(contexts, (says.len(), Context::ALL.len()), &Device::Cpu)?;
    let counts = column(sequences.iter().map(|sequence| sequence.example.weight).collect())?;
    let all = f64::from(counts.sum_all()?.to_scalar::<f32>()?);
    let bias = Tensor::zeros(1 + Context::ALL.len(), DType::F32, &Device::Cpu)?;
    let mut fit = LinearFit::new(inputs.dim(1)?, &bias, recipe.steps, recipe.learning_rate, recipe.weight_decay)?;
    for _ in 0..recipe.steps {
        fit.step(&inputs, |z| {
            let suspects = log_loss(&z.narrow(1, 0, 1)?, &suspect)?;
            let log_p = log_softmax(&z.narrow(1, 1, Context::ALL.len())?, D::Minus1)?;
            let context = (log_p * &contexts)?.sum_keepdim(1)?;
            ((suspects - context)? * &counts)?.sum_all()? / all
        })?;
    }
    fit.folded(&standard)
}
