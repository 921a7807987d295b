//! Shapes of mail addresses, links and handles. `hosts.tsv` has endings of hosts, `beside_names.tsv` words that are no handles behind the
//! name of an app.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::text::fold;

/// Compiles a pattern of this room.
#[expect(clippy::expect_used, reason = "patterns are constants; a test compiles every one")]
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// Signs of an address in words: between spaces, in brackets or between lines; in scripts without spaces as they are.
const AT_WORD: &str = "at|arroba|arobas|arobase|aet|собака|собачка|chiocciola|malpa|zavinac|kukac";
const DOT_WORD: &str = "dot|punto|ponto|point|punkt|точка|крапка|titik|tuldok|nokta|tecka|kropka";
const UNSPACED_AT: &str = "艾特|小老鼠|アットマーク|アット|골뱅이";
const UNSPACED_DOT: &str = "点|點|ドット|닷|쩜|점";

/// "(at)", "<at>", "[@]".
static BRACKETED_AT: LazyLock<String> =
    LazyLock::new(|| format!(r"[ ]?[\(\[\{{<][ ]?(?:@|{AT_WORD})[ ]?[\)\]\}}>][ ]?|_(?:{AT_WORD})_|[ ]?(?:{UNSPACED_AT})[ ]?"));
static AT: LazyLock<String> = LazyLock::new(|| format!(r"(?:[ \n]?@[ \n]?|{}|[ ](?:{AT_WORD})[ ])", *BRACKETED_AT));
static SPELT_DOT: LazyLock<String> = LazyLock::new(|| {
    format!(
        r"(?:[ ]?[\(\[\{{<][ ]?(?:\.|{DOT_WORD})[ ]?[\)\]\}}>][ ]?|_(?:{DOT_WORD})_|[ ]?(?:{UNSPACED_DOT})[ ]?|[ ](?:{DOT_WORD})[ ])"
    )
});
/// "dot", "punto": words for the sign that are no words for a place or a time besides, as "at this point in" has one.
const SURE_DOT_WORD: &str = r"[ ](?:dot|punto|ponto|точка|крапка|titik|tuldok|nokta|kropka)[ ]";

/// Signs of a name in words.
const UNDERSCORE: &str = r"[ ](?:underscore|underline|guion bajo|tiret bas|unterstrich|подчеркивание)[ ]";
const HYPHEN: &str = r"[ ](?:dash|hyphen|guion|tiret|bindestrich|дефис|тире)[ ]";

const MAIL_HOSTS: &str = "gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|proton|protonmail|tutanota|mail|gmx|aol|yandex|rambler|inbox|bk|list|ukr|qq|163|126|sina|naver|daum|hanmail|rediffmail|zoho";

/// `name@host.tld`, spaces and all; part of the name may be hidden already (`a***z@host.tld`).
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[\p{L}\p{N}._%+\-][\p{L}\p{N}._%+\-*•]*@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)*\.\p{L}{2,24}"));

/// "name (at) host (dot) com": both signs spelt, or the host a known one.
static SPELT_EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    let end = r"(?:(?:com|net|org|ru|ua|info|co|io|me|de|fr|ph|in|uk|cn|kr|jp|example|edu|gov|biz|work|jobs|online|site|pl|cz|it|es|eu|c[ ]o[ ]m)(?-u:\b)(?:\.[a-z]{2,3}(?-u:\b))?|(?:ком|ру|нет)\b)";
    let (at, bracketed, spelt) = (AT.as_str(), BRACKETED_AT.as_str(), SPELT_DOT.as_str());
    let dot = format!(r"(?:[ ]?\.[ ]?|[,。]|{spelt})");
    let sure = format!(r"(?:[ ]?[\(\[\{{<][ ]?(?:\.|{DOT_WORD})[ ]?[\)\]\}}>][ ]?|{SURE_DOT_WORD})");
    let name =
        format!(r"[a-z0-9\p{{Cyrillic}}._%+\-]+(?:(?:{SURE_DOT_WORD}|{UNDERSCORE}|{HYPHEN})[a-z0-9\p{{Cyrillic}}_\-]+){{0,4}}");
    regex(&format!(
        r"{name}(?:(?:{bracketed})[a-z0-9\-]+(?:{dot}[a-z0-9\-]+)?{dot}{end}|{at}[a-z0-9\-]+(?:{sure}[a-z0-9\-]+)?{sure}{end}|{at}(?:{MAIL_HOSTS}){dot}{end}|@[a-z0-9\-]+[,。](?:com|net|org|ru)(?-u:\b)|@\n[a-z0-9\-]+\.{end})"
    ))
});

/// Mail addresses of a folded text.
pub(super) fn emails(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let signed = folded.contains('@').then(|| EMAIL.find_iter(folded));
    signed.into_iter().flatten().chain(SPELT_EMAIL.find_iter(folded)).map(|found| found.range())
}

/// The address with its signs written as signs.
pub(super) fn plain_email(folded: &str) -> String {
    static SPELT_AT: LazyLock<Regex> = LazyLock::new(|| regex(&AT));
    static DOT: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"[ ]?[.,。][ ]?|{}", *SPELT_DOT)));
    static SPELT_UNDERSCORE: LazyLock<Regex> = LazyLock::new(|| regex(UNDERSCORE));
    static SPELT_HYPHEN: LazyLock<Regex> = LazyLock::new(|| regex(HYPHEN));
    // A sign that is there is the one: "meet_at_noon@…" has words in its name.
    let in_brackets = ["(@", "[@", "{@", "<@", "( @", "[ @"].iter().any(|sign| folded.contains(sign));
    let is_signed = folded.contains('@') && !in_brackets;
    let signed = if is_signed { folded.to_owned() } else { SPELT_AT.replace(folded, "@").into_owned() };
    let signed = SPELT_UNDERSCORE.replace_all(&signed, "_");
    let signed = SPELT_HYPHEN.replace_all(&signed, "-");
    DOT.replace_all(&signed, ".").split_whitespace().collect()
}

/// Endings of hosts: those that no sentence runs into by a missing space, those of scripts without it, and words.
fn endings(kind: &str) -> String {
    let mut endings = include_str!("hosts.tsv").lines().filter_map(|line| line.split_once('\t'));
    let listed = endings.find(|(of, _)| *of == kind).map_or("", |(_, listed)| listed);
    listed.split(' ').map(fold).collect::<Vec<_>>().join("|")
}

/// A dot in words or disguise, where a slash behind leaves no doubt.
const ANY_DOT: &str =
    r"(?:[ ]?[.,•·。][ ]?|[ ]?[\(\[\{<](?:dot|point|punto|точка|\.)[\)\]\}>][ ]?|[ ](?:dot|point|punto|точка)[ ])";
const SLASH: &str = r"(?:[ ]?/[ ]?|[ ](?:slash|слеш|слэш)[ ])";

static URL: LazyLock<Regex> = LazyLock::new(|| {
    let path = r"[/?#](?:[!-;=?-z|~]*[a-z0-9/=_#&%\-])?";
    let messenger_path =
        r"[a-z0-9_+~%@\-](?:[a-z0-9_+~%@\-]|\.[a-z0-9])*(?:/[a-z0-9_+~%@\-]+)*(?:[?#][!-;=?-z|~]*[a-z0-9/=_\-])?";
    let (sure, joined, word) = (endings("sure"), endings("joined"), endings("word"));
    let (latin, other): (Vec<&str>, Vec<&str>) = sure.split('|').partition(|ending| ending.is_ascii());
    let (latin, other) = (latin.join("|"), other.join("|"));
    let host = r"(?:[\p{L}\p{N}][\p{L}\p{N}\-]*\.)+";
    let behind = format!(r"(?::[0-9]+)?(?:{path})?");
    regex(
        &[
            r"(?-u:\b)[a-z][a-z0-9+\-]{1,15}[ ]?:[ ]?//[^\s<>]+".to_owned(),
            format!(r"(?-u:\b)(?:t|wa|line|m){ANY_DOT}me{SLASH}{messenger_path}"),
            format!(r"\bт{ANY_DOT}(?:me|ме){SLASH}{messenger_path}"),
            format!(r"(?-u:\b)t[ ]me[ ](?:slash|слеш|слэш)[ ]{messenger_path}"),
            r"(?-u:\b)[a-z0-9_]{4,32}\.t\.me(?-u:\b)".to_owned(),
            format!(r"(?-u:\b)[a-z2-7]{{16,56}}\.onion(?:{path})?"),
            r"(?-u:\b)www\.[a-z0-9\-]+\.[!-;=?-z|~]+".to_owned(),
            format!(r"{host}(?:xn--[a-z0-9\-]+|(?:{latin})(?:\.[a-z]{{2}})?(?-u:\b)){behind}"),
            format!(r"{host}(?:{other})\b(?:[/?#][^\s<>]*)?"),
            format!(r"{host}(?:{joined})\b{behind}"),
            format!(r"{host}[a-z]{{2,3}}/[!-;=?-z|~]*[a-z0-9/=_\-]"),
            format!(r"(?-u:\b)(?P<name>[a-z0-9\-]{{4,}}\.(?:{word})(?:\.[a-z0-9_\-]+)*)(?-u:\b){behind}"),
            r"(?-u:\b)[a-z0-9\-]{3,}[ ]?(?:\(dot\)|\[dot\]|\[\.\]|\(\.\)|[ ]dot[ ])[ ]?(?:com|net|org|me|io|ru|info)(?-u:\b)(?:/[a-z0-9_+\-]+)?"
                .to_owned(),
        ]
        .join("|"),
    )
});

/// What announces a host whose ending is a word: "apply at rosyjobs.work now".
static HOST_AHEAD: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:visit|website|site|link|web|apply (?:at|on)|go to|see|сайт|сайте|官网|网址)[ ]?[:\-–]?[ ]?$"));

/// How far before a host it may be announced, in characters.
const HOST_REACH: usize = 16;

/// Whether "rosyjobs.work" is a host and not the end of a sentence with a missing space behind: it is announced, has a path, or
/// nothing is said after it.
fn is_named_host(folded: &str, at: &Range<usize>) -> bool {
    let start = folded[..at.start].char_indices().rev().nth(HOST_REACH).map_or(0, |(at, _)| at);
    let ends = !folded[at.end..].trim_start_matches([' ', ')', '"']).starts_with(char::is_alphanumeric);
    folded[at.clone()].contains('/') || HOST_AHEAD.is_match(&folded[start..at.start]) || ends
}

/// Scripts without spaces, whose words stand glued to a host.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{E00}'..='\u{EFF}' | '\u{AC00}'..='\u{D7A3}')
}

/// Links of a folded text, with or without scheme.
pub(super) fn urls(folded: &str) -> impl Iterator<Item = Range<usize>> {
    URL.captures_iter(folded).filter_map(|captures| {
        let found = captures.get(0)?;
        if captures.name("name").is_some() && !is_named_host(folded, &found.range()) {
            return None;
        }
        // Punctuation after a link, and letters glued to it in scripts without spaces, are not part of it.
        let written = found.as_str();
        let has_scheme = written.contains("//");
        let end = if has_scheme {
            written.find(|c: char| matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')).unwrap_or(written.len())
        } else {
            written.len()
        };
        let written = written[..end].trim_end_matches(|c: char| {
            matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '\'' | '"' | '…' | '*')
        });
        // A host glued to a word of such a script begins with its own first letter; one in that script is all of it.
        let label = written.split('.').next().unwrap_or_default();
        let is_own = has_scheme || label.chars().all(is_unspaced);
        let start = if is_own { None } else { label.char_indices().rev().find(|(_, c)| is_unspaced(*c)) };
        let start = start.map_or(0, |(at, c)| at + c.len_utf8());
        let one_letter_host = written[start..].chars().nth(1) == Some('.')
            && written[start..].starts_with(char::is_alphanumeric)
            && !written.contains(['/', ' ']);
        (!one_letter_host && written.len() > start + 3).then(|| found.start() + start..found.start() + written.len())
    })
}

/// Hosts whose paths are names that people write in any case; elsewhere capitals make another link.
const CASELESS: [&str; 12] = [
    "t.me",
    "telegram.me",
    "wa.me",
    "m.me",
    "instagram.com",
    "facebook.com",
    "fb.com",
    "tiktok.com",
    "x.com",
    "twitter.com",
    "vk.com",
    "zalo.me",
];

/// Digits of a whole number with its country code.
const FEWEST_CALLED: usize = 8;

/// Links of a messenger that call the number in them: "wa.me/447700900123".
const CALLING: [&str; 3] = ["wa.me/", "whatsapp.com/send?phone=", "whatsapp.com/send/?phone="];

/// The number, country code first, that a link in its plain spelling calls.
pub(super) fn called_by_link(url: &str) -> Option<&str> {
    let (_, rest) = CALLING.iter().find_map(|calling| url.split_once(calling))?;
    let rest = rest.trim_start_matches('+');
    let digits = &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()];
    (digits.len() >= FEWEST_CALLED).then_some(digits)
}

/// A link in its one spelling: no scheme, the host in small letters, signs for words.
pub(super) fn plain_url(written: &str) -> String {
    static SPELT_HOST: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"^(?i)(t|т|wa|line|m)(?:{ANY_DOT}|[ ])(?:me|ме)(?:{SLASH})")));
    static DOT: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"(?i){ANY_DOT}")));
    let behind_scheme = written.split_once("//").filter(|(scheme, _)| scheme.trim_end().ends_with(':'));
    let address = behind_scheme.map_or(written, |(_, address)| address).trim();
    let messenger = SPELT_HOST.captures(address).and_then(|found| {
        let app = fold(&found[1]).replace('т', "t");
        Some(format!("{app}.me/{}", &address[found.get(0)?.end()..]))
    });
    let address = messenger.as_deref().unwrap_or(address);
    let (host, path) = address.split_at(address.find(['/', '?', '#']).unwrap_or(address.len()));
    let host = fold(&DOT.replace_all(host, "."));
    let host = host.strip_prefix("www.").unwrap_or(&host);
    if let Some(name) = host.strip_suffix(".t.me") {
        return format!("t.me/{name}");
    }
    let is_invitation = path.starts_with("/+") || path.starts_with("/joinchat");
    let path = path.trim_end_matches('/');
    if CASELESS.contains(&host) && !is_invitation { format!("{host}{}", fold(path)) } else { format!("{host}{path}") }
}

/// `@name`, the sign half- or full-width, not inside a mail address; also glued to an app's short name or a word that is not Latin.
/// One or two stars at its end are typography, others stand for letters somebody has hidden.
static AT_NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|[^\p{L}\p{N}._@]|[^\x00-\x{24F}@]|(?-u:\b)(?:ig|tg|fb|wa|vk|tele))(@[ ]?[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.\-]|[*•]{3,}|[*•]{1,2}[\p{L}\p{N}_])*)",
    )
});

/// Apps whose name before a colon announces a handle.
const APPS: &str = r"telegram|telegramm|telega|teleg|tele|tg|t\.g|tlgrm|телеграм\w*|телега|телегу|тг|тгк|whats?app|watsap|ватсап|вацап|wechat|we chat|weixin|vx|wx|微信号?|威信|薇信|徽信|卫星|line|kakao(?:talk)?|kkt|카카오톡|카톡|카카오|라인|ライン|텔레그램|텔레|텔|zalo|viber|вайбер|skype|скайп|signal|snapchat|snap|insta(?:gram)?|ig|инста\w*|fb|facebook|messenger|discord|qq|扣扣|企鹅|飞机|飛機|纸飞机|電報|电报|賴|赖|imo|botim|kik|threema|wickr|vk|вк|вконтакте|тикток|tiktok|threads|twitter|ไลน์|เทเลแกรม|تيليجرام|تليجرام|تلجرام|تلگرام|واتساب|واتس|ايميو|سناب|انستا\w*|टेलीग्राम|টেলিগ্রাম|ইমো|טלגרם|וואטסאפ|telegrama|v信|gmail|yahoo|hotmail|outlook|e-?mail|почта";

/// Apps whose names are words besides: "production line: packing and sorting".
const AMBIGUOUS: [&str; 14] = [
    "line",
    "signal",
    "snap",
    "messenger",
    "imo",
    "threads",
    "discord",
    "email",
    "e-mail",
    "gmail",
    "yahoo",
    "hotmail",
    "outlook",
    "почта",
];

/// Apps whose handles are numbers.
const NUMBERED: [&str; 3] = ["qq", "扣扣", "企鹅"];

/// Words that say that a handle follows, whatever it looks like.
const ID: &str = r"(?:の|\s)?id(?:は|[ ](?:is|es|adalah))?|の?id|i\.d\.?|号码?|號|群|ไอดี|아이디|username|ник|は";

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r#"(?P<app>{APPS})[ ]?(?:(?P<id>{ID})|account|acc|akkaunt|user|аккаунт|хесап|no|同号|同)?[ ]?"?[ ]?(?P<sign>[:=\-–>→👉~]{{1,3}}[ ]?|[ ]|)"?(?:@[ ]?|\(@\)[ ]?)?(?P<name>[a-z0-9](?:[a-z0-9_.\-]|[*•]{{3,}}|[*•]{{1,2}}[a-z0-9_]){{2,31}})"#
    ))
});

/// Names whose shape is enough: Skype's `live:name`, Discord's `name#1234`, and `ID:` before a word with digits.
static SHAPED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|[^\p{L}\p{N}._])(?:(?P<live>live:[ ]?\.?[a-z0-9_.\-]{3,32})|(?P<tagged>[\p{L}\p{N}_.]{2,32}#[0-9]{4})(?:[^0-9]|$)|(?:id|ид|아이디|ไอดี)[ ]?[:=：][ ]?(?P<id>[a-z][a-z_]*[0-9][a-z0-9_]{1,30}))",
    )
});

/// Chinese and Japanese habits: `加V abc123`, `+賴：abc_1`.
static ADD_ME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:加我?(?:微信?|v信?|薇信?|vx|wx|賴|赖|line|扣|q)|[+➕][ ]?(?:v[ ]?:|賴|赖|微信?)|➕[ ]?v[ ]|(?:^|\n|\p{Han}[ ]?)v[ ]?:|私賴|私赖|加)[ ]?[:=]?[ ]?(?P<name>[a-z][a-z0-9_\-]{4,31}|[a-z0-9_\-]*[0-9_][a-z0-9_\-]{3,31})",
    )
});

/// Handles that begin with their sign.
pub(super) fn at_names(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let signed = folded.contains('@').then(|| AT_NAME.captures_iter(folded));
    signed.into_iter().flatten().filter_map(|found| found.get(1)).filter_map(|name| {
        let end = name.as_str().trim_end_matches(['.', '-']).len();
        // "@ 9am", "@ the office": a sign apart from its word is the word "at", unless the word looks like a name.
        let apart = name.as_str().starts_with("@ ");
        (end > 2 && (!apart || name.as_str().contains('_'))).then(|| name.start()..name.start() + end)
    })
}

/// Handles after the name of an app.
pub(super) fn announced_names(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let label = |found: &Captures<'_>| {
        let (app, sign, name) = (found.name("app")?, found.name("sign")?.as_str(), found.name("name")?);
        let before = folded[..app.start()].chars().next_back();
        // The app's name is a word of its own, except where words are not spaced.
        if before
            .is_some_and(|c| c == '@' || c.is_alphanumeric() && !matches!(c, '\u{E00}'..='\u{E7F}' | '\u{3040}'..='\u{D7A3}'))
        {
            return None;
        }
        let has_id = found.name("id").is_some();
        let is_foreign = !app.as_str().is_ascii();
        // Nor the end of a word for a hotel or for being online.
        if ["텔", "라인", "ライン"].contains(&app.as_str()) && before.is_some_and(char::is_alphabetic) {
            return None;
        }
        let colon = sign.contains([':', '=', '>', '→', '👉']);
        // "微信abc88" may be glued; "linemen" is a word, and "id12345" is all of a name.
        let (start, glued) = match folded[..name.start()].chars().next_back() {
            Some(' ') => (name.start(), false),
            Some(c) if !sign.is_empty() || c == '@' || c == ')' => (name.start(), false),
            Some(c) if is_unspaced(c) => (name.start(), true),
            _ => (found.name("id")?.start(), false),
        };
        let is_whole = start == name.start();
        let range = start..name.start() + name.as_str().trim_end_matches(['.', '-', '_']).len();
        let is_number = !name.as_str().contains(|c: char| c.is_ascii_lowercase());
        let announced = is_whole
            && (colon
                || has_id
                || is_foreign && sign.contains('-') && !is_number
                || glued && (!is_number || NUMBERED.contains(&app.as_str())));
        let goes_on = has_id || !AMBIGUOUS.contains(&app.as_str());
        is_name(&folded[range.clone()], announced, goes_on, &folded[range.end..]).then_some(range)
    };
    let mut labelled = Vec::new();
    let mut from = 0;
    while let Some(found) = LABELLED.captures_at(folded, from) {
        let name = label(&found);
        // What was no name may be the app of the next: "apply online telegram: …".
        let app = found.name("app").map_or(folded.len(), |app| app.end());
        from = name.as_ref().map_or(app, |name| name.end.max(app));
        labelled.extend(name);
    }
    let added = ADD_ME.captures_iter(folded).filter_map(|found| found.name("name"));
    let added = added.filter(|name| name.as_str().contains(|c: char| c.is_ascii_lowercase())).map(|name| name.range());
    let shaped = SHAPED
        .captures_iter(folded)
        .filter_map(|found| found.name("live").or_else(|| found.name("tagged")).or_else(|| found.name("id")))
        .map(|name| name.range());
    labelled.into_iter().chain(added).chain(shaped)
}

/// Words that stand behind the name of an app without being anybody's name, and words with which a sentence goes on behind a name.
static NO_NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| listed("no_name"));
static FOLLOWERS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| listed("follower"));

fn listed(kind: &str) -> BTreeSet<&'static str> {
    let lines = include_str!("beside_names.tsv").lines().filter_map(|line| line.split_once('\t'));
    lines.filter(|(of, _)| *of == kind).flat_map(|(_, words)| words.split(' ')).collect()
}

/// Whether a word after an app's name is a handle: by its looks, or because a colon announced it and the line ends after it or goes
/// on as behind a name ("telegram: message me" has none).
fn is_name(name: &str, announced: bool, goes_on: bool, rest: &str) -> bool {
    let has_letter = name.contains(|c: char| c.is_ascii_lowercase());
    if !has_letter {
        return announced && (5..12).contains(&name.len());
    }
    let dots = name.split('.').filter(|part| part.len() > 1).count();
    let looks = name.contains(|c: char| c.is_ascii_digit() || c == '_') || dots > 2;
    let behind = rest.trim_start_matches(' ');
    let follower = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let ends = behind
        .chars()
        .next()
        .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '\'' | '/' | '@' | '&') || c >= '\u{370}' && c.is_alphabetic());
    looks || announced && !NO_NAMES.contains(name) && (ends || goes_on && FOLLOWERS.contains(follower))
}
