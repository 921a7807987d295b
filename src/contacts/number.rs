//! A telephone number's country and its one spelling, by the tables of libphonenumber.

use phonenumber::{Mode, country};

use super::{ContactKind, canonical};
use crate::regions::CountryCode;
use crate::text::NormalText;

/// A number that can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The country that gives out such numbers; none for numbers of no country. It says where to call, not where anyone is, and it
    /// is never evidence for suspicion.
    pub country: Option<CountryCode>,
    /// Country code and national number, digits only.
    pub digits: String,
}

/// The number these words spell, if they are a valid one: with its country code, or in `home` without.
#[must_use]
pub fn number(words: &str, home: Option<CountryCode>) -> Option<Number> {
    let (kind, digits) = canonical(words);
    if kind != ContactKind::Phone || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let text = NormalText::new(words);
    let start = text.folded().trim_start_matches(['(', '[', ' ']);
    let abroad = start.starts_with('+') || start.starts_with("00");
    let number = if abroad {
        phonenumber::parse(None, format!("+{digits}"))
    } else {
        phonenumber::parse(Some(home?.as_str().parse::<country::Id>().ok()?), digits)
    };
    let number = number.ok().filter(phonenumber::is_valid)?;
    let country = number.country().id().and_then(|id| CountryCode::parse(id.as_ref()));
    let digits = number.format().mode(Mode::E164).to_string().trim_start_matches('+').to_owned();
    Some(Number { country, digits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str, home: Option<&str>) -> Option<(String, String)> {
        let found = number(words, home.and_then(CountryCode::parse))?;
        Some((found.country.map(|country| country.to_string()).unwrap_or_default(), found.digits))
    }

    #[test]
    fn a_number_has_one_spelling_wherever_it_is_written() {
        let same = Some(("PH".to_owned(), "639171234567".to_owned()));
        assert_eq!(read("+63 917 123 4567", None), same);
        assert_eq!(read("0063-917-1234567", Some("AE")), same);
        assert_eq!(read("0917 123 4567", Some("PH")), same);
        assert_eq!(read("०९१७ १२३ ४५६७", Some("PH")), same);
    }

    #[test]
    fn without_its_country_or_with_hidden_digits_a_number_stays_as_it_is() {
        assert_eq!(read("0917 123 4567", None), None);
        assert_eq!(read("09xx xxx xx67", Some("PH")), None);
        assert_eq!(read("12345678901234", Some("PH")), None);
        assert_eq!(read("jobs@harbour.example", Some("PH")), None);
    }
}
