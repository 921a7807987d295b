//! What a reviewer may do with findings, for the terminal and for the page.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use crate::finding::Finding;
use crate::guidance::{self, Guidance, Referral};
use crate::regions::CountryCode;
use crate::typology::PatternId;

/// Guidance on one pattern as the page shows it.
#[derive(Serialize)]
pub(super) struct GuidanceRow {
    id: &'static str,
    sentence: &'static str,
    ask: &'static [String],
    care: &'static str,
}

/// One referral as the page shows it.
#[derive(Serialize)]
pub(super) struct ReferralRow {
    place: &'static str,
    name: &'static str,
    purpose: &'static str,
    how: &'static str,
    date: &'static str,
}

/// Guidance on patterns, in their order.
pub(super) fn rows(patterns: impl Iterator<Item = PatternId>) -> Vec<GuidanceRow> {
    let row = |id: PatternId| {
        let Guidance { sentence, ask, care, .. } = guidance::on(id);
        GuidanceRow { id: id.id(), sentence, ask, care }
    };
    patterns.map(row).collect()
}

/// Referrals for these countries, then those that serve all; and the names of those that have none of their own.
pub(super) fn referral_rows(countries: &[CountryCode]) -> (Vec<ReferralRow>, Vec<&'static str>) {
    let row = |referral: &'static Referral| ReferralRow {
        place: place(referral),
        name: referral.name,
        purpose: referral.purpose,
        how: referral.how,
        date: referral.date,
    };
    let found = guidance::referrals(countries);
    let unserved = names_without_referral(countries, &found);
    (found.into_iter().map(row).collect(), unserved)
}

/// Names of those countries for which none of the referrals found is their own, each once.
fn names_without_referral(countries: &[CountryCode], found: &[&Referral]) -> Vec<&'static str> {
    let served: BTreeSet<CountryCode> = found.iter().filter_map(|referral| referral.country).collect();
    let mut names = Vec::new();
    for country in countries.iter().filter(|country| !served.contains(country)) {
        if !names.contains(&country.name()) {
            names.push(country.name());
        }
    }
    names
}

fn place(referral: &Referral) -> &'static str {
    referral.country.map_or("any country", CountryCode::name)
}

/// What to check before acting on one finding, and where a person can be referred.
pub(super) fn guidance_text(finding: &Finding) -> String {
    let mut out = String::new();
    let Some(scores) = &finding.verdict.scores else { return out };
    let Some((likeliest, _)) = scores.patterns.first() else { return out };
    let Guidance { sentence, ask, care, .. } = guidance::on(*likeliest);
    out.push_str("\nbefore acting\n");
    if scores.pattern_unclear {
        out.push_str("No pattern stands out; what follows is written for the nearest one and may not fit.\n");
    }
    let _ = writeln!(out, "{sentence}");
    for question in ask {
        let _ = writeln!(out, "  - {question}");
    }
    let _ = writeln!(out, "{care}");
    let regions = &finding.regions;
    let places = regions.posted.iter().chain(&regions.origin).chain(&regions.destination);
    let countries: Vec<CountryCode> = places.map(|place| place.country).collect();
    out.push_str("\nwhere a person can be referred (confirm a number before you give it to anyone)\n");
    let found = guidance::referrals(&countries);
    let unserved = names_without_referral(&countries, &found);
    let (own, general): (Vec<_>, Vec<_>) = found.into_iter().partition(|referral| referral.country.is_some());
    let mut list = |referrals: Vec<&Referral>| {
        for referral in referrals {
            let _ = writeln!(out, "  {}: {} — {} (source of {})", place(referral), referral.name, referral.how, referral.date);
        }
    };
    // The general ones help where a country is not known or has none of its own; the report lists all of them.
    let wants_general = own.is_empty() || !unserved.is_empty();
    list(own);
    if wants_general {
        list(general);
    }
    if !unserved.is_empty() {
        let _ = writeln!(out, "  No entry of its own yet: {}.", unserved.join(", "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_without_a_referral_is_named_once_and_one_with_is_not() {
        let [served, unserved] = ["PH", "VU"].map(|code| CountryCode::parse(code).unwrap());
        let found = guidance::referrals(&[served, unserved, unserved]);
        assert_eq!(names_without_referral(&[served, unserved, unserved], &found), [unserved.name()]);
    }
}
