//! A team's table as spreadsheets save it: which sign parts its columns, where a quote is left open, what was typed into a cell.

use std::borrow::Cow;

/// Signs between columns, in the order tried.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Zeros that a spreadsheet puts behind the point of a whole number at most.
const MOST_ZEROS: usize = 2;

/// Digits of a number that is called or licensed at least: "24.0" may be a name.
const FEWEST_DIGITS: usize = 7;

/// A table as the reader of rows takes it.
pub(super) struct Table {
    /// From the head on, lines ending as on Unix.
    pub(super) rows: Vec<u8>,
    pub(super) delimiter: u8,
    /// Lines of the file before those.
    pub(super) skipped: u64,
}

/// Finds out how the columns are parted: as a line `sep=;` says, or by the sign with which the head has the column `needed`.
pub(super) fn table(bytes: &[u8], needed: &str) -> Table {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // The reader says a row too few where lines end as on Windows; rows are what a person looks up.
    let is_kept = |(at, byte): &(usize, &u8)| **byte != b'\r' || bytes.get(at + 1) != Some(&b'\n');
    let mut rows: Vec<u8> = bytes.iter().enumerate().filter(is_kept).map(|(_, byte)| *byte).collect();
    let first = rows.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if let Some(&[delimiter]) = first.strip_prefix(b"sep=") {
        rows.drain(..rows.len().min("sep=;\n".len()));
        return Table { rows, delimiter, skipped: 1 };
    }
    let head = rows.split(|byte| *byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let has_needed = |delimiter: &u8| {
        let unquoted = |name: &[u8]| name.trim_ascii().iter().copied().filter(|byte| *byte != b'"').collect::<Vec<u8>>();
        head.split(|byte| byte == delimiter).any(|name| unquoted(name).eq_ignore_ascii_case(needed.as_bytes()))
    };
    let delimiter = DELIMITERS.into_iter().find(has_needed).unwrap_or(DELIMITERS[0]);
    Table { rows, delimiter, skipped: 0 }
}

/// Where in a cell a byte stands, as the reader of rows sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    Start,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: the end of the cell, or half of a doubled quote.
    Quote,
}

/// The line on which a quote opens that is not closed where its cell ends: all rows behind it would be one entry.
pub(super) fn open_quote(rows: &[u8], delimiter: u8) -> Option<u64> {
    let (mut at, mut line, mut opened) = (At::Start, 1, 1);
    for &byte in rows {
        at = match (at, byte) {
            (At::Start, b'"') => {
                opened = line;
                At::Quoted
            }
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) | (At::Quote, b'"') => At::Quoted,
            (_, b'\n') => At::Start,
            (_, byte) if byte == delimiter => At::Start,
            // It is closed lines below, and text goes on: two cells were taken for one.
            (At::Quote, _) if opened < line => return Some(opened),
            _ => At::Plain,
        };
        line += u64::from(byte == b'\n');
    }
    (at == At::Quoted).then_some(opened)
}

/// What was typed into a cell that a spreadsheet saves otherwise: `'0501234567` and `="0501234567"` are text, `971501234567.0` and
/// `9.71501234567E+11` numbers. One that has lost digits is refused.
pub(super) fn typed(cell: &str) -> Result<Cow<'_, str>, String> {
    let formula = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let cell = formula.unwrap_or(cell);
    // The name of an agency may begin with an apostrophe of its own.
    let is_number = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('));
    let cell = cell.strip_prefix(['\'', '’']).filter(is_number).unwrap_or(cell);
    match scientific(cell) {
        Some((digits, power)) => written_out(&digits, power).map(Cow::Owned).ok_or_else(|| {
            format!(
                "`{cell}` is a number whose last digits the spreadsheet has left out; format its column as text and enter it again"
            )
        }),
        None => Ok(without_zeros(cell).unwrap_or(cell).into()),
    }
}

/// The digits of "9.71501E+11" and how many of them stand behind the first when it is written out.
fn scientific(cell: &str) -> Option<(String, usize)> {
    let (figure, power) = cell.split_once(['E', 'e'])?;
    let (first, decimals) = figure.split_once(['.', ',']).unwrap_or((figure, ""));
    let digits = format!("{first}{decimals}");
    let is_figure = first.len() == 1 && digits.bytes().all(|byte| byte.is_ascii_digit());
    Some((digits, power.strip_prefix('+')?.parse().ok()?)).filter(|_| is_figure)
}

/// The whole number, if all its digits are there and nothing is left over.
fn written_out(digits: &str, power: usize) -> Option<String> {
    let (whole, rest) = digits.split_at_checked(power.checked_add(1)?)?;
    rest.bytes().all(|byte| byte == b'0').then(|| whole.to_owned())
}

/// "971501234567.0" without what says that it is whole.
fn without_zeros(cell: &str) -> Option<&str> {
    let (number, zeros) = cell.rsplit_once(['.', ','])?;
    let digits = number.strip_prefix('+').unwrap_or(number);
    let is_number = digits.len() >= FEWEST_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = (1..=MOST_ZEROS).contains(&zeros.len()) && zeros.bytes().all(|byte| byte == b'0');
    (is_number && is_whole).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_were_typed() {
        for (cell, number) in [
            ("'+44 7700 900123", "+44 7700 900123"),
            ("=\"07700900123\"", "07700900123"),
            ("447700900123.0", "447700900123"),
            ("447700900123,00", "447700900123"),
            ("4.47700900123E+11", "447700900123"),
            ("4,47700900123e+11", "447700900123"),
            ("'t Veer Personeel", "'t Veer Personeel"),
            ("bad-jobs.example", "bad-jobs.example"),
            ("24.00", "24.00"),
            ("E+ Manpower", "E+ Manpower"),
        ] {
            assert_eq!(typed(cell).as_deref(), Ok(number), "{cell}");
        }
        for lost in ["4.477E+11", "4,477009E+11", "4E+11", "4.47700900123E+9"] {
            assert!(typed(lost).is_err_and(|reason| reason.contains("last digits")), "{lost}");
        }
    }

    #[test]
    fn an_open_quote_is_found_where_it_opens() {
        for (rows, line) in [
            ("entry,source\n\"Golden, Bridge\",a\n\"two\nlines\",b\nsay \"hi\",c\n", None),
            ("entry,source\nGolden,a\n\"Silver,b\nCopper,c\n", Some(3)),
            ("entry,source\n\"Golden,a\n\"Silver\",b\n", Some(2)),
        ] {
            assert_eq!(open_quote(rows.as_bytes(), b','), line, "{rows}");
        }
    }
}
