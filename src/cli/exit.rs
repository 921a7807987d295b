//! Exit codes, a part of the interface. 2, a command line that cannot be understood, is clap's own.

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done. A closed pipe is done too: whoever read had enough.
    Done,
    /// Something stopped the command, or a scan could read no row; the message says what and what to do.
    Failed,
    /// The scan is complete, but more rows than `--max-errors` were rejected.
    TooManyRejected,
    /// The scan is complete, and a `--fail-on` gate tripped.
    GateTripped,
    /// Stopped by the user; the checkpoint is valid.
    Interrupted,
}

impl Exit {
    /// The code the shell sees.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::TooManyRejected => 3,
            Self::GateTripped => 4,
            Self::Interrupted => 130,
        }
    }
}
