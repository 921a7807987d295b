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

// All weights are in words: one that a single language has adds 1. They were set by hand.

/// Words and characters looked at, from the beginning of a post.
const MOST_WORDS: usize = 400;
const MOST_CHARACTERS: usize = 1500;
/// The power of the number of languages that share a word: three make it worth a third, and a little less.
const SHARED_WORD: f32 = -1.2;
/// What a word adds that marks a mixture of two languages.
const MARK: f32 = 1.3;
/// What a letter adds, shared by the languages that have it.
const LETTER: f32 = 0.35;
/// What a letter takes from a language that does not have it.
const FOREIGN_LETTER: f32 = 0.2;

/// With so much evidence, and so many times that of the next, trigrams are not asked.
const CLEAR: f32 = 6.0;
const CLEAR_LEAD: f32 = 2.5;
/// What sure trigrams add on a line, how much more on a long text, and the words of one.
const TRIGRAMS_OF_A_LINE: f32 = 0.4;
const TRIGRAMS_MORE: f32 = 2.0;
const LONG: f32 = 30.0;

/// Marks of a mixture at least, and words for each at most.
const FEWEST_MARKS: usize = 2;
const MARK_EVERY: usize = 14;
/// How much of the evidence for a bigger language goes to the smaller one mixed with it.
const MIXED_SHARE: f32 = 0.8;

/// Below this much evidence no language is named.
const LEAST_EVIDENCE: f32 = 0.55;
/// How far a language without words of its own must lead.
const UNLISTED_LEAD: f32 = 1.3;
/// What is put beside the evidence of the best and the next before their share is taken: little evidence is not sure.
const DOUBT: f32 = 0.3;
const UNLISTED_DOUBT: f32 = 0.5;
/// How sure the commonest language of a script is where words say nothing.
const GUESS: f32 = 0.3;
/// Less sure than this, none is named.
const LEAST_SURE: f32 = 0.2;
/// Kana beside this many times as many ideographs make a text Japanese; so sure at least.
const KANA: f32 = 0.08;
const KANA_SURE: f32 = 0.9;
/// How sure simplified characters are where none tells the two ways of writing Chinese apart.
const CHINESE_GUESS: f32 = 0.6;

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
    words(text.cased()).for_each(|word| scripts.add(word));
    let Some((script, share)) = scripts.main() else { return Language::unknown() };
    if let Some(tag) = only_language(script) {
        return Language::new(tag, share);
    }
    if matches!(script, Script::Han | Script::Hiragana | Script::Katakana) {
        return east_asian(text.cased(), &scripts, share);
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
    if kana > KANA * scripts.of(Script::Han) {
        return Language::new("ja", share.max(KANA_SURE));
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
        return Language::new("zh-Hans", CHINESE_GUESS * share);
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

/// What speaks for each listed language, by its place in [`Witnesses::tags`].
struct Evidence {
    of: Vec<f32>,
    /// Words that only a mixture of two languages has.
    marks: Vec<usize>,
    words_seen: usize,
}

/// Adds up what words, letters and trigrams say, among the languages of one script.
fn by_evidence(text: &NormalText, script: Script, share: f32) -> Language {
    let witnesses = &*WITNESSES;
    let mut evidence = witnessed(text, script);
    let unlisted = add_trigrams(&mut evidence, text, script);
    add_mixtures(&mut evidence);
    let (best, [most, next]) = two_best(&evidence.of);
    if let Some((tag, weight)) = unlisted.filter(|&(_, weight)| weight > UNLISTED_LEAD * most && weight > LEAST_EVIDENCE) {
        return Language::new(tag, share * weight / (weight + most + UNLISTED_DOUBT));
    }
    if most < LEAST_EVIDENCE {
        return commonest_language(script).map_or_else(Language::unknown, |tag| Language::new(tag, GUESS * share));
    }
    let p = share * most / (most + next + DOUBT);
    if p < LEAST_SURE { Language::unknown() } else { Language::new(&witnesses.tags[best], p) }
}

/// What words and letters say; languages of other scripts have nothing.
fn witnessed(text: &NormalText, script: Script) -> Evidence {
    let witnesses = &*WITNESSES;
    let count = witnesses.tags.len();
    let mut evidence = Evidence { of: vec![0.0; count], marks: vec![0; count], words_seen: 0 };
    for word in words(text.folded()).take(MOST_WORDS) {
        evidence.words_seen += 1;
        if let Some(languages) = witnesses.words.get(word) {
            let weight = (languages.len() as f32).powf(SHARED_WORD);
            for &language in languages {
                evidence.of[language] += weight;
            }
        }
        for &language in witnesses.marks.get(word).into_iter().flatten() {
            evidence.of[language] += MARK;
            evidence.marks[language] += 1;
        }
    }
    let letters = text.cased().chars().take(MOST_CHARACTERS).filter(|c| !c.is_ascii()).flat_map(char::to_lowercase);
    for languages in letters.filter_map(|c| witnesses.letters.get(&c)) {
        for &language in languages {
            evidence.of[language] += LETTER / languages.len() as f32;
        }
        // Latin text quotes foreign names with their accents; other scripts hardly ever do.
        if script != Script::Latin {
            for language in (0..count).filter(|language| !languages.contains(language)) {
                evidence.of[language] -= FOREIGN_LETTER;
            }
        }
    }
    for (own, evidence) in witnesses.scripts.iter().zip(&mut evidence.of) {
        *evidence = if *own == script { evidence.max(0.0) } else { 0.0 };
    }
    evidence
}

/// Asks trigrams where words and letters leave it open. Gives a language that is not listed with its weight, where they name one.
fn add_trigrams(evidence: &mut Evidence, text: &NormalText, script: Script) -> Option<(&'static str, f32)> {
    let witnesses = &*WITNESSES;
    let (_, [most, next]) = two_best(&evidence.of);
    if most > CLEAR && most > CLEAR_LEAD * next {
        return None;
    }
    let (tag, confidence) = trigrams(text.cased())?;
    // They need length; on a line or two they get the weight of a word.
    let length = (evidence.words_seen as f32 / LONG).min(1.0);
    let weight = confidence * (TRIGRAMS_OF_A_LINE + TRIGRAMS_MORE * length);
    let mut listed = witnesses.tags.iter().zip(&witnesses.scripts);
    match listed.position(|(known, own)| known == tag && *own == script) {
        Some(language) => evidence.of[language] += weight,
        None => return (script_of_trigrams(tag) == script).then_some((tag, weight)),
    }
    None
}

/// A text with the marks of a mixture takes over a share of what speaks for the language that is mixed into.
fn add_mixtures(evidence: &mut Evidence) {
    let witnesses = &*WITNESSES;
    for (language, base) in &witnesses.over {
        let marks = evidence.marks[*language];
        let mixes = marks >= FEWEST_MARKS && marks * MARK_EVERY >= evidence.words_seen;
        if let Some(base) = witnesses.tags.iter().position(|tag| tag == base).filter(|_| mixes) {
            evidence.of[*language] += MIXED_SHARE * evidence.of[base];
        }
    }
}

/// The place of the strongest, with its strength and that of the next.
fn two_best(evidence: &[f32]) -> (usize, [f32; 2]) {
    let mut best = (0, [f32::NEG_INFINITY; 2]);
    for (at, &own) in evidence.iter().enumerate() {
        let (_, [most, next]) = best;
        if own > most {
            best = (at, [own, most]);
        } else if own > next {
            best.1[1] = own;
        }
    }
    best
}

/// The commonest language of a script, for a text whose words say nothing. None for Latin, where it would be a guess at random.
fn commonest_language(script: Script) -> Option<&'static str> {
    match script {
        Script::Arabic => Some("ar"),
        Script::Cyrillic => Some("ru"),
        Script::Devanagari => Some("hi"),
        Script::Ethiopic => Some("am"),
        _ => None,
    }
}
