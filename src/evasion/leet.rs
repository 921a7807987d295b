//! Digits and signs in place of letters: "p4ssport", "з4работок".

use fastrand::Rng;

use super::pieces::{some_letters, some_words};

const DOUBLES: [(&str, &str); 15] = [
    ("aA", "4@"),
    ("eE", "3"),
    ("iI", "1!"),
    ("oO", "0"),
    ("sS", "5$"),
    ("tT", "7"),
    ("lL", "1"),
    ("bB", "8"),
    ("аА", "4@"),
    ("оО", "0"),
    ("зЗ", "3"),
    ("еЕ", "3"),
    ("чЧ", "4"),
    ("бБ", "6"),
    ("тТ", "7"),
];

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    some_words(text, 4, 3, random, |word, random| some_letters(word, 4, random, double))
}

fn double(c: char, random: &mut Rng) -> Option<char> {
    let (_, signs) = DOUBLES.iter().find(|(letters, _)| letters.contains(c))?;
    random.choice(signs.chars().collect::<Vec<_>>())
}
