//! Pay that is implausible for the role it is promised for.
//!
//! In: a post's text, language and sums. Out: the sums above the line of every role the post names. The lines stand in `roles.toml` by role,
//! never by country: they are what the best paid countries pay, and generously so, so that a Swiss waiter is not marked. Sums are brought to US
//! dollars by `rates.tsv`, rounded rates of one day: the line is an order of magnitude, not a wage.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::words::rows;
use super::{Book, Money, PayPeriod};
use crate::evidence::Evidence;
use crate::patterns::{Phrases, Silence};
use crate::text::{Language, NormalText};
use crate::typology::IndicatorId;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleFile {
    /// For those who review the list.
    #[serde(rename = "looks_for")]
    _looks_for: String,
    hour: f64,
    day: f64,
    month: f64,
    phrases: Phrases,
}

/// US dollars above which pay for full-time work is implausible anywhere.
#[derive(Debug, Clone, Copy)]
struct Lines {
    hour: f64,
    day: f64,
    month: f64,
}

const DAYS_A_WEEK: f64 = 6.0;
const MONTHS_A_YEAR: f64 = 12.0;
/// Languages in which a bare dollar sign is mostly a peso, a real or the dollar of Hong Kong or Taiwan.
const OTHER_DOLLARS: [&str; 3] = ["es", "pt", "zh"];

impl Lines {
    fn passed_by(self, dollars: f64, period: Option<PayPeriod>) -> bool {
        match period {
            Some(PayPeriod::Hour) => dollars > self.hour,
            Some(PayPeriod::Day) => dollars > self.day,
            Some(PayPeriod::Week) => dollars > self.day * DAYS_A_WEEK,
            Some(PayPeriod::Month) => dollars > self.month,
            Some(PayPeriod::Year) => dollars > self.month * MONTHS_A_YEAR,
            // A sum without a period may be a year's, a fee, or somebody's loss.
            Some(PayPeriod::Once) | None => false,
        }
    }
}

struct Roles {
    lines: Vec<Lines>,
    /// Shows positions in `lines`.
    book: Book<usize>,
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static ROLES: LazyLock<Roles> = LazyLock::new(|| {
    let files: BTreeMap<String, RoleFile> = toml::from_str(include_str!("roles.toml")).expect("roles.toml is well formed");
    let lines = files.values().map(|file| Lines { hour: file.hour, day: file.day, month: file.month }).collect();
    let silenced_by = vec![Silence::Denials, Silence::Warnings];
    let lists = files.into_values().enumerate().map(|(role, file)| (role, file.phrases, silenced_by.clone()));
    Roles { lines, book: Book::new(lists) }
});

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static RATES: LazyLock<BTreeMap<&str, f64>> = LazyLock::new(|| {
    let rate =
        |cells: Vec<&str>| cells.first().and_then(|rate| rate.parse().ok()).expect("rates.tsv: a number follows each code");
    rows(include_str!("rates.tsv")).map(|(code, cells)| (code, rate(cells))).collect()
});

/// Compiles the lists, so that the first post need not wait for it.
pub(super) fn prepare() {
    LazyLock::force(&ROLES);
}

/// The sums that no role the post names is paid anywhere; none where no role is named.
#[must_use]
pub fn implausible(text: &NormalText, language: &Language, sums: &[Money]) -> Vec<Evidence> {
    let Some(indicator) = IndicatorId::parse("implausible_pay").filter(|_| !sums.is_empty()) else { return Vec::new() };
    let roles = ROLES.book.find(text, language);
    let other_dollars = OTHER_DOLLARS.contains(&language.tag.split('-').next().unwrap_or_default());
    let passes = |sum: &&Money| {
        let unclear = sum.shared_sign && (sum.currency != "USD" || other_dollars);
        RATES.get(sum.currency).filter(|_| !unclear).is_some_and(|rate| {
            let dollars = f64::midpoint(sum.from, sum.to) * rate;
            !roles.is_empty() && roles.iter().all(|role| ROLES.lines[*role].passed_by(dollars, sum.period))
        })
    };
    sums.iter().filter(|sum| !sum.fee).filter(passes).map(|sum| Evidence { indicator, span: sum.span }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts;
    use crate::terms::money;
    use crate::text::identify;

    /// The sums of a text that are beyond its roles.
    fn beyond(text: &str) -> Vec<&str> {
        let normal = NormalText::new(text);
        let sums = money::find(&normal, &contacts::find(&normal));
        implausible(&normal, &identify(&normal), &sums).into_iter().map(|found| found.span.slice(text)).collect()
    }

    #[test]
    fn pay_no_role_earns_is_shown_and_generous_pay_is_not() {
        assert_eq!(beyond("Typing job from home, we pay $9,000 per month, start today"), ["$9,000"]);
        assert_eq!(beyond("Waiter in Zurich, CHF 4,800 per month"), [""; 0]);
        assert_eq!(beyond("Online typing job, $30 a day"), [""; 0]);
        assert_eq!(beyond("Waiter wanted, 900 EUR an hour"), ["900 EUR"]);
        // Two roles: the better paid one counts.
        assert_eq!(beyond("We hire typists and software engineers, $9,000 per month"), [""; 0]);
        // A yen and a yuan share a sign, and a sum without a period may be anything.
        assert_eq!(beyond("Dancers wanted in Nagoya, ¥180k a month"), [""; 0]);
        assert_eq!(beyond("Waiters wanted, bring $12,000"), [""; 0]);
        // No role, no line.
        assert_eq!(beyond("We pay $90,000 per month to the right person"), [""; 0]);
        // Pesos carry the same sign.
        assert_eq!(beyond("Se busca mesero o mesera, sueldo $12,000 al mes, con descanso los lunes"), [""; 0]);
    }

    #[test]
    fn every_currency_has_a_rate_but_those_of_no_country() {
        let unknown: Vec<&str> =
            rows(include_str!("currencies.tsv")).map(|(code, _)| code).filter(|code| !RATES.contains_key(code)).collect();
        assert_eq!(unknown, ["KRONE", "TOMAN", "PESO", "DINAR"]);
        assert!(IndicatorId::parse("implausible_pay").is_some());
    }
}
