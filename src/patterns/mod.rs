//! Normal text comes in, [`Evidence`] goes out: which words of a post show which indicator, without any model.
//!
//! Every indicator the rules know has a card in `cards/`, a TOML file that says what it looks for, why it matters, and by which
//! phrases people say it in each language. A reviewer who does not program can read a card, question it and extend it;
//! the phrase language is described below. `negators.toml` lists the words that turn a
//! sighting into its opposite ("no fees") or into advice about it ("beware of agents who ask for fees").
//!
//! # The phrase language
//! - Words stand as people type them, with capitals and accents; both sides are folded before they are compared.
//! - `word*` also takes any ending, `*word` any beginning: `зарплат*`, `*gebühr`.
//! - `one/other/two_words` takes any of them: `pay/send .. fee/work_permit`.
//! - ` .. ` stands for a gap of up to seven words (or as much of a script without spaces) within one sentence.
//! - A word matches whole words only. Scripts that write no spaces (Han, Kana, Thai, Lao, Khmer, Burmese) match anywhere.
//! - Scripts that write no spaces need none between the words of a phrase either.
//! - Where a phrase that reassures denies, it does so within the clause: `no .. fee` is not "no interview, pay a fee". "No
//!   problem" and its like deny nothing (`idle` in `negators.toml`).
//! - Several phrases of one indicator that overlap or touch count as one sighting.
//!
//! A new card needs its name in the list below and a fixture, `tests/fixtures/indicators/<indicator>.txt`, with a sentence that
//! fires and one that stays quiet in each of its languages.
//!
//! An alternative would be regular expressions per card; phrases are easier to review, and a text is read once however many cards
//! there are (`engine`).

mod card;
mod engine;
mod negation;
mod phrase;
mod scope;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use card::{Card, Phrases, Silence};
pub(crate) use scope::is_unspaced;

use self::engine::{Engine, List, Sighting};
use crate::evidence::{Evidence, Span};
use crate::text::NormalText;
use crate::typology::IndicatorId;

macro_rules! compiled_in {
    ($($id:literal)*) => { &[$(($id, include_str!(concat!("cards/", $id, ".toml")))),*] };
}

/// File stem and text of every card, in the order of the label guide.
const FILES: &[(&str, &str)] = compiled_in! {
    "recruitment_fee" "document_fee" "travel_debt" "salary_deduction" "exit_penalty" "commission_quota" "wages_withheld"
    "crypto_payment" "advance_for_debt" "task_deposit" "passport_handover" "visa_guaranteed" "visitor_visa_work"
    "false_documents" "status_promise" "passage_for_service" "vague_destination" "destination_switch" "rushed_travel"
    "compound_site" "conflict_site" "contract_missing" "vague_job" "abusive_terms" "unlicensed_agent" "unverifiable_employer"
    "impersonation" "hollow_reassurance"
    "gender_age_targeting" "minor_targeting" "appearance_request" "unattached_targeting" "language_only_skill" "no_experience"
    "hardship_targeting" "affinity_appeal" "military_background" "private_channel" "urgency" "secrecy" "no_interview"
    "referral_bonus" "isolation" "all_inclusive_lodging" "fast_romance" "dating_to_job" "investment_pivot" "identity_harvest"
    "account_lending" "fighting_role" "crime_errand" "person_price" "organ_price" "marriage_payment" "child_payment"
    "intimate_service_hint" "licensed_recruiter" "named_employer" "no_fee_stated" "keeps_documents" "grievance_channel"
};

static CARDS: LazyLock<Vec<Card>> = LazyLock::new(|| FILES.iter().map(|(stem, text)| Card::parse(stem, text)).collect());

static ENGINE: LazyLock<Engine<IndicatorId>> = LazyLock::new(|| {
    Engine::new(CARDS.iter().map(|card| List {
        shows: card.indicator,
        phrases: &card.phrases,
        silenced_by: &card.silenced_by,
        unless: &card.unless,
        reassures: card.indicator.card().counter,
    }))
});

/// Compiles the cards, so that the first post need not wait for it.
pub fn prepare() {
    LazyLock::force(&ENGINE);
}

/// Every card, for people and for tests.
#[must_use]
pub fn cards() -> &'static [Card] {
    &CARDS
}

/// How often the rules were right where they pointed, on the dev side of `datasets/authored`: what `lurescan eval datasets/authored
/// --split dev --evidence` prints.
static MEASURED: LazyLock<BTreeMap<&str, (f32, u32)>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        Some((cells.next()?, (cells.next()?.parse().ok()?, cells.next()?.parse().ok()?)))
    };
    include_str!("measured.tsv").lines().filter_map(row).collect()
});

/// Sightings of an indicator count as decisive from this precision on, if there were so many to measure it by.
const RELIABLE: (f32, u32) = (0.8, 5);

/// Whether one sighting by a rule decides: the indicator is decisive, and the rules point at it rightly often enough.
#[must_use]
pub fn decides(indicator: IndicatorId) -> bool {
    indicator.card().decisive && is_reliable(indicator)
}

/// Whether the rules point at an indicator rightly often enough for one sighting to decide.
#[must_use]
pub fn is_reliable(indicator: IndicatorId) -> bool {
    MEASURED.get(indicator.id()).is_some_and(|(precision, sightings)| *precision >= RELIABLE.0 && *sightings >= RELIABLE.1)
}

/// What the cards see in a text, sorted by span, in whole words. Sightings of one indicator do not overlap.
#[must_use]
pub fn find(text: &NormalText) -> Vec<Evidence> {
    let folded = text.folded();
    let mut shown: Vec<Sighting<IndicatorId>> = Vec::new();
    for Sighting { shows, start, end } in ENGINE.find(folded) {
        let whole = scope::shown(folded, start..end);
        // Whole words may overlap where phrases do not.
        match shown.last_mut().filter(|last| last.shows == shows && whole.start < last.end) {
            Some(last) => last.end = last.end.max(whole.end),
            None => shown.push(Sighting { shows, start: whole.start, end: whole.end }),
        }
    }
    let one = |seen: Sighting<IndicatorId>| Evidence { indicator: seen.shows, span: text.span(seen.start..seen.end) };
    let mut evidence: Vec<Evidence> = shown.into_iter().map(one).collect();
    evidence.sort_unstable_by_key(|e| (e.span, e.indicator));
    evidence
}

/// Lists of phrases that show other things than indicators, compiled.
pub struct PhraseBook<T> {
    engine: Engine<T>,
}

impl<T: Copy + Ord> PhraseBook<T> {
    /// Compiles lists, each with what its phrases show and what turns them round.
    ///
    /// # Panics
    /// If a phrase is malformed.
    #[must_use]
    pub fn new(lists: &[(T, Phrases, Vec<Silence>)]) -> Self {
        let unless = Phrases::new();
        let lists = lists.iter().map(|(shows, phrases, silenced_by)| List {
            shows: *shows,
            phrases,
            silenced_by,
            unless: &unless,
            reassures: false,
        });
        Self { engine: Engine::new(lists) }
    }

    /// What is shown where, sorted by what is shown and then by place.
    #[must_use]
    pub fn find(&self, text: &NormalText) -> Vec<(T, Span)> {
        self.engine.find(text.folded()).into_iter().map(|found| (found.shows, text.span(found.start..found.end))).collect()
    }
}
