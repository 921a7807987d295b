//! Words around a place that say what part it plays: `cues.toml`, read once.
//!
//! In: folded text. Out: every cue in it, with its span. The table is by language; a text is matched against all languages at once, because posts
//! mix them and a cue only counts beside a place.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Sign;
use super::boundary::{cut_before, stands_alone};
use super::country::CountryCode;
use crate::text::{SortedWords, fold};

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
    /// Papers, networks or habits of a country.
    Sign(CountryCode),
    /// Money of a country.
    Money(CountryCode),
    /// Somebody is called or asked for: a name beside it that people have too is a person's.
    Contact,
    /// The place right beside it is not meant.
    Denied,
    /// People are addressed by where they live: the next place is theirs.
    Addressed,
    /// "From", in the language of this number: the place right behind it may be where a way begins.
    From(usize),
    /// "To", in the same language: the place behind it is where that way leads.
    To(usize),
}

impl Meaning {
    fn counts_anywhere(self) -> bool {
        matches!(self, Self::Work | Self::Licensing(_) | Self::Sign(_) | Self::Money(_))
    }
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

/// The countries whose money, papers or authorities are among the cues, each once, in order of code.
pub(super) fn signs(cues: &[Cue]) -> Vec<Sign> {
    let mut money_alone = BTreeMap::new();
    for cue in cues {
        let (country, money) = match cue.meaning {
            Meaning::Money(country) => (country, true),
            Meaning::Sign(country) | Meaning::Licensing(country) => (country, false),
            _ => continue,
        };
        *money_alone.entry(country).or_insert(true) &= money;
    }
    money_alone.into_iter().map(|(country, money_alone)| Sign { country, money_alone }).collect()
}

/// All cues and what they say.
pub(super) struct Cues {
    /// Those that speak of the place they stand by.
    beside: Table,
    /// Those that count wherever they stand.
    anywhere: Table,
    /// Names of places that people have too, folded and in order.
    given_names: Vec<String>,
}

/// What each word says, by word.
type Draft = BTreeMap<String, Vec<(Meaning, Side, bool)>>;

/// Bytes around a place in which a cue may begin that speaks of it: its longest reach and the longest phrase, in any script.
const AROUND: usize = 200;

struct Table {
    words: SortedWords,
    entries: Vec<Vec<(Meaning, Side, bool)>>,
}

/// The compiled-in cues. Built on first use.
pub(super) static CUES: LazyLock<Cues> = LazyLock::new(|| {
    Cues::read(include_str!("cues.toml")).expect("a test reads cues.toml, so it is well-formed in every build that passes")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    given_names: Vec<String>,
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
    locative_after: Vec<String>,
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
    #[serde(default)]
    contact: Sides,
    #[serde(default)]
    denied: Sides,
    #[serde(default)]
    addressed: Sides,
    #[serde(default)]
    route: Route,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Sides {
    before: Vec<String>,
    after: Vec<String>,
}

/// "From" and "to" of one language: "de" and "a" are a way only together.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Route {
    from: Vec<String>,
    to: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryCues {
    code: String,
    licensing: Vec<String>,
    #[serde(default)]
    money: Vec<String>,
    signs: Vec<String>,
}

impl Cues {
    /// The cues of a folded text, overlapping ones too: those that count anywhere, and those around the places at `at`.
    pub(super) fn find(&self, folded: &str, at: impl Iterator<Item = Range<usize>>) -> Vec<Cue> {
        let mut found = Vec::new();
        self.anywhere.find(folded, 0..folded.len(), &mut found);
        let mut done = 0;
        for place in at {
            let from = boundary(folded, place.start.saturating_sub(AROUND)).max(done);
            let to = boundary(folded, (place.end + AROUND).min(folded.len()));
            if from < to {
                self.beside.find(folded, from..to, &mut found);
                done = to;
            }
        }
        found
    }

    /// Whether people have this name too.
    pub(super) fn is_given_name(&self, folded: &str) -> bool {
        self.given_names.binary_search_by(|name| name.as_str().cmp(folded)).is_ok()
    }

    fn read(table: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(table)?;
        let (mut beside, mut anywhere) = (Draft::new(), Draft::new());
        let mut add = |words: &[String], meaning: Meaning, side: Side| {
            for word in words {
                let (word, open) = word.strip_suffix('*').map_or((word.as_str(), false), |stem| (stem, true));
                let mut word = fold(word);
                // "w", "z": the table's shortest entry has two bytes, and a place comes after a space anyway. "Firma z" must not end before its
                // own last word does.
                let last = word.rsplit(' ').next().unwrap_or_default();
                if last.len() == 1 && (word.len() == 1 || side == Side::Before) {
                    word.push(' ');
                }
                // A word may be both, as "job" is: it is then in both tables.
                let draft = if meaning.counts_anywhere() { &mut anywhere } else { &mut beside };
                let entry = draft.entry(word).or_default();
                if !entry.contains(&(meaning, side, open)) {
                    entry.push((meaning, side, open));
                }
            }
        };
        for (number, language) in file.language.iter().enumerate() {
            add(&language.route.from, Meaning::From(number), Side::Before);
            add(&language.route.to, Meaning::To(number), Side::Before);
            add(&language.work, Meaning::Work, Side::Before);
            add(&language.locative, Meaning::Locative, Side::Before);
            add(&language.locative_after, Meaning::Locative, Side::After);
            for (sides, meaning) in [
                (&language.destination, Meaning::Destination),
                (&language.origin, Meaning::Origin),
                (&language.transit, Meaning::Transit),
                (&language.elsewhere, Meaning::Elsewhere),
                (&language.recruited, Meaning::Recruited),
                (&language.people, if language.bare_names { Meaning::Nationals } else { Meaning::People }),
                (&language.household, Meaning::Household),
                (&language.contact, Meaning::Contact),
                (&language.denied, Meaning::Denied),
                (&language.addressed, Meaning::Addressed),
            ] {
                add(&sides.before, meaning, Side::Before);
                add(&sides.after, meaning, Side::After);
            }
        }
        for country in &file.country {
            let code = CountryCode::assigned(&country.code);
            add(&country.licensing, Meaning::Licensing(code), Side::Before);
            add(&country.money, Meaning::Money(code), Side::Before);
            add(&country.signs, Meaning::Sign(code), Side::Before);
        }
        let mut given_names: Vec<String> = file.given_names.iter().map(|name| fold(name)).collect();
        given_names.sort_unstable();
        Ok(Self { beside: Table::new(beside), anywhere: Table::new(anywhere), given_names })
    }
}

impl Table {
    fn new(draft: Draft) -> Self {
        Self { words: SortedWords::new(draft.keys().map(String::as_str)), entries: draft.into_values().collect() }
    }

    /// The cues that begin in a range of the text.
    fn find(&self, folded: &str, range: Range<usize>, found: &mut Vec<Cue>) {
        let mut before = folded[..range.start].chars().next_back();
        for (at, c) in folded[range.clone()].char_indices() {
            let start = range.start + at;
            if cut_before(before, c) {
                for (length, entry) in self.words.prefixes(&folded.as_bytes()[start..]) {
                    let end = start + length;
                    for &(meaning, side, open) in &self.entries[entry] {
                        if stands_alone(folded, start, end, open) {
                            found.push(Cue { start, end, meaning, side });
                        }
                    }
                }
            }
            before = Some(c);
        }
    }
}

/// The nearest character boundary at or before `at`.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
