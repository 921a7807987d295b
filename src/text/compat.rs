//! Letters in costume: full-width, mathematical, circled, squared, small-capital and flag letters, ligatures, presentation forms,
//! and letters buried under marks → plain letters.
//!
//! This is NFKC, cluster by cluster, with the exceptions in [`means_more`] (characters NFKC would damage) and the additions in
//! [`costume`] (letters NFKC does not know).

use std::ops::Range;

use unicode_normalization::char::{canonical_combining_class, compose};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use unicode_script::{Script, UnicodeScript};

use super::characters::is_mark;
use super::disguise::{Disguise, Disguises};
use super::glyph::Glyph;

/// The same text in plain letters.
pub(super) fn plain_letters(glyphs: &[Glyph], disguises: &mut Disguises) -> Vec<Glyph> {
    let capitals = if glyphs.iter().any(|glyph| matches!(glyph.c, 'а'..='я')) { CYRILLIC_CAPITALS } else { LATIN_CAPITALS };
    let mut plain = Vec::with_capacity(glyphs.len());
    let decked = decked_out(glyphs);
    let mut at = 0;
    while let Some(&glyph) = glyphs.get(at) {
        if is_indicator(glyph.c) {
            at += flags_or_letters(&glyphs[at..], &mut plain, disguises);
            continue;
        }
        let mut end = at + 1;
        while glyphs.get(end).is_some_and(|next| attaches(next.c)) {
            end += 1;
        }
        if end == at + 1 && (glyph.c.is_ascii() || is_settled(glyph.c)) {
            plain.push(glyph);
        } else {
            let run = decked.partition_point(|run| run.end <= at);
            let decked = decked.get(run).is_some_and(|run| run.contains(&at));
            rewrite(glyphs, at..end, (capitals, decked), &mut plain, disguises);
        }
        at = end;
    }
    plain
}

/// Writes one cluster, base and marks, in plain letters.
fn rewrite(
    glyphs: &[Glyph],
    Range { start: at, end }: Range<usize>,
    (capitals, decked): (&str, bool),
    plain: &mut Vec<Glyph>,
    disguises: &mut Disguises,
) {
    let cluster = &glyphs[at..end];
    let base = cluster[0];
    let source = (base.start, cluster[cluster.len() - 1].end);
    let stripped = decked || buried(cluster);
    if stripped {
        disguises.insert(Disguise::StackedMarks);
    }
    let marks = cluster[1..].iter().map(|glyph| glyph.c).filter(|c| !(stripped && is_loose_mark(*c)));
    let neighbours = (at.checked_sub(1).map(|before| glyphs[before].c), glyphs.get(end).map(|after| after.c));
    let before = plain.len();
    let push = |c: char, plain: &mut Vec<Glyph>| plain.push(Glyph { c, start: source.0, end: source.1 });
    if let Some(letter) = costume(base.c, neighbours, capitals) {
        push(letter, plain);
        marks.for_each(|c| push(c, plain));
    } else if means_more(base.c, neighbours) {
        push(base.c, plain);
        marks.for_each(|c| push(c, plain));
    } else {
        std::iter::once(base.c).chain(marks).nfkc().for_each(|c| push(c, plain));
        // A spacing accent would fall apart into a space and a mark.
        if plain.len() > before + 1 && plain[before].c == ' ' {
            plain.truncate(before);
            plain.extend_from_slice(cluster);
        }
    }
    let unchanged = plain.len() - before == cluster.len() && plain[before..].iter().zip(cluster).all(|(new, old)| new.c == old.c);
    if unchanged {
        plain.truncate(before);
        plain.extend_from_slice(cluster);
    } else if plain.get(before).is_some_and(|new| wears_costume(base.c, new.c)) {
        disguises.insert(Disguise::StyledLetters);
    }
}

/// Belongs to the cluster before it under NFKC.
fn attaches(c: char) -> bool {
    if c < '\u{300}' || is_settled(c) {
        return false;
    }
    matches!(c, '\u{FF9E}' | '\u{FF9F}')
        || canonical_combining_class(c) != 0
        || is_loose_mark(c)
        || is_nfkc_quick(std::iter::once(c)) == IsNormalized::Maybe
}

/// Marks of no script of their own, the material of stacks and strike-throughs.
fn is_loose_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// What letters in a row must come to that all wear loose marks: one counts for a letter that composes with its mark, two for one
/// that does not. "ṣọ́ọ̀ṣì" typed apart comes to five, Vietnamese to three; no orthography goes further.
const DECKED: usize = 6;

/// Where a row of letters under loose marks comes to so much, from its first letter to the mark after its last.
fn decked_out(glyphs: &[Glyph]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let (mut start, mut sum) = (0, 0);
    let mut at = 0;
    while at < glyphs.len() {
        let base = glyphs[at].c;
        let marks = glyphs[at + 1..].iter().take_while(|glyph| is_loose_mark(glyph.c)).count();
        if marks > 0 && base.is_alphabetic() {
            start = if sum == 0 { at } else { start };
            sum += if compose(base, glyphs[at + 1].c).is_some() { 1 } else { 2 };
        } else {
            sum = 0;
        }
        at += 1 + marks;
        if sum >= DECKED {
            match runs.last_mut().filter(|run| run.start == start) {
                Some(run) => run.end = at,
                None => runs.push(start..at),
            }
        }
    }
    runs
}

/// Whether the marks on a base are there to bury it. No orthography puts four loose marks on a letter, or strikes one through; and
/// most scripts have marks of their own and no use for those of Latin, Greek and Cyrillic; Syriac and Coptic borrow some.
fn buried(cluster: &[Glyph]) -> bool {
    let loose = cluster[1..].iter().filter(|glyph| is_loose_mark(glyph.c));
    let is_foreign = || {
        let borrows = [Script::Latin, Script::Greek, Script::Cyrillic, Script::Syriac, Script::Coptic, Script::Common];
        cluster[0].c.is_alphabetic() && !borrows.contains(&cluster[0].c.script())
    };
    loose.clone().count() >= 4
        || loose.clone().next().is_some() && is_foreign()
        || cluster[0].c.is_alphanumeric()
            && loose.clone().any(|mark| {
                matches!(mark.c, '\u{332}' | '\u{333}' | '\u{305}' | '\u{33F}' | '\u{334}'..='\u{338}' | '\u{488}' | '\u{489}'
                    | '\u{20D2}'..='\u{20D3}' | '\u{20DD}'..='\u{20E8}')
            })
}

/// Characters that say more than their NFKC form: `½` is no `1⁄2` after a `1`, and Thai `ำ` is one letter to its readers.
#[expect(clippy::match_same_arms, reason = "one arm a reason")]
fn means_more(c: char, (before, after): (Option<char>, Option<char>)) -> bool {
    let raised = |c: Option<char>| c.is_some_and(is_raised_digit);
    match c {
        '½' | '¼' | '¾' | '\u{2150}'..='\u{215F}' | '\u{2189}' => true,
        'ª' | 'º' | '™' | '℠' | '№' | 'ℹ' | '‼' | '⁉' | '…' => true,
        // Chinese, Japanese and Korean punctuation as it is typed there.
        '！' | '（' | '）' | '，' | '：' | '；' | '？' | '｜' | '～' | '￥' => true,
        '\u{0E33}' | '\u{0EB3}' => true,
        // Korean letters on their own (ㅋㅋ, ㅠㅠ), whole, half-width, in circles and in brackets.
        '\u{3131}'..='\u{318E}' | '\u{FFA1}'..='\u{FFDC}' | '\u{3200}'..='\u{320D}' | '\u{3260}'..='\u{326D}' => true,
        // The 2 of m² stays; digits raised in a row are a number.
        _ if is_raised_digit(c) => !(raised(before) || raised(after)),
        _ => false,
    }
}

fn is_raised_digit(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '\u{2070}' | '\u{2074}'..='\u{2079}' | '\u{2080}'..='\u{2089}')
}

/// The letter under a costume that NFKC leaves on.
fn costume(c: char, (before, after): (Option<char>, Option<char>), capitals: &str) -> Option<char> {
    let from = |first: char, base: char| char::from_u32(u32::from(c) - u32::from(first) + u32::from(base));
    match c {
        '\u{1F150}'..='\u{1F169}' => from('\u{1F150}', 'A'),
        // Blood types and the parking sign are emoji of their own; beside letters they are letters.
        '🅰' | '🅱' | '🅾' | '🅿' => {
            let lettered = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || matches!(c, '\u{1F130}'..='\u{1F189}'));
            (lettered(before) || lettered(after)).then(|| from('\u{1F170}', 'A')).flatten()
        }
        '\u{1F170}'..='\u{1F189}' => from('\u{1F170}', 'A'),
        _ => small_capital(c, capitals),
    }
}

/// Phonetic small capitals, popular as a typeface, each before its letter.
const LATIN_CAPITALS: &str = "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkĸkʟlᴍmɴnᴏoᴘpꞯqʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz";

/// The same typeface in Cyrillic text, where phonetic signs and Greek capitals fill the gaps.
const CYRILLIC_CAPITALS: &str = "ᴀаʙвᴄсᴇеʜнᴋкĸкᴍмᴏоᴛтᴧлᴨпᴩрᴦгᴫлʍмɜзɯшᴦгᴘр";

fn small_capital(c: char, capitals: &str) -> Option<char> {
    if !matches!(c, 'ĸ' | '\u{25C}'..='\u{29F}' | '\u{1D00}'..='\u{1D2B}' | '\u{A730}'..='\u{A731}' | '\u{A7AF}') {
        return None;
    }
    let mut pairs = capitals.chars();
    pairs.find(|&capital| capital == c)?;
    pairs.next()
}

/// A plain letter came out of something else than an accent, a ligature or an East Asian keyboard.
fn wears_costume(old: char, new: char) -> bool {
    new.is_alphabetic()
        && matches!(old, '\u{262}'..='\u{2FF}' | '\u{1D00}'..='\u{1DBF}' | '\u{2070}'..='\u{20FF}' | '\u{2100}'..='\u{214F}'
            | '\u{2460}'..='\u{24FF}' | '\u{A700}'..='\u{A7FF}' | '\u{1D400}'..='\u{1D7FF}' | '\u{1F100}'..='\u{1F189}')
}

fn is_indicator(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Regional indicators at the head of `glyphs`: pairs that are flags stay flags, any other run spells letters.
/// Returns how many glyphs it took.
fn flags_or_letters(glyphs: &[Glyph], plain: &mut Vec<Glyph>, disguises: &mut Disguises) -> usize {
    // A hidden character between two indicators keeps them from being shown as a flag.
    let mut run = 1;
    while run < glyphs.len() && is_indicator(glyphs[run].c) && glyphs[run].start == glyphs[run - 1].end {
        run += 1;
    }
    let letter = |glyph: &Glyph| char::from_u32(u32::from(glyph.c) - 0x1F1E6 + u32::from('A')).unwrap_or(glyph.c);
    let is_flag = |pair: &[Glyph]| {
        let code: String = pair.iter().map(letter).collect();
        pair.len() == 2 && FLAGS.split(' ').any(|flag| flag == code)
    };
    if glyphs[..run].chunks(2).all(is_flag) {
        plain.extend_from_slice(&glyphs[..run]);
    } else {
        plain.extend(glyphs[..run].iter().map(|glyph| glyph.with(letter(glyph))));
        disguises.insert(Disguise::StyledLetters);
    }
    run
}

/// Codes that have a flag: ISO 3166-1 and the exceptional reservations shown as flags.
const FLAGS: &str = "AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA \
CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF \
GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ \
LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ \
OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF \
TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Whether NFKC, with this file's exceptions, leaves `c` alone wherever it stands among characters of its kind.
///
/// The hot path asks this of every character; marks are answered "no" because order and composition depend on the neighbours.
#[expect(clippy::match_same_arms, reason = "one arm a reason")]
pub(super) fn is_settled(c: char) -> bool {
    match c {
        '\u{A1}'..='\u{24F}' => {
            !matches!(c, '¨' | '¯' | '²' | '³' | '´' | 'µ' | '¸' | '¹' | 'Ĳ'..='ĳ' | 'Ŀ'..='ŀ' | 'ŉ' | 'ſ' | 'ĸ' | 'Ǆ'..='ǌ' | 'Ǳ'..='ǳ' | '\u{AD}')
        }
        '\u{388}'..='\u{3CE}' | '\u{400}'..='\u{481}' | '\u{48A}'..='\u{52F}' => {
            c != '\u{38B}' && c != '\u{38D}' && c != '\u{3A2}'
        }
        // Letters and marks of scripts whose spelling is stable as typed; is_nfkc_quick settles the order of their marks.
        '\u{5D0}'..='\u{5EA}'
        | '\u{61B}'
        | '\u{61F}'..='\u{64A}'
        | '\u{660}'..='\u{66F}'
        | '\u{671}'..='\u{674}'
        | '\u{679}'..='\u{6D5}' => true,
        '\u{1EA0}'..='\u{1EF9}'
        | '\u{2010}'
        | '\u{2012}'..='\u{2016}'
        | '\u{2018}'..='\u{2023}'
        | '\u{2030}'
        | '\u{2032}'
        | '\u{2039}'..='\u{203B}' => true,
        '！' | '（' | '）' | '，' | '：' | '；' | '？' | '｜' | '～' | '￥' => true,
        '\u{20A0}'..='\u{20A7}' | '\u{20A9}'..='\u{20C0}' => true,
        '\u{3001}'..='\u{301B}'
        | '\u{3041}'..='\u{3096}'
        | '\u{309D}'
        | '\u{309E}'
        | '\u{30A1}'..='\u{30FE}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' => true,
        '\u{2190}'..='\u{2211}' | '\u{2500}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}' => true,
        _ => false,
    }
}

/// Whether a combining mark may stand after a letter without this file having anything to say; see [`is_settled`].
pub(super) fn is_native_mark(c: char) -> bool {
    is_mark(c) && !is_loose_mark(c)
}
