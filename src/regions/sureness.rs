//! How sure each way of reading a part from the words is, and the steps between these ways.
//!
//! `roles` and `sums` give a place the value of the way it was found; `inference` asks on which step it stands. Both ladders are in this
//! file because a value moved over a step changes what the weights of `inference.tsv` were fitted to; the test below holds where each
//! stands.

use crate::classifier::PARTS;

// Values were measured on labelled posts and rounded to the nearest twentieth. The share of an ambiguous name multiplies them.
/// A cue beside the place says that the offer leads there.
pub(super) const CUED_DESTINATION: f32 = 0.9;
/// The only place of an offer.
pub(super) const SOLE_PLACE: f32 = 0.9;
/// The first of several places without a cue.
pub(super) const FIRST_OF_PLACES: f32 = 0.45;
/// A flag.
pub(super) const ONLY_A_FLAG: f32 = 0.45;
/// A place in a text that offers nothing.
pub(super) const NOTHING_OFFERED: f32 = 0.4;
/// A later one of several places without a cue.
pub(super) const ONE_OF_PLACES: f32 = 0.3;

/// A licence of a country's authority, where the offer leads abroad.
pub(super) const LICENSED_ORIGIN: f32 = 0.9;
/// A cue beside the place says that people come from there.
pub(super) const CUED_ORIGIN: f32 = 0.8;
/// People are recruited there.
pub(super) const RECRUITED_ORIGIN: f32 = 0.65;
/// A place at home beside a destination abroad.
pub(super) const HOME_BESIDE_ABROAD: f32 = 0.6;
/// A word for people of a country without a cue.
pub(super) const LOOSE_DEMONYM: f32 = 0.45;

/// A place that is named and plays no part.
pub(super) const MENTIONED: f32 = 0.9;

/// From here on a destination stands by a cue or as the only place of an offer.
pub(super) const BY_CUE: f32 = 0.8;
/// Below this a destination is one of several.
pub(super) const ONE_OF_SEVERAL: f32 = 0.4;
/// From here on an origin stands by a cue, or it is at home beside a destination abroad.
pub(super) const ORIGIN_BY_CUE: f32 = 0.6;
/// From here on the words say so, for destinations and for origins, and no weighing takes it back.
pub(super) const STATED: [f32; PARTS] = [0.85, 0.8];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_reading_stands_on_its_step() {
        for stated in [CUED_DESTINATION, SOLE_PLACE] {
            assert!(stated >= STATED[0].max(BY_CUE));
        }
        for likely in [FIRST_OF_PLACES, ONLY_A_FLAG, NOTHING_OFFERED] {
            assert!((ONE_OF_SEVERAL..BY_CUE).contains(&likely));
        }
        const { assert!(ONE_OF_PLACES < ONE_OF_SEVERAL) }
        assert!([LICENSED_ORIGIN, CUED_ORIGIN].iter().all(|stated| *stated >= STATED[1]));
        assert!([RECRUITED_ORIGIN, HOME_BESIDE_ABROAD].iter().all(|by_cue| (ORIGIN_BY_CUE..STATED[1]).contains(by_cue)));
        const { assert!(LOOSE_DEMONYM < ORIGIN_BY_CUE) }
    }
}
