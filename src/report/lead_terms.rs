//! [`LeadTerms`]: what an offer says of pay, ages and hours, as the page says it.

use serde::{Deserialize, Serialize};

use super::summary::grouped;
use crate::terms::UNNAMED;

/// Terms of one finding, read back from `findings.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Line")]
pub(super) struct LeadTerms {
    /// Sums, ages and hours in words.
    said: Vec<String>,
    missing: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    sums: Vec<Sum>,
    ages: Option<Range>,
    hours: Option<Range>,
}

#[derive(Deserialize)]
struct Sum {
    from: f64,
    to: f64,
    currency: String,
    period: Option<String>,
    #[serde(default)]
    fee: bool,
}

#[derive(Deserialize)]
struct Range {
    from: u8,
    to: Option<u8>,
}

impl From<Line> for LeadTerms {
    fn from(line: Line) -> Self {
        let mut said: Vec<String> = Vec::new();
        for sum in line.sums.iter().map(Sum::to_string) {
            // A post that names a sum again means the same one.
            if !said.contains(&sum) {
                said.push(sum);
            }
        }
        said.extend(line.ages.map(|ages| format!("ages {}", range(ages.from, ages.to))));
        said.extend(line.hours.map(|hours| format!("{} hours a day", range(hours.from, hours.to))));
        Self { said, missing: line.missing }
    }
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { from, to, currency, .. } = self;
        if self.fee {
            f.write_str("asks for ")?;
        }
        f.write_str(&amount(*from))?;
        if to > from {
            write!(f, "–{}", amount(*to))?;
        }
        if currency != UNNAMED {
            write!(f, " {currency}")?;
        }
        match self.period.as_deref() {
            None => Ok(()),
            Some("once") => f.write_str(" once"),
            Some("hour") => f.write_str(" an hour"),
            Some(period) => write!(f, " a {period}"),
        }
    }
}

/// Ages or hours: one figure, a range, or one without an upper or a lower bound; none is 0.
pub(super) fn range(from: u8, to: Option<u8>) -> String {
    match to {
        Some(to) if from == 0 => format!("up to {to}"),
        Some(to) if to > from => format!("{from}–{to}"),
        Some(_) => from.to_string(),
        None => format!("{from} and over"),
    }
}

/// Whole sums without decimals.
fn amount(sum: f64) -> String {
    let cents = (sum * 100.0).round() as u64;
    let whole = grouped(cents / 100);
    if cents.is_multiple_of(100) { whole } else { format!("{whole}.{:02}", cents % 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_said_as_a_reviewer_would() {
        let said = |line: &str| serde_json::from_str::<LeadTerms>(line).unwrap().said.join("; ");
        let line = r#"{"missing": ["leave"], "sums": [
            {"from": 1200, "to": 1500, "currency": "EUR", "period": "month", "span": [0, 1]},
            {"from": 1200, "to": 1500, "currency": "EUR", "period": "month", "span": [5, 6]},
            {"from": 12.5, "to": 12.5, "currency": "GBP", "period": "hour", "span": [0, 1]},
            {"from": 12.9999, "to": 500, "currency": "XXX", "span": [0, 1]},
            {"from": 300, "to": 300, "currency": "USD", "fee": true, "period": "once", "span": [0, 1]}],
            "ages": {"from": 18, "to": 30, "span": [0, 1]}, "hours": {"from": 12, "to": 12, "span": [0, 1]}}"#;
        assert_eq!(
            said(line),
            "1,200–1,500 EUR a month; 12.50 GBP an hour; 13–500; asks for 300 USD once; ages 18–30; 12 hours a day"
        );
        assert_eq!(said(r#"{"ages": {"from": 21, "span": [0, 1]}}"#), "ages 21 and over");
    }
}
