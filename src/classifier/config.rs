//! `config.json` of a model folder: ours, or a Hugging Face BERT or XLM-R sequence classifier's.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ModelError;
use crate::typology::{Context, IndicatorId, PatternId};

/// Sizes and conventions of a BERT-family encoder, in Hugging Face's names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EncoderConfig {
    /// Width of a token's vector.
    pub hidden_size: usize,
    /// Number of transformer layers.
    pub num_hidden_layers: usize,
    /// Attention heads a layer; divides `hidden_size`.
    pub num_attention_heads: usize,
    /// Width of the feed-forward layer.
    pub intermediate_size: usize,
    /// Added to the variance in every layer norm.
    pub layer_norm_eps: f64,
    /// Rows of the position table.
    pub max_position_embeddings: usize,
    /// Rows of the word table.
    pub vocab_size: usize,
    /// Rows of the token-type table; only row 0 is used.
    pub type_vocab_size: usize,
    /// Id that fills short sequences.
    pub pad_token_id: u32,
    /// Activation of the feed-forward layer; only the exact-erf `gelu` is read.
    #[serde(default = "gelu")]
    pub hidden_act: String,
}

fn gelu() -> String {
    "gelu".to_owned()
}

/// Which classifier the folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Architecture {
    /// Ours: BERT encoder, mean pooling, four linear heads.
    #[serde(rename = "lurescan")]
    Lurescan,
    /// `BertForSequenceClassification`.
    #[serde(rename = "bert")]
    Bert,
    /// `XLMRobertaForSequenceClassification`; positions count from `pad_token_id + 1`.
    #[serde(rename = "xlm-roberta")]
    XlmRoberta,
}

/// The whole `config.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelConfig {
    /// Which classifier.
    pub model_type: Architecture,
    /// Its encoder.
    #[serde(flatten)]
    pub encoder: EncoderConfig,
    /// Ours only: labels in head order, text prefix, languages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lurescan: Option<LureConfig>,
    /// Hugging Face only: names of the outputs by position.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub id2label: BTreeMap<String, String>,
    /// Hugging Face only: `multi_label_classification` means one sigmoid an output instead of one softmax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem_type: Option<String>,
}

/// What `config.json` says of our own models.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LureConfig {
    /// Written before every post, as the encoder was pretrained with it.
    #[serde(default)]
    pub prefix: String,
    /// Tokens read of a post, special tokens and prefix included.
    pub max_length: usize,
    /// Model folder beside this one whose encoder and tokenizer stand in for what this folder does not hold: models tuned from
    /// the same base need not each carry the table of words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares: Option<String>,
    /// Language tags the model was trained or pretrained for.
    pub languages: Vec<String>,
    /// Labels of the context head in order; all five or none.
    #[serde(default)]
    pub contexts: Vec<String>,
    /// Labels of the pattern head in order.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Labels of the indicator head in order.
    #[serde(default)]
    pub indicators: Vec<String>,
    /// Facts about a country whose weight the head on places moves, in order; it has an output for each part a country may play.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub place_facts: Vec<String>,
}

/// Tokens read of a post by a Hugging Face classifier, where its position table allows.
const HF_MAX_LENGTH: usize = 512;

impl ModelConfig {
    /// Reads and checks `config.json`.
    pub fn read(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join("config.json");
        let bytes = std::fs::read(&path).map_err(|source| ModelError::Read { path: path.clone(), source })?;
        let mut config: Self =
            serde_json::from_slice(&bytes).map_err(|source| ModelError::Config { path: path.clone(), source })?;
        if config.lurescan.is_some() {
            // An exported model goes by the name of BERT, so that others can load its encoder; it is still one of ours.
            config.model_type = Architecture::Lurescan;
        }
        config.check().map_err(|reason| ModelError::Unsupported { path, reason })?;
        Ok(config)
    }

    fn check(&self) -> Result<(), String> {
        let encoder = &self.encoder;
        if encoder.hidden_act != "gelu" {
            return Err(format!("its activation is `{}`; only the exact `gelu` is computed", encoder.hidden_act));
        }
        if encoder.num_attention_heads == 0 || !encoder.hidden_size.is_multiple_of(encoder.num_attention_heads) {
            return Err(format!(
                "hidden_size {} is not a multiple of {} attention heads",
                encoder.hidden_size, encoder.num_attention_heads
            ));
        }
        match (self.model_type, &self.lurescan) {
            (Architecture::Lurescan, None) => Err("it says `lurescan` but has no `lurescan` section".to_owned()),
            (Architecture::Lurescan, Some(lure)) => lure.check(encoder),
            _ if self.id2label.is_empty() => Err("it has no `id2label`: is it a sequence classifier?".to_owned()),
            _ => Ok(()),
        }
    }

    /// First row of the position table that a sequence uses.
    #[must_use]
    pub fn first_position(&self) -> usize {
        match self.model_type {
            Architecture::XlmRoberta => self.encoder.pad_token_id as usize + 1,
            Architecture::Lurescan | Architecture::Bert => 0,
        }
    }

    /// Tokens read of a post, special tokens included.
    #[must_use]
    pub fn max_length(&self) -> usize {
        let room = self.encoder.max_position_embeddings.saturating_sub(self.first_position());
        self.lurescan.as_ref().map_or(HF_MAX_LENGTH, |lure| lure.max_length).min(room)
    }

    /// Text the tokenizer sees before every post.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.lurescan.as_ref().map_or("", |lure| &lure.prefix)
    }

    /// Output names of a Hugging Face classifier in order.
    pub fn output_names(&self) -> Result<Vec<String>, String> {
        (0..self.id2label.len())
            .map(|position| {
                self.id2label
                    .get(&position.to_string())
                    .cloned()
                    .ok_or_else(|| format!("`id2label` has {} entries but none for {position}", self.id2label.len()))
            })
            .collect()
    }
}

impl LureConfig {
    fn check(&self, encoder: &EncoderConfig) -> Result<(), String> {
        if self.max_length < 8 || self.max_length > encoder.max_position_embeddings {
            return Err(format!("max_length {} does not fit {} positions", self.max_length, encoder.max_position_embeddings));
        }
        let contexts: Vec<&str> = Context::ALL.iter().map(|context| context.id()).collect();
        if !self.contexts.is_empty() && self.contexts != contexts {
            return Err(format!("contexts are {:?}; expected {contexts:?} in this order", self.contexts));
        }
        if let Some(name) = self.shares.as_ref().filter(|name| name.is_empty() || name.contains(['/', '\\', '.'])) {
            return Err(format!("shares is `{name}`; expected the name of a folder beside this one"));
        }
        self.pattern_ids()?;
        self.indicator_ids()?;
        Ok(())
    }

    /// Labels of the pattern head.
    pub fn pattern_ids(&self) -> Result<Vec<PatternId>, String> {
        parse_all(&self.patterns, "pattern", PatternId::parse)
    }

    /// Labels of the indicator head.
    pub fn indicator_ids(&self) -> Result<Vec<IndicatorId>, String> {
        parse_all(&self.indicators, "indicator", IndicatorId::parse)
    }
}

fn parse_all<T>(ids: &[String], what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    ids.iter().map(|id| parse(id).ok_or_else(|| format!("unknown {what} `{id}`; see `lurescan typology`"))).collect()
}
