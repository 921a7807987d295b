//! `findings.jsonl`: one finding a line, schema `lurescan.finding/1`.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

use super::masked::{self, Excerpt, Weighted};
use crate::attribution::Weighed;
use crate::contacts::{self, Contact, ContactKind, mask, mask_part};
use crate::evidence::{CharCounter, Evidence, Span};
use crate::finding::Finding;
use crate::lists::ListMatch;
use crate::patterns;
use crate::regions::Place;
use crate::terms::{Money, PayPeriod, Stated, Term};
use crate::text::Disguise;
use crate::typology::{IndicatorId, PatternId};
use crate::verdict::{Label, Scores};

/// How much of a post's text a finding shows; contacts are masked whatever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextShown {
    /// Nothing.
    None,
    /// A short text whole, of a longer one about 480 characters where the weightiest evidence stands.
    Excerpt,
    /// All of it.
    Full,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    id: String,
    source: SourceLine<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    posted_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    lang: LangLine<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<LabelLine>,
    verdict: VerdictLine<'a>,
    patterns: Vec<PatternLine>,
    indicators: Vec<IndicatorLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moved_by: Vec<WordsLine>,
    regions: RegionsLine<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<TermsLine>,
    contacts: Vec<ContactLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lists: Vec<ListLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign: Option<&'a str>,
    author_may_be_victim: bool,
    /// Ways of hiding words that were undone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    disguises: Vec<&'static str>,
    truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The characters of the post that `text` was made of, where that is not all of it: where to look for the spans.
    #[serde(skip_serializing_if = "Option::is_none")]
    text_span: Option<(usize, usize)>,
}

#[derive(Serialize)]
struct SourceLine<'a> {
    file: &'a str,
    record: u64,
}

#[derive(Serialize)]
struct LangLine<'a> {
    tag: &'a str,
    p: f64,
}

#[derive(Serialize)]
struct LabelLine {
    label: &'static str,
    p: f64,
}

#[derive(Serialize)]
struct VerdictLine<'a> {
    label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    p_suspect: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<f64>,
    reason: &'static str,
    operating_point: &'a str,
}

#[derive(Serialize)]
struct PatternLine {
    id: &'static str,
    p: f64,
    /// No pattern stands out; this is the nearest.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unclear: bool,
}

#[derive(Serialize)]
struct IndicatorLine {
    id: &'static str,
    /// Seen by a rule that is right often enough, and enough by itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    decisive: bool,
    /// It speaks against suspicion.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lowers: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    source: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<(usize, usize)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans_bytes: Vec<(usize, usize)>,
    /// The words of the spans, contacts replaced; none with `--text none`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
}

/// An entry of the team's own lists.
#[derive(Serialize)]
struct ListLine<'a> {
    list: &'static str,
    row: u64,
    source: &'a str,
    expired: bool,
    span: (usize, usize),
}

/// What an offer states of its terms.
#[derive(Serialize)]
struct TermsLine {
    /// Absent where no work is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    stated: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sums: Vec<SumLine>,
    /// Ages asked for, in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    ages: Option<StatedLine>,
    /// Hours of work a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<StatedLine>,
}

#[derive(Serialize)]
struct StatedLine {
    from: u8,
    /// Absent where there is no upper bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<u8>,
    span: (usize, usize),
}

#[derive(Serialize)]
struct SumLine {
    from: f64,
    to: f64,
    currency: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<&'static str>,
    /// Asked for and not paid.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fee: bool,
    span: (usize, usize),
}

/// Words that moved the model.
#[derive(Serialize)]
struct WordsLine {
    span: (usize, usize),
    #[serde(skip_serializing_if = "Option::is_none")]
    span_bytes: Option<(usize, usize)>,
    share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

#[derive(Serialize)]
struct RegionsLine<'a> {
    origin: Vec<PlaceLine<'a>>,
    destination: Vec<PlaceLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    posted: Option<PlaceLine<'a>>,
}

#[derive(Serialize)]
struct PlaceLine<'a> {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    p: f64,
    from: &'static str,
}

#[derive(Serialize)]
struct ContactLine {
    kind: &'static str,
    /// Of a contact that is nobody else's.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// Of a telephone number: the country that gives out such numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
}

/// Writes findings the way one run asked for.
pub struct FindingWriter {
    /// How much of the text.
    pub text: TextShown,
    /// Spans in bytes beside those in characters.
    pub spans_bytes: bool,
    /// Secret that keys contacts; never written.
    pub contact_key: Vec<u8>,
    /// Name of the operating point in force.
    pub operating_point: String,
}

impl FindingWriter {
    /// Writes one line.
    pub fn write(&self, finding: &Finding, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, &self.line(finding))?;
        out.write_all(b"\n")
    }

    fn line<'a>(&'a self, finding: &'a Finding) -> Line<'a> {
        let post = &finding.post;
        let counter = CharCounter::new(&post.text);
        let scores = finding.verdict.scores.as_ref();
        let (text, from) = self.text(finding);
        let patterns: &[(PatternId, f32)] = scores.map_or(&[], |scores| &scores.patterns);
        let unclear = scores.is_some_and(|scores| scores.pattern_unclear);
        Line {
            schema: "lurescan.finding/1",
            id: masked::id(&post.id),
            source: SourceLine { file: &post.source.file, record: post.source.record },
            posted_at: post.posted_at.as_deref().map(masked::id),
            channel: post.channel.as_deref().map(|channel| self.channel(channel)),
            lang: LangLine { tag: &finding.lang.tag, p: rounded(finding.lang.p) },
            context: scores
                .and_then(|scores| scores.context)
                .map(|(context, p)| LabelLine { label: context.id(), p: rounded(p) }),
            verdict: VerdictLine {
                label: finding.verdict.label.id(),
                p_suspect: scores.map(|scores| rounded(scores.p_suspect)),
                raw: scores.map(|scores| rounded(scores.raw)),
                reason: finding.verdict.reason.id(),
                operating_point: &self.operating_point,
            },
            patterns: patterns.iter().map(|(id, p)| PatternLine { id: id.id(), p: rounded(*p), unclear }).collect(),
            indicators: self.indicators(finding, scores, &counter),
            moved_by: finding.attribution.words.iter().map(|weighed| self.moved_by(finding, *weighed, &counter)).collect(),
            regions: RegionsLine {
                origin: finding.regions.origin.iter().map(place_line).collect(),
                destination: finding.regions.destination.iter().map(place_line).collect(),
                posted: finding.regions.posted.as_ref().map(place_line),
            },
            terms: terms_line(finding, &counter),
            contacts: finding.contacts.iter().map(|contact| self.contact(finding, contact)).collect(),
            lists: finding.matches.iter().map(|found| list_line(found, &counter)).collect(),
            campaign: finding.campaign.as_deref(),
            author_may_be_victim: finding.verdict.label == Label::Suspect
                && patterns.iter().any(|(id, _)| id.card().author_may_be_victim),
            disguises: finding.disguises.iter().map(Disguise::id).collect(),
            truncated: finding.truncated,
            text,
            text_span: from.map(|from| counter.in_chars(from)),
        }
    }

    /// Indicators by rule with their spans and the model's probability where it has one, then those the model alone sees.
    fn indicators(&self, finding: &Finding, scores: Option<&Scores>, counter: &CharCounter<'_>) -> Vec<IndicatorLine> {
        let by_model: &[(IndicatorId, f32)] = scores.map_or(&[], |scores| &scores.indicators);
        let mut by_rule: Vec<(IndicatorId, Vec<Span>)> = Vec::new();
        for Evidence { indicator, span } in &finding.evidence {
            match by_rule.iter_mut().find(|(id, _)| id == indicator) {
                Some((_, spans)) => spans.push(*span),
                None => by_rule.push((*indicator, vec![*span])),
            }
        }
        let p = |id: IndicatorId| by_model.iter().find(|(known, _)| *known == id).map(|(_, p)| rounded(*p));
        let line = |id: IndicatorId, source, spans: Vec<Span>| IndicatorLine {
            id: id.id(),
            decisive: source == "rule" && patterns::decides(id),
            lowers: id.card().counter,
            p: p(id),
            source,
            spans: spans.iter().map(|span| counter.in_chars(*span)).collect(),
            spans_bytes: if self.spans_bytes { spans.iter().map(|span| (span.start, span.end)).collect() } else { Vec::new() },
            words: spans.iter().filter_map(|span| self.words(finding, *span)).collect(),
        };
        let shown_by = |id| finding.attribution.indicators.iter().filter(move |(known, _)| *known == id).map(|(_, span)| *span);
        let model: Vec<IndicatorLine> = by_model
            .iter()
            .filter(|(id, _)| !by_rule.iter().any(|(known, _)| known == id))
            .map(|(id, _)| line(*id, "model", shown_by(*id).collect()))
            .collect();
        by_rule.into_iter().map(|(id, spans)| line(id, "rule", spans)).chain(model).collect()
    }

    /// A channel as the export names it. One that is named by a contact is masked and gets the beginning of a key of its own, so that
    /// two groups can still be told apart.
    fn channel(&self, channel: &str) -> String {
        let shown = masked::short(channel);
        if shown == channel {
            return shown;
        }
        let key = contacts::key(&self.contact_key, &contacts::identity(channel, None));
        format!("{shown} {}", key.get(..8).unwrap_or(&key))
    }

    fn contact(&self, finding: &Finding, contact: &Contact) -> ContactLine {
        let words = contact.span.slice(&finding.post.text);
        let home = finding.regions.posted.as_ref().map(|place| place.country);
        let identity = contacts::identity(words, home);
        ContactLine {
            kind: contact.kind.id(),
            key: identity.is_whole().then(|| contacts::key(&self.contact_key, &identity)),
            country: identity.country.filter(|_| contact.kind == ContactKind::Phone).map(|country| country.to_string()),
        }
    }

    fn moved_by(&self, finding: &Finding, Weighed { span, share }: Weighed, counter: &CharCounter<'_>) -> WordsLine {
        WordsLine {
            span: counter.in_chars(span),
            span_bytes: self.spans_bytes.then_some((span.start, span.end)),
            share: rounded(share),
            words: self.words(finding, span),
        }
    }

    fn words(&self, finding: &Finding, span: Span) -> Option<String> {
        (self.text != TextShown::None).then(|| mask_part(&finding.post.text, span.start..span.end, &finding.contacts))
    }

    /// What is shown of the text and, where that is a part, which.
    fn text(&self, finding: &Finding) -> (Option<String>, Option<Span>) {
        let text = &finding.post.text;
        match self.text {
            TextShown::None => (None, None),
            TextShown::Full => (Some(mask(text, &finding.contacts)), None),
            TextShown::Excerpt => {
                let Excerpt { shown, from } = masked::excerpt(text, &finding.contacts, &weighted(finding));
                (Some(shown), Some(from).filter(|from| from.end - from.start < text.len()))
            }
        }
    }
}

/// What an excerpt should show. Words of an indicator whose card is decisive count twice, of one that lowers suspicion half; words
/// that moved the model count by their share.
fn weighted(finding: &Finding) -> Vec<Weighted> {
    let by = |id: IndicatorId, span: Span| {
        let card = id.card();
        let weight = match (card.decisive, card.counter) {
            (true, _) => 2.0,
            (false, true) => 0.5,
            (false, false) => 1.0,
        };
        (span, weight)
    };
    let by_rule = finding.evidence.iter().map(|evidence| by(evidence.indicator, evidence.span));
    let by_model = finding.attribution.indicators.iter().map(|(id, span)| by(*id, *span));
    let moved = finding.attribution.words.iter().map(|weighed| (weighed.span, 2.0 * weighed.share));
    by_rule.chain(by_model).chain(moved).collect()
}

fn list_line<'a>(found: &'a ListMatch, counter: &CharCounter<'_>) -> ListLine<'a> {
    ListLine {
        list: found.list.id(),
        row: found.row,
        source: &found.source,
        expired: found.expired,
        span: counter.in_chars(found.span),
    }
}

/// Of offers alone: a warning has no terms to state.
fn terms_line(finding: &Finding, counter: &CharCounter<'_>) -> Option<TermsLine> {
    finding.verdict.scores.as_ref().filter(|scores| scores.offer)?;
    let sum = |sum: &Money| SumLine {
        from: sum.from,
        to: sum.to,
        currency: sum.currency,
        period: sum.period.map(PayPeriod::id),
        fee: sum.fee,
        span: counter.in_chars(sum.span),
    };
    let stated = |stated: Stated| StatedLine { from: stated.from, to: stated.to, span: counter.in_chars(stated.span) };
    let work = finding.offers_work();
    Some(TermsLine {
        stated: work.then(|| finding.stated_terms().map(Term::id).collect()),
        missing: finding.missing_terms().filter(|_| work).map(|terms| terms.into_iter().map(Term::id).collect()),
        sums: finding.terms.sums.iter().map(sum).collect(),
        ages: finding.terms.numbers.ages.map(stated),
        hours: finding.terms.numbers.hours.map(stated),
    })
}

fn place_line(place: &Place) -> PlaceLine<'_> {
    PlaceLine { code: place.country.to_string(), place: place.place.as_deref(), p: rounded(place.p), from: place.from.id() }
}

/// Four decimals: the digits that hold whatever the batch.
pub(super) fn rounded(p: f32) -> f64 {
    (f64::from(p) * 1e4).round() / 1e4
}
