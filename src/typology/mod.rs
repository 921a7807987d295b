//! What can be found: contexts, patterns and indicators, with definitions and sources.
//!
//! The ids and their order are those of the label guide; heads of a model, rules, labelled records and reports all use them.
//! Definitions and citations are data (`patterns.toml`, `indicators.toml`), so that a reader who does not program can check them.

use std::sync::LazyLock;

use serde::Deserialize;

/// What kind of text a post is. Only an offer can be suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// An advert, solicitation, invitation or profile that speaks for itself.
    Offer,
    /// A warning, campaign, advice or platform notice.
    Awareness,
    /// Reporting or research about cases.
    News,
    /// Someone asks for help, tells what happened, or asks whether an offer is real.
    HelpSeeking,
    /// Anything else.
    Unrelated,
}

impl Context {
    /// Every context in the order of the model's head.
    pub const ALL: [Self; 5] = [Self::Offer, Self::Awareness, Self::News, Self::HelpSeeking, Self::Unrelated];

    /// The id used in records and findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Awareness => "awareness",
            Self::News => "news",
            Self::HelpSeeking => "help_seeking",
            Self::Unrelated => "unrelated",
        }
    }

    /// The context with this id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.id() == id)
    }
}

/// One of the patterns of [`PATTERNS`], by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PatternId(u8);

/// One of the indicators of [`INDICATORS`], by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndicatorId(u8);

/// What a suspect post offers or does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// Stable id, `snake_case`.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// One or two neutral sentences.
    pub definition: String,
    /// Seed passages, `file:lines`.
    pub sources: Vec<String>,
    /// Whether the author may be someone coerced to recruit.
    pub author_may_be_victim: bool,
    /// Whether such a post offers work, study or service, whose terms it could state.
    pub offers_work: bool,
}

/// One thing a text can carry that makes an offer more, or less, suspicious.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Stable id, `snake_case`.
    pub id: String,
    /// Heading it is listed under; for reading only.
    pub group: String,
    /// One or two neutral sentences.
    pub definition: String,
    /// Seed passages, `file:lines`, or `general knowledge`.
    pub sources: Vec<String>,
    /// One of these alone makes an offer suspect.
    pub decisive: bool,
    /// Lowers suspicion instead of raising it.
    pub counter: bool,
    /// Id of the indicator that says the contrary: no record has both, so no finding does.
    pub opposite: Option<String>,
}

#[derive(Deserialize)]
struct PatternFile {
    pattern: Vec<Pattern>,
}

#[derive(Deserialize)]
struct IndicatorFile {
    indicator: Vec<Indicator>,
}

/// All patterns in the order of the label guide.
#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
pub static PATTERNS: LazyLock<Vec<Pattern>> =
    LazyLock::new(|| toml::from_str::<PatternFile>(include_str!("patterns.toml")).expect("patterns.toml is well formed").pattern);

/// All indicators in the order of the label guide.
#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
pub static INDICATORS: LazyLock<Vec<Indicator>> = LazyLock::new(|| {
    toml::from_str::<IndicatorFile>(include_str!("indicators.toml")).expect("indicators.toml is well formed").indicator
});

macro_rules! positional_id {
    ($id:ident, $table:ident, $card:ty) => {
        impl $id {
            /// Every id in table order.
            pub fn all() -> impl Iterator<Item = Self> {
                (0..$table.len()).map(|position| Self(position as u8))
            }

            /// The id spelt so in records and findings.
            #[must_use]
            pub fn parse(id: &str) -> Option<Self> {
                $table.iter().position(|card| card.id == id).map(|position| Self(position as u8))
            }

            /// Its spelling.
            #[must_use]
            pub fn id(self) -> &'static str {
                &self.card().id
            }

            /// Its position in the table.
            #[must_use]
            pub fn index(self) -> usize {
                usize::from(self.0)
            }

            /// Definition and sources.
            #[must_use]
            pub fn card(self) -> &'static $card {
                &$table[self.index()]
            }
        }
    };
}

positional_id!(PatternId, PATTERNS, Pattern);
positional_id!(IndicatorId, INDICATORS, Indicator);

impl IndicatorId {
    /// Whether the other says the contrary of this one.
    #[must_use]
    pub fn opposes(self, other: Self) -> bool {
        self.card().opposite.as_ref() == Some(&other.card().id)
    }
}
