//! [`NormalText`] → [`Terms`]: which of the terms a contract should hold an offer states, and the sums it names.
//!
//! Reviewers are asked to screen for vague, abusive or missing provisions (seed 004:458). Eight terms are looked for; what is not
//! found is called *not stated*, which is no evidence by itself: most honest chat posts leave most of them out.
//! `terms.toml` holds the phrases, in the notation of [`crate::patterns`]; sums are read by [`money`], places by [`crate::regions`].

pub mod money;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

pub use self::money::{Money, Period};
use crate::evidence::Span;
use crate::patterns::{PhraseBook, Phrases};
use crate::regions::Regions;
use crate::text::NormalText;

/// What an offer of work can say of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Who employs: a name, a register number, a licensed agency.
    Employer,
    /// Where the work is.
    Place,
    /// A sum or a rate.
    Pay,
    /// Hours, shifts, days off.
    Hours,
    /// How long the contract runs.
    Duration,
    /// Which papers are signed or needed.
    Documents,
    /// Who pays fees, tickets and visas.
    Fees,
    /// Where to complain.
    Complaint,
}

impl Term {
    /// All of them, in the order reports give them.
    pub const ALL: [Self; 8] =
        [Self::Employer, Self::Place, Self::Pay, Self::Hours, Self::Duration, Self::Documents, Self::Fees, Self::Complaint];

    /// Its spelling in findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Employer => "employer",
            Self::Place => "place",
            Self::Pay => "pay",
            Self::Hours => "hours",
            Self::Duration => "duration",
            Self::Documents => "documents",
            Self::Fees => "fees",
            Self::Complaint => "complaint",
        }
    }
}

/// What an offer states of its terms.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// Those it states, in the order of [`Term::ALL`].
    pub stated: Vec<Term>,
    /// The sums it names, in the order of the text.
    pub sums: Vec<Money>,
}

impl Terms {
    /// Those it does not state.
    pub fn missing(&self) -> impl Iterator<Item = Term> {
        Term::ALL.into_iter().filter(|term| !self.stated.contains(term))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermFile {
    /// For those who review the list.
    #[serde(rename = "looks_for")]
    _looks_for: String,
    phrases: Phrases,
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static BOOK: LazyLock<PhraseBook<Term>> = LazyLock::new(|| {
    let files: BTreeMap<Term, TermFile> = toml::from_str(include_str!("terms.toml")).expect("terms.toml is well formed");
    let lists: Vec<(Term, Phrases)> = files.into_iter().map(|(term, file)| (term, file.phrases)).collect();
    PhraseBook::new(&lists)
});

/// What the text states. `regions` are the places found in it.
#[must_use]
pub fn find(text: &NormalText, regions: &Regions) -> Terms {
    let sums = money::find(text);
    let mut stated: BTreeSet<Term> = BOOK.find(text).into_iter().map(|(term, _): (Term, Span)| term).collect();
    if !sums.is_empty() {
        stated.insert(Term::Pay);
    }
    if regions.destination.iter().any(|place| place.place.is_some() && place.span.is_some()) {
        stated.insert(Term::Place);
    }
    Terms { stated: stated.into_iter().collect(), sums }
}
