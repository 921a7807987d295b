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
//! - Several phrases of one indicator that touch count as one sighting, the longest.
//!
//! A new card needs its name in the list below and a fixture, `tests/fixtures/indicators/<indicator>.txt`, with a sentence that
//! fires and one that stays quiet in each of its languages.
//!
//! An alternative would be regular expressions per card; phrases are easier to review, and one automaton over all of them
//! reads a text once however many cards there are.

mod card;
mod engine;
mod negation;
mod phrase;
mod scope;

use std::sync::LazyLock;

pub use card::{Card, Silence};

use crate::evidence::Evidence;
use crate::text::NormalText;

macro_rules! compiled_in {
    ($($id:literal)*) => { &[$(($id, include_str!(concat!("cards/", $id, ".toml")))),*] };
}

/// File stem and text of every card, in the order of the label guide.
const FILES: &[(&str, &str)] = compiled_in! {
    "recruitment_fee" "document_fee" "travel_debt" "salary_deduction" "exit_penalty" "wages_withheld" "crypto_payment"
    "task_deposit" "passport_handover" "visa_guaranteed" "visitor_visa_work" "false_documents" "passage_for_service"
    "abusive_terms" "hollow_reassurance" "no_experience" "private_channel" "urgency" "secrecy" "no_interview" "referral_bonus"
    "isolation" "all_inclusive_lodging" "dating_to_job" "investment_pivot" "identity_harvest" "account_lending"
    "fighting_role" "crime_errand" "person_price" "organ_price" "marriage_payment" "child_payment" "licensed_recruiter"
    "no_fee_stated"
};

static CARDS: LazyLock<Vec<Card>> = LazyLock::new(|| FILES.iter().map(|(stem, text)| Card::parse(stem, text)).collect());

static ENGINE: LazyLock<engine::Engine> = LazyLock::new(|| engine::Engine::new(&CARDS));

/// Every card, for people and for tests.
#[must_use]
pub fn cards() -> &'static [Card] {
    &CARDS
}

/// What the cards see in a text, sorted by span. Sightings of one indicator do not overlap.
#[must_use]
pub fn find(text: &NormalText) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = ENGINE
        .find(text.folded())
        .into_iter()
        .map(|sighting| Evidence { indicator: sighting.indicator, span: text.span(sighting.start..sighting.end) })
        .collect();
    evidence.sort_unstable_by_key(|e| (e.span, e.indicator));
    evidence
}
