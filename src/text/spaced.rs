//! Words with their letters pulled apart ("p a s s p o r t", "п.а.с.п.о.р.т") → words.
//!
//! Only scripts whose words are joined letters: in Thai or Chinese a space between two characters is ordinary.

use std::ops::Range;

use unicode_script::Script;

use super::characters::{belongs_to_word, is_letter, script};
use super::disguise::{Disguise, Disguises};
use super::glyph::Glyph;

/// Fewer single letters in a row are initials, an abbreviation (U S A) or words of one letter.
const FEWEST_LETTERS: usize = 4;

/// Single letters with one and the same separator between them.
struct Row {
    glyphs: Range<usize>,
    joins: bool,
}

/// Joins pulled-apart words.
pub(super) fn join_spaced(glyphs: Vec<Glyph>, disguises: &mut Disguises) -> Vec<Glyph> {
    let mut rows = rows(&glyphs);
    if !rows.iter().any(|row| row.joins) {
        return glyphs;
    }
    disguises.insert(Disguise::Spacing);
    // "J O B   F A I R": a short row beside a joined one was pulled apart by the same hand.
    for at in 1..rows.len() {
        if rows[at - 1].joins && only_a_gap(&glyphs[rows[at - 1].glyphs.end..rows[at].glyphs.start]) {
            rows[at].joins = true;
        }
    }
    for at in (1..rows.len()).rev() {
        if rows[at].joins && only_a_gap(&glyphs[rows[at - 1].glyphs.end..rows[at].glyphs.start]) {
            rows[at - 1].joins = true;
        }
    }
    let mut joined = Vec::with_capacity(glyphs.len());
    let mut at = 0;
    for row in rows.iter().filter(|row| row.joins) {
        joined.extend_from_slice(&glyphs[at..row.glyphs.start]);
        joined.extend(glyphs[row.glyphs.clone()].iter().step_by(2));
        at = row.glyphs.end;
    }
    joined.extend_from_slice(&glyphs[at..]);
    joined
}

fn only_a_gap(between: &[Glyph]) -> bool {
    (2..=4).contains(&between.len()) && between.iter().all(|glyph| glyph.c == ' ')
}

/// Every row of at least two single letters.
fn rows(glyphs: &[Glyph]) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < glyphs.len() {
        // Two single letters cannot begin where the next character is no separator.
        if !glyphs.get(at + 1).is_some_and(|next| is_separator(next.c)) {
            at += 1;
            continue;
        }
        let end = row_end(glyphs, at);
        if end > at + 1 {
            let joins = is_one_word(&glyphs[at..end]) && !continues_a_dotted_name(glyphs, at);
            rows.push(Row { glyphs: at..end, joins });
            at = end;
        } else {
            at += 1;
        }
    }
    rows
}

/// One past the last letter of the row that starts at `start`, or `start` where none does.
fn row_end(glyphs: &[Glyph], start: usize) -> usize {
    let single = |at: usize| {
        glyphs.get(at).is_some_and(|glyph| is_spaceable(glyph.c) || stands_for_letter(glyph.c))
            && !glyphs.get(at + 1).is_some_and(|next| belongs_to_word(next.c))
            && (at == 0 || !belongs_to_word(glyphs[at - 1].c))
    };
    if !(single(start) && is_spaceable(glyphs[start].c)) {
        return start;
    }
    let Some(separator) = glyphs.get(start + 1).map(|glyph| glyph.c).filter(|c| is_separator(*c)) else { return start };
    let mut end = start + 1;
    while glyphs.get(end).is_some_and(|glyph| glyph.c == separator) && single(end + 1) {
        end += 2;
    }
    // A stand-in digit counts only between letters.
    while end > start + 1 && stands_for_letter(glyphs[end - 1].c) {
        end -= 2;
    }
    end
}

/// "abc.d.e.f.g" is a dotted name: its single letters do not begin at a word boundary.
fn continues_a_dotted_name(glyphs: &[Glyph], start: usize) -> bool {
    start >= 2 && glyphs[start - 1].c != ' ' && glyphs[start - 1].c == glyphs[start + 1].c && belongs_to_word(glyphs[start - 2].c)
}

fn is_one_word(row: &[Glyph]) -> bool {
    let letters: Vec<char> = row.iter().step_by(2).map(|glyph| glyph.c).collect();
    let stand_ins = letters.iter().filter(|c| stands_for_letter(**c)).count();
    let mut distinct: Vec<char> = letters.iter().flat_map(|c| c.to_lowercase()).collect();
    let listed = distinct.windows(2).all(|pair| matches!(u32::from(pair[1]).wrapping_sub(u32::from(pair[0])), 1 | 2));
    distinct.sort_unstable();
    distinct.dedup();
    // "A B C D" is a list of licence classes, "x x x x" a row of marks.
    letters.len() >= FEWEST_LETTERS + stand_ins && stand_ins * 3 <= letters.len() && distinct.len() >= 2 && !listed
}

fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '_' | '*' | '|' | '/' | '\\' | '·' | '•' | ',' | '~' | '+' | '=')
}

fn stands_for_letter(c: char) -> bool {
    matches!(c, '0' | '1' | '3' | '4' | '5' | '@' | '$' | '!')
}

fn is_spaceable(c: char) -> bool {
    is_letter(c)
        && matches!(
            script(c),
            Script::Latin
                | Script::Cyrillic
                | Script::Greek
                | Script::Arabic
                | Script::Hebrew
                | Script::Armenian
                | Script::Georgian
        )
}
