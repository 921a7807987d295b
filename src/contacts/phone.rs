//! Phone numbers: rows of digits, some of them hidden, with the separators people put between them.
//!
//! A row is cut into figures first. Dates, hours, ages, thousands and sums beside a currency are taken for what they are; what is
//! left with seven digits or more is a number to call.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::shapes::regex;

/// Shorter rows are sums, room numbers, codes; no country has shorter numbers in adverts that can be told from them.
const FEWEST_DIGITS: usize = 7;

/// Digits of a whole number that stands behind a word which ends in digits of its own.
const FEWEST_BEHIND_A_WORD: usize = 9;

/// Digits that must show in a number with hidden ones.
const FEWEST_SHOWN: usize = 3;

/// Rows of digits and hidden digits with separators, from the first digit (or + or bracket) to the last.
static ROW: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\+[ ]?|\([ ]?\+?)?[0-9](?:[ .,()\[\]\-/·•_*#~x×|'\n]{0,4}?(?:[0-9]|[x×*•#]{2,}|[x×*•#][0-9]|o[0-9])){4,}(?:[x×*•#]{1,})?",
    )
});

/// Words and signs after which a number is to be called, whatever it looks like.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:(?-u:\b)(?:tel|telf|telefon\w*|telephone|phone|ph|mob|mobile|cell|cel|celular|call|sms|text|txt|whats?app|wa|wsp|wapp|viber|zalo|imo|line|signal|telegram|tg|contact\w*|hotline|hp|no hp|tlf|gsm|telp|dt|sdt|lh|hub|hubungi|tawag|fone|numero|tumawag|piga|namba|simu|lien he|llamar|ligar|zadzwon|dzwon\w*|zvonit\w*)|тел\w*|моб\w*|звон\w*|вайбер|ватсап|вацап|номер|дзвон\w*|тг|phone|电话|電話|手机|手機|微信|热线|전화|연락처|文字|โทร|ติดต่อ|هاتف|جوال|موبايل|واتس\w*|اتصل|تلفن|تماس|शमाको|फोन|कॉल|व्हाट्सएप|☎|📞|📱|📲|☏)[\s:.\-–—)(/>👉=#]{0,6}$",
    )
});

/// Currencies and what sums are counted in, before or after the figure.
const MONEY: &str = r"(?:\$|€|£|¥|₹|₱|₽|₴|₸|₩|₫|₦|฿|₺|₪|৳|usdt?|us\$|eur|euros?|gbp|php|p(?:hp)?|rp\.?|idr|vnd|vnđ|dong|d|rub|руб\w*|р|₽|грн|uah|тг|тенге|теңге|kzt|сом|сум|so'?m|thb|baht|บาท|元|块|塊|円|圓|万|萬|原|원|만원|만|krw|jpy|cny|rmb|hkd?|hk\$|nt\$?|ntd|twd|sgd|s\$|myr|rm|inr|rs\.?|rupees?|lakh|npr|pkr|bdt|tk\.?|taka|টাকা|रु\.?|रुपये|रुपैयाँ|روپے|ngn|naira|n|kes|ksh|sh|ugx|tzs|tsh|ghs|cfa|fcfa|xaf|xof|etb|birr|ብር|zar|r|egp|جنيه|aed|dhs?|dirhams?|درهم|sar|sr|riyals?|ريال|qar|kwd|bhd|omr|jod|دينار|دولار|تومان|irr|try|tl|lira|pln|zl|ron|lei|czk|huf|ft|mxn|pesos?|cop|clp|ars|pen|s/|brl|r\$|reais|juta|jt|rb|ribu|mil|million|mln|k|tr|trieu|usd/)";

static MONEY_AFTER: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"^[ ]?[.\-]*[ ]?{MONEY}(?:[^\p{{L}}\p{{N}}]|$)")));
static MONEY_BEFORE: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"(?:^|[^\p{{L}}\p{{N}}]){MONEY}[ .:]{{0,2}}$")));

/// Rows that are sums, dates and hours from end to end.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?:(?:19|20)\d\d[ ]?[./\-][ ]?(?:0?[1-9]|1[0-2])[ ]?[./\-][ ]?(?:[0-2]?\d|3[01])|(?:[0-2]?\d|3[01])[ ]?[./\-][ ]?(?:[0-2]?\d|3[01])[ ]?[./\-][ ]?(?:(?:19|20)\d\d|\d\d))";
    let hour = r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?";
    let year = r"(?:19|20)\d\d";
    let thousands = r"\d{1,3}(?:(?:\.\d{3})+(?:,\d{1,2})?|(?:,\d{3})+(?:\.\d{1,2})?|(?:'\d{3})+|(?: \d{3})+)";
    let small = r"\d{1,2}(?:[.,]\d{1,2})?";
    let figure = format!(r"(?:{date}|{hour}|{thousands}|{year}|\d{{3}}|{small}|\d{{1,3}}00)");
    regex(&format!(r"^{figure}(?:(?:[ ]?(?:[\-/+~|,:x×]|\.\.\.?)[ ]?|[ \n]){figure})*\+?$"))
});

/// Sums of round thousands, alone, in a range or with a small figure ("8.000.000 - 12.000.000", "500.000/ 1").
static ROUND_SUMS: LazyLock<Regex> = LazyLock::new(|| {
    let round = r"(?:[1-9]\d{0,2}(?:[., ']\d{3})*[., '](?:\d00|\d50)(?:[.,]\d{1,2})?|[1-9]\d?0{5,}|[1-9]\d{2,6}\.00?|0\.00?)";
    regex(&format!(r"^{round}(?:[ ]?[\-/~][ ]?(?:{round}|\d{{1,3}}))*$"))
});

/// Numbers of laws and standards: 2016/1148, 14001/2004.
static CITATION: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:(?:19|20)\d\d/\d{3,4}|\d{4,5}[/\-](?:19|20)\d\d)$"));

/// Dates, hours and years alone.
static MOMENTS: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?:(?:19|20)\d\d[ ]?[./\-][ ]?(?:0?[1-9]|1[0-2])[ ]?[./\-][ ]?(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[ ]?[./\-][ ]?(?:0?[1-9]|[12]\d|3[01])[ ]?[./\-][ ]?(?:(?:19|20)\d\d|\d\d))";
    let moment = format!(r"(?:{date}|(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?|(?:19|20)\d\d|(?:[01]?\d|2[0-4])[.][0-5]0)");
    regex(&format!(r"^{moment}(?:[ ,\n]{{0,2}}[\-/|~]?[ ]?{moment})*$"))
});

/// Two small figures that end a sentence in front of another figure.
static AGES: LazyLock<Regex> = LazyLock::new(|| regex(r"^[0-9]{1,2}[ ]?[\-/][ ]?[0-9]{1,2}[.] "));

/// Phone numbers of a folded text.
pub(super) fn phones(folded: &str) -> impl Iterator<Item = Range<usize>> {
    ROW.find_iter(folded).flat_map(move |row| numbers(folded, row.range()))
}

/// A sign in place of a digit: hidden by the author, or a letter that looks like a zero.
pub(super) fn stands_for_digit(c: char) -> bool {
    is_hidden_digit(c) || c == 'o'
}

/// A sign that stands for a digit somebody has hidden.
fn is_hidden_digit(c: char) -> bool {
    matches!(c, 'x' | '×' | '*' | '•' | '#')
}

/// The numbers to call in a row: all of it, or its lines and halves where figures of another kind stand beside one.
fn numbers(folded: &str, row: Range<usize>) -> Vec<Range<usize>> {
    let row = behind_a_word(folded, row);
    let parts = split_at(folded, row.clone(), |separator| {
        separator.contains('\n') || separator.contains(", ") || separator.contains('|')
    });
    parts.into_iter().filter_map(|part| number_in(folded, behind_ages(folded, part))).collect()
}

/// A row without the digits that end a word in front of it: "LINE maria22 0812345678". Those of "tel0917 123 4567" are its own.
fn behind_a_word(folded: &str, row: Range<usize>) -> Range<usize> {
    let glued = folded[..row.start].ends_with(|c: char| c.is_ascii_lowercase());
    let own = folded[row.clone()].split_once(' ').filter(|(first, _)| glued && first.bytes().all(|byte| byte.is_ascii_digit()));
    match own {
        Some((_, rest)) if rest.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_BEHIND_A_WORD => {
            row.end - rest.len()..row.end
        }
        _ => row,
    }
}

/// A row without the ages or shifts in front of it: in "18-45. 4000 usd" nothing is to be called.
fn behind_ages(folded: &str, part: Range<usize>) -> Range<usize> {
    AGES.find(&folded[part.clone()]).map_or(part.clone(), |ages| part.start + ages.end()..part.end)
}

/// Cuts a row at separators for which `cuts` holds.
fn split_at(folded: &str, row: Range<usize>, cuts: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_ascii_digit() || is_hidden_digit(c);
    let mut parts = Vec::new();
    let (mut start, mut last) = (row.start, row.start);
    for (at, c) in folded[row.clone()].char_indices().map(|(at, c)| (row.start + at, c)) {
        if is_part(c) {
            if at > last && last > start && cuts(&folded[last..at]) {
                parts.push(start..last);
                start = at;
            }
            last = at + c.len_utf8();
        }
    }
    parts.push(start..row.end);
    parts
}

fn number_in(folded: &str, part: Range<usize>) -> Option<Range<usize>> {
    let written = &folded[part.clone()];
    let shown = written.chars().filter(char::is_ascii_digit).count();
    let hidden = written.chars().filter(|c| is_hidden_digit(*c)).count();
    if shown + hidden < FEWEST_DIGITS || shown < FEWEST_SHOWN.min(FEWEST_DIGITS) {
        return None;
    }
    if hidden > 0 && shown < FEWEST_DIGITS {
        // "2 x 500 x 300" is a size: hidden digits come in runs.
        return written
            .contains("xx")
            .then_some(())
            .or_else(|| ["**", "••", "##", "××"].iter().any(|run| written.contains(run)).then_some(()))
            .map(|()| part);
    }
    (!is_other_figure(folded, &part)).then_some(part)
}

/// A sum, a date, hours or a range of them.
fn is_other_figure(folded: &str, part: &Range<usize>) -> bool {
    let (before, after) = (tail(&folded[..part.start]), &folded[part.end..]);
    let written = folded[part.clone()].trim_matches(|c: char| !c.is_ascii_digit());
    if folded[part.clone()].starts_with('+') || CUE.is_match(before) {
        return false;
    }
    if MOMENTS.is_match(written) {
        return true;
    }
    let beside_money = MONEY_AFTER.is_match(after) || MONEY_BEFORE.is_match(before);
    let longest = written.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    // Beside a currency a row of thousands is a sum, and so is a bare figure no longer than a sum of millions.
    if beside_money {
        return FIGURES.is_match(written)
            || longest == written.len() && longest <= 9 && !written.starts_with('0')
            || is_range(written);
    }
    if ROUND_SUMS.is_match(written) || CITATION.is_match(written) {
        return true;
    }
    is_range(written) || is_list_of_figures(written)
}

/// "2500-3500", "8.000.000 - 12.000.000": two sums, the second the larger.
fn is_range(written: &str) -> bool {
    let halves: Vec<&str> = written.split(['-', '~', '/']).map(str::trim).collect();
    let [low, high] = halves[..] else { return false };
    let value = |sum: &str| {
        sum.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
            .parse::<u64>()
            .ok()
            .filter(|_| FIGURES.is_match(sum) || sum.chars().all(|c| c.is_ascii_digit()))
    };
    let (Some(low), Some(high)) = (value(low), value(high)) else { return false };
    let round = if high > low * 6 { 100 } else { 10 };
    low <= high && low % round == 0 && high % round == 0 && low >= 100 && high < 1_000_000_000
}

/// Ages, heights, hours and years side by side ("18-35 165+ 24/7 2025"): figures of one to three digits, years or round sums, no group of a number.
fn is_list_of_figures(written: &str) -> bool {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let is_year = |group: &str| group.len() == 4 && (group.starts_with("20") || group.starts_with("19"));
    let small = groups.iter().filter(|group| group.len() <= 2 && !group.starts_with('0')).count();
    let others_plain = groups.iter().all(|group| group.len() <= 2 || is_year(group) || group.len() >= 3 && group.ends_with("00"));
    let mixed = written.contains(['/', ',', '-', '+', ':']) && written.contains(' ') || written.contains(',');
    FIGURES.is_match(written) && others_plain && small * 2 >= groups.len() && mixed
}

/// The last characters before a row, enough for a cue.
fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().nth(24).map_or(0, |(at, _)| at);
    &text[start..]
}
