//! Labelled sets by the commands that users have for them.

mod agree;
mod check;
mod exchange;
mod spans;
mod split;
mod stats;

use serde_json::{Value, json};

use crate::util::Lab;

/// What `set.toml` needs.
const SET: &str = r#"name = "tiny"
title = "A tiny set"
description = "For tests."
version = "1.0.0"
license = "CC-BY-4.0"
license_url = "https://creativecommons.org/licenses/by/4.0/"
creator = "Nobody"
url = "https://example.org/tiny"
published = "2026-01-01"
citation = "Nobody (2026)."
keywords = ["test"]
"#;

/// A record with everything in order; `more` replaces fields, `label` those of the label.
fn record(id: &str, text: &str, more: &Value, label: &Value) -> String {
    let mut line = json!({
        "id": id, "text": text, "lang": "en", "channel": "group_message", "source": "authored:one",
        "label": {"context": "offer", "suspect": false, "patterns": [], "indicators": [], "origin": [], "destination": []},
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        line[name] = value.clone();
    }
    for (name, value) in label.as_object().into_iter().flatten() {
        line["label"][name] = value.clone();
    }
    format!("{line}\n")
}

fn clear(id: &str, text: &str) -> String {
    record(id, text, &json!({}), &json!({}))
}

fn suspect(id: &str, text: &str, pattern: &str) -> String {
    record(id, text, &json!({}), &json!({"suspect": true, "patterns": [pattern], "indicators": ["recruitment_fee"]}))
}

/// A folder with one set of these lines, beside things that are no sets.
fn lab(lines: &[String]) -> Lab {
    let lab = Lab::new();
    lab.write("datasets/tiny/set.toml", SET);
    lab.write("datasets/tiny/one.jsonl", lines.concat());
    lab.write("datasets/reference/posts.jsonl", "{\"text\":\"no labelled record\"}\n");
    lab
}

#[test]
fn help() {
    let said = Lab::new().run(["datasets", "--help"]);
    said.check(0, &[]);
    insta::assert_snapshot!(said.out);
}
