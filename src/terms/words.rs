//! The word lists of this room, and whether one of their words stands whole in a folded text.

use std::ops::Range;

use crate::text::fold;

/// Letters of a clause that are looked at, behind a sum and before it.
pub(super) const NEAR: usize = 24;
/// Letters between a word for pay or for a fee and its sum.
pub(super) const NEAR_PAY: usize = 12;

/// The cells of a compiled-in table, row by row; the first names what the others are words for.
#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once('\t').expect("a row of a table has a name, a tab and words"))
        .map(|(name, words)| (name, words.split('\t').collect()))
}

/// The cells of one kind in `numbers.tsv`, as they are written.
#[expect(clippy::expect_used, reason = "kinds are named in this room's code, and a test of each file asks for its own")]
pub(super) fn cells(kind: &str) -> Vec<&'static str> {
    let row = rows(include_str!("numbers.tsv")).find(|(name, _)| *name == kind);
    row.map(|(_, words)| words).expect("numbers.tsv has a row of each kind")
}

/// The words of one kind, folded, without the tilde of those that mean other things as well.
pub(super) fn words(kind: &str) -> Vec<String> {
    cells(kind).into_iter().map(|word| fold(word.trim_start_matches('~'))).collect()
}

/// Those of them that have no tilde.
pub(super) fn plain_words(kind: &str) -> Vec<String> {
    cells(kind).into_iter().filter(|word| !word.starts_with('~')).map(fold).collect()
}

/// What stands between the two sums of a range; words have spaces about them.
pub(super) const TO: &[&str] = &["-", "~", "〜", "to", "do", "bis", "до", "a", "至", "到", "से", "থেকে", "ila", "إلى"];

/// Whether a letter is of a script in which a word ends where its letters do. From U+0E00 on most write no spaces, and Korean, Amharic and
/// Georgian write particles onto words.
pub(super) fn in_spaced_script(c: char) -> bool {
    c.is_alphabetic() && c < '\u{e00}'
}

/// Whether a text begins with a whole word.
pub(super) fn starts_with_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(in_spaced_script))
}

/// Whether a text ends with a whole word.
pub(super) fn ends_with_word(text: &str, word: &str) -> bool {
    text.ends_with(word) && is_whole(text, text.len() - word.len(), word)
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

/// The letters of a clause before a place, `near` at most.
pub(super) fn clause_before(text: &str, at: usize, near: usize) -> &str {
    let start = text[..at].char_indices().rev().take(near).take_while(|(_, c)| !ends_clause(*c)).last();
    start.map_or("", |(start, _)| &text[start..at])
}

/// The letters of a clause behind a place, `near` at most.
pub(super) fn clause_behind(text: &str, at: usize, near: usize) -> &str {
    let end = text[at..].char_indices().take(near).take_while(|(_, c)| !ends_clause(*c)).last();
    end.map_or("", |(end, c)| &text[at..at + end + c.len_utf8()])
}

/// Whether one of the words ends a few letters before a place, in the same clause.
pub(super) fn precedes(text: &str, words: &[String], at: usize) -> bool {
    nearest_before(text, words, at, NEAR_PAY).is_some()
}

/// What stands in the clause before the last of the words that ends `within` letters before a place, and between it and the place.
pub(super) fn nearest_before<'t>(text: &'t str, words: &[String], at: usize, within: usize) -> Option<(&'t str, &'t str)> {
    let clause = clause_before(text, at, NEAR);
    let start = at - clause.len();
    let whole = |word: &String| {
        let hits = clause.match_indices(word.as_str()).filter(|(hit, _)| is_whole(text, start + hit, word));
        hits.map(|(hit, _)| (hit + word.len(), hit)).filter(|(end, _)| clause[*end..].chars().count() <= within).max()
    };
    let (end, hit) = words.iter().filter_map(whole).max()?;
    Some((&clause[..hit], &clause[end..]))
}

/// The first of the words in a part of a text, and where it stands.
pub(super) fn first_word(part: &str, words: &[String]) -> Option<Range<usize>> {
    let hits = words.iter().filter_map(|word| find_word(part, word).map(|at| at..at + word.len()));
    hits.min_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)))
}

/// Whether a word behind this character speaks of something else.
pub(super) fn ends_clause(c: char) -> bool {
    matches!(c, '\n' | ';' | '!' | '?' | ',' | '.' | '(' | ')' | '。' | '、' | '।') || c.is_ascii_digit()
}
