//! Tensors of a model folder: safetensors, plain f32 or in 4-bit blocks.
//!
//! A tensor `NAME` is stored either as f32 under its own name or as bytes under `NAME.q4_0`: GGML's `Q4_0` blocks, for every
//! 32 weights of a row an f16 scale `d` and 16 bytes whose low nibbles are weights 0–15 and high nibbles 16–31,
//! weight = (nibble − 8) · d. The pretrained encoder comes in this form, so storing it so loses nothing.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use half::f16;

use super::ModelError;

/// Weights in one block.
pub const BLOCK: usize = 32;
/// Bytes of one block: an f16 scale and 32 nibbles.
pub const BLOCK_BYTES: usize = 18;
/// Ending of the names of tensors stored in blocks.
pub const BLOCK_SUFFIX: &str = ".q4_0";

/// The tensors of every `*.safetensors` file of one folder.
pub struct Weights {
    folder: PathBuf,
    tensors: HashMap<String, Tensor>,
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
        let mut tensors = HashMap::new();
        for path in files {
            let loaded = candle_core::safetensors::load(&path, &Device::Cpu)
                .map_err(|source| ModelError::Weights { path: path.clone(), source })?;
            tensors.extend(loaded.into_iter().map(|(name, tensor)| (plain_name(name), tensor)));
        }
        Ok(Self { folder: folder.to_owned(), tensors })
    }

    /// The tensor `name` as f32.
    pub fn get(&self, name: &str, shape: &[usize]) -> Result<Tensor, ModelError> {
        if let Some(tensor) = self.tensors.get(name) {
            let tensor = tensor.to_dtype(DType::F32).map_err(ModelError::compute)?;
            return if tensor.dims() == shape { Ok(tensor) } else { Err(self.shape_error(name, tensor.dims(), shape)) };
        }
        let blocks = self.blocks(name, shape)?;
        let width = shape[shape.len() - 1];
        let mut values = vec![0.0; shape.iter().product()];
        for (row, out) in blocks.chunks_exact(row_bytes(width)).zip(values.chunks_exact_mut(width)) {
            dequantize_row(row, out);
        }
        Tensor::from_vec(values, shape, &Device::Cpu).map_err(ModelError::compute)
    }

    /// Names and shapes of all tensors as [`Self::get`] gives them.
    #[must_use]
    pub fn shapes(&self) -> Vec<(String, Vec<usize>)> {
        let shape = |(name, tensor): (&String, &Tensor)| match name.strip_suffix(BLOCK_SUFFIX) {
            Some(plain) => {
                let mut shape = tensor.dims().to_vec();
                if let Some(width) = shape.last_mut() {
                    *width = *width / BLOCK_BYTES * BLOCK;
                }
                (plain.to_owned(), shape)
            }
            None => (name.clone(), tensor.dims().to_vec()),
        };
        let mut shapes: Vec<_> = self.tensors.iter().map(shape).collect();
        shapes.sort();
        shapes
    }

    /// A table of rows that stays as compact as it is stored.
    pub fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, ModelError> {
        if self.tensors.contains_key(name) {
            let values = self.get(name, &[rows, width])?.flatten_all().and_then(|flat| flat.to_vec1());
            return Ok(Table { width, rows: Rows::Plain(values.map_err(ModelError::compute)?) });
        }
        Ok(Table { width, rows: Rows::Blocks(self.blocks(name, &[rows, width])?) })
    }

    fn blocks(&self, name: &str, shape: &[usize]) -> Result<Vec<u8>, ModelError> {
        let stored = format!("{name}{BLOCK_SUFFIX}");
        let tensor = self
            .tensors
            .get(&stored)
            .ok_or_else(|| ModelError::MissingTensor { folder: self.folder.clone(), name: name.to_owned() })?;
        let width = shape[shape.len() - 1];
        let rows: usize = shape[..shape.len() - 1].iter().product();
        let expected = [rows, row_bytes(width)];
        if !width.is_multiple_of(BLOCK) || tensor.dims() != expected || tensor.dtype() != DType::U8 {
            return Err(self.shape_error(&stored, tensor.dims(), &expected));
        }
        tensor.flatten_all().and_then(|flat| flat.to_vec1()).map_err(ModelError::compute)
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

/// Bytes of one row of `width` weights in blocks.
#[must_use]
pub fn row_bytes(width: usize) -> usize {
    width / BLOCK * BLOCK_BYTES
}

/// Widens one row of blocks into `out`.
pub fn dequantize_row(row: &[u8], out: &mut [f32]) {
    for (block, out) in row.chunks_exact(BLOCK_BYTES).zip(out.chunks_exact_mut(BLOCK)) {
        let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
        let (low, high) = out.split_at_mut(BLOCK / 2);
        for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
            *low = f32::from(i16::from(byte & 0x0f) - 8) * scale;
            *high = f32::from(i16::from(byte >> 4) - 8) * scale;
        }
    }
}

/// Rows looked up by token id.
pub struct Table {
    width: usize,
    rows: Rows,
}

enum Rows {
    Plain(Vec<f32>),
    Blocks(Vec<u8>),
}

impl Table {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Plain(values) => values.len() / self.width,
            Rows::Blocks(bytes) => bytes.len() / row_bytes(self.width),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Copies row `index` into `out`, which is one row wide.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn copy_row(&self, index: usize, out: &mut [f32]) {
        match &self.rows {
            Rows::Plain(values) => out.copy_from_slice(&values[index * self.width..][..self.width]),
            Rows::Blocks(bytes) => {
                let bytes_per_row = row_bytes(self.width);
                dequantize_row(&bytes[index * bytes_per_row..][..bytes_per_row], out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_widens_by_its_definition() {
        let mut block = vec![0x00, 0x38]; // 0.5 in binary16
        block.extend((0..16).map(|i| i | (15 - i) << 4));
        let mut out = [0.0; BLOCK];
        dequantize_row(&block, &mut out);
        assert_eq!(out[0], -4.0);
        assert_eq!(out[15], 3.5);
        assert_eq!(out[16], 3.5);
        assert_eq!(out[31], -4.0);
    }
}
