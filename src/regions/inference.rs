//! Who is addressed and where the offer leads, where the words leave it open.
//!
//! In: [`Regions`] as read from the words, the post's language, and what kind of post it is. Out: the same, with every country that is
//! likely to play a part, each with its probability.
//!
//! Most posts do not name the country they are posted in: a shop in Łódź that looks for a baker writes "Łódź" or nothing at all.
//! Candidates are the countries named, the platform's, those whose money or papers the post speaks of or whose telephone numbers it
//! gives, and that of a language of one country. Facts about each are weighed by a logistic regression per part. Its weights stand in
//! `inference.tsv`, fitted to the training side of `datasets/authored`; `cargo test fit_the_weights -- --ignored` fits them again and
//! compares. A model's head on places is fitted on top of this table: after a change every model that has one needs
//! `lurescan train RECIPE --keep-layers`.
//! No fact is about a particular country.
//!
//! That a town is named weighs more in an advert than in a dating profile whose writer lives there, and a table cannot tell the two apart.
//! Hence a model that has read the post may move some of the weights ([`MOVED`]): a linear head on the pooled vector (`heads.places`,
//! two parts by six facts), fitted to the training side on top of the table when the layers are done (`training/places.rs`). A post's
//! numbers are kept with its logits, so it costs twelve products of a vector; `config.json` names the facts, and a build that weighs
//! other facts refuses the model. Letting the head overrule what a cue says, or the only place of an offer, trades recall for as much
//! precision, and a country that a post plainly states must not go missing.
//! A head on the tokens of each name, which sees that one of two towns is meant, is absent: names would have to be found among the tokens of
//! every post.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::language::countries;
use super::sureness::{BY_CUE, ONE_OF_SEVERAL, ORIGIN_BY_CUE, STATED};
use super::{CountryCode, Place, PlaceSource, Regions};
use crate::classifier::PARTS;
use crate::typology::Context;
use crate::verdict::sigmoid;

/// Facts about a candidate.
pub const FACTS: usize = 36;

/// A country that may play a part in a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which.
    pub country: CountryCode,
    /// What may be known of it, by the names of `inference.tsv` and in their order, and whether it holds.
    pub facts: [(&'static str, bool); FACTS],
}

/// Facts whose weight a model may move, `base` being that of every candidate.
pub const MOVED: [&str; 6] =
    ["base", "named", "named_first", "posted_here", "only_country_of_language", "one_country_of_language"];

/// What a model says of [`MOVED`]: by how much it moves each weight, for destinations and for origins.
pub type Moves = [[f32; MOVED.len()]; PARTS];

/// The outputs of a head on places; none where there is no such head.
#[must_use]
pub fn moves(outputs: &[f32]) -> Option<Moves> {
    let (rows, []) = outputs.as_chunks() else { return None };
    rows.try_into().ok()
}

impl Candidate {
    /// Which of [`MOVED`] hold.
    #[must_use]
    pub fn moved(&self) -> [bool; MOVED.len()] {
        MOVED.map(|name| name == "base" || self.facts.iter().any(|(own, holds)| *own == name && *holds))
    }

    /// Log-odds of being a destination and an origin by the facts alone.
    #[must_use]
    pub fn log_odds(&self) -> [f32; PARTS] {
        WEIGHTS.each_ref().map(|weights| weights.log_odds(self))
    }
}

/// A country is listed from this probability on: below it, more would be listed wrongly than a count by country can bear.
const ENOUGH: f32 = 0.6;

/// Log-odds that each fact adds, and those of a candidate of which none holds.
struct Weights {
    base: f32,
    facts: Vec<(&'static str, f32)>,
}

impl Weights {
    fn log_odds(&self, candidate: &Candidate) -> f32 {
        let mut log_odds = self.base;
        for ((name, holds), (own, weight)) in candidate.facts.iter().zip(&self.facts) {
            debug_assert_eq!(name, own, "inference.tsv has the facts in their order");
            log_odds += if *holds { *weight } else { 0.0 };
        }
        log_odds
    }

    fn p(&self, candidate: &Candidate, moves: Option<&[f32; MOVED.len()]>) -> f32 {
        let moved: f32 =
            candidate.moved().iter().zip(moves.into_iter().flatten()).map(|(holds, by)| if *holds { *by } else { 0.0 }).sum();
        sigmoid(self.log_odds(candidate) + moved)
    }
}

/// For destination and origin.
#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static WEIGHTS: LazyLock<[Weights; PARTS]> =
    LazyLock::new(|| read(include_str!("inference.tsv")).expect("inference.tsv has a line for every fact"));

/// Lines of fact, weight for destination, weight for origin; the first is `base`.
fn read(table: &'static str) -> Option<[Weights; PARTS]> {
    let line = |line: &'static str| {
        let mut cells = line.split('\t');
        Some((cells.next()?, [cells.next()?.parse::<f32>().ok()?, cells.next()?.parse::<f32>().ok()?]))
    };
    let lines: Vec<(&str, [f32; PARTS])> =
        table.lines().filter(|line| !line.starts_with('#')).map(line).collect::<Option<_>>()?;
    let [("base", bases), facts @ ..] = lines.as_slice() else { return None };
    let weights = |part: usize| Weights { base: bases[part], facts: facts.iter().map(|(name, by)| (*name, by[part])).collect() };
    (facts.len() == FACTS).then(|| [weights(0), weights(1)])
}

impl Regions {
    /// The lists of a whole post: countries that play each part with a probability of 0.6 and more, surest first. `tag` is the BCP 47 tag of its
    /// language, `context` what kind of post it is, where that is known; `moves` is what the model's head on places says.
    #[must_use]
    pub fn inferred(mut self, tag: &str, context: Option<Context>, moves: Option<&Moves>) -> Self {
        let candidates = self.candidates(tag, context);
        // What a cue says stands, however many other places there are; but small talk leads nowhere, and where the words are
        // less sure, who has read the whole post knows better.
        let least = |stated: f32| match moves {
            _ if context == Some(Context::Unrelated) => f32::INFINITY,
            Some(_) => stated,
            None => 0.0,
        };
        let likely = |part: usize, read: &[Place], other: &[Place]| {
            let p = |candidate: &Candidate| WEIGHTS[part].p(candidate, moves.map(|moves| &moves[part]));
            self.likely(&candidates, &p, &Read { own: read, other, least: least(STATED[part]) }, tag)
        };
        let (destination, origin) = (likely(0, &self.destination, &self.origin), likely(1, &self.origin, &self.destination));
        (self.destination, self.origin) = (destination, origin);
        self
    }

    /// Every country that may play a part, in order of code, with what speaks for it and against.
    #[must_use]
    pub fn candidates(&self, tag: &str, context: Option<Context>) -> Vec<Candidate> {
        let known = Known::new(self, tag, context);
        known.countries().into_iter().map(|country| known.candidate(country)).collect()
    }

    /// The likely ones of the candidates by `p`, each with the words that name it, if any.
    fn likely(&self, candidates: &[Candidate], p: &dyn Fn(&Candidate) -> f32, read: &Read<'_>, tag: &str) -> Vec<Place> {
        let place = |candidate: &Candidate| {
            let country = candidate.country;
            let worded = read.own.iter().find(|place| place.country == country);
            let p = p(candidate).max(worded.filter(|place| place.p >= read.least).map_or(0.0, |place| place.p));
            let (from, named) = match worded {
                Some(place) => (place.from, Some(place)),
                None => self.told_by(country, read.other, tag),
            };
            let place = named.and_then(|place| place.place.clone());
            Place { country, place, p, from, span: named.and_then(|place| place.span) }
        };
        let mut places: Vec<Place> = candidates.iter().map(place).filter(|place| place.p >= ENOUGH).collect();
        places.sort_by(|a, b| b.p.total_cmp(&a.p).then(a.country.cmp(&b.country)));
        places
    }

    /// What tells of a country that the words give no such part, and the name of it, if that is what tells. A name that plays the `other`
    /// part is not what this one was read from, unless there is nothing else; nor is its money, where people speak its language.
    fn told_by(&self, country: CountryCode, other: &[Place], tag: &str) -> (PlaceSource, Option<&Place>) {
        let of = |places: &[Place]| places.iter().any(|place| place.country == country);
        let is_posted = self.posted.as_ref().is_some_and(|place| place.country == country);
        let is_spoken = countries(tag).any(|code| code == country.as_str());
        let sign = self.signs.iter().find(|sign| sign.country == country);
        let only_money = sign.is_some_and(|sign| sign.money_alone);
        let is_named = of(&self.mentioned);
        let named_for_this = is_named && !of(other);
        if is_posted {
            (PlaceSource::Metadata, None)
        } else if self.called.contains(&country) && !is_named {
            (PlaceSource::Phone, None)
        } else if is_spoken && (sign.is_none() || (only_money && !named_for_this)) {
            (PlaceSource::Language, None)
        } else if only_money && !named_for_this {
            (PlaceSource::Currency, None)
        } else {
            let named = self.mentioned.iter().find(|place| place.country == country);
            (PlaceSource::Text, named.filter(|_| named_for_this || sign.is_none()))
        }
    }
}

/// What the words alone gave for a part.
struct Read<'a> {
    own: &'a [Place],
    /// What they gave for the other part.
    other: &'a [Place],
    /// From this probability on a place in `own` stands.
    least: f32,
}

/// What is known of a post before its candidates are weighed.
struct Known<'a> {
    regions: &'a Regions,
    context: Option<Context>,
    /// Countries of its language.
    spoken: BTreeSet<CountryCode>,
    /// The country of its language, if that has only one.
    only: Option<CountryCode>,
    /// The platform's.
    posted: Option<CountryCode>,
    /// Named before all others.
    first: Option<CountryCode>,
    /// Shown by money, papers, authorities or telephone numbers. Too few records have a number with its country for a weight of its own.
    /// Dialling codes are among the signs too: those of numbers that are masked or cut off and so are no numbers to the contacts.
    shown: BTreeSet<CountryCode>,
}

impl<'a> Known<'a> {
    fn new(regions: &'a Regions, tag: &str, context: Option<Context>) -> Self {
        let spoken: BTreeSet<CountryCode> = countries(tag).filter_map(CountryCode::parse).collect();
        let only = spoken.first().copied().filter(|_| spoken.len() == 1);
        let posted = regions.posted.as_ref().map(|place| place.country);
        let first = regions.mentioned.iter().min_by_key(|place| place.span.map_or(usize::MAX, |span| span.start));
        let first = first.map(|place| place.country);
        let shown = regions.signs.iter().map(|sign| sign.country).chain(regions.called.iter().copied()).collect();
        Self { regions, context, spoken, only, posted, first, shown }
    }

    /// Every country that may play a part.
    fn countries(&self) -> BTreeSet<CountryCode> {
        let named = self.regions.mentioned.iter().map(|place| place.country);
        named.chain(self.posted).chain(self.only).chain(self.shown.iter().copied()).collect()
    }

    /// A country with its facts.
    fn candidate(&self, country: CountryCode) -> Candidate {
        let Known { regions, context, spoken, only, posted, first, shown } = self;
        let p = |places: &[Place]| places.iter().find(|place| place.country == country).map_or(0.0, |place| place.p);
        let (destination, origin) = (p(&regions.destination), p(&regions.origin));
        let elsewhere = |place: &&Place| place.country != country;
        let other_by_cue = regions.destination.iter().filter(elsewhere).any(|place| place.p >= BY_CUE);
        let other_likely = |place: &Place| (ONE_OF_SEVERAL..BY_CUE).contains(&place.p);
        let other_likely = regions.destination.iter().filter(elsewhere).any(other_likely);
        let other_origin = regions.origin.iter().any(|place| elsewhere(&place));
        let is_named = regions.mentioned.iter().any(|place| place.country == country);
        let others = regions.mentioned.iter().filter(elsewhere).count();
        let is_first = *first == Some(country);
        let is_posted = *posted == Some(country);
        let posted_elsewhere = posted.is_some() && !is_posted;
        let is_only = *only == Some(country);
        let is_spoken = spoken.contains(&country);
        let home = is_posted || (is_only && !posted_elsewhere);
        let is_shown = shown.contains(&country);
        let others_shown = !is_shown && !shown.is_empty();
        let small_talk = *context == Some(Context::Unrelated);
        let offer = *context == Some(Context::Offer);
        let facts = [
            // What the words say of it.
            ("destination_by_cue", destination >= BY_CUE),
            ("destination_likely", (ONE_OF_SEVERAL..BY_CUE).contains(&destination)),
            ("destination_faint", destination > 0.0 && destination < ONE_OF_SEVERAL),
            ("origin_by_cue", origin >= ORIGIN_BY_CUE),
            ("origin_likely", origin > 0.0 && origin < ORIGIN_BY_CUE),
            ("named", is_named),
            ("named_first", is_first),
            ("named_without_part", is_named && destination == 0.0 && origin == 0.0),
            // What they say of others.
            ("other_destination_by_cue", other_by_cue),
            ("other_destination_likely", other_likely),
            ("other_origin", other_origin),
            ("one_other_named", others == 1),
            ("several_others_named", others > 1),
            // The platform and the language.
            ("posted_here", is_posted),
            ("posted_elsewhere", posted_elsewhere),
            ("only_country_of_language", is_only),
            ("one_country_of_language", is_spoken && !is_only),
            ("posted_here_in_foreign_language", is_posted && !spoken.is_empty() && !is_spoken),
            ("posted_here_in_its_language", is_posted && is_only),
            // Signs of a country: its money, papers, authorities, telephone numbers.
            ("sign", is_shown),
            ("sign_of_others", others_shown),
            ("named_with_sign", is_named && is_shown),
            // Home is the platform's country or, without one, the only country of the language.
            ("home_and_none_named", home && regions.mentioned.is_empty()),
            ("home_and_others_named", home && !is_named && others > 0),
            ("home_beside_other_destination", home && other_by_cue),
            ("home_beside_other_origin", home && other_origin),
            ("home_with_sign", home && is_shown),
            ("home_with_sign_of_others", home && others_shown),
            ("home_and_destination_by_cue", home && destination >= BY_CUE),
            ("sign_but_posted_elsewhere", is_shown && posted_elsewhere),
            ("sign_beside_other_origin", is_shown && other_origin),
            ("language_and_named_first", is_spoken && is_first),
            // What kind of post it is.
            ("small_talk", small_talk),
            ("offer", offer),
            ("home_and_small_talk", home && small_talk),
            ("home_and_offer", home && offer),
        ];
        Candidate { country, facts }
    }
}
