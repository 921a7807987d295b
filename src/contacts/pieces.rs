//! Wallets that somebody has cut in pieces: `TJRab… Zy45… cjin…`. Their own checksum says that the pieces belong together; words of a
//! sentence have none.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::shapes::regex;

/// Tron, Bitcoin, Litecoin, Dogecoin.
static START: LazyLock<Regex> = LazyLock::new(|| regex(r"(?-u:\b)(?:[T13LMD]|bc1|ltc1)"));

/// Pieces of an address at most: one of 62 characters in fours has sixteen.
const MOST_PIECES: usize = 20;

/// Signs between two pieces at most.
const WIDEST_GAP: usize = 2;

/// Characters of the longest address.
const LONGEST: usize = 63;

/// Characters of a Tron address.
const TRON: usize = 34;

/// Bytes of an address in base 58: a version, a hash of twenty bytes, four to check them by.
const DECODED: usize = 25;
const CHECKED: usize = 21;

const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BECH32: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// Wallets in two or more pieces in model text: capitals matter.
pub(super) fn wallets(model: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for start in START.find_iter(model).map(|found| found.start()) {
        let is_free = found.last().is_none_or(|last| last.end <= start);
        if is_free && let Some(end) = end(model, start) {
            found.push(start..end);
        }
    }
    found
}

/// Where the address whose first piece begins at `start` ends.
fn end(model: &str, start: usize) -> Option<usize> {
    let mut pieces: Vec<&str> = Vec::new();
    let mut joined = String::new();
    let mut at = start;
    while pieces.len() < MOST_PIECES {
        let rest = &model[at..];
        let piece = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())];
        if piece.is_empty() || joined.len() + piece.len() > LONGEST {
            return None;
        }
        pieces.push(piece);
        joined.push_str(piece);
        at += piece.len();
        if pieces.len() > 1 && is_address(&joined, &pieces) {
            return Some(at);
        }
        let behind = &model[at..];
        let gap = behind.len() - behind.trim_start_matches([' ', '\n', '-']).len();
        if !(1..=WIDEST_GAP).contains(&gap) {
            return None;
        }
        at += gap;
    }
    None
}

fn is_address(joined: &str, pieces: &[&str]) -> bool {
    if joined.starts_with("bc1") || joined.starts_with("ltc1") {
        return has_bech32_checksum(joined);
    }
    let has = |test: fn(&u8) -> bool| joined.bytes().any(|byte| test(&byte));
    (26..=35).contains(&joined.len())
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && (has_base58_checksum(joined) || is_like_tron(joined, pieces))
}

/// Mistyped or not: as long as an address of Tron, and no piece is a word.
fn is_like_tron(joined: &str, pieces: &[&str]) -> bool {
    let is_word = |piece: &&str| {
        let capital_within =
            piece.bytes().zip(piece.bytes().skip(1)).any(|(one, other)| one.is_ascii_lowercase() && other.is_ascii_uppercase());
        !capital_within && !piece.bytes().any(|byte| byte.is_ascii_digit())
    };
    joined.len() == TRON
        && joined.starts_with('T')
        && joined.bytes().all(|byte| BASE58.contains(&byte))
        && !pieces.iter().any(is_word)
}

/// `Base58Check`: the last four bytes are the first of a hash of a hash of the others.
fn has_base58_checksum(address: &str) -> bool {
    let mut bytes = [0_u8; DECODED];
    for symbol in address.bytes() {
        let Some(mut carry) = BASE58.iter().position(|own| *own == symbol) else { return false };
        for byte in bytes.iter_mut().rev() {
            carry += 58 * usize::from(*byte);
            *byte = (carry % 256) as u8;
            carry /= 256;
        }
        if carry > 0 {
            return false;
        }
    }
    let (payload, checksum) = bytes.split_at(CHECKED);
    Sha256::digest(Sha256::digest(payload)).starts_with(checksum)
}

/// BIP 173 and BIP 350.
fn has_bech32_checksum(address: &str) -> bool {
    let Some((prefix, data)) = address.rsplit_once('1') else { return false };
    let high = prefix.bytes().map(|byte| u32::from(byte >> 5));
    let low = prefix.bytes().map(|byte| u32::from(byte & 31));
    let mut values: Vec<u32> = high.chain([0]).chain(low).collect();
    for symbol in data.bytes() {
        let Some((value, _)) = (0..).zip(BECH32).find(|(_, own)| **own == symbol) else { return false };
        values.push(value);
    }
    matches!(remainder(&values), 1 | 0x2bc8_30a3)
}

fn remainder(values: &[u32]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.iter().fold(1, |sum, value| {
        let top = sum >> 25;
        let shifted = ((sum & 0x01ff_ffff) << 5) ^ value;
        (0..).zip(GENERATOR).filter(|(bit, _)| (top >> bit) & 1 == 1).fold(shifted, |sum, (_, generator)| sum ^ generator)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_pieces_is_told_by_its_checksum() {
        for address in [
            "TJRabPrwbZy45 sbavf cjinPJC18kjpRTv8",
            "TJRabPrwb\nZy45sbavf cjinPJC18 kjpRTv8",
            "bc1q ar0s rrr7 xfkv y5l6 43ly dnw9 re59 gtzz wf5m dq",
            "bc1qar0srrr7xfkvy5l643lydnw9-re59gtzzwf5mdq",
        ] {
            let text = format!("Transfer the fee to {address} today");
            assert_eq!(wallets(&text).iter().map(|at| &text[at.clone()]).collect::<Vec<_>>(), [address]);
        }
        for words in [
            "The Driver Must Have 2 Years Of Driving",
            "TJRabPrwbZy45 sbavf cjinPJC18kjpRTv9",
            "3 Dogs 1 Master 12 Months Dubai 2026",
            "bc1q ar0s rrr7 xfkv y5l6 43ly dnw9 re59 gtzz wf5m dx",
        ] {
            assert!(wallets(words).is_empty(), "{words}");
        }
    }
}
