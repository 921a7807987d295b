//! `models`: which are installed, their cards, the pretrained encoder, export.

use std::path::Path;

use anyhow::{Context, Result};

use super::Exit;
use super::args::{LogFormat, ModelsCommand};
use super::ready::{DEFAULT_MODEL, open, shelves};
use super::terminal::{print, say};
use crate::base::{Kept, Pretrained, write};
use crate::classifier::ModelFolder;

pub(super) fn run(command: ModelsCommand, log: LogFormat) -> Result<Exit> {
    match command {
        ModelsCommand::List => list(),
        ModelsCommand::Show { model } => show(&model),
        ModelsCommand::Base { wheel, out, pieces } => base(&wheel, &out, pieces.as_deref(), log),
        ModelsCommand::Export { model, out } => {
            let folder = open(&model)?;
            crate::training::export(&folder, &out)?;
            say(log, &format!("wrote {}", out.display()));
            Ok(Exit::Done)
        }
    }
}

fn list() -> Result<Exit> {
    let mut names = std::collections::BTreeMap::new();
    for shelf in shelves() {
        for entry in std::fs::read_dir(&shelf).into_iter().flatten().flatten() {
            if let Ok(folder) = ModelFolder::open(&entry.path()) {
                names.entry(folder.name()).or_insert(folder);
            }
        }
    }
    let mut out = String::new();
    for (name, folder) in &names {
        let sizes = &folder.config.encoder;
        let note = match &folder.config.lurescan {
            _ if name == DEFAULT_MODEL => "default",
            None => "a Hugging Face classifier",
            Some(lure) if lure.contexts.is_empty() => "encoder only, for training",
            Some(_) => "",
        };
        out += &format!(
            "{name:<16} {} layers × {}, {} pieces  {}  {note}\n",
            sizes.num_hidden_layers,
            sizes.hidden_size,
            sizes.vocab_size,
            folder.path().display()
        );
    }
    if out.is_empty() {
        out.push_str("no models found; run from the repository, or name a folder with --model\n");
    }
    print(&out)?;
    Ok(Exit::Done)
}

fn show(model: &Path) -> Result<Exit> {
    let folder = open(model)?;
    let card = folder.path().join("README.md");
    let text = std::fs::read_to_string(&card).with_context(|| format!("cannot read the card {}", card.display()))?;
    print(&format!("{text}\nhash: {}\n", folder.hash()?))?;
    Ok(Exit::Done)
}

fn base(wheel: &Path, out: &Path, pieces: Option<&Path>, log: LogFormat) -> Result<Exit> {
    let pretrained = Pretrained::read(wheel)?;
    let kept = match pieces {
        Some(path) => Kept::parse(&std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?)?,
        None => Kept::shipped()?,
    };
    write(&pretrained, &kept, out)?;
    say(log, &format!("wrote {} with {} of {} pieces", out.display(), kept.ids().len(), pretrained.pieces.len()));
    Ok(Exit::Done)
}
