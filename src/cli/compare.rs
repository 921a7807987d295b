//! `compare`: two evaluations of the same records, paired.

use std::path::Path;

use anyhow::{Context, Result, anyhow};

use super::Exit;
use super::args::CompareArgs;
use super::eval::SEED;
use super::terminal::print;
use crate::evaluation::{Judged, compare};
use crate::report::{EvaluationHead, comparison_text, read_evaluation};

pub(super) fn run(args: &CompareArgs) -> Result<Exit> {
    let ((head_before, before), (head_after, after)) = (read(&args.before)?, read(&args.after)?);
    let other_records = |why: String| {
        let files = (args.before.display(), args.after.display());
        anyhow!("{} and {} are not of the same records: {why}; run `eval` on the same files and side", files.0, files.1)
    };
    if head_before.data_hash != head_after.data_hash {
        return Err(other_records("their texts differ".to_owned()));
    }
    let comparison = compare(&before, &after, SEED).map_err(other_records)?;
    print(&comparison_text(&head_before, &head_after, &comparison, args.markdown))?;
    Ok(Exit::Done)
}

fn read(path: &Path) -> Result<(EvaluationHead, Vec<Judged>)> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    read_evaluation(&text)
        .map_err(|why| anyhow!("{0} is no evaluation ({why}); `lurescan eval … --json {0}` writes one", path.display()))
}
