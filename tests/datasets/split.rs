//! Splits without leaks: of the shipped sets, and as records are added.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use lurescan::labelled::{Record, Split, allot, batch_folds, read_all};
use lurescan::typology::PatternId;

use super::{clear, lab, suspect};
use crate::util::root;

fn shipped() -> Vec<Record> {
    read_all([root().join("datasets")]).unwrap()
}

/// Five words in a row, or five characters where words are not spaced: the plainest reading of the promise, apart from the code's own.
fn grams(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if lower.chars().filter(|c| c.is_alphanumeric()).count() > words.len() * 12 {
        let letters: Vec<char> = lower.chars().filter(|c| c.is_alphanumeric()).collect();
        return letters.windows(5).map(|gram| gram.iter().collect()).collect();
    }
    words.windows(5).map(|gram| gram.join(" ")).collect()
}

#[test]
fn no_pair_of_shipped_records_across_sides_is_alike() {
    let records = shipped();
    // As splits.tsv says: `splits` would mend what is to be found.
    let sides: Vec<Split> = records.iter().map(|record| record.split.unwrap()).collect();
    let grams: Vec<BTreeSet<String>> = records.iter().map(|record| grams(&record.text)).collect();
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, set) in grams.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for gram in set {
            let earlier = holders.entry(gram).or_default();
            for other in earlier.iter() {
                *shared.entry(*other).or_default() += 1;
            }
            earlier.push(at);
        }
        for (other, common) in shared {
            let jaccard = common as f64 / (set.len() + grams[other].len() - common) as f64;
            assert!(jaccard < 0.5 || sides[at] == sides[other], "{} and {}: {jaccard:.2}", records[other].id, records[at].id);
        }
    }
    let mut groups: BTreeMap<&str, Split> = BTreeMap::new();
    for (record, side) in records.iter().zip(&sides) {
        assert_eq!(groups.entry(&record.group).or_insert(*side), side, "{} is parted", record.group);
    }
}

#[test]
fn sides_hold_the_same_share_of_every_language_and_pattern() {
    // Dealt anew, so that the rule is measured and not the history of one file.
    let records: Vec<Record> = shipped().into_iter().map(|record| Record { split: None, ..record }).collect();
    let sides = allot(&records);
    let mut strata: BTreeMap<String, [f64; 3]> = BTreeMap::new();
    for (record, side) in records.iter().zip(sides) {
        let class = format!("{} {}", record.lang, record.label.suspect);
        let patterns = record.label.patterns.iter().map(|id| PatternId::id(*id).to_owned());
        for stratum in patterns.chain([record.lang.clone(), class, record.label.context.id().to_owned()]) {
            strata.entry(stratum).or_default()[side as usize] += 1.0;
        }
    }
    for (stratum, counts) in strata {
        let all: f64 = counts.iter().sum();
        for side in Split::ALL {
            let off = (counts[side as usize] - side.share() * all).abs();
            assert!(off <= 2.5 + 0.03 * all, "{stratum}: {counts:?}");
        }
    }
}

#[test]
fn a_side_once_kept_stays_when_records_are_added() {
    let number = ["one", "two", "three", "four", "five", "six", "seven"];
    let line = |n: usize| {
        let text = format!("Offer {} {} for {} hands at place {n}", number[n % 7], number[n / 7 % 7], number[n / 49 % 7]);
        if n.is_multiple_of(3) { suspect(&format!("r{n:03}"), &text, "job_fraud") } else { clear(&format!("r{n:03}"), &text) }
    };
    let mut lines: Vec<String> = (0..60).map(line).collect();
    let lab = lab(&lines);
    lab.run(["datasets", "split", "datasets", "--write"]).check(0, &["splits.tsv"]);
    let before = lab.read("datasets/tiny/splits.tsv");
    assert_eq!(before.lines().count(), 61);
    lines.extend((60..100).map(line));
    lab.write("datasets/tiny/one.jsonl", lines.concat());
    lab.run(["datasets", "split", "datasets", "--write"]).check(0, &[]);
    let after = lab.read("datasets/tiny/splits.tsv");
    assert_eq!(after.lines().count(), 101);
    assert!(before.lines().all(|row| after.lines().any(|other| other == row)), "an old record moved");
    let tests = after.lines().filter(|row| row.ends_with("\ttest")).count();
    assert!((13..=17).contains(&tests), "{tests} of 100");
    // The table printed, and files of it, agree with what is kept.
    let printed = lab.run(["datasets", "split", "datasets"]).out;
    assert_eq!(printed, after);
    lab.run(["datasets", "split", "datasets", "--files", "parts"]).check(0, &[]);
    assert_eq!(lab.lines("parts/test.jsonl").len(), tests);
    // A part of a set would lose the sides of the rest.
    lab.write("datasets/tiny/two.jsonl", line(100));
    let part = lab.run(["datasets", "split", "datasets/tiny/one.jsonl", "--write"]);
    part.check(1, &["two.jsonl belongs to the same set", "give the folder"]);
    assert_eq!(lab.read("datasets/tiny/splits.tsv"), after);
    std::fs::remove_file(lab.path("datasets/tiny/two.jsonl")).unwrap();
    lab.write("datasets/tiny/splits.tsv", after.replacen("id\tsplit\n", "", 1));
    lab.run(["datasets", "split", "datasets"]).check(1, &["the first line must be"]);
    lab.write("datasets/tiny/splits.tsv", format!("{after}r000\ttrain\n"));
    lab.run(["datasets", "split", "datasets"]).check(1, &["line 102: r000 has a side already"]);
    lab.write("datasets/tiny/splits.tsv", &after);
    lab.run(["datasets", "evade", "datasets", "--split", "test", "--technique", "leet", "-o", "tests.jsonl"]).check(0, &[]);
    let disguised = lab.lines("tests.jsonl");
    assert!(!disguised.is_empty());
    for record in &disguised {
        let own = format!("{}\ttest", record["group"].as_str().unwrap());
        assert!(after.lines().any(|row| row == own), "{own}");
    }
}

#[test]
fn folds_by_batch_part_no_sitting_and_no_group() {
    let records = shipped();
    let folds = batch_folds(&records, 5);
    let mut batches: BTreeMap<&str, usize> = BTreeMap::new();
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sizes = [0; 5];
    for (record, fold) in records.iter().zip(folds) {
        let Some(fold) = fold else { continue };
        sizes[fold] += 1;
        assert_eq!(*batches.entry(record.batch()).or_insert(fold), fold, "{} is in two folds", record.batch());
        assert_eq!(*groups.entry(&record.group).or_insert(fold), fold, "{} is in two folds", record.group);
    }
    assert!(sizes.iter().all(|size| *size * 10 > records.len()), "{sizes:?}");
    let lab = lab(&[clear("a", "The library opens at nine"), clear("b", "Choir rehearses on Monday")]);
    let said = lab.run(["datasets", "split", "datasets", "--by", "batch", "--folds", "2"]);
    assert_eq!(said.out, "id\tsplit\na\tfold1\nb\tfold1\n", "one batch is one fold");
}
