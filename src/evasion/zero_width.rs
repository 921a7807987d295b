//! Characters without width inside words: "pass\u{200b}port".

use fastrand::Rng;

use super::pieces::some_words;

/// Zero-width space, word joiner, byte-order mark, soft hyphen: no spelling needs them inside a word. Joiners are left out, as
/// Persian and Hindi are spelt with them.
const INVISIBLE: [char; 4] = ['\u{200B}', '\u{2060}', '\u{FEFF}', '\u{AD}'];

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    some_words(text, 3, 2, random, |word, random| {
        let letters: Vec<char> = word.chars().collect();
        let certain = random.usize(1..letters.len());
        let mut written = String::new();
        for (at, c) in letters.into_iter().enumerate() {
            if at == certain || at > 0 && random.u8(..4) == 0 {
                written.push(INVISIBLE[random.usize(..INVISIBLE.len())]);
            }
            written.push(c);
        }
        written
    })
}
