//! [`Figure`]: a number in a text, in digits or in words, with the currency and the multiple beside it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::currency::{self, Named};
use super::spelled::Spelled;

/// Figures, their thousands in groups of three or, as in India, of two and a last three; so many groups at most that a row of groups takes
/// linear time.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    let grouped = r"[0-9]{1,2}(?:,[0-9]{2}){1,4},[0-9]{3}|[0-9]{1,3}(?:[., '٬][0-9]{3}){1,5}(?:[.,٫][0-9]{1,2})?";
    #[expect(clippy::expect_used, reason = "a fixed pattern; every test of `money` compiles it")]
    Regex::new(&format!("({grouped}|[0-9]+(?:[.,٫][0-9]{{1,2}})?)(?:[^0-9]|$)|([0-9]+)")).expect("the pattern of figures")
});

/// The figures of a text. Another digit never follows one, so that "1.2345" is not 1,234; letters may: "2,500AED".
pub(super) fn figures(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let found = FIGURE.captures_at(text, at)?;
        let range = found.get(1).or_else(|| found.get(2))?.range();
        at = range.end;
        Some(range)
    })
    .filter(|at| !is_of_a_date(text, at))
}

/// Whether a figure is the rest of another with points or slashes in it: of "15.03.2026" nothing is a sum.
fn is_of_a_date(text: &str, at: &Range<usize>) -> bool {
    let before = text[..at.start].strip_suffix(['.', '/', ':']);
    let behind = text[at.end..].strip_prefix(['.', '/', ':']);
    let is_long = |rest: &str| rest.starts_with("19") || rest.starts_with("20");
    let in_a_date = before.is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
        || behind.is_some_and(|rest| is_long(rest) && rest.bytes().take_while(u8::is_ascii_digit).count() == 4);
    in_a_date && !is_of_a_choice(text, at)
}

/// Whether a slash parts a figure from one other that may be a sum as well: "2000/2500 AED". A third one, fewer than three digits, a leading
/// zero or a year make a date, a licence or a telephone number of them.
fn is_of_a_choice(text: &str, at: &Range<usize>) -> bool {
    let belongs = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    let left = text[..at.start].strip_suffix('/').map(|rest| rest.split_at(rest.trim_end_matches(belongs).len()));
    let right = text[at.end..].strip_prefix('/').map(|rest| rest.split_at(rest.len() - rest.trim_start_matches(belongs).len()));
    let other = match (left, right) {
        (Some((head, figure)), None) if !head.ends_with('/') => figure,
        // "2000/2500/month".
        (None, Some((figure, tail))) if !tail.strip_prefix('/').is_some_and(|tail| tail.starts_with(belongs)) => figure,
        // The second of two before a slash that only parts them from their period.
        (Some((head, figure)), Some(("", _))) if !head.ends_with('/') => figure,
        _ => return false,
    };
    let (own, other) = (&text[at.clone()], other.trim_matches(['.', ',']));
    let is_sum = |figure: &str| figure.bytes().filter(u8::is_ascii_digit).count() >= 3 && !figure.starts_with('0');
    let is_year = |figure: &str| figure.len() == 4 && (figure.starts_with("19") || figure.starts_with("20"));
    // 2000 and its like are sums more often than years.
    let is_year = |figure: &str| is_year(figure) && !figure.ends_with("00") && !figure.ends_with("50");
    is_sum(own) && is_sum(other) && !is_year(own) && !is_year(other)
}

/// What is counted and no sum goes on with: "1万2人".
const COUNTED_BEHIND: &str = "人名个個天年月日小时時位岁歲间間层層点點班号號份분명년월일시";

/// The thousands of a figure in ten thousands, in parts of these, and where they end: "1万2" and "3만5천" go on behind their multiple.
fn with_thousands(text: &str, at: usize, by: f64) -> Option<(f64, usize)> {
    let mut rest = text[at..].chars();
    let thousands = rest.next().and_then(|c| c.to_digit(10)).filter(|digit| *digit > 0 && by.to_bits() == 1e4_f64.to_bits())?;
    let next = rest.next();
    let end = match next {
        Some(c) if "千천仟".contains(c) => at + 1 + c.len_utf8(),
        Some(c) if c.is_ascii_alphanumeric() || COUNTED_BEHIND.contains(c) => return None,
        Some('.' | ',' | '/' | ':') if rest.next().is_some_and(|c| c.is_ascii_digit()) => return None,
        _ if text[..at].ends_with(['万', '萬']) => at + 1,
        _ => return None,
    };
    Some((f64::from(thousands) / 10.0, end))
}

/// A figure with what stands beside it, in bytes of the folded text.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) at: Range<usize>,
    pub(super) value: f64,
    /// By a word behind the figure; `at` covers it.
    pub(super) multiple: Option<f64>,
    /// In words, or its thousands in groups: no year, no room, no page.
    pub(super) in_full: bool,
    /// Currency and where its word begins.
    pub(super) before: Option<(Named, usize)>,
    /// Currency and where its word ends.
    pub(super) behind: Option<(Named, usize)>,
}

impl Figure {
    pub(super) fn read(text: &str, at: Range<usize>, has_vietnamese_dollar: bool) -> Option<Self> {
        let value = number(&text[at.clone()])?;
        let in_full = has_grouped_thousands(&text[at.clone()]);
        let (multiple, end) = currency::multiple(text, at.end).map_or((None, at.end), |(by, end)| (Some(by), end));
        let (value, end) =
            multiple.and_then(|by| with_thousands(text, end, by)).map_or((value, end), |(rest, end)| (value + rest, end));
        let before = currency::before(text, at.start);
        let figure = Self { at: at.start..end, value, multiple, in_full, before, behind: None };
        Some(figure.with_currency_behind(text, has_vietnamese_dollar))
    }

    /// A number in words. Small ones are counts of other things: "20 euro otto ore".
    pub(super) fn spelled(text: &str, spelled: &Spelled, has_vietnamese_dollar: bool) -> Option<Self> {
        let own = spelled.multiple.map(|by| (by, spelled.at.end));
        let multiple = own.or_else(|| currency::multiple(text, spelled.at.end));
        let (multiple, end) = multiple.map_or((None, spelled.at.end), |(by, end)| (Some(by), end));
        let before = currency::before(text, spelled.at.start).filter(|_| spelled.total() >= LEAST_BEHIND_A_CURRENCY);
        let figure = Self { at: spelled.at.start..end, value: spelled.value, multiple, in_full: true, before, behind: None };
        let figure = figure.with_currency_behind(text, has_vietnamese_dollar);
        (!spelled.alone || figure.behind.is_some()).then_some(figure)
    }

    fn with_currency_behind(mut self, text: &str, has_vietnamese_dollar: bool) -> Self {
        let end = self.at.end;
        self.behind = currency::behind(text, end).filter(|(_, to)| match text[end..*to].trim() {
            // "р." is also the year of a date.
            "р" => !self.is_year(),
            "do" => has_vietnamese_dollar,
            _ => true,
        });
        self
    }

    /// Whether a currency stands beside it.
    pub(super) fn has_currency(&self) -> bool {
        self.before.is_some() || self.behind.is_some()
    }

    /// Whether what stands beside it makes it money.
    pub(super) fn is_money(&self) -> bool {
        self.has_currency() || self.is_counted()
    }

    /// Where it begins, with the currency before it.
    pub(super) fn start(&self) -> usize {
        self.before.map_or(self.at.start, |(_, start)| start)
    }

    /// Whether it may be a year as well.
    pub(super) fn is_year(&self) -> bool {
        self.multiple.is_none() && !self.in_full && (1900.0..2100.0).contains(&self.value)
    }

    /// Whether it is counted as money is: in thousands, in words, or with its thousands in groups.
    pub(super) fn is_counted(&self) -> bool {
        self.multiple.is_some() || (self.in_full && self.value >= LEAST_BEHIND_A_CURRENCY)
    }

    pub(super) fn sum(&self, by: Option<f64>) -> f64 {
        self.value * self.multiple.or(by).unwrap_or(1.0)
    }
}

/// In words, smaller numbers do not follow a currency.
const LEAST_BEHIND_A_CURRENCY: f64 = 100.0;

fn has_grouped_thousands(figure: &str) -> bool {
    let is_mark = |c: char| !c.is_ascii_digit();
    figure.contains(is_mark) && figure.split(is_mark).skip(1).any(|group| group.len() == 3)
}

/// A currency between two figures belongs to one of them: to the one it touches, or else to the larger ("10 AED 3000").
pub(super) fn share_out_currencies(text: &str, figures: &mut [Figure]) {
    for at in 1..figures.len() {
        let (left, right) = figures.split_at_mut(at);
        let (one, other) = (&mut left[at - 1], &mut right[0]);
        let (Some((_, end)), Some((_, start))) = (one.behind, other.before) else { continue };
        if start >= end {
            continue;
        }
        let touches_left = !text[one.at.end..].starts_with(' ');
        let touches_right = !text[..other.at.start].ends_with(' ');
        let left_has_it = if touches_left == touches_right { one.sum(None) >= other.sum(None) } else { touches_left };
        if left_has_it { other.before = None } else { one.behind = None }
    }
}

/// A figure with points, commas or spaces between its thousands or before its cents.
fn number(figure: &str) -> Option<f64> {
    let groups: Vec<&str> = figure.split(['.', ',', ' ', '\'', '٬', '٫']).collect();
    let (last, before) = groups.split_last()?;
    if before.is_empty() {
        return last.parse().ok();
    }
    if last.len() == 3 { groups.concat().parse().ok() } else { format!("{}.{last}", before.concat()).parse().ok() }
}
