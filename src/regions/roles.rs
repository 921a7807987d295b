//! Which part each place plays: origin, destination, or merely mentioned.
//!
//! In: believed sightings and cues. Out: [`Regions`] without the platform's region.
//! A cue beside a place decides; a list ("Thailand, Cambodia and Laos") shares one cue. Places without a cue count as destination only
//! where something is offered, and only if nothing better is known. Nothing is guessed from nationality alone.

use std::collections::BTreeMap;

use super::country::CountryCode;
use super::cues::{Cue, Meaning, Side};
use super::gazetteer::{Kind, Sighting};
use super::{Place, PlaceSource, Regions};
use crate::text::NormalText;

// Confidence of each way a part is found: measured on labelled posts and rounded to the nearest twentieth.
const CUED_DESTINATION: f32 = 0.9;
const CUED_ORIGIN: f32 = 0.85;
const LICENSED_ORIGIN: f32 = 0.75;
const SOLE_PLACE: f32 = 0.85;
const ONE_OF_PLACES: f32 = 0.3;
const HOME_BESIDE_ABROAD: f32 = 0.6;
const RECRUITED_ORIGIN: f32 = 0.65;
const FIRST_OF_PLACES: f32 = 0.45;
const NOTHING_OFFERED: f32 = 0.4;
const LOOSE_DEMONYM: f32 = 0.45;
const MENTIONED: f32 = 0.9;
/// Shares of an ambiguous name below this are noise.
const FAINT: f32 = 0.1;

/// Longest distance, in characters, at which a cue before a place speaks of it.
fn reach(meaning: Meaning) -> usize {
    match meaning {
        Meaning::Destination | Meaning::Elsewhere | Meaning::Recruited => 12,
        Meaning::People | Meaning::Nationals => 14,
        _ => 5,
    }
}

/// A place with its part.
struct Part<'a> {
    sighting: &'a Sighting,
    meaning: Option<Meaning>,
}

/// Gives every believed sighting its part and sums them up by country.
pub(super) fn assign(text: &NormalText, sightings: &[Sighting], cues: &[Cue], posted: Option<CountryCode>) -> Regions {
    let folded = text.folded();
    let mut parts: Vec<Part> = Vec::with_capacity(sightings.len());
    for (i, sighting) in sightings.iter().enumerate() {
        let listed = i > 0 && in_one_list(&folded[sightings[i - 1].end.min(sighting.start)..sighting.start]);
        let meaning = beside(folded, sighting, cues).or_else(|| parts.last().filter(|_| listed).and_then(|last| last.meaning));
        parts.push(Part { sighting, meaning });
    }
    share_backwards(folded, &mut parts);
    follow_arrows(folded, &mut parts);

    if is_profile(folded) {
        for part in &mut parts {
            part.meaning = Some(Meaning::Elsewhere);
        }
    }
    let mut sums = Sums { text, origin: BTreeMap::new(), destination: BTreeMap::new(), mentioned: BTreeMap::new() };
    for part in &parts {
        match (part.meaning, part.sighting.kind) {
            (Some(Meaning::Destination), Kind::Country | Kind::Place | Kind::Either | Kind::Flag) => sums.destination(part.sighting, CUED_DESTINATION),
            (Some(Meaning::Origin | Meaning::Nationals), _) | (Some(Meaning::People), Kind::Demonym | Kind::Either) => sums.origin(part.sighting, CUED_ORIGIN),
            _ => {}
        }
    }
    let offers = offers(cues);
    let licensed: Vec<&Cue> = cues.iter().filter(|cue| matches!(cue.meaning, Meaning::Licensing(_))).collect();
    let home = home(posted, cues);
    let uncued = |flags: bool| -> Vec<&Sighting> {
        let place = |s: &Sighting| s.kind != Kind::Demonym && (s.kind == Kind::Flag) == flags;
        parts.iter().filter(|part| part.meaning.is_none() && place(part.sighting)).map(|part| part.sighting).collect()
    };
    // A flag tells where only if no word does.
    let named = sightings.iter().any(|s| matches!(s.kind, Kind::Country | Kind::Place | Kind::Either));
    let uncued = uncued(!named);
    sums.default_destination(&uncued, home, offers);
    for cue in licensed {
        if let Meaning::Licensing(country) = cue.meaning
            && sums.leads_abroad(country)
        {
            sums.put(Role::Origin, country, None, LICENSED_ORIGIN, cue.start..cue.end);
        }
    }
    for part in parts.iter().filter(|part| part.meaning == Some(Meaning::Recruited)) {
        if part.sighting.readings.iter().all(|reading| sums.leads_abroad(reading.country)) {
            sums.origin(part.sighting, RECRUITED_ORIGIN);
        }
    }
    for part in parts.iter().filter(|part| part.meaning.is_none() && part.sighting.kind == Kind::Demonym) {
        if part.sighting.readings.iter().all(|reading| sums.leads_abroad(reading.country)) {
            sums.origin(part.sighting, LOOSE_DEMONYM);
        }
    }
    if let Some(home) = home {
        sums.home_as_origin(&uncued, home);
    }
    for sighting in sightings {
        sums.mentioned(sighting);
    }
    sums.into_regions()
}

/// "Name, 34, city": a dating profile tells where its author is, not where anyone is to go.
fn is_profile(folded: &str) -> bool {
    let head = &folded[..folded.char_indices().nth(28).map_or(folded.len(), |(at, _)| at)];
    let mut rest = head;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = rest[at..].find(|c: char| !c.is_ascii_digit()).map_or(rest.len() - at, |end| end);
        let (before, after) = (rest[..at].chars().next_back(), rest[at + digits..].chars().next());
        let age = rest[at..at + digits].parse::<u32>().is_ok_and(|age| (18..=79).contains(&age));
        let parted = before.is_none_or(|c| c.is_whitespace() || ",、，،(❤💕✨".contains(c));
        if age && parted && after.is_some_and(|c| ",.。،，·|/\n)".contains(c) || (c > '\u{2600}' && !c.is_alphanumeric())) && !rest[at + digits..].starts_with(".0") {
            return true;
        }
        rest = &rest[at + digits..];
    }
    false
}

/// Whether the text offers something: two words of work, since one ("my job") is in every profile.
fn offers(cues: &[Cue]) -> bool {
    let mut work = cues.iter().filter(|cue| cue.meaning == Meaning::Work);
    work.next().is_some()
}

/// The country the post is made in, as far as it shows: the platform's, or the only one whose money or papers appear.
fn home(posted: Option<CountryCode>, cues: &[Cue]) -> Option<CountryCode> {
    posted.or_else(|| {
        let mut shown = cues.iter().filter_map(|cue| match cue.meaning {
            Meaning::Licensing(country) => Some(country),
            _ => None,
        });
        let first = shown.next()?;
        shown.all(|other| other == first).then_some(first)
    })
}

/// What the nearest cue says of a place.
fn beside(folded: &str, sighting: &Sighting, cues: &[Cue]) -> Option<Meaning> {
    if sighting.kind == Kind::Flag {
        return None;
    }
    let demonym = sighting.kind == Kind::Demonym;
    let speaks = |meaning: Meaning| match meaning {
        Meaning::People | Meaning::Household => matches!(sighting.kind, Kind::Demonym | Kind::Either),
        Meaning::Destination | Meaning::Transit => !demonym,
        Meaning::Nationals => sighting.kind != Kind::Place,
        Meaning::Origin => !demonym,
        Meaning::Elsewhere | Meaning::Recruited => true,
        _ => false,
    };
    let mut best: Option<(usize, usize, Meaning)> = None;
    for cue in cues.iter().filter(|cue| speaks(cue.meaning)) {
        let gap = match cue.side {
            Side::Before if cue.end <= sighting.start => &folded[cue.end..sighting.start],
            Side::After if cue.start >= sighting.end => &folded[sighting.end..cue.start],
            _ => continue,
        };
        // Bytes first: most cues are far away.
        if gap.len() > 80 || breaks(gap, cue.meaning) {
            continue;
        }
        let gap = gap.chars().count();
        let far = match cue.side {
            _ if cue.meaning == Meaning::Nationals && !demonym => gap > 1,
            Side::Before => gap > reach(cue.meaning),
            Side::After => gap > if matches!(cue.meaning, Meaning::People | Meaning::Nationals) { 10 } else { 2 },
        };
        if far {
            continue;
        }
        let nearer = best.is_none_or(|(known, length, _)| gap < known || (gap == known && cue.end - cue.start > length));
        if nearer {
            best = Some((gap, cue.end - cue.start, cue.meaning));
        }
    }
    best.map(|(.., meaning)| meaning)
}

/// Whether what stands between a cue and a place parts them.
fn breaks(gap: &str, meaning: Meaning) -> bool {
    gap.chars().any(|c| {
        matches!(c, '\n' | '!' | '?' | ';' | '。' | '！' | '？' | '।' | '။' | '។' | '؟' | '|' | '•')
            || (meaning != Meaning::Destination && matches!(c, ',' | '，' | '、' | '،'))
    }) || gap.contains(". ")
}

/// "Thailand, Cambodia and Laos": between two members stand separators and at most one short word.
fn in_one_list(gap: &str) -> bool {
    let separator = |c: char| c.is_whitespace() || ",，、،/&+-–—|()".contains(c);
    let words: Vec<&str> = gap.split(separator).filter(|word| !word.is_empty()).collect();
    const AND: [&str; 34] = [
        "and", "or", "y", "o", "e", "ou", "et", "und", "oder", "si", "sau", "i", "lub", "и", "или", "та", "і", "й", "або", "ve", "veya", "va", "yoki",
        "dan", "atau", "at", "va", "hoac", "na", "au", "или", "и", "ya", "o",
    ];
    const AND_ELSEWHERE: [&str; 22] =
        ["و", "او", "يا", "और", "या", "र", "वा", "এবং", "ও", "বা", "සහ", "மற்றும்", "และ", "หรือ", "နှင့်", "និង", "ແລະ", "和", "或", "と", "や", "와"];
    match words.as_slice() {
        [] => !gap.is_empty() && !gap.contains('\n') && gap.len() <= 6,
        [word] => AND.contains(word) || AND_ELSEWHERE.contains(word),
        _ => false,
    }
}

/// In languages whose cues follow, the cue of a list stands at its end.
fn share_backwards(folded: &str, parts: &mut [Part]) {
    for i in (1..parts.len()).rev() {
        let gap = &folded[parts[i - 1].sighting.end.min(parts[i].sighting.start)..parts[i].sighting.start];
        let same = (parts[i - 1].sighting.kind == Kind::Demonym) == (parts[i].sighting.kind == Kind::Demonym);
        if parts[i - 1].meaning.is_none() && same && in_one_list(gap) {
            parts[i - 1].meaning = parts[i].meaning;
        }
    }
}

/// "🇳🇵 → 🇶🇦": from the one to the other.
fn follow_arrows(folded: &str, parts: &mut [Part]) {
    for i in 1..parts.len() {
        let gap = &folded[parts[i - 1].sighting.end.min(parts[i].sighting.start)..parts[i].sighting.start];
        let arrow = gap.contains("->") || gap.contains(['→', '➡', '⇒', '➜', '✈', '🛫']);
        if arrow && !gap.chars().any(char::is_alphanumeric) {
            parts[i - 1].meaning = Some(Meaning::Origin);
            parts[i].meaning = Some(Meaning::Destination);
        }
    }
}

#[derive(Clone, Copy)]
enum Role {
    Origin,
    Destination,
    Mentioned,
}

/// Places by role and country while they are summed up.
struct Sums<'a> {
    text: &'a NormalText,
    origin: BTreeMap<CountryCode, Place>,
    destination: BTreeMap<CountryCode, Place>,
    mentioned: BTreeMap<CountryCode, Place>,
}

impl Sums<'_> {
    fn origin(&mut self, sighting: &Sighting, p: f32) {
        self.spread(Role::Origin, sighting, p);
    }

    fn destination(&mut self, sighting: &Sighting, p: f32) {
        self.spread(Role::Destination, sighting, p);
    }

    fn mentioned(&mut self, sighting: &Sighting) {
        self.spread(Role::Mentioned, sighting, MENTIONED);
    }

    /// Every reading of an ambiguous name with its share.
    fn spread(&mut self, role: Role, sighting: &Sighting, p: f32) {
        for reading in sighting.readings.iter().filter(|reading| reading.share >= FAINT) {
            self.put(role, reading.country, reading.place, p * reading.share, sighting.start..sighting.end);
        }
    }

    fn put(&mut self, role: Role, country: CountryCode, place: Option<&'static str>, p: f32, folded: std::ops::Range<usize>) {
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
    fn default_destination(&mut self, uncued: &[&Sighting], home: Option<CountryCode>, offers: bool) {
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
                (1, _) if !offers => NOTHING_OFFERED,
                (1, false) => SOLE_PLACE,
                _ if leads => FIRST_OF_PLACES,
                _ => ONE_OF_PLACES,
            };
            self.destination(sighting, p);
        }
    }

    /// Whether the offer leads somewhere else than `home`.
    fn leads_abroad(&self, home: CountryCode) -> bool {
        !self.destination.is_empty() && !self.destination.contains_key(&home)
    }

    /// A place at home beside a destination abroad is where people are sought.
    fn home_as_origin(&mut self, uncued: &[&Sighting], home: CountryCode) {
        if !self.origin.is_empty() || !self.leads_abroad(home) {
            return;
        }
        if let Some(sighting) = uncued.iter().find(|s| s.readings.iter().any(|r| r.country == home)) {
            self.put(Role::Origin, home, None, HOME_BESIDE_ABROAD, sighting.start..sighting.end);
        }
    }

    fn into_regions(self) -> Regions {
        let sorted = |sum: BTreeMap<CountryCode, Place>| {
            let mut places: Vec<Place> = sum.into_values().collect();
            places.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.country.cmp(&b.country)));
            places
        };
        Regions { origin: sorted(self.origin), destination: sorted(self.destination), mentioned: sorted(self.mentioned), posted: None }
    }
}
