//! [`Interval`]: a figure and how far chance in the records may carry it.

/// Resamples of a bootstrap: the bounds of an interval move in the third decimal between seeds.
const RESAMPLES: usize = 500;

/// A figure with the bounds of its 95 % bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// On all records.
    pub value: f64,
    /// 2.5th percentile of resamples.
    pub low: f64,
    /// 97.5th percentile of resamples.
    pub high: f64,
}

impl Interval {
    /// Percentile bootstrap over groups of positions: twins, parity variants and whatever else shares a group are drawn together.
    pub(super) fn bootstrap(groups: &[Vec<usize>], seed: u64, figure: impl Fn(&[usize]) -> f64) -> Self {
        Self::of_resamples(groups, seed, figure).0
    }

    /// The interval, and the sorted figures of the resamples.
    pub(super) fn of_resamples(groups: &[Vec<usize>], seed: u64, figure: impl Fn(&[usize]) -> f64) -> (Self, Vec<f64>) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut values: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                let drawn = (0..groups.len()).flat_map(|_| &groups[random.usize(..groups.len())]).copied();
                figure(&drawn.collect::<Vec<_>>())
            })
            .filter(|value| value.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        let percentile = |share: f64| {
            values.get((share * (values.len().saturating_sub(1)) as f64).round() as usize).copied().unwrap_or(f64::NAN)
        };
        let value = figure(&groups.concat());
        (Self { value, low: percentile(0.025), high: percentile(0.975) }, values)
    }
}
