//! Records → [`Inventory`]: what a set holds, how varied it is, and what could be learnt from it without reading.

mod counts;
mod diversity;
mod neighbours;

use super::figure::{Bound, Figure, Unit};
use super::probe::probe;
use super::table::Table;
use crate::labelled::{Record, Split, all_near_duplicates, splits};

/// English may be no more than this share: the product is for every language.
const ENGLISH: f64 = 0.18;
/// Records that share a long run of words with another, at most.
const SHARED_RUN: f64 = 0.02;
/// What a classifier that cannot read may score above the base rate of a language, at most.
const SHORTCUT: f64 = 0.10;

/// What a set holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    /// The numbers in brief, with their bounds.
    pub figures: Vec<Figure>,
    /// The numbers at length.
    pub tables: Vec<Table>,
}

impl Inventory {
    /// Takes stock. `real` are posts of others, to compare openings and lengths with; there may be none.
    #[must_use]
    pub fn of(records: &[Record], real: &[Record]) -> Self {
        let probed = probe(records);
        // Sides as the set keeps them: making them anew would mend what is to be found.
        let dealt = splits(records);
        let sides: Vec<Split> = records.iter().zip(dealt).map(|(record, dealt)| record.split.unwrap_or(dealt)).collect();
        let texts: Vec<&str> = records.iter().map(|record| record.text.as_str()).collect();
        let leaks = all_near_duplicates(&texts).into_iter().filter(|(a, b)| sides[*a] != sides[*b]).count();
        let mut figures = counts::figures(records);
        figures.extend(neighbours::figures(records));
        figures.push(
            Figure::share("records sharing an 8-word run outside their group", diversity::shared_runs(records), records.len())
                .bounded(Bound::AtMost(SHARED_RUN)),
        );
        figures.push(Figure::count("near-duplicate pairs across the split", leaks).bounded(Bound::AtMost(0.0)));
        figures.push(
            Figure::new("shortcut probe above the base rate, mean over records", probed.mean_excess(), Unit::Score, None)
                .bounded(Bound::AtMost(SHORTCUT)),
        );
        figures.push(Figure::new("shortcut probe, worst language tag", probed.worst_excess(), Unit::Score, None));
        figures.push(Figure::count("shortcut probe, language tags above 0.100", probed.languages_above(SHORTCUT)));
        let tables = vec![
            counts::languages(records),
            counts::patterns(records, &sides),
            counts::contexts(records),
            counts::indicators(records),
            neighbours::offers(records),
            neighbours::addressees(records),
            counts::sides(records, &sides),
            diversity::openings(records, real),
            diversity::lengths(records, real),
            probed.table(),
            probed.leans(),
        ];
        Self { figures, tables }
    }
}
