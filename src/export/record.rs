//! [`Fields`] of a row → [`Post`], or the reason why it is none.

use std::borrow::Cow;

use super::TEXT_LIMIT;
use super::fields::{FieldMap, Key};
use super::html::to_text;
use crate::post::{Post, Source};

/// A value as far as this room cares.
#[derive(Debug, Clone)]
pub(super) enum Value<'r> {
    Text(Cow<'r, str>),
    Number(String),
    Null,
    /// Anything else, in words: `a list`.
    Other(&'static str),
}

impl Value<'_> {
    fn into_owned(self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Number(digits) => Value::Number(digits),
            Self::Null => Value::Null,
            Self::Other(what) => Value::Other(what),
        }
    }

    /// Whether it can stand for `key`. A blank text counts, so that `comment` never stands in for an empty `text`.
    fn fits(&self, key: Key) -> bool {
        match self {
            Self::Text(text) => key == Key::Text || !text.trim().is_empty(),
            Self::Number(_) => key != Key::Text,
            Self::Null | Self::Other(_) => false,
        }
    }

    fn into_string(self) -> Option<String> {
        match self {
            Self::Text(text) => {
                let trimmed = text.trim();
                Some(if trimmed.len() == text.len() { text.into_owned() } else { trimmed.to_owned() })
                    .filter(|text| !text.is_empty())
            }
            Self::Number(digits) => Some(digits),
            Self::Null | Self::Other(_) => None,
        }
    }
}

/// What one row says, by key.
#[derive(Debug, Default)]
pub(super) struct Fields<'r> {
    found: [Option<(u8, Value<'r>)>; Key::ALL.len()],
}

impl<'r> Fields<'r> {
    /// Keeps `value` if it fits better than what is known: a value that can be used before one that cannot, then by rank.
    pub(super) fn offer(&mut self, key: Key, rank: u8, value: Value<'r>) {
        let known = &mut self.found[key as usize];
        let worth = |rank: u8, value: &Value| (!value.fits(key), matches!(value, Value::Null), rank);
        if known.as_ref().is_none_or(|(old, kept)| worth(rank, &value) <= worth(*old, kept)) {
            *known = Some((rank, value));
        }
    }

    /// The same, apart from the row.
    pub(super) fn into_owned(self) -> Fields<'static> {
        Fields { found: self.found.map(|found| found.map(|(rank, value)| (rank, value.into_owned()))) }
    }

    pub(super) fn has(&self, key: Key) -> bool {
        self.found[key as usize].is_some()
    }

    fn take(&mut self, key: Key) -> Option<Value<'r>> {
        self.found[key as usize].take().map(|(_, value)| value)
    }

    fn take_string(&mut self, key: Key) -> Option<String> {
        self.take(key)?.into_string()
    }

    /// Makes the post that stands at `source`.
    pub(super) fn into_post(mut self, source: &Source, map: &FieldMap) -> Result<Post, String> {
        // Many exporters leave out empty fields: without its text a row is no post, without the rest it still is.
        if let Some(field) = map.given(Key::Text).filter(|_| !self.has(Key::Text)) {
            return Err(format!("the row has no field `{field}`, which --map gives for text"));
        }
        let title = self.take_string(Key::Title);
        let body = match self.take(Key::Text) {
            Some(Value::Text(text)) => text,
            Some(Value::Null) => Cow::Borrowed(""),
            Some(Value::Number(_)) => return Err("the text of the post is a number, not a string".into()),
            Some(Value::Other(what)) => return Err(format!("the text of the post is {what}, not a string")),
            None => return Err("the row has no field with the text of a post; name one with --map text=FIELD".into()),
        };
        Ok(Post {
            text: join(title, body)?,
            id: self.take_string(Key::Id).unwrap_or_else(|| format!("{}:{}", source.file, source.record)),
            source: source.clone(),
            channel: self.take_string(Key::Channel),
            region: self.take_string(Key::Region),
            lang: self.take_string(Key::Lang),
            posted_at: self.take_string(Key::PostedAt).map(|date| map.date(date)),
        })
    }
}

/// Title, a line break, body: whichever of them is there.
fn join(title: Option<String>, body: Cow<str>) -> Result<String, String> {
    let body = to_text(body)?;
    let title = title.map(|title| to_text(title.into())).transpose()?.filter(|title| !title.trim().is_empty());
    let text = match (title, body.trim().is_empty()) {
        (None, true) => return Err("the text of the post is empty".into()),
        (Some(title), true) => title.into_owned(),
        (None, false) => body.into_owned(),
        (Some(title), false) => format!("{title}\n{body}"),
    };
    if text.len() > TEXT_LIMIT && text.chars().count() > TEXT_LIMIT {
        return Err(format!("the text is longer than {TEXT_LIMIT} characters, the most a post may have; split or shorten it"));
    }
    Ok(text)
}
