//! What is still owed to each side of each stratum.
//!
//! Groups are dealt in the order of Sechidis et al. 2011 ("On the stratification of multi-label data"): rarest stratum first. The
//! side is chosen by all strata of a group at once; by the rarest alone, as there, the commonest pattern gets what is left over.

use std::collections::BTreeMap;

use super::{Record, Split};

/// Strata of all groups, and what each side lacks of them.
pub(super) struct Quotas<'r> {
    /// Stratum → records it lacks on each side.
    lacks: BTreeMap<String, [f64; 3]>,
    /// Stratum → records.
    sizes: BTreeMap<String, usize>,
    /// Stratum → records of groups without a side.
    open: BTreeMap<String, usize>,
    /// Group → its strata with the records it has of each.
    strata: BTreeMap<&'r str, BTreeMap<String, usize>>,
}

/// Every record is of this one.
const ALL: &str = "all";

impl<'r> Quotas<'r> {
    pub(super) fn new(members: &BTreeMap<&'r str, Vec<&Record>>) -> Self {
        let mut quotas = Self { lacks: BTreeMap::new(), sizes: BTreeMap::new(), open: BTreeMap::new(), strata: BTreeMap::new() };
        for (group, records) in members {
            let strata = quotas.strata.entry(group).or_default();
            for stratum in records.iter().flat_map(|record| strata_of(record)) {
                *quotas.open.entry(stratum.clone()).or_default() += 1;
                *strata.entry(stratum).or_default() += 1;
            }
        }
        let owed = |(stratum, count): (&String, &usize)| (stratum.clone(), Split::ALL.map(|side| side.share() * *count as f64));
        quotas.sizes.clone_from(&quotas.open);
        quotas.lacks = quotas.open.iter().map(owed).collect();
        quotas
    }

    /// Gives a group a side.
    pub(super) fn take(&mut self, group: &str, side: Split) {
        for (stratum, count) in &self.strata[group] {
            if let Some(lacks) = self.lacks.get_mut(stratum) {
                lacks[side as usize] -= *count as f64;
            }
            if let Some(open) = self.open.get_mut(stratum) {
                *open -= count;
            }
        }
    }

    /// The first of the open groups that is in the stratum with the fewest records left to deal.
    pub(super) fn most_urgent(&self, open: &[&'r str]) -> Option<&'r str> {
        let (rarest, _) = self.open.iter().filter(|(_, left)| **left > 0).min_by_key(|(_, left)| **left)?;
        open.iter().find(|group| self.strata[*group].contains_key(rarest)).copied()
    }

    /// The side to which the group adds least to (what a stratum has − what it is owed)² / what it is owed, over all its strata.
    pub(super) fn neediest(&self, group: &str) -> Split {
        let cost = |side: Split| -> f64 {
            let of = |(stratum, count): (&String, &usize)| {
                let (count, lacks) = (*count as f64, self.lacks[stratum][side as usize]);
                count * (count - 2.0 * lacks) / (side.share() * self.sizes[stratum] as f64)
            };
            self.strata[group].iter().map(of).sum()
        };
        Split::ALL.into_iter().min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(Split::Train)
    }
}

fn strata_of(record: &Record) -> Vec<String> {
    let class = if record.label.suspect { "suspect" } else { "clear" };
    let mut strata = vec![
        ALL.to_owned(),
        format!("language {}", record.lang),
        format!("language {} {class}", record.lang),
        format!("context {} {class}", record.label.context.id()),
    ];
    strata.extend(record.label.patterns.iter().map(|pattern| format!("pattern {}", pattern.id())));
    strata
}
