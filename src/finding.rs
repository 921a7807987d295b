//! [`Finding`]: everything the scan says of one post.

use crate::attribution::Attribution;
use crate::contacts::Contact;
use crate::evidence::Evidence;
use crate::lists::{ListKind, ListMatch};
use crate::post::Post;
use crate::regions::Regions;
use crate::terms::Terms;
use crate::text::Language;
use crate::typology::Context;
use crate::verdict::{Label, Scores, Verdict};

/// One post with its verdict. A finding is a signal for human review, never an accusation.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The post as read.
    pub post: Post,
    /// Identified language.
    pub lang: Language,
    /// What the model says, calibrated, and why the label is what it is.
    pub verdict: Verdict,
    /// What the rules saw, sorted by span.
    pub evidence: Vec<Evidence>,
    /// The words that moved the model, on posts it calls suspect.
    pub attribution: Attribution,
    /// Places the post speaks of or comes from.
    pub regions: Regions,
    /// What the offer states of its terms; nothing where findings are only counted.
    pub terms: Terms,
    /// Contacts in the text; reports mask every one of them.
    pub contacts: Vec<Contact>,
    /// The name it shares with posts that differ only in numbers, contacts and places; found where findings are written.
    pub campaign: Option<String>,
    /// Entries of the team's own lists that the post has.
    pub matches: Vec<ListMatch>,
    /// The post has more tokens than the model reads.
    pub truncated: bool,
}

impl Finding {
    /// Whether a reviewer should see it: the model calls it suspect, or it has a channel that was reported.
    #[must_use]
    pub fn is_lead(&self) -> bool {
        self.verdict.label == Label::Suspect || self.matches.iter().any(|found| found.list == ListKind::KnownChannels)
    }

    /// Whether the post is an offer that could state terms of work, as far as its patterns say or, without any, its context: a warning
    /// has none, and who courts a reader or sells a person owes nobody a contract.
    #[must_use]
    pub fn offers_work(&self) -> bool {
        let is_work = |scores: &Scores| match scores.patterns.as_slice() {
            [] => scores.context.is_none_or(|(context, _)| context == Context::Offer),
            patterns => patterns.iter().any(|(id, _)| id.card().offers_work),
        };
        self.verdict.scores.as_ref().is_some_and(|scores| scores.offer && is_work(scores))
    }
}
