//! `datasets stats`: what labelled sets hold.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::super::Exit;
use super::super::terminal::print;
use crate::corpus::Inventory;
use crate::labelled;
use crate::report::{inventory_html, inventory_text};

pub(super) fn run(arguments: &[PathBuf], against: &[PathBuf], html: Option<&Path>, markdown: bool) -> Result<Exit> {
    let records = labelled::read_all(arguments)?;
    let inventory = Inventory::of(&records, &labelled::read_all(against)?);
    if let Some(path) = html {
        let sets: Vec<String> = arguments.iter().map(|path| path.display().to_string()).collect();
        std::fs::write(path, inventory_html(&inventory, &sets.join(", "))?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    print(&inventory_text(&inventory, markdown))?;
    Ok(Exit::Done)
}
