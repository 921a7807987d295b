//! Whether the model may judge a text at all: [`NormalText`] and the model's languages → yes, or why not.
//!
//! A text that is not assessed is reported as such, never as clear. The identified language has no say in it: a wrong guess must
//! not silence a suspect, so only the script, which is not a guess, can make a text unsupported.

use unicode_script::Script;

use super::NormalText;
use super::characters::{is_letter, script};
use super::language::words;

/// Fewer words than this say too little.
const FEWEST_WORDS: f32 = 3.0;

/// This share of the letters in scripts the model never learned makes a text unsupported.
const UNSUPPORTED_SHARE: f32 = 0.8;

/// Why a text gets no verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotAssessed {
    /// Under three words, links, handles, numbers and emoji not counted.
    TooShort,
    /// Written in a script none of the model's languages uses.
    UnsupportedLanguage,
}

/// The scripts of a model's languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportedScripts(Vec<Script>);

impl SupportedScripts {
    /// The scripts in which the languages with these BCP 47 tags are written. Without languages, any script is read.
    ///
    /// A script subtag (`sr-Latn`, `zh-Hant`) decides; a language this file does not list counts as written in Latin script.
    pub fn of_languages<T: AsRef<str>>(tags: impl IntoIterator<Item = T>) -> Self {
        let mut scripts: Vec<Script> = Vec::new();
        for &script in tags.into_iter().flat_map(|tag| scripts_of_language(tag.as_ref())) {
            if !scripts.contains(&script) {
                scripts.push(script);
            }
        }
        Self(scripts)
    }

    fn reads(&self, script: Script) -> bool {
        self.0.is_empty() || matches!(script, Script::Common | Script::Inherited) || self.0.contains(&script)
    }
}

/// Whether a model of these scripts may judge the text.
pub fn assessable(text: &NormalText, supported: &SupportedScripts) -> Result<(), NotAssessed> {
    let mut length = 0.0_f32;
    let mut letters: Vec<(Script, usize)> = Vec::new();
    for word in words(text.cased()) {
        length += words_in(word);
        if word.is_ascii() {
            count(&mut letters, Script::Latin, word.len());
        } else {
            word.chars().filter(|c| is_letter(*c)).for_each(|c| count(&mut letters, script(c), 1));
        }
    }
    if length < FEWEST_WORDS {
        return Err(NotAssessed::TooShort);
    }
    let all: usize = letters.iter().map(|&(_, count)| count).sum();
    let foreign: usize = letters.iter().filter(|&&(script, _)| !supported.reads(script)).map(|&(_, count)| count).sum();
    if foreign > 0 && foreign as f32 >= UNSUPPORTED_SHARE * all as f32 {
        return Err(NotAssessed::UnsupportedLanguage);
    }
    Ok(())
}

fn count(letters: &mut Vec<(Script, usize)>, script: Script, more: usize) {
    match letters.iter_mut().find(|(known, _)| *known == script) {
        Some((_, count)) => *count += more,
        None => letters.push((script, more)),
    }
}

/// How many words a stretch without spaces holds: one, or in scripts that do not space words as many as its length suggests.
fn words_in(stretch: &str) -> f32 {
    if stretch.is_ascii() {
        return 1.0;
    }
    let (mut unspaced, mut spaced) = (0.0, false);
    for c in stretch.chars().filter(|c| is_letter(*c)) {
        match script(c) {
            Script::Han => unspaced += 0.5,
            Script::Hiragana | Script::Katakana => unspaced += 0.3,
            Script::Thai | Script::Lao | Script::Khmer | Script::Myanmar | Script::Tibetan => unspaced += 0.25,
            _ => spaced = true,
        }
    }
    unspaced + if spaced { 1.0 } else { 0.0 }
}

/// Scripts of a language, most by ISO 15924 subtag or by what its readers write.
fn scripts_of_language(tag: &str) -> &'static [Script] {
    use Script::{Arabic, Cyrillic, Devanagari, Han, Hiragana, Katakana, Latin};
    let mut subtags = tag.split(['-', '_']);
    let language = subtags.next().unwrap_or_default();
    match subtags.find(|subtag| subtag.len() == 4) {
        Some("Latn" | "latn") => return &[Latin],
        Some("Cyrl" | "cyrl") => return &[Cyrillic],
        Some("Arab" | "arab") => return &[Arabic],
        Some("Deva" | "deva") => return &[Devanagari],
        Some("Hans" | "Hant" | "hans" | "hant") => return &[Han, Script::Bopomofo],
        _ => {}
    }
    match language {
        "zh" | "yue" | "cmn" => &[Han, Script::Bopomofo],
        "ja" => &[Han, Hiragana, Katakana],
        "ko" => &[Script::Hangul, Han],
        "ru" | "uk" | "be" | "bg" | "mk" | "kk" | "ky" | "tg" | "mn" | "tt" | "ba" | "cv" => &[Cyrillic],
        "sr" | "uz" => &[Cyrillic, Latin],
        "ar" | "fa" | "ur" | "ps" | "ckb" | "ug" | "sd" | "prs" => &[Arabic],
        "hi" | "mr" | "ne" | "sa" | "mai" | "bho" => &[Devanagari],
        "bn" | "as" => &[Script::Bengali],
        "pa" => &[Script::Gurmukhi],
        "gu" => &[Script::Gujarati],
        "or" => &[Script::Oriya],
        "ta" => &[Script::Tamil],
        "te" => &[Script::Telugu],
        "kn" => &[Script::Kannada],
        "ml" => &[Script::Malayalam],
        "si" => &[Script::Sinhala],
        "th" => &[Script::Thai],
        "lo" => &[Script::Lao],
        "km" => &[Script::Khmer],
        "my" | "shn" | "mnw" => &[Script::Myanmar],
        "bo" | "dz" => &[Script::Tibetan],
        "am" | "ti" => &[Script::Ethiopic],
        "ka" => &[Script::Georgian],
        "hy" => &[Script::Armenian],
        "he" | "yi" => &[Script::Hebrew],
        "el" => &[Script::Greek],
        "dv" => &[Script::Thaana],
        "und" | "" => &[],
        _ => &[Latin],
    }
}
