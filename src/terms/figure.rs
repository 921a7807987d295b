//! [`Figure`]: a number in a text with the currency and the multiple beside it.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::currency::{self, Named};

/// Figures, their thousands in groups of three or, as in India, of two and a last three.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    let grouped = r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}|[0-9]{1,3}(?:[., '٬][0-9]{3})+(?:[.,٫][0-9]{1,2})?";
    #[expect(clippy::expect_used, reason = "a fixed pattern; every test of this file compiles it")]
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
    before.is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
        || behind.is_some_and(|rest| is_long(rest) && rest.bytes().take_while(u8::is_ascii_digit).count() == 4)
}

/// A figure with what stands beside it, in bytes of the folded text.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    pub(super) at: Range<usize>,
    pub(super) value: f64,
    /// By a word behind the figure; `at` covers it.
    pub(super) multiple: Option<f64>,
    /// Currency and where its word begins.
    pub(super) before: Option<(&'static str, usize)>,
    /// Currency and where its word ends.
    pub(super) behind: Option<(Named, usize)>,
}

impl Figure {
    pub(super) fn read(text: &str, at: Range<usize>, has_dong: bool) -> Option<Self> {
        let value = number(&text[at.clone()])?;
        let start = at.start;
        let (multiple, end) = match currency::multiple(text, at.end) {
            Some((by, end)) => (Some(by), if text[end..].starts_with('.') { end + 1 } else { end }),
            None => (None, at.end),
        };
        let mut figure = Self { at: start..end, value, multiple, before: currency::before(text, start), behind: None };
        // "р." is also the year of a date.
        let behind = currency::behind(text, end);
        figure.behind = behind.filter(|(_, to)| match text[end..*to].trim() {
            "р" => !figure.is_year(),
            "do" => has_dong,
            _ => true,
        });
        Some(figure)
    }

    /// Whether it may be a year as well.
    pub(super) fn is_year(&self) -> bool {
        self.multiple.is_none() && (1900.0..2100.0).contains(&self.value)
    }

    pub(super) fn sum(&self, by: Option<f64>) -> f64 {
        self.value * self.multiple.or(by).unwrap_or(1.0)
    }
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
