//! regions: normalised text → the places it speaks of.
//!
//! In: a [`NormalText`] and, if the platform gives one, its region. Out: [`Regions`]: where the people sought are, where the offer leads,
//! what else is named, and, apart from these, what the platform says. Pure; the gazetteer is compiled in (`datasets/gazetteer/`).
//!
//! The way: names (`gazetteer`, `boundary`) → readings that hold (`reading`) → parts they play (`roles`, `cues`, `between`).
//! Ambiguity is kept: a name with two readings gives two places with split probability, a name that is also a word needs evidence,
//! and a text that does not say gives empty lists. What the words leave open, [`Regions::inferred`] weighs with the platform's region, the
//! language, the kind of post and what a model makes of it (`inference`); what is not likely stays out.
//! A country is never evidence for suspicion: nothing in a verdict may read what this room writes.

mod between;
mod boundary;
mod country;
mod cues;
mod gazetteer;
pub mod inference;
mod language;
mod profile;
mod reading;
mod roles;
mod rows;
mod sums;
mod sureness;
mod tables;

pub use country::{CountryCode, Region};

use crate::evidence::Span;
use crate::text::NormalText;
use cues::CUES;
use gazetteer::GAZETTEER;

/// What a place was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceSource {
    /// Words of the post: a name, or its papers.
    Text,
    /// Its money, and nothing else in it.
    Currency,
    /// The language it is written in.
    Language,
    /// A telephone number in it.
    Phone,
    /// The platform.
    Metadata,
}

impl PlaceSource {
    /// The id findings use.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Currency => "currency",
            Self::Language => "lang",
            Self::Phone => "phone",
            Self::Metadata => "metadata",
        }
    }
}

/// One country a post has to do with.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The country.
    pub country: CountryCode,
    /// City, province or zone by its name in the gazetteer, where the post is that precise.
    pub place: Option<String>,
    /// How sure we are that the place is meant and plays this part.
    pub p: f32,
    /// What it was read from.
    pub from: PlaceSource,
    /// The words that name it.
    pub span: Option<Span>,
}

/// A country that money, papers or authorities of a post show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sign {
    /// Which.
    pub country: CountryCode,
    /// Whether its money is all that shows it.
    pub money_alone: bool,
}

/// The places of a post. Each list has a country once, surest first. [`locate`] gives what the words say, [`Regions::inferred`] what
/// follows from it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Regions {
    /// Where the people the offer addresses are.
    pub origin: Vec<Place>,
    /// Where the work, study, marriage or journey is said to be.
    pub destination: Vec<Place>,
    /// Every place the post names, the two lists above included.
    pub mentioned: Vec<Place>,
    /// Where the platform says the post was made.
    pub posted: Option<Place>,
    /// Countries whose money, papers or authorities the post speaks of, each once, in order of code.
    pub signs: Vec<Sign>,
    /// Countries whose telephone numbers the post gives, each once, in order of code; [`locate`] leaves them to whoever knows the
    /// contacts.
    pub called: Vec<CountryCode>,
}

/// What the words of a post say of places. `posted_region` is what the platform says: a country code or free text.
#[must_use]
pub fn locate(text: &NormalText, posted_region: Option<&str>) -> Regions {
    let posted = posted_region.and_then(posted);
    let home = posted.as_ref().map(|place| place.country);
    let folded = text.folded();
    let sightings = GAZETTEER.sightings(folded);
    let cues = CUES.find(folded, sightings.iter().map(|s| s.start..s.end));
    let signs = cues::signs(&cues);
    if sightings.is_empty() {
        return Regions { posted, signs, ..Regions::default() };
    }
    let believed = reading::believed(text, sightings, &cues, home);
    Regions { posted, signs, ..roles::assign(text, &believed, &cues, home) }
}

/// Every name of a place in a text, whether it is believed or not: what two copies of one advert may differ in.
#[must_use]
pub fn names(text: &NormalText) -> Vec<Span> {
    GAZETTEER.sightings(text.folded()).into_iter().map(|s| text.span(s.start..s.end)).collect()
}

/// The country a platform's region field names: a code, or text in which exactly one country is named.
fn posted(region: &str) -> Option<Place> {
    let whole = |country| Place { country, place: None, p: 1.0, from: PlaceSource::Metadata, span: None };
    if let Some(country) = CountryCode::parse(region) {
        return Some(whole(country));
    }
    let text = NormalText::new(region);
    let believed = reading::believed(&text, GAZETTEER.sightings(text.folded()), &[], None);
    let first = believed.first()?;
    let [reading] = first.readings.as_slice() else { return None };
    let one = believed.iter().all(|s| matches!(s.readings.as_slice(), [other] if other.country == reading.country));
    one.then(|| Place { place: reading.place.map(str::to_owned), p: 0.9, ..whole(reading.country) })
}
