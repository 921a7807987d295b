//! Phone numbers: rows of digits, some of them hidden, with the separators people put between them.
//!
//! A row is cut into figures first. Dates, hours, ages, thousands and sums beside a currency are taken for what they are; what is
//! left with seven digits or more is a number to call.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::figures::{is_bare_sum, is_citation, is_figures, is_list, is_moments, is_paid_range, is_range, is_round};
use super::shapes::regex;
use super::{parted, without};
use crate::text::fold;

/// Shorter rows are sums, room numbers, codes; no country has shorter numbers in adverts that can be told from them.
const FEWEST_DIGITS: usize = 7;

/// Digits of a whole number that stands behind a word which ends in digits of its own.
const FEWEST_BEHIND_A_WORD: usize = 9;

/// Digits that must show in a number with hidden ones.
const FEWEST_SHOWN: usize = 3;

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

/// Ages or shifts that end a sentence in front of another figure: "18-45. 4000".
static AGES: LazyLock<Regex> = LazyLock::new(|| regex(r"^[0-9]{1,2}[ ]?[\-/][ ]?[0-9]{1,2}[.] "));

/// An hour before its minutes, and minutes behind their hour.
static HOUR_AHEAD: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|[^0-9:])(?:[01]?[0-9]|2[0-4]):$"));
static MINUTES_BEHIND: LazyLock<Regex> = LazyLock::new(|| regex(r"^:[0-5][0-9](?:[^0-9]|$)"));

/// A number with letters in place of digits: "+63 9o7 i23 45s7". Each group has a digit.
static MISTYPED: LazyLock<Regex> = LazyLock::new(|| {
    let group = r"[oilsb]{0,3}[0-9][0-9oilsb]{0,12}";
    regex(&format!(r"(?:^|[^\p{{L}}\p{{N}}])((?:\+[ ]?[0-9]|0){group}(?:[ .\-]{group}){{0,5}})(?:[^\p{{L}}\p{{N}}]|$)"))
});

/// Of a number with letters in it, digits at least.
const FEWEST_TYPED: usize = 6;

/// Phone numbers of a folded text.
pub(super) fn phones(folded: &str) -> Vec<Range<usize>> {
    let mistyped = MISTYPED.captures_iter(folded).filter_map(|found| found.get(1)).filter(|row| is_mistyped(row.as_str()));
    let mut found: Vec<Range<usize>> = parted::numbers(folded).into_iter().chain(mistyped.map(|row| row.range())).collect();
    // The odder ones first, and none of their digits in another beside them.
    let rest = without(folded, &found);
    let rows = ROW.find_iter(&rest).flat_map(|row| numbers(&rest, row.range()));
    found.extend(rows.collect::<Vec<_>>());
    found
}

/// "0800", "1730": an hour as rosters write it.
pub(super) fn is_hour(group: &str) -> bool {
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
    let row = between_hours(folded, behind_a_word(folded, row));
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

/// A row without the minutes of an hour in front of it, and without the hour whose minutes follow: "17:00 0917 123 4567 10:30".
fn between_hours(folded: &str, row: Range<usize>) -> Range<usize> {
    let written = &folded[row.clone()];
    let is_two_digits = written.bytes().take_while(u8::is_ascii_digit).count() == 2;
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '+' | '(');
    let behind = written.get(2..).filter(|_| is_two_digits && HOUR_AHEAD.is_match(tail(&folded[..row.start])));
    let start = behind.and_then(|behind| behind.find(begins)).map_or(row.start, |at| row.start + 2 + at);
    let written = &folded[start..row.end];
    match written.rsplit_once([' ', '\n']) {
        Some((number, hour))
            if hour.parse::<u8>().is_ok_and(|hour| hour <= 24)
                && number.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS
                && MINUTES_BEHIND.is_match(&folded[row.end..]) =>
        {
            start..start + number.trim_end_matches(|c: char| !c.is_ascii_digit()).len()
        }
        _ => start..row.end,
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
    if folded[part.clone()].starts_with('+') {
        return false;
    }
    // "line 2000/2500 AED": what is paid is not called, whatever stands before it.
    let is_paid = is_paid_behind(after);
    if is_paid && is_range(written) {
        return true;
    }
    if CUE.is_match(before) {
        return false;
    }
    if is_moments(written) || is_paid && is_paid_range(written) {
        return true;
    }
    if MONEY_AFTER.is_match(after) || has_currency_before(before, written) {
        let is_sum = is_figures(written) || is_bare_sum(written);
        return is_range(written) || is_list(before, written) || is_sum && !is_grouped_to_call(written);
    }
    // Nine digits in threes are a number to call in many countries, unless they end as millions do.
    let in_threes = written.len() == 11 && written.bytes().filter(|byte| *byte == b' ').count() == 2;
    is_round(written) && (!in_threes || written.ends_with(" 000"))
        || is_citation(written)
        || is_range(written)
        || is_list(before, written)
}

/// Whether a currency stands behind a figure, and no other figure that it may belong to.
fn is_paid_behind(after: &str) -> bool {
    let currency = MONEY_AFTER.find(after);
    currency
        .is_some_and(|found| !after[found.end()..].trim_start_matches([' ', '.', ':']).starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether somebody says before a place that a number to call follows.
pub(super) fn is_cued(before: &str) -> bool {
    CUE.is_match(tail(before))
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

/// The last characters before a row, enough for a cue.
fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().nth(CUE_REACH).map_or(0, |(at, _)| at);
    &text[start..]
}
