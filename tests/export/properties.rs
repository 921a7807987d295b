//! What holds for every export: nothing panics, nothing is lost, and neither format nor packing nor chunks change a post.

use std::io::{Cursor, Read};

use lurescan::export::{Format, Inputs, Posts};
use proptest::collection::vec;
use proptest::prelude::*;

use super::files::{gzip, zstd};
use super::{split, texts};

/// Gives its bytes in chunks of changing sizes.
struct Chunks {
    bytes: Cursor<Vec<u8>>,
    sizes: std::iter::Cycle<std::vec::IntoIter<usize>>,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let size = self.sizes.next().unwrap_or(1).min(buffer.len());
        self.bytes.read(&mut buffer[..size])
    }
}

fn read(bytes: Vec<u8>, format: Format, sizes: Vec<usize>) -> Option<Vec<String>> {
    let chunks = Chunks { bytes: Cursor::new(bytes), sizes: sizes.into_iter().cycle() };
    let posts = Posts::open(Inputs::from_reader("export", chunks), format, "".parse().ok()?).ok()?;
    Some(posts.map(|post| format!("{post:?}")).collect())
}

fn quoted(cell: &str, delimiter: char) -> String {
    if cell.contains([delimiter, '"', '\n', '\r']) || cell.is_empty() {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn table(posts: &[(String, String)], delimiter: char) -> Vec<u8> {
    let rows = posts.iter().map(|(id, text)| format!("{}{delimiter}{}\r\n", quoted(id, delimiter), quoted(text, delimiter)));
    format!("id{delimiter}text\r\n{}", rows.collect::<String>()).into_bytes()
}

fn objects(posts: &[(String, String)]) -> Vec<serde_json::Value> {
    posts.iter().map(|(id, text)| serde_json::json!({"id": id, "likes": [1, {"text": "no"}], "text": text})).collect()
}

fn lines(posts: &[(String, String)]) -> Vec<u8> {
    objects(posts).iter().flat_map(|object| [object.to_string(), "\n".into()]).collect::<String>().into_bytes()
}

/// Texts that look like the formats they are stored in.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z\"\\\\,;\t\r\n{}\\[\\]|: ]{0,40}x", "\\PC{0,30}x", Just("},{\"text\":\"x\"".to_owned())]
        .prop_filter("HTML changes", |text| !text.contains(['<', '&']))
}

fn posts() -> impl Strategy<Value = Vec<(String, String)>> {
    vec(text(), 1..20).prop_map(|texts| texts.into_iter().enumerate().map(|(n, text)| (format!("id-{n}"), text)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_format_and_packing_gives_the_same_posts(posts in posts()) {
        let pretty = serde_json::to_vec_pretty(&objects(&posts)).unwrap();
        let compact = serde_json::to_vec(&objects(&posts)).unwrap();
        let exports = [
            ("x.jsonl", lines(&posts)), ("x.json", compact), ("x.json", pretty.clone()), ("x.csv", table(&posts, ',')),
            ("x.csv", table(&posts, ';')), ("x.csv", table(&posts, '|')), ("x.tsv", table(&posts, '\t')),
            ("x.jsonl.gz", gzip(&lines(&posts))), ("x.jsonl.zst", zstd(&lines(&posts))), ("x.json.zst", zstd(&pretty)),
        ];
        for (name, bytes) in exports {
            let (read, rejected) = super::read(name, bytes);
            prop_assert!(rejected.is_empty(), "{name}: {rejected:?}");
            prop_assert_eq!(texts(&read), posts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), "{}", name);
            prop_assert!(read.iter().zip(&posts).all(|(read, (id, _))| read.id == *id));
        }
    }

    #[test]
    fn no_row_is_lost(posts in posts(), broken in vec(any::<bool>(), 20)) {
        let bad = broken.iter().take(posts.len()).filter(|&&broken| broken).count();
        let exports = [("x.jsonl", "\n", ""), ("x.json", ",\n", "[]"), ("x.json", ",", "[]"), ("x.csv", "\n", "")];
        for (name, between, brackets) in exports {
            let rows: Vec<String> = objects(&posts).iter().zip(&posts).zip(&broken).map(|((object, post), &broken)| match (name, broken) {
                ("x.csv", false) => format!("{},{}", post.0, quoted(&post.1, ',')),
                ("x.csv", true) => format!("{},{},more", post.0, quoted(&post.1, ',')),
                (_, false) => object.to_string(),
                (_, true) => format!("{{\"a\":[1,2}},\"id\":{}", post.0.len()) + "}",
            }).collect();
            let body = rows.join(between);
            let bytes = match name {
                "x.csv" => format!("id,text\n{body}"),
                _ => format!("{}{body}{}", brackets.get(..1).unwrap_or(""), brackets.get(1..).unwrap_or("")),
            };
            // The first row may be the broken one, which leaves nothing to guess the fields from.
            let Ok(export) = super::open(name, bytes, "") else { continue };
            let (read, rejected) = split(export);
            prop_assert_eq!((read.len(), rejected.len()), (posts.len() - bad, bad), "{} {:?}", name, rejected);
        }
    }

    #[test]
    fn chunks_do_not_matter(posts in posts(), sizes in vec(1_usize..50, 1..5), noise in vec(any::<u8>(), 0..200)) {
        // Beyond what is looked at before reading, where chunks reach the readers.
        let first: Vec<_> = vec![("id".to_owned(), "x".repeat(4000)); 66];
        let all = [first, posts].concat();
        for (format, mut bytes) in [
            (Format::JsonLines, lines(&all)), (Format::JsonArray, serde_json::to_vec_pretty(&objects(&all)).unwrap()),
            (Format::Csv, table(&all, ',')), (Format::Tsv, table(&all, '\t')),
        ] {
            let at = bytes.len() - noise.len().min(40);
            bytes.splice(at..at, noise.iter().copied());
            let whole = read(bytes.clone(), format, vec![usize::MAX]);
            prop_assert!(whole.as_ref().is_some_and(|rows| rows.len() >= 66));
            prop_assert!(whole == read(bytes.clone(), format, [vec![100_000, 100_000, 63_000], sizes.clone()].concat()), "{:?}", format);
            prop_assert!(whole == read(bytes, format, sizes.clone()), "{:?}", format);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in vec(prop_oneof![any::<u8>(), proptest::sample::select(&b"{}[]\",:;\n\r\t \\\0<>&|1atexx"[..])], 0..300)) {
        for format in [Format::Auto, Format::JsonLines, Format::JsonArray, Format::Csv, Format::Tsv] {
            read(bytes.clone(), format, vec![7]);
            read([&b"id,text\n"[..], &bytes].concat(), format, vec![usize::MAX]);
            read([&b"[{\"text\":\"a\"},"[..], &bytes, b",{\"text\":\"a\"}]"].concat(), format, vec![3]);
            read([&b"\x1f\x8b\x08\0"[..], &bytes].concat(), format, vec![5]);
            read([&b"\x28\xb5\x2f\xfd"[..], &bytes].concat(), format, vec![5]);
            let mut packed = gzip(&[&b"{\"text\":\"a\"}\n"[..], &bytes].concat());
            let at = bytes.len() % packed.len();
            packed[at] ^= 0x55;
            read(packed, format, vec![11]);
        }
    }

    #[test]
    fn no_html_panics(parts in vec(proptest::sample::select(vec![
        "<p>", "</p>", "<br>", "<b", ">", "<table>", "<tr>", "<td colspan=99>", "</td>", "<ul><li>", "</ul>", "<a href='x", "'>", "&amp;", "&#1",
        ";", "<!--", "-->", "<pre>", "\n", "é", "word ", "<svg>", "<select>", "<", "/", "&", "<script>", "<style>", "<img alt=", "<h1>", "<ol start=-9>",
    ]), 0..60)) {
        let row = serde_json::json!({"text": parts.concat()}).to_string();
        let (posts, rejected) = super::read("a.jsonl", row);
        prop_assert_eq!(posts.len() + rejected.len(), 1);
    }
}
