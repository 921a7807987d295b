//! Phone numbers in words: "zero nine one seven…", "一三八零零…". Warnings tell of them, and a mask that reads digits alone lets them through.
//!
//! `digits.tsv` has a line a language with its words for 0 to 9, `larger.tsv` the tens and hundreds of languages that read numbers out
//! in pairs and threes ("zéro six douze trente-quatre") and the words that say a digit twice or three times.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::shapes::regex;
use crate::text::fold;

/// Digits that a number in words has at least; seven words that happen to be digits are a count or a cry ("五五五五五五").
const FEWEST: usize = 7;

/// Digits of a number at least that is read out in tens: shorter rows of tens are ages and prices.
const FEWEST_IN_TENS: usize = 9;

/// Of its pieces, those that are words.
const FEWEST_WORDS: usize = 4;

/// The last hour of a day.
const HOURS: u16 = 24;

/// Signs between two words at most.
const WIDEST_GAP: usize = 4;

/// What stands between tens and ones where it is spoken.
const JOINERS: [&str; 5] = [" y ", " et ", "-et-", " e ", " and "];

/// What a word says of a number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// A value, and below what another must be to be added to it: "trente" and "quatre" are 34.
    Value { value: u16, room: u16 },
    /// Ten, or so many tens as the word before it says.
    Tens,
    /// The next digit stands so often.
    Times(usize),
}

/// A word where it stands.
struct Piece {
    at: Range<usize>,
    word: Word,
    /// It is a word, no digit.
    is_spelt: bool,
    /// It stands so near to the word before it that they may be one figure.
    is_close: bool,
}

/// Every word, folded as [`NormalText::folded`](crate::text::NormalText::folded) folds.
static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for line in include_str!("digits.tsv").lines() {
        for (value, spellings) in (0..).zip(line.split('\t').skip(1)) {
            words.extend(spellings.split('/').map(|word| (fold(word), Word::Value { value, room: 0 })));
        }
    }
    for (word, spellings) in include_str!("larger.tsv").lines().flat_map(|line| line.split('\t').skip(1)).filter_map(larger) {
        words.extend(spellings.split('/').map(|spelling| (fold(spelling), word)));
    }
    words
});

/// A cell of `larger.tsv`: a value and its words. `60+` may be followed by 10 to 19 as well, `*10` counts what is before it in tens, `x2`
/// repeats what is behind.
fn larger(cell: &'static str) -> Option<(Word, &'static str)> {
    let (value, spellings) = cell.split_once(' ')?;
    if value == "*10" {
        return Some((Word::Tens, spellings));
    }
    if let Some(times) = value.strip_prefix('x') {
        return Some((Word::Times(times.parse().ok()?), spellings));
    }
    let (value, takes_teens) = value.strip_suffix('+').map_or((value, false), |value| (value, true));
    let value = value.parse().ok()?;
    let room = match value {
        _ if takes_teens => 20,
        100.. => 100,
        20.. if value % 10 == 0 => 10,
        _ => 0,
    };
    Some((Word::Value { value, room }, spellings))
}

/// Any word or digit, the longest first: "sept" is no "se".
static WORD: LazyLock<Regex> = LazyLock::new(|| {
    let mut words: Vec<String> = WORDS.keys().map(|word| regex::escape(word)).collect();
    words.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    regex(&format!("{}|[0-9]", words.join("|")))
});

/// Numbers in words of a folded text.
pub(super) fn phones(folded: &str) -> impl Iterator<Item = Range<usize>> {
    rows(folded).into_iter().filter(|row| is_number(row)).filter_map(|row| Some(row.first()?.at.start..row.last()?.at.end))
}

/// The digits a row of words stands for; signs between them are left out, and what is to be said twice stands twice.
pub(super) fn digits(row: &str) -> String {
    rows(row).iter().map(|row| read(row)).collect()
}

/// Words for digits that follow each other with no more than signs between them.
fn rows(folded: &str) -> Vec<Vec<Piece>> {
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    let mut row: Vec<Piece> = Vec::new();
    for found in WORD.find_iter(folded) {
        let Some(mut piece) = piece(found.as_str(), found.range()) else { continue };
        let nearness = row.last().and_then(|last| nearness(last, &folded[last.at.end..piece.at.start]));
        if nearness.is_none() {
            rows.push(without_loose_end(folded, std::mem::take(&mut row)));
            // A row does not begin within a word: "phone one two".
            if goes_on(folded[..piece.at.start].chars().next_back()) && piece.is_spelt {
                continue;
            }
        }
        piece.is_close = nearness.unwrap_or_default();
        row.push(piece);
    }
    rows.push(without_loose_end(folded, row));
    rows
}

fn piece(written: &str, at: Range<usize>) -> Option<Piece> {
    let digit = || Some(Word::Value { value: written.parse().ok()?, room: 0 });
    let listed = WORDS.get(written).copied();
    Some(Piece { at, is_spelt: listed.is_some(), word: listed.or_else(digit)?, is_close: false })
}

/// Whether a word behind `gap` belongs to the row that ends with `last`, and if so whether they may be one figure.
fn nearness(last: &Piece, gap: &str) -> Option<bool> {
    let takes_more = matches!(last.word, Word::Value { room: 1.., .. } | Word::Tens);
    if takes_more && JOINERS.contains(&gap) {
        return Some(true);
    }
    let is_sign = |c| matches!(c, ' ' | '-' | ',' | '.' | '/' | '…' | '\n' | '·' | '|' | '_' | '、' | '，');
    let joins = gap.chars().take(WIDEST_GAP + 1).count() <= WIDEST_GAP && gap.chars().all(is_sign);
    joins.then_some(matches!(gap, "" | " " | "-"))
}

/// A row without words at its end that are the beginning of another, and without a "double" that doubles nothing.
fn without_loose_end(folded: &str, mut row: Vec<Piece>) -> Vec<Piece> {
    while row
        .last()
        .is_some_and(|last| matches!(last.word, Word::Times(_)) || last.is_spelt && goes_on(folded[last.at.end..].chars().next()))
    {
        row.pop();
    }
    row
}

/// Whether a word goes on; scripts without spaces put anything beside it.
fn goes_on(beside: Option<char>) -> bool {
    beside.is_some_and(|c| c.is_alphabetic() && c < '\u{E00}')
}

/// Long enough, of words, not one word over and over; read out in tens only behind a digit or a hundred, as numbers to call are.
fn is_number(row: &[Piece]) -> bool {
    let spelt = read(row);
    // "2009–2011. One": figures with a word behind them.
    let words = row.iter().filter(|piece| piece.is_spelt && !matches!(piece.word, Word::Times(_))).count();
    let varied = spelt.chars().any(|c| !spelt.starts_with(c));
    let in_tens = row.iter().any(|piece| matches!(piece.word, Word::Tens | Word::Value { value: 10.., .. }));
    let begins_with_tens = matches!(row.first().map(|piece| piece.word), Some(Word::Tens | Word::Value { value: 10..100, .. }));
    let fewest = if in_tens { FEWEST_IN_TENS } else { FEWEST };
    spelt.len() >= fewest && words >= FEWEST_WORDS && varied && !(in_tens && (begins_with_tens || is_list(row)))
}

/// "Five, eight, ten, twelve", "seven, fifteen, fifteen, twenty-three": ages from small to large, or hours of shifts. A number to call
/// that is read out in tens and begins without a zero hardly ever has such figures.
fn is_list(row: &[Piece]) -> bool {
    let figures: Vec<u16> = figures(row).into_iter().map(|(figure, _)| figure).collect();
    let rises = figures.windows(2).all(|pair| pair[0] < pair[1]);
    let are_hours =
        figures.iter().all(|figure| *figure <= HOURS) && figures.iter().filter(|figure| **figure > 9).count() * 2 > figures.len();
    figures.first() != Some(&0) && (rises || are_hours)
}

/// The digits of a row.
fn read(row: &[Piece]) -> String {
    figures(row).into_iter().map(|(figure, times)| figure.to_string().repeat(times)).collect()
}

/// The figures of a row, and how often each is said to stand.
fn figures(row: &[Piece]) -> Vec<(u16, usize)> {
    let mut figures = Vec::new();
    // The figure being put together, what may still be added to it, and how often it stands.
    let (mut figure, mut left, mut times): (Option<u16>, u16, usize) = (None, 0, 1);
    let mut end = |figure: &mut Option<u16>, times: &mut usize| {
        if let Some(figure) = figure.take() {
            figures.push((figure, std::mem::replace(times, 1)));
        }
    };
    for piece in row {
        let open = figure.filter(|_| piece.is_close && piece.is_spelt);
        match (piece.word, open) {
            (Word::Value { value: value @ 1.., room }, Some(sum)) if value < left => {
                figure = Some(sum + value);
                left = room;
            }
            (Word::Value { value, room }, _) => {
                end(&mut figure, &mut times);
                figure = Some(value);
                left = room;
            }
            (Word::Tens, Some(tens @ 2..10)) => {
                figure = Some(tens * 10);
                left = 10;
            }
            (Word::Tens, _) => {
                end(&mut figure, &mut times);
                figure = Some(10);
                left = 10;
            }
            (Word::Times(often), _) => {
                end(&mut figure, &mut times);
                times = often;
            }
        }
    }
    end(&mut figure, &mut times);
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_the_digits_they_are_said_for() {
        for (words, number) in [
            ("zero seven double zero one two triple three", "0700123 33".replace(' ', "")),
            ("zero six douze trente-quatre cinquante et un soixante-dix-huit", "0612345178".to_owned()),
            ("seiscientos doce treinta y cuatro cincuenta y seis setenta", "61234 5670".replace(' ', "")),
            ("восемь девятьсот шестнадцать сто двадцать три сорок пять", "8916123 45".replace(' ', "")),
            ("khong chin muoi hai ba muoi tu", "0 92 34".replace(' ', "")),
            ("공일공 일이삼사", "0101234".to_owned()),
        ] {
            assert_eq!(digits(words), number, "{words}");
        }
    }

    #[test]
    fn a_row_is_no_longer_than_its_words() {
        let found = |text: &str| phones(text).map(|at| text[at].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("juno uno dos tres cuatro cinco seis siete dosis"), ["uno dos tres cuatro cinco seis siete"]);
        assert!(found("ages twenty, thirty, forty five, fifty one, sixty two").is_empty());
        assert!(found("fourteen, sixteen, seventeen, eighteen or nineteen years").is_empty());
        assert!(found("children of five, eight, ten, twelve, fifteen, eighteen").is_empty());
        assert!(found("one eighteen twenty twenty-five thirty").is_empty());
        assert!(found("hours seven fifteen, fifteen twenty-three, twenty-three seven").is_empty());
    }
}
