//! Digits and signs in place of letters ("p4ssport", "$alary", "з4работок") → letters.
//!
//! A stand-in counts where letters surround it, or where the word it makes is in `leet_words.txt`. Prices, model names and
//! visa classes (4G, H2B, mp3, covid19) have digits at their edges or too few letters and stay.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_script::Script;

use super::disguise::{Disguise, Disguises};
use super::glyph::{Glyph, chunks, confusable_script, runs};

/// More stand-ins than this in one word are a code, not a word.
const MOST_STAND_INS: usize = 6;

static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("leet_words.txt").lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Names that carry a digit between letters of their own right, by their beginning.
const NAMES: [&str; 27] = [
    "mp3", "mp4", "html5", "html4", "css3", "web3", "web2", "h1b", "log4j", "log4", "python3", "j1visa", "f1visa", "o1visa",
    "l1visa", "e3visa", "a1level", "b1level", "c1level", "i18n", "l10n", "ps4", "ps5", "iphone", "s3bucket", "type3", "neo4",
];

/// What a number glued between two words ends in: "Salary13th", "9am7pm", "d3js".
const UNITS: [&str; 12] = ["th", "rd", "st", "nd", "am", "pm", "hr", "hrs", "yrs", "js", "ph", "year"];

/// What the rest of the text has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trust {
    /// Nothing: each word is judged alone.
    Strict,
    /// Letters of other scripts: a 3 or 6 may begin a Cyrillic word.
    LookAlikes,
    /// Several words disguised beyond doubt: stand-ins at the edges of others are stand-ins too.
    Leet,
}

/// Undoes stand-ins.
pub(super) fn undo(mut glyphs: Vec<Glyph>, disguises: &mut Disguises) -> Vec<Glyph> {
    let words: Vec<Range<usize>> = chunks(&glyphs)
        .into_iter()
        .filter(|chunk| !is_address(&glyphs[chunk.clone()]))
        .flat_map(|chunk| {
            let within = runs(&glyphs[chunk.clone()], |glyph| {
                confusable_script(glyph.c).is_some() || is_stand_in(glyph.c) || glyph.c.is_ascii_digit()
            });
            within.into_iter().map(move |word| chunk.start + word.start..chunk.start + word.end)
        })
        .filter(|word| glyphs[word.clone()].iter().any(|glyph| !glyph.is_letter()))
        .collect();
    let mut clear = 0;
    for word in &words {
        clear += usize::from(undo_word(&mut glyphs[word.clone()], Trust::Strict));
    }
    let trust = if clear >= 2 {
        Trust::Leet
    } else if disguises.contains(Disguise::LookAlikes) {
        Trust::LookAlikes
    } else {
        Trust::Strict
    };
    if trust > Trust::Strict {
        for word in &words {
            undo_word(&mut glyphs[word.clone()], trust);
        }
    }
    if clear > 0 {
        disguises.insert(Disguise::Leet);
    }
    glyphs
}

/// Links, mail addresses and handles are contacts: their digits are their own.
fn is_address(chunk: &[Glyph]) -> bool {
    let position = |c: char| chunk.iter().position(|glyph| glyph.c == c);
    let dotted_after = |at: usize| chunk[at..].windows(2).any(|pair| pair[0].c == '.' && pair[1].c.is_alphanumeric());
    let starts = |c: char| chunk.first().is_some_and(|glyph| glyph.c == c);
    chunk.windows(3).any(|three| three[0].c == ':' && three[1].c == '/' && three[2].c == '/')
        || starts('@')
        || position('_').is_some()
        || position('@').is_some_and(dotted_after)
        || position('/').is_some_and(|at| chunk[..at].iter().any(|glyph| glyph.c == '.'))
        || chunk.windows(4).any(|four| four.iter().map(|glyph| glyph.c).eq("www.".chars()))
}

/// Rewrites one word if it is disguised.
fn undo_word(word: &mut [Glyph], trust: Trust) -> bool {
    if capital_o_in_number(word) {
        return true;
    }
    let stand_ins: Vec<usize> = (0..word.len()).filter(|&at| !word[at].is_letter()).collect();
    if stand_ins.is_empty() || stand_ins.len() > MOST_STAND_INS || word.iter().all(|glyph| !glyph.is_letter()) {
        return false;
    }
    if let Some(reading) = listed_reading(word, &stand_ins) {
        write(word, &reading);
        return true;
    }
    // A price tag or a closing "!" may be attached to the word; the rest is judged alone.
    let Some(core) = core(word, trust) else { return false };
    let word = &mut word[core];
    if is_disguised(word, trust) {
        let reading: Vec<char> = (0..word.len()).map(|at| usual_letter(word, at, trust).unwrap_or(word[at].c)).collect();
        write(word, &reading);
        return true;
    }
    false
}

fn write(word: &mut [Glyph], reading: &[char]) {
    let capitals = word.iter().filter(|glyph| glyph.is_letter()).all(|glyph| glyph.c.is_uppercase());
    for (glyph, letter) in word.iter_mut().zip(reading) {
        if !glyph.is_letter() {
            glyph.c = if capitals { letter.to_uppercase().next().unwrap_or(*letter) } else { *letter };
        }
    }
}

/// "2OOO" is a number: capital O between digits, nothing else.
fn capital_o_in_number(word: &mut [Glyph]) -> bool {
    let digits = word.iter().filter(|glyph| glyph.c.is_ascii_digit()).count();
    let is_number = word.len() >= 3
        && word[0].c.is_ascii_digit()
        && digits < word.len()
        && word.iter().all(|glyph| glyph.c.is_ascii_digit() || glyph.c == 'O');
    if is_number {
        for glyph in word.iter_mut().filter(|glyph| glyph.c == 'O') {
            glyph.c = '0';
        }
    }
    is_number
}

/// The reading of the word that is on the list, if one is.
fn listed_reading(word: &[Glyph], stand_ins: &[usize]) -> Option<Vec<char>> {
    let mut readings: Vec<Vec<char>> = vec![word.iter().flat_map(|glyph| glyph.c.to_lowercase().take(1)).collect()];
    for &at in stand_ins {
        let letters = letters_for(word[at].c, is_cyrillic(word));
        if letters.is_empty() {
            return None;
        }
        readings = readings
            .iter()
            .flat_map(|reading| {
                letters.iter().map(move |&letter| {
                    let mut reading = reading.clone();
                    reading[at] = letter;
                    reading
                })
            })
            .collect();
    }
    readings.into_iter().find(|reading| {
        let folded: String = super::fold::fold_letters(reading.iter().copied());
        WORDS.contains(folded.as_str())
    })
}

/// From the first letter to the last; in a text known to be disguised also stand-ins in front and behind.
fn core(word: &[Glyph], trust: Trust) -> Option<Range<usize>> {
    let first = word.iter().position(|glyph| glyph.is_letter())?;
    let last = word.iter().rposition(|glyph| glyph.is_letter())?;
    let edge = |stand_ins: &[Glyph], allowed: &[char]| {
        matches!(stand_ins.len(), 1 | 2)
            && stand_ins.iter().all(|glyph| glyph.c == stand_ins[0].c)
            && allowed.contains(&stand_ins[0].c)
    };
    let letters = last + 1 - first;
    let front_letters: &[char] = match (is_cyrillic(word), trust) {
        (true, Trust::LookAlikes | Trust::Leet) => &['0', '3', '6'],
        (false, Trust::Leet) => &['0'],
        _ => &[],
    };
    let front = first > 0 && letters >= 3 && edge(&word[..first], front_letters) && !is_counted(&word[first..]);
    let back = trust == Trust::Leet && letters >= 2 && edge(&word[last + 1..], &['0', '3', '4']);
    let from = if front { 0 } else { first };
    let to = if back { word.len() } else { last + 1 };
    (from == 0 || word[..first].iter().all(|glyph| !glyph.c.is_ascii_digit())).then_some(from..to)
}

/// "3дня", "6месяцев": the word after the figure is what is counted.
fn is_counted(word: &[Glyph]) -> bool {
    const COUNTED: [&str; 14] = ["дн", "ден", "час", "мес", "лет", "год", "нед", "руб", "тыс", "ком", "чел", "раз", "міс", "тиж"];
    let spelt: String = word.iter().flat_map(|glyph| glyph.c.to_lowercase()).collect();
    COUNTED.iter().any(|unit| spelt.starts_with(unit))
}

/// Two figures that stand for a double letter.
fn is_doubled(pair: &[Glyph]) -> bool {
    pair[0].c == pair[1].c && matches!(pair[0].c, '0' | '3' | '5' | '$')
}

/// Mostly letters, every stand-in a readable one, none of it a name that has digits.
fn is_disguised(word: &[Glyph], trust: Trust) -> bool {
    let letters = word.iter().filter(|glyph| glyph.is_letter()).count();
    let stand_ins = word.len() - letters;
    if stand_ins == 0 || letters < 3 || stand_ins > letters {
        return false;
    }
    let spelt: String = word.iter().map(|glyph| glyph.c.to_ascii_lowercase()).collect();
    if NAMES.iter().any(|name| spelt.starts_with(name)) {
        return false;
    }
    // Acronyms have digits of their own (SIP3MI, SAP4HANA): capitals count only with two stand-ins, or throughout a word that starts small or is a name.
    let capitals = word.iter().filter(|glyph| glyph.c.is_uppercase()).count();
    let groups = runs(word, |glyph| !glyph.is_letter());
    if capitals > 0 && !(capitals == 1 && word[0].c.is_uppercase()) && !(capitals == letters && groups.len() >= 2 && letters >= 4)
    {
        return false;
    }
    // Two figures in a row are a number, unless doubled like the letter they stand for (pa55port).
    if groups.iter().any(|group| group.len() > 2 || group.len() == 2 && !is_doubled(&word[group.clone()])) {
        return false;
    }
    if !(0..word.len()).all(|at| word[at].is_letter() || usual_letter(word, at, trust).is_some()) {
        return false;
    }
    let tail = word.iter().rev().take_while(|glyph| glyph.is_letter()).count();
    let last_stand_in = word.len() - 1 - tail.min(word.len() - 1);
    // "room3b", "block4A": a number and its subdivision.
    let subdivided =
        tail == 1 && word[..last_stand_in].iter().filter(|glyph| glyph.is_letter()).count() >= 4 && groups.len() == 1;
    let unit: String = word[word.len() - tail..].iter().map(|glyph| glyph.c).collect();
    !subdivided && !UNITS.contains(&unit.as_str())
}

/// The letter a stand-in inside a word usually means, `None` where only a listed word would be believed.
fn usual_letter(word: &[Glyph], at: usize, trust: Trust) -> Option<char> {
    let cyrillic = is_cyrillic(word);
    let beside = |side: Option<usize>| side.and_then(|side| word.get(side)).map(|glyph| glyph.c.to_ascii_lowercase());
    let is_vowel = |c: Option<char>| c.is_some_and(|c| "aeiouy".contains(c));
    match word[at].c {
        // Between vowels a one is an L ("sa1ary"), elsewhere an i.
        '1' if !cyrillic && is_vowel(beside(at.checked_sub(1))) && is_vowel(beside(Some(at + 1))) => Some('l'),
        // Latin "name@host" and "now!call" are more often an address and a missing space than a disguise.
        '@' | '!' | '€' if !cyrillic && trust < Trust::Leet => None,
        '$' if word.iter().any(|glyph| glyph.c.is_uppercase()) && word.iter().any(|glyph| glyph.c.is_lowercase()) => None,
        c => letters_for(c, cyrillic).first().copied(),
    }
}

fn is_cyrillic(word: &[Glyph]) -> bool {
    word.iter().find_map(|glyph| confusable_script(glyph.c)) == Some(Script::Cyrillic)
}

fn is_stand_in(c: char) -> bool {
    matches!(c, '@' | '$' | '!' | '€')
}

fn letters_for(c: char, cyrillic: bool) -> &'static [char] {
    match (c, cyrillic) {
        ('0', false) => &['o'],
        ('1' | '!', false) => &['i', 'l'],
        ('3' | '€', false) => &['e'],
        ('4' | '@', false) => &['a'],
        ('5' | '$', false) => &['s'],
        ('7', false) => &['t'],
        ('0', true) => &['о'],
        ('3', true) => &['з', 'е'],
        ('4', true) => &['ч', 'а'],
        ('6', true) => &['б'],
        ('@', true) => &['а'],
        ('€', true) => &['е'],
        ('!', true) => &['и', 'і'],
        _ => &[],
    }
}
