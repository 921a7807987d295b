//! The costume shop: a text → the same text as somebody would write it to get past a machine while people still read it.
//!
//! The counterpart of [`text`](crate::text), written without its tables, so that neither is tested by its own mirror. Outputs are
//! derived from records and a seed whenever they are needed, and never stored with them. One file a [`Technique`].

mod benign_padding;
mod combining_marks;
mod decoration;
mod emoji;
mod homoglyph;
mod leet;
mod misspelling;
mod pieces;
mod punctuation;
mod shouting;
mod spacing;
mod transliteration;
mod zero_width;

use fastrand::Rng;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::labelled::Record;

/// One way of writing past a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Technique {
    /// Letters of another script that look alike.
    Homoglyph,
    /// Characters without width inside words.
    ZeroWidth,
    /// Digits and signs in place of letters.
    Leet,
    /// Spaces or dots between the letters of a word.
    Spacing,
    /// Emoji between words and at the ends of lines.
    Emoji,
    /// Signs inside words, and more or fewer of them between sentences.
    Punctuation,
    /// Marks piled on letters.
    CombiningMarks,
    /// Letters swapped, dropped or doubled.
    Misspelling,
    /// Another script's letters for the same sounds, or letters without their accents.
    Transliteration,
    /// Harmless sentences before and after.
    BenignPadding,
    /// Capitals from some word on.
    Shouting,
    /// Rows of signs around every sentence.
    Decoration,
}

impl Technique {
    /// Every technique, in the order of this file.
    pub const ALL: [Self; 12] = [
        Self::Homoglyph,
        Self::ZeroWidth,
        Self::Leet,
        Self::Spacing,
        Self::Emoji,
        Self::Punctuation,
        Self::CombiningMarks,
        Self::Misspelling,
        Self::Transliteration,
        Self::BenignPadding,
        Self::Shouting,
        Self::Decoration,
    ];

    /// Its name in ids, sources and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Homoglyph => "homoglyph",
            Self::ZeroWidth => "zero_width",
            Self::Leet => "leet",
            Self::Spacing => "spacing",
            Self::Emoji => "emoji",
            Self::Punctuation => "punctuation",
            Self::CombiningMarks => "combining_marks",
            Self::Misspelling => "misspelling",
            Self::Transliteration => "transliteration",
            Self::BenignPadding => "benign_padding",
            Self::Shouting => "shouting",
            Self::Decoration => "decoration",
        }
    }

    /// The technique with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|technique| technique.name() == name)
    }

    /// The text in this costume: the same for the same text, language and seed, and never empty unless the text is.
    ///
    /// A technique with nothing to work on (transliteration of plain ASCII, leet in Khmer) returns the text as it is.
    #[must_use]
    pub fn apply(self, text: &str, lang: &str, seed: u64) -> String {
        let mut random = self.random(text, seed);
        match self {
            Self::Homoglyph => homoglyph::apply(text, &mut random),
            Self::ZeroWidth => zero_width::apply(text, &mut random),
            Self::Leet => leet::apply(text, &mut random),
            Self::Spacing => spacing::apply(text, &mut random),
            Self::Emoji => emoji::apply(text, &mut random),
            Self::Punctuation => punctuation::apply(text, &mut random),
            Self::CombiningMarks => combining_marks::apply(text, &mut random),
            Self::Misspelling => misspelling::apply(text, &mut random),
            Self::Transliteration => transliteration::apply(text),
            Self::BenignPadding => benign_padding::apply(text, lang, &mut random),
            Self::Shouting => shouting::apply(text, &mut random),
            Self::Decoration => decoration::apply(text, &mut random),
        }
    }

    /// Draws of its own for every text: neighbours in a file do not get the same ones.
    fn random(self, text: &str, seed: u64) -> Rng {
        let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(self.name()).chain_update(text).finalize();
        let (first, _) = digest.split_at(8);
        Rng::with_seed(first.iter().fold(0, |seed, byte| seed << 8 | u64::from(*byte)))
    }

    /// The record in this costume: id suffixed, source saying how it was derived, group, side and labels kept; the headline
    /// becomes the first line. `None` where the technique changes nothing.
    #[must_use]
    pub fn derive(self, record: &Record, seed: u64) -> Option<Record> {
        let text = self.apply(&record.text, &record.lang, seed);
        (text != record.text).then(|| Record {
            id: format!("{}~{}-{seed}", record.id, self.name()),
            text,
            title: None,
            source: format!("derived:{}; technique {}, seed {seed}; {}", record.batch(), self.name(), record.source),
            ..record.clone()
        })
    }
}
