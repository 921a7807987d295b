//! A calibration for people: what was chosen, and whether what is promised is found.

use std::fmt::Write;

use super::columns::Columns;
use crate::evaluation::metrics::{Scored, at_threshold, brier, calibration_error, reliability};
use crate::verdict::Calibration;

/// Operating points, then reliability by tenth of the probability before and after.
#[must_use]
pub fn calibration_text(calibration: &Calibration, before: &[Scored], after: &[Scored]) -> String {
    let mut out = String::new();
    let share = calibration.base_rate.unwrap_or(f32::NAN);
    let _ = writeln!(
        out,
        "{} scaling of p_suspect, on {}; {share:.3} of them suspect\n",
        calibration.suspect.name(),
        calibration.fitted_on
    );
    let mut points = Columns::new(false, &["operating point", "from p_suspect", "precision", "recall", "false alarms"]);
    for (name, threshold) in &calibration.operating_points {
        let at = at_threshold(after, *threshold);
        let figures = [f64::from(*threshold), at.precision, at.recall, at.false_alarms].map(|value| format!("{value:.3}"));
        let [threshold, precision, recall, false_alarms] = figures;
        points.row(&[name.clone(), threshold, precision, recall, false_alarms]);
    }
    out += &points.finish();
    out.push('\n');
    let mut table = Columns::new(false, &["p_suspect", "posts before", "promised", "found", "posts after", "promised", "found"]);
    for (at, (old, new)) in reliability(before).into_iter().zip(reliability(after)).enumerate() {
        let mut cells = vec![format!("0.{at} – {}.{}", (at + 1) / 10, (at + 1) % 10)];
        for bin in [old, new] {
            let mean = |sum: f64| if bin.posts == 0 { "–".to_owned() } else { format!("{:.2}", sum / bin.posts as f64) };
            cells.extend([bin.posts.to_string(), mean(bin.promised), mean(bin.found as f64)]);
        }
        table.row(&cells);
    }
    out += &table.finish();
    let _ = writeln!(
        out,
        "calibration error {:.3} before, {:.3} after; Brier score {:.3} before, {:.3} after, on the records it was fitted on",
        calibration_error(before),
        calibration_error(after),
        brier(before),
        brier(after)
    );
    out
}
