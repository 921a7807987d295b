//! Labelled records: posts with the answer of a reader, for training, calibration and evaluation.
//!
//! The format is that of the label guide: JSON Lines, plain or gzipped. Labels a set does not have stay `None` and are
//! masked wherever they would be learnt or counted.

mod split;

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

pub use split::{Split, near_duplicates, splits};

use crate::typology::{Context, IndicatorId, PatternId};

/// Why labelled records cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum LabelledError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A record does not follow the label guide. Labels are code: one bad record stops the command.
    #[error("{} line {line}: {reason}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// One labelled post.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Unique in its file.
    pub id: String,
    /// Title (if any), a line break, body.
    pub text: String,
    /// BCP 47 tag of the main language.
    pub lang: String,
    /// `job_post`, `group_message`, …
    pub channel: String,
    /// Where the platform says it was posted.
    pub region: Option<String>,
    /// Records of one group stay on one side of a split: twins, parity variants, near-duplicates.
    pub group: String,
    /// How it came to be.
    pub source: String,
    /// The answer.
    pub label: RecordLabel,
}

/// What the reader of a post answered.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordLabel {
    /// What kind of text it is.
    pub context: Context,
    /// Whether a reviewer should look at it.
    pub suspect: bool,
    /// Which patterns; none unless suspect.
    pub patterns: Vec<PatternId>,
    /// Which indicators, where the set has them.
    pub indicators: Option<Vec<IndicatorId>>,
    /// Country codes of the people addressed, where the set has them.
    pub origin: Option<Vec<String>>,
    /// Country codes of where the work is said to be, where the set has them.
    pub destination: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct RecordLine {
    id: String,
    text: String,
    title: Option<String>,
    lang: String,
    channel: String,
    region: Option<String>,
    group: Option<String>,
    source: String,
    label: LabelLine,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelLine {
    context: String,
    suspect: Option<bool>,
    patterns: Vec<String>,
    indicators: Option<Vec<String>>,
    origin: Option<Vec<String>>,
    destination: Option<Vec<String>>,
}

/// Reads records; those whose `suspect` is null (not decided) are left out.
pub fn read(path: &Path) -> Result<Vec<Record>, LabelledError> {
    let failed = |source| LabelledError::Read { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    let zipped = path.extension().is_some_and(|ending| ending == "gz");
    let bytes: Box<dyn Read> = if zipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut records = Vec::new();
    for (number, line) in BufReader::new(bytes).lines().enumerate() {
        let line = line.map_err(failed)?;
        if line.trim().is_empty() {
            continue;
        }
        let record = parse(&line).map_err(|reason| LabelledError::Record { path: path.to_owned(), line: number + 1, reason })?;
        records.extend(record);
    }
    Ok(records)
}

fn parse(line: &str) -> Result<Option<Record>, String> {
    let line: RecordLine = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let context = Context::parse(&line.label.context).ok_or_else(|| format!("unknown context `{}`", line.label.context))?;
    let patterns = ids(&line.label.patterns, "pattern", PatternId::parse)?;
    let indicators = line.label.indicators.map(|list| ids(&list, "indicator", IndicatorId::parse)).transpose()?;
    let Some(suspect) = line.label.suspect else { return Ok(None) };
    if suspect && context != Context::Offer {
        return Err(format!("a post of context `{}` is never suspect", context.id()));
    }
    if !suspect && !patterns.is_empty() {
        return Err("patterns belong to suspect posts alone".to_owned());
    }
    Ok(Some(Record {
        group: line.group.unwrap_or_else(|| line.id.clone()),
        text: line
            .title
            .filter(|title| !title.trim().is_empty())
            .map_or(line.text.clone(), |title| format!("{title}\n{}", line.text)),
        id: line.id,
        lang: line.lang,
        channel: line.channel,
        region: line.region,
        source: line.source,
        label: RecordLabel {
            context,
            suspect,
            patterns,
            indicators,
            origin: line.label.origin,
            destination: line.label.destination,
        },
    }))
}

fn ids<T>(list: &[String], what: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    list.iter().map(|id| parse(id).ok_or_else(|| format!("unknown {what} `{id}`"))).collect()
}
