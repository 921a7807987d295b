//! regions: normalised text → the places it speaks of.
//!
//! In: a [`NormalText`] and, if the platform gives one, its region. Out: [`Regions`]: where the people sought are, where the offer leads,
//! what else is named, and, apart from these, what the platform says. Pure; the gazetteer is compiled in (`datasets/gazetteer/`).
//!
//! The way: names (`gazetteer`, `boundary`) → readings that hold (`reading`) → parts they play (`roles`, `cues`).
//! Ambiguity is kept: a name with two readings gives two places with split probability, a name that is also a word needs evidence,
//! and a post that does not say gives empty lists. The text's language alone gives no place.
//! A country is never evidence for suspicion: nothing in a verdict may read what this room writes.

mod boundary;
mod country;
mod cues;
mod gazetteer;
mod language;
mod matcher;
mod profile;
mod reading;
mod roles;
mod rows;
mod sums;
mod tables;

pub use country::{CountryCode, Region};

use crate::evidence::Span;
use crate::text::NormalText;
use cues::CUES;
use gazetteer::GAZETTEER;

/// What a place was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceSource {
    /// Words of the post.
    Text,
    /// The language it is written in, together with its words.
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

/// The places of a post. Each list has a country once, surest first, and is empty where the post does not say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Regions {
    /// Where the people the offer addresses are.
    pub origin: Vec<Place>,
    /// Where the work, study, marriage or journey is said to be.
    pub destination: Vec<Place>,
    /// Every place the post names, the two lists above included.
    pub mentioned: Vec<Place>,
    /// Where the platform says the post was made. It never enters the lists above; it only helps to read them.
    pub posted: Option<Place>,
}

/// The places of a post. `posted_region` is what the platform says: a country code or free text.
#[must_use]
pub fn locate(text: &NormalText, posted_region: Option<&str>) -> Regions {
    let posted = posted_region.and_then(posted);
    let home = posted.as_ref().map(|place| place.country);
    let folded = text.folded();
    let sightings = GAZETTEER.sightings(folded);
    if sightings.is_empty() {
        return Regions { posted, ..Regions::default() };
    }
    let cues = CUES.find(folded, sightings.iter().map(|s| s.start..s.end));
    let believed = reading::believed(text, sightings, &cues, home);
    Regions { posted, ..roles::assign(text, &believed, &cues, home) }
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
