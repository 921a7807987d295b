//! Model text → folded text, in which rules and gazetteer match: no case, no accents, one spelling of each Arabic letter.

use unicode_normalization::char::decompose_canonical;

use super::align::Alignment;
use super::characters::{is_mark, is_space};

/// What one character becomes.
enum Folded {
    One(char),
    Two(char, char),
    /// It belongs to the character before it and leaves no trace.
    Gone,
}

/// The folded text and its alignment with `model`.
pub(super) fn fold_text(model: &str) -> (String, Alignment) {
    if model.is_ascii() && !has_loose_space(model.as_bytes()) {
        return (model.to_ascii_lowercase(), Alignment::identity(model.len()));
    }
    let mut folded = String::with_capacity(model.len());
    let mut alignment = Alignment::default();
    let mut chars = model.char_indices().peekable();
    let mut base = '\0';
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if is_space(c) {
            let mut breaks = is_break(c);
            while let Some((at, next)) = chars.next_if(|&(_, next)| is_space(next)) {
                end = at + next.len_utf8();
                breaks |= is_break(next);
            }
            base = ' ';
            let space = if breaks { '\n' } else { ' ' };
            // What stood between two spaces may have left no trace, as a line drawn with tatweel does.
            match folded.chars().next_back() {
                Some(' ') if breaks => {
                    folded.pop();
                    folded.push(space);
                }
                Some(' ' | '\n') => {}
                _ => {
                    folded.push(space);
                    put(&mut alignment, 1, start, end);
                }
            }
            continue;
        }
        let becomes = fold_char(c, base);
        if !is_mark(c) {
            base = c;
        }
        while let Some((at, mark)) = chars.next_if(|&(_, next)| is_gone(next, base)) {
            end = at + mark.len_utf8();
        }
        let len = folded.len();
        match becomes {
            Folded::One(one) => folded.push(one),
            Folded::Two(one, two) => folded.extend([one, two]),
            Folded::Gone => {}
        }
        put(&mut alignment, folded.len() - len, start, end);
    }
    (folded, alignment)
}

/// [`fold_text`] for letters in hand, without the way back.
pub(super) fn fold_letters(letters: impl Iterator<Item = char>) -> String {
    let mut folded = String::new();
    for c in letters {
        match fold_char(c, '\0') {
            Folded::One(one) => folded.push(one),
            Folded::Two(one, two) => folded.extend([one, two]),
            Folded::Gone => {}
        }
    }
    folded
}

fn put(alignment: &mut Alignment, len: usize, start: usize, end: usize) {
    if len == end - start {
        alignment.parallel(len, start);
    } else {
        alignment.whole(len, start..end);
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether ASCII text has white space that folding changes.
fn has_loose_space(text: &[u8]) -> bool {
    let is_space = |byte: u8| matches!(byte, b'\t'..=b'\r' | b' ');
    text.iter().any(|&byte| matches!(byte, b'\t' | 0x0B..=b'\r'))
        || text.windows(2).any(|pair| is_space(pair[0]) && is_space(pair[1]))
}

/// What leaves no trace; characters below the first combining mark never do.
fn is_gone(c: char, base: char) -> bool {
    c >= '\u{300}' && !matches!(c, '\u{3FF}'..='\u{5FF}' | '\u{3000}'..='\u{D7A3}') && matches!(fold_char(c, base), Folded::Gone)
}

/// `base` is the last character that is not a mark: loose accents are dropped after Latin, Greek and Cyrillic only.
#[expect(clippy::match_same_arms, reason = "one arm a reason")]
fn fold_char(c: char, base: char) -> Folded {
    use Folded::{Gone, One, Two};
    match c {
        '\0'..='\x7F' => One(c.to_ascii_lowercase()),
        'а'..='я' => One(c),
        'А'..='Я' => One(char::from_u32(u32::from(c) + 0x20).unwrap_or(c)),
        '\u{4E00}'..='\u{9FFF}' | '\u{3041}'..='\u{30FA}' | '\u{AC00}'..='\u{D7A3}' => One(c),
        'ß' | 'ẞ' => Two('s', 's'),
        'æ' | 'Æ' | 'ǽ' | 'Ǽ' => Two('a', 'e'),
        'œ' | 'Œ' => Two('o', 'e'),
        'þ' | 'Þ' => Two('t', 'h'),
        'ŋ' | 'Ŋ' => Two('n', 'g'),
        '\u{C0}'..='\u{24F}' | '\u{250}'..='\u{2AF}' | '\u{1E00}'..='\u{1EFF}' => One(latin(c)),
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => One(match base_letter(lower(c)) {
            'ς' => 'σ',
            letter => letter,
        }),
        'ё' | 'Ё' | 'ѐ' | 'Ѐ' => One('е'),
        'ѝ' | 'Ѝ' => One('и'),
        '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' if takes_loose_accents(base) => Gone,
        // Harakat, Koranic signs and tatweel.
        '\u{610}'..='\u{61A}'
        | '\u{640}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E8}'
        | '\u{6EA}'..='\u{6ED}' => Gone,
        '\u{600}'..='\u{6FF}' => One(arabic(c)),
        // Joiners inside words and presentation selectors.
        '\u{200B}'..='\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => Gone,
        '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʻ' | '′' | '´' | '＇' => One('\''),
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => One('"'),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => One('-'),
        '！' | '（' | '）' | '，' | '：' | '；' | '？' | '｜' | '～' => {
            One(char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c))
        }
        '￥' => One('¥'),
        '\u{E33}' => Two('\u{E4D}', '\u{E32}'),
        '\u{EB3}' => Two('\u{ECD}', '\u{EB2}'),
        _ => One(digit(c).unwrap_or_else(|| lower(c))),
    }
}

/// Small letter; where Unicode lower-cases to two characters the second is a mark this file drops.
fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn base_letter(c: char) -> char {
    let mut base = None;
    decompose_canonical(c, |part| {
        base.get_or_insert(part);
    });
    base.unwrap_or(c)
}

/// Latin letters without accent, stroke or hook. Hooked and turned letters of African and Turkic spelling become what people type without that keyboard.
fn latin(c: char) -> char {
    match base_letter(lower(c)) {
        'đ' | 'ð' | 'ɖ' | 'ɗ' => 'd',
        'ł' => 'l',
        'ı' | 'ɩ' | 'ɨ' | 'ɪ' => 'i',
        'ø' | 'ɔ' => 'o',
        'ħ' => 'h',
        'ŧ' => 't',
        'ɓ' => 'b',
        'ƙ' => 'k',
        'ƴ' => 'y',
        'ɛ' | 'ə' | 'ǝ' => 'e',
        'ʉ' => 'u',
        'ɣ' => 'g',
        'ƒ' => 'f',
        'ɲ' => 'n',
        'ʋ' => 'v',
        'ʀ' => 'r',
        'æ' => 'a',
        letter => letter,
    }
}

/// One spelling for letters that keyboards of the Arabic script mix up. Persian, Urdu and Pashto letters with a sound of their own stay.
fn arabic(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' => 'ا',
        'ى' | 'ی' | 'ئ' | 'ۍ' | 'ې' | 'ێ' => 'ي',
        'ؤ' => 'و',
        'ک' | 'ڪ' | 'ګ' => 'ك',
        'ة' | 'ه' | 'ۀ' | 'ہ' | 'ھ' | 'ۂ' | 'ۃ' | 'ە' => 'ه',
        'ۓ' => 'ے',
        'ں' => 'ن',
        _ => digit(c).unwrap_or(c),
    }
}

fn takes_loose_accents(base: char) -> bool {
    matches!(base, 'a'..='z' | 'A'..='Z' | '0'..='9' | '\u{C0}'..='\u{24F}' | '\u{250}'..='\u{2AF}' | '\u{370}'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}')
}

/// The ASCII digit for a decimal digit of any script.
fn digit(c: char) -> Option<char> {
    /// Zeros of the scripts people write numbers with.
    const ZEROS: [u32; 24] = [
        0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0, 0xF20, 0x1040,
        0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0xA9D0, 0xA9F0,
    ];
    let code = u32::from(c);
    if !(0x660..=0xA9F9).contains(&code) || (0x2000..0xA000).contains(&code) {
        return None;
    }
    ZEROS
        .iter()
        .find_map(|&zero| code.checked_sub(zero).filter(|value| *value < 10))
        .and_then(|value| char::from_digit(value, 10))
}
