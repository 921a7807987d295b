//! Fields and ids: what can be said of one line without reading its text.

use super::row::Row;
use crate::labelled::{Line, LineLabel};
use crate::regions::CountryCode;
use crate::typology::{Context, IndicatorId, PatternId};

const FIELDS: [&str; 11] = ["id", "text", "title", "lang", "channel", "region", "posted_at", "group", "split", "label", "source"];

/// The channels of the label guide.
pub const CHANNELS: [&str; 7] =
    ["job_post", "group_message", "direct_message", "dating_profile", "dating_message", "classified", "other"];

/// Reads the line and reports fields no reader knows.
pub(super) fn line(json: &str, row: &mut Row) -> Option<Line> {
    let value: serde_json::Value = match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => {
            row.error(format!("no JSON object: {error}"), "write one JSON object a line");
            return None;
        }
    };
    row.id = value["id"].as_str().map(str::to_owned);
    for field in value.as_object().into_iter().flat_map(serde_json::Map::keys) {
        if !FIELDS.contains(&field.as_str()) {
            row.warning(format!("field `{field}` is none of the format's"), "correct its name, or move remarks to `source`");
        }
    }
    // Who measures a model may leave them out; a set that is published may not.
    for field in ["lang", "channel", "source"].into_iter().filter(|&field| value.get(field).is_none()) {
        row.error(format!("missing field `{field}`"), "see the fields of a record in datasets/README.md");
    }
    match serde_json::from_value(value) {
        Ok(line) => Some(line),
        Err(error) => {
            row.error(error.to_string(), "see the fields of a record in datasets/README.md");
            None
        }
    }
}

/// Values that have a fixed form.
pub(super) fn values(line: &Line, row: &mut Row) {
    if line.id.trim().is_empty() {
        row.error("the id is empty", "give the record an id of its own");
    }
    if line.text.trim().is_empty() {
        row.error("the text is empty", "remove the record");
    }
    if line.text.contains('\u{FFFD}') {
        row.error("the text holds a replacement character: letters were lost", "write it again as UTF-8");
    }
    if !is_language_tag(&line.lang) {
        row.error(format!("`{}` is no language tag", line.lang), "write a BCP 47 tag such as tl, zh-Hant or hi-Latn");
    }
    if !CHANNELS.contains(&line.channel.as_str()) {
        row.error(format!("unknown channel `{}`", line.channel), &format!("use one of {}", CHANNELS.join(", ")));
    }
    if let Some(region) = line.region.as_deref().filter(|region| is_code(region) && CountryCode::parse(region).is_none()) {
        row.error(format!("region `{region}` is no country code"), "use ISO 3166-1 alpha-2, or the place in words");
    }
    if let Some(moment) = line.posted_at.as_deref().filter(|moment| moment.parse::<jiff::Timestamp>().is_err()) {
        row.error(format!("posted_at `{moment}` is no moment"), "write it as 2026-03-31T10:00:00Z");
    }
    let kinds = ["authored", "public-dataset", "imported", "derived"];
    if !kinds.iter().any(|kind| line.source.starts_with(kind)) {
        row.error(format!("source `{}` says nothing of its kind", line.source), "write authored:BATCH or public-dataset:NAME");
    } else if !line.source.contains(':') {
        row.warning("the source names no batch", "write authored:BATCH, so that a split can keep a sitting together");
    }
}

/// Labels: ids and what belongs together.
pub(super) fn labels(line: &Line, row: &mut Row) {
    let label = &line.label;
    if let Some(context) = label.context.as_deref().filter(|id| Context::parse(id).is_none()) {
        row.error(format!("unknown context `{context}`"), &format!("use one of {}", Context::ALL.map(Context::id).join(", ")));
    }
    let indicators = label.indicators.iter().flatten();
    let unknown = label.patterns.iter().filter(|id| PatternId::parse(id).is_none()).map(|id| ("pattern", id));
    let unknown = unknown.chain(indicators.filter(|id| IndicatorId::parse(id).is_none()).map(|id| ("indicator", id)));
    for (what, id) in unknown {
        row.error(format!("unknown {what} `{id}`"), "`lurescan typology` lists the ids");
    }
    for (what, list) in [("origin", &label.origin), ("destination", &label.destination)] {
        for code in list.iter().flatten().filter(|code| CountryCode::parse(code).is_none()) {
            row.error(format!("{what} `{code}` is no country code"), "use ISO 3166-1 alpha-2 in capitals");
        }
    }
    repeated(label, row);
    let (Some(context), Some(suspect)) = (label.context.as_deref(), label.suspect) else {
        if label.suspect.is_some() {
            row.error("`context` is missing", "every judged post has one");
        }
        return;
    };
    if suspect && context != Context::Offer.id() {
        row.error(format!("a post of context `{context}` is never suspect"), "correct one of the two");
    }
    if !suspect && !label.patterns.is_empty() {
        row.error("a post that is not suspect has patterns", "patterns belong to suspect posts alone");
    }
    if suspect && label.patterns.is_empty() {
        row.warning("suspect, and no pattern", "name the pattern, or reconsider");
    }
    // Some sets have no indicators at all: theirs are absent, not empty.
    if let Some(indicators) = &label.indicators {
        indicators_fit(indicators, label, context, suspect, row);
    }
}

/// Lists that name something twice.
fn repeated(label: &LineLabel, row: &mut Row) {
    let lists = [Some(&label.patterns), label.indicators.as_ref(), label.origin.as_ref(), label.destination.as_ref()];
    for list in lists.into_iter().flatten() {
        if let Some(twice) = list.iter().enumerate().find(|(at, id)| list[..*at].contains(id)) {
            row.error(format!("`{}` stands twice in one list", twice.1), "keep one");
        }
    }
}

/// Whether the indicators go with the rest of the answer.
fn indicators_fit(indicators: &[String], label: &LineLabel, context: &str, suspect: bool, row: &mut Row) {
    let read: Vec<IndicatorId> = indicators.iter().filter_map(|id| IndicatorId::parse(id)).collect();
    if suspect && !read.iter().any(|id| !id.card().counter) {
        row.warning("suspect, and no indicator says why", "name what the text shows, or reconsider");
    }
    let decisive = read.iter().find(|id| id.card().decisive);
    if let Some(id) = decisive.filter(|_| !suspect && context == Context::Offer.id()) {
        row.warning(
            format!("`{}` alone makes an offer suspect, and this one is not", id.id()),
            "reconsider the indicator or the verdict",
        );
    }
    let has = |id: &str| indicators.iter().any(|own| own == id);
    let minors = has("minor_targeting") || label.patterns.iter().any(|id| id == "child_recruitment");
    if suspect && minors && has("intimate_service_hint") {
        row.warning("labels of minors and of intimate services together", "read it: records about minors hold nothing sexual");
    }
}

fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A language of two or three letters, then perhaps a script, a region or a variant.
fn is_language_tag(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && subtags.all(|subtag| (2..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
