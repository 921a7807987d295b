//! What a reviewer may do with a finding: for each pattern a neutral sentence, questions to check before acting, and a word of care;
//! and where a person can be referred, by country.
//!
//! Both are data with their sources (`patterns.toml`, `referrals.tsv`), for people to review and extend. Referral lines carry the
//! date of their source, or of the day it was read where it has none; nobody has rung them: a number is to be confirmed before it is
//! given to anyone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::regions::CountryCode;
use crate::typology::PatternId;

/// Guidance on one pattern.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guidance {
    /// What such a post appears to offer, and why one may want to look.
    pub sentence: String,
    /// Questions that can be answered from the post, the account or public registers.
    pub ask: Vec<String>,
    /// How not to harm.
    pub care: String,
    /// Seed passages, `file:lines`, or `general knowledge`.
    pub source: Vec<String>,
}

/// Where a person can be referred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The country it serves; none where it serves all.
    pub country: Option<CountryCode>,
    /// The organisation.
    pub name: &'static str,
    /// What for.
    pub purpose: &'static str,
    /// How to reach it.
    pub how: &'static str,
    /// Address of a page or seed passage that says so.
    pub source: &'static str,
    /// Day of the source, or the day it was read.
    pub date: &'static str,
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static PATTERNS: LazyLock<BTreeMap<String, Guidance>> =
    LazyLock::new(|| toml::from_str(include_str!("patterns.toml")).expect("patterns.toml is well formed"));

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static REFERRALS: LazyLock<Vec<Referral>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [country, name, purpose, how, source, date] = cells.try_into().expect("six columns");
        let country = (country != "*").then(|| CountryCode::parse(country).expect("a country or *"));
        Referral { country, name, purpose, how, source, date }
    };
    include_str!("referrals.tsv").lines().skip(1).map(row).collect()
});

/// Guidance on a pattern.
#[must_use]
pub fn on(pattern: PatternId) -> &'static Guidance {
    // A test holds that every pattern has its entry.
    &PATTERNS[pattern.id()]
}

/// Referrals that serve one of these countries, in their order, then those that serve all.
#[must_use]
pub fn referrals(countries: &[CountryCode]) -> Vec<&'static Referral> {
    let mut found: Vec<&Referral> = Vec::new();
    for country in countries {
        let own = REFERRALS.iter().filter(|referral| referral.country == Some(*country));
        found.extend(own.filter(|referral| !found.contains(referral)).collect::<Vec<_>>());
    }
    found.extend(REFERRALS.iter().filter(|referral| referral.country.is_none()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_has_guidance_that_accuses_nobody() {
        assert_eq!(PATTERNS.len(), PatternId::all().count());
        for pattern in PatternId::all() {
            let Guidance { sentence, ask, care, source } = on(pattern);
            assert!((3..=5).contains(&ask.len()) && ask.iter().all(|question| question.ends_with('?')), "{}", pattern.id());
            assert!(!care.is_empty() && !source.is_empty(), "{}", pattern.id());
            let words = sentence.to_lowercase();
            assert!(!["trafficker", "criminal who", "guilty"].iter().any(|word| words.contains(word)), "{sentence}");
        }
    }

    #[test]
    fn referrals_carry_their_source_and_those_of_a_country_come_first() {
        for Referral { name, purpose, how, source, date, .. } in REFERRALS.iter() {
            assert!([name, purpose, how, source].iter().all(|cell| !cell.trim().is_empty()), "{name}");
            assert!(date.len() == 10 && date.starts_with("20"), "{name}: {date}");
        }
        let country = CountryCode::parse("PH").unwrap();
        let found = referrals(&[country, country]);
        assert_eq!(found[0].country, Some(country));
        assert!(found.last().unwrap().country.is_none());
        assert_eq!(found.iter().filter(|referral| referral.country == Some(country)).count(), 2, "each once");
    }
}
