//! Words beside a phrase that turn it round: denials ("no fees", "ücret alınmaz") and warnings ("beware of agents who …").

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::phrase::{Phrase, Place, any};
use super::scope::{self, WORD};

/// How near a negator stands: four words, or as much of a script without spaces.
const NEAR: usize = 4 * WORD;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NegatorFile {
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    warning: Vec<String>,
}

/// What silences a phrase.
#[derive(Debug, Default)]
pub(super) struct Silencer {
    before: Vec<Phrase>,
    after: Vec<Phrase>,
    sentence: Vec<Phrase>,
}

/// The negators of one language.
pub(super) struct Language {
    /// Languages whose negators count too.
    pub(super) also: Vec<String>,
    /// Words beside a phrase that deny it.
    pub(super) denials: Arc<Silencer>,
    /// Words in the sentence that advise against what the phrase describes.
    pub(super) warnings: Arc<Silencer>,
}

fn phrases(written: &[String]) -> Vec<Phrase> {
    written.iter().flat_map(|one| Phrase::parse_all(one)).collect()
}

/// The negators of every language, from `negators.toml`.
#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
pub(super) fn languages() -> BTreeMap<String, Language> {
    let files: BTreeMap<String, NegatorFile> = toml::from_str(include_str!("negators.toml")).expect("negators.toml is well formed");
    let read = |file: NegatorFile| Language {
        also: file.also,
        denials: Arc::new(Silencer { before: phrases(&file.before), after: phrases(&file.after), ..Silencer::default() }),
        warnings: Arc::new(Silencer { sentence: phrases(&file.warning), ..Silencer::default() }),
    };
    files.into_iter().map(|(lang, file)| (lang, read(file))).collect()
}

impl Silencer {
    /// The exceptions of a card, ready to match.
    pub(super) fn unless(written: &[String]) -> Self {
        Self { sentence: phrases(written), ..Self::default() }
    }

    /// Whether something beside or between the `places` of a phrase silences it. The phrase's own words do not count.
    pub(super) fn silence(&self, text: &str, places: &[Place]) -> bool {
        let (Some(&(start, _)), Some(&(_, end))) = (places.first(), places.last()) else { return false };
        let near_before = || {
            let clause = scope::before(text, start, scope::ends_clause);
            let cut = clause.char_indices().map(|(at, _)| at).find(|&at| scope::distance(&clause[at..]) <= NEAR);
            any(&self.before, cut.map_or("", |at| &clause[at..]))
        };
        let near_after = || {
            let clause = scope::after(text, end, |c, next| c != ':' && scope::ends_clause(c, next));
            let cut = clause.char_indices().rev().find(|&(at, _)| scope::distance(&clause[..at]) <= NEAR);
            any(&self.after, cut.map_or("", |(at, c)| &clause[..at + c.len_utf8()]))
        };
        let between = || places.windows(2).any(|pair| any(&self.before, &text[pair[0].1..pair[1].0]));
        let in_sentence = || {
            any(&self.sentence, scope::before(text, start, scope::ends_sentence))
                || any(&self.sentence, scope::after(text, start, scope::ends_sentence))
        };
        between() || near_before() || near_after() || in_sentence()
    }
}
