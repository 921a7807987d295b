//! The summary on standard output: where to look first, and what became of every row.

use std::fmt::Write;

use crate::aggregate::{Area, Counts, Tally};
use crate::regions::Region;

/// Patterns and corridors shown.
const TOP: usize = 8;

/// Top patterns by region of destination, corridors, counts and rate. `files` says where the rest is.
#[must_use]
pub fn summary(tally: &Tally, posts_per_second: f64, files: &str) -> String {
    let counts = &tally.counts;
    let mut out = String::new();
    let share = 100.0 * counts.suspect as f64 / counts.judged.max(1) as f64;
    let _ = writeln!(
        out,
        "{} of {} posts judged carry signals for human review ({share:.1} %).",
        grouped(counts.suspect),
        grouped(counts.judged)
    );
    if counts.suspect > 0 {
        patterns(tally, &mut out);
        corridors(tally, &mut out);
    }
    let _ = write!(
        out,
        "\n{} rows read = {} rejected + {} not assessed + {} judged; {posts_per_second:.0} posts/s\n",
        grouped(counts.read),
        grouped(counts.rejected),
        grouped(counts.not_assessed()),
        grouped(counts.judged),
    );
    notes(counts, &mut out);
    let _ = write!(out, "\n{files}");
    out
}

fn patterns(tally: &Tally, out: &mut String) {
    let by_region = tally.patterns_by_destination();
    let _ = write!(out, "\n{:<22}{:>9}", "pattern", "posts");
    for area in Area::regions() {
        let _ = write!(out, "{:>10}", short(area));
    }
    let _ = writeln!(out, "  <- where the offer leads");
    for (id, count) in tally.ranked_patterns().into_iter().take(TOP) {
        let _ = write!(out, "{:<22}{:>9}", id.id(), grouped(count));
        for area in Area::regions() {
            let count = by_region.get(&(id, area)).copied().unwrap_or(0);
            let _ = write!(out, "{:>10}", if count == 0 { "·".to_owned() } else { grouped(count) });
        }
        out.push('\n');
    }
}

fn corridors(tally: &Tally, out: &mut String) {
    let ranked = tally.ranked_corridors();
    if ranked.is_empty() {
        return;
    }
    let shown: Vec<String> = ranked
        .into_iter()
        .take(TOP)
        .map(|((origin, destination), count)| format!("{origin} → {destination} {}", grouped(count)))
        .collect();
    let _ = writeln!(out, "\ncorridors: {}", shown.join(", "));
}

fn notes(counts: &Counts, out: &mut String) {
    if counts.silenced_by_context > 0 {
        let _ = writeln!(
            out,
            "cleared by context: {} (over the line, but warnings, news, pleas or small talk)",
            grouped(counts.silenced_by_context)
        );
    }
    if counts.unsupported_language > 0 {
        let _ = writeln!(
            out,
            "unread: {} (in scripts the model does not know; that clears nobody)",
            grouped(counts.unsupported_language)
        );
    }
    if counts.truncated > 0 {
        let _ = writeln!(out, "judged by their beginnings: {} (longer than the model reads)", grouped(counts.truncated));
    }
    if counts.unread_dates > 0 {
        let _ = writeln!(
            out,
            "undated: {} (2026-04-03 is always read; --dates says whether 03/04/2026 is in March or April)",
            grouped(counts.unread_dates)
        );
    }
}

/// Column heading of an area, of no more than nine letters.
fn short(area: Area) -> &'static str {
    match area {
        Area::Region(Region::Africa) => "Africa",
        Area::Region(Region::EastAsiaPacific) => "E.Asia/P",
        Area::Region(Region::EuropeEurasia) => "Europe/E",
        Area::Region(Region::NearEast) => "Near East",
        Area::Region(Region::SouthCentralAsia) => "S/C Asia",
        Area::Region(Region::WesternHemisphere) => "Americas",
        Area::Country(_) | Area::Unknown => "unknown",
    }
}

/// 1234567 as 1,234,567.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
