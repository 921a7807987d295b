//! The corridor: export → posts → findings → tally → reports. The only room that knows every other.
//!
//! A chunk of posts is in memory at a time. Within it each step has one owner of the cores: preparation spreads posts over
//! rayon's threads, the model spreads batches over them, rules, contacts, terms and lists spread posts again. Order is the index, so
//! findings come out as the posts went in, whatever the number of threads, the token budget or the size of the chunk.

mod assess;
mod checkpoint;
mod outputs;
mod progress;
mod reader;
mod repeats;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::ValueEnum;

pub use assess::{Assessor, DEFAULT_BATCH_TOKENS, Work};
pub use checkpoint::{Checkpoint, CheckpointError, Position};
pub use outputs::{OutputDir, Start, refuse_inputs};
pub use progress::{Heartbeat, Quiet, ScanBar, Watch};

use crate::aggregate::Tally;
use crate::classifier::ModelError;
use crate::export::{ExportError, Posts};
use crate::post::{Post, Rejected};
use crate::report::FindingWriter;
use crate::tokens::TokenizerError;
use crate::verdict::CalibrationError;

/// Posts judged together. Enough that sorting by length leaves little padding, few enough that memory stays flat.
pub const DEFAULT_CHUNK: usize = 1024;

/// Text in a chunk at most: a thousand very long posts must not fill the memory.
const CHUNK_BYTES: usize = 8 << 20;

/// A checkpoint this often at most: with a slow model one a chunk, with a fast one they must not dominate.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);

/// What stops a scan. Rows already judged stay in the output folder, and `--resume` goes on behind them.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The inputs as a whole.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The model folder.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Its tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// Its calibration.
    #[error(transparent)]
    Calibration(#[from] CalibrationError),
    /// The checkpoint of an earlier run.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The output folder or a file in it cannot be made or opened.
    #[error("cannot open {} for writing; choose another folder with --out", path.display())]
    CannotOpen {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of the output folder has lost rows since the checkpoint.
    #[error("{} is shorter than the checkpoint says; start over with --force", path.display())]
    Shortened {
        /// The file.
        path: PathBuf,
    },
    /// An output cannot be written.
    #[error("cannot write {}; what was judged before is kept: free space and run the same command with --resume", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// What was written cannot be read again.
    #[error("cannot read {} again for the report; something else wrote to it: start over with --force", path.display())]
    ReadBack {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: std::io::Error,
    },
    /// An input ends before the row that the run had come to.
    #[error("{path} holds fewer rows than the interrupted run had read; give it the same inputs, or start over with --force")]
    OtherInput {
        /// The input as it was named.
        path: String,
    },
    /// The output folder holds something.
    #[error("{} is not empty; choose another folder with --out, go on with --resume, or start over with --force", path.display())]
    OutputNotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds something, but nothing a scan wrote.
    #[error("{} holds files of another kind, which --force does not touch; choose another folder with --out", path.display())]
    NotAScan {
        /// The folder.
        path: PathBuf,
    },
    /// The folder is none.
    #[error("{} is a file, not a folder; choose another folder with --out", path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// A report would take the place of what is to be read.
    #[error("{} is both an input and a file that the scan would write; choose another folder with --out", path.display())]
    OverwritesInput {
        /// The file.
        path: PathBuf,
    },
    /// There is nothing to go on from.
    #[error("{} holds files but no checkpoint.json to go on from; choose another folder with --out", path.display())]
    NoCheckpoint {
        /// The folder.
        path: PathBuf,
    },
    /// A row was rejected and `--on-error fail` was asked for.
    #[error("{file} record {record} at byte {offset}: {reason}; `--on-error quarantine` sets such rows aside and goes on")]
    RowRejected {
        /// The file.
        file: String,
        /// Number of the record.
        record: u64,
        /// Byte in the decompressed file.
        offset: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// What happens to rows that cannot become posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnError {
    /// Stop at the first.
    Fail,
    /// Count them.
    Skip,
    /// Count them and write them to rejected.jsonl.
    Quarantine,
}

/// Which findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// Suspects, and posts with a channel of --known-channels.
    Suspects,
    /// Every post that was not rejected.
    All,
}

/// Every `of`-th row beginning with `index` (from 0): lets several machines share one export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// This machine's number, from 0.
    pub index: u64,
    /// How many there are.
    pub of: u64,
}

/// How many rows a run takes, which, and what becomes of bad ones.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Posts judged together.
    pub chunk: usize,
    /// Rows at most.
    pub limit: Option<u64>,
    /// Which rows are this run's.
    pub shard: Option<Shard>,
    /// What happens to bad rows.
    pub on_error: OnError,
}

/// How a scan ended.
#[derive(Debug)]
pub struct Outcome {
    /// All counts, those of a resumed run included.
    pub tally: Tally,
    /// Time and tokens of this part of the run.
    pub work: Work,
    /// Wall time of reading.
    pub read: Duration,
    /// Wall time of writing.
    pub write: Duration,
    /// Posts judged in this part of the run.
    pub judged_now: u64,
    /// It was stopped before the end of the inputs; the checkpoint is valid.
    pub interrupted: bool,
}

impl Outcome {
    /// Of a part of a run that has judged nothing yet, with the counts of the parts before it.
    fn behind(tally: Tally) -> Self {
        let (read, write) = (Duration::ZERO, Duration::ZERO);
        Self { tally, work: Work::default(), read, write, judged_now: 0, interrupted: false }
    }
}

/// Runs the corridor to the end of the inputs, to the limit, or until `stop` is set.
pub fn scan(
    posts: &mut Posts,
    assessor: &Assessor,
    writer: &FindingWriter,
    outputs: &mut OutputDir,
    settings: &Settings,
    stop: &AtomicBool,
    watch: &mut dyn Watch,
) -> Result<Outcome, ScanError> {
    let mut row = outputs.rows_seen();
    let mut outcome = Outcome::behind(outputs.tally());
    let judged_before = outcome.tally.counts.judged;
    if outputs.resumed().is_none() {
        // A run that ends in its first seconds can be resumed too.
        outputs.checkpoint(Position::of(posts, row), posts.facts(), &outcome.tally)?;
    }
    let mut saved = Instant::now();
    loop {
        let begun = Instant::now();
        // What an unfinished chunk holds is read again by the run that goes on from here.
        let before = Position::of(posts, row);
        let chunk = Chunk::read(posts, &mut row, settings, stop);
        outcome.read += begun.elapsed();
        if let Some(path) = posts.shortened() {
            return Err(ScanError::OtherInput { path: path.to_owned() });
        }
        if let Some(refused) = chunk.rejected.first().filter(|_| settings.on_error == OnError::Fail) {
            return Err(failed(refused));
        }
        let findings = assessor.assess_until(chunk.posts, &mut outcome.work, stop)?;
        let begun = Instant::now();
        let (position, ended) = match &findings {
            Some(findings) => {
                for refused in &chunk.rejected {
                    outcome.tally.add_rejected();
                    if settings.on_error == OnError::Quarantine {
                        outputs.reject(refused)?;
                    }
                }
                for finding in findings {
                    outcome.tally.add(finding);
                }
                outputs.find(findings.iter().filter(|finding| assessor.writes(finding)), writer)?;
                (Position::of(posts, row), chunk.ended)
            }
            None => (before, false),
        };
        let interrupted = stop.load(Ordering::Relaxed);
        if ended || interrupted || saved.elapsed() >= CHECKPOINT_EVERY {
            outputs.checkpoint(position, posts.facts(), &outcome.tally)?;
            saved = Instant::now();
        }
        outcome.write += begun.elapsed();
        watch.tick(&outcome.tally, &posts.progress(), outcome.work.tokens);
        if ended || interrupted {
            outcome.interrupted = !ended;
            outcome.judged_now = outcome.tally.counts.judged - judged_before;
            return Ok(outcome);
        }
    }
}

/// Posts judged together, and the rows between them that cannot be.
struct Chunk {
    posts: Vec<Post>,
    rejected: Vec<Rejected>,
    /// No row follows.
    ended: bool,
}

impl Chunk {
    fn read(posts: &mut Posts, row: &mut u64, settings: &Settings, stop: &AtomicBool) -> Self {
        let mut chunk = Self { posts: Vec::with_capacity(settings.chunk), rejected: Vec::new(), ended: false };
        let mut bytes = 0;
        while chunk.posts.len() + chunk.rejected.len() < settings.chunk && bytes < CHUNK_BYTES && !stop.load(Ordering::Relaxed) {
            let next = if settings.limit.is_some_and(|limit| *row >= limit) { None } else { posts.next() };
            let Some(next) = next else {
                chunk.ended = true;
                break;
            };
            *row += 1;
            if settings.shard.is_some_and(|shard| (*row - 1) % shard.of != shard.index) {
                continue;
            }
            match next {
                Ok(post) => {
                    bytes += post.text.len();
                    chunk.posts.push(post);
                }
                Err(refused) => chunk.rejected.push(refused),
            }
        }
        chunk
    }
}

fn failed(refused: &Rejected) -> ScanError {
    ScanError::RowRejected {
        file: refused.source.file.to_string(),
        record: refused.source.record,
        offset: refused.offset,
        reason: refused.reason.clone(),
    }
}
