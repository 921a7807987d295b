//! Signs inside words, and more or fewer of them between sentences: "pass.port", "hurry!!!".

use fastrand::Rng;
use unicode_segmentation::UnicodeSegmentation;

use super::pieces::some_words;

/// Signs people put into a word they fear is filtered.
const INSIDE: [char; 6] = ['.', '-', '*', '\'', ',', '|'];

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    let cut = some_words(text, 4, 4, random, |word, random| {
        let letters: Vec<&str> = word.graphemes(true).collect();
        if letters.len() < 2 {
            return word.to_owned();
        }
        let at = random.usize(1..letters.len());
        format!("{}{}{}", letters[..at].concat(), INSIDE[random.usize(..INSIDE.len())], letters[at..].concat())
    });
    let mut written = String::with_capacity(cut.len() + 16);
    for c in cut.chars() {
        match c {
            '!' | '?' => (0..random.usize(1..5)).for_each(|_| written.push(c)),
            ',' if random.u8(..3) == 0 => written.push_str(" ..."),
            _ => written.push(c),
        }
    }
    written
}
