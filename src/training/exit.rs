//! The exit: a head on a lower layer that says of most ordinary posts what the whole model would.
//!
//! It is fitted to the probabilities the finished model gives the training posts, not to their labels: what counts is whether the
//! whole model would have called a post suspect. The line is drawn on dev so that next to none of the suspects it calls leave.

use std::collections::{BTreeMap, HashMap};

use candle_core::{DType, Device, Tensor, Var};

use super::TrainingError;
use super::loss::log_loss;
use super::optimizer::AdamW;
use super::recipe::ExitRecipe;
use super::sequences::{self, Sequence, Sides};
use super::standard::Standard;
use crate::classifier::{EXIT_HEAD, Engine, Int8Encoder, ModelFolder, mean_of_states};
use crate::tokens::{Tokens, in_batches};
use crate::verdict::{Calibration, OperatingPoint};

/// Tokens of one batch.
const BATCH_TOKENS: usize = 2048;

/// Fits the exit of a folder whose other heads and whose `calibration` are done; gives its tensors by the names of a model folder.
pub(super) fn fit(
    folder: &ModelFolder,
    sides: &Sides,
    calibration: &Calibration,
    recipe: &ExitRecipe,
) -> Result<HashMap<String, Tensor>, TrainingError> {
    let training = Read::new(folder, &sides.training, recipe.layer)?;
    let dev = Read::new(folder, &sides.dev, recipe.layer)?;
    let balanced = calibration.threshold(OperatingPoint::Balanced.id())?;
    let (weight, bias) = training.head(calibration, &sides.training, recipe).map_err(TrainingError::compute)?;
    let said = dev.apply(&weight, &bias).map_err(TrainingError::compute)?;
    let called = |(example, suspect): &(&Sequence, &f32)| {
        example.example.record.label.suspect && calibration.suspect.apply(**suspect) >= balanced
    };
    let mut suspects: Vec<f32> =
        sides.dev.iter().zip(&dev.suspect).zip(&said).filter(|(pair, _)| called(pair)).map(|(_, early)| *early).collect();
    suspects.sort_by(f32::total_cmp);
    let lost = (recipe.lost * suspects.len() as f64) as usize;
    let Some(line) = suspects.get(lost) else {
        return Err(TrainingError::TooLittle(
            "no suspect on dev that the model calls so: nothing to draw the exit's line by".to_owned(),
        ));
    };
    let line = Tensor::new(&[*line], &Device::Cpu).map_err(TrainingError::compute)?;
    Ok([("weight", weight), ("bias", bias), ("line", line)].map(|(part, tensor)| (format!("{EXIT_HEAD}.{part}"), tensor)).into())
}

/// What lower layers and the whole model make of sequences.
struct Read {
    /// After the exit's layer, `[sequences, hidden]`.
    early: Tensor,
    /// Log-odds by the whole model.
    suspect: Vec<f32>,
}

impl Read {
    fn new(folder: &ModelFolder, own: &[Sequence], layer: usize) -> Result<Self, TrainingError> {
        let mut config = folder.config.clone();
        config.encoder.num_hidden_layers = layer;
        let encoder = Int8Encoder::load(&folder.weights()?, &config)?;
        let tokens: Vec<&Tokens> = own.iter().map(|sequence| &sequence.tokens).collect();
        let hidden = encoder.hidden();
        let early = in_batches(&tokens, BATCH_TOKENS, |batch| {
            let pooled = mean_of_states(&encoder.states(batch)?, hidden, batch);
            Ok(pooled.chunks_exact(hidden).map(<[f32]>::to_vec).collect())
        });
        let early = early.and_then(|rows| Tensor::from_vec(rows.concat(), (own.len(), hidden), &Device::Cpu));
        let whole = sequences::logits(&*folder.classifier(None, Engine::Int8)?, own, BATCH_TOKENS)?;
        let suspect = whole.iter().map(|logits| logits.suspect).collect();
        Ok(Self { early: early.map_err(TrainingError::compute)?, suspect })
    }

    /// Weight `[1, hidden]` and bias `[1]`.
    fn head(&self, calibration: &Calibration, own: &[Sequence], recipe: &ExitRecipe) -> candle_core::Result<(Tensor, Tensor)> {
        let standard = Standard::of(&self.early, true)?;
        let inputs = standard.apply(&self.early)?;
        let p: Vec<f32> = self.suspect.iter().map(|suspect| calibration.suspect.apply(*suspect)).collect();
        let counts: Vec<f32> = own.iter().map(|sequence| sequence.example.weight).collect();
        let all = f64::from(counts.iter().sum::<f32>());
        let (p, counts) = (Tensor::new(p, &Device::Cpu)?, Tensor::new(counts, &Device::Cpu)?);
        let weight = Var::zeros((1, inputs.dim(1)?), DType::F32, &Device::Cpu)?;
        let bias = Var::zeros(1, DType::F32, &Device::Cpu)?;
        let variables = BTreeMap::from([("exit.weight".to_owned(), weight.clone()), ("exit.bias".to_owned(), bias.clone())]);
        let mut optimizer = AdamW::new(&variables, recipe.weight_decay)?;
        for step in 1..=recipe.steps {
            let z = inputs.matmul(&weight.t()?)?.broadcast_add(&bias)?.squeeze(1)?;
            let loss = ((log_loss(&z, &p)? * &counts)?.sum_all()? / all)?;
            let mut found = loss.backward()?;
            let gradients = variables.iter().filter_map(|(name, var)| Some((name.clone(), found.remove(var)?))).collect();
            let rate = recipe.learning_rate * (1.0 - (step - 1) as f64 / recipe.steps as f64);
            optimizer.step(&variables, &gradients, step, f64::INFINITY, |_| rate)?;
        }
        standard.fold_in(weight.as_tensor(), bias.as_tensor())
    }

    /// Log-odds by the head.
    fn apply(&self, weight: &Tensor, bias: &Tensor) -> candle_core::Result<Vec<f32>> {
        self.early.matmul(&weight.t()?)?.broadcast_add(bias)?.squeeze(1)?.to_vec1()
    }
}
