//! Measuring: the figures of the card are those of the shipped weights; two models are compared record by record; a calibration
//! fits the posts it was fitted on.

use std::path::Path;

use crate::util::{Lab, root, shipped};

/// The shipped model where a test may change it, brought there as the documentation says.
fn own_copy(lab: &Lab, name: &str) {
    lab.run(["models", "export", shipped().to_str().unwrap(), "--out", name]).check(0, &[]);
}

/// Some authored records with their sides.
fn records(lab: &Lab, batch: &str) -> String {
    let authored = root().join("datasets/authored");
    let text = std::fs::read_to_string(authored.join(format!("{batch}.jsonl"))).unwrap();
    lab.write(&format!("set/{batch}.jsonl"), text);
    std::fs::copy(authored.join("splits.tsv"), lab.path("set/splits.tsv")).unwrap();
    lab.path(&format!("set/{batch}.jsonl")).to_str().unwrap().to_owned()
}

#[test]
fn the_card_of_the_default_model_gives_the_figures_of_its_weights() {
    let lab = Lab::new();
    let set = root().join("datasets/authored");
    let said = lab.run(["eval", set.to_str().unwrap(), "--split", "test", "--markdown"]);
    said.check(0, &[]);
    let headline = |text: &str| -> Vec<(String, f64)> {
        let rows = text.lines().skip_while(|line| !line.starts_with("| figure")).skip(2).take_while(|line| line.starts_with('|'));
        let cells = rows.map(|row| row.split('|').map(str::trim).map(str::to_owned).collect::<Vec<_>>());
        cells.map(|cells| (cells[1].clone(), cells[2].parse().unwrap())).collect()
    };
    let card = headline(&std::fs::read_to_string(shipped().join("README.md")).unwrap());
    let found = headline(&said.out);
    assert!(!card.is_empty());
    assert_eq!(card.len(), found.len(), "{}", said.out);
    // Sums of floats come in another order on another processor: the third decimal may move.
    for (published, found) in card.iter().zip(&found) {
        assert!(published.0 == found.0 && (published.1 - found.1).abs() <= 0.004, "card {published:?}, found {found:?}");
    }
}

#[test]
fn a_model_index_has_the_figures_of_the_table() {
    let lab = Lab::new();
    let sheet = records(&lab, "anglo1");
    let said = lab.run(["eval", &sheet, "--json", "eval.json", "--model-index"]);
    said.check(0, &[]);
    assert!(said.out.starts_with("model-index:\n- name: \"lure-base\"\n"), "{}", said.out);
    let figures: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(lab.path("eval.json")).unwrap()).unwrap();
    let pr_auc = figures["pr_auc"]["value"].as_f64().unwrap();
    assert!(said.out.contains(&format!("name: \"PR-AUC of suspect\"\n      value: {pr_auc:.4}\n")), "{}", said.out);
    assert!(said.out.contains(figures["data_hash"].as_str().unwrap()), "{}", said.out);
}

#[test]
fn evidence_is_held_against_the_words_that_readers_marked() {
    let lab = Lab::new();
    let sheet = records(&lab, "anglo1");
    let told = |marks: &str| {
        let said = lab.run(["eval", &sheet, "--evidence", "--marks", marks]);
        said.check(0, &[]);
        assert!(said.out.contains("Mean F1 of the indicators that records carry: "), "{}", said.out);
        let line =
            said.out.lines().find(|line| line.contains("are marked by a reader")).unwrap_or_else(|| panic!("{}", said.out));
        let number = |word: &str| word.trim_end_matches('.').parse::<f64>().ok();
        let numbers: Vec<f64> = line.split_whitespace().filter_map(number).collect();
        (numbers[0], numbers[1])
    };
    let (shown, right) = told(root().join("datasets/spans/authored.jsonl.gz").to_str().unwrap());
    assert!(shown >= 30.0 && (0.5..1.0).contains(&right), "{shown} {right}");
    // Where a reader marks whole posts no word is wrong.
    let whole = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let spans: Vec<_> =
            record["label"]["indicators"].as_array().unwrap().iter().map(|id| serde_json::json!([id, 0, 9999])).collect();
        serde_json::json!({"id": record["id"], "spans": spans}).to_string()
    };
    let lines: Vec<String> = std::fs::read_to_string(&sheet).unwrap().lines().map(whole).collect();
    lab.write("whole.jsonl", lines.join("\n"));
    assert_eq!(told("whole.jsonl").1, 1.0);
    lab.run(["eval", &sheet, "--evidence", "--marks", "nowhere.jsonl"]).check(1, &["nowhere.jsonl"]);
}

#[test]
fn two_operating_points_are_compared_and_other_records_refused() {
    let lab = Lab::new();
    let (one, other) = (records(&lab, "anglo1"), records(&lab, "anglo2"));
    for (set, point, json) in [(&one, "balanced", "a.json"), (&one, "high-precision", "b.json"), (&other, "balanced", "c.json")] {
        lab.run(["eval", set, "--operating-point", point, "--json", json]).check(0, &[]);
    }
    let said = lab.run(["compare", "a.json", "b.json"]);
    said.check(0, &[]);
    let row = |name: &str| -> String {
        let line = said.out.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{said:#?}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(row("PR-AUC").contains("+0.000 +0.000 – +0.000 1.00"), "the scores are the same: {}", said.out);
    assert!(!row("F1").contains("+0.000 +0.000"), "the calls are not: {}", said.out);
    lab.run(["compare", "a.json", "c.json"]).check(1, &["not of the same records", "run `eval` on the same files and side"]);
    lab.write("d.json", "{}");
    lab.run(["compare", "a.json", "d.json"]).check(1, &["d.json is no evaluation", "lurescan eval"]);
}

#[test]
fn a_calibration_is_fitted_shown_and_written() {
    let lab = Lab::new();
    let set = records(&lab, "anglo1");
    own_copy(&lab, "own");
    let before = lab.read("own/calibration.json");
    let args = ["calibrate", &set, "--model", "own", "--split", "all"];
    let said = lab.run(args.iter().chain(&["--dry-run"]));
    said.check(0, &["nothing written"]);
    assert_eq!(lab.read("own/calibration.json"), before);
    let said = lab.run(args);
    said.check(0, &["wrote own/calibration.json", "others are few"]);
    for part in ["high-recall", "balanced", "high-precision", "0.9 – 1.0", "calibration error"] {
        assert!(said.out.contains(part), "no `{part}` in {}", said.out);
    }
    let written = lab.json("own/calibration.json");
    let line = |point: &str| written["operating_points"][point].as_f64().unwrap();
    assert!(line("high-recall") <= line("balanced") && line("balanced") <= line("high-precision"), "{written}");
    assert!(written["fitted_on"].as_str().unwrap().contains("anglo1.jsonl (all)"), "{written}");
    // The promise of the high-recall point holds where it was made; the sums of the folder are renewed.
    let measured = lab.run(["eval", &set, "--model", "own", "--operating-point", "high-recall", "--json", "m.json"]);
    measured.check(0, &[]);
    let called = lab.json("m.json")["judged"].as_array().unwrap().clone();
    let suspects = || called.iter().filter(|judged| judged["suspect"] == true);
    let over = suspects().filter(|judged| judged["called"] == true).count();
    // The rule on contexts is chosen for the balanced point and may silence a few more.
    assert!(over as f64 >= 0.95 * suspects().count() as f64, "{over} of {}", suspects().count());
    assert!(lab.read("own/SHA256SUMS").contains(&sha256(&lab.path("own/calibration.json"))));
}

fn sha256(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    format!("{:x}", Sha256::digest(std::fs::read(path).unwrap()))
}

#[test]
fn an_exported_model_judges_as_the_installed_one() {
    let lab = Lab::new();
    let set = records(&lab, "anglo1");
    let few: Vec<String> = std::fs::read_to_string(&set).unwrap().lines().take(40).map(str::to_owned).collect();
    lab.write("set/few.jsonl", few.join("\n"));
    own_copy(&lab, "own");
    let judged = |model: &str| {
        lab.run(["eval", "set/few.jsonl", "--model", model, "--json", "m.json"]).check(0, &[]);
        lab.json("m.json")["judged"].clone()
    };
    assert_eq!(judged("own"), judged(shipped().to_str().unwrap()));
    assert!(lab.json("own/config.json")["architectures"].to_string().contains("BertModel"), "others can load it");
}

#[test]
fn too_few_records_are_no_calibration() {
    let lab = Lab::new();
    let set = records(&lab, "anglo1");
    let text = std::fs::read_to_string(&set).unwrap();
    let few: Vec<&str> = text.lines().take(20).collect();
    lab.write("set/few.jsonl", few.join("\n"));
    own_copy(&lab, "own");
    lab.run(["calibrate", "set/few.jsonl", "--model", "own", "--split", "all"]).check(1, &["30 suspects and 30 others at least"]);
    // No installed model is rewritten by oversight.
    lab.run(["calibrate", "set/few.jsonl", "--split", "all"]).check(2, &["--model"]);
    lab.write("mine.jsonl", "{\"id\":\"1\",\"text\":\"Cooks wanted\"}\n");
    lab.run(["eval", "mine.jsonl"]).check(1, &["mine.jsonl line 1", "missing field `label`", "one looks like {\"id\""]);
}

#[test]
fn a_rarer_kind_of_post_gets_lower_probabilities_and_the_same_verdicts() {
    let lab = Lab::new();
    let set = records(&lab, "anglo1");
    own_copy(&lab, "own");
    lab.run(["calibrate", &set, "--model", "own", "--split", "all"]).check(0, &[]);
    let judged = |more: &[&str]| {
        lab.run(["eval", &set, "--model", "own", "--json", "m.json"].iter().chain(more)).check(0, &[]);
        lab.json("m.json")["judged"].as_array().unwrap().clone()
    };
    let (plain, rare) = (judged(&[]), judged(&["--base-rate", "0.001"]));
    for (plain, rare) in plain.iter().zip(&rare) {
        assert_eq!(plain["called"], rare["called"]);
        let (plain, rare) = (plain["p_suspect"].as_f64().unwrap(), rare["p_suspect"].as_f64().unwrap());
        let odds = |p: f64| p / (1.0 - p);
        // About two in five of the records are suspects: odds fall some seven-hundredfold.
        if (0.01..0.99).contains(&plain) {
            let fall = odds(plain) / odds(rare);
            assert!((300.0..3000.0).contains(&fall), "{plain} to {rare}");
        }
    }
    lab.run(["eval", &set, "--base-rate", "2"]).check(2, &["expected a share between 0 and 1"]);
}
