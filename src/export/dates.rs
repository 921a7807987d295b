//! [`DateOrder`]: dates that only their export's country explains.

use clap::ValueEnum;
use jiff::fmt::strtime;

/// What comes first in dates such as 03/04/2026, which nobody can tell from the date itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum)]
pub enum DateOrder {
    /// 3 April.
    DayFirst,
    /// March 4.
    MonthFirst,
}

impl DateOrder {
    /// `2026-04-03` for a date of this order, its time of day left out; none for other dates, which explain themselves or are none.
    #[must_use]
    pub fn iso(self, date: &str) -> Option<String> {
        let shapes = match self {
            Self::DayFirst => ["%d/%m/%y", "%d/%m/%Y", "%d-%m-%Y"],
            Self::MonthFirst => ["%m/%d/%y", "%m/%d/%Y", "%m-%d-%Y"],
        };
        let date = date.trim();
        let day = date.split([' ', ',', 'T']).next().unwrap_or(date);
        let day = shapes.iter().find_map(|shape| strtime::parse(shape, day).ok()?.to_date().ok())?;
        // `%Y` reads two digits too, as a year of antiquity.
        (day.year() >= 1000).then(|| day.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_says_what_a_date_is() {
        for (date, day_first, month_first) in [
            ("03/04/2026", Some("2026-04-03"), Some("2026-03-04")),
            (" 3/4/26 08:15 PM", Some("2026-04-03"), Some("2026-03-04")),
            ("03-04-2026T08:15", Some("2026-04-03"), Some("2026-03-04")),
            ("25/03/2026", Some("2026-03-25"), None),
            ("2026-04-03", None, None),
            ("20-04-03", None, None),
            ("1773097800", None, None),
            ("yesterday", None, None),
            ("", None, None),
        ] {
            assert_eq!(DateOrder::DayFirst.iso(date).as_deref(), day_first, "{date}");
            assert_eq!(DateOrder::MonthFirst.iso(date).as_deref(), month_first, "{date}");
        }
    }
}
