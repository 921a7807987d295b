//! The front desk: what the user asked for, checked before anything heavy starts.

mod args;
mod calibrate;
mod compare;
mod datasets;
mod dry_run;
mod eval;
mod exit;
mod explain;
mod folds;
mod models;
mod process;
pub mod ready;
mod scan;
mod terminal;
mod train;

use anyhow::Result;
use clap::Parser;

pub use args::Cli;
use args::Command;
pub use exit::Exit;
pub use terminal::{is_closed_pipe, say_error};

/// Runs the command of the process's own arguments.
pub fn run() -> (Result<Exit>, args::LogFormat) {
    let cli = Cli::parse();
    let log = cli.log_format;
    let result = match cli.command {
        Command::Scan(args) => scan::run(&args, log),
        Command::Explain(args) => explain::run(&args, log),
        Command::Eval(args) => eval::run(&args, log),
        Command::Compare(args) => compare::run(&args),
        Command::Folds(args) => folds::run(&args, log),
        Command::Train(args) => train::run(&args, log),
        Command::Calibrate(args) => calibrate::run(&args, log),
        Command::Datasets(command) => datasets::run(command, log),
        Command::Models(command) => models::run(command, log),
        Command::Typology => terminal::print(&crate::report::typology()).map(|()| Exit::Done),
    };
    (result, log)
}
