//! Where money is sent: cryptocurrency wallets, IBANs (`ibans.tsv` has their lengths), addresses for payments by telephone.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::shapes::regex;

/// Bitcoin, Litecoin, Ethereum (also in groups), Tron, Dogecoin, Ripple; the word for the coin may be glued to it.
static WALLET: LazyLock<Regex> = LazyLock::new(|| {
    let base58 = "[1-9A-HJ-NP-Za-km-z]";
    regex(&format!(
        r"(?-u:\b)(?i:usdt|trc20|trx|btc|eth|ltc|doge|xrp|wallet|address)?(0[xX](?:[ \-\n]?[0-9a-fA-F]){{40}}|(?:[bB][cC]1|ltc1)[a-zA-Z0-9]{{25,87}}|T{base58}{{33}}|D[5-9A-HJ-NP-U]{base58}{{32}}|[13LMr]{base58}{{25,34}}|{base58}{{43,44}})(?-u:\b)"
    ))
});

/// Wallets in one piece in model text: capitals matter.
pub(super) fn wallets(model: &str) -> impl Iterator<Item = Range<usize>> {
    WALLET
        .captures_iter(model)
        .filter_map(|found| found.get(1))
        .filter(|found| is_wallet(found.as_str()) && !is_in_a_link(&model[..found.start()]))
        .map(|found| found.range())
}

/// Base 58 mixes digits and letters of both cases; a row of digits or a word does not.
fn is_wallet(found: &str) -> bool {
    let has = |test: fn(&u8) -> bool| found.bytes().any(|byte| test(&byte));
    has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && (found.starts_with("0x")
            || found.starts_with("0X")
            || found.starts_with("ltc1")
            || found.to_ascii_lowercase().starts_with("bc1")
            || has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase))
}

/// Whether what stands before it is the beginning of a link, which is hidden whole: a host with its slash.
fn is_in_a_link(before: &str) -> bool {
    let near = before.char_indices().rev().nth(LONGEST_LINK).map_or(before, |(at, _)| &before[at..]);
    let word = near.rsplit(char::is_whitespace).next().unwrap_or_default();
    let address = word.split_once("://").map_or(word, |(_, address)| address);
    let ending = address.split_once('/').and_then(|(host, _)| Some(host.rsplit_once('.')?.1));
    ending.is_some_and(|ending| ending.len() > 1 && ending.chars().all(char::is_alphabetic))
}

/// How far before a wallet its link may begin, in characters.
const LONGEST_LINK: usize = 200;

/// An address for payments by telephone, as India's banks and apps end it.
static PAYEE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?-u:\b)[a-z0-9][a-z0-9._\-]+@(?:ok(?:axis|sbi|icici|hdfcbank)|ybl|ibl|axl|paytm|pt(?:yes|sbi|axis|hdfc)|upi|apl|yapl|rapl|waaxis|wahdfcbank|waicici|wasbi|axisbank|hdfcbank|icici|sbi|ikwik|freecharge|jupiteraxis|yesbank|kotak)(?-u:\b)",
    )
});

static IBAN_START: LazyLock<Regex> = LazyLock::new(|| regex(r"(?-u:\b)[a-z]{2}[ ]?[0-9]{2}"));

/// IBANs and payment addresses of a folded text.
pub(super) fn accounts(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let payees = folded.contains('@').then(|| PAYEE.find_iter(folded)).into_iter().flatten();
    // "name@upi.example" is mail.
    let is_payee = |end: usize| !folded[end..].strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let payees = payees.map(|found| found.range()).filter(move |range| is_payee(range.end));
    let ibans = IBAN_START.find_iter(folded).filter_map(|found| Some(found.start()..iban_end(folded, found.start())?));
    payees.chain(ibans)
}

/// Where the IBAN that begins at `start` ends: as many letters and digits as its country's have, single signs between them.
fn iban_end(folded: &str, start: usize) -> Option<usize> {
    let code = folded.get(start..start + 2)?;
    let lines = include_str!("ibans.tsv").lines().filter_map(|line| line.split_once('\t'));
    let length: usize = lines.into_iter().find(|(country, _)| country.eq_ignore_ascii_case(code))?.1.parse().ok()?;
    let (mut taken, mut digits, mut parted) = (String::new(), 0, false);
    for (at, c) in folded[start..].char_indices() {
        if c.is_ascii_alphanumeric() {
            taken.push(c);
            (digits, parted) = (digits + usize::from(c.is_ascii_digit()), false);
            if taken.len() == length {
                let end = start + at + 1;
                let goes_on = folded[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
                // Most of an account is digits; words have none.
                return (digits * 2 >= length && !goes_on && has_right_check_digits(&taken)).then_some(end);
            }
        } else if parted || !matches!(c, ' ' | '-' | '\n' | '.') {
            return None;
        } else {
            parted = true;
        }
    }
    None
}

/// ISO 13616: the first four characters behind the rest, letters as 10 to 35, leave 1 when divided by 97. Opening hours do not.
fn has_right_check_digits(iban: &str) -> bool {
    let (front, rest) = iban.split_at(4);
    let left = rest.chars().chain(front.chars()).filter_map(|c| c.to_digit(36)).fold(0, |left, value| {
        let shift = if value > 9 { 100 } else { 10 };
        (left * shift + value) % 97
    });
    left == 1
}

/// The one spelling of an account: an IBAN in capitals and without spaces, a payment address in small letters, a wallet as it is.
pub(super) fn plain(model: &str) -> String {
    let joined: String = model.split_whitespace().collect();
    let small = joined.to_ascii_lowercase();
    if iban_end(&small, 0).is_some() {
        return small.to_ascii_uppercase().replace(['-', '.'], "");
    }
    if joined.contains('@') { small } else { joined.replace('-', "") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_as_long_as_its_country_says() {
        let found = |text: &str| accounts(text).map(|at| text[at].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("to fr14 2004 1010 0505 0001 3m02 606 now"), ["fr14 2004 1010 0505 0001 3m02 606"]);
        assert!(found("class de 12 of 2024 and so on for all of us").is_empty());
        assert_eq!(plain("FR14 2004 1010 0505 0001 3M02 606"), "FR1420041010050500013M02606");
    }
}
