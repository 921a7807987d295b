//! Rows as they really arrive: broken, enormous, in the wrong encoding. Each costs itself and no other.

use std::io::{Cursor, Read};

use lurescan::export::{Format, Inputs, Posts, ROW_LIMIT, TEXT_LIMIT};

use super::{open, read, split, texts};

fn reasons(name: &str, bytes: &[u8]) -> Vec<String> {
    read(name, bytes).1.into_iter().map(|row| row.reason).collect()
}

#[test]
fn lines_that_are_no_posts() {
    let bytes = [
        &b"\xef\xbb\xbf{\"text\":\"bom\"}\r\n"[..],
        b"\r\n   \n",
        b"{\"text\":\"a\"\n",
        b"{\"text\":\"caf\xe9\"}\n",
        b"\0\0\0\0\n",
        b"[1]\n",
        b"{\"text\":7}\n",
        b"{\"text\":[\"a\"]}\n",
        b"{\"text\":\" \\n\"}\n",
        b"{\"words\":\"x\"}\n",
        b"{\"text\":\"a\"} {\"text\":\"b\"}\n",
        b"{\"text\":\"half an emoji \\ud83d, a whole one \\ud83d\\ude00, a backslash \\\\ud83d\"}\n",
        b"\xef\xbb\xbf{\"text\":\"joined\"}",
    ]
    .concat();
    let (posts, rejected) = read("a.jsonl", bytes.clone());
    assert_eq!(texts(&posts), ["bom", "half an emoji \u{fffd}, a whole one 😀, a backslash \\ud83d", "joined"]);
    insta::assert_snapshot!(
        rejected.iter().map(|row| format!("{} {}", row.source.record, row.reason)).collect::<Vec<_>>().join("\n"),
        @r"
    2 the row is not valid JSON: it ends in the middle; it may be cut off or spread over lines
    3 the row is not valid UTF-8 at its byte 13; export it as UTF-8 or convert it
    4 the row holds NUL bytes and no JSON object; the file was probably damaged while it was written
    5 the row is not a JSON object
    6 the text of the post is a number, not a string
    7 the text of the post is a list, not a string
    8 the text of the post is empty
    9 the row has no field with the text of a post; name one with --map text=FIELD
    10 the row is not valid JSON: trailing characters at its byte 14
    "
    );
    for row in &rejected {
        let at = usize::try_from(row.offset).unwrap();
        assert!(
            String::from_utf8_lossy(&bytes[at..]).starts_with(&row.head),
            "the offset of record {} is wrong",
            row.source.record
        );
    }
}

#[test]
fn a_text_in_pieces_is_one_text() {
    let rows = concat!(
        r#"{"text":["Call ",{"type":"phone","text":"+855 12 xxx"},", ask for ",{"type":"bold","text":"Dara"}],"id":1}"#,
        "\n",
        r#"{"text":[{"type":"bold"},"no text"],"id":2}"#,
        "\n",
        r#"{"text":["a",["b"],{"text":"c"}],"id":3}"#,
    );
    let (posts, rejected) = read("a.jsonl", rows);
    assert_eq!(texts(&posts), ["Call +855 12 xxx, ask for Dara"]);
    assert!(rejected.len() == 2 && rejected.iter().all(|row| row.reason.contains("is a list")), "{rejected:?}");
}

#[test]
fn a_text_may_have_a_mebicharacter_and_no_more() {
    for (length, kept) in [(TEXT_LIMIT, 1), (TEXT_LIMIT + 1, 0)] {
        let (posts, rejected) = read("a.jsonl", format!("{{\"text\":\"{}\"}}", "я".repeat(length)));
        assert_eq!((posts.len(), rejected.len()), (kept, 1 - kept));
    }
}

#[test]
fn a_row_may_have_the_limit_and_no_more() {
    for (length, reason) in [(ROW_LIMIT, "the text is longer than"), (ROW_LIMIT + 1, "the row is longer than 16 MiB")] {
        let row = format!("{{\"text\":\"{}\"}}", "x".repeat(length - 11));
        for bytes in [format!("{row}\n{{\"text\":\"next\"}}"), format!("{row}\r\n{{\"text\":\"next\"}}\r\n")] {
            let (posts, rejected) = read("a.jsonl", bytes);
            assert_eq!(texts(&posts), ["next"]);
            assert!(rejected[0].reason.starts_with(reason), "{}", rejected[0].reason);
        }
    }
}

#[test]
fn a_broken_element_of_an_array_costs_one_row() {
    for broken in [
        r#"{"text":"unclosed}"#,
        r#"{"text":"he said "hi" and left"}"#,
        r#"{"text":"x""#,
        r#"{"text":["x"}"#,
        r#"{"text":"x"}}"#,
        "{\"text\":\"line\nbreak\"}",
        "{bare}",
        "7",
        "\"words\"",
        "null",
        "[1,{\"a\":2}]",
    ] {
        for array in [
            format!("[{{\"text\":\"a\"}},{broken},{{\"text\":\"b\"}},{{\"text\":\"c\"}}]"),
            format!("[\n{{\"text\":\"a\"}},\n{broken},\n{{\"text\":\"b\"}},\n{{\"text\":\"c\"}}\n]\n"),
            format!("[\n  {{\"text\":\"a\"}},\n  {broken},\n  {{\n    \"text\":\"b\"}}, {{\"text\":\"c\"}}\n]"),
        ] {
            let (posts, rejected) = read("a.json", array.clone());
            let whole = texts(&posts) == ["a", "b", "c"];
            // A brace too many or too few may look like the end or the beginning of another row.
            assert!(
                (whole && rejected.len() == 1)
                    || (broken.ends_with(['}', '"']) && texts(&posts).contains(&"a") && !rejected.is_empty()),
                "{array}\n{rejected:?}"
            );
        }
    }
}

#[test]
fn joined_arrays_are_one_export() {
    assert_eq!(texts(&read("a.json", "[{\"text\":\"a\"}]\n[]\n[{\"text\":\"b\"}]").0), ["a", "b"]);
    assert!(read("a.json", "[]").0.is_empty());
}

#[test]
fn an_array_that_is_cut_off_is_damaged() {
    for (bytes, record) in [("[{\"text\":\"a\"},{\"te", 2), ("[{\"text\":\"a\"},", 2), ("[{\"text\":\"a\"}", 2)] {
        let mut posts = open("a.json", bytes, "").unwrap();
        let rows: Vec<_> = posts.by_ref().collect();
        assert_eq!(rows.len(), 2);
        let rejected = rows[1].as_ref().unwrap_err();
        assert!(rejected.reason.starts_with("the file is damaged after record 1"), "{}", rejected.reason);
        assert_eq!(rejected.source.record, record);
        assert!(posts.facts()[0].damaged);
    }
}

#[test]
fn a_quote_that_is_never_closed_costs_one_line() {
    let (posts, rejected) = read("a.csv", "id,text\n1,ok\n2,\"open\n3,fine\n4,\"also\nfine\"\n5,end\n");
    assert_eq!(texts(&posts), ["ok", "fine", "also\nfine", "end"]);
    assert_eq!(rejected[0].head, "2,\"open");
    assert!(rejected[0].reason.contains("not closed where its field ends"), "{}", rejected[0].reason);

    let (posts, rejected) = read("a.csv", "id,text\n1,ok\n2,\"open\n3,fine\n4,end");
    assert_eq!(texts(&posts), ["ok", "fine", "end"]);
    assert!(rejected[0].reason.contains("not closed before the end of the file"));

    let many = "7,some words to fill the file\n".repeat(ROW_LIMIT / 20);
    let (posts, rejected) = read("a.csv", format!("id,text\n1,\"open\n{many}"));
    assert_eq!((posts.len(), rejected.len()), (ROW_LIMIT / 20, 1));
    assert!(rejected[0].reason.contains("not closed within 16 MiB"));
}

#[test]
fn tables_reject_what_they_must() {
    assert_eq!(texts(&read("a.csv", "text,id\r\n\"a \"\"b\"\" c\"\r\n,\r\nx,1\r\n\r\n y,2").0), ["x", " y"]);
    assert_eq!(reasons("a.csv", b"text,id\ncaf\xe9,1\n").len(), 1);
    assert!(reasons("a.csv", b"text,id\ncaf\xe9,1\n")[0].starts_with("column `text` is not valid UTF-8"));
    assert_eq!(texts(&read("a.csv", "text,id\n\"a\"\r\"b\nc\n,1\nd,1\n").0), ["d"]);
}

/// A reader that makes `length` bytes of `fill` between two texts, and watches the memory of the process while it is read.
struct Long {
    before: Cursor<Vec<u8>>,
    fill: u64,
    after: Cursor<Vec<u8>>,
    start: usize,
    most: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl Read for Long {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.before.read(buffer)?;
        if read > 0 {
            return Ok(read);
        }
        let fill = self.fill.min(buffer.len() as u64);
        if fill == 0 {
            return self.after.read(buffer);
        }
        if self.fill % (1 << 20) < fill {
            let now = resident().saturating_sub(self.start);
            self.most.fetch_max(now, std::sync::atomic::Ordering::Relaxed);
        }
        self.fill -= fill;
        buffer[..fill as usize].fill(b'x');
        Ok(fill as usize)
    }
}

/// Bytes of memory in use, 0 where the system does not say.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").ok();
    pages.and_then(|pages| pages.split(' ').nth(1)?.parse::<usize>().ok()).unwrap_or(0) * 4096
}

#[test]
fn a_row_of_100_mb_is_rejected_in_bounded_memory() {
    // In a process of its own, where no other test uses memory.
    let alone = "LURESCAN_TEST_ALONE";
    if std::env::var_os(alone).is_none() {
        let name = "export::dirty::a_row_of_100_mb_is_rejected_in_bounded_memory";
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        let output = command.args(["--exact", name]).env(alone, "1").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    for (name, before, after) in [
        ("a.jsonl", "{\"text\":\"a\"}\n{\"text\":\"", "\"}\n{\"text\":\"b\"}\n"),
        ("a.json", "[{\"text\":\"a\"},{\"text\":\"", "\"},{\"text\":\"b\"}]"),
        ("a.csv", "id,text\n1,a\n2,\"", "\"\n3,b\n"),
        ("a.tsv", "id\ttext\n1\ta\n2\t", "\n3\tb\n"),
    ] {
        let most = std::sync::Arc::default();
        let (before, after) = (Cursor::new(before.into()), Cursor::new(after.into()));
        let long = Long { before, fill: 100_000_000, after, start: resident(), most: std::sync::Arc::clone(&most) };
        let posts = Posts::open(Inputs::from_reader(name, long), Format::Auto, "".parse().unwrap()).unwrap();
        let (posts, rejected) = split(posts);
        assert_eq!(texts(&posts), ["a", "b"], "{name}");
        assert!(rejected[0].reason.starts_with("the row is longer than 16 MiB"), "{name}: {}", rejected[0].reason);
        assert!(rejected[0].head.chars().count() <= 400);
        let most = most.load(std::sync::atomic::Ordering::Relaxed);
        assert!(most < 48 << 20, "{name}: {} MiB more were in use", most >> 20);
    }
}
