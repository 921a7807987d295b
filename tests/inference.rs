//! Where the words leave open who is addressed and where the offer leads: what the platform, the language and money settle, and what
//! they do not. The weights are fitted here too, on request.

use std::fmt::Write as _;

use lurescan::contacts;
use lurescan::labelled::{self, Split};
use lurescan::regions::inference::{Candidate, FACTS, MOVED};
use lurescan::regions::{Place, PlaceSource, Regions, locate};
use lurescan::text::{NormalText, identify};
use lurescan::training::labelled_candidates;
use lurescan::typology::Context;

fn infer(text: &str, posted: Option<&str>, context: Option<Context>) -> Regions {
    let text = NormalText::new(text);
    locate(&text, posted).inferred(&identify(&text).tag, context, None)
}

fn codes(places: &[Place]) -> String {
    let mut codes: Vec<String> = places.iter().map(|place| place.country.to_string()).collect();
    codes.sort();
    codes.join(" ")
}

#[track_caller]
fn check(text: &str, posted: Option<&str>, origin: &str, destination: &str) {
    let found = infer(text, posted, Some(Context::Offer));
    assert_eq!((codes(&found.origin).as_str(), codes(&found.destination).as_str()), (origin, destination), "{text}\n{found:#?}");
}

#[test]
fn a_local_offer_is_at_home() {
    check("Lowongan kerja kasir toko, gaji 3 juta rupiah, dekat pasar", Some("ID"), "ID", "ID");
    check("Szukamy piekarza na nocną zmianę, 32 zł za godzinę, umowa o pracę", Some("PL"), "PL", "PL");
    let found = infer("Szukamy piekarza na nocną zmianę, 32 zł za godzinę, umowa o pracę", Some("PL"), Some(Context::Offer));
    assert!(found.destination[0].span.is_none(), "no word names it");
}

#[test]
fn who_reads_the_language_is_addressed_where_the_offer_leads_abroad() {
    check("Lowongan kerja di Taiwan, gaji 12 juta, potong gaji", None, "ID", "TW");
    check("Praca w Niemczech, stawka 13 euro, wyjazd do Niemiec", Some("PL"), "PL", "DE");
    let found = infer("Lowongan kerja di Taiwan, gaji 12 juta, potong gaji", None, Some(Context::Offer));
    assert_eq!(found.origin[0].from, PlaceSource::Language);
    assert!(found.destination[0].span.is_some(), "the word that names it");
}

#[test]
fn what_nothing_settles_stays_unknown() {
    // English is everywhere, Spanish nearly.
    check("Hiring typists, lucrative work, ticket paid, DM me", None, "", "");
    check("Trabajo fácil desde casa, buen sueldo, escríbeme", None, "", "");
    // Small talk leads nowhere, whoever posts it.
    let found = infer("Timur, 34, Astana. Work in a bank, love mountains and travel", Some("KZ"), Some(Context::Unrelated));
    assert_eq!((codes(&found.origin), codes(&found.destination)), (String::new(), String::new()));
}

#[test]
fn a_telephone_number_is_a_sign_of_its_country() {
    let text = "Hiring packers for our warehouse, call +66 2 123 4567";
    let normal = NormalText::new(text);
    let called = contacts::called(text, &contacts::find(&normal));
    assert_eq!(called.iter().map(ToString::to_string).collect::<Vec<_>>(), ["TH"]);
    let found = Regions { called, ..locate(&normal, None) }.inferred("th", Some(Context::Offer), None);
    assert_eq!((codes(&found.destination).as_str(), found.destination[0].from), ("TH", PlaceSource::Phone), "{found:#?}");
    let without = locate(&NormalText::new("Hiring packers for our warehouse"), None).inferred("th", Some(Context::Offer), None);
    assert!(without.destination.is_empty(), "the language alone does not settle it: {without:#?}");
}

#[test]
fn who_has_read_the_post_moves_the_weights_of_what_is_known_of_a_country() {
    let text = NormalText::new("Cooks wanted for work in Riga, tickets paid");
    let said = |destination: [f32; MOVED.len()], origin: [f32; MOVED.len()]| {
        let found = locate(&text, Some("KE")).inferred("en", Some(Context::Offer), Some(&[destination, origin]));
        (codes(&found.origin), codes(&found.destination))
    };
    let nothing = [0.0; MOVED.len()];
    let of = |name: &str, by: f32| MOVED.map(|own| if own == name { by } else { 0.0 });
    assert_eq!(said(nothing, nothing).1, "LV");
    assert_eq!(said(of("named", -9.0), nothing).1, "LV", "what a cue says stands");
    let uncued = |by: f32| {
        let found = locate(&NormalText::new("Cooks wanted! Riga, Tallinn"), None);
        codes(&found.inferred("en", Some(Context::Offer), Some(&[of("named", by), nothing])).destination)
    };
    assert_eq!((uncued(9.0).as_str(), uncued(-9.0).as_str()), ("EE LV", ""), "of several places the words are not sure");
    assert_eq!(said(nothing, of("posted_here", 9.0)).0, "KE");
    assert_eq!(said(nothing, of("base", -9.0)).0, "");
    // A fact that is misspelt would never hold.
    let known = locate(&text, Some("KE")).candidates("en", None)[0].facts.map(|(name, _)| name);
    assert!(MOVED.iter().all(|name| *name == "base" || known.contains(name)));
}

#[test]
fn every_country_listed_is_likely_and_the_surest_stands_first() {
    let found =
        infer("Nurses from Kenya and Uganda for work in Riyadh or Doha, salary 900 USD", Some("KE"), Some(Context::Offer));
    for list in [&found.origin, &found.destination] {
        assert!(!list.is_empty(), "{found:#?}");
        assert!(list.iter().all(|place| place.p >= 0.6 && place.p <= 1.0), "{list:?}");
        assert!(list.is_sorted_by(|a, b| a.p >= b.p), "{list:?}");
    }
}

/// Fits the weights and holds them against `src/regions/inference.tsv`; where they differ, the new table is shown. Every record counts
/// twice, once as if its kind were not known.
#[test]
#[ignore = "reads ten thousand records; to be run when places, cues or records change"]
fn fit_the_weights() {
    let records = labelled::read_side([crate::util::root().join("datasets/authored")], Some(Split::Train)).unwrap();
    let mut examples: [Vec<(Candidate, bool)>; 2] = Default::default();
    for record in &records {
        for context in [Some(record.label.context), None] {
            for (candidate, plays) in labelled_candidates(record, context) {
                for (examples, plays) in examples.iter_mut().zip(plays) {
                    examples.push((candidate.clone(), plays));
                }
            }
        }
    }
    let names = examples[0][0].0.facts.map(|(name, _)| name);
    let [destination, origin] = examples.map(|examples| fit(&examples));
    let mut table = "# Log-odds that a fact adds: fact, destination, origin. Fitted; see inference.rs.\n".to_owned();
    for (at, name) in std::iter::once("base").chain(names).enumerate() {
        writeln!(table, "{name}\t{:.2}\t{:.2}", destination[at], origin[at]).unwrap();
    }
    let shipped = std::fs::read_to_string(crate::util::root().join("src/regions/inference.tsv")).unwrap();
    assert_eq!(table, shipped, "the table fitted now; the right side is the one shipped");
}

/// Logistic regression by Newton's method, with a ridge of one on all but the base. The base stands first.
fn fit(examples: &[(Candidate, bool)]) -> Vec<f64> {
    const SIZE: usize = FACTS + 1;
    let mut weights = vec![0.0; SIZE];
    for _ in 0..25 {
        let mut gradient = vec![0.0; SIZE];
        let mut hessian = vec![vec![0.0; SIZE]; SIZE];
        for at in 1..SIZE {
            gradient[at] = -weights[at];
            hessian[at][at] = 1.0;
        }
        for (candidate, plays) in examples {
            let held: Vec<usize> =
                std::iter::once(0).chain((0..FACTS).filter(|at| candidate.facts[*at].1).map(|at| at + 1)).collect();
            let log_odds: f64 = held.iter().map(|at| weights[*at]).sum();
            let p = 1.0 / (1.0 + (-log_odds).exp());
            for &row in &held {
                gradient[row] += f64::from(u8::from(*plays)) - p;
                for &column in &held {
                    hessian[row][column] += p * (1.0 - p);
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solve(hessian, gradient)) {
            *weight += step;
        }
    }
    weights
}

/// Gaussian elimination of a positive definite system.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for pivot in 0..size {
        let (above, below) = matrix.split_at_mut(pivot + 1);
        let own = &above[pivot];
        for (row, under) in below.iter_mut().enumerate() {
            let factor = under[pivot] / own[pivot];
            under.iter_mut().zip(own).for_each(|(value, own)| *value -= factor * own);
            right[pivot + 1 + row] -= factor * right[pivot];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}
