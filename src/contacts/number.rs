//! A telephone number's country and its one spelling, by the tables of libphonenumber.

use phonenumber::{Mode, country};

use crate::regions::CountryCode;
use crate::text::NormalText;

/// Country and digits, country code first, of the valid number that `digits` are: with their country code where it is `written` so, or
/// in `home` without. Numbers of no country have none.
pub(super) fn number(written: &str, digits: &str, home: Option<CountryCode>) -> Option<(Option<CountryCode>, String)> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = if is_international(written) {
        phonenumber::parse(None, format!("+{digits}"))
    } else {
        phonenumber::parse(Some(home?.as_str().parse::<country::Id>().ok()?), digits)
    };
    let number = number.ok().filter(phonenumber::is_valid)?;
    let country = number.country().id().and_then(|id| CountryCode::parse(id.as_ref()));
    Some((country, number.format().mode(Mode::E164).to_string().trim_start_matches('+').to_owned()))
}

/// Whether a number is written with its country in front: "+63 …", "(0063) …", "[+63] …", in the digits and brackets of any script.
pub(crate) fn is_international(written: &str) -> bool {
    dials_abroad(NormalText::new(written).folded())
}

/// The same of a number that is folded already.
pub(super) fn dials_abroad(folded: &str) -> bool {
    let start = folded.trim_start_matches(['(', '[', ' ']);
    start.starts_with('+') || start.starts_with("00")
}

#[cfg(test)]
mod tests {
    use super::super::canonical;
    use super::*;

    fn read(words: &str, home: Option<&str>) -> Option<(String, String)> {
        let (country, digits) = number(words, &canonical(words).1, home.and_then(CountryCode::parse))?;
        Some((country.map(|country| country.to_string()).unwrap_or_default(), digits))
    }

    #[test]
    fn a_number_has_one_spelling_wherever_it_is_written() {
        let same = Some(("PH".to_owned(), "639171234567".to_owned()));
        assert_eq!(read("+63 917 123 4567", None), same);
        assert_eq!(read("0063-917-1234567", Some("AE")), same);
        assert_eq!(read("0917 123 4567", Some("PH")), same);
        assert_eq!(read("०९१७ १२३ ४५६७", Some("PH")), same);
        assert_eq!(read("（＋६३） 917 123 4567", None), same);
    }

    #[test]
    fn without_its_country_or_with_hidden_digits_a_number_stays_as_it_is() {
        assert_eq!(read("0917 123 4567", None), None);
        assert_eq!(read("09xx xxx xx67", Some("PH")), None);
        assert_eq!(read("12345678901234", Some("PH")), None);
        assert_eq!(read("jobs@harbour.example", Some("PH")), None);
    }
}
