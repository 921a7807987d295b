//! `tally.csv` and `tally.json` (full, for the team), `shared.csv` and `shared.json` (safe to pass on).

use serde::Serialize;

use crate::aggregate::{Area, Cell, Counts, Shared, Tally};
use crate::typology::PatternId;

#[derive(Serialize)]
struct Row {
    period: String,
    role: &'static str,
    region: &'static str,
    country: String,
    pattern: &'static str,
    suspects: u64,
    judged: u64,
}

#[derive(Serialize)]
struct CountsJson {
    read: Option<u64>,
    rejected: Option<u64>,
    not_assessed: Option<u64>,
    too_short: Option<u64>,
    unsupported_language: Option<u64>,
    judged: Option<u64>,
    suspect: Option<u64>,
    silenced_by_context: Option<u64>,
    truncated: Option<u64>,
    unclear: Option<u64>,
    unread_dates: Option<u64>,
}

#[derive(Serialize)]
struct TallyJson {
    schema: &'static str,
    counts: CountsJson,
    patterns: Vec<PatternJson>,
    corridors: Vec<CorridorJson>,
    cells: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_cell: Option<u64>,
}

#[derive(Serialize)]
struct PatternJson {
    id: &'static str,
    suspects: u64,
}

#[derive(Serialize)]
struct CorridorJson {
    origin: String,
    destination: String,
    suspects: u64,
}

/// Rows of the tally: each cell over all patterns (empty `pattern`), then by pattern. An empty `country` is the whole region.
pub fn tally_csv(tally: &Tally) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["period", "role", "region", "country", "pattern", "suspects", "judged"])?;
    for row in rows(tally) {
        let (suspects, judged) = (row.suspects.to_string(), row.judged.to_string());
        writer.write_record([row.period.as_str(), row.role, row.region, &row.country, row.pattern, &suspects, &judged])?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// The full tally.
#[must_use]
pub fn tally_json(tally: &Tally) -> String {
    json("lurescan.tally/1", tally, None)
}

/// The tally that may leave the team.
#[must_use]
pub fn shared_json(shared: &Shared, min_cell: u64) -> String {
    json("lurescan.shared/2", &shared.tally, Some((shared.suppressed, min_cell)))
}

fn json(schema: &'static str, tally: &Tally, suppression: Option<(u64, u64)>) -> String {
    let document = TallyJson {
        schema,
        counts: counts(&tally.counts, suppression.map_or(0, |(_, min_cell)| min_cell.max(1))),
        patterns: tally.patterns.iter().map(|(id, suspects)| PatternJson { id: id.id(), suspects: *suspects }).collect(),
        corridors: tally
            .corridors
            .iter()
            .map(|((origin, destination), suspects)| CorridorJson {
                origin: origin.to_string(),
                destination: destination.to_string(),
                suspects: *suspects,
            })
            .collect(),
        cells: rows(tally).collect(),
        suppressed: suppression.map(|(suppressed, _)| suppressed),
        min_cell: suppression.map(|(_, min_cell)| min_cell),
    };
    // Strings and numbers always serialise.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// `least` is the smallest count that may be told; what is below it is null, none included.
fn counts(counts: &Counts, least: u64) -> CountsJson {
    let told = |count: u64| (count >= least).then_some(count);
    CountsJson {
        read: told(counts.read),
        rejected: told(counts.rejected),
        not_assessed: told(counts.not_assessed()),
        too_short: told(counts.too_short),
        unsupported_language: told(counts.unsupported_language),
        judged: told(counts.judged),
        suspect: told(counts.suspect),
        silenced_by_context: told(counts.silenced_by_context),
        truncated: told(counts.truncated),
        unclear: told(counts.unclear),
        unread_dates: told(counts.unread_dates),
    }
}

fn rows(tally: &Tally) -> impl Iterator<Item = Row> {
    tally.judged.iter().flat_map(|(cell, judged)| {
        let all = Some(row(*cell, None, tally.suspects.get(cell).copied().unwrap_or(0), *judged));
        let by_pattern = PatternId::all()
            .filter_map(|id| tally.by_pattern.get(&(*cell, id)).map(|suspects| row(*cell, Some(id), *suspects, *judged)));
        all.into_iter().chain(by_pattern)
    })
}

fn row(cell: Cell, pattern: Option<PatternId>, suspects: u64, judged: u64) -> Row {
    let (region, country) = match cell.area {
        Area::Unknown => ("unknown", String::new()),
        Area::Region(region) => (region.id(), String::new()),
        Area::Country(country) => (country.region().id(), country.to_string()),
    };
    Row {
        period: cell.period.map_or_else(|| "undated".to_owned(), |period| period.to_string()),
        role: cell.role.id(),
        region,
        country,
        pattern: pattern.map_or("", PatternId::id),
        suspects,
        judged,
    }
}
