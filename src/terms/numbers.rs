//! Ages asked for and hours of work, as an advert types them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::PayPeriod;
use super::bound::{self, NEAR_SOUGHT, names_those_sought};
use super::period::period_words;
use super::spelled::{self, Spelled};
use super::words::{TO, clause_before, clause_behind, ends_with_word, find_word, starts_with_word, words};
use crate::evidence::Span;
use crate::text::{NormalText, fold};

/// A figure or a range of figures, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    /// Where.
    pub span: Span,
    /// The figure, or the lower one; 0 where there is no lower bound ("under 25").
    pub from: u8,
    /// The upper one of a range; none where there is no upper bound ("18+").
    pub to: Option<u8>,
}

/// Ages and hours of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Numbers {
    /// Ages in years of the people sought.
    pub ages: Option<Stated>,
    /// Hours of work a day.
    pub hours: Option<Stated>,
}

/// What stands between two ages or hours, besides what stands between two sums.
static BETWEEN: LazyLock<Vec<String>> = LazyLock::new(|| TO.iter().map(|word| fold(word)).chain(words("also_to")).collect());

/// A figure of one or two digits, alone, in a range or with a plus.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    let to: Vec<String> = BETWEEN.iter().map(|word| regex::escape(word)).collect();
    #[expect(clippy::expect_used, reason = "fixed words; every test of this file compiles them")]
    Regex::new(&format!(r"([0-9]{{1,2}})(?:(\+)| ?(?:{}) ?([0-9]{{1,2}}))?", to.join("|"))).expect("the pattern of figures")
});

/// Letters before a figure in which the word stands that says what it counts.
const NEAR: usize = 12;
/// Letters behind it: "12 hours of work a day".
const NEAR_BEHIND: usize = 24;
/// Bytes between a lower bound and the upper one that belongs to it: "from 18 and not older than 30".
const NEAR_OTHER_BOUND: usize = 40;
/// Ages that adverts ask for, those of children among them.
const AGES: Range<u8> = 6..80;
/// Without a word for age or for people before them, "6-8 лет" may be those of a contract.
const LEAST_UNLED: u8 = 13;
/// Nobody is asked to be younger where a word behind the figures can mean nothing but age; tutors teach them.
const LEAST_OF_AGE: u8 = 10;
/// Hours a day.
const HOURS: Range<u8> = 1..25;
/// A wider range is one of the clock: "9 to 18".
const WIDEST: u8 = 6;
/// Hours a week; fewer are hours of a day.
const HOURS_OF_A_WEEK: Range<u8> = 1..100;
const LEAST_OF_A_WEEK: u8 = 16;
const WIDEST_OF_A_WEEK: u8 = 30;

/// Words of `numbers.tsv`, folded, by kind.
struct Words {
    age_before: Vec<String>,
    age_behind: Vec<String>,
    /// Behind ages and nothing else: "12-13 yoshli".
    of_age: Vec<String>,
    /// Between those sought and their ages: "girls wanted 20-26".
    wanted: Vec<String>,
    /// Between a word for age and the only figure: "Возраст от 18".
    age_from: Vec<String>,
    /// Years, whoever's.
    years: Vec<String>,
    /// Words for people, and those that speak of an age before it.
    sought: Vec<String>,
    /// What years are counted of that are no ages.
    not_age: Vec<String>,
    hour: Vec<String>,
    day: Vec<String>,
    week: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    age_before: words("age_before"),
    age_behind: words("age_behind"),
    of_age: words("of_age"),
    wanted: words("wanted"),
    age_from: words("age_from"),
    years: words("years"),
    sought: [words("age_before"), words("sought")].concat(),
    not_age: words("not_age"),
    hour: words("hour"),
    day: [words("day_or_shift"), period_words(PayPeriod::Day)].concat(),
    week: period_words(PayPeriod::Week),
});

/// The first ages and the first hours a text states, and whether it says how many hours of a week are worked: "48 h/week".
#[must_use]
pub(super) fn find(text: &NormalText) -> (Numbers, bool) {
    let mut numbers = Numbers::default();
    let mut end = 0;
    let found = all_found(text.folded());
    for found in &found {
        let span = text.span(found.at.clone());
        let is_open = numbers.ages.is_none_or(|ages| ages.to.is_none());
        match (numbers.ages, is_open.then(|| found.ages()).flatten()) {
            (None, Some((from, to))) => {
                numbers.ages = Some(Stated { span, from, to });
                end = found.at.end;
            }
            (Some(ages), Some((0, Some(to)))) if ages.to.is_none() && found.follows(end) && ages.from < to => {
                numbers.ages = Some(Stated { span: Span { end: span.end, ..ages.span }, to: Some(to), ..ages });
            }
            (_, None) if numbers.hours.is_none() && found.is_hours() => {
                numbers.hours = Some(Stated { span, from: found.from, to: Some(found.to.unwrap_or(found.from)) });
            }
            _ => {}
        }
    }
    (numbers, found.iter().any(Found::is_hours_of_a_week))
}

/// A figure, a range of two or an open one, with the clauses beside it.
struct Found<'t> {
    text: &'t str,
    at: Range<usize>,
    from: u8,
    to: Option<u8>,
    /// "18+".
    plus: bool,
    /// What stands before it in its clause, and behind it.
    left: &'t str,
    right: &'t str,
}

/// The figures of a text, in digits and in words, in its order.
fn all_found(text: &str) -> Vec<Found<'_>> {
    let mut found: Vec<Found> = FIGURES.captures_iter(text).filter_map(|captures| in_digits(text, &captures)).collect();
    found.extend(in_words(text));
    found.sort_by_key(|found| found.at.start);
    found
}

fn in_digits<'t>(text: &'t str, captures: &Captures) -> Option<Found<'t>> {
    let at = captures.get(0)?.range();
    let (before, behind) = (&text[..at.start], &text[at.end..]);
    let goes_on = before.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':'));
    let longer = goes_on || behind.starts_with(|c: char| c.is_ascii_digit());
    let cents = behind.starts_with([',', '.', ':', '%']) && behind[1..].starts_with(|c: char| c.is_ascii_digit());
    let figure = |group: usize| captures.get(group).and_then(|figure| figure.as_str().parse::<u8>().ok());
    let from = figure(1).filter(|_| !longer && !cents)?;
    Some(Found::new(text, at, from, figure(3), captures.get(2).is_some()))
}

/// Ranges of two numbers in words, and numbers by themselves: "între douăzeci și treizeci de ani", "twelve hours a day".
fn in_words(text: &str) -> Vec<Found<'_>> {
    let small =
        |spelled: &Spelled| (spelled.multiple.is_none() && (1.0..100.0).contains(&spelled.value)).then_some(spelled.value as u8);
    let range = |pair: &[Spelled]| {
        let [one, other] = pair else { return None };
        let between = text[one.at.end..other.at.start].trim();
        // Arabic writes "and" onto the second: "بين العشرين والثلاثين".
        let joined = between.is_empty() && text[other.at.clone()].starts_with("وال");
        let is_range = joined || BETWEEN.iter().any(|word| word == between);
        let at = one.at.start..other.at.end;
        is_range.then_some(Found::new(text, at, small(one)?, Some(small(other)?), false))
    };
    let spelled = spelled::find(text);
    let single = |one: &Spelled| Some(Found::new(text, one.at.clone(), small(one)?, None, false));
    spelled.windows(2).filter_map(range).chain(spelled.iter().filter_map(single)).collect()
}

impl<'t> Found<'t> {
    fn new(text: &'t str, at: Range<usize>, from: u8, to: Option<u8>, plus: bool) -> Self {
        let (left, right) = (clause_before(text, at.start, NEAR), clause_behind(text, at.end, NEAR_BEHIND));
        Self { text, at, from, to, plus, left, right }
    }

    /// The ages it says, 0 for no lower bound.
    fn ages(&self) -> Option<(u8, Option<u8>)> {
        if self.is_age() {
            return Some((self.from, self.to));
        }
        if self.to.is_some() { None } else { bound::one_bound(self.text, &self.at, self.from, self.plus) }
    }

    /// Whether it stands shortly behind a place.
    fn follows(&self, end: usize) -> bool {
        (end..=end + NEAR_OTHER_BOUND).contains(&self.at.start)
    }

    fn is_age(&self) -> bool {
        let led = self.follows_those_sought();
        let open = self.is_open(led);
        let fits = |age: u8| AGES.contains(&age);
        // "20+ years" may be those of a firm, and "6-8 лет" of a contract.
        let named = || {
            let (least, words) = (LEAST_UNLED, &WORDS.age_behind);
            let only_ages = self.from >= LEAST_OF_AGE && starts(self.right, &WORDS.of_age);
            let years_of = || starts(self.right, &WORDS.years) && names_those_sought(self.text, self.at.start, NEAR_SOUGHT);
            self.to.is_some() && (only_ages || (self.from >= least && (starts(self.right, words) || years_of())))
        };
        let of_else = |part| any(part, &WORDS.not_age);
        self.rises()
            && (self.to.is_some() || open)
            && !starts(self.right, &WORDS.hour)
            && fits(self.from)
            && self.to.is_none_or(fits)
            && (led || named())
            && !of_else(self.left)
            && !of_else(self.right)
    }

    fn is_hours(&self) -> bool {
        self.counts_hours(HOURS, WIDEST) && (any(self.left, &WORDS.day) || any(self.right, &WORDS.day))
    }

    fn is_hours_of_a_week(&self) -> bool {
        self.from >= LEAST_OF_A_WEEK
            && self.counts_hours(HOURS_OF_A_WEEK, WIDEST_OF_A_WEEK)
            && (any(self.left, &WORDS.week) || any(self.right, &WORDS.week))
    }

    /// Whether hours follow, so few and of so narrow a range: "8h-18h" are those of the clock.
    fn counts_hours(&self, bounds: Range<u8>, widest: u8) -> bool {
        let narrow = self.to.is_none_or(|to| bounds.contains(&to) && to.saturating_sub(self.from) <= widest);
        let open = self.is_open(self.follows_those_sought());
        self.rises()
            && !open
            && bounds.contains(&self.from)
            && narrow
            && !self.left.ends_with("h-")
            && starts(self.right, &WORDS.hour)
    }

    fn rises(&self) -> bool {
        self.to.is_none_or(|to| self.from < to)
    }

    /// Whether the only figure has no upper bound: "18+", "Возраст от 18".
    fn is_open(&self, led: bool) -> bool {
        self.plus || (self.to.is_none() && led && ends(self.left, &WORDS.age_from))
    }

    /// Whether a word for age or for people stands before it: "age 18-35", "Men, 18-40", "girls wanted 20-26".
    fn follows_those_sought(&self) -> bool {
        // A comma ends the clause, but not what is said of the men.
        let before = self.text[..self.at.start].trim_end_matches([' ', ',', '(', ':', '-']);
        let sought = WORDS
            .wanted
            .iter()
            .find(|word| ends_with_word(before, word))
            .map_or(before, |word| &before[..before.len() - word.len()]);
        any(self.left, &WORDS.age_before) || (self.to.is_some() && self.from >= LEAST_UNLED && ends(sought, &WORDS.sought))
    }
}

fn any(part: &str, words: &[String]) -> bool {
    words.iter().any(|word| find_word(part, word).is_some())
}

/// Whether one of the words stands at the start, behind a space or a hyphen at most.
fn starts(part: &str, words: &[String]) -> bool {
    let part = part.trim_start_matches([' ', '-']);
    words.iter().any(|word| starts_with_word(part, word))
}

/// Whether one of the words stands at the end, before a space at most.
fn ends(part: &str, words: &[String]) -> bool {
    let part = part.trim_end_matches(' ');
    words.iter().any(|word| ends_with_word(part, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Bounds = Option<(u8, Option<u8>)>;

    fn read(text: &str) -> (Bounds, Bounds) {
        let (numbers, _) = find(&NormalText::new(text));
        let bounds = |stated: Option<Stated>| stated.map(|stated| (stated.from, stated.to));
        (bounds(numbers.ages), bounds(numbers.hours))
    }

    #[test]
    fn ages_and_hours_are_read_as_adverts_type_them() {
        for (text, ages, hours) in [
            ("Age 18-35, 12 hours a day", Some((18, Some(35))), Some((12, Some(12)))),
            ("girls 18 to 25 years old wanted", Some((18, Some(25))), None),
            ("Edad 20–40, 8 horas al día", Some((20, Some(40))), Some((8, Some(8)))),
            ("мужчины 20-45 лет, 10-12 часов в день", Some((20, Some(45))), Some((10, Some(12)))),
            ("Usia 18-30, kerja 8 jam sehari", Some((18, Some(30))), Some((8, Some(8)))),
            ("年龄18-35岁，每天12小时", Some((18, Some(35))), Some((12, Some(12)))),
            ("العمر ٢٠-٣٥ و ١٠ ساعات يوميا", Some((20, Some(35))), Some((10, Some(10)))),
            ("20-35歳、1日8時間", Some((20, Some(35))), Some((8, Some(8)))),
            ("18〜35歳", Some((18, Some(35))), None),
            ("modelo: 18 a 23 años", Some((18, Some(23))), None),
            ("Возраст от 18, без опыта", Some((18, None)), None),
            ("entre 18 et 35 ans", Some((18, Some(35))), None),
            ("每天12个小时", None, Some((12, Some(12)))),
            ("boys 12-15 for the quarry", Some((12, Some(15))), None),
            ("อายุ 18-30 ทำงานวันละ 10 ชั่วโมง", Some((18, Some(30))), Some((10, Some(10)))),
            ("must be aged 21+", Some((21, None)), None),
            ("العمر 18 إلى 35 سنة", Some((18, Some(35))), None),
            ("12-hour shifts", None, Some((12, Some(12)))),
            ("pretty girls 18-22 for a bar", Some((18, Some(22))), None),
            ("buscamos chicas de 18 a 25 años", Some((18, Some(25))), None),
            ("pickers wanted: men, 18-40", Some((18, Some(40))), None),
            ("women (20-35)", Some((20, Some(35))), None),
            ("लड़कियाँ चाहिए 20–26", Some((20, Some(26))), None),
            ("12-13 yoshli ikkita bola", Some((12, Some(13))), None),
            ("între douăzeci și treizeci de ani", Some((20, Some(30))), None),
            ("بين العشرين والثلاثين من العمر", Some((20, Some(30))), None),
            ("ladki chahiye 20-26", Some((20, Some(26))), None),
            ("دختر ۱۸ تا ۲۵ سال", Some((18, Some(25))), None),
            ("women from 18, not older than 30", Some((18, Some(30))), None),
            ("girls under 25, twelve hours a day", Some((0, Some(25))), Some((12, Some(12)))),
            ("18+ years old", Some((18, None)), None),
            ("Turnos de 12 horas", None, Some((12, Some(12)))),
            ("12-Stunden-Schichten", None, Some((12, Some(12)))),
            ("смены 12-часовые", None, Some((12, Some(12)))),
            ("günlük 12 saatlik vardiya", None, Some((12, Some(12)))),
            ("วันละ 12 ชั่วโมง เป็นกะ", None, Some((12, Some(12)))),
            ("工廠12小時一班", None, Some((12, Some(12)))),
            ("12 soatlik smena", None, Some((12, Some(12)))),
        ] {
            assert_eq!(read(text), (ages, hours), "{text}");
        }
    }

    #[test]
    fn hours_of_a_week_are_none_of_a_day() {
        let weekly = |text: &str| find(&NormalText::new(text)).1;
        assert!(weekly("48 h/week") && weekly("35-40 hours a week"));
        assert!(!weekly("8 hours, 5 days a week") && !weekly("48 kg a week"));
    }

    #[test]
    fn other_figures_are_neither() {
        for text in [
            "15-20 people, 5 rooms",
            "salary 18-35 USD an hour",
            "5 years of experience",
            "de 15 a 20 años de experiencia",
            "договор 6-8 лет",
            "возраст кот 18",
            "girls 45-60 kg",
            "women size 36-42",
            "open 24/7",
            "room 18-35",
            "call 18-35-40",
            "20+ лет на рынке",
            "15+ ans d'expérience",
            "9 to 18 hours daily",
            "8h-18h par jour",
            "48 h/week",
            "women: 10-12 hours for each of them",
            "",
        ] {
            assert_eq!(read(text), (None, None), "{text}");
        }
    }
}
