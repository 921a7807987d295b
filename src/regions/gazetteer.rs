//! The gazetteer: every name of a place or a nationality, and what it may mean.
//!
//! In: folded text. Out: sightings in order, each with its readings. Which reading holds is for [`super::reading`], which part it plays for
//! [`super::roles`]. The longest name at a place wins, so that "Papua New Guinea" is not Guinea.
//!
//! The names stand in one sorted table ([`SortedWords`]). An alternative would be an Aho–Corasick automaton: it was measured slower
//! here, because a name must begin at a word anyway, and took a quarter of a second to build, which every short run would pay.

use std::ops::Range;
use std::sync::LazyLock;

use super::boundary::{Tail, fits, inside_address, may_begin};
use super::country::CountryCode;
use super::rows::Rows;
use crate::text::SortedWords;

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
    /// Whether a province of that country has the name, and no city there.
    pub(super) is_province: bool,
}

/// A name seen in a text.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    /// First byte in the folded text.
    pub(super) start: usize,
    /// One past the last byte, case ending included.
    pub(super) end: usize,
    /// One past the last byte without it.
    pub(super) name_end: usize,
    /// What kind of word it is.
    pub(super) kind: Kind,
    /// What it takes to believe it.
    pub(super) belief: Belief,
    /// What it may mean; more than one if the name is ambiguous.
    pub(super) readings: Vec<Reading>,
    /// Lesser towns of the name, meant only where their province stands behind it.
    pub(super) namesakes: Vec<Reading>,
}

/// How a spelling is matched, and which readings are its own.
pub(super) struct Name {
    pub(super) tail: Tail,
    pub(super) kind: Kind,
    pub(super) belief: Belief,
    pub(super) readings: Range<u32>,
    pub(super) namesakes: Range<u32>,
}

/// All names and what they may mean.
pub(super) struct Gazetteer {
    pub(super) spellings: SortedWords,
    pub(super) names: Vec<Name>,
    pub(super) readings: Vec<Reading>,
}

/// The compiled-in gazetteer. Built on first use.
pub(super) static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Rows::compiled_in);

impl Gazetteer {
    /// Every believable spelling of a name in a folded text, in order; whether it is believed is decided later.
    pub(super) fn sightings(&self, folded: &str) -> Vec<Sighting> {
        let mut sightings = Vec::new();
        let (mut from, mut before) = (0, None);
        for (at, c) in folded.char_indices() {
            if at >= from
                && may_begin(folded, at, before, c)
                && let Some(sighting) = self.sighting_at(folded, at)
            {
                from = sighting.end;
                // A word that never names a place has no reading; it only keeps a shorter name from being read into it ("North America").
                if !sighting.readings.is_empty() {
                    sightings.push(sighting);
                }
            }
            before = Some(c);
        }
        sightings.extend(flags(folded));
        sightings.sort_by_key(|sighting| sighting.start);
        sightings
    }

    /// The longest name that begins here and ends where a name may.
    fn sighting_at(&self, folded: &str, start: usize) -> Option<Sighting> {
        self.spellings.prefixes(&folded.as_bytes()[start..]).into_iter().rev().find_map(|(length, at)| {
            let name = &self.names[at];
            let end = fits(folded, start, start + length, name.tail)?;
            let named = !folded.as_bytes()[start].is_ascii() || !inside_address(folded, start);
            let copied = |range: &Range<u32>| self.readings[range.start as usize..range.end as usize].to_vec();
            named.then(|| Sighting {
                start,
                end,
                name_end: start + length,
                kind: name.kind,
                belief: name.belief,
                readings: copied(&name.readings),
                namesakes: copied(&name.namesakes),
            })
        })
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
                let readings = vec![Reading { country, place: None, share: 1.0, is_province: false }];
                let (end, namesakes) = (next + 4, Vec::new());
                seen.push(Sighting { start, end, name_end: end, kind: Kind::Flag, belief: Belief::Free, readings, namesakes });
                at += 2;
            }
            _ => at += 1,
        }
    }
    seen
}
