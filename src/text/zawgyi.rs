//! Burmese in the Zawgyi encoding → Unicode Burmese.
//!
//! Zawgyi uses the code points of the Myanmar block for glyphs in visual order, so the same bytes mean other letters.
//! [`is_zawgyi`] looks for sequences that Unicode Burmese cannot contain; [`to_unicode`] rewrites syllable by syllable.
//! The tables state how the two encodings differ; they are not taken from another converter.

use super::disguise::{Disguise, Disguises};
use super::glyph::{Glyph, runs};

const ASAT: char = '\u{103A}';
const VIRAMA: char = '\u{1039}';
const VOWEL_E: char = '\u{1031}';

/// Converts Zawgyi to Unicode where the text is Zawgyi beyond doubt.
pub(super) fn convert(glyphs: Vec<Glyph>, disguises: &mut Disguises) -> Vec<Glyph> {
    let mut chars = glyphs.iter().map(|glyph| glyph.c);
    if !chars.any(is_myanmar) || !is_zawgyi(&glyphs) {
        return glyphs;
    }
    disguises.insert(Disguise::Zawgyi);
    let mut converted = Vec::with_capacity(glyphs.len());
    let mut at = 0;
    for run in runs(&glyphs, |glyph| is_myanmar(glyph.c)) {
        converted.extend_from_slice(&glyphs[at..run.start]);
        at = run.end;
        to_unicode(&glyphs[run], &mut converted);
    }
    converted.extend_from_slice(&glyphs[at..]);
    converted
}

fn is_myanmar(c: char) -> bool {
    matches!(c, '\u{1000}'..='\u{109F}')
}

fn is_consonant(c: char) -> bool {
    matches!(c, '\u{1000}'..='\u{1021}' | '\u{103F}' | '\u{1025}'..='\u{1027}' | '\u{1029}')
}

/// Counts what one encoding has and the other cannot have.
#[expect(clippy::match_same_arms, reason = "one arm a reason")]
fn is_zawgyi(glyphs: &[Glyph]) -> bool {
    let (mut zawgyi, mut unicode) = (0, 0);
    for (at, glyph) in glyphs.iter().enumerate() {
        let before = at.checked_sub(1).map_or(' ', |before| glyphs[before].c);
        let after = glyphs.get(at + 1).map_or(' ', |after| after.c);
        match glyph.c {
            // In Unicode the vowel e follows a consonant or a medial; in Zawgyi it is typed, and shown, before them.
            VOWEL_E if !(is_consonant(before) || matches!(before, '\u{103B}'..='\u{103E}' | '\u{1050}'..='\u{108F}')) => {
                zawgyi += 1;
            }
            // In Unicode a virama stacks the next consonant; in Zawgyi it is the asat.
            VIRAMA if is_consonant(after) => {}
            VIRAMA => zawgyi += 2,
            '\u{1033}'
            | '\u{1034}'
            | '\u{105A}'
            | '\u{1060}'..='\u{1063}'
            | '\u{1065}'..='\u{106C}'
            | '\u{1070}'..='\u{1074}' => zawgyi += 1,
            '\u{107B}'..='\u{1085}' | '\u{1088}'..='\u{108F}' | '\u{1094}' | '\u{1095}' => zawgyi += 1,
            // The medial ra of Zawgyi stands before its consonant.
            '\u{103B}' if is_consonant(after) && !is_consonant(before) => zawgyi += 1,
            '\u{103E}' => unicode += 1,
            // Consonant, asat, tone: the commonest ending of Unicode Burmese.
            ASAT if is_consonant(before) && matches!(after, '\u{1038}' | '\u{1039}') => unicode += 1,
            '\u{1037}' if after == ASAT => unicode += 1,
            _ => {}
        }
    }
    zawgyi >= 2 && zawgyi > 2 * unicode
}

/// One Zawgyi syllable, by the places its parts have in Unicode order.
#[derive(Default)]
struct Syllable {
    kinzi: bool,
    base: Option<char>,
    stacked: Vec<char>,
    medials: [bool; 4],
    e: bool,
    /// Everything after the vowel e, with its rank in canonical order.
    rest: Vec<(u8, char)>,
    start: usize,
    end: usize,
}

impl Syllable {
    fn write(mut self, out: &mut Vec<Glyph>) {
        let mut spelt: Vec<char> = Vec::new();
        if self.kinzi {
            spelt.extend(['\u{1004}', ASAT, VIRAMA]);
        }
        spelt.extend(self.base);
        spelt.extend(&self.stacked);
        spelt.extend(('\u{103B}'..='\u{103E}').zip(self.medials).filter_map(|(medial, present)| present.then_some(medial)));
        if self.e {
            spelt.push(VOWEL_E);
        }
        self.rest.sort_by_key(|&(rank, _)| rank);
        self.rest.dedup();
        spelt.extend(self.rest.iter().map(|&(_, c)| c));
        out.extend(spelt.into_iter().map(|c| Glyph { c, start: self.start, end: self.end }));
    }

    /// Takes a sign that follows the consonant; false if it is not one.
    fn take(&mut self, c: char) -> bool {
        match c {
            '\u{103A}' | '\u{107D}' => self.medials[0] = true,
            '\u{103C}' => self.medials[2] = true,
            '\u{103D}' | '\u{1087}' => self.medials[3] = true,
            '\u{108A}' => (self.medials[2], self.medials[3]) = (true, true),
            '\u{1088}' | '\u{1089}' => {
                self.medials[3] = true;
                self.sign(if c == '\u{1088}' { '\u{102F}' } else { '\u{1030}' });
            }
            '\u{1064}' => self.kinzi = true,
            '\u{108B}'..='\u{108D}' => {
                self.kinzi = true;
                self.sign(['\u{102D}', '\u{102E}', '\u{1036}'][(u32::from(c) - 0x108B) as usize]);
            }
            '\u{108E}' => ['\u{102D}', '\u{1036}'].into_iter().for_each(|sign| self.sign(sign)),
            '\u{105A}' => ['\u{102B}', ASAT].into_iter().for_each(|sign| self.sign(sign)),
            '\u{1039}' => self.sign(ASAT),
            '\u{1033}' => self.sign('\u{102F}'),
            '\u{1034}' => self.sign('\u{1030}'),
            '\u{1094}' | '\u{1095}' => self.sign('\u{1037}'),
            '\u{102B}'..='\u{1030}' | '\u{1032}' | '\u{1036}'..='\u{1038}' => self.sign(c),
            _ => match stacked(c) {
                Some(consonants) => self.stacked.extend(consonants.chars()),
                None => return false,
            },
        }
        true
    }

    fn sign(&mut self, c: char) {
        // Unicode order: upper vowels, lower vowels, aa, asat after aa, anusvara, dot below, asat, visarga.
        let rank = match c {
            '\u{102D}' | '\u{102E}' | '\u{1032}' => 0,
            '\u{102F}' | '\u{1030}' => 1,
            '\u{102B}' | '\u{102C}' => 2,
            '\u{1036}' => 3,
            '\u{1037}' => 4,
            ASAT => 5,
            _ => 6,
        };
        self.rest.push((rank, c));
    }
}

/// Converts one run of Myanmar characters.
fn to_unicode(run: &[Glyph], out: &mut Vec<Glyph>) {
    let mut at = 0;
    while at < run.len() {
        let mut syllable = Syllable { start: run[at].start, ..Syllable::default() };
        while at < run.len() && matches!(run[at].c, VOWEL_E | '\u{103B}' | '\u{107E}'..='\u{1084}') {
            if run[at].c == VOWEL_E {
                syllable.e = true;
            } else {
                syllable.medials[1] = true;
            }
            syllable.end = run[at].end;
            at += 1;
        }
        if let Some(spelt) = run.get(at).and_then(|glyph| base(glyph.c, run, at)) {
            let mut chars = spelt.chars();
            syllable.base = chars.next();
            syllable.stacked.extend(chars);
            syllable.end = run[at].end;
            at += 1;
        } else if syllable.end == 0 && !syllable.take(run[at].c) {
            // Digits, punctuation and what else needs no order.
            out.push(run[at]);
            at += 1;
            continue;
        }
        while at < run.len() && syllable.take(run[at].c) {
            syllable.end = run[at].end;
            at += 1;
        }
        // U with asat is the letter nya; u with the sign ii is the letter uu.
        if syllable.base == Some('\u{1025}') && syllable.rest.iter().any(|&(_, c)| c == ASAT) {
            syllable.base = Some('\u{1009}');
        }
        if syllable.base == Some('\u{1025}') && syllable.rest.iter().any(|&(_, c)| c == '\u{102E}') {
            syllable.base = Some('\u{1026}');
            syllable.rest.retain(|&(_, c)| c != '\u{102E}');
        }
        syllable.end = syllable.end.max(run[at - 1].end);
        syllable.write(out);
    }
}

/// What a Zawgyi base is in Unicode: the consonant, then anything stacked on it.
fn base(c: char, run: &[Glyph], at: usize) -> Option<String> {
    let spelt = match c {
        '\u{106A}' => "\u{1009}",
        '\u{106B}' => "\u{100A}",
        '\u{106E}' => "\u{100D}\u{1039}\u{100D}",
        '\u{106F}' => "\u{100D}\u{1039}\u{100E}",
        '\u{1086}' => "\u{103F}",
        '\u{108F}' => "\u{1014}",
        '\u{1090}' => "\u{101B}",
        '\u{1091}' => "\u{100F}\u{1039}\u{100D}",
        '\u{1092}' => "\u{100B}\u{1039}\u{100C}",
        '\u{1097}' => "\u{100B}\u{1039}\u{100B}",
        '\u{104E}' => "\u{104E}\u{1004}\u{103A}\u{1038}",
        // A zero that carries a vowel sign is the letter wa, a seven the letter ra.
        '\u{1040}' | '\u{1047}' if run.get(at + 1).is_some_and(|next| matches!(next.c, '\u{102B}'..='\u{103D}')) => {
            if c == '\u{1040}' { "\u{101D}" } else { "\u{101B}" }
        }
        '\u{1000}'..='\u{102A}' => return Some(c.to_string()),
        _ => return None,
    };
    Some(spelt.to_owned())
}

/// Consonants that Zawgyi stores as small glyphs under another.
fn stacked(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{1060}' => "\u{1039}\u{1000}",
        '\u{1061}' => "\u{1039}\u{1001}",
        '\u{1062}' => "\u{1039}\u{1002}",
        '\u{1063}' => "\u{1039}\u{1003}",
        '\u{1065}' => "\u{1039}\u{1005}",
        '\u{1066}' | '\u{1067}' => "\u{1039}\u{1006}",
        '\u{1068}' => "\u{1039}\u{1007}",
        '\u{1069}' => "\u{1039}\u{1008}",
        '\u{106C}' => "\u{1039}\u{100B}",
        '\u{106D}' => "\u{1039}\u{100C}",
        '\u{1070}' => "\u{1039}\u{100F}",
        '\u{1071}' | '\u{1072}' => "\u{1039}\u{1010}",
        '\u{1073}' | '\u{1074}' => "\u{1039}\u{1011}",
        '\u{1075}' => "\u{1039}\u{1012}",
        '\u{1076}' => "\u{1039}\u{1013}",
        '\u{1077}' => "\u{1039}\u{1014}",
        '\u{1078}' => "\u{1039}\u{1015}",
        '\u{1079}' => "\u{1039}\u{1016}",
        '\u{107A}' => "\u{1039}\u{1017}",
        '\u{107B}' | '\u{1093}' => "\u{1039}\u{1018}",
        '\u{107C}' => "\u{1039}\u{1019}",
        '\u{1085}' => "\u{1039}\u{101C}",
        '\u{1096}' => "\u{1039}\u{1010}\u{103D}",
        _ => return None,
    })
}
