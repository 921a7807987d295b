//! `scan`: options checked and made ready, the corridor run, reports written, the exit code chosen.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};

use super::Exit;
use super::args::{Gate, ListArgs, LogFormat, ScanArgs};
use super::dry_run::dry_run;
use super::ready::{self, Ready};
use super::terminal::{is_closed_pipe, print, say};
use crate::aggregate::Counts;
use crate::contacts;
use crate::export::{Inputs, Posts};
use crate::lists::{ListKind, Lists};
use crate::report::{FindingWriter, InputRecord, RunRecord, StageSeconds, summary};
use crate::scan::{Heartbeat, OnError, Outcome, OutputDir, Quiet, ScanBar, Settings, Start, Watch, refuse_inputs, scan};

/// Set by Ctrl-C and SIGTERM; the scan ends after the batches in hand.
static STOP: AtomicBool = AtomicBool::new(false);

pub(super) fn run(args: &ScanArgs, log: LogFormat) -> Result<Exit> {
    let settings = settings(args);
    let map = args.map.clone().unwrap_or_default().with_dates(args.dates);
    let inputs = Inputs::find(&args.inputs)?;
    say_passed_over(&inputs, log);
    let mut posts = Posts::open(inputs, args.format, map)?;
    refuse_inputs(&args.out, posts.facts().iter().map(|facts| facts.path.as_str()))?;
    let begun = Instant::now();
    let lists = read_lists(&args.lists, log)?;
    if !args.dry_run {
        ready::prepare_evidence();
    }
    let mut ready = ready::load(&args.model)?;
    let model_hash = ready.folder.hash()?;
    let load = begun.elapsed();
    let writer = FindingWriter {
        text: args.text,
        spans_bytes: args.spans_bytes,
        contact_key: contact_key(args.contact_key.as_deref())?,
        operating_point: args.model.operating_point.clone(),
    };
    if args.dry_run {
        return dry_run(args, &mut posts, &ready, log);
    }
    let start = match (args.resume, args.force) {
        (true, _) => Start::Resume,
        (_, true) => Start::Force,
        _ => Start::Fresh,
    };
    let mut outputs = OutputDir::open(&args.out, start, fingerprint(args, &model_hash, &writer, &lists, &posts))?;
    let resumed = take_up(&mut posts, &outputs, args, log);
    ctrlc::set_handler(interrupted).context("cannot listen for Ctrl-C")?;

    ready.assessor = ready.assessor.for_output(args.emit).with_lists(lists);
    let mut watch: Box<dyn Watch> = match log {
        LogFormat::Json => Box::new(Heartbeat::new(resumed.unwrap_or(0))),
        LogFormat::Text if std::io::stderr().is_terminal() => Box::new(ScanBar::new(&posts.progress(), resumed.unwrap_or(0))),
        LogFormat::Text => Box::new(Quiet),
    };
    let scanned = scan(&mut posts, &ready.assessor, &writer, &mut outputs, &settings, &STOP, watch.as_mut());
    watch.end();
    let outcome = scanned?;
    let times = Times { begun, load, resumed: resumed.is_some() };
    let run = record(args, &ready, model_hash, &posts, &outcome, &times);
    outputs.finish(&run, &outcome.tally, args.min_cell)?;
    say_what_is_odd(&posts, &outcome, log);
    // A closed standard output must not hide how the run ended.
    match print(&summary(&outcome.tally, run.posts_per_second, &where_to_look(args, &outcome))) {
        Err(error) if !is_closed_pipe(&error) => return Err(error),
        _ => {}
    }
    Ok(exit(args, &outcome, log))
}

/// The first Ctrl-C ends the scan after the batches in hand; the second ends the program, for inputs that say nothing more. What
/// stands behind the last checkpoint is then judged again on `--resume`.
#[expect(clippy::exit, reason = "the main thread waits for an input that may never come")]
fn interrupted() {
    if STOP.swap(true, Ordering::Relaxed) {
        std::process::exit(i32::from(Exit::Interrupted.code()));
    }
}

/// Names files of folders that are not read: an export under an unusual name must not be missed in silence.
fn say_passed_over(inputs: &Inputs, log: LogFormat) {
    let others = inputs.passed_over();
    if !others.is_empty() {
        let named: Vec<String> = others.iter().take(SHOWN).map(|path| path.display().to_string()).collect();
        let more = if others.len() > SHOWN { format!(" and {} more", others.len() - SHOWN) } else { String::new() };
        say(log, &format!("passed over, by their names no exports: {}{more}; name a file to have it read", named.join(", ")));
    }
}

/// Files named at most.
const SHOWN: usize = 3;

/// The lists posts are held against. Entries that are past are still met, and said to be past.
pub(super) fn read_lists(args: &ListArgs, log: LogFormat) -> Result<Lists> {
    let mut lists = Lists::default();
    let today = jiff::Zoned::now().date();
    let known = args.known_channels.iter().map(|path| (ListKind::KnownChannels, path));
    for (kind, path) in known.chain(args.licensed.iter().map(|path| (ListKind::Licensed, path))) {
        let (entries, expired) = lists.read(kind, path, today)?;
        let past = if expired > 0 { format!(", {expired} of them expired") } else { String::new() };
        say(log, &format!("{}: {entries} entries{past}", path.display()));
    }
    Ok(lists)
}

fn settings(args: &ScanArgs) -> Settings {
    Settings { chunk: crate::scan::DEFAULT_CHUNK, limit: args.limit, shard: args.shard, on_error: args.on_error }
}

/// The secret of contact keys: the file's, or without one a secret of this run alone.
pub(super) fn contact_key(file: Option<&Path>) -> Result<Vec<u8>> {
    let Some(path) = file else {
        let mut secret = vec![0; 32];
        getrandom::fill(&mut secret).map_err(|error| anyhow!("no random numbers from the system: {error}; use --contact-key"))?;
        return Ok(secret);
    };
    let secret = std::fs::read(path).with_context(|| format!("cannot read the contact key {}", path.display()))?;
    let secret = secret.trim_ascii().to_vec();
    if secret.len() < 16 {
        bail!("the contact key {} has {} bytes; a key under 16 can be guessed", path.display(), secret.len());
    }
    Ok(secret)
}

/// Everything that decides what a finding says. Threads, batches, chunks and limits do not.
fn fingerprint(args: &ScanArgs, model_hash: &str, writer: &FindingWriter, lists: &Lists, posts: &Posts) -> String {
    let mut hash = Sha256::new();
    let parts = [
        env!("CARGO_PKG_VERSION").to_owned(),
        model_hash.to_owned(),
        args.model.operating_point.clone(),
        // Never the secret itself: the checkpoint lies open.
        args.contact_key
            .as_ref()
            .map_or_else(String::new, |_| contacts::key(&writer.contact_key, &contacts::identity("fingerprint", None))),
        format!("{:?} {:?} {:?}", args.model.engine, args.model.base_rate, args.model.labels),
        format!("{:?} {:?} {:?} {:?}", args.map, args.dates, args.format, args.emit),
        format!("{:?} {} {:?}", args.text, args.spans_bytes, args.shard),
        lists.fingerprint(),
    ];
    for part in parts.into_iter().chain(posts.facts().iter().map(|facts| format!("{} {:?}", facts.path, facts.size))) {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!("{:x}", hash.finalize())
}

/// Goes to where an interrupted run stopped; gives the posts it had judged.
fn take_up(posts: &mut Posts, outputs: &OutputDir, args: &ScanArgs, log: LogFormat) -> Option<u64> {
    let checkpoint = outputs.resumed()?;
    posts.skip_to(&checkpoint.passed, checkpoint.position.records);
    say(log, &format!("going on behind row {} ({} posts judged)", checkpoint.position.rows, checkpoint.tally.counts.judged));
    if args.contact_key.is_none() && checkpoint.findings_bytes > 0 {
        say(log, "contact keys of this part differ from those before it; use --contact-key to link contacts across runs");
    }
    Some(checkpoint.tally.counts.judged)
}

/// When a run began, how long its model took to load, whether it goes on from an earlier one.
struct Times {
    begun: Instant,
    load: Duration,
    resumed: bool,
}

fn record(args: &ScanArgs, ready: &Ready, model_hash: String, posts: &Posts, outcome: &Outcome, times: &Times) -> RunRecord {
    let wall = times.begun.elapsed();
    RunRecord {
        version: env!("CARGO_PKG_VERSION"),
        command_line: std::env::args().collect(),
        interrupted: outcome.interrupted,
        model: ready.folder.name(),
        model_hash,
        operating_point: args.model.operating_point.clone(),
        threshold: ready.threshold,
        base_rate: ready.base_rate,
        engine: ready.engine,
        inputs: input_records(posts),
        counts: outcome.tally.counts.into(),
        threads: rayon::current_num_threads(),
        seconds: seconds(outcome, wall.as_secs_f64(), times.load.as_secs_f64()),
        cpu_seconds: super::process::cpu_seconds(),
        posts_per_second: outcome.judged_now as f64 / wall.saturating_sub(times.load).as_secs_f64().max(1e-9),
        repeated: outcome.work.repeated,
        tokens_per_second: outcome.work.tokens as f64 / outcome.work.model.as_secs_f64().max(1e-9),
        peak_memory_bytes: super::process::peak_memory_bytes(),
        resumed: times.resumed,
    }
}

fn input_records(posts: &Posts) -> Vec<InputRecord> {
    posts
        .facts()
        .iter()
        .map(|facts| InputRecord {
            path: facts.path.clone(),
            size: facts.size,
            format: facts.format.id(),
            sha256: facts.sha256.clone(),
            records: facts.records,
            damaged: facts.damaged,
        })
        .collect()
}

fn seconds(outcome: &Outcome, wall: f64, load: f64) -> StageSeconds {
    StageSeconds {
        wall,
        load,
        read: outcome.read.as_secs_f64(),
        prepare: outcome.work.prepare.as_secs_f64(),
        model: outcome.work.model.as_secs_f64(),
        attribute: outcome.work.attribute.as_secs_f64(),
        judge: outcome.work.judge.as_secs_f64(),
        write: outcome.write.as_secs_f64(),
    }
}

fn where_to_look(args: &ScanArgs, outcome: &Outcome) -> String {
    let out = args.out.display();
    let mut text = format!("report    {out}/report.html\nfindings  {out}/findings.jsonl\n");
    if outcome.tally.counts.rejected > 0 && args.on_error == OnError::Quarantine {
        text += &format!("rejected  {out}/rejected.jsonl\n");
    }
    text += &format!("to share  {out}/shared.json (counts under {} left out)\n", args.min_cell);
    text
}

impl Gate {
    fn trips(self, counts: &Counts) -> bool {
        match self {
            Self::Suspects(bound) => counts.suspect >= bound,
            Self::Rate(bound) => counts.judged > 0 && counts.suspect as f64 / counts.judged as f64 >= bound,
        }
    }
}

/// Says what a look at the counts alone would miss.
fn say_what_is_odd(posts: &Posts, outcome: &Outcome, log: LogFormat) {
    for damaged in posts.facts().iter().filter(|facts| facts.damaged) {
        say(log, &format!("{} is damaged; the rows before the damage were read", damaged.path));
    }
    let counts = &outcome.tally.counts;
    if counts.judged > 0 || outcome.interrupted {
        return;
    }
    if counts.not_assessed() > 0 {
        let why = "all are too short or in a language the model does not read, unless --map names the wrong field";
        say(log, &format!("no post was judged: {why}"));
    } else if counts.read == 0 {
        say(log, "no post was judged: the inputs hold no rows");
    }
}

fn exit(args: &ScanArgs, outcome: &Outcome, log: LogFormat) -> Exit {
    let counts = &outcome.tally.counts;
    if outcome.interrupted {
        say(log, "interrupted; the same command with --resume goes on from here");
        return Exit::Interrupted;
    }
    if counts.read > 0 && counts.rejected == counts.read {
        say(log, "every row was rejected; rejected.jsonl says why, and --format or --map may be what they need (see --dry-run)");
        return Exit::Failed;
    }
    if args.max_errors.is_some_and(|most| counts.rejected > most) {
        say(log, &format!("{} rows were rejected, more than --max-errors allows", counts.rejected));
        return Exit::TooManyRejected;
    }
    if args.fail_on.is_some_and(|gate| gate.trips(counts)) {
        say(log, "the --fail-on gate tripped");
        return Exit::GateTripped;
    }
    Exit::Done
}
