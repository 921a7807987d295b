//! HTML bodies → text. Anything that is not plainly HTML passes unchanged, byte for byte: `<3` and `salary < 500` are words.
//!
//! Three shapes occur in exports: HTML proper; HTML escaped once more (`&lt;p&gt;`), as job boards' feeds carry it; and plain text
//! with entities, as Reddit writes it, whose line breaks must survive.

use std::borrow::Cow;

use html2text::config;
use html2text::render::TrivialDecorator;

use super::entities::decode_entities;

/// Largest HTML body that is parsed. The parser's time grows faster than its input on hostile markup.
const HTML_LIMIT: usize = 256 << 10;
/// Deepest nesting that is parsed: 100,000 open `<div>` take half a minute.
const DEPTH_LIMIT: usize = 256;
/// Wider than any body: lines are not wrapped.
const WIDTH: usize = 1 << 20;

/// Tags that begin a new line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "body",
    "br",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Tags within a line.
const INLINES: &[&str] = &[
    "a", "abbr", "b", "big", "code", "del", "em", "font", "i", "img", "ins", "mark", "s", "script", "small", "span", "strike",
    "strong", "style", "sub", "sup", "u",
];
/// Tags without content: one is proof enough.
const EMPTY: &[&str] = &["br", "hr", "img"];
/// Tags that the next of their kind closes, and tags without content: they do not nest.
const FLAT: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p", "source",
    "tbody", "td", "th", "thead", "tr", "wbr",
];

/// The text of `body`, or why it cannot be had.
pub fn to_text(body: Cow<str>) -> Result<Cow<str>, String> {
    if !body.contains(['<', '&']) {
        return Ok(body);
    }
    if is_html(&body) {
        return parse(&body).map(Cow::Owned);
    }
    match decode_entities(&body) {
        None => Ok(body),
        Some(decoded) if is_html(&decoded) => parse(&decoded).map(Cow::Owned),
        Some(decoded) => Ok(Cow::Owned(decoded)),
    }
}

fn parse(html: &str) -> Result<String, String> {
    if html.len() > HTML_LIMIT {
        return Err(format!("the HTML of the text is larger than {} KiB; export it as plain text", HTML_LIMIT >> 10));
    }
    if depth(html) > DEPTH_LIMIT {
        return Err(format!("the HTML of the text is nested more than {DEPTH_LIMIT} levels deep; export it as plain text"));
    }
    // Messengers mark words with tags and lines with line breaks.
    let html = if tags(html).any(|tag| BLOCKS.contains(&tag.name.as_str())) {
        Cow::Borrowed(html)
    } else {
        Cow::Owned(html.replace('\n', "<br>"))
    };
    let mut text = config::with_decorator(TrivialDecorator::new())
        .raw_mode(true)
        .no_table_borders()
        .string_from_read(html.as_bytes(), WIDTH)
        .map_err(|error| format!("the HTML of the text cannot be read: {error}; export it as plain text"))?;
    text.truncate(text.trim_end().len());
    Ok(text)
}

struct Tag {
    name: String,
    closing: bool,
    /// First byte, from the beginning of the text.
    at: usize,
}

/// Tags by their shape, known or not: `<name …>` and `</name>`.
fn tags(text: &str) -> impl Iterator<Item = Tag> {
    text.match_indices('<').filter_map(|(at, _)| {
        let inside = &text[at + 1..];
        let closing = inside.starts_with('/');
        let inside = &inside[usize::from(closing)..];
        let length = inside.bytes().take(16).position(|byte| !byte.is_ascii_alphanumeric())?;
        let ends = matches!(inside.as_bytes()[length], b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n');
        let begins = inside.starts_with(|first: char| first.is_ascii_alphabetic());
        (begins && ends).then(|| Tag { name: inside[..length].to_ascii_lowercase(), closing, at })
    })
}

/// A tag without content, a pair of tags, a `<p>` or `<div>` in front, or two of a kind that is often left open.
fn is_html(text: &str) -> bool {
    let known = |tag: &Tag| {
        let name = &tag.name.as_str();
        (BLOCKS.contains(name) || INLINES.contains(name))
            && text[tag.at + 1..].find(['<', '>']).is_some_and(|end| text[tag.at + 1 + end..].starts_with('>'))
    };
    let mut opened: Vec<String> = Vec::new();
    let front = text.len() - text.trim_start().len();
    for tag in tags(text).filter(known) {
        let name = tag.name.as_str();
        let twice = opened.iter().any(|open| open == name);
        if EMPTY.contains(&name)
            || (tag.closing && twice)
            || (twice && matches!(name, "p" | "li" | "div"))
            || (tag.at == front && matches!(name, "p" | "div" | "html" | "body"))
        {
            return true;
        }
        if !tag.closing && !twice {
            opened.push(tag.name);
        }
    }
    text[front..].get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
}

/// How deep elements can be nested at most, counted generously.
fn depth(html: &str) -> usize {
    // Inside drawings and formulas every tag nests.
    let foreign = tags(html).any(|tag| matches!(tag.name.as_str(), "svg" | "math"));
    let mut depth: usize = 0;
    let mut deepest = 0;
    for tag in html.match_indices('<').map(|(at, _)| &html[at + 1..]) {
        let closing = tag.starts_with('/');
        let name = tag[usize::from(closing)..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if name.is_empty() || (!foreign && name.len() <= 6 && FLAT.contains(&name.to_ascii_lowercase().as_str())) {
            continue;
        }
        depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        deepest = deepest.max(depth);
    }
    deepest
}
