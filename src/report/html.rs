//! `report.html`: one self-contained page a reviewer or manager opens in a browser. The template stands beside this file.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::io::{self, BufRead};

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::{Deserialize, Serialize};

use super::guidance::{GuidanceRow, ReferralRow, referral_rows, rows};
use super::run::RunRecord;
use super::table::grouped;
use crate::aggregate::{Area, Role, Tally};
use crate::lists::ListKind;
use crate::regions::{CountryCode, Region};
use crate::typology::PatternId;

const TEMPLATE: &str = include_str!("report.html");

/// Findings the page lists.
const LEADS: usize = 100;

/// Findings from which they are picked: campaigns repeat a text, and the page shows it once.
const PICKED_FROM: usize = 5 * LEADS;

/// Posts judged from which a rate is shown.
const LEAST_FOR_RATE: u64 = 20;

/// Countries and corridors listed.
const TOP: usize = 15;

/// One finding as the page lists it, read back from `findings.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    id: String,
    source: LeadSource,
    posted_at: Option<String>,
    channel: Option<String>,
    lang: LeadLang,
    verdict: LeadVerdict,
    patterns: Vec<LeadId>,
    indicators: Vec<LeadIndicator>,
    #[serde(default)]
    moved_by: Vec<LeadWords>,
    terms: Option<LeadTerms>,
    #[serde(default)]
    lists: Vec<LeadMatch>,
    regions: LeadRegions,
    author_may_be_victim: bool,
    text: Option<String>,
    #[serde(default)]
    campaign: Option<String>,
    /// Suspects of the same campaign in the whole run, this one included; without one, those with the same text that were picked.
    #[serde(default)]
    alike: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadSource {
    file: String,
    record: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadLang {
    tag: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadVerdict {
    label: String,
    p_suspect: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadId {
    id: String,
}

/// What counting campaigns needs of a finding.
#[derive(Deserialize)]
struct Named {
    campaign: Option<String>,
    verdict: LeadVerdict,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadWords {
    words: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadMatch {
    list: String,
    row: u64,
    source: String,
    expired: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadTerms {
    #[serde(default)]
    missing: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadIndicator {
    id: String,
    source: String,
    #[serde(default)]
    lowers: bool,
    #[serde(default)]
    words: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadRegions {
    origin: Vec<LeadPlace>,
    destination: Vec<LeadPlace>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadPlace {
    code: String,
    place: Option<String>,
}

/// The findings to read first: the likeliest suspects, earlier ones first among equals, each text once.
#[derive(Debug, Default)]
pub struct Leads {
    likeliest: Vec<Lead>,
    /// Posts that are not suspect but have a channel the team knows, in the order of the inputs.
    known: Vec<Lead>,
}

impl Leads {
    /// Picks them from `findings.jsonl`, which is read twice: campaigns are counted once it is clear which are listed, so that no more
    /// is held than the page shows.
    pub fn pick<R: BufRead>(open: impl Fn() -> io::Result<R>) -> io::Result<Self> {
        let mut known = Vec::new();
        let mut kept: BinaryHeap<Reverse<(u64, Reverse<usize>, String)>> = BinaryHeap::new();
        for (at, line) in open()?.lines().enumerate() {
            let line = line?;
            let lead: Lead = serde_json::from_str(&line)?;
            let (true, Some(p)) = (lead.verdict.label == "suspect", lead.verdict.p_suspect) else {
                if known.len() < LEADS && lead.lists.iter().any(|met| met.list == ListKind::KnownChannels.id()) {
                    known.push(lead);
                }
                continue;
            };
            // Probabilities are not negative, so their bits order as they do.
            kept.push(Reverse((p.to_bits(), Reverse(at), line)));
            if kept.len() > PICKED_FROM {
                kept.pop();
            }
        }
        let lines = kept.into_sorted_vec().into_iter().map(|Reverse((_, _, line))| line);
        let mut leads: Vec<Lead> = Vec::new();
        for line in lines {
            let mut lead: Lead = serde_json::from_str(&line)?;
            let same = |known: &&mut Lead| {
                (known.campaign.is_some() && known.campaign == lead.campaign) || (known.text.is_some() && known.text == lead.text)
            };
            if let Some(known) = leads.iter_mut().find(same) {
                known.alike += 1;
            } else {
                lead.alike = 1;
                leads.push(lead);
            }
        }
        leads.truncate(LEADS);
        let mut campaigns: HashMap<String, usize> = leads.iter().filter_map(|lead| Some((lead.campaign.clone()?, 0))).collect();
        for line in open()?.lines() {
            let named: Named = serde_json::from_str(&line?)?;
            if let Some(count) =
                named.campaign.and_then(|name| campaigns.get_mut(&name)).filter(|_| named.verdict.label == "suspect")
            {
                *count += 1;
            }
        }
        for lead in &mut leads {
            let count = lead.campaign.as_ref().and_then(|name| campaigns.get(name)).copied();
            lead.alike = lead.alike.max(count.unwrap_or_default());
        }
        Ok(Self { likeliest: leads, known })
    }
}

#[derive(Serialize)]
struct Page<'a> {
    run: &'a RunRecord,
    read: String,
    judged: String,
    suspect: String,
    rejected: String,
    not_assessed: String,
    percent: String,
    regions: Vec<&'static str>,
    matrix: Vec<MatrixRow>,
    months: Vec<Month>,
    countries: Vec<CountryRow>,
    corridors: Vec<CorridorRow>,
    leads: &'a [Lead],
    known: &'a [Lead],
    guidance: Vec<GuidanceRow>,
    referrals: Vec<ReferralRow>,
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
pub fn html(run: &RunRecord, tally: &Tally, leads: &Leads) -> Result<String, minijinja::Error> {
    let counts = &tally.counts;
    let page = Page {
        run,
        read: grouped(counts.read),
        judged: grouped(counts.judged),
        suspect: grouped(counts.suspect),
        rejected: grouped(counts.rejected),
        not_assessed: grouped(counts.not_assessed()),
        percent: format!("{:.1}", 100.0 * counts.suspect as f64 / counts.judged.max(1) as f64),
        regions: Region::ALL.iter().map(|region| region.name()).chain(["not stated"]).collect(),
        matrix: matrix(tally),
        months: months(tally),
        countries: countries(tally),
        corridors: corridors(tally),
        leads: &leads.likeliest,
        known: &leads.known,
        guidance: rows(patterns(tally).into_iter().map(|(id, _)| id)),
        referrals: referral_rows(&countries_of_suspects(tally)),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report", TEMPLATE)?;
    environment.get_template("report")?.render(Serde(page))
}

/// Patterns found, the most frequent first.
fn patterns(tally: &Tally) -> Vec<(PatternId, u64)> {
    let mut ranked: Vec<(PatternId, u64)> = tally.patterns.iter().map(|(id, count)| (*id, *count)).collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked
}

fn matrix(tally: &Tally) -> Vec<MatrixRow> {
    let mut counts: BTreeMap<(PatternId, Area), u64> = BTreeMap::new();
    for ((cell, id), count) in &tally.by_pattern {
        if cell.role == Role::Destination && !matches!(cell.area, Area::Country(_)) {
            *counts.entry((*id, cell.area)).or_default() += count;
        }
    }
    let most = counts.values().copied().max().unwrap_or(1) as f64;
    let areas: Vec<Area> = Region::ALL.into_iter().map(Area::Region).chain([Area::Unknown]).collect();
    let ranked = patterns(tally);
    let row = |(id, total): (PatternId, u64)| MatrixRow {
        id: id.id(),
        name: &id.card().name,
        definition: &id.card().definition,
        author_may_be_victim: id.card().author_may_be_victim,
        total: grouped(total),
        cells: areas
            .iter()
            .map(|area| counts.get(&(id, *area)).copied().unwrap_or(0))
            .map(|count| MatrixCell { count, shade: format!("{:.2}", (count as f64 / most).sqrt() * 0.6) })
            .collect(),
    };
    ranked.into_iter().map(row).collect()
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
    let mut ranked: Vec<(CountryCode, u64)> = counts.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    ranked.into_iter().map(|(country, _)| country).take(2 * TOP).collect()
}

fn corridors(tally: &Tally) -> Vec<CorridorRow> {
    let mut ranked: Vec<_> = tally.corridors.iter().filter(|((origin, destination), _)| origin != destination).collect();
    ranked.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    ranked
        .into_iter()
        .take(TOP)
        .map(|((origin, destination), suspects)| CorridorRow {
            origin: origin.name().to_owned(),
            destination: destination.name().to_owned(),
            suspects: *suspects,
        })
        .collect()
}

fn per_thousand(suspects: u64, judged: u64) -> String {
    // A rate over a handful of posts would only look like one.
    if judged < LEAST_FOR_RATE { String::new() } else { format!("{:.0}", 1000.0 * suspects as f64 / judged as f64) }
}
