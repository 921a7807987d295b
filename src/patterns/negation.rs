//! Words beside a phrase that turn it round: denials ("no fees", "ücret alınmaz") and warnings ("beware of agents who …").

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::engine::{Hits, PieceId};
use super::phrase::Place;
use super::scope::{self, WORD};

/// How near a negator stands: four words, or as much of a script without spaces.
const NEAR: usize = 4 * WORD;

/// The negators of one language, as written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Negators {
    /// Languages whose negators count too.
    pub(super) also: Vec<String>,
    /// In front of a phrase or in its gaps.
    pub(super) before: Vec<String>,
    /// Behind a phrase.
    pub(super) after: Vec<String>,
    /// Anywhere in the sentence.
    pub(super) warning: Vec<String>,
    /// What has one of these words and denies nothing.
    pub(super) idle: Vec<String>,
}

/// The negators of every language, from `negators.toml`.
#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static ALL: LazyLock<BTreeMap<String, Negators>> =
    LazyLock::new(|| toml::from_str(include_str!("negators.toml")).expect("negators.toml is well formed"));

/// The negators of every language.
pub(super) fn all() -> &'static BTreeMap<String, Negators> {
    &ALL
}

/// What silences the phrases of one card in one language. All lists are sorted.
#[derive(Debug, Default)]
pub(super) struct Silencer {
    /// The words that deny in this language, where phrases made with them reassure.
    pub(super) denials: Vec<PieceId>,
    pub(super) before: Vec<PieceId>,
    pub(super) after: Vec<PieceId>,
    pub(super) sentence: Vec<PieceId>,
}

impl Silencer {
    /// Whether something beside or between the `places` of a phrase silences it. The phrase's own words do not count.
    pub(super) fn silence(&self, text: &str, hits: &Hits, places: &[Place]) -> bool {
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return false };
        let (start, end) = (first.start, last.end);
        let near_before = || {
            let clause = scope::before(text, start, scope::ends_clause);
            let near = clause.char_indices().find(|&(at, _)| scope::distance(&clause[at..]) <= NEAR);
            near.is_some_and(|(at, _)| hits.any(&self.before, start - clause.len() + at, start))
        };
        let near_after = || {
            let clause = scope::after(text, end, |c, next| c != ':' && scope::ends_clause(c, next));
            let near = clause.char_indices().rev().find(|&(at, c)| scope::distance(&clause[..at + c.len_utf8()]) <= NEAR);
            near.is_some_and(|(at, c)| hits.any(&self.after, end, end + at + c.len_utf8()))
        };
        let between = || places.windows(2).any(|pair| hits.any(&self.before, pair[0].end, pair[1].start));
        let in_sentence = || {
            let from = start - scope::before(text, start, scope::ends_sentence).len();
            let to = start + scope::after(text, start, scope::ends_sentence).len();
            hits.any(&self.sentence, from, to)
        };
        between() || near_before() || near_after() || in_sentence()
    }
}
