//! Whether the model may judge a text at all: [`NormalText`] and the model's languages → yes, or why not.
//!
//! A text that is not assessed is reported as such, never as clear. The identified language has no say in it: a wrong guess must
//! not silence a suspect, so only the script, which is not a guess, can make a text unsupported.

use unicode_script::{Script, UnicodeScript};

use super::NormalText;
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
    /// The scripts in which the languages with these BCP 47 tags are written.
    ///
    /// A script subtag (`sr-Latn`, `zh-Hant`) decides; a language this file has no script for counts as written in Latin script.
    pub fn of_languages<T: AsRef<str>>(tags: impl IntoIterator<Item = T>) -> Self {
        let mut scripts = Vec::new();
        for script in tags.into_iter().flat_map(|tag| scripts_of_language(tag.as_ref())) {
            if !scripts.contains(&script) {
                scripts.push(script);
            }
        }
        Self(scripts)
    }
}

/// Whether a model of these scripts may judge the text.
pub fn assessable(text: &NormalText, supported: &SupportedScripts) -> Result<(), NotAssessed> {
    let (mut length, mut letters, mut foreign) = (0.0_f32, 0_usize, 0_usize);
    for word in words(text.model()) {
        length += words_in(word);
        for script in word.chars().filter(|c| c.is_alphabetic()).map(|c| c.script()) {
            letters += 1;
            foreign += usize::from(!supported.0.contains(&script) && !matches!(script, Script::Common | Script::Inherited));
        }
    }
    if length < FEWEST_WORDS {
        Err(NotAssessed::TooShort)
    } else if foreign as f32 >= UNSUPPORTED_SHARE * letters as f32 {
        Err(NotAssessed::UnsupportedLanguage)
    } else {
        Ok(())
    }
}

/// How many words a stretch without spaces holds: one, or in scripts that do not space words as many as its length suggests.
fn words_in(stretch: &str) -> f32 {
    let (mut unspaced, mut spaced) = (0.0, false);
    for c in stretch.chars().filter(|c| c.is_alphabetic()) {
        match c.script() {
            Script::Han => unspaced += 0.5,
            Script::Hiragana | Script::Katakana => unspaced += 0.3,
            Script::Thai | Script::Lao | Script::Khmer | Script::Myanmar | Script::Tibetan => unspaced += 0.25,
            _ => spaced = true,
        }
    }
    unspaced + if spaced { 1.0 } else { 0.0 }
}

/// Scripts of a language, most by ISO 15924 subtag or by what its readers write.
fn scripts_of_language(tag: &str) -> Vec<Script> {
    use Script::{Arabic, Cyrillic, Devanagari, Han, Hiragana, Katakana, Latin};
    let mut subtags = tag.split(['-', '_']);
    let language = subtags.next().unwrap_or_default().to_ascii_lowercase();
    match subtags.find(|subtag| subtag.len() == 4).map(str::to_ascii_lowercase).as_deref() {
        Some("latn") => return vec![Latin],
        Some("cyrl") => return vec![Cyrillic],
        Some("arab") => return vec![Arabic],
        Some("deva") => return vec![Devanagari],
        Some("hans" | "hant") => return vec![Han, Script::Bopomofo],
        _ => {}
    }
    match language.as_str() {
        "zh" | "yue" | "cmn" => vec![Han, Script::Bopomofo],
        "ja" => vec![Han, Hiragana, Katakana],
        "ko" => vec![Script::Hangul, Han],
        "ru" | "uk" | "be" | "bg" | "mk" | "kk" | "ky" | "tg" | "mn" | "tt" | "ba" | "cv" => vec![Cyrillic],
        "sr" | "uz" => vec![Cyrillic, Latin],
        "ar" | "fa" | "ur" | "ps" | "ckb" | "ug" | "sd" | "prs" => vec![Arabic],
        "hi" | "mr" | "ne" | "sa" | "mai" | "bho" => vec![Devanagari],
        "bn" | "as" => vec![Script::Bengali],
        "pa" => vec![Script::Gurmukhi],
        "gu" => vec![Script::Gujarati],
        "or" => vec![Script::Oriya],
        "ta" => vec![Script::Tamil],
        "te" => vec![Script::Telugu],
        "kn" => vec![Script::Kannada],
        "ml" => vec![Script::Malayalam],
        "si" => vec![Script::Sinhala],
        "th" => vec![Script::Thai],
        "lo" => vec![Script::Lao],
        "km" => vec![Script::Khmer],
        "my" | "shn" | "mnw" => vec![Script::Myanmar],
        "bo" | "dz" => vec![Script::Tibetan],
        "am" | "ti" => vec![Script::Ethiopic],
        "ka" => vec![Script::Georgian],
        "hy" => vec![Script::Armenian],
        "he" | "yi" => vec![Script::Hebrew],
        "el" => vec![Script::Greek],
        "dv" => vec![Script::Thaana],
        "und" | "" => Vec::new(),
        _ => vec![Latin],
    }
}
