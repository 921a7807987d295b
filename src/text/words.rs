//! A sorted table of names and phrases that is read like a trie.
//!
//! In: text. Out: every name it begins with. Rules, gazetteer and cues look their words up here.
//! Sorting is all there is to build, so the table is ready in milliseconds.
//! A bit set over the first letters of names turns most words of a text away before the table is touched.

/// Names in byte order, with the range of each two-byte beginning.
pub(crate) struct SortedWords {
    /// All names, one behind the other: neighbours in order are neighbours in memory.
    letters: Vec<u8>,
    /// Where each name starts, and where the last one ends.
    starts: Vec<u32>,
    /// First name of each pair of bytes, and one past the last.
    pairs: Vec<u32>,
    /// One bit for each hash of a beginning.
    beginnings: Vec<u64>,
    /// Bits of a hash to drop, so that the rest numbers a bit of the set.
    shift: u32,
}

/// Bits in the set for each name: its beginnings fill a sixteenth or less, and the set stays in a near cache.
const BITS_PER_WORD: usize = 16;

impl SortedWords {
    /// Takes sorted, distinct names of at least two bytes.
    pub(crate) fn new<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let (mut letters, mut starts) = (Vec::new(), vec![0]);
        let mut pairs = vec![0u32; 0x1_0001];
        let bits = (names.len() * BITS_PER_WORD).next_power_of_two().max(64);
        let shift = u64::BITS - bits.trailing_zeros();
        let mut beginnings = vec![0u64; bits / 64];
        for name in names {
            let name = name.as_bytes();
            letters.extend_from_slice(name);
            starts.push(letters.len() as u32);
            pairs[pair(name) + 1] += 1;
            let (word, bit) = place(name[..beginning(name)].iter().copied().fold(0, mix), shift);
            beginnings[word] |= bit;
        }
        for at in 1..pairs.len() {
            pairs[at] += pairs[at - 1];
        }
        Self { letters, starts, pairs, beginnings, shift }
    }

    /// Length and position of every name that `text` begins with, shortest first.
    pub(crate) fn prefixes(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if text.len() < 2 || !self.promises(text) {
            return found;
        }
        let first = pair(text);
        let (mut low, mut high) = (self.pairs[first] as usize, self.pairs[first + 1] as usize);
        let mut depth = 2;
        while low < high {
            // Of the names that share `depth` bytes, the one that has no more stands first.
            if self.len(low) == depth {
                found.push((depth, low));
                low += 1;
            }
            let Some(&next) = text.get(depth) else { break };
            let (mut from, mut to) = (low, high);
            while from < to {
                let middle = usize::midpoint(from, to);
                if self.byte(middle, depth) < next {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            low = from;
            to = high;
            while from < to {
                let middle = usize::midpoint(from, to);
                if self.byte(middle, depth) <= next {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            high = from;
            depth += 1;
        }
        found
    }

    fn len(&self, name: usize) -> usize {
        (self.starts[name + 1] - self.starts[name]) as usize
    }

    fn byte(&self, name: usize, depth: usize) -> u8 {
        self.letters[self.starts[name] as usize + depth]
    }

    /// Whether a name could begin here: one as short as one of the first letters, or one that goes on behind them.
    fn promises(&self, text: &[u8]) -> bool {
        let whole = beginning(text);
        let (mut sum, mut length) = (0, 0);
        while length < whole {
            let next = (length + character(text[length])).min(whole);
            sum = text[length..next].iter().copied().fold(sum, mix);
            length = next;
            let (word, bit) = place(sum, self.shift);
            if length >= 2 && self.beginnings[word] & bit != 0 {
                return true;
            }
        }
        false
    }
}

/// Bytes of the first letters: up to six of ASCII, up to four of Cyrillic or Arabic, up to three of the scripts of South and East Asia.
fn beginning(bytes: &[u8]) -> usize {
    let limit = if bytes[0] < 0x80 { 6 } else { 9 };
    let mut length = 0;
    while length < bytes.len() && length + character(bytes[length]) <= limit {
        length += character(bytes[length]);
    }
    length.min(bytes.len())
}

/// Bytes of the character that begins with `lead`.
fn character(lead: u8) -> usize {
    match lead {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

/// One step of a hash that grows with the text.
fn mix(sum: u64, byte: u8) -> u64 {
    (sum ^ u64::from(byte)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

/// Word and bit of a hash in the set of beginnings.
fn place(sum: u64, shift: u32) -> (usize, u64) {
    let bit = sum >> shift;
    ((bit >> 6) as usize, 1 << (bit & 63))
}

fn pair(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_name_a_text_begins_with() {
        let names = SortedWords::new(["guiana", "guinea", "guinea bissau", "oman", "w ", "ом", "оман", "香港"].into_iter());
        assert_eq!(names.prefixes("guinea bissau!".as_bytes()), [(6, 1), (13, 2)]);
        assert_eq!(names.prefixes(b"guine"), []);
        assert_eq!(names.prefixes("оман".as_bytes()), [(4, 5), (8, 6)]);
        assert_eq!(names.prefixes("香港a".as_bytes()), [(6, 7)]);
        assert_eq!(names.prefixes(b"w polsce"), [(2, 4)]);
        assert_eq!(names.prefixes(b"g"), []);
    }
}
