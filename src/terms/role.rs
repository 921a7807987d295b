//! [`Role`]: whether a sum is a wage or is asked for, by the words nearest to it.
//!
//! "You pay 500 USD for visa, salary 900 euros" names both. The nearest word for pay or for a fee in its clause says what a sum is, and one
//! that stands before it rather than one as near behind: "visa fee 500 USD salary". A word right before the next sum speaks of that one.

use std::ops::Range;
use std::sync::LazyLock;

use super::words::{
    NEAR, NEAR_PAY, clause_behind, ends_clause, find_word, first_word, nearest_before, plain_words, precedes, words,
};

/// What a sum is to the reader of the advert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Wage,
    Fee,
}

/// Words for pay, those among them that people say of fees as well: "just pay 500".
static PAY: LazyLock<Vec<String>> = LazyLock::new(|| words("pay_before"));
static WAGES: LazyLock<Vec<String>> = LazyLock::new(|| plain_words("pay_before"));
/// Words for pay, and what people say only behind it.
static WAGES_BEHIND: LazyLock<Vec<String>> = LazyLock::new(|| [plain_words("pay_before"), words("pay_behind")].concat());
static PAY_BEHIND: LazyLock<Vec<String>> = LazyLock::new(|| [words("pay_before"), words("pay_behind")].concat());
static FEES: LazyLock<Vec<String>> = LazyLock::new(|| words("fee_before"));
static FEES_BEHIND: LazyLock<Vec<String>> = LazyLock::new(|| words("fee_behind"));
static PAID_BY_US: LazyLock<Vec<String>> = LazyLock::new(|| words("paid_by_us"));
static FREE_OF: LazyLock<Vec<String>> = LazyLock::new(|| words("free_of"));

/// How far a word stands from its sum, in bytes; of two as far, the one before it is nearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Distance {
    bytes: usize,
    behind: bool,
}

/// What the nearest word makes of a sum; `next` is where the next sum begins.
pub(super) fn role(text: &str, sum: &Range<usize>, next: Option<usize>) -> Option<Role> {
    let wage = [before(text, &WAGES, sum.start), behind(text, &WAGES_BEHIND, sum.end, next)].into_iter().flatten().min();
    match (fee(text, sum, next), wage) {
        (Some(fee), Some(wage)) if wage < fee => Some(Role::Wage),
        (Some(_), _) => Some(Role::Fee),
        (None, Some(_)) => Some(Role::Wage),
        (None, None) => None,
    }
}

/// Whether a word for a fee stands by a sum, before it or as the name of a fee behind: "350,000 naira processing fee".
pub(super) fn is_asked(text: &str, sum: &Range<usize>) -> bool {
    fee(text, sum, None).is_some()
}

/// Whether a word for pay ends right before a place.
pub(super) fn follows_pay(text: &str, at: usize) -> bool {
    precedes(text, &PAY, at)
}

/// Whether a word for pay stands in the clause before a figure or behind it: "70 हज़ार की कमाई".
pub(super) fn is_near_pay(text: &str, figure: &Range<usize>) -> bool {
    nearest_before(text, &PAY, figure.start, NEAR).is_some()
        || first_word(clause_behind(text, figure.end, NEAR), &PAY_BEHIND).is_some()
}

fn fee(text: &str, sum: &Range<usize>, next: Option<usize>) -> Option<Distance> {
    [before(text, &FEES, sum.start), behind(text, &FEES_BEHIND, sum.end, next)].into_iter().flatten().min()
}

/// How far before a place the last of the words stands that nothing takes back: "no deposit 2000 USD", "training provided 2000 USD".
fn before(text: &str, words: &[String], at: usize) -> Option<Distance> {
    let none = |part: &str, words: &[String]| words.iter().all(|word| find_word(part, word).is_none());
    nearest_before(text, words, at, NEAR_PAY)
        .filter(|(before, between)| none(before, &FREE_OF) && none(between, &PAID_BY_US))
        .map(|(_, between)| Distance { bytes: between.len(), behind: false })
}

/// How far behind a place the first of the words stands; none of "900 USD without any fees".
fn behind(text: &str, words: &[String], at: usize, next: Option<usize>) -> Option<Distance> {
    let clause = clause_behind(text, at, NEAR);
    let word = first_word(clause, words)?;
    let free = FREE_OF.iter().any(|free| find_word(&clause[..word.start], free).is_some());
    let of_next = next.filter(|next| *next >= at + word.end).is_some_and(|next| {
        let between = &text[at + word.end..next];
        between.len() <= word.start && !between.contains(ends_clause)
    });
    (!free && !of_next).then_some(Distance { bytes: word.start, behind: true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    /// What the sum `figure` of a text is, `next` being the one behind it.
    fn of(text: &str, figure: &str, next: Option<&str>) -> Option<Role> {
        let text = fold(text);
        let start = text.find(figure).unwrap();
        role(&text, &(start..start + figure.len()), next.map(|next| text.find(next).unwrap()))
    }

    #[test]
    fn the_nearest_word_says_what_a_sum_is() {
        for (text, fee, wage) in [
            ("visa fee 500 usd salary 900 euro", "500 usd", "900 euro"),
            ("du zahlst 500 euro, lohn 900 euro", "500 euro", "900 euro"),
            ("взнос 5000 руб зарплата 80000 руб", "5000 руб", "80000 руб"),
            ("phí 5 triệu lương 20 triệu", "5 trieu", "20 trieu"),
            ("रजिस्ट्रेशन फीस 500 वेतन 20000", "500", "20000"),
        ] {
            assert_eq!(of(text, fee, Some(wage)), Some(Role::Fee), "{text}");
            assert_eq!(of(text, wage, None), Some(Role::Wage), "{text}");
        }
        // The mirror: the word for a fee before the second sum is not the first one's.
        assert_eq!(of("salary 900 euro visa fee 500 usd", "900 euro", Some("500 usd")), Some(Role::Wage));
        assert_eq!(of("salary 900 euro visa fee 500 usd", "500 usd", None), Some(Role::Fee));
        assert_eq!(of("please pay 500 usd registration fee", "500 usd", None), Some(Role::Fee));
        assert_eq!(of("room 204, 500 usd", "500 usd", None), None);
    }
}
