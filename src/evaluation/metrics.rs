//! Figures of a binary classifier from scores and answers. Every function takes pairs of a score and whether the post is positive.

/// A score and the answer.
pub type Scored = (f32, bool);

/// Whether a post was flagged, and the answer.
pub type Called = (bool, bool);

/// Sorted by score, highest first; equal scores stand together so that ties count as one step.
fn ranked(pairs: &[Scored]) -> Vec<Scored> {
    let mut ranked = pairs.to_vec();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    ranked
}

/// Positives and negatives at or above each distinct score, highest score first: `(score, true positives, false positives)`.
fn steps(pairs: &[Scored]) -> Vec<(f32, f64, f64)> {
    let mut steps: Vec<(f32, f64, f64)> = Vec::new();
    let (mut hits, mut alarms) = (0.0, 0.0);
    for (score, positive) in ranked(pairs) {
        if positive {
            hits += 1.0;
        } else {
            alarms += 1.0;
        }
        match steps.last_mut() {
            Some(last) if last.0.to_bits() == score.to_bits() => *last = (score, hits, alarms),
            _ => steps.push((score, hits, alarms)),
        }
    }
    steps
}

/// Positives in all and negatives in all.
fn totals(pairs: &[Scored]) -> (f64, f64) {
    let positives = pairs.iter().filter(|(_, positive)| *positive).count();
    (positives as f64, (pairs.len() - positives) as f64)
}

/// Average precision, the step-wise area under the precision-recall curve; NaN without positives.
#[must_use]
pub fn pr_auc(pairs: &[Scored]) -> f64 {
    let (positives, _) = totals(pairs);
    if positives == 0.0 {
        return f64::NAN;
    }
    let (mut area, mut before) = (0.0, 0.0);
    for (_, hits, alarms) in steps(pairs) {
        area += (hits - before) * hits / (hits + alarms);
        before = hits;
    }
    area / positives
}

/// Area under the ROC curve: the chance that a positive scores above a negative, ties counting half; NaN if a class is missing.
#[must_use]
pub fn roc_auc(pairs: &[Scored]) -> f64 {
    let (positives, negatives) = totals(pairs);
    let (mut area, mut hits_before, mut alarms_before) = (0.0, 0.0, 0.0);
    for (_, hits, alarms) in steps(pairs) {
        area += (alarms - alarms_before) * (hits + hits_before) / 2.0;
        (hits_before, alarms_before) = (hits, alarms);
    }
    area / (positives * negatives)
}

/// Best recall among thresholds at which at most `rate` of the negatives are flagged; NaN if a class is missing.
#[must_use]
pub fn recall_at_false_alarms(pairs: &[Scored], rate: f64) -> f64 {
    let (positives, negatives) = totals(pairs);
    if positives == 0.0 || negatives == 0.0 {
        return f64::NAN;
    }
    let best = steps(pairs).into_iter().take_while(|(_, _, alarms)| alarms / negatives <= rate).map(|(_, hits, _)| hits).last();
    best.unwrap_or(0.0) / positives
}

/// Of the `most` highest scores the share that is positive; ties at the edge count as far as they are many. NaN without scores.
#[must_use]
pub fn precision_of_top(pairs: &[Scored], most: usize) -> f64 {
    let (mut hits, mut taken) = (0.0, 0.0);
    let most = most.min(pairs.len()) as f64;
    let (mut hits_before, mut taken_before) = (0.0, 0.0);
    for (_, step_hits, alarms) in steps(pairs) {
        let step = step_hits + alarms - taken_before;
        let share = ((most - taken) / step).min(1.0);
        hits += share * (step_hits - hits_before);
        taken += share * step;
        (hits_before, taken_before) = (step_hits, step_hits + alarms);
        if taken >= most {
            break;
        }
    }
    hits / taken
}

/// What is flagged against the answers, at one threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AtThreshold {
    /// Of the flagged, the share that is positive; NaN where nothing is flagged.
    pub precision: f64,
    /// Of the positives, the share that is flagged.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Of the negatives, the share that is flagged.
    pub false_alarms: f64,
}

/// Precision, recall, F1 and false alarms of flagging scores at or above `threshold`.
#[must_use]
pub fn at_threshold(pairs: &[Scored], threshold: f32) -> AtThreshold {
    of_calls(pairs.iter().map(|(score, positive)| (*score >= threshold, *positive)))
}

/// Precision, recall, F1 and false alarms of calls, each with whether the post is positive.
#[must_use]
pub fn of_calls(calls: impl IntoIterator<Item = Called>) -> AtThreshold {
    let (mut hits, mut alarms, mut positives, mut negatives) = (0.0, 0.0, 0.0, 0.0);
    for (called, positive) in calls {
        let called = f64::from(u8::from(called));
        if positive {
            positives += 1.0;
            hits += called;
        } else {
            negatives += 1.0;
            alarms += called;
        }
    }
    from_counts(hits, alarms, positives, negatives)
}

fn from_counts(hits: f64, alarms: f64, positives: f64, negatives: f64) -> AtThreshold {
    AtThreshold {
        precision: hits / (hits + alarms),
        recall: hits / positives,
        f1: 2.0 * hits / (hits + alarms + positives),
        false_alarms: alarms / negatives,
    }
}

/// The threshold with the best F1, halfway to the next lower score; 0.5 without scores.
#[must_use]
pub fn best_f1(pairs: &[Scored]) -> f32 {
    choose(pairs, |counts| Some(counts.f1))
}

/// The threshold with the fewest false alarms among those whose F1 is within `near` of the best. Where F1 is flat, as it mostly is, the
/// best one is a matter of chance, and may flag half as many posts again for nothing.
#[must_use]
pub fn threshold_near_best_f1(pairs: &[Scored], near: f64) -> f32 {
    let best = at_threshold(pairs, best_f1(pairs)).f1;
    choose(pairs, |counts| (counts.f1 >= best - near).then_some(-counts.false_alarms))
}

/// The highest threshold that keeps recall at `recall` or above.
#[must_use]
pub fn threshold_for_recall(pairs: &[Scored], recall: f64) -> f32 {
    choose(pairs, |counts| (counts.recall >= recall).then_some(-counts.false_alarms))
}

/// The threshold of best recall among those with precision at `precision` or above; above every score where there is none.
#[must_use]
pub fn threshold_for_precision(pairs: &[Scored], precision: f64) -> f32 {
    let (positives, negatives) = totals(pairs);
    let reached =
        steps(pairs).iter().any(|(_, hits, alarms)| from_counts(*hits, *alarms, positives, negatives).precision >= precision);
    if !reached {
        return ranked(pairs).first().map_or(0.5, |(top, _)| f32::midpoint(*top, 1.0));
    }
    choose(pairs, |counts| (counts.precision >= precision).then_some(counts.recall))
}

fn choose(pairs: &[Scored], worth: impl Fn(AtThreshold) -> Option<f64>) -> f32 {
    let (positives, negatives) = totals(pairs);
    let steps = steps(pairs);
    let mut best: Option<(f64, usize)> = None;
    for (at, (_, hits, alarms)) in steps.iter().enumerate() {
        if let Some(worth) = worth(from_counts(*hits, *alarms, positives, negatives))
            && best.is_none_or(|(before, _)| worth > before)
        {
            best = Some((worth, at));
        }
    }
    best.map_or(0.5, |(_, at)| steps.get(at + 1).map_or(steps[at].0, |next| f32::midpoint(steps[at].0, next.0)))
}

/// Posts whose probabilities lie in one tenth.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub posts: usize,
    /// Sum of their probabilities: so many positives are promised.
    pub promised: f64,
    /// So many are positive.
    pub found: usize,
}

/// Promised and found by tenth of the probability, lowest first.
#[must_use]
pub fn reliability(pairs: &[Scored]) -> [Bin; 10] {
    let mut bins = [Bin::default(); 10];
    for (p, positive) in pairs {
        let bin = &mut bins[((p * 10.0) as usize).min(9)];
        bin.posts += 1;
        bin.promised += f64::from(*p);
        bin.found += usize::from(*positive);
    }
    bins
}

/// Expected calibration error over ten bins of equal width.
#[must_use]
pub fn calibration_error(pairs: &[Scored]) -> f64 {
    reliability(pairs).iter().map(|bin| (bin.promised - bin.found as f64).abs()).sum::<f64>() / pairs.len() as f64
}

/// Mean squared difference of probability and answer.
#[must_use]
pub fn brier(pairs: &[Scored]) -> f64 {
    pairs.iter().map(|(p, positive)| (f64::from(*p) - f64::from(u8::from(*positive))).powi(2)).sum::<f64>() / pairs.len() as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// scikit-learn 1.7: `average_precision_score([1,0,1,1,0,0], [.9,.8,.7,.6,.6,.1])` = 0.8055…, `roc_auc_score` = 0.7222…
    const HAND: [Scored; 6] = [(0.9, true), (0.8, false), (0.7, true), (0.6, true), (0.6, false), (0.1, false)];

    #[test]
    fn areas_match_a_hand_count() {
        assert!((pr_auc(&HAND) - (1.0 / 3.0 + 2.0 / 9.0 + 0.2)).abs() < 1e-9, "{}", pr_auc(&HAND));
        assert!((roc_auc(&HAND) - 6.5 / 9.0).abs() < 1e-9, "{}", roc_auc(&HAND));
    }

    #[test]
    fn recall_is_taken_where_few_negatives_are_flagged() {
        assert!((recall_at_false_alarms(&HAND, 0.0) - 1.0 / 3.0).abs() < 1e-9);
        assert!((recall_at_false_alarms(&HAND, 0.34) - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn the_top_is_counted_with_its_share_of_ties() {
        assert!((precision_of_top(&HAND, 3) - 2.0 / 3.0).abs() < 1e-9);
        // The fourth is half of a tie of one positive and one negative.
        assert!((precision_of_top(&HAND, 4) - 2.5 / 4.0).abs() < 1e-9, "{}", precision_of_top(&HAND, 4));
        assert!((precision_of_top(&HAND, 100) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn thresholds_do_what_they_promise() {
        assert!(at_threshold(&HAND, threshold_for_recall(&HAND, 1.0)).recall >= 1.0);
        assert!(at_threshold(&HAND, threshold_for_precision(&HAND, 0.99)).precision >= 0.99);
        assert!(at_threshold(&HAND, best_f1(&HAND)).f1 >= 0.74);
        let (best, sparing) = (at_threshold(&HAND, best_f1(&HAND)), at_threshold(&HAND, threshold_near_best_f1(&HAND, 0.1)));
        assert!(sparing.false_alarms <= best.false_alarms && sparing.f1 >= best.f1 - 0.1);
        assert_eq!(at_threshold(&HAND, threshold_near_best_f1(&HAND, 0.0)).f1, best.f1);
    }

    proptest! {
        #[test]
        fn figures_stay_in_range(pairs in prop::collection::vec((0f32..1.0, any::<bool>()), 2..60)) {
            prop_assume!(pairs.iter().any(|p| p.1) && pairs.iter().any(|p| !p.1));
            for figure in [pr_auc(&pairs), roc_auc(&pairs), recall_at_false_alarms(&pairs, 0.1), calibration_error(&pairs), brier(&pairs)] {
                prop_assert!((0.0..=1.0 + 1e-9).contains(&figure), "{figure}");
            }
        }
    }
}
