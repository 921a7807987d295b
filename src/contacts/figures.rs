//! What a row of digits is where nothing of it is to be called: sums, dates, hours, ages, sizes, numbers of laws.
//!
//! `figures.tsv` has the words in front of rows that count something: "ages 18 25 40".

use std::sync::LazyLock;

use regex::Regex;

use super::phone::is_hour;
use super::shapes::regex;
use crate::text::fold;

/// Digits of a bare sum beside a currency at most.
const MOST_DIGITS_OF_SUM: usize = 9;

/// Digits of small figures beside a date or a range at most: more may be a number to call.
const MOST_DIGITS_BESIDE: usize = 6;

/// Characters of a date with its year at least.
const SHORTEST_DATE: usize = 8;

/// Steps of a row that counts ("18 19 21 22"), and those of tables of sizes and prices ("10 20 30").
const WIDEST_STEP: u32 = 5;
const EVEN_STEPS: [u32; 9] = [6, 7, 8, 9, 10, 12, 15, 20, 25];

/// Rows of nothing but sums, dates, hours and small figures: beside a currency, or as a list, nothing of them is to be called.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?:(?:19|20)\d\d[ ]?[./\-][ ]?(?:0?[1-9]|1[0-2])[ ]?[./\-][ ]?(?:[0-2]?\d|3[01])|(?:[0-2]?\d|3[01])[ ]?[./\-][ ]?(?:[0-2]?\d|3[01])[ ]?[./\-][ ]?(?:(?:19|20)\d\d|\d\d))";
    let hour = r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?";
    let year = r"(?:19|20)\d\d";
    let thousands = r"\d{1,3}(?:(?:\.\d{3})+(?:,\d{1,2})?|(?:,\d{3})+(?:\.\d{1,2})?|(?:'\d{3})+|(?: \d{3})+)";
    let small = r"\d{1,2}(?:[.,]\d{1,2})?";
    let figure = format!(r"(?:{date}|{hour}|{thousands}|{year}|\d{{3}}|{small}|\d{{1,3}}00)");
    regex(&format!(r"^{figure}(?:(?:[ ]?(?:[\-/+~|,:x×]|\.\.\.?)[ ]?|[ \n]){figure})*\+?$"))
});

/// Sums of round thousands, alone, in a range or with a small figure ("8.000.000 - 12.000.000", "500.000/ 1").
static ROUND_SUMS: LazyLock<Regex> = LazyLock::new(|| {
    let round = r"(?:[1-9]\d{0,2}(?:[., ']\d{3})*[., '](?:\d00|\d50)(?:[.,]\d{1,2})?|[1-9]\d?0{5,}|[1-9]\d{2,6}\.00?|0\.00?)";
    regex(&format!(r"^{round}(?:[ ]?[\-/~][ ]?(?:{round}|\d{{1,3}}))*$"))
});

/// Numbers of laws and standards: 2016/1148, 14001/2004.
static CITATION: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:(?:19|20)\d\d/\d{3,4}|\d{4,5}[/\-](?:19|20)\d\d)$"));

/// Rows of nothing but dates, hours and years, whatever stands beside them.
static MOMENTS: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?:(?:19|20)\d\d[ ]?[./\-][ ]?(?:0?[1-9]|1[0-2])[ ]?[./\-][ ]?(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[ ]?[./\-][ ]?(?:0?[1-9]|[12]\d|3[01])[ ]?[./\-][ ]?(?:(?:19|20)\d\d|\d\d))";
    let moment = format!(r"(?:{date}|(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?|(?:19|20)\d\d|(?:[01]?\d|2[0-4])[.][0-5]0)");
    let day = r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])";
    regex(&format!(r"^(?:{moment}(?:[ ,\n]{{0,2}}[\-/|~]?[ ]?{moment})*|{day}[ ]?[\-~][ ]?{day})$"))
});

/// Shifts side by side: "7-15/15-23/23-7", "0800-1600 1600-2400".
static SHIFTS: LazyLock<Regex> = LazyLock::new(|| {
    let hour = r"(?:(?:[01]\d|2[0-4])(?:00|15|30|45)|(?:[01]?\d|2[0-4])(?:[:.][0-5]\d)?)";
    let shift = format!(r"{hour}[ ]?[\-~][ ]?{hour}");
    regex(&format!(r"^{shift}(?:(?:[ ]?[/|,;+&][ ]?|[ \n]){shift})+$"))
});

/// "18-35".
static AGES: LazyLock<Regex> = LazyLock::new(|| regex(r"^[1-9]\d?[\-~][1-9]\d?$"));

/// Words in front of rows that count something, and of rows of hours.
static COUNTED: LazyLock<Regex> = LazyLock::new(|| ahead("counted"));
static HOURS: LazyLock<Regex> = LazyLock::new(|| ahead("hours"));

fn ahead(kind: &str) -> Regex {
    let mut lines = include_str!("figures.tsv").lines().filter_map(|line| line.split_once('\t'));
    let listed = lines.find(|(of, _)| *of == kind).map_or("", |(_, listed)| listed);
    let words: Vec<String> = listed.split(' ').map(|word| regex::escape(&fold(word))).collect();
    regex(&format!(r"(?:^|[^\p{{L}}]|\p{{Han}})(?:{})[ \n:.\-=(]{{0,3}}$", words.join("|")))
}

/// Rows of nothing but dates, hours and years.
pub(super) fn is_moments(written: &str) -> bool {
    MOMENTS.is_match(written) || SHIFTS.is_match(written)
}

/// Rows that are sums where a currency stands beside them.
pub(super) fn is_figures(written: &str) -> bool {
    FIGURES.is_match(written)
}

/// Sums of round thousands.
pub(super) fn is_round(written: &str) -> bool {
    ROUND_SUMS.is_match(written)
}

/// Numbers of laws and standards.
pub(super) fn is_citation(written: &str) -> bool {
    CITATION.is_match(written)
}

/// Digits alone, no more than a sum of millions in a small currency has.
pub(super) fn is_bare_sum(written: &str) -> bool {
    written.len() <= MOST_DIGITS_OF_SUM && !written.starts_with('0') && written.bytes().all(|byte| byte.is_ascii_digit())
}

/// "2500-3500", "8.000.000 - 12.000.000": two round sums, the second the larger.
pub(super) fn is_range(written: &str) -> bool {
    let Some((low, high)) = bounds(written) else { return false };
    // Far apart, two figures must be rounder to be believed.
    let round = if high > low.saturating_mul(6) { 100 } else { 10 };
    low <= high && low % round == 0 && high % round == 0 && low >= 100 && high.ilog10() < MOST_DIGITS_OF_SUM as u32
}

/// "1750/2235" beside a currency: two sums of thousands near each other, however odd.
pub(super) fn is_paid_range(written: &str) -> bool {
    bounds(written).is_some_and(|(low, high)| low >= 1000 && low < high && high <= low.saturating_mul(3) && high < 1_000_000)
}

/// The two sums of a range.
fn bounds(written: &str) -> Option<(u64, u64)> {
    let halves: Vec<&str> = written.split(['-', '~', '/']).map(str::trim).collect();
    let [low, high] = halves[..] else { return None };
    Some((value(low)?, value(high)?))
}

fn value(sum: &str) -> Option<u64> {
    let whole = sum.strip_suffix(".00").filter(|whole| whole.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(sum);
    let is_sum = FIGURES.is_match(whole) || whole.bytes().all(|byte| byte.is_ascii_digit());
    whole.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok().filter(|_| is_sum)
}

/// Rows of figures that count, measure or pay, with `before` them.
pub(super) fn is_list(before: &str, written: &str) -> bool {
    is_list_of_figures(written) || is_beside_a_range(written) || is_row(before, written)
}

/// "18-35 2500", "2) 2000/2500": a date, ages or a range of sums, and small or round figures beside it.
fn is_beside_a_range(written: &str) -> bool {
    // A year or "09.10" alone may be a group of a number to call.
    let is_date = |figure: &str| MOMENTS.is_match(figure) && figure.len() >= SHORTEST_DATE;
    let is_told = |figure: &&str| {
        is_date(figure) || AGES.is_match(figure) || is_range(figure) && bounds(figure).is_some_and(|(low, _)| low >= 1000)
    };
    let figures = written.split_whitespace().map(|figure| figure.trim_matches(|c: char| !c.is_ascii_digit()));
    let (told, others): (Vec<&str>, Vec<&str>) = figures.partition(is_told);
    let is_small = |figure: &&str| {
        figure.bytes().all(|byte| byte.is_ascii_digit())
            && !figure.starts_with('0')
            && (figure.len() <= 2 || figure.ends_with("00") || figure.ends_with("50"))
    };
    !told.is_empty()
        && others.iter().all(is_small)
        && others.iter().map(|figure| figure.len()).sum::<usize>() <= MOST_DIGITS_BESIDE
}

/// Three figures or more with the same between them, from small to large in even or small steps; any steps behind a word that says
/// what is counted, and round sums of four digits or more. No group of such a row begins with a zero, as many numbers to call do.
fn is_row(before: &str, written: &str) -> bool {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let mut separators = written.split(|c: char| c.is_ascii_digit()).filter(|between| !between.is_empty());
    let separator = separators.next().unwrap_or_default();
    let is_even = separators.all(|other| other == separator);
    let values: Option<Vec<u32>> = groups.iter().map(|group| group.parse().ok()).collect();
    let Some(values) = values.filter(|values| values.len() >= 3) else { return false };
    if HOURS.is_match(before) {
        let long = groups.iter().filter(|group| group.len() == 2).count();
        let are_hours = values.iter().all(|hour| *hour <= 24) && long * 2 >= groups.len();
        return groups.len().is_multiple_of(2) && (are_hours || groups.len() > 2 && groups.iter().all(|group| is_hour(group)));
    }
    let is_parting = matches!(separator.trim(), "" | "," | "/" | "-" | "." | "|" | ";");
    let rises = values.windows(2).all(|pair| pair[0] < pair[1]);
    if !is_even || !is_parting || !rises || groups.iter().any(|group| group.starts_with('0')) {
        return false;
    }
    let step = values[1] - values[0];
    let steps_alike = values.windows(2).all(|pair| pair[1] - pair[0] == step);
    let are_small = groups.iter().all(|group| group.len() <= 3);
    let are_sums = groups.iter().zip(&values).all(|(group, value)| (4..=6).contains(&group.len()) && value % 50 == 0);
    let counts = values.windows(2).all(|pair| pair[1] - pair[0] <= WIDEST_STEP);
    are_sums || are_small && (counts || steps_alike && EVEN_STEPS.contains(&step) || COUNTED.is_match(before))
}

/// Ages, heights, hours and years side by side ("18-35 165+ 24/7 2025"): figures of one to three digits, years or round sums, no group of a number.
fn is_list_of_figures(written: &str) -> bool {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let is_year = |group: &str| group.len() == 4 && (group.starts_with("20") || group.starts_with("19"));
    let small = groups.iter().filter(|group| group.len() <= 2 && !group.starts_with('0')).count();
    let plain = groups.iter().all(|group| group.len() <= 2 || is_year(group) || group.ends_with("00"));
    // Several separators, as nobody writes a number to call.
    let mixed = written.contains(',') || (written.contains(' ') && written.contains(['/', '-', '+', ':']));
    FIGURES.is_match(written) && plain && small * 2 >= groups.len() && mixed
}
