//! Records → [`Features`]: one pooled vector a record from the frozen encoder, computed once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::TrainingError;
use super::cache::VectorCache;
use super::recipe::{DataRecipe, Recipe};
use super::sequences::BATCH_TOKENS;
use crate::classifier::weights::Weights;
use crate::classifier::{Engine, ModelConfig, ModelFolder, PooledEncoder};
use crate::evasion::Technique;
use crate::labelled::{self, LabelledError, Record, SPLITS, Split, near_duplicates, splits};
use crate::text::NormalText;
use crate::tokens::{Tokenizer, Tokens, in_batches};

/// A record as the recipe uses it.
#[derive(Debug, Clone)]
pub struct Example {
    /// Text (cropped where the recipe says so) and answer.
    pub record: Record,
    /// What the text of a copy in disguise was before; none where the record is no such copy.
    pub plain: Option<String>,
    /// What it counts in the loss.
    pub weight: f32,
    /// Its side of the split.
    pub split: Split,
    /// Whether calibration may use it.
    pub calibrates: bool,
    /// Whether its labels are learnt; where they are not, only what a teacher says of the text is.
    pub labelled: bool,
}

/// A file that records were read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// As the recipe's pattern found it.
    pub path: PathBuf,
    /// Of the file's bytes.
    pub sha256: String,
    /// Decided records in it; none in a file of sides.
    pub records: usize,
}

/// Examples with their vectors.
pub struct Features {
    examples: Vec<Example>,
    /// Empty ones where none were computed.
    vectors: Vec<Vec<f32>>,
    hidden: usize,
}

impl Features {
    /// Computes the vectors that earlier runs have not left in the base's folder. `report` is told how many are done.
    pub fn compute(
        base: &Path,
        config: &ModelConfig,
        examples: Vec<Example>,
        report: &(dyn Fn(usize) + Sync),
    ) -> Result<Self, TrainingError> {
        let texts: Vec<String> =
            examples.par_iter().map(|example| NormalText::new(&example.record.text).model().to_owned()).collect();
        let mut cache = VectorCache::open(base, &identity(base, config)?);
        let missing: Vec<&str> = texts.iter().map(String::as_str).filter(|text| cache.get(text).is_none()).collect();
        if !missing.is_empty() {
            let vectors = encode(base, config, &missing, report)?;
            cache.add(missing.into_iter().zip(vectors))?;
        }
        let vectors = texts.iter().map(|text| cache.get(text).cloned().unwrap_or_default()).collect();
        Ok(Self { examples, vectors, hidden: config.encoder.hidden_size })
    }

    /// Examples whose vectors nobody will ask for.
    #[must_use]
    pub fn without_vectors(config: &ModelConfig, examples: Vec<Example>) -> Self {
        Self { vectors: vec![Vec::new(); examples.len()], examples, hidden: config.encoder.hidden_size }
    }

    /// The examples in order.
    #[must_use]
    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// `[examples, hidden]`.
    pub fn vectors(&self) -> candle_core::Result<Tensor> {
        Tensor::from_vec(self.vectors.concat(), (self.vectors.len(), self.hidden), &Device::Cpu)
    }

    /// Those examples that `keep` wants.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(&Example) -> bool) -> Self {
        let kept = self.examples.iter().zip(&self.vectors).filter(|(example, _)| keep(example));
        let (examples, vectors) = kept.map(|(example, vector)| (example.clone(), vector.clone())).unzip();
        Self { examples, vectors, hidden: self.hidden }
    }
}

/// What decides a vector beside the text: weights, vocabulary, engine, depth, prefix, length.
fn identity(base: &Path, config: &ModelConfig) -> Result<String, TrainingError> {
    let folder = ModelFolder::open(base)?;
    let layers = config.encoder.num_hidden_layers;
    Ok(format!("{} {} {layers} {} {}", folder.hash()?, Engine::Int8.id(), config.prefix(), config.max_length()))
}

fn encode(
    base: &Path,
    config: &ModelConfig,
    texts: &[&str],
    report: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Vec<f32>>, TrainingError> {
    let tokenizer = Tokenizer::load(&base.join("tokenizer.json"), config.prefix(), config.max_length())?;
    let encoder = PooledEncoder::load(&Weights::read(base)?, config, Engine::Int8)?;
    let tokens: Vec<Tokens> = texts.par_iter().map(|text| tokenizer.encode(text)).collect::<Result<_, _>>()?;
    in_batches(&tokens.iter().collect::<Vec<_>>(), BATCH_TOKENS, |batch| {
        let rows = encoder.pooled(batch)?.to_vec2().map_err(TrainingError::compute)?;
        report(batch.len());
        Ok(rows)
    })
}

/// Reads every set of a recipe. `say` is told of sets left out and how many records each gave.
pub(super) fn examples(recipe: &Recipe, say: &dyn Fn(String)) -> Result<(Vec<Example>, Vec<DataFile>), TrainingError> {
    let mut all = Vec::new();
    let mut read = BTreeMap::new();
    for set in &recipe.data {
        let files = match labelled::files([&set.files]) {
            Err(LabelledError::Path(_)) if set.optional => {
                say(format!("{}: not here, left out", set.files));
                continue;
            }
            Err(LabelledError::Path(_)) => return Err(TrainingError::NoData { files: set.files.clone() }),
            found => found?,
        };
        let mut records = Vec::new();
        for file in files {
            let own = labelled::read(&file)?;
            // Which side a record is on decides the model as much as its text does.
            let sides = file.with_file_name(SPLITS);
            for (path, count) in [(sides, 0), (file, own.len())] {
                if path.is_file() && !read.contains_key(&path) {
                    read.insert(path.clone(), (hash(&path)?, count));
                }
            }
            records.extend(own);
        }
        let drawn = draw(records, set, recipe.seed);
        say(format!("{}: {} records", set.files, drawn.len()));
        all.extend(drawn);
    }
    let before = all.len();
    let all = without_leaks(all);
    if all.len() < before {
        say(format!("{} records left out: their like stands on another side of the split", before - all.len()));
    }
    let read = read.into_iter().map(|(path, (sha256, records))| DataFile { path, sha256, records }).collect();
    Ok((all, read))
}

pub(super) fn hash(path: &Path) -> Result<String, TrainingError> {
    let bytes = std::fs::read(path).map_err(|source| TrainingError::Read { path: path.to_owned(), source })?;
    Ok(format!("{:x}", Sha256::digest(&bytes)))
}

/// Sets are split each by itself, so that a side does not depend on what else a recipe names; of near-duplicates that thereby fall
/// on two sides the one nearer to the optimiser goes.
fn without_leaks(examples: Vec<Example>) -> Vec<Example> {
    // A disguise hides what a copy is like.
    let texts: Vec<&str> = examples.iter().map(|example| example.plain.as_deref().unwrap_or(&example.record.text)).collect();
    let mut leaks = vec![false; examples.len()];
    for (a, b) in near_duplicates(&texts) {
        match examples[a].split.cmp(&examples[b].split) {
            std::cmp::Ordering::Less => leaks[a] = true,
            std::cmp::Ordering::Greater => leaks[b] = true,
            std::cmp::Ordering::Equal => {}
        }
    }
    examples.into_iter().zip(leaks).filter(|(_, leaks)| !leaks).map(|(example, _)| example).collect()
}

fn draw(records: Vec<Record>, set: &DataRecipe, seed: u64) -> Vec<Example> {
    let sides = splits(&records);
    let mut examples: Vec<Example> = records
        .into_iter()
        .zip(sides)
        .map(|(record, split)| Example {
            record,
            plain: None,
            weight: 1.0,
            split,
            calibrates: set.calibrates && !set.unlabelled,
            labelled: !set.unlabelled,
        })
        .collect();
    if let Some(limit) = set.limit {
        // The order of a seeded hash is as good as a shuffle and does not depend on what else is drawn.
        examples.sort_by_cached_key(|example| draw_key(seed, &example.record.id));
        examples.truncate(limit);
    }
    if !set.disguised.is_empty() {
        examples = examples.into_iter().filter_map(|example| disguised(example, &set.disguised, seed)).collect();
    }
    if let Some(crop) = set.crop {
        for example in &mut examples {
            example.record.text = cropped(&example.record.text, crop);
        }
    }
    if set.unlabelled {
        for example in &mut examples {
            let label = &mut example.record.label;
            (label.indicators, label.origin, label.destination) = (None, None, None);
        }
    }
    if let Some(total) = set.total_weight {
        let sizes = examples.iter().fold(std::collections::HashMap::new(), |mut sizes, example| {
            *sizes.entry(example.record.group.clone()).or_insert(0usize) += 1;
            sizes
        });
        let groups = sizes.len() as f64;
        for example in &mut examples {
            example.weight = (total / groups / sizes[&example.record.group] as f64) as f32;
        }
    }
    if let Some(share) = set.suspect_share {
        share_out(&mut examples, share);
    }
    examples
}

/// A training record as one of some techniques writes it past a machine; none where the encoder reads the same words whatever the
/// technique.
fn disguised(example: Example, techniques: &[Technique], seed: u64) -> Option<Example> {
    if example.split != Split::Train {
        return None;
    }
    let read = |text: &str| NormalText::new(text).model().to_owned();
    let plain = read(&example.record.text);
    let mut techniques = techniques.to_vec();
    techniques.sort_by_cached_key(|technique| draw_key(seed, &format!("{} {}", technique.name(), example.record.id)));
    let derived = techniques.iter().filter_map(|technique| technique.derive(&example.record, seed));
    let record = derived.into_iter().find(|derived| read(&derived.text) != plain)?;
    Some(Example { plain: Some(example.record.text), record, ..example })
}

/// Gives suspects this part of all weight, where there are others besides.
fn share_out(examples: &mut [Example], share: f64) {
    let weight = |suspect: bool| -> f64 {
        let own = examples.iter().filter(|example| example.record.label.suspect == suspect);
        own.map(|example| f64::from(example.weight)).sum()
    };
    let (suspects, others) = (weight(true), weight(false));
    if suspects == 0.0 || others == 0.0 {
        return;
    }
    let whole = suspects + others;
    for example in examples {
        let by = if example.record.label.suspect { share * whole / suspects } else { (1.0 - share) * whole / others };
        example.weight *= by as f32;
    }
}

fn draw_key(seed: u64, id: &str) -> [u8; 32] {
    Sha256::new().chain_update(seed.to_le_bytes()).chain_update(id).finalize().into()
}

/// The first `characters` of a text, back to the last white space where there is one.
fn cropped(text: &str, characters: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(characters) else { return text.to_owned() };
    let cut = text[..end].rfind(char::is_whitespace).filter(|space| *space > end / 2).unwrap_or(end);
    text[..cut].to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::labelled::RecordLabel;
    use crate::typology::{Context, PatternId};

    /// A record without words.
    pub(in crate::training) fn example(context: Context, suspect: bool, known: bool) -> Example {
        let label = RecordLabel {
            context,
            suspect,
            patterns: PatternId::all().take(usize::from(suspect)).collect(),
            indicators: known.then(Vec::new),
            origin: None,
            destination: None,
        };
        let record = Record {
            id: String::new(),
            text: String::new(),
            title: None,
            lang: String::new(),
            channel: String::new(),
            region: None,
            posted_at: None,
            group: String::new(),
            source: String::new(),
            split: None,
            label,
        };
        Example { record, plain: None, weight: 1.0, split: Split::Train, calibrates: false, labelled: true }
    }

    #[test]
    fn a_disguised_set_holds_training_records_that_read_otherwise() {
        let mut plain = example(Context::Offer, true, true);
        (plain.record.id, plain.record.lang, plain.record.group) = ("a:1".to_owned(), "en".to_owned(), "pair".to_owned());
        "Urgent! Waiters wanted in Lisbon, flight paid by us, 900 euros a week".clone_into(&mut plain.record.text);
        let read = |example: &Example| NormalText::new(&example.record.text).model().to_owned();
        for seed in 0..20 {
            let other = disguised(plain.clone(), &Technique::ALL, seed).expect("words have many disguises");
            assert_ne!(read(&other), read(&plain));
            assert_eq!((other.record.group.as_str(), other.record.label.suspect), ("pair", true));
            assert_eq!(other.plain.as_ref(), Some(&plain.record.text));
        }
        let dev = Example { split: Split::Dev, ..plain };
        assert!(disguised(dev, &Technique::ALL, 1).is_none(), "what is measured on stays as it is");
    }

    #[test]
    fn a_copy_in_disguise_goes_with_what_it_is_a_copy_of() {
        let text = "Urgent! Waiters wanted in Lisbon for the season, flight paid by us, 900 euros a week, room above the bar";
        let mut copied = example(Context::Offer, true, true);
        (copied.record.id, copied.record.lang) = ("a:1".to_owned(), "en".to_owned());
        text.clone_into(&mut copied.record.text);
        let mut like = Example { split: Split::Dev, ..copied.clone() };
        like.record.text += "!";
        let copy = disguised(copied.clone(), &Technique::ALL, 1).unwrap();
        let kept = without_leaks(vec![copied, copy, like]);
        assert_eq!(kept.iter().map(|example| example.split).collect::<Vec<_>>(), [Split::Dev]);
    }

    #[test]
    fn suspects_get_their_share_of_the_weight_of_a_set() {
        let mut examples: Vec<Example> = [true, true, true, false].map(|suspect| example(Context::Offer, suspect, true)).into();
        examples[3].weight = 5.0;
        share_out(&mut examples, 0.25);
        let weights: Vec<f32> = examples.iter().map(|example| example.weight).collect();
        assert!(
            weights[..3].iter().all(|weight| (weight - 2.0 / 3.0).abs() < 1e-6) && (weights[3] - 6.0).abs() < 1e-6,
            "{weights:?}"
        );
        share_out(&mut examples[..3], 0.5);
        assert!((examples[0].weight - 2.0 / 3.0).abs() < 1e-6, "nothing to share with");
    }
}
