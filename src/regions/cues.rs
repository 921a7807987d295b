//! Words around a place that say what part it plays: `cues.toml`, read once.
//!
//! In: folded text. Out: every cue in it, with its span. The table is by language; a text is matched against all languages at once, because posts
//! mix them and a cue only counts beside a place.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use serde::Deserialize;

use super::boundary::stands_alone;
use super::country::CountryCode;
use crate::text::fold;

/// What a cue says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Meaning {
    /// The place is where the offer leads.
    Destination,
    /// The place is where the people sought are.
    Origin,
    /// The place is only passed.
    Transit,
    /// The place plays neither part.
    Elsewhere,
    /// Recruitment happens there: an interview, an office, a test.
    Recruited,
    /// The nationality is that of the people sought.
    People,
    /// The same in a language that has no other word for the nationality than the country's name.
    Nationals,
    /// The nationality is that of the household, employer or groom.
    Household,
    /// Something is offered. No side: anywhere in the text.
    Work,
    /// A word such as "in" that a place name follows.
    Locative,
    /// A body or paper of the country that workers leave.
    Licensing(CountryCode),
    /// Money or habits of a country.
    Sign(CountryCode),
}

/// On which side of a place the cue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    /// Before the place.
    Before,
    /// Behind it.
    After,
}

/// A cue seen in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cue {
    /// First byte in the folded text.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// What it says.
    pub(super) meaning: Meaning,
    /// Where the place is to be looked for.
    pub(super) side: Side,
}

/// All cues and the automaton that finds them.
pub(super) struct Cues {
    automaton: AhoCorasick,
    entries: Vec<Vec<(Meaning, Side, bool)>>,
}

/// The compiled-in cues. Built on first use.
pub(super) static CUES: LazyLock<Cues> =
    LazyLock::new(|| Cues::read(include_str!("cues.toml")).expect("a test reads cues.toml, so it is well-formed in every build that passes"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    language: Vec<LanguageCues>,
    country: Vec<CountryCues>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageCues {
    #[expect(dead_code, reason = "heading for people who edit the table")]
    tag: String,
    /// Whether a country's name is its nationality word too.
    #[serde(default)]
    bare_names: bool,
    work: Vec<String>,
    locative: Vec<String>,
    #[serde(default)]
    destination: Sides,
    #[serde(default)]
    origin: Sides,
    #[serde(default)]
    transit: Sides,
    #[serde(default)]
    elsewhere: Sides,
    #[serde(default)]
    recruited: Sides,
    #[serde(default)]
    people: Sides,
    #[serde(default)]
    household: Sides,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Sides {
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryCues {
    code: String,
    licensing: Vec<String>,
    signs: Vec<String>,
}

impl Cues {
    /// Every cue of a folded text, by position of its end.
    pub(super) fn find(&self, folded: &str) -> Vec<Cue> {
        let mut found = Vec::new();
        for hit in self.automaton.find_overlapping_iter(folded) {
            let (start, end) = (hit.start(), hit.end());
            for &(meaning, side, open) in &self.entries[hit.pattern().as_usize()] {
                if stands_alone(folded, start, end, open) {
                    found.push(Cue { start, end, meaning, side });
                }
            }
        }
        found
    }

    fn read(table: &str) -> Result<Self, toml::de::Error> {
        let table: Table = toml::from_str(table)?;
        let mut draft: HashMap<String, Vec<(Meaning, Side, bool)>> = HashMap::new();
        let mut add = |words: &[String], meaning: Meaning, side: Side| {
            for word in words {
                let (word, open) = word.strip_suffix('*').map_or((word.as_str(), false), |stem| (stem, true));
                let entry = draft.entry(fold(word)).or_default();
                if !entry.contains(&(meaning, side, open)) {
                    entry.push((meaning, side, open));
                }
            }
        };
        for language in &table.language {
            add(&language.work, Meaning::Work, Side::Before);
            add(&language.locative, Meaning::Locative, Side::Before);
            for (sides, meaning) in [
                (&language.destination, Meaning::Destination),
                (&language.origin, Meaning::Origin),
                (&language.transit, Meaning::Transit),
                (&language.elsewhere, Meaning::Elsewhere),
                (&language.recruited, Meaning::Recruited),
                (&language.people, if language.bare_names { Meaning::Nationals } else { Meaning::People }),
                (&language.household, Meaning::Household),
            ] {
                add(&sides.before, meaning, Side::Before);
                add(&sides.after, meaning, Side::After);
            }
        }
        for country in &table.country {
            let code = CountryCode::assigned(&country.code);
            add(&country.licensing, Meaning::Licensing(code), Side::Before);
            add(&country.signs, Meaning::Sign(code), Side::Before);
        }
        let mut entries: Vec<_> = draft.into_iter().collect();
        entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let (words, entries): (Vec<String>, Vec<_>) = entries.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&words)
            .expect("the table is far smaller than the automaton's limits");
        Ok(Self { automaton, entries })
    }
}
