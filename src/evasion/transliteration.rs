//! Another script's letters for the same sounds ("rabota za granitsey", "3amal", "kaam"), or letters without their accents.
//!
//! Tables are as people type, not as libraries catalogue. Scripts without a table (Chinese needs a dictionary of readings, Thai and
//! Khmer rules of syllables) stay as they are.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Letters and what is typed for them.
const TYPED: &str = include_str!("typed.txt");

pub(super) fn apply(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut letters = text.nfc().peekable();
    while let Some(c) = letters.next() {
        if c.is_ascii() {
            written.push(c);
        } else if ('\u{0900}'..='\u{097F}').contains(&c) {
            devanagari(c, letters.peek().copied(), &mut written);
        } else if let Some(typed) = typed(c) {
            written.push_str(typed);
        } else if let Some(typed) = c.to_lowercase().next().filter(|_| c.is_uppercase()).and_then(typed) {
            let mut sounds = typed.chars();
            written.extend(sounds.next().into_iter().flat_map(char::to_uppercase));
            written.extend(sounds);
        } else {
            let bare = c.nfd().next().filter(char::is_ascii_alphabetic);
            if !is_accent(c) || bare.is_some() {
                written.push(bare.unwrap_or(c));
            }
        }
    }
    written
}

fn typed(c: char) -> Option<&'static str> {
    let line = TYPED.lines().find(|line| line.starts_with(c))?;
    line.split_once(' ').map(|(_, sounds)| if sounds == "-" { "" } else { sounds })
}

/// Consonants carry an a unless a sign or a virama follows.
fn devanagari(c: char, next: Option<char>, written: &mut String) {
    let Some(sounds) = typed(c) else { return written.push(c) };
    written.push_str(sounds);
    let is_consonant = |c: char| ('\u{0915}'..='\u{0939}').contains(&c);
    // At the end of a word the a is silent.
    let followed =
        next.is_some_and(|next| is_consonant(next) || ('\u{0904}'..='\u{0914}').contains(&next) || matches!(next, 'ं' | 'ँ'));
    if is_consonant(c) && followed {
        written.push('a');
    }
}

/// A mark of Latin, Arabic or Cyrillic that typists leave out; marks of other scripts are vowels.
fn is_accent(c: char) -> bool {
    is_combining_mark(c) && matches!(c, '\u{0300}'..='\u{036F}' | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{0670}')
}
