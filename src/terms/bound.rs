//! [`one_bound`]: ages of which only one bound is said: "under 25", "от 18 лет", "18歳以上".
//!
//! In: a figure with what stands about it. Out: the bounds, 0 for none below. A word for a bound speaks of anything, so what the figure counts
//! has to be said, or people who are sought: `numbers.tsv` has the words, `!` before those that mean an age by themselves ("older than") and
//! `?` before those that mean one only where people are sought ("more than 20 years" are mostly a firm's).

use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use super::currency;
use super::period::period_behind;
use super::words::{
    NEAR, cells, clause_before, clause_behind, ends_clause, ends_with_word, find_word, first_word, starts_with_word, words,
};
use crate::text::fold;

/// Ages that a post may draw a line at.
const LINES: RangeInclusive<u8> = 12..=75;
/// From here on "from 18 years" and "not older than 30" say an age: below they may be a contract's years or a car's.
const LEAST_UNLED: u8 = 16;
const MOST_UNLED: u8 = 60;
/// Ages at which one may work: "ab 18" says nothing else where it ends its clause.
const OF_AGE: [u8; 3] = [16, 18, 21];
/// Letters of a sentence before a figure in which those sought are named.
pub(super) const NEAR_SOUGHT: usize = 40;
/// Letters between them and a figure that nothing but the word for a bound fits into: "girls under 25".
const RIGHT_BEFORE: usize = 18;

/// What a word for a bound says of what the figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Age,
    Bound,
    BoundOfThoseSought,
}

struct Bound {
    word: String,
    /// The figure is the upper one.
    is_upper: bool,
    says: Says,
}

struct Words {
    /// The longest first: "not older than" says the contrary of "older than".
    before: Vec<Bound>,
    behind: Vec<Bound>,
    /// Units that only ages have, and those of years.
    of_age: Vec<String>,
    years: Vec<String>,
    sought: Vec<String>,
    /// What else may be counted.
    others: Vec<String>,
    pay: Vec<String>,
    not_age: Vec<String>,
    free_of: Vec<String>,
    /// How the names of months begin: "girls needed from 15 May".
    months: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    before: bounds("at_least_before", "at_most_before"),
    behind: bounds("at_least_behind", "at_most_behind"),
    of_age: words("of_age"),
    years: [words("age_behind"), words("years")].concat(),
    sought: [words("age_before"), words("sought")].concat(),
    others: [words("hour"), words("counted")].concat(),
    pay: words("pay_before"),
    not_age: words("not_age"),
    free_of: words("free_of"),
    months: words("months"),
});

fn bounds(lower: &str, upper: &str) -> Vec<Bound> {
    let bound = |word: &str, is_upper| {
        let says = match word.chars().next() {
            Some('!') => Says::Age,
            Some('?') => Says::BoundOfThoseSought,
            _ => Says::Bound,
        };
        Bound { word: fold(word.trim_start_matches(['!', '?'])), is_upper, says }
    };
    let lower = cells(lower).into_iter().map(|word| bound(word, false));
    let mut bounds: Vec<Bound> = lower.chain(cells(upper).into_iter().map(|word| bound(word, true))).collect();
    bounds.sort_by_key(|bound| std::cmp::Reverse(bound.word.len()));
    bounds
}

/// What the unit behind a figure says that it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Ages,
    Years,
    Unsaid,
}

/// The bounds of an age that the single figure at `at` draws a line for; a plus behind it belongs to `at`.
pub(super) fn one_bound(text: &str, at: &Range<usize>, age: u8, plus: bool) -> Option<(u8, Option<u8>)> {
    if !LINES.contains(&age) {
        return None;
    }
    let clause = clause_behind(text, at.end, NEAR);
    let behind = clause.trim_start_matches([' ', '-']);
    let (counts, rest) = unit(behind);
    if plus {
        return (counts == Counts::Ages).then_some((age, None));
    }
    let (bound, rest) = bound_behind(behind, rest).or_else(|| bound_before(&text[..at.start]).map(|bound| (bound, rest)))?;
    let sought = |within| names_those_sought(text, at.start, within);
    let ends = || ends(&text[at.end + clause.len() - rest.len()..]);
    let is_age = match (counts, bound.says) {
        (Counts::Ages, _) => true,
        (_, Says::Age) => age >= LEAST_UNLED || sought(NEAR_SOUGHT),
        (Counts::Years, Says::Bound) => (LEAST_UNLED..=MOST_UNLED).contains(&age) || sought(NEAR_SOUGHT),
        (Counts::Years, Says::BoundOfThoseSought) => sought(NEAR_SOUGHT),
        (Counts::Unsaid, says) => {
            let of_age = says == Says::Bound && !bound.is_upper && OF_AGE.contains(&age);
            !is_month(rest) && (sought(RIGHT_BEFORE) || (ends() && (of_age || sought(NEAR_SOUGHT))))
        }
    };
    let bounds = if bound.is_upper { (0, Some(age)) } else { (age, None) };
    (is_age && !counts_else(text, at, rest)).then_some(bounds)
}

fn bound_before(before: &str) -> Option<&'static Bound> {
    let before = before.trim_end_matches([' ', ':', '(']);
    WORDS.before.iter().find(|bound| ends_with_word(before, &bound.word))
}

/// The bound that follows a figure, with its unit or without, and what stands behind it.
fn bound_behind<'t>(behind: &'t str, rest: &'t str) -> Option<(&'static Bound, &'t str)> {
    WORDS.behind.iter().find_map(|bound| Some((bound, after(rest, bound).or_else(|| after(behind, bound))?)))
}

/// What stands behind the word for a bound that a part begins with.
fn after<'t>(part: &'t str, bound: &Bound) -> Option<&'t str> {
    starts_with_word(part, &bound.word).then(|| part[bound.word.len()..].trim_start_matches(' '))
}

/// What the longest unit that a part begins with counts, and what follows it.
fn unit(part: &str) -> (Counts, &str) {
    let rest = |units: &[String]| {
        let unit = units.iter().filter(|unit| starts_with_word(part, unit)).max_by_key(|unit| unit.len())?;
        Some(part[unit.len()..].trim_start_matches([' ', '-']))
    };
    let ages = rest(&WORDS.of_age).map(|rest| (Counts::Ages, rest));
    ages.or_else(|| rest(&WORDS.years).map(|rest| (Counts::Years, rest))).unwrap_or((Counts::Unsaid, part))
}

/// Whether nothing of a clause is left; a point ends a line, as "ab 18. Mai" goes on.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start_matches(' ');
    let last = |c: char| (ends_clause(c) && !c.is_ascii_digit()) || matches!(c, '،' | '۔' | '؟' | '|' | '-' | '•');
    rest.strip_prefix('.').map_or_else(
        || rest.chars().next().is_none_or(last),
        |behind| behind.trim_start_matches(' ').chars().next().is_none_or(|c| c == '\n'),
    )
}

/// Whether a month follows, in some languages behind a word: "15 de mayo".
fn is_month(rest: &str) -> bool {
    let name = rest.strip_prefix("de ").or_else(|| rest.strip_prefix("th ")).unwrap_or(rest);
    WORDS.months.iter().any(|month| name.starts_with(month.as_str()))
}

/// Whether people who are sought are named in the sentence, `within` so many letters before a place.
pub(super) fn names_those_sought(text: &str, at: usize, within: usize) -> bool {
    let ends_sentence = |c: &char| matches!(c, '.' | '!' | '?' | '\n' | '。' | '।' | '؟' | '۔');
    let sentence = text[..at].char_indices().rev().take(within).take_while(|(_, c)| !ends_sentence(c)).last();
    sentence.is_some_and(|(start, _)| WORDS.sought.iter().any(|word| find_word(&text[start..at], word).is_some()))
}

/// Whether money, hours, people or years of something else are counted: "girls wanted, pay from 50 an hour", "men with over 20 years of experience".
fn counts_else(text: &str, at: &Range<usize>, rest: &str) -> bool {
    let left = clause_before(text, at.start, NEAR);
    let behind = clause_behind(text, at.end, NEAR);
    let is_money = currency::before(text, at.start).is_some()
        || currency::behind(text, at.end).is_some()
        || currency::multiple(text, at.end).is_some()
        || period_behind(text, at.end).is_some();
    let others = || WORDS.others.iter().any(|word| starts_with_word(rest.trim_start_matches([' ', '-']), word));
    is_money
        || rest.starts_with('%')
        || others()
        || first_word(left, &WORDS.pay).is_some()
        || is_of_else(left)
        || is_of_else(behind)
}

/// Whether years of something else are named, and not denied: "under 25, no experience" is still an age.
fn is_of_else(part: &str) -> bool {
    let word = first_word(part, &WORDS.not_age);
    word.is_some_and(|word| WORDS.free_of.iter().all(|free| find_word(&part[..word.start], free).is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bounds of the only figure of a text.
    fn read(text: &str) -> Option<(u8, Option<u8>)> {
        let text = fold(text);
        let start = text.find(|c: char| c.is_ascii_digit()).unwrap();
        let at = start..start + 2;
        one_bound(&text, &at, text[at.clone()].parse().unwrap(), false)
    }

    #[test]
    fn one_bound_of_an_age_is_read_in_every_language() {
        for (text, bounds) in [
            ("girls under 25 for a hotel abroad", (0, Some(25))),
            ("not older than 30", (0, Some(30))),
            ("up to 35 years", (0, Some(35))),
            ("staff from 18, no papers", (18, None)),
            ("waitress wanted, 18 and over", (18, None)),
            ("mayores de 18 años", (18, None)),
            ("menores de 25 para un hotel", (0, Some(25))),
            ("moças até 30 anos", (0, Some(30))),
            ("à partir de 18 ans", (18, None)),
            ("moins de 30 ans", (0, Some(30))),
            ("dai 18 anni in su", (18, None)),
            ("Mitarbeiter ab 18, gerne ungelernt", (18, None)),
            ("nicht älter als 35 Jahre", (0, Some(35))),
            ("de la 18 ani", (18, None)),
            ("до 35 години", (0, Some(35))),
            ("od 18 lat", (18, None)),
            ("do 35 roku życia", (0, Some(35))),
            ("до 35 лет", (0, Some(35))),
            ("мужчины не старше 40", (0, Some(40))),
            ("від 18 років", (18, None)),
            ("18 yaş üstü", (18, None)),
            ("30 yaşından küçük", (0, Some(30))),
            ("تحت 30 سنة", (0, Some(30))),
            ("18 سنة فما فوق", (18, None)),
            ("زیر 30 سال", (0, Some(30))),
            ("18 سال سے زیادہ", (18, None)),
            ("30 साल से कम", (0, Some(30))),
            ("ladki 25 saal se kam", (0, Some(25))),
            ("18 वर्ष माथि", (18, None)),
            ("25 বছরের কম", (0, Some(25))),
            ("18 வயதுக்கு மேல்", (18, None)),
            ("minimal 18 tahun", (18, None)),
            ("bawah 30 tahun", (0, Some(30))),
            ("18 taong gulang pataas", (18, None)),
            ("dưới 30 tuổi", (0, Some(30))),
            ("อายุ 18 ปีขึ้นไป", (18, None)),
            ("25 နှစ်အောက်", (0, Some(25))),
            ("ក្រោម 30 ឆ្នាំ", (0, Some(30))),
            ("25岁以下", (0, Some(25))),
            ("年滿18歲", (18, None)),
            ("18歳以上", (18, None)),
            ("30세 이하", (0, Some(30))),
            ("chini ya miaka 30", (0, Some(30))),
            ("sama da shekara 18 zuwa sama", (18, None)),
            ("18 ዓመት በላይ", (18, None)),
            ("18 жастан жоғары", (18, None)),
            ("25 yoshgacha", (0, Some(25))),
            ("från 18 år", (18, None)),
        ] {
            assert_eq!(read(text), Some(bounds), "{text}");
        }
    }

    #[test]
    fn bounds_of_anything_else_are_no_ages() {
        for text in [
            "shoes under 25 EUR",
            "girls, pay from 20 an hour",
            "men up to 40 hours",
            "more than 20 years in business",
            "a contract of up to 10 years",
            "опыт от 20 лет",
            "women wanted from 15 May",
            "ab 18 Uhr",
            "ab 18. Mai",
            "from 18 000",
            "call from 12",
            "girls under 50 kg",
            "up to 30 workers",
            "тариф от 21 рубля",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
