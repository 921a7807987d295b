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
    out.push_str("\nINDICATORS  what a text can carry; ! decisive alone, - lowers suspicion\n");
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
    out
}
