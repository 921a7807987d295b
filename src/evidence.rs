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
    /// The words the span marks.
    ///
    /// # Panics
    /// If `text` is not the text the span was made for.
    #[must_use]
    pub fn slice(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// The same range counted in Unicode scalar values, as reports write it.
    #[must_use]
    pub fn in_chars(self, text: &str) -> (usize, usize) {
        let start = text[..self.start].chars().count();
        (start, start + self.slice(text).chars().count())
    }
}

/// One sighting of an indicator by a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// What was seen.
    pub indicator: IndicatorId,
    /// The words that show it.
    pub span: Span,
}
