//! [`NormalText`] → [`Contact`]s: phone numbers, mail addresses, links, handles and wallets, found so that they can be hidden.
//!
//! Shapes are matched in the undisguised text ("09१७…", "name (at) mail (dot) com") and reported in bytes of the original.
//! Two rules of the house: no output shows a contact ([`mask`]), and posts are linked only by a keyed hash of it ([`key`]).
//! Where it is unclear whether a long row of digits is a number to call, it is hidden: a masked price costs a reader little.

mod accounts;
mod figures;
mod number;
mod parted;
mod phone;
mod pieces;
mod shapes;
mod spelt;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hmac::{Hmac, Mac};
use sha2::Sha256;

pub(crate) use self::number::is_international;
use crate::evidence::Span;
use crate::regions::CountryCode;
use crate::text::NormalText;

/// What kind of contact a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactKind {
    /// Telephone number.
    Phone,
    /// Mail address.
    Email,
    /// Link.
    Url,
    /// Messenger or social handle.
    Handle,
    /// Where money is sent: a cryptocurrency wallet, a bank account by its IBAN, an address for payments by telephone.
    Wallet,
}

impl ContactKind {
    /// The id used in findings, and the word a masked contact is replaced by.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::Handle => "handle",
            Self::Wallet => "wallet",
        }
    }
}

/// A contact found in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contact {
    /// What it is.
    pub kind: ContactKind,
    /// Where it stands in the post.
    pub span: Span,
}

/// Every contact of a post, in the order of the text, none overlapping another.
#[must_use]
pub fn find(text: &NormalText) -> Vec<Contact> {
    let mut found: BTreeMap<usize, Contact> = BTreeMap::new();
    let mut add = |kind: ContactKind, span: Span| {
        // None of them overlaps another: the last that begins before its end is the only one that may overlap this.
        let is_free = found.range(..span.end).next_back().is_none_or(|(_, other)| !other.span.overlaps(span));
        if span.start < span.end && is_free {
            found.insert(span.start, Contact { kind, span });
        }
    };
    // The more telling shape first: digits inside a link or a wallet are no phone number.
    for range in pieces::wallets(text.cased()) {
        add(ContactKind::Wallet, text.model_span(range));
    }
    accounts::wallets(text.cased()).for_each(|range| add(ContactKind::Wallet, text.model_span(range)));
    let folded = text.folded();
    let accounts = accounts::accounts(folded).map(|range| (ContactKind::Wallet, range));
    let emails = shapes::emails(folded).map(|range| (ContactKind::Email, range));
    let urls = shapes::urls(folded).map(|range| (ContactKind::Url, range));
    let signed = shapes::at_names(folded).map(|range| (ContactKind::Handle, range));
    let addresses: Vec<(ContactKind, Range<usize>)> = accounts.chain(emails).chain(urls).chain(signed).collect();
    let taken: Vec<Range<usize>> = addresses.iter().map(|(_, range)| range.clone()).collect();
    let rest = without(folded, &taken);
    for (kind, range) in addresses {
        add(kind, text.span(range));
    }
    for range in phone::phones(&rest) {
        add(ContactKind::Phone, text.span(range));
    }
    spelt::phones(&rest).for_each(|range| add(ContactKind::Phone, text.span(range)));
    shapes::announced_names(folded).for_each(|range| add(ContactKind::Handle, text.span(range)));
    found.into_values().collect()
}

/// The folded text with signs that belong to nothing in place of what is taken: the last digit of a contact is not the first of a
/// number behind it.
fn without<'t>(folded: &'t str, taken: &[Range<usize>]) -> Cow<'t, str> {
    let mut rest = Cow::Borrowed(folded);
    for range in taken {
        rest.to_mut().replace_range(range.clone(), &"\u{1}".repeat(range.len()));
    }
    rest
}

/// The text with each contact replaced by its kind in brackets: `[phone]`, `[email]`, …
#[must_use]
pub fn mask(text: &str, contacts: &[Contact]) -> String {
    mask_part(text, 0..text.len(), contacts)
}

/// A part of the text, contacts replaced. Of one that reaches over an edge nothing is shown: in front the part before has shown what
/// stands for it.
#[must_use]
pub fn mask_part(text: &str, part: Range<usize>, contacts: &[Contact]) -> String {
    let mut inside: Vec<&Contact> =
        contacts.iter().filter(|contact| contact.span.end > part.start && contact.span.start < part.end).collect();
    inside.sort_unstable_by_key(|contact| contact.span);
    let mut masked = String::with_capacity(part.len());
    let mut at = part.start;
    for contact in inside {
        if contact.span.start >= at {
            masked.push_str(&text[at..contact.span.start]);
            masked.push_str(&format!("[{}]", contact.kind.id()));
        }
        at = contact.span.end.clamp(at, part.end);
        // What is left of a digit on a key ("7️⃣") says that there was one.
        at += text[at..part.end].chars().take_while(|c| matches!(c, '\u{FE0F}' | '\u{20E3}')).map(char::len_utf8).sum::<usize>();
    }
    masked.push_str(&text[at..part.end]);
    masked
}

/// A contact in the one spelling that every way of writing it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    kind: ContactKind,
    spelt: String,
    /// Of a telephone number, the country that gives out such numbers. It says where to call, not where anyone is, and it is never
    /// evidence for suspicion.
    pub country: Option<CountryCode>,
}

impl Identity {
    /// Whether it is one contact and no other. One of which somebody has hidden a part ("0917 xxx xx67", "a***z@host.tld",
    /// "t.me/xxxxx") may be anybody's, and links no posts.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        match self.kind {
            ContactKind::Phone => self.spelt.bytes().all(|byte| byte.is_ascii_digit()),
            _ => !self.spelt.contains(['*', '•']) && !self.spelt.contains("xxxx"),
        }
    }
}

/// What the words of a contact stand for. `home` is where the post was made: there a number is called without its country code.
#[must_use]
pub fn identity(words: &str, home: Option<CountryCode>) -> Identity {
    let (kind, spelt) = canonical(words);
    if let Some(digits) = shapes::called_by_link(&spelt).filter(|_| kind == ContactKind::Url) {
        return identity(&format!("+{digits}"), None);
    }
    let number = (kind == ContactKind::Phone).then(|| number::number(words, &spelt, home)).flatten();
    let (country, spelt) = number.unwrap_or((None, spelt));
    Identity { kind, spelt, country }
}

/// Countries of the telephone numbers that are written with their country code, each once, in order of code.
#[must_use]
pub fn called(text: &str, contacts: &[Contact]) -> Vec<CountryCode> {
    let phones = contacts.iter().filter(|contact| contact.kind == ContactKind::Phone);
    phones.filter_map(|phone| identity(phone.span.slice(text), None).country).collect::<BTreeSet<_>>().into_iter().collect()
}

/// A contact as 16 hex digits that say nothing to anyone without the secret.
///
/// # Panics
/// Never: HMAC takes keys of any length.
#[must_use]
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub fn key(secret: &[u8], contact: &Identity) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any key length");
    mac.update(contact.kind.id().as_bytes());
    mac.update(b":");
    mac.update(contact.spelt.as_bytes());
    let digest = mac.finalize().into_bytes();
    format!("{digest:x}")[..16].to_owned()
}

/// One spelling for a contact: digits of a phone number without the international prefix, addresses in small letters.
pub(crate) fn canonical(words: &str) -> (ContactKind, String) {
    let text = NormalText::new(words);
    let folded = text.folded();
    let is_number = !folded.chars().any(|c| c.is_alphabetic() && !phone::stands_for_digit(c));
    // A handle is often no more than a word; what has no shape of its own is one.
    let kind =
        if is_number { ContactKind::Phone } else { find(&text).first().map_or(ContactKind::Handle, |contact| contact.kind) };
    let spelt = match kind {
        // Hidden digits stay hidden: 09xx xxx xx12 is not 0912.
        ContactKind::Phone => {
            // "+44 (0)20": the zero of calls inside the country.
            let dialled = if number::dials_abroad(folded) { folded.replace("(0)", " ") } else { folded.to_owned() };
            let digits = if is_number || phone::is_mistyped(folded) { phone::digits(&dialled) } else { spelt::digits(folded) };
            digits.strip_prefix("00").map_or_else(|| digits.clone(), str::to_owned)
        }
        ContactKind::Email => shapes::plain_email(folded),
        // Capitals matter in the path of a link, and the glasses for disguises may read a code as a word.
        ContactKind::Url => shapes::plain_url(if words.is_ascii() { words } else { text.cased() }),
        ContactKind::Handle => folded.trim_start_matches(['@', ' ']).to_owned(),
        // Capitals are part of a wallet's address.
        ContactKind::Wallet => accounts::plain(text.cased()),
    };
    (kind, spelt)
}
