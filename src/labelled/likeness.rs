//! Near-duplicates, and the groups of records that must not be parted.

use std::collections::{BTreeMap, HashMap};

use super::Record;
use super::words::Units;

/// Words (or characters, in scripts without spaces) in a row that two texts must share to be compared.
const SHINGLE: usize = 5;

/// Jaccard similarity of shingles from which two texts are near-duplicates.
pub const NEAR: f64 = 0.5;

/// Most records one shingle is looked up in; a phrase in more of them is boilerplate, not likeness.
const COMMON: usize = 64;

/// Pairs of texts whose shingles overlap by at least [`NEAR`].
#[must_use]
pub fn near_duplicates(texts: &[&str]) -> Vec<(usize, usize)> {
    alike(texts, COMMON)
}

/// Like [`near_duplicates`], but no phrase is too common to be looked up: slower, and certain.
#[must_use]
pub fn all_near_duplicates(texts: &[&str]) -> Vec<(usize, usize)> {
    alike(texts, usize::MAX)
}

fn alike(texts: &[&str], common: usize) -> Vec<(usize, usize)> {
    let sets: Vec<Vec<u64>> = texts.iter().map(|text| shingles(text)).collect();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for shingle in set {
            let earlier = holders.entry(*shingle).or_default();
            for &other in earlier.iter() {
                *shared.entry(other).or_default() += 1;
            }
            if earlier.len() < common {
                earlier.push(at);
            }
        }
        for (other, both) in shared {
            let union = set.len() + sets[other].len() - both;
            if both as f64 / union as f64 >= NEAR {
                pairs.push((other, at));
            }
        }
    }
    pairs
}

fn shingles(text: &str) -> Vec<u64> {
    let mut runs = Units::of(text).runs(SHINGLE, SHINGLE);
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// The group of each record, in order: groups given by the records and near-duplicates found among them, joined.
///
/// A group goes by the smallest name given to one of its records, whatever the order of the files.
#[must_use]
pub fn groups(records: &[Record]) -> Vec<&str> {
    let mut parents: Vec<usize> = (0..records.len()).collect();
    let mut first_of: HashMap<&str, usize> = HashMap::new();
    for (at, record) in records.iter().enumerate() {
        let first = *first_of.entry(&record.group).or_insert(at);
        join(&mut parents, first, at);
    }
    for (a, b) in near_duplicates(&records.iter().map(|record| record.text.as_str()).collect::<Vec<_>>()) {
        join(&mut parents, a, b);
    }
    let mut names: BTreeMap<usize, &str> = BTreeMap::new();
    for (at, record) in records.iter().enumerate() {
        let name = names.entry(root(&mut parents, at)).or_insert(&record.group);
        *name = (*name).min(&record.group);
    }
    (0..records.len()).map(|at| names[&root(&mut parents, at)]).collect()
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parents, a), root(parents, b));
    let (low, high) = (a.min(b), a.max(b));
    parents[high] = low;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_duplicates_are_found_in_both_kinds_of_script() {
        let texts = [
            "Cooks wanted in Riga, room and board included, call Anna any evening",
            "Lost: grey cat near the station, please write if you have seen it",
            "Cooks wanted in Riga, room and board included, call Anna any morning",
            "海外公司招聘客服人员包吃包住月薪两万无需经验会打字即可上岗机票全包",
            "海外公司招聘客服人员包吃包住月薪三万无需经验会打字即可上岗机票全包",
        ];
        assert_eq!(near_duplicates(&texts), [(0, 2), (3, 4)]);
    }

    #[test]
    fn boilerplate_is_passed_over_unless_asked_for() {
        let copies = vec!["We are an equal opportunity employer and welcome everybody"; COMMON + 2];
        let pairs = copies.len() * (copies.len() - 1) / 2;
        assert!(near_duplicates(&copies).len() < pairs);
        assert_eq!(all_near_duplicates(&copies).len(), pairs);
    }
}
