//! The post room, from outside: bytes of an export in, posts and rejections out.

mod dirty;
mod files;
mod html;
mod properties;

use std::path::PathBuf;

use lurescan::export::{ExportError, FieldMap, Format, Inputs, Posts};
use lurescan::post::{Post, Rejected};

/// An export that ships with the tests.
fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/export").join(name)
}

fn open(name: &str, bytes: impl Into<Vec<u8>>, map: &str) -> Result<Posts, ExportError> {
    let inputs = Inputs::from_reader(name, std::io::Cursor::new(bytes.into()));
    Posts::open(inputs, Format::Auto, map.parse::<FieldMap>()?)
}

/// Reads an export called `name` to its end.
fn read(name: &str, bytes: impl Into<Vec<u8>>) -> (Vec<Post>, Vec<Rejected>) {
    split(open(name, bytes, "").expect("the export opens"))
}

fn split(posts: Posts) -> (Vec<Post>, Vec<Rejected>) {
    let (mut read, mut rejected) = (Vec::new(), Vec::new());
    for post in posts {
        match post {
            Ok(post) => read.push(post),
            Err(row) => rejected.push(row),
        }
    }
    (read, rejected)
}

fn read_fixture(name: &str, map: &str) -> (Vec<Post>, Vec<Rejected>) {
    let inputs = Inputs::find([fixture(name)]).expect("the fixture exists");
    split(Posts::open(inputs, Format::Auto, map.parse().expect("a map")).expect("the fixture opens"))
}

fn texts(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.text.as_str()).collect()
}

fn error(name: &str, bytes: &[u8], map: &str) -> String {
    open(name, bytes, map).err().expect("the export is refused").to_string()
}

#[test]
fn reddit_posts_and_comments_share_a_file() {
    let (posts, rejected) = read_fixture("reddit.jsonl", "");
    assert_eq!(
        texts(&posts),
        [
            "Waiter wanted in Lisbon\nFull time, contract, 40h.\n\nPay & tips > average",
            "Is this a scam?",
            "They asked me to pay for the visa first <3",
            "[deleted]",
        ]
    );
    let times: Vec<_> = posts.iter().map(|post| post.posted_at.as_deref()).collect();
    assert_eq!(times, [Some("1700000000"), Some("1700000060"), Some("1700000120"), None]);
    assert_eq!(posts[2].id, "t1_b1");
    assert!(rejected.is_empty());
}

#[test]
fn html_bodies_become_text() {
    let (posts, _) = read_fixture("mastodon.jsonl", "");
    assert_eq!(posts[0].text, "Crew wanted, no experience needed.\n\nApply here\ntoday & start tomorrow");
    assert_eq!((posts[0].lang.as_deref(), posts[0].posted_at.as_deref()), (Some("en"), Some("2025-03-01T10:00:00Z")));
}

#[test]
fn a_semicolon_table_from_excel() {
    let (posts, rejected) = read_fixture("board.csv", "");
    assert_eq!(texts(&posts), ["Cleaner\nTwo lines\r\nof text; with \"quotes\"", "Driver\nNight shift"]);
    assert_eq!(posts[0].region.as_deref(), Some("DE, BE, Berlin"));
    assert_eq!(posts[1].source.record, 2);
    assert_eq!(rejected.len(), 1);
    assert_eq!(rejected[0].source.record, 3);
    assert_eq!(rejected[0].head, "3;Cook;FR;too;many;0");
    assert!(rejected[0].reason.starts_with("the row has 6 columns where the header has 5"));
}

#[test]
fn names_of_columns_have_any_case() {
    let (posts, rejected) = read_fixture("board.tsv", "");
    assert_eq!(texts(&posts), ["Nanny needed \"urgently\""]);
    assert_eq!((posts[0].id.as_str(), posts[0].region.as_deref()), ("7", Some("AE")));
    assert_eq!(rejected[0].reason, "the text of the post is empty");
}

#[test]
fn a_pretty_printed_array_survives_a_broken_element() {
    let (posts, rejected) = read_fixture("pretty.json", "");
    assert_eq!(texts(&posts), ["Model casting, [all ages] {paid}", "Fishing crew \"abroad\""]);
    assert_eq!((posts[1].id.as_str(), posts[1].source.record), ("p-3", 3));
    assert_eq!(posts[0].region, None, "an object is no region");
    assert_eq!(rejected.len(), 1);
    assert!(rejected[0].reason.contains("a quote or bracket is missing"));
}

#[test]
fn paths_lead_into_nested_objects() {
    let (posts, rejected) = read_fixture("osprey.jsonl", "text=data.data.text,region=data.data.country,id=data.action_id");
    assert_eq!(texts(&posts), ["Dealers wanted for online casino"]);
    assert_eq!((posts[0].id.as_str(), posts[0].region.as_deref()), ("9001", Some("PH")));
    assert_eq!(rejected[0].reason, "the row has no field `data.data.text`, which --map gives for text");
}

#[test]
fn a_flattened_export_has_dots_in_its_names() {
    let (posts, _) = split(open("a.csv", "data.body,n\nhello there,1\n", "text=data.body").unwrap());
    assert_eq!(texts(&posts), ["hello there"]);
    let (posts, _) = split(open("a.jsonl", r#"{"data.body":"hello there"}"#, "text=data.body").unwrap());
    assert_eq!(texts(&posts), ["hello there"]);
}

#[test]
fn posts_without_an_id_are_named_after_their_place() {
    let (posts, _) = read("x.jsonl", "{\"text\":\"a\"}\n\nnonsense\n{\"text\":\"b\",\"id\":null}\n");
    assert_eq!(posts.iter().map(|post| post.id.as_str()).collect::<Vec<_>>(), ["x.jsonl:1", "x.jsonl:3"]);
}

#[test]
fn a_name_without_a_telling_extension_is_judged_by_content() {
    for (bytes, text) in [
        ("{\"text\":\"json lines\"}\n", "json lines"),
        ("[{\"text\":\"array\"}]", "array"),
        ("id,text\n1,table\n", "table"),
        ("id;text\n1;a, b, c\n", "a, b, c"),
        ("sep=|\nid|text\n1|excel\n", "excel"),
    ] {
        let name = if bytes.starts_with("sep") { "x.csv" } else { "-" };
        assert_eq!(texts(&read(name, bytes).0), [text]);
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_advice() {
    insta::assert_snapshot!(
        [
            error("a.jsonl", b"", ""),
            error("a.csv", b"\xef\xbb\xbf \r\n", ""),
            error("posts.parquet", b"PAR1\x15\x04", ""),
            error("posts.xlsx", b"PK\x03\x04\x14\0", ""),
            error("posts.csv", "id,text".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(), ""),
            error("notes", b"just some words\n", ""),
            error("posts.jsonl", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ""),
            error("posts.csv", &(0..=255).collect::<Vec<u8>>(), ""),
            error("posts.csv", b"id,\x1b[31mwords\n1,x\n", ""),
            error("chat.txt", b"[12/03/2024, 10:11:12] Ana: maid wanted\n[12/03/2024, 10:12:00] Bo: where?\n", ""),
            error("chat.csv", "\u{200e}12.03.24, 10:11 - Ana: maid wanted\n".as_bytes(), ""),
            error("posts.json", br#"{"p1":{"text":"x"},"p2":{"text":"y"}}"#, ""),
            error("result.json", &std::fs::read(fixture("telegram.json")).unwrap(), ""),
            error("result.json", br#"{"name":"x","messages":[{"text":"y"}]}"#, ""),
            error("a.jsonl", b"{\"headline\":\"x\",\"words\":\"y\"}\n{\"n\":1}\n", ""),
            error("a.csv", b"id,words\n1,x\n", ""),
            error("a.csv", b"id,text\n1,x\n", "region=land"),
            error("a.jsonl", b"{\"text\":\"x\"}\n", "region=land"),
            error("a.jsonl", b"", "txt=body"),
        ]
        .join("\n"),
        @r"
    a.jsonl is empty; leave it out, or export it again
    a.csv is empty; leave it out, or export it again
    posts.parquet is a Parquet file, which is not supported; convert it to JSON Lines or CSV first, for example with DuckDB or pandas
    posts.xlsx is a zip archive or an Excel workbook, which is not supported; unpack the archive, or save the workbook as CSV (UTF-8)
    posts.csv is text in UTF-16, which is not supported; save it as UTF-8, or convert it, for example with iconv
    notes: cannot tell its format; supported are JSON Lines, a JSON array, CSV and TSV, plain or as .gz or .zst; name it with --format
    posts.jsonl is an image, which is not supported; export the posts as JSON Lines or CSV
    posts.csv is a binary file, which is not supported; name an export of posts: JSON Lines, a JSON array, CSV or TSV
    posts.csv: no field looks like the text of a post; it has `id`, `�[31mwords`; name the right one with --map text=FIELD
    chat.txt is a chat saved as text, which is not supported; put its messages into a CSV, one a row, with a column named text
    chat.csv is a chat saved as text, which is not supported; put its messages into a CSV, one a row, with a column named text
    posts.json is one JSON object, not one object a line; supported are JSON Lines and a JSON array of posts; take the posts out of it first, for example `jq -c '.messages[]' FILE > posts.jsonl`, or `jq -c '.[]'` where it has one name a post
    result.json is one JSON object, not one object a line; supported are JSON Lines and a JSON array of posts; take the posts out of it first, for example `jq -c '.messages[]' FILE > posts.jsonl`, or `jq -c '.[]'` where it has one name a post
    result.json is one JSON object, not one object a line; supported are JSON Lines and a JSON array of posts; take the posts out of it first, for example `jq -c '.messages[]' FILE > posts.jsonl`, or `jq -c '.[]'` where it has one name a post
    a.jsonl: no field looks like the text of a post; it has `headline`, `n`, `words`; name the right one with --map text=FIELD
    a.csv: no field looks like the text of a post; it has `id`, `words`; name the right one with --map text=FIELD
    a.csv has no field `land`, which --map gives for region; it has `id`, `text`
    a.jsonl has no field `land`, which --map gives for region; it has `text`
    --map txt=body: `txt` is no key; write it as text=body,region=country with the keys id, text, title, channel, region, lang, posted_at
    "
    );
}

#[test]
fn reading_can_move_to_a_thread_of_its_own() {
    let posts = open("a.jsonl", "{\"text\":\"x\"}", "").unwrap();
    assert_eq!(std::thread::spawn(|| posts.count()).join().unwrap(), 1);
}
