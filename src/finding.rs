//! [`Finding`]: everything the scan says of one post.

use crate::attribution::Attribution;
use crate::contacts::Contact;
use crate::evidence::{Evidence, Span};
use crate::lists::{ListKind, ListMatch};
use crate::post::Post;
use crate::regions::Regions;
use crate::terms::{Term, Terms};
use crate::text::{Disguises, Language};
use crate::typology::{Context, IndicatorId};
use crate::verdict::{Label, Scores, Verdict};

/// Indicators that say as much as the phrases of a term.
const SHOWN_BY: [(&str, Term); 9] = [
    ("named_employer", Term::Employer),
    ("licensed_recruiter", Term::Employer),
    ("passport_handover", Term::Documents),
    ("keeps_documents", Term::Documents),
    ("no_fee_stated", Term::Fees),
    ("recruitment_fee", Term::Fees),
    ("document_fee", Term::Fees),
    ("travel_debt", Term::Fees),
    ("grievance_channel", Term::Complaint),
];

/// Indicators whose words name a sum that is asked for, never paid.
const OF_FEES: [&str; 4] = ["recruitment_fee", "document_fee", "task_deposit", "exit_penalty"];

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
    /// Ways of hiding words that were undone before anything was read.
    pub disguises: Disguises,
    /// The post has more tokens than the model reads.
    pub truncated: bool,
}

impl Finding {
    /// Whether a reviewer should see it: the model calls it suspect, or it has a channel that was reported.
    #[must_use]
    pub fn is_lead(&self) -> bool {
        self.verdict.label == Label::Suspect || self.matches.iter().any(|found| found.list == ListKind::KnownChannels)
    }

    /// The terms the post states: those its phrases show, and those that an indicator says.
    pub fn stated_terms(&self) -> impl Iterator<Item = Term> {
        Term::ALL.into_iter().filter(|term| {
            let mut shown_by = SHOWN_BY.iter().filter(|(_, shown)| shown == term).map(|(id, _)| *id);
            self.terms.states(*term) || shown_by.any(|id| self.carries(id))
        })
    }

    /// The terms it does not state; unknown in a language whose phrases nobody has listed.
    #[must_use]
    pub fn missing_terms(&self) -> Option<Vec<Term>> {
        let stated: Vec<Term> = self.stated_terms().collect();
        self.terms.read.then(|| Term::ALL.into_iter().filter(|term| !stated.contains(term)).collect())
    }

    /// Brings what rules and model see in line with each other, once all of it is found. What contradicts itself is taken back first: an
    /// indicator that is not shown makes no sum a fee.
    pub fn settle(&mut self) {
        self.unsay_opposites();
        self.leave_out_bare_contacts();
        self.tell_fees();
    }

    /// Takes back what the model alone sees where a rule sees the contrary, and of what it sees in the same words, once as lowering and
    /// once as raising suspicion, the less likely: words that a reviewer is shown must not say both.
    fn unsay_opposites(&mut self) {
        let seen: Vec<IndicatorId> = self.evidence.iter().map(|evidence| evidence.indicator).collect();
        let shown = &self.attribution.indicators;
        let contrary = |likelier: IndicatorId, id: IndicatorId| likelier.card().counter != id.card().counter;
        let is_opposed = |id: IndicatorId| !seen.contains(&id) && seen.iter().any(|other| id.opposes(*other));
        // What a rule takes back takes nothing back itself.
        let (mut said, mut second) = (Vec::<(IndicatorId, Span)>::new(), Vec::new());
        for &(id, span) in shown.iter().filter(|(id, _)| !is_opposed(*id)) {
            if !seen.contains(&id) && said.iter().any(|(likelier, words)| *words == span && contrary(*likelier, id)) {
                second.push(id);
            } else {
                said.push((id, span));
            }
        }
        let stays = |id: IndicatorId| !is_opposed(id) && !second.contains(&id);
        self.verdict.scores.iter_mut().for_each(|scores| scores.indicators.retain(|(id, _)| stays(*id)));
        self.attribution.indicators.retain(|(id, _)| stays(*id));
    }

    /// Calls the sums fees that stand in words which show that something is asked for.
    fn tell_fees(&mut self) {
        let is_fee = |id: IndicatorId| OF_FEES.contains(&id.id());
        let by_rule = self.evidence.iter().map(|evidence| (evidence.indicator, evidence.span));
        let asked: Vec<Span> = by_rule
            .chain(self.attribution.indicators.iter().copied())
            .filter(|(id, _)| is_fee(*id))
            .map(|(_, span)| span)
            .collect();
        for sum in &mut self.terms.sums {
            sum.fee |= !sum.wage && asked.iter().any(|span| span.overlaps(sum.span));
        }
    }

    /// Leaves out words that moved the model and are nothing but contacts: masked, they tell a reviewer nothing.
    fn leave_out_bare_contacts(&mut self) {
        let Self { post, contacts, attribution, .. } = self;
        let is_contact = |at: usize| contacts.iter().any(|Contact { span, .. }| (span.start..span.end).contains(&at));
        let tells = |span: Span| {
            let mut chars = span.slice(&post.text).char_indices();
            chars.any(|(at, c)| c.is_alphabetic() && !is_contact(span.start + at))
        };
        attribution.words.retain(|weighed| tells(weighed.span));
    }

    /// Whether a rule or the model sees an indicator.
    fn carries(&self, id: &str) -> bool {
        let by_model = self.verdict.scores.iter().flat_map(|scores| &scores.indicators).map(|(seen, _)| seen);
        self.evidence.iter().map(|evidence| &evidence.indicator).chain(by_model).any(|seen| seen.id() == id)
    }

    /// Whether the post is an offer that could state terms of work, as far as its patterns say or, without any, its context and that it
    /// states one: a warning has none, and who courts a reader or sells a person owes nobody a contract.
    #[must_use]
    pub fn offers_work(&self) -> bool {
        let is_work = |scores: &Scores| match scores.patterns.as_slice() {
            [] => scores.context.is_none_or(|(context, _)| context == Context::Offer) && self.stated_terms().next().is_some(),
            patterns => patterns.iter().any(|(id, _)| id.card().offers_work),
        };
        self.verdict.scores.as_ref().is_some_and(|scores| scores.offer && is_work(scores))
    }
}
