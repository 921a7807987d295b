//! How far a scan is, for whoever watches: a bar on a terminal, a JSON heartbeat for scripts, or nothing.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::aggregate::Tally;
use crate::export::Progress;

/// Told after every chunk.
pub trait Watch {
    /// Counts so far, how far reading is, tokens read by the model.
    fn tick(&mut self, tally: &Tally, progress: &Progress, tokens: u64);

    /// The run is over.
    fn end(&mut self) {}
}

/// Says nothing.
pub struct Quiet;

impl Watch for Quiet {
    fn tick(&mut self, _: &Tally, _: &Progress, _: u64) {}
}

/// A bar over the bytes of the inputs as they lie on disk.
pub struct ScanBar {
    bar: ProgressBar,
    begun: Instant,
    judged_before: u64,
}

impl ScanBar {
    /// A bar on standard error; a spinner where the total is not known. Posts judged before a resumed run do not count as speed.
    #[must_use]
    pub fn new(progress: &Progress, judged_before: u64) -> Self {
        let (bar, style) = match progress.total() {
            Some(total) => (ProgressBar::new(total), "{bar:28} {percent:>3} %  {bytes}/{total_bytes}  {msg}  {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {bytes}  {msg}  {elapsed}"),
        };
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(250));
        Self { bar, begun: Instant::now(), judged_before }
    }
}

impl Watch for ScanBar {
    fn tick(&mut self, tally: &Tally, progress: &Progress, _: u64) {
        let rate = rate(tally, self.judged_before, self.begun);
        self.bar.set_position(progress.read());
        self.bar.set_message(format!("{} posts  {rate:.0}/s  {} with signals", tally.counts.read, tally.counts.suspect));
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Posts judged a second since a part of the run began.
fn rate(tally: &Tally, judged_before: u64, begun: Instant) -> f64 {
    (tally.counts.judged - judged_before) as f64 / begun.elapsed().as_secs_f64().max(1e-3)
}

/// One JSON object a line on standard error, every few seconds.
pub struct Heartbeat {
    begun: Instant,
    last: Option<Instant>,
    judged_before: u64,
}

const BEAT: Duration = Duration::from_secs(5);

impl Heartbeat {
    /// A beat at the first chunk, then every few seconds. Posts judged before a resumed run do not count as speed.
    #[must_use]
    pub fn new(judged_before: u64) -> Self {
        Self { begun: Instant::now(), last: None, judged_before }
    }
}

impl Watch for Heartbeat {
    fn tick(&mut self, tally: &Tally, progress: &Progress, tokens: u64) {
        if self.last.is_some_and(|last| last.elapsed() < BEAT) {
            return;
        }
        self.last = Some(Instant::now());
        let seconds = self.begun.elapsed().as_secs_f64();
        let counts = &tally.counts;
        let beat = serde_json::json!({
            "event": "progress", "seconds": (seconds * 10.0).round() / 10.0,
            "bytes": progress.read(), "bytes_total": progress.total(),
            "read": counts.read, "rejected": counts.rejected, "judged": counts.judged, "suspect": counts.suspect, "tokens": tokens,
            "posts_per_second": (rate(tally, self.judged_before, self.begun) * 10.0).round() / 10.0,
        });
        // A closed standard error must not stop a scan.
        let _ = writeln!(std::io::stderr(), "{beat}");
    }
}
