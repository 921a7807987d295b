//! Text of a post with every contact replaced, and what an excerpt of it shows.

use std::ops::Range;

use crate::contacts::{Contact, ContactKind, find, mask};
use crate::evidence::Span;
use crate::text::NormalText;

/// Characters of an excerpt at most.
const EXCERPT: usize = 280;

/// The whole text, contacts replaced by `[phone]`, `[email]`, …
pub(super) fn full(text: &str, contacts: &[Contact]) -> String {
    mask(text, contacts)
}

/// A part of the text, contacts replaced; one that begins before the part was shown with what stands there.
pub(super) fn part(text: &str, part: Range<usize>, contacts: &[Contact]) -> String {
    let mut shown = String::new();
    let mut at = part.start;
    for contact in contacts.iter().filter(|contact| contact.span.end > part.start && contact.span.start < part.end) {
        if contact.span.start >= at {
            shown.push_str(&text[at..contact.span.start]);
            shown.push_str(&format!("[{}]", contact.kind.id()));
        }
        at = contact.span.end.clamp(at, part.end);
    }
    shown.push_str(&text[at..part.end]);
    shown
}

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

/// About 280 characters around the first evidence, contacts replaced; the beginning where there is no evidence.
pub(super) fn excerpt(text: &str, contacts: &[Contact], evidence: &[Span]) -> String {
    let window = window(text, evidence.first().copied());
    // Contacts are cut at the window's edges, never shown in part: masking comes before cutting.
    let inside: Vec<Contact> =
        contacts.iter().copied().filter(|contact| contact.span.end > window.start && contact.span.start < window.end).collect();
    let start = inside.iter().map(|contact| contact.span.start).min().map_or(window.start, |first| first.min(window.start));
    let end = inside.iter().map(|contact| contact.span.end).max().map_or(window.end, |last| last.max(window.end));
    let shifted: Vec<Contact> = inside
        .iter()
        .map(|contact| Contact { span: Span { start: contact.span.start - start, end: contact.span.end - start }, ..*contact })
        .collect();
    let masked = mask(&text[start..end], &shifted);
    let (before, after) = (if start > 0 { "…" } else { "" }, if end < text.len() { "…" } else { "" });
    format!("{before}{}{after}", masked.trim())
}

/// Bytes of the excerpt, on character boundaries and, where one is near, at white space.
fn window(text: &str, first: Option<Span>) -> Range<usize> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    if starts.len() <= EXCERPT {
        return 0..text.len();
    }
    let focus = first.map_or(0, |span| starts.partition_point(|at| *at < span.start));
    let from = focus.saturating_sub(EXCERPT / 4).min(starts.len() - EXCERPT);
    let to = from + EXCERPT;
    let byte = |position: usize| starts.get(position).copied().unwrap_or(text.len());
    let (start, end) = (byte(from), byte(to));
    let start = if from == 0 {
        0
    } else {
        text[start..end].find(char::is_whitespace).filter(|skip| *skip < 40).map_or(start, |skip| start + skip)
    };
    let end = if to >= starts.len() {
        end
    } else {
        text[start..end].rfind(char::is_whitespace).map(|at| start + at).filter(|cut| end - cut < 40).unwrap_or(end)
    };
    start..end
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
        let shown = excerpt(&text, &contacts, &[Span { start: at, end: at + 10 }]);
        assert!(shown.contains("they keep your passport") && shown.starts_with('…') && !shown.contains("555"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT + 2);
    }
}
