//! Numbers with one and the same odd thing between their groups: "050:123:4567", "+971=50=123=4567", each group on a line. Whatever
//! figure follows with something else before it is none of theirs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::phone::{is_cued, is_hour};
use super::shapes::regex;

/// Groups with anything between them but letters.
static PARTED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^|\P{N})((?:\+[ ]?)?[0-9]{1,5}(?:[^\p{L}\p{N}]{1,4}[0-9]{2,4}){2,5})(?:\P{N}|$)"));

/// Groups of a number at least, its digits without a plus, and those of a first group that begins with a zero: "08:30:15" is an hour.
const FEWEST_GROUPS: usize = 3;
const FEWEST_DIGITS: usize = 9;
const MOST_DIGITS: usize = 12;
const SHORTEST_FIRST: usize = 3;

/// The numbers of a folded text.
pub(super) fn numbers(folded: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(row) = PARTED.captures_at(folded, from).and_then(|captures| captures.get(1)) {
        let number = number(folded, row.range());
        // What is no number from its first group on may be one from its second.
        let behind_first = row.as_str().trim_start_matches(['+', ' ']).trim_start_matches(|c: char| c.is_ascii_digit());
        from = number.as_ref().map_or(row.end() - behind_first.len(), |number| number.end);
        found.extend(number);
    }
    found
}

/// The first groups of a row that have the same between any two, if they are a number to call.
fn number(folded: &str, row: Range<usize>) -> Option<Range<usize>> {
    let written = &folded[row.clone()];
    let groups = groups(written);
    let separator = &written[groups[0].end..groups.get(1)?.start];
    let same = groups.windows(2).take_while(|pair| written[pair[0].end..pair[1].start] == *separator).count();
    let is_abroad = written.starts_with('+');
    let mut own = &groups[..=same];
    while digits(own) > MOST_DIGITS + usize::from(is_abroad) {
        own = &own[..own.len() - 1];
    }
    let begins = is_abroad || written.starts_with('0') && groups[0].len() >= SHORTEST_FIRST;
    // One without zero or plus needs somebody who says "call", and something that parts no list.
    let is_called = || !separator.contains(['\n', ',', ';', '+']) && is_cued(&folded[..row.start]);
    // Nor are hours of shifts one, each on a line.
    let are_hours = own.iter().all(|group| is_hour(&written[group.clone()]));
    let is_number = own.len() >= FEWEST_GROUPS && digits(own) >= FEWEST_DIGITS && is_odd(separator) && !are_hours;
    (is_number && (begins || is_called())).then(|| row.start..row.start + own[own.len() - 1].end)
}

/// What parts thousands, or numbers as everybody writes them, is not odd.
fn is_odd(separator: &str) -> bool {
    separator != "," && !matches!(separator.trim_matches(' '), "" | "-" | "." | "/" | "·" | "'" | "’")
}

fn digits(groups: &[Range<usize>]) -> usize {
    groups.iter().map(ExactSizeIterator::len).sum()
}

/// Rows of digits, where they stand.
fn groups(written: &str) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (at, _) in written.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match groups.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => groups.push(at..at + 1),
        }
    }
    groups
}
