//! [`Row`]: a record as cells.

use super::LIST_SEPARATOR;
use super::columns::{Column, Kind};
use crate::labelled::{Record, Split};

/// A record and its side.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r> {
    /// The record.
    pub record: &'r Record,
    /// Its side.
    pub side: Split,
}

impl<'r> Row<'r> {
    /// A cell of text; `None` where the record lacks it.
    pub(super) fn text(&self, name: &str) -> Option<&'r str> {
        let record = self.record;
        match name {
            "id" => Some(&record.id),
            "text" => Some(record.body()),
            "title" => record.title.as_deref(),
            "lang" => Some(&record.lang),
            "channel" => Some(&record.channel),
            "region" => record.region.as_deref(),
            "posted_at" => record.posted_at.as_deref(),
            "group" => Some(&record.group),
            "batch" => Some(record.batch()),
            "split" => Some(self.side.name()),
            "source" => Some(&record.source),
            "context" => Some(record.label.context.id()),
            _ => None,
        }
    }

    /// A cell that is true or false.
    pub(super) fn switch(&self) -> bool {
        self.record.label.suspect
    }

    /// A cell of ids; `None` where the set does not have them.
    pub(super) fn list(&self, name: &str) -> Option<Vec<&'r str>> {
        let label = &self.record.label;
        match name {
            "patterns" => Some(label.patterns.iter().map(|id| id.id()).collect()),
            "indicators" => label.indicators.as_ref().map(|list| list.iter().map(|id| id.id()).collect()),
            "origin" => label.origin.as_ref().map(|list| list.iter().map(String::as_str).collect()),
            "destination" => label.destination.as_ref().map(|list| list.iter().map(String::as_str).collect()),
            _ => None,
        }
    }

    /// Any cell as CSV writes it.
    pub(super) fn cell(&self, column: &Column) -> String {
        match column.kind {
            Kind::Text => self.text(column.name).unwrap_or_default().to_owned(),
            Kind::Switch => self.switch().to_string(),
            Kind::List => self.list(column.name).unwrap_or_default().join(LIST_SEPARATOR),
        }
    }
}
