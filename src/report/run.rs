//! `run.json`: what was run, on what, with what outcome.

use serde::Serialize;

use crate::aggregate::Counts;

/// The record of a run.
#[derive(Debug, Serialize)]
pub struct RunRecord {
    /// Of lurescan.
    pub version: &'static str,
    /// As typed.
    pub command_line: Vec<String>,
    /// It was stopped before the end of the inputs.
    #[serde(skip)]
    pub interrupted: bool,
    /// Folder name of the model.
    pub model: String,
    /// SHA-256 over the files that decide a verdict.
    pub model_hash: String,
    /// Name of the operating point in force.
    pub operating_point: String,
    /// Its threshold on `p_suspect`.
    pub threshold: f32,
    /// Share of suspects that probabilities hold for: the one given or, without one, that of the records the model was calibrated on,
    /// as far as its folder says.
    pub base_rate: Option<f32>,
    /// What computed the encoder: `int8` or `f32`.
    pub engine: &'static str,
    /// What was read.
    pub inputs: Vec<InputRecord>,
    /// What became of the rows.
    pub counts: CountsRecord,
    /// Worker threads.
    pub threads: usize,
    /// Seconds of wall time by stage; the stages of a chunk follow one another.
    pub seconds: StageSeconds,
    /// Seconds the process spent on all cores; none where the system does not tell.
    pub cpu_seconds: Option<f64>,
    /// Posts judged a second of wall time.
    pub posts_per_second: f64,
    /// Tokens the model read a second of its own time.
    pub tokens_per_second: f64,
    /// Posts with the tokens of an earlier one, which the model did not read again.
    pub repeated: u64,
    /// Highest resident memory; none where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// Whether the run took up an earlier one; seconds and rates are then those of the last part.
    pub resumed: bool,
}

/// One input.
#[derive(Debug, Serialize)]
pub struct InputRecord {
    /// As the user named it.
    pub path: String,
    /// Bytes on disk.
    pub size: Option<u64>,
    /// `jsonl`, `csv`, …
    pub format: &'static str,
    /// SHA-256 of the file, where it was read to the end.
    pub sha256: Option<String>,
    /// Rows met.
    pub records: u64,
    /// It could not be read to its end.
    pub damaged: bool,
}

/// `read = rejected + not_assessed + judged`.
#[derive(Debug, Serialize)]
pub struct CountsRecord {
    read: u64,
    rejected: u64,
    not_assessed: u64,
    judged: u64,
    suspect: u64,
    truncated: u64,
    unclear: u64,
    unread_dates: u64,
}

impl From<Counts> for CountsRecord {
    fn from(counts: Counts) -> Self {
        Self {
            read: counts.read,
            rejected: counts.rejected,
            not_assessed: counts.not_assessed(),
            judged: counts.judged,
            suspect: counts.suspect,
            truncated: counts.truncated,
            unclear: counts.unclear,
            unread_dates: counts.unread_dates,
        }
    }
}

/// Wall time by stage.
#[derive(Debug, Serialize)]
pub struct StageSeconds {
    /// From reading the lists and loading the model to the end of the last chunk; reports are written after it.
    pub wall: f64,
    /// Loading the model.
    pub load: f64,
    /// Opening, decompressing, parsing.
    pub read: f64,
    /// Folding, language, places, tokens.
    pub prepare: f64,
    /// The model, and verdicts from what it says.
    pub model: f64,
    /// Gathering the words that moved the model on suspects.
    pub attribute: f64,
    /// Rules, contacts, terms and lists.
    pub judge: f64,
    /// Findings, tally, checkpoints.
    pub write: f64,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    status: &'static str,
    #[serde(flatten)]
    run: &'a RunRecord,
}

/// The record of a run for programs, schema `lurescan.run/1`, line break included.
#[must_use]
pub fn run_json(run: &RunRecord) -> String {
    let status = if run.interrupted { "interrupted" } else { "complete" };
    let document = Document { schema: "lurescan.run/1", status, run };
    // A struct of strings and numbers always serialises.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
