//! The text itself: its language against its tag, and contacts that could be somebody's.

use std::sync::LazyLock;

use regex::Regex;

use super::row::Row;
use crate::contacts::{self, ContactKind};
use crate::labelled::Line;
use crate::text::{NormalText, NotAssessed, SupportedScripts, assessable, identify};

/// How sure the detector must be before a tag is doubted: in another script, where it can hardly err, and between the two ways
/// of writing Chinese, which share most characters.
const SURE_OF_SCRIPT: f32 = 0.5;
const SURE_OF_CHINESE: f32 = 0.9;

/// The detected language against the tag: only a sure detector in another script is a reason to look.
pub(super) fn language(line: &Line, text: &NormalText, row: &mut Row) {
    let found = identify(text);
    let other_script = assessable(text, &SupportedScripts::of_languages([&line.lang])) == Err(NotAssessed::UnsupportedLanguage);
    let other_chinese = line.lang.starts_with("zh-Han") && found.tag.starts_with("zh-Han") && line.lang != found.tag;
    if other_script && found.p >= SURE_OF_SCRIPT || other_chinese && found.p >= SURE_OF_CHINESE {
        row.warning(
            format!("tagged {}, and reads as {}", line.lang, found.tag),
            "correct the tag; add -Latn where a language is typed in Latin letters against its custom",
        );
    }
}

/// Numbers, addresses and links outside the ranges reserved for fiction.
pub(super) fn contacts(text: &NormalText, original: &str, row: &mut Row) {
    for contact in contacts::find(text) {
        let words = &original[contact.span.start..contact.span.end];
        let remedy = match contact.kind {
            ContactKind::Phone if !is_fictional_number(words) => {
                "mask digits (07xx xxx x12), or use +1 555 01xx or +44 7700 900xxx"
            }
            ContactKind::Url if is_handle(words, &original[..contact.span.start]) => continue,
            ContactKind::Email | ContactKind::Url if !is_fictional_address(words) => {
                "use a host under example.com, .example, .test or .invalid"
            }
            ContactKind::Wallet => "shorten it with dots: no record holds a whole wallet address",
            _ => continue,
        };
        row.error(format!("{} `{words}` could be somebody's", contact.kind.id()), remedy);
    }
}

/// "LINE sample.kh": a name with a dot in it, announced by a messenger's, is no host.
fn is_handle(words: &str, before: &str) -> bool {
    const MESSENGERS: [&str; 14] =
        ["line", "ไลน์", "telegram", "tele", "tg", "wechat", "微信", "ig", "insta", "instagram", "zalo", "viber", "kakao", "тг"];
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '：' | '@' | '=')).to_lowercase();
    !words.contains('/') && !words.starts_with("www.") && MESSENGERS.iter().any(|name| before.ends_with(name))
}

/// "15.08–20.12.", "2009–2011": a range of dates beside a figure is long enough to be taken for a number.
#[expect(clippy::expect_used, reason = "a constant pattern; the tests use it")]
static DATES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-3]?\d\.[01]?\d\.? ?[–-] ?[0-3]?\d\.[01]?\d\.?|(?:19|20)\d\d ?[–-] ?(?:19|20)\d\d").expect("a valid pattern")
});

/// No number to call has fewer.
const FEWEST_DIGITS: usize = 7;

/// Masked, no number at all, or in a range that regulators keep for fiction.
fn is_fictional_number(words: &str) -> bool {
    let shown: String = NormalText::new(words).folded().to_owned();
    if shown.contains(['x', '×', '*', '•', '#', '_', '…']) || shown.contains("...") || shown.contains("oo") {
        return true;
    }
    let undated = DATES.replace_all(&shown, "");
    // Digits in words ("30 nam, 20": năm is five and year) are too often words; a number told in them is not looked for here.
    if undated.chars().filter(char::is_ascii_digit).count() < FEWEST_DIGITS {
        return true;
    }
    let digits: String = undated.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    let national = digits.strip_prefix("44").or_else(|| digits.strip_prefix('0')).unwrap_or(digits);
    let national = national.strip_prefix('0').unwrap_or(national);
    let american = match digits.len() {
        7 => digits,
        10 => &digits[3..],
        11 if digits.starts_with('1') => &digits[4..],
        // +1 555 01xx as the label guide writes it, without an area code.
        8 if digits.starts_with('1') => &digits[1..],
        _ => "",
    };
    // 01x: only a hundred numbers of exchange 555 are reserved.
    american.starts_with("55501") || is_reserved_british(national)
}

/// Ofcom's numbers for drama.
fn is_reserved_british(national: &str) -> bool {
    let ranges = ["7700900", "2079460", "1632960", "808157", "909879", "306999"];
    national.len() == 10 && ranges.iter().any(|range| national.starts_with(range))
}

/// Masked, or under a name that RFC 2606 reserves.
fn is_fictional_address(words: &str) -> bool {
    let folded = NormalText::new(words).folded().replace(' ', "");
    let folded = folded.replace("(at)", "@").replace("[at]", "@").replace("(dot)", ".").replace("[dot]", ".");
    // wa.me/62xxx: a link whose number is hidden leads nowhere.
    if ["xx", "**", "••", "__"].iter().any(|hidden| folded.contains(hidden)) {
        return true;
    }
    let after_scheme = folded.split_once("://").map_or(folded.as_str(), |(_, rest)| rest);
    let host = after_scheme.rsplit('@').next().unwrap_or_default();
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_end_matches('.');
    let reserved = ["example.com", "example.org", "example.net", "example", "test", "invalid", "localhost"];
    reserved.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_kept_for_fiction_are_known() {
        for number in [
            "+1 555 0142",
            "(212) 555-0199",
            "555-0100",
            "+44 7700 900123",
            "07700 900 456",
            "09xx xxx xx12",
            "+63 9** *** 123",
            "15.08–20.12. 212",
            "2009–2011. One",
        ] {
            assert!(is_fictional_number(number), "{number}");
        }
        for number in ["+1 212 555 2368", "+63 917 123 4567", "+44 7911 123456", "555 1234"] {
            assert!(!is_fictional_number(number), "{number}");
        }
    }

    #[test]
    fn hosts_kept_for_fiction_are_known() {
        for address in ["hr@jobs.example.com", "https://apply.example/x?y=a.com", "www.work.test", "name (at) example (dot) org"]
        {
            assert!(is_fictional_address(address), "{address}");
        }
        for address in ["hr@gmail.com", "t.me/worker", "https://example.com.evil.ru", "notexample.com"] {
            assert!(!is_fictional_address(address), "{address}");
        }
    }
}
