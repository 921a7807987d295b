//! Text of a post with every contact replaced, and what an excerpt of it shows.

use std::ops::Range;

use crate::contacts::{Contact, ContactKind, find, mask, mask_part};
use crate::evidence::Span;
use crate::text::NormalText;

/// Characters of a text that is shown whole: readers of findings missed what a few words more would have told them.
const WHOLE: usize = 640;
/// Characters of an excerpt of a longer one at most.
const EXCERPT: usize = 480;
/// Bytes that an excerpt may lose at either end, to be cut at white space.
const CUT: usize = 30;
/// Pieces of evidence that are weighed against each other at most, from the beginning of a text.
const MOST_PLACES: usize = 2000;
/// Characters of evidence that an excerpt holds for certain.
const ROOM: usize = EXCERPT - 2 * CUT;

/// A short field with its contacts replaced: some exports put a handle where the channel's name belongs.
pub(super) fn short(text: &str) -> String {
    mask(text, &find(&NormalText::new(text)))
}

/// An id of the export. Rows of digits stay, for they lead back to the row; addresses, links, handles and numbers with a plus go.
pub(super) fn id(text: &str) -> String {
    let mut contacts = find(&NormalText::new(text));
    contacts.retain(|contact| contact.kind != ContactKind::Phone || contact.span.slice(text).starts_with('+'));
    mask(text, &contacts)
}

/// Words an excerpt should show, and how much it matters that it does.
pub(super) type Weighted = (Span, f32);

/// What an excerpt shows, contacts replaced, and the bytes of the text it was made of.
pub(super) struct Excerpt {
    pub(super) shown: String,
    pub(super) from: Span,
}

/// A short text whole; of a longer one about 480 characters where the weightiest evidence stands, contacts replaced; the beginning where there is none.
pub(super) fn excerpt(text: &str, contacts: &[Contact], evidence: &[Weighted]) -> Excerpt {
    let window = window(text, evidence);
    // Contacts are cut at the window's edges, never shown in part: masking comes before cutting.
    let inside = || contacts.iter().filter(|contact| contact.span.end > window.start && contact.span.start < window.end);
    let start = inside().map(|contact| contact.span.start).min().map_or(window.start, |first| first.min(window.start));
    let end = inside().map(|contact| contact.span.end).max().map_or(window.end, |last| last.max(window.end));
    let masked = mask_part(text, start..end, contacts);
    let (before, after) = (if start > 0 { "…" } else { "" }, if end < text.len() { "…" } else { "" });
    Excerpt { shown: format!("{before}{}{after}", masked.trim()), from: Span { start, end } }
}

/// Bytes of the excerpt, on character boundaries and, where one is near, at white space.
fn window(text: &str, evidence: &[Weighted]) -> Range<usize> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    if starts.len() <= WHOLE {
        return 0..text.len();
    }
    let from = best_start(&starts, evidence).min(starts.len() - EXCERPT);
    let to = from + EXCERPT;
    let byte = |position: usize| starts.get(position).copied().unwrap_or(text.len());
    let (start, end) = (byte(from), byte(to));
    let start = if from == 0 {
        0
    } else {
        text[start..end].find(char::is_whitespace).filter(|skip| *skip < CUT).map_or(start, |skip| start + skip)
    };
    let end = if to >= starts.len() {
        end
    } else {
        text[start..end].rfind(char::is_whitespace).map(|at| start + at).filter(|cut| end - cut < CUT).unwrap_or(end)
    };
    start..end
}

/// The character at which an excerpt holds the most weight of evidence, which then stands in its middle; the first of several. Of
/// words that are longer than an excerpt the beginning counts.
fn best_start(starts: &[usize], evidence: &[Weighted]) -> usize {
    let character = |byte: usize| starts.partition_point(|at| *at < byte);
    let clipped = |span: Span| {
        let start = character(span.start);
        start..character(span.end).min(start + ROOM)
    };
    let mut places: Vec<(Range<usize>, f32)> = evidence.iter().map(|(span, weight)| (clipped(*span), *weight)).collect();
    places.sort_by_key(|(place, _)| (place.start, place.end));
    // A phrase that is repeated ten thousand times need not be weighed from each of its places.
    places.truncate(MOST_PLACES);
    let mut best: Option<(f32, Range<usize>)> = None;
    for (at, (first, _)) in places.iter().enumerate() {
        let near = places[at..].iter().take_while(|(place, _)| place.start < first.start + ROOM);
        let held = near.filter(|(place, _)| place.end <= first.start + ROOM);
        let (weight, end) = held.fold((0.0, first.end), |(weight, end), (place, own)| (weight + own, place.end.max(end)));
        if best.as_ref().is_none_or(|(most, _)| weight > *most) {
            best = Some((weight, first.start..end));
        }
    }
    best.map_or(0, |(_, held)| held.start.saturating_sub(EXCERPT.saturating_sub(held.len()) / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_cut_around_the_evidence_and_shows_no_contact() {
        let text = format!("{} they keep your passport {} call +1 555 0100", "word ".repeat(100), "more ".repeat(50));
        let at = text.find("they").unwrap();
        let phone = text.find("+1").unwrap();
        let contacts = [Contact { kind: ContactKind::Phone, span: Span { start: phone, end: text.len() } }];
        let Excerpt { shown, from } = excerpt(&text, &contacts, &[(Span { start: at, end: at + 10 }, 1.0)]);
        assert!(shown.contains("they keep your passport") && shown.starts_with('…') && !shown.contains("555"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT + 2);
        assert!(from.start < at && from.end > at + 10);
    }

    #[test]
    fn an_excerpt_shows_the_clauses_that_matter_most_and_not_the_first() {
        let text = format!("free room {} pay 400 first, {} passport stays with us", "word ".repeat(150), "more ".repeat(20));
        let span = |words: &str| {
            let start = text.find(words).unwrap();
            Span { start, end: start + words.len() }
        };
        let evidence = [(span("free room"), 1.0), (span("pay 400 first"), 1.0), (span("passport stays with us"), 2.0)];
        let Excerpt { shown, .. } = excerpt(&text, &[], &evidence);
        assert!(shown.contains("pay 400 first") && shown.ends_with("passport stays with us"), "{shown}");
        let long = [(span("free room"), 0.5), (Span { start: text.find("pay 400").unwrap(), end: text.len() }, 2.0)];
        assert!(excerpt(&text, &[], &long).shown.contains("pay 400 first"), "a long clause counts as a short one");
    }
}
