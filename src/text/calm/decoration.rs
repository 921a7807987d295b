//! Signs that call for attention, lines drawn, rows of hashtags.

use std::ops::Range;

/// Signs in a text from which on they decorate. Fewer may stand for words.
const FEWEST_SIGNS: usize = 3;
/// Like characters in a row from which on they are a line drawn.
const FEWEST_IN_LINE: usize = 4;
/// Hashtags alone on a line from which on they are no sentence.
const FEWEST_TAGS: usize = 3;

/// Flames, ticks, arrows, bullets, bars, skin tones: they say nothing by themselves.
const SIGNS: &str =
    "|│🔥✅✨📢📣⭐🌟❗❕‼⚠💥👉👇👈👆➡⬅⬇⬆🔴🟢🔵🟡🟠🟣⚫⚪🔶🔷🔸🔹▪▫◾◽●○◆◇■□★☆✔✓☑💯📲📌📍🔻🔺🎉🎊💫⚡🔔🏻🏼🏽🏾🏿➤➥►▶◀▷•·━─═";

/// Where it stands.
pub(super) fn found(text: &str) -> Vec<Range<usize>> {
    let signs = text.chars().filter(|c| is_sign(*c)).nth(FEWEST_SIGNS - 1).is_some();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = text.len() - text[at..].trim_start_matches(c).len();
        let line = matches!(c, '_' | '-' | '=' | '*' | '~' | '#') && end - at >= FEWEST_IN_LINE;
        // Selectors of how a sign looks are nothing without it.
        if line || signs && (is_sign(c) || matches!(c, '\u{FE0E}' | '\u{FE0F}')) {
            found.push(at..end);
        }
        at = end;
    }
    found.extend(tags(text));
    found
}

fn is_sign(c: char) -> bool {
    (c == '|' || !c.is_ascii() && !c.is_alphabetic()) && SIGNS.contains(c)
}

/// Lines of hashtags alone.
fn tags(text: &str) -> impl Iterator<Item = Range<usize>> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some((*at - line.len(), line.trim_end()))
    });
    lines.filter(|(_, line)| line.contains('#')).filter_map(|(at, line)| {
        let tags = line.split_whitespace().all(|word| word.starts_with('#')) && line.split_whitespace().count() >= FEWEST_TAGS;
        tags.then_some(at..at + line.len())
    })
}
