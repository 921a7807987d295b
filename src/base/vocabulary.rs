//! [`Kept`]: which pieces of the pretrained vocabulary a model keeps.
//!
//! The pretrained vocabulary has 250,002 pieces; a table of all of them would be 54 MB.
//! `datasets/vocabulary/kept.txt` keeps 102,712: characters, each script's most frequent pieces, what our posts use, what word lists of 40
//! languages need.
//! On the first round of posts (`*1.jsonl*` and `anglo2`, which the list has seen) it costs 3.5 % more tokens than the whole vocabulary,
//! on the rounds up to the sixth (`*[2-6].jsonl*` without `anglo2`) 6.5 %: Kazakh 19 %, German 15, Turkish 15, Bulgarian 13, Romanian 12,
//! Uzbek 11, Italian and Ukrainian 10, Malay, Urdu and Swahili 9, the others less (`datasets/vocabulary/fertility.py`).

use super::BaseError;

/// Ids of kept pieces, ascending; the position in the list is the new id.
pub struct Kept(Vec<usize>);

impl Kept {
    /// The list shipped with this version; `datasets/vocabulary/` says how it was made.
    pub fn shipped() -> Result<Self, BaseError> {
        Self::parse(include_str!("../../datasets/vocabulary/kept.txt"))
    }

    /// Ranges `A-B` or single ids, separated by white space, ascending; `#` begins a comment line.
    pub fn parse(list: &str) -> Result<Self, BaseError> {
        let mut ids: Vec<usize> = Vec::new();
        for (number, line) in list.lines().enumerate() {
            let failed = |reason: String| BaseError::Kept { line: number + 1, reason };
            for range in line.split_whitespace().take_while(|_| !line.starts_with('#')) {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let number = |digits: &str| digits.parse::<usize>().map_err(|_| failed(format!("`{range}` is no range of ids")));
                let (first, last) = (number(first)?, number(last)?);
                if first > last || ids.last().is_some_and(|before| *before >= first) {
                    return Err(failed(format!("`{range}` does not ascend")));
                }
                ids.extend(first..=last);
            }
        }
        Ok(Self(ids))
    }

    /// The old ids.
    #[must_use]
    pub fn ids(&self) -> &[usize] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_become_ids() {
        let kept = Kept::parse("# kept\n0-3 7\n9-10\n").map(|kept| kept.0);
        assert_eq!(kept.ok(), Some(vec![0, 1, 2, 3, 7, 9, 10]));
    }

    #[test]
    fn a_list_that_does_not_ascend_is_refused_by_line() {
        let error = Kept::parse("0-3\n2-5\n").err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("line 2 of the list of kept pieces: `2-5` does not ascend"));
    }
}
