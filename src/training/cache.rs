//! Vectors kept between runs, so that heads can be fitted again without the encoder.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use sha2::{Digest, Sha256};

use super::TrainingError;

/// Hash of a text as it went into the encoder.
type Key = [u8; 16];

/// Vectors of one base at one depth, in a file of the base's folder.
pub(super) struct VectorCache {
    path: PathBuf,
    known: HashMap<Key, Vec<f32>>,
}

impl VectorCache {
    /// Opens the cache of a base; `identity` tells one encoder from another.
    pub(super) fn open(base: &Path, identity: &str) -> Self {
        let name = format!("vectors-{:.16}.cache", format!("{:x}", Sha256::digest(identity.as_bytes())));
        let path = base.join(name);
        // A cache that cannot be read is no cache: it is made anew.
        let known = load(&path).unwrap_or_default();
        Self { path, known }
    }

    pub(super) fn get(&self, text: &str) -> Option<&Vec<f32>> {
        self.known.get(&key(text))
    }

    /// Adds vectors and writes the file.
    pub(super) fn add<'a>(&mut self, vectors: impl IntoIterator<Item = (&'a str, Vec<f32>)>) -> Result<(), TrainingError> {
        self.known.extend(vectors.into_iter().map(|(text, vector)| (key(text), vector)));
        let mut rows: Vec<(&Key, &Vec<f32>)> = self.known.iter().collect();
        rows.sort_by_key(|(key, _)| **key);
        let Some(width) = rows.first().map(|(_, vector)| vector.len()) else { return Ok(()) };
        let write = || -> candle_core::Result<()> {
            let keys: Vec<u8> = rows.iter().flat_map(|(key, _)| **key).collect();
            let vectors: Vec<f32> = rows.iter().flat_map(|(_, vector)| vector.iter().copied()).collect();
            let tensors = HashMap::from([
                ("keys", Tensor::from_vec(keys, (rows.len(), 16), &Device::Cpu)?),
                ("vectors", Tensor::from_vec(vectors, (rows.len(), width), &Device::Cpu)?),
            ]);
            candle_core::safetensors::save(&tensors, &self.path)
        };
        write().map_err(|error| TrainingError::write(&self.path, std::io::Error::other(error)))
    }
}

fn load(path: &Path) -> Option<HashMap<Key, Vec<f32>>> {
    let tensors = candle_core::safetensors::load(path, &Device::Cpu).ok()?;
    let keys: Vec<Vec<u8>> = tensors.get("keys")?.to_vec2().ok()?;
    let vectors: Vec<Vec<f32>> = tensors.get("vectors")?.to_vec2().ok()?;
    keys.into_iter()
        .map(|key| key.try_into().ok())
        .collect::<Option<Vec<Key>>>()
        .map(|keys| keys.into_iter().zip(vectors).collect())
}

fn key(text: &str) -> Key {
    let digest = Sha256::digest(text.as_bytes());
    std::array::from_fn(|at| digest[at])
}
