//! Places by part and country while they are summed up, and what follows where no cue decides.
//!
//! In: sightings with a part and how sure it is. Out: [`Regions`] without the platform's region, each country once a list.

use std::collections::BTreeMap;
use std::ops::Range;

use super::country::CountryCode;
use super::gazetteer::{Kind, Sighting};
use super::sureness::{FIRST_OF_PLACES, HOME_BESIDE_ABROAD, MENTIONED, NOTHING_OFFERED, ONE_OF_PLACES, ONLY_A_FLAG, SOLE_PLACE};
use super::{Place, PlaceSource, Regions};
use crate::text::NormalText;

/// Shares of an ambiguous name below this are noise.
const FAINT: f32 = 0.1;

#[derive(Clone, Copy)]
pub(super) enum Role {
    Origin,
    Destination,
    Mentioned,
}

/// Places by role and country while they are summed up.
pub(super) struct Sums<'a> {
    text: &'a NormalText,
    origin: BTreeMap<CountryCode, Place>,
    destination: BTreeMap<CountryCode, Place>,
    mentioned: BTreeMap<CountryCode, Place>,
}

impl<'a> Sums<'a> {
    /// Nothing known yet of a text.
    pub(super) fn new(text: &'a NormalText) -> Self {
        Self { text, origin: BTreeMap::new(), destination: BTreeMap::new(), mentioned: BTreeMap::new() }
    }

    pub(super) fn origin(&mut self, sighting: &Sighting, p: f32) {
        self.spread(Role::Origin, sighting, p);
    }

    pub(super) fn destination(&mut self, sighting: &Sighting, p: f32) {
        self.spread(Role::Destination, sighting, p);
    }

    pub(super) fn mentioned(&mut self, sighting: &Sighting) {
        self.spread(Role::Mentioned, sighting, MENTIONED);
    }

    /// Every reading of an ambiguous name with its share.
    fn spread(&mut self, role: Role, sighting: &Sighting, p: f32) {
        for reading in sighting.readings.iter().filter(|reading| reading.share >= FAINT) {
            self.put(role, reading.country, reading.place, p * reading.share, sighting.start..sighting.end);
        }
    }

    pub(super) fn put(&mut self, role: Role, country: CountryCode, place: Option<&'static str>, p: f32, folded: Range<usize>) {
        let sum = match role {
            Role::Origin => &mut self.origin,
            Role::Destination => &mut self.destination,
            Role::Mentioned => &mut self.mentioned,
        };
        let span = Some(self.text.span(folded));
        let new = Place { country, place: place.map(str::to_owned), p, from: PlaceSource::Text, span };
        match sum.get_mut(&country) {
            None => {
                sum.insert(country, new);
            }
            // The first, surest sighting is shown; a city tells a reader more than its country.
            Some(known) if new.p > known.p || (known.place.is_none() && new.place.is_some() && new.p >= known.p) => *known = new,
            Some(_) => {}
        }
    }

    /// Where no cue names a destination, places abroad come first, then the home country, then whatever is named alone.
    pub(super) fn default_destination(&mut self, uncued: &[&Sighting], home: Option<CountryCode>, offers: bool) {
        if !self.destination.is_empty() {
            return;
        }
        let candidates: Vec<&Sighting> =
            uncued.iter().copied().filter(|s| !s.readings.iter().all(|r| self.origin.contains_key(&r.country))).collect();
        let at_home = |s: &Sighting| home.is_some_and(|home| s.readings.iter().any(|r| r.country == home));
        let abroad: Vec<&Sighting> = candidates.iter().copied().filter(|s| !at_home(s)).collect();
        let chosen = if abroad.is_empty() { &candidates } else { &abroad };
        let mut countries: Vec<CountryCode> = chosen.iter().filter_map(|s| s.readings.first()).map(|r| r.country).collect();
        countries.sort_unstable();
        countries.dedup();
        let first = chosen.first().and_then(|s| s.readings.first()).map(|r| r.country);
        for sighting in chosen {
            // The place an offer leads to is named before the others, in the headline or the first sentence.
            let leads = sighting.readings.iter().any(|r| Some(r.country) == first);
            let p = match (countries.len(), abroad.len() < candidates.len() && !abroad.is_empty()) {
                _ if sighting.kind == Kind::Flag => ONLY_A_FLAG,
                (1, _) if !offers => NOTHING_OFFERED,
                (1, false) => SOLE_PLACE,
                _ if leads => FIRST_OF_PLACES,
                _ => ONE_OF_PLACES,
            };
            self.destination(sighting, p);
        }
    }

    /// Whether the offer leads somewhere else than `home`.
    pub(super) fn leads_abroad(&self, home: CountryCode) -> bool {
        !self.destination.is_empty() && !self.destination.contains_key(&home)
    }

    /// A place at home beside a destination abroad is where people are sought.
    pub(super) fn home_as_origin(&mut self, uncued: &[&Sighting], home: CountryCode) {
        if !self.origin.is_empty() || !self.leads_abroad(home) {
            return;
        }
        if let Some(sighting) = uncued.iter().find(|s| s.readings.iter().any(|r| r.country == home)) {
            self.put(Role::Origin, home, None, HOME_BESIDE_ABROAD, sighting.start..sighting.end);
        }
    }

    pub(super) fn into_regions(self) -> Regions {
        let sorted = |sum: BTreeMap<CountryCode, Place>| {
            let mut places: Vec<Place> = sum.into_values().collect();
            places.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.country.cmp(&b.country)));
            places
        };
        Regions {
            called: Vec::new(),
            origin: sorted(self.origin),
            destination: sorted(self.destination),
            mentioned: sorted(self.mentioned),
            posted: None,
            signs: Vec::new(),
        }
    }
}
