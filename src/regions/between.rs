//! What stands between two places: the "and" of a list, or a word that leads from the one to the other.
//!
//! In: neighbouring sightings and the folded text. Out: whether they are one list, or one way. `between.tsv` has the words.

use std::sync::LazyLock;

use super::gazetteer::Sighting;
use super::tables;
use crate::text::fold;

/// The rows of `between.tsv`, folded.
struct Between {
    and: Vec<String>,
    leads_to: Vec<String>,
    leads_from: Vec<String>,
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static BETWEEN: LazyLock<Between> = LazyLock::new(|| {
    let folded = |kind: &str| {
        let row = tables::rows(include_str!("between.tsv")).find(|[name, _]| *name == kind);
        row.map(|[_, words]| words.split(' ').map(fold).collect()).expect("between.tsv has a row of each kind")
    };
    Between { and: folded("and"), leads_to: folded("leads_to"), leads_from: folded("leads_from") }
});

/// The text between two neighbours; names never overlap, but flags are found apart.
pub(super) fn between<'a>(folded: &'a str, one: &Sighting, next: &Sighting) -> &'a str {
    &folded[one.end.min(next.start)..next.start]
}

/// "Thailand, Cambodia and Laos": between two members stand separators and at most one short word.
pub(super) fn in_one_list(gap: &str) -> bool {
    let separator = |c: char| c.is_whitespace() || ",、،/&+-|()".contains(c);
    let words: Vec<&str> = gap.split(separator).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => !gap.is_empty() && !gap.contains('\n') && gap.len() <= 6,
        [word] => is_among(&BETWEEN.and, word),
        _ => false,
    }
}

/// Whether a word between two places, or the ending of the first, leads to the second.
pub(super) fn leads_on(folded: &str, one: &Sighting, gap: &str) -> bool {
    let (ending, word) = (&folded[one.name_end..one.end], gap.trim());
    // Turkish sets the ending of a name off; the next name must still be another word.
    let set_off =
        gap.strip_prefix('\'').filter(|_| gap.ends_with(' ')).is_some_and(|rest| is_among(&BETWEEN.leads_from, rest.trim()));
    let written_on = word.is_empty() && is_among(&BETWEEN.leads_from, ending.trim_start_matches('\''));
    set_off || written_on || is_among(&BETWEEN.leads_to, word)
}

fn is_among(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known == word)
}
