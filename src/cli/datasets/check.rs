//! `datasets check`: what is wrong with labelled sets, one problem a line.

use std::path::PathBuf;

use anyhow::Result;

use super::super::Exit;
use super::super::args::LogFormat;
use super::super::terminal::{print, say};
use crate::corpus::check::{Check, Severity};
use crate::labelled;

pub(super) fn run(arguments: &[PathBuf], log: LogFormat) -> Result<Exit> {
    let mut check = Check::default();
    let files = labelled::files(arguments)?;
    for file in &files {
        check.file(&file.display().to_string(), &labelled::rows(file)?, &labelled::sides_beside(file)?);
    }
    let (problems, records) = check.finish();
    print(&problems.iter().fold(String::new(), |lines, problem| lines + &format!("{problem}\n")))?;
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    let warnings = problems.len() - errors;
    say(log, &format!("{records} records in {} files: {errors} errors, {warnings} warnings", files.len()));
    Ok(if errors == 0 { Exit::Done } else { Exit::Failed })
}
