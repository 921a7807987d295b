//! An evaluation as the `model-index` block of a model card's front matter, as model hubs read it.

use std::fmt::Write;

use super::evaluation::EvaluationHead;
use crate::evaluation::Evaluation;

/// The block as YAML, without the lines of dashes around a card's front matter. Figures that cannot be computed are left out.
#[must_use]
pub fn model_index(head: &EvaluationHead, evaluation: &Evaluation) -> String {
    let mut out = String::new();
    let EvaluationHead { model, data, data_hash, split, operating_point, .. } = head;
    // A JSON string is a YAML string, whatever stands in it.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let _ = writeln!(
        out,
        "model-index:\n- name: {}\n  results:\n  - task:\n      type: text-classification\n      name: Signals of fraudulent recruitment\n    \
         dataset:\n      type: lurescan-labelled\n      name: {}\n      split: {}\n      revision: {}\n    metrics:",
        quoted(model),
        quoted(&data.join(" ")),
        quoted(split),
        quoted(data_hash),
    );
    for (kind, name, value) in [
        ("average_precision", "PR-AUC of suspect".to_owned(), evaluation.pr_auc.value),
        ("roc_auc", "ROC-AUC of suspect".to_owned(), evaluation.roc_auc.value),
        ("recall", "recall at 1 % false alarms".to_owned(), evaluation.recall_at_1_percent.value),
        ("f1", format!("F1 at {operating_point}"), evaluation.f1.value),
        ("precision", format!("precision at {operating_point}"), evaluation.at.precision),
        ("recall", format!("recall at {operating_point}"), evaluation.at.recall),
        ("expected_calibration_error", "calibration error".to_owned(), evaluation.calibration_error),
        ("brier_score", "Brier score".to_owned(), evaluation.brier),
        ("f1", "pattern macro-F1".to_owned(), evaluation.pattern_macro_f1),
    ] {
        if value.is_finite() {
            let _ = writeln!(out, "    - type: {kind}\n      name: {}\n      value: {value:.4}", quoted(&name));
        }
    }
    out
}
