//! Where a name may begin and end.
//!
//! In: a stretch of folded text that spells a name. Out: whether it is that name, and where it ends with its case ending.
//! Every script has its own idea of a word: Thai, Khmer, Lao, Burmese and Han write none, Arabic and Ethiopic glue prepositions to the front,
//! Slavic, Turkic, Indic and Romanian names take endings, Korean and Japanese particles follow without a space.
//! Endings are data per script and family, not per name, so that a new name needs no forms.

use std::sync::LazyLock;

use crate::text::fold;

/// What may follow a name, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tail(u8);

impl Tail {
    /// The name is complete.
    pub(super) const WHOLE: Self = Self(1);
    /// The name has lost its last vowel: an ending must follow.
    pub(super) const STEM: Self = Self(2);
    /// Any ending of up to four letters, as the `*` of the tables says.
    pub(super) const OPEN: Self = Self(4);
    /// Polish endings.
    pub(super) const POLISH: Self = Self(8);
    /// Romanian endings.
    pub(super) const ROMANIAN: Self = Self(16);
    /// Turkish and Uzbek endings, and the Swahili locative: for names long enough to stand them.
    pub(super) const GLUED: Self = Self(32);
    /// English plural of a nationality word.
    pub(super) const PLURAL: Self = Self(64);

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// How a script separates words, as far as names are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writing {
    Spaced,
    Arabic,
    Ethiopic,
    Hangul,
    Han,
    Katakana,
    Unspaced,
}

fn writing(c: char) -> Writing {
    match c {
        '\u{0600}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' => Writing::Arabic,
        '\u{1200}'..='\u{139F}' => Writing::Ethiopic,
        '\u{AC00}'..='\u{D7AF}' => Writing::Hangul,
        '\u{30A0}'..='\u{30FF}' => Writing::Katakana,
        '\u{3040}'..='\u{309F}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' => Writing::Han,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' => Writing::Unspaced,
        _ => Writing::Spaced,
    }
}

/// Letters, digits and the marks that belong to them, in scripts that put spaces between words.
fn joins(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    let code = c as usize;
    if code > 0xFFFF { belongs_to_word(c) } else { WORD_LETTERS[code >> 6] >> (code & 63) & 1 == 1 }
}

/// [`belongs_to_word`] for the basic plane, one bit a character: it is asked at every letter of a text.
static WORD_LETTERS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0u64; 1 << 10];
    for c in (0..0x1_0000).filter_map(char::from_u32).filter(|c| belongs_to_word(*c)) {
        bits[c as usize >> 6] |= 1 << (c as usize & 63);
    }
    bits
});

fn belongs_to_word(c: char) -> bool {
    let mark = matches!(
        c,
        '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{093C}' | '\u{094D}' | '\u{09BC}' | '\u{09CD}' | '\u{0BCD}' | '\u{0DCA}' | '\u{200C}' | '\u{200D}'
    );
    (c.is_alphanumeric() || mark) && matches!(writing(c), Writing::Spaced | Writing::Arabic | Writing::Ethiopic)
}

/// A vowel sign, tone mark or medial that cannot begin a syllable: a name that stops before one has cut a syllable in two.
fn hangs(c: char) -> bool {
    matches!(
        c,
        '\u{0E30}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}' | '\u{0EB0}'..='\u{0EBC}' | '\u{0EC8}'..='\u{0ECE}' | '\u{102B}'..='\u{103E}' | '\u{17B6}'..='\u{17D3}'
    )
}

/// Prepositions and conjunctions that Arabic writes onto the next word, with the article.
const ARABIC_FRONT: &[&str] = &["و", "ب", "ل", "ال", "وال", "بال", "لل", "ول", "وب", "ولل", "وبال", "لال", "هال", "ف"];
/// Three letters behind a preposition are mostly another word; these are not.
const ARABIC_SHORT: &[&str] = &["مصر", "دبي", "قطر", "جدة", "غزة", "مكة", "عدن", "حلب", "حمص", "عمان"];
/// In, from, to, of, and.
const ETHIOPIC_FRONT: &[&str] = &["በ", "ከ", "ለ", "የ", "እ", "ስለ", "ወደ"];

const POLISH: &[&str] = &[
    "a", "u", "ie", "iem", "em", "owi", "om", "ow", "y", "i", "e", "o", "ach", "ech", "ami", "ze", "ii", "iej", "ej", "ia",
    "zie", "cie",
];
const ROMANIAN: &[&str] = &["ei", "i", "ul", "ului", "a", "iei"];
const GLUED: &[&str] = &[
    "da", "de", "ta", "te", "dan", "den", "tan", "ten", "ga", "ka", "qa", "ge", "ke", "ya", "ye", "ning", "nin", "dagi", "daki",
    "deki", "nda", "nde", "ndan", "nden", "yada", "yadan", "lik", "liq", "gacha", "taki", "teki",
];
const CYRILLIC_STEM: &[&str] = &[
    "а", "я", "у", "ю", "ы", "и", "і", "ї", "е", "є", "о", "ой", "ей", "ою", "ею", "ом", "ем", "ам", "ям", "ах", "ях", "ами",
    "ями", "єю", "ії", "ию", "ій", "ью",
];
const CYRILLIC_WHOLE: &[&str] = &[
    "а", "я", "у", "ю", "ы", "и", "і", "е", "є", "ом", "ем", "ові", "еві", "ам", "ах", "ями", "ами", "ів", "ов", "да", "де",
    "те", "дан", "ден", "тан", "тен", "ға", "ге", "қа", "ке", "га", "ка", "ның", "нің", "дың", "дің", "тың", "тің", "ды", "ді",
    "ты", "ті", "ны", "ні", "нан", "нен", "нинг", "дағы", "дегі", "тағы", "тегі", "даги", "лик", "нда", "нде", "ндан", "нден",
    "дин", "нин", "гача", "до", "дө", "то", "тө", "дон", "дөн", "тон", "төн", "го", "гө", "ко", "кө", "нун", "нүн",
];
const DEVANAGARI: &[&str] =
    &["मा", "को", "का", "की", "बाट", "लाई", "ले", "देखि", "सम्म", "तर्फ", "मै", "कै", "बाटै", "भर", "मार्फत", "स्थित"];
const BENGALI: &[&str] = &["তে", "র", "ের", "এর", "য়", "ে", "য়ে", "য়ের", "কে", "ায়", "তেই", "েই", "ও", "টা"];
const SINHALA: &[&str] =
    &["ේ", "වේ", "යේ", "ට", "ව", "ෙන්", "යෙන්", "වෙන්", "යට", "වට", "ේදී", "යේදී", "වේදී", "ෙහි", "යි", "න්", "යෙහි", "ටත්"];
const TAMIL: &[&str] = &[
    "யில்",
    "யின்",
    "க்கு",
    "வில்",
    "வின்",
    "வுக்கு",
    "ில்",
    "ின்",
    "ுக்கு",
    "ிலிருந்து",
    "யிலிருந்து",
    "விலிருந்து",
    "லில்",
    "ிலும்",
    "யிலும்",
    "லிருந்து",
];
const ETHIOPIC: &[&str] = &["ን", "ም", "ና", "ውስጥ"];
const HANGUL: &[&str] = &[
    "에서",
    "에",
    "에서의",
    "으로",
    "로",
    "으로의",
    "의",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "과",
    "와",
    "도",
    "행",
    "내",
    "인",
    "인들",
    "취업",
    "현지",
    "근무",
    "사람",
    "여성",
    "여자",
    "남자",
    "출신",
    "국적",
    "까지",
    "부터",
    "에는",
    "나",
    "쪽",
    "지사",
    "공장",
    "비자",
    "출국",
    "파견",
    "신부",
    "유학",
    "직원",
    "에만",
    "발",
];

/// The lists above as the text room folds them: it may decompose or unify letters that they write in one way.
struct Affixes {
    arabic_front: Vec<String>,
    arabic_short: Vec<String>,
    ethiopic_front: Vec<String>,
    polish: Vec<String>,
    romanian: Vec<String>,
    glued: Vec<String>,
    cyrillic_stem: Vec<String>,
    cyrillic_whole: Vec<String>,
    devanagari: Vec<String>,
    bengali: Vec<String>,
    sinhala: Vec<String>,
    tamil: Vec<String>,
    ethiopic: Vec<String>,
}

static AFFIXES: LazyLock<Affixes> = LazyLock::new(|| {
    let folded = |list: &[&str]| list.iter().map(|affix| fold(affix)).collect();
    Affixes {
        arabic_front: folded(ARABIC_FRONT),
        arabic_short: folded(ARABIC_SHORT),
        ethiopic_front: folded(ETHIOPIC_FRONT),
        polish: folded(POLISH),
        romanian: folded(ROMANIAN),
        glued: folded(GLUED),
        cyrillic_stem: folded(CYRILLIC_STEM),
        cyrillic_whole: folded(CYRILLIC_WHOLE),
        devanagari: folded(DEVANAGARI),
        bengali: folded(BENGALI),
        sinhala: folded(SINHALA),
        tamil: folded(TAMIL),
        ethiopic: folded(ETHIOPIC),
    }
});

/// Longest preposition that is written onto a name, in letters.
const FRONT: usize = 4;

/// Whether a name could begin with the letter `c` at `at`: a quick look that [`fits`] makes good.
pub(super) fn may_begin(text: &str, at: usize, before: Option<char>, c: char) -> bool {
    if c.is_ascii() {
        // Nearly all text: no name begins with punctuation, and none inside a word.
        return c.is_ascii_alphanumeric()
            && before.is_none_or(|b| if b.is_ascii() { !(b.is_ascii_alphanumeric() || b == '_') } else { !joins(b) });
    }
    match writing(c) {
        Writing::Spaced => joins(c) && before.is_none_or(|b| !joins(b)),
        Writing::Arabic | Writing::Ethiopic => {
            text[..at].chars().rev().take(FRONT + 1).take_while(|b| joins(*b)).count() <= FRONT
        }
        Writing::Katakana => before.is_none_or(|b| writing(b) != Writing::Katakana),
        Writing::Hangul => before.is_none_or(|b| writing(b) != Writing::Hangul),
        Writing::Han | Writing::Unspaced => true,
    }
}

/// Whether a word or phrase could begin with `c`: not inside a word of a script that has words.
pub(super) fn cut_before(before: Option<char>, c: char) -> bool {
    if c.is_ascii() {
        return c > ' ' && !(c.is_ascii_alphanumeric() && before.is_some_and(joins));
    }
    !(joins(c) && before.is_some_and(joins))
}

/// The end of the word that begins at `start`, if `text[start..end]` is a name with this tail there.
pub(super) fn fits(text: &str, start: usize, end: usize, tail: Tail) -> Option<usize> {
    let (first, last) = (text[start..end].chars().next()?, text[start..end].chars().next_back()?);
    let (before, after) = (text[..start].chars().next_back(), text[end..].chars().next());
    let opens = match writing(first) {
        Writing::Han => before.is_none_or(|c| !(first == '日' && "今每当當明昨次生即".contains(c))),
        Writing::Katakana => before.is_none_or(|c| writing(c) != Writing::Katakana),
        Writing::Hangul => before.is_none_or(|c| writing(c) != Writing::Hangul),
        Writing::Unspaced => true,
        _ => before.is_none_or(|c| !joins(c)) || front(text, start, end, writing(first)),
    };
    if !opens {
        return None;
    }
    match writing(last) {
        Writing::Han => Some(end),
        Writing::Katakana => after.is_none_or(|c| writing(c) != Writing::Katakana).then_some(end),
        Writing::Unspaced => after.is_none_or(|c| !hangs(c)).then_some(end),
        Writing::Hangul => after.is_none_or(|c| writing(c) != Writing::Hangul || particle(text, start, end)).then_some(end),
        _ => spaced_end(text, start, end, tail),
    }
}

/// Whether `text[start..end]` is a word or phrase on its own: the same rule without endings, for cues.
pub(super) fn stands_alone(text: &str, start: usize, end: usize, open: bool) -> bool {
    let left = text[..start].chars().next_back().zip(text[start..].chars().next());
    let right = text[..end].chars().next_back().zip(text[end..].chars().next());
    let cuts = |pair: Option<(char, char)>| pair.is_some_and(|(a, b)| joins(a) && joins(b));
    !cuts(left) && (open || !cuts(right)) && right.is_none_or(|(_, next)| !hangs(next))
}

/// Whether these letters are a preposition that Arabic writes onto the next word.
pub(super) fn is_written_onto(letters: &str) -> bool {
    AFFIXES.arabic_front.iter().any(|front| front == letters)
}

fn front(text: &str, start: usize, end: usize, writing: Writing) -> bool {
    let name = &text[start..end];
    let fronts = match writing {
        Writing::Arabic if name.chars().count() < 4 && !AFFIXES.arabic_short.iter().any(|short| short == name) => {
            return false;
        }
        Writing::Arabic => &AFFIXES.arabic_front,
        Writing::Ethiopic => &AFFIXES.ethiopic_front,
        _ => return false,
    };
    let word = text[..start].char_indices().rev().take_while(|(_, c)| joins(*c)).last().map_or(start, |(at, _)| at);
    fronts.iter().any(|front| front == &text[word..start])
}

/// A three-syllable name is safe before anything but the word for its language; a two-syllable one only before a particle.
fn particle(text: &str, start: usize, end: usize) -> bool {
    let word: &str = &text[end..];
    let rest = &word[..word.char_indices().find(|(_, c)| writing(*c) != Writing::Hangul).map_or(word.len(), |(at, _)| at)];
    let long = text[start..end].chars().count() >= 3;
    if long {
        !rest.starts_with('어')
    } else {
        HANGUL.contains(&rest) || HANGUL.iter().any(|p| p.chars().count() >= 2 && rest.starts_with(p))
    }
}

fn spaced_end(text: &str, start: usize, end: usize, tail: Tail) -> Option<usize> {
    let word = &text[end..];
    let rest = &word[..word.char_indices().find(|(_, c)| !joins(*c)).map_or(word.len(), |(at, _)| at)];
    if rest.is_empty() {
        return (tail.has(Tail::WHOLE) || tail.has(Tail::OPEN)).then_some(end);
    }
    let first = rest.chars().next()?;
    let among = |list: &[String]| list.iter().any(|ending| ending == rest);
    let fits = (tail.has(Tail::OPEN) && rest.chars().count() <= 4 && !rest.contains('_'))
        || match first {
            '\u{0400}'..='\u{052F}' => {
                (tail.has(Tail::STEM) && among(&AFFIXES.cyrillic_stem))
                    || (tail.has(Tail::WHOLE) && among(&AFFIXES.cyrillic_whole))
            }
            '\u{0900}'..='\u{097F}' => among(&AFFIXES.devanagari),
            '\u{0980}'..='\u{09FF}' => among(&AFFIXES.bengali),
            '\u{0B80}'..='\u{0BFF}' => among(&AFFIXES.tamil),
            '\u{0D80}'..='\u{0DFF}' => among(&AFFIXES.sinhala),
            '\u{1200}'..='\u{139F}' => among(&AFFIXES.ethiopic),
            _ => {
                (tail.has(Tail::PLURAL) && rest == "s")
                    || (tail.has(Tail::POLISH) && among(&AFFIXES.polish))
                    || (tail.has(Tail::ROMANIAN) && among(&AFFIXES.romanian))
                    || (tail.has(Tail::GLUED) && among(&AFFIXES.glued))
            }
        };
    (fits && !inside_address(text, start)).then_some(end + rest.len())
}

/// Whether the token around `at` is a handle, a mail address or a link: `@dubai_jobs` says nothing about Dubai.
pub(super) fn inside_address(text: &str, at: usize) -> bool {
    let from = text[..at].rfind(char::is_whitespace).map_or(0, |space| space + 1);
    let to = text[at..].find(char::is_whitespace).map_or(text.len(), |space| at + space);
    let Some(token) = text.get(from..to) else { return false };
    token.contains('@')
        || token.contains("://")
        || [".com", ".org", ".net", ".example", "www.", "t.me/", "wa.me/"].iter().any(|part| token.contains(part))
}
