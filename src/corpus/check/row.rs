//! [`Row`]: a line under examination, collecting what is wrong with it.

use super::problem::{Place, Problem, Severity};

/// One line and its problems so far.
pub(super) struct Row {
    pub(super) place: Place,
    pub(super) id: Option<String>,
    pub(super) problems: Vec<Problem>,
}

impl Row {
    pub(super) fn new(place: Place) -> Self {
        Self { place, id: None, problems: Vec::new() }
    }

    pub(super) fn error(&mut self, what: impl Into<String>, remedy: &str) {
        self.add(Severity::Error, what.into(), remedy);
    }

    pub(super) fn warning(&mut self, what: impl Into<String>, remedy: &str) {
        self.add(Severity::Warning, what.into(), remedy);
    }

    fn add(&mut self, severity: Severity, what: String, remedy: &str) {
        let (place, id) = (self.place.clone(), self.id.clone());
        self.problems.push(Problem { place, severity, id, what, remedy: remedy.to_owned() });
    }
}
