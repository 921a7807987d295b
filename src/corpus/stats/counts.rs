//! Plain counts: languages, patterns, contexts, indicators, sides.

use std::collections::{BTreeMap, BTreeSet};

use super::super::figure::{Bound, Figure};
use super::super::table::{Table, percent};
use super::ENGLISH;
use crate::labelled::{Record, Split};
use crate::typology::{Context, IndicatorId, PatternId};

/// Language of a tag, whatever the script.
fn primary(lang: &str) -> &str {
    lang.split('-').next().unwrap_or(lang)
}

/// Records by language, suspect and not.
fn by_language(records: &[Record]) -> BTreeMap<&str, (usize, usize)> {
    let mut languages: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for record in records {
        let (suspect, clear) = languages.entry(&record.lang).or_default();
        *if record.label.suspect { suspect } else { clear } += 1;
    }
    languages
}

fn with(records: &[Record], pattern: PatternId) -> impl Iterator<Item = &Record> {
    records.iter().filter(move |record| record.label.patterns.contains(&pattern))
}

fn languages_of<'r>(records: impl Iterator<Item = &'r Record>) -> usize {
    records.map(|record| primary(&record.lang)).collect::<BTreeSet<_>>().len()
}

pub(super) fn figures(records: &[Record]) -> Vec<Figure> {
    let tags = by_language(records);
    let both = tags.values().filter(|(suspect, clear)| *suspect > 0 && *clear > 0).count();
    let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records {
        *languages.entry(primary(&record.lang)).or_default() += 1;
    }
    let smallest = languages.values().min().copied().unwrap_or(0);
    let english = languages.get("en").copied().unwrap_or(0);
    let suspects = records.iter().filter(|record| record.label.suspect).count();
    let batches: BTreeSet<&str> = records.iter().map(Record::batch).collect();
    let rarest = PatternId::all().map(|pattern| with(records, pattern).count()).min().unwrap_or(0);
    let narrowest = PatternId::all().map(|pattern| languages_of(with(records, pattern))).min().unwrap_or(0);
    let carriers = |indicator| records.iter().filter(|record| record.carries(indicator)).count();
    let scarcest = IndicatorId::all().map(carriers).min().unwrap_or(0);
    let doubted = records.iter().filter(|record| record.source.contains("doubt")).count();
    vec![
        Figure::count("records", records.len()).at_least(8_000),
        Figure::count("author batches", batches.len()),
        Figure::count("languages", languages.len()).at_least(28),
        Figure::count("records of the smallest language", smallest).at_least(150),
        Figure::count("language tags", tags.len()),
        Figure::share("language tags with both classes", both, tags.len()).bounded(Bound::AtLeast(1.0)),
        Figure::share("English", english, records.len()).bounded(Bound::AtMost(ENGLISH)),
        Figure::share("suspect", suspects, records.len()),
        Figure::count("suspects of the rarest pattern", rarest).at_least(200),
        Figure::count("languages of the narrowest pattern", narrowest).at_least(12),
        Figure::count("records with the rarest indicator", scarcest).at_least(60),
        Figure::count("labels their author doubted", doubted),
    ]
}

pub(super) fn languages(records: &[Record]) -> Table {
    let mut table = Table::new("Languages", "", &["language", "records", "share", "suspect", "not suspect"]);
    let mut rows: Vec<_> = by_language(records).into_iter().collect();
    rows.sort_by(|a, b| (b.1.0 + b.1.1).cmp(&(a.1.0 + a.1.1)).then(a.0.cmp(b.0)));
    for (language, (suspect, clear)) in rows {
        let all = suspect + clear;
        table.row(language, [all.to_string(), percent(all, records.len()), suspect.to_string(), clear.to_string()]);
    }
    table
}

pub(super) fn patterns(records: &[Record], sides: &[Split]) -> Table {
    let note = "A post with two patterns counts in both.";
    let mut table = Table::new("Patterns", note, &["pattern", "suspects", "languages", "train", "dev", "test"]);
    for pattern in PatternId::all() {
        let on = |side: Split| {
            let own = records.iter().zip(sides).filter(|(record, own)| **own == side && record.label.patterns.contains(&pattern));
            own.count().to_string()
        };
        let counts = [with(records, pattern).count(), languages_of(with(records, pattern))].map(|count| count.to_string());
        table.row(pattern.id(), counts.into_iter().chain(Split::ALL.map(on)));
    }
    table
}

pub(super) fn contexts(records: &[Record]) -> Table {
    let mut table = Table::new("Contexts", "", &["context", "records", "suspect", "not suspect", "languages"]);
    for context in Context::ALL {
        let own = || records.iter().filter(move |record| record.label.context == context);
        let suspect = own().filter(|record| record.label.suspect).count();
        let all = own().count();
        table.row(context.id(), [all, suspect, all - suspect, languages_of(own())].map(|count| count.to_string()));
    }
    table
}

pub(super) fn indicators(records: &[Record]) -> Table {
    let note = "! alone makes an offer suspect; - lowers suspicion. Warnings, news and questions list what they quote.";
    let head = ["indicator", "records", "suspect offers", "legitimate offers", "other contexts", "languages"];
    let mut table = Table::new("Indicators", note, &head);
    for indicator in IndicatorId::all() {
        let own = || records.iter().filter(move |record| record.carries(indicator));
        let offers = |suspect: bool| {
            own().filter(|record| record.label.context == Context::Offer && record.label.suspect == suspect).count()
        };
        let (all, suspect, legitimate) = (own().count(), offers(true), offers(false));
        let card = indicator.card();
        let mark = if card.decisive {
            " !"
        } else if card.counter {
            " -"
        } else {
            ""
        };
        let counts = [all, suspect, legitimate, all - suspect - legitimate, languages_of(own())];
        table.row(&format!("{}{mark}", indicator.id()), counts.map(|count| count.to_string()));
    }
    table
}

pub(super) fn sides(records: &[Record], sides: &[Split]) -> Table {
    let note = "By near-duplicate group; `datasets split` says how.";
    let mut table = Table::new("Sides of the split", note, &["side", "records", "share", "suspect", "languages"]);
    for side in Split::ALL {
        let own = || records.iter().zip(sides).filter(move |(_, own)| **own == side).map(|(record, _)| record);
        let (all, suspect) = (own().count(), own().filter(|record| record.label.suspect).count());
        table.row(
            side.name(),
            [all.to_string(), percent(all, records.len()), percent(suspect, all), languages_of(own()).to_string()],
        );
    }
    table
}
