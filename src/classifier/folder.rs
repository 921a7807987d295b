//! [`ModelFolder`]: what a folder under `models/` says of itself, read before anything heavy starts.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::config::{Architecture, ModelConfig};
use super::sequence::{LabelMap, SequenceClassifier};
use super::weights::Weights;
use super::{Classifier, Engine, LureClassifier, ModelError};

/// File with the encoder's tensors.
pub const ENCODER_FILE: &str = "encoder.safetensors";
const TOKENIZER: &str = "tokenizer.json";

/// A model folder whose `config.json` has been read and checked.
#[derive(Debug, Clone)]
pub struct ModelFolder {
    path: PathBuf,
    /// The folder's `config.json`.
    pub config: ModelConfig,
}

impl ModelFolder {
    /// Opens `models/NAME` or any folder.
    pub fn open(path: &Path) -> Result<Self, ModelError> {
        Ok(Self { path: path.to_owned(), config: ModelConfig::read(path)? })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder's own name.
    #[must_use]
    pub fn name(&self) -> String {
        let absolute = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        absolute.file_name().map_or_else(|| self.path.display().to_string(), |name| name.to_string_lossy().into_owned())
    }

    /// The folder beside this one that it shares files with.
    fn shared(&self) -> Option<PathBuf> {
        let name = self.config.lurescan.as_ref()?.shares.as_ref()?;
        // `.` has no parent to look in; its absolute form has.
        let own = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        Some(own.parent()?.join(name))
    }

    /// `tokenizer.json`, this folder's own or the shared one.
    #[must_use]
    pub fn tokenizer(&self) -> PathBuf {
        let own = self.path.join(TOKENIZER);
        self.shared().filter(|_| !own.is_file()).map_or(own, |shared| shared.join(TOKENIZER))
    }

    /// The tensors: the shared encoder's, where there is one, with the folder's own over them.
    pub fn weights(&self) -> Result<Weights, ModelError> {
        let own = Weights::read(&self.path)?;
        match self.shared() {
            Some(shared) => Ok(Weights::read_file(&shared, &shared.join(ENCODER_FILE))?.overlaid(own)),
            None => Ok(own),
        }
    }

    /// `calibration.json`; a Hugging Face folder need not have one.
    #[must_use]
    pub fn calibration(&self) -> PathBuf {
        self.path.join("calibration.json")
    }

    /// Builds the classifier. `labels` maps the outputs of a Hugging Face classifier, which is always computed in f32; without it
    /// the folder's `labels.json` does.
    pub fn classifier(&self, labels: Option<LabelMap>, engine: Engine) -> Result<Box<dyn Classifier>, ModelError> {
        super::one_core_a_product();
        let weights = self.weights()?;
        Ok(match self.config.model_type {
            Architecture::Lurescan => Box::new(LureClassifier::load(&weights, &self.config, &self.path, engine)?),
            Architecture::Bert | Architecture::XlmRoberta => {
                Box::new(SequenceClassifier::load(&weights, &self.config, &self.path, labels)?)
            }
        })
    }

    /// SHA-256 over the files that decide a verdict (configuration, tokenizer, weights, calibration), by name. A file that
    /// `SHA256SUMS` names must match its line there.
    pub fn hash(&self) -> Result<String, ModelError> {
        let sums = self.listed_sums()?;
        let mut whole = Sha256::new();
        for path in self.deciding_files()? {
            let mut own = Sha256::new();
            let hashed = File::open(&path).and_then(|mut file| std::io::copy(&mut file, &mut own));
            hashed.map_err(|source| ModelError::Read { path: path.clone(), source })?;
            let digest = format!("{:x}", own.finalize());
            let name = self.listed_name(&path);
            if sums.get(&name).is_some_and(|sum| *sum != digest) {
                return Err(ModelError::Checksum { path });
            }
            whole.update(format!("{digest}  {name}\n"));
        }
        Ok(format!("{:x}", whole.finalize()))
    }

    /// Sum by name, as `SHA256SUMS` lists them; none where there is no such file. Deciding files that it lists must be there.
    fn listed_sums(&self) -> Result<BTreeMap<String, String>, ModelError> {
        let path = self.path.join("SHA256SUMS");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(source) => return Err(ModelError::Read { path, source }),
        };
        // `sha256sum` writes a second space before the name of a text file and an asterisk before that of a binary one.
        let lines =
            text.lines().filter_map(|line| line.split_once(' ').map(|(sum, name)| (sum, name.trim_start_matches([' ', '*']))));
        let sums: BTreeMap<String, String> = lines.map(|(sum, name)| (name.to_owned(), sum.to_owned())).collect();
        let missing = sums.keys().map(|name| self.path.join(name)).find(|file| decides(file) && !file.exists());
        match missing {
            Some(path) => Err(ModelError::Read { path, source: ErrorKind::NotFound.into() }),
            None => Ok(sums),
        }
    }

    /// The files [`Self::hash`] covers, sorted by name.
    pub fn deciding_files(&self) -> Result<Vec<PathBuf>, ModelError> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&self.path)
            .map_err(|source| ModelError::Read { path: self.path.clone(), source })?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| decides(path))
            .collect();
        if let Some(shared) = self.shared() {
            files.push(shared.join(ENCODER_FILE));
            files.extend(Some(self.tokenizer()).filter(|path| path.starts_with(&shared)));
        }
        files.sort_by_cached_key(|path| self.listed_name(path));
        Ok(files)
    }

    /// A file's name in `SHA256SUMS`: `NAME`, or `../FOLDER/NAME` where it is shared.
    #[must_use]
    pub fn listed_name(&self, path: &Path) -> String {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match path.parent().filter(|folder| *folder != self.path).and_then(Path::file_name) {
            Some(folder) => format!("../{}/{name}", folder.to_string_lossy()),
            None => name.into_owned(),
        }
    }
}

/// Whether a verdict hangs on a file, by its name.
fn decides(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    matches!(name.as_ref(), "config.json" | "tokenizer.json" | "calibration.json" | "labels.json")
        || path.extension().is_some_and(|ending| ending == "safetensors")
}
