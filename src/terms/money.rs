//! Sums of money: amount, currency, period, as an advert types them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::Span;
use crate::text::{NormalText, fold};

/// How often a sum is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// By the hour.
    Hour,
    /// By the day or shift.
    Day,
    /// By the week.
    Week,
    /// By the month.
    Month,
    /// By the year.
    Year,
    /// In one sum.
    Once,
}

impl Period {
    /// Its spelling in findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
            Self::Once => "once",
        }
    }

    fn parse(id: &str) -> Option<Self> {
        [Self::Hour, Self::Day, Self::Week, Self::Month, Self::Year, Self::Once].into_iter().find(|period| period.id() == id)
    }
}

/// A sum, or a range of sums, in one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Money {
    /// Where it stands, currency included.
    pub span: Span,
    /// The sum, or the lower one.
    pub from: f64,
    /// The upper one of a range; otherwise the same.
    pub to: f64,
    /// ISO 4217, or `USDT`. A bare dollar sign is taken for the US dollar, of which adverts across borders mostly speak.
    pub currency: &'static str,
    /// How often, where the words beside it say so.
    pub period: Option<Period>,
}

/// Rows of a compiled-in table: the first column names, the others are words, folded.
fn table(text: &'static str) -> Vec<(&'static str, Vec<String>)> {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.map(fold).filter(|word| !word.is_empty()).collect()))
    };
    text.lines().filter_map(row).collect()
}

static CURRENCIES: LazyLock<Vec<(&'static str, Vec<String>)>> = LazyLock::new(|| table(include_str!("currencies.tsv")));
static PERIODS: LazyLock<Vec<(&'static str, Vec<String>)>> = LazyLock::new(|| table(include_str!("periods.tsv")));

/// Words that multiply the figure before them.
const MULTIPLES: &[(&str, f64)] = &[
    ("million", 1e6),
    ("mln", 1e6),
    ("juta", 1e6),
    ("jt", 1e6),
    ("trieu", 1e6),
    ("tr", 1e6),
    ("milyon", 1e6),
    ("mil", 1e3),
    ("millon", 1e6),
    ("millones", 1e6),
    ("lakh", 1e5),
    ("lac", 1e5),
    ("लाख", 1e5),
    ("লাখ", 1e5),
    ("万", 1e4),
    ("萬", 1e4),
    ("만", 1e4),
    ("千", 1e3),
    ("천", 1e3),
    ("หมื่น", 1e4),
    ("พัน", 1e3),
    ("ribu", 1e3),
    ("rb", 1e3),
    ("тыс", 1e3),
    ("тисяч", 1e3),
    ("тис", 1e3),
    ("мың", 1e3),
    ("ming", 1e3),
    ("bin", 1e3),
    ("ألف", 1e3),
    ("الف", 1e3),
    ("هزار", 1e3),
    ("میلیون", 1e6),
    ("مليون", 1e6),
    ("हजार", 1e3),
    ("হাজার", 1e3),
    ("ஆயிரம்", 1e3),
    ("hazar", 1e3),
    ("hazaar", 1e3),
    ("k", 1e3),
    ("m", 1e6),
];

/// Smaller figures beside a currency are quantities or slips.
const LEAST: f64 = 1.0;

/// Bytes in which a period is looked for behind a sum, and before it.
const NEAR: usize = 28;

static SUM: LazyLock<Regex> = LazyLock::new(|| {
    // The longest first: "us dollars" before "us".
    let any = |words: Vec<String>, edge: bool| {
        let mut words = words;
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let end = |word: &str| if edge && word.ends_with(in_spaced_script) { r"\b" } else { "" };
        words.iter().map(|word| format!("{}{}", regex::escape(word), end(word))).collect::<Vec<_>>().join("|")
    };
    let currencies = || CURRENCIES.iter().flat_map(|(_, words)| words.clone()).collect();
    let (before, after) = (any(currencies(), false), any(currencies(), true));
    let multiple = any(MULTIPLES.iter().map(|(word, _)| fold(word)).collect(), true);
    let figure = r"[0-9]{1,3}(?:[., '’][0-9]{3})+(?:[.,][0-9]{1,2})?|[0-9]+(?:[.,][0-9]{1,2})?";
    let amount = |n: u8| format!(r"(?P<f{n}>{figure})(?:[ ]?(?P<m{n}>{multiple}))?");
    let pattern = format!(
        r"(?:(?P<before>{before})[.:]?[ ]?)?{}(?:[ ]?(?:-|–|—|~|to|до|a|à|至|到|से|থেকে|ila|إلى)[ ]?(?:{before})?[ ]?{})?(?:[ ]?(?P<after>{after}))?",
        amount(1),
        amount(2)
    );
    #[expect(clippy::expect_used, reason = "a pattern of compiled-in parts; every test of this file compiles it")]
    Regex::new(&pattern).expect("the pattern of sums")
});

/// Whether a letter is of a script that puts spaces between words: of those a word may not go on beside ours.
fn in_spaced_script(c: char) -> bool {
    c.is_alphabetic() && c < '\u{e00}'
}

/// The sums of a text, in its order.
#[must_use]
pub fn find(text: &NormalText) -> Vec<Money> {
    let folded = text.folded();
    let mut found = Vec::new();
    for sum in SUM.captures_iter(folded) {
        let Some(word) = sum.name("before").or_else(|| sum.name("after")) else { continue };
        let whole = sum.get_match();
        let in_word = |word: regex::Match<'_>| {
            word.as_str().starts_with(in_spaced_script) && folded[..word.start()].ends_with(in_spaced_script)
        };
        if sum.name("before").is_some_and(in_word) {
            continue;
        }
        let Some(currency) = CURRENCIES.iter().find(|(_, words)| words.iter().any(|own| own == word.as_str())) else { continue };
        let amount = |figure: &str, multiple: &str| {
            let by = sum.name(multiple).and_then(|word| MULTIPLES.iter().find(|(own, _)| fold(own) == word.as_str()));
            Some(number(sum.name(figure)?.as_str())? * by.map_or(1.0, |(_, by)| *by))
        };
        let Some(first) = amount("f1", "m1") else { continue };
        let second = amount("f2", "m2");
        // "2-3 thousand", "15-20 million": the multiple belongs to both.
        let factor =
            sum.name("m2").filter(|_| sum.name("m1").is_none()).and_then(|_| Some(second? / number(sum.name("f2")?.as_str())?));
        let from = first * factor.unwrap_or(1.0);
        let to = second.unwrap_or(from);
        if from < LEAST || to < from {
            continue;
        }
        found.push(Money {
            span: text.span(whole.range()),
            from,
            to,
            currency: currency.0,
            period: period(folded, &whole.range()),
        });
    }
    found
}

/// A figure with points, commas or spaces between its thousands or before its cents.
fn number(figure: &str) -> Option<f64> {
    let groups: Vec<&str> = figure.split(['.', ',', ' ', '\'', '’']).collect();
    let (last, before) = groups.split_last()?;
    let digits = |groups: &[&str]| groups.concat();
    if before.is_empty() {
        return last.parse().ok();
    }
    if last.len() == 3 { digits(&groups).parse().ok() } else { format!("{}.{last}", digits(before)).parse().ok() }
}

/// The period the words behind a sum name, or those before it.
fn period(text: &str, sum: &Range<usize>) -> Option<Period> {
    let after = &text[sum.end..text.floor_char_boundary((sum.end + NEAR).min(text.len()))];
    let before = &text[text.ceil_char_boundary(sum.start.saturating_sub(NEAR))..sum.start];
    let nearest = |part: &str, distance: &dyn Fn(Range<usize>) -> usize| {
        let hits = PERIODS.iter().flat_map(|(id, words)| words.iter().map(move |word| (*id, word)));
        let hits = hits.filter_map(|(id, word)| Some((id, word, find_word(part, word)?)));
        hits.min_by_key(|(_, word, at)| (distance(*at..at + word.len()), std::cmp::Reverse(word.len())))
            .and_then(|(id, ..)| Period::parse(id))
    };
    let clause = after.split(['\n', ';', '!']).next().unwrap_or(after);
    nearest(clause, &|at| at.start).or_else(|| {
        let start = before.rfind(['\n', ';', '.', '!']).map_or(0, |at| at + 1);
        let clause = &before[start..];
        nearest(clause, &|at| clause.len() - at.end)
    })
}

/// Where a word stands whole; words of scripts without spaces stand anywhere.
fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        let open = !word.starts_with(char::is_alphabetic);
        (open || !text[..at].ends_with(in_spaced_script)) && !text[at + word.len()..].starts_with(in_spaced_script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(f64, f64, &'static str, Option<&'static str>)> {
        find(&NormalText::new(text)).into_iter().map(|m| (m.from, m.to, m.currency, m.period.map(Period::id))).collect()
    }

    #[test]
    fn sums_are_read_as_adverts_type_them() {
        for (text, expected) in [
            ("Salary $1,500 per month, room included", (1500.0, 1500.0, "USD", Some("month"))),
            ("Lương 15-20 triệu đồng/tháng", (15e6, 20e6, "VND", Some("month"))),
            ("gaji 3,5 jt rupiah sebulan", (3.5e6, 3.5e6, "IDR", Some("month"))),
            ("зарплата 80 000 руб в месяц", (80_000.0, 80_000.0, "RUB", Some("month"))),
            ("1.200 € netto im Monat", (1200.0, 1200.0, "EUR", Some("month"))),
            ("月薪8000-12000元", (8000.0, 12000.0, "CNY", Some("month"))),
            ("月給 25万円", (250_000.0, 250_000.0, "JPY", Some("month"))),
            ("일당 15만원", (150_000.0, 150_000.0, "KRW", Some("day"))),
            ("راتب 2500 درهم شهريا", (2500.0, 2500.0, "AED", Some("month"))),
            ("₹18,000 monthly", (18_000.0, 18_000.0, "INR", Some("month"))),
            ("PHP 28k a month", (28_000.0, 28_000.0, "PHP", Some("month"))),
            ("12,50 EUR pro Stunde", (12.5, 12.5, "EUR", Some("hour"))),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn figures_without_a_currency_are_no_sums() {
        for text in ["5 waiters wanted, 18-35 years", "call 0917 000 0000", "open 9 to 6, 12 days off", "room 204, bus 15"] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
