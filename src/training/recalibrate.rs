//! A finished model and labelled records → a [`Calibration`] for posts like these.

use super::TrainingError;
use super::calibrate::calibrate;
use super::features::{Example, Features};
use super::sequences;
use super::write::NewModel;
use crate::classifier::{Engine, ModelFolder};
use crate::evaluation::metrics::Scored;
use crate::labelled::{Record, Split};
use crate::tokens::Tokenizer;
use crate::verdict::Calibration;

/// Fewer suspects than this, or fewer others, say nothing about a line between them.
const LEAST: usize = 30;

/// A new calibration, and what the old one and the new one make of the records it was fitted on.
pub struct Recalibration {
    /// The new one.
    pub calibration: Calibration,
    /// `p_suspect` with the answer, by the old one.
    pub before: Vec<Scored>,
    /// `p_suspect` with the answer, by the new one.
    pub after: Vec<Scored>,
}

/// Fits a calibration of one of our models on labelled records.
pub fn recalibrate(folder: &ModelFolder, records: Vec<Record>, fitted_on: String) -> Result<Recalibration, TrainingError> {
    let suspects = records.iter().filter(|record| record.label.suspect).count();
    if suspects < LEAST || records.len() - suspects < LEAST {
        let others = records.len() - suspects;
        let reason =
            format!("a calibration wants {LEAST} suspects and {LEAST} others at least; here are {suspects} and {others}");
        return Err(TrainingError::TooLittle(reason));
    }
    // A damaged model must not get sums of its own.
    folder.hash()?;
    let config = &folder.config;
    let tokenizer = Tokenizer::load(&folder.tokenizer(), config.prefix(), config.max_length())?;
    let examples = records
        .into_iter()
        .map(|record| Example { record, plain: None, weight: 1.0, split: Split::Dev, calibrates: true, labelled: true })
        .collect();
    let features = Features::without_vectors(config, examples);
    // What scans use: a threshold drawn on other rounding would cut elsewhere.
    let classifier = folder.classifier(None, Engine::default())?;
    let logits = sequences::logits(&*classifier, &sequences::sequences(&features, &tokenizer)?)?;
    let old = Calibration::read(&folder.calibration())?;
    let calibration = calibrate(features.examples(), &logits, classifier.labels(), fitted_on);
    let scored = |by: &Calibration| {
        let each = features.examples().iter().zip(&logits);
        each.map(|(example, logits)| (by.suspect.apply(logits.suspect), example.record.label.suspect)).collect()
    };
    let (before, after) = (scored(&old), scored(&calibration));
    Ok(Recalibration { calibration, before, after })
}

impl Recalibration {
    /// Puts the new calibration in the place of the folder's old one, and renews the folder's sums.
    pub fn write(&self, folder: &ModelFolder) -> Result<(), TrainingError> {
        NewModel::calibrate(folder.path(), &self.calibration)
    }
}
