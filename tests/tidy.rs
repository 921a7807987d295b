//! The house rules that a reader relies on: arrows point one way, quiet rooms stay quiet.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and nouns in the order of `lib.rs`. Each may name those before it.
fn order() -> Vec<String> {
    let lib = fs::read_to_string(src().join("lib.rs")).unwrap();
    lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file with the room it belongs to and its code above the unit tests.
fn files() -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![src()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let inside = path.strip_prefix(src()).unwrap();
                let room = inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned();
                let text = fs::read_to_string(&path).unwrap();
                let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
                found.push((room, path, code));
            }
        }
    }
    found.sort();
    found
}

/// Code without comment lines.
fn code_lines(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// The rooms that a path after `crate::` names: one, or each of a list in braces.
fn named(path: &str) -> Vec<String> {
    let name = |path: &str| path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let Some(list) = path.strip_prefix('{') else { return vec![name(path)] };
    let mut depth = 0;
    let end = list.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth < 0
    });
    // Names inside deeper braces are items of a room; none is called like a later one.
    list[..end.unwrap_or(list.len())].split(',').map(name).collect()
}

#[test]
fn lists_of_rooms_are_read_too() {
    assert_eq!(named("{post::Post, scan}; crate"), ["post", "scan"]);
    assert_eq!(named("{text::{self, fold},\n    scan,\n};"), ["text", "fold", "scan", ""]);
}

#[test]
fn a_room_names_only_rooms_before_it() {
    let order = order();
    let place: BTreeMap<&str, usize> = order.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut backwards = Vec::new();
    for (room, path, code) in files() {
        let Some(own) = place.get(room.as_str()) else { continue };
        let code: String = code_lines(&code).collect::<Vec<_>>().join("\n");
        for named in code.split("crate::").skip(1).flat_map(named) {
            if place.get(named.as_str()).is_some_and(|other| other > own) {
                backwards.push(format!("{}: {room} names {named}", path.display()));
            }
        }
    }
    assert!(backwards.is_empty(), "arrows point backwards:\n{}", backwards.join("\n"));
}

#[test]
fn no_file_but_the_corridors_knows_both_its_ends() {
    for (room, path, code) in files() {
        if ["scan", "cli", "lib", "main"].contains(&room.as_str()) {
            continue;
        }
        let knows = |name: &str| code_lines(&code).any(|line| line.contains(&format!("crate::{name}")));
        assert!(!(knows("export") && knows("classifier")), "{} knows both ends of the corridor", path.display());
    }
}

#[test]
fn pure_rooms_do_no_input_or_output() {
    let pure = [
        "post",
        "evidence",
        "finding",
        "typology",
        "text",
        "attribution",
        "patterns",
        "contacts",
        "regions",
        "terms",
        "guidance",
        "aggregate",
        "evasion",
        "corpus",
        "evaluation",
    ];
    for (room, path, code) in files().into_iter().filter(|(room, ..)| pure.contains(&room.as_str())) {
        for forbidden in ["std::fs", "std::net", "println!", "eprintln!", "std::env"] {
            assert!(!code_lines(&code).any(|line| line.contains(forbidden)), "{} ({room}) uses {forbidden}", path.display());
        }
    }
}

#[test]
fn only_reports_and_stored_files_are_serialised() {
    // What a scan writes lives in report/; a model's JSON files, the checkpoints and labelled records are formats of their own.
    let stored = [
        "classifier/config.rs",
        "verdict/calibration.rs",
        "verdict/scaling.rs",
        "scan/checkpoint.rs",
        "training/write.rs",
        "training/tune.rs",
        "labelled/line.rs",
    ];
    for (room, path, code) in files() {
        let allowed = room == "report" || stored.iter().any(|file| path.ends_with(file));
        let serialises =
            code_lines(&code).any(|line| line.contains("derive") && line.replace("Deserialize", "").contains("Serialize"));
        assert!(allowed || !serialises, "{} derives Serialize outside report/", path.display());
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let mut section = String::new();
    let mut before = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line.to_owned();
        } else if section.contains("dependencies") && line.contains(" = ") {
            assert!(before.starts_with('#'), "no reason above `{line}`");
        }
        before = line;
    }
}

#[test]
fn the_tracked_tree_stays_small() {
    let listed = std::process::Command::new("git").args(["ls-files", "-z"]).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    // A source archive has no git: nothing to check there.
    let Ok(listed) = listed else { return };
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let total: u64 = names
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter_map(|name| fs::metadata(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).ok())
        .map(|facts| facts.len())
        .sum();
    assert!(total < 60 << 20, "{} MiB are tracked; the limit is 60", total >> 20);
}
