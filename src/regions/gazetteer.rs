//! The gazetteer: every name of a place or a nationality, and what it may mean.
//!
//! In: folded text. Out: sightings in order, each with its readings. Which reading holds is for [`super::reading`], which part it plays for
//! [`super::roles`]. One Aho–Corasick automaton over all names, leftmost-longest, so that "Papua New Guinea" is not Guinea.

use std::collections::{BTreeMap, HashMap};
use std::collections::hash_map::Entry;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind, StartKind};

use super::boundary::{Tail, fits, inside_address};
use super::country::CountryCode;
use super::tables::{self, names, rows};
use crate::text::fold;

/// Inhabitants, in thousands, from which a city is recognised without its country.
const LARGE: u32 = 300;
/// A reading this many times rarer than the commonest one is dropped: London is not in Ontario.
const RARE: u32 = 10;
/// Countries whose provinces people name without the country: long names there stand alone.
const KNOWN_PROVINCES: &str = "AR BR CA CN ID IN JP KR KZ MX MY NG PH PK RU TH TR UA US VN";
/// Weight of a province beside cities of the same name, in thousands of inhabitants.
const PROVINCE: u32 = 1_000;

/// What kind of word a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A country.
    Country,
    /// A city, province or zone.
    Place,
    /// A nationality.
    Demonym,
    /// A word that is both, such as "Filipinas" or "ไทย".
    Either,
    /// A flag. It decorates as often as it tells.
    Flag,
}

/// What it takes to believe that a name is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Belief {
    /// Nothing else.
    Free,
    /// Capitals, or what [`Self::Located`] takes.
    Capitals,
    /// A word such as "in" before it, or its country elsewhere in the text.
    Located,
    /// Its country elsewhere in the text or as the platform's.
    Confirmed,
}

/// One thing a name may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reading {
    /// Country.
    pub(super) country: CountryCode,
    /// Name in the gazetteer, where it is not the country as a whole.
    pub(super) place: Option<&'static str>,
    /// Share in the weight of all readings, by inhabitants.
    pub(super) share: f32,
}

/// A name seen in a text.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    /// First byte in the folded text.
    pub(super) start: usize,
    /// One past the last byte, case ending included.
    pub(super) end: usize,
    /// What kind of word it is.
    pub(super) kind: Kind,
    /// What it takes to believe it.
    pub(super) belief: Belief,
    /// What it may mean; more than one if the name is ambiguous.
    pub(super) readings: Vec<Reading>,
}

struct Name {
    tail: Tail,
    kind: Kind,
    belief: Belief,
    readings: Vec<(CountryCode, Option<&'static str>, u32)>,
}

/// All names and the automaton that finds them.
pub(super) struct Gazetteer {
    automaton: AhoCorasick,
    names: Vec<Name>,
}

/// The compiled-in gazetteer. Built on first use.
pub(super) static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::compiled_in);

impl Gazetteer {
    /// Every believable spelling of a name in a folded text, in order; whether it is believed is decided later.
    pub(super) fn sightings(&self, folded: &str) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        let mut from = 0;
        while let Some(hit) = self.automaton.find(Input::new(folded).range(from..)) {
            let name = &self.names[hit.pattern().as_usize()];
            let end = fits(folded, hit.start(), hit.end(), name.tail)
                .filter(|_| !folded.as_bytes()[hit.start()].is_ascii() || !inside_address(folded, hit.start()));
            from = end.unwrap_or(hit.start() + folded[hit.start()..].chars().next().map_or(1, char::len_utf8));
            if let Some(end) = end {
                sightings.push(name.sighting(hit.start(), end));
            }
        }
        sightings.extend(flags(folded));
        sightings.sort_by_key(|sighting| sighting.start);
        sightings
    }

    fn compiled_in() -> Self {
        let mut draft = Draft::default();
        draft.stop_words();
        draft.hand_written();
        draft.countries();
        draft.cities();
        draft.provinces();
        draft.doubt();
        draft.finish()
    }
}

impl Name {
    fn sighting(&self, start: usize, end: usize) -> Sighting {
        let total: u32 = self.readings.iter().map(|(.., weight)| weight).sum();
        let readings =
            self.readings.iter().map(|&(country, place, weight)| Reading { country, place, share: weight as f32 / total.max(1) as f32 }).collect();
        Sighting { start, end, kind: self.kind, belief: self.belief, readings }
    }
}

/// Flags are pairs of regional indicators: `🇰🇭`.
fn flags(folded: &str) -> Vec<Sighting> {
    const LEAD: [u8; 3] = [0xF0, 0x9F, 0x87];
    if !folded.as_bytes().windows(3).any(|bytes| bytes == LEAD) {
        return Vec::new();
    }
    let indicators: Vec<(usize, char)> = folded.char_indices().filter(|(_, c)| ('\u{1F1E6}'..='\u{1F1FF}').contains(c)).collect();
    let mut seen = Vec::new();
    let mut at = 0;
    while at + 1 < indicators.len() {
        let ((start, first), (next, second)) = (indicators[at], indicators[at + 1]);
        match CountryCode::from_flag(first, second) {
            Some(country) if next == start + 4 => {
                let readings = vec![Reading { country, place: None, share: 1.0 }];
                seen.push(Sighting { start, end: next + 4, kind: Kind::Flag, belief: Belief::Free, readings });
                at += 2;
            }
            _ => at += 1,
        }
    }
    seen
}

/// Names being collected, by folded spelling.
#[derive(Default)]
struct Draft {
    names: HashMap<String, Name>,
    /// Spellings settled by hand or by a whole country: generated tables add nothing to them.
    settled: HashMap<String, ()>,
    /// What it takes to believe names that are words too.
    doubted: BTreeMap<String, Belief>,
}

impl Draft {
    /// Aliases first: they decide for their spelling what the generated tables would say otherwise.
    fn hand_written(&mut self) {
        for [codes, place, cell] in rows(tables::ALIASES) {
            let place = (place != "-").then_some(place);
            let kind = if place.is_some() { Kind::Place } else { Kind::Country };
            for code in codes.split(',') {
                for (language, name) in names(cell) {
                    self.add(&fold(name), language, kind, Belief::Free, (CountryCode::assigned(code), place, 1));
                }
            }
        }
        self.settle();
        for [code, cell] in rows(tables::DEMONYMS) {
            let country = CountryCode::assigned(code);
            for (_, name) in names(cell) {
                let (stem, open) = name.strip_suffix('*').map_or((name, false), |stem| (stem, true));
                let folded = fold(stem);
                match self.names.get_mut(&folded) {
                    Some(known) if known.readings.iter().all(|(c, ..)| *c == country) && known.kind == Kind::Country => known.kind = Kind::Either,
                    Some(_) => {}
                    None => {
                        let tail = if open { Tail::OPEN.with(Tail::WHOLE) } else { Tail::WHOLE.with(Tail::PLURAL) };
                        self.names.insert(folded, Name { tail, kind: Kind::Demonym, belief: Belief::Free, readings: vec![(country, None, 1)] });
                    }
                }
            }
        }
    }

    fn countries(&mut self) {
        for [code, _, cell] in rows(tables::COUNTRIES) {
            for (language, name) in names(cell) {
                let folded = fold(name);
                let country = CountryCode::assigned(code);
                match self.names.get_mut(&folded) {
                    // A demonym in one language may be the country in another: "Filipina".
                    Some(known) if known.kind == Kind::Demonym && known.readings[0].0 == country => known.kind = Kind::Either,
                    _ => self.add(&folded, language, Kind::Country, Belief::Free, (country, None, 1)),
                }
            }
        }
        self.settle();
    }

    fn cities(&mut self) {
        for [code, name, inhabitants, cell] in rows(tables::CITIES) {
            let weight = inhabitants.parse().unwrap_or(1);
            let belief = if weight >= LARGE { Belief::Free } else { Belief::Confirmed };
            for (language, spelling) in names(cell) {
                let language = if language.is_empty() { home_language(code) } else { language };
                // `~`: GeoNames alone gives the name, and in no particular language.
                let (spelling, belief) = spelling.strip_prefix('~').map_or((spelling, belief), |rest| (rest, belief.max(Belief::Located)));
                self.add(&fold(spelling), language, Kind::Place, belief, (CountryCode::assigned(code), Some(name), weight));
            }
        }
    }

    fn provinces(&mut self) {
        for [code, name, cell] in rows(tables::SUBDIVISIONS) {
            let known = KNOWN_PROVINCES.split(' ').any(|known| known == code);
            for (language, spelling) in names(cell) {
                let belief = if known && spelling.chars().count() >= 7 { Belief::Free } else { Belief::Confirmed };
                let language = if language.is_empty() { home_language(code) } else { language };
                self.add(&fold(spelling), language, Kind::Place, belief, (CountryCode::assigned(code), Some(name), PROVINCE));
            }
        }
    }

    /// Reads the list of names that are ordinary words too. Those that never name a place count as settled: no table adds them.
    fn stop_words(&mut self) {
        for [level, cell] in rows(tables::STOP) {
            for (_, name) in names(cell) {
                let folded = fold(name);
                match level {
                    "never" => drop(self.settled.insert(folded, ())),
                    "acronym" => drop(self.doubted.insert(folded, Belief::Capitals)),
                    "place" => drop(self.doubted.insert(folded, Belief::Located)),
                    _ => drop(self.doubted.insert(folded, Belief::Confirmed)),
                }
            }
        }
    }

    fn doubt(&mut self) {
        for (folded, belief) in &self.doubted {
            if let Some(known) = self.names.get_mut(folded) {
                known.belief = known.belief.max(*belief);
            }
        }
    }

    fn settle(&mut self) {
        self.settled.extend(self.names.keys().map(|name| (name.clone(), ())));
    }

    fn add(&mut self, folded: &str, language: &str, kind: Kind, belief: Belief, reading: (CountryCode, Option<&'static str>, u32)) {
        let letters = folded.chars().count();
        if letters < 2 || self.settled.contains_key(folded) {
            return;
        }
        let sturdy = letters >= 5 && belief == Belief::Free;
        self.insert(folded, tail(language, sturdy), kind, belief, reading);
        if let Some(stem) = stem(folded, language, kind).filter(|stem| !self.settled.contains_key(*stem)) {
            let tail = if language.contains("pl") { Tail::STEM.with(Tail::POLISH) } else if language.contains("ro") { Tail::STEM.with(Tail::ROMANIAN) } else { Tail::STEM };
            self.insert(stem, tail, kind, belief, reading);
        }
    }

    fn insert(&mut self, folded: &str, tail: Tail, kind: Kind, belief: Belief, reading: (CountryCode, Option<&'static str>, u32)) {
        match self.names.entry(folded.to_owned()) {
            Entry::Vacant(vacant) => {
                vacant.insert(Name { tail, kind, belief, readings: vec![reading] });
            }
            Entry::Occupied(mut occupied) => {
                let known = occupied.get_mut();
                known.tail = known.tail.with(tail);
                known.belief = known.belief.min(belief);
                match known.readings.iter_mut().find(|(country, ..)| *country == reading.0) {
                    Some(same) if same.2 < reading.2 => *same = reading,
                    Some(_) => {}
                    None => known.readings.push(reading),
                }
            }
        }
    }

    fn finish(self) -> Gazetteer {
        let mut entries: Vec<(String, Name)> = self.names.into_iter().collect();
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (_, name) in &mut entries {
            let most = name.readings.iter().map(|(.., weight)| *weight).max().unwrap_or(1);
            name.readings.retain(|(.., weight)| weight * RARE > most);
            name.readings.sort_unstable_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
        }
        let (spellings, names): (Vec<String>, Vec<Name>) = entries.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .start_kind(StartKind::Unanchored)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .prefilter(false)
            .build(&spellings)
            .expect("the tables are far smaller than the automaton's limits");
        Gazetteer { automaton, names }
    }
}

/// The inflecting language in which people of a country write its towns.
fn home_language(code: &str) -> &'static str {
    match code {
        "PL" => "pl",
        "RO" | "MD" => "ro",
        _ => "",
    }
}

fn tail(language: &str, sturdy: bool) -> Tail {
    let marked = |tag: &str| language.split(',').any(|l| l == tag);
    let mut tail = Tail::WHOLE;
    if marked("pl") {
        tail = tail.with(Tail::POLISH);
    }
    if marked("ro") {
        tail = tail.with(Tail::ROMANIAN);
    }
    if sturdy {
        tail = tail.with(Tail::GLUED);
    }
    tail
}

/// The name without the last letter that a Slavic or Romanian case ending replaces.
fn stem<'a>(folded: &'a str, language: &str, kind: Kind) -> Option<&'a str> {
    let (at, last) = folded.char_indices().next_back()?;
    let inflects = match last {
        'а' | 'я' | 'ь' | 'й' | 'и' | 'ы' | 'о' | 'е' | 'і' => folded.chars().count() >= if kind == Kind::Country { 5 } else { 6 },
        'a' | 'e' | 'y' | 'o' | 'i' => language.split(',').any(|l| l == "pl" || (l == "ro" && last == 'a')) && folded.len() >= 6,
        _ => false,
    };
    inflects.then(|| &folded[..at])
}
