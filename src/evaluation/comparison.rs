//! Two models on the same records → [`Comparison`]: differences record by record, with intervals and tests.

use std::collections::BTreeMap;

use super::metrics::{Scored, brier, calibration_error, of_calls, pr_auc, recall_at_false_alarms, roc_auc};
use super::{Interval, Judged, groups};

/// How one figure changes from the first model to the second.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Name of the figure.
    pub figure: &'static str,
    /// The first model's.
    pub before: f64,
    /// The second model's.
    pub after: f64,
    /// `after − before`, with the interval of the paired bootstrap.
    pub difference: Interval,
    /// Two-sided: how often a resample's difference lies on the other side of zero, doubled; at least 2 / resamples.
    pub p: f64,
}

/// All changes between two models on the same records.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Records compared.
    pub records: usize,
    /// Groups that are drawn together.
    pub groups: usize,
    /// Figure by figure.
    pub changes: Vec<Change>,
    /// Records called rightly by the first model alone.
    pub only_before: usize,
    /// Records called rightly by the second model alone.
    pub only_after: usize,
    /// Exact two-sided test of the two counts; `McNemar`, "Note on the sampling error of the difference between correlated
    /// proportions", 1947. Counts records: within groups it is too bold, the bootstrap is not.
    pub mcnemar_p: f64,
}

/// A figure of scores, or of calls at the operating point.
struct Figure {
    name: &'static str,
    compute: fn(&[&Judged]) -> f64,
}

const FIGURES: [Figure; 6] = [
    Figure { name: "PR-AUC", compute: |records| pr_auc(&scores(records)) },
    Figure { name: "ROC-AUC", compute: |records| roc_auc(&scores(records)) },
    Figure { name: "recall at 1 % false alarms", compute: |records| recall_at_false_alarms(&scores(records), 0.01) },
    Figure { name: "F1", compute: |records| of_calls(records.iter().map(|judged| judged.called())).f1 },
    Figure { name: "calibration error", compute: |records| calibration_error(&scores(records)) },
    Figure { name: "Brier score", compute: |records| brier(&scores(records)) },
];

fn scores(records: &[&Judged]) -> Vec<Scored> {
    records.iter().map(|judged| judged.scored()).collect()
}

/// Pairs records by id; says why where the two are not of the same records.
pub fn compare(before: &[Judged], after: &[Judged], seed: u64) -> Result<Comparison, String> {
    let by_id: BTreeMap<&str, &Judged> = after.iter().map(|judged| (judged.id.as_str(), judged)).collect();
    if before.len() != after.len() {
        return Err(format!("{} records against {}", before.len(), after.len()));
    }
    let paired = before.iter().map(|judged| {
        let other = by_id.get(judged.id.as_str()).ok_or_else(|| format!("`{}` is in the first alone", judged.id))?;
        let same = (judged.suspect, &judged.group) == (other.suspect, &other.group);
        if same { Ok((*other).clone()) } else { Err(format!("`{}` has another label or group in the second", judged.id)) }
    });
    let after: Vec<Judged> = paired.collect::<Result<_, _>>()?;
    let groups = groups(before);
    let all: Vec<usize> = (0..before.len()).collect();
    let change = |Figure { name, compute }: &Figure| {
        let of = |judged: &[Judged], at: &[usize]| compute(&at.iter().map(|&at| &judged[at]).collect::<Vec<_>>());
        let (difference, resampled) = Interval::of_resamples(&groups, seed, |at| of(&after, at) - of(before, at));
        let (below, above) = resampled.iter().fold((0usize, 0usize), |(below, above), difference| {
            (below + usize::from(*difference <= 0.0), above + usize::from(*difference >= 0.0))
        });
        let p = 2.0 * below.min(above).max(1) as f64 / resampled.len().max(1) as f64;
        Change { figure: name, before: of(before, &all), after: of(&after, &all), difference, p: p.min(1.0) }
    };
    let right = |judged: &Judged| judged.called == judged.suspect;
    let only =
        |one: &[Judged], other: &[Judged]| one.iter().zip(other).filter(|(one, other)| right(one) && !right(other)).count();
    let (only_before, only_after) = (only(before, &after), only(&after, before));
    Ok(Comparison {
        records: before.len(),
        groups: groups.len(),
        changes: FIGURES.iter().map(change).collect(),
        only_before,
        only_after,
        mcnemar_p: sign_test(only_before, only_after),
    })
}

/// Chance of a split at least as uneven if each of the `a + b` were a fair coin's.
fn sign_test(a: usize, b: usize) -> f64 {
    let (n, least) = (a + b, a.min(b));
    // ln of n choose k, summed from k = 0.
    let mut ln_choose = 0.0;
    let mut tail = 0.0;
    for k in 0..=least {
        if k > 0 {
            ln_choose += ((n - k + 1) as f64).ln() - (k as f64).ln();
        }
        tail += (ln_choose - n as f64 * std::f64::consts::LN_2).exp();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(at: usize, suspect: bool, p_suspect: f32) -> Judged {
        Judged { id: format!("r{at}"), group: format!("g{}", at / 2), suspect, p_suspect, called: p_suspect >= 0.5 }
    }

    #[test]
    fn the_sign_test_is_that_of_the_tables() {
        // scipy.stats.binomtest(3, 13, 0.5).pvalue
        assert!((sign_test(3, 10) - 0.092_285_156_25).abs() < 1e-9, "{}", sign_test(3, 10));
        assert!((sign_test(5, 5) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_model_against_itself_differs_in_nothing() {
        let records: Vec<Judged> = (0..60).map(|at| judged(at, at % 3 == 0, (at * 37 % 60) as f32 / 60.0)).collect();
        let mut shuffled = records.clone();
        shuffled.reverse();
        let found = compare(&records, &shuffled, 1).unwrap();
        assert!(found.changes.iter().all(|change| change.difference.value == 0.0 && change.p == 1.0), "{found:?}");
        assert_eq!((found.only_before, found.only_after), (0, 0));
    }

    #[test]
    fn a_better_model_is_seen_to_be_better() {
        let worse: Vec<Judged> = (0..200).map(|at| judged(at, at % 2 == 0, (at * 37 % 100) as f32 / 100.0)).collect();
        let better: Vec<Judged> = worse
            .iter()
            .cloned()
            .map(|mut judged| {
                judged.p_suspect = if judged.suspect { 0.6 } else { 0.3 } + judged.p_suspect / 10.0;
                judged.called = judged.p_suspect >= 0.5;
                judged
            })
            .collect();
        let found = compare(&worse, &better, 1).unwrap();
        assert!(found.changes[0].difference.low > 0.0 && found.changes[0].p < 0.01, "{found:?}");
        assert!(found.only_after > found.only_before && found.mcnemar_p < 0.001);
    }

    #[test]
    fn other_records_are_refused() {
        let some: Vec<Judged> = (0..4).map(|at| judged(at, at % 2 == 0, 0.5)).collect();
        let mut others = some.clone();
        others[2].id = "elsewhere".to_owned();
        assert_eq!(compare(&some, &others, 1).unwrap_err(), "`r2` is in the first alone");
    }
}
