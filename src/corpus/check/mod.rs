//! Lines of labelled sets → [`Problem`]s: what a set must not be used with, and what a reader should look at.
//!
//! Fields and ids ([`schema`]), the text against its tag and against the ranges kept for fiction ([`text`]), and what only all
//! records together show ([`leaks`]). Nothing is mended here: a record is its author's.

mod leaks;
mod problem;
mod row;
mod schema;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use problem::{Place, Problem, Severity};
use row::Row;
pub use schema::CHANNELS;

use crate::labelled::{Line, Record, Split};
use crate::text::NormalText;

/// An examination of some files.
#[derive(Debug, Default)]
pub struct Check {
    records: Vec<Record>,
    places: Vec<Place>,
    problems: Vec<Problem>,
    seen: BTreeMap<String, Place>,
}

impl Check {
    /// Examines the rows of one file; `sides` are those its set keeps.
    pub fn file(&mut self, name: &str, rows: &[(usize, String)], sides: &BTreeMap<String, Split>) {
        let file: Arc<str> = name.into();
        for (line, json) in rows {
            let place = Place { file: file.clone(), line: *line };
            let mut row = Row::new(place.clone());
            if let Some(line) = schema::line(json, &mut row) {
                self.line(line, &mut row, sides);
            }
            self.problems.append(&mut row.problems);
        }
    }

    fn line(&mut self, line: Line, row: &mut Row, sides: &BTreeMap<String, Split>) {
        if let Some(first) = self.seen.get(&line.id) {
            row.error(format!("the id stands also at {}:{}", first.file, first.line), "give one of them another id");
        } else {
            self.seen.insert(line.id.clone(), row.place.clone());
        }
        schema::values(&line, row);
        schema::labels(&line, row);
        let whole = line.title.as_ref().map_or(line.text.clone(), |title| format!("{title}\n{}", line.text));
        let normal = NormalText::new(&whole);
        text::language(&line, &normal, row);
        // Real posts of others had their contacts masked where they were collected.
        if line.source.starts_with("authored") {
            text::contacts(&normal, &whole, row);
        }
        // What is wrong with it is said above.
        if let Ok(Some(record)) = line.record() {
            self.places.push(row.place.clone());
            self.records.push(Record { split: sides.get(&record.id).copied(), ..record });
        }
    }

    /// All problems by place, and how many records could be read.
    #[must_use]
    pub fn finish(mut self) -> (Vec<Problem>, usize) {
        self.problems.extend(leaks::between(&self.records, &self.places));
        self.problems.sort_by(|a, b| a.place.cmp(&b.place).then(a.severity.cmp(&b.severity)));
        (self.problems, self.records.len())
    }
}
