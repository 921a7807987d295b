//! The gazetteer: every name of a place or a nationality, and what it may mean.
//!
//! In: folded text. Out: sightings in order, each with its readings. Which reading holds is for [`super::reading`], which part it plays for
//! [`super::roles`]. The longest name at a place wins, so that "Papua New Guinea" is not Guinea.
//!
//! The names stand in one sorted table ([`super::matcher`]). An alternative would be an Aho–Corasick automaton: it was measured slower
//! here, because a name must begin at a word anyway, and took a quarter of a second to build, which every short run would pay.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use super::boundary::{Tail, fits, inside_address, may_begin};
use super::country::CountryCode;
use super::matcher::SortedNames;
use super::tables::{self, names, rows};
use crate::text::fold;

/// Inhabitants, in thousands, from which a city is recognised without its country.
const LARGE: u32 = 300;
/// From here on a town with a long name is also recognised behind a word such as "in".
const MEDIUM: u32 = 80;
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
    readings: Range<u32>,
}

/// All names and what they may mean.
pub(super) struct Gazetteer {
    spellings: SortedNames,
    names: Vec<Name>,
    readings: Vec<Reading>,
}

/// The compiled-in gazetteer. Built on first use.
pub(super) static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(Gazetteer::compiled_in);

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
            let readings = self.readings[name.readings.start as usize..name.readings.end as usize].to_vec();
            named.then_some(Sighting { start, end, kind: name.kind, belief: name.belief, readings })
        })
    }

    fn compiled_in() -> Self {
        let mut rows = Rows::default();
        rows.stop_words();
        rows.aliases();
        rows.demonyms();
        rows.countries();
        rows.cities();
        rows.provinces();
        rows.settle()
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

/// Which table speaks first for a spelling. Tables behind the first one that knows it add nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Never a place.
    Stop,
    /// By hand.
    Alias,
    /// A whole country.
    Country,
    /// By hand, but a country of the same spelling is meant as often.
    Demonym,
    /// A city or a province.
    Place,
    /// What it takes to believe the spelling, whatever it means.
    Doubt,
}

/// One spelling with one reading.
struct Row {
    spelling: Cow<'static, str>,
    rank: Rank,
    tail: Tail,
    kind: Kind,
    belief: Belief,
    country: CountryCode,
    place: Option<&'static str>,
    weight: u32,
}

#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn stop_words(&mut self) {
        for [level, cell] in rows(tables::STOP) {
            let (rank, belief) = match level {
                "never" => (Rank::Stop, Belief::Confirmed),
                "acronym" => (Rank::Doubt, Belief::Capitals),
                "place" => (Rank::Doubt, Belief::Located),
                _ => (Rank::Doubt, Belief::Confirmed),
            };
            for (_, name) in names(cell) {
                let spelling = Cow::Owned(fold(name));
                let country = CountryCode::assigned("XK");
                self.0.push(Row {
                    spelling,
                    rank,
                    tail: Tail::WHOLE,
                    kind: Kind::Place,
                    belief,
                    country,
                    place: None,
                    weight: 0,
                });
            }
        }
    }

    fn aliases(&mut self) {
        for [codes, place, cell] in rows(tables::ALIASES) {
            let place = (place != "-").then_some(place);
            let kind = if place.is_some() { Kind::Place } else { Kind::Country };
            for (language, name) in names(cell) {
                let spelling = fold(name);
                for code in codes.split(',') {
                    self.add(
                        Cow::Owned(spelling.clone()),
                        language,
                        Rank::Alias,
                        kind,
                        Belief::Free,
                        (CountryCode::assigned(code), place, 1),
                    );
                }
            }
        }
    }

    fn demonyms(&mut self) {
        for [code, cell] in rows(tables::DEMONYMS) {
            let country = CountryCode::assigned(code);
            for (_, name) in names(cell) {
                let (stem, open) = name.strip_suffix('*').map_or((name, false), |stem| (stem, true));
                let tail = Tail::WHOLE.with(if open { Tail::OPEN } else { Tail::PLURAL });
                let spelling = Cow::Owned(fold(stem));
                self.0.push(Row {
                    spelling,
                    rank: Rank::Demonym,
                    tail,
                    kind: Kind::Demonym,
                    belief: Belief::Free,
                    country,
                    place: None,
                    weight: 1,
                });
            }
        }
    }

    fn countries(&mut self) {
        for [code, _, cell] in rows(tables::COUNTRIES) {
            for (language, name) in names(cell) {
                self.add(
                    Cow::Borrowed(name),
                    language,
                    Rank::Country,
                    Kind::Country,
                    Belief::Free,
                    (CountryCode::assigned(code), None, 1),
                );
            }
        }
    }

    fn cities(&mut self) {
        for [code, name, inhabitants, cell] in rows(tables::CITIES) {
            let weight = inhabitants.parse().unwrap_or(1);
            for (language, spelling) in names(cell) {
                let belief = match weight {
                    LARGE.. => Belief::Free,
                    MEDIUM..LARGE if spelling.chars().count() >= 6 => Belief::Located,
                    _ => Belief::Confirmed,
                };
                let language = if language.is_empty() { home_language(code) } else { language };
                // `~`: GeoNames alone gives the name, and in no particular language.
                let (spelling, belief) =
                    spelling.strip_prefix('~').map_or((spelling, belief), |rest| (rest, belief.max(Belief::Located)));
                self.add(
                    Cow::Borrowed(spelling),
                    language,
                    Rank::Place,
                    Kind::Place,
                    belief,
                    (CountryCode::assigned(code), Some(name), weight),
                );
            }
        }
    }

    fn provinces(&mut self) {
        for [code, name, cell] in rows(tables::SUBDIVISIONS) {
            let known = KNOWN_PROVINCES.split(' ').any(|known| known == code);
            for (language, spelling) in names(cell) {
                let belief = if known && spelling.chars().count() >= 7 { Belief::Free } else { Belief::Confirmed };
                let language = if language.is_empty() { home_language(code) } else { language };
                self.add(
                    Cow::Borrowed(spelling),
                    language,
                    Rank::Place,
                    Kind::Place,
                    belief,
                    (CountryCode::assigned(code), Some(name), PROVINCE),
                );
            }
        }
    }

    fn add(
        &mut self,
        spelling: Cow<'static, str>,
        language: &str,
        rank: Rank,
        kind: Kind,
        belief: Belief,
        (country, place, weight): (CountryCode, Option<&'static str>, u32),
    ) {
        let letters = spelling.chars().count();
        if letters < 2 {
            return;
        }
        if let Some(end) = stem_end(&spelling, letters, language, kind) {
            let spelling = match &spelling {
                Cow::Borrowed(name) => Cow::Borrowed(&name[..end]),
                Cow::Owned(name) => Cow::Owned(name[..end].to_owned()),
            };
            let tail = families(language).with(Tail::STEM);
            self.0.push(Row { spelling, rank, tail, kind, belief, country, place, weight });
        }
        let turkic = language.split(',').any(|l| l == "tr" || l == "uz");
        let sturdy = letters >= 5 && (kind == Kind::Country || rank == Rank::Alias || (turkic && belief == Belief::Free));
        let tail = families(language).with(Tail::WHOLE).with(if sturdy { Tail::GLUED } else { Tail::WHOLE });
        self.0.push(Row { spelling, rank, tail, kind, belief, country, place, weight });
    }

    /// Settles what every spelling means: the first table that knows it decides, the list of doubtful names has a say in any case.
    fn settle(mut self) -> Gazetteer {
        self.0.sort_unstable_by(|a, b| a.spelling.cmp(&b.spelling).then(a.rank.cmp(&b.rank)).then(a.country.cmp(&b.country)));
        let (mut spellings, mut names, mut readings): (Vec<&str>, _, _) = (Vec::new(), Vec::new(), Vec::new());
        for same in self.0.chunk_by(|a, b| a.spelling == b.spelling) {
            let by_hand = same.iter().find(|row| row.rank == Rank::Demonym);
            let first = match same[0].rank {
                Rank::Stop if by_hand.is_some() => Rank::Demonym,
                Rank::Doubt => continue,
                _ if same[0].spelling.len() < 2 => continue,
                rank => rank,
            };
            let rows: Vec<&Row> = same.iter().filter(|row| row.rank == first).collect();
            let from = readings.len();
            if first != Rank::Stop {
                push_readings(&rows, &mut readings);
            }
            let one_country = rows.iter().all(|row| row.country == rows[0].country);
            let also_demonym =
                rows[0].kind == Kind::Country && one_country && by_hand.is_some_and(|demonym| demonym.country == rows[0].country);
            let doubt = same.iter().filter(|row| row.rank == Rank::Doubt).map(|row| row.belief).max();
            let belief = rows.iter().map(|row| row.belief).min().max(doubt).unwrap_or(Belief::Free);
            let tail = same
                .iter()
                .filter(|row| !matches!(row.rank, Rank::Stop | Rank::Doubt))
                .fold(rows[0].tail, |tail, row| tail.with(row.tail));
            let kind = if also_demonym { Kind::Either } else { rows[0].kind };
            spellings.push(&same[0].spelling);
            names.push(Name { tail, kind, belief, readings: from as u32..readings.len() as u32 });
        }
        Gazetteer { spellings: SortedNames::new(spellings.into_iter()), names, readings }
    }
}

/// One reading a country, the heaviest first, without those far rarer than the commonest.
fn push_readings(rows: &[&Row], readings: &mut Vec<Reading>) {
    let mut by_country: Vec<&Row> = Vec::with_capacity(rows.len());
    for row in rows {
        match by_country.iter_mut().find(|known| known.country == row.country) {
            Some(known) if known.weight < row.weight => *known = row,
            Some(_) => {}
            None => by_country.push(row),
        }
    }
    let most = by_country.iter().map(|row| row.weight).max().unwrap_or(1);
    by_country.retain(|row| row.weight * RARE > most);
    by_country.sort_by_key(|row| std::cmp::Reverse(row.weight));
    let total: u32 = by_country.iter().map(|row| row.weight).sum();
    readings.extend(by_country.iter().map(|row| Reading {
        country: row.country,
        place: row.place,
        share: row.weight as f32 / total as f32,
    }));
}

/// The inflecting language in which people of a country write its towns.
fn home_language(code: &str) -> &'static str {
    match code {
        "PL" => "pl",
        "RO" | "MD" => "ro",
        "TR" | "CY" => "tr",
        "UZ" | "KZ" | "KG" | "TM" | "AZ" => "uz",
        _ => "",
    }
}

fn families(language: &str) -> Tail {
    let marked = |tag: &str| language.split(',').any(|l| l == tag);
    match (marked("pl"), marked("ro")) {
        (true, true) => Tail::POLISH.with(Tail::ROMANIAN),
        (true, false) => Tail::POLISH,
        (false, true) => Tail::ROMANIAN,
        (false, false) => Tail::default(),
    }
}

/// Where the last letter begins, if a case ending replaces it.
fn stem_end(folded: &str, letters: usize, language: &str, kind: Kind) -> Option<usize> {
    let (at, last) = folded.char_indices().next_back()?;
    let inflects = match last {
        'а' | 'я' | 'ь' | 'й' | 'и' | 'ы' | 'о' | 'е' | 'і' => letters >= if kind == Kind::Country { 5 } else { 6 },
        'a' | 'e' | 'y' | 'o' | 'i' => letters >= 6 && language.split(',').any(|l| l == "pl" || (l == "ro" && last == 'a')),
        // The vowel killer of Tamil: an ending begins with the vowel it killed.
        '\u{0BCD}' => letters >= 4,
        _ => false,
    };
    inflects.then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: [(&str, &str); 3] =
        [("countries", tables::COUNTRIES), ("cities", tables::CITIES), ("subdivisions", tables::SUBDIVISIONS)];

    #[test]
    fn generated_tables_are_folded() {
        for (file, table) in GENERATED {
            let folded = fold_names(table);
            let different = table.lines().zip(folded.lines()).find(|(is, should)| is != should);
            assert_eq!(different, None, "{file}.tsv: fold it with `cargo test --lib -- --ignored fold_the_generated_tables`");
        }
    }

    /// Loading folds nothing, because the tables that `make.py` writes are folded here once.
    #[test]
    #[ignore = "rewrites datasets/gazetteer; run it after make.py"]
    fn fold_the_generated_tables() {
        for (file, table) in GENERATED {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("datasets/gazetteer/{file}.tsv"));
            std::fs::write(path, fold_names(table)).expect("the tables are writable");
        }
    }

    /// The table with every name of its last column folded, once each.
    fn fold_names(table: &str) -> String {
        let mut out = String::new();
        for line in table.lines() {
            let (front, cell) = line.rsplit_once('\t').unwrap_or((line, ""));
            if line.starts_with('#') {
                out += line;
            } else {
                let mut seen: Vec<(String, String)> = Vec::new();
                for name in cell.split('|') {
                    let (tag, name) = match name.split_once('=') {
                        Some((tag, name)) => (format!("{tag}="), name),
                        None => (if name.starts_with('~') { "~" } else { "" }.to_owned(), name.trim_start_matches('~')),
                    };
                    let folded = fold(name);
                    match seen.iter_mut().find(|(_, known)| *known == folded) {
                        Some((known, _)) if tag.ends_with('=') && known.ends_with('=') => *known = merged(known, &tag),
                        Some((known, _)) if tag.ends_with('=') || known == "~" => *known = tag,
                        Some(_) => {}
                        None => seen.push((tag, folded)),
                    }
                }
                out += front;
                out.push('\t');
                out += &seen.iter().map(|(tag, name)| format!("{tag}{name}")).collect::<Vec<_>>().join("|");
            }
            out.push('\n');
        }
        out
    }

    /// `en,es=` and `pl=` make `en,es,pl=`.
    fn merged(one: &str, other: &str) -> String {
        let mut tags: Vec<&str> = one.trim_end_matches('=').split(',').chain(other.trim_end_matches('=').split(',')).collect();
        tags.sort_unstable();
        tags.dedup();
        tags.join(",") + "="
    }
}
