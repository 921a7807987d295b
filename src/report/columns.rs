//! [`Columns`]: a table of figures for the terminal or a model card.

use std::fmt::Write;

/// Columns padded for a terminal, or bars for Markdown.
pub(super) struct Columns {
    markdown: bool,
    rows: Vec<Vec<String>>,
}

impl Columns {
    pub(super) fn new(markdown: bool, head: &[&str]) -> Self {
        Self { markdown, rows: vec![head.iter().map(ToString::to_string).collect()] }
    }

    pub(super) fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.to_vec());
    }

    pub(super) fn finish(self) -> String {
        let columns = self.rows[0].len();
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut out = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            if self.markdown {
                let _ = writeln!(out, "| {} |", row.join(" | "));
                if number == 0 {
                    let _ = writeln!(out, "|---{}|", "|---:".repeat(columns - 1));
                }
            } else {
                let cells = row.iter().zip(&widths).enumerate();
                let padded =
                    cells.map(|(at, (cell, &width))| if at == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") });
                let _ = writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end());
            }
        }
        out
    }
}
