//! Findings → [`Tally`]: counts by period, role, place and pattern, that can be added in any order.
//!
//! `Tally::default()` is the identity of [`Tally::merge`], which is associative and commutative: the tally of parts is the
//! tally of the whole. Posts judged are counted beside suspects, so that every count has its denominator.

mod period;
mod shared;

use std::collections::{BTreeMap, BTreeSet};

pub use period::Period;
pub use shared::{Shared, share};

use crate::finding::Finding;
use crate::regions::{CountryCode, Region};
use crate::typology::PatternId;
use crate::verdict::{Label, Reason};

/// In which capacity a post names a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Where the people addressed are from.
    Origin,
    /// Where the work, study, marriage or journey is said to be.
    Destination,
    /// Where the platform says it was posted.
    Posted,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Origin, Self::Destination, Self::Posted];

    /// Its spelling in reports.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Destination => "destination",
            Self::Posted => "posted",
        }
    }
}

/// A place as coarse as a row of the tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The post does not say.
    Unknown,
    /// One of the world's regions, every country of it together.
    Region(Region),
    /// One country.
    Country(CountryCode),
}

impl Area {
    /// Every region of the world, then unknown: the columns of a table.
    pub(crate) fn regions() -> impl Iterator<Item = Self> {
        Region::ALL.into_iter().map(Self::Region).chain([Self::Unknown])
    }
}

/// One cell of the tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Month of posting; none where the export does not say.
    pub period: Option<Period>,
    /// In which capacity.
    pub role: Role,
    /// Where.
    pub area: Area,
}

/// What became of the rows of a run. `read = rejected + not assessed + judged`, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows met in the inputs.
    pub read: u64,
    /// Rows that could not become a post.
    pub rejected: u64,
    /// Posts of under three words.
    pub too_short: u64,
    /// Posts in a script none of the model's languages uses.
    pub unsupported_language: u64,
    /// Posts the model read.
    pub judged: u64,
    /// Judged posts called suspect.
    pub suspect: u64,
    /// Posts over the operating point that stayed clear because they are likely no offer.
    pub silenced_by_context: u64,
    /// Judged posts that were longer than the model reads.
    pub truncated: u64,
    /// Suspects of which no pattern stands out: they count at the nearest.
    pub unclear: u64,
    /// Judged posts whose date could not be read: they count as undated.
    pub unread_dates: u64,
}

/// How many counts [`Counts`] holds.
pub const COUNTS: usize = 10;

impl Counts {
    /// All of them, to be stored, added or rounded alike.
    pub fn each(&mut self) -> [&mut u64; COUNTS] {
        let Self {
            read,
            rejected,
            too_short,
            unsupported_language,
            judged,
            suspect,
            silenced_by_context,
            truncated,
            unclear,
            unread_dates,
        } = self;
        [read, rejected, too_short, unsupported_language, judged, suspect, silenced_by_context, truncated, unclear, unread_dates]
    }

    /// Posts read but not judged.
    #[must_use]
    pub fn not_assessed(&self) -> u64 {
        self.too_short + self.unsupported_language
    }
}

/// All counts of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// What became of the rows.
    pub counts: Counts,
    /// Posts judged by cell. A post counts once in every cell it belongs to, so cells do not add up to posts.
    pub judged: BTreeMap<Cell, u64>,
    /// Suspects by cell.
    pub suspects: BTreeMap<Cell, u64>,
    /// Suspects by cell and pattern; a post with two patterns counts in both.
    pub by_pattern: BTreeMap<(Cell, PatternId), u64>,
    /// Suspects by pattern alone.
    pub patterns: BTreeMap<PatternId, u64>,
    /// Suspects by origin and destination country.
    pub corridors: BTreeMap<(CountryCode, CountryCode), u64>,
}

impl Tally {
    /// Suspects by pattern, the most frequent first.
    #[must_use]
    pub fn ranked_patterns(&self) -> Vec<(PatternId, u64)> {
        ranked(self.patterns.iter().map(|(id, count)| (*id, *count)))
    }

    /// Suspects by origin and destination where these are two countries, the most frequent first.
    #[must_use]
    pub fn ranked_corridors(&self) -> Vec<((CountryCode, CountryCode), u64)> {
        let corridors = self.corridors.iter().map(|(corridor, count)| (*corridor, *count));
        ranked(corridors.filter(|((origin, destination), _)| origin != destination))
    }

    /// Suspects by pattern and by the region the offer leads to, unknown included.
    #[must_use]
    pub fn patterns_by_destination(&self) -> BTreeMap<(PatternId, Area), u64> {
        let mut counts = BTreeMap::new();
        for ((cell, id), count) in &self.by_pattern {
            if cell.role == Role::Destination && !matches!(cell.area, Area::Country(_)) {
                *counts.entry((*id, cell.area)).or_default() += count;
            }
        }
        counts
    }

    /// Counts one finding.
    pub fn add(&mut self, finding: &Finding) {
        self.counts.read += 1;
        match finding.verdict.reason {
            Reason::TooShort => self.counts.too_short += 1,
            Reason::UnsupportedLanguage => self.counts.unsupported_language += 1,
            Reason::Context => self.counts.silenced_by_context += 1,
            Reason::Model => {}
        }
        if finding.verdict.label == Label::NotAssessed {
            return;
        }
        self.counts.judged += 1;
        self.counts.truncated += u64::from(finding.truncated);
        let date = finding.post.posted_at.as_deref().filter(|date| !date.trim().is_empty());
        let period = date.and_then(Period::parse);
        self.counts.unread_dates += u64::from(date.is_some() && period.is_none());
        let suspect = finding.verdict.label == Label::Suspect;
        self.counts.suspect += u64::from(suspect);
        self.counts.unclear += u64::from(finding.verdict.scores.as_ref().is_some_and(|scores| scores.pattern_unclear));
        let patterns: BTreeSet<PatternId> =
            finding.verdict.scores.iter().flat_map(|scores| &scores.patterns).map(|(id, _)| *id).collect();
        for cell in cells(finding, period) {
            *self.judged.entry(cell).or_default() += 1;
            if suspect {
                *self.suspects.entry(cell).or_default() += 1;
                for &id in &patterns {
                    *self.by_pattern.entry((cell, id)).or_default() += 1;
                }
            }
        }
        if suspect {
            for &id in &patterns {
                *self.patterns.entry(id).or_default() += 1;
            }
            for origin in countries(finding, Role::Origin) {
                for destination in countries(finding, Role::Destination) {
                    *self.corridors.entry((origin, destination)).or_default() += 1;
                }
            }
        }
    }

    /// Counts one row that could not become a post.
    pub fn add_rejected(&mut self) {
        self.counts.read += 1;
        self.counts.rejected += 1;
    }

    /// Adds another tally.
    pub fn merge(&mut self, mut other: Self) {
        for (own, other) in self.counts.each().into_iter().zip(other.counts.each()) {
            *own += *other;
        }
        add_all(&mut self.judged, other.judged);
        add_all(&mut self.suspects, other.suspects);
        add_all(&mut self.by_pattern, other.by_pattern);
        add_all(&mut self.patterns, other.patterns);
        add_all(&mut self.corridors, other.corridors);
    }
}

fn add_all<K: Ord>(counts: &mut BTreeMap<K, u64>, other: BTreeMap<K, u64>) {
    for (key, count) in other {
        *counts.entry(key).or_default() += count;
    }
}

/// The distinct cells a judged post belongs to: for every role its countries and their regions, or unknown.
fn cells(finding: &Finding, period: Option<Period>) -> BTreeSet<Cell> {
    let mut cells = BTreeSet::new();
    for role in Role::ALL {
        let countries = countries(finding, role);
        if countries.is_empty() {
            cells.insert(Cell { period, role, area: Area::Unknown });
        }
        for country in countries {
            cells.insert(Cell { period, role, area: Area::Country(country) });
            cells.insert(Cell { period, role, area: Area::Region(country.region()) });
        }
    }
    cells
}

fn countries(finding: &Finding, role: Role) -> BTreeSet<CountryCode> {
    let regions = &finding.regions;
    match role {
        Role::Origin => regions.origin.iter().map(|place| place.country).collect(),
        Role::Destination => regions.destination.iter().map(|place| place.country).collect(),
        Role::Posted => regions.posted.iter().map(|place| place.country).collect(),
    }
}

/// The largest counts first, equal ones in the order of what is counted.
pub(crate) fn ranked<K: Ord>(counts: impl IntoIterator<Item = (K, u64)>) -> Vec<(K, u64)> {
    let mut ranked: Vec<(K, u64)> = counts.into_iter().collect();
    ranked.sort_by(|(a, one), (b, other)| other.cmp(one).then_with(|| a.cmp(b)));
    ranked
}
