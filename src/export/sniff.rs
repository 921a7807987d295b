//! Head of a stream → which reader it needs, or why none can read it. Content decides first, then the extension.

use super::Format;
use super::error::ExportError;

/// Kinds of file people try, by their first bytes, with what to do instead.
const UNSUPPORTED: &[(&[u8], &str, &str)] = &[
    (b"PAR1", "a Parquet file", "convert it to JSON Lines or CSV first, for example with DuckDB or pandas"),
    (b"ARROW1", "an Arrow file", "convert it to JSON Lines or CSV first"),
    (b"Obj\x01", "an Avro file", "convert it to JSON Lines or CSV first"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "unpack the archive, or save the workbook as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "save it as CSV (UTF-8)"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV or JSON Lines"),
    (b"BZh", "packed with bzip2", "unpack it first, or pack it as .gz or .zst"),
    (b"\xfd7zXZ\x00", "packed with xz", "unpack it first, or pack it as .gz or .zst"),
    (b"\x04\x22\x4d\x18", "packed with lz4", "unpack it first, or pack it as .gz or .zst"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"\x1f\x8b", "packed twice", "unpack it once"),
    (b"\x28\xb5\x2f\xfd", "packed twice", "unpack it once"),
    (b"\x89PNG", "an image", "export the posts as JSON Lines or CSV"),
    (b"\xff\xd8\xff", "an image", "export the posts as JSON Lines or CSV"),
    (b"GIF8", "an image", "export the posts as JSON Lines or CSV"),
    (b"%PDF", "a PDF document", "export the posts as JSON Lines or CSV"),
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8, or convert it, for example with iconv"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8, or convert it, for example with iconv"),
    (b"<?xml", "an XML document", "export the posts as JSON Lines or CSV"),
    (b"<!DOCTYPE", "an HTML page", "export the posts as JSON Lines or CSV"),
    (b"<html", "an HTML page", "export the posts as JSON Lines or CSV"),
];
/// Where a tar archive says what it is.
const TAR: usize = 257;
/// Control characters in the beginning of what is no text.
const FEWEST_SIGNALS: usize = 4;

/// Fails on kinds of file that have another use, whatever format was asked for.
pub(super) fn refuse_unsupported(path: &str, head: &[u8]) -> Result<(), ExportError> {
    let refuse = |what, advice| Err(ExportError::Unsupported { path: path.to_owned(), what, advice });
    if let Some(&(_, what, advice)) = UNSUPPORTED.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return refuse(what, advice);
    }
    if head.get(TAR..).is_some_and(|head| head.starts_with(b"ustar")) {
        return refuse("a tar archive", "unpack it first");
    }
    // Every other byte of Latin text in UTF-16 is zero.
    let sample = &head[..head.len().min(256)];
    let zeros = |first: usize| sample.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    if sample.len() >= 8 && zeros(0).abs_diff(zeros(1)) * 3 > sample.len() {
        return refuse("text in UTF-16", "save it as UTF-8, or convert it, for example with iconv");
    }
    if first_line(head).is_some_and(|line| is_chat_message(&String::from_utf8_lossy(line))) {
        return refuse("a chat saved as text", "put its messages into a CSV, one a row, with a column named text");
    }
    // Text in whatever encoding has next to none of these; zeros alone are what a crash leaves in a log that can be read otherwise, and
    // where rows begin, damaged ones among them are data.
    let sample = &head[..head.len().min(1024)];
    let signals = sample.iter().filter(|byte| matches!(byte, 0x01..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    let begins_rows = matches!(head.trim_ascii_start().first(), Some(b'{' | b'['));
    if !begins_rows && signals >= FEWEST_SIGNALS && signals * 32 > sample.len() {
        return refuse("a binary file", "name an export of posts: JSON Lines, a JSON array, CSV or TSV");
    }
    Ok(())
}

/// Whether a line is a message as messengers save chats: `[12/03/2024, 10:11:12] Ana: hello` or `12.03.24, 10:11 - Ana: hello`.
fn is_chat_message(line: &str) -> bool {
    let marks = ['\u{feff}', '\u{200e}', '\u{200f}', '[', ' '];
    let Some((date, rest)) = line.trim_start_matches(marks).split_once([',', ' ']) else { return false };
    let is_number = |part: &str| !part.is_empty() && part.chars().all(char::is_numeric);
    let is_date = date.split(['/', '.', '-']).filter(|part| is_number(part)).count() == 3;
    let rest = rest.trim_start();
    let is_time = rest.split_once(':').is_some_and(|(hour, _)| is_number(hour));
    let message = rest.split_once("] ").or_else(|| rest.split_once(" - "));
    is_date && is_time && message.is_some_and(|(_, message)| message.contains(':'))
}

/// The format of a stream that begins with `head`; `whole` if that is all of it.
pub(super) fn format(path: &str, head: &[u8], whole: bool) -> Result<Format, ExportError> {
    let by_name = by_extension(path);
    match head.trim_ascii_start().first() {
        Some(b'[') => Ok(Format::JsonArray),
        Some(b'{') => json_lines(path, head, whole),
        _ if by_name != Format::Auto => Ok(by_name),
        _ if head.split(|&byte| byte == b'\n').take(20).any(is_object) => Ok(Format::JsonLines),
        // Without a telling name only a header that looks like one is trusted.
        _ if first_line(head).is_some_and(|line| line.contains(&b',') || line.contains(&b'\t') || line.contains(&b';')) => {
            Ok(Format::Csv)
        }
        _ => Err(ExportError::UnknownFormat { path: path.to_owned() }),
    }
}

/// What the name promises, with or without `.gz` or `.zst`; [`Format::Auto`] if nothing.
pub(super) fn by_extension(path: &str) -> Format {
    let name = path.to_ascii_lowercase();
    let name = [".gz", ".gzip", ".zst", ".zstd"].iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(&name);
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("jsonl" | "ndjson" | "jsonlines" | "json") => Format::JsonLines,
        Some("csv") => Format::Csv,
        Some("tsv" | "tab") => Format::Tsv,
        _ => Format::Auto,
    }
}

/// JSON Lines, unless no line is an object of its own: then one object goes over all of them.
fn json_lines(path: &str, head: &[u8], whole: bool) -> Result<Format, ExportError> {
    let mut lines = head.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).peekable();
    let only_line_is_longer = !whole && lines.clone().nth(1).is_none();
    // A nested object may stand alone on its line, but indented.
    if only_line_is_longer || lines.any(|line| line.starts_with(b"{") && is_object(line)) {
        return Ok(Format::JsonLines);
    }
    let open = first_line(head).is_some_and(|line| matches!(line.trim_ascii_end().last(), Some(b'{' | b'[' | b',' | b':')));
    if open { Err(ExportError::SingleObject { path: path.to_owned() }) } else { Ok(Format::JsonLines) }
}

fn first_line(head: &[u8]) -> Option<&[u8]> {
    head.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty())
}

fn is_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}
