//! The fine-tuning loop: records in batches of like length → gradients → a better [`Network`]; the best on dev is kept.
//!
//! Everything drawn (which records, their order, dropout) follows from the seed and the number of the step, so a run taken up from
//! its stored state ends as the undisturbed one does.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Instant;

use candle_core::{Device, Shape, Tensor};
use fastrand::Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::TrainingError;
use super::features::Example;
use super::loss::{SUSPECT, Targets};
use super::network::Network;
use super::optimizer::{AdamW, Gradients};
use super::recipe::TuneRecipe;
use super::sequences::{Lower, Sequence, Sides};
use super::teacher::Lesson;
use crate::classifier::Labels;
use crate::evaluation::metrics::{Scored, pr_auc};
use crate::tokens::{Batch, plan};

/// Gradients are scaled down beyond this norm.
const MOST: f64 = 1.0;
/// Batches among which records are sorted by length: more leave less padding, fewer leave more chance.
const SORTED_TOGETHER: usize = 32;
/// Parts of a batch that go side by side.
const BATCH_PARTS: usize = 2;
/// Steps between stored states, and between lines of progress.
const STORE_EVERY: usize = 50;

/// What a run needs beside the network.
pub(super) struct Run<'a> {
    pub(super) recipe: &'a TuneRecipe,
    pub(super) seed: u64,
    pub(super) lower: &'a Lower,
    pub(super) labels: &'a Labels,
    pub(super) sides: &'a Sides,
    pub(super) state: &'a State,
}

/// Where the state of a run is kept until it is done.
pub(super) struct State {
    pub(super) path: PathBuf,
    /// Names recipe and data: a state of another run is not taken up.
    pub(super) fingerprint: String,
}

/// How far a run is.
#[derive(Serialize, Deserialize)]
struct Standing {
    fingerprint: String,
    /// Steps done.
    step: usize,
    /// Epochs measured on dev; the last one done may still have to be.
    measured: usize,
    /// The best PR-AUC so far.
    best: f64,
}

impl Run<'_> {
    /// Tunes the network; afterwards it holds the variables that were best on dev.
    pub(super) fn tune(&self, network: &Network, say: &dyn Fn(String)) -> Result<(), TrainingError> {
        let compute = TrainingError::compute;
        let mut optimizer = AdamW::new(network.variables(), self.recipe.weight_decay).map_err(compute)?;
        let mut best = HashMap::new();
        let mut standing = self.take_up(network, &mut optimizer, &mut best)?;
        if standing.step == 0 && self.state.path.exists() {
            say(format!("{} is of another recipe, base or data: it will be overwritten", self.state.path.display()));
        }
        if standing.step > 0 {
            say(format!("going on behind step {}", standing.step));
        }
        let epochs: Vec<Vec<Vec<usize>>> = (0..self.recipe.epochs).map(|epoch| self.batches(epoch)).collect();
        let steps: usize = epochs.iter().map(Vec::len).sum();
        let (begun, from) = (Instant::now(), standing.step);
        let (mut loss_sum, mut summed) = (0.0, 0);
        let mut number = 0;
        for (epoch, batches) in epochs.iter().enumerate() {
            for batch in batches {
                number += 1;
                if number <= standing.step {
                    continue;
                }
                loss_sum += self.step(network, &mut optimizer, batch, number, steps).map_err(compute)?;
                summed += 1;
                if number % STORE_EVERY == 0 {
                    let done = number - from;
                    let left = begun.elapsed().as_secs_f64() / done as f64 * (steps - number) as f64 / 60.0;
                    say(format!("step {number} of {steps}  loss {:.4}  {left:.0} min left", loss_sum / f64::from(summed)));
                    (loss_sum, summed) = (0.0, 0);
                    standing.step = number;
                    self.store(network, &optimizer, &best, &standing)?;
                }
            }
            if epoch < standing.measured {
                continue;
            }
            let found = self.measure(network).map_err(compute)?;
            say(format!("epoch {} of {}: PR-AUC {found:.4} on dev", epoch + 1, self.recipe.epochs));
            if found > standing.best {
                standing.best = found;
                best = network
                    .variables()
                    .iter()
                    .map(|(name, var)| Ok((name.clone(), var.copy()?)))
                    .collect::<candle_core::Result<_>>()
                    .map_err(compute)?;
            }
            (standing.step, standing.measured) = (number, epoch + 1);
            self.store(network, &optimizer, &best, &standing)?;
        }
        for (name, var) in network.variables() {
            if let Some(tensor) = best.get(name) {
                var.set(tensor).map_err(compute)?;
            }
        }
        Ok(())
    }

    /// Positions of the records of each step of an epoch. A record of weight w is drawn w times in the mean. Records of one group
    /// come together as far as batches allow: where they are twins, what they share moves nothing and what parts them does.
    fn batches(&self, epoch: usize) -> Vec<Vec<usize>> {
        let mut random = Rng::with_seed(self.seed.wrapping_mul(1_000_003).wrapping_add(epoch as u64));
        let mut drawn = Vec::new();
        for (at, sequence) in self.sides.training.iter().enumerate() {
            let weight = sequence.example.weight;
            let times = weight.floor() as usize + usize::from(random.f32() < weight.fract());
            drawn.extend(std::iter::repeat_n(at, times));
        }
        let tokens = |at: usize| self.sides.training[at].tokens.ids.len();
        let mean = drawn.iter().map(|&at| tokens(at)).sum::<usize>() / drawn.len().max(1);
        let together = SORTED_TOGETHER * (self.recipe.batch_tokens / mean.max(1)).max(1);
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in drawn {
            groups.entry(&self.sides.training[at].example.record.group).or_default().push(at);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        random.shuffle(&mut groups);
        // Each record with the length of the longest of its group, so that sorting keeps the group together.
        let drawn: Vec<(usize, usize)> = groups
            .iter()
            .flat_map(|group| {
                let longest = group.iter().map(|&at| tokens(at)).max().unwrap_or(0);
                group.iter().map(move |&at| (at, longest))
            })
            .collect();
        let mut batches = Vec::new();
        for part in drawn.chunks(together) {
            let lengths: Vec<usize> = part.iter().map(|(_, longest)| *longest).collect();
            let (order, ranges) = plan(&lengths, self.recipe.batch_tokens);
            batches.extend(ranges.into_iter().map(|range| order[range].iter().map(|&at| part[at].0).collect::<Vec<_>>()));
        }
        random.shuffle(&mut batches);
        batches
    }

    /// One step of the optimiser; gives the loss. Parts of the batch go side by side, one core each, and their gradients are added in
    /// order, so that the number of threads changes nothing.
    fn step(
        &self,
        network: &Network,
        optimizer: &mut AdamW,
        positions: &[usize],
        number: usize,
        steps: usize,
    ) -> candle_core::Result<f64> {
        let part_size = positions.len().div_ceil(BATCH_PARTS);
        let parts: Vec<(f64, Gradients)> = positions
            .par_chunks(part_size)
            .enumerate()
            .with_max_len(1)
            .map(|(part, own)| {
                let share = own.len() as f64 / positions.len() as f64;
                self.gradients(network, own, share, (number * BATCH_PARTS + part) as u64)
            })
            .collect::<candle_core::Result<_>>()?;
        let loss = parts.iter().map(|(loss, _)| loss).sum();
        let sum: Gradients = network
            .variables()
            .par_iter()
            .map(|(name, _)| {
                let mut own = parts.iter().filter_map(|(_, gradients)| gradients.get(name));
                let first = own.next().cloned();
                let sum = own.try_fold(first, |sum, more| sum.map(|sum| sum + more).transpose())?;
                Ok(sum.map(|sum| (name.clone(), sum)))
            })
            .filter_map(candle_core::Result::transpose)
            .collect::<candle_core::Result<_>>()?;
        let rate = self.rate(number, steps);
        let decay = self.recipe.layer_decay;
        optimizer.step(network.variables(), &sum, number, MOST, |name| rate * decay.powf(network.depth(name) as f64))?;
        Ok(loss)
    }

    /// Loss and gradients of one part of a batch, times its share.
    fn gradients(&self, network: &Network, positions: &[usize], share: f64, draw: u64) -> candle_core::Result<(f64, Gradients)> {
        let sequences: Vec<&Sequence> = positions.iter().map(|&at| &self.sides.training[at]).collect();
        let batch: Batch = sequences.iter().map(|sequence| &sequence.tokens).collect();
        let examples = sequences.iter().map(|sequence| &sequence.example);
        let counts = |example: &Example| if example.labelled { 1.0 } else { 0.0 };
        let mut targets = Targets::new(examples, counts, self.labels, self.recipe.costs)?;
        let lessons: Vec<&Lesson> = sequences.iter().filter_map(|sequence| sequence.lesson.as_ref()).collect();
        if let Some(taught) = &self.sides.taught {
            targets = targets.taught(&lessons, &taught.known)?;
        }
        let states = self.lower.states(&sequences, &batch)?;
        let mut random = Rng::with_seed(self.seed.wrapping_mul(7_919).wrapping_add(draw));
        let keep = 1.0 - self.recipe.dropout;
        let mut dropout = |shape: &Shape| {
            let mask: Vec<f32> = (0..shape.elem_count()).map(|_| if random.f32() < keep { 1.0 / keep } else { 0.0 }).collect();
            Tensor::from_vec(mask, shape, &Device::Cpu).map(Some)
        };
        let pooled = network.pooled(&states, &batch, &mut dropout)?;
        let mut loss = targets.loss(&network.logits(&pooled, &mut dropout)?)?;
        if let Some(taught) = &self.sides.taught {
            loss = (loss + taught.distance(&pooled, &lessons)?)?;
        }
        let loss = (loss * share)?;
        let mut found = loss.backward()?;
        let gradients = network.variables().iter().filter_map(|(name, var)| Some((name.clone(), found.remove(var)?))).collect();
        Ok((f64::from(loss.to_scalar::<f32>()?), gradients))
    }

    /// Rises over the warm-up, then falls linearly to zero.
    fn rate(&self, step: usize, steps: usize) -> f64 {
        let warm = (self.recipe.warm_up * steps as f64).max(1.0);
        let (step, steps) = (step as f64, steps as f64);
        self.recipe.learning_rate * (step / warm).min((steps - step) / (steps - warm).max(1.0)).max(0.0)
    }

    /// PR-AUC of the suspect output on dev.
    fn measure(&self, network: &Network) -> candle_core::Result<f64> {
        let lengths: Vec<usize> = self.sides.dev.iter().map(|sequence| sequence.tokens.ids.len()).collect();
        let (order, ranges) = plan(&lengths, self.recipe.batch_tokens);
        let parts: Vec<Vec<Scored>> = ranges
            .par_iter()
            .with_max_len(1)
            .map(|range| {
                let sequences: Vec<&Sequence> = order[range.clone()].iter().map(|&at| &self.sides.dev[at]).collect();
                let batch: Batch = sequences.iter().map(|sequence| &sequence.tokens).collect();
                let states = self.lower.states(&sequences, &batch)?;
                let pooled = network.pooled(&states, &batch, &mut |_| Ok(None))?;
                let logits = network.logits(&pooled, &mut |_| Ok(None))?.to_vec2::<f32>()?;
                let suspects = sequences.iter().map(|sequence| sequence.example.record.label.suspect);
                Ok(logits.iter().map(|row| row[SUSPECT]).zip(suspects).collect())
            })
            .collect::<candle_core::Result<_>>()?;
        let scored = parts.concat();
        Ok(pr_auc(&scored))
    }

    fn store(
        &self,
        network: &Network,
        optimizer: &AdamW,
        best: &HashMap<String, Tensor>,
        standing: &Standing,
    ) -> Result<(), TrainingError> {
        let mut tensors = optimizer.tensors();
        tensors.extend(network.variables().iter().map(|(name, var)| (format!("now.{name}"), var.as_tensor().clone())));
        tensors.extend(best.iter().map(|(name, tensor)| (format!("best.{name}"), tensor.clone())));
        let failed =
            |error: &dyn std::fmt::Display| TrainingError::write(&self.state.path, std::io::Error::other(error.to_string()));
        let standing = serde_json::to_string(standing).map_err(|error| failed(&error))?;
        let facts = HashMap::from([("standing".to_owned(), standing)]);
        let beside = self.state.path.with_extension("new");
        safetensors::serialize_to_file(&tensors, Some(facts), &beside).map_err(|error| failed(&error))?;
        std::fs::rename(&beside, &self.state.path).map_err(|source| TrainingError::write(&self.state.path, source))
    }

    /// The state an earlier run of the same recipe and data left, if any.
    fn take_up(
        &self,
        network: &Network,
        optimizer: &mut AdamW,
        best: &mut HashMap<String, Tensor>,
    ) -> Result<Standing, TrainingError> {
        let fresh = Standing { fingerprint: self.state.fingerprint.clone(), step: 0, measured: 0, best: 0.0 };
        let Some(stored) = read_standing(&self.state.path).filter(|stored| stored.fingerprint == self.state.fingerprint) else {
            return Ok(fresh);
        };
        let tensors = candle_core::safetensors::load(&self.state.path, &Device::Cpu).map_err(TrainingError::compute)?;
        optimizer.restore(&tensors);
        for (name, var) in network.variables() {
            if let Some(now) = tensors.get(&format!("now.{name}")) {
                var.set(now).map_err(TrainingError::compute)?;
            }
            if let Some(tensor) = tensors.get(&format!("best.{name}")) {
                best.insert(name.clone(), tensor.clone());
            }
        }
        Ok(stored)
    }
}

/// What the head of a state file says, or none where there is no such file.
fn read_standing(path: &Path) -> Option<Standing> {
    let bytes = std::fs::read(path).ok()?;
    let (_, facts) = safetensors::SafeTensors::read_metadata(&bytes).ok()?;
    serde_json::from_str(facts.metadata().as_ref()?.get("standing")?).ok()
}
