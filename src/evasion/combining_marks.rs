//! Marks piled on letters: strokes, dots and accents that a reader looks through ("s̶a̶l̶a̶r̶y̶").

use fastrand::Rng;

use super::pieces::some_words;

/// Strokes, accents and dots from the block of general combining marks.
const MARKS: [char; 8] = ['\u{0336}', '\u{0335}', '\u{0332}', '\u{0301}', '\u{0307}', '\u{0323}', '\u{0331}', '\u{035C}'];

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    let mark = MARKS[random.usize(..MARKS.len())];
    some_words(text, 3, 4, random, |word, random| {
        let mut written = String::new();
        for c in word.chars() {
            written.push(c);
            if c.is_alphabetic() {
                written.push(mark);
                if random.u8(..6) == 0 {
                    written.push(MARKS[random.usize(..MARKS.len())]);
                }
            }
        }
        written
    })
}
