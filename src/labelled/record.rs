//! [`Record`]: one labelled post.

use super::Split;
use crate::typology::{Context, IndicatorId, PatternId};

/// One labelled post.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Unique in its set.
    pub id: String,
    /// Title (if any), a line break, body.
    pub text: String,
    /// The headline that [`Self::text`] begins with.
    pub title: Option<String>,
    /// BCP 47 tag of the main language.
    pub lang: String,
    /// `job_post`, `group_message`, …
    pub channel: String,
    /// Where the platform says it was posted.
    pub region: Option<String>,
    /// When, RFC 3339.
    pub posted_at: Option<String>,
    /// Records of one group stay on one side of a split: twins, parity variants, near-duplicates.
    pub group: String,
    /// How it came to be.
    pub source: String,
    /// The side its set's `splits.tsv` gives it.
    pub split: Option<Split>,
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

impl Record {
    /// Who wrote it in which sitting: what stands in `source` between its kind and a remark ("authored:anglo1; doubt: …").
    /// For a public set, the set.
    #[must_use]
    pub fn batch(&self) -> &str {
        let named = self.source.split(';').next().unwrap_or_default().trim();
        named.split_once(':').map_or(named, |(_, batch)| batch)
    }

    /// The text without its headline.
    #[must_use]
    pub fn body(&self) -> &str {
        let headline = self.title.as_deref().and_then(|title| self.text.strip_prefix(title)?.strip_prefix('\n'));
        headline.unwrap_or(&self.text)
    }

    /// Whether the members of one group are parity variants: the same post for other addressees, so with the same answer.
    #[must_use]
    pub fn are_parity_variants(members: &[&Self]) -> bool {
        let answer = |record: &Self| (record.label.context, record.label.suspect, record.label.patterns.clone());
        members.len() >= 2 && members.iter().all(|member| answer(member) == answer(members[0]))
    }

    /// Whether it carries the indicator.
    #[must_use]
    pub fn carries(&self, indicator: IndicatorId) -> bool {
        self.label.indicators.as_ref().is_some_and(|indicators| indicators.contains(&indicator))
    }
}
