//! Train, dev and test without leaks: whole groups of near-duplicates fall on one side.
//!
//! The sides of a set of ours are data, kept in its `splits.tsv`: [`allot`] gives new groups a side so that languages, classes,
//! patterns and contexts come out in the same shares, and never moves one that has a side. Reading a part of the set, or other
//! sets beside it, changes nothing. An alternative would be quotas by rank of a hash within each stratum: no file, but a side would
//! then depend on which files a command was given, and evaluating one file could test on what training saw. Sets without the
//! file (public ones, a user's own) go by a hash of the group's name, which needs no other record.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Record;
use super::likeness::groups;
use super::strata::Quotas;

/// Which side of a split a record is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Split {
    /// Seen by the optimiser.
    Train,
    /// For calibration and for choices.
    Dev,
    /// For the figures in the card; nobody tunes on it.
    Test,
}

/// Of a hundred records, how many are to learn from and how many to choose by; the rest are for the figures.
const TRAIN: u16 = 70;
const DEV: u16 = 15;

impl Split {
    /// Every side.
    pub const ALL: [Self; 3] = [Self::Train, Self::Dev, Self::Test];

    /// The split with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|split| split.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Dev => "dev",
            Self::Test => "test",
        }
    }

    /// Which share of the records it gets.
    #[must_use]
    pub fn share(self) -> f64 {
        match self {
            Self::Train => f64::from(TRAIN) / 100.0,
            Self::Dev => f64::from(DEV) / 100.0,
            Self::Test => f64::from(100 - TRAIN - DEV) / 100.0,
        }
    }

    /// By a hash of the group's name: records added later move an old one only by joining its group.
    fn of(group: &str) -> Self {
        let digest = digest(group);
        match u16::from_be_bytes([digest[0], digest[1]]) % 100 {
            at if at < TRAIN => Self::Train,
            at if at < TRAIN + DEV => Self::Dev,
            _ => Self::Test,
        }
    }
}

fn digest(group: &str) -> [u8; 32] {
    Sha256::digest(group.as_bytes()).into()
}

/// The side of each record, in order. A group with a kept side has that side, the one farthest from the optimiser if its records
/// disagree; others go by the hash of their name.
#[must_use]
pub fn splits(records: &[Record]) -> Vec<Split> {
    let groups = groups(records);
    let kept = kept(records, &groups);
    groups.into_iter().map(|group| kept.get(group).copied().unwrap_or_else(|| Split::of(group))).collect()
}

/// The records of one side.
#[must_use]
pub fn on_side(records: Vec<Record>, side: Split) -> Vec<Record> {
    let sides = splits(&records);
    records.into_iter().zip(sides).filter(|(_, own)| *own == side).map(|(record, _)| record).collect()
}

/// The side of each record, in order, for a `splits.tsv`: kept sides stay, the other groups are dealt out so that every language,
/// class in a language, pattern and context is divided alike.
#[must_use]
pub fn allot(records: &[Record]) -> Vec<Split> {
    let groups = groups(records);
    let mut sides = kept(records, &groups);
    let mut members: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for (group, record) in groups.iter().zip(records) {
        members.entry(group).or_default().push(record);
    }
    let mut quotas = Quotas::new(&members);
    for (group, side) in &sides {
        quotas.take(group, *side);
    }
    // The order of a hash is as good as a shuffle, and does not depend on how files are named.
    let mut open: Vec<&str> = members.keys().copied().filter(|group| !sides.contains_key(group)).collect();
    open.sort_by_cached_key(|group| digest(group));
    while let Some(group) = quotas.most_urgent(&open) {
        let side = quotas.neediest(group);
        quotas.take(group, side);
        sides.insert(group, side);
        open.retain(|other| *other != group);
    }
    groups.into_iter().map(|group| sides[group]).collect()
}

fn kept<'r>(records: &[Record], groups: &[&'r str]) -> BTreeMap<&'r str, Split> {
    let mut kept: BTreeMap<&str, Split> = BTreeMap::new();
    for (record, group) in records.iter().zip(groups) {
        if let Some(split) = record.split {
            let side = kept.entry(group).or_insert(split);
            *side = (*side).max(split);
        }
    }
    kept
}

/// One of `count` folds for each record, so that no batch of an author is in two: largest batches first, each into the smallest
/// fold. `None` for a record whose group reaches into another fold than that of its first record: leave it out.
#[must_use]
pub fn batch_folds(records: &[Record], count: usize) -> Vec<Option<usize>> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records {
        *sizes.entry(record.batch()).or_default() += 1;
    }
    let mut order: Vec<(&str, usize)> = sizes.into_iter().collect();
    order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut filled = vec![0; count.max(1)];
    let mut fold_of: BTreeMap<&str, usize> = BTreeMap::new();
    for (batch, size) in order {
        let smallest = (0..filled.len()).min_by_key(|&fold| filled[fold]).unwrap_or(0);
        filled[smallest] += size;
        fold_of.insert(batch, smallest);
    }
    let mut home: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    let groups = groups(records);
    for (record, group) in records.iter().zip(&groups) {
        let own = (record.id.as_str(), fold_of[record.batch()]);
        let first = home.entry(group).or_insert(own);
        *first = (*first).min(own);
    }
    let fold = |(record, group): (&Record, &&str)| {
        let fold = fold_of[record.batch()];
        (home[group].1 == fold).then_some(fold)
    };
    records.iter().zip(&groups).map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashed_side_is_stable_and_has_the_stated_shares() {
        let share = |split| (0..10_000).filter(|n| Split::of(&format!("group-{n}")) == split).count();
        assert_eq!(Split::of("a"), Split::of("a"));
        assert!((6800..7200).contains(&share(Split::Train)), "{}", share(Split::Train));
        assert!((1350..1650).contains(&share(Split::Test)), "{}", share(Split::Test));
    }
}
