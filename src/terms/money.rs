//! Sums of money: amount, currency, period, as an advert types them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::currency;
use super::figure::{Figure, figures, share_out_currencies};
use super::period::{self, PayPeriod, follows_period, period_behind};
use super::role::{self, Role};
use super::spelled;
use super::words::{TO, ends_clause, ends_with_word, starts_with_word, words};
use crate::contacts::Contact;
use crate::evidence::Span;
use crate::regions::{CountryCode, Regions, locate};
use crate::text::{Language, NormalText, fold, identify};

/// A sum, or a range of sums, in one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Money {
    /// Where it stands, currency included.
    pub span: Span,
    /// The sum, or the lower one.
    pub from: f64,
    /// The upper one of a range; otherwise the same.
    pub to: f64,
    /// ISO 4217, `USDT`, or `PESO`, `KRONE` and `DINAR` where the country is not said; `XXX`, as ISO 4217 has it, for a sum whose currency nobody
    /// mentions. A bare dollar sign is taken for the dollar that the text names elsewhere, or else for the US dollar, of which adverts
    /// across borders mostly speak.
    pub currency: &'static str,
    /// Its only sign is one that several currencies share: `$` or `¥`.
    pub shared_sign: bool,
    /// How often, where the words beside it say so.
    pub period: Option<PayPeriod>,
    /// The nearest word by it is one for a fee, a deposit or a fine.
    pub fee: bool,
    /// The nearest word by it is one for pay: whatever else its sentence asks for, this is not asked for.
    pub wage: bool,
}

/// Smaller figures beside a currency are quantities or slips, larger ones no sums.
const LEAST: f64 = 1.0;
const LARGEST: f64 = 1e12;
/// A figure without a currency is no sum below this, unless it is counted in thousands: "20 a day" may be posts.
const LEAST_UNNAMED: f64 = 100.0;
/// ISO 4217 for no currency: findings have it, people are not shown it.
pub const UNNAMED: &str = "XXX";
/// A range whose upper sum is so many times the lower one is none: "18-35 500 USD".
const WIDEST: f64 = 20.0;
/// Two sums to choose from are of one order.
const WIDEST_CHOICE: f64 = 5.0;
/// Sums of one post at most: a list of prices says no more than its beginning.
const MOST: usize = 20;

static BOARD: LazyLock<Vec<String>> = LazyLock::new(|| words("beside_pay"));
/// What is counted in thousands and is no money: "5k followers".
static COUNTED: LazyLock<Vec<String>> = LazyLock::new(|| words("counted"));

/// Currencies of which a bare dollar sign may be the sign.
const DOLLARS: &[&str] = &["USD", "AUD", "CAD", "NZD", "SGD", "HKD", "TWD"];

static BETWEEN: LazyLock<Vec<String>> = LazyLock::new(|| TO.iter().map(|word| fold(word)).collect());

/// Compiles the tables, so that the first post need not wait for it.
pub(super) fn prepare() {
    spelled::prepare();
}

/// What the sums of a text are read by, besides its words.
struct Setting<'a> {
    text: &'a NormalText,
    /// The base language: it says which rupee "Rs" is.
    language: &'a str,
    /// The countries it names: they say which dinar is meant.
    countries: Vec<CountryCode>,
}

/// The sums of a text in its order, its language and the countries it names left to be seen. Digits of a contact are none: no output shows a
/// number to call.
#[must_use]
pub fn find(text: &NormalText, contacts: &[Contact]) -> Vec<Money> {
    read(text, &identify(text), &locate(text, None), contacts).into_iter().map(|(money, _)| money).collect()
}

/// The sums of a text, each with where it stands in the folded text, the words for its period included.
pub(super) fn read(
    text: &NormalText,
    language: &Language,
    regions: &Regions,
    contacts: &[Contact],
) -> Vec<(Money, Range<usize>)> {
    let folded = text.folded();
    let language = language.tag.split('-').next().unwrap_or_default();
    let setting = Setting { text, language, countries: regions.mentioned.iter().map(|place| place.country).collect() };
    let figures = read_figures(text, contacts);
    let mut found = Vec::new();
    let mut at = 0;
    while at < figures.len() && found.len() < MOST {
        let one = &figures[at];
        let range = figures.get(at + 1).filter(|other| is_range(folded, one, other));
        at += 1 + usize::from(range.is_some());
        let next = figures.get(at).filter(|next| next.is_money());
        found.extend(read_sum(&setting, one, range, next));
    }
    settle_shared_signs(folded, &mut found);
    found
}

/// The figures of a text, in digits and in words, each with the currency it has.
fn read_figures(text: &NormalText, contacts: &[Contact]) -> Vec<Figure> {
    let folded = text.folded();
    let is_free = |at: &Range<usize>| {
        let span = text.span(at.clone());
        !contacts.iter().any(|contact| contact.span.overlaps(span))
    };
    // Folded, "đô" is the Slavic "do": "od 4000 do 6000".
    let has_dollar = ["đô", "Đô", "ĐÔ"].iter().any(|word| text.model().contains(word));
    let written = figures(folded).filter(is_free).take(4 * MOST);
    let spelled = spelled::find(folded).into_iter().filter(|spelled| is_free(&spelled.at)).take(4 * MOST);
    let written = written.filter_map(|at| Figure::read(folded, at, has_dollar));
    let mut figures: Vec<Figure> =
        written.chain(spelled.filter_map(|spelled| Figure::spelled(folded, &spelled, has_dollar))).collect();
    figures.sort_by_key(|figure| figure.at.start);
    // The multiple of a figure is a number word as well.
    let mut end = 0;
    figures.retain(|figure| {
        let is_next = figure.at.start >= end;
        end = end.max(figure.at.end);
        is_next
    });
    share_out_currencies(folded, &mut figures);
    figures
}

/// The sum that a figure, or a range of two, is; none where nothing beside it says so.
fn read_sum(setting: &Setting, one: &Figure, range: Option<&Figure>, next: Option<&Figure>) -> Option<(Money, Range<usize>)> {
    let &Setting { text, language, ref countries } = setting;
    let folded = text.folded();
    let last = range.unwrap_or(one);
    let behind = |figure: &Figure| figure.behind.filter(|(named, end)| !named.only_paid || is_wage(folded, one, *end));
    let before = |figure: &Figure| figure.before.filter(|(named, _)| !named.only_paid || is_wage(folded, one, last.at.end));
    let named =
        before(one).or_else(|| behind(last)).or_else(|| before(last)).or_else(|| behind(one)).map(|(named, _)| named.code);
    let unnamed = || currency::counted_in(&folded[last.at.clone()], last.multiple.and(Some(language))).unwrap_or(UNNAMED);
    let named = named.or_else(|| is_paid(folded, one, last).then(unnamed))?;
    let whole = before(one).map_or(one.at.start, |(_, start)| start)..last.behind.map_or(last.at.end, |(_, end)| end);
    let written = &folded[whole.clone()];
    // "15-20 million": the multiple belongs to both.
    let (mut from, mut to) = (one.sum(range.and(last.multiple)), last.sum(None));
    if from > to {
        (from, to) = (to, from);
    }
    let mut currency = currency::meant_beside(currency::meant_by(named, written, language), written, countries);
    if currency == currency::TOMAN {
        let rials = if last.is_counted() { RIALS } else { RIALS * left_out(to) };
        (from, to, currency) = (from * rials, to * rials, "IRR");
    }
    if !(LEAST..LARGEST).contains(&from) || !(LEAST..LARGEST).contains(&to) {
        return None;
    }
    let is_word = |c: char| c.is_alphabetic() && c != 'k' && c != 'm';
    let shared_sign = written.contains('¥') || (written.contains('$') && !written.contains(is_word));
    let role = role::role(folded, &whole, next.map(Figure::start));
    let (fee, wage) = (role == Some(Role::Fee), role == Some(Role::Wage));
    let (period, with_period) =
        period::period(folded, &whole).map_or((None, whole.clone()), |(period, end)| (Some(period), whole.start..end));
    Some((Money { span: text.span(whole), from, to, currency, shared_sign, period, fee, wage }, with_period))
}

/// Rials in a toman.
const RIALS: f64 = 10.0;

/// What people leave out behind a small figure in tomans: millions of a month's wage, thousands of a day's.
fn left_out(tomans: f64) -> f64 {
    match tomans {
        ..100.0 => 1e6,
        ..1000.0 => 1e3,
        _ => 1.0,
    }
}

/// A sign that several currencies share stands for the one that the text shows otherwise: the dollar it names elsewhere, or the yen
/// where there are kana.
fn settle_shared_signs(text: &str, sums: &mut [(Money, Range<usize>)]) {
    let named = sums.iter().map(|(sum, _)| sum);
    let dollars = named.filter(|sum| !sum.shared_sign && DOLLARS.contains(&sum.currency)).map(|sum| sum.currency);
    let dollars: BTreeSet<&str> = dollars.collect();
    let kana = text.contains(|c| matches!(c, '\u{3041}'..='\u{30ff}'));
    for (sum, _) in sums.iter_mut().filter(|(sum, _)| sum.shared_sign) {
        match sum.currency {
            "USD" if dollars.len() == 1 => sum.currency = dollars.first().copied().unwrap_or(sum.currency),
            "CNY" if kana => sum.currency = "JPY",
            _ => {}
        }
    }
}

/// Whether figures without a currency are a sum all the same: large ones with a period right behind them, as in "60k monthly", or before
/// them, a word for pay before them, as in "gaji 12 juta", or food and lodging added to them; and those counted in thousands that are
/// called a fee or stand near a word for pay.
fn is_paid(text: &str, first: &Figure, last: &Figure) -> bool {
    let (start, end) = (first.at.start, last.at.end);
    let behind = text[end..].trim_start_matches(' ');
    let large = last.multiple.is_some() || last.value >= LEAST_UNNAMED;
    let sets_a_term = || {
        // "Per month 300 boxes": such a figure ends its clause, but for "महीने का 9 हज़ार मिलेगा".
        let ends = behind.chars().next().is_none_or(|c| ends_clause(c) || matches!(c, '+' | '/' | '-'));
        let ends = ends || GENITIVES.iter().any(|word| ends_with_word(text[..start].trim_end_matches(' '), word));
        role::follows_pay(text, start) || comes_with_board(behind) || (ends && follows_period(text, start))
    };
    let is_fee = || last.is_counted() && role::is_asked(text, &(start..end));
    let is_sum = || sets_a_term() || is_fee() || (counts_money(text, last) && role::is_near_pay(text, &(start..end)));
    large && (period_behind(text, end).is_some() || (!last.is_year() && !behind.starts_with('%') && is_sum()))
}

/// Whether a figure has a multiple, and neither people nor things are counted in it: "5k followers", "3 m" of cable.
fn counts_money(text: &str, figure: &Figure) -> bool {
    let behind = text[figure.at.end..].trim_start_matches([' ', '-']);
    figure.multiple.is_some()
        && !text[figure.at.clone()].ends_with('m')
        && !COUNTED.iter().any(|word| starts_with_word(behind, word))
}

/// What makes a sum of a period's figure in Hindi: "of the month".
const GENITIVES: [&str; 4] = ["का", "के", "ka", "ke"];

/// Whether food, a bed or tips are added to a figure: "1400 + bed".
fn comes_with_board(behind: &str) -> bool {
    let added = behind.strip_prefix('+').map(|added| added.trim_start_matches(' '));
    added.is_some_and(|added| BOARD.iter().any(|word| starts_with_word(added, word)))
}

/// Whether a sum that ends at `end` is paid for work and no weight: "lose 10 pounds a week" is one.
fn is_wage(text: &str, first: &Figure, end: usize) -> bool {
    let by_the_hour = period_behind(text, end) == Some(PayPeriod::Hour);
    by_the_hour
        || role::follows_pay(text, first.at.start)
        || (first.sum(None) >= LEAST_UNNAMED && period_behind(text, end).is_some())
}

/// Whether two neighbouring figures are one range of sums, or two to choose from: "2000/2500 AED".
fn is_range(text: &str, one: &Figure, other: &Figure) -> bool {
    let start = one.behind.map_or(one.at.end, |(_, end)| end);
    let Some(between) = text.get(start..other.start()).map(str::trim) else { return false };
    let has_currency = one.has_currency() || other.has_currency();
    let (from, to) = (one.sum(other.multiple), other.sum(None));
    let rises = || from <= to && to <= WIDEST * from && BETWEEN.iter().any(|word| word == between);
    let is_choice = || {
        let each_named = one.has_currency() && other.has_currency();
        between == "/" && (each_named || from.min(to) >= LEAST_UNNAMED) && from.max(to) <= WIDEST_CHOICE * from.min(to)
    };
    (rises() || is_choice()) && (has_currency || is_paid(text, one, other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts;

    fn sums(text: &str) -> Vec<Money> {
        let text = NormalText::new(text);
        find(&text, &contacts::find(&text))
    }

    fn read(text: &str) -> Vec<(f64, f64, &'static str, Option<&'static str>)> {
        sums(text).into_iter().map(|m| (m.from, m.to, m.currency, m.period.map(PayPeriod::id))).collect()
    }

    #[test]
    fn sums_are_read_as_adverts_type_them() {
        for (text, expected) in [
            ("Salary $1,500 per month, room included", (1500.0, 1500.0, "USD", Some("month"))),
            ("Lương 15-20 triệu đồng/tháng", (15e6, 20e6, "VND", Some("month"))),
            ("gaji 3,5 jt rupiah sebulan", (3.5e6, 3.5e6, "IDR", Some("month"))),
            ("зарплата 80 000 руб в месяц", (80_000.0, 80_000.0, "RUB", Some("month"))),
            ("1.200 € netto im Monat", (1200.0, 1200.0, "EUR", Some("month"))),
            ("月薪8000-12000元", (8000.0, 12000.0, "CNY", Some("month"))),
            ("月給 25万円", (250_000.0, 250_000.0, "JPY", Some("month"))),
            ("일당 15만원", (150_000.0, 150_000.0, "KRW", Some("day"))),
            ("راتب 2500 درهم شهريا", (2500.0, 2500.0, "AED", Some("month"))),
            ("₹18,000 monthly", (18_000.0, 18_000.0, "INR", Some("month"))),
            ("PHP 28k a month", (28_000.0, 28_000.0, "PHP", Some("month"))),
            ("12,50 EUR pro Stunde", (12.5, 12.5, "EUR", Some("hour"))),
            ("من 2000 إلى 3000 درهم شهريا", (2000.0, 3000.0, "AED", Some("month"))),
            ("Drivers 2500 QAR", (2500.0, 2500.0, "QAR", None)),
            ("Курьер 5000 руб в день", (5000.0, 5000.0, "RUB", Some("day"))),
            ("age 18-35 2500 SAR", (2500.0, 2500.0, "SAR", None)),
            ("Sueldo 800 dólares al mes", (800.0, 800.0, "USD", Some("month"))),
            ("Age 18-35 $1500", (1500.0, 1500.0, "USD", None)),
            ("Need 20 AED 3000", (3000.0, 3000.0, "AED", None)),
            ("Salary $1500 - 12 hours, 6 days", (1500.0, 1500.0, "USD", None)),
            ("Rs. 1,50,000 per month", (150_000.0, 150_000.0, "INR", Some("month"))),
            ("зарплата 80 000 руб, 12 часов в день", (80_000.0, 80_000.0, "RUB", None)),
            ("60-80 тыс. руб. в месяц", (60_000.0, 80_000.0, "RUB", Some("month"))),
            ("5 mii lei", (5000.0, 5000.0, "RON", None)),
            ("800$-1200$ a week", (800.0, 1200.0, "USD", Some("week"))),
            ("oferim 3400 dolari pe lună", (3400.0, 3400.0, "USD", Some("month"))),
            ("NOK 220/hr for fish sorters", (220.0, 220.0, "NOK", Some("hour"))),
            ("du får 20 000 kr", (20_000.0, 20_000.0, "KRONE", None)),
            ("900,000 Pakistani rupees a year", (900_000.0, 900_000.0, "PKR", Some("year"))),
            ("2,500AED a month", (2500.0, 2500.0, "AED", Some("month"))),
            ("$1,500pm", (1500.0, 1500.0, "USD", None)),
            ("1.5k USD", (1500.0, 1500.0, "USD", None)),
            ("gaji 3,5jt", (3.5e6, 3.5e6, "IDR", Some("month"))),
            ("12,50eur pro Stunde", (12.5, 12.5, "EUR", Some("hour"))),
            ("zarobki od 4000 do 6000 zł", (4000.0, 6000.0, "PLN", None)),
            ("lương 1000 đô/tháng", (1000.0, 1000.0, "USD", Some("month"))),
            ("salariu 1500 de euro pe lună", (1500.0, 1500.0, "EUR", Some("month"))),
            ("راتب ٣٬٠٠٠ درهم", (3000.0, 3000.0, "AED", None)),
            ("80к руб в месяц", (80_000.0, 80_000.0, "RUB", Some("month"))),
            ("WhatsApp 09171234567 $500 weekly", (500.0, 500.0, "USD", Some("week"))),
            ("Live-in help, 60k monthly", (60_000.0, 60_000.0, UNNAMED, Some("month"))),
            ("2 mil por mês mais os 10%", (2000.0, 2000.0, UNNAMED, Some("month"))),
            ("450 a week and a room", (450.0, 450.0, UNNAMED, Some("week"))),
            ("salariu 3500 lei pe lună", (3500.0, 3500.0, "RON", Some("month"))),
            ("gaji 12 juta, makan ditanggung", (12e6, 12e6, "IDR", Some("month"))),
            ("lương từ 25 triệu, bao ăn ở", (25e6, 25e6, "VND", Some("month"))),
            ("bayaran 8-10 jt", (8e6, 10e6, "IDR", None)),
            ("Salary 18000-25000", (18_000.0, 25_000.0, UNNAMED, None)),
            ("wynagrodzenie do 6000", (6000.0, 6000.0, UNNAMED, None)),
            ("we pay 300 to 400 pounds", (300.0, 400.0, "GBP", None)),
            ("jobs in Leeds, 2400 pounds a month", (2400.0, 2400.0, "GBP", Some("month"))),
            ("सैलरी 1 लाख", (1e5, 1e5, UNNAMED, None)),
            ("تنخواہ 2 لاکھ روپے", (2e5, 2e5, "PKR", None)),
            ("180000 драм в месяц", (180_000.0, 180_000.0, "AMD", Some("month"))),
            ("2.600 δολάρια τον μήνα", (2600.0, 2600.0, "USD", Some("month"))),
            ("lön 24 000 kronor i månaden", (24_000.0, 24_000.0, "SEK", Some("month"))),
            ("palkka 1800 euroa kuukaudessa", (1800.0, 1800.0, "EUR", Some("month"))),
            ("300 ezer forint havonta", (300_000.0, 300_000.0, "HUF", Some("month"))),
            ("25 000 korun měsíčně", (25_000.0, 25_000.0, "CZK", Some("month"))),
            ("5000 злотий на місяць", (5000.0, 5000.0, "PLN", Some("month"))),
            ("зп 80 тыс, жильё", (80_000.0, 80_000.0, UNNAMED, None)),
            ("sueldo: 1200 y cuarto", (1200.0, 1200.0, UNNAMED, None)),
            ("15 pounds per hour, warehouse in Hull", (15.0, 15.0, "GBP", Some("hour"))),
            ("we pay 300 pounds for the first job", (300.0, 300.0, "GBP", None)),
            ("80 т.р. в месяц", (80_000.0, 80_000.0, "RUB", Some("month"))),
            ("महीने का 9 हज़ार", (9000.0, 9000.0, UNNAMED, Some("month"))),
            ("al mese 1200, vitto e alloggio", (1200.0, 1200.0, UNNAMED, Some("month"))),
            ("barmaid, 1400 + bed", (1400.0, 1400.0, UNNAMED, None)),
            ("Les 90 000 francs de chaque mois", (90_000.0, 90_000.0, "XOF", Some("month"))),
            ("sahod P8,000 kada buwan", (8000.0, 8000.0, "PHP", Some("month"))),
            ("pickers, R 650 a day", (650.0, 650.0, "ZAR", Some("day"))),
            ("21 man a month at the plant", (210_000.0, 210_000.0, "JPY", Some("month"))),
            ("日结一百六，包吃住", (160.0, 160.0, UNNAMED, Some("day"))),
            ("一趟四千到八千，當天結", (4000.0, 8000.0, UNNAMED, Some("once"))),
            ("월급 이백만 원", (2e6, 2e6, "KRW", Some("month"))),
            ("Тысячу в день", (1000.0, 1000.0, UNNAMED, Some("day"))),
            ("zece lei pe oră", (10.0, 10.0, "RON", Some("hour"))),
            ("five to six thousand dollars a month", (5000.0, 6000.0, "USD", Some("month"))),
            ("حقوق ماهی ۲۲ تومن", (220e6, 220e6, "IRR", Some("month"))),
            ("2000/2500 AED", (2000.0, 2500.0, "AED", None)),
            ("Fahrer, 14.000/12.000 CZK im Monat", (12_000.0, 14_000.0, "CZK", Some("month"))),
            ("salary 3 lakh/mon", (3e5, 3e5, UNNAMED, Some("month"))),
            ("70 हज़ार की कमाई", (70_000.0, 70_000.0, UNNAMED, None)),
            ("you can earn as much as 5k", (5000.0, 5000.0, UNNAMED, None)),
            ("zarobki tutaj nawet 3 mln", (3e6, 3e6, UNNAMED, None)),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_asked_for_is_told_from_what_is_paid() {
        let fees = |text: &str| -> Vec<bool> { sums(text).into_iter().map(|sum| sum.fee).collect() };
        assert_eq!(fees("Drivers for Qatar, 2500 QAR. Medical and processing fee KSh 8,500. Apply today"), [false, true]);
        assert_eq!(fees("депозит 3000 руб, зарплата 80 000 руб"), [true, false]);
        assert_eq!(fees("no fee, 2500 QAR"), [false]);
        assert_eq!(fees("you pay 500 USD for visa, salary 900 euros"), [true, false]);
        assert_eq!(fees("salary 900 euros, visa fee 500 USD"), [false, true]);
        assert_eq!(fees("pagas 20 euros de tasa y el sueldo es 900 euros"), [true, false]);
    }

    #[test]
    fn language_says_which_rupee_and_what_thousands_are_of() {
        let currency = |text: &str, tag: &str| {
            let text = NormalText::new(text);
            let language = Language { tag: tag.to_owned(), p: 1.0 };
            super::read(&text, &language, &Regions::default(), &[]).iter().map(|(sum, _)| sum.currency).collect::<Vec<_>>()
        };
        assert_eq!(currency("रु. २५०००", "ne"), ["NPR"]);
        assert_eq!(currency("रु. २५०००", "hi"), ["INR"]);
        assert_eq!(currency("₹ 25000", "ne"), ["INR"]);
        assert_eq!(currency("lương 450k/ngày", "vi"), ["VND"]);
        assert_eq!(currency("salary 620k", "pcm"), ["NGN"]);
        assert_eq!(currency("salary 620k", "en"), [UNNAMED]);
    }

    #[test]
    fn a_shared_sign_stands_for_what_the_text_shows_otherwise() {
        let currencies = |text: &str| read(text).into_iter().map(|(.., currency, _)| currency).collect::<Vec<_>>();
        assert_eq!(currencies("A$30 an hour, hostel $220 a week"), ["AUD", "AUD"]);
        assert_eq!(currencies("US$30 an hour or A$45, hostel $220"), ["USD", "AUD", "USD"]);
        assert_eq!(currencies("寮あり、月給¥210,000です"), ["JPY"]);
        assert_eq!(currencies("工资¥6,000"), ["CNY"]);
    }

    #[test]
    fn a_fee_may_be_named_behind_its_sum() {
        let fees = |text: &str| sums(text).iter().map(|sum| sum.fee).collect::<Vec<_>>();
        assert_eq!(fees("350,000 naira processing fee before you fly"), [true]);
        assert_eq!(fees("взять с собой 5000 руб залог"), [true]);
        for pay in [
            "900 USD without any fees",
            "900 USD a month, fees are on us",
            "2000 AED visa and ticket free",
            "no deposit 2000 USD a month",
            "training provided 2000 USD monthly",
            "free visa 2000 USD",
        ] {
            assert_eq!(fees(pay), [false], "{pay}");
        }
    }

    #[test]
    fn figures_without_a_currency_are_no_sums() {
        for text in [
            "5 waiters wanted, 18-35 years",
            "call 0917 000 0000",
            "open 9 to 6, 12 days off",
            "room 204, bus 15",
            "le 15 mars, try 2 weeks, lei 13",
            "Call 9876543210 Rs",
            "пишите в тг 87012345678",
            "직원 10명 모집",
            "у 2026 р. набір",
            "kolej do 15 marca",
            "5 days a week, 20 posts a day, 24 months",
            "must lift 50 pounds, 3 juta orang, 200 người",
            "salary in 2026, wages up 120 %, pay within 30 days",
            "you repay us only 500, lose 10 pounds a week, pallets of 300 to 400 pounds",
            "ten people, two rooms, page 300, r 204, a hundred times better pay",
            "workers earn thousands, not one rupee is taken, we train 5k people",
            "Lagerist, 20 t am Tag, вывозим 20 т в день, 12 man crew",
            "каждый месяц 30 000 подписчиков, 每天一万步, P2P 100 pages",
            "工资千万别拖，一百个人，第一百天",
            "licence 1234/2021, valid 2025/2026, born 12/03/1999, tel. 0351/4567, flats 100/200/300 EUR",
            "earn by getting likes from 5k followers, 20k people earn here",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn a_shared_word_means_the_currency_of_the_place_beside_it() {
        for (text, expected) in [
            ("تنخواہ 800 ڈالر ماہانہ", (800.0, 800.0, "USD", Some("month"))),
            ("ደመወዝ 500 ዶላር በወር", (500.0, 500.0, "USD", Some("month"))),
            ("oylik 80 000 rubl", (80_000.0, 80_000.0, "RUB", Some("month"))),
            ("ប្រាក់ខែ 12000 បាត", (12_000.0, 12_000.0, "THB", None)),
            ("ເງິນເດືອນ 12000 ບາດ", (12_000.0, 12_000.0, "THB", None)),
            ("راتب 350 دينار شهريا، العمل في عمّان", (350.0, 350.0, "JOD", Some("month"))),
            ("راتب 350 دينار شهريا", (350.0, 350.0, "DINAR", Some("month"))),
            ("راتب 200 ريال شهريا في مسقط، سلطنة عمان", (200.0, 200.0, "OMR", Some("month"))),
            ("راتب 1500 ريال شهريا، من مسقط إلى الرياض", (1500.0, 1500.0, "SAR", Some("month"))),
            ("Salaire 150 000 francs par mois à Douala", (150_000.0, 150_000.0, "XAF", Some("month"))),
            ("gaji ¥180,000 sebulan di Jepang", (180_000.0, 180_000.0, "JPY", Some("month"))),
            ("sueldo 9000 pesos al mes, Guadalajara", (9000.0, 9000.0, "MXN", Some("month"))),
            ("月薪1万2，包吃住", (12_000.0, 12_000.0, "XXX", Some("month"))),
            ("월급 3만5천원", (35_000.0, 35_000.0, "KRW", Some("month"))),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
    }

    #[test]
    fn a_row_of_groups_takes_linear_time() {
        let takes = |groups: usize| {
            let row = "01,01,".repeat(groups);
            let began = std::time::Instant::now();
            assert_eq!(figures(&row).count(), groups);
            began.elapsed()
        };
        let (short, long) = (takes(8_000), takes(64_000));
        // Quadratic, it would be 64 times.
        assert!(long < short * 24, "{short:?}, {long:?}");
    }
}
