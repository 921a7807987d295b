//! Stream → elements of a top-level JSON array, one at a time, however it is laid out.
//!
//! Only depth, strings and the kind of brackets are tracked; whether an element is JSON is for [`super::json`] to say. That is
//! enough to see at once that an element is broken: a line break inside a string, text straight after a string, a bracket that
//! closes another kind. Reading then goes on at the next `}, {"`, on a line of its own if the broken element began on one.

use std::io::{self, BufRead};

use super::ROW_LIMIT;
use super::rows::{BEGINNING, Cut, keep_beginning, too_long};
use super::stream::Stream;

/// As deep as `serde_json` goes.
const DEEPEST: u32 = 127;

/// Where the reader stands between elements.
#[derive(Debug, Default)]
pub(super) struct Array {
    open: bool,
    /// White space before the last element on its line, where it is the first on its line.
    indent: Option<usize>,
    /// The last element was broken: look for the next one.
    lost: bool,
}

impl Array {
    pub(super) fn cut(&mut self, stream: &mut Stream, row: &mut Vec<u8>, start: &mut u64) -> io::Result<Cut> {
        let lost = std::mem::take(&mut self.lost).then_some(self.indent);
        if lost.is_some() {
            self.find_next(stream)?;
        }
        if !self.find_element(stream)? {
            return Ok(Cut::End);
        }
        // The element found stands where the broken one stood.
        self.indent = lost.unwrap_or(self.indent);
        *start = stream.offset();
        let mut element = Element::default();
        let mut too_big = false;
        loop {
            let bytes = stream.fill_buf()?;
            if bytes.is_empty() {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the array ends inside a post"));
            }
            let (used, step) = element.walk(bytes);
            if !too_big {
                row.extend_from_slice(&bytes[..used]);
            }
            stream.consume(used);
            if row.len() > ROW_LIMIT {
                too_big = true;
                keep_beginning(row);
            }
            match step {
                Step::More => {}
                Step::End if too_big => return Ok(too_long()),
                Step::End => return Ok(Cut::Row),
                Step::Broken => {
                    self.lost = true;
                    if too_big {
                        return Ok(too_long());
                    }
                    stream.unread(&row[1..]);
                    keep_beginning(row);
                    return Ok(Cut::Bad(
                        "the post is not valid JSON: a quote or bracket is missing or one too many; reading goes on at the next post".into(),
                    ));
                }
            }
        }
    }

    /// Steps over white space, commas and the array's own brackets. False at the end of the file.
    fn find_element(&mut self, stream: &mut Stream) -> io::Result<bool> {
        self.indent = None;
        loop {
            let bytes = stream.fill_buf()?;
            if bytes.is_empty() {
                return if self.open { Err(cut_off()) } else { Ok(false) };
            }
            let mut used = 0;
            for &byte in bytes {
                match byte {
                    b'\n' => self.indent = Some(0),
                    b' ' | b'\t' => self.indent = self.indent.map(|width| width + 1),
                    b'\r' => {}
                    b',' if self.open => self.indent = None,
                    // Joined files hold one array after another.
                    b'[' if !self.open => (self.open, self.indent) = (true, None),
                    b']' if self.open => (self.open, self.indent) = (false, None),
                    _ => {
                        stream.consume(used);
                        return Ok(true);
                    }
                }
                used += 1;
            }
            stream.consume(used);
        }
    }

    /// After a broken element: steps to the next place that looks like the beginning of one, or to the end of the file.
    fn find_next(&mut self, stream: &mut Stream) -> io::Result<()> {
        let mut found = Beginning { want: self.indent, indent: None, seen: Seen::Nothing };
        let mut taken = Vec::new();
        let mut last = 0;
        loop {
            let bytes = stream.fill_buf()?;
            if bytes.is_empty() {
                self.open = last != b']';
                return Ok(());
            }
            let mut used = 0;
            for &byte in bytes {
                used += 1;
                if !byte.is_ascii_whitespace() {
                    last = byte;
                }
                found.take(byte);
                match found.seen {
                    Seen::Brace | Seen::Key => taken.push(byte),
                    _ => taken.clear(),
                }
                // White space after the brace is kept to be read again, so it may not be endless.
                if taken.len() > BEGINNING {
                    taken.clear();
                    found.seen = Seen::Nothing;
                }
                if matches!(found.seen, Seen::Key) {
                    break;
                }
            }
            stream.consume(used);
            if matches!(found.seen, Seen::Key) {
                stream.unread(&taken);
                return Ok(());
            }
        }
    }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the array is never closed with `]`")
}

/// How much of `}, {"` was seen.
enum Seen {
    Nothing,
    End,
    Comma,
    Brace,
    Key,
}

struct Beginning {
    want: Option<usize>,
    indent: Option<usize>,
    seen: Seen,
}

impl Beginning {
    fn take(&mut self, byte: u8) {
        self.seen = match (&self.seen, byte) {
            (Seen::Brace, b'"' | b'}') => Seen::Key,
            (_, b'}') => Seen::End,
            (Seen::End, b',') => Seen::Comma,
            (Seen::Comma, b'{') if self.want.is_none() || self.want == self.indent => Seen::Brace,
            (seen, byte) if byte.is_ascii_whitespace() => match seen {
                Seen::End => Seen::End,
                Seen::Comma => Seen::Comma,
                Seen::Brace => Seen::Brace,
                _ => Seen::Nothing,
            },
            _ => Seen::Nothing,
        };
        self.indent = match byte {
            b'\n' => Some(0),
            b' ' | b'\t' => self.indent.map(|width| width + 1),
            b'\r' => self.indent,
            _ => None,
        };
    }
}

enum Step {
    More,
    End,
    Broken,
}

/// What the last byte of an element was part of.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Nothing yet.
    #[default]
    Nothing,
    Plain,
    String,
    /// A string, after a backslash.
    Escape,
    /// A string that is over; only punctuation may follow.
    StringEnd,
}

/// One element while it is walked.
#[derive(Default)]
struct Element {
    /// One bit a level, the innermost lowest: set for an object.
    objects: u128,
    depth: u32,
    within: Within,
}

impl Element {
    /// How many of `bytes` belong to the element, and whether it goes on.
    fn walk(&mut self, bytes: &[u8]) -> (usize, Step) {
        for (at, &byte) in bytes.iter().enumerate() {
            let next = match (self.within, byte) {
                (Within::String, b'\\') => Within::Escape,
                (Within::String, b'\n') => return (at, Step::Broken),
                (Within::String, b'"') if self.depth == 0 => return (at + 1, Step::End),
                (Within::String, b'"') => Within::StringEnd,
                // A bare value that is no object ends where anything else may begin.
                (Within::Plain, b',' | b'[' | b']' | b'{' | b'"') if self.depth == 0 => return (at, Step::End),
                (Within::Plain, byte) if self.depth == 0 && byte.is_ascii_whitespace() => return (at, Step::End),
                (Within::StringEnd, byte) if byte.is_ascii_whitespace() => Within::StringEnd,
                (Within::StringEnd, byte) if !matches!(byte, b',' | b':' | b']' | b'}') => return (at, Step::Broken),
                (Within::String | Within::Escape, _) | (_, b'"') => Within::String,
                (_, byte) => match self.bracket(byte) {
                    Step::More => Within::Plain,
                    step => return (at + 1, step),
                },
            };
            self.within = next;
        }
        (bytes.len(), Step::More)
    }

    fn bracket(&mut self, byte: u8) -> Step {
        match byte {
            b'{' | b'[' if self.depth == DEEPEST => return Step::Broken,
            b'{' | b'[' => {
                self.objects = self.objects << 1 | u128::from(byte == b'{');
                self.depth += 1;
            }
            b'}' | b']' if self.depth > 0 => {
                if (self.objects & 1 == 1) != (byte == b'}') {
                    return Step::Broken;
                }
                self.objects >>= 1;
                self.depth -= 1;
                if self.depth == 0 {
                    return Step::End;
                }
            }
            _ => {}
        }
        Step::More
    }
}
