//! The program as a user meets it: what it prints where, how it ends, and what it says when it cannot.

mod broken;
mod lists;
mod resume;

use std::io::Write as _;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use lurescan::typology::{INDICATORS, PATTERNS};

use crate::util::{BAD_ROWS, LABELS, Lab, export, root, tiny, tiny_scan};

/// A suspect to the tiny model, as `datasets/reference/hf/bert/expected.json` shows.
const SUSPECT: &str = "They keep your passport until the fee is paid.";
/// Clear to the tiny model.
const CLEAR: &str = "Cooks wanted in Riga, room and board included.";

/// One suspect, one clear post, one bad row.
fn three_rows() -> String {
    format!("{{\"id\":\"s\",\"text\":\"{SUSPECT}\"}}\n{{\"id\":\"c\",\"text\":\"{CLEAR}\"}}\nrate limit exceeded\n")
}

fn with_three_rows() -> Lab {
    let lab = Lab::new();
    lab.write("posts.jsonl", three_rows());
    lab
}

#[test]
fn a_scan_that_works_ends_with_0_and_says_nothing_on_standard_error() {
    let lab = with_three_rows();
    let said = lab.run(tiny_scan("posts.jsonl"));
    said.check(0, &[]);
    assert_eq!(said.err, "", "no bar and no message off a terminal");
    assert!(said.out.contains("1 of 2 posts judged carry signals for human review (50.0 %)."), "{}", said.out);
    assert!(said.out.contains("3 rows read = 1 rejected + 0 not assessed + 2 judged"), "{}", said.out);
    assert!(!said.out.contains(['\x1b', '\r']));
    let findings = lab.lines("lurescan-out/findings.jsonl");
    assert_eq!((findings.len(), &findings[0]["id"]), (1, &serde_json::json!("s")));
    let run = lab.json("lurescan-out/run.json");
    let digest = <sha2::Sha256 as sha2::Digest>::digest(three_rows());
    assert_eq!(run["inputs"][0]["sha256"], format!("{digest:x}"));
    assert_eq!(run["inputs"][0]["size"], three_rows().len());
    assert_eq!(run["status"], "complete");
}

#[test]
fn every_way_to_end_has_its_code() {
    let lab = with_three_rows();
    lab.run(tiny_scan("nowhere.jsonl")).check(1, &["nowhere.jsonl does not exist"]);
    lab.run(["scan"]).check(2, &["INPUT"]);
    lab.run(["scan", "posts.jsonl", "--emit", "some"]).check(2, &["suspects", "all"]);
    lab.run(["scna", "posts.jsonl"]).check(2, &["scan"]);
    lab.run(tiny_scan("posts.jsonl --resume --force")).check(2, &[]);
    lab.run(tiny_scan("posts.jsonl --operating-point sharp")).check(2, &["high-recall", "balanced"]);
    lab.run(tiny_scan("posts.jsonl -o rejected --max-errors 0")).check(3, &["1 rows were rejected", "--max-errors"]);
    lab.run(tiny_scan("posts.jsonl -o allowed --max-errors 1")).check(0, &[]);
    lab.run(tiny_scan("posts.jsonl -o gate --fail-on suspects=1")).check(4, &["--fail-on"]);
    lab.run(tiny_scan("posts.jsonl -o rate --fail-on rate=0.5")).check(4, &["--fail-on"]);
    lab.run(tiny_scan("posts.jsonl -o under --fail-on suspects=2")).check(0, &[]);
    lab.write("bad.jsonl", "no object\n{\"text\":7}\n");
    lab.run(tiny_scan("bad.jsonl -o unread")).check(1, &["every row was rejected", "--dry-run"]);
    lab.write("header.csv", "id,text\n");
    lab.run(tiny_scan("header.csv -o none")).check(0, &["no post was judged: the inputs hold no rows"]);
    lab.write("cut.jsonl.gz", &gzipped(three_rows().as_bytes())[..12]);
    lab.run(tiny_scan("cut.jsonl.gz -o cut")).check(1, &["cut.jsonl.gz is damaged", "every row was rejected"]);
    for out in ["rejected", "gate"] {
        assert_eq!(lab.json(&format!("{out}/run.json"))["status"], "complete", "the scan is complete whatever it ends with");
        assert!(lab.path(out).join("report.html").is_file());
    }
}

#[test]
fn options_that_make_no_sense_are_usage_errors() {
    let lab = with_three_rows();
    for (options, part) in [
        ("--fail-on many", "suspects=N or rate=F"),
        ("--fail-on rate=7", "suspects=N or rate=F"),
        ("--shard 5/4", "as in 1/4"),
        ("--shard 0/4", "as in 1/4"),
        ("--map txt=body", "`txt` is no key"),
        ("--threads 0", "--threads"),
        ("--min-cell 0", "--min-cell"),
    ] {
        let said = lab.run(tiny_scan(&format!("posts.jsonl {options}")));
        assert!(said.err.contains(part), "{said:#?}");
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{options}: {said:#?}");
        assert!(!lab.path("lurescan-out").exists(), "{options} left a folder behind");
    }
}

#[test]
fn help() {
    let lab = Lab::new();
    for (name, args) in [("help", vec!["--help"]), ("help_scan", vec!["scan", "--help"])] {
        let said = lab.run(args);
        said.check(0, &[]);
        assert_eq!(said.err, "");
        insta::assert_snapshot!(name, said.out);
    }
    let said = lab.run(["--version"]);
    assert_eq!(said.out, format!("lurescan {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let lab = Lab::new();
    let model = tiny();
    let model = model.to_str().unwrap();
    let records = root().join("datasets/authored/anglo1.jsonl");
    let commands = [
        vec!["typology"],
        vec!["explain", SUSPECT, "--model", model, "--labels", LABELS],
        vec!["models", "list"],
        vec!["datasets", "sample", "--posts", "300", "--from", records.to_str().unwrap()],
        vec!["--help"],
    ];
    for args in commands {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = lab.command().args(&args).stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), err.as_ref()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn json_messages_are_json_lines_on_standard_error() {
    let lab = with_three_rows();
    for (more, code) in [
        ("posts.jsonl -o out --max-errors 0 --log-format json", 3),
        ("posts.jsonl -o out --resume --log-format json", 0),
        ("nowhere.jsonl --log-format json", 1),
        ("posts.jsonl -o other --dry-run --log-format json", 0),
    ] {
        let said = lab.run(tiny_scan(more));
        said.check(code, &[]);
        assert!(!said.err.is_empty(), "{more} says nothing");
        for line in said.err.lines() {
            let event: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{more}: {error}: {line}"));
            assert!(event["event"].is_string(), "{line}");
        }
    }
    assert!(!lab.path("other").exists(), "a dry run writes nothing");
}

#[test]
fn explain_reads_an_argument_or_standard_input() {
    let lab = Lab::new();
    let model = tiny();
    let args = |text: &'static [&'static str]| {
        let mut args = vec!["explain", "--model", model.to_str().unwrap(), "--labels", LABELS];
        args.extend(text);
        args
    };
    let said = lab.run(args(&[SUSPECT]));
    said.check(0, &[]);
    assert!(
        said.out.starts_with("suspect: p_suspect 0.6") && said.out.contains("never an accusation") && said.err.is_empty(),
        "{said:#?}"
    );
    let piped = lab.run_with(SUSPECT.as_bytes(), args(&[]));
    assert_eq!(piped.out, said.out);
    let clear = lab.run(args(&[CLEAR]));
    assert!(clear.out.starts_with("clear: p_suspect 0.2") && !clear.out.contains("accusation"), "{clear:#?}");
    let json = lab.run(args(&[SUSPECT, "--json"]));
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.out.lines().count(), &value["verdict"]["label"]), (1, &serde_json::json!("suspect")));
    lab.run_with(b" \n", args(&[])).check(1, &["the post is empty"]);
    lab.run_with(b"\xff\xfe bytes", args(&[])).check(1, &["UTF-8"]);
}

#[test]
fn the_typology_names_everything_that_can_be_found() {
    let said = Lab::new().run(["typology"]);
    said.check(0, &[]);
    let ids = PATTERNS.iter().map(|pattern| &pattern.id).chain(INDICATORS.iter().map(|indicator| &indicator.id));
    for id in ids {
        assert!(said.out.contains(&format!("  {id}")), "{id} is missing");
    }
}

#[test]
fn the_shipped_model_is_the_default_and_can_be_listed() {
    let lab = Lab::new();
    let said = lab.run(["models", "list"]);
    assert!(said.out.lines().any(|line| line.starts_with("lure-base ") && line.trim_end().ends_with("default")), "{said:#?}");
    let dry = lab.run_with(three_rows().as_bytes(), ["scan", "-", "--dry-run"]);
    dry.check(0, &["nothing was judged or written"]);
    assert!(dry.out.contains("lure-base"), "{dry:#?}");
}

#[test]
fn a_dry_run_shows_what_the_first_rows_hold() {
    let lab = Lab::new();
    let row = |id: &str, date: &str| {
        serde_json::json!({"id": id, "text": SUSPECT, "region": "PH", "posted_at": date}).to_string() + "\n"
    };
    lab.write("posts.jsonl", row("a", "2026-03-09") + &row("b", "03/04/2026") + "rate limit exceeded\n");
    let dry = lab.run(tiny_scan("posts.jsonl --dry-run"));
    for expected in [
        "first 3: posts 2, rejected 1",
        "posts.jsonl:3",
        "region in 2",
        "date in 2, of which read 1",
        "`03/04/2026`; see --dates",
    ] {
        assert!(dry.out.contains(expected), "{expected}: {}", dry.out);
    }
    let ordered = lab.run(tiny_scan("posts.jsonl --dry-run --dates day-first"));
    assert!(ordered.out.contains("of which read 2") && !ordered.out.contains("see --dates"), "{}", ordered.out);
    lab.run(tiny_scan("posts.jsonl -o out --dates day-first")).check(0, &[]);
    assert!(lab.read("out/findings.jsonl").contains("\"posted_at\":\"2026-04-03\""), "{}", lab.read("out/findings.jsonl"));
    lab.run(tiny_scan("posts.jsonl -o out --resume --dates month-first")).check(1, &["out"]);
}

#[test]
fn the_output_folder_is_never_overwritten_unasked() {
    let lab = with_three_rows();
    lab.write("out/notes.txt", "mine");
    lab.run(tiny_scan("posts.jsonl -o out")).check(1, &["out is not empty", "--out", "--resume", "--force"]);
    lab.run(tiny_scan("posts.jsonl -o out --resume")).check(1, &["no checkpoint.json", "--out"]);
    lab.run(tiny_scan("posts.jsonl -o out --force")).check(1, &["files of another kind", "--out"]);
    assert_eq!(lab.outputs("out"), [("notes.txt".to_owned(), "mine".to_owned())], "a refused scan touches nothing");
    lab.run(tiny_scan("posts.jsonl -o posts.jsonl")).check(1, &["is a file, not a folder"]);
    std::fs::remove_dir_all(lab.path("out")).unwrap();
    lab.run(tiny_scan("posts.jsonl -o out --emit all")).check(0, &[]);
    lab.write("out/notes.txt", "mine");
    assert_eq!(lab.lines("out/findings.jsonl").len(), 2);
    lab.run(tiny_scan("posts.jsonl -o out --force")).check(0, &[]);
    assert_eq!(lab.lines("out/findings.jsonl").len(), 1, "--force starts over");
    assert_eq!(lab.read("out/notes.txt"), "mine", "--force removes what a scan wrote and nothing else");
    let findings = lab.read("out/findings.jsonl");
    lab.run(tiny_scan("out/findings.jsonl -o out --force")).check(1, &["both an input and a file that the scan would write"]);
    assert_eq!(lab.read("out/findings.jsonl"), findings, "an input is never written over");
}

/// Every field below `at` with its kind of value; of a list, the first item's.
fn paths(value: &serde_json::Value, at: &str, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => fields.iter().for_each(|(name, value)| paths(value, &format!("{at}.{name}"), out)),
        serde_json::Value::Array(items) => items.iter().take(1).for_each(|item| paths(item, &format!("{at}[]"), out)),
        serde_json::Value::Number(_) => out.push(format!("{at}: number")),
        serde_json::Value::String(_) => out.push(format!("{at}: string")),
        serde_json::Value::Bool(_) => out.push(format!("{at}: bool")),
        serde_json::Value::Null => out.push(format!("{at}: null")),
    }
}

#[test]
fn the_record_of_a_run_has_its_fields() {
    let lab = with_three_rows();
    lab.run(tiny_scan("posts.jsonl -o out")).check(0, &[]);
    let mut fields = Vec::new();
    paths(&lab.json("out/run.json"), "", &mut fields);
    insta::assert_snapshot!("run_fields", fields.join("\n"));
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

#[test]
fn packed_exports_standard_input_and_folders_are_read_alike() {
    let lab = Lab::new();
    let rows = export(90);
    lab.write("plain.jsonl", &rows);
    lab.write("packed.jsonl.gz", gzipped(&rows));
    lab.write("packed.jsonl.zst", zstd::encode_all(rows.as_slice(), 1).unwrap());
    lab.write("folder/deep/posts.jsonl", &rows);
    lab.write("key", "a key of thirty-two characters ok");
    let scan = |input: &str, out: &str| {
        lab.run_with(&rows, tiny_scan(&format!("{input} -o {out} --emit all --contact-key key"))).check(0, &[]);
        let without_file = |mut line: serde_json::Value| {
            line["source"]["file"].take();
            line
        };
        lab.lines(&format!("{out}/findings.jsonl")).into_iter().map(without_file).collect::<Vec<_>>()
    };
    let plain = scan("plain.jsonl", "a");
    assert_eq!(plain.len(), 85);
    for (out, input) in ["packed.jsonl.gz", "packed.jsonl.zst", "-", "folder", "pl*.jsonl"].iter().enumerate() {
        assert!(scan(input, &format!("out{out}")) == plain, "{input} reads otherwise");
    }
}

#[test]
fn files_of_a_folder_that_are_not_read_are_named() {
    let lab = with_three_rows();
    lab.write("in/posts.jsonl", three_rows());
    for name in ["week1.xlsx", "week2.xlsx", "week3.parquet", "week4.zip"] {
        lab.write(&format!("in/{name}"), "PK");
    }
    let said = lab.run(tiny_scan("in -o out"));
    said.check(0, &["passed over", "week1.xlsx", "and 1 more", "name a file to have it read"]);
    assert!(!lab.run(tiny_scan("posts.jsonl -o again")).err.contains("passed over"));
}

#[test]
fn rows_with_bytes_that_are_no_text_are_set_aside() {
    let lab = Lab::new();
    let mut rows = three_rows().into_bytes();
    for bad in [BAD_ROWS[5], BAD_ROWS[6]] {
        rows.extend_from_slice(bad);
        rows.push(b'\n');
    }
    rows.extend_from_slice(format!("{{\"id\":\"last\",\"text\":\"{SUSPECT}\"}}").as_bytes());
    lab.write("posts.jsonl", rows);
    lab.run(tiny_scan("posts.jsonl -o out")).check(0, &[]);
    let ids: Vec<_> = lab.lines("out/findings.jsonl").iter().map(|line| line["id"].clone()).collect();
    assert_eq!(ids, ["s", "last"], "rows behind a bad one are read, also the last without a line break");
    assert_eq!(lab.lines("out/rejected.jsonl").len(), 3);
}
