//! Recipe and labelled records → a model folder: vectors from the frozen encoder, heads fitted on them, calibration on dev.

mod cache;
mod calibrate;
mod features;
mod heads;
mod recipe;
mod write;

use std::path::{Path, PathBuf};

pub use calibrate::calibrate;
pub use features::{DataFile, Example, Features};
pub use heads::{Heads, fit};
pub use recipe::{DataRecipe, HeadsRecipe, Recipe};
pub use write::export;

use crate::classifier::{Labels, ModelError, ModelFolder};
use crate::labelled::{LabelledError, Split};
use crate::tokens::TokenizerError;
use crate::typology::{IndicatorId, PatternId};

/// Why a model could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The recipe is not well formed.
    #[error("the recipe {} cannot be followed: {reason}", path.display())]
    Recipe {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        reason: String,
    },
    /// A set of the recipe is not there.
    #[error("no file matches `{files}`; bring the records or mark the set `optional = true` in the recipe")]
    NoData {
        /// As the recipe names it.
        files: String,
    },
    /// Too little to fit or calibrate on.
    #[error("{0}")]
    TooLittle(String),
    /// Records do not follow the label guide.
    #[error(transparent)]
    Labelled(#[from] LabelledError),
    /// The base cannot be used; `lurescan models base` makes it.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The base's tokenizer cannot be used.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
}

impl TrainingError {
    fn compute(error: candle_core::Error) -> Self {
        Self::Model(ModelError::compute(error))
    }

    fn write(path: &Path, source: std::io::Error) -> Self {
        Self::Write { path: path.to_owned(), source }
    }
}

/// Follows a recipe and gives the folder of the new model. `say` is told of each stage, `encoded` of records as they are read.
pub fn train(
    recipe: &Recipe,
    recipe_path: &Path,
    models: &Path,
    say: &dyn Fn(String),
    encoded: &(dyn Fn(usize) + Sync),
) -> Result<PathBuf, TrainingError> {
    let base = ModelFolder::open(&recipe.base)?;
    let mut config = base.config.clone();
    if recipe.layers == 0 || recipe.layers > config.encoder.num_hidden_layers {
        let reason = format!("layers = {}, but the base has {}", recipe.layers, config.encoder.num_hidden_layers);
        return Err(TrainingError::Recipe { path: recipe_path.to_owned(), reason });
    }
    config.encoder.num_hidden_layers = recipe.layers;
    let (examples, data) = features::examples(recipe, say)?;
    say(format!("encoding {} records with {} layers", examples.len(), recipe.layers));
    let features = Features::compute(&recipe.base, &config, examples, encoded)?;
    let training = features.filter(|example| example.split == Split::Train);
    let dev = features.filter(|example| example.split == Split::Dev && example.calibrates);
    if training.examples().is_empty() || dev.examples().is_empty() {
        return Err(TrainingError::TooLittle("the recipe leaves no records to fit on, or none to calibrate on".to_owned()));
    }
    let labels = learnable(&training, recipe.heads.least_indicator_examples);
    say(format!(
        "fitting {} patterns and {} indicators on {} records",
        labels.patterns.len(),
        labels.indicators.len(),
        training.examples().len()
    ));
    let heads = fit(&training, labels, &recipe.heads, |step, loss| say(format!("step {step}  loss {loss:.4}")))?;
    let fitted_on = format!("{} dev records of {}", dev.examples().len(), recipe.name);
    let calibration = calibrate(dev.examples(), &heads.logits(&dev)?, &heads.labels, fitted_on);
    let folder = models.join(&recipe.name);
    write::NewModel { base: &recipe.base, config: &config, heads: &heads, calibration: &calibration, recipe: recipe_path, data: &data }
        .write(&folder)?;
    Ok(folder)
}

/// All patterns, and the indicators that enough training records carry.
fn learnable(training: &Features, least: usize) -> Labels {
    let carriers = |id: IndicatorId| {
        let carries = |example: &&Example| example.record.label.indicators.as_ref().is_some_and(|list| list.contains(&id));
        training.examples().iter().filter(carries).count()
    };
    Labels { patterns: PatternId::all().collect(), indicators: IndicatorId::all().filter(|id| carriers(*id) >= least).collect() }
}
