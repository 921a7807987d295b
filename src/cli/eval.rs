//! `eval`: a model against labelled records.

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};

use super::Exit;
use super::args::{EvalArgs, LogFormat};
use super::models;
use super::terminal::{print, say};
use crate::evaluation::{Disguised, evaluate};
use crate::evasion::Technique;
use crate::finding::Finding;
use crate::labelled::{self, Record, Split, on_side};
use crate::post::{Post, Source};
use crate::report::{EvaluationHead, evaluation_json, evaluation_text};
use crate::scan::{Assessor, DEFAULT_CHUNK, Work};
use crate::verdict::Label;

/// Seed of the bootstrap: figures in a card can be repeated to the digit.
pub(super) const SEED: u64 = 1;

pub(super) fn run(args: &EvalArgs, log: LogFormat) -> Result<Exit> {
    let side = args
        .split
        .as_deref()
        .map(|name| Split::parse(name).ok_or_else(|| anyhow!("--split {name}: expected train, dev or test")));
    let side = side.transpose()?;
    let mut records = labelled::read_all(&args.labelled)?;
    if let Some(side) = side {
        records = on_side(records, side);
    }
    if records.is_empty() {
        bail!("no labelled records to measure on");
    }
    let ready = models::load(&args.model)?;
    say(log, &format!("judging {} records", records.len()));
    let findings = assess(&ready.assessor, &records)?;
    let mut evaluation = evaluate(&records, &findings, SEED);
    if args.disguises {
        let suspects: Vec<(&Record, bool)> = records
            .iter()
            .zip(&evaluation.judged)
            .filter(|(record, _)| record.label.suspect)
            .map(|(record, judged)| (record, judged.called))
            .collect();
        evaluation.disguised = disguised(&ready.assessor, &suspects, log)?;
    }
    let head = EvaluationHead {
        model: ready.folder.name(),
        model_hash: ready.folder.hash()?,
        data: args.labelled.clone(),
        data_hash: data_hash(&records),
        split: args.split.clone().unwrap_or_else(|| "all".to_owned()),
        operating_point: args.model.operating_point.clone(),
        seed: SEED,
    };
    if let Some(path) = &args.json {
        std::fs::write(path, evaluation_json(&head, &evaluation)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    print(&evaluation_text(&head, &evaluation, args.markdown))?;
    Ok(Exit::Done)
}

fn assess(assessor: &Assessor, records: &[Record]) -> Result<Vec<Finding>> {
    let mut findings = Vec::with_capacity(records.len());
    for chunk in records.chunks(DEFAULT_CHUNK) {
        findings.extend(assessor.assess(chunk.iter().map(post).collect(), &mut Work::default())?);
    }
    Ok(findings)
}

/// Suspects, each with whether it was called so undisguised, in every disguise; what loses most first.
fn disguised(assessor: &Assessor, suspects: &[(&Record, bool)], log: LogFormat) -> Result<Vec<Disguised>> {
    let mut rows = Vec::new();
    for technique in Technique::ALL {
        say(log, &format!("judging {} suspects in disguise: {}", suspects.len(), technique.name()));
        let (changed, before): (Vec<Record>, Vec<bool>) =
            suspects.iter().filter_map(|(record, called)| Some((technique.derive(record, SEED)?, *called))).unzip();
        let after = assess(assessor, &changed)?;
        let called = before.into_iter().zip(after.iter().map(|finding| finding.verdict.label == Label::Suspect));
        rows.push(Disguised::of(technique, &called.collect::<Vec<_>>()));
    }
    rows.retain(|row| row.records > 0);
    rows.sort_by(|a, b| (b.recall_before - b.recall_after).total_cmp(&(a.recall_before - a.recall_after)));
    Ok(rows)
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
