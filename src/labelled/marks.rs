//! [`Mark`]: the words of a record that show an indicator, as a reader marked them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

use super::{LabelledError, files, rows};
use crate::typology::IndicatorId;

/// Words of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What they show.
    pub indicator: IndicatorId,
    /// Where they stand, in characters of the record's text.
    pub characters: Range<usize>,
}

/// One line of a file of marks: `{"id":"…","spans":[["recruitment_fee",12,40]]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarksLine {
    id: String,
    spans: Vec<(String, usize, usize)>,
}

/// Marks of every file of an argument, a path or a glob, by the id of their record. A record that is named and has none was read and
/// shows no indicator by any words; what several lines say of one record holds together.
pub fn read_marks(argument: &str) -> Result<BTreeMap<String, Vec<Mark>>, LabelledError> {
    let mut marks: BTreeMap<String, Vec<Mark>> = BTreeMap::new();
    for path in files([argument])? {
        for (id, own) in read_file(&path)? {
            marks.entry(id).or_default().extend(own);
        }
    }
    Ok(marks)
}

fn read_file(path: &Path) -> Result<Vec<(String, Vec<Mark>)>, LabelledError> {
    let mut marks = Vec::new();
    for (line, row) in rows(path)? {
        let wrong = |reason| LabelledError::Record { path: path.to_owned(), line, reason };
        let own: MarksLine = serde_json::from_str(&row).map_err(|error| wrong(error.to_string()))?;
        let mark = |(id, from, to): (String, usize, usize)| {
            let indicator = IndicatorId::parse(&id).ok_or_else(|| format!("unknown indicator `{id}`"))?;
            if from >= to {
                return Err(format!("`{id}` is marked from {from} to {to}"));
            }
            Ok(Mark { indicator, characters: from..to })
        };
        let spans = own.spans.into_iter().map(mark).collect::<Result<Vec<Mark>, String>>().map_err(wrong)?;
        marks.push((own.id, spans));
    }
    Ok(marks)
}

impl Mark {
    /// The bytes of the marked words; what lies behind the end of the text, as in a cropped one, is left out.
    #[must_use]
    pub fn bytes(&self, text: &str) -> Range<usize> {
        let byte = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
        byte(self.characters.start)..byte(self.characters.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_count_characters_and_end_with_the_text() {
        let mark = Mark { indicator: IndicatorId::all().next().unwrap(), characters: 2..5 };
        assert_eq!(&"añoñez y más"[mark.bytes("añoñez y más")], "oñe");
        assert_eq!(&"añoñ"[mark.bytes("añoñ")], "oñ");
        assert_eq!(&"a"[mark.bytes("a")], "");
    }

    #[test]
    fn a_line_that_marks_nothing_known_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("marks.jsonl");
        std::fs::write(&path, "{\"id\":\"a\",\"spans\":[]}\n{\"id\":\"b\",\"spans\":[[\"nonsense\",1,2]]}\n").unwrap();
        let error = read_file(&path).unwrap_err().to_string();
        assert!(error.ends_with("line 2: unknown indicator `nonsense`"), "{error}");
    }
}
