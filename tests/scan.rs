//! The corridor: every row accounted for, in order, whatever the threads, batches, chunks, shards and interruptions.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;
use lurescan::aggregate::Tally;
use lurescan::classifier::{Classifier, Engine, Labels, Logits, ModelError, ModelFolder};
use lurescan::finding::Finding;
use lurescan::post::{Post, Source};
use lurescan::scan::{Assessor, Emit, OnError, OutputDir, ScanError, Settings, Shard, Start, Work};
use lurescan::tokens::Batch;
use lurescan::verdict::{Calibration, Judge};

use crate::util::{BAD_ROWS, FINGERPRINT, Fake, How, Lab, assessor_of, export, fake_assessor, record, root, shipped, tiny_scan};

/// Rows that are posts, bad or unread: all that `export` writes.
const ROWS: usize = 540;

fn how(change: impl FnOnce(&mut Settings)) -> How {
    let mut how = How::default();
    change(&mut how.settings);
    how
}

fn ids(lines: &[serde_json::Value]) -> Vec<&str> {
    lines.iter().map(|line| line["id"].as_str().unwrap()).collect()
}

/// A folder with one export in three files of different kinds, bad rows in all of them.
fn three_files() -> Lab {
    let lab = Lab::new();
    let rows = export(ROWS);
    let lines: Vec<&[u8]> = rows.split_inclusive(|byte| *byte == b'\n').collect();
    lab.write("in/a.jsonl", lines[..200].concat());
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&lines[200..].concat()).unwrap();
    lab.write("in/b.jsonl.gz", packed.finish().unwrap());
    lab.write(
        "in/c.csv",
        "id,text,country\nc1,\"Dealers wanted in\nSihanoukville\",PH\nc2,,KE\nc3,too,many,cells\nc4,Cooks wanted in Riga,LV\n",
    );
    lab
}

#[test]
fn threads_batches_and_chunks_change_no_byte() {
    let lab = three_files();
    let mut first = None;
    for batch_tokens in [256, 4096] {
        let assessor = fake_assessor(0.0).with_batch_tokens(batch_tokens);
        for (threads, chunk) in [(1, 7), (1, 512), (2, 7), (2, 512)] {
            let out = format!("out-{batch_tokens}-{threads}-{chunk}");
            lab.scan(&["in"], &out, &assessor, &How { threads, ..how(|settings| settings.chunk = chunk) }).unwrap();
            let files = lab.outputs(&out);
            let first = first.get_or_insert_with(|| files.clone());
            assert_eq!(files.len(), first.len(), "files with {threads} threads, {batch_tokens} tokens, chunks of {chunk}");
            for (file, expected) in files.iter().zip(first.iter()) {
                assert!(file == expected, "{} differs with {threads} threads, {batch_tokens} tokens, chunks of {chunk}", file.0);
            }
        }
    }
    let files = first.unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["findings.jsonl", "rejected.jsonl", "report.html", "run.json", "shared.csv", "shared.json", "tally.csv", "tally.json"]
    );
    for (name, content) in &files {
        assert!(content.lines().count() > 5, "{name} is too empty to prove anything");
    }
}

fn shipped_assessor(batch_tokens: usize) -> Assessor {
    let folder = ModelFolder::open(&shipped()).unwrap();
    let calibration = Calibration::read(&folder.calibration()).unwrap();
    let threshold = calibration.threshold("balanced").unwrap();
    Assessor::open(&folder, None, Engine::Int8, |labels| Judge::new(calibration, labels, threshold))
        .unwrap()
        .with_batch_tokens(batch_tokens)
        .for_output(Emit::Suspects)
}

/// The shortest posts of a labelled set, suspects and others.
fn short_posts(count: usize) -> Vec<Post> {
    let mut records = lurescan::labelled::read(&root().join("datasets/authored/anglo1.jsonl")).unwrap();
    records.sort_by_key(|record| (record.text.len(), record.id.clone()));
    let post = |record: lurescan::labelled::Record| Post {
        id: record.id,
        source: Source { file: "authored".into(), record: 0 },
        text: record.text,
        channel: None,
        region: record.region,
        lang: None,
        posted_at: None,
    };
    records.into_iter().take(count).map(post).collect()
}

fn assert_same_verdicts(what: &str, found: &[Finding], expected: &[Finding]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        let id = &expected.post.id;
        assert_eq!((&found.post.id, found.verdict.label), (id, expected.verdict.label), "{what}");
        let p = |finding: &Finding| finding.verdict.scores.as_ref().map(|scores| scores.p_suspect);
        let (Some(a), Some(b)) = (p(found), p(expected)) else { panic!("{id} was not judged") };
        assert!((a - b).abs() <= 1e-4, "{what}: {id} has {a}, not {b}");
        // In 8 bits a post's vectors do not depend on its batch, so neither do the words they point at.
        assert_eq!(found.attribution, expected.attribution, "{what}: {id}");
    }
}

#[test]
fn the_shipped_model_gives_a_post_the_same_verdict_in_any_company() {
    let posts = short_posts(60);
    let assess = |batch_tokens: usize, threads: usize, chunk: usize| -> Vec<Finding> {
        // A new one each time: an assessor does not read the same text twice.
        let assessor = shipped_assessor(batch_tokens);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            posts.chunks(chunk).flat_map(|chunk| assessor.assess(chunk.to_vec(), &mut Work::default()).unwrap()).collect()
        })
    };
    let alone = assess(4096, 1, 1);
    let suspects = alone.iter().filter(|finding| finding.verdict.label == lurescan::verdict::Label::Suspect).count();
    assert!((5..55).contains(&suspects), "{suspects} of 60 are suspects: the posts prove nothing");
    let shown = alone.iter().filter(|finding| !finding.attribution.words.is_empty()).count();
    assert_eq!(shown, suspects, "every suspect shows its words");
    assert_same_verdicts("one batch of all", &assess(4096, 2, 60), &alone);
    assert_same_verdicts("many small batches", &assess(256, 2, 60), &alone);
    assert_same_verdicts("chunks of seven", &assess(256, 1, 7), &alone);
}

#[test]
fn other_line_breaks_show_their_own_words() {
    let posts = short_posts(30);
    let broken = |post: &Post| Post { text: post.text.replacen(' ', "\n", 2), ..post.clone() };
    let broken: Vec<Post> = posts.iter().map(broken).collect();
    let alone = shipped_assessor(1024).assess(broken.clone(), &mut Work::default()).unwrap();
    let assessor = shipped_assessor(1024);
    let whole = assessor.assess(posts, &mut Work::default()).unwrap();
    let mut work = Work::default();
    let after = assessor.assess(broken, &mut work).unwrap();
    assert!(work.repeated > 20, "the tokens are mostly those of the posts before: {}", work.repeated);
    assert_same_verdicts("behind the same words in one line", &after, &alone);
    assert!(whole.iter().zip(&after).any(|(whole, broken)| whole.attribution != broken.attribution), "breaks part phrases");
}

#[test]
fn a_text_met_again_is_not_read_again_and_is_judged_alike() {
    let posts = short_posts(20);
    // Each once, then all twice over, in one chunk and in chunks that begin elsewhere.
    let many: Vec<Post> = posts.iter().chain(&posts).chain(&posts).cloned().collect();
    let plain = shipped_assessor(1024);
    let mut work = Work::default();
    let once = plain.assess(posts.clone(), &mut work).unwrap();
    assert_eq!(work.repeated, 0, "the posts are distinct");
    let tokens = work.tokens;
    for chunk in [60, 33, 7] {
        let assessor = shipped_assessor(1024);
        let mut work = Work::default();
        let findings: Vec<Finding> =
            many.chunks(chunk).flat_map(|chunk| assessor.assess(chunk.to_vec(), &mut work).unwrap()).collect();
        assert_eq!((work.repeated, work.tokens), (40, tokens), "chunks of {chunk}");
        for again in findings.chunks(20) {
            assert_same_verdicts("met again", again, &once);
        }
    }
}

#[test]
fn every_row_is_rejected_or_has_a_finding_in_input_order() {
    let lab = three_files();
    let outcome = lab.scan(&["in"], "out", &fake_assessor(0.0), &How::default()).unwrap();
    let counts = outcome.tally.counts;
    let (findings, rejected) = (lab.lines("out/findings.jsonl"), lab.lines("out/rejected.jsonl"));
    assert_eq!(counts.read, ROWS as u64 + 4);
    assert_eq!(counts.rejected, ROWS as u64 / 18 + 2, "every bad row and no other");
    assert_eq!(counts.not_assessed(), ROWS as u64 / 18);
    assert!(counts.too_short > 0 && counts.unsupported_language > 0 && counts.suspect > 0 && counts.suspect < counts.judged);
    assert_eq!(counts.read, counts.rejected + counts.not_assessed() + counts.judged);
    assert_eq!((findings.len() as u64, rejected.len() as u64), (counts.judged + counts.not_assessed(), counts.rejected));

    let place = |line: &serde_json::Value| {
        (line["source"]["file"].as_str().unwrap().to_owned(), line["source"]["record"].as_u64().unwrap())
    };
    let places: Vec<_> = findings.iter().map(place).collect();
    assert!(places.is_sorted(), "findings stand in input order");
    let mut all: Vec<_> = rejected.iter().map(place).chain(places).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len() as u64, counts.read, "no row twice, no row lost");
    assert_eq!(ids(&findings)[..6], ["p0", "p1", "p2", "p3", "p4", "p6"]);
    assert!(!ids(&findings).iter().any(|id| id.starts_with('b')), "a bad row became a post");

    let of_verdict = |label: &str| findings.iter().filter(|line| line["verdict"]["label"] == label).count() as u64;
    assert_eq!((of_verdict("suspect"), of_verdict("not_assessed")), (counts.suspect, counts.not_assessed()));
    for line in &rejected {
        let (reason, head) = (line["reason"].as_str().unwrap(), line["head"].as_str().unwrap());
        assert!(!reason.is_empty() && !head.is_empty() && line["offset"].is_u64(), "{line}");
    }
}

#[test]
fn only_suspects_are_written_unless_all_are_asked_for() {
    let lab = three_files();
    let assessor = fake_assessor(0.0).for_output(Emit::Suspects);
    let outcome = lab.scan(&["in"], "some", &assessor, &How::default()).unwrap();
    lab.scan(&["in"], "all", &fake_assessor(0.0), &How::default()).unwrap();
    let all = lab.read("all/findings.jsonl");
    let suspects: Vec<&str> = all.lines().filter(|line| line.contains(r#""label":"suspect""#)).collect();
    assert!(
        lab.read("some/findings.jsonl").lines().eq(suspects.iter().copied()),
        "the findings of suspects do not depend on --emit"
    );
    assert_eq!(suspects.len() as u64, outcome.tally.counts.suspect);
    assert_eq!(lab.read("some/tally.json"), lab.read("all/tally.json"));
}

#[test]
fn bad_rows_are_set_aside_counted_or_stop_the_run() {
    let lab = Lab::new();
    let mut rows = b"{\"id\":\"good\",\"text\":\"Cooks wanted in Riga\"}\n".to_vec();
    for bad in BAD_ROWS {
        rows.extend_from_slice(bad);
        rows.push(b'\n');
    }
    lab.write("bad.jsonl", rows);
    let assessor = fake_assessor(0.0);
    for (name, on_error, lines) in [("aside", OnError::Quarantine, BAD_ROWS.len()), ("skip", OnError::Skip, 0)] {
        let outcome = lab.scan(&["bad.jsonl"], name, &assessor, &how(|settings| settings.on_error = on_error)).unwrap();
        assert_eq!((outcome.tally.counts.read, outcome.tally.counts.rejected), (11, 10), "{name}");
        assert_eq!(lab.lines(&format!("{name}/rejected.jsonl")).len(), lines, "{name}");
    }
    let error = lab.scan(&["bad.jsonl"], "fail", &assessor, &how(|settings| settings.on_error = OnError::Fail)).unwrap_err();
    assert!(matches!(error, ScanError::RowRejected { record: 2, offset: 44, .. }), "{error}");
}

#[test]
fn a_run_stopped_anywhere_and_resumed_is_the_run_that_was_not() {
    let lab = three_files();
    let assessor = fake_assessor(0.0);
    lab.scan(&["in"], "whole", &assessor, &How::default()).unwrap();
    let whole = lab.outputs("whole");
    let mut stopped = 0;
    for chunks in 0..9 {
        let out = format!("stopped-{chunks}");
        let outcome = lab.scan(&["in"], &out, &assessor, &How { stop_after: Some(chunks), ..How::default() }).unwrap();
        stopped += u32::from(outcome.interrupted);
        // What a killed process wrote behind its checkpoint must not stay.
        for name in ["findings.jsonl", "rejected.jsonl"] {
            let mut file = std::fs::OpenOptions::new().append(true).open(lab.path(&out).join(name)).unwrap();
            file.write_all(b"{\"schema\":\"half a li").unwrap();
        }
        // Other threads and chunks than before.
        let resumed = How { start: Start::Resume, threads: 1, ..how(|settings| settings.chunk = 50) };
        let outcome = lab.scan(&["in"], &out, &assessor, &resumed).unwrap();
        assert!(!outcome.interrupted);
        assert!(lab.outputs(&out) == whole, "stopped after {chunks} chunks, the run ends otherwise");
    }
    assert!(stopped >= 8, "only {stopped} runs were interrupted");
}

#[test]
fn a_run_that_goes_on_is_not_called_complete_before_it_is() {
    let lab = three_files();
    let half = how(|settings| settings.limit = Some(100));
    lab.scan(&["in"], "out", &fake_assessor(0.0), &half).unwrap();
    assert!(lab.path("out/run.json").exists());
    drop(OutputDir::open(&lab.path("out"), Start::Resume, FINGERPRINT.to_owned()).unwrap());
    assert_eq!(lab.outputs("out").into_iter().map(|(name, _)| name).collect::<Vec<_>>(), ["findings.jsonl", "rejected.jsonl"]);
}

#[test]
fn a_damaged_model_ends_the_run_instead_of_calling_every_post_clear() {
    let lab = three_files();
    let error = lab.scan(&["in"], "out", &fake_assessor(f32::NAN), &How::default()).err().unwrap().to_string();
    assert!(error.contains("weights are damaged"), "{error}");
}

/// Sets the stop flag while it reads its `at`-th batch, as Ctrl-C does.
struct Interrupted {
    fake: Fake,
    batches: AtomicUsize,
    at: usize,
    stop: &'static AtomicBool,
}

impl Classifier for Interrupted {
    fn labels(&self) -> &Labels {
        self.fake.labels()
    }

    fn logits(&self, batch: &Batch) -> Result<Vec<Logits>, ModelError> {
        if self.batches.fetch_add(1, Ordering::Relaxed) == self.at {
            self.stop.store(true, Ordering::Relaxed);
        }
        self.fake.logits(batch)
    }
}

#[test]
fn a_run_stopped_within_a_chunk_does_not_wait_for_its_end_and_loses_nothing() {
    let lab = three_files();
    lab.scan(&["in"], "whole", &fake_assessor(0.0), &How::default()).unwrap();
    for at in [0, 1, 5, 11] {
        let stop: &AtomicBool = Box::leak(Box::default());
        let classifier = Interrupted { fake: Fake::new(0.0), batches: AtomicUsize::new(0), at, stop };
        let assessor = assessor_of(classifier).with_batch_tokens(256);
        let out = format!("stopped-{at}");
        // One chunk holds every post: nothing of it is judged before the stop.
        let settings = how(|settings| settings.chunk = 10_000);
        let outcome = lab.scan(&["in"], &out, &assessor, &How { stop: Some(stop), threads: 1, ..settings }).unwrap();
        assert!(outcome.interrupted);
        assert_eq!((outcome.tally.counts.read, lab.read(&format!("{out}/findings.jsonl")).len()), (0, 0));
        lab.scan(&["in"], &out, &fake_assessor(0.0), &How { start: Start::Resume, ..How::default() }).unwrap();
        assert!(lab.outputs(&out) == lab.outputs("whole"), "stopped in batch {at}, the run ends otherwise");
    }
}

#[test]
fn a_limited_run_can_be_continued() {
    let lab = three_files();
    let assessor = fake_assessor(0.0);
    lab.scan(&["in"], "whole", &assessor, &How::default()).unwrap();
    for limit in [0, 1, 199, 200, 201, ROWS as u64, 10_000] {
        let out = format!("limit-{limit}");
        let outcome = lab.scan(&["in"], &out, &assessor, &how(|settings| settings.limit = Some(limit))).unwrap();
        assert_eq!(outcome.tally.counts.read, limit.min(ROWS as u64 + 4));
        let written = lab.read(&format!("{out}/findings.jsonl"));
        assert!(lab.read("whole/findings.jsonl").starts_with(&written), "a limited run is the beginning of the whole one");
        lab.scan(&["in"], &out, &assessor, &How { start: Start::Resume, ..How::default() }).unwrap();
        assert!(lab.outputs(&out) == lab.outputs("whole"), "limited to {limit}, then resumed, the run ends otherwise");
    }
}

#[test]
fn shards_together_are_the_whole() {
    let lab = three_files();
    let assessor = fake_assessor(0.0);
    for limit in [None, Some(100)] {
        let whole =
            lab.scan(&["in"], &format!("whole-{limit:?}"), &assessor, &how(|settings| settings.limit = limit)).unwrap().tally;
        let mut tally = Tally::default();
        let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for index in 0..3 {
            let out = format!("shard-{index}-{limit:?}");
            let part = how(|settings| (settings.limit, settings.shard) = (limit, Some(Shard { index, of: 3 })));
            // A shard can be interrupted too.
            lab.scan(&["in"], &out, &assessor, &How { stop_after: Some(1), ..part }).unwrap();
            tally.merge(lab.scan(&["in"], &out, &assessor, &How { start: Start::Resume, ..part }).unwrap().tally);
            for name in ["findings.jsonl", "rejected.jsonl"] {
                lines.entry(name).or_default().extend(lab.read(&format!("{out}/{name}")).lines().map(str::to_owned));
            }
        }
        assert_eq!(tally, whole);
        for (name, mut parts) in lines {
            let written = lab.read(&format!("whole-{limit:?}/{name}"));
            let mut expected: Vec<&str> = written.lines().collect();
            parts.sort_unstable();
            expected.sort_unstable();
            assert!(parts == expected, "the shards' {name} together are not the whole one");
        }
    }
}

#[test]
fn run_counts_add_up_in_the_record_too() {
    let lab = three_files();
    let outcome = lab.scan(&["in"], "out", &fake_assessor(0.0), &How::default()).unwrap();
    let run: serde_json::Value =
        serde_json::from_str(&lurescan::report::run_json(&record(outcome.tally.counts, Vec::new()))).unwrap();
    let count = |name: &str| run["counts"][name].as_u64().unwrap();
    assert_eq!(count("read"), count("rejected") + count("not_assessed") + count("judged"));
}

/// Peak memory of the program after reading `rows` rows from a pipe.
#[cfg(target_os = "linux")]
fn peak_of(rows: usize) -> u64 {
    let lab = Lab::new();
    // Short posts, since the peak of long ones is that of the chunk in hand.
    let row = |row| format!("{{\"id\":\"p{row}\",\"text\":\"Cooks wanted in Riga {row}\"}}");
    let export = (0..rows).map(row).collect::<Vec<_>>().join("\n");
    let said = lab.run_with(export.as_bytes(), tiny_scan("- -o out --emit all --text none"));
    said.check(0, &[]);
    assert_eq!(lab.json("out/run.json")["counts"]["read"], rows);
    lab.json("out/run.json")["peak_memory_bytes"].as_u64().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_export() {
    let (small, large) = (peak_of(5_000), peak_of(50_000));
    assert!((large as f64) < small as f64 * 1.1, "{} KiB for 5,000 rows, {} KiB for 50,000", small >> 10, large >> 10);
}
