//! What the user types after `datasets`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::super::args::side;
use crate::evasion::Technique;
use crate::labelled::Split;

#[derive(Debug, Subcommand)]
pub enum DatasetsCommand {
    /// Say what is wrong with labelled sets; ends with 1 if anything is an error. A wrong language tag is noticed where the script
    /// tells, not between languages of one script.
    Check {
        #[command(flatten)]
        records: RecordsArgs,
    },
    /// Count what labelled sets hold: classes, languages, patterns, twins, diversity, and what a shortcut could learn.
    Stats {
        #[command(flatten)]
        records: RecordsArgs,
        /// Real posts to compare openings and lengths with.
        #[arg(long, value_name = "FILE", num_args = 1..)]
        against: Vec<PathBuf>,
        /// Also write the tables as one HTML page.
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// Markdown tables instead of plain ones.
        #[arg(long)]
        markdown: bool,
    },
    /// Part records into train, dev and test without leaks, or into folds by author batch.
    Split(SplitArgs),
    /// Write records in the disguises of people who avoid filters; derived anew from the seed each time.
    Evade {
        /// Labelled records, globs of them, or folders of sets.
        #[arg(required = true, value_name = "RECORDS")]
        records: Vec<PathBuf>,
        /// Only one side of the split; every disguised record says which side it is on.
        #[arg(long, value_name = "SIDE", value_parser = side())]
        split: Option<Split>,
        /// Technique, or all.
        #[arg(long, value_name = "NAME", default_value = "all", value_parser = techniques)]
        technique: Techniques,
        /// Seed of every draw.
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// File to write; - for standard output.
        #[arg(short, long, value_name = "FILE", default_value = "-")]
        out: PathBuf,
    },
    /// Compare two labellings of the same records: Cohen's kappa of every label.
    Agree {
        /// The first labelling: labelled records.
        #[arg(required = true, value_name = "FIRST")]
        first: Vec<PathBuf>,
        /// Labels of the first as they were before disagreements were settled, in the form of the second; records without one count as they are.
        #[arg(long, value_name = "PATH", num_args = 1..)]
        before: Vec<PathBuf>,
        /// The second: JSON Lines of id, context, suspect, patterns, indicators, origin and destination; a file, glob or folder of them.
        #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
        second: Vec<PathBuf>,
        /// Write the records on which they differ, with both answers.
        #[arg(long, value_name = "FILE")]
        disagreements: Option<PathBuf>,
    },
    /// Bring a known set, a messenger's export or a table into the format of labelled records.
    Import(ImportArgs),
    /// Write sets as JSON Lines, CSV and Parquet with metadata for catalogues (Croissant, Data Package).
    Export {
        #[command(flatten)]
        records: RecordsArgs,
        /// Folder to write.
        #[arg(short, long, value_name = "DIR", required = true)]
        out: PathBuf,
    },
    /// Write a synthetic export drawn from authored records, with dates, regions, duplicates and bad rows.
    Sample {
        /// Labelled records the texts are drawn from.
        #[arg(long, value_name = "GLOB", default_value = "datasets/authored/*.jsonl*")]
        from: String,
        /// Rows to write.
        #[arg(long, default_value_t = 3000)]
        posts: u64,
        /// Share of posts drawn from suspects.
        #[arg(long, default_value_t = 0.08)]
        suspects: f64,
        /// Seed of every draw.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// File, packed if it ends in .zst or .gz; - for standard output.
        #[arg(short, long, value_name = "FILE", default_value = "-")]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct RecordsArgs {
    /// Files or globs of labelled records, or folders: a set is a folder with a set.toml, at any depth.
    #[arg(value_name = "RECORDS", default_value = "datasets")]
    pub records: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SplitArgs {
    #[command(flatten)]
    pub records: RecordsArgs,
    /// What is kept together.
    #[arg(long, value_enum, default_value_t = SplitBy::Group)]
    pub by: SplitBy,
    /// Folds, with --by batch.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..))]
    pub folds: u8,
    /// Keep the sides in the splits.tsv of each set, which training and eval read; records that have a side keep it.
    #[arg(long, conflicts_with_all = ["by", "out", "files"])]
    pub write: bool,
    /// Table of id and side to write; - for standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
    /// Write the records of each side to a file of its own in this folder instead.
    #[arg(long, value_name = "DIR", conflicts_with = "out")]
    pub files: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SplitBy {
    /// Near-duplicate groups: train, dev and test.
    Group,
    /// Author batches: folds, each a test for a model of the others.
    Batch,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The file as published or exported, .gz or not.
    pub input: PathBuf,
    /// What it is.
    #[arg(long, value_enum)]
    pub format: ImportFormat,
    /// File to write; - for standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub out: PathBuf,
    /// Name of the set, in ids and sources [default: emscad, or the name of the file].
    #[arg(long)]
    pub name: Option<String>,
    /// Language tag of every row [default: identified row by row].
    #[arg(long, value_name = "TAG")]
    pub lang: Option<String>,
    /// Channel of every row [default: `job_post`, or `group_message` for Telegram].
    #[arg(long)]
    pub channel: Option<String>,
    /// Columns of a table: text=body,title=headline,id=key,label=fraud; label may be left out.
    #[arg(long, value_name = "KEY=COLUMN,…")]
    pub columns: Option<String>,
    /// Values of the label column that mean suspect; those of --negative mean not, others stay undecided.
    #[arg(long, value_name = "VALUE,…", default_value = "1,true,yes,t,fraud,scam", value_delimiter = ',')]
    pub positive: Vec<String>,
    /// Values of the label column that mean not suspect.
    #[arg(long, value_name = "VALUE,…", default_value = "0,false,no,f,legit,ham", value_delimiter = ',')]
    pub negative: Vec<String>,
    /// Pattern of rows labelled suspect.
    #[arg(long, value_name = "ID", default_value = "job_fraud")]
    pub pattern: String,
    /// Context of rows labelled not suspect.
    #[arg(long, value_name = "ID", default_value = "offer")]
    pub negative_context: String,
    /// Refuse the file unless it has this SHA-256.
    #[arg(long, value_name = "HEX")]
    pub sha256: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// `fake_job_postings.csv` of the Employment Scam Aegean Dataset.
    Emscad,
    /// `result.json` of Telegram Desktop, one chat or all; nothing is decided.
    Telegram,
    /// CSV with a header; see --columns.
    Csv,
}

/// One technique or all of them.
#[derive(Debug, Clone)]
pub struct Techniques(pub Vec<Technique>);

fn techniques(name: &str) -> Result<Techniques, String> {
    if name == "all" {
        return Ok(Techniques(Technique::ALL.to_vec()));
    }
    let names = || Technique::ALL.map(Technique::name).join(", ");
    Technique::parse(name)
        .map(|technique| Techniques(vec![technique]))
        .ok_or_else(|| format!("expected all or one of {}", names()))
}
