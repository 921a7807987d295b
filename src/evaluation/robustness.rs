//! What must not change a verdict: another addressee, a disguise.

use super::Judged;
use crate::evasion::Technique;
use crate::labelled::Record;

/// The same post for other addressees, judged alike or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parity {
    /// Groups of parity variants.
    pub groups: usize,
    /// Groups of which some were called suspect and others not.
    pub flipped: usize,
}

/// Suspects in one disguise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Disguised {
    /// Which.
    pub technique: Technique,
    /// Suspects that the technique changes.
    pub records: usize,
    /// Share of them called suspect as they were written.
    pub recall_before: f64,
    /// Share called suspect in the disguise.
    pub recall_after: f64,
}

/// Over `groups`, positions of the records of each.
pub(super) fn parity(records: &[Record], judged: &[Judged], groups: &[Vec<usize>]) -> Parity {
    let are_variants = |members: &&Vec<usize>| {
        let members: Vec<&Record> = members.iter().map(|&at| &records[at]).collect();
        Record::are_parity_variants(&members)
    };
    let variants: Vec<&Vec<usize>> = groups.iter().filter(are_variants).collect();
    let flips = |members: &&&Vec<usize>| members.iter().any(|&at| judged[at].called != judged[members[0]].called);
    Parity { groups: variants.len(), flipped: variants.iter().filter(flips).count() }
}

impl Disguised {
    /// Of suspects that the technique changes, one at least: whether each was called before and after.
    #[must_use]
    pub fn of(technique: Technique, called: &[(bool, bool)]) -> Self {
        let share = |called: usize, of: usize| called as f64 / of as f64;
        Self {
            technique,
            records: called.len(),
            recall_before: share(called.iter().filter(|(before, _)| *before).count(), called.len()),
            recall_after: share(called.iter().filter(|(_, after)| *after).count(), called.len()),
        }
    }

    /// Recall lost over all of these, each record counted.
    #[must_use]
    pub fn lost_over_all(rows: &[Self]) -> f64 {
        let records: usize = rows.iter().map(|row| row.records).sum();
        rows.iter().map(|row| (row.recall_before - row.recall_after) * row.records as f64).sum::<f64>() / records as f64
    }
}
