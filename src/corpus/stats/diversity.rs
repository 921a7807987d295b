//! How varied texts are: runs they share, how they open, how long they are, beside real posts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fastrand::Rng;

use super::super::table::Table;
use crate::labelled::{Record, Units};

/// Words in a row that two people hardly write alike, and characters where words are not spaced.
const RUN: (usize, usize) = (8, 16);
/// Fewer openings say nothing of their variety.
const LEAST: usize = 30;
/// Draws that an entropy at a smaller size is averaged over.
const DRAWS: usize = 20;
/// Seed of these draws.
const SEED: u64 = 1;

/// How many records share a run with a record outside their group.
pub(super) fn shared_runs(records: &[Record]) -> usize {
    let runs: Vec<Vec<u64>> = records
        .iter()
        .map(|record| {
            let units = Units::of(&record.text);
            let long = if matches!(units, Units::Words(_)) { RUN.0 } else { RUN.1 };
            // A text shorter than a run has none.
            if units.len() < long { Vec::new() } else { units.runs(RUN.0, RUN.1) }
        })
        .collect();
    // Of each run the first group that has it, and whether another has it too.
    let mut holders: HashMap<u64, (&str, bool)> = HashMap::new();
    for (record, runs) in records.iter().zip(&runs) {
        for run in runs {
            let (first, shared) = holders.entry(*run).or_insert((&record.group, false));
            *shared |= *first != record.group;
        }
    }
    runs.iter().filter(|runs| runs.iter().any(|run| holders[run].1)).count()
}

/// Shannon entropy in bits.
fn entropy<'o>(openings: impl Iterator<Item = &'o str>) -> f64 {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for opening in openings {
        *counts.entry(opening).or_default() += 1;
    }
    let all = counts.values().sum::<usize>().max(1) as f64;
    counts.values().map(|count| *count as f64 / all).map(|p| -p * p.log2()).sum()
}

/// The entropy of so many openings, on average over seeded draws.
fn entropy_at(openings: &[String], size: usize) -> f64 {
    if size == openings.len() {
        return entropy(openings.iter().map(String::as_str));
    }
    let mut random = Rng::with_seed(SEED);
    let mut order: Vec<&str> = openings.iter().map(String::as_str).collect();
    let mut draw = || {
        random.shuffle(&mut order);
        entropy(order[..size].iter().copied())
    };
    (0..DRAWS).map(|_| draw()).sum::<f64>() / DRAWS as f64
}

fn openings_by_language(records: &[Record]) -> BTreeMap<String, Vec<String>> {
    let mut openings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for record in records {
        // Public sets say zh where ours says which.
        let language = if record.lang == "zh" { "zh-Hans" } else { &record.lang };
        openings.entry(language.to_owned()).or_default().extend(Units::of(record.body()).opening());
    }
    openings
}

pub(super) fn openings(records: &[Record], real: &[Record]) -> Table {
    let note = "Entropy in bits of the first two words (two characters where words are not spaced) of bodies. Entropy grows \
                with the number of texts, so real posts and ours are compared at the smaller of both sizes.";
    let head = ["language", "texts", "distinct", "entropy", "compared at", "ours", "real posts"];
    let mut table = Table::new("Openings", note, &head);
    let real = openings_by_language(real);
    for (language, own) in openings_by_language(records).into_iter().filter(|(_, own)| own.len() >= LEAST) {
        let distinct = own.iter().collect::<BTreeSet<_>>().len();
        let mut cells =
            vec![own.len().to_string(), distinct.to_string(), format!("{:.2}", entropy(own.iter().map(String::as_str)))];
        match real.get(&language).filter(|real| real.len() >= LEAST) {
            Some(real) => {
                let size = own.len().min(real.len());
                cells.push(size.to_string());
                cells.extend([&own, real].map(|openings| format!("{:.2}", entropy_at(openings, size))));
            }
            None => cells.extend(["·", "·", "·"].map(str::to_owned)),
        }
        table.row(&language, cells);
    }
    table
}

pub(super) fn lengths(records: &[Record], real: &[Record]) -> Table {
    let note = "Characters of a text with its headline: quantiles of ours, then of real posts.";
    let head = ["channel", "texts", "5 %", "25 %", "50 %", "75 %", "95 %", "real", "5 %", "25 %", "50 %", "75 %", "95 %"];
    let mut table = Table::new("Lengths", note, &head);
    let mut channels: BTreeMap<&str, [Vec<usize>; 2]> = BTreeMap::new();
    for (at, set) in [records, real].into_iter().enumerate() {
        for record in set {
            channels.entry(&record.channel).or_default()[at].push(record.text.chars().count());
        }
    }
    for (channel, mut sets) in channels {
        let cells = sets.iter_mut().flat_map(|lengths| {
            lengths.sort_unstable();
            let quantile = |share: f64| match lengths.len() {
                0 => "·".to_owned(),
                all => lengths[((all - 1) as f64 * share).round() as usize].to_string(),
            };
            [lengths.len().to_string()].into_iter().chain([0.05, 0.25, 0.5, 0.75, 0.95].map(quantile)).collect::<Vec<_>>()
        });
        table.row(channel, cells.collect::<Vec<_>>());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entropy_is_that_of_the_textbook() {
        assert!((entropy(["a", "b", "c", "d"].into_iter()) - 2.0).abs() < 1e-12);
        assert!(entropy(["a", "a", "a"].into_iter()).abs() < 1e-12);
        let all: Vec<String> = (0..64).map(|n| n.to_string()).collect();
        assert!((entropy_at(&all, 32) - 5.0).abs() < 1e-12);
    }
}
