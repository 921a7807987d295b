//! [`NormalText`] → [`Terms`]: which of the terms a contract should hold an offer states, and the sums, ages and hours it names.
//!
//! Reviewers are asked to screen for vague, abusive or missing provisions (seed 004:458). Eight terms are looked for; what is not
//! found is called *not stated*, which is no evidence by itself: most honest chat posts leave most of them out.
//! `terms.toml` holds the phrases, in the notation of [`crate::patterns`]; sums are read by [`money`] and `currency`, and told from fees by
//! `role`, numbers in words by `spelled`, ages and hours by [`numbers`], places by [`crate::regions`]. [`pay`] holds sums against the roles
//! they are promised for.

mod bound;
mod currency;
mod figure;
pub mod money;
pub mod numbers;
pub mod pay;
mod period;
mod role;
mod spelled;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

pub use self::money::{Money, UNNAMED};
pub use self::numbers::{Numbers, Stated};
pub use self::period::PayPeriod;
use crate::contacts::Contact;
use crate::patterns::{PhraseBook, Phrases, Silence};
use crate::regions::Regions;
use crate::text::{Language, NormalText};

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
    /// Those that its phrases, hours and places show, in the order of [`Term::ALL`]; see [`Terms::states`] for sums.
    pub stated: Vec<Term>,
    /// The sums it names, in the order of the text.
    pub sums: Vec<Money>,
    /// The ages it asks for and the hours of work it names.
    pub numbers: Numbers,
    /// Phrases of its language were looked for: only then is a term that was not found one that is not stated.
    pub read: bool,
}

impl Terms {
    /// Whether a term is stated: in words, or by a sum, which is pay or a fee.
    #[must_use]
    pub fn states(&self, term: Term) -> bool {
        let by_sum = match term {
            Term::Pay => self.sums.iter().any(|sum| !sum.fee),
            Term::Fees => self.sums.iter().any(|sum| sum.fee),
            _ => false,
        };
        by_sum || self.stated.contains(&term)
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

/// Phrase lists by what they show and by language: short labels of one language are everyday words of another, so each is read in
/// its own.
struct Book<T> {
    languages: Vec<String>,
    phrases: PhraseBook<(T, usize)>,
}

impl<T: Copy + Ord> Book<T> {
    fn new(lists: impl IntoIterator<Item = (T, Phrases, Vec<Silence>)>) -> Self {
        let mut languages: Vec<String> = Vec::new();
        let mut numbered = Vec::new();
        for (shows, phrases, silenced_by) in lists {
            for (language, phrases) in phrases {
                let number = languages.iter().position(|own| *own == language).unwrap_or(languages.len());
                if number == languages.len() {
                    languages.push(language.clone());
                }
                numbered.push(((shows, number), Phrases::from([(language, phrases)]), silenced_by.clone()));
            }
        }
        Self { phrases: PhraseBook::new(&numbered), languages }
    }

    /// What a text in this language shows.
    fn find(&self, text: &NormalText, language: &Language) -> BTreeSet<T> {
        let found = self.phrases.find(text).into_iter().map(|(shows, _)| shows);
        found.filter(|(_, number)| is_read(&self.languages[*number], &language.tag)).map(|(shows, _)| shows).collect()
    }
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static BOOK: LazyLock<Book<Term>> = LazyLock::new(|| {
    let files: BTreeMap<Term, TermFile> = toml::from_str(include_str!("terms.toml")).expect("terms.toml is well formed");
    Book::new(files.into_iter().map(|(term, file)| {
        // "No written contract" states no papers; "no fees" does state who pays.
        let denials = if term == Term::Fees { Vec::new() } else { vec![Silence::Denials] };
        (term, file.phrases, denials)
    }))
});

/// Compiles the phrases, so that the first post need not wait for it.
pub fn prepare() {
    LazyLock::force(&BOOK);
    money::prepare();
    pay::prepare();
}

/// What a text in this language states. `regions` are the places found in it, `contacts` the numbers to call, which are no sums.
#[must_use]
pub fn find(text: &NormalText, language: &Language, regions: &Regions, contacts: &[Contact]) -> Terms {
    let sums = money::read(text, language, regions, contacts);
    let mut stated = BOOK.find(text, language);
    if stated.contains(&Term::Duration) && !lasts_without(text, language, sums.iter().map(|(_, place)| place)) {
        stated.remove(&Term::Duration);
    }
    let (numbers, by_the_week) = numbers::find(text);
    if numbers.hours.is_some() || by_the_week {
        stated.insert(Term::Hours);
    }
    if regions.destination.iter().any(|place| place.place.is_some() && place.span.is_some()) {
        stated.insert(Term::Place);
    }
    let read = BOOK.languages.iter().any(|phrases| is_own(phrases, &language.tag));
    Terms { stated: stated.into_iter().collect(), sums: sums.into_iter().map(|(sum, _)| sum).collect(), numbers, read }
}

/// Whether a text still says how long the work lasts once its sums are taken out with their periods: "a job, 3 lakh per month" does not.
fn lasts_without<'r>(text: &NormalText, language: &Language, sums: impl Iterator<Item = &'r Range<usize>>) -> bool {
    let folded = text.folded();
    let (mut rest, mut at) = (String::with_capacity(folded.len()), 0);
    for sum in sums.filter(|sum| !sum.is_empty()) {
        rest.push_str(folded.get(at..sum.start).unwrap_or_default());
        rest.push(' ');
        at = at.max(sum.end);
    }
    if at == 0 {
        return true;
    }
    rest.push_str(&folded[at..]);
    BOOK.find(&NormalText::new(&rest), language).contains(&Term::Duration)
}

/// Whether phrases of a language are read in a text of another: English is mixed into adverts everywhere.
fn is_read(phrases: &str, text: &str) -> bool {
    phrases == "en" || is_own(phrases, text)
}

/// Whether phrases are of a text's language. Neighbours that share most words are taken for each other.
fn is_own(phrases: &str, text: &str) -> bool {
    let base = |tag: &str| tag.split_once('-').map_or(tag, |(base, _)| base).to_owned();
    let (phrases, text) = (base(phrases), base(text));
    let neighbours = [["en", "pcm"], ["id", "ms"]];
    phrases == text || neighbours.iter().any(|pair| pair.contains(&phrases.as_str()) && pair.contains(&text.as_str()))
}
