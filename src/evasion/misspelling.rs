//! Letters swapped, dropped or doubled inside a word: "passprot", "pasport", "passsport".

use fastrand::Rng;
use unicode_segmentation::UnicodeSegmentation;

use super::pieces::some_words;

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    some_words(text, 4, 4, random, |word, random| {
        let mut letters: Vec<&str> = word.graphemes(true).collect();
        if letters.len() < 4 {
            return word.to_owned();
        }
        // The first and the last letter carry a word: readers see them first, so those who want to be read leave them.
        let at = random.usize(1..letters.len() - 2);
        match random.u8(..3) {
            0 => letters.swap(at, at + 1),
            1 => drop(letters.remove(at)),
            _ => letters.insert(at, letters[at]),
        }
        letters.concat()
    })
}
