//! Suspects judged once more: in disguise, and without the words that are said to matter.

use anyhow::Result;
use fastrand::Rng;

use super::super::args::LogFormat;
use super::super::terminal::say;
use super::{SEED, assess};
use crate::evaluation::{Disguised, Faithfulness, others};
use crate::evasion::Technique;
use crate::evidence::{Span, cut};
use crate::finding::Finding;
use crate::labelled::Record;
use crate::scan::Assessor;
use crate::verdict::Label;

/// Suspects, each with whether it was called so undisguised, in every disguise; what loses most first.
pub(super) fn disguised(assessor: &Assessor, suspects: &[(&Record, bool)], log: LogFormat) -> Result<Vec<Disguised>> {
    let mut rows = Vec::new();
    for technique in Technique::ALL {
        say(log, &format!("judging {} suspects in disguise: {}", suspects.len(), technique.name()));
        let (changed, before): (Vec<Record>, Vec<bool>) =
            suspects.iter().filter_map(|(record, called)| Some((technique.derive(record, SEED)?, *called))).unzip();
        if changed.is_empty() {
            continue;
        }
        let after = assess(assessor, &changed)?;
        let called = before.into_iter().zip(after.iter().map(|finding| finding.verdict.label == Label::Suspect));
        rows.push(Disguised::of(technique, &called.collect::<Vec<_>>()));
    }
    rows.sort_by(|a, b| (b.recall_before - b.recall_after).total_cmp(&(a.recall_before - a.recall_after)));
    Ok(rows)
}

/// Posts called suspect, without the words that moved the model and without as many others.
pub(super) fn without_words(assessor: &Assessor, records: &[Record], findings: &[Finding]) -> Result<Faithfulness> {
    let mut rng = Rng::with_seed(SEED);
    let (mut whole, mut without_words, mut without_others) = (Vec::new(), Vec::new(), Vec::new());
    for (record, finding) in records.iter().zip(findings) {
        let words: Vec<Span> = finding.attribution.words.iter().map(|weighed| weighed.span).collect();
        let Some(others) = others(&record.text, &words, &mut rng).filter(|_| !words.is_empty()) else { continue };
        let without = |spans: &[Span]| Record { text: cut(&record.text, spans), ..record.clone() };
        whole.push(p_suspect(finding));
        without_words.push(without(&words));
        without_others.push(without(&others));
    }
    let (words, others) = (assess(assessor, &without_words)?, assess(assessor, &without_others)?);
    let judged =
        whole.iter().zip(&words).zip(&others).map(|((whole, words), others)| [*whole, p_suspect(words), p_suspect(others)]);
    Ok(Faithfulness::of(&judged.collect::<Vec<_>>()))
}

/// 0 where nothing is left to judge.
fn p_suspect(finding: &Finding) -> f32 {
    finding.verdict.scores.as_ref().map_or(0.0, |scores| scores.p_suspect)
}
