//! Where words, clauses and sentences end in folded text, and how far apart two places are, in scripts with and without spaces.

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

/// End of the word that runs through `at`.
pub(super) fn word_end(text: &str, at: usize) -> usize {
    let rest = text[at..].chars().take(LONGEST_WORD).take_while(|&c| !is_edge(Some(c)));
    at + rest.map(char::len_utf8).sum::<usize>()
}

/// Start of the word that runs through `at`.
pub(super) fn word_start(text: &str, at: usize) -> usize {
    let rest = text[..at].chars().rev().take(LONGEST_WORD).take_while(|&c| !is_edge(Some(c)));
    at - rest.map(char::len_utf8).sum::<usize>()
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
        '\n' | '!' | '?' | '|' | '•' | '。' | '！' | '？' | '…' | '।' | '॥' | '۔' | '؟' | '။' | '។' | '።' => {
            true
        }
        _ => false,
    }
}

/// Whether `c`, followed by `next`, ends a clause: a sentence end, any sign but quotation marks, apostrophes and hyphens, or in
/// Thai and Lao a space.
pub(super) fn ends_clause(c: char, next: Option<char>) -> bool {
    let thai = || next.is_some_and(|n| matches!(n, '\u{E00}'..='\u{EFF}'));
    let inside =
        is_word(c) || (c.is_whitespace() && !thai()) || matches!(c, '\'' | '’' | '"' | '“' | '”' | '«' | '»' | '-' | '.');
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
