//! Ages asked for and hours of work, as an advert types them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::PayPeriod;
use super::period::period_words;
use super::words::{TO, clause_before, clause_behind, ends_with_word, find_word, starts_with_word, words};
use crate::evidence::Span;
use crate::text::{NormalText, fold};

/// A figure or a range of figures, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    /// Where.
    pub span: Span,
    /// The figure, or the lower one.
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

/// A figure of one or two digits, alone, in a range or with a plus.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    let to: Vec<String> = TO.iter().chain(ALSO_TO).map(|word| regex::escape(&fold(word))).collect();
    #[expect(clippy::expect_used, reason = "fixed words; every test of this file compiles them")]
    Regex::new(&format!(r"([0-9]{{1,2}})(?:(\+)| ?(?:{}) ?([0-9]{{1,2}}))?", to.join("|"))).expect("the pattern of figures")
});

/// What stands between two ages, besides what stands between two sums.
const ALSO_TO: &[&str] = &["et", "ai", "and", "y", "se", "sampai", "hingga", "hanggang", "đến", "до"];

/// Letters before a figure in which the word stands that says what it counts.
const NEAR: usize = 12;
/// Letters behind it: "12 hours of work a day".
const NEAR_BEHIND: usize = 24;
/// Ages that adverts ask for, those of children among them.
const AGES: Range<u8> = 6..80;
/// Without a word for age or for people before them, "6-8 лет" may be those of a contract.
const LEAST_UNLED: u8 = 13;
/// Hours a day.
const HOURS: Range<u8> = 1..25;
/// A wider range is one of the clock: "9 to 18".
const WIDEST: u8 = 6;

/// Words of `numbers.tsv`, folded, by kind.
struct Words {
    age_before: Vec<String>,
    age_behind: Vec<String>,
    /// Between a word for age and the only figure: "Возраст от 18".
    age_from: Vec<String>,
    /// What years are counted of that are no ages.
    not_age: Vec<String>,
    hour: Vec<String>,
    day: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| Words {
    age_before: words("age_before"),
    age_behind: words("age_behind"),
    age_from: words("age_from"),
    not_age: words("not_age"),
    hour: words("hour"),
    day: [words("day_or_shift"), period_words(PayPeriod::Day)].concat(),
});

/// The first ages and the first hours a text states.
#[must_use]
pub(super) fn find(text: &NormalText) -> Numbers {
    let folded = text.folded();
    let mut numbers = Numbers::default();
    for found in FIGURES.captures_iter(folded) {
        let Some(whole) = found.get(0) else { continue };
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ':'));
        let (before, behind) = (&folded[..whole.start()], &folded[whole.end()..]);
        let longer = digit(before.chars().next_back()) || behind.starts_with(|c: char| c.is_ascii_digit());
        let cents = behind.starts_with([',', '.', ':', '%']) && behind[1..].starts_with(|c: char| c.is_ascii_digit());
        let figure = |group: usize| found.get(group).and_then(|figure| figure.as_str().parse::<u8>().ok());
        let Some(from) = figure(1).filter(|_| !longer && !cents) else { continue };
        let to = figure(3);
        let stated = |to: Option<u8>| Stated { span: text.span(whole.range()), from, to };
        let rises = to.is_none_or(|to| from < to);
        let (left, right) = (clause_before(folded, whole.start(), NEAR), clause_behind(folded, whole.end(), NEAR_BEHIND));
        let led = any(left, &WORDS.age_before)
            // "Men, 18-40": a comma ends the clause, but not what is said of the men.
            || (to.is_some() && from >= LEAST_UNLED && ends(before.trim_end_matches([' ', ',', '(']), &WORDS.age_before));
        let open = found.get(2).is_some() || (to.is_none() && led && ends(left, &WORDS.age_from));
        if numbers.ages.is_none()
            && rises
            && (to.is_some() || open)
            && AGES.contains(&from)
            && to.is_none_or(|to| AGES.contains(&to))
            // "20+ years" may be those of a firm.
            && (led || (to.is_some() && from >= LEAST_UNLED && starts(right, &WORDS.age_behind)))
            && !any(left, &WORDS.not_age)
            && !any(right, &WORDS.not_age)
        {
            numbers.ages = Some(stated(to));
        } else if numbers.hours.is_none()
            && rises
            && !open
            && HOURS.contains(&from)
            && to.is_none_or(|to| HOURS.contains(&to) && to - from <= WIDEST)
            && !left.ends_with("h-")
            && starts(right, &WORDS.hour)
            && (any(left, &WORDS.day) || any(right, &WORDS.day))
        {
            numbers.hours = Some(stated(Some(to.unwrap_or(from))));
        }
    }
    numbers
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
        let numbers = find(&NormalText::new(text));
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
        ] {
            assert_eq!(read(text), (ages, hours), "{text}");
        }
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
            "",
        ] {
            assert_eq!(read(text), (None, None), "{text}");
        }
    }
}
