//! What stands beside a figure and makes a sum of it: currencies, and words that multiply.

use std::sync::LazyLock;

use super::period::period_behind;
use super::words::{in_spaced_script, rows};
use crate::regions::CountryCode;
use crate::text::fold;

/// A currency by the words people write for it, folded.
struct Currency {
    code: &'static str,
    /// Before a figure or behind it.
    either: Vec<String>,
    /// Only behind: before one they mean other things ("lei 13", "тг 8701…").
    behind: Vec<String>,
    /// Only behind a sum that is paid: "50 pounds" may be a weight.
    paid: Vec<String>,
}

static CURRENCIES: LazyLock<Vec<Currency>> = LazyLock::new(|| {
    let currency = |(code, words): (&'static str, Vec<&str>)| {
        let (marked, either): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| word.starts_with(['+', '?']));
        let after = |mark: char| marked.iter().filter_map(|word| word.strip_prefix(mark)).map(fold).collect();
        Currency { code, either: either.into_iter().map(fold).collect(), behind: after('+'), paid: after('?') }
    };
    rows(include_str!("currencies.tsv")).map(currency).collect()
});

/// Letters that stand for a currency right before what is paid, and for a room, a page or a row otherwise.
const BEFORE_PAY: &[(&str, &str)] = &[("p", "PHP"), ("r", "ZAR")];

/// Multiples that say the currency of a wage where nothing else does.
const COUNTED_IN: &[(&str, &str)] =
    &[("triệu", "VND"), ("tr", "VND"), ("juta", "IDR"), ("jt", "IDR"), ("만", "KRW"), ("тр", "RUB"), ("man", "JPY")];

/// Languages of which one currency is meant by a wage in thousands that names none: "450k/ngày".
const COUNTED_BY: &[(&str, &str)] = &[("vi", "VND"), ("pcm", "NGN")];

/// Words that several currencies share, by what they are taken for, and the languages in which they mean another.
const SHARED_WORDS: &[&str] = &["rs", "rupees", "रुपये", "रुपए", "रुपया", "रु", "ريال"];
const MEANT_BY: &[(&str, &str, &str)] = &[("ne", "INR", "NPR"), ("ur", "INR", "PKR"), ("si", "INR", "LKR"), ("fa", "SAR", "IRR")];

/// One meaning of a word or sign that several currencies share: a row of `shared.tsv`, folded.
struct Shared {
    from: &'static str,
    to: &'static str,
    /// None: whatever the sum is written with.
    words: Option<Vec<String>>,
    countries: Vec<CountryCode>,
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static SHARED: LazyLock<Vec<Shared>> = LazyLock::new(|| {
    let shared = |(from, columns): (&'static str, Vec<&'static str>)| {
        let [to, words, countries] = columns.try_into().expect("shared.tsv: four columns");
        let words = (words != "*").then(|| words.split('|').map(fold).collect());
        let country = |code| CountryCode::parse(code).expect("shared.tsv: codes of countries");
        Shared { from, to, words, countries: countries.split(' ').map(country).collect() }
    };
    rows(include_str!("shared.tsv")).map(shared).collect()
});

/// The row of tomans, ten rials each: people count in them, banks do not.
pub(super) const TOMAN: &str = "TOMAN";

/// Words folded, the longest first, each with what it stands for.
fn by_length<T>(words: impl Iterator<Item = (String, T)>) -> Vec<(String, T)> {
    let mut words: Vec<(String, T)> = words.filter(|(word, _)| !word.is_empty()).collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    words
}

static BEFORE: LazyLock<Vec<(String, Named)>> = LazyLock::new(|| {
    let of = |one: &'static Currency| one.either.iter().map(|word| (word.clone(), Named { code: one.code, only_paid: false }));
    let letters = BEFORE_PAY.iter().map(|&(letter, code)| (letter.to_owned(), Named { code, only_paid: true }));
    by_length(CURRENCIES.iter().flat_map(of).chain(letters))
});

/// A currency by a word beside a figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub(super) code: &'static str,
    /// The word names one only beside what is paid.
    pub(super) only_paid: bool,
}

static BEHIND: LazyLock<Vec<(String, Named)>> = LazyLock::new(|| {
    let of = |one: &'static Currency| {
        let named = |only_paid| move |word: &String| (word.clone(), Named { code: one.code, only_paid });
        let always = one.either.iter().chain(&one.behind).map(named(false));
        always.chain(one.paid.iter().map(named(true)))
    };
    by_length(CURRENCIES.iter().flat_map(of))
});

/// A word that multiplies the figure before it.
#[derive(Debug, Clone, Copy)]
struct Multiple {
    by: f64,
    before: Before,
}

/// What has to stand behind a multiple that is another word as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Anything,
    /// "80 т.р.", but not the tonnes of "20 т в день".
    Currency,
    /// The ten thousand yen of "21 man a month", but not a "21 man crew".
    Pay,
}

/// Words that multiply the figure before them, a full stop behind them or not.
#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static MULTIPLES: LazyLock<Vec<(String, Multiple)>> = LazyLock::new(|| {
    let number = |by: &str| by.parse::<f64>().expect("multiples.tsv: a number heads each row");
    let multiples = rows(include_str!("multiples.tsv")).map(|(by, words)| (number(by), words));
    let multiple = |by, word: &str| {
        let before = match word.chars().next() {
            Some('?') => Before::Currency,
            Some('!') => Before::Pay,
            _ => Before::Anything,
        };
        (fold(word.trim_start_matches(['?', '!'])), Multiple { by, before })
    };
    by_length(multiples.flat_map(|(by, words)| words.into_iter().map(move |word| multiple(by, word))))
});

static COUNTED: LazyLock<Vec<(String, &'static str)>> =
    LazyLock::new(|| by_length(COUNTED_IN.iter().map(|(word, code)| (fold(word), *code))));

/// The currency behind a place and where its word ends; "1500 de lei" and "un millón de pesos" have a word between.
pub(super) fn behind(text: &str, at: usize) -> Option<(Named, usize)> {
    let of = || text[at..].starts_with(" de ").then(|| word_behind(text, at + " de".len(), &BEHIND)).flatten();
    word_behind(text, at, &BEHIND).or_else(of)
}

/// What the word behind a place multiplies by, and where it ends, with the full stop of an abbreviation.
pub(super) fn multiple(text: &str, at: usize) -> Option<(f64, usize)> {
    let (multiple, end) = word_behind(text, at, &MULTIPLES)?;
    let end = end + usize::from(text[end..].starts_with('.'));
    let counts = match multiple.before {
        Before::Anything => true,
        Before::Currency => behind(text, end).is_some(),
        Before::Pay => behind(text, end).is_some() || period_behind(text, end).is_some(),
    };
    counts.then_some((multiple.by, end))
}

/// The currency that the multiple at the end of a figure says, or else the language it is counted in.
pub(super) fn counted_in(figure: &str, language: Option<&str>) -> Option<&'static str> {
    let written = figure.trim_end_matches('.');
    let by_word = COUNTED.iter().find(|(word, _)| written.ends_with(word.as_str())).map(|(_, code)| *code);
    by_word.or_else(|| COUNTED_BY.iter().find(|(own, _)| language == Some(own)).map(|(_, code)| *code))
}

/// What a currency named in a sum as it is written means in a language: "रु" is another rupee in Nepali than in Hindi.
pub(super) fn meant_by(code: &'static str, written: &str, language: &str) -> &'static str {
    let other = MEANT_BY.iter().find(|(own, from, _)| *own == language && *from == code);
    let mut words = written.split(|c: char| c.is_ascii_digit() || c == ' ').map(|word| word.trim_matches(['.', ',', ':']));
    other.filter(|_| words.any(|word| SHARED_WORDS.contains(&word))).map_or(code, |(.., to)| to)
}

/// What a currency named in a sum as it is written means in a text that names these countries: "ريال" is another one in Oman. Where countries of
/// two meanings are named, or none, it stays what it is taken for.
pub(super) fn meant_beside(code: &'static str, written: &str, countries: &[CountryCode]) -> &'static str {
    let sign = written.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | ':'));
    let is_written =
        |shared: &&Shared| shared.words.as_ref().is_none_or(|words| words.iter().any(|word| sign.ends_with(word.as_str())));
    let rows = SHARED.iter().filter(|shared| shared.from == code).filter(is_written);
    let mut meant = rows.filter(|shared| shared.countries.iter().any(|country| countries.contains(country)));
    match (meant.next(), meant.next()) {
        (Some(shared), None) => shared.to,
        _ => code,
    }
}

/// The word behind a place, one space between them at most, and where it ends.
fn word_behind<T: Copy>(text: &str, at: usize, words: &[(String, T)]) -> Option<(T, usize)> {
    let start = at + usize::from(text[at..].starts_with(' '));
    let rest = &text[start..];
    let whole = |word: &str| !(word.ends_with(in_spaced_script) && rest[word.len()..].starts_with(in_spaced_script));
    words.iter().find(|(word, _)| rest.starts_with(word.as_str()) && whole(word)).map(|(word, what)| (*what, start + word.len()))
}

/// The currency before a place, one point and one space between them at most, and where its word begins.
pub(super) fn before(text: &str, at: usize) -> Option<(Named, usize)> {
    let rest = text[..at].strip_suffix(' ').unwrap_or(&text[..at]);
    let rest = rest.strip_suffix(['.', ':']).unwrap_or(rest);
    let whole = |word: &str| !(word.starts_with(in_spaced_script) && rest[..rest.len() - word.len()].ends_with(in_spaced_script));
    // "P2P 100".
    let apart = |word: &str| !rest[..rest.len() - word.len()].ends_with(|c: char| c.is_ascii_digit());
    BEFORE
        .iter()
        .find(|(word, named)| rest.ends_with(word.as_str()) && whole(word) && (!named.only_paid || apart(word)))
        .map(|(word, named)| (*named, rest.len() - word.len()))
}
