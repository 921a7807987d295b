//! [`Reading`]: what one reader answered on a record.

use crate::labelled::{Line, LineLabel, Record};
use crate::typology::{Context, IndicatorId, PatternId};

/// What a reader answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The record.
    pub id: String,
    /// The answer, in the words of a labelled record.
    pub label: LineLabel,
}

impl Reading {
    /// Reads one line: the answer's fields beside the id.
    pub fn parse(json: &str) -> Result<Self, String> {
        let mut value: serde_json::Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let fields = value.as_object_mut().ok_or("expected an object with id, context, suspect, …")?;
        let Some(serde_json::Value::String(id)) = fields.remove("id") else {
            return Err("`id` is missing".to_owned());
        };
        let label: LineLabel = serde_json::from_value(value).map_err(|error| error.to_string())?;
        if label.context.is_none() || label.suspect.is_none() {
            return Err(format!("{id}: `context` and `suspect` are needed"));
        }
        let known = label.context.as_deref().is_some_and(|id| Context::parse(id).is_some());
        let patterns = label.patterns.iter().all(|id| PatternId::parse(id).is_some());
        let indicators = label.indicators.iter().flatten().all(|id| IndicatorId::parse(id).is_some());
        if known && patterns && indicators {
            Ok(Self { id, label })
        } else {
            Err(format!("{id}: an id of a context, pattern or indicator is unknown; `lurescan typology` lists them"))
        }
    }

    /// The record with this answer in place of its own, as before a disagreement was settled.
    pub fn of(&self, record: &Record) -> Result<Record, String> {
        let line = Line { label: self.label.clone(), ..Line::from(record) };
        line.record()?.ok_or_else(|| "an answer without `suspect`".to_owned())
    }
}
