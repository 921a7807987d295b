//! What texts are compared by: words, or characters in scripts that write words together.

use std::hash::{DefaultHasher, Hash, Hasher};

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// The units of one text, in small letters, without punctuation, signs and emoji.
#[derive(Debug, Clone, PartialEq)]
pub enum Units {
    /// Words of a script with spaces.
    Words(Vec<String>),
    /// Letters, marks and digits of a script without.
    Characters(Vec<char>),
}

impl Units {
    /// Cuts a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let lower = text.to_lowercase();
        let letters = lower.chars().filter(|c| c.is_alphabetic()).count();
        let together = lower.chars().filter(|c| c.is_alphabetic() && writes_words_together(*c)).count();
        if together * 2 > letters {
            Self::Characters(lower.chars().filter(|c| belongs_to_word(*c)).collect())
        } else {
            let words = lower.split(|c: char| !belongs_to_word(c)).filter(|word| word.contains(char::is_alphanumeric));
            Self::Words(words.map(str::to_owned).collect())
        }
    }

    /// Hashes of every run of so many units; one of the whole text where it is shorter.
    #[must_use]
    pub fn runs(&self, words: usize, characters: usize) -> Vec<u64> {
        match self {
            Self::Words(list) => list.windows(words.min(list.len().max(1))).map(|run| hash(&run)).collect(),
            Self::Characters(list) => list.windows(characters.min(list.len().max(1))).map(|run| hash(&run)).collect(),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Words(list) => list.len(),
            Self::Characters(list) => list.len(),
        }
    }

    /// Nothing to compare by.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first two, joined.
    #[must_use]
    pub fn opening(&self) -> Option<String> {
        match self {
            Self::Words(list) => list.first_chunk::<2>().map(|pair| pair.join(" ")),
            Self::Characters(list) => list.first_chunk::<2>().map(|pair| pair.iter().collect()),
        }
    }
}

fn hash(run: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    run.hash(&mut hasher);
    hasher.finish()
}

fn writes_words_together(c: char) -> bool {
    use Script::{Han, Hiragana, Katakana, Khmer, Lao, Myanmar, Thai, Tibetan};
    !c.is_ascii() && matches!(c.script(), Han | Hiragana | Katakana | Khmer | Lao | Myanmar | Thai | Tibetan)
}

/// Marks and joiners are parts of words: without them a virama would end one.
fn belongs_to_word(c: char) -> bool {
    c.is_alphanumeric() || !c.is_ascii() && (is_combining_mark(c) || matches!(c, '\u{200C}' | '\u{200D}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virama_does_not_end_a_word_and_khmer_is_not_cut() {
        assert_eq!(Units::of("प्रति दिन!"), Units::Words(vec!["प्रति".to_owned(), "दिन".to_owned()]));
        let Units::Characters(khmer) = Units::of("ត្រូវការ ចុងភៅ 2 នាក់") else {
            panic!("Khmer has no spaces between words")
        };
        assert_eq!(khmer.len(), "ត្រូវការចុងភៅ2នាក់".chars().count());
    }
}
