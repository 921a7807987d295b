//! Shouted words: the vocabulary knows words in small letters and cuts capitals into scraps.

use std::ops::Range;

/// Words in capitals, and letters in them, from which on they shout. Fewer are abbreviations or one stressed phrase.
const FEWEST_WORDS: usize = 3;
const FEWEST_LETTERS: usize = 12;

/// Words of a text, and the part of them that begin with a capital, from which on that is how it is written. German nouns are two fifths.
const FEWEST_RAISED: usize = 6;
const PART_RAISED: f64 = 0.8;

/// Runs of words in capitals throughout; numbers and signs between them belong to a run. All of a text that raises nearly every word.
pub(super) fn shouted(text: &str) -> Vec<Range<usize>> {
    if is_raised(text) {
        return std::iter::once(0..text.len()).collect();
    }
    let mut found = Vec::new();
    let mut run = Run::default();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let letters = cased(word).count();
        if letters > 0 && cased(word).all(char::is_uppercase) {
            run.take(at..at + word.len(), letters);
        } else if letters > 0 {
            found.extend(std::mem::take(&mut run).shouted());
        }
        at += word.len();
    }
    found.extend(run.shouted());
    found
}

/// "Cooks And Waiters Wanted In Riga".
fn is_raised(text: &str) -> bool {
    let (mut words, mut raised) = (0usize, 0usize);
    for first in text.split_whitespace().filter_map(|word| cased(word).next()) {
        words += 1;
        raised += usize::from(first.is_uppercase());
    }
    words >= FEWEST_RAISED && raised as f64 >= PART_RAISED * words as f64
}

fn cased(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| c.is_uppercase() || c.is_lowercase())
}

/// Words in capitals one after the other.
#[derive(Default)]
struct Run {
    bytes: Option<Range<usize>>,
    words: usize,
    letters: usize,
}

impl Run {
    fn take(&mut self, word: Range<usize>, letters: usize) {
        self.bytes = Some(self.bytes.as_ref().map_or(word.start, |bytes| bytes.start)..word.end);
        self.words += 1;
        self.letters += letters;
    }

    fn shouted(self) -> Option<Range<usize>> {
        self.bytes.filter(|_| self.words >= FEWEST_WORDS && self.letters >= FEWEST_LETTERS)
    }
}

pub(super) fn in_small_letters(text: &str, shouted: &[Range<usize>]) -> String {
    let mut calmed = String::with_capacity(text.len());
    for bytes in shouted {
        calmed.push_str(&text[calmed.len()..bytes.start]);
        calmed.extend(text[bytes.clone()].chars().map(small));
    }
    calmed.push_str(&text[calmed.len()..]);
    calmed
}

/// The small letter where it takes as many bytes; all but a handful do.
fn small(c: char) -> char {
    let mut small = c.to_lowercase();
    match (small.next(), small.next()) {
        (Some(small), None) if small.len_utf8() == c.len_utf8() => small,
        _ => c,
    }
}
