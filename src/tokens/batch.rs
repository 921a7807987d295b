//! [`Batch`]: sequences that go through the model together, and how a chunk of posts is cut into batches.

use std::ops::Range;

use rayon::prelude::*;

use super::Tokens;

/// Token ids of several posts, one after the other, without padding.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    ids: Vec<u32>,
    lengths: Vec<usize>,
}

impl Batch {
    /// Appends one sequence.
    pub fn push(&mut self, tokens: &Tokens) {
        self.ids.extend_from_slice(&tokens.ids);
        self.lengths.push(tokens.ids.len());
    }

    /// Number of sequences.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is no sequence.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Tokens of the longest sequence.
    #[must_use]
    pub fn width(&self) -> usize {
        self.lengths.iter().copied().max().unwrap_or(0)
    }

    /// Tokens of each sequence.
    pub fn lengths(&self) -> impl Iterator<Item = usize> {
        self.lengths.iter().copied()
    }

    /// Tokens of all sequences, padding not counted.
    #[must_use]
    pub fn tokens(&self) -> usize {
        self.ids.len()
    }

    /// Ids of all sequences, one after the other.
    #[must_use]
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// Ids as a rectangle of `len() × width()`, short rows filled with `pad`.
    #[must_use]
    pub fn padded(&self, pad: u32) -> Vec<u32> {
        let width = self.width();
        let mut rectangle = Vec::with_capacity(self.len() * width);
        let mut rest = self.ids.as_slice();
        for &length in &self.lengths {
            let (row, after) = rest.split_at(length);
            rectangle.extend_from_slice(row);
            rectangle.resize(rectangle.len() + width - length, pad);
            rest = after;
        }
        rectangle
    }
}

impl<'a> FromIterator<&'a Tokens> for Batch {
    fn from_iter<I: IntoIterator<Item = &'a Tokens>>(sequences: I) -> Self {
        let mut batch = Self::default();
        for tokens in sequences {
            batch.push(tokens);
        }
        batch
    }
}

/// Cuts sequences, given by length, into batches: positions sorted by length, then ranges of them whose padded size
/// stays within `budget` tokens. A sequence longer than the budget goes alone.
#[must_use]
pub fn plan(lengths: &[usize], budget: usize) -> (Vec<usize>, Vec<Range<usize>>) {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&position| (std::cmp::Reverse(lengths[position]), position));
    let mut batches = Vec::new();
    let mut start = 0;
    while start < order.len() {
        // Longest first: the first sequence of a batch is its width.
        let width = lengths[order[start]].max(1);
        let end = (start + (budget / width).max(1)).min(order.len());
        batches.push(start..end);
        start = end;
    }
    (order, batches)
}

/// Answers for sequences, in their order: the batches of a [`plan`] are read side by side, one core each.
///
/// # Panics
/// If `read` does not answer for every sequence of its batch.
pub fn in_batches<T: Send, E: Send>(
    sequences: &[&Tokens],
    budget: usize,
    read: impl Fn(&Batch) -> Result<Vec<T>, E> + Sync,
) -> Result<Vec<T>, E> {
    let lengths: Vec<usize> = sequences.iter().map(|tokens| tokens.ids.len()).collect();
    let (order, ranges) = plan(&lengths, budget);
    let answers: Vec<Vec<T>> = ranges
        .par_iter()
        .with_max_len(1)
        .map(|range| {
            let answers = read(&order[range.clone()].iter().map(|&at| sequences[at]).collect())?;
            assert_eq!(answers.len(), range.len(), "an answer for every sequence of a batch");
            Ok(answers)
        })
        .collect::<Result<_, E>>()?;
    let mut answers: Vec<(usize, T)> = order.into_iter().zip(answers.into_iter().flatten()).collect();
    answers.sort_by_key(|(at, _)| *at);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plan_covers_all_and_fits_the_budget(lengths in prop::collection::vec(1usize..600, 0..200), budget in 1usize..5000) {
            let (order, batches) = plan(&lengths, budget);
            let mut seen: Vec<usize> = batches.iter().flat_map(|range| order[range.clone()].to_vec()).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..lengths.len()).collect::<Vec<_>>());
            for range in batches {
                let width = order[range.clone()].iter().map(|&position| lengths[position]).max().unwrap_or(0);
                prop_assert!(range.len() == 1 || width * range.len() <= budget);
            }
        }
    }

    #[test]
    fn answers_come_in_the_order_of_the_sequences() {
        let sequences: Vec<Tokens> =
            [3, 1, 7, 2, 7].map(|length| Tokens { ids: vec![length; length as usize], truncated: false }).into();
        let all: Vec<&Tokens> = sequences.iter().collect();
        let lengths = |batch: &Batch| Ok::<_, ()>(batch.lengths().collect());
        assert_eq!(in_batches(&all, 8, lengths), Ok(vec![3, 1, 7, 2, 7]));
        assert_eq!(in_batches(&all, 8, |_| Err::<Vec<()>, _>("unreadable")), Err("unreadable"));
    }

    #[test]
    fn padding_fills_short_rows() {
        let sequences = [Tokens { ids: vec![5, 6, 7], truncated: false }, Tokens { ids: vec![8], truncated: false }];
        let batch: Batch = sequences.iter().collect();
        assert_eq!(batch.padded(1), [5, 6, 7, 8, 1, 1]);
        assert_eq!((batch.len(), batch.width(), batch.tokens()), (2, 3, 4));
    }
}
