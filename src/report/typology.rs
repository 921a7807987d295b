//! The typology as text for the terminal.

use std::fmt::Write;

use crate::typology::{INDICATORS, PATTERNS};

/// Every pattern and indicator with definition and sources.
#[must_use]
pub fn typology() -> String {
    let mut out = String::from("PATTERNS  what a suspect post offers or does\n");
    for pattern in PATTERNS.iter() {
        let author = if pattern.author_may_be_victim { "\n    The author may be someone coerced to recruit." } else { "" };
        let _ = write!(
            out,
            "\n  {}  ({})\n    {}{author}\n    Source: {}\n",
            pattern.id,
            pattern.name,
            pattern.definition,
            pattern.sources.join(", ")
        );
    }
    out.push_str("\nINDICATORS  what a text can carry; ! one such sign, if the post means it, is reason enough to look; - lowers suspicion\n");
    let mut group = "";
    for indicator in INDICATORS.iter() {
        if indicator.group != group {
            group = &indicator.group;
            let _ = write!(out, "\n  {group}\n");
        }
        let mark = if indicator.decisive {
            " !"
        } else if indicator.counter {
            " -"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "    {}{mark}\n      {}\n      Source: {}",
            indicator.id,
            indicator.definition,
            indicator.sources.join(", ")
        );
    }
    out.push_str(SOURCES);
    out
}

/// What the numbers of the sources stand for.
const SOURCES: &str = "\nSources are FILE:LINES of the plain texts the typology was drawn from: 000 a paper on trafficking by the Council on Foreign \
     Relations, 003 a workshop report of the United Nations University (2016), 004 the introduction of the Trafficking in Persons Report \
     2023 of the US Department of State.\n";
