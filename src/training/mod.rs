//! Recipe and labelled records → a model folder: heads fitted on the frozen encoder, upper layers tuned with them where the recipe
//! says so, a head on single words and one on places, calibration on dev.
//!
//! # How a model is tuned
//!
//! `network.rs` holds the upper layers and heads as variables, with a forward pass that candle can differentiate;
//! `differentiable` has softmax, GELU, normalisation, biases and dropout in one pass each with their derivatives, tested against the
//! plain definitions.
//! Matrices of tuned layers take part as what a model file keeps of them, six bits a weight, and learn as if they were not rounded
//! (`differentiable/rounded.rs`): the model that is stored is the one that was measured on dev, but for
//! the rounding of activations.
//! A step's batch is cut in two parts that go side by side, one core each; their gradients are added in order, so the number of threads
//! changes nothing. With that, candle's own threads only wait for one another: `main` switches them off.
//! Products are in AVX-512 where the processor has it, and AdamW goes over memory once (`optimizer.rs`).
//! Everything drawn follows from the seed and the number of the step, and `NAME.training.safetensors` keeps variables and moments: a run
//! that was stopped goes on behind its last stored step. A run killed anywhere ends in the same bytes as one that was not
//! (`tests/training.rs`).
//! Twins, two posts of which one fact makes one suspect, come in one step as far as batches allow: what they share moves nothing, what
//! parts them does; and the log loss of ranking the suspect one first is added (`costs.twins`).
//! Where a recipe names a finished model as teacher, a part of every answer is the teacher's, vectors are drawn to the teacher's, and sets
//! may be `unlabelled`: of their posts only what the teacher says is learnt (`teacher.rs`).
//! A set of a recipe may be `disguised`: training records once more, as one of the techniques of `evasion` writes them, drawn from those
//! that the folding of texts does not undo. A copy stays in the group of its record, so twins also meet in disguise; it counts towards no
//! indicator's number of records and teaches the head on places nothing.
//! The vectors that heads are fitted on come from the 8-bit engine, which is what scans use, and three times as fast.
//! Heads that are tuned with the encoder are first fitted on vectors that are centred but not brought to spread 1. On standardised
//! vectors, which suit a frozen encoder, weights come out about ten times larger, and their gradients throw the layers about in the first
//! steps: on eight layers, loss 5.4 over the first fifty steps instead of 2.5.
//! Tried on dev and left: further training records made by moving marked clauses (a decisive clause put into a legitimate offer, or taken
//! out of a suspect) made the model worse, since many of them read like nobody's post; teaching the tuned layers, and not only a head,
//! which tokens show an indicator changed nothing; nor did refitting the suspect head on dev over all the others.
//! With `keeps_frozen` what the frozen layers give is computed once a record, each record by itself so that it does not depend on which
//! batch asked first, and kept in memory.

mod cache;
mod calibrate;
mod differentiable;
mod features;
mod folds;
mod heads;
mod linear;
mod loss;
mod network;
mod optimizer;
mod places;
mod recalibrate;
mod recipe;
mod sequences;
mod standard;
mod teacher;
mod tune;
mod words;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

pub use calibrate::calibrate;
pub use features::{DataFile, Example, Features};
pub use folds::{FoldsBy, folds};
pub use heads::{Heads, fit};
pub use loss::LossWeights;
pub use places::labelled_candidates;
pub use recalibrate::{Recalibration, recalibrate};
pub use recipe::{DataRecipe, HeadsRecipe, PlacesRecipe, Recipe, TeacherRecipe, TuneRecipe, WordsRecipe};
pub use write::export;

use crate::classifier::weights::Weights;
use crate::classifier::{Encoder, Engine, Labels, ModelConfig, ModelError, ModelFolder};
use crate::labelled::{LabelledError, Split, read_marks};
use crate::tokens::{Tokenizer, TokenizerError};
use crate::typology::{IndicatorId, PatternId};
use crate::verdict::CalibrationError;

use network::Network;
use places::LabelledCandidates;
use sequences::{Lower, Sides};
use tune::State;
use words::MarkedTokens;

/// Why a model could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A folder to write a model to holds something.
    #[error("{} is not empty; choose a new folder", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write {}", path.display())]
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
    /// The model's calibration cannot be read.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
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

/// What is made of the layers of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layers {
    /// Fitted and tuned from the base, as the recipe says.
    Made,
    /// Taken with their heads from the model's folder as it stands; only the heads on words and places and the calibration are made.
    Kept,
}

/// Follows a recipe and gives the folder of the new model. `say` is told of each stage, `encoded` of records as they are read.
pub fn train(
    recipe: &Recipe,
    recipe_path: &Path,
    models: &Path,
    layers: Layers,
    say: &dyn Fn(String),
    encoded: &(dyn Fn(usize) + Sync),
) -> Result<PathBuf, TrainingError> {
    let base = ModelFolder::open(&recipe.base)?;
    let config = shortened(&base, recipe, recipe_path)?;
    let (examples, mut data) = material(recipe, recipe_path, models, &config, say)?;
    // Marks do not decide what is tuned: a new one must not throw away hours.
    let fingerprint = fingerprint(recipe_path, &base.hash()?, &data)?;
    if let Some(words) = &recipe.words {
        data.extend(words::files(&words.marks)?);
    }
    let folder = models.join(&recipe.name);
    let features = match layers {
        Layers::Made => {
            say(format!("encoding {} records with {} layers", examples.len(), recipe.layers));
            Features::compute(&recipe.base, &config, examples, encoded)?
        }
        Layers::Kept => Features::without_vectors(&config, examples),
    };
    let tokenizer = Tokenizer::load(&recipe.base.join("tokenizer.json"), config.prefix(), config.max_length())?;
    let training = features.filter(|example| example.split == Split::Train);
    let mut sides = sides(recipe, &features, &training, &tokenizer)?;
    let shares = recipe.tune.as_ref().and_then(|tuning| tuning.shares.as_deref());
    let new = write::NewModel { base: &recipe.base, config: &config, recipe: recipe_path, data: &data, shares };
    let labels = match layers {
        Layers::Kept => {
            let kept = ModelFolder::open(&folder)?;
            // A damaged model must not get sums of its own.
            kept.hash()?;
            let labels = kept.classifier(None, Engine::F32)?.labels().clone();
            new.write_recipe(&folder)?;
            labels
        }
        Layers::Made => {
            let heads = fit_heads(recipe, &training.filter(|example| example.labelled), say)?;
            match &recipe.tune {
                None => new.write(&folder, &heads, &BTreeMap::new())?,
                Some(tuning) => {
                    if let Some(teacher) = &tuning.teacher {
                        say(format!("asking {} about {} records", teacher.model.display(), sides.training.len()));
                        sides.taught = Some(teacher::teach(teacher, &mut sides.training, &heads.labels)?);
                    }
                    let state = State { path: state_path(models, recipe), fingerprint };
                    let network = tuned(recipe, tuning, &config, &heads, &sides, &state, say)?;
                    new.write(&folder, &Heads::of(&network, heads.labels.clone())?, network.variables())?;
                }
            }
            heads.labels
        }
    };
    finish(recipe, &folder, &labels, &tokenizer, &sides, say)?;
    match std::fs::remove_file(state_path(models, recipe)) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(TrainingError::write(&state_path(models, recipe), source))
        }
        // Nothing is left to go on from.
        _ => Ok(folder),
    }
}

/// Where tuning stores how far it is, until the folder is whole.
fn state_path(models: &Path, recipe: &Recipe) -> PathBuf {
    models.join(format!("{}.training.safetensors", recipe.name))
}

/// What is learnt from, with its files. What cannot be used is refused here, hours before it would be missed.
fn material(
    recipe: &Recipe,
    recipe_path: &Path,
    models: &Path,
    config: &ModelConfig,
    say: &dyn Fn(String),
) -> Result<(Vec<Example>, Vec<DataFile>), TrainingError> {
    std::fs::create_dir_all(models).map_err(|source| TrainingError::write(models, source))?;
    if let Some(shared) = recipe.tune.as_ref().and_then(|tuning| tuning.shares.as_deref()) {
        ModelFolder::open(&models.join(shared))?.weights()?;
    }
    let (examples, mut data) = features::examples(recipe, say)?;
    if let Some(teacher) = recipe.tune.as_ref().and_then(|tuning| tuning.teacher.as_ref()) {
        data.push(teacher::file(teacher, config.encoder.hidden_size)?);
    } else if examples.iter().any(|example| !example.labelled) {
        let reason = "a set is `unlabelled`, and no `[tune.teacher]` says anything of its posts".to_owned();
        return Err(TrainingError::Recipe { path: recipe_path.to_owned(), reason });
    }
    Ok((examples, data))
}

/// The records to learn from and those to calibrate on, as tokens.
fn sides(recipe: &Recipe, features: &Features, training: &Features, tokenizer: &Tokenizer) -> Result<Sides, TrainingError> {
    let dev = features.filter(|example| example.split == Split::Dev && example.calibrates);
    if training.examples().is_empty() || dev.examples().is_empty() {
        return Err(TrainingError::TooLittle("the recipe leaves no records to fit on, or none to calibrate on".to_owned()));
    }
    // What is fitted last is asked for first: it must not fail after hours of tuning.
    if recipe.places.is_some() && !training.examples().iter().any(|example| places::says_both(&example.record)) {
        return Err(places::too_little());
    }
    let (training, dev) = (sequences::sequences(training, tokenizer)?, sequences::sequences(&dev, tokenizer)?);
    Ok(Sides { training, dev, taught: None })
}

/// The base's configuration with as many layers as the recipe keeps.
fn shortened(base: &ModelFolder, recipe: &Recipe, recipe_path: &Path) -> Result<ModelConfig, TrainingError> {
    let mut config = base.config.clone();
    if recipe.layers == 0 || recipe.layers > config.encoder.num_hidden_layers {
        let reason = format!("layers = {}, but the base has {}", recipe.layers, config.encoder.num_hidden_layers);
        return Err(TrainingError::Recipe { path: recipe_path.to_owned(), reason });
    }
    config.encoder.num_hidden_layers = recipe.layers;
    Ok(config)
}

/// Heads on the frozen encoder, where tuning begins or ends.
fn fit_heads(recipe: &Recipe, training: &Features, say: &dyn Fn(String)) -> Result<Heads, TrainingError> {
    let labels = learnable(training, recipe.heads.least_indicator_examples);
    let (patterns, indicators, records) = (labels.patterns.len(), labels.indicators.len(), training.examples().len());
    say(format!("fitting {patterns} patterns and {indicators} indicators on {records} records"));
    fit(training, labels, &recipe.heads, |step, loss| say(format!("step {step}  loss {loss:.4}")))
}

/// The base's upper layers and fitted heads, tuned together.
fn tuned(
    recipe: &Recipe,
    tuning: &TuneRecipe,
    config: &ModelConfig,
    heads: &Heads,
    sides: &Sides,
    state: &State,
    say: &dyn Fn(String),
) -> Result<Network, TrainingError> {
    let weights = Weights::read(&recipe.base)?;
    let network = Network::new(&weights, &config.encoder, tuning.frozen_layers.min(recipe.layers), heads)?;
    let lower = Lower { encoder: Encoder::load(&weights, &network.below(config))?, kept: tuning.keeps_frozen };
    let run = tune::Run { recipe: tuning, seed: recipe.seed, lower: &lower, labels: &heads.labels, sides, state };
    run.tune(&network, say)?;
    Ok(network)
}

/// Adds the heads on words and places, where the recipe has them, and the calibration to a folder with encoder and heads.
fn finish(
    recipe: &Recipe,
    folder: &Path,
    labels: &Labels,
    tokenizer: &Tokenizer,
    sides: &Sides,
    say: &dyn Fn(String),
) -> Result<(), TrainingError> {
    let mut late = HashMap::new();
    if let Some(words) = &recipe.words {
        let marks = read_marks(&words.marks)?;
        let marked = MarkedTokens::read(&ModelFolder::open(folder)?, tokenizer, &sides.training, &marks, labels)?;
        say(format!("fitting the words of {} indicators on {} tokens", labels.indicators.len(), marked.len()));
        late.extend(marked.fit(labels.indicators.len(), words, recipe.seed)?);
    }
    if let Some(places) = &recipe.places {
        let candidates = LabelledCandidates::read(&ModelFolder::open(folder)?, &sides.training)?;
        say(format!("fitting what a post makes of {} countries", candidates.len()));
        late.extend(candidates.fit(places, recipe.seed)?);
    }
    write::replace_late_heads(folder, late)?;
    let dev = &sides.dev;
    say(format!("calibrating on {} records", dev.len()));
    // As it is stored and scans compute it: rounding belongs to the model.
    let classifier = ModelFolder::open(folder)?.classifier(None, Engine::default())?;
    let logits = sequences::logits(&*classifier, dev)?;
    let examples: Vec<Example> = dev.iter().map(|sequence| sequence.example.clone()).collect();
    let fitted_on = format!("{} dev records of {}", dev.len(), recipe.name);
    write::NewModel::calibrate(folder, &calibrate(&examples, &logits, labels, fitted_on))
}

/// How layers learn. A state that was stored by a program with another way is not taken up.
const WAY: &str = "six bits, heads on 8-bit vectors";

/// Way, recipe, base and data as one hash: what a stored state belongs to. What is made after the layers is left out of the recipe.
fn fingerprint(recipe: &Path, base: &str, data: &[DataFile]) -> Result<String, TrainingError> {
    let text = std::fs::read_to_string(recipe).map_err(|source| TrainingError::Read { path: recipe.to_owned(), source })?;
    let refused = |reason: String| TrainingError::Recipe { path: recipe.to_owned(), reason };
    let mut tables: BTreeMap<String, toml::Value> = toml::from_str(&text).map_err(|error| refused(error.to_string()))?;
    tables.retain(|name, _| !["words", "places", "description"].contains(&name.as_str()));
    let text = serde_json::to_vec(&tables).map_err(|error| refused(error.to_string()))?;
    let hash = data
        .iter()
        .fold(Sha256::new_with_prefix(text).chain_update(WAY).chain_update(base), |hash, file| hash.chain_update(&file.sha256));
    Ok(format!("{:x}", hash.finalize()))
}

/// All patterns, and the indicators that enough training records carry, copies in disguise not counted.
fn learnable(training: &Features, least: usize) -> Labels {
    let carriers = |id: IndicatorId| {
        let carries = |example: &&Example| example.record.label.indicators.as_ref().is_some_and(|list| list.contains(&id));
        training.examples().iter().filter(|example| example.plain.is_none()).filter(carries).count()
    };
    Labels { patterns: PatternId::all().collect(), indicators: IndicatorId::all().filter(|id| carriers(*id) >= least).collect() }
}
