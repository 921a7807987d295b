//! Dev logits → [`Calibration`]: scaling by label, context temperature, operating points.

mod scaling;

use std::collections::BTreeMap;

use super::features::Example;
use crate::classifier::{Labels, Logits};
use crate::evaluation::metrics::{Scored, best_f1, threshold_for_precision, threshold_for_recall, threshold_near_best_f1};
use crate::labelled::RecordLabel;
use crate::typology::Context;
use crate::verdict::{Calibration, OperatingPoint, Platt, Scaling, Threshold, softmax};
use scaling::{choose, least_on_grid, platt};

/// Fewer positives than this on dev say too little to scale a label by; its logits stay as they are.
const LEAST_POSITIVES: usize = 8;

/// Recall promised by `high-recall` and precision promised by `high-precision`.
const PROMISE: f64 = 0.98;
/// F1 that `balanced` may lie below the best, which is known no better on so many records.
const FLAT: f64 = 0.01;

/// An example and what the model says of it.
type Pair<'a> = (&'a Example, &'a Logits);

/// Fits a calibration on held-out examples and their logits.
#[must_use]
pub fn calibrate(examples: &[Example], logits: &[Logits], labels: &Labels, fitted_on: String) -> Calibration {
    let both = examples.iter().zip(logits);
    let suspect: Vec<Scored> = both.map(|(example, logits)| (logits.suspect, example.record.label.suspect)).collect();
    let groups: Vec<&str> = examples.iter().map(|example| example.record.group.as_str()).collect();
    let scaling = choose(&suspect, &groups);
    let scaled: Vec<Scored> = suspect.iter().map(|(z, positive)| (scaling.apply(*z), *positive)).collect();
    let threshold = |point| match point {
        OperatingPoint::HighRecall => threshold_for_recall(&scaled, PROMISE),
        OperatingPoint::Balanced => threshold_near_best_f1(&scaled, FLAT),
        OperatingPoint::HighPrecision => threshold_for_precision(&scaled, PROMISE),
    };
    // On few records a promise may be kept on the wrong side of `balanced`; names must mean more or fewer posts all the same.
    let balanced = threshold(OperatingPoint::Balanced);
    let line = |point| match point {
        OperatingPoint::HighRecall => threshold(point).min(balanced),
        OperatingPoint::Balanced => balanced,
        OperatingPoint::HighPrecision => threshold(point).max(balanced),
    };
    let operating_points: BTreeMap<String, f32> =
        OperatingPoint::ALL.iter().map(|point| (point.id().to_owned(), line(*point))).collect();

    // Only sets that name patterns and indicators say which a post has not.
    let named: Vec<Pair> = examples.iter().zip(logits).filter(|(example, _)| example.record.label.indicators.is_some()).collect();
    let asked = |of: fn(&RecordLabel) -> bool| -> Vec<Pair> {
        named.iter().filter(|(example, _)| of(&example.record.label)).copied().collect()
    };
    // Patterns are shown on suspects alone, so their scaling is fitted on these.
    let suspects = asked(|label| label.suspect);
    let offers = asked(|label| label.context == Context::Offer);
    let patterns = labels.patterns.iter().enumerate().map(|(at, id)| {
        let pairs = suspects.iter().map(|(example, logits)| (logits.patterns[at], example.record.label.patterns.contains(id)));
        (id.id().to_owned(), label_threshold(&pairs.collect::<Vec<_>>()))
    });
    let indicators = labels.indicators.iter().enumerate().map(|(at, id)| {
        let carries = |label: &RecordLabel| label.indicators.as_ref().is_some_and(|list| list.contains(id));
        let pairs = offers.iter().map(|(example, logits)| (logits.indicators[at], carries(&example.record.label)));
        (id.id().to_owned(), label_threshold(&pairs.collect::<Vec<_>>()))
    });
    let context_temperature = temperature(examples, logits);
    Calibration {
        fitted_on,
        base_rate: Some(suspect.iter().filter(|(_, positive)| *positive).count() as f32 / suspect.len().max(1) as f32),
        least_offer: least_offer(examples, logits, &scaling, balanced, context_temperature),
        suspect: scaling,
        operating_points,
        context_temperature,
        patterns: patterns.collect(),
        indicators: indicators.collect(),
    }
}

fn label_threshold(pairs: &[Scored]) -> Threshold {
    if pairs.iter().filter(|(_, positive)| *positive).count() < LEAST_POSITIVES {
        return Threshold { platt: Platt::IDENTITY, threshold: 0.5 };
    }
    let platt = platt(pairs);
    let scaled: Vec<Scored> = pairs.iter().map(|(z, positive)| (platt.apply(*z), *positive)).collect();
    Threshold { platt, threshold: best_f1(&scaled) }
}

/// The temperature with the least log loss.
fn temperature(examples: &[Example], logits: &[Logits]) -> f32 {
    least_on_grid(|temperature| {
        let each = examples.iter().zip(logits).filter_map(|(example, logits)| {
            let p = softmax(&logits.context?, temperature)[example.record.label.context as usize];
            Some(-f64::from(p.max(1e-9)).ln())
        });
        each.sum()
    })
}

/// The bound on the offer probability with the best F1 at the balanced point; 0 where the rule does not help.
fn least_offer(examples: &[Example], logits: &[Logits], scaling: &Scaling, threshold: f32, temperature: f32) -> f32 {
    let f1 = |bound: f32| {
        let silenced =
            |logits: &Logits| logits.context.is_some_and(|z| softmax(&z, temperature)[Context::Offer as usize] < bound);
        let flagged = |logits: &Logits| scaling.apply(logits.suspect) >= threshold && !silenced(logits);
        let (mut right, mut wrong) = (0u32, 0u32);
        for (example, logits) in examples.iter().zip(logits) {
            match (flagged(logits), example.record.label.suspect) {
                (true, true) => right += 1,
                (true, false) | (false, true) => wrong += 1,
                (false, false) => {}
            }
        }
        f64::from(2 * right) / f64::from(2 * right + wrong)
    };
    let mut best = (f1(0.0), 0.0);
    for step in 1..=10 {
        let bound = step as f32 * 0.05;
        if f1(bound) > best.0 {
            best = (f1(bound), bound);
        }
    }
    best.1
}
