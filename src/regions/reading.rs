//! Which of a name's readings holds.
//!
//! In: sightings as the gazetteer made them. Out: those that are believed, each with the readings left.
//! A reading is settled only by evidence for its country: another name of it in the text, its money or papers, or the platform's region.
//! Without evidence an ambiguous name keeps all its readings, each with its share.
//! A province behind a town says which town of the name is meant, before anything else is weighed.

use std::collections::BTreeSet;

use super::country::CountryCode;
use super::cues::{self, CUES, Cue, Meaning, Side};
use super::gazetteer::{Belief, Kind, Reading, Sighting};
use crate::text::NormalText;

/// What is known about countries besides the name in question.
struct Evidence {
    /// Named beyond doubt.
    named: BTreeSet<CountryCode>,
    /// Shown by money, papers or habits.
    shown: BTreeSet<CountryCode>,
    /// The platform's region.
    posted: Option<CountryCode>,
}

impl Evidence {
    /// Takes the sightings that need no evidence, the cues, and the platform's region.
    fn new(free: &[bool], sightings: &[Sighting], cues: &[Cue], posted: Option<CountryCode>) -> Self {
        let sure = sightings.iter().zip(free).filter(|(s, free)| **free && s.readings.len() == 1);
        let named = sure.map(|(s, _)| s.readings[0].country).collect();
        let shown = cues::signs(cues).into_iter().map(|sign| sign.country).collect();
        Self { named, shown, posted }
    }

    fn supports(&self, country: CountryCode) -> bool {
        self.named.contains(&country) || self.shown.contains(&country) || self.posted == Some(country)
    }
}

/// The sightings that are believed, with the readings that are left.
pub(super) fn believed(
    text: &NormalText,
    mut sightings: Vec<Sighting>,
    cues: &[Cue],
    posted: Option<CountryCode>,
) -> Vec<Sighting> {
    sightings.retain(|s| !is_person(text.folded(), s, cues));
    settle_by_provinces(text.folded(), &mut sightings);
    let free: Vec<bool> = sightings.iter().map(|s| needs_nothing(text, s, cues)).collect();
    let evidence = Evidence::new(&free, &sightings, cues, posted);
    for (s, free) in sightings.iter_mut().zip(free) {
        if !free {
            s.readings.retain(|reading| evidence.supports(reading.country));
        }
        settle(s, &evidence);
    }
    sightings.retain(|s| !s.readings.is_empty());
    sightings
}

/// "Paris, Texas", "London Ontario": the town of the province's country, be it the lesser one. A country behind a town may as well be the next
/// of a list ("London, Canada, Dubai") and says nothing.
fn settle_by_provinces(folded: &str, sightings: &mut [Sighting]) {
    for i in 1..sightings.len() {
        let (front, back) = sightings.split_at_mut(i);
        let (town, province) = (&mut front[i - 1], &mut back[0]);
        let gap = folded.get(town.end..province.start).unwrap_or_default();
        let behind = gap == " " || gap.trim_matches(' ') == ",";
        if !behind || [&*town, &*province].iter().any(|s| matches!(s.kind, Kind::Demonym | Kind::Flag)) {
            continue;
        }
        let has =
            |country: CountryCode| province.readings.iter().any(|reading| reading.is_province && reading.country == country);
        let meant: Vec<Reading> =
            town.readings.iter().chain(&town.namesakes).filter(|reading| has(reading.country)).copied().collect();
        let [reading] = meant.as_slice() else { continue };
        let country = reading.country;
        town.readings = vec![Reading { share: 1.0, ..*reading }];
        province.readings.retain(|reading| reading.country == country);
        for reading in &mut province.readings {
            reading.share = 1.0;
        }
        // Two rare names beside each other may be words; one that is not vouches for the other.
        if town.belief.min(province.belief) < Belief::Confirmed {
            (town.belief, province.belief) = (Belief::Free, Belief::Free);
        }
    }
}

/// Whether a sighting is believed for itself.
fn needs_nothing(text: &NormalText, s: &Sighting, cues: &[Cue]) -> bool {
    let folded = text.folded();
    let located = || {
        let speaks = |cue: &&Cue| cue.meaning == Meaning::Locative;
        cues.iter().filter(speaks).any(|cue| gap(folded, s, cue).is_some_and(|gap| gap.trim().is_empty()))
    };
    // Folding has lost the case; an acronym that is a word too is believed if the post has it in capitals anywhere.
    let capitals = || text.cased().contains(&folded[s.start..s.end].to_uppercase());
    match s.belief {
        Belief::Free => true,
        Belief::Capitals => capitals() || located(),
        Belief::Located => located(),
        Belief::Confirmed => false,
    }
}

/// "Ring Milan", "Paris will call you": a name that people have too, beside a word of calling and asking.
fn is_person(folded: &str, s: &Sighting, cues: &[Cue]) -> bool {
    let given = || CUES.is_given_name(&folded[s.start..s.end]) || CUES.is_given_name(&folded[s.start..s.name_end]);
    // "Mr. London", "call: Milan".
    let next_to = |gap: &str| gap.len() <= 2 && gap.chars().all(|c| matches!(c, ' ' | '.' | ':'));
    let called = |cue: &Cue| cue.meaning == Meaning::Contact && gap(folded, s, cue).is_some_and(next_to);
    matches!(s.kind, Kind::Place | Kind::Country | Kind::Either) && given() && cues.iter().any(called)
}

/// What stands between a name and a cue on its side of it.
fn gap<'a>(folded: &'a str, s: &Sighting, cue: &Cue) -> Option<&'a str> {
    match cue.side {
        Side::Before => folded.get(cue.end..s.start),
        Side::After => folded.get(s.end..cue.start),
    }
}

/// Named countries count before money and papers, and those before the platform: a post about Hyderabad, Sindh may be read in India.
fn settle(s: &mut Sighting, evidence: &Evidence) {
    if s.readings.len() < 2 {
        return;
    }
    let sources: [&dyn Fn(CountryCode) -> bool; 3] =
        [&|c| evidence.named.contains(&c), &|c| evidence.shown.contains(&c), &|c| evidence.posted == Some(c)];
    for holds in sources {
        if s.readings.iter().any(|reading| holds(reading.country)) {
            s.readings.retain(|reading| holds(reading.country));
            let total: f32 = s.readings.iter().map(|reading| reading.share).sum();
            for reading in &mut s.readings {
                reading.share /= total;
            }
            return;
        }
    }
}
