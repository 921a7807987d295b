//! Files, folders and pipes: what is found, what it was, what is damaged, and where to go on.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use flate2::Compression as Level;
use flate2::write::GzEncoder;
use lurescan::export::{Compression, ExportError, Format, Inputs, Passed, Posts};
use sha2::{Digest, Sha256};

use super::{split, texts};

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory")
}

fn row(n: usize) -> String {
    format!("{{\"id\":\"{n}\",\"text\":\"post {n}\"}}\n")
}

fn rows(numbers: std::ops::Range<usize>) -> String {
    numbers.map(row).collect()
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

fn open(inputs: Inputs) -> Posts {
    Posts::open(inputs, Format::Auto, "".parse().expect("a map")).expect("the inputs open")
}

#[test]
fn folders_are_read_in_order_and_whole() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.jsonl", "a/2.jsonl.gz", "a/10.ndjson", ".hidden.jsonl", ".git/x.jsonl", "README.md", "c.CSV"] {
        let bytes = if name.ends_with("CSV") { "text\nx\n".into() } else { row(1) };
        write(folder.path(), name, bytes);
    }
    write(folder.path(), "empty.jsonl", "");
    write(folder.path(), "lurescan-out/findings.jsonl", row(1));
    write(folder.path(), "lurescan-out/run.json", "{}");
    let inputs = Inputs::find([folder.path()]).unwrap();
    let names: Vec<_> = inputs.names().map(|name| name.strip_prefix(folder.path().to_str().unwrap()).unwrap()).collect();
    let passed_over: Vec<_> = inputs.passed_over().iter().filter_map(|path| path.file_name()).collect();
    assert_eq!(passed_over, ["README.md"], "neither hidden files nor what a scan wrote");
    assert_eq!(names, ["/a/10.ndjson", "/a/2.jsonl.gz", "/b.jsonl", "/c.CSV", "/empty.jsonl"]);
    assert_eq!(split(open(inputs)).0.len(), 4);
}

#[test]
fn globs_are_expanded_and_a_file_is_read_once() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["p2.jsonl", "p10.jsonl", "other.jsonl"] {
        write(folder.path(), name, row(1));
    }
    let glob = folder.path().join("p*.jsonl");
    let inputs = Inputs::find([folder.path().join("p2.jsonl"), glob, folder.path().join("./p2.jsonl")]).unwrap();
    let names: Vec<_> = inputs.names().map(|name| name.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["p2.jsonl", "p10.jsonl"]);
}

#[test]
fn inputs_that_do_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    let find = |name: &str| Inputs::find([folder.path().join(name)]).unwrap_err();
    assert!(matches!(find("none.jsonl"), ExportError::Missing { .. }));
    assert!(matches!(find("*.jsonl"), ExportError::NoMatch { .. }));
    assert!(matches!(find(""), ExportError::NoExports { .. }));
    assert!(matches!(Inputs::find::<&str>([]).unwrap_err(), ExportError::BadInput { .. }));
    write(folder.path(), "empty.jsonl", "");
    let named = Inputs::find([folder.path().join("empty.jsonl")]).unwrap();
    assert!(matches!(Posts::open(named, Format::Auto, "".parse().unwrap()).err(), Some(ExportError::Empty { .. })));
}

#[test]
fn facts_are_those_of_the_files_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let table = format!("id,text\n{}", "1,x\n".repeat(200_000));
    let files = [
        ("a.jsonl", rows(0..9).into_bytes(), Format::JsonLines, Compression::None, 9),
        ("b.csv.gz", gzip(table.as_bytes()), Format::Csv, Compression::Gzip, 200_000),
        ("c.json.zst", zstd(b"[{\"text\":\"x\"},3]"), Format::JsonArray, Compression::Zstd, 2),
        ("d.tsv", gzip(b"id\ttext\n1\tx\n"), Format::Tsv, Compression::Gzip, 1),
        ("e.csv.gz", b"text\nnot packed\n".to_vec(), Format::Csv, Compression::None, 1),
    ];
    for (name, bytes, ..) in &files {
        write(folder.path(), name, bytes);
    }
    let mut posts = open(Inputs::find([folder.path()]).unwrap());
    let progress = posts.progress();
    let total = files.iter().map(|(_, bytes, ..)| bytes.len() as u64).sum();
    assert_eq!((progress.read(), progress.total()), (0, Some(total)));
    assert_eq!(posts.by_ref().filter(Result::is_err).count(), 1);
    assert_eq!(progress.read(), total);
    for (facts, (name, bytes, format, compression, records)) in posts.facts().iter().zip(&files) {
        assert!(facts.path.ends_with(name));
        assert_eq!((facts.size, facts.format, facts.compression), (Some(bytes.len() as u64), *format, *compression), "{name}");
        assert_eq!((facts.records, facts.damaged), (*records, false), "{name}");
        assert_eq!(facts.sha256, Some(format!("{:x}", Sha256::digest(bytes))), "{name}");
    }
}

#[test]
fn members_and_frames_may_follow_one_another() {
    for pack in [gzip, zstd] {
        let bytes = [pack(rows(0..3).as_bytes()), pack(b""), pack(rows(3..5).as_bytes())].concat();
        assert_eq!(super::read("a.jsonl", bytes).0.len(), 5);
    }
    let skippable = [&b"\x50\x2a\x4d\x18\x04\0\0\0abcd"[..], &zstd(rows(0..2).as_bytes())].concat();
    assert_eq!(super::read("a.jsonl", skippable).0.len(), 2);
}

#[test]
fn dumps_with_the_longest_window_open() {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(31).unwrap();
    encoder.write_all(rows(0..3).as_bytes()).unwrap();
    assert_eq!(super::read("a.jsonl.zst", encoder.finish().unwrap()).0.len(), 3);
}

#[test]
fn a_damaged_file_gives_what_it_has_and_the_next_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let many = rows(0..40_000);
    for (name, bytes) in [("a.jsonl.gz", gzip(many.as_bytes())), ("b.jsonl.zst", zstd(many.as_bytes()))] {
        write(folder.path(), name, &bytes[..bytes.len() / 2]);
    }
    write(folder.path(), "c.jsonl", rows(0..2));
    let mut posts = open(Inputs::find([folder.path()]).unwrap());
    let (mut read, mut damage) = (0, Vec::new());
    for post in posts.by_ref() {
        match post {
            Ok(post) => {
                assert_eq!(post.text, format!("post {}", post.id));
                read += 1;
            }
            Err(row) => damage.push(row),
        }
    }
    assert_eq!(damage.len(), 2);
    for (row, facts) in damage.iter().zip(posts.facts()) {
        assert!(row.reason.starts_with(&format!("the file is damaged after record {}", row.source.record - 1)), "{}", row.reason);
        assert_eq!((facts.records, facts.damaged, facts.sha256.as_ref()), (row.source.record, true, None));
        assert!(facts.records > 10_000, "half a file holds thousands of rows");
    }
    assert_eq!(read + 2, posts.facts().iter().map(|facts| facts.records).sum::<u64>());
    assert!(!posts.facts()[2].damaged);
    assert_eq!(posts.progress().read(), posts.progress().total().unwrap());
}

#[test]
fn a_damaged_beginning_is_no_reason_to_stop() {
    let packed = gzip(rows(0..10).as_bytes());
    for length in [2, 11, packed.len() - 1] {
        let (_, rejected) = super::read("a.jsonl.gz", &packed[..length]);
        assert_eq!(rejected.len(), 1, "{length} bytes");
        assert!(rejected[0].reason.contains("is damaged after record"));
    }
}

#[test]
fn a_file_that_vanishes_is_one_rejection() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.jsonl", row(0));
    write(folder.path(), "b.jsonl", row(1));
    let mut posts = open(Inputs::find([folder.path()]).unwrap());
    fs::remove_file(folder.path().join("a.jsonl")).unwrap();
    assert!(posts.next().unwrap().unwrap_err().reason.contains("cannot be read"));
    assert_eq!(posts.next().unwrap().unwrap().text, "post 1");
}

#[test]
fn a_resumed_run_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.jsonl", rows(0..5));
    write(folder.path(), "b.csv", "id,text\n1,x\n2,\n\n3,\"y\nz\"\n");
    write(folder.path(), "c.json", "[{\"text\":\"a\"},{bad},{\"text\":\"b\"}]");
    let packed = gzip(rows(0..40_000).as_bytes());
    write(folder.path(), "d.jsonl.gz", &packed[..packed.len() / 2]);
    let inputs = || Inputs::find([folder.path()]).unwrap();
    let whole: Vec<_> = open(inputs()).collect();
    let mut before = 0;
    let known: Vec<Passed> = {
        let mut posts = open(inputs());
        posts.by_ref().for_each(drop);
        posts.facts().iter().map(Passed::from).collect()
    };
    for (file, &Passed { records, .. }) in known.iter().enumerate() {
        for skipped in [0, 1, records - 1, records] {
            let mut posts = open(inputs());
            posts.skip_to(&known[..file], skipped);
            assert_eq!(posts.file(), file);
            let rest: Vec<_> = posts.by_ref().collect();
            assert!(rest == whole[before + skipped as usize..], "file {file}, {skipped} rows skipped");
            let told: Vec<Passed> = posts.facts().iter().map(Passed::from).collect();
            assert_eq!(told[..file], known[..file], "what was learnt of earlier inputs is kept");
            assert_eq!((told[file].records, &told[file].sha256), (records, &known[file].sha256));
        }
        before += records as usize;
    }
    let mut posts = open(inputs());
    posts.skip_to(&[], 4);
    posts.by_ref().for_each(drop);
    assert!(posts.facts()[0].sha256.is_some(), "skipped rows are hashed too");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_opened_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.jsonl");
    if !std::process::Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success()) {
        return;
    }
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, rows(0..3))
    });
    let posts = open(Inputs::find([&pipe]).unwrap());
    assert_eq!((posts.progress().total(), posts.facts()[0].size), (None, None));
    assert_eq!(texts(&split(posts).0), ["post 0", "post 1", "post 2"]);
    writer.join().unwrap().unwrap();
}

/// Fails after its bytes are read, as a disk or network drive does.
struct Failing(std::io::Cursor<Vec<u8>>);

impl Read for Failing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(std::io::Error::other("the drive is gone")),
            read => Ok(read),
        }
    }
}

#[test]
fn a_read_error_keeps_the_rows_before_it() {
    for bytes in [rows(0..3), rows(0..30_000)] {
        let count = bytes.lines().count();
        let posts = open(Inputs::from_reader("a.jsonl", Failing(std::io::Cursor::new(bytes.into_bytes()))));
        let (posts, rejected) = split(posts);
        assert_eq!((posts.len(), rejected.len()), (count, 1));
        assert!(rejected[0].reason.contains(&format!("after record {count}: the drive is gone")), "{}", rejected[0].reason);
    }
}
