//! An evaluation for programs, schema `lurescan.eval/1`, and what a comparison reads of it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::evaluation::EvaluationHead;
use crate::evaluation::metrics::AtThreshold;
use crate::evaluation::{
    ContextRow, Disguised, Evaluation, EvidenceRows, Faithfulness, IndicatorRow, Interval, Judged, PatternRow, PlaceRow,
    PointRow, Slice,
};

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
    places: Vec<PlaceJson>,
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

impl<'a> From<&'a Slice> for SliceJson<'a> {
    fn from(Slice { name, records, suspects, pr_auc, at }: &'a Slice) -> Self {
        let AtThreshold { precision, recall, false_alarms, .. } = *at;
        Self { name, records: *records, suspects: *suspects, pr_auc: *pr_auc, precision, recall, false_alarms }
    }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    words_shown: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words_right: Option<usize>,
}

#[derive(Serialize)]
struct IndicatorJson {
    id: &'static str,
    records: usize,
    rules_sightings: usize,
    rules_precision: f64,
    rules_recall: f64,
    model_precision: f64,
    model_recall: f64,
}

impl From<&EvidenceRows> for EvidenceJson {
    fn from(EvidenceRows { indicators, faithfulness, pointing }: &EvidenceRows) -> Self {
        let Faithfulness { posts, whole, without_words, without_others } = *faithfulness;
        let row = |row: &IndicatorRow| IndicatorJson {
            id: row.id.id(),
            records: row.records,
            rules_sightings: row.sightings,
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
            words_shown: pointing.map(|pointing| pointing.shown),
            words_right: pointing.map(|pointing| pointing.right),
        }
    }
}

#[derive(Serialize)]
struct ContextJson {
    context: &'static str,
    records: usize,
    flagged: usize,
}

impl From<&ContextRow> for ContextJson {
    fn from(&ContextRow { context, records, flagged }: &ContextRow) -> Self {
        Self { context: context.id(), records, flagged }
    }
}

#[derive(Serialize)]
struct DisguisedJson {
    technique: &'static str,
    records: usize,
    recall_before: f64,
    recall_after: f64,
}

impl From<&Disguised> for DisguisedJson {
    fn from(&Disguised { technique, records, recall_before, recall_after }: &Disguised) -> Self {
        Self { technique: technique.name(), records, recall_before, recall_after }
    }
}

#[derive(Serialize)]
struct PatternJson {
    id: &'static str,
    records: usize,
    precision: f64,
    recall: f64,
    f1: f64,
}

impl From<&PatternRow> for PatternJson {
    fn from(&PatternRow { id, records, at }: &PatternRow) -> Self {
        let AtThreshold { precision, recall, f1, .. } = at;
        Self { id: id.id(), records, precision, recall, f1 }
    }
}

#[derive(Serialize)]
struct PlaceJson {
    part: &'static str,
    labelled: usize,
    precision: IntervalJson,
    recall: IntervalJson,
    named: usize,
    recall_of_named: IntervalJson,
}

impl From<&PlaceRow> for PlaceJson {
    fn from(row: &PlaceRow) -> Self {
        let PlaceRow { part, labelled, precision, recall, named, recall_of_named } = row;
        Self {
            part,
            labelled: *labelled,
            precision: (*precision).into(),
            recall: (*recall).into(),
            named: *named,
            recall_of_named: (*recall_of_named).into(),
        }
    }
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
        slices: evaluation.slices.iter().map(SliceJson::from).collect(),
        contexts: evaluation.contexts.iter().map(ContextJson::from).collect(),
        patterns: evaluation.patterns.iter().map(PatternJson::from).collect(),
        places: evaluation.places.iter().map(PlaceJson::from).collect(),
        parity_groups: evaluation.parity.groups,
        parity_flipped: evaluation.parity.flipped,
        disguised: evaluation.disguised.iter().map(DisguisedJson::from).collect(),
        evidence: evaluation.evidence.as_ref().map(EvidenceJson::from),
        judged: evaluation.judged.iter().map(JudgedJson::from).collect(),
    };
    // Strings and numbers always serialise; NaN becomes null.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}
