//! Shapes of wallets, mail addresses, links and handles.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// Compiles a pattern of this room.
#[expect(clippy::expect_used, reason = "patterns are constants; a test compiles every one")]
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

static WALLET: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?-u:\b)(?:0[xX][0-9a-fA-F]{40}|[bB][cC]1[a-zA-Z0-9]{25,87}|T[1-9A-HJ-NP-Za-km-z]{33}|[13][1-9A-HJ-NP-Za-km-z]{25,34})(?-u:\b)",
    )
});

/// Bitcoin, Ethereum and Tron addresses, in model text: capitals matter.
pub(super) fn wallets(model: &str) -> impl Iterator<Item = Range<usize>> {
    WALLET.find_iter(model).filter(|found| is_wallet(found.as_str())).map(|found| found.range())
}

/// Base 58 mixes digits and letters of both cases; a row of digits does not.
fn is_wallet(found: &str) -> bool {
    let has = |test: fn(&u8) -> bool| found.bytes().any(|byte| test(&byte));
    has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && (found.len() > 40 || has(u8::is_ascii_uppercase) || found.to_ascii_lowercase().starts_with("bc1"))
}

const AT: &str = r"(?:[ ]?@[ ]?|[ ]?[\(\[\{][ ]?(?:at|@|arroba|собака)[ ]?[\)\]\}][ ]?|[ ](?:at|arroba|собака|aet)[ ])";
const DOT: &str = r"(?:[ ]?\.[ ]?|[ ]?[\(\[\{][ ]?(?:dot|\.|punto|ponto|point|точка|titik|tuldok)[ ]?[\)\]\}][ ]?|[ ](?:dot|punto|ponto|point|точка|titik|tuldok|nokta)[ ])";
const MAIL_HOSTS: &str = "gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|proton|protonmail|tutanota|mail|gmx|aol|yandex|rambler|inbox|bk|list|ukr|qq|163|126|sina|naver|daum|hanmail|rediffmail|zoho";

/// `name@host.tld`, spaces and all; part of the name may be hidden already (`a***z@host.tld`).
static EMAIL: LazyLock<Regex> =
    LazyLock::new(|| regex(r"[\p{L}\p{N}._%+\-][\p{L}\p{N}._%+\-*•]*@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)*\.\p{L}{2,24}"));

/// "name (at) host (dot) com": both signs spelt, or the host a known one.
static SPELT_EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    let end = r"(?:com|net|org|ru|ua|info|co|io|me|de|fr|ph|in|uk|cn|kr|jp|example|edu|gov)(?-u:\b)(?:\.[a-z]{2,3}(?-u:\b))?";
    let bracketed = r"[ ]?[\(\[\{][ ]?(?:at|@|arroba|собака)[ ]?[\)\]\}][ ]?";
    let spelt_dot = DOT.replacen(r"[ ]?\.[ ]?|", "", 1);
    regex(&format!(
        r"[a-z0-9._%+\-]+(?:{bracketed}[a-z0-9\-]+(?:{DOT}[a-z0-9\-]+)?{DOT}{end}|{AT}[a-z0-9\-]+(?:{spelt_dot}[a-z0-9\-]+)?{spelt_dot}{end}|{AT}(?:{MAIL_HOSTS}){DOT}{end})"
    ))
});

/// Mail addresses of a folded text.
pub(super) fn emails(folded: &str) -> impl Iterator<Item = Range<usize>> {
    let signed = folded.contains('@').then(|| EMAIL.find_iter(folded));
    signed.into_iter().flatten().chain(SPELT_EMAIL.find_iter(folded)).map(|found| found.range())
}

/// The address with its signs written as signs.
pub(super) fn plain_email(folded: &str) -> String {
    static SPELT_AT: LazyLock<Regex> = LazyLock::new(|| regex(AT));
    static SPELT_DOT: LazyLock<Regex> = LazyLock::new(|| regex(DOT));
    SPELT_DOT.replace_all(&SPELT_AT.replace(folded, "@"), ".").trim().to_owned()
}

/// Ends of names that no sentence runs into by a missing space.
const SURE_ENDS: &str = "com|net|org|info|biz|xyz|site|online|shop|club|vip|app|link|tech|website|icu|cc|tv|io|ly|gg|ai|cn|hk|tw|jp|kr|ru|ua|kz|ph|sg|vn|kh|mm|bd|pk|np|lk|ng|ke|gh|tz|ug|za|ae|sa|qa|kw|tr|fr|pl|cz|ro|uk|au|nz|eu|br|mx|ar|cl|ir|il|gr|bg|hu|mn|uz|kg|tj|example|edu|gov|int|рф|бел|укр|қаз|онлайн|сайт";

static URL: LazyLock<Regex> = LazyLock::new(|| {
    let path = r"[/?#](?:[!-;=?-z|~]*[a-z0-9/=_#&%\-])?";
    regex(&format!(
        r"(?:https?|hxxps?|tg|line|weixin)[ ]?:[ ]?//[^\s<>]+|(?-u:\b)(?:t|wa|line|m)(?:[ ]?\.[ ]?|[ ]?[\(\[]dot[\)\]][ ]?|[ ]dot[ ])me(?:[ ]?/[ ]?|[ ]slash[ ])[a-z0-9_+\-]+(?:/[a-z0-9_+\-]+)*|(?-u:\b)[a-z2-7]{{16,56}}\.onion(?:{path})?|(?-u:\b)www\.[a-z0-9\-]+\.[!-;=?-z|~]+|(?:[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}\-]*)\.)+(?:(?:{SURE_ENDS})(?:\.[a-z]{{2}})?(?-u:\b)(?::[0-9]+)?(?:{path})?|[a-z]{{2,3}}/[!-;=?-z|~]*[a-z0-9/=_\-])|(?-u:\b)[a-z0-9\-]{{3,}}[ ]?(?:\(dot\)|\[dot\]|\[\.\]|\(\.\)|[ ]dot[ ])[ ]?(?:com|net|org|me|io|ru|info)(?-u:\b)(?:/[a-z0-9_+\-]+)?"
    ))
});

/// Links of a folded text, with or without scheme.
pub(super) fn urls(folded: &str) -> impl Iterator<Item = Range<usize>> {
    URL.find_iter(folded).filter_map(|found| {
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
        // A host glued to a word of such a script begins with its own first letter.
        let start = if has_scheme {
            0
        } else {
            written
                .rfind(|c: char| matches!(c, '\u{3000}'..='\u{9FFF}' | '\u{E00}'..='\u{EFF}' | '\u{AC00}'..='\u{D7A3}'))
                .map_or(0, |at| at + written[at..].chars().next().map_or(0, char::len_utf8))
        };
        let one_letter_host = written[start..].chars().nth(1) == Some('.') && !written.contains('/');
        (!one_letter_host && written.len() > start + 3 && written.contains(['.', '/', ' ']))
            .then(|| found.start() + start..found.start() + written.len())
    })
}

/// `@name`, the sign half- or full-width, not inside a mail address; also glued to an app's short name or a word that is not Latin.
/// One or two stars at its end are typography, others stand for letters somebody has hidden.
static AT_NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|[^\p{L}\p{N}._@]|[^\x00-\x{24F}@]|(?-u:\b)(?:ig|tg|fb|wa|vk|tele))(@[ ]?[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.\-]|[*•]{3,}|[*•]{1,2}[\p{L}\p{N}_])*)",
    )
});

/// Apps whose name before a colon announces a handle.
const APPS: &str = r"telegram|telegramm|telega|teleg|tele|tg|t\.g|tlgrm|телеграм\w*|телега|телегу|тг|тгк|whats?app|watsap|ватсап|вацап|wechat|we chat|weixin|vx|wx|微信号?|威信|薇信|徽信|卫星|line|kakao(?:talk)?|kkt|카카오톡|카톡|카카오|라인|텔레그램|텔레|zalo|viber|вайбер|skype|скайп|signal|snapchat|snap|insta(?:gram)?|ig|инста\w*|fb|facebook|messenger|discord|qq|扣扣|飞机|飛機|纸飞机|電報|电报|賴|赖|imo|botim|тикток|tiktok|threads|twitter|ไลน์|เทเลแกรม|تيليجرام|تليجرام|تلجرام|تلگرام|واتساب|واتس|ايميو|سناب|انستا\w*|टेलीग्राम|টেলিগ্রাম|telegrama|v信|gmail|yahoo|hotmail|outlook|e-?mail|почта";

static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r#"(?P<app>{APPS})[ ]?(?:のid|id|i\.d\.?|号码?|號|ไอดี|아이디|account|acc|akkaunt|username|user|ник|аккаунт|хесап|no|同号|同)?[ ]?"?[ ]?(?P<sign>[:=\-–>→👉~]{{1,3}}[ ]?|[ ])"?@?(?P<name>[a-z0-9](?:[a-z0-9_.\-]|[*•]{{3,}}|[*•]{{1,2}}[a-z0-9_]){{2,31}})"#
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
        r"(?:加我?(?:微|v信?|薇|vx|wx|賴|赖|line|扣|q)|\+(?:v:|賴|赖|微信?)|私賴|私赖|加)[ ]?[:=]?[ ]?(?P<name>[a-z][a-z0-9_\-]{4,31}|[a-z0-9_\-]*[0-9_][a-z0-9_\-]{3,31})",
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
    let labelled = LABELLED.captures_iter(folded).filter_map(move |found| {
        let (app, sign, name) = (found.name("app")?, found.name("sign")?.as_str(), found.name("name")?);
        let before = folded[..app.start()].chars().next_back();
        // The app's name is a word of its own, except where words are not spaced.
        if before
            .is_some_and(|c| c == '@' || c.is_alphanumeric() && !matches!(c, '\u{E00}'..='\u{E7F}' | '\u{3040}'..='\u{D7A3}'))
        {
            return None;
        }
        let end = name.as_str().trim_end_matches(['.', '-', '_']).len();
        let range = name.start()..name.start() + end;
        is_name(&folded[range.clone()], sign.contains([':', '=', '>', '→', '👉']), &folded[range.end..]).then_some(range)
    });
    let added = ADD_ME.captures_iter(folded).filter_map(|found| found.name("name"));
    let added = added.filter(|name| name.as_str().contains(|c: char| c.is_ascii_lowercase())).map(|name| name.range());
    let shaped = SHAPED
        .captures_iter(folded)
        .filter_map(|found| found.name("live").or_else(|| found.name("tagged")).or_else(|| found.name("id")))
        .map(|name| name.range());
    labelled.chain(added).chain(shaped)
}

/// Whether a word after an app's name is a handle: by its looks, or because a colon announced it and the line ends after it
/// ("telegram: message me" has none).
fn is_name(name: &str, announced: bool, rest: &str) -> bool {
    let has_letter = name.contains(|c: char| c.is_ascii_lowercase());
    if !has_letter {
        return announced && (5..12).contains(&name.len());
    }
    let looks = name.contains(|c: char| c.is_ascii_digit() || c == '_');
    let ends =
        rest.trim_start_matches(' ').chars().next().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '\'' | '/' | '@' | '&'));
    looks || announced && ends
}
