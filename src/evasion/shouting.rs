//! Capitals from some word on, mostly from the first: "WORK ABROAD, NO FEES".

use fastrand::Rng;

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    let words = text.split_whitespace().count();
    let spared = if random.bool() { 0 } else { random.usize(..=words / 3) };
    let written = text.split_inclusive(char::is_whitespace).scan(0, |seen, word| {
        let shouts = *seen >= spared;
        *seen += usize::from(!word.trim().is_empty());
        // Addresses and handles would lead elsewhere.
        Some(if shouts && !word.contains(['/', '@']) { word.to_uppercase() } else { word.to_owned() })
    });
    written.collect()
}
