//! `explain`: one post, judged and shown.

use std::io::Read;
use std::mem::ManuallyDrop;

use anyhow::{Context, Result, bail};

use super::Exit;
use super::args::{ExplainArgs, LogFormat};
use super::ready;
use super::scan::{contact_key, read_lists};
use super::terminal::{colour, print};
use crate::post::{Post, Source};
use crate::report::{FindingWriter, TextShown, explain};
use crate::scan::{Emit, Work};

pub(super) fn run(args: &ExplainArgs, log: LogFormat) -> Result<Exit> {
    let (file, text) = match &args.text {
        Some(text) => ("argument", text.clone()),
        None => (
            "-",
            std::io::read_to_string(std::io::stdin().take(MOST_BYTES + 1))
                .context("cannot read the post from standard input as UTF-8")?,
        ),
    };
    if text.trim().is_empty() {
        bail!("the post is empty; give it as an argument or on standard input");
    }
    if text.len() as u64 > MOST_BYTES {
        bail!("the post is longer than {} MiB; use `lurescan scan` for an export", MOST_BYTES >> 20);
    }
    let lists = read_lists(&args.lists, log)?;
    ready::prepare_evidence();
    let ready = ready::load(&args.model)?;
    // The tokenizer takes longer to give its memory back piece by piece than a reader should wait for the prompt.
    let assessor = ManuallyDrop::new(ready.assessor.for_output(Emit::All).with_lists(lists));
    let post = Post {
        id: format!("{file}:1"),
        source: Source { file: file.into(), record: 1 },
        text,
        channel: None,
        region: None,
        lang: None,
        posted_at: None,
    };
    // Hashing fails where a file of the model is not the one its SHA256SUMS names; the other core has nothing to do.
    let (findings, undamaged) = rayon::join(|| assessor.assess(vec![post], &mut Work::default()), || ready.folder.hash());
    undamaged?;
    let findings = findings?;
    for finding in &findings {
        if args.json {
            let mut line = Vec::new();
            let operating_point = args.model.operating_point.clone();
            FindingWriter { text: TextShown::Full, spans_bytes: true, contact_key: contact_key(None)?, operating_point }
                .write(finding, &mut line)?;
            print(&String::from_utf8_lossy(&line))?;
        } else {
            print(&explain(finding, ready.threshold, &args.model.operating_point, colour()))?;
        }
    }
    Ok(Exit::Done)
}

/// A post longer than this is no post.
const MOST_BYTES: u64 = 4 << 20;
