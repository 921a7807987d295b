//! Whether the countries of an offer were found.

use std::collections::BTreeSet;

use super::Interval;
use crate::finding::Finding;
use crate::labelled::Record;
use crate::regions::Place;

/// How the countries that play one part were found, over records that say which do.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow {
    /// Which part: `destination` or `origin`.
    pub part: &'static str,
    /// Countries that play it, one a record and country.
    pub labelled: usize,
    /// Of the countries found, the share that plays it.
    pub precision: Interval,
    /// Of those that play it, the share that is found.
    pub recall: Interval,
    /// Those that play it and that the gazetteer sees in the text; what it misses is in neither figure.
    pub named: usize,
    /// Of these, the share that is found.
    pub recall_of_named: Interval,
}

/// What one record adds.
#[derive(Clone, Copy, Default)]
struct Counts {
    labelled: usize,
    found: usize,
    right: usize,
    named: usize,
    named_right: usize,
}

impl Counts {
    fn of(labelled: &[String], found: &[Place], mentioned: &[Place]) -> Self {
        let labelled: BTreeSet<&str> = labelled.iter().map(String::as_str).collect();
        let found: BTreeSet<&str> = found.iter().map(|place| place.country.as_str()).collect();
        let named: BTreeSet<&str> = mentioned.iter().map(|place| place.country.as_str()).collect();
        let named: BTreeSet<&str> = named.intersection(&labelled).copied().collect();
        Self {
            labelled: labelled.len(),
            found: found.len(),
            right: found.intersection(&labelled).count(),
            named: named.len(),
            named_right: named.intersection(&found).count(),
        }
    }
}

/// One row a part; a part that no record is labelled with, and that is found in none, has none.
pub(super) fn places(records: &[Record], findings: &[Finding], groups: &[Vec<usize>], seed: u64) -> Vec<PlaceRow> {
    let count = |destination: bool| -> Vec<Counts> {
        let each = records.iter().zip(findings);
        let counts = each.map(|(record, finding)| {
            let (label, regions) = (&record.label, &finding.regions);
            let (labelled, found) =
                if destination { (&label.destination, &regions.destination) } else { (&label.origin, &regions.origin) };
            labelled.as_ref().map_or_else(Counts::default, |labelled| Counts::of(labelled, found, &regions.mentioned))
        });
        counts.collect()
    };
    [("destination", true), ("origin", false)]
        .into_iter()
        .map(|(part, destination)| row(part, &count(destination), groups, seed))
        .filter(|row| row.labelled > 0 || row.precision.value.is_finite())
        .collect()
}

fn row(part: &'static str, counts: &[Counts], groups: &[Vec<usize>], seed: u64) -> PlaceRow {
    let share = |of: fn(&Counts) -> usize, among: fn(&Counts) -> usize| {
        Interval::bootstrap(groups, seed, |at| {
            let sum = |one: fn(&Counts) -> usize| at.iter().map(|&at| one(&counts[at])).sum::<usize>() as f64;
            sum(of) / sum(among)
        })
    };
    PlaceRow {
        part,
        labelled: counts.iter().map(|counts| counts.labelled).sum(),
        precision: share(|counts| counts.right, |counts| counts.found),
        recall: share(|counts| counts.right, |counts| counts.labelled),
        named: counts.iter().map(|counts| counts.named).sum(),
        recall_of_named: share(|counts| counts.named_right, |counts| counts.named),
    }
}
