//! The `lurescan` program: parse, run, say what went wrong, exit.

use std::process::ExitCode;

use lurescan::cli::{self, Exit};

fn main() -> ExitCode {
    let (result, log) = cli::run();
    let exit = match result {
        Ok(exit) => exit,
        Err(error) if cli::is_closed_pipe(&error) => Exit::Done,
        Err(error) => {
            cli::say_error(&error, log);
            Exit::Failed
        }
    };
    ExitCode::from(exit.code())
}
