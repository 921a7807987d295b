//! Bytes of one JSON object → [`Fields`], without building the values nobody asked for.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fields::{FieldMap, Wanted};
use super::record::{Fields, Value};

/// Reads the wanted fields of one row.
pub(super) fn fields<'r>(row: &'r [u8], map: &FieldMap) -> Result<Fields<'r>, String> {
    if row.trim_ascii_start().first() != Some(&b'{') {
        return Err(not_an_object(row));
    }
    parse(row, map).or_else(|error| match mend_surrogates(row) {
        Some(mended) => parse(&mended, map).map(Fields::into_owned).map_err(|error| not_json(row, &error)),
        None => Err(not_json(row, &error)),
    })
}

fn parse<'r>(row: &'r [u8], map: &FieldMap) -> Result<Fields<'r>, serde_json::Error> {
    let mut fields = Fields::default();
    let mut parser = serde_json::Deserializer::from_slice(row);
    Node { wanted: map.wanted(), fields: &mut fields }.deserialize(&mut parser)?;
    parser.end()?;
    Ok(fields)
}

/// Puts a replacement character for every half of a surrogate pair, `None` if there is none. Programs that cut texts by UTF-16
/// units leave half an emoji, and a post is not lost for that.
fn mend_surrogates(row: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| {
        let digits = row.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut mended = None;
    let mut at = 0;
    while let Some(backslash) = row[at..].iter().position(|&byte| byte == b'\\') {
        at += backslash;
        at += match unit(at) {
            Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => 12,
            Some(0xd800..=0xdfff) => {
                mended.get_or_insert_with(|| row.to_vec())[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            _ => 2.min(row.len() - at),
        };
    }
    mended
}

/// Names of all top-level fields, for messages.
pub(super) fn names(row: &[u8]) -> Vec<String> {
    let object: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_slice(row);
    object.map(|object| object.into_iter().map(|(name, _)| name).collect()).unwrap_or_default()
}

/// Whether an object holds nothing but two objects or more: rows by their names.
pub(super) fn is_of_objects(row: &[u8]) -> bool {
    let object: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_slice(row);
    object.is_ok_and(|object| object.len() > 1 && object.values().all(serde_json::Value::is_object))
}

fn not_an_object(row: &[u8]) -> String {
    if row.contains(&0) {
        return "the row holds NUL bytes and no JSON object; the file was probably damaged while it was written".into();
    }
    "the row is not a JSON object".into()
}

fn not_json(row: &[u8], error: &serde_json::Error) -> String {
    if let Err(error) = str::from_utf8(row) {
        return format!("the row is not valid UTF-8 at its byte {}; export it as UTF-8 or convert it", error.valid_up_to() + 1);
    }
    let message = error.to_string();
    let what = message.split(" at line ").next().unwrap_or(&message);
    if error.is_eof() {
        return "the row is not valid JSON: it ends in the middle; it may be cut off or spread over lines".into();
    }
    match error.line() {
        1 => format!("the row is not valid JSON: {what} at its byte {}", error.column()),
        line => format!("the row is not valid JSON: {what} in its line {line} at byte {}", error.column()),
    }
}

/// A place in the row that holds wanted values, or leads to some.
struct Node<'a, 'r> {
    wanted: &'a Wanted,
    fields: &'a mut Fields<'r>,
}

impl<'r> Node<'_, 'r> {
    fn offer(&mut self, value: &Value<'r>) {
        for &(key, rank) in &self.wanted.is {
            self.fields.offer(key, rank, value.clone());
        }
    }
}

impl<'r> DeserializeSeed<'r> for Node<'_, 'r> {
    type Value = ();

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'r> Visitor<'r> for Node<'_, 'r> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'r>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(below) = map.next_key_seed(Name(self.wanted))? {
            match below {
                Some(wanted) => map.next_value_seed(Node { wanted, fields: self.fields })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        self.offer(&Value::Other("an object"));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'r>>(mut self, mut list: A) -> Result<(), A::Error> {
        if self.wanted.is.is_empty() {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        let mut pieces = Pieces::default();
        while let Some(piece) = list.next_element_seed(PieceOf)? {
            pieces.take(piece);
        }
        self.offer(&pieces.joined().map_or(Value::Other("a list"), |text| Value::Text(Cow::Owned(text))));
        Ok(())
    }

    fn visit_borrowed_str<E>(mut self, text: &'r str) -> Result<(), E> {
        self.offer(&Value::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E>(mut self, text: &str) -> Result<(), E> {
        // Cloned once more if two keys want it, which nearly never happens.
        if let [(key, rank)] = self.wanted.is[..] {
            self.fields.offer(key, rank, Value::Text(Cow::Owned(text.to_owned())));
        } else {
            self.offer(&Value::Text(Cow::Owned(text.to_owned())));
        }
        Ok(())
    }

    fn visit_u64<E>(mut self, number: u64) -> Result<(), E> {
        self.offer(&Value::Number(number.to_string()));
        Ok(())
    }

    fn visit_i64<E>(mut self, number: i64) -> Result<(), E> {
        self.offer(&Value::Number(number.to_string()));
        Ok(())
    }

    fn visit_f64<E>(mut self, number: f64) -> Result<(), E> {
        self.offer(&Value::Number(number.to_string()));
        Ok(())
    }

    fn visit_bool<E>(mut self, _: bool) -> Result<(), E> {
        self.offer(&Value::Other("true or false"));
        Ok(())
    }

    fn visit_unit<E>(mut self) -> Result<(), E> {
        self.offer(&Value::Null);
        Ok(())
    }
}

/// A text in pieces, as Telegram writes one with links or bold words in it: `["Call ", {"type": "phone", "text": "…"}]`.
#[derive(Default)]
struct Pieces {
    text: String,
    /// One at least is an object: a list of strings alone may be anything.
    marked: bool,
    /// Something else is among them.
    strange: bool,
}

impl Pieces {
    fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Plain(text) => self.text += &text,
            Piece::Marked(text) => {
                self.text += &text;
                self.marked = true;
            }
            Piece::Strange => self.strange = true,
        }
    }

    fn joined(self) -> Option<String> {
        (self.marked && !self.strange).then_some(self.text)
    }
}

enum Piece {
    Plain(String),
    /// The `text` of an object.
    Marked(String),
    Strange,
}

/// Reads one [`Piece`].
struct PieceOf;

impl<'r> DeserializeSeed<'r> for PieceOf {
    type Value = Piece;

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<Piece, D::Error> {
        Ok(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Piece::Plain(text),
            serde_json::Value::Object(mut object) => match object.remove("text") {
                Some(serde_json::Value::String(text)) => Piece::Marked(text),
                _ => Piece::Strange,
            },
            _ => Piece::Strange,
        })
    }
}

/// The name of a field, looked up without being copied.
struct Name<'a>(&'a Wanted);

impl<'r, 'a> DeserializeSeed<'r> for Name<'a> {
    type Value = Option<&'a Wanted>;

    fn deserialize<D: Deserializer<'r>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Option<&'a Wanted>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("the name of a field")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.get(name))
    }
}
