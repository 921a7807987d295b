//! The phrase language of the cards: see the [room's page](super#the-phrase-language).

use super::scope::{self, WORD};
use crate::text::fold;

/// The longest gap ` .. ` may stand for: seven words, or as much of a script without spaces.
const GAP: usize = 7 * WORD;

/// Arabic and Amharic write these at the front of the next word.
const PROCLITICS: [&str; 17] =
    ["و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "فال", "كال", "لل", "وب", "ول", "የ", "በ", "ለ", "ከ"];

/// A run of words that stand in the text exactly so.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Folded, words separated by single spaces.
    pub(super) words: String,
    /// Any beginning may precede the first word.
    open_start: bool,
    /// Any ending may follow the last word.
    open_end: bool,
    /// A gap may precede; otherwise only white space may.
    gap_before: bool,
}

/// A place in folded text, in bytes.
pub(super) type Place = (usize, usize);

impl Piece {
    /// The place of this piece if its words stand at `at`, widened over open ends; nothing where they cut a word.
    pub(super) fn place(&self, text: &str, at: usize) -> Option<Place> {
        let end = at + self.words.len();
        let free = |c: Option<char>| c.is_some_and(|c| scope::is_unspaced(c) || !scope::is_word(c));
        let whole_start = || {
            free(self.words.chars().next())
                || scope::is_edge(text[..at].chars().next_back())
                || PROCLITICS.contains(&&text[scope::word_start(text, at)..at])
        };
        let whole_end = || free(self.words.chars().next_back()) || scope::is_edge(text[end..].chars().next());
        let start = if self.open_start { scope::word_start(text, at) } else { whole_start().then_some(at)? };
        let end = if self.open_end { scope::word_end(text, end) } else { whole_end().then_some(end)? };
        Some((start, end))
    }

    /// Every place of this piece within `from..to`, in order.
    pub(super) fn places(&self, text: &str, from: usize, to: usize) -> impl DoubleEndedIterator<Item = Place> {
        let found: Vec<usize> = text[from..to].match_indices(&self.words).map(|(offset, _)| from + offset).collect();
        found.into_iter().filter_map(move |at| self.place(text, at))
    }

    /// Whether `left` and the place `right` of this piece are joined as the phrase says.
    fn joins(&self, text: &str, left: Place, right: Place) -> bool {
        left.1 <= right.0 && {
            let between = &text[left.1..right.0];
            if self.gap_before { scope::distance(between) <= GAP } else { !between.is_empty() && between.trim().is_empty() }
        }
    }
}

/// Pieces in the order they stand in the text.
#[derive(Debug)]
pub(super) struct Phrase {
    pub(super) pieces: Vec<Piece>,
}

impl Phrase {
    /// Reads one phrase of a card: one result for every choice among its `a/b/c_d` words.
    pub(super) fn parse_all(written: &str) -> Vec<Self> {
        let mut spelt = vec![String::new()];
        for word in written.split_whitespace() {
            spelt = spelt.iter().flat_map(|head| word.split('/').map(move |choice| format!("{head} {}", choice.replace('_', " ")))).collect();
        }
        spelt.iter().map(|one| Self::parse(one)).collect()
    }

    fn parse(written: &str) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut gap_before, mut join) = (false, false);
        for word in written.split_whitespace() {
            if word == ".." {
                (gap_before, join) = (true, false);
                continue;
            }
            let open_start = word.starts_with('*');
            let open_end = word.ends_with('*');
            let folded = fold(word.trim_matches('*'));
            match pieces.last_mut() {
                Some(piece) if join && !open_start => {
                    piece.words.push(' ');
                    piece.words.push_str(&folded);
                    piece.open_end = open_end;
                }
                _ => pieces.push(Piece { words: folded, open_start, open_end, gap_before }),
            }
            (gap_before, join) = (false, !open_end);
        }
        Self { pieces }
    }

    /// The piece to look for first: the longest, because it is the rarest.
    pub(super) fn anchor(&self) -> usize {
        (0..self.pieces.len()).max_by_key(|&i| (self.pieces[i].words.chars().count(), i)).unwrap_or(0)
    }

    /// The places of all pieces, if the anchor's words stand at `at` and the others around them within the sentence.
    /// Each further piece is taken at its nearest place.
    pub(super) fn places(&self, text: &str, at: usize) -> Option<Vec<Place>> {
        let anchor = self.anchor();
        let found = self.pieces[anchor].place(text, at)?;
        let mut places = vec![found];
        for pair in self.pieces[..=anchor].windows(2).rev() {
            let right = places[0];
            let from = right.0 - scope::before(text, right.0, scope::ends_sentence).len();
            let left = pair[0].places(text, from, right.0).rev().find(|&left| pair[1].joins(text, left, right))?;
            places.insert(0, left);
        }
        for piece in &self.pieces[anchor + 1..] {
            let left = *places.last()?;
            let to = left.1 + scope::after(text, left.1, scope::ends_sentence).len();
            let right = piece.places(text, left.1, to).find(|&right| piece.joins(text, left, right))?;
            places.push(right);
        }
        Some(places)
    }
}

/// Whether one of `phrases` stands in `text`.
pub(super) fn any(phrases: &[Phrase], text: &str) -> bool {
    phrases.iter().any(|phrase| {
        let anchor = &phrase.pieces[phrase.anchor()].words;
        text.match_indices(anchor.as_str()).any(|(at, _)| phrase.places(text, at).is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of `text` that the phrase marks, folded.
    fn matched(written: &str, text: &str) -> Option<String> {
        let text = fold(text);
        Phrase::parse_all(written).iter().find_map(|phrase| {
            let words = &phrase.pieces[phrase.anchor()].words;
            let places = text.match_indices(words.as_str()).find_map(|(at, _)| phrase.places(&text, at))?;
            Some(text[places.first()?.0..places.last()?.1].to_owned())
        })
    }

    #[track_caller]
    fn check(written: &str, text: &str, expect: Option<&str>) {
        assert_eq!(matched(written, text), expect.map(fold), "{written} in {text}");
    }

    #[test]
    fn words_match_whole_words() {
        check("fee", "a fee, please", Some("fee"));
        check("fee", "coffee feeling", None);
        check("visa", "办理visa签证", Some("visa"));
        check("护照", "请把护照交给我", Some("护照"));
    }

    #[test]
    fn stars_take_endings_and_beginnings() {
        check("зарплат*", "вашу зарплату сразу", Some("зарплату"));
        check("*gebühr", "die vermittlungsgebühr zahlst du", Some("vermittlungsgebühr"));
        check("send* your passport", "sending your passport", Some("sending your passport"));
        check("فيزا", "تذكرة وفيزا", Some("فيزا"));
        check("send* your passport", "send me your passport", None);
    }

    #[test]
    fn slashes_choose() {
        check("give/send us your id/passport", "send us your id", Some("send us your id"));
        check("sign/hand_over the papers", "you hand over the papers", Some("hand over the papers"));
        check("护照/证件 .. 保管/代管", "证件公司代管", Some("证件公司代管"));
    }

    #[test]
    fn gaps_stay_within_a_few_words_of_one_sentence() {
        check("pay .. fee", "you pay us a small fee today", Some("pay us a small fee"));
        check("pay .. fee", "good pay. no fee", None);
        check("pay .. fee", "pay one two three four five six seven eight fee", None);
        check("护照 .. 保管", "护照由公司统一保管", Some("护照由公司统一保管"));
    }
}
