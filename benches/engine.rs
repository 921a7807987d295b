//! Encoder alone: tokens a second on both engines, beside what the processor's 8-bit products would allow; and how far the
//! engines agree on the test side of `datasets/authored`.
//!
//! `cargo bench --bench engine [MODEL]`. One batch a core, all cores, as a scan runs it; median of seven rounds, the engines in turn,
//! so that a noisy machine disturbs both alike.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use lurescan::classifier::{Encoder, Engine, Int8Encoder, ModelFolder};
use lurescan::labelled::{Split, on_side, read_all};
use lurescan::text::NormalText;
use lurescan::tokens::{Batch, Tokenizer, Tokens};
use lurescan::verdict::Calibration;
use rayon::prelude::*;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::NdTensorView;

const ROUNDS: usize = 7;
/// Tokens of one batch.
const BATCH: usize = 2048;

fn main() {
    let model = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_else(|| "lure-base".to_owned());
    let folder = ModelFolder::open(&PathBuf::from("models").join(&model)).expect("a model of ours");
    speeds(&model, &folder);
    agreement(&folder);
}

fn speeds(model: &str, folder: &ModelFolder) {
    let weights = folder.weights().expect("its weights");
    let (fast, plain) = (Int8Encoder::load(&weights, &folder.config), Encoder::load(&weights, &folder.config));
    let (fast, plain) = (fast.expect("int8"), plain.expect("f32"));
    gemm::set_threading_threshold(usize::MAX);
    let cores = rayon::current_num_threads();
    let sizes = &folder.config.encoder;
    let (hidden, wide, layers) = (sizes.hidden_size, sizes.intermediate_size, sizes.num_hidden_layers);
    println!("{model}: {layers} layers of {hidden}, {cores} threads");
    let ceiling = ceiling(cores, 512, hidden, wide);
    println!("product of 512 x {hidden} x {wide} in 8 bits: {:.0} GOP/s", ceiling / 1e9);
    println!("{:>8}  {:>14}  {:>14}  {:>6}  {:>14}", "tokens", "f32 tokens/s", "int8 tokens/s", "ratio", "of the products");
    for length in [32, 64, 128, 256] {
        let tokens = |n: usize| Tokens {
            ids: (0..length as u32).map(|at| (at * 37 + n as u32 * 101) % 5000 + 5).collect(),
            truncated: false,
        };
        let batches: Vec<Batch> = (0..2 * cores)
            .map(|batch| (0..BATCH / length).map(|n| tokens(batch * 100 + n)).collect::<Vec<_>>().iter().collect())
            .collect();
        let count = (batches.len() * BATCH) as f64;
        let mut rates = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            rates[0].push(count / time(|| each(&batches, |batch| drop(black_box(plain.forward(batch).expect("f32"))))));
            rates[1].push(count / time(|| each(&batches, |batch| drop(black_box(fast.states(batch).expect("int8"))))));
        }
        let [plain, fast] = rates.map(median);
        // Four products of hidden x hidden and two of hidden x wide, each a multiplication and an addition.
        let operations = (layers * 2 * (4 * hidden * hidden + 2 * hidden * wide)) as f64;
        println!(
            "{length:>8}  {plain:>14.0}  {fast:>14.0}  {:>6.1}  {:>12.0} %",
            fast / plain,
            100.0 * fast * operations / ceiling
        );
    }
}

/// How far both engines agree on the posts no model was fitted on.
fn agreement(folder: &ModelFolder) {
    let [fast, plain] = [Engine::Int8, Engine::F32].map(|engine| folder.classifier(None, engine).expect("a classifier"));
    let calibration = Calibration::read(&folder.calibration()).expect("its calibration");
    let line = calibration.threshold("balanced").expect("an operating point");
    let config = &folder.config;
    let tokenizer = Tokenizer::load(&folder.tokenizer(), config.prefix(), config.max_length()).expect("its tokenizer");
    let records = on_side(read_all(["datasets/authored"]).expect("the records"), Split::Test);
    let off: Vec<(f32, bool)> = records
        .par_iter()
        .map(|record| {
            let tokens = tokenizer.encode(NormalText::new(&record.text).model()).expect("tokens");
            let batch: Batch = std::iter::once(&tokens).collect();
            let [fast, plain] =
                [&fast, &plain].map(|model| calibration.suspect.apply(model.logits(&batch).expect("logits")[0].suspect));
            ((fast - plain).abs(), (fast >= line) == (plain >= line))
        })
        .collect();
    let count = off.len() as f32;
    let mean = off.iter().map(|(off, _)| off).sum::<f32>() / count;
    let most = off.iter().map(|(off, _)| *off).fold(0.0, f32::max);
    let same = off.iter().filter(|(_, same)| *same).count() as f32 / count;
    println!(
        "p_suspect on {count} test records: {mean:.4} apart in the mean, {most:.3} at most; on the same side of the line {:.2} %",
        100.0 * same
    );
}

/// Operations a second of 8-bit products on all cores.
fn ceiling(cores: usize, rows: usize, inputs: usize, outputs: usize) -> f64 {
    let (left, right) = (vec![3_u8; rows * inputs], vec![5_i8; inputs * outputs]);
    let rounds = (0..ROUNDS).map(|_| {
        let seconds = time(|| {
            (0..cores).into_par_iter().with_max_len(1).for_each(|_| {
                let products = GemmExecutor::<u8, i8, i32>::new();
                let packed = products.prepack_b(NdTensorView::from_data([inputs, outputs], right.as_slice()));
                let mut sums = vec![0; rows * outputs];
                for _ in 0..50 {
                    let left = NdTensorView::from_data([rows, inputs], left.as_slice());
                    let (left, right) = (GemmInputA::Unpacked(left), GemmInputB::Packed(&packed));
                    products.gemm(&mut sums, left, right, GemmOptions::default()).expect("sizes fit");
                    black_box(&sums);
                }
            });
        });
        (cores * 50 * 2 * rows * inputs * outputs) as f64 / seconds
    });
    median(rounds.collect())
}

fn each(batches: &[Batch], work: impl Fn(&Batch) + Sync + Send) {
    batches.par_iter().with_max_len(1).for_each(work);
}

fn time(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
