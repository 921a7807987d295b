//! Entities in a text that is otherwise plain, whose white space an HTML parser would not keep.

use std::borrow::Cow;

/// Named characters common in posts; the others stay as they are.
const NAMED: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("bull", "•"),
    ("middot", "·"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("sbquo", "‚"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("bdquo", "„"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("euro", "€"),
    ("pound", "£"),
    ("yen", "¥"),
    ("cent", "¢"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("deg", "°"),
    ("times", "×"),
    ("frac12", "½"),
    ("iexcl", "¡"),
    ("iquest", "¿"),
    ("zwj", "\u{200d}"),
    ("zwnj", "\u{200c}"),
    ("shy", "\u{ad}"),
    ("aacute", "á"),
    ("eacute", "é"),
    ("iacute", "í"),
    ("oacute", "ó"),
    ("uacute", "ú"),
    ("ntilde", "ñ"),
    ("agrave", "à"),
    ("egrave", "è"),
    ("ograve", "ò"),
    ("acirc", "â"),
    ("ecirc", "ê"),
    ("ocirc", "ô"),
    ("atilde", "ã"),
    ("otilde", "õ"),
    ("ccedil", "ç"),
    ("auml", "ä"),
    ("euml", "ë"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("szlig", "ß"),
    ("Eacute", "É"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
];
/// What `&#128;` to `&#159;` mean: the characters of Windows-1252.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// `text` with its entities replaced, `None` if it has none.
pub(super) fn decode_entities(text: &str) -> Option<String> {
    let mut decoded = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices('&') {
        let inside = &text[at + 1..];
        let Some(length) = inside.bytes().take(10).position(|byte| byte == b';') else { continue };
        let Some(character) = entity(&inside[..length]) else { continue };
        decoded.push_str(&text[done..at]);
        decoded.push_str(&character);
        done = at + 1 + length + 1;
    }
    (done > 0).then(|| decoded + &text[done..])
}

fn entity(name: &str) -> Option<Cow<'static, str>> {
    let Some(digits) = name.strip_prefix('#') else {
        return NAMED.iter().find(|(known, _)| *known == name).map(|&(_, text)| Cow::Borrowed(text));
    };
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16).ok()?,
        None if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        _ => return None,
    };
    let character = match code {
        0 => return None,
        0x80..=0x9f => WINDOWS.chars().nth(code as usize - 0x80)?,
        _ => char::from_u32(code)?,
    };
    Some(Cow::Owned(character.to_string()))
}
