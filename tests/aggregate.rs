//! The algebra of the tally, and the promise of the counts that may leave the team.

use std::collections::BTreeMap;

use lurescan::aggregate::{Area, Cell, Counts, Role, Tally, share};
use lurescan::attribution::Attribution;
use lurescan::finding::Finding;
use lurescan::post::{Post, Source};
use lurescan::regions::{CountryCode, Place, PlaceSource, Regions};
use lurescan::report::{shared_json, tally_csv, tally_json};
use lurescan::terms::Terms;
use lurescan::text::{Disguises, Language};
use lurescan::typology::PatternId;
use lurescan::verdict::{Label, Reason, Scores, Verdict};
use proptest::prelude::*;

/// One row of an export: rejected, or what the scan made of it.
#[derive(Debug, Clone)]
struct Row {
    /// 0 rejected, 1 too short, 2 unknown script, 3 silenced by context, 4 clear, above suspect.
    fate: u8,
    date: &'static str,
    patterns: Vec<u8>,
    origin: Vec<&'static str>,
    destination: Vec<&'static str>,
    posted: Option<&'static str>,
}

fn place(code: &str) -> Place {
    Place { country: CountryCode::parse(code).unwrap(), place: None, p: 1.0, from: PlaceSource::Text, span: None }
}

fn finding(row: &Row) -> Finding {
    let (label, reason) = match row.fate {
        1 => (Label::NotAssessed, Reason::TooShort),
        2 => (Label::NotAssessed, Reason::UnsupportedLanguage),
        3 => (Label::Clear, Reason::Context),
        4 => (Label::Clear, Reason::Model),
        _ => (Label::Suspect, Reason::Model),
    };
    let all: Vec<PatternId> = PatternId::all().collect();
    let patterns =
        if label == Label::Suspect { row.patterns.iter().map(|at| (all[usize::from(*at)], 0.9)).collect() } else { Vec::new() };
    let scores =
        Scores { p_suspect: 0.5, raw: 0.5, offer: true, context: None, patterns, pattern_unclear: false, indicators: Vec::new() };
    Finding {
        campaign: None,
        post: Post {
            id: "p".to_owned(),
            source: Source { file: "f".into(), record: 1 },
            text: "words of a post".to_owned(),
            channel: None,
            region: None,
            lang: None,
            posted_at: Some(row.date.to_owned()),
        },
        lang: Language { tag: "en".to_owned(), p: 1.0 },
        verdict: Verdict { label, reason, scores: (label != Label::NotAssessed).then_some(scores) },
        evidence: Vec::new(),
        attribution: Attribution::default(),
        regions: Regions {
            signs: Vec::new(),
            called: Vec::new(),
            origin: row.origin.iter().map(|code| place(code)).collect(),
            destination: row.destination.iter().map(|code| place(code)).collect(),
            mentioned: Vec::new(),
            posted: row.posted.map(place),
        },
        terms: Terms::default(),
        contacts: Vec::new(),
        matches: Vec::new(),
        disguises: Disguises::default(),
        truncated: row.patterns.contains(&1),
    }
}

fn tally(rows: &[Row]) -> Tally {
    let mut tally = Tally::default();
    for row in rows {
        if row.fate == 0 {
            tally.add_rejected();
        } else {
            tally.add(&finding(row));
        }
    }
    tally
}

fn rows(most: usize) -> impl Strategy<Value = Vec<Row>> {
    let countries = || prop::collection::vec(prop::sample::select(vec!["PH", "KE", "KH", "MM", "AE"]), 0..3);
    let row = (
        0u8..9,
        prop::sample::select(vec!["2026-01-05", "2026-02-05T10:00:00Z", "yesterday"]),
        prop::collection::vec(0u8..3, 0..3),
        countries(),
        countries(),
        prop::option::of(prop::sample::select(vec!["PH", "LV"])),
    )
        .prop_map(|(fate, date, patterns, origin, destination, posted)| Row {
            fate,
            date,
            patterns,
            origin,
            destination,
            posted,
        });
    prop::collection::vec(row, 0..most)
}

fn merged(mut a: Tally, b: &Tally) -> Tally {
    a.merge(b.clone());
    a
}

proptest! {
    #[test]
    fn merging_is_associative_and_commutative_and_an_empty_tally_changes_nothing(a in rows(30), b in rows(30), c in rows(30)) {
        let (a, b, c) = (tally(&a), tally(&b), tally(&c));
        prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a.clone(), &merged(b.clone(), &c)));
        prop_assert_eq!(merged(a.clone(), &b), merged(b, &a));
        prop_assert_eq!(&merged(a.clone(), &Tally::default()), &a);
        prop_assert_eq!(&merged(Tally::default(), &a), &a);
    }

    #[test]
    fn the_tally_of_parts_is_the_tally_of_the_whole(rows in rows(60), cut in 0usize..60) {
        let (left, right) = rows.split_at(cut.min(rows.len()));
        prop_assert_eq!(merged(tally(left), &tally(right)), tally(&rows));
    }

    #[test]
    fn every_row_is_counted_once(rows in rows(60)) {
        let Tally { counts, judged, suspects, patterns, .. } = tally(&rows);
        prop_assert_eq!(counts.read, rows.len() as u64);
        prop_assert_eq!(counts.read, counts.rejected + counts.not_assessed() + counts.judged);
        prop_assert!(counts.suspect + counts.silenced_by_context <= counts.judged);
        for (cell, count) in &suspects {
            prop_assert!(judged[cell] >= *count && *count <= counts.suspect);
        }
        prop_assert!(patterns.values().all(|count| *count <= counts.suspect));
        // A post is posted in at most one country: there the cells add up.
        let posted = |cell: &Cell| cell.role == Role::Posted && !matches!(cell.area, Area::Region(_));
        let sum: u64 = judged.iter().filter(|(cell, _)| posted(cell)).map(|(_, count)| count).sum();
        prop_assert_eq!(sum, counts.judged);
    }

    #[test]
    fn shared_counts_are_large_and_rounded_and_small_cells_leave_no_trace(rows in rows(200), least in 1u64..12) {
        let full = tally(&rows);
        let shared = share(&full, least);
        let Counts { read, rejected, too_short, unsupported_language, judged, suspect, silenced_by_context, truncated, unclear, unread_dates } = shared.tally.counts;
        for count in [read, rejected, too_short, unsupported_language, judged, suspect, silenced_by_context, truncated, unclear, unread_dates] {
            prop_assert!(count.is_multiple_of(least), "{}", count);
        }
        let mut left_out = 0;
        for (shown, all) in [
            (values(&shared.tally.suspects), values(&full.suspects)),
            (values(&shared.tally.by_pattern), values(&full.by_pattern)),
            (values(&shared.tally.patterns), values(&full.patterns)),
            (values(&shared.tally.corridors), values(&full.corridors)),
        ] {
            prop_assert!(shown.iter().all(|count| *count >= least && count.is_multiple_of(least)), "{:?}", shown);
            prop_assert_eq!(shown.len(), all.iter().filter(|count| **count >= least).count());
            left_out += (all.len() - shown.len()) as u64;
        }
        prop_assert_eq!(shared.suppressed, left_out);
        prop_assert_eq!(shared.tally.judged.keys().collect::<Vec<_>>(), shared.tally.suspects.keys().collect::<Vec<_>>());
        for (cell, count) in &shared.tally.judged {
            prop_assert!(count.is_multiple_of(least) && *count <= full.judged[cell] && *count >= shared.tally.suspects[cell]);
        }
        prop_assert!(shared.tally.by_pattern.keys().all(|(cell, _)| shared.tally.suspects.contains_key(cell)));
        // What is written holds no other number.
        let written = String::from_utf8(tally_csv(&shared.tally).unwrap()).unwrap();
        for line in written.lines().skip(1) {
            for count in line.rsplit(',').take(2) {
                let count: u64 = count.parse().unwrap();
                prop_assert!(count >= least && count.is_multiple_of(least), "{}", line);
            }
        }
    }

    #[test]
    fn both_files_of_a_tally_hold_the_same_cells(rows in rows(60)) {
        let tally = tally(&rows);
        let json: serde_json::Value = serde_json::from_str(&tally_json(&tally)).unwrap();
        let from_json: Vec<String> = json["cells"].as_array().unwrap().iter().map(|cell| {
            let text = |name: &str| cell[name].as_str().unwrap().to_owned();
            let numbers = format!("{},{}", cell["suspects"], cell["judged"]);
            [text("period"), text("role"), text("region"), text("country"), text("pattern"), numbers].join(",")
        }).collect();
        let csv = String::from_utf8(tally_csv(&tally).unwrap()).unwrap();
        prop_assert_eq!(csv.lines().skip(1).collect::<Vec<_>>(), from_json);
    }
}

fn values<K>(counts: &BTreeMap<K, u64>) -> Vec<u64> {
    counts.values().copied().collect()
}

/// Sixty suspects of one corridor, one lone suspect of another, and posts that stay clear.
fn campaign() -> Tally {
    let suspect =
        Row { fate: 9, date: "2026-03-01", patterns: vec![0], origin: vec!["PH"], destination: vec!["KH"], posted: Some("PH") };
    let lone = Row { origin: vec!["KE"], destination: vec!["AE"], posted: None, patterns: vec![1], ..suspect.clone() };
    let clear = Row { fate: 4, destination: vec!["AE"], ..suspect.clone() };
    let mut rows = vec![suspect; 63];
    rows.push(lone);
    rows.extend(vec![clear; 137]);
    rows.push(Row { fate: 0, date: "", patterns: Vec::new(), origin: Vec::new(), destination: Vec::new(), posted: None });
    tally(&rows)
}

#[test]
fn a_lone_suspect_cannot_be_told_from_the_shared_counts() {
    let tally = campaign();
    let full = String::from_utf8(tally_csv(&tally).unwrap()).unwrap();
    assert!(full.contains("2026-03,origin,africa,KE,,1,1"), "{full}");
    let shared = share(&tally, 10);
    let json = shared_json(&shared, 10);
    assert!(!json.contains("\"KE\"") && !json.contains("\"AE\""), "{json}");
    insta::assert_snapshot!("shared", json);
    insta::assert_snapshot!("shared_csv", String::from_utf8(tally_csv(&shared.tally).unwrap()).unwrap());
    insta::assert_snapshot!("tally_csv", full);
}
