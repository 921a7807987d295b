//! `calibration.json`: how a model's logits become probabilities, and where the lines are drawn.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::scaling::{Platt, Scaling, logit};
use crate::typology::{IndicatorId, PatternId};

/// Why a calibration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// The file cannot be read.
    #[error("cannot read {}; make the file readable", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no calibration.
    #[error("cannot understand {}; make it again with `lurescan train`", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// The file says something that no calibration can.
    #[error("{}: {reason}; make it again with `lurescan train` or `lurescan calibrate`", path.display())]
    Impossible {
        /// The file.
        path: PathBuf,
        /// What.
        reason: String,
    },
    /// The share of suspects it was fitted on is not written in it.
    #[error("this model's calibration.json does not say what share of suspects it was fitted on; `lurescan calibrate` adds it")]
    NoBaseRate,
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
    /// The fewest false alarms among lines whose F1 on the calibration set is near the best.
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
    pub suspect: Scaling,
    /// Share of suspects among the posts it was fitted on; see [`Self::shift_to`]. None in files of older versions.
    #[serde(default)]
    pub base_rate: Option<f32>,
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

/// Log-odds beyond those of any model.
const FAR: f32 = 30.0;

const UNLISTED: (Platt, f32) = (Platt::IDENTITY, 0.5);

impl Default for Calibration {
    /// Takes a model at its word: what a Hugging Face classifier without `calibration.json` gets.
    fn default() -> Self {
        Self {
            fitted_on: "nothing: the model's own probabilities".to_owned(),
            suspect: Scaling::Platt(Platt::IDENTITY),
            base_rate: None,
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
        let read: Self =
            serde_json::from_slice(&bytes).map_err(|source| CalibrationError::Parse { path: path.to_owned(), source })?;
        match read.impossible() {
            Some(reason) => Err(CalibrationError::Impossible { path: path.to_owned(), reason }),
            None => Ok(read),
        }
    }

    /// What would make verdicts nonsense without a word: lines that are no probabilities, scalings that turn the order round.
    fn impossible(&self) -> Option<String> {
        let lines = self.operating_points.iter().map(|(name, line)| (name, *line));
        let labels = self.patterns.iter().chain(&self.indicators);
        let of_labels = labels.clone().map(|(id, label)| (id, label.threshold));
        if let Some((name, line)) = lines.chain(of_labels).find(|(_, line)| !(0.0..=1.0).contains(line)) {
            return Some(format!("the line of `{name}` is {line}, not between 0 and 1"));
        }
        if let Some((id, _)) = labels.clone().find(|(_, label)| !(label.platt.a.is_finite() && label.platt.b.is_finite())) {
            return Some(format!("the scaling of `{id}` is not finite"));
        }
        let (least, most) = (self.suspect.apply(-FAR), self.suspect.apply(FAR));
        // The least that is asked: more log-odds are no smaller probability.
        if !(0.0 <= least && least < most && most <= 1.0) {
            return Some(format!("the scaling of suspects gives {least} for little and {most} for much"));
        }
        if self.base_rate.is_some_and(|rate| !(rate > 0.0 && rate < 1.0)) {
            return Some("the base_rate is not between 0 and 1".to_owned());
        }
        let sound =
            self.context_temperature > 0.0 && self.context_temperature.is_finite() && (0.0..=1.0).contains(&self.least_offer);
        (!sound).then(|| "context_temperature must be above 0, least_offer between 0 and 1".to_owned())
    }

    /// The threshold of an operating point.
    pub fn threshold(&self, point: &str) -> Result<f32, CalibrationError> {
        self.operating_points.get(point).copied().ok_or_else(|| CalibrationError::UnknownPoint {
            asked: point.to_owned(),
            known: self.operating_points.keys().cloned().collect::<Vec<_>>().join(", "),
        })
    }

    /// How far log-odds move where the share of suspects is `rate` instead of that of the posts this was fitted on: Bayes' rule with
    /// the same likelihoods; Saerens, Latinne and Decaestecker, "Adjusting the outputs of a classifier to new a priori
    /// probabilities", 2002.
    pub fn shift_to(&self, rate: f32) -> Result<f32, CalibrationError> {
        self.base_rate.map(|own| logit(rate) - logit(own)).ok_or(CalibrationError::NoBaseRate)
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

/// Softmax of `logits / temperature`.
#[must_use]
pub fn softmax<const N: usize>(logits: &[f32; N], temperature: f32) -> [f32; N] {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = logits.map(|z| ((z - top) / temperature).exp());
    let sum: f32 = powers.iter().sum();
    powers.map(|power| power / sum)
}
