//! The stages on either side of the model, each by itself, and the whole way, on posts of five shapes; bytes a second.
//!
//! `cargo bench --bench stages` (about five minutes); `-- patterns` for one stage. Stages run on one core, the whole way on all.
//! The model alone is measured by `engine.rs`. `benches/README.md` sets the figures against what the machine allows.

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use lurescan::classifier::{Engine, ModelFolder};
use lurescan::labelled::read_all;
use lurescan::patterns;
use lurescan::post::{Post, Source};
use lurescan::scan::{Assessor, Emit, Work};
use lurescan::text::{NormalText, identify};
use lurescan::tokens::Tokenizer;
use lurescan::verdict::{Calibration, Judge};
use lurescan::{contacts, regions, terms};

/// Posts of one shape.
struct Corpus {
    name: &'static str,
    texts: Vec<String>,
}

/// Drawn from the authored records in their order, so that every run measures the same.
fn corpora() -> Vec<Corpus> {
    let records = read_all(["datasets/authored"]).expect("the authored records");
    let texts = || records.iter().map(|record| record.text.clone());
    let take = |name, texts: &mut dyn Iterator<Item = String>| Corpus { name, texts: texts.step_by(7).take(512).collect() };
    let mixed = |text: &String| !text.is_ascii() && text.bytes().filter(u8::is_ascii_alphabetic).count() * 5 > text.len();
    let distinct: Vec<String> = texts().step_by(11).take(512).collect();
    let mut half: Vec<String> = distinct.iter().step_by(2).cloned().collect();
    half.extend(half.clone());
    vec![
        take("short chat", &mut texts().filter(|text| text.len() < 200)),
        take("long adverts", &mut texts().filter(|text| text.len() > 500)),
        take("mixed scripts", &mut texts().filter(mixed)),
        Corpus { name: "all distinct", texts: distinct },
        Corpus { name: "half duplicates", texts: half },
    ]
}

fn stages(criterion: &mut Criterion) {
    let folder = ModelFolder::open(Path::new("models/lure-base")).expect("the default model");
    let config = &folder.config;
    let tokenizer = Tokenizer::load(&folder.tokenizer(), config.prefix(), config.max_length()).expect("its tokenizer");
    let calibration = Calibration::read(&folder.calibration()).expect("its calibration");
    let threshold = calibration.threshold("balanced").expect("an operating point");
    for Corpus { name, texts } in corpora() {
        let read: Vec<NormalText> = texts.iter().map(|text| NormalText::new(text)).collect();
        let known: Vec<_> = read.iter().map(|text| (text, identify(text), regions::locate(text, None))).collect();
        let bytes = texts.iter().map(String::len).sum::<usize>() as u64;
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes)).sample_size(10).measurement_time(Duration::from_secs(3));
        let mut stage = |stage: &str, run: &dyn Fn()| {
            group.bench_function(stage, |bencher| bencher.iter(run));
        };
        stage("text", &|| texts.iter().for_each(|text| drop(black_box(NormalText::new(text)))));
        stage("language", &|| read.iter().for_each(|text| drop(black_box(identify(text)))));
        stage("tokens", &|| read.iter().for_each(|text| drop(black_box(tokenizer.encode(text.model())))));
        stage("patterns", &|| read.iter().for_each(|text| drop(black_box(patterns::find(text)))));
        stage("contacts", &|| read.iter().for_each(|text| drop(black_box(contacts::find(text)))));
        stage("regions", &|| read.iter().for_each(|text| drop(black_box(regions::locate(text, None)))));
        stage("terms", &|| {
            for (text, language, places) in &known {
                drop(black_box(terms::find(text, language, places, &[])));
            }
        });
        // Anew each time: an assessor remembers what it has read.
        let fresh = || {
            let judge = |labels| Judge::new(calibration.clone(), labels, threshold);
            let assessor = Assessor::open(&folder, None, Engine::Int8, judge).expect("the model").for_output(Emit::Suspects);
            (assessor, texts.iter().map(|text| post(text)).collect::<Vec<Post>>())
        };
        // The assessor is given back: freeing its tokenizer is no part of the way.
        let assess = |(assessor, posts): (Assessor, Vec<Post>)| {
            let findings = assessor.assess(posts, &mut Work::default()).expect("findings");
            assert_eq!(findings.len(), texts.len());
            (assessor, findings)
        };
        group.bench_function("whole way", |bencher| bencher.iter_batched(fresh, assess, BatchSize::PerIteration));
        group.finish();
    }
}

fn post(text: &str) -> Post {
    Post {
        id: String::new(),
        source: Source { file: "bench".into(), record: 0 },
        text: text.to_owned(),
        channel: None,
        region: None,
        lang: None,
        posted_at: None,
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
