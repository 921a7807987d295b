//! Where words, clauses and sentences end in folded text, and how far apart two places are, in scripts with and without spaces.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// What a word counts against a limit of distance.
pub(super) const WORD: usize = 6;

/// What a letter of a script without spaces counts: a word has about three Han letters or kana, about six of the others.
fn weight(c: char) -> usize {
    if c >= '\u{3040}' { WORD / 3 } else { WORD / 6 }
}

/// How far one look may reach, in bytes: keeps every check constant in the length of the post.
const REACH: usize = 240;

/// Whether the script of `c` writes no spaces between words. By block, because this is asked at every hit.
pub(crate) fn is_unspaced(c: char) -> bool {
    c >= '\u{E00}'
        && matches!(
            c,
            '\u{E00}'..='\u{EFF}' // Thai, Lao
                | '\u{1000}'..='\u{109F}' | '\u{AA60}'..='\u{AA7F}' // Burmese
                | '\u{1780}'..='\u{17FF}' // Khmer
                | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' // kana
                | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' // Han
        )
}

/// Whether `c` is part of a word.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c))
}

/// Whether a word of a spaced script may begin or end beside `c`.
pub(super) fn is_edge(c: Option<char>) -> bool {
    c.is_none_or(|c| !is_word(c) || is_unspaced(c))
}

/// More letters than a word has; what runs on longer is cut, so that text without spaces takes no longer than other text.
const LONGEST_WORD: usize = 60;

/// End of the word that runs through `at`, which may lie inside a letter.
pub(super) fn word_end(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at);
    let rest = text[at..].chars().take(LONGEST_WORD).take_while(|&c| !is_edge(Some(c)));
    at + rest.map(char::len_utf8).sum::<usize>()
}

/// Start of the word that runs through `at`, which may lie inside a letter.
pub(super) fn word_start(text: &str, at: usize) -> usize {
    let at = text.floor_char_boundary(at);
    let rest = text[..at].chars().rev().take(LONGEST_WORD).take_while(|&c| !is_edge(Some(c)));
    at - rest.map(char::len_utf8).sum::<usize>()
}

/// `sighting` as a reader should see it: no word of a spaced script cut, and with the number that stands directly before
/// ("12-13 year-olds", "30 thousand in advance").
pub(super) fn shown(text: &str, sighting: Range<usize>) -> Range<usize> {
    let spaced = |c: &char| is_word(*c) && !is_unspaced(*c);
    let begins_in_word = text[sighting.start..].chars().next().is_some_and(|c| spaced(&c));
    let ends_in_word = text[..sighting.end].chars().next_back().is_some_and(|c| spaced(&c));
    let start = if begins_in_word { word_start(text, sighting.start) } else { sighting.start };
    let end = if ends_in_word { word_end(text, sighting.end) } else { sighting.end };
    // What is written onto the front of a word ("and the") parts it from the number.
    let start = if start == sighting.start { number_start(text, start) } else { start };
    start..end
}

/// More signs than a sum or an age has; what runs on longer is a telephone number and says nothing about the words behind it.
const LONGEST_NUMBER: usize = 9;

/// Start of the number that ends before `at`, at most a space or a hyphen away; `at` where none does.
fn number_start(text: &str, at: usize) -> usize {
    let before = &text[..at];
    let before = before.strip_suffix([' ', '-']).unwrap_or(before);
    let number = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-');
    // All these signs are one byte long.
    let length = before.chars().rev().take(LONGEST_NUMBER + 1).take_while(number).count();
    let start = before.len() - length;
    let own = length <= LONGEST_NUMBER && is_edge(before[..start].chars().next_back());
    let ends_in_digit = before.ends_with(|c: char| c.is_ascii_digit());
    let signs = before[start..].len() - before[start..].trim_start_matches(['.', ',', '-']).len();
    if own && ends_in_digit { start + signs } else { at }
}

/// How much lies in `between`: [`WORD`] a word, its share a letter of a script without spaces.
pub(super) fn distance(between: &str) -> usize {
    let mut in_word = false;
    let mut total = 0;
    for c in between.chars() {
        let unspaced = is_unspaced(c);
        let spaced = is_word(c) && !unspaced;
        total += if unspaced { weight(c) } else { usize::from(spaced && !in_word) * WORD };
        in_word = spaced;
    }
    total
}

/// Whether `c`, followed by `next`, ends a sentence or a bullet. A full stop inside a number or an address does not.
pub(super) fn ends_sentence(c: char, next: Option<char>) -> bool {
    match c {
        '.' => next.is_none_or(|n| n.is_whitespace() || n == '.'),
        '\n' | '!' | '?' | '|' | '•' | '。' | '…' | '।' | '॥' | '۔' | '؟' | '။' | '។' | '።' => true,
        _ => false,
    }
}

/// Whether `c`, followed by `next`, ends a clause: a sentence end, any sign but quotation marks, apostrophes and hyphens, or in
/// Thai and Lao a space.
pub(super) fn ends_clause(c: char, next: Option<char>) -> bool {
    let thai = || next.is_some_and(|n| matches!(n, '\u{E00}'..='\u{EFF}'));
    let inside = is_word(c) || (c.is_whitespace() && !thai()) || matches!(c, '\'' | '"' | '-' | '.');
    !inside || ends_sentence(c, next)
}

/// What stands after `at`, up to the first character that `ends` it, clipped.
pub(super) fn after(text: &str, at: usize, ends: impl Fn(char, Option<char>) -> bool) -> &str {
    let rest = &text[at..text.ceil_char_boundary((at + REACH).min(text.len()))];
    let mut chars = rest.char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        if ends(c, chars.peek().map(|&(_, next)| next)) {
            return &rest[..offset];
        }
    }
    rest
}

/// What stands before `at`, back to the last character that `ends` what came earlier, clipped.
pub(super) fn before(text: &str, at: usize, ends: impl Fn(char, Option<char>) -> bool) -> &str {
    let rest = &text[text.floor_char_boundary(at.saturating_sub(REACH))..at];
    let mut next = text[at..].chars().next();
    for (offset, c) in rest.char_indices().rev() {
        if ends(c, next) {
            return &rest[offset + c.len_utf8()..];
        }
        next = Some(c);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn a_word_is_found_from_within_a_letter() {
        let text = "ለአሰሪ በፓስፖርት";
        let at = text.find('ስ').expect("a letter of the second word") + 1;
        assert_eq!(&text[word_start(text, at)..word_end(text, at)], "በፓስፖርት");
    }

    #[test]
    fn words_are_shown_whole_and_with_their_number() {
        for (text, words, shown_words) in [
            ("12-13 yoshli bola", "yoshli", "12-13 yoshli"),
            ("৩০ হাজার দাদন", "হাজার দাদন", "30 হাজার দাদন"),
            ("تذكرة وفيزا", "فيزا", "وفيزا"),
            ("办理visa签证", "签证", "签证"),
            ("call 0900000000 today", "today", "today"),
            ("open at 9. pay a fee", "pay a fee", "pay a fee"),
        ] {
            let text = fold(text);
            let start = text.find(&fold(words)).expect(words);
            assert_eq!(&text[shown(&text, start..start + fold(words).len())], shown_words);
        }
    }
}
