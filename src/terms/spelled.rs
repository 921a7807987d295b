//! Numbers in words: "two hundred and fifty", "сто тысяч", "dubu hamsin", "四十六万", "이백만".
//!
//! In: a folded text. Out: the numbers spelled in it and where they stand. What they count is for [`super::money`] and
//! [`super::numbers`] to say. The words of alphabets stand in `number_words.tsv`, all languages together; Chinese, Japanese and Korean
//! write theirs without spaces, by one closed grammar.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::words::rows;
use crate::text::fold;

/// A number in words and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spelled {
    pub(super) at: Range<usize>,
    /// Without the multiple at its end, if it has one: five of "five thousand".
    pub(super) value: f64,
    pub(super) multiple: Option<f64>,
    /// One everyday word, a number only where a currency follows.
    pub(super) alone: bool,
}

impl Spelled {
    /// What it comes to.
    pub(super) fn total(&self) -> f64 {
        self.value * self.multiple.unwrap_or(1.0)
    }
}

/// What a word does to the number it stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    Plus(f64),
    /// It multiplies what stands before it: "two hundred".
    Times(f64),
    /// It multiplies what stands behind it, as in Swahili and Hausa: "elfu tano".
    Of(f64),
}

/// A word of a number.
#[derive(Debug, Clone, Copy)]
struct Word {
    part: Part,
    alone: Alone,
}

/// What a word is with no other number word beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alone {
    Number,
    /// An everyday word as well, or one of another language: a number beside a currency, from a hundred on.
    Sum,
    /// "Thousands of".
    Never,
}

#[expect(clippy::expect_used, reason = "compiled-in data; a test reads it, so a release cannot carry a broken one")]
static WORDS: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for (part, spellings) in rows(include_str!("number_words.tsv")) {
        let number = |digits: &str| digits.parse::<f64>().expect("number_words.tsv: a number heads each row");
        let part = match (part.strip_prefix('x'), part.strip_suffix('x')) {
            (Some(by), _) => Part::Times(number(by)),
            (_, Some(by)) => Part::Of(number(by)),
            _ => Part::Plus(number(part)),
        };
        for spelling in spellings {
            let plain = spelling.trim_start_matches('~');
            let alone = match spelling.len() - plain.len() {
                0 => Alone::Number,
                1 => Alone::Sum,
                _ => Alone::Never,
            };
            let word = Word { part, alone };
            // Of two languages that mean different numbers by one word, the first row's speaks.
            words.entry(fold(plain)).or_insert(word);
        }
    }
    words
});

/// "Two hundred and fifty", "treinta y cinco", "apat na libo": what may stand between the words of a number, folded.
const JOINERS: &[&str] = &["and", "y", "e", "si", "et", "i", "na", "da", "и", "و"];
/// No number word is longer, in bytes.
const LONGEST_WORD: usize = 48;

/// The numbers spelled in a folded text, in its order.
pub(super) fn find(text: &str) -> Vec<Spelled> {
    let mut found = in_alphabets(text);
    if text.contains(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')) {
        found.extend(in_characters(text));
        found.sort_unstable_by_key(|spelled| spelled.at.start);
    }
    found
}

/// Compiles the table, so that the first post need not wait for it.
pub(super) fn prepare() {
    LazyLock::force(&WORDS);
}

/// A number that goes on as long as words join it.
struct Phrase {
    at: Range<usize>,
    /// Groups that are closed: the two thousand of "two thousand five hundred".
    closed: f64,
    /// The group being read.
    open: f64,
    /// What a word before the group multiplies it by.
    of: Option<f64>,
    /// What may still be added to the group is smaller than this.
    room: f64,
    /// What the next group may be multiplied by is smaller than this.
    limit: f64,
    /// The multiple that ends it, if it is one group.
    multiple: Option<f64>,
    words: usize,
    alone: Alone,
}

/// Below this a word that is another as well is no number by itself.
const LEAST_ALONE: f64 = 100.0;

impl Phrase {
    fn new(at: Range<usize>, word: Word) -> Self {
        let mut phrase = Self {
            at,
            closed: 0.0,
            open: 0.0,
            of: None,
            room: f64::INFINITY,
            limit: f64::INFINITY,
            multiple: None,
            words: 1,
            alone: word.alone,
        };
        phrase.take(word.part);
        phrase
    }

    /// Takes in a word, unless no number goes on so: "two | two", "five thousand | six million".
    fn take(&mut self, part: Part) -> bool {
        let taken = match part {
            Part::Plus(value) => self.add(value),
            Part::Times(by) if by < 1e3 => self.multiply_open(by),
            Part::Times(by) => return self.multiply_group(by),
            Part::Of(by) => self.lead(by),
        };
        if taken {
            self.multiple = None;
        }
        taken
    }

    fn add(&mut self, value: f64) -> bool {
        // Quatre-vingts.
        let fourscore = value == 20.0 && self.open % 100.0 == 4.0;
        if fourscore {
            self.open += 76.0;
            self.room = 20.0;
        } else if value < self.room {
            self.open += value;
            self.room = room_behind(value);
        } else {
            return false;
        }
        true
    }

    /// Tens and hundreds multiply only what stands right before them: "hai trăm năm mươi", "dua ratus lima puluh".
    fn multiply_open(&mut self, by: f64) -> bool {
        let last = self.open % by;
        let takes = if last == 0.0 {
            by < self.room
        } else {
            self.room <= by && (last <= 20.0 || by == 100.0) && (by < 100.0 || self.open < 100.0)
        };
        if takes {
            self.open += last.max(1.0) * by - last;
            self.room = by;
        }
        takes
    }

    fn multiply_group(&mut self, by: f64) -> bool {
        if by >= self.limit || self.of.is_some() {
            return false;
        }
        self.multiple = (self.closed == 0.0).then_some(by);
        // "Mille", and "полторы тысячи", of which the one half is no less than one.
        self.closed += if self.open == 0.0 { by } else { self.open * by };
        (self.open, self.limit, self.room) = (0.0, by, 1e3);
        true
    }

    /// A word that multiplies what follows; two of them multiply each other: "dubu ɗari biyar".
    fn lead(&mut self, by: f64) -> bool {
        match self.of {
            Some(of) if self.open == 0.0 => self.of = Some(of * by),
            Some(of) if by >= of => return false,
            None if self.open > 0.0 || self.closed > 0.0 => return false,
            _ => {
                self.close();
                self.of = Some(by);
            }
        }
        self.room = 1e3;
        true
    }

    /// Puts the open group, multiplied by the word before it, to the closed ones.
    fn close(&mut self) {
        self.closed += self.of.map_or(self.open, |by| self.open.max(1.0) * by);
        self.open = 0.0;
        self.of = None;
    }

    fn spelled(mut self, text: &str) -> Option<Spelled> {
        self.close();
        let alone = self.words == 1 && self.alone != Alone::Number;
        let is_word = alone && (self.alone == Alone::Never || self.closed < LEAST_ALONE);
        // "5 hundred" is a figure and its multiple.
        let of_a_figure = text[..self.at.start].trim_end_matches(' ').ends_with(|c: char| c.is_ascii_digit());
        let value = self.closed / self.multiple.unwrap_or(1.0);
        (!is_word && !of_a_figure).then_some(Spelled { at: self.at, value, multiple: self.multiple, alone })
    }
}

/// What is smaller than this may follow a number within its group: "dix-sept", "soixante-quinze" and "twenty-five", but not "two two".
fn room_behind(value: f64) -> f64 {
    match value {
        10.0 | 20.0 | 30.0 | 40.0 | 50.0 | 70.0 | 90.0 => 10.0,
        60.0 | 80.0 => 20.0,
        _ if value >= 1e3 && value % 1e3 == 0.0 => 1e3,
        _ if value >= 100.0 && value % 100.0 == 0.0 => 100.0,
        _ => 1.0,
    }
}

fn in_alphabets(text: &str) -> Vec<Spelled> {
    let mut found = Vec::new();
    let mut phrase: Option<Phrase> = None;
    // Where the last word ended: a number word, or one that joins two of them.
    let mut end = 0;
    for at in words_of(text) {
        let word = &text[at.clone()];
        let adjoins = matches!(&text[end..at.start], " " | "-");
        if adjoins && phrase.is_some() && at.len() <= 4 && JOINERS.contains(&word) {
            end = at.end;
            continue;
        }
        let number = if at.len() <= LONGEST_WORD { WORDS.get(word) } else { None };
        if let (Some(open), Some(number), true) = (&mut phrase, number, adjoins)
            && open.take(number.part)
        {
            (open.at.end, open.words) = (at.end, open.words + 1);
            end = at.end;
            continue;
        }
        found.extend(phrase.take().and_then(|closed| closed.spelled(text)));
        end = at.end;
        phrase = number.map(|number| Phrase::new(at, *number));
    }
    found.extend(phrase.and_then(|last| last.spelled(text)));
    found
}

/// The words of a text. Vowel signs of the scripts of India, some of which Unicode calls no letters, belong to them.
fn words_of(text: &str) -> impl Iterator<Item = Range<usize>> {
    let belongs = |c: char| c.is_alphabetic() || c == '\'' || is_sign_of_india(c);
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(belongs)?;
        let end = text[start..].find(|c| !belongs(c)).map_or(text.len(), |len| start + len);
        at = end;
        Some(start..end)
    })
}

fn is_sign_of_india(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{903}' | '\u{93c}' | '\u{94d}' | '\u{981}'..='\u{983}' | '\u{9bc}' | '\u{9cd}')
}

/// A digit or a unit of Chinese numerals, and of Sino-Korean ones.
#[derive(Clone, Copy)]
enum Numeral {
    Digit(u8),
    Unit(f64),
}

fn numeral(c: char) -> Option<Numeral> {
    use Numeral::{Digit, Unit};
    Some(match c {
        '零' | '〇' => Digit(0),
        '一' | '壹' | '일' => Digit(1),
        '二' | '两' | '兩' | '이' => Digit(2),
        '三' | '삼' => Digit(3),
        '四' | '사' => Digit(4),
        '五' | '오' => Digit(5),
        '六' | '육' => Digit(6),
        '七' | '칠' => Digit(7),
        '八' | '팔' => Digit(8),
        '九' | '구' => Digit(9),
        '十' | '십' => Unit(10.0),
        '百' | '백' => Unit(100.0),
        '千' | '천' => Unit(1e3),
        '万' | '萬' | '만' => Unit(1e4),
        '亿' | '億' | '억' => Unit(1e8),
        _ => return None,
    })
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// What the sums of Japan and Korea are followed by: "千円", "이천 원".
const MONEY: [char; 8] = ['元', '円', '圆', '圓', '块', '塊', '원', '불'];

fn in_characters(text: &str) -> Vec<Spelled> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c| numeral(c).is_some()).map(|offset| at + offset) {
        let end = text[start..].find(|c| numeral(c).is_none()).map_or(text.len(), |len| start + len);
        let value = characters_value(&text[start..end]).filter(|_| may_count(text, &(start..end)));
        found.extend(value.map(|value| Spelled { at: start..end, value, multiple: None, alone: false }));
        at = end;
    }
    found
}

/// Whether a run of numerals counts something: not the 万 of "3万", the first of 第一百, the adverb 千万 or a syllable of a Korean word.
fn may_count(text: &str, at: &Range<usize>) -> bool {
    let (before, run, behind) = (&text[..at.start], &text[at.clone()], &text[at.end..]);
    let of_money = behind.trim_start_matches(' ').starts_with(MONEY);
    let korean = run.starts_with(is_hangul);
    let is_word = if korean {
        before.ends_with(is_hangul) || !(of_money || (run.ends_with('만') && run.chars().count() > 2))
    } else {
        run.starts_with(['百', '千']) && !of_money
    };
    let digit = |c: char| c.is_ascii_digit();
    !is_word && !before.trim_end_matches(' ').ends_with(digit) && !before.ends_with('第') && !behind.starts_with(digit)
}

/// The value of numerals in their order, a unit among them; none of "三四百", which is no one number, and of 万一, which is none at all.
fn characters_value(run: &str) -> Option<f64> {
    let (mut total, mut section) = (0.0, 0.0);
    let mut digit: Option<f64> = None;
    // The last unit of the section and of the whole, which the next has to be smaller than.
    let (mut small, mut large) = (1e4, f64::INFINITY);
    let (mut last, mut zero) = (1.0, false);
    for c in run.chars() {
        match numeral(c)? {
            Numeral::Digit(0) if digit.is_none() => zero = true,
            Numeral::Digit(value) if digit.is_none() && value > 0 => digit = Some(f64::from(value)),
            Numeral::Digit(_) => return None,
            Numeral::Unit(unit) if unit < 1e4 => {
                if unit >= small {
                    return None;
                }
                section += digit.take().unwrap_or(1.0) * unit;
                (small, last, zero) = (unit, unit, false);
            }
            Numeral::Unit(unit) => {
                section += digit.take().unwrap_or(0.0);
                // Hangul may leave the one out: 만 원.
                let counted = if section == 0.0 && c == '만' && total == 0.0 { 1.0 } else { section };
                if unit >= large || counted == 0.0 {
                    return None;
                }
                total += counted * unit;
                (section, small, large, last, zero) = (0.0, 1e4, unit, unit, false);
            }
        }
    }
    // 一百六 is 160 and 两万五 25,000; 一百零六 is 106, and Koreans do not leave units out.
    let elided = last >= 100.0 && !zero && !run.starts_with(is_hangul);
    let rest = digit.map_or(0.0, |digit| if elided { digit * last / 10.0 } else { digit });
    (last > 1.0).then_some(total + section + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<f64> {
        find(&fold(text)).iter().map(Spelled::total).collect()
    }

    #[test]
    fn numbers_are_read_as_people_spell_them() {
        for (text, value) in [
            ("two hundred and fifty dollars", 250.0),
            ("twenty-five", 25.0),
            ("two thousand five hundred", 2500.0),
            ("one hundred twenty thousand", 120_000.0),
            ("quatre-vingt-dix mille francs", 90_000.0),
            ("soixante-quinze", 75.0),
            ("mil quinientos euros", 1500.0),
            ("un mes, mil euros", 1000.0),
            ("treinta y cinco", 35.0),
            ("duas mil e quinhentas reais", 2500.0),
            ("sto dwadzieścia tysięcy", 120_000.0),
            ("сто двадцать тысяч", 120_000.0),
            ("полторы тысячи", 1500.0),
            ("zece lei", 10.0),
            ("două mii cinci sute", 2500.0),
            ("năm triệu", 5e6),
            ("hai trăm năm mươi nghìn", 250_000.0),
            ("dua ratus lima puluh ribu", 250_000.0),
            ("dubu hamsin", 50_000.0),
            ("elfu mbili mia tano", 2500.0),
            ("elfu kumi na tano", 15_000.0),
            ("पच्चीस हज़ार", 25_000.0),
            ("দেড় লাখ", 150_000.0),
            ("خمسين ألف", 50_000.0),
            ("on beş bin", 15_000.0),
            ("kolmesataa", 300.0),
            ("zweitausend fünfhundert", 2500.0),
            ("日结一百六", 160.0),
            ("四十六万", 460_000.0),
            ("一百零六块", 106.0),
            ("两万五", 25_000.0),
            ("十五万円", 150_000.0),
            ("이백만 원", 2e6),
            ("삼십오만원", 350_000.0),
        ] {
            assert_eq!(values(text), [value], "{text}");
        }
        assert_eq!(values("四千到八千"), [4000.0, 8000.0]);
        assert_eq!(values("douăzeci și treizeci"), [20.0, 30.0]);
    }

    #[test]
    fn words_that_are_numbers_elsewhere_are_none() {
        for text in [
            "pay on time",
            "send me once",
            "thousands of jobs",
            "not one rupee",
            "千万不要",
            "万一",
            "第一百",
            "三四百人",
            "3万",
            "이천 월급",
            "그럼 이만",
            "5 thousand",
        ] {
            assert_eq!(values(text), [0.0; 0], "{text}");
        }
    }
}
