//! Fits of a [`Scaling`] to logits and answers, and the choice among them.

use sha2::{Digest, Sha256};

use crate::evaluation::metrics::Scored;
use crate::verdict::{Isotonic, Platt, Scaling, logit, sigmoid};

/// Parts of the cross-validation that chooses.
const FOLDS: usize = 5;

/// Temperature, Platt or isotonic scaling: the one of least log loss on records it was not fitted on. On the records themselves the
/// form with most freedom would always win. Records of one group are held out together. Of equals the simplest.
pub(super) fn choose(pairs: &[Scored], groups: &[&str]) -> Scaling {
    let fits: [fn(&[Scored]) -> Scaling; 3] = [
        |pairs| Scaling::Platt(temperature(pairs)),
        |pairs| Scaling::Platt(platt(pairs)),
        |pairs| Scaling::Isotonic(isotonic(pairs)),
    ];
    let folds: Vec<usize> = groups.iter().map(|group| usize::from(Sha256::digest(group)[0]) % FOLDS).collect();
    let held_out_loss = |fit: &fn(&[Scored]) -> Scaling| -> f64 {
        let side = |fold, held: bool| {
            let own = pairs.iter().zip(&folds).filter(move |(_, own)| (**own == fold) == held);
            own.map(|(pair, _)| *pair).collect::<Vec<_>>()
        };
        (0..FOLDS).map(|fold| log_loss(&fit(&side(fold, false)), &side(fold, true))).sum()
    };
    let mut best = (f64::INFINITY, &fits[0]);
    for fit in &fits {
        let loss = held_out_loss(fit);
        if loss < best.0 {
            best = (loss, fit);
        }
    }
    best.1(pairs)
}

/// Sum of −ln of the probability given to the answer.
fn log_loss(scaling: &Scaling, pairs: &[Scored]) -> f64 {
    let each = pairs.iter().map(|(z, positive)| {
        let p = scaling.apply(*z);
        -f64::from(if *positive { p } else { 1.0 - p }.max(1e-6)).ln()
    });
    each.sum()
}

/// The slope of least log loss.
fn temperature(pairs: &[Scored]) -> Platt {
    let slope = |a| Platt { a, b: 0.0 };
    slope(least_on_grid(|a| log_loss(&Scaling::Platt(slope(a)), pairs)))
}

/// Of numbers from ⅛ to 8, each 3.5 % above the one before, that of the least loss; 1 where there are no losses to compare.
pub(super) fn least_on_grid(loss: impl Fn(f32) -> f64) -> f32 {
    let grid = (0..=120).map(|step| 0.125 * 64f32.powf(step as f32 / 120.0));
    let losses = grid.map(|number| (loss(number), number));
    losses.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(1.0, |least| least.1)
}

/// Platt scaling by Newton's method with his smoothed targets; Lin, Lin and Weng, "A note on Platt's probabilistic outputs", 2007.
pub(super) fn platt(pairs: &[Scored]) -> Platt {
    let positives = pairs.iter().filter(|(_, positive)| *positive).count() as f64;
    let negatives = pairs.len() as f64 - positives;
    let (high, low) = ((positives + 1.0) / (positives + 2.0), 1.0 / (negatives + 2.0));
    let (mut a, mut b) = (1.0, 0.0);
    for _ in 0..100 {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
        for (z, positive) in pairs {
            let z = f64::from(*z);
            let p = f64::from(sigmoid((a * z + b) as f32));
            let (slip, bend) = (p - if *positive { high } else { low }, p * (1.0 - p));
            ga += slip * z;
            gb += slip;
            haa += bend * z * z;
            hab += bend * z;
            hbb += bend;
        }
        let determinant = haa * hbb - hab * hab;
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        // Long steps happen where classes are nearly separable; half steps keep them in hand.
        let damp = (2.0 / (da.abs() + db.abs())).min(1.0);
        a -= damp * da;
        b -= damp * db;
        if (da.abs() + db.abs()) < 1e-7 {
            break;
        }
    }
    Platt { a: a.max(1e-3) as f32, b: b as f32 }
}

/// Records that a knot stands for at least: fewer say little about a share.
const LEAST_IN_KNOT: usize = 20;

/// Pool-adjacent-violators on blocks of records; Ayer et al., "An empirical distribution function for sampling with incomplete
/// information", 1955. Shares are smoothed by half a record, so that no knot stands at 0 or 1.
fn isotonic(pairs: &[Scored]) -> Isotonic {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Sum of logits, positives, records.
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    let count = (sorted.len() / LEAST_IN_KNOT).max(1);
    for at in 0..count {
        // What is left over belongs to the last.
        let end = if at + 1 == count { sorted.len() } else { (at + 1) * LEAST_IN_KNOT };
        let block = &sorted[at * LEAST_IN_KNOT..end];
        let positives = block.iter().filter(|(_, positive)| *positive).count() as f64;
        blocks.push((block.iter().map(|(z, _)| f64::from(*z)).sum(), positives, block.len() as f64));
        while let [.., before, last] = blocks.as_slice()
            && before.1 / before.2 >= last.1 / last.2
        {
            let joined = (before.0 + last.0, before.1 + last.1, before.2 + last.2);
            blocks.truncate(blocks.len() - 2);
            blocks.push(joined);
        }
    }
    let mut knots: Vec<[f32; 2]> = Vec::new();
    for (sum, positives, records) in blocks {
        let knot = [(sum / records) as f32, logit(((positives + 0.5) / (records + 1.0)) as f32)];
        // Blocks of unlike size may be smoothed past each other, and equal logits may fill several.
        if knots.last().is_none_or(|last| last[0] < knot[0] && last[1] < knot[1]) {
            knots.push(knot);
        }
    }
    Isotonic { knots }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws of which a share `p(z)` are positive, without randomness: fractions by rank.
    fn draws(p: impl Fn(f32) -> f32) -> Vec<Scored> {
        (0..12_000)
            .map(|n| {
                let z = (n % 120) as f32 / 20.0 - 3.0;
                (z, (n / 120) as f32 / 100.0 + 0.005 < p(z))
            })
            .collect()
    }

    fn names(pairs: &[Scored]) -> &'static str {
        let groups: Vec<String> = (0..pairs.len()).map(|n| n.to_string()).collect();
        choose(pairs, &groups.iter().map(String::as_str).collect::<Vec<_>>()).name()
    }

    #[test]
    fn platt_recovers_a_known_scaling() {
        let found = platt(&draws(|z| sigmoid(2.0 * z - 1.0)));
        assert!((found.a - 2.0).abs() < 0.1 && (found.b + 1.0).abs() < 0.1, "{found:?}");
    }

    #[test]
    fn every_record_has_a_part_in_the_isotonic_line() {
        // Nineteen records are left over above the last whole block, and all of them are positive.
        let pairs: Vec<Scored> = (0..119).map(|n| (n as f32, n >= 100)).collect();
        let last = isotonic(&pairs).knots.pop().unwrap();
        let positives = 19.0;
        assert_eq!(last, [(80..119).sum::<i32>() as f32 / 39.0, logit((positives + 0.5) / 40.0)]);
    }

    #[test]
    fn the_form_that_the_data_have_is_chosen() {
        assert_eq!(names(&draws(|z| sigmoid(2.0 * z - 1.0))), "Platt");
        // A stair is no sigmoid.
        assert_eq!(
            names(&draws(|z| if z < -1.0 {
                0.1
            } else if z < 2.0 {
                0.3
            } else {
                0.9
            })),
            "isotonic"
        );
    }

    #[test]
    fn isotonic_knots_rise_and_give_the_shares_found() {
        let found = isotonic(&draws(|z| if z < 0.0 { 0.2 } else { 0.7 }));
        assert!(found.knots.windows(2).all(|pair| pair[0][0] < pair[1][0] && pair[0][1] < pair[1][1]), "{found:?}");
        assert!((found.apply(-2.0) - 0.2).abs() < 0.05 && (found.apply(2.0) - 0.7).abs() < 0.05, "{found:?}");
    }
}
