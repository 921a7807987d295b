//! What a model says token by token → [`Attribution`]: the words that moved a verdict.
//!
//! The suspect head reads the mean of the token vectors, so a post's log-odds are the mean of what the head says of each token, as in
//! class activation mapping; Zhou, Khosla, Lapedriza, Oliva and Torralba, "Learning deep features for discriminative localization",
//! 2016. Tokens are read in phrases, cut at punctuation, line ends and, where those are far apart, between words: single tokens say
//! little to a reader. `lurescan eval --evidence` measures whether taking the words away lowers the score.
//!
//! An alternative would be occlusion, one more pass for every phrase of a post; this takes one pass in all.

use std::ops::Range;

use crate::classifier::TokenLogits;
use crate::evidence::Span;
use crate::text::NormalText;
use crate::typology::IndicatorId;

/// Words shown at most.
const MOST: usize = 3;
/// Words are shown until they make up this share of what speaks for suspicion.
const ENOUGH: f32 = 0.6;
/// Tokens of a phrase at most, and tokens that stand alone at least.
const LONGEST: usize = 14;
const SHORTEST: usize = 5;

/// The words that moved a verdict.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attribution {
    /// Those that speak most for suspicion, the weightiest first.
    pub words: Vec<Weighed>,
    /// For each indicator the model sees, the words that show it best; the likeliest first.
    pub indicators: Vec<(IndicatorId, Span)>,
}

/// Words with their weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    /// Where they stand.
    pub span: Span,
    /// Their share of all that speaks for suspicion in the post, 0 to 1.
    pub share: f32,
}

/// An attribution in positions of tokens: the same for every post that reads the same once its disguises are undone.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TokenAttribution {
    words: Vec<(Range<usize>, f32)>,
    indicators: Vec<(IndicatorId, Range<usize>)>,
}

impl TokenAttribution {
    /// `pieces` are the bytes of `text` behind each token, empty for tokens that stand for none; `seen` are indicators with their
    /// position in the head.
    #[must_use]
    pub fn new(text: &str, pieces: &[Range<usize>], logits: &TokenLogits, seen: &[(IndicatorId, usize)]) -> Self {
        let phrases = phrases(text, pieces);
        let strongest = |z: &[f32]| {
            let mean = |phrase: &&Range<usize>| z[(*phrase).clone()].iter().sum::<f32>() / phrase.len() as f32;
            phrases.iter().max_by(|a, b| mean(a).total_cmp(&mean(b))).cloned()
        };
        Self {
            words: weightiest(&phrases, &logits.suspect),
            indicators: seen.iter().filter_map(|(id, at)| Some((*id, strongest(&logits.indicators[*at])?))).collect(),
        }
    }

    /// The same in the post itself. `pieces` are the bytes of the text the model reads behind each token.
    #[must_use]
    pub fn in_post(&self, text: &NormalText, pieces: &[Range<usize>]) -> Attribution {
        let span = |tokens: &Range<usize>| {
            let Range { start, end } = bytes(text.model(), pieces, tokens);
            text.model_span(start..end)
        };
        Attribution {
            words: self.words.iter().map(|(tokens, share)| Weighed { span: span(tokens), share: *share }).collect(),
            indicators: self.indicators.iter().map(|(id, tokens)| (*id, span(tokens))).collect(),
        }
    }
}

/// The phrases above the post's mean, weighed by what they add to it.
fn weightiest(phrases: &[Range<usize>], z: &[f32]) -> Vec<(Range<usize>, f32)> {
    let tokens: usize = phrases.iter().map(Range::len).sum();
    let mean = phrases.iter().flat_map(|phrase| &z[phrase.clone()]).sum::<f32>() / tokens.max(1) as f32;
    let mut weighed: Vec<(Range<usize>, f32)> = phrases
        .iter()
        .map(|phrase| (phrase.clone(), z[phrase.clone()].iter().map(|z| z - mean).sum::<f32>()))
        .filter(|(_, excess)| *excess > 0.0)
        .collect();
    let whole: f32 = weighed.iter().map(|(_, excess)| excess).sum();
    weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.start.cmp(&b.0.start)));
    let mut shown = Vec::new();
    let mut so_far = 0.0;
    for (phrase, excess) in weighed.into_iter().take(MOST) {
        if so_far >= ENOUGH {
            break;
        }
        so_far += excess / whole;
        shown.push((phrase, excess / whole));
    }
    shown
}

/// Ranges of tokens, in order, that cover every token with words behind it.
fn phrases(text: &str, pieces: &[Range<usize>]) -> Vec<Range<usize>> {
    let read: Vec<usize> = (0..pieces.len()).filter(|&at| !text[pieces[at].clone()].trim().is_empty()).collect();
    let (Some(&first), Some(&last)) = (read.first(), read.last()) else { return Vec::new() };
    let mut phrases: Vec<Range<usize>> = Vec::new();
    let mut start = first;
    for pair in read.windows(2) {
        let ends = ends_phrase(text, &pieces[pair[0]], &pieces[pair[1]]);
        if ends == End::Line || (ends == End::Clause && pair[1] - start >= SHORTEST) {
            phrases.push(start..pair[1]);
            start = pair[1];
        }
    }
    phrases.push(start..last + 1);
    phrases.into_iter().flat_map(|phrase| parts(text, pieces, &phrase)).collect()
}

#[derive(PartialEq, Eq)]
enum End {
    Line,
    Clause,
    None,
}

/// Whether a phrase ends between two neighbouring tokens.
fn ends_phrase(text: &str, before: &Range<usize>, after: &Range<usize>) -> End {
    let next = after.start + text[after.clone()].len() - text[after.clone()].trim_start().len();
    let gap = &text[before.start + text[before.clone()].trim_end().len()..next.max(before.end)];
    if gap.contains('\n') {
        return End::Line;
    }
    match text[before.clone()].trim_end().chars().next_back() {
        // "1,500" and "a.m." go on; a full stop of the East ends a phrase with nothing after it.
        Some(
            '.' | ',' | '!' | '?' | ';' | ':' | '…' | '|' | '/' | '•' | '·' | '–' | '—' | '،' | '؛' | '؟' | '۔' | '।' | '።' | '፣',
        ) if !gap.is_empty() => End::Clause,
        Some('。' | '！' | '？' | '；' | '：' | '，' | '、' | '၊' | '။' | '។') => End::Clause,
        _ => End::None,
    }
}

/// A long phrase in parts of like length, cut where a word begins if one begins near.
fn parts(text: &str, pieces: &[Range<usize>], phrase: &Range<usize>) -> Vec<Range<usize>> {
    let count = phrase.len().div_ceil(LONGEST);
    let begins_word = |at: usize| {
        text[pieces[at].clone()].starts_with(char::is_whitespace) || text[..pieces[at].start].ends_with(char::is_whitespace)
    };
    let mut parts = Vec::new();
    let mut start = phrase.start;
    for part in 1..count {
        let even = phrase.start + phrase.len() * part / count;
        let near = (even.saturating_sub(3).max(start + 1)..(even + 3).min(phrase.end)).filter(|&at| begins_word(at));
        let cut = near.min_by_key(|at| at.abs_diff(even)).unwrap_or(even);
        parts.push(start..cut);
        start = cut;
    }
    parts.push(start..phrase.end);
    parts
}

/// The bytes behind a range of tokens, white space at its ends left out.
fn bytes(text: &str, pieces: &[Range<usize>], tokens: &Range<usize>) -> Range<usize> {
    let own = || pieces[tokens.clone()].iter().filter(|piece| !piece.is_empty());
    let (start, end) = (own().map(|piece| piece.start).min().unwrap_or(0), own().map(|piece| piece.end).max().unwrap_or(0));
    let words = &text[start..end];
    let start = start + words.len() - words.trim_start().len();
    start..(start + words.trim().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A token a word, with the space before it, as SentencePiece cuts; an empty one at either end.
    fn words(text: &str) -> Vec<Range<usize>> {
        let mut pieces: Vec<Range<usize>> = Vec::new();
        pieces.push(0..0);
        let mut start = 0;
        for (at, _) in text.char_indices().filter(|(_, c)| c.is_whitespace()).chain([(text.len(), ' ')]) {
            if at > start {
                pieces.push(start..at);
                start = at;
            }
        }
        pieces.push(0..0);
        pieces
    }

    fn attributed(text: &str, weight: impl Fn(&str) -> f32) -> Vec<String> {
        let pieces = words(text);
        let suspect: Vec<f32> = pieces.iter().map(|piece| weight(text[piece.clone()].trim())).collect();
        let logits = TokenLogits { suspect, indicators: Vec::new() };
        let found = TokenAttribution::new(text, &pieces, &logits, &[]).in_post(&NormalText::new(text), &pieces);
        found.words.iter().map(|words| words.span.slice(text).to_owned()).collect()
    }

    #[test]
    fn the_clause_that_weighs_most_is_shown_without_its_neighbours() {
        let text = "Waiters wanted in Dubai, we pay 1,500 a month. Your passport stays in our safe, please write today.";
        let shown = attributed(text, |word| if ["passport", "safe,"].contains(&word) { 5.0 } else { 0.0 });
        assert_eq!(shown, ["Your passport stays in our safe,"]);
    }

    #[test]
    fn a_post_without_punctuation_is_shown_in_parts() {
        let text = "good ".repeat(40) + "passport kept " + &"good ".repeat(40);
        let shown = attributed(&text, |word| if word == "passport" { 9.0 } else { 0.0 });
        assert!(shown.len() == 1 && shown[0].contains("passport") && shown[0].len() < 90, "{shown:?}");
    }

    proptest! {
        #[test]
        fn phrases_cover_every_word_once(text in "[a-zà 。,.\\n中文]{0,200}") {
            let pieces = words(&text);
            let phrases = phrases(&text, &pieces);
            let covered: Vec<usize> = phrases.iter().cloned().flatten().filter(|&at| !text[pieces[at].clone()].trim().is_empty()).collect();
            let all: Vec<usize> = (0..pieces.len()).filter(|&at| !text[pieces[at].clone()].trim().is_empty()).collect();
            prop_assert_eq!(covered, all);
            prop_assert!(phrases.iter().all(|phrase| phrase.len() <= LONGEST + 6));
        }
    }
}
