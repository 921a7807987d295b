//! One sign before every sentence and behind the last: "🔥🔥 Work abroad 🔥🔥 No fees 🔥🔥".

use fastrand::Rng;

/// What adverts are framed with.
const SIGNS: [&str; 8] = ["🔥🔥", "✅", "⭐⭐⭐", "👉", "📢📢", "|", "◆", "━━━━━"];

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    if text.trim().is_empty() {
        return text.to_owned();
    }
    let sign = SIGNS[random.usize(..SIGNS.len())];
    let mut written = format!("{sign} ");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        written.push(c);
        let ends = matches!(c, '\n' | '。' | '！' | '？' | '।' | '။')
            || matches!(c, '.' | '!' | '?' | '؟') && chars.peek().is_some_and(|next| next.is_whitespace());
        if ends {
            written += &format!(" {sign} ");
        }
    }
    format!("{written} {sign}")
}
