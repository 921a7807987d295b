//! Standard output for data, standard error for everything else.

use std::io::{ErrorKind, IsTerminal, Write};

use anyhow::Result;

use super::args::LogFormat;

/// Writes data to standard output.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Says one line on standard error. A closed standard error stops nothing.
pub(super) fn say(log: LogFormat, message: &str) {
    let line = match log {
        LogFormat::Text => format!("{message}\n"),
        LogFormat::Json => serde_json::json!({"event": "message", "message": message}).to_string() + "\n",
    };
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Says what stopped the command, with its causes.
pub fn say_error(error: &anyhow::Error, log: LogFormat) {
    let line = match log {
        LogFormat::Text => format!("error: {error:#}\n"),
        LogFormat::Json => serde_json::json!({"event": "error", "message": format!("{error:#}")}).to_string() + "\n",
    };
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Whether standard output was closed by whoever read it, as `| head` does.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == ErrorKind::BrokenPipe))
}

/// Whether standard output wants colour: a terminal, and `NO_COLOR` is not set (no-color.org).
pub(super) fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
