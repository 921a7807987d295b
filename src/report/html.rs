//! `report.html`: one self-contained page a reviewer or manager opens in a browser. The template stands beside this file.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use super::clusters::{Cluster, Clusters};
use super::guidance::{GuidanceRow, ReferralRow, referral_rows, rows};
use super::leads::{Lead, Leads};
use super::run::RunRecord;
use super::summary::grouped;
use crate::aggregate::{Area, Role, Tally, ranked};
use crate::regions::CountryCode;
use crate::typology::PatternId;

const TEMPLATE: &str = include_str!("report.html");

/// Posts judged from which a rate is shown.
const LEAST_FOR_RATE: u64 = 20;

/// Countries and corridors listed.
const TOP: usize = 15;

#[derive(Serialize)]
struct Page<'a> {
    run: &'a RunRecord,
    interrupted: bool,
    read: String,
    judged: String,
    suspect: String,
    rejected: String,
    not_assessed: String,
    percent: String,
    unclear: String,
    silenced: String,
    regions: Vec<&'static str>,
    matrix: Vec<MatrixRow>,
    months: Vec<Month>,
    countries: Vec<CountryRow>,
    corridors: Vec<CorridorRow>,
    clusters: &'a [Cluster],
    leads: &'a [Lead],
    known: &'a [Lead],
    guidance: Vec<GuidanceRow>,
    referrals: Vec<ReferralRow>,
    unserved: Vec<&'static str>,
}

#[derive(Serialize)]
struct MatrixRow {
    id: &'static str,
    name: &'static str,
    definition: &'static str,
    author_may_be_victim: bool,
    total: String,
    cells: Vec<MatrixCell>,
}

#[derive(Serialize)]
struct MatrixCell {
    count: u64,
    shade: String,
}

#[derive(Serialize)]
struct Month {
    name: String,
    suspects: u64,
    judged: u64,
    per_thousand: String,
    height: String,
}

#[derive(Serialize)]
struct CountryRow {
    name: String,
    region: &'static str,
    suspects: u64,
    judged: u64,
    per_thousand: String,
}

#[derive(Serialize)]
struct CorridorRow {
    origin: String,
    destination: String,
    suspects: u64,
}

/// Fills the template. Whatever comes from posts is escaped.
pub fn html(run: &RunRecord, tally: &Tally, clusters: &Clusters, leads: &Leads) -> Result<String, minijinja::Error> {
    let counts = &tally.counts;
    let (referrals, unserved) = referral_rows(&countries_of_suspects(tally));
    let page = Page {
        run,
        interrupted: run.interrupted,
        read: grouped(counts.read),
        judged: grouped(counts.judged),
        suspect: grouped(counts.suspect),
        rejected: grouped(counts.rejected),
        not_assessed: grouped(counts.not_assessed()),
        percent: format!("{:.1}", 100.0 * counts.suspect as f64 / counts.judged.max(1) as f64),
        unclear: grouped(counts.unclear),
        silenced: grouped(counts.silenced_by_context),
        regions: Area::regions().map(column).collect(),
        matrix: matrix(tally),
        months: months(tally),
        countries: countries(tally),
        corridors: corridors(tally),
        clusters: &clusters.largest,
        leads: &leads.likeliest,
        known: &leads.known,
        guidance: rows(tally.ranked_patterns().into_iter().map(|(id, _)| id)),
        referrals,
        unserved,
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("country", country_name);
    environment.add_template("report", TEMPLATE)?;
    environment.get_template("report")?.render(Serde(page))
}

/// What a country is called: a page for people has no codes. A code that is none stays as it is.
fn country_name(code: String) -> String {
    CountryCode::parse(&code).map_or(code, |country| country.name().to_owned())
}

/// Column heading of an area.
fn column(area: Area) -> &'static str {
    match area {
        Area::Region(region) => region.name(),
        Area::Country(country) => country.name(),
        Area::Unknown => "not stated",
    }
}

fn matrix(tally: &Tally) -> Vec<MatrixRow> {
    let counts = tally.patterns_by_destination();
    let most = counts.values().copied().max().unwrap_or(1) as f64;
    let row = |(id, total): (PatternId, u64)| MatrixRow {
        id: id.id(),
        name: &id.card().name,
        definition: &id.card().definition,
        author_may_be_victim: id.card().author_may_be_victim,
        total: grouped(total),
        cells: Area::regions()
            .map(|area| counts.get(&(id, area)).copied().unwrap_or(0))
            .map(|count| MatrixCell { count, shade: format!("{:.2}", (count as f64 / most).sqrt() * 0.6) })
            .collect(),
    };
    tally.ranked_patterns().into_iter().map(row).collect()
}

/// Posts by month, from the role every post has exactly one entry in: where it was posted.
fn months(tally: &Tally) -> Vec<Month> {
    let mut months: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (cell, judged) in &tally.judged {
        if cell.role != Role::Posted || matches!(cell.area, Area::Region(_)) {
            continue;
        }
        let name = cell.period.map_or_else(|| "undated".to_owned(), |period| period.to_string());
        let month = months.entry(name).or_default();
        month.0 += tally.suspects.get(cell).copied().unwrap_or(0);
        month.1 += judged;
    }
    let most = months.values().map(|(suspects, _)| *suspects).max().unwrap_or(0).max(1) as f64;
    months
        .into_iter()
        .map(|(name, (suspects, judged))| Month {
            name,
            suspects,
            judged,
            per_thousand: per_thousand(suspects, judged),
            height: format!("{:.1}", 100.0 * suspects as f64 / most),
        })
        .collect()
}

fn countries(tally: &Tally) -> Vec<CountryRow> {
    let mut rows: BTreeMap<CountryCode, (u64, u64)> = BTreeMap::new();
    for (cell, judged) in &tally.judged {
        if let (Role::Destination, Area::Country(country)) = (cell.role, cell.area) {
            let row = rows.entry(country).or_default();
            row.0 += tally.suspects.get(cell).copied().unwrap_or(0);
            row.1 += judged;
        }
    }
    let mut rows: Vec<_> = rows.into_iter().filter(|(_, (suspects, _))| *suspects > 0).collect();
    rows.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
    let row = |(country, (suspects, judged)): (CountryCode, (u64, u64))| CountryRow {
        name: format!("{} ({country})", country.name()),
        region: country.region().name(),
        suspects,
        judged,
        per_thousand: per_thousand(suspects, judged),
    };
    rows.into_iter().take(TOP).map(row).collect()
}

/// Countries that suspects come from, lead to or were posted in, the most frequent first.
fn countries_of_suspects(tally: &Tally) -> Vec<CountryCode> {
    let mut counts: BTreeMap<CountryCode, u64> = BTreeMap::new();
    for (cell, suspects) in &tally.suspects {
        if let Area::Country(country) = cell.area {
            *counts.entry(country).or_default() += suspects;
        }
    }
    ranked(counts).into_iter().map(|(country, _)| country).take(2 * TOP).collect()
}

fn corridors(tally: &Tally) -> Vec<CorridorRow> {
    tally
        .ranked_corridors()
        .into_iter()
        .take(TOP)
        .map(|((origin, destination), suspects)| CorridorRow {
            origin: origin.name().to_owned(),
            destination: destination.name().to_owned(),
            suspects,
        })
        .collect()
}

fn per_thousand(suspects: u64, judged: u64) -> String {
    // A rate over a handful of posts would only look like one.
    if judged < LEAST_FOR_RATE { String::new() } else { format!("{:.0}", 1000.0 * suspects as f64 / judged as f64) }
}
