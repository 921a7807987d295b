//! An evaluation as a table for the terminal, as Markdown for a model card, and as JSON.

use std::fmt::Write;

use serde::Serialize;

use crate::evaluation::{Evaluation, Interval};

/// What an evaluation was of.
#[derive(Debug, Clone, Serialize)]
pub struct EvaluationHead {
    /// Folder name of the model.
    pub model: String,
    /// SHA-256 over the files that decide a verdict.
    pub model_hash: String,
    /// Files of the records.
    pub data: Vec<String>,
    /// SHA-256 over the ids and texts judged, in order.
    pub data_hash: String,
    /// Side of the split, or `all`.
    pub split: String,
    /// Name of the operating point.
    pub operating_point: String,
    /// Seed of the bootstrap.
    pub seed: u64,
}

/// The figures for people. `markdown` makes tables of them.
#[must_use]
pub fn evaluation_text(head: &EvaluationHead, evaluation: &Evaluation, markdown: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} on {} ({}, data {}): {} records in {} groups, {} suspect, {} not assessed\n",
        head.model,
        head.data.join(" "),
        head.split,
        &head.data_hash[..12],
        evaluation.records,
        evaluation.groups,
        evaluation.suspects,
        evaluation.not_assessed
    );
    let mut table = Table::new(markdown, &["figure", "value", "95 % interval"]);
    for (name, figure) in [
        ("PR-AUC", evaluation.pr_auc),
        ("ROC-AUC", evaluation.roc_auc),
        ("recall at 1 % false alarms", evaluation.recall_at_1_percent),
        ("F1", evaluation.f1),
    ] {
        table.row(&[name.to_owned(), three(figure.value), format!("{} – {}", three(figure.low), three(figure.high))]);
    }
    for (name, value) in [
        ("precision", evaluation.at.precision),
        ("recall", evaluation.at.recall),
        ("false alarms", evaluation.at.false_alarms),
        ("calibration error", evaluation.calibration_error),
        ("Brier score", evaluation.brier),
        ("pattern macro-F1", evaluation.pattern_macro_f1),
    ] {
        table.row(&[name.to_owned(), three(value), String::new()]);
    }
    out += &table.finish();
    let _ = writeln!(out, "F1, precision, recall and false alarms at the operating point `{}`.\n", head.operating_point);

    let mut table =
        Table::new(markdown, &["slice (worst first)", "records", "suspect", "PR-AUC", "precision", "recall", "false alarms"]);
    for slice in &evaluation.slices {
        let at = &slice.at;
        let figures = [slice.pr_auc, at.precision, at.recall, at.false_alarms].map(three);
        let [pr_auc, precision, recall, false_alarms] = figures;
        table.row(&[
            slice.name.clone(),
            slice.records.to_string(),
            slice.suspects.to_string(),
            pr_auc,
            precision,
            recall,
            false_alarms,
        ]);
    }
    out += &table.finish();
    out.push('\n');

    let mut table = Table::new(markdown, &["not suspect, by context", "records", "called suspect"]);
    for row in &evaluation.contexts {
        table.row(&[row.context.id().to_owned(), row.records.to_string(), row.flagged.to_string()]);
    }
    out += &table.finish();
    out.push('\n');

    let mut table = Table::new(markdown, &["pattern (worst first)", "records", "precision", "recall", "F1"]);
    for row in &evaluation.patterns {
        table.row(&[
            row.id.id().to_owned(),
            row.records.to_string(),
            three(row.at.precision),
            three(row.at.recall),
            three(row.at.f1),
        ]);
    }
    out += &table.finish();
    out
}

fn three(value: f64) -> String {
    if value.is_finite() { format!("{value:.3}") } else { "–".to_owned() }
}

/// Columns padded for a terminal, or bars for Markdown.
struct Table {
    markdown: bool,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(markdown: bool, head: &[&str]) -> Self {
        Self { markdown, rows: vec![head.iter().map(ToString::to_string).collect()] }
    }

    fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.to_vec());
    }

    fn finish(self) -> String {
        let columns = self.rows[0].len();
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            if self.markdown {
                let _ = writeln!(out, "| {} |", row.join(" | "));
                if number == 0 {
                    let _ = writeln!(out, "|---{}|", "|---:".repeat(columns - 1));
                }
            } else {
                let cells = row.iter().zip(&widths).enumerate();
                let padded =
                    cells.map(|(at, (cell, &width))| if at == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") });
                let _ = writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end());
            }
        }
        out
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    version: &'static str,
    #[serde(flatten)]
    head: &'a EvaluationHead,
    records: usize,
    groups: usize,
    suspects: usize,
    not_assessed: usize,
    pr_auc: IntervalJson,
    roc_auc: IntervalJson,
    recall_at_1_percent_false_alarms: IntervalJson,
    f1: IntervalJson,
    precision: f64,
    recall: f64,
    false_alarms: f64,
    calibration_error: f64,
    brier: f64,
    pattern_macro_f1: f64,
    slices: Vec<SliceJson<'a>>,
    contexts: Vec<ContextJson>,
    patterns: Vec<PatternJson>,
}

#[derive(Serialize)]
struct IntervalJson {
    value: f64,
    low: f64,
    high: f64,
}

impl From<Interval> for IntervalJson {
    fn from(Interval { value, low, high }: Interval) -> Self {
        Self { value, low, high }
    }
}

#[derive(Serialize)]
struct SliceJson<'a> {
    name: &'a str,
    records: usize,
    suspects: usize,
    pr_auc: f64,
    precision: f64,
    recall: f64,
    false_alarms: f64,
}

#[derive(Serialize)]
struct ContextJson {
    context: &'static str,
    records: usize,
    flagged: usize,
}

#[derive(Serialize)]
struct PatternJson {
    id: &'static str,
    records: usize,
    precision: f64,
    recall: f64,
    f1: f64,
}

/// The figures for programs, schema `lurescan.eval/1`. A figure that cannot be computed is null.
#[must_use]
pub fn evaluation_json(head: &EvaluationHead, evaluation: &Evaluation) -> String {
    let document = Document {
        schema: "lurescan.eval/1",
        version: env!("CARGO_PKG_VERSION"),
        head,
        records: evaluation.records,
        groups: evaluation.groups,
        suspects: evaluation.suspects,
        not_assessed: evaluation.not_assessed,
        pr_auc: evaluation.pr_auc.into(),
        roc_auc: evaluation.roc_auc.into(),
        recall_at_1_percent_false_alarms: evaluation.recall_at_1_percent.into(),
        f1: evaluation.f1.into(),
        precision: evaluation.at.precision,
        recall: evaluation.at.recall,
        false_alarms: evaluation.at.false_alarms,
        calibration_error: evaluation.calibration_error,
        brier: evaluation.brier,
        pattern_macro_f1: evaluation.pattern_macro_f1,
        slices: evaluation
            .slices
            .iter()
            .map(|slice| SliceJson {
                name: &slice.name,
                records: slice.records,
                suspects: slice.suspects,
                pr_auc: slice.pr_auc,
                precision: slice.at.precision,
                recall: slice.at.recall,
                false_alarms: slice.at.false_alarms,
            })
            .collect(),
        contexts: evaluation
            .contexts
            .iter()
            .map(|row| ContextJson { context: row.context.id(), records: row.records, flagged: row.flagged })
            .collect(),
        patterns: evaluation
            .patterns
            .iter()
            .map(|row| PatternJson {
                id: row.id.id(),
                records: row.records,
                precision: row.at.precision,
                recall: row.at.recall,
                f1: row.at.f1,
            })
            .collect(),
    };
    // Strings and numbers always serialise; NaN becomes null.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
