//! Characters nobody sees: original text → glyphs without them.
//!
//! Some of them are spelling and stay: joiners in Persian, Urdu and Indic words and in emoji sequences, emoji and ideographic
//! variation selectors, flag tags, and the zero-width space that Khmer, Lao, Thai and Burmese writers put between words.

use unicode_script::Script;

use super::characters::{belongs_to_word, script};
use super::disguise::{Disguise, Disguises};
use super::glyph::Glyph;

/// The glyphs of `original` that a reader sees, in the order a reader sees them.
pub(super) fn drop_invisible(original: &str, disguises: &mut Disguises) -> Vec<Glyph> {
    let mut seen: Vec<Glyph> = Vec::with_capacity(original.len() / 2 + 8);
    let mut chars = original.char_indices().peekable();
    let mut overridden: Option<(usize, usize)> = None;
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if matches!(c, ' '..='~' | '\u{C0}'..='\u{2FF}' | '\u{400}'..='\u{52F}' | '\u{3041}'..='\u{3096}' | '\u{4E00}'..='\u{D7A3}')
            && overridden.is_none()
        {
            seen.push(Glyph { c, start: at, end });
            continue;
        }
        let before = seen.last().map(|glyph| glyph.c);
        let after = chars.peek().map(|&(_, c)| c);
        if let Some((from, first_byte)) = overridden
            && matches!(c, '\u{202C}' | '\u{2069}' | '\u{202A}'..='\u{202E}' | '\n')
        {
            turn_round(&mut seen[from..], first_byte, at, disguises);
            overridden = None;
        }
        if c == '\u{202E}' {
            overridden = Some((seen.len(), at));
        } else if c == '\u{2800}' {
            // Braille blank: shown as a space, hence used as one.
            seen.push(Glyph { c: ' ', start: at, end });
        } else if is_hidden(c, before, after) {
            let inside_word = before.is_some_and(belongs_to_word) && after.is_some_and(belongs_to_word);
            if inside_word && !matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{AD}' | '\u{FE0F}' | '\u{20E3}') {
                disguises.insert(Disguise::Invisible);
            }
        } else {
            seen.push(Glyph { c, start: at, end });
        }
    }
    if let Some((from, first_byte)) = overridden {
        turn_round(&mut seen[from..], first_byte, original.len(), disguises);
    }
    seen
}

/// Left-to-right letters under a right-to-left override are displayed last first.
fn turn_round(glyphs: &mut [Glyph], start: usize, end: usize, disguises: &mut Disguises) {
    let is_rtl = |glyph: &Glyph| matches!(script(glyph.c), Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana);
    if !glyphs.iter().any(|glyph| glyph.is_letter()) || glyphs.iter().any(is_rtl) {
        return;
    }
    glyphs.reverse();
    for glyph in glyphs.iter_mut() {
        (glyph.start, glyph.end) = (start, end);
    }
    disguises.insert(Disguise::Reversed);
}

/// Whether `c` only hides, given the last character seen and the next one written.
#[expect(clippy::match_same_arms, reason = "one arm a reason")]
fn is_hidden(c: char, before: Option<char>, after: Option<char>) -> bool {
    let starts = |test: fn(char) -> bool| before.is_some_and(test);
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' => true,
        // Zero-width space: a word boundary where words are not spaced, nothing elsewhere.
        '\u{200B}' => !(starts(is_unspaced) && after.is_some_and(is_unspaced)),
        '\u{200C}' => !starts(joins_by_hand),
        '\u{200D}' => !(starts(joins_by_hand) || starts(is_pictograph) && after.is_some_and(is_pictograph)),
        // Text and emoji presentation. On a letter or a digit (keycap) they say nothing.
        '\u{FE0E}' | '\u{FE0F}' => !starts(is_pictograph),
        '\u{FE00}'..='\u{FE0D}' => !starts(|c| is_ideograph(c) || matches!(script(c), Script::Myanmar | Script::Phags_Pa)),
        '\u{E0100}'..='\u{E01EF}' => !starts(is_ideograph),
        '\u{180B}'..='\u{180E}' => !starts(|c| script(c) == Script::Mongolian),
        // Tags spell the region of a flag after the black flag and nothing anywhere else.
        '\u{E0000}'..='\u{E007F}' => !starts(|c| c == '\u{1F3F4}' || matches!(c, '\u{E0020}'..='\u{E007F}')),
        '\u{20E3}' => starts(|c| c.is_ascii_digit() || matches!(c, '#' | '*')),
        '\u{AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{200E}' | '\u{200F}' => true,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' => true,
        '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        _ => false,
    }
}

/// Scripts in which a joiner or non-joiner is part of the spelling.
fn joins_by_hand(c: char) -> bool {
    !c.is_ascii()
        && matches!(
            script(c),
            Script::Arabic
                | Script::Syriac
                | Script::Mandaic
                | Script::Nko
                | Script::Mongolian
                | Script::Devanagari
                | Script::Bengali
                | Script::Gurmukhi
                | Script::Gujarati
                | Script::Oriya
                | Script::Tamil
                | Script::Telugu
                | Script::Kannada
                | Script::Malayalam
                | Script::Sinhala
                | Script::Khmer
                | Script::Myanmar
                | Script::Tibetan
        )
        && belongs_to_word(c)
}

/// Scripts that are written without spaces between words.
fn is_unspaced(c: char) -> bool {
    !c.is_ascii() && matches!(script(c), Script::Khmer | Script::Thai | Script::Lao | Script::Myanmar | Script::Tibetan)
}

fn is_ideograph(c: char) -> bool {
    script(c) == Script::Han
}

/// Emoji, their modifiers and selectors, as far as sequences need to know.
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{27BF}'
        | '\u{2900}'..='\u{297F}' | '\u{2B00}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{FE0E}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}
