//! [`Card`]: one indicator as people say it, read from `cards/<indicator>.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::typology::IndicatorId;

/// Phrases by language tag.
pub type Phrases = BTreeMap<String, Vec<String>>;

/// A kind of negator in `negators.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// Words beside a phrase that deny it.
    Denials,
    /// Words in the sentence that advise against what the phrase describes.
    Warnings,
}

/// One indicator: its reasons in prose and its phrases in each language.
#[derive(Debug)]
pub struct Card {
    /// What the card reports.
    pub indicator: IndicatorId,
    /// What it looks for.
    pub looks_for: String,
    /// Why it matters.
    pub why: String,
    /// What it fires on.
    pub fires_on: String,
    /// What it stays quiet on.
    pub quiet_on: String,
    /// Seed passages, `file:lines`, or `general knowledge`.
    pub source: Vec<String>,
    /// What turns a phrase round. Nothing does where the phrases themselves deny something ("no interview").
    pub silenced_by: Vec<Silence>,
    /// What people write.
    pub phrases: Phrases,
    /// What silences a phrase when it stands in the same sentence.
    pub unless: Phrases,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardFile {
    looks_for: String,
    why: String,
    fires_on: String,
    quiet_on: String,
    source: Vec<String>,
    #[serde(default = "everything")]
    silenced_by: Vec<Silence>,
    phrases: Phrases,
    #[serde(default)]
    unless: Phrases,
}

fn everything() -> Vec<Silence> {
    vec![Silence::Denials, Silence::Warnings]
}

impl Card {
    /// Reads the card `stem.toml`; its stem is the indicator's id.
    ///
    /// # Panics
    /// If the card is malformed or the indicator unknown: cards are compiled in, and a test reads them all.
    #[expect(
        clippy::expect_used,
        clippy::panic,
        reason = "compiled-in data; a test reads it, so a release cannot carry a broken one"
    )]
    pub(super) fn parse(stem: &str, text: &str) -> Self {
        let file: CardFile = toml::from_str(text).unwrap_or_else(|error| panic!("cards/{stem}.toml: {error}"));
        Self {
            indicator: IndicatorId::parse(stem).expect("a card is named after an indicator of the typology"),
            looks_for: file.looks_for,
            why: file.why,
            fires_on: file.fires_on,
            quiet_on: file.quiet_on,
            source: file.source,
            silenced_by: file.silenced_by,
            phrases: file.phrases,
            unless: file.unless,
        }
    }
}
