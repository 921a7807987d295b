//! [`PayPeriod`]: how often a sum is paid, by the words beside it.

use std::ops::Range;
use std::sync::LazyLock;

use super::words::{NEAR, clause_before, clause_behind, ends_with_word, find_word, rows, starts_with_word};
use crate::text::fold;

/// How often a sum is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayPeriod {
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

impl PayPeriod {
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

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static PERIODS: LazyLock<Vec<(PayPeriod, Vec<String>)>> = LazyLock::new(|| {
    let period = |id| PayPeriod::parse(id).expect("periods.tsv: a period heads each row");
    rows(include_str!("periods.tsv")).map(|(id, words)| (period(id), words.into_iter().map(fold).collect())).collect()
});

/// The period that a word right behind a place names.
pub(super) fn period_behind(text: &str, at: usize) -> Option<PayPeriod> {
    let behind = text[at..].trim_start_matches(' ');
    PERIODS.iter().find(|(_, words)| words.iter().any(|word| starts_with_word(behind, word))).map(|(period, _)| *period)
}

/// Whether a word for a period ends right before a place: "al mese 900", "日结160".
pub(super) fn follows_period(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches([' ', ':', '-']);
    PERIODS.iter().any(|(_, words)| words.iter().any(|word| ends_with_word(before, word)))
}

/// The period the words behind a sum name, up to the end of the clause or the next figure, and where they end; or else the one that those
/// right before it name.
pub(super) fn period(text: &str, sum: &Range<usize>) -> Option<(PayPeriod, usize)> {
    // A point behind an abbreviation ends nothing: "руб. в месяц".
    let end = sum.end + usize::from(text[sum.end..].starts_with('.'));
    let (before, after) = (clause_before(text, sum.start, NEAR), clause_behind(text, end, NEAR));
    let nearest = |part: &str, distance: &dyn Fn(Range<usize>) -> usize| {
        let hits = PERIODS.iter().flat_map(|(period, words)| words.iter().map(move |word| (*period, word)));
        let hits = hits.filter_map(|(period, word)| Some((period, word.len(), find_word(part, word)?)));
        let hit = hits.min_by_key(|(_, len, at)| (distance(*at..at + len), std::cmp::Reverse(*len)));
        hit.map(|(period, len, at)| (period, at + len))
    };
    let behind = nearest(after, &|at| at.start).map(|(period, to)| (period, end + to));
    behind.or_else(|| nearest(before, &|at| before.len() - at.end).map(|(period, _)| (period, sum.end)))
}

/// The words for a period, folded.
pub(super) fn period_words(period: PayPeriod) -> Vec<String> {
    PERIODS.iter().filter(|(own, _)| *own == period).flat_map(|(_, words)| words.clone()).collect()
}
