//! The tables of names → [`Rows`] → the [`Gazetteer`]: which spelling means what, settled where tables disagree.

use std::borrow::Cow;

use super::boundary::Tail;
use super::country::CountryCode;
use super::gazetteer::{Belief, Gazetteer, Kind, Name, Reading};
use super::tables::{self, names, rows};
use crate::text::{SortedWords, fold};

/// Inhabitants, in thousands, from which a city is recognised without its country.
const LARGE: u32 = 300;
/// From here on a town with a long name is also recognised behind a word such as "in".
const MEDIUM: u32 = 80;
/// Letters of a long name.
const LONG_TOWN: usize = 6;
const LONG_PROVINCE: usize = 7;
/// A reading this many times rarer than the commonest one is dropped: London is not in Ontario.
const RARE: u32 = 10;
/// Countries whose provinces people name without the country: long names there stand alone.
const KNOWN_PROVINCES: &str = "AR BR CA CN ID IN JP KR KZ MX MY NG PH PK RU TH TR UA US VN";
/// In place of a place: the row names people.
const PEOPLE: &str = "+";
/// In place of a place: towns that are called like greater ones abroad.
const NAMESAKES: &str = "=";
/// Weight of a province beside cities of the same name, in thousands of inhabitants.
const PROVINCE: u32 = 1_000;

/// Which table speaks first for a spelling: the first that knows it says what it means. The others have a say in three things: a demonym
/// lifts a stop word, and makes a country of its spelling [`Kind::Either`]; every table adds the endings it allows; and doubt counts
/// whichever table speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Never a place.
    Stop,
    /// By hand.
    Alias,
    /// A whole country.
    Country,
    /// By hand, but a country of the same spelling is meant as often.
    Demonym,
    /// A city or a province.
    Place,
    /// What it takes to believe the spelling, whatever it means.
    Doubt,
    /// A town of the name that is meant only before its province.
    Namesake,
}

/// One spelling with one reading.
struct Row {
    spelling: Cow<'static, str>,
    rank: Rank,
    tail: Tail,
    kind: Kind,
    belief: Belief,
    means: Meant,
}

/// What a spelling stands for.
#[derive(Clone, Copy)]
struct Meant {
    country: CountryCode,
    place: Option<&'static str>,
    /// Inhabitants in thousands, or 1.
    weight: u32,
    is_province: bool,
}

impl Meant {
    fn country(code: &str) -> Self {
        Self { country: CountryCode::assigned(code), place: None, weight: 1, is_province: false }
    }

    /// Stop words and doubtful spellings stand for none; Kosovo fills the field and is never read.
    fn nothing() -> Self {
        Self { weight: 0, ..Self::country("XK") }
    }
}

/// All rows, whichever table they stand in.
#[derive(Default)]
pub(super) struct Rows(Vec<Row>);

impl Rows {
    /// The gazetteer of the compiled-in tables.
    pub(super) fn compiled_in() -> Gazetteer {
        let mut rows = Self::default();
        rows.stop_words();
        rows.aliases();
        rows.demonyms();
        rows.countries();
        rows.cities();
        rows.provinces();
        rows.namesakes();
        rows.settle()
    }

    fn stop_words(&mut self) {
        for [level, cell] in rows(tables::STOP) {
            let (rank, belief) = match level {
                "never" => (Rank::Stop, Belief::Confirmed),
                "acronym" => (Rank::Doubt, Belief::Capitals),
                "place" => (Rank::Doubt, Belief::Located),
                _ => (Rank::Doubt, Belief::Confirmed),
            };
            for (_, name) in names(cell) {
                let spelling = Cow::Owned(fold(name));
                self.0.push(Row { spelling, rank, tail: Tail::WHOLE, kind: Kind::Place, belief, means: Meant::nothing() });
            }
        }
    }

    fn aliases(&mut self) {
        let places = |[_, place, _]: &[&str; 3]| ![PEOPLE, NAMESAKES].contains(place);
        for [codes, place, cell] in rows(tables::ALIASES).chain(rows(tables::NAMES)).filter(places) {
            let place = (place != "-").then_some(place);
            let kind = if place.is_some() { Kind::Place } else { Kind::Country };
            for (language, name) in names(cell) {
                let spelling = fold(name);
                for code in codes.split(',') {
                    let means = Meant { place, ..Meant::country(code) };
                    if place.is_none() {
                        self.ethiopic_people(&spelling, means);
                    }
                    self.add(Cow::Owned(spelling.clone()), language, Rank::Alias, kind, Belief::Free, means);
                }
            }
        }
    }

    fn demonyms(&mut self) {
        let more = rows(tables::NAMES).filter(|[_, kind, _]| *kind == PEOPLE).map(|[code, _, cell]| [code, cell]);
        for [code, cell] in rows(tables::DEMONYMS).chain(more) {
            for (_, name) in names(cell) {
                let (stem, open) = name.strip_suffix('*').map_or((name, false), |stem| (stem, true));
                let tail = Tail::WHOLE.with(if open { Tail::OPEN } else { Tail::PLURAL });
                self.people(fold(stem), tail, Meant::country(code));
            }
        }
    }

    fn people(&mut self, spelling: String, tail: Tail, means: Meant) {
        let (spelling, rank, kind, belief) = (Cow::Owned(spelling), Rank::Demonym, Kind::Demonym, Belief::Free);
        self.0.push(Row { spelling, rank, tail, kind, belief, means });
    }

    /// Amharic makes its words for people, one and many, of every country's name.
    fn ethiopic_people(&mut self, country: &str, means: Meant) {
        if let Some(stem) = ethiopic_stem(country) {
            self.people(format!("{stem}ዊ"), Tail::WHOLE.with(Tail::OPEN), means);
            self.people(format!("{stem}ውያን"), Tail::WHOLE, means);
        }
    }

    fn countries(&mut self) {
        for [code, _, cell] in rows(tables::COUNTRIES) {
            for (language, name) in names(cell) {
                self.ethiopic_people(name, Meant::country(code));
                self.add(Cow::Borrowed(name), language, Rank::Country, Kind::Country, Belief::Free, Meant::country(code));
            }
        }
    }

    fn cities(&mut self) {
        for [code, name, inhabitants, cell] in rows(tables::CITIES) {
            let weight = inhabitants.parse().unwrap_or(1);
            for (language, spelling) in names(cell) {
                let belief = match weight {
                    LARGE.. => Belief::Free,
                    MEDIUM..LARGE if spelling.chars().count() >= LONG_TOWN => Belief::Located,
                    _ => Belief::Confirmed,
                };
                // `~`: GeoNames alone gives the name, and in no particular language.
                let (spelling, belief) =
                    spelling.strip_prefix('~').map_or((spelling, belief), |rest| (rest, belief.max(Belief::Located)));
                self.place(spelling, language, belief, code, Meant { place: Some(name), weight, ..Meant::country(code) });
            }
        }
    }

    fn provinces(&mut self) {
        for [code, name, cell] in rows(tables::SUBDIVISIONS) {
            let known = KNOWN_PROVINCES.split(' ').any(|known| known == code);
            for (language, spelling) in names(cell) {
                let belief = if known && spelling.chars().count() >= LONG_PROVINCE { Belief::Free } else { Belief::Confirmed };
                self.place(
                    spelling,
                    language,
                    belief,
                    code,
                    Meant { place: Some(name), weight: PROVINCE, is_province: true, ..Meant::country(code) },
                );
            }
        }
    }

    fn namesakes(&mut self) {
        for [code, _, cell] in rows(tables::NAMES).filter(|[_, kind, _]| *kind == NAMESAKES) {
            for (_, name) in names(cell) {
                let (spelling, tail, kind, belief) = (Cow::Owned(fold(name)), Tail::WHOLE, Kind::Place, Belief::Confirmed);
                self.0.push(Row { spelling, rank: Rank::Namesake, tail, kind, belief, means: Meant::country(code) });
            }
        }
    }

    /// A city or province. A name without a language is in that of its country.
    fn place(&mut self, spelling: &'static str, language: &'static str, belief: Belief, code: &str, means: Meant) {
        let language = if language.is_empty() { endings_at_home(code) } else { language };
        self.add(Cow::Borrowed(spelling), language, Rank::Place, Kind::Place, belief, means);
    }

    /// A name with the endings that its language writes onto it, and once more without its last letter where an ending replaces that.
    fn add(&mut self, spelling: Cow<'static, str>, language: &str, rank: Rank, kind: Kind, belief: Belief, means: Meant) {
        let letters = spelling.chars().count();
        if letters < 2 {
            return;
        }
        if let Some(end) = stem_end(&spelling, letters, language, kind) {
            let spelling = match &spelling {
                Cow::Borrowed(name) => Cow::Borrowed(&name[..end]),
                Cow::Owned(name) => Cow::Owned(name[..end].to_owned()),
            };
            let tail = families(language).with(Tail::STEM);
            self.0.push(Row { spelling, rank, tail, kind, belief, means });
        }
        // The stem of a name that takes more to believe may be a word: the town of Камень, and "камни".
        if belief == Belief::Free
            && let Some(spelling) = fleeting_stem(&spelling, letters, language)
        {
            let (spelling, tail) = (Cow::Owned(spelling), families(language).with(Tail::STEM));
            self.0.push(Row { spelling, rank, tail, kind, belief, means });
        }
        let turkic = language.split(',').any(|l| l == "tr" || l == "uz");
        let sturdy = letters >= 5 && (kind == Kind::Country || rank == Rank::Alias || (turkic && belief == Belief::Free));
        let whole = families(language).with(Tail::WHOLE);
        let tail = if sturdy { whole.with(Tail::GLUED) } else { whole };
        self.0.push(Row { spelling, rank, tail, kind, belief, means });
    }

    /// Settles what every spelling means: the first table that knows it decides, the list of doubtful names has a say in any case.
    fn settle(mut self) -> Gazetteer {
        self.0.sort_unstable_by(|a, b| {
            a.spelling.cmp(&b.spelling).then(a.rank.cmp(&b.rank)).then(a.means.country.cmp(&b.means.country))
        });
        let mut spellings: Vec<&str> = Vec::new();
        let (mut names, mut readings) = (Vec::new(), Vec::new());
        for same in self.0.chunk_by(|a, b| a.spelling == b.spelling) {
            let demonym = same.iter().find(|row| row.rank == Rank::Demonym);
            let first = match same[0].rank {
                Rank::Stop if demonym.is_some() => Rank::Demonym,
                Rank::Doubt | Rank::Namesake => continue,
                _ if same[0].spelling.len() < 2 => continue,
                rank => rank,
            };
            let rows: Vec<&Row> = same.iter().filter(|row| row.rank == first).collect();
            let from = readings.len();
            if first != Rank::Stop {
                push_readings(&rows, same, &mut readings);
            }
            let to = readings.len();
            if first != Rank::Stop {
                push_namesakes(same, from, &mut readings);
            }
            let one_country = rows.iter().all(|row| row.means.country == rows[0].means.country);
            let also_demonym = rows[0].kind == Kind::Country
                && one_country
                && demonym.is_some_and(|demonym| demonym.means.country == rows[0].means.country);
            let doubt = same.iter().filter(|row| row.rank == Rank::Doubt).map(|row| row.belief).max();
            let belief = rows.iter().map(|row| row.belief).min().max(doubt).unwrap_or(Belief::Free);
            let tail = same
                .iter()
                .filter(|row| !matches!(row.rank, Rank::Stop | Rank::Doubt | Rank::Namesake))
                .fold(rows[0].tail, |tail, row| tail.with(row.tail));
            let kind = if also_demonym { Kind::Either } else { rows[0].kind };
            spellings.push(&same[0].spelling);
            let namesakes = to as u32..readings.len() as u32;
            names.push(Name { tail, kind, belief, readings: from as u32..to as u32, namesakes });
        }
        Gazetteer { spellings: SortedWords::new(spellings.into_iter()), names, readings }
    }
}

/// One reading a country, the heaviest first, without those far rarer than the commonest.
fn push_readings(rows: &[&Row], same: &[Row], readings: &mut Vec<Reading>) {
    let mut by_country: Vec<Meant> = Vec::with_capacity(rows.len());
    for means in rows.iter().map(|row| row.means) {
        match by_country.iter_mut().find(|known| known.country == means.country) {
            Some(known) if known.weight < means.weight => *known = means,
            Some(_) => {}
            None => by_country.push(means),
        }
    }
    let most = by_country.iter().map(|row| row.weight).max().unwrap_or(1);
    by_country.retain(|row| row.weight * RARE > most);
    by_country.sort_by_key(|row| std::cmp::Reverse(row.weight));
    let total: u32 = by_country.iter().map(|row| row.weight).sum();
    readings.extend(by_country.iter().map(|row| Reading {
        country: row.country,
        place: row.place,
        share: row.weight as f32 / total as f32,
        is_province: is_province(same, row.country),
    }));
}

/// Whether a country has a province of this name and no city: "Madrid" behind a town is rather the next city of a list.
fn is_province(same: &[Row], country: CountryCode) -> bool {
    let mut own = same.iter().filter(|row| row.rank == Rank::Place && row.means.country == country).peekable();
    own.peek().is_some() && own.all(|row| row.means.is_province)
}

/// One reading for each country that has a town of this name and is not among the readings from `from` on.
fn push_namesakes(same: &[Row], from: usize, readings: &mut Vec<Reading>) {
    for row in same.iter().filter(|row| matches!(row.rank, Rank::Place | Rank::Namesake)) {
        let Meant { country, place, .. } = row.means;
        if readings[from..].iter().all(|known| known.country != country) {
            readings.push(Reading { country, place, share: 1.0, is_province: is_province(same, country) });
        }
    }
}

/// The language whose endings, or endings like them, people of a country write onto the names of its towns: Turkish ones in Cyprus, Uzbek
/// ones in Kazakhstan.
fn endings_at_home(code: &str) -> &'static str {
    match code {
        "PL" => "pl",
        "RO" | "MD" => "ro",
        "TR" | "CY" => "tr",
        "UZ" | "KZ" | "KG" | "TM" | "AZ" => "uz",
        _ => "",
    }
}

fn families(language: &str) -> Tail {
    language.split(',').fold(Tail::default(), |tail, own| match own {
        "pl" => tail.with(Tail::POLISH),
        "ro" => tail.with(Tail::ROMANIAN),
        _ => tail,
    })
}

/// Where the last letter begins, if a case ending replaces it.
fn stem_end(folded: &str, letters: usize, language: &str, kind: Kind) -> Option<usize> {
    let (at, last) = folded.char_indices().next_back()?;
    let inflects = match last {
        'а' | 'я' | 'ь' | 'й' | 'и' | 'ы' | 'о' | 'е' | 'і' => letters >= if kind == Kind::Country { 5 } else { 6 },
        'a' | 'e' | 'y' | 'o' | 'i' => letters >= 6 && language.split(',').any(|l| l == "pl" || (l == "ro" && last == 'a')),
        // The vowel killer of Tamil: an ending begins with the vowel it killed.
        '\u{0BCD}' => letters >= 4,
        _ => false,
    };
    inflects.then_some(at)
}

/// Endings whose vowel is lost or turns before a case ending, and what is left of them: "Відень, під Віднем", "Харків, у Харкові",
/// "Череповец, в Череповце", "Wiedeń, pod Wiedniem", folded. A stem made of a name that keeps its vowel is no word and never seen.
const FLEETING: [(&str, &str); 5] = [("ень", "н"), ("ець", "ц"), ("ец", "ц"), ("ів", "ов"), ("їв", "єв")];
const FLEETING_POLISH: [(&str, &str); 3] = [("iec", "c"), ("ek", "k"), ("en", "n")];

/// The stem that a case ending follows where it takes a vowel from inside the name.
fn fleeting_stem(folded: &str, letters: usize, language: &str) -> Option<String> {
    let polish = letters >= 6 && families(language) == Tail::POLISH;
    let polish = FLEETING_POLISH.iter().filter(|_| polish);
    let (front, left) = FLEETING.iter().chain(polish).find_map(|(end, left)| Some((folded.strip_suffix(end)?, left)))?;
    // Four letters before an ending are the least that is no other word; "Києв" is no other word either.
    (letters >= 5 || *left == "єв").then(|| format!("{front}{left}")).filter(|stem| stem.chars().count() >= 4)
}

/// What Amharic writes "-ዊ" and "-ውያን" onto: a country's name with its last syllable open. The syllables of a consonant stand in rows of
/// eight, by vowel.
fn ethiopic_stem(country: &str) -> Option<String> {
    let last = country.chars().next_back().filter(|c| ('\u{1200}'..='\u{1357}').contains(c))?;
    let front = &country[..country.len() - last.len_utf8()];
    match u32::from(last) % 8 {
        2 => Some(format!("{country}ያ")),
        3 => Some(country.to_owned()),
        5 => char::from_u32(u32::from(last) - 2).map(|open| format!("{front}{open}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: [(&str, &str); 3] =
        [("countries", tables::COUNTRIES), ("cities", tables::CITIES), ("subdivisions", tables::SUBDIVISIONS)];

    /// Loading folds nothing, so the tables that `make.py` writes must stand folded. One that does not is written anew beside it.
    #[test]
    fn generated_tables_are_folded() {
        for (file, table) in GENERATED {
            let folded = fold_names(table);
            if folded != table {
                let path = format!("{}/datasets/gazetteer/{file}.tsv.new", env!("CARGO_MANIFEST_DIR"));
                std::fs::write(&path, folded).expect("the folder is writable");
                panic!("{file}.tsv is not folded; {path} is: put it in its place");
            }
        }
    }

    /// The table with every name of its last column folded, once each.
    fn fold_names(table: &str) -> String {
        let mut out = String::new();
        for line in table.lines() {
            let (front, cell) = line.rsplit_once('\t').unwrap_or((line, ""));
            if line.starts_with('#') {
                out += line;
            } else {
                let mut seen: Vec<(String, String)> = Vec::new();
                for name in cell.split('|') {
                    let (tag, name) = match name.split_once('=') {
                        Some((tag, name)) => (format!("{tag}="), name),
                        None => (if name.starts_with('~') { "~" } else { "" }.to_owned(), name.trim_start_matches('~')),
                    };
                    let folded = fold(name);
                    match seen.iter_mut().find(|(_, known)| *known == folded) {
                        Some((known, _)) if tag.ends_with('=') && known.ends_with('=') => *known = merged(known, &tag),
                        Some((known, _)) if tag.ends_with('=') || known == "~" => *known = tag,
                        Some(_) => {}
                        None => seen.push((tag, folded)),
                    }
                }
                out += front;
                out.push('\t');
                out += &seen.iter().map(|(tag, name)| format!("{tag}{name}")).collect::<Vec<_>>().join("|");
            }
            out.push('\n');
        }
        out
    }

    /// `en,es=` and `pl=` make `en,es,pl=`.
    fn merged(one: &str, other: &str) -> String {
        let mut tags: Vec<&str> = one.trim_end_matches('=').split(',').chain(other.trim_end_matches('=').split(',')).collect();
        tags.sort_unstable();
        tags.dedup();
        tags.join(",") + "="
    }
}
