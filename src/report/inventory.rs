//! Figures and tables of labelled sets: plain, as Markdown, and as one page for the browser.

use std::fmt::Write;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;

use crate::corpus::{Figure, Inventory, Table};

const TEMPLATE: &str = include_str!("inventory.html");

/// Tables one under the other, columns aligned, or as Markdown.
#[must_use]
pub fn tables_text(tables: &[Table], markdown: bool) -> String {
    let mut out = String::new();
    for table in tables {
        if markdown {
            markdown_table(table, &mut out);
        } else {
            plain_table(table, &mut out);
        }
    }
    out
}

/// Figures and tables of an inventory.
#[must_use]
pub fn inventory_text(inventory: &Inventory, markdown: bool) -> String {
    let brief = Table {
        title: "In brief".to_owned(),
        note: String::new(),
        head: vec!["figure", "value", "wanted", "met"],
        rows: inventory
            .figures
            .iter()
            .map(|figure| vec![figure.name.to_owned(), figure.shown(), figure.wanted(), met(figure).to_owned()])
            .collect(),
    };
    tables_text(&[brief], markdown) + &tables_text(&inventory.tables, markdown)
}

fn met(figure: &Figure) -> &'static str {
    match figure.is_met() {
        None => "",
        Some(true) => "yes",
        Some(false) => "NO",
    }
}

fn plain_table(table: &Table, out: &mut String) {
    let mut widths: Vec<usize> = table.head.iter().map(|name| name.chars().count()).collect();
    for row in &table.rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let _ = writeln!(out, "{}", table.title);
    if !table.note.is_empty() {
        let _ = writeln!(out, "  {}", table.note);
    }
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut written = String::new();
        for (at, (cell, width)) in cells.zip(&widths).enumerate() {
            let _ = if at == 0 { write!(written, "  {cell:<width$}") } else { write!(written, "  {cell:>width$}") };
        }
        let _ = writeln!(out, "{}", written.trim_end());
    };
    line(&mut table.head.iter().copied());
    for row in &table.rows {
        line(&mut row.iter().map(String::as_str));
    }
    out.push('\n');
}

fn markdown_table(table: &Table, out: &mut String) {
    let _ = writeln!(out, "### {}\n", table.title);
    if !table.note.is_empty() {
        let _ = writeln!(out, "{}\n", table.note);
    }
    let _ = writeln!(out, "| {} |", table.head.join(" | "));
    let _ = writeln!(out, "|---|{}", "---:|".repeat(table.head.len().saturating_sub(1)));
    for row in &table.rows {
        let _ = writeln!(out, "| {} |", row.join(" | ").replace('\n', " "));
    }
    out.push('\n');
}

#[derive(Serialize)]
struct Page {
    sets: String,
    version: &'static str,
    figures: Vec<PageFigure>,
    tables: Vec<PageTable>,
}

#[derive(Serialize)]
struct PageFigure {
    name: &'static str,
    shown: String,
    wanted: String,
    missed: bool,
}

#[derive(Serialize)]
struct PageTable {
    title: String,
    note: String,
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// One page that needs nothing else. `sets` says what was counted.
pub fn inventory_html(inventory: &Inventory, sets: &str) -> Result<String, minijinja::Error> {
    let figure = |figure: &Figure| PageFigure {
        name: figure.name,
        shown: figure.shown(),
        wanted: figure.wanted(),
        missed: figure.is_met() == Some(false),
    };
    let table = |table: &Table| PageTable {
        title: table.title.clone(),
        note: table.note.clone(),
        head: table.head.clone(),
        rows: table.rows.clone(),
    };
    let page = Page {
        sets: sets.to_owned(),
        version: env!("CARGO_PKG_VERSION"),
        figures: inventory.figures.iter().map(figure).collect(),
        tables: inventory.tables.iter().map(table).collect(),
    };
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("inventory", TEMPLATE)?;
    environment.get_template("inventory")?.render(Serde(page))
}
