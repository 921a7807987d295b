//! [`campaign`]: one name for posts that are the same advert with other numbers, contacts, places and signs.
//!
//! A campaign is one text sent out many times; what is changed from post to post is the number to call, the sum, the town and the
//! decoration. What is left without these is hashed. So the name needs no memory of earlier posts: it is the same in every run, shard and
//! order. An advert of which a word is changed gets another name; finding those takes a comparison of all posts, which a stream is not.

use sha2::{Digest, Sha256};

use crate::contacts::Contact;
use crate::evidence::{Span, cut};
use crate::regions;
use crate::text::{NormalText, fold};

/// Bytes of letters that a text must have to be told from another: shorter ones are alike by chance. Bytes, because the scripts that
/// say more in a letter take more of them.
const LEAST: usize = 40;

/// The name of the campaign a post would belong to: 16 hex digits; none for a text too short to tell. `contacts` are those its shapes
/// show, whatever lists a team has.
#[must_use]
pub fn campaign(original: &str, text: &NormalText, contacts: &[Contact]) -> Option<String> {
    let changed: Vec<Span> = contacts.iter().map(|contact| contact.span).chain(regions::names(text)).collect();
    let letters: String = fold(&cut(original, &changed)).chars().filter(|c| c.is_alphabetic()).collect();
    if letters.len() < LEAST {
        return None;
    }
    let digest = Sha256::digest(letters);
    Some(format!("{digest:x}")[..16].to_owned())
}

#[cfg(test)]
mod tests {
    use super::campaign;
    use crate::contacts;
    use crate::text::NormalText;

    fn name(text: &str) -> Option<String> {
        let normal = NormalText::new(text);
        campaign(text, &normal, &contacts::find(&normal))
    }

    #[test]
    fn what_changes_from_post_to_post_does_not_change_the_name() {
        let one = name("URGENT hiring in Dubai! Waiters wanted, Dubai visa, salary $900, no interview. Call +63 917 123 4567");
        let other = name(
            "🔥 Urgent hiring in Qatar: waiters wanted, Qatar visa, salary $1,200. No interview!!! call 0063 918 765 4321 🔥",
        );
        assert!(one.is_some());
        assert_eq!(one, other);
        assert_ne!(one, name("URGENT hiring in Dubai! Drivers wanted, salary $900, no interview. Call +63 917 123 4567"));
    }

    #[test]
    fn a_short_text_has_none() {
        assert_eq!(name("Hiring now, dm me"), None);
        assert_eq!(name(""), None);
    }
}
