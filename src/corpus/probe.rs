//! The shortcut probe: how well can a classifier do that sees length, channel, language, punctuation and digits, and no words?
//!
//! Whatever it scores above the base rate, a model can learn without reading. It is fitted on four fifths of the groups and
//! scores the fifth, each in turn.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::logistic::Logistic;
use super::table::Table;
use crate::evaluation::metrics::pr_auc;
use crate::labelled::{Record, groups};

const FOLDS: u8 = 5;
/// A language with fewer of a class is too small for an area under a curve.
const LEAST: usize = 10;
/// Columns shown.
const SHOWN: usize = 16;

/// What the probe scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// One a language with enough of both classes.
    pub languages: Vec<Probed>,
    /// What it leans on, the heaviest first: a name and the log-odds of one spread, or of the channel.
    pub leans: Vec<(String, f64)>,
}

/// What the probe scored in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Probed {
    /// Language tag.
    pub lang: String,
    /// Records.
    pub records: usize,
    /// Share of suspects: what guessing scores.
    pub base: f64,
    /// Area under precision and recall.
    pub pr_auc: f64,
}

impl Probed {
    /// PR-AUC above the base rate.
    #[must_use]
    pub fn excess(&self) -> f64 {
        self.pr_auc - self.base
    }
}

impl Probe {
    /// PR-AUC above the base rate, averaged over records.
    #[must_use]
    pub fn mean_excess(&self) -> f64 {
        self.mean(Probed::excess)
    }

    fn mean(&self, of: impl Fn(&Probed) -> f64) -> f64 {
        let all: usize = self.languages.iter().map(|language| language.records).sum();
        self.languages.iter().map(|language| of(language) * language.records as f64).sum::<f64>() / all.max(1) as f64
    }

    /// PR-AUC above the base rate in the language where it is highest.
    #[must_use]
    pub fn worst_excess(&self) -> f64 {
        self.languages.iter().map(Probed::excess).fold(0.0, f64::max)
    }

    /// Languages in which it is higher than `bound`.
    #[must_use]
    pub fn languages_above(&self, bound: f64) -> usize {
        self.languages.iter().filter(|language| language.excess() > bound).count()
    }

    /// What would have to be evened out.
    pub(super) fn leans(&self) -> Table {
        let note = "Log-odds of suspect for one spread more of a number, or for the channel; evening these out is what lowers the probe.";
        let mut table = Table::new("What the shortcut probe leans on", note, &["column", "log-odds"]);
        for (name, weight) in self.leans.iter().take(SHOWN) {
            table.row(name, [format!("{weight:+.2}")]);
        }
        table
    }

    pub(super) fn table(&self) -> Table {
        let note = "A logistic regression on length, lines, channel, language, digits, emoji and punctuation; \
                    cross-validated over groups. Above the base rate by little is good: what is left must be read.";
        let mut table = Table::new("Shortcut probe", note, &["language", "records", "base rate", "PR-AUC", "above base rate"]);
        let mut row = |name: &str, records: usize, base: f64, pr_auc: f64| {
            table
                .row(name, [records.to_string(), format!("{base:.3}"), format!("{pr_auc:.3}"), format!("{:+.3}", pr_auc - base)]);
        };
        let all: usize = self.languages.iter().map(|language| language.records).sum();
        row("mean over records", all, self.mean(|language| language.base), self.mean(|language| language.pr_auc));
        for language in &self.languages {
            row(&language.lang, language.records, language.base, language.pr_auc);
        }
        table
    }
}

/// Runs the probe.
#[must_use]
pub fn probe(records: &[Record]) -> Probe {
    let numbers: Vec<Vec<(String, f64)>> = records.iter().map(numbers).collect();
    let mut names: Vec<String> = numbers.first().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let mut rows: Vec<Vec<f64>> = numbers.into_iter().map(|row| row.into_iter().map(|(_, value)| value).collect()).collect();
    standardise(&mut rows);
    let languages: BTreeSet<&str> = records.iter().map(|record| record.lang.as_str()).collect();
    let channels: BTreeSet<&str> = records.iter().map(|record| record.channel.as_str()).collect();
    names.extend(channels.iter().map(|channel| format!("channel {channel}")));
    for (row, record) in rows.iter_mut().zip(records) {
        row.extend(channels.iter().map(|channel| f64::from(u8::from(*channel == record.channel))));
        row.extend(languages.iter().map(|language| f64::from(u8::from(*language == record.lang))));
    }
    let folds: Vec<u8> = groups(records).iter().map(|group| Sha256::digest(group.as_bytes())[2] % FOLDS).collect();
    let mut scores = vec![0.0; records.len()];
    for fold in 0..FOLDS {
        let (mut seen, mut answers) = (Vec::new(), Vec::new());
        for ((row, record), _) in rows.iter().zip(records).zip(&folds).filter(|(_, own)| **own != fold) {
            seen.push(row.as_slice());
            answers.push(record.label.suspect);
        }
        let model = Logistic::fit(&seen, &answers);
        for ((score, row), _) in scores.iter_mut().zip(&rows).zip(&folds).filter(|(_, own)| **own == fold) {
            *score = model.p(row);
        }
    }
    let mut by_language: BTreeMap<&str, Vec<(f32, bool)>> = BTreeMap::new();
    for (record, score) in records.iter().zip(scores) {
        by_language.entry(&record.lang).or_default().push((score as f32, record.label.suspect));
    }
    let probed = by_language.into_iter().filter_map(|(lang, pairs)| {
        let suspects = pairs.iter().filter(|(_, suspect)| *suspect).count();
        (suspects >= LEAST && pairs.len() - suspects >= LEAST).then(|| Probed {
            lang: lang.to_owned(),
            records: pairs.len(),
            base: suspects as f64 / pairs.len() as f64,
            pr_auc: pr_auc(&pairs),
        })
    });
    let all: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    let whole = Logistic::fit(&all, &records.iter().map(|record| record.label.suspect).collect::<Vec<_>>());
    let mut leans: Vec<(String, f64)> = names.into_iter().zip(whole.weights().iter().copied()).collect();
    leans.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    Probe { languages: probed.collect(), leans }
}

/// Whether a sign is of a kind.
type IsKind = fn(char) -> bool;

/// Signs that are counted, by name.
const SIGNS: [(&str, IsKind); 11] = [
    ("digits", |c| c.is_numeric()),
    ("emoji", is_emoji),
    ("!", |c| matches!(c, '!' | '！' | '¡')),
    ("?", |c| matches!(c, '?' | '？' | '؟' | '¿')),
    ("full stops", |c| matches!(c, '.' | '。' | '।' | '።' | '។')),
    ("commas", |c| matches!(c, ',' | '،' | '、' | '，')),
    ("colons", |c| matches!(c, ':' | ';' | '：' | '；' | '؛')),
    ("dashes and bullets", |c| matches!(c, '-' | '–' | '—' | '•' | '*' | '·')),
    ("quotes and brackets", |c| matches!(c, '"' | '\'' | '«' | '»' | '“' | '”' | '’' | '(' | ')' | '（' | '）' | '[' | ']')),
    ("currency, % and +", |c| matches!(c, '$' | '€' | '£' | '¥' | '₱' | '₽' | '₴' | '₫' | '₹' | '%' | '+')),
    ("@ # / _ …", |c| matches!(c, '@' | '#' | '/' | '_' | '…')),
];

/// What can be counted without reading: length and lines, then signs, in all and a character. Each with its name.
fn numbers(record: &Record) -> Vec<(String, f64)> {
    let characters = record.text.chars().count();
    let length = (1.0 + characters as f64).ln();
    let lines = (1.0 + record.text.lines().count() as f64).ln();
    let mut row =
        vec![("length".to_owned(), length), ("length squared".to_owned(), length * length), ("lines".to_owned(), lines)];
    for (name, is_kind) in SIGNS {
        let count = record.text.chars().filter(|c| is_kind(*c)).count() as f64;
        row.push((name.to_owned(), (1.0 + count).ln()));
        row.push((format!("{name} a character"), count / characters.max(1) as f64));
    }
    row
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{1F1E6}'..='\u{1F1FF}')
}

/// Mean 0 and spread 1, column by column.
fn standardise(rows: &mut [Vec<f64>]) {
    let count = rows.len().max(1) as f64;
    for column in 0..rows.first().map_or(0, Vec::len) {
        let mean = rows.iter().map(|row| row[column]).sum::<f64>() / count;
        let spread = (rows.iter().map(|row| (row[column] - mean).powi(2)).sum::<f64>() / count).sqrt();
        for row in rows.iter_mut() {
            row[column] = if spread > 0.0 { (row[column] - mean) / spread } else { 0.0 };
        }
    }
}
