//! Phone numbers: rows of digits, some of them hidden, with the separators people put between them.
//!
//! A row is cut into figures first. Dates, hours, ages, thousands and sums beside a currency are taken for what they are; what is
//! left with seven digits or more is a number to call.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::shapes::regex;
use crate::text::fold;

/// Shorter rows are sums, room numbers, codes; no country has shorter numbers in adverts that can be told from them.
const FEWEST_DIGITS: usize = 7;

/// Digits of a whole number that stands behind a word which ends in digits of its own.
const FEWEST_BEHIND_A_WORD: usize = 9;

/// Digits that must show in a number with hidden ones.
const FEWEST_SHOWN: usize = 3;

/// Digits of a bare sum beside a currency at most.
const MOST_DIGITS_OF_SUM: usize = 9;

/// Characters of a sum behind a currency of one letter at most: "R 1 500 000".
const MOST_BEHIND_A_LETTER: usize = 10;

/// Rows of digits and hidden digits with separators, from the first digit (or + or bracket) to the last.
static ROW: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\+[ ]?|\([ ]?\+?)?[0-9](?:[ .,()\[\]\-/·•_*#~x×|'\n]{0,4}?(?:[0-9]|[x×*•#]{2,}|[x×*•#][0-9]|o[0-9])){4,}(?:[x×*•#]{1,})?",
    )
});

/// Words in Latin letters after which a number is to be called, whatever it looks like.
const CALL: [&str; 4] = [
    r"tel|telf|telefon\w*|telephone|phone|ph|mob|mobile|cell|cel|celular|call|sms|text|txt|contact\w*|hotline|hp|no hp|tlf|gsm|telp",
    r"whats?app|wa|wsp|wapp|viber|zalo|imo|line|signal|telegram|tg",
    r"dt|sdt|lh|lien he|hub|hubungi|tawag|tumawag|piga|namba|simu",
    r"fone|numero|llamar|ligar|zadzwon|dzwon\w*|zvonit\w*",
];

/// The same in other scripts, where they need not stand alone, and as signs.
const CALL_ELSEWHERE: [&str; 5] = [
    r"тел\w*|моб\w*|звон\w*|вайбер|ватсап|вацап|номер|дзвон\w*|тг",
    r"电话|電話|手机|手機|微信|热线|文字|전화|연락처|โทร|ติดต่อ",
    r"هاتف|جوال|موبايل|واتس\w*|اتصل|تلفن|تماس",
    r"शमाको|फोन|कॉल|व्हाट्सएप",
    r"☎|📞|📱|📲|☏",
];

/// Ends where a number begins that is to be called.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    let (words, elsewhere) = (CALL.join("|"), CALL_ELSEWHERE.join("|"));
    regex(&format!(r"(?:(?-u:\b)(?:{words})|phone|{elsewhere})[\s:.\-–—)(/>👉=#]{{0,6}}$"))
});

/// How far before a row its cue may begin, in characters.
const CUE_REACH: usize = 24;

/// Short forms of currencies that are too unsure for the table of `terms`, and what sums are counted in.
const SHORT_MONEY: &str = r"nt\$?|usd/|p(?:hp)?|rp\.?|d|hkd?|rs\.?|rupees?|tk\.?|n|sh|r|try|clp|руб\w*|сом|圓|रु\.?|دينار|lakh|万|萬|原|만|juta|jt|rb|ribu|mil|million|mln|k|tr|trieu";

/// What makes a sum of a figure beside it: those, and every word for a currency that `terms` knows.
static MONEY: LazyLock<String> = LazyLock::new(|| {
    let table = include_str!("../terms/currencies.tsv").lines().flat_map(|line| line.split('\t').skip(1));
    let table: Vec<String> = table.map(|word| regex::escape(&fold(word.trim_start_matches(['+', '?'])))).collect();
    format!("(?:{SHORT_MONEY}|{})", table.join("|"))
});

static MONEY_AFTER: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"^[ ]?[.\-]*[ ]?{}(?:[^\p{{L}}\p{{N}}]|$)", *MONEY)));
static MONEY_BEFORE: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"(?:^|[^\p{{L}}\p{{N}}]){}[ .:]{{0,2}}$", *MONEY)));

/// "Ask for Ahmed D. 612 345 678": a letter that shortens a name, no currency.
static INITIAL_BEFORE: LazyLock<Regex> = LazyLock::new(|| regex(r"[\p{L}.][ ][dknpr](?:\.[ ]?|[ ])$"));

/// A currency whose sum stands before it: "900 USD. 06 12 34 56 78" has none behind.
static PAID_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"[0-9][0-9.,' ]*(?:k|mln|jt|juta|mil)?[ ]?{}[ .:]{{0,2}}$", *MONEY)));

/// Rows of nothing but sums, dates, hours and small figures: beside a currency, or as a list, nothing of them is to be called.
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

/// Rows of nothing but dates, hours and years, whatever stands beside them.
static MOMENTS: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"(?:(?:19|20)\d\d[ ]?[./\-][ ]?(?:0?[1-9]|1[0-2])[ ]?[./\-][ ]?(?:0?[1-9]|[12]\d|3[01])|(?:0?[1-9]|[12]\d|3[01])[ ]?[./\-][ ]?(?:0?[1-9]|[12]\d|3[01])[ ]?[./\-][ ]?(?:(?:19|20)\d\d|\d\d))";
    let moment = format!(r"(?:{date}|(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?|(?:19|20)\d\d|(?:[01]?\d|2[0-4])[.][0-5]0)");
    let day = r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])";
    regex(&format!(r"^(?:{moment}(?:[ ,\n]{{0,2}}[\-/|~]?[ ]?{moment})*|{day}[ ]?[\-~][ ]?{day})$"))
});

/// Ages or shifts that end a sentence in front of another figure: "18-45. 4000".
static AGES: LazyLock<Regex> = LazyLock::new(|| regex(r"^[0-9]{1,2}[ ]?[\-/][ ]?[0-9]{1,2}[.] "));

/// A number that begins with a zero and has one and the same odd thing between its groups: "050:123:4567", each group on a line.
static ODDLY_PARTED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^|[^\p{L}\p{N}])(0[0-9]{2,4}(?:[^\p{L}\p{N}]{1,4}[0-9]{2,4}){2,4})(?:[^\p{L}\p{N}]|$)"));

/// A number with letters in place of digits: "+63 9o7 i23 45s7". Each group has a digit.
static MISTYPED: LazyLock<Regex> = LazyLock::new(|| {
    let group = r"[oilsb]{0,3}[0-9][0-9oilsb]{0,12}";
    regex(&format!(r"(?:^|[^\p{{L}}\p{{N}}])((?:\+[ ]?[0-9]|0){group}(?:[ .\-]{group}){{0,5}})(?:[^\p{{L}}\p{{N}}]|$)"))
});

/// Of a number with letters in it, digits at least.
const FEWEST_TYPED: usize = 6;

/// Phone numbers of a folded text.
pub(super) fn phones(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let rows = ROW.find_iter(folded).flat_map(move |row| numbers(folded, row.range()));
    let group = |pattern: &'static Regex| pattern.captures_iter(folded).filter_map(|found| found.get(1));
    let parted = group(&ODDLY_PARTED).filter(|row| is_oddly_parted(row.as_str()));
    // A row already found leaves no room for what it is a part of: the odder ones first.
    let mistyped = group(&MISTYPED).filter(|row| is_mistyped(row.as_str()));
    parted.chain(mistyped).map(|row| row.range()).collect::<Vec<_>>().into_iter().chain(rows)
}

/// Nine to twelve digits in groups, with the same between any two.
fn is_oddly_parted(row: &str) -> bool {
    let mut between = row.split(|c: char| c.is_ascii_digit()).filter(|between| !between.is_empty());
    let first = between.next().unwrap_or_default();
    let digits = row.bytes().filter(u8::is_ascii_digit).count();
    // What parts thousands, or numbers as everybody writes them, is not odd; nor are hours of shifts, one on a line.
    let is_odd = first != "," && !matches!(first.trim_matches(' '), "" | "-" | "." | "/" | "·" | "'" | "’");
    let are_hours = row.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).all(is_hour);
    (9..=12).contains(&digits) && is_odd && !are_hours && between.all(|other| other == first)
}

/// "0800", "1730": an hour as rosters write it.
fn is_hour(group: &str) -> bool {
    group.len() == 4 && group <= "2400" && ["00", "15", "30", "45"].iter().any(|minutes| group.ends_with(minutes))
}

/// Long enough with the letters, few of them.
pub(super) fn is_mistyped(row: &str) -> bool {
    let (typed, letters) = (row.bytes().filter(u8::is_ascii_digit).count(), row.bytes().filter(u8::is_ascii_lowercase).count());
    typed >= FEWEST_TYPED && (1..=typed / 2).contains(&letters) && (9..=14).contains(&(typed + letters))
}

/// The digits of a number as it is typed: those that are hidden are an x, letters that look like one are that digit.
pub(super) fn digits(row: &str) -> String {
    let is_lookalike = is_mistyped(row);
    let read = |c: char| match c {
        '0'..='9' => Some(c),
        'o' => Some('0'),
        'i' | 'l' if is_lookalike => Some('1'),
        's' if is_lookalike => Some('5'),
        'b' if is_lookalike => Some('8'),
        c if stands_for_digit(c) => Some('x'),
        _ => None,
    };
    row.chars().filter_map(read).collect()
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
    parts.into_iter().filter_map(|part| number_in(folded, before_a_sum(folded, behind_ages(folded, part)))).collect()
}

/// A row without the sum at its end, where a currency follows: "512 345 678 - 500 zl". A range of sums stays whole.
fn before_a_sum(folded: &str, part: Range<usize>) -> Range<usize> {
    let written = &folded[part.clone()];
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    match written.rsplit_once(" - ").or_else(|| written.rsplit_once(". ")) {
        Some((number, sum))
            if digits(number) >= FEWEST_DIGITS
                && digits(sum) < FEWEST_DIGITS
                && !is_range(written)
                && MONEY_AFTER.is_match(&folded[part.end..]) =>
        {
            part.start..part.start + number.len()
        }
        _ => part,
    }
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
    if shown + hidden < FEWEST_DIGITS || shown < FEWEST_SHOWN {
        return None;
    }
    if hidden > 0 && shown < FEWEST_DIGITS {
        // "2 x 500 x 300" is a size: hidden digits come in runs.
        return ["xx", "**", "••", "##", "××"].iter().any(|run| written.contains(run)).then_some(part);
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
    if MONEY_AFTER.is_match(after) || has_currency_before(before, written) {
        return is_range(written) || (FIGURES.is_match(written) || is_bare_sum(written)) && !is_grouped_to_call(written);
    }
    // Nine digits in threes are a number to call in many countries, unless they end as millions do.
    let in_threes = written.len() == 11 && written.bytes().filter(|byte| *byte == b' ').count() == 2;
    ROUND_SUMS.is_match(written) && (!in_threes || written.ends_with(" 000"))
        || CITATION.is_match(written)
        || is_range(written)
        || is_list_of_figures(written)
}

/// Whether a currency stands before a figure that is not another sum's, nor a letter that shortens a name.
fn has_currency_before(before: &str, written: &str) -> bool {
    let is_initial = || INITIAL_BEFORE.is_match(before) && written.len() > MOST_BEHIND_A_LETTER;
    MONEY_BEFORE.is_match(before) && !PAID_BEFORE.is_match(before) && !is_initial()
}

/// "06 12 34 56 78", "512-34-56-78": groups of a number to call, not the thousands of a sum, hours, years or prices side by side.
fn is_grouped_to_call(written: &str) -> bool {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let mut separators = written.split(|c: char| c.is_ascii_digit()).filter(|between| !between.is_empty());
    let separator = separators.next().unwrap_or_default();
    let (Some(first), true) = (groups.first(), separators.all(|other| other == separator)) else {
        let is_shift = groups.len() > 1 && groups[..2].iter().all(|group| is_hour(group));
        return groups.first().is_some_and(|first| first.len() > 2 && first.starts_with('0')) && !is_shift;
    };
    if first.len() > 1 && first.starts_with('0') {
        return matches!(separator, "" | " " | "-" | "." | "/" | " - ");
    }
    let is_year = |group: &&str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let is_thousands = groups[1..].iter().all(|group| group.len() == 3)
        || groups.last().is_some_and(|last| last.len() == 3) && groups[1..groups.len() - 1].iter().all(|group| group.len() == 2);
    let are_prices = groups.iter().all(|group| group.ends_with(['0', '5']));
    matches!(separator, " " | "-" | ".")
        && (first.len() >= 3 && groups.len() >= 3 || groups.len() >= 4)
        && groups[1..].iter().all(|group| (2..=4).contains(&group.len()))
        && !(is_thousands || are_prices || groups.iter().any(is_year))
}

/// Digits alone, no more than a sum of millions in a small currency has.
fn is_bare_sum(written: &str) -> bool {
    written.len() <= MOST_DIGITS_OF_SUM && !written.starts_with('0') && written.bytes().all(|byte| byte.is_ascii_digit())
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
    // Far apart, two figures must be rounder to be believed.
    let round = if high > low.saturating_mul(6) { 100 } else { 10 };
    low <= high && low % round == 0 && high % round == 0 && low >= 100 && high.ilog10() < MOST_DIGITS_OF_SUM as u32
}

/// Ages, heights, hours and years side by side ("18-35 165+ 24/7 2025"): figures of one to three digits, years or round sums, no group of a number.
fn is_list_of_figures(written: &str) -> bool {
    let groups: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let is_year = |group: &str| group.len() == 4 && (group.starts_with("20") || group.starts_with("19"));
    let small = groups.iter().filter(|group| group.len() <= 2 && !group.starts_with('0')).count();
    let plain = groups.iter().all(|group| group.len() <= 2 || is_year(group) || group.ends_with("00"));
    // Several separators, as nobody writes a number to call.
    let mixed = written.contains(',') || (written.contains(' ') && written.contains(['/', '-', '+', ':']));
    FIGURES.is_match(written) && plain && small * 2 >= groups.len() && mixed
}

/// The last characters before a row, enough for a cue.
fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().nth(CUE_REACH).map_or(0, |(at, _)| at);
    &text[start..]
}
