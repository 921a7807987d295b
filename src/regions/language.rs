//! Origin from the language of a post together with what its words say.
//!
//! In: [`Regions`] as read from the words, and the post's language. Out: the same, with an origin where the words give a destination but no origin and
//! the language settles who is addressed. An offer in Indonesian for work in Taiwan addresses people in Indonesia; an offer in Polish for work in
//! Poland addresses people in Poland (label guide: a domestic offer has origin = destination). English, Arabic, Spanish and the like settle nothing
//! unless the platform's region is one of their countries. The language alone, without a destination, gives nothing.

use super::{CountryCode, Place, PlaceSource, Regions};

// Measured on labelled posts and rounded to the nearest twentieth.
const ABROAD_AND_POSTED: f32 = 0.8;
const HOME_AND_POSTED: f32 = 0.8;
const ABROAD: f32 = 0.8;
const HOME: f32 = 0.7;

/// Countries whose people are addressed in a language. A language of one country settles the country by itself;
/// one of several does so only with the platform's region.
const COUNTRIES: [(&str, &str); 38] = [
    ("am", "ET"),
    ("ar", "EG MA DZ TN SD SY JO IQ YE LB LY"),
    ("bg", "BG"),
    ("bn", "BD IN"),
    ("de", "DE AT"),
    ("es", "MX CO PE EC BO AR CL VE PY UY CR GT HN NI SV PA DO CU ES"),
    ("fa", "IR AF"),
    ("fr", "FR SN CI CM ML BF BJ TG GN CD CG MG MA TN DZ HT BE"),
    ("ha", "NG NE"),
    ("hi", "IN"),
    ("id", "ID"),
    ("it", "IT"),
    ("ja", "JP"),
    ("kk", "KZ"),
    ("km", "KH"),
    ("ko", "KR"),
    ("ky", "KG"),
    ("lo", "LA"),
    ("ms", "MY"),
    ("my", "MM"),
    ("ne", "NP"),
    ("pcm", "NG"),
    ("pl", "PL"),
    ("pt", "BR PT AO MZ CV GW"),
    ("ro", "RO MD"),
    ("ru", "RU KZ KG UZ TJ BY UA MD"),
    ("si", "LK"),
    ("sw", "KE TZ UG"),
    ("ta", "LK IN"),
    ("tg", "TJ"),
    ("th", "TH"),
    ("tl", "PH"),
    ("tr", "TR"),
    ("uk", "UA"),
    ("ur", "PK"),
    ("uz", "UZ"),
    ("vi", "VN"),
    ("zh", "CN TW HK MO"),
];

impl Regions {
    /// Adds the origin that the language settles, if the words leave it open or nearly so. `tag` is a BCP 47 tag; only its first part counts.
    #[must_use]
    pub fn with_language(mut self, tag: &str) -> Self {
        if self.origin.iter().all(|place| place.p < 0.5)
            && let Some(place) = self.origin_by_language(tag)
        {
            self.origin.retain(|known| known.country != place.country);
            self.origin.insert(0, place);
        }
        self
    }

    fn origin_by_language(&self, tag: &str) -> Option<Place> {
        let [destination] = self.destination.as_slice() else { return None };
        let language = tag.split('-').next()?;
        let (_, countries) = COUNTRIES.iter().find(|(known, _)| *known == language)?;
        let posted = self.posted.as_ref().map(|place| place.country);
        let home = match posted {
            Some(posted) => Some(posted).filter(|posted| countries.split(' ').any(|code| code == posted.as_str()))?,
            None => CountryCode::parse(countries)?,
        };
        let p = match (posted.is_some(), destination.country == home) {
            (true, false) => ABROAD_AND_POSTED,
            (true, true) => HOME_AND_POSTED,
            (false, false) => ABROAD,
            (false, true) => HOME,
        };
        Some(Place { country: home, place: None, p, from: PlaceSource::Language, span: None })
    }
}
