//! `calibration.json`: how a model's logits become probabilities, and where the lines are drawn.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::typology::{IndicatorId, PatternId};

/// Why a calibration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}; `lurescan train` makes it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no calibration.
    #[error("cannot understand {}: {source}; make it again with `lurescan train`", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// An operating point that the model does not have.
    #[error("the model has no operating point `{asked}`; it has {known}")]
    UnknownPoint {
        /// What was asked for.
        asked: String,
        /// What there is.
        known: String,
    },
}

/// Names of the operating points every calibrated model has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatingPoint {
    /// Recall at least 0.98 on the calibration set.
    HighRecall,
    /// Best F1 on the calibration set.
    Balanced,
    /// Precision at least 0.98 on the calibration set.
    HighPrecision,
}

impl OperatingPoint {
    /// All of them, loosest first.
    pub const ALL: [Self; 3] = [Self::HighRecall, Self::Balanced, Self::HighPrecision];

    /// Its spelling.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::HighRecall => "high-recall",
            Self::Balanced => "balanced",
            Self::HighPrecision => "high-precision",
        }
    }
}

/// Platt scaling: p = σ(a·z + b). Platt, "Probabilistic outputs for support vector machines", 1999.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platt {
    /// Slope.
    pub a: f32,
    /// Intercept.
    pub b: f32,
}

impl Platt {
    /// Leaves log-odds as they are.
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0 };

    /// The probability of log-odds `z`.
    #[must_use]
    pub fn apply(self, z: f32) -> f32 {
        sigmoid(self.a.mul_add(z, self.b))
    }
}

/// One label's scaling and threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Its scaling.
    pub platt: Platt,
    /// Probability from which the label is shown.
    pub threshold: f32,
}

/// The whole `calibration.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What it was fitted on, for the reader.
    #[serde(default)]
    pub fitted_on: String,
    /// Scaling of the suspect head.
    pub suspect: Platt,
    /// Thresholds on `p_suspect` by operating point.
    pub operating_points: BTreeMap<String, f32>,
    /// The context head's logits are divided by it before the softmax.
    pub context_temperature: f32,
    /// A post less likely an offer than this is never suspect; 0 switches the rule off.
    pub least_offer: f32,
    /// By pattern id; a pattern not listed is shown from 0.5.
    #[serde(default)]
    pub patterns: BTreeMap<String, Threshold>,
    /// By indicator id; an indicator not listed is shown from 0.5.
    #[serde(default)]
    pub indicators: BTreeMap<String, Threshold>,
}

const UNLISTED: (Platt, f32) = (Platt::IDENTITY, 0.5);

impl Default for Calibration {
    /// Takes a model at its word: what a Hugging Face classifier without `calibration.json` gets.
    fn default() -> Self {
        Self {
            fitted_on: "nothing: the model's own probabilities".to_owned(),
            suspect: Platt::IDENTITY,
            operating_points: BTreeMap::from([(OperatingPoint::Balanced.id().to_owned(), 0.5)]),
            context_temperature: 1.0,
            least_offer: 0.0,
            patterns: BTreeMap::new(),
            indicators: BTreeMap::new(),
        }
    }
}

impl Calibration {
    /// Reads `calibration.json`; a folder without one takes the model at its word.
    pub fn read(path: &Path) -> Result<Self, CalibrationError> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(CalibrationError::Read { path: path.to_owned(), source }),
        };
        serde_json::from_slice(&bytes).map_err(|source| CalibrationError::Parse { path: path.to_owned(), source })
    }

    /// The threshold of an operating point.
    pub fn threshold(&self, point: &str) -> Result<f32, CalibrationError> {
        self.operating_points.get(point).copied().ok_or_else(|| CalibrationError::UnknownPoint {
            asked: point.to_owned(),
            known: self.operating_points.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }

    /// Scaling and threshold of a pattern.
    #[must_use]
    pub fn pattern(&self, id: PatternId) -> (Platt, f32) {
        self.patterns.get(id.id()).map_or(UNLISTED, |listed| (listed.platt, listed.threshold))
    }

    /// Scaling and threshold of an indicator.
    #[must_use]
    pub fn indicator(&self, id: IndicatorId) -> (Platt, f32) {
        self.indicators.get(id.id()).map_or(UNLISTED, |listed| (listed.platt, listed.threshold))
    }
}

/// σ(z).
#[must_use]
pub fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

/// Softmax of `logits / temperature`.
#[must_use]
pub fn softmax<const N: usize>(logits: &[f32; N], temperature: f32) -> [f32; N] {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.map(|z| ((z - top) / temperature).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}
