//! Evidence against the answers: which indicators are seen where they are, and whether the words shown are those that matter.

use std::collections::BTreeMap;

use fastrand::Rng;
use unicode_segmentation::UnicodeSegmentation;

use super::metrics::{AtThreshold, of_calls};
use crate::evidence::Span;
use crate::finding::Finding;
use crate::labelled::{Mark, Record};
use crate::typology::IndicatorId;

/// Figures of the evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct EvidenceRows {
    /// By indicator; the worst precision of the rules first.
    pub indicators: Vec<IndicatorRow>,
    /// What taking words away does.
    pub faithfulness: Faithfulness,
    /// Against words that readers marked, where they are given.
    pub pointing: Option<Pointing>,
}

impl EvidenceRows {
    /// Mean F1, by the rules and by the model, over the indicators that any record carries.
    #[must_use]
    pub fn mean_f1(&self) -> [f64; 2] {
        let carried: Vec<&IndicatorRow> = self.indicators.iter().filter(|row| row.records > 0).collect();
        let mean =
            |of: fn(&IndicatorRow) -> AtThreshold| carried.iter().map(|row| of(row).f1).sum::<f64>() / carried.len() as f64;
        [mean(|row| row.rules), mean(|row| row.model)]
    }
}

/// One indicator on records whose set names indicators.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorRow {
    /// Which.
    pub id: IndicatorId,
    /// Records that carry it.
    pub records: usize,
    /// Records in which the rules see it; without any their precision is not known.
    pub sightings: usize,
    /// Those the rules point at.
    pub rules: AtThreshold,
    /// Those the model sees it in.
    pub model: AtThreshold,
}

/// Suspects judged again without the words that moved the model, and without as many other words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Faithfulness {
    /// Posts called suspect that have words to take away and others besides.
    pub posts: usize,
    /// Their mean `p_suspect` as written.
    pub whole: f64,
    /// Without the words shown.
    pub without_words: f64,
    /// Without other words of the same length.
    pub without_others: f64,
}

impl Faithfulness {
    /// Means over posts, each judged as written, without its words and without others.
    #[must_use]
    pub fn of(judged: &[[f32; 3]]) -> Self {
        let mean = |at: usize| judged.iter().map(|p| f64::from(p[at])).sum::<f64>() / judged.len() as f64;
        Self { posts: judged.len(), whole: mean(0), without_words: mean(1), without_others: mean(2) }
    }
}

/// Words shown for an indicator by the model against those a reader marked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pointing {
    /// Indicators that the model shows words for in posts it calls suspect and that a reader marked there too.
    pub shown: usize,
    /// Those whose words share a character with the reader's.
    pub right: usize,
}

impl Pointing {
    /// Counts over records whose marks are known.
    #[must_use]
    pub fn of(records: &[Record], findings: &[Finding], marks: &BTreeMap<String, Vec<Mark>>) -> Self {
        let mut counted = Self::default();
        for (record, finding) in records.iter().zip(findings) {
            let Some(own) = marks.get(&record.id) else { continue };
            for (id, span) in &finding.attribution.indicators {
                let mut marked =
                    own.iter().filter(|mark| mark.indicator == *id && !mark.bytes(&record.text).is_empty()).peekable();
                if marked.peek().is_none() {
                    continue;
                }
                counted.shown += 1;
                let touches = |mark: &Mark| {
                    let bytes = mark.bytes(&record.text);
                    span.overlaps(Span { start: bytes.start, end: bytes.end })
                };
                counted.right += usize::from(marked.any(touches));
            }
        }
        counted
    }
}

/// What rules and model see of each indicator that any record carries or anyone sees.
#[must_use]
pub fn indicators(records: &[Record], findings: &[Finding]) -> Vec<IndicatorRow> {
    let named: Vec<(&Finding, &[IndicatorId])> = records
        .iter()
        .zip(findings)
        .filter_map(|(record, finding)| Some((finding, record.label.indicators.as_deref()?)))
        .collect();
    let row = |id: IndicatorId| {
        let against =
            |sees: &dyn Fn(&Finding) -> bool| of_calls(named.iter().map(|(finding, own)| (sees(finding), own.contains(&id))));
        let by_model = |finding: &Finding| {
            finding.verdict.scores.as_ref().is_some_and(|scores| scores.indicators.iter().any(|(own, _)| *own == id))
        };
        let by_rules = |finding: &Finding| finding.evidence.iter().any(|evidence| evidence.indicator == id);
        IndicatorRow {
            id,
            records: named.iter().filter(|(_, own)| own.contains(&id)).count(),
            sightings: named.iter().filter(|(finding, _)| by_rules(finding)).count(),
            rules: against(&by_rules),
            model: against(&by_model),
        }
    };
    let mut rows: Vec<IndicatorRow> = IndicatorId::all().map(row).filter(|row| row.records + row.sightings > 0).collect();
    rows.sort_by(|a, b| a.rules.precision.total_cmp(&b.rules.precision).then(a.id.cmp(&b.id)));
    rows
}

/// As many spans elsewhere in the text, each of whole words and at least as long as its model; none where there is no room.
pub fn others(text: &str, spans: &[Span], rng: &mut Rng) -> Option<Vec<Span>> {
    let edges: Vec<usize> = text.split_word_bound_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut taken = spans.to_vec();
    for span in spans {
        let length = span.end - span.start;
        let window = |&start: &usize| {
            let end = edges[edges.partition_point(|edge| *edge < start + length)..].first()?;
            Some(Span { start, end: *end })
        };
        let free = |window: &Span| !taken.iter().any(|own| own.overlaps(*window));
        let windows: Vec<Span> =
            edges.iter().filter_map(window).filter(|window| window.start < window.end && free(window)).collect();
        taken.push(*windows.get(rng.usize(..windows.len().max(1)))?);
    }
    Some(taken.split_off(spans.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::cut;

    #[test]
    fn other_words_are_as_long_and_stand_elsewhere() {
        let text = "aaaa ббббб cccccc dddd eeeee";
        let own = [Span { start: 5, end: 15 }];
        let mut rng = Rng::with_seed(1);
        for _ in 0..50 {
            let found = others(text, &own, &mut rng).unwrap();
            assert!(found[0].end - found[0].start >= 10 && found[0].start >= 15, "{found:?}");
        }
        assert_eq!(others("short", &[Span { start: 0, end: 4 }], &mut rng), None);
        assert_eq!(cut(text, &own), "aaaa   cccccc dddd eeeee");
    }
}
