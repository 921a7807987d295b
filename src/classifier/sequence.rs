//! [`SequenceClassifier`]: a Hugging Face BERT or XLM-R sequence classifier, its labels mapped to ours.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::{Module, Result, Tensor};
use candle_nn::Linear;

use super::config::{Architecture, ModelConfig};
use super::encoder::{Encoder, linear};
use super::weights::Weights;
use super::{Classifier, Labels, Logits, ModelError};
use crate::tokens::Batch;
use crate::typology::{Context, PatternId};

/// What one output of a foreign classifier means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Fraudulent recruitment without saying which.
    Suspect,
    /// Anything that is not.
    Clear,
    /// A pattern, and therefore suspect.
    Pattern(PatternId),
    /// A context.
    Context(Context),
}

impl Meaning {
    fn parse(id: &str) -> Option<Self> {
        match id {
            "suspect" => Some(Self::Suspect),
            "clear" => Some(Self::Clear),
            _ => PatternId::parse(id).map(Self::Pattern).or_else(|| Context::parse(id).map(Self::Context)),
        }
    }

    fn is_suspect(self) -> bool {
        matches!(self, Self::Suspect | Self::Pattern(_))
    }
}

/// Label of the model → meaning, from `labels.json` or `--labels`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelMap(BTreeMap<String, Meaning>);

impl LabelMap {
    /// `LABEL_1=suspect,LABEL_0=clear`: each label is `suspect`, `clear`, a pattern or a context.
    pub fn parse(list: &str) -> std::result::Result<Self, String> {
        let pairs = list.split(',').map(|pair| {
            pair.split_once('=')
                .ok_or_else(|| format!("`{pair}` is not LABEL=MEANING"))
                .map(|(label, id)| (label.trim(), id.trim()))
        });
        Self::from_pairs(pairs.collect::<std::result::Result<Vec<_>, _>>()?)
    }

    fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> std::result::Result<Self, String> {
        let map = pairs.into_iter().map(|(label, id)| {
            let meaning = Meaning::parse(id).ok_or_else(|| {
                format!("label `{label}`: `{id}` is not suspect, clear, a pattern or a context (see `lurescan typology`)")
            })?;
            Ok((label.to_owned(), meaning))
        });
        map.collect::<std::result::Result<_, String>>().map(Self)
    }

    fn read(folder: &Path) -> std::result::Result<Option<Self>, ModelError> {
        let path = folder.join("labels.json");
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(ModelError::Read { path, source }),
        };
        let pairs: BTreeMap<String, String> =
            serde_json::from_slice(&bytes).map_err(|source| ModelError::Config { path: path.clone(), source })?;
        Self::from_pairs(pairs.iter().map(|(label, id)| (label.as_str(), id.as_str())))
            .map(Some)
            .map_err(|reason| ModelError::Unsupported { path, reason })
    }

    /// One meaning an output, in output order. Labels that are our own ids need no mapping.
    fn meanings(&self, outputs: &[String], folder: &Path) -> std::result::Result<Vec<Meaning>, ModelError> {
        let meanings: Option<Vec<Meaning>> =
            outputs.iter().map(|label| self.0.get(label).copied().or_else(|| Meaning::parse(label))).collect();
        meanings.filter(|meanings| meanings.iter().any(|meaning| meaning.is_suspect())).ok_or_else(|| {
            let example =
                outputs.iter().enumerate().map(|(n, label)| format!("{label}={}", if n == 0 { "clear" } else { "suspect" }));
            ModelError::UnmappedLabels {
                folder: folder.to_owned(),
                found: outputs.to_vec(),
                example: example.collect::<Vec<_>>().join(","),
            }
        })
    }
}

/// First-token pooling and a classification head, as `transformers` defines them.
pub struct SequenceClassifier {
    encoder: Encoder,
    /// BERT's pooler or XLM-R's dense layer; tanh follows.
    dense: Linear,
    output: Linear,
    meanings: Vec<Meaning>,
    one_of_many: bool,
    labels: Labels,
}

impl SequenceClassifier {
    /// Builds encoder and head from a folder's tensors.
    pub fn load(
        weights: &Weights,
        config: &ModelConfig,
        folder: &Path,
        labels: Option<LabelMap>,
    ) -> std::result::Result<Self, ModelError> {
        let unsupported = |reason| ModelError::Unsupported { path: folder.join("config.json"), reason };
        let names = config.output_names().map_err(unsupported)?;
        let map = match labels {
            Some(map) => map,
            None => LabelMap::read(folder)?.unwrap_or_default(),
        };
        let meanings = map.meanings(&names, folder)?;
        // Of a single output there is nothing that it would be one of.
        let one_of_many = names.len() > 1 && config.problem_type.as_deref() != Some("multi_label_classification");
        if one_of_many && meanings.iter().all(|meaning| meaning.is_suspect()) {
            return Err(unsupported(format!(
                "every output ({}) means a suspect, so one always holds; map one to `clear`, or say \
                 \"problem_type\": \"multi_label_classification\" if several or none may hold",
                names.join(", ")
            )));
        }
        let mut patterns = Vec::new();
        for meaning in &meanings {
            if let Meaning::Pattern(id) = meaning
                && !patterns.contains(id)
            {
                patterns.push(*id);
            }
        }
        let hidden = config.encoder.hidden_size;
        let (dense, output) = match config.model_type {
            Architecture::XlmRoberta => ("classifier.dense", "classifier.out_proj"),
            Architecture::Bert | Architecture::Lurescan => ("pooler.dense", "classifier"),
        };
        Ok(Self {
            encoder: Encoder::load(weights, config)?,
            dense: linear(weights, dense, hidden, hidden)?,
            output: linear(weights, output, hidden, names.len())?,
            labels: Labels { patterns, indicators: Vec::new() },
            meanings,
            one_of_many,
        })
    }

    /// Outputs as `transformers` gives them: `[sequences, labels]`.
    pub fn outputs(&self, batch: &Batch) -> Result<Tensor> {
        let first = self.encoder.forward(batch)?.narrow(1, 0, 1)?.squeeze(1)?;
        self.output.forward(&self.dense.forward(&first.contiguous()?)?.tanh()?)
    }

    fn translate(&self, outputs: &[f32]) -> Logits {
        let log_odds = |wanted: &dyn Fn(Meaning) -> bool| {
            if self.one_of_many {
                let side = |inside: bool| {
                    log_sum_exp(self.meanings.iter().zip(outputs).filter(|(m, _)| wanted(**m) == inside).map(|(_, z)| *z))
                };
                side(true) - side(false)
            } else {
                self.meanings.iter().zip(outputs).filter(|(m, _)| wanted(**m)).map(|(_, z)| *z).fold(f32::NEG_INFINITY, f32::max)
            }
        };
        Logits {
            context: None,
            suspect: log_odds(&Meaning::is_suspect),
            patterns: self.labels.patterns.iter().map(|id| log_odds(&|meaning| meaning == Meaning::Pattern(*id))).collect(),
            indicators: Vec::new(),
            place_moves: Vec::new(),
        }
    }
}

fn log_sum_exp(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let top = values.clone().fold(f32::NEG_INFINITY, f32::max);
    if top == f32::NEG_INFINITY { top } else { top + values.map(|value| (value - top).exp()).sum::<f32>().ln() }
}

impl Classifier for SequenceClassifier {
    fn labels(&self) -> &Labels {
        &self.labels
    }

    fn logits(&self, batch: &Batch) -> std::result::Result<Vec<Logits>, ModelError> {
        let rows = self.outputs(batch).and_then(|outputs| outputs.to_vec2::<f32>()).map_err(ModelError::compute)?;
        Ok(rows.iter().map(|outputs| self.translate(outputs)).collect())
    }
}
