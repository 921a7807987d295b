//! Labelled records and what a model says of them → figures, with intervals, the worst slices first.

mod comparison;
mod evidence;
mod folds;
mod interval;
pub mod metrics;
mod places;
mod robustness;

pub use comparison::{Change, Comparison, compare};
pub use evidence::{EvidenceRows, Faithfulness, IndicatorRow, Pointing, indicators, others};
pub use folds::{Fold, FoldFigures};
pub use interval::Interval;
pub use places::PlaceRow;
pub use robustness::{Disguised, Parity};

use std::collections::BTreeMap;

use metrics::{
    AtThreshold, Called, Scored, brier, calibration_error, of_calls, pr_auc, precision_of_top, recall_at_false_alarms, roc_auc,
};

use crate::finding::Finding;
use crate::labelled::Record;
use crate::typology::{Context, PatternId};
use crate::verdict::Label;

/// One record: the answer, and what the model made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The record's id.
    pub id: String,
    /// Its group; records of one group are drawn together.
    pub group: String,
    /// Whether it is suspect.
    pub suspect: bool,
    /// What the model gives it; 0 where the model did not assess it.
    pub p_suspect: f32,
    /// Whether it was called suspect at the operating point.
    pub called: bool,
}

impl Judged {
    /// The score with the answer.
    pub(crate) fn scored(&self) -> Scored {
        (self.p_suspect, self.suspect)
    }

    /// The call with the answer. The label counts, not the bare score: the context rule may have silenced a post.
    pub(crate) fn called(&self) -> Called {
        (self.called, self.suspect)
    }
}

/// Figures over one slice of the records.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Which slice, as `language ru`.
    pub name: String,
    /// Records in it.
    pub records: usize,
    /// Suspects among them.
    pub suspects: usize,
    /// Average precision.
    pub pr_auc: f64,
    /// At the operating point.
    pub at: AtThreshold,
}

/// One operating point of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct PointRow {
    /// Its name.
    pub name: String,
    /// Where the line is drawn.
    pub threshold: f32,
    /// What it flags.
    pub at: AtThreshold,
}

/// How often posts that can never be suspect were called so.
#[derive(Debug, Clone, PartialEq)]
pub struct ContextRow {
    /// Which context; offers are those not suspect.
    pub context: Context,
    /// Records that are not suspect.
    pub records: usize,
    /// Of these, called suspect.
    pub flagged: usize,
}

/// One pattern's figures over all records.
#[derive(Debug, Clone, PartialEq)]
pub struct PatternRow {
    /// Which pattern.
    pub id: PatternId,
    /// Suspects that carry it.
    pub records: usize,
    /// Precision, recall and F1 of naming it.
    pub at: AtThreshold,
}

/// All figures of one model on one set of records.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Records judged; those the model did not assess count as clear.
    pub records: usize,
    /// Suspects among them.
    pub suspects: usize,
    /// Groups that intervals resample.
    pub groups: usize,
    /// Records the model did not assess.
    pub not_assessed: usize,
    /// Average precision.
    pub pr_auc: Interval,
    /// Area under the ROC curve.
    pub roc_auc: Interval,
    /// Recall where 1 % of the rest is flagged.
    pub recall_at_1_percent: Interval,
    /// Recall where 0.1 % of the rest is flagged.
    pub recall_at_1_permille: Interval,
    /// Of the hundred highest scores, the share that is suspect.
    pub precision_of_top_100: Interval,
    /// F1 at the operating point.
    pub f1: Interval,
    /// Precision, recall and false alarms at the operating point.
    pub at: AtThreshold,
    /// At each operating point the model has, the lowest line first.
    pub points: Vec<PointRow>,
    /// Expected calibration error of `p_suspect`, ten bins.
    pub calibration_error: f64,
    /// Mean squared error of `p_suspect`.
    pub brier: f64,
    /// Mean F1 over patterns that at least five suspects carry.
    pub pattern_macro_f1: f64,
    /// By language, channel and length; worst first within each.
    pub slices: Vec<Slice>,
    /// Which negatives were flagged.
    pub contexts: Vec<ContextRow>,
    /// By pattern, worst first.
    pub patterns: Vec<PatternRow>,
    /// Countries found, by the part they play.
    pub places: Vec<PlaceRow>,
    /// The same post for other addressees.
    pub parity: Parity,
    /// Suspects in disguise, the technique that loses most first; empty unless they were judged too.
    pub disguised: Vec<Disguised>,
    /// What the rules and the model see of the indicators, and whether the words shown matter; none unless it was asked for.
    pub evidence: Option<EvidenceRows>,
    /// Record by record, for comparisons.
    pub judged: Vec<Judged>,
}

/// Slices smaller than this say nothing.
const LEAST: usize = 10;

/// Suspects that must carry a pattern for its F1 to enter the mean.
const LEAST_PATTERN: usize = 5;

/// Compares findings with the answers, record by record in the same order. `points` are the model's operating points.
///
/// # Panics
/// If there are not as many findings as records.
#[must_use]
pub fn evaluate(records: &[Record], findings: &[Finding], points: &[(String, f32)], seed: u64) -> Evaluation {
    assert_eq!(records.len(), findings.len(), "a finding for every record");
    let judged: Vec<Judged> = records.iter().zip(findings).map(|(record, finding)| judged(record, finding)).collect();
    let pairs: Vec<Scored> = judged.iter().map(Judged::scored).collect();
    let called: Vec<Called> = judged.iter().map(Judged::called).collect();
    let groups = groups(&judged);
    let bootstrap = |figure: &dyn Fn(&[Scored]) -> f64| {
        Interval::bootstrap(&groups, seed, |at| figure(&at.iter().map(|&at| pairs[at]).collect::<Vec<_>>()))
    };
    let patterns = patterns(records, findings);
    let heard: Vec<f64> = patterns.iter().filter(|row| row.records >= LEAST_PATTERN).map(|row| row.at.f1).collect();
    Evaluation {
        records: records.len(),
        suspects: records.iter().filter(|record| record.label.suspect).count(),
        groups: groups.len(),
        not_assessed: findings.iter().filter(|finding| finding.verdict.label == Label::NotAssessed).count(),
        pr_auc: bootstrap(&pr_auc),
        roc_auc: bootstrap(&roc_auc),
        recall_at_1_percent: bootstrap(&|pairs| recall_at_false_alarms(pairs, 0.01)),
        recall_at_1_permille: bootstrap(&|pairs| recall_at_false_alarms(pairs, 0.001)),
        precision_of_top_100: bootstrap(&|pairs| precision_of_top(pairs, 100)),
        f1: Interval::bootstrap(&groups, seed, |at| of_calls(at.iter().map(|&at| called[at])).f1),
        at: of_calls(called.iter().copied()),
        points: points_at(records, findings, points),
        calibration_error: calibration_error(&pairs),
        brier: brier(&pairs),
        pattern_macro_f1: heard.iter().sum::<f64>() / heard.len() as f64,
        slices: slices(records, &pairs, &called),
        contexts: contexts(records, findings),
        patterns,
        places: places::places(records, findings, &groups, seed),
        parity: robustness::parity(records, &judged, &groups),
        disguised: Vec::new(),
        evidence: None,
        judged,
    }
}

fn judged(record: &Record, finding: &Finding) -> Judged {
    Judged {
        id: record.id.clone(),
        group: record.group.clone(),
        suspect: record.label.suspect,
        p_suspect: finding.verdict.scores.as_ref().map_or(0.0, |scores| scores.p_suspect),
        called: finding.verdict.label == Label::Suspect,
    }
}

fn points_at(records: &[Record], findings: &[Finding], points: &[(String, f32)]) -> Vec<PointRow> {
    let flagged = |finding: &Finding, line: f32| {
        finding.verdict.scores.as_ref().is_some_and(|scores| scores.offer && scores.p_suspect >= line)
    };
    let row = |(name, line): &(String, f32)| {
        let called = records.iter().zip(findings).map(|(record, finding)| (flagged(finding, *line), record.label.suspect));
        PointRow { name: name.clone(), threshold: *line, at: of_calls(called) }
    };
    let mut rows: Vec<PointRow> = points.iter().map(row).collect();
    rows.sort_by(|a, b| a.threshold.total_cmp(&b.threshold).then(a.name.cmp(&b.name)));
    rows
}

/// Positions of the records of each group, by the group's name.
fn groups(judged: &[Judged]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, record) in judged.iter().enumerate() {
        groups.entry(&record.group).or_default().push(at);
    }
    groups.into_values().collect()
}

fn slices(records: &[Record], pairs: &[Scored], called: &[Called]) -> Vec<Slice> {
    let mut members: BTreeMap<(&str, String), Vec<usize>> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        members.entry(("language", record.lang.clone())).or_default().push(at);
        members.entry(("channel", record.channel.clone())).or_default().push(at);
        members.entry(("length", length_band(&record.text).to_owned())).or_default().push(at);
    }
    let mut slices: Vec<((&str, String), Slice)> = members
        .into_iter()
        .filter(|(_, at)| at.len() >= LEAST)
        .map(|((kind, name), at)| {
            let own: Vec<Scored> = at.iter().map(|&at| pairs[at]).collect();
            let slice = Slice {
                name: format!("{kind} {name}"),
                records: at.len(),
                suspects: own.iter().filter(|(_, positive)| *positive).count(),
                pr_auc: pr_auc(&own),
                at: of_calls(at.iter().map(|&at| called[at])),
            };
            ((kind, name), slice)
        })
        .collect();
    slices.sort_by(|(a, x), (b, y)| a.0.cmp(b.0).then(worst_first(x.pr_auc, y.pr_auc)).then(a.1.cmp(&b.1)));
    slices.into_iter().map(|(_, slice)| slice).collect()
}

/// Ascending, what cannot be computed last.
fn worst_first(a: f64, b: f64) -> std::cmp::Ordering {
    a.is_nan().cmp(&b.is_nan()).then(a.total_cmp(&b))
}

fn length_band(text: &str) -> &'static str {
    match text.chars().count() {
        0..80 => "under 80 characters",
        80..250 => "80 to 249 characters",
        250..600 => "250 to 599 characters",
        _ => "600 characters and more",
    }
}

fn contexts(records: &[Record], findings: &[Finding]) -> Vec<ContextRow> {
    let row = |context| {
        let own =
            || records.iter().zip(findings).filter(move |(record, _)| record.label.context == context && !record.label.suspect);
        ContextRow {
            context,
            records: own().count(),
            flagged: own().filter(|(_, finding)| finding.verdict.label == Label::Suspect).count(),
        }
    };
    Context::ALL.into_iter().map(row).filter(|row| row.records > 0).collect()
}

fn patterns(records: &[Record], findings: &[Finding]) -> Vec<PatternRow> {
    let named = |finding: &Finding, id| {
        finding.verdict.scores.as_ref().is_some_and(|scores| scores.patterns.iter().any(|(known, _)| *known == id))
    };
    let mut rows: Vec<PatternRow> = PatternId::all()
        .map(|id| {
            let carries = |record: &&Record| record.label.patterns.contains(&id);
            let calls = records.iter().zip(findings).map(|(record, finding)| (named(finding, id), carries(&record)));
            PatternRow { id, records: records.iter().filter(carries).count(), at: of_calls(calls) }
        })
        .filter(|row| row.records > 0)
        .collect();
    rows.sort_by(|a, b| a.at.f1.total_cmp(&b.at.f1).then(a.id.cmp(&b.id)));
    rows
}
