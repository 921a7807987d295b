//! Batch → logits: of the rooms a scan goes through, the only one with tensors. It gives numbers, no opinions.
//!
//! A model folder holds `config.json`, `tokenizer.json` and safetensors; [`ModelFolder::open`] reads what it says and
//! [`ModelFolder::classifier`] builds what it holds: our four-headed encoder or a Hugging Face sequence classifier.

mod blocks;
mod config;
mod encoder;
mod folder;
mod inplace;
mod int8;
mod lure;
mod sequence;
pub mod weights;

use std::path::PathBuf;

pub use blocks::{BLOCK, Blocks, narrow_to_q6, rounded_to_q6};
pub use config::{Architecture, EncoderConfig, LureConfig, ModelConfig};
pub use encoder::{Encoder, attention_mask, mean_pool};
pub use folder::{ENCODER_FILE, ModelFolder};
pub use int8::Int8Encoder;
pub use lure::{HEADS_FILE, LureClassifier, PLACES_HEAD, PooledEncoder, WORDS_HEAD};
pub use sequence::{LabelMap, Meaning, SequenceClassifier};

use crate::tokens::Batch;
use crate::typology::{IndicatorId, PatternId};

/// Parts that a country may play: destination and origin, in this order.
pub const PARTS: usize = 2;

/// Raw outputs for one post. Calibration turns them into probabilities.
#[derive(Debug, Clone, PartialEq)]
pub struct Logits {
    /// One a context in the order of [`crate::typology::Context::ALL`]; none where the model has no such head.
    pub context: Option<[f32; 5]>,
    /// Log-odds of being suspect.
    pub suspect: f32,
    /// Log-odds of each pattern of [`Labels::patterns`].
    pub patterns: Vec<f32>,
    /// Log-odds of each indicator of [`Labels::indicators`].
    pub indicators: Vec<f32>,
    /// How far the weight of each of [`LureConfig::place_facts`] is moved, for destinations, then for origins; empty without such a head.
    pub place_moves: Vec<f32>,
}

impl Logits {
    /// Whether all of them are finite. Not a number is under every line: a damaged model would call each post clear.
    #[must_use]
    pub fn are_numbers(&self) -> bool {
        let heads = [self.patterns.as_slice(), &self.indicators, &self.place_moves, self.context.as_ref().map_or(&[], |own| own)];
        self.suspect.is_finite() && heads.into_iter().flatten().all(|logit| logit.is_finite())
    }
}

/// Log-odds by token.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenLogits {
    /// Of being suspect. The head reads the mean over a post's tokens, so the mean of these is what [`Logits`] has for the post.
    pub suspect: Vec<f32>,
    /// Of each indicator of [`Labels::indicators`], by token; higher where its words show it.
    pub indicators: Vec<Vec<f32>>,
}

/// What is said of one sequence: of all of it and, where it was asked for, by token.
pub type Said = (Logits, Option<TokenLogits>);

/// Which labels a classifier's logits stand for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// Patterns in head order.
    pub patterns: Vec<PatternId>,
    /// Indicators in head order.
    pub indicators: Vec<IndicatorId>,
}

/// Anything that reads posts; tests of the corridor bring their own.
pub trait Classifier: Send + Sync {
    /// What the numbers stand for.
    fn labels(&self) -> &Labels;

    /// Logits of every sequence of the batch in order, independent of its batch mates up to rounding.
    fn logits(&self, batch: &Batch) -> Result<Vec<Logits>, ModelError>;

    /// The same, and with it what each token says by itself where `wanted` holds for the sequence; nothing of tokens from a
    /// classifier that cannot tell. The states of a batch are at hand only while it is read, so who will be asked for the words that
    /// moved a verdict says so here, by the log-odds of the pooled heads alone.
    fn logits_by_token(&self, batch: &Batch, _wanted: &dyn Fn(&Logits) -> bool) -> Result<Vec<Said>, ModelError> {
        Ok(self.logits(batch)?.into_iter().map(|logits| (logits, None)).collect())
    }
}

/// What computes the encoder of our models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Engine {
    /// 8-bit integers on the CPU: fast, and within rounding of the other.
    #[default]
    Int8,
    /// 32-bit floats by candle: the reference, and the one for Hugging Face classifiers.
    F32,
}

impl Engine {
    /// Its spelling.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Int8 => "int8",
            Self::F32 => "f32",
        }
    }
}

/// Keeps every matrix product on the core that asked for it. Callers run batches side by side instead: element-wise
/// operations then use all cores too, and nothing waits inside a layer.
fn one_core_a_product() {
    gemm::set_threading_threshold(usize::MAX);
}

/// Why a model folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file or folder cannot be read.
    #[error("cannot read {}; is it a model folder? `lurescan models list` shows the installed ones", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// `config.json` is not what it should be.
    #[error("cannot understand {}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// The folder holds something we cannot compute.
    #[error("{} cannot be used: {reason}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// No weights in the folder.
    #[error("{} has no *.safetensors file; other weight formats are not read, convert them first", folder.display())]
    NoWeights {
        /// The folder.
        folder: PathBuf,
    },
    /// A weights file is damaged.
    #[error("cannot read the weights {}; fetch or export the model again", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What candle says.
        source: candle_core::Error,
    },
    /// A tensor is not there.
    #[error("{} lacks the tensor `{name}`; its weights do not belong to its config.json", folder.display())]
    MissingTensor {
        /// The folder.
        folder: PathBuf,
        /// The tensor's name.
        name: String,
    },
    /// A tensor has another shape than `config.json` says.
    #[error("in {} the tensor `{name}` has shape {found:?}, not {expected:?}; its weights do not belong to its config.json", folder.display())]
    Shape {
        /// The folder.
        folder: PathBuf,
        /// The tensor's name.
        name: String,
        /// Shape in the file.
        found: Vec<usize>,
        /// Shape by `config.json`.
        expected: Vec<usize>,
    },
    /// The labels of a Hugging Face classifier are not mapped.
    #[error("{} gives {found:?}, and nothing says which of them means suspect; add --labels {example} or the same table as labels.json in the folder", folder.display())]
    UnmappedLabels {
        /// The folder.
        folder: PathBuf,
        /// The labels of the model.
        found: Vec<String>,
        /// A mapping to start from.
        example: String,
    },
    /// A file in the folder is not the one its `SHA256SUMS` names.
    #[error("{} does not match its line in SHA256SUMS; fetch the model again", path.display())]
    Checksum {
        /// The file.
        path: PathBuf,
    },
    /// The computation itself failed.
    #[error("the model failed: {0}")]
    Compute(candle_core::Error),
}

impl ModelError {
    /// Wraps an error of the tensor library.
    #[must_use]
    pub fn compute(source: candle_core::Error) -> Self {
        Self::Compute(source)
    }

    /// Something that cannot come of whole weights.
    #[must_use]
    pub fn broken(message: String) -> Self {
        Self::Compute(candle_core::Error::Msg(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_logit_that_is_no_number_is_noticed_whichever_head_gave_it() {
        let whole =
            Logits { context: Some([0.0; 5]), suspect: 0.0, patterns: vec![0.0], indicators: vec![0.0], place_moves: vec![0.0] };
        assert!(whole.are_numbers());
        let damages: [fn(&mut Logits); 5] = [
            |logits| logits.context = Some([0.0, 0.0, f32::NAN, 0.0, 0.0]),
            |logits| logits.suspect = f32::INFINITY,
            |logits| logits.patterns[0] = f32::NAN,
            |logits| logits.indicators[0] = f32::NEG_INFINITY,
            |logits| logits.place_moves[0] = f32::NAN,
        ];
        for damage in damages {
            let mut damaged = whole.clone();
            damage(&mut damaged);
            assert!(!damaged.are_numbers(), "{damaged:?}");
        }
    }
}
