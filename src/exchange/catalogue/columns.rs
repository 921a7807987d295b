//! The columns of a flat table of records.

/// One column.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// What it holds, for a catalogue.
    pub about: &'static str,
    /// What its cells are.
    pub kind: Kind,
    /// Whether a record may lack it.
    pub optional: bool,
}

/// What cells are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// True or false.
    Switch,
    /// A list of ids.
    List,
}

const fn column(name: &'static str, kind: Kind, optional: bool, about: &'static str) -> Column {
    Column { name, about, kind, optional }
}

/// In the order of the table.
pub const COLUMNS: [Column; 17] = [
    column("id", Kind::Text, false, "Unique in the set"),
    column("text", Kind::Text, false, "Body of the post as its author would have typed it"),
    column("title", Kind::Text, true, "Headline, where the platform has one"),
    column("lang", Kind::Text, false, "BCP 47 tag of the main language"),
    column("channel", Kind::Text, false, "Kind of place it was posted in"),
    column("region", Kind::Text, true, "Where the platform says it was posted: ISO 3166-1 alpha-2 or free text"),
    column("posted_at", Kind::Text, true, "When, RFC 3339"),
    column(
        "group",
        Kind::Text,
        false,
        "Twins, parity variants and near-duplicates share one; keep a group on one side of a split",
    ),
    column("batch", Kind::Text, false, "Who wrote it in which sitting"),
    column("split", Kind::Text, false, "Recommended side: train, dev or test"),
    column("source", Kind::Text, false, "How the record came to be, with doubts about its labels"),
    column("context", Kind::Text, false, "What kind of text it is: offer, awareness, news, help_seeking or unrelated"),
    column(
        "suspect",
        Kind::Switch,
        false,
        "Whether a trained reviewer should look at it; a signal, never a finding about a person",
    ),
    column("patterns", Kind::List, false, "What a suspect post offers or does; empty unless suspect"),
    column("indicators", Kind::List, true, "What the text carries that makes an offer more, or less, suspicious"),
    column("origin", Kind::List, true, "ISO 3166-1 alpha-2 codes of the people the offer addresses, where the text says"),
    column("destination", Kind::List, true, "ISO 3166-1 alpha-2 codes of where the work or journey is said to be"),
];
