//! Letters of one script dressed as another ("раssроrt", "paбoтa") → the script the word is in.
//!
//! Only words that mix scripts are touched, and only where every foreign letter has a double: `SMMщик` and `kΩ` stay.
//! The table is `lookalikes.tsv`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_script::Script;

use super::disguise::{Disguise, Disguises};
use super::glyph::{Glyph, confusable_script, runs};

/// Scripts a word can be resolved to; letters of the others are only ever borrowed.
const TARGETS: [Script; 3] = [Script::Latin, Script::Cyrillic, Script::Greek];

#[derive(Default)]
struct Doubles {
    to_latin: HashMap<char, (char, Likeness)>,
    from_latin: HashMap<(char, Script), (char, Likeness)>,
}

/// How well one letter passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    Same,
    Exact,
    Near,
}

static DOUBLES: LazyLock<Doubles> = LazyLock::new(|| {
    let mut doubles = Doubles::default();
    for line in include_str!("lookalikes.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let mut letter = || fields.next().and_then(|field| field.chars().next());
        let (Some(other), Some(latin)) = (letter(), letter()) else { continue };
        let direction = fields.next();
        let likeness = if fields.next() == Some("exact") { Likeness::Exact } else { Likeness::Near };
        if direction != Some("out") {
            doubles.to_latin.insert(other, (latin, likeness));
        }
        if let (Some(script), Some("both" | "out")) = (confusable_script(other), direction) {
            doubles.from_latin.insert((latin, script), (other, likeness));
        }
    }
    doubles
});

/// The letter of `script` that looks like `c`.
fn double(c: char, script: Script) -> Option<(char, Likeness)> {
    let (latin, likeness) = match confusable_script(c)? {
        own if own == script => return Some((c, Likeness::Same)),
        Script::Latin => (c, Likeness::Same),
        _ => *DOUBLES.to_latin.get(&c)?,
    };
    if script == Script::Latin {
        return Some((latin, likeness));
    }
    DOUBLES.from_latin.get(&(latin, script)).map(|&(letter, other)| (letter, likeness.max(other)))
}

/// Resolves every word that mixes scripts.
pub(super) fn resolve(mut glyphs: Vec<Glyph>, disguises: &mut Disguises) -> Vec<Glyph> {
    let words: Vec<Range<usize>> = runs(&glyphs, |glyph| confusable_script(glyph.c).is_some() || is_inside_word(glyph.c))
        .into_iter()
        .map(|word| trim(&glyphs, word))
        .collect();
    if words.iter().any(|word| is_mixed(&glyphs[word.clone()])) {
        let mut scripts: Vec<Vec<Script>> = words.iter().map(|word| scripts_of(&glyphs[word.clone()])).collect();
        let home = home_of_text(&glyphs);
        let mut resolved = false;
        for (word, scripts) in words.iter().zip(&mut scripts).filter(|(_, scripts)| scripts.len() > 1) {
            let letters = &mut glyphs[word.clone()];
            if let Some(script) = home_of_word(letters, home).filter(|_| !is_suffixed_abbreviation(letters)) {
                rewrite(letters, script);
                *scripts = vec![script];
                resolved |= script == home;
                disguises.insert(Disguise::LookAlikes);
            }
        }
        if resolved {
            resolve_whole_words(&mut glyphs, &words, &scripts, home);
        }
    }
    for word in &words {
        capital_i(&mut glyphs[word.clone()], disguises);
    }
    glyphs
}

/// The script the text is in, by the letters that pass for no other: the rest may be the disguise.
fn home_of_text(glyphs: &[Glyph]) -> Script {
    let mut letters = [0_usize; TARGETS.len()];
    for glyph in glyphs {
        let Some(script) = confusable_script(glyph.c) else { continue };
        let passes = TARGETS
            .into_iter()
            .filter(|&target| target != script)
            .any(|target| matches!(double(glyph.c, target), Some((_, Likeness::Exact))));
        if passes {
            continue;
        }
        if let Some(at) = TARGETS.iter().position(|&target| target == script) {
            letters[at] += 1;
        }
    }
    let most = letters.iter().max().copied().unwrap_or(0);
    TARGETS.into_iter().zip(letters).find(|&(_, count)| count == most).map_or(Script::Latin, |(script, _)| script)
}

/// Once mixed words have shown the trick, a word made of exact doubles alone is part of it, where the word before or after is in
/// the script of the text. Short ones only in Cyrillic and Greek text, which quotes Latin names ("Python") of its own accord.
fn resolve_whole_words(glyphs: &mut [Glyph], words: &[Range<usize>], scripts: &[Vec<Script>], home: Script) {
    for (at, word) in words.iter().enumerate() {
        let letters = &glyphs[word.clone()];
        let neighbours = [at.checked_sub(1).and_then(|before| scripts.get(before)), scripts.get(at + 1)];
        let is_abbreviation = letters.len() > 1 && letters.iter().all(|glyph| glyph.c.is_uppercase());
        let is_name = matches!(glyphs.get(word.end).map(|next| next.c), Some('#' | '+' | '&' | '-' | '.' | '/' | '0'..='9'));
        if scripts[at].is_empty()
            || scripts[at].contains(&home)
            || is_abbreviation
            || home != Script::Latin && (is_name || letters.len() > 2)
            || !neighbours.into_iter().flatten().any(|scripts| scripts.contains(&home))
        {
            continue;
        }
        if letters.iter().all(|glyph| double(glyph.c, home).is_some_and(|(_, likeness)| likeness <= Likeness::Exact)) {
            rewrite(&mut glyphs[word.clone()], home);
        }
    }
}

fn rewrite(word: &mut [Glyph], script: Script) {
    for glyph in word {
        if let Some((letter, _)) = double(glyph.c, script) {
            glyph.c = letter;
        }
    }
}

/// Digits and signs that stand for letters do not end a word.
fn is_inside_word(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '@' | '$') || matches!(c, '\u{300}'..='\u{36F}')
}

/// The word without what is no letter at its ends.
fn trim(glyphs: &[Glyph], word: Range<usize>) -> Range<usize> {
    let is_letter = |at: &usize| confusable_script(glyphs[*at].c).is_some();
    match (word.clone().find(is_letter), word.clone().rfind(is_letter)) {
        (Some(first), Some(last)) => first..last + 1,
        _ => word.start..word.start,
    }
}

fn is_mixed(word: &[Glyph]) -> bool {
    let mut scripts = word.iter().filter_map(|glyph| confusable_script(glyph.c));
    let first = scripts.next();
    scripts.any(|script| Some(script) != first)
}

fn scripts_of(word: &[Glyph]) -> Vec<Script> {
    let mut found = Vec::new();
    for script in word.iter().filter_map(|glyph| confusable_script(glyph.c)) {
        if !found.contains(&script) {
            found.push(script);
        }
    }
    found
}

/// `ITшник`, `PRщик`: capitals with an ending in small letters of another script are two languages, not a disguise.
fn is_suffixed_abbreviation(word: &[Glyph]) -> bool {
    let capitals = word.iter().take_while(|glyph| glyph.c.is_uppercase()).count();
    let (head, tail) = word.split_at(capitals);
    capitals >= 2
        && !tail.is_empty()
        && tail.iter().all(|glyph| !glyph.c.is_uppercase())
        && scripts_of(head).len() == 1
        && !scripts_of(tail).contains(&scripts_of(head)[0])
}

/// The script in which the word needs the fewest and the most natural changes, `None` where some letter has no double in any.
fn home_of_word(word: &[Glyph], home_of_text: Script) -> Option<Script> {
    let letters = || word.iter().map(|glyph| glyph.c).filter(|c| confusable_script(*c).is_some());
    // Twice the number of letters changed, twice again for those that are only near; a script foreign to the text costs five.
    let cost = |target: Script| {
        let changes = letters().map(|c| double(c, target).map(|(_, likeness)| 2 * likeness as usize)).sum::<Option<usize>>()?;
        Some(changes + if target == home_of_text { 0 } else { 5 })
    };
    let used = TARGETS.into_iter().filter(|&target| letters().any(|c| confusable_script(c) == Some(target)));
    let script =
        used.filter_map(|target| Some((cost(target)?, target))).min_by_key(|&(cost, _)| cost).map(|(_, target)| target)?;
    // "eventы", "backendом": a foreign word with an ending. A disguise would not change scripts just once over several poor doubles.
    let blocks: Vec<usize> =
        letters().filter_map(confusable_script).collect::<Vec<_>>().chunk_by(|a, b| a == b).map(<[_]>::len).collect();
    let poor = letters().filter(|&c| double(c, script).is_some_and(|(_, likeness)| likeness == Likeness::Near)).count();
    let has_ending = matches!(blocks[..], [stem, ending] if poor >= if stem >= 4 && ending >= 2 { 1 } else { 2 });
    // "kΩ", "ΔT": two letters are a unit or a formula unless one of them is foreign to the whole text.
    let is_formula = script != home_of_text && letters().count() < 3;
    (!is_formula && !has_ending).then_some(script)
}

/// A small L among capitals is a capital i: `HlRlNG`.
fn capital_i(word: &mut [Glyph], disguises: &mut Disguises) {
    if !word.windows(2).any(|pair| pair[0].c == 'l' && pair[1].c.is_uppercase()) {
        return;
    }
    let letters = word.iter().filter(|glyph| glyph.is_letter());
    let capitals = letters.clone().filter(|glyph| glyph.c.is_uppercase()).count();
    if capitals >= 3 && letters.clone().all(|glyph| glyph.c == 'l' || glyph.c.is_uppercase()) {
        for glyph in word.iter_mut().filter(|glyph| glyph.c == 'l') {
            glyph.c = 'I';
        }
        disguises.insert(Disguise::LookAlikes);
    }
}
