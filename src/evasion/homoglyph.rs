//! Letters of another script that look alike: "pаssport" with a Cyrillic а.

use fastrand::Rng;

use super::pieces::{some_letters, some_words};

/// Latin letters and their Cyrillic doubles.
const LATIN: &str = "aceopxyijsABCEHKMOPTXYI";
const CYRILLIC: &str = "асеорхуіјѕАВСЕНКМОРТХУІ";
/// Latin letters and their Greek doubles.
const TO_GREEK: &str = "ovABEHIKMNOPTXYZ";
const GREEK: &str = "ονΑΒΕΗΙΚΜΝΟΡΤΧΥΖ";

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    some_words(text, 3, 3, random, |word, random| some_letters(word, 3, random, double))
}

fn double(c: char, random: &mut Rng) -> Option<char> {
    let mut found: Vec<char> = Vec::new();
    for (from, to) in [(LATIN, CYRILLIC), (CYRILLIC, LATIN), (TO_GREEK, GREEK), (GREEK, TO_GREEK)] {
        found.extend(from.chars().zip(to.chars()).find(|(own, _)| *own == c).map(|(_, other)| other));
    }
    random.choice(found)
}
