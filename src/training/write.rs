//! A fitted model as a folder, and a folder in Hugging Face's layout.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor, Var};
use sha2::{Digest, Sha256};

use super::TrainingError;
use super::features::DataFile;
use super::heads::Heads;
use crate::classifier::{
    Blocks, ENCODER_FILE, HEADS_FILE, Labels, LureConfig, ModelConfig, ModelError, ModelFolder, PLACES_HEAD, WORDS_HEAD,
    narrow_to_q6,
};
use crate::regions::inference::MOVED;
use crate::typology::Context;
use crate::verdict::Calibration;

/// File with the layers that differ from a shared encoder's.
const TUNED_FILE: &str = "tuned.safetensors";

/// Everything a new model folder is made of.
pub(super) struct NewModel<'a> {
    pub(super) base: &'a Path,
    pub(super) config: &'a ModelConfig,
    pub(super) recipe: &'a Path,
    pub(super) data: &'a [DataFile],
    /// Model beside the new one whose encoder and tokenizer it shares; it then stores only what is not the same there.
    pub(super) shares: Option<&'a str>,
}

impl NewModel<'_> {
    /// Writes the folder but for its calibration; a model card in it is left as it is. `tuned` are layers that differ from the base's.
    pub(super) fn write(&self, folder: &Path, heads: &Heads, tuned: &BTreeMap<String, Var>) -> Result<(), TrainingError> {
        std::fs::create_dir_all(folder).map_err(|source| TrainingError::write(folder, source))?;
        save_json(&folder.join("config.json"), &self.config(&heads.labels))?;
        let shared = self.shares.map(|shared| load(&folder.with_file_name(shared).join(ENCODER_FILE))).transpose()?;
        let mut encoder = self.encoder(tuned)?;
        // A folder made otherwise before must not keep layers that would lie over the new ones.
        for file in [ENCODER_FILE, TUNED_FILE, "tokenizer.json"].map(|file| folder.join(file)).iter().filter(|file| file.exists())
        {
            std::fs::remove_file(file).map_err(|source| TrainingError::write(file, source))?;
        }
        if let Some(shared) = shared {
            encoder.retain(|name, tensor| shared.get(name).is_none_or(|own| !same(own, tensor)));
            write_tensors(&encoder, &folder.join(TUNED_FILE))?;
        } else {
            copy(&self.base.join("tokenizer.json"), &folder.join("tokenizer.json"))?;
            write_tensors(&encoder, &folder.join(ENCODER_FILE))?;
        }
        write_tensors(&heads.tensors()?, &folder.join(HEADS_FILE))?;
        self.write_recipe(folder)
    }

    /// Writes the recipe and what it was followed with.
    pub(super) fn write_recipe(&self, folder: &Path) -> Result<(), TrainingError> {
        if self.recipe != folder.join("recipe.toml") {
            copy(self.recipe, &folder.join("recipe.toml"))?;
        }
        save(&folder.join("recipe.lock"), self.lock().as_bytes())
    }

    /// Adds the calibration to a folder, and the sums of all its files.
    pub(super) fn calibrate(folder: &Path, calibration: &Calibration) -> Result<(), TrainingError> {
        save_json(&folder.join("calibration.json"), calibration)?;
        write_sums(folder)
    }

    /// What the recipe's patterns found, for whoever makes the model again: `sha256sum` lines with the number of records.
    fn lock(&self) -> String {
        let mut lock = "# sha256, records, file: what recipe.toml was followed with\n".to_owned();
        for file in self.data {
            lock += &format!("{}  {:>6}  {}\n", file.sha256, file.records, file.path.display());
        }
        lock
    }

    fn config(&self, labels: &Labels) -> ModelConfig {
        let lure = self.config.lurescan.as_ref().map(|lure| LureConfig {
            contexts: Context::ALL.iter().map(|context| context.id().to_owned()).collect(),
            patterns: labels.patterns.iter().map(|id| id.id().to_owned()).collect(),
            indicators: labels.indicators.iter().map(|id| id.id().to_owned()).collect(),
            shares: self.shares.map(str::to_owned),
            ..lure.clone()
        });
        ModelConfig { lurescan: lure, ..self.config.clone() }
    }

    /// The base's tensors as they are stored, layers above the kept ones left out; tuned matrices in 6-bit blocks.
    fn encoder(&self, tuned: &BTreeMap<String, Var>) -> Result<HashMap<String, Tensor>, TrainingError> {
        let mut tensors = load(&self.base.join(ENCODER_FILE))?;
        let layers = self.config.encoder.num_hidden_layers;
        tensors.retain(|name, _| layer_of(name).is_none_or(|layer| layer < layers));
        for name in tuned.keys() {
            tensors.remove(name);
            for blocks in Blocks::ALL {
                tensors.remove(&format!("{name}{}", blocks.suffix()));
            }
        }
        tensors.extend(stored_all(tuned)?);
        Ok(tensors)
    }
}

/// Puts the heads that are fitted last into a folder, in place of any it has; what is not among the tensors is taken away.
pub(super) fn replace_late_heads(folder: &Path, tensors: HashMap<String, Tensor>) -> Result<(), TrainingError> {
    let mut config = ModelFolder::open(folder)?.config;
    let path = folder.join(HEADS_FILE);
    let mut heads = load(&path)?;
    heads.retain(|name, _| ![WORDS_HEAD, PLACES_HEAD].iter().any(|head| name.starts_with(head)));
    heads.extend(tensors);
    let mut name = |facts: &[&str]| {
        let facts: Vec<String> = facts.iter().map(ToString::to_string).collect();
        config.lurescan.iter_mut().for_each(|lure| lure.place_facts.clone_from(&facts));
        save_json(&folder.join("config.json"), &config)
    };
    // A run that ends in between must not leave a configuration that names a head the folder lacks: the model could not be opened.
    name(&[])?;
    write_tensors(&heads, &path)?;
    if heads.keys().any(|name| name.starts_with(PLACES_HEAD)) { name(&MOVED) } else { Ok(()) }
}

/// Tuned layers as they are stored; heads have a file of their own.
fn stored_all(tuned: &BTreeMap<String, Var>) -> Result<HashMap<String, Tensor>, TrainingError> {
    let layers = tuned.iter().filter(|(name, _)| layer_of(name).is_some());
    layers.map(|(name, var)| stored(name, var).map_err(TrainingError::compute)).collect()
}

/// A matrix in 6-bit blocks, anything else as it is.
fn stored(name: &str, tensor: &Tensor) -> candle_core::Result<(String, Tensor)> {
    let &[rows, width] = tensor.dims() else { return Ok((name.to_owned(), tensor.detach())) };
    let bytes = narrow_to_q6(&tensor.flatten_all()?.to_vec1::<f32>()?, width);
    let tensor = Tensor::from_vec(bytes, (rows, Blocks::Q6.row_bytes(width)), &Device::Cpu)?;
    Ok((format!("{name}{}", Blocks::Q6.suffix()), tensor))
}

fn layer_of(name: &str) -> Option<usize> {
    name.strip_prefix("encoder.layer.")?.split_once('.')?.0.parse().ok()
}

/// Writes a model of ours for other programs: `model.safetensors` in f32 under Hugging Face's names, `config.json` of a
/// `BertModel` beside ours, the tokenizer, the calibration and the heads.
///
/// The folder must be empty or new: an export into the model's own folder would destroy it.
pub fn export(model: &ModelFolder, out: &Path) -> Result<(), TrainingError> {
    if std::fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(TrainingError::NotEmpty { path: out.to_owned() });
    }
    // A damaged model must not get sums of its own.
    model.hash()?;
    std::fs::create_dir_all(out).map_err(|source| TrainingError::write(out, source))?;
    let weights = model.weights()?;
    let mut tensors = HashMap::new();
    let layers = model.config.encoder.num_hidden_layers;
    for (name, shape) in weights.shapes().into_iter().filter(|(name, _)| layer_of(name).is_none_or(|layer| layer < layers)) {
        tensors.insert(name.clone(), weights.get(&name, &shape)?);
    }
    let heads: HashMap<String, Tensor> = tensors.extract_if(|name, _| name.starts_with("heads.")).collect();
    write_tensors(&tensors, &out.join("model.safetensors"))?;
    if !heads.is_empty() {
        write_tensors(&heads, &out.join(HEADS_FILE))?;
    }
    let mut config = model.config.clone();
    // The export is whole.
    config.lurescan.iter_mut().for_each(|lure| lure.shares = None);
    let mut config = serde_json::to_value(&config).map_err(|error| write_failed(out, error))?;
    if let Some(fields) = config.as_object_mut().filter(|_| model.config.lurescan.is_some()) {
        fields.insert("model_type".to_owned(), "bert".into());
        fields.insert("architectures".to_owned(), serde_json::json!(["BertModel"]));
    }
    save_json(&out.join("config.json"), &config)?;
    copy(&model.tokenizer(), &out.join("tokenizer.json"))?;
    for name in ["calibration.json", "labels.json", "README.md", "recipe.toml"] {
        let from = model.path().join(name);
        if from.is_file() {
            copy(&from, &out.join(name))?;
        }
    }
    write_sums(out)
}

fn load(path: &Path) -> Result<HashMap<String, Tensor>, TrainingError> {
    let loaded = candle_core::safetensors::load(path, &Device::Cpu);
    Ok(loaded.map_err(|source| ModelError::Weights { path: path.to_owned(), source })?)
}

/// Whether two tensors are stored alike.
fn same(one: &Tensor, other: &Tensor) -> bool {
    // Bytes and halves are whole in f32.
    let values = |tensor: &Tensor| tensor.to_dtype(DType::F32).and_then(|wide| wide.flatten_all()?.to_vec1::<f32>());
    one.dims() == other.dims()
        && one.dtype() == other.dtype()
        && matches!((values(one), values(other)), (Ok(one), Ok(other)) if one == other)
}

/// Tensors sorted by name, so that the same weights give the same bytes.
fn write_tensors(tensors: &HashMap<String, Tensor>, path: &Path) -> Result<(), TrainingError> {
    candle_core::safetensors::save(tensors, path).map_err(|error| write_failed(path, error))
}

fn write_failed(path: &Path, error: impl std::error::Error + Send + Sync + 'static) -> TrainingError {
    TrainingError::write(path, std::io::Error::other(error))
}

fn save_json(path: &Path, value: &impl serde::Serialize) -> Result<(), TrainingError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| write_failed(path, error))?;
    bytes.push(b'\n');
    save(path, &bytes)
}

fn save(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    std::fs::write(path, bytes).map_err(|source| TrainingError::write(path, source))
}

fn copy(from: &Path, to: &Path) -> Result<(), TrainingError> {
    let bytes = std::fs::read(from).map_err(|source| TrainingError::Read { path: from.to_owned(), source })?;
    save(to, &bytes)
}

/// `SHA256SUMS` over the files that decide a verdict and the recipe, in `sha256sum`'s format.
fn write_sums(folder: &Path) -> Result<(), TrainingError> {
    let model = ModelFolder::open(folder)?;
    let mut files: Vec<PathBuf> = model.deciding_files()?;
    files.extend(Some(folder.join("recipe.toml")).filter(|path| path.is_file()));
    let mut sums = String::new();
    for path in files {
        let bytes = std::fs::read(&path).map_err(|source| TrainingError::Read { path: path.clone(), source })?;
        sums += &format!("{:x}  {}\n", Sha256::digest(&bytes), model.listed_name(&path));
    }
    save(&folder.join("SHA256SUMS"), sums.as_bytes())
}
