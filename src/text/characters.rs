//! What kind of character one is, answered from ranges for the scripts most posts are in and from the Unicode tables for the rest.
//!
//! The tables are searched, the ranges are compared: over a whole post that is most of the time.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// The script of a letter in the ranges of the common ones.
#[expect(clippy::match_same_arms, reason = "one arm a reason")]
fn common_letter(c: char) -> Option<Script> {
    Some(match c {
        'a'..='z' | 'A'..='Z' => Script::Latin,
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | '\u{1E00}'..='\u{1EFF}' => Script::Latin,
        'Ѐ'..='ҁ' | 'Ҋ'..='ԯ' => Script::Cyrillic,
        'ؠ'..='ؿ' | 'ف'..='ي' | 'ٱ'..='ۓ' => Script::Arabic,
        'अ'..='ह' => Script::Devanagari,
        'ก'..='ะ' | 'เ'..='ๅ' => Script::Thai,
        '\u{3041}'..='\u{3096}' => Script::Hiragana,
        '\u{30A1}'..='\u{30FA}' => Script::Katakana,
        '\u{4E00}'..='\u{9FFF}' => Script::Han,
        '\u{AC00}'..='\u{D7A3}' => Script::Hangul,
        _ => return None,
    })
}

/// Punctuation, signs and emoji of no script.
fn is_common_sign(c: char) -> bool {
    matches!(c, '\0'..='@' | '['..='`' | '{'..='\u{A9}' | '\u{2010}'..='\u{205F}' | '\u{20A0}'..='\u{20CF}' | '\u{2190}'..='\u{23FF}'
        | '\u{2500}'..='\u{27FF}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{FF01}'..='\u{FF0F}' | '\u{1F300}'..='\u{1FAFF}')
}

/// The script of any character.
pub(super) fn script(c: char) -> Script {
    if is_common_sign(c) {
        return Script::Common;
    }
    common_letter(c).unwrap_or_else(|| c.script())
}

/// A letter that is no combining mark.
pub(super) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    common_letter(c).is_some() || !is_common_sign(c) && c.is_alphabetic() && !is_combining_mark(c)
}

/// What words are made of: letters, marks and digits.
pub(super) fn belongs_to_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    common_letter(c).is_some() || !is_common_sign(c) && (is_mark(c) || c.is_alphanumeric())
}

/// A combining mark.
pub(super) fn is_mark(c: char) -> bool {
    c >= '\u{300}' && common_letter(c).is_none() && !is_common_sign(c) && is_combining_mark(c)
}

/// White space.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r') || !c.is_ascii() && common_letter(c).is_none() && c.is_whitespace()
}
