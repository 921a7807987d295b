//! Training: a run that is killed ends as one that is not; a model that shares an encoder is the whole one.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use candle_core::{Device, Tensor};
use lurescan::classifier::{Engine, Logits, ModelFolder, PooledEncoder};
use lurescan::labelled::{self, Split, splits};
use lurescan::regions::inference::moves;
use lurescan::regions::locate;
use lurescan::text::NormalText;
use lurescan::tokens::{Batch, Tokenizer};
use lurescan::training::{Layers, Recipe, train};
use sha2::{Digest, Sha256};

use crate::util::{Lab, root, tiny};

/// Training records: as many as steps lie between two stored states, so that one is stored just before dev is measured.
const TRAINING: usize = 50;

/// A base encoder in our layout from the tiny Hugging Face one, records on known sides, and a recipe that reads one record a step.
fn laboratory() -> Lab {
    let lab = Lab::new();
    let mut config: serde_json::Value = serde_json::from_slice(&std::fs::read(tiny().join("config.json")).unwrap()).unwrap();
    config["model_type"] = "lurescan".into();
    config["lurescan"] = serde_json::json!({"prefix": "", "max_length": 48, "languages": ["en"]});
    lab.write("base/config.json", config.to_string());
    lab.write("base/tokenizer.json", std::fs::read(tiny().join("tokenizer.json")).unwrap());
    let tensors = candle_core::safetensors::load(tiny().join("model.safetensors"), &Device::Cpu).unwrap();
    let plain: HashMap<String, Tensor> =
        tensors.into_iter().filter_map(|(name, tensor)| Some((name.strip_prefix("bert.")?.to_owned(), tensor))).collect();
    candle_core::safetensors::save(&plain, lab.path("base/encoder.safetensors")).unwrap();

    let all: String = ["anglo1", "anglo2"]
        .map(|batch| std::fs::read_to_string(root().join(format!("datasets/authored/{batch}.jsonl"))).unwrap())
        .concat();
    let records = labelled::read(&lab.write("all.jsonl", &all)).unwrap();
    let (mut training, mut dev, mut test) = (0, 0, 0);
    let drawn: Vec<&str> = all
        .lines()
        .zip(splits(&records))
        .filter(|(_, split)| match split {
            Split::Train => (training += 1, training <= TRAINING).1,
            Split::Dev => (dev += 1, dev <= 20).1,
            Split::Test => (test += 1, test <= 30).1,
        })
        .map(|(line, _)| line)
        .collect();
    lab.write("records.jsonl", drawn.join("\n"));
    recipe(&lab, "tuned", "");
    lab
}

fn recipe(lab: &Lab, name: &str, shares: &str) {
    let (base, records) = (lab.path("base"), lab.path("records.jsonl"));
    let text = format!(
        "name = \"{name}\"\ndescription = \"a test\"\nseed = 1\nbase = '{}'\nlayers = 2\n\
         [heads]\nsteps = 20\nlearning_rate = 0.02\nweight_decay = 1.0\nleast_indicator_examples = 8\n\
         [tune]\n{shares}\nfrozen_layers = 1\nepochs = 2\nlearning_rate = 1e-2\nlayer_decay = 0.8\nweight_decay = 0.01\nwarm_up = 0.1\n\
         batch_tokens = 1\ndropout = 0.1\ncosts = {{ context = 1.0, suspect = 2.0, patterns = 0.3, indicators = 0.1 }}\n\
         [[data]]\nfiles = '{}'\ncalibrates = true\n",
        base.display(),
        records.display()
    );
    lab.write(&format!("{name}.toml"), text);
}

/// The recipe with marks: in every record that carries an indicator its first twelve characters show it.
fn recipe_with_marks(lab: &Lab) {
    let records = labelled::read(&lab.path("records.jsonl")).unwrap();
    let marks: Vec<String> = records
        .iter()
        .map(|record| {
            let spans: Vec<_> = record.label.indicators.iter().flatten().map(|id| serde_json::json!([id.id(), 0, 12])).collect();
            serde_json::json!({"id": record.id, "spans": spans}).to_string()
        })
        .collect();
    let marks = lab.write("marks.jsonl", marks.join("\n"));
    let text = lab.read("tuned.toml");
    let words = format!(
        "[words]\nmarks = '{}'\nepochs = 30\nlearning_rate = 0.1\nweight_decay = 0.0\nscale = 1.0\n[[data]]",
        marks.display()
    );
    lab.write("marked.toml", text.replace("[[data]]", &words).replace("\"tuned\"", "\"marked\""));
}

/// Follows a recipe; panics, as a killed process stops, when a message begins with `killed_at`.
fn follow(lab: &Lab, name: &str, out: &str, killed_at: Option<&str>) -> Vec<String> {
    let path = lab.path(&format!("{name}.toml"));
    let said = std::cell::RefCell::new(Vec::new());
    let say = |message: String| {
        let killed = killed_at.is_some_and(|at| message.starts_with(at));
        said.borrow_mut().push(message);
        assert!(!killed, "killed");
    };
    let run = || train(&Recipe::read(&path).unwrap(), &path, &lab.path(out), Layers::Made, &say, &|_| {});
    let ended = catch_unwind(AssertUnwindSafe(run));
    assert_eq!(ended.is_err(), killed_at.is_some());
    if let Ok(folder) = ended {
        folder.unwrap();
    }
    said.into_inner()
}

fn bytes(lab: &Lab, model: &str) -> Vec<Vec<u8>> {
    ["encoder.safetensors", "heads.safetensors", "calibration.json"]
        .map(|file| std::fs::read(lab.path(&format!("{model}/{file}"))).unwrap())
        .to_vec()
}

#[test]
fn a_run_killed_anywhere_ends_as_the_one_that_was_not() {
    let lab = laboratory();
    let said = follow(&lab, "tuned", "whole", None);
    assert!(said.iter().any(|line| line.starts_with("step 100 of 100")), "one record a step: {said:#?}");
    assert!(!lab.path("whole/tuned.training.safetensors").exists(), "the state of a finished run is removed");
    let epochs = |said: &[String]| said.iter().filter(|line| line.starts_with("epoch")).cloned().collect::<Vec<_>>();
    let whole = epochs(&said);
    // An epoch whose figure was not stored is measured again, also where its last step was.
    for (killed_at, measured) in [("step 50", 0), ("epoch 1", 0), ("step 100", 1), ("epoch 2", 1), ("calibrating", 2)] {
        let out = killed_at.replace(' ', "-");
        follow(&lab, "tuned", &out, Some(killed_at));
        let said = follow(&lab, "tuned", &out, None);
        assert_eq!(epochs(&said), whole[measured..], "killed at {killed_at}");
        assert!(
            bytes(&lab, &format!("{out}/tuned")) == bytes(&lab, "whole/tuned"),
            "killed at {killed_at}, the run ends otherwise"
        );
    }
}

#[test]
fn the_number_of_threads_changes_no_weight() {
    let lab = laboratory();
    for threads in ["1", "2"] {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_lurescan"));
        program.env("RAYON_NUM_THREADS", threads).arg("train").arg(lab.path("tuned.toml")).arg("-o").arg(lab.path(threads));
        assert!(program.output().unwrap().status.success());
    }
    assert!(bytes(&lab, "1/tuned") == bytes(&lab, "2/tuned"));
}

/// What a model says of a few texts.
fn logits(folder: &Path) -> Vec<Logits> {
    let model = ModelFolder::open(folder).unwrap();
    let tokenizer = Tokenizer::load(&model.tokenizer(), model.config.prefix(), model.config.max_length()).unwrap();
    let texts = ["cooks wanted in riga", "they keep your passport until the fee is paid", "see you at six"];
    let tokens: Vec<_> = texts.iter().map(|text| tokenizer.encode(text).unwrap()).collect();
    model.classifier(None, Engine::F32).unwrap().logits(&tokens.iter().collect::<Batch>()).unwrap()
}

/// Mean vectors of the records one after the other, as a model of the laboratory has them.
fn vectors(lab: &Lab, name: &str) -> Vec<f32> {
    let model = ModelFolder::open(&lab.path(&format!("models/{name}"))).unwrap();
    let tokenizer = Tokenizer::load(&model.tokenizer(), model.config.prefix(), model.config.max_length()).unwrap();
    let records = labelled::read(&lab.path("records.jsonl")).unwrap();
    let tokens: Vec<_> = records.iter().map(|record| tokenizer.encode(&record.text.to_lowercase()).unwrap()).collect();
    let encoder = PooledEncoder::load(&model.weights().unwrap(), &model.config, Engine::F32).unwrap();
    encoder.pooled(&tokens.iter().collect::<Batch>()).unwrap().flatten_all().unwrap().to_vec1().unwrap()
}

#[test]
fn a_model_that_shares_the_encoder_of_another_tuned_one_is_whole_all_the_same() {
    let lab = laboratory();
    // Both layers of the other model are tuned; the sharing one tunes the upper, and needs the lower as the base has it.
    let text = lab.read("tuned.toml").replace("frozen_layers = 1", "frozen_layers = 0");
    lab.write("deep.toml", text.replace("\"tuned\"", "\"deep\""));
    recipe(&lab, "sharing", "shares = \"deep\"");
    for name in ["tuned", "deep", "sharing"] {
        follow(&lab, name, "models", None);
    }
    assert_eq!(logits(&lab.path("models/sharing")), logits(&lab.path("models/tuned")));
    assert_ne!(logits(&lab.path("models/sharing")), logits(&lab.path("models/deep")));
    // Made once more as one that shares, a folder keeps nothing of what it was.
    recipe(&lab, "tuned", "shares = \"deep\"");
    follow(&lab, "tuned", "models", None);
    assert!(!lab.path("models/tuned/encoder.safetensors").exists() && !lab.path("models/tuned/tokenizer.json").exists());
    assert_eq!(logits(&lab.path("models/sharing")), logits(&lab.path("models/tuned")));
    // Who shares a model that is not there hears of it before anything is encoded.
    recipe(&lab, "lonely", "shares = \"nowhere\"");
    let (path, said) = (lab.path("lonely.toml"), std::cell::Cell::new(0));
    let counted = |_: String| said.set(said.get() + 1);
    let refused = train(&Recipe::read(&path).unwrap(), &path, &lab.path("models"), Layers::Made, &counted, &|_| {});
    assert!(refused.unwrap_err().to_string().contains("nowhere") && said.get() == 0);
    let size = |file: &str| std::fs::metadata(lab.path(file)).unwrap().len();
    assert!(size("models/sharing/tuned.safetensors") < size("models/deep/encoder.safetensors"), "embeddings are stored once");
}

#[test]
fn a_model_that_shares_an_encoder_is_the_whole_one_and_notices_when_the_shared_file_changes() {
    let lab = laboratory();
    recipe(&lab, "sharing", "shares = \"other\"");
    follow(&lab, "tuned", "models", None);
    // What is shared: the untuned encoder, as another model's folder holds it.
    for file in ["config.json", "tokenizer.json", "encoder.safetensors"] {
        lab.write(&format!("models/other/{file}"), std::fs::read(lab.path(&format!("base/{file}"))).unwrap());
    }
    follow(&lab, "sharing", "models", None);
    let (whole, sharing) = (lab.path("models/tuned"), lab.path("models/sharing"));
    assert!(!sharing.join("encoder.safetensors").exists() && !sharing.join("tokenizer.json").exists());
    assert_eq!(logits(&sharing), logits(&whole));
    assert!(ModelFolder::open(&sharing).unwrap().hash().is_ok());
    let mut other = std::fs::read(lab.path("models/other/encoder.safetensors")).unwrap();
    *other.last_mut().unwrap() ^= 1;
    lab.write("models/other/encoder.safetensors", other);
    let error = ModelFolder::open(&sharing).unwrap().hash().unwrap_err().to_string();
    assert!(error.contains("encoder.safetensors"), "{error}");
}

#[test]
fn a_pupil_reads_more_like_its_teacher_than_one_without() {
    let lab = laboratory();
    follow(&lab, "tuned", "models", None);
    let reseeded =
        |name: &str| lab.write(&format!("{name}.toml"), lab.read(&format!("{name}.toml")).replace("seed = 1", "seed = 2"));
    recipe(&lab, "alone", "");
    let model = lab.path("models/tuned");
    let teacher = format!("teacher = {{ model = '{}', part = 0.9, temperature = 1.0, vectors = 4.0 }}", model.display());
    recipe(&lab, "taught", &teacher);
    for name in ["alone", "taught"] {
        reseeded(name);
        follow(&lab, name, "models", None);
    }
    let apart = |name: &str| -> f32 {
        vectors(&lab, name).iter().zip(vectors(&lab, "tuned")).map(|(own, teacher)| (own - teacher).powi(2)).sum()
    };
    assert!(apart("taught") < 0.8 * apart("alone"), "{} {}", apart("taught"), apart("alone"));
    assert!(lab.read("models/taught/recipe.lock").contains("tuned/SHA256SUMS"), "who taught it is on record");
    // Killed, it goes on with the same teacher and ends the same.
    follow(&lab, "taught", "again", Some("step 50"));
    follow(&lab, "taught", "again", None);
    assert!(bytes(&lab, "again/taught") == bytes(&lab, "models/taught"));
}

#[test]
fn labels_of_posts_that_nobody_has_read_teach_nothing() {
    let lab = laboratory();
    follow(&lab, "tuned", "models", None);
    let posts = |suspect: bool| -> String {
        let line = |at: usize| {
            let label =
                serde_json::json!({"context": if suspect { "offer" } else { "news" }, "suspect": suspect, "patterns": []});
            let text = format!("bring {at} cakes to the door of the hall in riga");
            let record = serde_json::json!({"id": format!("own-{at}"), "text": text, "lang": "en", "channel": "other", "split": "train", "label": label, "source": "board"});
            record.to_string() + "\n"
        };
        (0..20).map(line).collect()
    };
    let teacher =
        format!("teacher = {{ model = '{}', part = 0.5, temperature = 1.0, vectors = 1.0 }}", lab.path("models/tuned").display());
    let set = format!("[[data]]\nfiles = '{}'\nunlabelled = true\n", lab.path("unread.jsonl").display());
    let made = |name: &str, settings: &str, set: &str| {
        recipe(&lab, name, settings);
        lab.write(&format!("{name}.toml"), lab.read(&format!("{name}.toml")) + set);
        follow(&lab, name, "models", None);
        // Calibration names the model.
        bytes(&lab, &format!("models/{name}"))[..2].to_vec()
    };
    lab.write("unread.jsonl", posts(true));
    let (without, one) = (made("without", &teacher, ""), made("one", &teacher, &set));
    lab.write("unread.jsonl", posts(false));
    assert!(one == made("other", &teacher, &set), "what the lines say of the posts is not read");
    assert!(one != without, "what the teacher says of them is");
    recipe(&lab, "alone", "");
    let path = lab.write("alone.toml", lab.read("alone.toml") + &set);
    let refused = train(&Recipe::read(&path).unwrap(), &path, &lab.path("models"), Layers::Made, &|_| {}, &|_| {});
    assert!(refused.unwrap_err().to_string().contains("[tune.teacher]"));
}

#[test]
fn frozen_layers_that_are_kept_change_no_weight() {
    let lab = laboratory();
    recipe(&lab, "kept", "keeps_frozen = true");
    follow(&lab, "tuned", "models", None);
    follow(&lab, "kept", "models", None);
    let weights = |model: &str| bytes(&lab, model)[..2].to_vec();
    assert!(weights("models/kept") == weights("models/tuned"), "a batch of one record is not padded: the bits are the same");
}

#[test]
fn words_are_learnt_where_readers_marked_them_and_layers_can_be_kept() {
    let lab = laboratory();
    recipe_with_marks(&lab);
    follow(&lab, "marked", "models", None);
    let folder = lab.path("models/marked");
    let made = bytes(&lab, "models/marked");
    let lock = lab.read("models/marked/recipe.lock");
    assert!(lock.lines().any(|line| line.ends_with("marks.jsonl")), "{lock}");
    // The first words of a post show its indicators here, whatever they are.
    let model = ModelFolder::open(&folder).unwrap();
    let tokenizer = Tokenizer::load(&model.tokenizer(), model.config.prefix(), model.config.max_length()).unwrap();
    let tokens = tokenizer.encode("cooks and cleaners wanted in riga, they keep your passport until the fee is paid").unwrap();
    let classifier = model.classifier(None, Engine::F32).unwrap();
    let said = classifier.logits_by_token(&std::iter::once(&tokens).collect(), &|_| true).unwrap();
    let by_token = &said[0].1.as_ref().unwrap().indicators;
    let sum = |from: usize, to: usize| by_token.iter().map(|z| z[from..to].iter().sum::<f32>() / (to - from) as f32).sum::<f32>();
    assert!(sum(1, 4) > sum(8, tokens.ids.len()), "the marked beginning says more than the rest");
    // Once more from the layers as they stand: the same words and the same calibration.
    for file in ["calibration.json", "SHA256SUMS"] {
        std::fs::remove_file(folder.join(file)).unwrap();
    }
    let path = lab.path("marked.toml");
    train(&Recipe::read(&path).unwrap(), &path, &lab.path("models"), Layers::Kept, &|_| {}, &|_| {}).unwrap();
    assert!(bytes(&lab, "models/marked") == made);
    // A recipe that no longer has marks takes the words away.
    let heads = |lab: &Lab| candle_core::safetensors::load(lab.path("models/marked/heads.safetensors"), &Device::Cpu).unwrap();
    assert!(heads(&lab).contains_key("heads.words.weight"));
    let text = lab.read("tuned.toml").replace("\"tuned\"", "\"marked\"");
    let path = lab.write("unmarked.toml", text);
    train(&Recipe::read(&path).unwrap(), &path, &lab.path("models"), Layers::Kept, &|_| {}, &|_| {}).unwrap();
    assert!(!heads(&lab).contains_key("heads.words.weight"));
}

#[test]
fn a_town_is_where_an_advert_leads_and_not_where_a_profile_lives() {
    let lab = laboratory();
    let line = |at: usize, advert: bool| {
        let text = if advert {
            format!("cooks wanted, riga, tallinn, call number {at}")
        } else {
            format!("i know riga, tallinn and like you at {at}")
        };
        let destination: &[&str] = if advert { &["LV", "EE"] } else { &[] };
        let label = serde_json::json!({"context": "offer", "suspect": false, "patterns": [], "indicators": [], "origin": [], "destination": destination});
        let record = serde_json::json!({"id": format!("own-{at}-{advert}"), "text": text, "lang": "en", "channel": "other", "split": "train", "label": label, "source": "authored:own"});
        record.to_string()
    };
    let own: Vec<String> = (0..40).flat_map(|at| [line(at, true), line(at, false)]).collect();
    lab.write("records.jsonl", format!("{}\n{}", lab.read("records.jsonl"), own.join("\n")));
    let places = "[places]\nepochs = 40\nlearning_rate = 0.02\nweight_decay = 0.0\n[[data]]";
    lab.write("placed.toml", lab.read("tuned.toml").replace("[[data]]", places).replace("\"tuned\"", "\"placed\""));
    follow(&lab, "placed", "models", None);

    let folder = lab.path("models/placed");
    let model = ModelFolder::open(&folder).unwrap();
    let tokenizer = Tokenizer::load(&model.tokenizer(), model.config.prefix(), model.config.max_length()).unwrap();
    let classifier = model.classifier(None, Engine::F32).unwrap();
    let leads = |text: &str| {
        let said = classifier.logits(&std::iter::once(&tokenizer.encode(text).unwrap()).collect()).unwrap();
        let regions = locate(&NormalText::new(text), None).inferred("en", None, moves(&said[0].place_moves).as_ref());
        regions.destination.iter().map(|place| place.country.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(leads("cooks wanted, riga, tallinn, call number 7"), ["LV", "EE"]);
    assert_eq!(leads("i know riga, tallinn and like you at 7"), [""; 0]);

    // Once more from the layers as they stand: the same head. A recipe without places takes it away.
    let made = bytes(&lab, "models/placed");
    let again = |recipe: &str| {
        let path = lab.path(recipe);
        train(&Recipe::read(&path).unwrap(), &path, &lab.path("models"), Layers::Kept, &|_| {}, &|_| {}).unwrap();
    };
    again("placed.toml");
    assert!(bytes(&lab, "models/placed") == made);
    lab.write("unplaced.toml", lab.read("tuned.toml").replace("\"tuned\"", "\"placed\""));
    again("unplaced.toml");
    let config = || lab.read("models/placed/config.json");
    assert!(bytes(&lab, "models/placed")[1] != made[1] && !config().contains("place_facts"));
    again("placed.toml");
    assert!(bytes(&lab, "models/placed") == made && config().contains("place_facts"));

    // A head that speaks of other facts than this build weighs would move the wrong ones.
    let config = lab.read("models/placed/config.json").replace("\"named_first\"", "\"named_last\"");
    lab.write("models/placed/config.json", config);
    std::fs::remove_file(folder.join("SHA256SUMS")).unwrap();
    let said = lab.run(["explain", "--model", folder.to_str().unwrap(), "cooks wanted in riga"]);
    said.check(1, &["config.json", "named_last", "train or fetch the model again"]);
}

#[test]
fn folds_say_what_a_recipe_makes_of_fewer_records_and_refuse_to_tune() {
    let lab = laboratory();
    let text = lab.read("tuned.toml");
    let (heads, rest) = text.split_once("[tune]").unwrap();
    lab.write("frozen.toml", format!("{heads}[[data]]{}", rest.split_once("[[data]]").unwrap().1));
    let said = lab.run(["folds", "frozen.toml", "--by", "size", "--markdown"]);
    said.check(0, &[]);
    let cells = |line: &str| line.split('|').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = said.out.lines().skip(2).map(cells).collect();
    assert_eq!(rows.len(), 4, "a row for each part and no median of parts within each other: {}", said.out);
    let whole = rows.iter().find(|row| row[1] == "100 % of the records").unwrap();
    assert_eq!((whole[2].as_str(), whole[3].as_str()), ("50", "30"), "{}", said.out);
    assert_eq!(whole[5], whole[6], "all of the records are all of them: {}", said.out);
    lab.run(["folds", "tuned.toml", "--by", "size"]).check(1, &["tunes layers", "without [tune]"]);
}

#[test]
fn a_model_names_the_files_it_was_made_from() {
    let lab = laboratory();
    lab.write("splits.tsv", "id\tsplit\n");
    follow(&lab, "tuned", "models", None);
    let lock = lab.read("models/tuned/recipe.lock");
    let digest = format!("{:x}", Sha256::digest(lab.read("records.jsonl")));
    assert!(lock.lines().any(|line| line.starts_with(&digest) && line.ends_with("records.jsonl")), "{lock}");
    assert!(lock.lines().any(|line| line.ends_with("splits.tsv")), "{lock}");
}
