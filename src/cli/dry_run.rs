//! `scan --dry-run`: what would be read, and what the first rows hold.

use anyhow::Result;

use super::Exit;
use super::args::{LogFormat, ScanArgs};
use super::ready::Ready;
use super::terminal::{print, say};
use crate::aggregate::Period;
use crate::export::{Compression, DateOrder, Format, InputFacts, Posts};
use crate::post::{Post, Rejected};

/// Rows looked at.
const ROWS: usize = 1000;

pub(super) fn dry_run(args: &ScanArgs, posts: &mut Posts, ready: &Ready, log: LogFormat) -> Result<Exit> {
    let mut text = format!(
        "model     {} ({}), {} from p {:.3}\n",
        ready.folder.name(),
        ready.folder.path().display(),
        args.model.operating_point,
        ready.threshold
    );
    for facts in posts.facts() {
        text += &input(facts);
    }
    print(&text)?;
    let rows = args.limit.map_or(ROWS, |limit| ROWS.min(usize::try_from(limit).unwrap_or(ROWS)));
    print(&format!("{}output    {}\n", FirstRows::of(posts, rows), args.out.display()))?;
    say(log, "dry run: nothing was judged or written");
    Ok(Exit::Done)
}

fn input(facts: &InputFacts) -> String {
    let size = facts.size.map_or("unknown size".to_owned(), |size| format!("{size} bytes"));
    let kind = match facts.format {
        Format::Auto => "to be seen",
        Format::JsonLines => "JSON Lines",
        Format::JsonArray => "JSON array",
        Format::Csv => "CSV",
        Format::Tsv => "TSV",
    };
    let packed = match facts.compression {
        Compression::None => "",
        Compression::Gzip => ", gzip",
        Compression::Zstd => ", Zstandard",
    };
    format!("input     {} ({kind}{packed}, {size})\n", facts.path)
}

/// What the first rows hold, of the first inputs where there are several: a mapping that misses a field shows here, and not after hours.
#[derive(Default)]
struct FirstRows {
    posts: Vec<Post>,
    rejected: Vec<Rejected>,
}

impl FirstRows {
    fn of(posts: &mut Posts, rows: usize) -> Self {
        let mut first = Self::default();
        for row in posts.take(rows) {
            match row {
                Ok(post) => first.posts.push(post),
                Err(row) => first.rejected.push(row),
            }
        }
        first
    }
}

impl std::fmt::Display for FirstRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let with = |has: &dyn Fn(&Post) -> bool| self.posts.iter().filter(|post| has(post)).count();
        let dated = |post: &&Post| post.posted_at.as_deref().is_some_and(|date| !date.trim().is_empty());
        let month = |post: &Post| post.posted_at.as_deref().and_then(Period::parse);
        let rows = self.posts.len() + self.rejected.len();
        writeln!(f, "rows      first {rows}: posts {}, rejected {}", self.posts.len(), self.rejected.len())?;
        if let Some(row) = self.rejected.first() {
            writeln!(f, "          {}:{}: {}", row.source.file, row.source.record, row.reason)?;
        }
        writeln!(
            f,
            "fields    channel in {}, region in {}, lang in {}, date in {}, of which read {}",
            with(&|post| post.channel.is_some()),
            with(&|post| post.region.is_some()),
            with(&|post| post.lang.is_some()),
            with(&|post| dated(&post)),
            with(&|post| month(post).is_some()),
        )?;
        // Nothing else is shown of a field: a mapping gone wrong may have put a telephone number here.
        let either = |date: &&str| DateOrder::DayFirst.iso(date).or_else(|| DateOrder::MonthFirst.iso(date)).is_some();
        let unread = self.posts.iter().filter(|post| month(post).is_none()).filter_map(|post| post.posted_at.as_deref());
        match unread.into_iter().find(either) {
            Some(date) => writeln!(f, "          no month can be told from `{date}`; see --dates"),
            None => Ok(()),
        }
    }
}
