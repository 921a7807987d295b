//! An evaluation, and a comparison of two, as a table for the terminal or as Markdown for a model card.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use crate::evaluation::metrics::AtThreshold;
use crate::evaluation::{
    Comparison, ContextRow, Disguised, Evaluation, EvidenceRows, Faithfulness, IndicatorRow, Interval, Parity, PatternRow,
    PlaceRow, PointRow, Pointing, Slice,
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
    out += &figures_text(evaluation, markdown);
    let _ = writeln!(out, "F1, precision, recall and false alarms at the operating point `{}`.\n", head.operating_point);
    out += &points_text(&evaluation.points, markdown);
    out.push('\n');
    out += &slices_text(&evaluation.slices, markdown);
    out.push('\n');
    out += &contexts_text(&evaluation.contexts, markdown);
    out.push('\n');
    out += &patterns_text(&evaluation.patterns, markdown);
    out += &places_text(&evaluation.places, markdown);
    out += &robustness_text(evaluation, markdown);
    out += &evaluation.evidence.as_ref().map_or_else(String::new, |evidence| evidence_text(evidence, markdown));
    out
}

fn figures_text(evaluation: &Evaluation, markdown: bool) -> String {
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
    table.finish()
}

fn points_text(rows: &[PointRow], markdown: bool) -> String {
    let mut table = Columns::new(markdown, &["operating point", "line", "precision", "recall", "F1", "false alarms"]);
    for row in rows {
        let AtThreshold { precision, recall, f1, false_alarms } = row.at;
        let [line, precision, recall, f1, false_alarms] =
            [f64::from(row.threshold), precision, recall, f1, false_alarms].map(three);
        table.row(&[row.name.clone(), line, precision, recall, f1, false_alarms]);
    }
    table.finish()
}

fn slices_text(rows: &[Slice], markdown: bool) -> String {
    let mut table =
        Columns::new(markdown, &["slice (worst first)", "records", "suspect", "PR-AUC", "precision", "recall", "false alarms"]);
    for slice in rows {
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
    table.finish()
}

fn contexts_text(rows: &[ContextRow], markdown: bool) -> String {
    let mut table = Columns::new(markdown, &["not suspect, by context", "records", "called suspect"]);
    for row in rows {
        table.row(&[row.context.id().to_owned(), row.records.to_string(), row.flagged.to_string()]);
    }
    table.finish()
}

fn patterns_text(rows: &[PatternRow], markdown: bool) -> String {
    let mut table = Columns::new(markdown, &["pattern (worst first)", "records", "precision", "recall", "F1"]);
    for row in rows {
        table.row(&[
            row.id.id().to_owned(),
            row.records.to_string(),
            three(row.at.precision),
            three(row.at.recall),
            three(row.at.f1),
        ]);
    }
    table.finish()
}

fn places_text(rows: &[PlaceRow], markdown: bool) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let head = [
        "countries by part",
        "labelled",
        "precision",
        "95 % interval",
        "recall",
        "95 % interval",
        "seen in the text",
        "recall of these",
    ];
    let mut table = Columns::new(markdown, &head);
    for row in rows {
        let interval = |Interval { low, high, .. }: Interval| format!("{} – {}", three(low), three(high));
        table.row(&[
            row.part.to_owned(),
            row.labelled.to_string(),
            three(row.precision.value),
            interval(row.precision),
            three(row.recall.value),
            interval(row.recall),
            row.named.to_string(),
            three(row.recall_of_named.value),
        ]);
    }
    format!("\n{}", table.finish())
}

fn evidence_text(evidence: &EvidenceRows, markdown: bool) -> String {
    let mut out = "\n".to_owned();
    let head = [
        "indicator (rules' worst precision first)",
        "records",
        "sightings",
        "rules: precision",
        "recall",
        "model: precision",
        "recall",
    ];
    let mut table = Columns::new(markdown, &head);
    for IndicatorRow { id, records, sightings, rules, model } in &evidence.indicators {
        // Nothing seen is no precision.
        let rules_precision = if *sightings > 0 { rules.precision } else { f64::NAN };
        let [precision, recall, by_model, model_recall] =
            [rules_precision, rules.recall, model.precision, model.recall].map(three);
        let decisive = if id.card().decisive { "! " } else { "  " };
        table.row(&[
            format!("{decisive}{}", id.id()),
            records.to_string(),
            sightings.to_string(),
            precision,
            recall,
            by_model,
            model_recall,
        ]);
    }
    out += &table.finish();
    let [rules, model] = evidence.mean_f1().map(three);
    let _ = writeln!(out, "Mean F1 of the indicators that records carry: {rules} by the rules, {model} by the model.");
    let Faithfulness { posts, whole, without_words, without_others } = evidence.faithfulness;
    let [whole, words, others] = [whole, without_words, without_others].map(three);
    let _ = writeln!(
        out,
        "{posts} posts called suspect: mean p_suspect {whole}; {words} without the words that moved the model, {others} without as many others."
    );
    if let Some(Pointing { shown, right }) = evidence.pointing {
        let share = three(right as f64 / shown as f64);
        let _ = writeln!(
            out,
            "{shown} indicators of these posts are marked by a reader and shown by the model: the words are the reader's in {share}."
        );
    }
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

pub(super) fn three(value: f64) -> String {
    if value.is_finite() { format!("{value:.3}") } else { "–".to_owned() }
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
