//! The way back: which bytes of a source text stand behind a byte range of the text derived from it.
//!
//! Comes in: pieces, in reading order, while the derived text is being written. Goes out: an [`Alignment`] that answers ranges.
//! It exists so that no other file keeps offsets by hand. A text nothing was changed in costs one piece, whatever its length.

use std::ops::Range;

/// A stretch of derived text and the stretch of source text it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    /// First byte in the derived text; the piece ends where the next begins.
    at: usize,
    /// First byte in the source.
    start: usize,
    /// One past the last byte in the source.
    end: usize,
    /// Byte `at + n` comes from byte `start + n`; otherwise the piece is one whole on both sides.
    parallel: bool,
}

/// Byte ranges of a derived text, answered in bytes of its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alignment {
    pieces: Vec<Piece>,
    derived_len: usize,
}

impl Alignment {
    /// The alignment of a text with itself.
    #[must_use]
    pub fn identity(len: usize) -> Self {
        let mut alignment = Self::default();
        alignment.parallel(len, 0);
        alignment
    }

    /// The next `len` bytes were taken over byte by byte from `start` on: same length, same character boundaries.
    pub fn parallel(&mut self, len: usize, start: usize) {
        if len == 0 {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.parallel && last.end == start => last.end += len,
            _ => self.pieces.push(Piece { at: self.derived_len, start, end: start + len, parallel: true }),
        }
        self.derived_len += len;
    }

    /// The next `len` bytes stand for `source` as a whole.
    ///
    /// Called again with the same `source`, the piece grows: several derived characters may come from one cluster.
    pub fn whole(&mut self, len: usize, source: Range<usize>) {
        if len == 0 {
            return;
        }
        let grows = self.pieces.last().is_some_and(|last| !last.parallel && (last.start..last.end) == source);
        if !grows {
            self.pieces.push(Piece { at: self.derived_len, start: source.start, end: source.end, parallel: false });
        }
        self.derived_len += len;
    }

    /// The source bytes behind a range of the derived text; an empty range gives an empty one.
    ///
    /// Ranges that reach beyond the derived text are cut to it.
    #[must_use]
    pub fn source(&self, derived: Range<usize>) -> Range<usize> {
        let end = derived.end.min(self.derived_len);
        let start = derived.start.min(end);
        let Some(first) = self.piece_at(start) else {
            let end_of_source = self.pieces.last().map_or(0, |last| last.end);
            return end_of_source..end_of_source;
        };
        let from = if first.parallel { first.start + (start - first.at) } else { first.start };
        if start == end {
            return from..from;
        }
        let last = self.piece_at(end - 1).unwrap_or(first);
        let to = if last.parallel { last.start + (end - last.at) } else { last.end };
        from..to
    }

    /// The piece that holds the derived byte `at`.
    fn piece_at(&self, at: usize) -> Option<Piece> {
        if at >= self.derived_len {
            return None;
        }
        let after = self.pieces.partition_point(|piece| piece.at <= at);
        self.pieces.get(after.checked_sub(1)?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_aligned_with_itself() {
        let alignment = Alignment::identity(10);
        assert_eq!(alignment.source(3..7), 3..7);
        assert_eq!(alignment.source(10..10), 10..10);
        assert_eq!(Alignment::identity(0).source(0..0), 0..0);
    }

    #[test]
    fn dropped_bytes_lie_inside_a_range_but_not_at_its_edges() {
        // "T\u{200b}EL" → "TEL"
        let mut alignment = Alignment::default();
        alignment.parallel(1, 0);
        alignment.parallel(2, 4);
        assert_eq!(alignment.source(0..1), 0..1);
        assert_eq!(alignment.source(0..2), 0..5);
        assert_eq!(alignment.source(1..3), 4..6);
    }

    #[test]
    fn a_rewritten_cluster_is_never_cut() {
        // "ﬁx" → "fix"
        let mut alignment = Alignment::default();
        alignment.whole(1, 0..3);
        alignment.whole(1, 0..3);
        alignment.parallel(1, 3);
        assert_eq!(alignment.source(1..2), 0..3);
        assert_eq!(alignment.source(1..3), 0..4);
        assert_eq!(alignment.source(2..3), 3..4);
    }
}
