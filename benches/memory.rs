//! Peak memory and speed of the corridor without a model: the peak must not follow the size of the export.
//!
//! `cargo bench --bench memory` reads 10,000 and then 1,000,000 generated posts, each in a process of its own, and prints both;
//! `cargo bench --bench memory -- 5000 50000` reads other numbers of posts. Linux only: the peak is read from `/proc`.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use lurescan::classifier::{Classifier, Labels, Logits, ModelError, PARTS};
use lurescan::export::{FieldMap, Format, Inputs, Posts};
use lurescan::labelled;
use lurescan::regions::inference::MOVED;
use lurescan::report::{FindingWriter, RunRecord, StageSeconds, TextShown};
use lurescan::sample::{self, SampleSettings};
use lurescan::scan::{Assessor, DEFAULT_CHUNK, Emit, OnError, Outcome, OutputDir, Quiet, Settings, Start, scan};
use lurescan::tokens::{Batch, Tokenizer};
use lurescan::typology::{IndicatorId, PatternId};
use lurescan::verdict::{Calibration, Judge};

/// Posts read where the command line names no numbers.
const POSTS: [u64; 2] = [10_000, 1_000_000];

/// Says that this process is one of those measured.
const MEASURED: &str = "--measured";

fn main() {
    // Cargo adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [first, posts] = args.as_slice()
        && first == MEASURED
    {
        return measure(posts.parse().unwrap());
    }
    let mut posts: Vec<u64> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    if posts.is_empty() {
        posts = POSTS.to_vec();
    }
    println!("{:>10}  {:>9}  {:>8}  {:>9}", "posts", "peak MiB", "posts/s", "suspects");
    for posts in posts {
        let status = Command::new(std::env::current_exe().unwrap()).args([MEASURED, &posts.to_string()]).status().unwrap();
        assert!(status.success(), "the run of {posts} posts failed");
    }
}

/// Reads `rows` generated rows from a pipe, so that neither the export nor the generator is in the way of the disk.
fn measure(rows: u64) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let records = labelled::read(&root.join("datasets/authored/anglo1.jsonl")).unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    let generator = std::thread::spawn(move || {
        let mut out = BufWriter::with_capacity(1 << 16, writer);
        sample::write(&records, &SampleSettings { rows, suspects: 0.08, seed: 1 }, &mut out).unwrap();
        out.flush().unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let tokenizer = Tokenizer::load(&root.join("models/lure-base/tokenizer.json"), "query: ", 256).unwrap();
    let stub = Stub(Labels { patterns: PatternId::all().collect(), indicators: IndicatorId::all().collect() });
    let judge = Judge::new(Calibration::default(), stub.0.clone(), 0.5);
    let assessor = Assessor::new(tokenizer, Box::new(stub), judge, &["en".to_owned()]).for_output(Emit::Suspects);
    let mut posts = Posts::open(Inputs::from_reader("-", reader), Format::JsonLines, FieldMap::default()).unwrap();
    let mut outputs = OutputDir::open(folder.path(), Start::Fresh, String::new()).unwrap();
    let writer = FindingWriter {
        text: TextShown::Excerpt,
        spans_bytes: false,
        contact_key: vec![0; 32],
        operating_point: "balanced".to_owned(),
    };
    let settings = Settings { chunk: DEFAULT_CHUNK, limit: None, shard: None, on_error: OnError::Quarantine };
    let begun = Instant::now();
    let outcome = scan(&mut posts, &assessor, &writer, &mut outputs, &settings, &AtomicBool::new(false), &mut Quiet).unwrap();
    let rate = rows as f64 / begun.elapsed().as_secs_f64();
    generator.join().unwrap();
    // Reports are made of what was written, and belong to the peak.
    outputs.finish(&record(&outcome), &outcome.tally, 3).unwrap();
    let counts = outcome.tally.counts;
    assert_eq!((counts.read, counts.rejected + counts.not_assessed() + counts.judged), (rows, rows));
    println!("{rows:>10}  {:>9}  {rate:>8.0}  {:>9}", peak_mebibytes(), counts.suspect);
}

/// A record of the run as far as reports need one.
fn record(outcome: &Outcome) -> RunRecord {
    let (read, write) = (outcome.read.as_secs_f64(), outcome.write.as_secs_f64());
    RunRecord {
        version: env!("CARGO_PKG_VERSION"),
        command_line: Vec::new(),
        interrupted: false,
        model: "stub".to_owned(),
        model_hash: String::new(),
        operating_point: "balanced".to_owned(),
        threshold: 0.5,
        base_rate: None,
        engine: "none",
        inputs: Vec::new(),
        counts: outcome.tally.counts.into(),
        threads: rayon::current_num_threads(),
        seconds: StageSeconds { wall: 0.0, load: 0.0, read, prepare: 0.0, model: 0.0, attribute: 0.0, judge: 0.0, write },
        cpu_seconds: None,
        posts_per_second: 0.0,
        tokens_per_second: 0.0,
        repeated: outcome.work.repeated,
        peak_memory_bytes: None,
        resumed: false,
    }
}

/// Highest resident memory of this process so far.
fn peak_mebibytes() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kibibytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok());
    kibibytes.map_or_else(|| "unknown".to_owned(), |kibibytes| format!("{:.1}", kibibytes / 1024.0))
}

/// Calls about one post in twelve suspect, by its token ids.
struct Stub(Labels);

impl Classifier for Stub {
    fn labels(&self) -> &Labels {
        &self.0
    }

    fn logits(&self, batch: &Batch) -> Result<Vec<Logits>, ModelError> {
        let rectangle = batch.padded(0);
        let read = |row: &[u32]| {
            let hash = row.iter().fold(7_u32, |hash, id| hash.wrapping_mul(31).wrapping_add(*id));
            let suspect = if hash.is_multiple_of(12) { 3.0 } else { -3.0 };
            Logits {
                context: None,
                suspect,
                patterns: vec![-1.0; self.0.patterns.len()],
                indicators: vec![-1.0; self.0.indicators.len()],
                place_moves: vec![0.0; PARTS * MOVED.len()],
            }
        };
        let rows = rectangle.chunks(batch.width().max(1)).zip(batch.lengths());
        Ok(rows.map(|(row, length)| read(&row[..length])).collect())
    }
}
