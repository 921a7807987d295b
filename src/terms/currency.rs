//! What stands beside a figure and makes a sum of it: currencies, and words that multiply.

use std::sync::LazyLock;

use super::words::{in_spaced_script, rows};
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

/// Multiples that say the currency of a wage where nothing else does.
const COUNTED_IN: &[(&str, &str)] = &[("triệu", "VND"), ("tr", "VND"), ("juta", "IDR"), ("jt", "IDR"), ("만", "KRW")];

/// Words folded, the longest first, each with what it stands for.
fn by_length<T>(words: impl Iterator<Item = (String, T)>) -> Vec<(String, T)> {
    let mut words: Vec<(String, T)> = words.filter(|(word, _)| !word.is_empty()).collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    words
}

static BEFORE: LazyLock<Vec<(String, &'static str)>> =
    LazyLock::new(|| by_length(CURRENCIES.iter().flat_map(|one| one.either.iter().map(|word| (word.clone(), one.code)))));

/// A currency by a word behind a figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub(super) code: &'static str,
    /// The word names one only behind what is paid.
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

/// Words that multiply the figure before them, a full stop behind them or not.
static MULTIPLES: LazyLock<Vec<(String, f64)>> = LazyLock::new(|| {
    let multiples = rows(include_str!("multiples.tsv")).filter_map(|(by, words)| Some((by.parse::<f64>().ok()?, words)));
    by_length(multiples.flat_map(|(by, words)| words.into_iter().map(move |word| (fold(word), by))))
});

static COUNTED: LazyLock<Vec<(String, &'static str)>> =
    LazyLock::new(|| by_length(COUNTED_IN.iter().map(|(word, code)| (fold(word), *code))));

/// The currency behind a place and where its word ends; "1500 de lei" and "un millón de pesos" have a word between.
pub(super) fn behind(text: &str, at: usize) -> Option<(Named, usize)> {
    let of = || text[at..].starts_with(" de ").then(|| word_behind(text, at + " de".len(), &BEHIND)).flatten();
    word_behind(text, at, &BEHIND).or_else(of)
}

/// What the word behind a place multiplies by, and where it ends.
pub(super) fn multiple(text: &str, at: usize) -> Option<(f64, usize)> {
    word_behind(text, at, &MULTIPLES)
}

/// The currency that the multiple at the end of a figure says.
pub(super) fn counted_in(figure: &str) -> Option<&'static str> {
    let written = figure.trim_end_matches('.');
    COUNTED.iter().find(|(word, _)| written.ends_with(word.as_str())).map(|(_, code)| *code)
}

/// The word behind a place, one space between them at most, and where it ends.
fn word_behind<T: Copy>(text: &str, at: usize, words: &[(String, T)]) -> Option<(T, usize)> {
    let start = at + usize::from(text[at..].starts_with(' '));
    let rest = &text[start..];
    let whole = |word: &str| !(word.ends_with(in_spaced_script) && rest[word.len()..].starts_with(in_spaced_script));
    words.iter().find(|(word, _)| rest.starts_with(word.as_str()) && whole(word)).map(|(word, what)| (*what, start + word.len()))
}

/// The currency before a place, one point and one space between them at most, and where its word begins.
pub(super) fn before(text: &str, at: usize) -> Option<(&'static str, usize)> {
    let rest = text[..at].strip_suffix(' ').unwrap_or(&text[..at]);
    let rest = rest.strip_suffix(['.', ':']).unwrap_or(rest);
    let whole = |word: &str| !(word.starts_with(in_spaced_script) && rest[..rest.len() - word.len()].ends_with(in_spaced_script));
    BEFORE
        .iter()
        .find(|(word, _)| rest.ends_with(word.as_str()) && whole(word))
        .map(|(word, code)| (*code, rest.len() - word.len()))
}
