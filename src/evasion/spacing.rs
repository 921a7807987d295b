//! Spaces or dots between the letters of a word: "p a s s p o r t", "护 照".

use fastrand::Rng;
use unicode_segmentation::UnicodeSegmentation;

use super::pieces::some_words;

/// What stands between letters; a space is the commonest.
const SEPARATORS: [&str; 6] = [" ", " ", " ", ".", "-", "·"];

/// Letters spaced at a time: in scripts without spaces a "word" may be a sentence.
const LONGEST: usize = 12;

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    let separator = SEPARATORS[random.usize(..SEPARATORS.len())];
    some_words(text, 4, 5, random, |word, random| {
        // Whole clusters: a vowel sign torn from its consonant would not be read.
        let letters: Vec<&str> = word.graphemes(true).collect();
        let spaced = letters.len().min(LONGEST);
        let from = random.usize(..=letters.len() - spaced);
        let middle = letters[from..from + spaced].join(separator);
        format!("{}{middle}{}", letters[..from].concat(), letters[from + spaced..].concat())
    })
}
