//! EMSCAD's `fake_job_postings.csv`: 17,880 job adverts of 2012 to 2014, 866 of them labelled fraudulent.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::table::{header, reader};
use super::{Common, ImportError, Imported};
use crate::export;
use crate::labelled::{Line, LineLabel};
use crate::regions::CountryCode;
use crate::typology::Context;

/// The parts of an advert that people read, in the order a board shows them.
const PARTS: [&str; 6] = ["location", "company_profile", "description", "requirements", "benefits", "salary_range"];

/// `#URL_86fd…#`: contacts as the publisher hid them.
#[expect(clippy::expect_used, reason = "a constant pattern; the tests use it")]
static HIDDEN: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"#(EMAIL|PHONE|URL)_[0-9a-fA-F]+#").expect("a valid pattern"));

/// Reads the set as published. A row labelled fraudulent becomes a suspect of `job_fraud`; the set says nothing of indicators or countries.
pub fn emscad(path: &Path, bytes: &[u8], common: &Common) -> Result<Imported, ImportError> {
    let mut rows = reader(bytes);
    let names = header(path, &mut rows)?;
    let column = |name: &str| {
        names.iter().position(|own| own == name).ok_or_else(|| ImportError::Form {
            path: path.to_owned(),
            reason: format!("no column `{name}`; expected the header of fake_job_postings.csv, job_id to fraudulent"),
        })
    };
    let (id, title, location, fraudulent) = (column("job_id")?, column("title")?, column("location")?, column("fraudulent")?);
    let parts = PARTS.into_iter().map(column).collect::<Result<Vec<usize>, _>>()?;
    let mut imported = Imported::default();
    for row in rows.into_records() {
        let row = row.map_err(|error| ImportError::Form { path: path.to_owned(), reason: error.to_string() })?;
        let cell = |at: usize| row.get(at).unwrap_or_default().trim();
        // The first part is the location: alone it is no text.
        if parts[1..].iter().all(|at| cell(*at).is_empty()) {
            imported.empty += 1;
            continue;
        }
        let text = parts.iter().map(|at| readable(cell(*at))).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        let suspect = match cell(fraudulent) {
            "1" | "t" | "true" => true,
            "0" | "f" | "false" => false,
            other => {
                let place = row.position().map_or(0, csv::Position::line);
                let reason = format!("line {place}: `fraudulent` is `{other}`, expected 0 or 1; a quote may be missing above");
                return Err(ImportError::Form { path: path.to_owned(), reason });
            }
        };
        let country = cell(location).split(',').next().unwrap_or_default().trim();
        imported.lines.push(Line {
            id: format!("{}-{}", common.name, cell(id)),
            lang: common.lang(&text),
            title: Some(readable(cell(title))).filter(|title| !title.is_empty()),
            text,
            channel: common.channel.clone(),
            region: CountryCode::parse(country).map(|code| code.as_str().to_owned()),
            posted_at: None,
            group: None,
            split: None,
            label: LineLabel {
                context: Some(Context::Offer.id().to_owned()),
                suspect: Some(suspect),
                patterns: if suspect { vec!["job_fraud".to_owned()] } else { Vec::new() },
                ..LineLabel::default()
            },
            source: format!("public-dataset:{}", common.name),
        });
    }
    Ok(imported)
}

/// A part without markup, contacts as the words `[URL]`, `[EMAIL]`, `[PHONE]`.
fn readable(part: &str) -> String {
    let text = export::plain_text(Cow::Borrowed(part)).unwrap_or(Cow::Borrowed(part));
    HIDDEN.replace_all(&text, "[$1]").trim().to_owned()
}
