//! What only all records together show: ids given twice, texts told twice, groups on two sides, leaks between splits.

use std::collections::BTreeMap;

use super::problem::{Place, Problem, Severity};
use crate::labelled::{Record, all_near_duplicates, groups, splits};

/// Every problem between records; `places` in the order of `records`.
pub(super) fn between(records: &[Record], places: &[Place]) -> Vec<Problem> {
    let mut problems = likenesses(records, places);
    problems.extend(sides_apart(records, places));
    problems
}

fn problem(record: &Record, place: &Place, severity: Severity, what: String, remedy: &str) -> Problem {
    Problem { place: place.clone(), severity, id: Some(record.id.clone()), what, remedy: remedy.to_owned() }
}

/// Records that are nearly the same.
fn likenesses(records: &[Record], places: &[Place]) -> Vec<Problem> {
    let problem = |at: usize, severity, what, remedy| problem(&records[at], &places[at], severity, what, remedy);
    let mut problems = Vec::new();
    let sides = splits(records);
    let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
    for (a, b) in all_near_duplicates(&texts) {
        let other = format!("{} ({}:{})", records[a].id, places[a].file, places[a].line);
        if sides[a] != sides[b] {
            let (own, its) = (sides[b].name(), sides[a].name());
            problems.push(problem(
                b,
                Severity::Error,
                format!("near-duplicate of {other}, yet this one is {own} and that one {its}"),
                "reword one, or give both the same `group`",
            ));
        } else if texts[a] == texts[b] {
            problems.push(problem(b, Severity::Error, format!("the same text as {other}"), "remove one"));
        } else if records[a].group != records[b].group {
            problems.push(problem(
                b,
                Severity::Warning,
                format!("near-duplicate of {other} in no group with it"),
                "reword one, or give both the same `group`",
            ));
        }
    }
    problems
}

/// Records that stand on another side than their group, and those that stand on none.
fn sides_apart(records: &[Record], places: &[Place]) -> Vec<Problem> {
    let problem = |at: usize, severity, what, remedy| problem(&records[at], &places[at], severity, what, remedy);
    let mut problems = Vec::new();
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    let mut sideless: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let joined = groups(records);
    let tabled = records.iter().any(|record| record.split.is_some());
    for (at, record) in records.iter().enumerate() {
        let Some(own) = record.split else {
            if tabled && record.source.starts_with("authored") {
                sideless.entry(&places[at].file).or_default().push(at);
            }
            continue;
        };
        let first = *kept.entry(joined[at]).or_insert(at);
        if records[first].split.is_some_and(|side| side != own) {
            let what = format!("splits.tsv gives it {}, and {} of its group another side", own.name(), records[first].id);
            problems.push(problem(at, Severity::Error, what, "give the group one side in splits.tsv"));
        }
    }
    // A new file has none at all: once is enough to say so.
    for without in sideless.values() {
        let what = format!("{} records of the file, this one first, have no side in splits.tsv", without.len());
        problems.push(problem(without[0], Severity::Warning, what, "run `lurescan datasets split --write` on its set"));
    }
    problems
}
