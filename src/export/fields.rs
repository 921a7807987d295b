//! [`FieldMap`]: which field or column of an export is what.
//!
//! A mapping the user gives is followed to the letter; without one the usual names are tried in order, whatever their case.

use std::borrow::Cow;
use std::str::FromStr;

use super::dates::DateOrder;
use super::error::ExportError;

/// What a field can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Text,
    Title,
    Id,
    Channel,
    Region,
    Lang,
    PostedAt,
}

impl Key {
    pub(super) const ALL: [Self; 7] =
        [Self::Text, Self::Title, Self::Id, Self::Channel, Self::Region, Self::Lang, Self::PostedAt];

    /// As `--map` writes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Title => "title",
            Self::Id => "id",
            Self::Channel => "channel",
            Self::Region => "region",
            Self::Lang => "lang",
            Self::PostedAt => "posted_at",
        }
    }

    /// Usual names, likeliest first. Dots lead into nested objects (`_id.$oid` is how `mongoexport` writes ids).
    fn usual_names(self) -> &'static [&'static str] {
        match self {
            Self::Text => &[
                "text",
                "body",
                "message",
                "description",
                "content",
                "full_text",
                "selftext",
                "post",
                "caption",
                "comment",
                "post_text",
                "message_text",
                "body_text",
                "job_description",
                "ad_text",
                "description_html",
                "content_html",
            ],
            Self::Title => &["title", "headline", "subject", "job_title", "post_title", "ad_title"],
            Self::Id => &[
                "id",
                "post_id",
                "_id",
                "_id.$oid",
                "uuid",
                "guid",
                "id_str",
                "job_id",
                "ad_id",
                "message_id",
                "tweet_id",
                "comment_id",
            ],
            Self::Channel => &["channel", "channel_type", "post_type", "source_type"],
            Self::Region => &["region", "country", "country_code", "location", "place", "job_location", "city"],
            Self::Lang => &["lang", "language", "lang_code", "language_code", "locale"],
            Self::PostedAt => &[
                "posted_at",
                "created_at",
                "date",
                "timestamp",
                "created_utc",
                "createdat",
                "created",
                "published_at",
                "published",
                "pubdate",
                "date_posted",
                "posted_date",
                "post_date",
                "datetime",
                "date_unixtime",
                "time",
            ],
        }
    }
}

/// Names of the fields of an export, given with `--map` or guessed.
///
/// ```
/// # use lurescan::export::FieldMap;
/// let map: FieldMap = "text=data.body,region=country".parse()?;
/// # Ok::<(), lurescan::export::ExportError>(())
/// ```
#[derive(Debug, Clone)]
pub struct FieldMap {
    given: [Option<String>; Key::ALL.len()],
    wanted: Wanted,
    dates: Option<DateOrder>,
}

/// The fields worth reading, as a tree along nested objects.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// What a value at this place is, with its rank among the names of the same key.
    pub(super) is: Vec<(Key, u8)>,
    below: Vec<(String, Wanted)>,
}

impl Wanted {
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let name = fold(name);
        self.below.iter().find(|(wanted, _)| wanted.eq_ignore_ascii_case(&name)).map(|(_, below)| below)
    }

    fn add<'n>(&mut self, mut path: impl Iterator<Item = &'n str>, key: Key, rank: u8) {
        let Some(name) = path.next() else {
            self.is.push((key, rank));
            return;
        };
        let name = fold(name).to_ascii_lowercase();
        let at = self.below.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            self.below.push((name, Self::default()));
            self.below.len() - 1
        });
        self.below[at].1.add(path, key, rank);
    }
}

/// Lower case beyond ASCII; ASCII is left to a comparison that allocates nothing.
fn fold(name: &str) -> Cow<'_, str> {
    if name.is_ascii() { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) }
}

impl Default for FieldMap {
    fn default() -> Self {
        Self::new(Default::default())
    }
}

impl FieldMap {
    fn new(given: [Option<String>; Key::ALL.len()]) -> Self {
        let mut wanted = Wanted::default();
        for (key, given) in Key::ALL.into_iter().zip(&given) {
            let names = match given {
                Some(name) => vec![name.as_str()],
                None => key.usual_names().to_vec(),
            };
            for (rank, name) in names.into_iter().enumerate() {
                // A flattened export spells a path as one name with dots.
                wanted.add([name].into_iter(), key, rank as u8);
                if name.contains('.') {
                    wanted.add(name.split('.'), key, rank as u8);
                }
            }
        }
        Self { given, wanted, dates: None }
    }

    /// The same names, where dates such as 03/04/2026 are read in this order and handed on as `2026-04-03`.
    #[must_use]
    pub fn with_dates(self, dates: Option<DateOrder>) -> Self {
        Self { dates, ..self }
    }

    /// A date as the post gets it.
    pub(super) fn date(&self, date: String) -> String {
        self.dates.and_then(|order| order.iso(&date)).unwrap_or(date)
    }

    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The name the user gave for `key`.
    pub(super) fn given(&self, key: Key) -> Option<&str> {
        self.given[key as usize].as_deref()
    }

    /// For every key that a header has a column for, the likeliest column.
    pub(super) fn columns(&self, header: &[String]) -> Vec<(Key, usize)> {
        let mut best: [Option<(u8, usize)>; Key::ALL.len()] = Default::default();
        for (column, name) in header.iter().enumerate() {
            for &(key, rank) in self.wanted.get(name).map_or(&[][..], |wanted| &wanted.is) {
                let best = &mut best[key as usize];
                if best.is_none_or(|(known, _)| rank < known) {
                    *best = Some((rank, column));
                }
            }
        }
        Key::ALL.into_iter().zip(best).filter_map(|(key, best)| best.map(|(_, column)| (key, column))).collect()
    }
}

impl FromStr for FieldMap {
    type Err = ExportError;

    /// Parses `key=field,key=field`. An empty string gives the usual names.
    fn from_str(map: &str) -> Result<Self, ExportError> {
        let bad = |reason: String| ExportError::BadMap { map: map.to_owned(), reason };
        let mut given: [Option<String>; Key::ALL.len()] = Default::default();
        for pair in map.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, field) = pair.split_once('=').ok_or_else(|| bad(format!("`{pair}` has no `=`")))?;
            let (key, field) = (key.trim(), field.trim());
            let known =
                Key::ALL.into_iter().find(|known| known.name() == key).ok_or_else(|| bad(format!("`{key}` is no key")))?;
            if field.is_empty() {
                return Err(bad(format!("`{key}` is given no field")));
            }
            if given[known as usize].replace(field.to_owned()).is_some() {
                return Err(bad(format!("`{key}` is given twice")));
            }
        }
        Ok(Self::new(given))
    }
}
