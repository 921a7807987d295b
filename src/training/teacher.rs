//! A finished model as the teacher of a smaller one: what it says of a text is learnt beside what readers said.
//!
//! Answers softened by a temperature are after Hinton et al., "Distilling the knowledge in a neural network", 2015; the distance to the
//! teacher's vectors after Sun et al., "Patient knowledge distillation for BERT model compression", 2019, here of the one mean vector
//! that heads read.

use candle_core::{Device, Tensor};
use candle_nn::ops;
use rayon::prelude::*;

use super::TrainingError;
use super::features::{DataFile, Example, hash};
use super::loss::{CONTEXTS, FIXED};
use super::recipe::TeacherRecipe;
use super::sequences::{BATCH_TOKENS, Sequence};
use crate::classifier::weights::Weights;
use crate::classifier::{Engine, Labels, ModelError, ModelFolder, PooledEncoder};
use crate::text::NormalText;
use crate::tokens::{Tokenizer, Tokens, in_batches};

/// What the teacher says of one text.
pub(super) struct Lesson {
    /// `[outputs]`: probabilities in the order of the pupil's outputs; 0 where the teacher has no such output.
    pub(super) answers: Tensor,
    /// How much of every answer is the teacher's.
    pub(super) part: f32,
    /// `[hidden]`: its mean vector.
    vector: Tensor,
}

/// How lessons are weighed.
pub(super) struct Taught {
    /// `[outputs]`: 1 where the teacher has the pupil's output, 0 where it has not.
    pub(super) known: Tensor,
    vectors: f64,
    /// Mean squared distance of the teacher's vectors from their mean.
    spread: f64,
}

impl Taught {
    /// What the pupil's mean vectors `[sequences, hidden]` cost for being elsewhere than the teacher's.
    pub(super) fn distance(&self, pooled: &Tensor, lessons: &[&Lesson]) -> candle_core::Result<Tensor> {
        let vectors = Tensor::stack(&lessons.iter().map(|lesson| &lesson.vector).collect::<Vec<_>>(), 0)?;
        (pooled - vectors)?.sqr()?.sum_all()? * (self.vectors / (self.spread * lessons.len() as f64))
    }
}

/// The teacher's file of sums: with another teacher a run is another run. `hidden` is how wide the pupil's vectors are; what cannot teach
/// is refused here, before anything is encoded.
pub(super) fn file(recipe: &TeacherRecipe, hidden: usize) -> Result<DataFile, TrainingError> {
    let folder = ModelFolder::open(&recipe.model)?;
    let refused = |reason| ModelError::Unsupported { path: folder.path().join("config.json"), reason };
    let wide = folder.config.encoder.hidden_size;
    if wide != hidden {
        return Err(refused(format!("a teacher of vectors {wide} wide cannot teach one of {hidden}")).into());
    }
    if !(0.0..=1.0).contains(&recipe.part) || recipe.temperature <= 0.0 || recipe.vectors < 0.0 {
        return Err(
            refused("[tune.teacher] needs a part of 0 to 1, a temperature above 0 and vectors of 0 or more".to_owned()).into()
        );
    }
    let path = recipe.model.join("SHA256SUMS");
    Ok(DataFile { sha256: hash(&path)?, records: 0, path })
}

/// Gives every sequence its lesson. A copy in disguise is drawn to the teacher's vector of the plain text, but answers as readers said:
/// softened answers left it less sure than its plain text, and five more of a hundred were missed in letters of another script.
pub(super) fn teach(recipe: &TeacherRecipe, sequences: &mut [Sequence], labels: &Labels) -> Result<Taught, TrainingError> {
    let folder = ModelFolder::open(&recipe.model)?;
    folder.hash()?;
    let weights = folder.weights()?;
    let (known, columns) = columns(&folder, labels)?;
    let heads = Heads::read(&weights, &folder)?;
    let tokenizer = Tokenizer::load(&folder.tokenizer(), folder.config.prefix(), folder.config.max_length())?;
    let encoder = PooledEncoder::load(&weights, &folder.config, Engine::default())?;
    let text = |example: &Example| NormalText::new(example.plain.as_ref().unwrap_or(&example.record.text)).model().to_owned();
    let tokens: Vec<Tokens> =
        sequences.par_iter().map(|sequence| tokenizer.encode(&text(&sequence.example))).collect::<Result<_, _>>()?;
    let lessons = in_batches(&tokens.iter().collect::<Vec<_>>(), BATCH_TOKENS, |batch| {
        let vectors = encoder.pooled(batch)?;
        let read = || -> candle_core::Result<Vec<Lesson>> {
            let answers = heads.answers(&vectors, recipe.temperature)?.index_select(&columns, 1)?.broadcast_mul(&known)?;
            let part = recipe.part as f32;
            (0..batch.len()).map(|at| Ok(Lesson { answers: answers.get(at)?, part, vector: vectors.get(at)? })).collect()
        };
        read().map_err(ModelError::compute)
    })?;
    let spread = spread(&lessons).map_err(TrainingError::compute)?;
    if spread <= 0.0 {
        return Err(TrainingError::TooLittle("the teacher says the same of every record; bring more records".to_owned()));
    }
    for (sequence, lesson) in sequences.iter_mut().zip(lessons) {
        let part = if sequence.example.plain.is_some() { 0.0 } else { lesson.part };
        sequence.lesson = Some(Lesson { part, ..lesson });
    }
    Ok(Taught { known, vectors: recipe.vectors, spread })
}

fn spread(lessons: &[Lesson]) -> candle_core::Result<f64> {
    let vectors = Tensor::stack(&lessons.iter().map(|lesson| &lesson.vector).collect::<Vec<_>>(), 0)?;
    let from_mean = vectors.broadcast_sub(&vectors.mean_keepdim(0)?)?;
    Ok(f64::from(from_mean.sqr()?.sum(1)?.mean(0)?.to_scalar::<f32>()?))
}

/// For each of the pupil's outputs whether the teacher has it, and its position among the teacher's, 0 where it has not.
fn columns(folder: &ModelFolder, labels: &Labels) -> Result<(Tensor, Tensor), TrainingError> {
    let refused = |reason| ModelError::Unsupported { path: folder.path().join("config.json"), reason };
    let lure = folder.config.lurescan.as_ref().ok_or_else(|| refused("a teacher must be a model of ours".to_owned()))?;
    let (patterns, indicators) = (lure.pattern_ids().map_err(refused)?, lure.indicator_ids().map_err(refused)?);
    let own = labels.patterns.iter().map(|id| patterns.iter().position(|other| other == id).map(|at| FIXED + at));
    let behind = FIXED + patterns.len();
    let more = labels.indicators.iter().map(|id| indicators.iter().position(|other| other == id).map(|at| behind + at));
    let all: Vec<Option<usize>> = (0..FIXED).map(Some).chain(own).chain(more).collect();
    let known: Vec<f32> = all.iter().map(|at| f32::from(u8::from(at.is_some()))).collect();
    let columns: Vec<u32> = all.iter().map(|at| at.unwrap_or(0) as u32).collect();
    let tensors = || Ok((Tensor::new(known, &Device::Cpu)?, Tensor::new(columns, &Device::Cpu)?));
    tensors().map_err(TrainingError::compute)
}

/// All heads on the mean vector as one.
struct Heads {
    /// `[hidden, outputs]`.
    weight: Tensor,
    /// `[outputs]`.
    bias: Tensor,
}

impl Heads {
    fn read(weights: &Weights, folder: &ModelFolder) -> Result<Self, TrainingError> {
        let lure = folder.config.lurescan.as_ref();
        let sizes = lure.map_or((0, 0), |lure| (lure.patterns.len(), lure.indicators.len()));
        let hidden = folder.config.encoder.hidden_size;
        let (mut rows, mut biases) = (Vec::new(), Vec::new());
        for (name, outputs) in [("context", CONTEXTS), ("suspect", 1), ("patterns", sizes.0), ("indicators", sizes.1)] {
            if outputs > 0 {
                rows.push(weights.get(&format!("heads.{name}.weight"), &[outputs, hidden])?);
                biases.push(weights.get(&format!("heads.{name}.bias"), &[outputs])?);
            }
        }
        let joined = || Ok(Self { weight: Tensor::cat(&rows, 0)?.t()?.contiguous()?, bias: Tensor::cat(&biases, 0)? });
        joined().map_err(TrainingError::compute)
    }

    /// Probabilities `[sequences, outputs]` from mean vectors `[sequences, hidden]`.
    fn answers(&self, vectors: &Tensor, temperature: f64) -> candle_core::Result<Tensor> {
        let logits = (vectors.matmul(&self.weight)?.broadcast_add(&self.bias)? / temperature)?;
        let context = ops::softmax(&logits.narrow(1, 0, CONTEXTS)?, 1)?;
        let binary = ops::sigmoid(&logits.narrow(1, CONTEXTS, logits.dim(1)? - CONTEXTS)?)?;
        Tensor::cat(&[context, binary], 1)
    }
}
