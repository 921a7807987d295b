//! Phone numbers in words: "zero nine one seven…", "一三八零零…". Warnings tell of them, and a mask that reads digits alone lets them through.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::shapes::regex;

/// Digits that a number in words has at least; seven words that happen to be digits are a count or a cry ("五五五五五五").
const FEWEST: usize = 7;

/// Of them, those that are words.
const FEWEST_WORDS: usize = 4;

/// Words for digits in languages whose adverts spell numbers, folded as [`NormalText::folded`](crate::text::NormalText::folded) folds.
const WORDS: [(char, &[&str]); 10] = [
    ('0', &["zero", "oh", "cero", "nol", "kosong", "null", "ноль", "нуль", "零", "〇", "صفر", "शून्य", "khong", "ศูนย์"]),
    ('1', &["one", "uno", "um", "un", "eins", "satu", "isa", "один", "一", "幺", "واحد", "एक", "mot", "หนึ่ง"]),
    ('2', &["two", "dos", "dois", "deux", "zwei", "dua", "dalawa", "два", "二", "اثنين", "दो", "hai", "สอง"]),
    ('3', &["three", "tres", "trois", "drei", "tiga", "tatlo", "три", "三", "ثلاثه", "तीन", "ba", "สาม"]),
    ('4', &["four", "cuatro", "quatro", "quatre", "vier", "empat", "apat", "четыре", "四", "اربعه", "चार", "bon", "สี่"]),
    ('5', &["five", "cinco", "cinq", "funf", "lima", "пять", "五", "خمسه", "पांच", "पाँच", "nam", "ห้า"]),
    ('6', &["six", "seis", "sechs", "enam", "anim", "шесть", "六", "سته", "छह", "sau", "หก"]),
    ('7', &["seven", "siete", "sete", "sept", "sieben", "tujuh", "pito", "семь", "七", "سبعه", "सात", "bay", "เจ็ด"]),
    ('8', &["eight", "ocho", "oito", "huit", "acht", "delapan", "lapan", "walo", "восемь", "八", "ثمانيه", "आठ", "tam", "แปด"]),
    ('9', &["nine", "nueve", "nove", "neuf", "neun", "sembilan", "siyam", "девять", "九", "تسعه", "नौ", "chin", "เก้า"]),
];

static ROW: LazyLock<Regex> = LazyLock::new(|| {
    let mut words: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
    // The longest first: "sept" is no "se".
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let digit = format!(r"(?:[0-9]|{})", words.join("|"));
    let between = r"[ \-,./]{0,3}(?:(?:double|triple|doble)[ ])?";
    regex(&format!(r"{digit}(?:{between}{digit}){{{},}}", FEWEST - 1))
});

/// Numbers in words of a folded text.
pub(super) fn phones(folded: &str) -> impl Iterator<Item = Range<usize>> {
    ROW.find_iter(folded).map(|found| found.range()).filter(|row| is_number(folded, row.clone()))
}

/// Whole words, not all digits already, not one word over and over.
fn is_number(folded: &str, row: Range<usize>) -> bool {
    let beside = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && c < '\u{E00}');
    let spelt = digits(&folded[row.clone()]);
    // "2009–2011. One": figures with a word behind them.
    let words = spelt.len() - folded[row.clone()].chars().filter(char::is_ascii_digit).count() >= FEWEST_WORDS;
    let varied = spelt.chars().any(|c| !spelt.starts_with(c));
    words && varied && !beside(folded[..row.start].chars().next_back()) && !beside(folded[row.end..].chars().next())
}

/// The digits a row of words stands for; signs between them and "double" are left out.
pub(super) fn digits(row: &str) -> String {
    let mut digits = String::new();
    let mut rest = row;
    while let Some(c) = rest.chars().next() {
        let word = WORDS
            .iter()
            .flat_map(|(digit, words)| words.iter().map(move |word| (*digit, *word)))
            .filter(|(_, word)| rest.starts_with(word))
            .max_by_key(|(_, word)| word.len());
        if let Some((digit, word)) = word {
            digits.push(digit);
            rest = &rest[word.len()..];
        } else {
            digits.extend(c.is_ascii_digit().then_some(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    digits
}
