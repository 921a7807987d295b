//! `models`: which are installed, their cards, the pretrained encoder, export.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Exit;
use super::args::ModelsCommand;
use super::terminal::{print, say};
use crate::base::{Kept, Pretrained, write};
use crate::classifier::{Engine, ModelFolder};
use crate::scan::{Assessor, ScanError};
use crate::verdict::{Calibration, Judge, shifted};

use super::args::{LogFormat, ModelArgs};

/// The model a scan uses when none is named.
pub const DEFAULT_MODEL: &str = "lure-base";

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

/// A model that is loaded and ready to judge.
pub(super) struct Ready {
    pub(super) folder: ModelFolder,
    pub(super) assessor: Assessor,
    pub(super) threshold: f32,
    /// Share of suspects that probabilities hold for, where it is known.
    pub(super) base_rate: Option<f32>,
    /// Every operating point with its threshold.
    pub(super) points: Vec<(String, f32)>,
    pub(super) engine: &'static str,
}

/// Opens, checks and loads the model the arguments name, and gives rayon its threads.
pub(super) fn load(args: &ModelArgs) -> Result<Ready> {
    let folder = open(&args.model)?;
    let calibration = Calibration::read(&folder.calibration())?;
    let threshold = calibration.threshold(&args.operating_point)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // More threads than cores read nothing faster, and each keeps a batch in memory.
    let threads = args.threads.map_or(cores, |threads| usize::from(threads).min(cores));
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().context("cannot start the worker threads")?;
    let base_rate = args.base_rate.or(calibration.base_rate);
    let shift = args.base_rate.map_or(Ok(0.0), |rate| calibration.shift_to(rate))?;
    let points = calibration.operating_points.iter().map(|(name, line)| (name.clone(), shifted(*line, shift))).collect();
    let assessor = Assessor::open(&folder, args.labels.clone(), args.engine, |labels| {
        Judge::new(calibration, labels, threshold).shifted(shift)
    })?;
    // Hugging Face classifiers know one engine.
    let engine = if folder.config.lurescan.is_some() { args.engine } else { Engine::F32 }.id();
    let assessor = assessor.with_batch_tokens(args.batch_tokens as usize);
    Ok(Ready { folder, assessor, threshold: shifted(threshold, shift), base_rate, points, engine })
}

/// Compiles the phrase lists on another core while the model is read: those who show evidence need them for the first post.
pub(super) fn prepare_evidence() {
    std::thread::spawn(|| {
        crate::patterns::prepare();
        crate::terms::prepare();
    });
}

/// The folder of an installed model or the folder itself.
pub(super) fn open(model: &Path) -> Result<ModelFolder> {
    let installed = shelves().map(|shelf| shelf.join(model)).find(|folder| folder.join("config.json").is_file());
    let folder = if model.join("config.json").is_file() {
        model.to_owned()
    } else {
        match installed {
            Some(folder) => folder,
            None if model.is_dir() => bail!("{} has no config.json: it is no model folder", model.display()),
            None => bail!("no model {}; `lurescan models list` shows the installed ones", model.display()),
        }
    };
    Ok(ModelFolder::open(&folder).map_err(ScanError::from)?)
}

/// Where models are installed: under the working folder, beside the program, and where the program was built.
fn shelves() -> impl Iterator<Item = PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    [Some(PathBuf::from("models")), beside.map(|folder| folder.join("models")), Some(built)].into_iter().flatten()
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
        let heads = folder.config.lurescan.as_ref().is_some_and(|lure| !lure.contexts.is_empty());
        let note = if name == DEFAULT_MODEL {
            "default"
        } else if heads {
            ""
        } else {
            "encoder only, for training"
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
    print(&format!("{text}\nhash: {}\n", folder.hash().map_err(ScanError::from)?))?;
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
