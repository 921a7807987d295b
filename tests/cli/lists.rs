//! `--known-channels` and `--licensed`: what a team knows, met in posts.

use super::{CLEAR, SUSPECT, with_three_rows};
use crate::util::{Lab, tiny_scan};

fn with_lists() -> Lab {
    let lab = with_three_rows();
    let row = |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n");
    lab.write("posts.jsonl", row("s", SUSPECT) + &row("c", CLEAR));
    lab.write("known.csv", "entry,source,expires\nCooks wanted in Riga,hotline 2026,2001-01-31\n");
    lab.write("licensed.csv", "name,entry,source\nx,They keep your passport,register\n");
    lab
}

#[test]
fn a_known_channel_is_shown_with_its_source_whatever_the_model_says() {
    let lab = with_lists();
    lab.run(tiny_scan("posts.jsonl -o without")).check(0, &[]);
    assert_eq!(lab.lines("without/findings.jsonl").len(), 1, "the suspect alone");
    let said = lab.run(tiny_scan("posts.jsonl --known-channels known.csv --licensed licensed.csv"));
    said.check(0, &["known.csv: 1 entries, 1 of them expired", "licensed.csv: 1 entries"]);
    let findings = lab.lines("lurescan-out/findings.jsonl");
    assert_eq!(findings.len(), 2, "the suspect, and the clear post with a known channel: {findings:?}");
    let met = |at: usize| &findings[at]["lists"][0];
    assert_eq!((&met(0)["list"], &met(0)["source"]), (&"licensed".into(), &"register".into()));
    assert_eq!((&met(1)["list"], &met(1)["expired"], &met(1)["row"]), (&"known_channels".into(), &true.into(), &2.into()));
    assert_eq!(findings[1]["verdict"]["label"], "clear", "a list changes no verdict");
    let run = lab.json("lurescan-out/run.json");
    assert_eq!(run["counts"]["suspect"], 1);
}

#[test]
fn lists_that_cannot_be_used_say_what_they_should_hold() {
    let lab = with_lists();
    lab.write("headless.csv", "+44 7700 900123,hotline\n");
    lab.write("dated.csv", "entry,expires\nGolden Bridge,31.12.2026\n");
    lab.write("short.csv", "entry\nABC\n");
    lab.write("lost.csv", "entry;source\nGolden Bridge;x\n4.477E+11;hotline\n");
    lab.write("open.csv", "entry,source\nGolden Bridge,x\n\"Silver Bridge,y\nCopper Bridge,z\n");
    for (file, said) in [
        ("headless.csv", "has no column `entry`"),
        ("dated.csv", "row 2: `31.12.2026` is no day; expected YYYY-MM-DD"),
        ("short.csv", "row 2: `ABC` is too short"),
        ("lost.csv", "row 3: `4.477E+11` is a number whose last digits the spreadsheet has left out"),
        ("open.csv", "row 3: a quote (\") opens on this line and is not closed"),
        ("nowhere.csv", "cannot read the list nowhere.csv"),
    ] {
        lab.run(tiny_scan(&format!("posts.jsonl --known-channels {file}"))).check(1, &[said]);
        assert!(!lab.path("lurescan-out").exists());
    }
}
