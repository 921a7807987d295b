//! [`Line`]: a labelled post as JSON Lines hold it, decided or not.

use serde::{Deserialize, Serialize};

use super::{Record, RecordLabel, Split};
use crate::typology::{Context, IndicatorId, PatternId};

/// The fields of the label guide. What a set does not have is null or absent; a post nobody has judged has a null `suspect`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// See [`Record::id`].
    pub id: String,
    /// The body, without the headline.
    pub text: String,
    /// See [`Record::title`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// See [`Record::lang`]; `und` where nobody says.
    #[serde(default = "unknown_language")]
    pub lang: String,
    /// See [`Record::channel`]; `other` where nobody says.
    #[serde(default = "other_channel")]
    pub channel: String,
    /// See [`Record::region`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// See [`Record::posted_at`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub posted_at: Option<String>,
    /// See [`Record::group`]; absent where the record stands alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// See [`Record::split`]; absent where the set keeps a `splits.tsv`, whose word counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// The answer.
    pub label: LineLabel,
    /// See [`Record::source`]; empty where nobody says.
    #[serde(default)]
    pub source: String,
}

/// See [`RecordLabel`], with ids as they are spelt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineLabel {
    /// See [`RecordLabel::context`].
    pub context: Option<String>,
    /// See [`RecordLabel::suspect`].
    pub suspect: Option<bool>,
    /// See [`RecordLabel::patterns`].
    #[serde(default)]
    pub patterns: Vec<String>,
    /// See [`RecordLabel::indicators`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicators: Option<Vec<String>>,
    /// See [`RecordLabel::origin`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Vec<String>>,
    /// See [`RecordLabel::destination`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<Vec<String>>,
}

/// The least a labelled record says.
const EXAMPLE: &str = r#"{"id":"1","text":"Cooks wanted","lang":"en","label":{"context":"offer","suspect":false}}"#;

fn unknown_language() -> String {
    "und".to_owned()
}

fn other_channel() -> String {
    "other".to_owned()
}

impl Line {
    /// Reads one line. What is wrong with it is told with a line as it should be.
    pub fn parse(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| {
            let error = error.to_string();
            let what = error.split(" at line 1 ").next().unwrap_or(&error);
            format!("no labelled record ({what}); one looks like {EXAMPLE}")
        })
    }

    /// The line as JSON, without a line break.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Strings, lists and a switch: nothing in it can fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The record, `None` if nobody has judged it, or what the label guide forbids.
    pub fn record(self) -> Result<Option<Record>, String> {
        let label = self.label;
        let context = label.context.as_deref().map(|id| {
            Context::parse(id).ok_or_else(|| format!("unknown context `{id}`: offer, awareness, news, help_seeking or unrelated"))
        });
        let context = context.transpose()?;
        let patterns = ids(&label.patterns, "pattern", PatternId::parse)?;
        let indicators = label.indicators.map(|list| ids(&list, "indicator", IndicatorId::parse)).transpose()?;
        let Some(suspect) = label.suspect else { return Ok(None) };
        let context = context.ok_or("`label.context` is missing: offer, awareness, news, help_seeking or unrelated; only a post whose `suspect` is null may lack it")?;
        if suspect && context != Context::Offer {
            return Err(format!("a post of context `{}` is never suspect", context.id()));
        }
        if !suspect && !patterns.is_empty() {
            return Err("patterns belong to suspect posts alone".to_owned());
        }
        let split = self.split.map(|name| Split::parse(&name).ok_or_else(|| format!("unknown split `{name}`"))).transpose()?;
        let title = self.title.filter(|title| !title.trim().is_empty());
        Ok(Some(Record {
            group: self.group.unwrap_or_else(|| self.id.clone()),
            text: title.as_ref().map_or(self.text.clone(), |title| format!("{title}\n{}", self.text)),
            title,
            id: self.id,
            lang: self.lang,
            channel: self.channel,
            region: self.region,
            posted_at: self.posted_at,
            source: self.source,
            split,
            label: RecordLabel { context, suspect, patterns, indicators, origin: label.origin, destination: label.destination },
        }))
    }
}

impl From<&Record> for Line {
    fn from(record: &Record) -> Self {
        let label = &record.label;
        let indicators = label.indicators.as_ref();
        Self {
            id: record.id.clone(),
            text: record.body().to_owned(),
            title: record.title.clone(),
            lang: record.lang.clone(),
            channel: record.channel.clone(),
            region: record.region.clone(),
            posted_at: record.posted_at.clone(),
            group: (record.group != record.id).then(|| record.group.clone()),
            split: record.split.map(|side| side.name().to_owned()),
            label: LineLabel {
                context: Some(label.context.id().to_owned()),
                suspect: Some(label.suspect),
                patterns: label.patterns.iter().map(|id| id.id().to_owned()).collect(),
                indicators: indicators.map(|list| list.iter().map(|id| id.id().to_owned()).collect()),
                origin: label.origin.clone(),
                destination: label.destination.clone(),
            },
            source: record.source.clone(),
        }
    }
}

fn ids<T>(list: &[String], what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    list.iter().map(|id| parse(id).ok_or_else(|| format!("unknown {what} `{id}`; `lurescan typology` lists them"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_written_as_it_was_read() {
        let json = r#"{"id":"a-1","text":"Cooks wanted","title":"Riga","lang":"en","channel":"job_post","region":"LV","group":"a","label":{"context":"offer","suspect":true,"patterns":["job_fraud"],"indicators":["urgency"],"origin":[],"destination":["LV"]},"source":"authored:anglo1; doubt: none"}"#;
        let record = Line::parse(json).unwrap().record().unwrap().unwrap();
        assert_eq!((record.text.as_str(), record.body(), record.batch()), ("Riga\nCooks wanted", "Cooks wanted", "anglo1"));
        assert_eq!(Line::from(&record).to_json(), json);
    }

    #[test]
    fn a_post_nobody_has_judged_is_no_record() {
        let json = r#"{"id":"a","text":"Hello","lang":"und","channel":"group_message","label":{"context":null,"suspect":null,"patterns":[]},"source":"imported:telegram"}"#;
        let line = Line::parse(json).unwrap();
        assert_eq!(line.to_json(), json);
        assert_eq!(line.record(), Ok(None));
    }
}
