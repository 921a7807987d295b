//! What the tests share: a classifier that needs no model, exports with every kind of bad row, and a folder in which the
//! corridor or the program runs.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use fastrand::Rng;
use lurescan::aggregate::{Counts, Tally};
use lurescan::classifier::{Classifier, Labels, Logits, ModelError};
use lurescan::export::{FieldMap, Format, Inputs, Posts, Progress};
use lurescan::report::{FindingWriter, InputRecord, RunRecord, StageSeconds, TextShown};
use lurescan::scan::{Assessor, Emit, OnError, Outcome, OutputDir, ScanError, Settings, Start, Watch, scan};
use lurescan::tokens::{Batch, Tokenizer};
use lurescan::typology::{IndicatorId, PatternId};
use lurescan::verdict::{Calibration, Judge};
use tempfile::TempDir;

/// Gives the outputs of the tiny Hugging Face classifier a meaning.
pub(crate) const LABELS: &str = "LABEL_0=clear,LABEL_1=job_fraud,LABEL_2=suspect";

/// Secret of the contact keys.
pub(crate) const SECRET: &str = "a secret of the tests";

/// What decides the findings of scans in a [`Lab`]: always the same.
pub(crate) const FINGERPRINT: &str = "one and the same";

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Hugging Face classifier of 27 thousand weights.
pub(crate) fn tiny() -> PathBuf {
    root().join("datasets/reference/hf/bert")
}

/// The model a scan uses when none is named.
pub(crate) fn shipped() -> PathBuf {
    root().join("models/lure-base")
}

/// Logits drawn with the ids of a sequence as seed: the same post gets the same ones in any company.
pub(crate) struct Fake {
    labels: Labels,
    bias: f32,
}

impl Fake {
    /// `bias` is added to the log-odds of being suspect: 0 makes half of the posts suspects, 20 all of them.
    pub(crate) fn new(bias: f32) -> Self {
        Self { labels: Labels { patterns: PatternId::all().collect(), indicators: IndicatorId::all().take(8).collect() }, bias }
    }

    fn read(&self, ids: &[u32]) -> Logits {
        let seed = ids.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, id| (hash ^ u64::from(*id)).wrapping_mul(0x100_0000_01b3));
        let mut random = Rng::with_seed(seed);
        let mut draw = || 8.0 * (random.f32() - 0.5);
        Logits {
            context: Some([draw() + 2.0, draw(), draw(), draw(), draw()]),
            suspect: draw() + self.bias,
            patterns: self.labels.patterns.iter().map(|_| draw()).collect(),
            indicators: self.labels.indicators.iter().map(|_| draw()).collect(),
            place_moves: Vec::new(),
        }
    }
}

impl Classifier for Fake {
    fn labels(&self) -> &Labels {
        &self.labels
    }

    fn logits(&self, batch: &Batch) -> Result<Vec<Logits>, ModelError> {
        let rectangle = batch.padded(0);
        let rows = rectangle.chunks(batch.width().max(1)).zip(batch.lengths());
        Ok(rows.map(|(row, length)| self.read(&row[..length])).collect())
    }
}

/// An assessor around [`Fake`] for posts in Latin and Cyrillic script.
pub(crate) fn fake_assessor(bias: f32) -> Assessor {
    assessor_of(Fake::new(bias))
}

/// The same around any classifier.
pub(crate) fn assessor_of(classifier: impl Classifier + 'static) -> Assessor {
    calibrated(classifier, Calibration::default())
}

/// The same with another calibration.
pub(crate) fn calibrated(classifier: impl Classifier + 'static, calibration: Calibration) -> Assessor {
    let judge = Judge::new(calibration, classifier.labels().clone(), 0.5);
    let tokenizer = Tokenizer::load(&root().join("models/lure-base/tokenizer.json"), "", 64).unwrap();
    Assessor::new(tokenizer, Box::new(classifier), judge, &["en".to_owned(), "ru".to_owned()]).for_output(Emit::All)
}

/// How the corridor runs.
#[derive(Clone, Copy)]
pub(crate) struct How {
    pub(crate) settings: Settings,
    pub(crate) threads: usize,
    /// Sets the stop flag after so many chunks.
    pub(crate) stop_after: Option<usize>,
    /// The stop flag, where the test sets it itself.
    pub(crate) stop: Option<&'static AtomicBool>,
    pub(crate) start: Start,
    pub(crate) text: TextShown,
}

impl Default for How {
    fn default() -> Self {
        let settings = Settings { chunk: 64, limit: None, shard: None, on_error: OnError::Quarantine };
        Self { settings, threads: 2, stop_after: None, stop: None, start: Start::Fresh, text: TextShown::Excerpt }
    }
}

struct StopAfter<'a> {
    chunks: Option<usize>,
    stop: &'a AtomicBool,
}

impl Watch for StopAfter<'_> {
    fn tick(&mut self, _: &Tally, _: &Progress, _: u64) {
        if let Some(left) = &mut self.chunks {
            *left = left.saturating_sub(1);
            self.stop.store(*left == 0, Ordering::Relaxed);
        }
    }
}

/// A folder that goes away with the test.
pub(crate) struct Lab(TempDir);

impl Lab {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        let path = self.path(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Lines of a JSON Lines file.
    pub(crate) fn lines(&self, name: &str) -> Vec<serde_json::Value> {
        self.read(name)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}")))
            .collect()
    }

    pub(crate) fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// Runs the corridor over files of this folder into a folder of it, reports included.
    pub(crate) fn scan(&self, inputs: &[&str], out: &str, assessor: &Assessor, how: &How) -> Result<Outcome, ScanError> {
        let inputs = Inputs::find(inputs.iter().map(|name| self.path(name)))?;
        let mut posts = Posts::open(inputs, Format::Auto, "".parse::<FieldMap>()?)?;
        let mut outputs = OutputDir::open(&self.path(out), how.start, FINGERPRINT.to_owned())?;
        if let Some(checkpoint) = outputs.resumed() {
            posts.skip_to(&checkpoint.passed, checkpoint.position.records);
        }
        let writer = FindingWriter {
            text: how.text,
            spans_bytes: false,
            contact_key: SECRET.into(),
            operating_point: "balanced".to_owned(),
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(how.threads).build().unwrap();
        let outcome = pool.install(|| {
            let own = AtomicBool::new(how.stop_after == Some(0));
            let stop = how.stop.unwrap_or(&own);
            let mut watch = StopAfter { chunks: how.stop_after.filter(|chunks| *chunks > 0), stop };
            scan(&mut posts, assessor, &writer, &mut outputs, &how.settings, stop, &mut watch)
        })?;
        let names = posts.facts().iter().map(|facts| facts.path.clone()).collect();
        outputs.finish(&record(outcome.tally.counts, names), &outcome.tally, 3)?;
        Ok(outcome)
    }

    /// What a run wrote, by file name; the checkpoint is left out.
    pub(crate) fn outputs(&self, out: &str) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = std::fs::read_dir(self.path(out))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "checkpoint.json")
            .map(|name| (name.clone(), self.read(&format!("{out}/{name}"))))
            .collect();
        files.sort();
        files
    }

    /// Runs the program in this folder.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Said {
        self.run_with(b"", args)
    }

    /// Runs the program with something on standard input.
    pub(crate) fn run_with<A: AsRef<OsStr>>(&self, input: &[u8], args: impl IntoIterator<Item = A>) -> Said {
        let mut child =
            self.command().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // A program that refuses its arguments reads nothing: the pipe may be closed.
        let feeding = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        let _ = feeding.join().unwrap();
        Said::from(output)
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lurescan"));
        command.current_dir(self.0.path()).env_remove("COLUMNS").env_remove("NO_COLOR");
        command
    }
}

/// How the program ended and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Said {
    /// It ended with `code` and its messages hold every one of `parts`.
    #[track_caller]
    pub(crate) fn check(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in parts {
            assert!(self.err.contains(part), "no `{part}` in {self:#?}");
        }
    }
}

/// `scan` with the tiny model, then `more`.
pub(crate) fn tiny_scan(more: &str) -> Vec<String> {
    let mut args: Vec<String> = ["scan", "--labels", LABELS, "--model"].map(str::to_owned).to_vec();
    args.push(tiny().to_str().unwrap().to_owned());
    args.extend(more.split_whitespace().map(str::to_owned));
    args
}

/// The record of a run whose figures are always the same.
pub(crate) fn record(counts: Counts, inputs: Vec<String>) -> RunRecord {
    let input = |path| InputRecord { path, size: Some(1), format: "jsonl", sha256: None, records: 1, damaged: false };
    RunRecord {
        version: "0.0.0",
        command_line: vec!["lurescan".to_owned(), "scan".to_owned()],
        interrupted: false,
        model: "fake".to_owned(),
        model_hash: "fedcba9876543210".to_owned(),
        operating_point: "balanced".to_owned(),
        threshold: 0.5,
        base_rate: Some(0.25),
        engine: "f32",
        inputs: inputs.into_iter().map(input).collect(),
        counts: counts.into(),
        threads: 1,
        seconds: StageSeconds {
            wall: 1.0,
            load: 0.0,
            read: 0.0,
            prepare: 0.0,
            model: 0.0,
            attribute: 0.0,
            judge: 0.0,
            write: 0.0,
        },
        cpu_seconds: None,
        posts_per_second: 1.0,
        repeated: 0,
        tokens_per_second: 1.0,
        peak_memory_bytes: None,
        resumed: false,
    }
}

/// Rows that cannot become posts, each broken in its own way.
pub(crate) const BAD_ROWS: [&[u8]; 10] = [
    b"{\"id\":\"b0\",\"text\":\"cut off in the mid",
    b"{\"id\":\"b1\",\"text\":\"\"}",
    b"{\"id\":\"b2\",\"text\":null}",
    b"{\"id\":\"b3\",\"headline\":\"no text at all\"}",
    b"rate limit exceeded, retry later",
    b"{\"id\":\"b5\",\"text\":\"a byte that is no \xff UTF-8\"}",
    b"{\"id\":\"b6\",\"text\":\"a raw \0 byte\"}",
    b"[1, 2, 3]",
    b"{\"id\":\"b8\",\"text\":\"two objects\"}{\"id\":\"b8\",\"text\":\"on a line\"}",
    b"{\"id\":\"b9\",\"text\":\"   \\n \"}",
];

/// Posts that are read but not judged: too short, or in a script the model does not know.
const UNREAD: [&str; 4] = ["Hi!", "🔥🔥🔥 @name", "ދިވެހި ބަހުން ލިޔެފައިވާ މި ޕޯސްޓް މޮޑެލަކަށް ނޭނގޭ", "+1 555 0100"];

const OFFERS: [&str; 6] = [
    "Cooks wanted in Riga, room and board included. Contract of 12 months, call the office on weekdays.",
    "They keep your passport until the fee is paid. Dealers from Manila wanted in Sihanoukville, flight paid.",
    "Ищем поваров, жильё есть. Выезд из Ташкента в Москву через неделю.",
    "Is this job real? They asked for money before the interview in Dubai.",
    "Girls from Nepal wanted as dancers in Nairobi, passport handed to the manager on arrival",
    "Morning all! The bakery on the corner has fresh bread again, and the road to the lake is open.",
];

/// An export of `rows` JSON Lines; a ninth of them is bad or unread.
pub(crate) fn export(rows: usize) -> Vec<u8> {
    let mut random = Rng::with_seed(7);
    let mut out = Vec::new();
    for row in 0..rows {
        match row % 18 {
            5 => out.extend_from_slice(BAD_ROWS[row / 18 % BAD_ROWS.len()]),
            11 => serde_json::to_writer(&mut out, &serde_json::json!({"id": format!("p{row}"), "text": UNREAD[row / 18 % 4]}))
                .unwrap(),
            _ => {
                let text =
                    format!("{} {}", OFFERS[random.usize(..OFFERS.len())].repeat(random.usize(1..4)), random.u32(..10_000));
                let region = [Some("PH"), Some("KE"), Some("Riga, Latvia"), None][random.usize(..4)];
                let month = random.u32(1..7);
                let post = serde_json::json!({
                    "id": format!("p{row}"), "text": text, "region": region, "channel": "group_message",
                    "posted_at": format!("2026-{month:02}-03T10:00:00Z"),
                });
                serde_json::to_writer(&mut out, &post).unwrap();
            }
        }
        out.push(b'\n');
    }
    out
}
