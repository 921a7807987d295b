//! The gazetteer's files, compiled in. `datasets/gazetteer/README.md` says what each holds and where it comes from.

/// Countries and territories: code, English name, names by language.
pub(super) const COUNTRIES: &str = include_str!("../../datasets/gazetteer/countries.tsv");
/// Cities: code, name, inhabitants in thousands, names.
pub(super) const CITIES: &str = include_str!("../../datasets/gazetteer/cities.tsv");
/// Provinces and states: code, name, names.
pub(super) const SUBDIVISIONS: &str = include_str!("../../datasets/gazetteer/subdivisions.tsv");
/// Short forms, exonyms, special zones: codes, place or `-`, names.
pub(super) const ALIASES: &str = include_str!("../../datasets/gazetteer/aliases.tsv");
/// Nationality words: code, words.
pub(super) const DEMONYMS: &str = include_str!("../../datasets/gazetteer/demonyms.tsv");
/// Names that are also ordinary words: what it takes to believe them, names.
pub(super) const STOP: &str = include_str!("../../datasets/gazetteer/stop.tsv");
/// What adverts name besides: codes, place or `-` for the country, `+` for its people, `=` for towns called like greater ones abroad, names.
pub(super) const NAMES: &str = include_str!("../../datasets/gazetteer/names.tsv");

/// The rows of a table that has `N` columns, without comments and blank lines.
pub(super) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let mut columns = line.split('\t');
        std::array::from_fn(|_| columns.next().unwrap_or_default())
    })
}

/// The names of a cell with the languages they are marked with: `pl=Dubaj|Dubai` gives `("pl", "Dubaj")` and `("", "Dubai")`.
pub(super) fn names(cell: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    cell.split('|').filter(|name| !name.is_empty()).map(|name| name.split_once('=').unwrap_or(("", name)))
}
