//! Runs that end too early, and what `--resume` makes of them.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::util::{Lab, Said, export, tiny, tiny_scan};

/// An export, a contact key, and the run that was never disturbed.
fn undisturbed(rows: usize) -> Lab {
    let lab = Lab::new();
    lab.write("posts.jsonl", export(rows));
    lab.write("key", "a key of thirty-two characters ok");
    lab.run(scan("whole", "")).check(0, &[]);
    lab
}

fn scan(out: &str, more: &str) -> Vec<String> {
    tiny_scan(&format!("posts.jsonl --emit all --text full --contact-key key -o {out} {more}"))
}

/// Everything but times and speeds.
fn assert_same(lab: &Lab, out: &str) {
    for name in ["findings.jsonl", "rejected.jsonl", "tally.json", "tally.csv", "shared.json", "shared.csv"] {
        assert!(
            lab.read(&format!("{out}/{name}")) == lab.read(&format!("whole/{name}")),
            "{out}/{name} differs from the undisturbed run's"
        );
    }
    let counts = |out: &str| lab.json(&format!("{out}/run.json"))["counts"].clone();
    assert_eq!(counts(out), counts("whole"));
    let inputs = |out: &str| lab.json(&format!("{out}/run.json"))["inputs"].clone();
    assert_eq!(inputs(out), inputs("whole"), "hashes and row counts of inputs survive a resume");
    assert_eq!(lab.json(&format!("{out}/run.json"))["status"], "complete");
}

#[test]
fn a_limited_scan_goes_on_with_other_threads_and_batches() {
    let lab = undisturbed(2_000);
    lab.run(scan("out", "--limit 1200 --threads 1")).check(0, &[]);
    assert!(lab.json("out/run.json")["counts"]["read"] == 1200);
    lab.run(scan("out", "--resume --threads 2 --batch-tokens 300")).check(0, &["going on behind row 1200"]);
    assert_same(&lab, "out");
    assert_eq!(lab.json("out/run.json")["resumed"], true);
    // Once more changes nothing.
    lab.run(scan("out", "--resume")).check(0, &[]);
    assert_same(&lab, "out");
}

#[test]
fn resume_without_a_run_begins_one() {
    let lab = undisturbed(150);
    lab.run(scan("out", "--resume")).check(0, &[]);
    assert_same(&lab, "out");
}

#[test]
fn an_input_with_fewer_rows_than_were_read_cannot_go_on() {
    let lab = Lab::new();
    let piped = |rows, more: &str| lab.run_with(&export(rows), tiny_scan(&format!("- -o out {more}")));
    piped(200, "--limit 150").check(0, &[]);
    piped(100, "--resume").check(1, &["- holds fewer rows than the interrupted run had read"]);
    piped(200, "--resume").check(0, &[]);
    assert_eq!(lab.json("out/run.json")["status"], "complete");
}

#[test]
fn what_would_judge_otherwise_cannot_go_on() {
    let lab = undisturbed(150);
    lab.run(scan("out", "--limit 100")).check(0, &[]);
    let before = lab.outputs("out");
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        lab.write(&format!("tiny/{file}"), std::fs::read(tiny().join(file)).unwrap());
    }
    let config = lab.read("tiny/config.json");
    lab.write("tiny/config.json", format!("{config}\n"));
    let mut other_model = scan("out", "--resume");
    let at = other_model.iter().position(|arg| arg == "--model").unwrap();
    other_model[at + 1] = "tiny".to_owned();
    lab.run(other_model).check(1, &["checkpoint.json", "another model"]);
    let without = |option: &str| scan("out", "--resume").into_iter().filter(|arg| arg != option).collect::<Vec<_>>();
    let mut suspects = without("--emit");
    suspects.retain(|arg| arg != "all");
    lab.run(suspects).check(1, &["other settings"]);
    lab.write("posts.jsonl", export(151));
    lab.run(scan("out", "--resume")).check(1, &["other inputs"]);
    assert_eq!(lab.outputs("out"), before, "a refused resume touches nothing");
    lab.write("out/checkpoint.json", "{\"schema\":");
    lab.run(scan("out", "--resume")).check(1, &["checkpoint.json", "--force"]);
}

#[test]
fn another_contact_key_under_the_same_name_cannot_go_on() {
    let lab = undisturbed(150);
    lab.run(scan("out", "--limit 100")).check(0, &[]);
    lab.write("key", "another key of thirty-two letters");
    lab.run(scan("out", "--resume")).check(1, &["checkpoint.json"]);
}

/// Runs the scan where no file may grow beyond `blocks` of 512 bytes, as on a disk that fills up.
#[cfg(unix)]
fn on_a_full_disk(lab: &Lab, blocks: u32, args: &[String]) -> Said {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.current_dir(lab.path("")).args(["-c", &script, env!("CARGO_BIN_EXE_lurescan")]).args(args);
    Said::from(shell.stdin(Stdio::null()).output().unwrap())
}

#[cfg(unix)]
#[test]
fn a_full_disk_in_the_first_minute_loses_nothing() {
    let lab = undisturbed(500);
    let said = on_a_full_disk(&lab, 64, &scan("out", ""));
    said.check(1, &["cannot write out/findings.jsonl", "free space", "--resume"]);
    assert_eq!(said.out, "");
    lab.run(scan("out", "--resume")).check(0, &[]);
    assert_same(&lab, "out");
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_later_keeps_what_was_judged() {
    let lab = undisturbed(500);
    lab.run(scan("out", "--limit 100")).check(0, &[]);
    let kept = lab.read("out/findings.jsonl");
    on_a_full_disk(&lab, 200, &scan("out", "--resume")).check(1, &["cannot write out/findings.jsonl", "--resume"]);
    // The disk may have filled in the middle of a character.
    assert!(std::fs::read(lab.path("out/findings.jsonl")).unwrap().starts_with(kept.as_bytes()));
    lab.run(scan("out", "--resume")).check(0, &["going on behind row"]);
    assert_same(&lab, "out");
}

#[cfg(unix)]
#[test]
fn an_interrupted_scan_ends_with_130_and_can_go_on() {
    let lab = Lab::new();
    lab.write("key", "a key of thirty-two characters ok");
    let rows = export(2_600);
    let args = |out: &str, more: &str| tiny_scan(&format!("- --emit all --contact-key key -o {out} {more}"));
    lab.run_with(&rows, args("whole", "")).check(0, &[]);

    let mut command = lab.command();
    let mut child =
        command.args(args("out", "")).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<&[u8]> = rows.split_inclusive(|byte| *byte == b'\n').collect();
    // One chunk and a half: the scan waits for the rest of the second.
    stdin.write_all(&lines[..1_300].concat()).unwrap();
    let findings = lab.path("out/findings.jsonl");
    let waited = std::time::Instant::now();
    while std::fs::metadata(&findings).map_or(0, |facts| facts.len()) == 0 {
        assert!(waited.elapsed() < Duration::from_mins(1), "the first chunk is never written");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    std::thread::sleep(Duration::from_millis(300));
    // The scan ends behind the chunk in hand and reads no further: the pipe may be closed before all is written.
    let _ = stdin.write_all(&lines[1_300..].concat());
    drop(stdin);
    let said = Said::from(child.wait_with_output().unwrap());
    said.check(130, &["interrupted", "--resume"]);
    let run = lab.json("out/run.json");
    assert_eq!(run["status"], "interrupted");
    assert!(run["counts"]["read"].as_u64().unwrap() < 2_600);
    assert!(lab.read("out/report.html").contains("interrupted"), "the report says that it is not whole");

    lab.run_with(&rows, args("out", "--resume")).check(0, &["going on behind row"]);
    assert_same(&lab, "out");
}

#[test]
fn shards_of_the_program_are_the_whole() {
    let lab = undisturbed(400);
    let mut lines = Vec::new();
    for shard in 1..=3 {
        let out = format!("shard{shard}");
        lab.run(scan(&out, &format!("--shard {shard}/3"))).check(0, &[]);
        lines.extend(lab.lines(&format!("{out}/findings.jsonl")));
    }
    lines.sort_by_key(|line| line["source"]["record"].as_u64());
    assert!(lines == lab.lines("whole/findings.jsonl"));
}
