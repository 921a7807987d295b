//! The fast way past everything else: whether a text has nothing to undo.
//!
//! Errs towards "no": a "no" costs time, a wrong "yes" would leave a disguise on. A test holds that a "yes" changes nothing.

use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::compat::{is_native_mark, is_settled};

const LATIN: u8 = 1;
const CYRILLIC: u8 = 2;
const GREEK: u8 = 4;
/// Letters of scripts that are not mistaken for another.
const ELSE: u8 = 8;

/// What the characters so far leave open.
#[derive(Default)]
struct Reading {
    /// Scripts of the word being read, 0 between words.
    word: u8,
    /// Characters in that word.
    len: usize,
    /// Single letters or digits in a row, each between separators.
    singles: usize,
    before: char,
    /// A sign that may stand for a letter follows a letter.
    sign_in_word: bool,
}

/// Whether the model may read `text` as it stands.
pub(super) fn is_plain(text: &str) -> bool {
    let mut reading = Reading::default();
    let mut has_marks = false;
    for c in text.chars() {
        let Some(script) = script_bit(c) else { return false };
        if script == ELSE && (is_native_mark(c) || !is_settled(c)) {
            has_marks = true;
        }
        if !reading.goes_on(c, script) {
            return false;
        }
    }
    reading.singles + usize::from(reading.len == 1) < 3 && (!has_marks || is_nfkc_quick(text.chars()) == IsNormalized::Yes)
}

impl Reading {
    /// Takes in one character; false as soon as somebody should have a closer look.
    fn goes_on(&mut self, c: char, script: u8) -> bool {
        let before = std::mem::replace(&mut self.before, c);
        let sign_in_word = std::mem::take(&mut self.sign_in_word);
        if script == 0 && !c.is_ascii_digit() {
            if self.len == 1 {
                self.singles += 1;
            } else if self.len > 1 {
                self.singles = 0;
            }
            self.sign_in_word = matches!(c, '@' | '$' | '!' | '€') && (self.word != 0 || sign_in_word);
            (self.word, self.len) = (0, 0);
            return self.singles < 3;
        }
        self.len += 1;
        if c.is_ascii_digit() {
            return self.word & !ELSE == 0;
        }
        let alone = self.word | script;
        self.word = alone;
        let mixed = (alone & !ELSE).count_ones() > 1;
        let beside_leet = script != ELSE && (before.is_ascii_digit() || sign_in_word || before == '$');
        let ell_in_capitals = before == 'l' && c.is_uppercase();
        !(mixed || beside_leet || ell_in_capitals)
    }
}

/// 0 for what is no letter; `None` for a character this file does not vouch for.
#[expect(clippy::match_same_arms, reason = "one arm a reason")]
fn script_bit(c: char) -> Option<u8> {
    match c {
        'a'..='z' | 'A'..='Z' => Some(LATIN),
        ' '..='~' | '\t' | '\n' | '\r' => Some(0),
        '×' | '÷' => Some(0),
        '\u{C0}'..='\u{24F}' | '\u{1EA0}'..='\u{1EF9}' if is_settled(c) => Some(LATIN),
        '\u{388}'..='\u{3CE}' if is_settled(c) => Some(GREEK),
        '\u{400}'..='\u{52F}' if is_settled(c) => Some(CYRILLIC),
        '\u{5D0}'..='\u{5EA}' | '\u{620}'..='\u{64A}' | '\u{671}'..='\u{674}' | '\u{679}'..='\u{6D3}' => Some(ELSE),
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => Some(ELSE),
        // Indic scripts, Sinhala, Thai, Lao, Ethiopic, Khmer: letters and marks, order and composition checked for the whole text.
        '\u{900}'..='\u{DFF}'
        | '\u{E01}'..='\u{EDF}'
        | '\u{1200}'..='\u{137F}'
        | '\u{1780}'..='\u{17B3}'
        | '\u{17B6}'..='\u{17F9}' => Some(ELSE),
        _ if is_settled(c) => Some(0),
        _ => None,
    }
}
