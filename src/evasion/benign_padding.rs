//! Harmless sentences before and after, so that the offer is a smaller part of the post.

use fastrand::Rng;

/// Tag and sentences, a tab between any two.
const SENTENCES: &str = include_str!("padding.tsv");

pub(super) fn apply(text: &str, lang: &str, random: &mut Rng) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut sentences = of_language(lang);
    random.shuffle(&mut sentences);
    match random.u8(..3) {
        0 => format!("{}\n{text}", sentences[0]),
        1 => format!("{text}\n{}", sentences[0]),
        _ => format!("{}\n{text}\n{}", sentences[0], sentences[1]),
    }
}

/// Sentences of the language, romanised ones and those without an own line in English, as code-mixing people do.
fn of_language(lang: &str) -> Vec<&'static str> {
    let language = if lang.ends_with("-Latn") { "en" } else { lang.split('-').next().unwrap_or("en") };
    let line = |language: &str| SENTENCES.lines().find(|line| line.split('\t').next() == Some(language));
    let line = line(language).or_else(|| line("en")).unwrap_or_default();
    line.split('\t').skip(1).collect()
}
