//! Which countries a language speaks to.
//!
//! In: a BCP 47 tag. Out: the countries whose people are addressed in it. An offer in Indonesian for work in Taiwan addresses people in
//! Indonesia; English settles nothing.

/// Countries whose people are addressed in a language. A language of one country makes it a candidate; of one of several it speaks for
/// a candidate.
const COUNTRIES: [(&str, &str); 38] = [
    ("am", "ET"),
    ("ar", "EG MA DZ TN SD SY JO IQ YE LB LY"),
    ("bg", "BG"),
    ("bn", "BD IN"),
    ("de", "DE AT"),
    ("es", "MX CO PE EC BO AR CL VE PY UY CR GT HN NI SV PA DO CU ES"),
    ("fa", "IR AF"),
    ("fr", "FR SN CI CM ML BF BJ TG GN CD CG MG MA TN DZ HT BE"),
    ("ha", "NG NE"),
    ("hi", "IN"),
    ("id", "ID"),
    ("it", "IT"),
    ("ja", "JP"),
    ("kk", "KZ"),
    ("km", "KH"),
    ("ko", "KR"),
    ("ky", "KG"),
    ("lo", "LA"),
    ("ms", "MY"),
    ("my", "MM"),
    ("ne", "NP"),
    ("pcm", "NG"),
    ("pl", "PL"),
    ("pt", "BR PT AO MZ CV GW"),
    ("ro", "RO MD"),
    ("ru", "RU KZ KG UZ TJ BY UA MD"),
    ("si", "LK"),
    ("sw", "KE TZ UG"),
    ("ta", "LK IN"),
    ("tg", "TJ"),
    ("th", "TH"),
    ("tl", "PH"),
    ("tr", "TR"),
    ("uk", "UA"),
    ("ur", "PK"),
    ("uz", "UZ"),
    ("vi", "VN"),
    ("zh", "CN TW HK MO"),
];

/// The countries whose people are addressed in a language, as codes; none for a language that settles nothing. Only the first part of
/// the tag counts.
pub(super) fn countries(tag: &str) -> impl Iterator<Item = &'static str> {
    let language = tag.split('-').next().unwrap_or_default();
    COUNTRIES.iter().filter(move |(known, _)| *known == language).flat_map(|(_, countries)| countries.split(' '))
}
