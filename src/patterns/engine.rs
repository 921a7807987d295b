//! All phrases of all lists, looked up together.
//!
//! The text is read once, and every piece of every phrase in it is found, negators included. The rest looks only at these [`Hits`],
//! within a fixed distance, so that the time grows with the length of the text and nothing else. Pieces stand in sorted tables: an
//! automaton over them would be built at every start, and was the greatest part of it.

use std::collections::{BTreeMap, HashMap};

use super::card::{Phrases, Silence};
use super::negation::{self, Negators, Silencer};
use super::phrase::{self, Folded, Part, Piece, Place, QuickHash};
use crate::text::SortedWords;

/// How far apart, in bytes, the starts of two parts of a phrase can be.
const REACH: usize = 240;

/// Position in [`Engine::pieces`].
pub(super) type PieceId = u32;

/// Phrases that all show one thing.
pub(super) struct List<'a, T> {
    /// What they show.
    pub(super) shows: T,
    pub(super) phrases: &'a Phrases,
    pub(super) silenced_by: &'a [Silence],
    /// What silences a phrase when it stands in the same sentence.
    pub(super) unless: &'a Phrases,
    /// What the phrases deny must be denied within the clause: nobody is reassured by "no interview, pay a fee".
    pub(super) reassures: bool,
}

/// One thing seen in folded text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sighting<T> {
    pub(super) shows: T,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The pieces found in a text, by the start of their words.
pub(super) struct Hits(Vec<(PieceId, Place)>);

impl Hits {
    /// Whether one of `pieces` stands within `from..to`.
    pub(super) fn any(&self, pieces: &[PieceId], from: usize, to: usize) -> bool {
        let start = self.0.partition_point(|(_, place)| place.start + REACH < from);
        self.0[start..]
            .iter()
            .take_while(|(_, place)| place.start < to + REACH)
            .any(|(piece, place)| from <= place.start && place.end <= to && pieces.binary_search(piece).is_ok())
    }
}

/// A phrase with what it shows and what silences it.
struct Rule<T> {
    shows: T,
    parts: Vec<Part<PieceId>>,
    /// The part that leads to this rule.
    anchor: usize,
    /// Position in [`Engine::silencers`].
    silencer: usize,
}

impl<T> Rule<T> {
    /// The places of all parts if the anchor stands at hit `at`, each at its nearest. A gap behind one of `denials` ends with
    /// the clause.
    fn places(&self, text: &str, hits: &[(PieceId, Place)], at: usize, denials: &[PieceId]) -> Option<Vec<Place>> {
        let denies = |piece: &PieceId| denials.binary_search(piece).is_ok();
        let mut places = vec![hits[at].1];
        for pair in self.parts[..=self.anchor].windows(2).rev() {
            let right = places[0];
            let near = hits[..at].iter().rev().take_while(|(_, place)| place.start + REACH > right.start);
            let mut left = near.filter(|(piece, _)| pair[0].pieces.binary_search(piece).is_ok());
            let (_, left) = left.find(|(piece, left)| pair[1].joins(text, *left, right, denies(piece)))?;
            places.insert(0, *left);
        }
        let mut left = hits[at];
        for part in &self.parts[self.anchor + 1..] {
            let near = hits[at + 1..].iter().take_while(|(_, place)| place.start < left.1.end + REACH);
            let mut right = near.filter(|(piece, _)| part.pieces.binary_search(piece).is_ok());
            left = *right.find(|(_, right)| part.joins(text, left.1, *right, denies(&left.0)))?;
            places.push(left.1);
        }
        Some(places)
    }
}

/// Words to look for, and the pieces that have them.
struct Lookup {
    /// Words of two bytes and more.
    words: SortedWords,
    /// The pieces with each of these words: they differ in open ends.
    pieces: Vec<Vec<PieceId>>,
    /// The pieces of one byte, by that byte.
    letters: BTreeMap<u8, Vec<PieceId>>,
}

impl Lookup {
    fn new(mut words: Vec<(&str, PieceId)>) -> Self {
        words.sort_unstable();
        let (mut distinct, mut pieces, mut letters) =
            (Vec::new(), Vec::<Vec<PieceId>>::new(), BTreeMap::<u8, Vec<PieceId>>::new());
        for (word, piece) in words {
            match word.as_bytes() {
                [] => {}
                [letter] => letters.entry(*letter).or_default().push(piece),
                _ => {
                    if distinct.last() != Some(&word) {
                        distinct.push(word);
                        pieces.push(Vec::new());
                    }
                    if let Some(ids) = pieces.last_mut() {
                        ids.push(piece);
                    }
                }
            }
        }
        Self { words: SortedWords::new(distinct.into_iter()), pieces, letters }
    }

    /// The pieces whose words `text` begins with.
    fn at(&self, text: &[u8]) -> impl Iterator<Item = PieceId> {
        let letter = text.first().and_then(|letter| self.letters.get(letter)).into_iter().flatten();
        let longer = self.words.prefixes(text).into_iter().flat_map(|(_, word)| &self.pieces[word]);
        letter.chain(longer).copied()
    }
}

/// The compiled lists.
pub(super) struct Engine<T> {
    /// Pieces that begin a word if they begin with an ASCII letter or digit.
    at_words: Lookup,
    /// Those of any beginning.
    anywhere: Lookup,
    pieces: Vec<Piece>,
    rules: Vec<Rule<T>>,
    /// Rules by the pieces of their anchors.
    by_anchor: Vec<Vec<usize>>,
    silencers: Vec<Silencer>,
    /// Words that deny, of any language that was asked for.
    denials: Vec<PieceId>,
    /// What has such a word and denies nothing: "no problem".
    idle: Vec<PieceId>,
}

impl<T: Copy + Ord> Engine<T> {
    /// Compiles the lists.
    pub(super) fn new<'a>(lists: impl IntoIterator<Item = List<'a, T>>) -> Self
    where
        T: 'a,
    {
        let mut builder = Builder {
            ids: HashMap::default(),
            folded: Folded::default(),
            rules: Vec::new(),
            silencers: Vec::new(),
            spoken: BTreeMap::new(),
        };
        for list in lists {
            // Neighbouring languages share words, so the exceptions of one hold for all.
            let unless = builder.negators(list.unless.values().flatten());
            for (lang, written) in list.phrases {
                let silencer = builder.silencer(lang, &list, &unless);
                for one in written {
                    builder.rule(list.shows, one, silencer);
                }
            }
        }
        builder.finish()
    }

    /// Every sighting; those of one thing that overlap or touch are one.
    pub(super) fn find(&self, text: &str) -> Vec<Sighting<T>> {
        let hits = Hits(self.without_idle(self.hits(text)));
        let mut sightings = Vec::new();
        for (at, &(piece, _)) in hits.0.iter().enumerate() {
            for rule in self.by_anchor[piece as usize].iter().map(|&rule| &self.rules[rule]) {
                let silencer = &self.silencers[rule.silencer];
                let Some(places) = rule.places(text, &hits.0, at, &silencer.denials) else { continue };
                if !silencer.silence(text, &hits, &places) {
                    let (start, end) = (places[0].start, places[places.len() - 1].end);
                    sightings.push(Sighting { shows: rule.shows, start, end });
                }
            }
        }
        joined(sightings)
    }

    /// `hits` without the words that deny nothing where they stand: the "no" of "no problem, you pay the fee".
    fn without_idle(&self, mut hits: Vec<(PieceId, Place)>) -> Vec<(PieceId, Place)> {
        let is_in = |ids: &[PieceId], piece: PieceId| ids.binary_search(&piece).is_ok();
        let idle: Vec<Place> = hits.iter().filter(|(piece, _)| is_in(&self.idle, *piece)).map(|&(_, place)| place).collect();
        if idle.is_empty() {
            return hits;
        }
        // Both are in order, and what is idle is a few words long: the last that begins before a word is the one that has it.
        hits.retain(|&(piece, place)| {
            let before = idle.partition_point(|idle| idle.start <= place.start);
            let mut near = idle[..before].iter().rev().take_while(|idle| idle.start + REACH > place.start);
            let within = near.any(|idle| place.end <= idle.end);
            !(within && is_in(&self.denials, piece) && !is_in(&self.idle, piece))
        });
        hits
    }

    /// Every piece in the text, in order.
    fn hits(&self, text: &str) -> Vec<(PieceId, Place)> {
        let bytes = text.as_bytes();
        let mut hits = Vec::new();
        let mut in_word = false;
        for (at, c) in text.char_indices() {
            let begins = !(in_word && c.is_ascii_alphanumeric());
            in_word = c.is_ascii_alphanumeric();
            let place = |id: PieceId| Some((id, self.pieces[id as usize].place(text, at)?));
            if begins {
                hits.extend(self.at_words.at(&bytes[at..]).filter_map(place));
            }
            hits.extend(self.anywhere.at(&bytes[at..]).filter_map(place));
        }
        hits
    }
}

/// Sightings of one thing that overlap or touch, as one.
fn joined<T: Copy + Ord>(mut found: Vec<Sighting<T>>) -> Vec<Sighting<T>> {
    found.sort_unstable_by_key(|s| (s.shows, s.start, s.end));
    found.dedup_by(|later, kept| {
        let one = later.shows == kept.shows && later.start <= kept.end;
        if one {
            kept.end = kept.end.max(later.end);
        }
        one
    });
    found
}

/// In order, each once.
fn sorted(mut ids: Vec<PieceId>) -> Vec<PieceId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Collects pieces and rules before they can be looked up.
struct Builder<'a, T> {
    ids: HashMap<Piece, PieceId, QuickHash>,
    folded: Folded<'a>,
    rules: Vec<Rule<T>>,
    silencers: Vec<Silencer>,
    /// The negators of the languages and kinds that were asked for: folding them for every list took longer than the lists.
    spoken: BTreeMap<(&'static str, Kind), Vec<PieceId>>,
}

/// A list of [`Negators`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Before,
    After,
    Warning,
    Idle,
}

impl Kind {
    fn of(self, negators: &Negators) -> &[String] {
        match self {
            Self::Before => &negators.before,
            Self::After => &negators.after,
            Self::Warning => &negators.warning,
            Self::Idle => &negators.idle,
        }
    }
}

impl<'a, T> Builder<'a, T> {
    fn ids(&mut self, pieces: Vec<Piece>) -> Vec<PieceId> {
        let mut ids: Vec<PieceId> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let next = self.ids.len() as PieceId;
            ids.push(*self.ids.entry(piece).or_insert(next));
        }
        sorted(ids)
    }

    /// # Panics
    /// If an entry has a gap or an open ending before its last word.
    fn negators(&mut self, written: impl IntoIterator<Item = &'a String>) -> Vec<PieceId> {
        let mut pieces = Vec::new();
        for one in written {
            let mut parts = phrase::parse(one, &mut self.folded);
            assert_eq!(parts.len(), 1, "a negator is one run of words: {one}");
            pieces.append(&mut parts[0].pieces);
        }
        self.ids(pieces)
    }

    /// Everything that silences the phrases of a list in one language, `unless` among it.
    fn silencer(&mut self, lang: &str, list: &List<'_, T>, unless: &[PieceId]) -> usize {
        let mut silencer = Silencer { sentence: unless.to_vec(), ..Silencer::default() };
        self.spoken(lang, Kind::Idle);
        let before = self.spoken(lang, Kind::Before);
        if list.reassures {
            silencer.denials.clone_from(&before);
        }
        if list.silenced_by.contains(&Silence::Denials) {
            silencer.before = before;
            silencer.after = self.spoken(lang, Kind::After);
        }
        if list.silenced_by.contains(&Silence::Warnings) {
            silencer.sentence.extend(self.spoken(lang, Kind::Warning));
            silencer.sentence = sorted(silencer.sentence);
        }
        self.silencers.push(silencer);
        self.silencers.len() - 1
    }

    /// Negators of a language and of those whose negators count in it too.
    fn spoken(&mut self, lang: &str, kind: Kind) -> Vec<PieceId> {
        let languages = negation::all();
        let Some((lang, own)) = languages.get_key_value(lang) else { return Vec::new() };
        let mut ids = Vec::new();
        for (lang, negators) in [(lang, own)].into_iter().chain(own.also.iter().filter_map(|lang| languages.get_key_value(lang)))
        {
            if !self.spoken.contains_key(&(lang.as_str(), kind)) {
                let found = self.negators(kind.of(negators));
                self.spoken.insert((lang, kind), found);
            }
            ids.extend_from_slice(&self.spoken[&(lang.as_str(), kind)]);
        }
        sorted(ids)
    }

    fn rule(&mut self, shows: T, written: &'a str, silencer: usize) {
        let parts = phrase::parse(written, &mut self.folded);
        // The part with the longest words is the rarest.
        let length = |part: &Part| part.pieces.iter().map(|piece| piece.words.chars().count()).min();
        let anchor = (0..parts.len()).max_by_key(|&at| length(&parts[at])).unwrap_or(0);
        let compiled = |part: Part| Part { gap_before: part.gap_before, pieces: self.ids(part.pieces) };
        let parts = parts.into_iter().map(compiled).collect();
        self.rules.push(Rule { shows, parts, anchor, silencer });
    }

    fn finish(self) -> Engine<T> {
        let mut pieces: Vec<(Piece, PieceId)> = self.ids.into_iter().collect();
        pieces.sort_unstable_by_key(|&(_, id)| id);
        let pieces: Vec<Piece> = pieces.into_iter().map(|(piece, _)| piece).collect();
        let words = pieces.iter().map(|piece| piece.words.as_str()).zip(0..);
        let (at_words, anywhere) = words.partition(|&(_, id): &(&str, PieceId)| pieces[id as usize].closed_start());
        let (at_words, anywhere) = (Lookup::new(at_words), Lookup::new(anywhere));
        let mut by_anchor = vec![Vec::new(); pieces.len()];
        for (at, rule) in self.rules.iter().enumerate() {
            for &piece in &rule.parts[rule.anchor].pieces {
                by_anchor[piece as usize].push(at);
            }
        }
        let all = |kinds: &[Kind]| {
            let spoken = self.spoken.iter().filter(|((_, kind), _)| kinds.contains(kind));
            sorted(spoken.flat_map(|(_, ids)| ids).copied().collect())
        };
        let (denials, idle) = (all(&[Kind::Before, Kind::After]), all(&[Kind::Idle]));
        Engine { at_words, anywhere, pieces, rules: self.rules, by_anchor, silencers: self.silencers, denials, idle }
    }
}
