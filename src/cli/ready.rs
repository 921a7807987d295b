//! [`Ready`]: the model that the arguments name, found, checked and loaded.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::args::ModelArgs;
use crate::classifier::{Engine, ModelFolder};
use crate::scan::Assessor;
use crate::verdict::{Calibration, Judge, shifted};

/// The model a scan uses when none is named.
pub const DEFAULT_MODEL: &str = "lure-base";

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
    Ok(ModelFolder::open(&folder)?)
}

/// Where models are installed: under the working folder, beside the program, and where the program was built.
pub(super) fn shelves() -> impl Iterator<Item = PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    [Some(PathBuf::from("models")), beside.map(|folder| folder.join("models")), Some(built)].into_iter().flatten()
}
