//! Emoji between words and at the ends of lines: "work 💰 abroad ✈️".

use fastrand::Rng;

/// What such posts are sprinkled with.
const EMOJI: [&str; 16] = ["💰", "✈️", "🔥", "✅", "💸", "🌍", "⭐", "👉", "🙏", "💯", "📲", "🏠", "😍", "❤️", "🎁", "⚡"];

pub(super) fn apply(text: &str, random: &mut Rng) -> String {
    let mut written = String::with_capacity(text.len() + 64);
    let draw = |random: &mut Rng| EMOJI[random.usize(..EMOJI.len())];
    for c in text.chars() {
        let here = match c {
            ' ' => random.u8(..8) == 0,
            // Scripts without spaces have their own full stops and commas.
            '\n' | '。' | '，' | '、' | '។' | '။' => random.u8(..2) == 0,
            _ => false,
        };
        if here && c != '\n' {
            written.push(c);
        }
        if here {
            written.push_str(draw(random));
        }
        if !here || c == '\n' || c == ' ' {
            written.push(c);
        }
    }
    if !text.is_empty() {
        written.push(' ');
        for _ in 0..random.usize(1..4) {
            written.push_str(draw(random));
        }
    }
    written
}
