//! [`Glyph`]: one character of the text being read, and the bytes of the original it stands for.
//!
//! Every step that undoes a disguise takes glyphs and returns glyphs, so none of them handles offsets; [`assemble`] turns the
//! result into a string and its [`Alignment`].

use std::ops::Range;

use unicode_script::Script;

use super::align::Alignment;
use super::characters::{is_letter, is_space, script};

/// A character and where it comes from. Neighbours with the same `start..end` come from one cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) c: char,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Glyph {
    /// Same place, another character.
    pub(super) fn with(self, c: char) -> Self {
        Self { c, ..self }
    }

    pub(super) fn is_letter(self) -> bool {
        is_letter(self.c)
    }

    pub(super) fn is_space(self) -> bool {
        is_space(self.c)
    }
}

/// The string the glyphs spell, aligned with the original.
pub(super) fn assemble(glyphs: &[Glyph]) -> (String, Alignment) {
    let mut text = String::with_capacity(glyphs.len() * 2);
    let mut alignment = Alignment::default();
    for (position, glyph) in glyphs.iter().enumerate() {
        let len = glyph.c.len_utf8();
        let shares = |other: Option<&Glyph>| other.is_some_and(|other| other.start == glyph.start);
        let alone = !shares(glyphs.get(position + 1)) && (position == 0 || !shares(glyphs.get(position - 1)));
        if alone && glyph.end - glyph.start == len {
            alignment.parallel(len, glyph.start);
        } else {
            alignment.whole(len, glyph.start..glyph.end);
        }
        text.push(glyph.c);
    }
    (text, alignment)
}

/// Ranges of glyphs between white space.
pub(super) fn chunks(glyphs: &[Glyph]) -> Vec<Range<usize>> {
    runs(glyphs, |glyph| !glyph.is_space())
}

/// Maximal ranges of glyphs for which `inside` holds.
pub(super) fn runs(glyphs: &[Glyph], inside: impl Fn(Glyph) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (position, glyph) in glyphs.iter().enumerate() {
        match (start, inside(*glyph)) {
            (None, true) => start = Some(position),
            (Some(from), false) => {
                found.push(from..position);
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| from..glyphs.len()));
    found
}

/// The script of a letter, among the scripts whose letters are taken for each other. `None` for everything else.
pub(super) fn confusable_script(c: char) -> Option<Script> {
    if c.is_ascii() {
        return c.is_ascii_alphabetic().then_some(Script::Latin);
    }
    match script(c) {
        found @ (Script::Latin
        | Script::Cyrillic
        | Script::Greek
        | Script::Armenian
        | Script::Cherokee
        | Script::Lisu
        | Script::Coptic) => is_letter(c).then_some(found),
        _ => None,
    }
}
