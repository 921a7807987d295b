//! An evaluation as a table for the terminal, as Markdown for a model card, and as JSON.

use std::borrow::Cow;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use crate::evaluation::metrics::AtThreshold;
use crate::evaluation::{
    Comparison, Disguised, Evaluation, EvidenceRows, Faithfulness, IndicatorRow, Interval, Judged, Parity, PointRow,
};

/// What an evaluation was of.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    let mut table = Columns::new(markdown, &["figure", "value", "95 % interval"]);
    for (name, figure) in [
        ("PR-AUC", evaluation.pr_auc),
        ("ROC-AUC", evaluation.roc_auc),
        ("recall at 1 % false alarms", evaluation.recall_at_1_percent),
        ("recall at 0.1 % false alarms", evaluation.recall_at_1_permille),
        ("precision of the top 100", evaluation.precision_of_top_100),
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

    let mut table = Columns::new(markdown, &["operating point", "line", "precision", "recall", "F1", "false alarms"]);
    for row in &evaluation.points {
        let AtThreshold { precision, recall, f1, false_alarms } = row.at;
        let [line, precision, recall, f1, false_alarms] =
            [f64::from(row.threshold), precision, recall, f1, false_alarms].map(three);
        table.row(&[row.name.clone(), line, precision, recall, f1, false_alarms]);
    }
    out += &table.finish();
    out.push('\n');

    let mut table =
        Columns::new(markdown, &["slice (worst first)", "records", "suspect", "PR-AUC", "precision", "recall", "false alarms"]);
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

    let mut table = Columns::new(markdown, &["not suspect, by context", "records", "called suspect"]);
    for row in &evaluation.contexts {
        table.row(&[row.context.id().to_owned(), row.records.to_string(), row.flagged.to_string()]);
    }
    out += &table.finish();
    out.push('\n');

    let mut table = Columns::new(markdown, &["pattern (worst first)", "records", "precision", "recall", "F1"]);
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
    out += &robustness_text(evaluation, markdown);
    out += &evaluation.evidence.as_ref().map_or_else(String::new, |evidence| evidence_text(evidence, markdown));
    out
}

fn evidence_text(evidence: &EvidenceRows, markdown: bool) -> String {
    let mut out = "\n".to_owned();
    let head =
        ["indicator (rules' worst precision first)", "records", "rules: precision", "recall", "model: precision", "recall"];
    let mut table = Columns::new(markdown, &head);
    for IndicatorRow { id, records, rules, model } in &evidence.indicators {
        let [precision, recall, by_model, model_recall] =
            [rules.precision, rules.recall, model.precision, model.recall].map(three);
        let decisive = if id.card().decisive { "! " } else { "  " };
        table.row(&[format!("{decisive}{}", id.id()), records.to_string(), precision, recall, by_model, model_recall]);
    }
    out += &table.finish();
    let Faithfulness { posts, whole, without_words, without_others } = evidence.faithfulness;
    let [whole, words, others] = [whole, without_words, without_others].map(three);
    let _ = writeln!(
        out,
        "{posts} posts called suspect: mean p_suspect {whole}; {words} without the words that moved the model, {others} without as many others."
    );
    out
}

fn robustness_text(evaluation: &Evaluation, markdown: bool) -> String {
    let mut out = String::new();
    let Parity { groups, flipped } = evaluation.parity;
    let _ = writeln!(out, "\nThe same post for other addressees: {flipped} of {groups} groups judged unlike.");
    if evaluation.disguised.is_empty() {
        return out;
    }
    out.push('\n');
    let mut table = Columns::new(markdown, &["disguise (worst first)", "suspects", "recall before", "after", "lost"]);
    for row in &evaluation.disguised {
        let lost = row.recall_before - row.recall_after;
        table.row(&[
            row.technique.name().to_owned(),
            row.records.to_string(),
            three(row.recall_before),
            three(row.recall_after),
            three(lost),
        ]);
    }
    out += &table.finish();
    let _ = writeln!(out, "Recall lost over all disguises: {}.", three(Disguised::lost_over_all(&evaluation.disguised)));
    out
}

fn three(value: f64) -> String {
    if value.is_finite() { format!("{value:.3}") } else { "–".to_owned() }
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
    recall_at_01_percent_false_alarms: IntervalJson,
    precision_of_top_100: IntervalJson,
    f1: IntervalJson,
    precision: f64,
    recall: f64,
    false_alarms: f64,
    operating_points: Vec<PointJson<'a>>,
    calibration_error: f64,
    brier: f64,
    pattern_macro_f1: f64,
    slices: Vec<SliceJson<'a>>,
    contexts: Vec<ContextJson>,
    patterns: Vec<PatternJson>,
    parity_groups: usize,
    parity_flipped: usize,
    disguised: Vec<DisguisedJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceJson>,
    judged: Vec<JudgedJson<'a>>,
}

/// One record: the answer, and what the model made of it.
#[derive(Serialize, Deserialize)]
struct JudgedJson<'a> {
    id: Cow<'a, str>,
    group: Cow<'a, str>,
    suspect: bool,
    p_suspect: f32,
    called: bool,
}

impl<'a> From<&'a Judged> for JudgedJson<'a> {
    fn from(judged: &'a Judged) -> Self {
        let Judged { id, group, suspect, p_suspect, called } = judged;
        Self { id: id.into(), group: group.into(), suspect: *suspect, p_suspect: *p_suspect, called: *called }
    }
}

impl From<JudgedJson<'_>> for Judged {
    fn from(json: JudgedJson<'_>) -> Self {
        let JudgedJson { id, group, suspect, p_suspect, called } = json;
        Self { id: id.into_owned(), group: group.into_owned(), suspect, p_suspect, called }
    }
}

#[derive(Deserialize)]
struct ComparedJson<'a> {
    schema: String,
    #[serde(flatten)]
    head: EvaluationHead,
    #[serde(borrow)]
    judged: Vec<JudgedJson<'a>>,
}

/// Reads what a comparison needs of an evaluation written by [`evaluation_json`]; says why it is none.
pub fn read_evaluation(text: &str) -> Result<(EvaluationHead, Vec<Judged>), String> {
    let found: ComparedJson<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if found.schema != EVALUATION_SCHEMA {
        return Err(format!("schema {}, expected {EVALUATION_SCHEMA}", found.schema));
    }
    Ok((found.head, found.judged.into_iter().map(Judged::from).collect()))
}

/// The schema of [`evaluation_json`].
const EVALUATION_SCHEMA: &str = "lurescan.eval/1";

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
struct PointJson<'a> {
    name: &'a str,
    threshold: f32,
    precision: f64,
    recall: f64,
    f1: f64,
    false_alarms: f64,
}

impl<'a> From<&'a PointRow> for PointJson<'a> {
    fn from(PointRow { name, threshold, at }: &'a PointRow) -> Self {
        let AtThreshold { precision, recall, f1, false_alarms } = *at;
        Self { name, threshold: *threshold, precision, recall, f1, false_alarms }
    }
}

#[derive(Serialize)]
struct EvidenceJson {
    indicators: Vec<IndicatorJson>,
    posts: usize,
    p_suspect: f64,
    p_suspect_without_words: f64,
    p_suspect_without_others: f64,
}

#[derive(Serialize)]
struct IndicatorJson {
    id: &'static str,
    records: usize,
    rules_precision: f64,
    rules_recall: f64,
    model_precision: f64,
    model_recall: f64,
}

impl From<&EvidenceRows> for EvidenceJson {
    fn from(EvidenceRows { indicators, faithfulness }: &EvidenceRows) -> Self {
        let Faithfulness { posts, whole, without_words, without_others } = *faithfulness;
        let row = |row: &IndicatorRow| IndicatorJson {
            id: row.id.id(),
            records: row.records,
            rules_precision: row.rules.precision,
            rules_recall: row.rules.recall,
            model_precision: row.model.precision,
            model_recall: row.model.recall,
        };
        Self {
            indicators: indicators.iter().map(row).collect(),
            posts,
            p_suspect: whole,
            p_suspect_without_words: without_words,
            p_suspect_without_others: without_others,
        }
    }
}

#[derive(Serialize)]
struct ContextJson {
    context: &'static str,
    records: usize,
    flagged: usize,
}

#[derive(Serialize)]
struct DisguisedJson {
    technique: &'static str,
    records: usize,
    recall_before: f64,
    recall_after: f64,
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
        schema: EVALUATION_SCHEMA,
        version: env!("CARGO_PKG_VERSION"),
        head,
        records: evaluation.records,
        groups: evaluation.groups,
        suspects: evaluation.suspects,
        not_assessed: evaluation.not_assessed,
        pr_auc: evaluation.pr_auc.into(),
        roc_auc: evaluation.roc_auc.into(),
        recall_at_1_percent_false_alarms: evaluation.recall_at_1_percent.into(),
        recall_at_01_percent_false_alarms: evaluation.recall_at_1_permille.into(),
        precision_of_top_100: evaluation.precision_of_top_100.into(),
        f1: evaluation.f1.into(),
        precision: evaluation.at.precision,
        recall: evaluation.at.recall,
        false_alarms: evaluation.at.false_alarms,
        operating_points: evaluation.points.iter().map(PointJson::from).collect(),
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
        parity_groups: evaluation.parity.groups,
        parity_flipped: evaluation.parity.flipped,
        disguised: evaluation
            .disguised
            .iter()
            .map(|row| DisguisedJson {
                technique: row.technique.name(),
                records: row.records,
                recall_before: row.recall_before,
                recall_after: row.recall_after,
            })
            .collect(),
        evidence: evaluation.evidence.as_ref().map(EvidenceJson::from),
        judged: evaluation.judged.iter().map(JudgedJson::from).collect(),
    };
    // Strings and numbers always serialise; NaN becomes null.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// A comparison for people. `markdown` makes a table of it.
#[must_use]
pub fn comparison_text(before: &EvaluationHead, after: &EvaluationHead, comparison: &Comparison, markdown: bool) -> String {
    let mut out = String::new();
    let name = |head: &EvaluationHead| format!("{} ({})", head.model, head.operating_point);
    let _ = writeln!(
        out,
        "{} against {} on {} ({}): {} records in {} groups\n",
        name(after),
        name(before),
        before.data.join(" "),
        before.split,
        comparison.records,
        comparison.groups
    );
    let mut table = Columns::new(markdown, &["figure", "before", "after", "difference", "95 % interval", "p"]);
    for change in &comparison.changes {
        let Interval { value, low, high } = change.difference;
        let p = if change.p < 0.01 { "< 0.01".to_owned() } else { format!("{:.2}", change.p) };
        let interval = format!("{} – {}", signed(low), signed(high));
        table.row(&[change.figure.to_owned(), three(change.before), three(change.after), signed(value), interval, p]);
    }
    out += &table.finish();
    let _ = writeln!(
        out,
        "Called rightly by the first alone: {}; by the second alone: {}; exact McNemar test p = {:.3}.\n\
         Intervals and p are of a paired bootstrap over groups; six figures are compared, so one p under 0.05 is no proof.",
        comparison.only_before, comparison.only_after, comparison.mcnemar_p
    );
    out
}

fn signed(value: f64) -> String {
    if value.is_finite() { format!("{value:+.3}") } else { "–".to_owned() }
}
