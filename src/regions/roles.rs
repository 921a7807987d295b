//! Which part each place plays: origin, destination, or merely mentioned.
//!
//! In: believed sightings and cues. Out: [`Regions`] without the platform's region.
//! A cue beside a place decides; a list ("Thailand, Cambodia and Laos") shares one cue. Places without a cue count as destination only
//! where something is offered, and only if nothing better is known. Nothing is guessed from nationality alone.

use super::Regions;
use super::country::CountryCode;
use super::cues::{Cue, Meaning, Side};
use super::gazetteer::{Kind, Sighting};
use super::profile::is_profile;
use super::sums::{Role, Sums};
use super::sureness::{CUED_DESTINATION, CUED_ORIGIN, LICENSED_ORIGIN, LOOSE_DEMONYM, RECRUITED_ORIGIN};
use crate::text::NormalText;

/// Longest distance, in characters, at which a cue before a place speaks of it.
fn reach(meaning: Meaning) -> usize {
    match meaning {
        Meaning::Destination | Meaning::Elsewhere => 12,
        Meaning::Recruited => 20,
        Meaning::People | Meaning::Nationals => 14,
        _ => 5,
    }
}

/// A place with its part.
struct Part<'a> {
    sighting: &'a Sighting,
    meaning: Option<Meaning>,
}

/// Gives every believed sighting its part and sums them up by country.
pub(super) fn assign(text: &NormalText, sightings: &[Sighting], cues: &[Cue], posted: Option<CountryCode>) -> Regions {
    let folded = text.folded();
    let mut parts: Vec<Part> = Vec::with_capacity(sightings.len());
    for (i, sighting) in sightings.iter().enumerate() {
        let listed = i > 0 && in_one_list(&folded[sightings[i - 1].end.min(sighting.start)..sighting.start]);
        let (own, shared) = (beside(folded, sighting, cues), parts.last().filter(|_| listed).and_then(|last| last.meaning));
        // "from Uzbekistan and Nepal, work in ...": the word behind the list speaks of what follows.
        let meaning = match (own, shared) {
            (Some(Meaning::Destination), Some(Meaning::Origin)) => shared,
            _ => own.or(shared),
        };
        parts.push(Part { sighting, meaning });
    }
    share_backwards(folded, &mut parts);
    follow_arrows(folded, &mut parts);

    if is_profile(folded) {
        for part in &mut parts {
            part.meaning = Some(Meaning::Elsewhere);
        }
    }
    let mut sums = Sums::new(text);
    for part in &parts {
        match (part.meaning, part.sighting.kind) {
            (Some(Meaning::Destination), Kind::Country | Kind::Place | Kind::Either | Kind::Flag) => {
                sums.destination(part.sighting, CUED_DESTINATION);
            }
            (Some(Meaning::Origin | Meaning::Nationals), _) | (Some(Meaning::People), Kind::Demonym | Kind::Either) => {
                sums.origin(part.sighting, CUED_ORIGIN);
            }
            _ => {}
        }
    }
    let offers = offers(folded, cues);
    let licensed: Vec<&Cue> = cues.iter().filter(|cue| matches!(cue.meaning, Meaning::Licensing(_))).collect();
    let home = home(posted, cues);
    let uncued = |flags: bool| -> Vec<&Sighting> {
        let place = |s: &Sighting| s.kind != Kind::Demonym && (s.kind == Kind::Flag) == flags;
        parts.iter().filter(|part| part.meaning.is_none() && place(part.sighting)).map(|part| part.sighting).collect()
    };
    // A flag tells where only if no word does.
    let named = sightings.iter().any(|s| matches!(s.kind, Kind::Country | Kind::Place | Kind::Either));
    let uncued = uncued(!named);
    sums.default_destination(&uncued, home, offers);
    for cue in licensed {
        if let Meaning::Licensing(country) = cue.meaning
            && sums.leads_abroad(country)
        {
            sums.put(Role::Origin, country, None, LICENSED_ORIGIN, cue.start..cue.end);
        }
    }
    for part in parts.iter().filter(|part| part.meaning == Some(Meaning::Recruited)) {
        if part.sighting.readings.iter().all(|reading| sums.leads_abroad(reading.country)) {
            sums.origin(part.sighting, RECRUITED_ORIGIN);
        }
    }
    for part in parts.iter().filter(|part| part.meaning.is_none() && part.sighting.kind == Kind::Demonym) {
        if part.sighting.readings.iter().all(|reading| sums.leads_abroad(reading.country)) {
            sums.origin(part.sighting, LOOSE_DEMONYM);
        }
    }
    if let Some(home) = home {
        sums.home_as_origin(&uncued, home);
    }
    for sighting in sightings {
        sums.mentioned(sighting);
    }
    sums.into_regions()
}

/// Whether the text offers something: a word of work, or money.
fn offers(folded: &str, cues: &[Cue]) -> bool {
    cues.iter().any(|cue| matches!(cue.meaning, Meaning::Work | Meaning::Sign(_)))
        || folded.contains(['$', '€', '£', '¥', '₹', '₩', '₦', '₱', '₫', '₴', '₸', '₽', '৳', '฿', '₺'])
}

/// The country the post is made in, as far as it shows: the platform's, or the only one whose licensing bodies or papers appear.
fn home(posted: Option<CountryCode>, cues: &[Cue]) -> Option<CountryCode> {
    posted.or_else(|| {
        let mut shown = cues.iter().filter_map(|cue| match cue.meaning {
            Meaning::Licensing(country) => Some(country),
            _ => None,
        });
        let first = shown.next()?;
        shown.all(|other| other == first).then_some(first)
    })
}

/// What the nearest cue says of a place.
fn beside(folded: &str, sighting: &Sighting, cues: &[Cue]) -> Option<Meaning> {
    if sighting.kind == Kind::Flag {
        return None;
    }
    let demonym = sighting.kind == Kind::Demonym;
    let speaks = |meaning: Meaning| match meaning {
        Meaning::People | Meaning::Household => matches!(sighting.kind, Kind::Demonym | Kind::Either),
        Meaning::Destination | Meaning::Transit | Meaning::Origin => !demonym,
        Meaning::Nationals => sighting.kind != Kind::Place,
        Meaning::Elsewhere | Meaning::Recruited => true,
        _ => false,
    };
    let mut best: Option<(usize, usize, Meaning)> = None;
    for cue in cues.iter().filter(|cue| speaks(cue.meaning)) {
        let gap = match cue.side {
            Side::Before if cue.end <= sighting.start => &folded[cue.end..sighting.start],
            Side::After if cue.start >= sighting.end => &folded[sighting.end..cue.start],
            _ => continue,
        };
        // Bytes first: most cues are far away.
        if gap.len() > 80 || breaks(gap, cue.meaning) {
            continue;
        }
        let gap = gap.chars().count();
        let far = match cue.side {
            _ if cue.meaning == Meaning::Nationals && !demonym => gap > 1,
            Side::Before => gap > reach(cue.meaning),
            Side::After => gap > if matches!(cue.meaning, Meaning::People | Meaning::Nationals) { 10 } else { 2 },
        };
        if far {
            continue;
        }
        let nearer = best.is_none_or(|(known, length, _)| gap < known || (gap == known && cue.end - cue.start > length));
        if nearer {
            best = Some((gap, cue.end - cue.start, cue.meaning));
        }
    }
    best.map(|(.., meaning)| meaning)
}

/// Whether what stands between a cue and a place parts them.
fn breaks(gap: &str, meaning: Meaning) -> bool {
    gap.chars().any(|c| {
        matches!(c, '\n' | '!' | '?' | ';' | '。' | '！' | '？' | '।' | '။' | '។' | '؟' | '|' | '•')
            || (meaning != Meaning::Destination && matches!(c, ',' | '，' | '、' | '،'))
    }) || gap.contains(". ")
}

/// "And" and "or" of the languages posts are written in, folded.
const AND: [&str; 34] = [
    "and", "or", "y", "o", "e", "ou", "et", "und", "oder", "si", "sau", "i", "lub", "и", "или", "та", "і", "й", "або", "ve",
    "veya", "va", "yoki", "dan", "atau", "at", "va", "hoac", "na", "au", "или", "и", "ya", "o",
];
/// The same in other scripts.
const AND_ELSEWHERE: [&str; 22] = [
    "و",
    "او",
    "يا",
    "और",
    "या",
    "र",
    "वा",
    "এবং",
    "ও",
    "বা",
    "සහ",
    "மற்றும்",
    "และ",
    "หรือ",
    "နှင့်",
    "និង",
    "ແລະ",
    "和",
    "或",
    "と",
    "や",
    "와",
];

/// "Thailand, Cambodia and Laos": between two members stand separators and at most one short word.
fn in_one_list(gap: &str) -> bool {
    let separator = |c: char| c.is_whitespace() || ",，、،/&+-–—|()".contains(c);
    let words: Vec<&str> = gap.split(separator).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => !gap.is_empty() && !gap.contains('\n') && gap.len() <= 6,
        [word] => AND.contains(word) || AND_ELSEWHERE.contains(word),
        _ => false,
    }
}

/// In languages whose cues follow, the cue of a list stands at its end.
fn share_backwards(folded: &str, parts: &mut [Part]) {
    for i in (1..parts.len()).rev() {
        let gap = &folded[parts[i - 1].sighting.end.min(parts[i].sighting.start)..parts[i].sighting.start];
        let same = (parts[i - 1].sighting.kind == Kind::Demonym) == (parts[i].sighting.kind == Kind::Demonym);
        if parts[i - 1].meaning.is_none() && same && in_one_list(gap) {
            parts[i - 1].meaning = parts[i].meaning;
        }
    }
}

/// Words that lead from the place before them to the place behind, folded: "Kampala to Juba", "काठमांडू से दुबई".
const LEADS_TO: [&str; 14] = ["to", "a", "ke", "до", "nach", "bis", "إلى", "الى", "به", "से", "سے", "থেকে", "から", "에서"];

/// "🇳🇵 → 🇶🇦", "Kampala to Juba": from the one to the other.
fn follow_arrows(folded: &str, parts: &mut [Part]) {
    for i in 1..parts.len() {
        let gap = &folded[parts[i - 1].sighting.end.min(parts[i].sighting.start)..parts[i].sighting.start];
        let arrow = gap.contains("->") || gap.contains(['→', '➡', '⇒', '➜', '✈', '🛫']);
        let is_place = |part: &Part| !matches!(part.sighting.kind, Kind::Demonym | Kind::Flag);
        let word = LEADS_TO.contains(&gap.trim()) && is_place(&parts[i - 1]) && is_place(&parts[i]);
        if word || (arrow && !gap.chars().any(char::is_alphanumeric)) {
            parts[i - 1].meaning = Some(Meaning::Origin);
            parts[i].meaning = Some(Meaning::Destination);
        }
    }
}
