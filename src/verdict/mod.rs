//! Logits → [`Verdict`]: numbers into a probability one may quote and a label, with the reason for it.

mod calibration;
mod scaling;

pub use calibration::{Calibration, CalibrationError, OperatingPoint, Threshold, softmax};
pub use scaling::{Isotonic, Platt, Scaling, logit, shifted, sigmoid};

use crate::classifier::{Labels, Logits};
use crate::text::NotAssessed;
use crate::typology::{Context, IndicatorId, PatternId};

/// What a post is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// A trained reviewer should look at it.
    Suspect,
    /// Read, and below the operating point.
    Clear,
    /// Not read by the model; says nothing about the post.
    NotAssessed,
}

impl Label {
    /// Its spelling in findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Suspect => "suspect",
            Self::Clear => "clear",
            Self::NotAssessed => "not_assessed",
        }
    }
}

/// Why the label is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The probability against the operating point.
    Model,
    /// Likely a warning, news, a plea for help or ordinary talk: never suspect, however its words sound.
    Context,
    /// Under three words.
    TooShort,
    /// In a script that none of the model's languages uses.
    UnsupportedLanguage,
}

impl Reason {
    /// Its spelling in findings.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Context => "context",
            Self::TooShort => "too_short",
            Self::UnsupportedLanguage => "unsupported_language",
        }
    }
}

/// Calibrated probabilities of one post.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Of posts given 0.9, nine in ten are suspects on held-out data.
    pub p_suspect: f32,
    /// The model's own probability before calibration.
    pub raw: f32,
    /// Whether the context lets the post be suspect: what is likely a warning or small talk never is, whatever its probability.
    pub offer: bool,
    /// Likeliest context; none where the model has no such head.
    pub context: Option<(Context, f32)>,
    /// Patterns over their thresholds, likeliest first, those behind the first only where they are likely by themselves; the likeliest
    /// alone where none is over. Empty unless suspect. The head is
    /// calibrated on suspects, so its probability is multiplied by `p_suspect`: no pattern is likelier than that there is one.
    pub patterns: Vec<(PatternId, f32)>,
    /// None of the patterns is over its threshold: the one listed is merely the nearest.
    pub pattern_unclear: bool,
    /// Indicators over their thresholds, likeliest first.
    pub indicators: Vec<(IndicatorId, f32)>,
}

/// The label of one post, what the model said, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What it is called.
    pub label: Label,
    /// Why.
    pub reason: Reason,
    /// None where the model did not read the post.
    pub scores: Option<Scores>,
}

impl From<NotAssessed> for Verdict {
    fn from(why: NotAssessed) -> Self {
        let reason = match why {
            NotAssessed::TooShort => Reason::TooShort,
            NotAssessed::UnsupportedLanguage => Reason::UnsupportedLanguage,
        };
        Self { label: Label::NotAssessed, reason, scores: None }
    }
}

/// The least probability at which an indicator is shown that only the model sees: more likely than not. Rare ones do best by F1 far
/// lower, and a reviewer who is shown three wrong signs for a right one stops reading them.
const LEAST_SHOWN: f32 = 0.5;

/// The least probability at which a pattern is listed behind a likelier one. By its threshold alone, which serves to find a pattern by
/// itself, it is the wrong one in three of five cases on dev; from here on in one of three.
const LEAST_FURTHER: f32 = 0.6;

/// Judges posts of one model at one operating point.
#[derive(Debug, Clone)]
pub struct Judge {
    calibration: Calibration,
    labels: Labels,
    threshold: f32,
    /// Log-odds that the export's share of suspects adds.
    shift: f32,
}

impl Judge {
    /// A judge for a model with these labels.
    #[must_use]
    pub fn new(calibration: Calibration, labels: Labels, threshold: f32) -> Self {
        Self { calibration, labels, threshold, shift: 0.0 }
    }

    /// The judge of an export whose share of suspects moves log-odds by `shift`; see [`Calibration::shift_to`]. Probabilities
    /// move; the line moves with them, so the same posts are flagged.
    #[must_use]
    pub fn shifted(mut self, shift: f32) -> Self {
        self.shift = shift;
        self
    }

    /// The verdict on one post.
    #[must_use]
    pub fn judge(&self, logits: &Logits) -> Verdict {
        let p_fitted = self.calibration.suspect.apply(logits.suspect);
        let p_suspect = shifted(p_fitted, self.shift);
        let contexts = logits.context.map(|logits| softmax(&logits, self.calibration.context_temperature));
        let p_offer = contexts.map(|p| p[Context::Offer as usize]);
        let over = p_fitted >= self.threshold;
        let offer = p_offer.is_none_or(|p| p >= self.calibration.least_offer);
        let label = if over && offer { Label::Suspect } else { Label::Clear };
        let (patterns, pattern_unclear) =
            if label == Label::Suspect { self.patterns(logits, p_suspect) } else { (Vec::new(), false) };
        Verdict {
            label,
            reason: if over && !offer { Reason::Context } else { Reason::Model },
            scores: Some(Scores {
                p_suspect,
                raw: sigmoid(logits.suspect),
                offer,
                context: contexts.map(|p| likeliest(&p)),
                patterns,
                pattern_unclear,
                indicators: self.indicators(logits),
            }),
        }
    }

    /// The patterns of a suspect, the likeliest first, and whether none of them stands out.
    fn patterns(&self, logits: &Logits, p_suspect: f32) -> (Vec<(PatternId, f32)>, bool) {
        let all = self.labels.patterns.iter().zip(&logits.patterns).map(|(id, z)| (*id, self.calibration.pattern(*id), *z));
        let mut scored: Vec<_> = all.map(|(id, (platt, threshold), z)| (id, platt.apply(z), threshold)).collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let over = scored.iter().filter(|(_, p, threshold)| p >= threshold).enumerate();
        let shown = over.filter(|(at, (_, p, _))| *at == 0 || *p >= LEAST_FURTHER);
        let patterns: Vec<_> = shown.map(|(_, (id, p, _))| (*id, *p * p_suspect)).collect();
        match scored.first() {
            Some((id, p, _)) if patterns.is_empty() => (vec![(*id, *p * p_suspect)], true),
            _ => (patterns, false),
        }
    }

    /// The indicators that the model sees, the likeliest first.
    fn indicators(&self, logits: &Logits) -> Vec<(IndicatorId, f32)> {
        let all = self.labels.indicators.iter().zip(&logits.indicators).map(|(id, z)| (*id, self.calibration.indicator(*id), *z));
        let mut seen: Vec<_> = all
            .map(|(id, (platt, threshold), z)| (id, platt.apply(z), threshold))
            .filter(|(_, p, threshold)| *p >= threshold.max(LEAST_SHOWN))
            .map(|(id, p, _)| (id, p))
            .collect();
        seen.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        // Likelier ones stand before: of two that say the contrary the second goes.
        for at in (0..seen.len()).rev() {
            if seen[..at].iter().any(|(likelier, _)| likelier.opposes(seen[at].0)) {
                seen.remove(at);
            }
        }
        seen
    }
}

fn likeliest(p: &[f32; 5]) -> (Context, f32) {
    let mut best = 0;
    for at in 1..p.len() {
        if p[at] > p[best] {
            best = at;
        }
    }
    (Context::ALL[best], p[best])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_indicators_that_say_the_contrary_the_likelier_is_seen() {
        let [kept, taken, other] = ["keeps_documents", "passport_handover", "urgency"].map(|id| IndicatorId::parse(id).unwrap());
        assert!(kept.opposes(taken) && taken.opposes(kept), "each names the other");
        let labels = Labels { patterns: Vec::new(), indicators: vec![kept, taken, other] };
        let judge = Judge::new(Calibration::default(), labels, 0.5);
        for (z, expected) in [([1.0, 2.0, 1.5], [taken, other]), ([2.0, 1.0, 1.5], [kept, other])] {
            let logits =
                Logits { context: None, suspect: 2.0, patterns: Vec::new(), indicators: z.to_vec(), place_moves: Vec::new() };
            let seen: Vec<IndicatorId> = judge.judge(&logits).scores.unwrap().indicators.iter().map(|(id, _)| *id).collect();
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn a_suspect_has_a_pattern_and_one_under_its_threshold_is_said_to_be_merely_the_nearest() {
        let patterns: Vec<PatternId> = PatternId::all().take(2).collect();
        let judged = |patterns: Vec<PatternId>, logits: &[f32]| {
            let judge = Judge::new(Calibration::default(), Labels { patterns, indicators: Vec::new() }, 0.5);
            let logits = Logits {
                context: None,
                suspect: 2.0,
                patterns: logits.to_vec(),
                indicators: Vec::new(),
                place_moves: Vec::new(),
            };
            let scores = judge.judge(&logits).scores.unwrap();
            (scores.patterns.iter().map(|(id, _)| *id).collect::<Vec<_>>(), scores.pattern_unclear)
        };
        assert_eq!(judged(patterns.clone(), &[1.0, -1.0]), (vec![patterns[0]], false));
        assert_eq!(judged(patterns.clone(), &[-2.0, -1.0]), (vec![patterns[1]], true));
        assert_eq!(judged(patterns.clone(), &[1.0, 0.2]), (vec![patterns[0]], false), "0.55 is not enough for a second");
        assert_eq!(judged(patterns.clone(), &[1.0, 0.5]), (patterns.clone(), false));
        assert_eq!(judged(Vec::new(), &[]), (Vec::new(), false), "a model without patterns has none that is unclear");
    }
}
