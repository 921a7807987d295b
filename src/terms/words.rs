//! The word lists of this room, and whether one of their words stands whole in a folded text.

use crate::text::fold;

/// Letters in which a period is looked for, behind a sum and before it.
pub(super) const NEAR: usize = 24;
/// Letters between a word for pay or for a fee and its sum.
const NEAR_PAY: usize = 12;

/// The cells of a compiled-in table, row by row; the first names what the others are words for.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, words)| (name, words.split('\t').collect()))
}

/// The words of one kind in `numbers.tsv`, folded.
pub(super) fn words(kind: &str) -> Vec<String> {
    let row = rows(include_str!("numbers.tsv")).find(|(name, _)| *name == kind);
    row.map(|(_, words)| words.into_iter().map(fold).collect()).unwrap_or_default()
}

/// What stands between the two sums of a range; words have spaces about them.
pub(super) const TO: &[&str] = &["-", "~", "〜", "to", "do", "bis", "до", "a", "至", "到", "से", "থেকে", "ila", "إلى"];

/// Whether a letter is of a script that puts spaces between words: of those a word may not go on beside ours.
pub(super) fn in_spaced_script(c: char) -> bool {
    c.is_alphabetic() && c < '\u{e00}'
}

/// Whether a text begins with a whole word.
pub(super) fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(in_spaced_script))
}

/// Where a word stands whole; words of scripts without spaces stand anywhere.
pub(super) fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|&at| is_whole(text, at, word))
}

/// Whether no letter of a script with spaces goes on before or behind the word at `at`.
fn is_whole(text: &str, at: usize, word: &str) -> bool {
    let open = !word.starts_with(char::is_alphabetic);
    (open || !text[..at].ends_with(in_spaced_script)) && !text[at + word.len()..].starts_with(in_spaced_script)
}

/// Whether one of the words ends a few letters before a place, in the same clause.
pub(super) fn precedes(text: &str, words: &[String], at: usize) -> bool {
    let clause = text[..at].char_indices().rev().take(NEAR).take_while(|(_, c)| !ends_clause(*c)).last();
    let start = clause.map_or(at, |(start, _)| start);
    let ends_near = |end: usize| text[end..at].chars().count() <= NEAR_PAY;
    words.iter().any(|word| {
        let mut hits = text[start..at].match_indices(word.as_str()).map(|(hit, _)| start + hit);
        hits.any(|hit| is_whole(text, hit, word) && ends_near(hit + word.len()))
    })
}

/// Whether a word behind this character speaks of something else.
pub(super) fn ends_clause(c: char) -> bool {
    matches!(c, '\n' | ';' | '!' | '?' | ',' | '.' | '。' | '，' | '、') || c.is_ascii_digit()
}
