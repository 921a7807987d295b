//! `eval`: a model against labelled records.

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

mod again;

use super::Exit;
use super::args::{EvalArgs, LogFormat, Sides};
use super::ready::{self, Ready};
use super::terminal::{print, say};
use crate::evaluation::{Evaluation, EvidenceRows, Pointing, evaluate, indicators};
use crate::finding::Finding;
use crate::labelled::{self, Record};
use crate::post::{Post, Source};
use crate::report::{EvaluationHead, evaluation_json, evaluation_text, model_index};
use crate::scan::{Assessor, DEFAULT_CHUNK, Emit, Work};

/// Seed of the bootstrap: figures in a card can be repeated to the digit.
pub(super) const SEED: u64 = 1;

pub(super) fn run(args: &EvalArgs, log: LogFormat) -> Result<Exit> {
    let records = labelled::read_side(&args.labelled, args.split)?;
    if records.is_empty() {
        bail!("no labelled records to measure on; see --split; undecided records (`suspect: null`) do not count");
    }
    let mut ready = ready::load(&args.model)?;
    if args.evidence {
        ready.assessor = ready.assessor.for_output(Emit::All);
    }
    // What would fail at the end fails before the work.
    let model_hash = ready.folder.hash()?;
    if let Some(path) = &args.json {
        let opened = std::fs::OpenOptions::new().create(true).append(true).open(path);
        opened.with_context(|| format!("cannot write {}", path.display()))?;
    }
    say(log, &format!("judging {} records", records.len()));
    let evaluation = measure(args, &ready, &records, log)?;
    let head = EvaluationHead {
        model: ready.folder.name(),
        model_hash,
        data: args.labelled.clone(),
        data_hash: data_hash(&records),
        split: Sides(args.split).name().to_owned(),
        operating_point: args.model.operating_point.clone(),
        seed: SEED,
    };
    if let Some(path) = &args.json {
        std::fs::write(path, evaluation_json(&head, &evaluation)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let shown =
        if args.model_index { model_index(&head, &evaluation) } else { evaluation_text(&head, &evaluation, args.markdown) };
    print(&shown)?;
    Ok(Exit::Done)
}

/// All figures that were asked for.
fn measure(args: &EvalArgs, ready: &Ready, records: &[Record], log: LogFormat) -> Result<Evaluation> {
    let findings = assess(&ready.assessor, records)?;
    let mut evaluation = evaluate(records, &findings, &ready.points, SEED);
    if args.disguises {
        let suspects: Vec<(&Record, bool)> = records
            .iter()
            .zip(&evaluation.judged)
            .filter(|(record, _)| record.label.suspect)
            .map(|(record, judged)| (record, judged.called))
            .collect();
        evaluation.disguised = again::disguised(&ready.assessor, &suspects, log)?;
    }
    if args.evidence {
        say(log, "judging suspects without the words that moved the model");
        let faithfulness = again::without_words(&ready.assessor, records, &findings)?;
        let pointing = args.marks.as_deref().map(labelled::read_marks).transpose()?;
        let pointing = pointing.map(|marks| Pointing::of(records, &findings, &marks));
        evaluation.evidence = Some(EvidenceRows { indicators: indicators(records, &findings), faithfulness, pointing });
    }
    Ok(evaluation)
}

fn assess(assessor: &Assessor, records: &[Record]) -> Result<Vec<Finding>> {
    let mut findings = Vec::with_capacity(records.len());
    for chunk in records.chunks(DEFAULT_CHUNK) {
        findings.extend(assessor.assess(chunk.iter().map(post).collect(), &mut Work::default())?);
    }
    Ok(findings)
}

fn post(record: &Record) -> Post {
    Post {
        id: record.id.clone(),
        source: Source { file: "labelled".into(), record: 0 },
        text: record.text.clone(),
        channel: Some(record.channel.clone()),
        region: record.region.clone(),
        lang: Some(record.lang.clone()),
        posted_at: None,
    }
}

fn data_hash(records: &[Record]) -> String {
    let mut hash = Sha256::new();
    for record in records {
        for part in [&record.id, &record.text] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
    }
    format!("{:x}", hash.finalize())
}
