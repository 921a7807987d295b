//! [`Scaling`]: a model's log-odds → a probability one may quote.

use serde::{Deserialize, Serialize};

/// Platt scaling: p = σ(a·z + b). Platt, "Probabilistic outputs for support vector machines", 1999. With b = 0 it is temperature
/// scaling; Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", 2017.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platt {
    /// Slope.
    pub a: f32,
    /// Intercept.
    pub b: f32,
}

impl Platt {
    /// Leaves log-odds as they are.
    pub const IDENTITY: Self = Self { a: 1.0, b: 0.0 };

    /// The probability of log-odds `z`.
    #[must_use]
    pub fn apply(self, z: f32) -> f32 {
        sigmoid(self.a.mul_add(z, self.b))
    }
}

/// Isotonic scaling: a rising line through knots, each a mean of log-odds and the log-odds of what was found there. Zadrozny and
/// Elkan, "Transforming classifier scores into accurate multiclass probability estimates", 2002. Between knots and beyond them the
/// line keeps rising, so that no two posts of different scores become equal and the order of a review list stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Isotonic {
    /// `[log-odds of the model, log-odds of the share found]`, both rising.
    pub knots: Vec<[f32; 2]>,
}

/// Log-odds gained per unit beyond the outermost knots.
const BEYOND: f32 = 0.05;

impl Isotonic {
    /// The probability of log-odds `z`.
    #[must_use]
    pub fn apply(&self, z: f32) -> f32 {
        let (Some(first), Some(last)) = (self.knots.first(), self.knots.last()) else { return sigmoid(z) };
        let after = self.knots.partition_point(|knot| knot[0] < z);
        let line = if after == 0 {
            first[1] + BEYOND * (z - first[0])
        } else if after == self.knots.len() {
            last[1] + BEYOND * (z - last[0])
        } else {
            let ([x0, y0], [x1, y1]) = (self.knots[after - 1], self.knots[after]);
            y0 + (y1 - y0) * (z - x0) / (x1 - x0)
        };
        sigmoid(line)
    }
}

/// How log-odds of a head become probabilities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scaling {
    /// Two numbers.
    Platt(Platt),
    /// As many knots as the data bear out.
    Isotonic(Isotonic),
}

impl Scaling {
    /// The probability of log-odds `z`.
    #[must_use]
    pub fn apply(&self, z: f32) -> f32 {
        match self {
            Self::Platt(platt) => platt.apply(z),
            Self::Isotonic(isotonic) => isotonic.apply(z),
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Platt(Platt { b: 0.0, .. }) => "temperature",
            Self::Platt(_) => "Platt",
            Self::Isotonic(_) => "isotonic",
        }
    }
}

/// σ(z).
#[must_use]
pub fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + (-z).exp())
}

/// Log-odds of a probability, which is kept off 0 and 1.
#[must_use]
pub fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    (p / (1.0 - p)).ln()
}

/// The probability whose log-odds are those of `p` and `by` more; `p` itself, unrounded, where nothing is added.
#[must_use]
pub fn shifted(p: f32, by: f32) -> f32 {
    if by == 0.0 { p } else { sigmoid(logit(p) + by) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn isotonic_scaling_keeps_the_order(mut xs in prop::collection::vec(-8f32..8.0, 2..8), a in -10f32..10.0, step in 0.01f32..3.0) {
            xs.sort_by(f32::total_cmp);
            xs.dedup_by(|b, a| *b - *a < 0.1);
            let knots = xs.iter().enumerate().map(|(at, x)| [*x, at as f32 - 3.0]).collect();
            let scaling = Isotonic { knots };
            prop_assert!(scaling.apply(a) < scaling.apply(a + step));
        }
    }

    #[test]
    fn both_forms_are_told_apart_in_json() {
        for scaling in
            [Scaling::Platt(Platt { a: 2.0, b: 0.5 }), Scaling::Isotonic(Isotonic { knots: vec![[-1.0, -2.0], [1.0, 2.0]] })]
        {
            let json = serde_json::to_string(&scaling).unwrap();
            assert_eq!(serde_json::from_str::<Scaling>(&json).unwrap(), scaling);
        }
    }
}
