//! [`Figure`]: one number of a set, and the bound it should keep.

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

/// One number of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is.
    pub name: &'static str,
    /// The number; shares in [0, 1].
    pub value: f64,
    /// How it is written.
    pub unit: Unit,
    /// What it should be, where the design says so.
    pub bound: Option<Bound>,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A whole number.
    Count,
    /// A percentage.
    Share,
    /// Three decimals.
    Score,
}

impl Figure {
    pub(super) fn new(name: &'static str, value: f64, unit: Unit, bound: Option<Bound>) -> Self {
        Self { name, value, unit, bound }
    }

    pub(super) fn count(name: &'static str, value: usize) -> Self {
        Self::new(name, value as f64, Unit::Count, None)
    }

    pub(super) fn share(name: &'static str, part: usize, of: usize) -> Self {
        Self::new(name, part as f64 / of.max(1) as f64, Unit::Share, None)
    }

    pub(super) fn bounded(self, bound: Bound) -> Self {
        Self { bound: Some(bound), ..self }
    }

    pub(super) fn at_least(self, least: u32) -> Self {
        self.bounded(Bound::AtLeast(f64::from(least)))
    }

    /// Whether it keeps its bound, if it has one.
    #[must_use]
    pub fn is_met(&self) -> Option<bool> {
        self.bound.map(|bound| match bound {
            Bound::AtMost(most) => self.value <= most,
            Bound::AtLeast(least) => self.value >= least,
        })
    }

    /// The number as written.
    #[must_use]
    pub fn shown(&self) -> String {
        self.write(self.value)
    }

    /// The bound as written, empty where there is none.
    #[must_use]
    pub fn wanted(&self) -> String {
        match self.bound {
            None => String::new(),
            Some(Bound::AtMost(most)) => format!("<= {}", self.write(most)),
            Some(Bound::AtLeast(least)) => format!(">= {}", self.write(least)),
        }
    }

    fn write(&self, value: f64) -> String {
        match self.unit {
            Unit::Count => format!("{value:.0}"),
            Unit::Share => format!("{:.1} %", 100.0 * value),
            Unit::Score => format!("{value:.3}"),
        }
    }
}
