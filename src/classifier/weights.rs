//! Tensors of a model folder: safetensors, plain f32 or in blocks.
//!
//! A tensor `NAME` is stored either as f32 under its own name or as bytes under `NAME.q4_0` or `NAME.q6`, see [`Blocks`].

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ModelError;
use super::blocks::{BLOCK, Blocks};
use candle_core::safetensors::Load;
use candle_core::{DType, Device, Tensor};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// The tensors of every `*.safetensors` file of one folder. Each file lies in memory once; nothing is copied before it is widened.
pub struct Weights {
    folder: PathBuf,
    tensors: HashMap<String, Stored>,
}

/// A tensor as its file has it.
#[derive(Clone)]
struct Stored {
    dtype: Dtype,
    shape: Vec<usize>,
    file: Arc<Vec<u8>>,
    /// Where in the file.
    at: Range<usize>,
}

impl Stored {
    fn bytes(&self) -> &[u8] {
        &self.file[self.at.clone()]
    }

    /// Its values, row after row.
    fn values(&self) -> Result<Vec<f32>, candle_core::Error> {
        let tensor = TensorView::new(self.dtype, self.shape.clone(), self.bytes())?.load(&Device::Cpu)?;
        tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
    }
}

impl Weights {
    /// Reads the folder's safetensors files. A leading `bert.` or `roberta.` is dropped from names.
    pub fn read(folder: &Path) -> Result<Self, ModelError> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
            .map_err(|source| ModelError::Read { path: folder.to_owned(), source })?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "safetensors"))
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(ModelError::NoWeights { folder: folder.to_owned() });
        }
        let mut weights = Self { folder: folder.to_owned(), tensors: HashMap::new() };
        for path in files {
            weights.tensors.extend(Self::read_file(folder, &path)?.tensors);
        }
        Ok(weights)
    }

    /// Reads one file of a folder.
    pub fn read_file(folder: &Path, path: &Path) -> Result<Self, ModelError> {
        let file = std::fs::read(path).map_err(|source| ModelError::Read { path: path.to_owned(), source })?;
        let file = Arc::new(file);
        let (header, facts) = SafeTensors::read_metadata(&file)
            .map_err(|source| ModelError::Weights { path: path.to_owned(), source: source.into() })?;
        // The header stands behind its own length.
        let start = size_of::<u64>() + header;
        let stored = |(name, info): (String, &safetensors::tensor::TensorInfo)| {
            let (from, to) = info.data_offsets;
            let at = start + from..start + to;
            (plain_name(name), Stored { dtype: info.dtype, shape: info.shape.clone(), file: Arc::clone(&file), at })
        };
        // By name: where dropping a prefix makes two names one, it is always the same of the two.
        let by_name: BTreeMap<_, _> = facts.tensors().into_iter().collect();
        Ok(Self { folder: folder.to_owned(), tensors: by_name.into_iter().map(stored).collect() })
    }

    /// These tensors with those of `over` in place of any of the same name, however either is stored.
    #[must_use]
    pub fn overlaid(mut self, over: Self) -> Self {
        let plain = |name: &str| {
            let stripped = Blocks::ALL.iter().find_map(|blocks| name.strip_suffix(blocks.suffix()));
            stripped.unwrap_or(name).to_owned()
        };
        let hidden: HashSet<String> = over.tensors.keys().map(|name| plain(name)).collect();
        self.tensors.retain(|name, _| !hidden.contains(&plain(name)));
        self.tensors.extend(over.tensors);
        Self { folder: over.folder, ..self }
    }

    /// The tensor `name` as f32.
    pub fn get(&self, name: &str, shape: &[usize]) -> Result<Tensor, ModelError> {
        Tensor::from_vec(self.values(name, shape)?, shape, &Device::Cpu).map_err(ModelError::compute)
    }

    /// The values of the tensor `name`, row after row.
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        if let Some(tensor) = self.tensors.get(name) {
            if tensor.shape != shape {
                return Err(self.shape_error(name, &tensor.shape, shape));
            }
            return tensor.values().map_err(ModelError::compute);
        }
        let (blocks, stored) = self.blocks(name, shape)?;
        let width = shape[shape.len() - 1];
        let mut values = vec![0.0; shape.iter().product()];
        for (row, out) in stored.bytes().chunks_exact(blocks.row_bytes(width)).zip(values.chunks_exact_mut(width)) {
            blocks.widen(row, out);
        }
        Ok(values)
    }

    /// Whether there is a tensor `name`, however it is stored.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.tensors.contains_key(name) || self.stored(name).is_some()
    }

    /// Names and shapes of all tensors as [`Self::get`] gives them.
    #[must_use]
    pub fn shapes(&self) -> Vec<(String, Vec<usize>)> {
        let shape = |(name, tensor): (&String, &Stored)| {
            let mut shape = tensor.shape.clone();
            let blocks = Blocks::ALL.into_iter().find_map(|blocks| Some((blocks, name.strip_suffix(blocks.suffix())?)));
            let Some((blocks, plain)) = blocks else { return (name.clone(), shape) };
            if let Some(width) = shape.last_mut() {
                *width = *width / blocks.bytes() * BLOCK;
            }
            (plain.to_owned(), shape)
        };
        let mut shapes: Vec<_> = self.tensors.iter().map(shape).collect();
        shapes.sort();
        shapes
    }

    /// A table of rows that stays as compact as it is stored.
    pub fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, ModelError> {
        if self.tensors.contains_key(name) {
            return Ok(Table { width, rows: Rows::Plain(self.values(name, &[rows, width])?) });
        }
        let (blocks, stored) = self.blocks(name, &[rows, width])?;
        Ok(Table { width, rows: Rows::Blocks(blocks, stored.clone()) })
    }

    fn blocks(&self, name: &str, shape: &[usize]) -> Result<(Blocks, &Stored), ModelError> {
        let Some((blocks, tensor)) = self.stored(name) else {
            return Err(ModelError::MissingTensor { folder: self.folder.clone(), name: name.to_owned() });
        };
        let width = shape[shape.len() - 1];
        let rows: usize = shape[..shape.len() - 1].iter().product();
        let expected = [rows, blocks.row_bytes(width)];
        if !width.is_multiple_of(BLOCK) || tensor.shape != expected || tensor.dtype != Dtype::U8 {
            return Err(self.shape_error(&format!("{name}{}", blocks.suffix()), &tensor.shape, &expected));
        }
        Ok((blocks, tensor))
    }

    /// The tensor `name` where it is stored in blocks.
    fn stored(&self, name: &str) -> Option<(Blocks, &Stored)> {
        Blocks::ALL.into_iter().find_map(|blocks| Some((blocks, self.tensors.get(&format!("{name}{}", blocks.suffix()))?)))
    }

    fn shape_error(&self, name: &str, found: &[usize], expected: &[usize]) -> ModelError {
        ModelError::Shape {
            folder: self.folder.clone(),
            name: name.to_owned(),
            found: found.to_vec(),
            expected: expected.to_vec(),
        }
    }
}

/// Hugging Face prefixes the encoder's tensors with the name of the architecture.
fn plain_name(name: String) -> String {
    for prefix in ["bert.", "roberta."] {
        if let Some(rest) = name.strip_prefix(prefix) {
            return rest.to_owned();
        }
    }
    name
}

/// Rows looked up by token id.
pub struct Table {
    width: usize,
    rows: Rows,
}

enum Rows {
    Plain(Vec<f32>),
    Blocks(Blocks, Stored),
}

impl Table {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Plain(values) => values.len() / self.width,
            Rows::Blocks(blocks, stored) => stored.at.len() / blocks.row_bytes(self.width),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Copies the row of a token into `out`, which is one row wide.
    pub fn look_up(&self, id: u32, out: &mut [f32]) -> candle_core::Result<()> {
        let index = id as usize;
        if index >= self.len() {
            candle_core::bail!("token id {id} is outside the {} word embeddings: tokenizer.json is another model's", self.len());
        }
        match &self.rows {
            Rows::Plain(values) => out.copy_from_slice(&values[index * self.width..][..self.width]),
            Rows::Blocks(blocks, stored) => {
                let bytes_per_row = blocks.row_bytes(self.width);
                blocks.widen(&stored.bytes()[index * bytes_per_row..][..bytes_per_row], out);
            }
        }
        Ok(())
    }
}
