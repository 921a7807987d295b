//! `datasets agree`: kappa by hand, and the records on which readers differ.

use serde_json::{Value, json};

use super::{clear, lab, suspect};

fn second(id: &str, suspect: bool, patterns: &[&str], destination: &[&str]) -> String {
    let indicators: &[&str] = if suspect { &["recruitment_fee"] } else { &[] };
    let line = json!({"id": id, "context": "offer", "suspect": suspect, "patterns": patterns, "indicators": indicators, "origin": [], "destination": destination});
    format!("{line}\n")
}

#[test]
fn kappa_is_told_by_label_and_the_differences_are_written() {
    let lab = lab(&[
        suspect("a", "Pay first", "job_fraud"),
        suspect("b", "Pay now", "job_fraud"),
        clear("c", "The library opens at nine"),
        clear("d", "Choir rehearses on Monday"),
    ]);
    // Suspect: both yes once, both no twice, once only the first: observed 3/4, chance 1/8 + 3/8, kappa 1/2.
    lab.write("second/one.jsonl", [second("a", true, &["job_fraud"], &[]), second("b", false, &[], &[])].concat());
    lab.write(
        "second/two.jsonl",
        [second("c", false, &[], &[]), second("d", false, &[], &["LV"]), second("e", false, &[], &[])].concat(),
    );
    let said = lab.run(["datasets", "agree", "datasets", "--second", "second", "--disagreements", "differ.jsonl"]);
    said.check(0, &[]);
    let row = |name: &str| {
        let line = said.out.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_else(|| panic!("no {name}"));
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("suspect"), "suspect 4 2 1 0.750 0.500");
    assert_eq!(row("pattern job_fraud"), "pattern job_fraud 4 2 1 0.750 0.500");
    assert_eq!(row("indicator recruitment_fee"), "indicator recruitment_fee 4 2 1 0.750 0.500");
    assert_eq!(row("context"), "context 4 · · 1.000 ·");
    assert_eq!(row("destination, the same set"), "destination, the same set 4 · · 0.750 ·");
    assert!(row("en").starts_with("en 4 0.500"), "{}", said.out);
    assert!(
        said.err.contains("4 records compared, 2 differ")
            && said.err.contains("1 second labels belong to no record of the first: e"),
        "{}",
        said.err
    );
    let differ = lab.lines("differ.jsonl");
    assert_eq!(differ.iter().map(|line| &line["id"]).collect::<Vec<_>>(), ["b", "d"]);
    assert_eq!(differ[0]["differs"], json!(["suspect", "patterns", "indicators"]));
    assert_eq!((&differ[0]["first"]["suspect"], &differ[0]["second"]["suspect"]), (&Value::Bool(true), &Value::Bool(false)));
    assert_eq!(differ[1]["differs"], json!(["destination"]));
}

#[test]
fn settled_labels_count_as_they_were_before() {
    let lab = lab(&[suspect("a", "Pay first", "job_fraud"), clear("b", "Choir rehearses on Monday")]);
    lab.write("second.jsonl", [second("a", true, &["job_fraud"], &[]), second("b", false, &[], &[])].concat());
    let suspects = |arguments: &[&str]| {
        let said = lab.run([&["datasets", "agree", "datasets", "--second", "second.jsonl"], arguments].concat());
        said.check(0, &[]);
        let line = said.out.lines().find(|line| line.trim_start().starts_with("suspect")).unwrap().to_owned();
        line.split_whitespace().nth(4).unwrap().to_owned()
    };
    assert_eq!(suspects(&[]), "1.000");
    lab.write("before.jsonl", second("a", false, &[], &[]));
    assert_eq!(suspects(&["--before", "before.jsonl"]), "0.500");
    lab.write("before.jsonl", second("a", false, &["job_fraud"], &[]));
    let said = lab.run(["datasets", "agree", "datasets", "--second", "second.jsonl", "--before", "before.jsonl"]);
    said.check(1, &["a: patterns belong to suspect posts alone"]);
    lab.write("before.jsonl", second("q", false, &[], &[]));
    let said = lab.run(["datasets", "agree", "datasets", "--second", "second.jsonl", "--before", "before.jsonl"]);
    said.check(1, &["--before answers on q"]);
    lab.write("second.jsonl", [second("a", true, &["job_fraud"], &[]), second("a", false, &[], &[])].concat());
    lab.run(["datasets", "agree", "datasets", "--second", "second.jsonl"]).check(1, &["answers twice on a"]);
}

#[test]
fn second_labels_that_cannot_be_read_are_named() {
    let lab = lab(&[clear("a", "The library opens at nine")]);
    lab.write("bad.jsonl", second("a", true, &["free_lunch"], &[]));
    lab.run(["datasets", "agree", "datasets", "--second", "bad.jsonl"]).check(1, &["bad.jsonl line 1", "a: an id", "typology"]);
    lab.write("other.jsonl", second("z", false, &[], &[]));
    lab.run(["datasets", "agree", "datasets", "--second", "other.jsonl"]).check(1, &["no second label belongs to a record"]);
}
