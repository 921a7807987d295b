//! Cohen's kappa: how far two readers agree beyond chance.

use std::collections::BTreeMap;

/// Answers of two readers to one question.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Kappa {
    pairs: BTreeMap<(String, String), usize>,
}

impl Kappa {
    pub(super) fn add(&mut self, first: impl Into<String>, second: impl Into<String>) {
        *self.pairs.entry((first.into(), second.into())).or_default() += 1;
    }

    pub(super) fn add_switch(&mut self, first: bool, second: bool) {
        let name = |answer: bool| if answer { "yes" } else { "no" };
        self.add(name(first), name(second));
    }

    /// Takes in the answers of another.
    pub(super) fn merge(&mut self, other: &Self) {
        for (pair, count) in &other.pairs {
            *self.pairs.entry(pair.clone()).or_default() += count;
        }
    }

    /// Questions answered by both.
    #[must_use]
    pub(super) fn count(&self) -> usize {
        self.pairs.values().sum()
    }

    /// How often the first, and the second, said yes.
    #[must_use]
    pub(super) fn yes(&self) -> (usize, usize) {
        let sum = |keep: &dyn Fn(&(String, String)) -> bool| {
            self.pairs.iter().filter(|(pair, _)| keep(pair)).map(|(_, count)| count).sum()
        };
        (sum(&|pair| pair.0 == "yes"), sum(&|pair| pair.1 == "yes"))
    }

    /// Share of equal answers.
    #[must_use]
    pub(super) fn observed(&self) -> f64 {
        let equal: usize = self.pairs.iter().filter(|((first, second), _)| first == second).map(|(_, count)| count).sum();
        equal as f64 / self.count().max(1) as f64
    }

    /// Kappa; `None` where both gave the same one answer throughout, so that chance explains everything.
    #[must_use]
    pub(super) fn value(&self) -> Option<f64> {
        let all = self.count() as f64;
        let mut shares: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for ((first, second), count) in &self.pairs {
            shares.entry(first).or_default().0 += *count as f64 / all;
            shares.entry(second).or_default().1 += *count as f64 / all;
        }
        let chance: f64 = shares.values().map(|(first, second)| first * second).sum();
        (chance < 1.0 && all > 0.0).then(|| (self.observed() - chance) / (1.0 - chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Wikipedia article: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no; kappa 0.4.
    #[test]
    fn kappa_is_that_of_the_textbook() {
        let mut kappa = Kappa::default();
        for (count, first, second) in [(20, true, true), (5, true, false), (10, false, true), (15, false, false)] {
            (0..count).for_each(|_| kappa.add_switch(first, second));
        }
        assert!((kappa.value().unwrap() - 0.4).abs() < 1e-12);
        assert_eq!((kappa.count(), kappa.yes()), (50, (25, 30)));
        let mut silent = Kappa::default();
        silent.add_switch(false, false);
        assert_eq!(silent.value(), None);
    }
}
