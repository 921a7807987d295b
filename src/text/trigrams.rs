//! The trigram identifier `whatlang` as one witness of [`super::language`]: words of a text → a BCP 47 tag and how sure it is.

use std::cell::RefCell;
use std::sync::LazyLock;

use unicode_script::Script;
use whatlang::{Detector, Lang};

use super::language::words;

/// Trigrams of a few lines are as good as those of a page.
const ENOUGH_BYTES: usize = 800;

/// What `whatlang` makes of the words alone.
pub(super) fn trigrams(text: &str) -> Option<(&'static str, f32)> {
    thread_local! {
        static LINE: RefCell<String> = const { RefCell::new(String::new()) };
    }
    LINE.with_borrow_mut(|line| {
        line.clear();
        for word in words(text) {
            line.push_str(word);
            line.push(' ');
            if line.len() > ENOUGH_BYTES {
                break;
            }
        }
        let info = DETECTOR.detect(line)?;
        Some((tag_of(info.lang())?, info.confidence() as f32))
    })
}

/// Esperanto and Latin are what trigrams answer when they know nothing better.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::with_denylist(vec![Lang::Epo, Lang::Lat]));

/// The script of a language that `function_words.toml` does not list.
pub(super) fn script_of_trigrams(tag: &str) -> Script {
    match tag {
        "yi" => Script::Hebrew,
        _ => Script::Latin,
    }
}

/// The BCP 47 tag of a `whatlang` language, for those that share a script with another.
fn tag_of(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Fra => "fr",
        Lang::Deu => "de",
        Lang::Ukr => "uk",
        Lang::Ara => "ar",
        Lang::Hin => "hi",
        Lang::Pol => "pl",
        Lang::Amh => "am",
        Lang::Jav => "jv",
        Lang::Nob => "nb",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Fin => "fi",
        Lang::Tur => "tr",
        Lang::Nld => "nl",
        Lang::Hun => "hu",
        Lang::Ces => "cs",
        Lang::Bul => "bg",
        Lang::Bel => "be",
        Lang::Mar => "mr",
        Lang::Ron => "ro",
        Lang::Slv => "sl",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Mkd => "mk",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Vie => "vi",
        Lang::Urd => "ur",
        Lang::Uzb => "uz",
        Lang::Aze => "az",
        Lang::Ind => "id",
        Lang::Pes => "fa",
        Lang::Nep => "ne",
        Lang::Tuk => "tk",
        Lang::Aka => "ak",
        Lang::Zul => "zu",
        Lang::Sna => "sn",
        Lang::Afr => "af",
        Lang::Slk => "sk",
        Lang::Cat => "ca",
        Lang::Tgl => "tl",
        Lang::Cym => "cy",
        _ => return None,
    })
}
