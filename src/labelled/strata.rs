//! What is still owed to each side of each stratum (Sechidis et al. 2011, "On the stratification of multi-label data").

use std::collections::BTreeMap;

use super::{Record, Split};

/// Strata of all groups, and what each side lacks of them.
pub(super) struct Quotas<'r> {
    /// Stratum → records it lacks on each side.
    lacks: BTreeMap<String, [f64; 3]>,
    /// Stratum → records of groups without a side.
    open: BTreeMap<String, usize>,
    /// Group → its strata with the records it has of each.
    strata: BTreeMap<&'r str, BTreeMap<String, usize>>,
}

/// Every record is of this one.
const ALL: &str = "all";

impl<'r> Quotas<'r> {
    pub(super) fn new(members: &BTreeMap<&'r str, Vec<&Record>>) -> Self {
        let mut quotas = Self { lacks: BTreeMap::new(), open: BTreeMap::new(), strata: BTreeMap::new() };
        for (group, records) in members {
            let strata = quotas.strata.entry(group).or_default();
            for stratum in records.iter().flat_map(|record| strata_of(record)) {
                *quotas.open.entry(stratum.clone()).or_default() += 1;
                *strata.entry(stratum).or_default() += 1;
            }
        }
        let owed = |(stratum, count): (&String, &usize)| (stratum.clone(), Split::ALL.map(|side| side.share() * *count as f64));
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

    /// The side that lacks most records of the group's rarest stratum; among equals what it lacks of the commoner ones decides.
    pub(super) fn neediest(&self, group: &str) -> Split {
        let mut strata: Vec<&String> = self.strata[group].keys().collect();
        strata.sort_by_key(|stratum| self.open[*stratum]);
        let need = |side: Split| strata.iter().map(|stratum| self.lacks[*stratum][side as usize]).collect::<Vec<_>>();
        let more = |a: &Vec<f64>, b: &Vec<f64>| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal);
        Split::ALL.into_iter().max_by(|a, b| more(&need(*a), &need(*b))).unwrap_or(Split::Train)
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
