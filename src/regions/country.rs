//! [`CountryCode`] and the [`Region`] above it.
//!
//! In: two letters. Out: a code that is known to exist, its English name and its region.
//! The regions are the seed's own (the Trafficking in Persons Report 2023 prints them on its country maps), so that counts can be set beside it.
//! A region is a heading for counts. It is never evidence for suspicion.

use std::fmt;
use std::sync::LazyLock;

/// An ISO 3166-1 alpha-2 code, or `XK` for Kosovo, which has no assigned one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

/// A part of the world in the seed's taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Sub-Saharan Africa.
    Africa,
    /// East Asia and the Pacific.
    EastAsiaPacific,
    /// Europe and Eurasia, with Türkiye, Cyprus, the Caucasus and Russia.
    EuropeEurasia,
    /// North Africa and the Middle East.
    NearEast,
    /// South and Central Asia.
    SouthCentralAsia,
    /// The Americas.
    WesternHemisphere,
}

/// Every code by region. The seed lists 186 countries and leaves out its author, the United States, which stands here with its neighbours,
/// and most dependent territories, which stand where they lie. Sint Maarten is under Europe because the seed puts it there.
const REGIONS: [(Region, &str); 6] = [
    (
        Region::Africa,
        "AO BF BI BJ BW CD CF CG CI CM CV DJ ER ET GA GH GM GN GQ GW IO KE KM LR LS MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST \
         SZ TD TF TG TZ UG YT ZA ZM ZW",
    ),
    (
        Region::EastAsiaPacific,
        "AQ AS AU BN CC CK CN CX FJ FM GU HK HM ID JP KH KI KP KR LA MH MM MN MO MP MY NC NF NR NU NZ PF PG PH PN PW SB SG TH TK TL TO TV TW \
         UM VN VU WF WS",
    ),
    (
        Region::EuropeEurasia,
        "AD AL AM AT AX AZ BA BE BG BV BY CH CY CZ DE DK EE ES FI FO FR GB GE GG GI GL GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL \
         NO PL PT RO RS RU SE SI SJ SK SM SX TR UA VA XK",
    ),
    (Region::NearEast, "AE BH DZ EG EH IL IQ IR JO KW LB LY MA OM PS QA SA SY TN YE"),
    (Region::SouthCentralAsia, "AF BD BT IN KG KZ LK MV NP PK TJ TM UZ"),
    (
        Region::WesternHemisphere,
        "AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF MQ MS MX NI PA PE PM PR PY \
         SR SV TC TT US UY VC VE VG VI",
    ),
];

static NAMES: LazyLock<Vec<(CountryCode, &'static str)>> = LazyLock::new(|| {
    let mut names: Vec<_> =
        super::tables::rows(super::tables::COUNTRIES).map(|[code, name, _]| (CountryCode::assigned(code), name)).collect();
    names.sort_unstable();
    names
});

impl CountryCode {
    /// The code spelled by two letters in any case, if it is assigned.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let letters: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        let code = Self(letters.map(|letter| letter.to_ascii_uppercase()));
        code.listed().map(|_| code)
    }

    /// Every code, in alphabetical order.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all: Vec<_> = REGIONS.iter().flat_map(|(_, codes)| codes.split_whitespace()).map(Self::assigned).collect();
        all.sort_unstable();
        all
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// The English name.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.binary_search_by_key(&self, |(code, _)| *code).map_or("?", |at| NAMES[at].1)
    }

    /// The region it is counted under.
    #[must_use]
    pub fn region(self) -> Region {
        // `parse` lets only listed codes in, so the fallback is never taken.
        self.listed().unwrap_or(Region::WesternHemisphere)
    }

    /// A code from our own tables, which a test holds to the list above.
    pub(super) fn assigned(code: &str) -> Self {
        let bytes = code.as_bytes();
        Self([bytes[0], bytes[1]])
    }

    /// The country of a flag, spelled by two regional indicators.
    pub(super) fn from_flag(first: char, second: char) -> Option<Self> {
        let letter = |c: char| (('\u{1F1E6}'..='\u{1F1FF}').contains(&c)).then(|| (c as u32 - 0x1F1E6) as u8 + b'A');
        let code = Self([letter(first)?, letter(second)?]);
        code.listed().map(|_| code)
    }

    fn listed(self) -> Option<Region> {
        REGIONS.iter().find(|(_, codes)| codes.as_bytes().chunks(3).any(|code| code[..2] == self.0)).map(|(region, _)| *region)
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Region {
    /// Every region, in the order of the seed.
    pub const ALL: [Self; 6] = [
        Self::Africa,
        Self::EastAsiaPacific,
        Self::EuropeEurasia,
        Self::NearEast,
        Self::SouthCentralAsia,
        Self::WesternHemisphere,
    ];

    /// Stable id for files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Africa => "africa",
            Self::EastAsiaPacific => "east_asia_pacific",
            Self::EuropeEurasia => "europe_eurasia",
            Self::NearEast => "near_east",
            Self::SouthCentralAsia => "south_central_asia",
            Self::WesternHemisphere => "western_hemisphere",
        }
    }

    /// Heading for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Africa => "Africa (Sub-Saharan)",
            Self::EastAsiaPacific => "East Asia and Pacific",
            Self::EuropeEurasia => "Europe and Eurasia",
            Self::NearEast => "Near East",
            Self::SouthCentralAsia => "South and Central Asia",
            Self::WesternHemisphere => "Western Hemisphere",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
