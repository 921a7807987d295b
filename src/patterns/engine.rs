//! All phrases of all cards as one Aho–Corasick automaton: the text is read once, and only what it finds is looked at closely.

use std::collections::BTreeMap;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::card::{Card, Silence};
use super::negation::{self, Language, Silencer};
use super::phrase::Phrase;
use crate::typology::IndicatorId;

/// One indicator seen in folded text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting {
    pub(super) indicator: IndicatorId,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A phrase with what it shows and what silences it.
struct Rule {
    indicator: IndicatorId,
    phrase: Phrase,
    silencers: Vec<Arc<Silencer>>,
}

/// The compiled cards.
pub(super) struct Engine {
    /// Finds the anchors of phrases.
    automaton: AhoCorasick,
    /// The rules each anchor belongs to.
    rules: Vec<Vec<Rule>>,
}

impl Engine {
    /// Compiles the cards.
    #[expect(clippy::expect_used, reason = "compiled-in phrases are far below the automaton's limits")]
    pub(super) fn new(cards: &[Card]) -> Self {
        let languages = negation::languages();
        let mut by_anchor: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
        for card in cards {
            for (lang, written) in &card.phrases {
                let silencers = silencers(card, lang, &languages);
                for phrase in written.iter().flat_map(|one| Phrase::parse_all(one)) {
                    let anchor = phrase.pieces[phrase.anchor()].words.clone();
                    let rule = Rule { indicator: card.indicator, phrase, silencers: silencers.clone() };
                    by_anchor.entry(anchor).or_default().push(rule);
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(by_anchor.keys())
            .expect("the phrases fit an automaton");
        Self { automaton, rules: by_anchor.into_values().collect() }
    }

    /// Every sighting, the longest first where two of one indicator overlap.
    pub(super) fn find(&self, text: &str) -> Vec<Sighting> {
        let mut found = Vec::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            for rule in &self.rules[hit.pattern()] {
                let Some(places) = rule.phrase.places(text, hit.start()) else { continue };
                if !rule.silencers.iter().any(|silencer| silencer.silence(text, &places)) {
                    let (start, end) = (places[0].0, places[places.len() - 1].1);
                    found.push(Sighting { indicator: rule.indicator, start, end });
                }
            }
        }
        without_overlaps(found)
    }
}

/// Everything that silences the phrases of a card in one language.
fn silencers(card: &Card, lang: &String, languages: &BTreeMap<String, Language>) -> Vec<Arc<Silencer>> {
    let also = languages.get(lang).map_or(&[][..], |language| &language.also);
    let spoken: Vec<&Language> = [lang].into_iter().chain(also).filter_map(|lang| languages.get(lang)).collect();
    let mut silencers = Vec::new();
    if card.silenced_by.contains(&Silence::Denials) {
        silencers.extend(spoken.iter().map(|language| Arc::clone(&language.denials)));
    }
    if card.silenced_by.contains(&Silence::Warnings) {
        silencers.extend(spoken.iter().map(|language| Arc::clone(&language.warnings)));
    }
    // Neighbouring languages share words, so the exceptions of one hold for all.
    silencers.extend(card.unless.values().map(|written| Arc::new(Silencer::unless(written))));
    silencers
}

/// Of overlapping sightings of one indicator, the longest.
fn without_overlaps(mut found: Vec<Sighting>) -> Vec<Sighting> {
    found.sort_unstable_by_key(|s| (s.indicator, s.start, s.end));
    found.dedup_by(|later, kept| {
        let overlap = later.indicator == kept.indicator && later.start < kept.end;
        if overlap && later.end - later.start > kept.end - kept.start {
            *kept = *later;
        }
        overlap
    });
    found
}
