//! The `lurescan` program: parse, run, say what went wrong, exit.

use std::process::ExitCode;

use lurescan::cli::{self, Exit};

fn main() -> ExitCode {
    one_thread_an_operation();
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

/// candle would spread every large element-wise operation over threads of its own, which spin while they wait for one another, although
/// all cores have batches of their own. It asks nothing but this variable, once.
#[expect(unsafe_code, reason = "candle has no other switch")]
fn one_thread_an_operation() {
    // SAFETY: the program has just begun, so no other thread reads the environment.
    unsafe { std::env::set_var("CANDLE_NUM_THREADS", "1") };
}
