//! Which part each place plays: origin, destination, or merely mentioned.
//!
//! In: believed sightings and cues. Out: [`Regions`] without the platform's region.
//! A cue beside a place decides; a list ("Thailand, Cambodia and Laos") shares one cue. Places without a cue count as destination only
//! where something is offered, and only if nothing better is known. Nothing is guessed from nationality alone.

use super::Regions;
use super::between::{between, in_one_list, leads_on};
use super::boundary::is_written_onto;
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
        // "Ragazze che dormite in piazza Libertà a Trieste".
        Meaning::Addressed => 40,
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
    let parts = parts(folded, sightings, cues);
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
    // A flag tells where only if no word does.
    let named = sightings.iter().any(|s| matches!(s.kind, Kind::Country | Kind::Place | Kind::Either));
    let tells = |s: &Sighting| s.kind != Kind::Demonym && (s.kind == Kind::Flag) != named;
    let uncued: Vec<&Sighting> =
        parts.iter().filter(|part| part.meaning.is_none() && tells(part.sighting)).map(|part| part.sighting).collect();
    let home = home(posted, cues);
    sums.default_destination(&uncued, home, offers(folded, cues));
    origins_of_journeys(&mut sums, &parts, cues);
    if let Some(home) = home {
        sums.home_as_origin(&uncued, home);
    }
    for sighting in sightings {
        sums.mentioned(sighting);
    }
    sums.into_regions()
}

/// The part of each sighting: what the cue beside it says, or that of the list it stands in, or an arrow.
fn parts<'a>(folded: &str, sightings: &'a [Sighting], cues: &[Cue]) -> Vec<Part<'a>> {
    let mut parts: Vec<Part> = Vec::with_capacity(sightings.len());
    for (i, sighting) in sightings.iter().enumerate() {
        let own = is_denied(folded, sighting, cues)
            .then_some(Meaning::Denied)
            .or_else(|| is_led_to(folded, sighting).then_some(Meaning::Destination))
            .or_else(|| beside(folded, sighting, cues))
            .or_else(|| addressed(folded, sighting));
        let gap = if i > 0 { between(folded, &sightings[i - 1], sighting) } else { "" };
        let shared = parts.last().and_then(|last| last.meaning).filter(|meaning| shares(gap, *meaning));
        // "from Uzbekistan and Nepal, work in ...": the word behind the list speaks of what follows.
        let meaning = match (own, shared) {
            (Some(Meaning::Destination), Some(Meaning::Origin)) if !is_led_to(folded, sighting) => shared,
            _ => own.or(shared),
        };
        parts.push(Part { sighting, meaning });
    }
    share_backwards(folded, &mut parts);
    follow_ways(folded, &mut parts, cues);
    if is_profile(folded) {
        for part in &mut parts {
            part.meaning = Some(Meaning::Elsewhere);
        }
    }
    parts
}

/// Whether neighbours in a list with this gap share what is said of one of them. "Not in Dubai or Doha" denies both, "Niger, not Nigeria" and
/// "Pune, Dubai nahi" only one.
fn shares(gap: &str, meaning: Meaning) -> bool {
    in_one_list(gap) && (meaning != Meaning::Denied || gap.chars().any(char::is_alphabetic))
}

/// "Not in Dubai", "दुबई नहीं": nothing but quotes, a preposition written onto the name or an ending set off from it stands between.
fn is_denied(folded: &str, sighting: &Sighting, cues: &[Cue]) -> bool {
    let before = |gap: &str| {
        let onto = gap.trim_matches([' ', '"', '(', '[']);
        onto.is_empty() || (!onto.is_ascii() && is_written_onto(onto))
    };
    let after = |gap: &str| {
        let end = gap.trim_matches([' ', '"', ')', ']']);
        let set_off = end.strip_prefix('\'').is_some_and(|end| end.len() <= 4 && end.chars().all(char::is_alphabetic));
        end.is_empty() || set_off
    };
    cues.iter().filter(|cue| cue.meaning == Meaning::Denied).any(|cue| match cue.side {
        Side::Before => folded.get(cue.end..sighting.start).is_some_and(before),
        Side::After => folded.get(sighting.end..cue.start).is_some_and(after),
    })
}

/// Names that stand in the gazetteer with the word that leads there: Vietnamese ones of one syllable are words too ("sang Nhật"), and
/// Arabic writes "to" into the article ("للرياض").
fn is_led_to(folded: &str, sighting: &Sighting) -> bool {
    ["sang ", "لل"].iter().any(|to| folded[sighting.start..sighting.end].starts_with(to))
}

/// Signs of an origin that count only where the offer leads to another country: a licence, an interview, a word for people.
fn origins_of_journeys(sums: &mut Sums, parts: &[Part], cues: &[Cue]) {
    for cue in cues {
        if let Meaning::Licensing(country) = cue.meaning
            && sums.leads_abroad(country)
        {
            sums.put(Role::Origin, country, None, LICENSED_ORIGIN, cue.start..cue.end);
        }
    }
    for part in parts {
        let p = match part.meaning {
            Some(Meaning::Recruited) => RECRUITED_ORIGIN,
            None if part.sighting.kind == Kind::Demonym => LOOSE_DEMONYM,
            _ => continue,
        };
        if part.sighting.readings.iter().all(|reading| sums.leads_abroad(reading.country)) {
            sums.origin(part.sighting, p);
        }
    }
}

/// "ለኤርትራውያን": Amharic writes "for" onto the people it speaks to. One of them may be anyone, an employer too.
fn addressed(folded: &str, sighting: &Sighting) -> Option<Meaning> {
    let people = sighting.kind == Kind::Demonym && folded[sighting.start..sighting.end].ends_with("ውያን");
    (people && folded[..sighting.start].ends_with('ለ')).then_some(Meaning::People)
}

/// Whether the text offers something: a word of work, or money.
fn offers(folded: &str, cues: &[Cue]) -> bool {
    cues.iter().any(|cue| matches!(cue.meaning, Meaning::Work | Meaning::Sign(_) | Meaning::Money(_)))
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
        Meaning::Destination | Meaning::Transit | Meaning::Origin | Meaning::Addressed => !demonym,
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
    best.map(|(.., meaning)| match meaning {
        Meaning::Addressed => Meaning::Origin,
        _ => meaning,
    })
}

/// Whether what stands between a cue and a place parts them.
fn breaks(gap: &str, meaning: Meaning) -> bool {
    gap.chars().any(|c| {
        matches!(c, '\n' | '!' | '?' | ';' | '。' | '।' | '။' | '។' | '؟' | '|' | '•')
            || (meaning != Meaning::Destination && matches!(c, ',' | '、' | '،'))
    }) || gap.contains(". ")
}

/// In languages whose cues follow, the cue of a list stands at its end.
fn share_backwards(folded: &str, parts: &mut [Part]) {
    for i in (1..parts.len()).rev() {
        let (one, next) = (parts[i - 1].sighting, parts[i].sighting);
        let same = (one.kind == Kind::Demonym) == (next.kind == Kind::Demonym);
        if parts[i - 1].meaning.is_none() && same {
            parts[i - 1].meaning = parts[i].meaning.filter(|meaning| shares(between(folded, one, next), *meaning));
        }
    }
}

/// "🇳🇵 → 🇶🇦", "Kampala to Juba", "काठमाडौंबाट दोहा", "De Bogotá a Madrid": from the one to the other. A place between two others is passed.
fn follow_ways(folded: &str, parts: &mut [Part], cues: &[Cue]) {
    let mut led_here = false;
    for i in 1..parts.len() {
        let (one, next) = (parts[i - 1].sighting, parts[i].sighting);
        let gap = between(folded, one, next);
        let denied = [i - 1, i].iter().any(|at| parts[*at].meaning == Some(Meaning::Denied));
        let arrow = gap.contains("->") || gap.contains(['→', '➡', '⇒', '➜', '✈', '🛫']);
        let drawn = arrow && !gap.chars().any(char::is_alphanumeric);
        let worded = || is_place(one) && is_place(next) && (leads_on(folded, one, gap) || is_route(folded, &parts[..=i], cues));
        let leads = !denied && (drawn || worded());
        if leads {
            if parts[i - 1].meaning != Some(Meaning::Transit) {
                parts[i - 1].meaning = Some(if led_here { Meaning::Transit } else { Meaning::Origin });
            }
            parts[i].meaning = Some(Meaning::Destination);
        }
        led_here = leads;
    }
}

/// Longest way in words, in bytes: "from Addis Ababa, Ethiopia, via Khartoum to".
const ROUTE: usize = 120;

/// Whether the last of these places is led to by "from" before an earlier one and "to" behind the one before: "De Bogotá a Madrid", "from Lima,
/// Peru via Madrid to". Both words are short and mean much else, so they count only as a pair of one language and right beside the names.
fn is_route(folded: &str, parts: &[Part], cues: &[Cue]) -> bool {
    let [.., Part { sighting: one, .. }, Part { sighting: next, .. }] = parts else { return false };
    // "La familia de Beirut al Líbano", "von Köln in die Bundesrepublik": a town and its country are one place.
    if next.kind != Kind::Place && same_country(one, next) {
        return false;
    }
    let head = way_begins(folded, &parts[..parts.len() - 1]);
    let touches = |gap: Option<&str>| gap.is_some_and(|gap| gap.trim_matches([' ', '\'']).is_empty());
    let comes_from = |language: usize| {
        let from = |cue: &&Cue| cue.meaning == Meaning::From(language) && touches(folded.get(cue.end..head.start));
        // "Empresa de Madrid a ...": the employer's town is no origin.
        let employer = |from: &Cue| {
            let owns = |cue: &&Cue| cue.meaning == Meaning::Household && cue.side == Side::Before;
            cues.iter().filter(owns).any(|cue| touches(folded.get(cue.end..from.start)))
        };
        cues.iter().filter(from).any(|from| !employer(from))
    };
    next.start - head.start <= ROUTE
        && cues.iter().any(|cue| match cue.meaning {
            Meaning::To(language) => {
                let behind = folded.get(one.end..cue.start).is_some_and(|gap| gap.trim_matches([' ', ',', '-']).is_empty());
                behind && touches(folded.get(cue.end..next.start)) && comes_from(language)
            }
            _ => false,
        })
}

/// The place where a way begins whose last stop before its end is the last of these: those passed and the country of a town are skipped.
fn way_begins<'a>(folded: &str, parts: &[Part<'a>]) -> &'a Sighting {
    let mut at = parts.len() - 1;
    while at > 0 {
        let (before, here) = (parts[at - 1].sighting, parts[at].sighting);
        let its_country = is_place(before) && same_country(before, here) && in_one_list(between(folded, before, here));
        if parts[at].meaning != Some(Meaning::Transit) && !its_country {
            break;
        }
        at -= 1;
    }
    parts[at].sighting
}

fn same_country(one: &Sighting, other: &Sighting) -> bool {
    one.readings.iter().any(|reading| other.readings.iter().any(|known| known.country == reading.country))
}

fn is_place(sighting: &Sighting) -> bool {
    !matches!(sighting.kind, Kind::Demonym | Kind::Flag)
}
