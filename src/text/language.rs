//! [`NormalText`] → [`Language`]: which language a post is in, for reports and for counting, never for the verdict.
//!
//! Scripts decide first. Where languages share one, three witnesses are added up: small words and letters of each language
//! (`function_words.toml`) and the trigrams of `whatlang`. Trigrams alone fail on one line of Tagalog mixed with English, and
//! know no Swahili, Hausa or Pidgin; words alone fail on a list of nouns. Too little evidence is `und`, not a confident guess.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_script::Script;

use super::characters::{belongs_to_word, is_letter, script};
use super::trigrams::{script_of_trigrams, trigrams};
use super::{NormalText, fold};

/// Below this much evidence no language is named.
const LEAST_EVIDENCE: f32 = 0.55;

/// What a word adds that hardly any other language has.
const MARK: f32 = 1.3;

/// How much of the evidence for a bigger language goes to the smaller one mixed with it.
const MIXED_SHARE: f32 = 0.8;

/// What a letter takes from a language that does not have it.
const FOREIGN_LETTER: f32 = 0.2;

/// The language of a post.
#[derive(Debug, Clone, PartialEq)]
pub struct Language {
    /// BCP 47 tag, or `und`.
    pub tag: String,
    /// How sure that is, in [0, 1]. Not calibrated.
    pub p: f32,
}

impl Language {
    fn new(tag: &str, p: f32) -> Self {
        Self { tag: tag.to_owned(), p }
    }

    fn unknown() -> Self {
        Self::new("und", 0.0)
    }
}

/// Identifies the language of a post.
#[must_use]
pub fn identify(text: &NormalText) -> Language {
    let mut scripts = ScriptCount::default();
    words(text.model()).for_each(|word| scripts.add(word));
    let Some((script, share)) = scripts.main() else { return Language::unknown() };
    if let Some(tag) = only_language(script) {
        return Language::new(tag, share);
    }
    if matches!(script, Script::Han | Script::Hiragana | Script::Katakana) {
        return east_asian(text.model(), &scripts, share);
    }
    by_evidence(text, script, share)
}

/// The words of a text as language sees them: no links, addresses, handles, hashtags or anything with a digit.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|chunk| !is_address(chunk)).flat_map(|chunk| {
        chunk
            .split(|c: char| !(belongs_to_word(c) || matches!(c, '\'' | '’' | 'ʻ' | '\u{200C}' | '\u{200D}')))
            .filter(|word| word.contains(is_letter) && !word.contains(|c: char| !is_letter(c) && c.is_numeric()))
    })
}

fn is_address(chunk: &str) -> bool {
    let is_path = || chunk.split_once('/').is_some_and(|(host, _)| host.contains('.'));
    chunk.starts_with('@')
        || chunk.contains("://")
        || chunk.starts_with("www.")
        || chunk.contains('@') && chunk.is_ascii()
        || is_path()
}

/// How much text each script holds.
#[derive(Default)]
struct ScriptCount(Vec<(Script, f32)>);

impl ScriptCount {
    fn add(&mut self, word: &str) {
        if word.is_ascii() {
            return self.add_letters(Script::Latin, word.len() as f32);
        }
        for c in word.chars().filter(|c| is_letter(*c)) {
            match script(c) {
                Script::Common | Script::Inherited => {}
                // One of these says about as much as two or three letters.
                script @ (Script::Han | Script::Hangul) => self.add_letters(script, 2.5),
                script => self.add_letters(script, 1.0),
            }
        }
    }

    fn add_letters(&mut self, script: Script, letters: f32) {
        match self.0.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += letters,
            None => self.0.push((script, letters)),
        }
    }

    fn of(&self, script: Script) -> f32 {
        self.0.iter().find(|(known, _)| *known == script).map_or(0.0, |&(_, count)| count)
    }

    /// The script most of the text is in, and its share.
    fn main(&self) -> Option<(Script, f32)> {
        let all: f32 = self.0.iter().map(|&(_, count)| count).sum();
        let &(script, count) = self.0.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((script, count / all))
    }
}

/// Scripts that (nearly) one language alone is written in.
fn only_language(script: Script) -> Option<&'static str> {
    Some(match script {
        Script::Hangul => "ko",
        Script::Thai => "th",
        Script::Lao => "lo",
        Script::Khmer => "km",
        Script::Myanmar => "my",
        Script::Bengali => "bn",
        Script::Gurmukhi => "pa",
        Script::Gujarati => "gu",
        Script::Oriya => "or",
        Script::Tamil => "ta",
        Script::Telugu => "te",
        Script::Kannada => "kn",
        Script::Malayalam => "ml",
        Script::Sinhala => "si",
        Script::Tibetan => "bo",
        Script::Georgian => "ka",
        Script::Armenian => "hy",
        Script::Hebrew => "he",
        Script::Greek => "el",
        Script::Thaana => "dv",
        _ => return None,
    })
}

/// Kana makes it Japanese; otherwise the characters that differ tell the two ways of writing Chinese apart.
fn east_asian(text: &str, scripts: &ScriptCount, share: f32) -> Language {
    let kana = scripts.of(Script::Hiragana) + scripts.of(Script::Katakana);
    if kana > 0.08 * scripts.of(Script::Han) {
        return Language::new("ja", share.max(0.9));
    }
    let (mut simplified, mut traditional) = (0.0_f32, 0.0_f32);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        match CHINESE.get(&c) {
            Some(Chinese::Simplified) => simplified += 1.0,
            Some(Chinese::Traditional) => traditional += 1.0,
            None => {}
        }
    }
    if simplified + traditional == 0.0 {
        return Language::new("zh-Hans", 0.6 * share);
    }
    let (tag, more) = if traditional > simplified { ("zh-Hant", traditional) } else { ("zh-Hans", simplified) };
    Language::new(tag, share * more / (simplified + traditional))
}

#[derive(Clone, Copy)]
enum Chinese {
    Simplified,
    Traditional,
}

static CHINESE: LazyLock<HashMap<char, Chinese>> = LazyLock::new(|| {
    let pairs = include_str!("chinese.txt").lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    let of_pair = |pair: &str| {
        let mut chars = pair.chars();
        [(chars.next(), Chinese::Simplified), (chars.next(), Chinese::Traditional)]
    };
    pairs.flat_map(of_pair).filter_map(|(c, kind)| Some((c?, kind))).collect()
});

/// One entry of `function_words.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    tag: String,
    words: String,
    #[serde(default)]
    letters: String,
    #[serde(default)]
    marks: String,
    over: Option<String>,
}

#[derive(Deserialize)]
struct Entries {
    language: Vec<Entry>,
}

/// The entries, turned round: what a word or a letter says for which language.
struct Witnesses {
    tags: Vec<String>,
    /// The script each language is written in.
    scripts: Vec<Script>,
    words: HashMap<String, Vec<usize>>,
    letters: HashMap<char, Vec<usize>>,
    marks: HashMap<String, Vec<usize>>,
    /// Languages that are mixed with another, and that other.
    over: Vec<(usize, String)>,
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static WITNESSES: LazyLock<Witnesses> = LazyLock::new(|| {
    let entries: Entries = toml::from_str(include_str!("function_words.toml")).expect("function_words.toml is well formed");
    let mut witnesses = Witnesses {
        tags: Vec::new(),
        scripts: Vec::new(),
        words: HashMap::new(),
        letters: HashMap::new(),
        marks: HashMap::new(),
        over: Vec::new(),
    };
    for (language, entry) in entries.language.into_iter().enumerate() {
        for word in entry.words.split_whitespace() {
            let listed = witnesses.words.entry(fold(word)).or_default();
            if !listed.contains(&language) {
                listed.push(language);
            }
        }
        for mark in entry.marks.split_whitespace() {
            witnesses.marks.entry(fold(mark)).or_default().push(language);
        }
        for letter in entry.letters.chars() {
            witnesses.letters.entry(letter).or_default().push(language);
        }
        witnesses.scripts.push(entry.words.chars().find(|c| is_letter(*c)).map_or(Script::Latin, script));
        witnesses.over.extend(entry.over.map(|base| (language, base)));
        witnesses.tags.push(entry.tag);
    }
    witnesses
});

/// Adds up what words, letters and trigrams say, among the languages of one script.
fn by_evidence(text: &NormalText, script: Script, share: f32) -> Language {
    let witnesses = &*WITNESSES;
    let mut evidence = vec![0.0_f32; witnesses.tags.len()];
    let mut marks = vec![0_usize; witnesses.tags.len()];
    let mut count = 0;
    for word in words(text.folded()).take(400) {
        count += 1;
        if let Some(languages) = witnesses.words.get(word) {
            // A word three languages share says a third as much, and a little less.
            let weight = (languages.len() as f32).powf(-1.2);
            for &language in languages {
                evidence[language] += weight;
            }
        }
        for &language in witnesses.marks.get(word).into_iter().flatten() {
            evidence[language] += MARK;
            marks[language] += 1;
        }
    }
    if !text.model().is_ascii() {
        for c in text.model().chars().take(1500).filter(|c| !c.is_ascii()).flat_map(char::to_lowercase) {
            if let Some(languages) = witnesses.letters.get(&c) {
                let weight = 0.35 / languages.len() as f32;
                for &language in languages {
                    evidence[language] += weight;
                }
                // Latin text quotes foreign names with their accents; other scripts hardly ever do.
                if script != Script::Latin {
                    (0..evidence.len())
                        .filter(|language| !languages.contains(language))
                        .for_each(|language| evidence[language] -= FOREIGN_LETTER);
                }
            }
        }
    }
    for (language, evidence) in evidence.iter_mut().enumerate() {
        *evidence = if witnesses.scripts[language] == script { evidence.max(0.0) } else { 0.0 };
    }
    let (best, second) = two_best(&evidence);
    let clear = evidence[best] > 6.0 && evidence[best] > 2.5 * evidence[second];
    let mut unlisted = None;
    if !clear && let Some((tag, confidence)) = trigrams(text.model()) {
        // Trigrams need length; on a line or two they get the weight of a word.
        let weight = confidence * (0.4 + 2.0 * (count as f32 / 30.0).min(1.0));
        match witnesses
            .tags
            .iter()
            .zip(&witnesses.scripts)
            .position(|(known, known_script)| known == tag && *known_script == script)
        {
            Some(language) => evidence[language] += weight,
            None if script_of_trigrams(tag) == script => unlisted = Some((tag, weight)),
            None => {}
        }
    }
    for (language, base) in &witnesses.over {
        let mixes = marks[*language] >= 2 && marks[*language] * 14 >= count;
        if let Some(base) = witnesses.tags.iter().position(|tag| tag == base).filter(|_| mixes) {
            evidence[*language] += MIXED_SHARE * evidence[base];
        }
    }
    let (best, second) = two_best(&evidence);
    if let Some((tag, weight)) = unlisted.filter(|&(_, weight)| weight > 1.3 * evidence[best] && weight > LEAST_EVIDENCE) {
        return Language::new(tag, share * weight / (weight + evidence[best] + 0.5));
    }
    if evidence[best] < LEAST_EVIDENCE {
        return only_guess(script).map_or_else(Language::unknown, |tag| Language::new(tag, 0.3 * share));
    }
    let p = share * evidence[best] / (evidence[best] + evidence[second] + 0.3);
    if p < 0.2 { Language::unknown() } else { Language::new(&witnesses.tags[best], p) }
}

/// Positions of the strongest and the next strongest.
fn two_best(evidence: &[f32]) -> (usize, usize) {
    let mut order: Vec<usize> = (0..evidence.len()).collect();
    order.sort_by(|&a, &b| evidence[b].total_cmp(&evidence[a]));
    (order[0], order[1])
}

/// The commonest language of a script, for a text whose words say nothing. None for Latin, where it would be a guess at random.
fn only_guess(script: Script) -> Option<&'static str> {
    match script {
        Script::Arabic => Some("ar"),
        Script::Cyrillic => Some("ru"),
        Script::Devanagari => Some("hi"),
        Script::Ethiopic => Some("am"),
        _ => None,
    }
}
