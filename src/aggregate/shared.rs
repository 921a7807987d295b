//! [`share`]: the counts that may leave the team.
//!
//! Cells under a minimum are left out and the rest rounded down to its multiple, as the synthetic-data tools of the
//! Counter-Trafficking Data Collaborative do ("reporting resolution"): neither one person nor one post can be told from it.

use std::collections::BTreeMap;

use super::Tally;

/// A tally safe to pass on: no ids, no text, no contacts, no small counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Cells that are large enough, rounded down.
    pub tally: Tally,
    /// How many counts were left out.
    pub suppressed: u64,
}

/// Rounds `tally` down to multiples of `least`, leaving out what is under it.
#[must_use]
pub fn share(tally: &Tally, least: u64) -> Shared {
    let mut suppressed = 0;
    // A denominator shows that a cell exists: it goes where its suspects are too few.
    let suspects = coarse(&tally.suspects, least, &mut suppressed);
    let judged =
        tally.judged.iter().filter(|(cell, _)| suspects.contains_key(cell)).map(|(cell, count)| (*cell, *count)).collect();
    let mut counts = tally.counts;
    for count in counts.each() {
        *count -= *count % least.max(1);
    }
    let tally = Tally {
        counts,
        judged: coarse(&judged, least, &mut 0),
        by_pattern: coarse(&tally.by_pattern, least, &mut suppressed),
        patterns: coarse(&tally.patterns, least, &mut suppressed),
        corridors: coarse(&tally.corridors, least, &mut suppressed),
        suspects,
    };
    Shared { tally, suppressed }
}

fn coarse<K: Ord + Copy>(counts: &BTreeMap<K, u64>, least: u64, suppressed: &mut u64) -> BTreeMap<K, u64> {
    let least = least.max(1);
    let kept: BTreeMap<K, u64> =
        counts.iter().filter(|(_, count)| **count >= least).map(|(key, count)| (*key, count - count % least)).collect();
    *suppressed += (counts.len() - kept.len()) as u64;
    kept
}
