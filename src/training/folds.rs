//! Folds: how a recipe does on posts of a kind it has not learnt from — a language, an author — and with fewer records.
//!
//! Only the heads are fitted, on the frozen encoder: a fold takes a minute then, not hours. What is left out is left out of the train
//! side; what is measured on is the test side, so that the figure beside it, of a fit on the whole train side, is of the same posts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::heads::{Heads, fit};
use super::recipe::Recipe;
use super::{Example, Features, TrainingError, features, learnable, shortened};
use crate::classifier::ModelFolder;
use crate::evaluation::metrics::{Scored, pr_auc, recall_at_false_alarms};
use crate::evaluation::{Fold, FoldFigures};
use crate::labelled::{Record, Split, batch_folds};

/// By what records are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FoldsBy {
    /// Each language in turn.
    Language,
    /// Each fifth of the authors' batches in turn.
    Author,
    /// All but a part of the records.
    Size,
}

/// Folds of authors.
const AUTHOR_FOLDS: usize = 5;
/// Parts of the train side that are kept, in hundredths.
const SIZES: [usize; 4] = [10, 25, 50, 100];
/// Suspects, and others, that a language must have on the test side: fewer say nothing.
const LEAST: usize = 15;
/// False alarms at which recall is given.
const FALSE_ALARMS: f64 = 0.01;

/// Fits a recipe's heads without each part in turn. `say` is told of each stage, `encoded` of records as they are read.
pub fn folds(
    recipe: &Recipe,
    recipe_path: &Path,
    by: FoldsBy,
    say: &dyn Fn(String),
    encoded: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Fold>, TrainingError> {
    let config = shortened(&ModelFolder::open(&recipe.base)?, recipe, recipe_path)?;
    let (examples, _) = features::examples(recipe, say)?;
    let all = Features::compute(&recipe.base, &config, examples, encoded)?;
    let training = all.filter(|example| example.split == Split::Train && example.labelled);
    // Sets that name indicators are read by the label guide throughout; the others would mix two ideas of a suspect.
    let test = all.filter(|example| example.split == Split::Test && example.record.label.indicators.is_some());
    let labels = learnable(&training, recipe.heads.least_indicator_examples);
    let fitted = |training: &Features| fit(training, labels.clone(), &recipe.heads, |_, _| {});
    let whole = fitted(&training)?;
    let parts = parts(&all, &test, by);
    say(format!("fitting {} times", parts.len()));
    let fold = |part: Part| {
        let kept = training.filter(|example| !part.leaves_out(&example.record));
        let measured = test.filter(|example| part.is_measured(&example.record));
        Ok(Fold {
            learnt: kept.examples().len(),
            records: measured.examples().len(),
            suspects: measured.examples().iter().filter(|example| example.record.label.suspect).count(),
            without: figures(&fitted(&kept)?, &measured)?,
            with: figures(&whole, &measured)?,
            name: part.name,
        })
    };
    // Fits keep to one core each.
    parts.into_par_iter().with_max_len(1).map(fold).collect()
}

/// Ids of records that a fold does not learn from, and of those it is measured on.
struct Part {
    name: String,
    left_out: BTreeSet<String>,
    measured: BTreeSet<String>,
}

impl Part {
    fn leaves_out(&self, record: &Record) -> bool {
        self.left_out.contains(&record.id)
    }

    fn is_measured(&self, record: &Record) -> bool {
        self.measured.contains(&record.id)
    }
}

fn parts(all: &Features, test: &Features, by: FoldsBy) -> Vec<Part> {
    let ids = |features: &Features, wanted: &dyn Fn(&Record) -> bool| -> BTreeSet<String> {
        let records = features.examples().iter().map(|example| &example.record);
        records.filter(|record| wanted(record)).map(|record| record.id.clone()).collect()
    };
    match by {
        FoldsBy::Language => languages(test)
            .into_iter()
            .map(|language| {
                let own = |record: &Record| base_language(record) == language;
                Part { left_out: ids(all, &own), measured: ids(test, &own), name: language }
            })
            .collect(),
        FoldsBy::Author => {
            let ours: Vec<Record> = all
                .examples()
                .iter()
                .map(|example| &example.record)
                .filter(|record| record.label.indicators.is_some())
                .cloned()
                .collect();
            let fold_of: BTreeMap<String, Option<usize>> =
                ours.iter().map(|record| record.id.clone()).zip(batch_folds(&ours, AUTHOR_FOLDS)).collect();
            (0..AUTHOR_FOLDS)
                .map(|fold| {
                    // A record whose group reaches into this fold goes with it.
                    let own = |record: &Record| fold_of.get(&record.id).is_some_and(|own| own.is_none_or(|own| own == fold));
                    let measured = |record: &Record| fold_of.get(&record.id) == Some(&Some(fold));
                    let name = format!("authors, fold {}", fold + 1);
                    Part { left_out: ids(all, &own), measured: ids(test, &measured), name }
                })
                .collect()
        }
        FoldsBy::Size => SIZES
            .into_iter()
            .map(|hundredths| Part {
                left_out: ids(all, &|record| bucket(&record.group) >= hundredths),
                measured: ids(test, &|_| true),
                name: format!("{hundredths} % of the records"),
            })
            .collect(),
    }
}

/// The language without its script: `hi-Latn` goes with `hi`.
fn base_language(record: &Record) -> String {
    record.lang.split('-').next().unwrap_or_default().to_owned()
}

/// Languages with enough posts on the test side, in alphabetical order.
fn languages(test: &Features) -> Vec<String> {
    let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for Example { record, .. } in test.examples() {
        counts.entry(base_language(record)).or_default()[usize::from(record.label.suspect)] += 1;
    }
    counts.retain(|_, counts| counts.iter().all(|count| *count >= LEAST));
    counts.into_keys().collect()
}

/// One of a hundred like parts, the same for all records of a group.
fn bucket(group: &str) -> usize {
    let digest = Sha256::digest(group);
    usize::from(u16::from_le_bytes([digest[0], digest[1]])) % 100
}

fn figures(heads: &Heads, measured: &Features) -> Result<FoldFigures, TrainingError> {
    let suspects = measured.examples().iter().map(|example| example.record.label.suspect);
    let scored: Vec<Scored> = heads.logits(measured)?.into_iter().map(|logits| logits.suspect).zip(suspects).collect();
    Ok(FoldFigures { pr_auc: pr_auc(&scored), recall: recall_at_false_alarms(&scored, FALSE_ALARMS) })
}

#[cfg(test)]
mod tests {
    use super::super::features::tests::example;
    use super::*;
    use crate::classifier::ModelConfig;
    use crate::typology::Context;

    fn set() -> Features {
        let mut examples = Vec::new();
        for at in 0..120 {
            let mut own = example(Context::Offer, at % 2 == 0, true);
            own.record.id = format!("r{at}");
            own.record.group = format!("g{}", at / 2);
            own.record.lang = ["hi", "hi-Latn", "en", "am"][at % 4].to_owned();
            own.record.source = format!("authored:batch{}", at / 12);
            own.split = Split::Test;
            examples.push(own);
        }
        let config: ModelConfig = serde_json::from_str(
            r#"{"model_type":"lurescan","hidden_size":2,"num_hidden_layers":1,"num_attention_heads":1,"intermediate_size":2,"layer_norm_eps":1e-12,"max_position_embeddings":8,"vocab_size":4,"type_vocab_size":1,"pad_token_id":0,"hidden_act":"gelu"}"#,
        )
        .unwrap();
        Features::without_vectors(&config, examples)
    }

    #[test]
    fn a_language_is_left_out_in_every_script() {
        let parts = parts(&set(), &set(), FoldsBy::Language);
        let hindi = parts.iter().find(|part| part.name == "hi").unwrap();
        assert_eq!((hindi.left_out.len(), hindi.measured.len()), (60, 60));
        assert!(!parts.iter().any(|part| part.name == "en"), "its thirty posts are all of one answer");
    }

    #[test]
    fn every_record_is_measured_by_a_fold_that_did_not_learn_from_its_author() {
        let parts = parts(&set(), &set(), FoldsBy::Author);
        assert_eq!(parts.iter().map(|part| part.measured.len()).sum::<usize>(), 120);
        assert!(parts.iter().all(|part| part.measured.is_subset(&part.left_out) && part.left_out.len() < 120));
    }

    #[test]
    fn smaller_parts_lie_within_larger_ones_and_keep_groups_whole() {
        let parts = parts(&set(), &set(), FoldsBy::Size);
        assert!(parts.windows(2).all(|pair| pair[1].left_out.is_subset(&pair[0].left_out)));
        assert!(parts[3].left_out.is_empty() && parts[0].left_out.len() > 90);
        for part in &parts {
            assert!((0..60).all(|group| {
                part.left_out.contains(&format!("r{}", 2 * group)) == part.left_out.contains(&format!("r{}", 2 * group + 1))
            }));
        }
    }
}
