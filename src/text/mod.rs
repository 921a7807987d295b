//! The reading glasses: a post's text → [`NormalText`], the same words without their disguises, and the way back.
//!
//! Offers are disguised to get past machines while people still read them. Model and rules read the undisguised text; every
//! span they report is mapped back to the bytes the author wrote. Text in an honest script passes unharmed: a letter changes only
//! inside a word that mixes scripts, a digit only among letters, a joiner only where no spelling needs it.
//!
//! The steps, each a file: [`invisible`], [`compat`], [`zawgyi`], [`spaced`], [`lookalikes`], [`leet`]; then [`fold()`] for matching and
//! [`mod@calm`] for the model.
//! [`language`] says what language it is and [`mod@assessable`] whether the model may judge it.

pub mod align;
mod assessable;
mod calm;
mod characters;
mod compat;
mod disguise;
mod fold;
mod glyph;
mod invisible;
mod language;
mod leet;
mod lookalikes;
mod plain;
mod spaced;
mod trigrams;
mod words;
mod zawgyi;

use std::ops::Range;

use self::align::Alignment;
pub use self::assessable::{NotAssessed, SupportedScripts, assessable};
use self::characters::is_mark;
pub use self::disguise::{Disguise, Disguises};
pub use self::language::{Language, identify};
pub(crate) use self::words::SortedWords;
use crate::evidence::Span;

/// A post's text, read through its disguises, with the way back to the original.
#[derive(Debug, Clone)]
pub struct NormalText {
    cased: String,
    /// `cased`, byte for byte, where the model reads something calmer.
    calmed: Option<String>,
    folded: String,
    /// Bytes of `cased` in bytes of the original.
    to_original: Alignment,
    /// Bytes of `folded` in bytes of `cased`.
    to_cased: Alignment,
    disguises: Disguises,
}

impl NormalText {
    /// Reads one post.
    #[must_use]
    pub fn new(original: &str) -> Self {
        let mut disguises = Disguises::default();
        let (cased, to_original) = if plain::is_plain(original) {
            (original.to_owned(), Alignment::identity(original.len()))
        } else {
            undisguise(original, &mut disguises)
        };
        let (folded, to_cased) = fold::fold_text(&cased);
        let calmed = calm::calm(&cased);
        Self { cased, calmed, folded, to_original, to_cased, disguises }
    }

    /// The text with its disguises undone; case, diacritics and emoji kept.
    #[must_use]
    pub fn cased(&self) -> &str {
        &self.cased
    }

    /// What the transformer reads: [`Self::cased`] without shouting, decoration and telephone numbers, of the same length in bytes.
    #[must_use]
    pub fn model(&self) -> &str {
        self.calmed.as_deref().unwrap_or(&self.cased)
    }

    /// What rules and the gazetteer match: [`Self::cased`] without case; without diacritics in Latin, Greek and Arabic script;
    /// digits in ASCII; each run of white space one space, or one line break where it has one.
    #[must_use]
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The original words behind a byte range of [`Self::folded`].
    ///
    /// A range that cuts a character is widened to whole ones, with the marks that belong to them.
    #[must_use]
    pub fn span(&self, folded: Range<usize>) -> Span {
        self.model_span(self.to_cased.source(whole_characters(&self.folded, folded)))
    }

    /// The original words behind a byte range of [`Self::model`], for tokens.
    #[must_use]
    pub fn model_span(&self, model: Range<usize>) -> Span {
        let Range { start, end } = self.to_original.source(whole_characters(&self.cased, model));
        Span { start, end }
    }

    /// Which ways of hiding words were undone.
    #[must_use]
    pub fn disguises(&self) -> Disguises {
        self.disguises
    }
}

/// [`NormalText::folded`] of a phrase or a name, for tables that are matched against it.
#[must_use]
pub fn fold(phrase: &str) -> String {
    NormalText::new(phrase).folded
}

/// The long way round: every step on every character.
fn undisguise(original: &str, disguises: &mut Disguises) -> (String, Alignment) {
    let seen = invisible::drop_invisible(original, disguises);
    let plain = compat::plain_letters(&seen, disguises);
    let burmese = zawgyi::convert(plain, disguises);
    let joined = spaced::join_spaced(burmese, disguises);
    let one_script = lookalikes::resolve(joined, disguises);
    let letters = leet::undo(one_script, disguises);
    glyph::assemble(&letters)
}

/// The range widened to character boundaries and to the combining marks that follow; an empty range stays empty.
fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let mut end = range.end.min(text.len());
    let mut start = range.start.min(end);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    if range.is_empty() {
        return start..start;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let marks = text[end..].chars().take_while(|&c| is_mark(c)).map(char::len_utf8).sum::<usize>();
    start..end + marks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    /// Text of the characters that matter here, more often than chance would bring them together.
    fn tricky() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "a", "p", "s", "o", "r", "t", "L", "I", "е", "о", "с", "р", "б", "Т", "ο", "ν", "1", "4", "0", "@", "$", "!", " ",
            "  ", "\n", ".", "\u{200b}", "\u{200d}", "\u{200c}", "\u{ad}", "\u{202e}", "\u{202c}", "\u{fe0f}", "\u{301}",
            "\u{336}", "é", "đ", "ß", "İ", "ﬁ", "𝓹", "🅰", "🇵", "🇭", "ک", "َ", "م", "ก", "ำ", "้", "က", "ေ", "္", "န", "한", "中",
            "ｆ", "９", "٣", "😀", "½", "²", "ò", "ệ",
        ]);
        prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn marks_that_no_orthography_writes_are_taken_off() {
        for (typed, read) in [
            ("p\u{323}a\u{323}s\u{323}s\u{323}p\u{323}ort", "passport"),
            ("п\u{301}а\u{301}с\u{301}п\u{301}орт", "паспорт"),
            ("ወ\u{301}ሬ\u{323}ው", "ወሬው"),
            ("護\u{307}照\u{307}", "護照"),
        ] {
            assert_eq!(NormalText::new(typed).model(), read, "{typed}");
        }
        // Yoruba and Vietnamese typed letter by letter and mark by mark, a stressed Russian vowel, a Greek accent.
        for typed in [
            "o\u{323}\u{300}s\u{323}o\u{323}\u{301}",
            "s\u{323}o\u{323}\u{301}o\u{323}\u{300}s\u{323}i\u{300}",
            "ngu\u{31b}o\u{31b}\u{300}i",
            "за\u{301}мок",
            "ε\u{301}",
        ] {
            let plain: String = typed.nfc().collect();
            assert_eq!(NormalText::new(typed).model(), plain, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_called_plain_has_nothing_to_undo(text in prop_oneof![tricky(), any::<String>()]) {
            if plain::is_plain(&text) {
                let mut disguises = Disguises::default();
                let (model, _) = undisguise(&text, &mut disguises);
                prop_assert_eq!(model, text);
                prop_assert!(disguises.is_empty());
            }
        }
    }
}
