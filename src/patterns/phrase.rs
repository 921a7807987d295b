//! The phrase language of the cards: see the [room's page](super#the-phrase-language).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::scope::{self, WORD};
use crate::text::fold;

/// The longest gap ` .. ` may stand for: seven words, or as much of a script without spaces.
const GAP: usize = 7 * WORD;

/// Arabic and Amharic write these at the front of the next word: and, so, in, to, like, the; of, in, to, from, about, towards.
///
/// `regions::boundary` has a list of its own: "like" leads to no place, and its Amharic "እ" is "I" in front of a verb.
const PROCLITICS: [&str; 23] = [
    "و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "فال", "كال", "لل", "وب", "ول", "ولل", "وبال", "لال", "هال", "የ", "በ", "ለ", "ከ",
    "ስለ", "ወደ",
];

/// Words that stand in the text exactly so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Piece {
    /// Folded, with single spaces between.
    pub(super) words: String,
    /// Any beginning may precede the first word.
    open_start: bool,
    /// Any ending may follow the last word.
    open_end: bool,
}

/// A place in folded text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Piece {
    fn followed_by(&self, tail: &Self) -> Self {
        Self { words: format!("{} {}", self.words, tail.words), open_start: self.open_start, open_end: tail.open_end }
    }

    /// Whether the piece begins with an ASCII letter or digit that must begin a word.
    pub(super) fn closed_start(&self) -> bool {
        !self.open_start && self.words.starts_with(|c: char| c.is_ascii_alphanumeric())
    }

    /// The place of this piece if its words stand at `at`, widened over open ends; nothing where they cut a word.
    pub(super) fn place(&self, text: &str, at: usize) -> Option<Place> {
        let first = self.words.chars().next();
        let start = if self.open_start {
            scope::word_start(text, at)
        } else {
            let whole = is_free(first)
                || scope::is_edge(text[..at].chars().next_back())
                || (first.is_some_and(takes_proclitics) && PROCLITICS.contains(&&text[scope::word_start(text, at)..at]));
            whole.then_some(at)?
        };
        let words_end = at + self.words.len();
        let end = if self.open_end {
            scope::word_end(text, words_end)
        } else {
            let whole = is_free(self.words.chars().next_back()) || scope::is_edge(text[words_end..].chars().next());
            whole.then_some(words_end)?
        };
        Some(Place { start, end })
    }
}

/// Whether `c` is an Arabic or an Ethiopic letter.
fn takes_proclitics(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{6FF}' | '\u{1200}'..='\u{137F}')
}

/// Whether a piece that begins or ends with `c` needs no edge of a word there.
fn is_free(c: Option<char>) -> bool {
    c.is_some_and(|c| scope::is_unspaced(c) || !scope::is_word(c))
}

/// One part of a phrase: any of these pieces.
#[derive(Debug)]
pub(super) struct Part<P = Piece> {
    pub(super) pieces: Vec<P>,
    /// A gap may precede; otherwise only white space may, and nothing where the script writes none.
    pub(super) gap_before: bool,
}

impl<P> Part<P> {
    /// Whether this part may stand at `right` after another at `left`, in one clause if that is asked, in one sentence otherwise.
    pub(super) fn joins(&self, text: &str, left: Place, right: Place, in_clause: bool) -> bool {
        if left.end > right.start {
            return false;
        }
        let between = &text[left.end..right.start];
        if !self.gap_before {
            return between.trim().is_empty() && (!between.is_empty() || touches(text, right.start));
        }
        let clear = if in_clause {
            scope::after(text, left.end, scope::ends_clause)
        } else {
            scope::after(between, 0, scope::ends_sentence)
        };
        scope::distance(between) <= GAP && clear.len() >= between.len()
    }
}

/// Whether what ends and what begins at `at` may be two words: one of them is of a script without spaces.
fn touches(text: &str, at: usize) -> bool {
    let unspaced = |c: Option<char>| c.is_some_and(scope::is_unspaced);
    unspaced(text[..at].chars().next_back()) || unspaced(text[at..].chars().next())
}

/// Reads one phrase of a card. Choices that touch are written out, so that a part is a plain list of strings.
pub(super) fn parse<'a>(written: &'a str, folded: &mut Folded<'a>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut gap_before = true;
    for token in written.split_whitespace() {
        if token == ".." {
            gap_before = true;
            continue;
        }
        let choices: Vec<Piece> = token.split('/').map(|choice| folded.piece(choice)).collect();
        match parts.last_mut().filter(|part| !gap_before && are_one(part, &choices)) {
            Some(part) => {
                let longer = part.pieces.iter().flat_map(|head| choices.iter().map(|tail| head.followed_by(tail)));
                part.pieces = longer.collect();
            }
            None => parts.push(Part { pieces: choices, gap_before }),
        }
        gap_before = false;
    }
    parts
}

/// Whether what touches can be written out with a space between: nowhere an open end, nor a script that writes no space.
fn are_one(part: &Part, choices: &[Piece]) -> bool {
    let unspaced = |c: Option<char>| c.is_some_and(scope::is_unspaced);
    part.pieces.iter().all(|head| !head.open_end && !unspaced(head.words.chars().next_back()))
        && choices.iter().all(|tail| !tail.open_start && !unspaced(tail.words.chars().next()))
}

/// Words of cards as pieces. The cards repeat most of their words, and folding them is dear, so each is folded once.
#[derive(Default)]
pub(super) struct Folded<'a>(HashMap<&'a str, Piece, QuickHash>);

impl<'a> Folded<'a> {
    /// One of the words between slashes.
    fn piece(&mut self, written: &'a str) -> Piece {
        let fresh = || Piece {
            words: fold(&written.trim_matches('*').replace('_', " ")),
            open_start: written.starts_with('*'),
            open_end: written.ends_with('*'),
        };
        self.0.entry(written).or_insert_with(fresh).clone()
    }
}

/// Hashes the words of our own cards. Nobody can choose them to collide, so the keyed hash of the standard library would only cost
/// time: it was the dearest part of compiling the cards.
pub(super) type QuickHash = BuildHasherDefault<Mixer>;

/// Takes bytes eight at a time, each time turned, mixed in and multiplied.
#[derive(Default)]
pub(super) struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(eight));
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn finish(&self) -> u64 {
        // The table counts on the low bits, and multiplying mixes the high ones.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(part: &Part, text: &str) -> Vec<Place> {
        let of = |piece: &Piece| text.match_indices(&piece.words).filter_map(|(at, _)| piece.place(text, at)).collect::<Vec<_>>();
        part.pieces.iter().flat_map(of).collect()
    }

    /// Asserts which words of `text` a phrase of one or two parts marks.
    #[track_caller]
    fn check(written: &str, text: &str, expect: Option<&str>) {
        let text = fold(text);
        let parts = parse(written, &mut Folded::default());
        let mut found: Vec<Place> = places(&parts[0], &text);
        for part in &parts[1..] {
            let joined = |left: &Place| {
                let right = places(part, &text).into_iter().find(|&right| part.joins(&text, *left, right, false))?;
                Some(Place { start: left.start, end: right.end })
            };
            found = found.iter().filter_map(joined).collect();
        }
        assert_eq!(found.first().map(|place| &text[place.start..place.end]), expect.map(fold).as_deref(), "{written} in {text}");
    }

    #[test]
    fn words_match_whole_words() {
        check("fee", "a fee, please", Some("fee"));
        check("fee", "coffee feeling", None);
        check("visa", "办理visa签证", Some("visa"));
        check("护照", "请把护照交给我", Some("护照"));
        check("فيزا", "تذكرة وفيزا", Some("فيزا"));
    }

    #[test]
    fn stars_take_endings_and_beginnings() {
        check("зарплат*", "вашу зарплату сразу", Some("зарплату"));
        check("*gebühr", "die vermittlungsgebühr zahlst du", Some("vermittlungsgebühr"));
        check("send* your passport", "sending your passport", Some("sending your passport"));
        check("send* your passport", "send me your passport", None);
    }

    #[test]
    fn slashes_choose() {
        check("give/send us your id/passport", "send us your id", Some("send us your id"));
        check("sign/hand_over the papers", "you hand over the papers", Some("hand over the papers"));
        check("护照/证件 .. 保管/代管", "证件公司代管", Some("证件公司代管"));
    }

    #[test]
    fn what_touches_in_a_card_touches_in_the_text() {
        check("收走/扣押 护照/证件", "到了就收走护照", Some("收走护照"));
        check("收走/扣押 护照/证件", "收走 护照", Some("收走 护照"));
        check("收走/扣押 护照/证件", "收走了你的护照", None);
        check("take your passport", "takeyour passport", None);
    }

    #[test]
    fn gaps_stay_within_a_few_words_of_one_sentence() {
        check("pay .. fee", "you pay us a small fee today", Some("pay us a small fee"));
        check("pay .. fee", "good pay. no fee", None);
        check("pay .. fee", "pay one two three four five six seven eight fee", None);
        check("护照 .. 保管", "护照由公司统一保管", Some("护照由公司统一保管"));
    }
}
