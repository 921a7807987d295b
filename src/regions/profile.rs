//! Whether a text introduces its author.
//!
//! In: folded text. Out: yes or no. A dating profile names towns and jobs as an offer does, but invites nobody anywhere.

/// "Name, 34, city": a dating profile tells where its author is, not where anyone is to go.
pub(super) fn is_profile(folded: &str) -> bool {
    const HEAD: usize = 60;
    const NAME: usize = 28;
    let head = &folded[..folded.char_indices().nth(HEAD).map_or(folded.len(), |(at, _)| at)];
    let mut from = 0;
    while let Some(at) = head[from..].find(|c: char| c.is_ascii_digit()).map(|at| from + at) {
        let end = head[at..].find(|c: char| !c.is_ascii_digit()).map_or(head.len(), |length| at + length);
        let age = head[at..end].parse::<u32>().is_ok_and(|age| (18..=79).contains(&age));
        if age && is_age(&head[..at], &folded[end..], head[..at].chars().count() <= NAME) {
            return true;
        }
        from = end;
    }
    false
}

/// Whether a number between these stands like an age in a profile: parted from the name, and from what follows.
fn is_age(before: &str, after: &str, early: bool) -> bool {
    let comma = |c: char| matches!(c, ',' | '、' | '،');
    let named = before.trim_end();
    let parted = named.ends_with(comma)
        || (early && (named.len() < before.len() || named.ends_with(|c: char| c > '\u{2600}' && !c.is_alphanumeric())));
    let next = after.chars().find(|c| *c != ' ').unwrap_or('\n');
    let closed = matches!(next, ',' | '.' | '。' | '،' | '·' | '|' | '/' | '।' | '\n' | '"')
        || (next > '\u{2600}' && !next.is_alphanumeric());
    let decimal = after.starts_with(['.', ',']) && after[1..].starts_with(|c: char| c.is_ascii_digit());
    // "ฟ้า 27 พยาบาล": scripts without commas set the age between spaces, behind a name of one word.
    let bare = early
        && !named.contains(' ')
        && !named.is_ascii()
        && named.len() < before.len()
        && after.starts_with(' ')
        && next.is_alphabetic()
        && !next.is_ascii();
    parted && !decimal && (closed || (bare && named.chars().count() <= 10))
}

#[cfg(test)]
mod tests {
    use super::is_profile;

    #[test]
    fn an_age_behind_a_name_makes_a_profile() {
        for text in [
            "timur, 34, astana",
            "hannah, 30 \u{1f1f8}\u{1f1ec} singapore",
            "ฟ้า 27 พยาบาล",
            "cosmin, 31. sofer",
            "शिवानी, 29। मुंबई",
            "widower, 61, albacete",
        ] {
            assert!(is_profile(text), "{text}");
        }
        for text in [
            "caregivers, 20-40 years",
            "20 workers needed in doha",
            "cleaner, 25 openings",
            "salary 2,50,000",
            "48 €/dia, obra",
            "24/7 support",
        ] {
            assert!(!is_profile(text), "{text}");
        }
    }
}
