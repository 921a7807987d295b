//! [`Period`]: the month a post was made, from whatever an export calls a date.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// A calendar month, in UTC where the date has an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i16,
    month: i8,
}

/// Date shapes beside ISO 8601 that exports use; the last is Twitter's.
const SHAPES: [&str; 10] = [
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%a %b %d %H:%M:%S %z %Y",
];

/// With slashes, day or month comes first; only one of the two can be read where the day is beyond twelve.
const SLASHED: [&str; 6] = ["%d/%m/%Y", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"];

/// Years in which posts are made: "3/4/26" is no date of the year 3.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;

/// Digits alone: day, minute or second. Unix seconds have 10 digits, milliseconds 13.
const COMPACT: [(usize, &str); 3] = [(8, "%Y%m%d"), (12, "%Y%m%d%H%M"), (14, "%Y%m%d%H%M%S")];

/// Unix times beyond this are milliseconds: in seconds they would lie after the year 5000.
const LATEST_SECONDS: i64 = 100_000_000_000;

impl Period {
    /// ISO 8601, Unix seconds or milliseconds, or one of a few other shapes. Day/month order is never guessed: `25/03/2026` is read,
    /// `03/04/2026` is not.
    #[must_use]
    pub fn parse(date: &str) -> Option<Self> {
        Self::read(date).filter(|period| YEARS.contains(&period.year))
    }

    fn read(date: &str) -> Option<Self> {
        let date = date.trim();
        if date.bytes().all(|byte| byte.is_ascii_digit())
            && let Some((_, shape)) = COMPACT.iter().find(|(digits, _)| *digits == date.len())
        {
            let day = strtime::parse(shape, date).ok()?.to_date().ok()?;
            return Some(Self { year: day.year(), month: day.month() });
        }
        if let Ok(number) = date.parse::<f64>() {
            let seconds = if number.abs() > LATEST_SECONDS as f64 { number / 1000.0 } else { number } as i64;
            // A bare year or a small count is no moment of posting.
            return (seconds > 100_000_000).then(|| Timestamp::from_second(seconds).ok()).flatten().map(Self::of_timestamp);
        }
        if let Ok(timestamp) = date.parse::<Timestamp>() {
            return Some(Self::of_timestamp(timestamp));
        }
        let day = date.parse::<DateTime>().map(DateTime::date).or_else(|_| date.parse::<Date>());
        let shaped = |shape: &&str| strtime::parse(shape, date).ok()?.to_date().ok();
        let day = day.ok().or_else(|| SHAPES.iter().find_map(&shaped));
        let day = day.or_else(|| {
            let mut read = SLASHED.iter().filter_map(shaped);
            let first = read.next()?;
            read.all(|other| other == first).then_some(first)
        })?;
        Some(Self { year: day.year(), month: day.month() })
    }

    /// A month of the years 1 to 9999.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1).is_ok().then_some(Self { year, month })
    }

    fn of_timestamp(timestamp: Timestamp) -> Self {
        let day = timestamp.to_zoned(TimeZone::UTC).date();
        Self { year: day.year(), month: day.month() }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_exports_become_months() {
        for date in [
            "2026-03-09T23:10:00Z",
            "2026-03-09T23:10:00+07:00",
            "2026-03-09 23:10:00",
            "2026-03-09",
            "1773097800",
            "1773097800000",
            "20260309",
            "202603092310",
            "20260309231000",
            "2026/03/09",
            "09.03.2026 08:15",
            "Mon Mar 09 08:15:00 +0000 2026",
            "25/03/2026",
            "3/25/2026 08:15",
            "03/03/2026",
            "05 Mar 2026",
            "March 5, 2026",
            "2026-3-4",
        ] {
            assert_eq!(Period::parse(date).map(|period| period.to_string()).as_deref(), Some("2026-03"), "{date}");
        }
    }

    #[test]
    fn what_is_no_date_has_no_period() {
        for date in ["", "yesterday", "2026", "03/04/2026", "3/4/26", "31.3.26", "99999999999999999999", "NaN"] {
            assert_eq!(Period::parse(date), None, "{date}");
        }
    }
}
