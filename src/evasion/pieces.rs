//! Words and what stands between them, so that a technique can change some words and leave links, numbers and spaces alone.

use fastrand::Rng;
use unicode_normalization::char::is_combining_mark;

/// A stretch of text.
pub(super) enum Piece<'t> {
    /// Letters with their marks, in a script with spaces a word.
    Word(&'t str),
    /// Anything else.
    Between(&'t str),
}

/// Cuts a text; the pieces put together are the text. Links, mail addresses, handles and whatever holds a digit are no words.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    for chunk in text.split_inclusive(char::is_whitespace) {
        if chunk.contains(['@', '/', '\\', '_']) || chunk.contains(|c: char| c.is_numeric()) {
            pieces.push(Piece::Between(chunk));
            continue;
        }
        let mut rest = chunk;
        while let Some(first) = rest.chars().next() {
            let in_word = belongs_to_word(first);
            let end = rest.find(|c| belongs_to_word(c) != in_word).unwrap_or(rest.len());
            let (piece, after) = rest.split_at(end);
            pieces.push(if in_word { Piece::Word(piece) } else { Piece::Between(piece) });
            rest = after;
        }
    }
    pieces
}

fn belongs_to_word(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c) || matches!(c, '\u{200C}' | '\u{200D}')
}

/// Rewrites about one word in `one_in` of those with at least `letters` letters, and at least one if there is any.
pub(super) fn some_words(
    text: &str,
    letters: usize,
    one_in: usize,
    random: &mut Rng,
    mut rewrite: impl FnMut(&str, &mut Rng) -> String,
) -> String {
    let pieces = pieces(text);
    let long = |piece: &Piece| matches!(piece, Piece::Word(word) if word.chars().count() >= letters);
    let candidates: Vec<usize> = (0..pieces.len()).filter(|&at| long(&pieces[at])).collect();
    // The first behind a drawn place that the technique has letters for: not every word has a look-alike.
    let from = random.usize(..candidates.len().max(1));
    let changes = |at: &usize, rewrite: &mut dyn FnMut(&str, &mut Rng) -> String| match pieces[*at] {
        Piece::Word(word) => rewrite(word, &mut random.clone()) != word,
        Piece::Between(_) => false,
    };
    let certain = candidates.iter().cycle().skip(from).take(candidates.len()).find(|at| changes(at, &mut rewrite)).copied();
    let mut written = String::with_capacity(text.len() * 2);
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Word(word) if long(piece) && (Some(at) == certain || random.usize(..one_in) == 0) => {
                written.push_str(&rewrite(word, random));
            }
            Piece::Word(same) | Piece::Between(same) => written.push_str(same),
        }
    }
    written
}

/// Replaces about one in `one_in` of the letters that have doubles, and at least one if there is any.
pub(super) fn some_letters(
    word: &str,
    one_in: usize,
    random: &mut Rng,
    double: impl Fn(char, &mut Rng) -> Option<char>,
) -> String {
    let letters: Vec<char> = word.chars().collect();
    let candidates: Vec<usize> = (0..letters.len()).filter(|&at| double(letters[at], &mut random.clone()).is_some()).collect();
    let certain = candidates.get(random.usize(..candidates.len().max(1))).copied();
    let write = |(at, c): (usize, &char)| {
        let chosen = Some(at) == certain || random.usize(..one_in) == 0;
        chosen.then(|| double(*c, random)).flatten().unwrap_or(*c)
    };
    letters.iter().enumerate().map(write).collect()
}
