//! Telephone numbers by their shape alone, partly hidden ones among them. Which of them are numbers of a country is for `contacts`.

use std::ops::Range;

/// Digits and hidden digits of a number that says it is one, by a plus or by what is hidden.
const FEWEST: usize = 7;
/// Digits where a zero alone says so: fewer may be hours, "0700-1900".
const FEWEST_BEHIND_ZERO: usize = 9;
/// Hidden digits that show a number.
const FEWEST_HIDDEN: usize = 2;

/// Where they stand.
pub(super) fn found(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before = ' ';
    while let Some(&(at, c)) = chars.peek() {
        if !(c == '+' || c == '(' || c.is_numeric()) || before.is_alphanumeric() {
            before = c;
            chars.next();
            continue;
        }
        let mut row = Row::default();
        while let Some(&(at, c)) = chars.peek().filter(|(_, c)| row.goes_on(*c)) {
            row.take(at, c);
            chars.next();
        }
        before = row.last;
        let next = text[row.end.max(at)..].chars().next();
        if row.is_number() && !next.is_some_and(char::is_alphanumeric) {
            found.push(at..row.end);
        }
    }
    found
}

/// What people write for a digit they do not show; Cyrillic letters look the same.
fn hides_digit(c: char) -> bool {
    matches!(c, 'x' | 'X' | 'х' | 'Х' | '*' | '•')
}

/// Digits, hidden digits and what parts them, from a first one on.
#[derive(Default)]
struct Row {
    first: Option<char>,
    last: char,
    digits: usize,
    hidden: usize,
    /// One past the last digit.
    end: usize,
}

impl Row {
    fn goes_on(&self, c: char) -> bool {
        let parts = |c| matches!(c, ' ' | '\u{a0}' | '-' | '‑' | '–' | '(' | ')');
        match c {
            '+' => self.first.is_none(),
            _ if hides_digit(c) => self.digits > 0,
            _ if parts(c) => self.first.is_none() || !parts(self.last) || self.last == ')' || c == '(',
            _ => c.is_numeric(),
        }
    }

    fn take(&mut self, at: usize, c: char) {
        self.first.get_or_insert(c);
        self.last = c;
        let hidden = hides_digit(c);
        self.hidden += usize::from(hidden);
        self.digits += usize::from(hidden || c.is_numeric());
        if hidden || c.is_numeric() {
            self.end = at + c.len_utf8();
        }
    }

    fn is_number(&self) -> bool {
        let fewest = match self.first {
            Some('+') => FEWEST,
            _ if self.hidden >= FEWEST_HIDDEN => FEWEST,
            Some('0' | '(' | '٠' | '۰' | '०' | '০') => FEWEST_BEHIND_ZERO,
            _ => return false,
        };
        self.digits >= fewest
    }
}
