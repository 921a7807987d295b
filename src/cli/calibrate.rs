//! `calibrate`: probabilities and operating points of a model, fitted to labelled posts.

use std::path::Path;

use anyhow::{Result, bail};

use super::Exit;
use super::args::{CalibrateArgs, LogFormat};
use super::ready;
use super::terminal::{print, say};
use crate::labelled;
use crate::report::calibration_text;
use crate::training::recalibrate;

/// Suspects, or others, under which the user is told that they are few.
const FEW: usize = 200;

pub(super) fn run(args: &CalibrateArgs, log: LogFormat) -> Result<Exit> {
    let records = labelled::read_side(&args.labelled, args.split.0)?;
    let folder = ready::open(args.model.as_deref().unwrap_or(Path::new(ready::DEFAULT_MODEL)))?;
    if folder.config.lurescan.is_none() {
        bail!("{} is no model of ours: only those have a calibration.json", folder.path().display());
    }
    let suspects = records.iter().filter(|record| record.label.suspect).count();
    say(log, &format!("judging {} records", records.len()));
    if suspects.min(records.len() - suspects) < FEW {
        let what = format!("{suspects} suspects and {} others are few", records.len() - suspects);
        say(
            log,
            &format!("{what}: lines drawn on under {FEW} of either move a lot with one record more; bring more where you can"),
        );
    }
    let fitted_on = format!("{} records of {} ({})", records.len(), args.labelled.join(" "), args.split.name());
    let found = recalibrate(&folder, records, fitted_on)?;
    print(&calibration_text(&found.calibration, &found.before, &found.after))?;
    if args.dry_run {
        say(log, "nothing written: --dry-run");
    } else {
        found.write(&folder)?;
        say(log, &format!("wrote {}", folder.calibration().display()));
    }
    Ok(Exit::Done)
}
