//! What a reviewer may do with findings, for the terminal and for the page.

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

/// Referrals for these countries, then those that serve all.
pub(super) fn referral_rows(countries: &[CountryCode]) -> Vec<ReferralRow> {
    let row = |referral: &'static Referral| ReferralRow {
        place: place(referral),
        name: referral.name,
        purpose: referral.purpose,
        how: referral.how,
        date: referral.date,
    };
    guidance::referrals(countries).into_iter().map(row).collect()
}

fn place(referral: &Referral) -> &'static str {
    referral.country.map_or("any country", CountryCode::name)
}

/// What to check before acting on one finding, and where a person can be referred.
pub(super) fn guidance_text(finding: &Finding) -> String {
    let mut out = String::new();
    let patterns = finding.verdict.scores.iter().flat_map(|scores| &scores.patterns);
    let Some((likeliest, _)) = patterns.into_iter().next() else { return out };
    let Guidance { sentence, ask, care, .. } = guidance::on(*likeliest);
    let _ = write!(out, "\nbefore acting\n{sentence}\n");
    for question in ask {
        let _ = writeln!(out, "  - {question}");
    }
    let _ = writeln!(out, "{care}");
    let regions = &finding.regions;
    let places = regions.posted.iter().chain(&regions.origin).chain(&regions.destination);
    let countries: Vec<CountryCode> = places.map(|place| place.country).collect();
    out.push_str("\nwhere a person can be referred (confirm a number before you give it to anyone)\n");
    let found = guidance::referrals(&countries);
    let own = found.iter().filter(|referral| referral.country.is_some()).count();
    // The general ones help where no country is known; the report lists all of them.
    for referral in found.into_iter().take(if own > 0 { own } else { usize::MAX }) {
        let _ = writeln!(out, "  {}: {} — {} (source of {})", place(referral), referral.name, referral.how, referral.date);
    }
    out
}
