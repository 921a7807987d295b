//! [`Evidence`]: which words of the original post show which indicator.

use crate::typology::IndicatorId;

/// A half-open range of bytes in [`crate::post::Post::text`], on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Whether two spans share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The words the span marks.
    ///
    /// # Panics
    /// If `text` is not the text the span was made for.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        &text[self.start..self.end]
    }
}

/// Positions of a text in characters, which are not counted from its beginning for every span.
pub struct CharCounter<'t> {
    text: &'t str,
    /// A character's first byte in every block of the text that has one, and the characters before it.
    blocks: Vec<(usize, usize)>,
}

/// Bytes of a block.
const BLOCK: usize = 1024;

impl<'t> CharCounter<'t> {
    /// Counts once through.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let mut blocks = vec![(0, 0)];
        for (count, (at, _)) in text.char_indices().enumerate() {
            if at >= blocks.len() * BLOCK {
                blocks.push((at, count));
            }
        }
        Self { text, blocks }
    }

    /// The same range counted in Unicode scalar values, as reports write it.
    #[must_use]
    pub fn in_chars(&self, span: Span) -> (usize, usize) {
        (self.before(span.start), self.before(span.end))
    }

    fn before(&self, at: usize) -> usize {
        let (start, count) = self.blocks[self.blocks.partition_point(|(start, _)| *start <= at) - 1];
        count + self.text[start..at].chars().count()
    }
}

/// The text without these spans, a space in the place of each.
#[must_use]
pub fn cut(text: &str, spans: &[Span]) -> String {
    let mut order = spans.to_vec();
    order.sort_unstable();
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for span in order {
        if span.start >= at {
            rest.push_str(&text[at..span.start]);
            rest.push(' ');
        }
        at = at.max(span.end);
    }
    rest.push_str(&text[at..]);
    rest
}

/// One sighting of an indicator by a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// What was seen.
    pub indicator: IndicatorId,
    /// The words that show it.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_across_blocks() {
        let text = "aé中🙂".repeat(600);
        let counter = CharCounter::new(&text);
        for (count, (at, c)) in text.char_indices().enumerate() {
            let span = Span { start: at, end: at + c.len_utf8() };
            assert_eq!(counter.in_chars(span), (count, count + 1));
        }
        assert_eq!(CharCounter::new("").in_chars(Span { start: 0, end: 0 }), (0, 0));
    }
}
