//! What a team already knows, met in posts: contacts and names with where they come from and until when they hold.
//!
//! Two lists can be given: *known channels* (contacts, domains and names that were reported; seed 004:458 asks to collect and share
//! them) and *licensed recruiters* (names and licence numbers). Both are CSV, also as spreadsheets save it ([`table`]), with a column
//! `entry` and, if there is more to say, `source` and `expires` (YYYY-MM-DD); other columns are left alone. A match is shown with its source, never judged: a known
//! channel may have changed hands, and anybody can type the name of a licensed agency.

mod table;

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aho_corasick::AhoCorasick;
use jiff::civil::Date;
use sha2::{Digest, Sha256};

use self::table::Table;
use crate::contacts::{self, Contact, ContactKind};
use crate::evidence::Span;
use crate::patterns::is_unspaced;
use crate::text::{NormalText, fold};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListKind {
    /// Contacts, domains and names that were reported.
    KnownChannels,
    /// Recruiters with a licence.
    Licensed,
}

impl ListKind {
    /// Its spelling in findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::KnownChannels => "known_channels",
            Self::Licensed => "licensed",
        }
    }
}

/// An entry met in a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListMatch {
    /// On which list it stands.
    pub list: ListKind,
    /// In which row of the file, the head being row 1.
    pub row: u64,
    /// Where the entry comes from, as the file says.
    pub source: Arc<str>,
    /// It held until a day that is past.
    pub expired: bool,
    /// Where the post has it first.
    pub span: Span,
    /// Where it has it again.
    pub again: Vec<Span>,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file cannot be read.
    #[error("cannot read the list {}: {reason}; a list is CSV in UTF-8", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// It has no column of entries.
    #[error("the list {} has no column `entry`; its first line names the columns, with commas, semicolons or tabs between: entry,source,expires", path.display())]
    NoEntries {
        /// The file.
        path: PathBuf,
    },
    /// A row cannot be used.
    #[error("the list {} row {row}: {reason}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The row, the head being row 1.
        row: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// Its names together cannot be looked for.
    #[error("the names of the list {} are too many to be looked for together: {reason}; part it into several files", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// What stands in the way.
        reason: String,
    },
}

/// One list, ready to be met. Several rows may name the same.
struct List {
    kind: ListKind,
    entries: Vec<Entry>,
    /// Contacts in their one spelling.
    contacts: HashMap<(ContactKind, String), Vec<usize>>,
    /// Numbers by their last digits.
    numbers: HashMap<String, Vec<Number>>,
    /// Hosts of links.
    hosts: HashMap<String, Vec<usize>>,
    /// Folded names, and the entry of each.
    names: AhoCorasick,
    named: Vec<usize>,
}

/// A number as a list has it.
struct Number {
    digits: String,
    /// It begins with its country.
    international: bool,
    entry: usize,
}

struct Entry {
    row: u64,
    source: Arc<str>,
    expired: bool,
}

/// The column without which a table is no list.
const ENTRY: &str = "entry";
/// Digits that two spellings of a number must share at least: in some countries a whole number has no more than eight.
const SHARED_DIGITS: usize = 7;
/// Shorter names stand in every other word; a letter of a script without spaces counts twice.
const SHORTEST_NAME: usize = 4;

/// The lists of one run.
#[derive(Default)]
pub struct Lists {
    lists: Vec<List>,
    digest: Sha256,
}

impl Lists {
    /// Reads one more list; `today` decides what is expired. Gives the number of entries and how many of them are.
    pub fn read(&mut self, kind: ListKind, path: &Path, today: Date) -> Result<(usize, usize), ListError> {
        let unread = |reason: String| ListError::Read { path: path.to_owned(), reason };
        let failed = |error: csv::Error| unread(error.to_string());
        let bytes = std::fs::read(path).map_err(|error| unread(error.to_string()))?;
        self.digest.update(kind.id());
        self.digest.update(&bytes);
        let Table { rows, delimiter, skipped } = table::table(&bytes, ENTRY);
        if let Some(row) = table::open_quote(&rows, delimiter) {
            let reason =
                "a quote (\") opens on this line and is not closed where its cell ends; close it, or double it".to_owned();
            return Err(ListError::Row { path: path.to_owned(), row: row + skipped, reason });
        }
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(rows.as_slice());
        let head = reader.headers().map_err(failed)?.clone();
        let column = |name: &str| head.iter().position(|own| own.eq_ignore_ascii_case(name));
        let Some(entry) = column(ENTRY) else { return Err(ListError::NoEntries { path: path.to_owned() }) };
        let (source, expires) = (column("source"), column("expires"));
        let mut builder = Builder::default();
        for (at, record) in reader.records().enumerate() {
            let record = record.map_err(failed)?;
            let row = skipped + record.position().map_or(at as u64 + 2, csv::Position::line);
            let refused = |reason: String| ListError::Row { path: path.to_owned(), row, reason };
            let cell = |column: Option<usize>| column.and_then(|at| record.get(at)).unwrap_or_default();
            let expired = match cell(expires) {
                "" => false,
                day => day.parse::<Date>().map_err(|_| refused(format!("`{day}` is no day; expected YYYY-MM-DD")))? < today,
            };
            if cell(Some(entry)).is_empty() {
                continue;
            }
            let words = table::typed(cell(Some(entry))).map_err(refused)?;
            builder.add(&words, Entry { row, source: cell(source).into(), expired }).map_err(refused)?;
        }
        let list = builder.finish(kind).map_err(|reason| ListError::TooLong { path: path.to_owned(), reason })?;
        let counts = (list.entries.len(), list.entries.iter().filter(|entry| entry.expired).count());
        self.lists.push(list);
        Ok(counts)
    }

    /// Whether there is nothing to meet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// Names what was read: with another list a run finds other matches.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{:x}", self.digest.clone().finalize())
    }

    /// Every entry a post has, by list and row, each once.
    #[must_use]
    pub fn find(&self, original: &str, text: &NormalText, contacts: &[Contact]) -> Vec<ListMatch> {
        let mut found = Vec::new();
        for list in &self.lists {
            let mut met: Vec<(usize, Span)> = Vec::new();
            for contact in contacts {
                met.extend(list.contact(contact.span.slice(original)).into_iter().map(|entry| (entry, contact.span)));
            }
            let folded = text.folded();
            let whole = |at: &aho_corasick::Match| stands_whole(folded, at.range());
            let names = list.names.find_overlapping_iter(folded).filter(whole);
            met.extend(names.map(|name| (list.named[name.pattern()], text.span(name.range()))));
            met.sort_unstable();
            met.dedup();
            found.extend(met.chunk_by(|(one, _), (other, _)| one == other).map(|places| {
                let (first, span) = places[0];
                let Entry { row, source, expired } = &list.entries[first];
                let again = places[1..].iter().map(|(_, span)| *span).collect();
                ListMatch { list: list.kind, row: *row, source: Arc::clone(source), expired: *expired, span, again }
            }));
        }
        found
    }
}

impl List {
    fn contact(&self, words: &str) -> Vec<usize> {
        let (kind, spelt) = spelling(words);
        let mut met: Vec<usize> = self.contacts.get(&(kind, spelt.clone())).into_iter().flatten().copied().collect();
        match kind {
            ContactKind::Phone => {
                let number = spelt.trim_start_matches('0');
                let alike = last_digits(number).and_then(|last| self.numbers.get(last)).into_iter().flatten();
                let abroad = names_its_country(words);
                let same = |own: &Number| match (own.international, abroad) {
                    (true, true) => own.digits == number,
                    _ => own.digits.ends_with(number) || number.ends_with(own.digits.as_str()),
                };
                met.extend(alike.filter(|own| same(own)).map(|own| own.entry));
            }
            ContactKind::Url | ContactKind::Email => {
                met.extend(host(&spelt).filter_map(|host| self.hosts.get(host)).flatten());
            }
            ContactKind::Handle | ContactKind::Wallet => {}
        }
        met
    }
}

/// The one spelling of a contact; links to messengers are the handle or number they lead to.
fn spelling(words: &str) -> (ContactKind, String) {
    let (kind, spelt) = contacts::canonical(words);
    let led_to = |hosts: &[&str]| {
        hosts.iter().find_map(|host| spelt.strip_prefix(host)).map(|path| path.split(['?', '/']).next().unwrap_or_default())
    };
    if let Some(number) = led_to(&["wa.me/"]).filter(|path| !path.is_empty() && path.bytes().all(|byte| byte.is_ascii_digit())) {
        return (ContactKind::Phone, number.to_owned());
    }
    match led_to(&["t.me/", "telegram.me/", "instagram.com/"]) {
        Some(name) if !name.is_empty() && !name.starts_with('+') && name != "joinchat" => (ContactKind::Handle, name.to_owned()),
        _ => (kind, spelt),
    }
}

/// Whether a number begins with its country; links to a messenger have no other.
fn names_its_country(words: &str) -> bool {
    contacts::is_international(words) || words.contains("wa.me/")
}

fn last_digits(number: &str) -> Option<&str> {
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.get(number.len().checked_sub(SHARED_DIGITS)?..))?
}

/// Whether a name does not go on beside its place. Scripts without spaces put anything beside it, Korean its particles behind it.
fn stands_whole(text: &str, at: Range<usize>) -> bool {
    let goes_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_unspaced(c));
    let name = &text[at.clone()];
    let open_start = name.starts_with(is_unspaced);
    let open_end = name.ends_with(|c| is_unspaced(c) || ('\u{ac00}'..='\u{d7a3}').contains(&c));
    (open_start || !goes_on(text[..at.start].chars().next_back())) && (open_end || !goes_on(text[at.end..].chars().next()))
}

/// The host of a link or mail address, then the domains above it.
fn host(spelt: &str) -> impl Iterator<Item = &str> {
    let host = spelt.rsplit('@').next().unwrap_or(spelt);
    let host = &host[..host.find(['/', '?', ':', '#']).unwrap_or(host.len())];
    std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, above)| above)).filter(|host| host.contains('.'))
}

#[derive(Default)]
struct Builder {
    entries: Vec<Entry>,
    contacts: HashMap<(ContactKind, String), Vec<usize>>,
    numbers: HashMap<String, Vec<Number>>,
    hosts: HashMap<String, Vec<usize>>,
    names: Vec<String>,
    named: Vec<usize>,
}

impl Builder {
    fn add(&mut self, words: &str, entry: Entry) -> Result<(), String> {
        let number = self.entries.len();
        let text = NormalText::new(words);
        let found = contacts::find(&text);
        // A contact is the whole entry; an agency's name may hold a number or a domain among its words.
        let is_contact = found.len() == 1 && found[0].span.slice(words).trim() == words.trim();
        if is_contact {
            let (kind, spelt) = spelling(words);
            if kind == ContactKind::Url && !spelt.contains('/') {
                self.hosts.entry(spelt.clone()).or_default().push(number);
            }
            let whole = spelt.trim_start_matches('0');
            if let Some(last) = last_digits(whole).filter(|_| kind == ContactKind::Phone) {
                self.numbers.entry(last.to_owned()).or_default().push(Number {
                    digits: whole.to_owned(),
                    international: names_its_country(words),
                    entry: number,
                });
            }
            self.contacts.entry((kind, spelt)).or_default().push(number);
        } else {
            let name = fold(words).trim().to_owned();
            let letters: usize = name.chars().map(|c| if is_unspaced(c) { 2 } else { 1 }).sum();
            if letters < SHORTEST_NAME {
                return Err(format!(
                    "`{words}` is too short to be met by itself; give a name of {SHORTEST_NAME} letters or a contact"
                ));
            }
            self.names.push(name);
            self.named.push(number);
        }
        self.entries.push(entry);
        Ok(())
    }

    fn finish(self, kind: ListKind) -> Result<List, String> {
        let Self { entries, contacts, numbers, hosts, names, named } = self;
        let names = AhoCorasick::new(names).map_err(|error| error.to_string())?;
        Ok(List { kind, entries, contacts, numbers, hosts, names, named })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(rows: &str) -> Lists {
        read(&format!("entry,source,expires\n{rows}"))
    }

    fn read(file_text: &str) -> Lists {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), file_text).unwrap();
        let mut lists = Lists::default();
        lists.read(ListKind::KnownChannels, file.path(), "2026-11-22".parse().unwrap()).unwrap();
        lists
    }

    fn rows(lists: &Lists, post: &str) -> Vec<u64> {
        let text = NormalText::new(post);
        lists.find(post, &text, &contacts::find(&text)).into_iter().map(|found| found.row).collect()
    }

    #[test]
    fn entries_are_met_however_they_are_written() {
        let lists = lists(
            "+44 7700 900123,hotline,\nbad-jobs.example,platform,\n@quick_visa_sample,,\nGolden Bridge Manpower,ministry,\n\
             金桥人力,ministry,\n금빛다리,ministry,\n+65 9123 4567,hotline,\n+44 7700 900123,second source,2001-01-01\n\
             (+65) 8123 4567,hotline,\n",
        );
        for (post, expected) in [
            ("call 07700 900 123 today", vec![2, 9]),
            ("我们是金桥人力公司", vec![6]),
            ("금빛다리에서 모집합니다", vec![7]),
            ("call 9123 4567 now", vec![8]),
            ("call +1 6591234567 now", vec![]),
            ("call 8123 4567 now", vec![10]),
            ("call +65 8123 4567 now", vec![10]),
            ("call +1 6581234567 now", vec![]),
            ("https://t.me/quick_visa_sample", vec![4]),
            ("wa.me/447700900123", vec![2, 9]),
            ("apply at https://www.bad-jobs.example/apply?x=1", vec![3]),
            ("write to hr@bad-jobs.example now", vec![3]),
            ("DM @Quick_Visa_Sample", vec![4]),
            ("GOLDEN  BRIDGE MANPOWER, Accra, is hiring", vec![5]),
            ("golden bridge manpowers", vec![]),
            ("call 07700 900 124, see good-jobs.example", vec![]),
        ] {
            assert_eq!(rows(&lists, post), expected, "{post}");
        }
    }

    #[test]
    fn rows_are_those_a_person_counts_and_every_place_is_known() {
        let lists = lists("+44 7700 900123,hotline,\r\nGolden Bridge Manpower,ministry,\r\n");
        let post = "Golden Bridge Manpower hires. Ask for Golden Bridge Manpower.";
        let text = NormalText::new(post);
        let found = lists.find(post, &text, &[]);
        assert_eq!(found.iter().map(|found| (found.row, found.again.len())).collect::<Vec<_>>(), [(3, 1)]);
    }

    #[test]
    fn a_table_is_read_however_a_spreadsheet_parts_its_columns() {
        for (file, row) in [
            ("source;entry;expires\r\n\"hotline, 2026\";Golden Bridge Manpower;\r\n", 2),
            ("entry\tsource\nGolden Bridge Manpower\thotline, 2026\n", 2),
            ("\u{feff}\"entry\";\"source\"\nGolden Bridge Manpower;hotline, 2026\n", 2),
            ("sep=;\nentry;source\nGolden Bridge Manpower;hotline, 2026\n", 3),
        ] {
            let lists = read(file);
            let post = "Golden Bridge Manpower hires cooks";
            let found = lists.find(post, &NormalText::new(post), &[]);
            let met: Vec<(u64, &str)> = found.iter().map(|found| (found.row, &*found.source)).collect();
            assert_eq!(met, [(row, "hotline, 2026")], "{file}");
        }
    }

    #[test]
    fn numbers_are_met_that_a_spreadsheet_took_for_sums() {
        let lists = lists("'+44 7700 900123,a,\n447700900124.0,b,\n4.47700900125E+11,c,\n");
        for (post, row) in [("call 07700 900123", 2), ("call 07700 900124", 3), ("call +44 7700 900125", 4)] {
            assert_eq!(rows(&lists, post), [row], "{post}");
        }
    }

    #[test]
    fn what_is_past_is_said_to_be() {
        let lists = lists("Golden Bridge Manpower,ministry,2026-11-21\nSilver Bridge Manpower,ministry,2026-11-22\n");
        let post = "Golden Bridge Manpower and Silver Bridge Manpower";
        let text = NormalText::new(post);
        let expired: Vec<bool> = lists.find(post, &text, &[]).into_iter().map(|found| found.expired).collect();
        assert_eq!(expired, [true, false]);
    }
}
