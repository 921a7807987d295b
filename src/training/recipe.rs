//! `recipe.toml`: how a model is made, from which data, with which seed.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::TrainingError;
use super::loss::LossWeights;
use crate::evasion::Technique;

/// A recipe: heads on a frozen encoder, and whether its upper layers are tuned with them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Name of the model and of its folder.
    pub name: String,
    /// What a reader should know.
    pub description: String,
    /// Seed of whatever is drawn.
    pub seed: u64,
    /// Folder of the base encoder, made by `lurescan models base`; relative to the working directory.
    pub base: PathBuf,
    /// Lower layers of the encoder that are kept.
    pub layers: usize,
    /// How the heads are fitted.
    pub heads: HeadsRecipe,
    /// How the upper layers are tuned with the fitted heads; absent: they stay as they are.
    pub tune: Option<TuneRecipe>,
    /// Where readers have marked the words that show indicators; absent: the model says of a post that it carries one, and not where.
    pub words: Option<WordsRecipe>,
    /// How the head that says what a post makes of its countries is fitted; absent: countries are told by the words alone.
    pub places: Option<PlacesRecipe>,
    /// Where the records come from.
    pub data: Vec<DataRecipe>,
}

/// Full-batch AdamW on cached vectors.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadsRecipe {
    /// Steps over all records.
    pub steps: usize,
    /// Whether vectors are brought to spread 1 for the fit. Right for heads on a frozen encoder; heads that are tuned with it must not
    /// be: vectors spread about 0.1, so weights come out ten times larger and their gradients push the layers about.
    #[serde(default = "standardised")]
    pub standardised: bool,
    /// Step size at the start; falls linearly to zero.
    pub learning_rate: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// An indicator gets an output if at least so many training records carry it.
    pub least_indicator_examples: usize,
}

fn standardised() -> bool {
    true
}

/// Fine-tuning of the upper layers and the heads together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TuneRecipe {
    /// Model in the same folder, made from the same base, whose encoder and tokenizer the new one shares.
    pub shares: Option<String>,
    /// Lower layers that stay as they are.
    pub frozen_layers: usize,
    /// What the frozen layers give is computed once a record and kept in memory: about 1.5 kB a token.
    #[serde(default)]
    pub keeps_frozen: bool,
    /// Passes over the records.
    pub epochs: usize,
    /// Step size of the heads after the warm-up; falls linearly to zero.
    pub learning_rate: f64,
    /// Each layer's step size as a part of that of the layer above it; the topmost has that of the heads times this.
    pub layer_decay: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Part of all steps in which the step size rises.
    pub warm_up: f64,
    /// A finished model whose answers are learnt beside those of the readers; absent: readers alone.
    pub teacher: Option<TeacherRecipe>,
    /// Padded tokens of one step.
    pub batch_tokens: usize,
    /// Part of the values that are left out after each sublayer and before the heads.
    pub dropout: f32,
    /// What an error in one output of each head costs.
    pub costs: LossWeights,
}

/// What is learnt from a finished model.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeacherRecipe {
    /// Its folder, relative to the working directory.
    pub model: PathBuf,
    /// Part of every answer that is the teacher's; the rest is the readers'.
    pub part: f64,
    /// What the teacher's log-odds are divided by: having learnt from the same records, it is surer of them than it would be of others.
    pub temperature: f64,
    /// What a mean vector costs that is as far from the teacher's as those of two posts are from each other.
    pub vectors: f64,
}

/// A head on single tokens, fitted when the layers are done.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsRecipe {
    /// File or glob of marks, relative to the working directory; see [`crate::labelled::read_marks`].
    pub marks: String,
    /// Passes over the tokens.
    pub epochs: usize,
    /// Step size at the start; falls linearly to zero.
    pub learning_rate: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// How much more than they were fitted to say the words add to a post's log-odds; absent: no more.
    #[serde(default = "as_fitted")]
    pub scale: f64,
}

/// A pooled head fitted when the layers are done, to the origins and destinations of the records.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacesRecipe {
    /// Passes over the countries.
    pub epochs: usize,
    /// Step size at the start; falls linearly to zero.
    pub learning_rate: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
}

fn as_fitted() -> f64 {
    1.0
}

/// One set of records.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataRecipe {
    /// File or glob, relative to the working directory.
    pub files: String,
    /// What the set weighs in all, in units of one authored record each; absent: one a record.
    pub total_weight: Option<f64>,
    /// What part of the set's weight its suspects have. Sets collected for research hold far more of them than boards do, and a model
    /// that sees half of a board's adverts called suspect flags the board.
    pub suspect_share: Option<f64>,
    /// Characters kept of a text; board posts are cropped so that length does not give the class away.
    pub crop: Option<usize>,
    /// At most so many records of all sides together, drawn by seed.
    pub limit: Option<usize>,
    /// Each record as somebody would write it to get past a machine: by one of these techniques, drawn by seed from those whose traces
    /// the folding of texts leaves. For fitting alone: records of other sides, and those that nothing changes, are left out.
    #[serde(default)]
    pub disguised: Vec<Technique>,
    /// Missing files are said and skipped instead of stopping the run.
    #[serde(default)]
    pub optional: bool,
    /// Labels are not learnt, only what the teacher says: for posts that nobody has read.
    #[serde(default)]
    pub unlabelled: bool,
    /// Also used for calibration; other sets are for fitting alone.
    #[serde(default)]
    pub calibrates: bool,
}

impl Recipe {
    /// Reads a recipe.
    pub fn read(path: &Path) -> Result<Self, TrainingError> {
        let text = std::fs::read_to_string(path).map_err(|source| TrainingError::Read { path: path.to_owned(), source })?;
        toml::from_str(&text).map_err(|error| TrainingError::Recipe { path: path.to_owned(), reason: error.to_string() })
    }
}
