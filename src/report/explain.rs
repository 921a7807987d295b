//! One finding for a terminal: verdict, probabilities, highlighted evidence, places.

use std::fmt::Write;

use super::guidance::guidance_text;
use super::lead_terms::range;
use crate::attribution::Weighed;
use crate::contacts::mask_part;
use crate::evidence::Span;
use crate::finding::Finding;
use crate::patterns;
use crate::regions::Place;
use crate::terms::{Stated, Term, UNNAMED};
use crate::text::Disguise;
use crate::typology::IndicatorId;
use crate::verdict::Label;

/// The finding as text. `colour` adds ANSI marks; without it evidence stands in ⟦double brackets⟧.
#[must_use]
pub fn explain(finding: &Finding, threshold: f32, operating_point: &str, colour: bool) -> String {
    let mut out = head(finding, threshold, operating_point, colour);
    places("origin", &finding.regions.origin, &mut out);
    places("destination", &finding.regions.destination, &mut out);
    places("posted", finding.regions.posted.as_slice(), &mut out);
    offer(finding, &mut out);
    let _ = write!(out, "\n{}\n", highlighted(finding, colour));
    indicators(finding, &mut out);
    for found in &finding.matches {
        let (list, source) = (found.list.id(), if found.source.is_empty() { "no source given" } else { &found.source });
        let past = if found.expired { ", expired" } else { "" };
        let _ = writeln!(out, "\non your list {list}: row {} ({}{past})", found.row, shown(source));
    }
    if finding.verdict.label == Label::Suspect {
        out += &guidance_text(finding);
    }
    if finding.truncated {
        out.push_str("\nThe post is longer than the model reads; its beginning was judged.\n");
    }
    out
}

/// Verdict, language, context, patterns, and what was undone before reading.
fn head(finding: &Finding, threshold: f32, operating_point: &str, colour: bool) -> String {
    let mut out = String::new();
    let verdict = &finding.verdict;
    let _ = match &verdict.scores {
        Some(scores) => writeln!(
            out,
            "{}: p_suspect {:.3} ({operating_point} line {threshold:.3}; raw {:.3}; by {})",
            bold(verdict.label.id(), colour),
            scores.p_suspect,
            scores.raw,
            verdict.reason.id()
        ),
        None => writeln!(out, "{}: {}", bold(verdict.label.id(), colour), verdict.reason.id()),
    };
    if verdict.label == Label::Suspect {
        out.push_str("A signal for human review, never an accusation.\n");
    }
    let _ = writeln!(out, "language    {} ({:.2})", finding.lang.tag, finding.lang.p);
    if let Some(scores) = &verdict.scores {
        if let Some((context, p)) = scores.context {
            let _ = writeln!(out, "context     {} ({p:.2})", context.id());
        }
        for (id, p) in &scores.patterns {
            let author = if id.card().author_may_be_victim { "  The author may be a victim, made to write this." } else { "" };
            let unclear = if scores.pattern_unclear { "none stands out; the nearest is " } else { "" };
            let _ = writeln!(out, "pattern     {unclear}{} ({p:.2})  {}{author}", id.id(), id.card().definition);
        }
    }
    let undone: Vec<&str> = finding.disguises.iter().map(Disguise::id).collect();
    if !undone.is_empty() {
        let _ = writeln!(out, "spelling    undone before reading: {}", undone.join(", "));
    }
    out
}

/// What may be an offer says of its terms.
fn offer(finding: &Finding, out: &mut String) {
    if !finding.verdict.scores.as_ref().is_some_and(|scores| scores.offer) {
        return;
    }
    figures(finding, out);
    if finding.offers_work() {
        let named = |terms: Vec<Term>| {
            let names: Vec<&str> = terms.into_iter().map(Term::id).collect();
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        };
        let _ = writeln!(out, "stated      {}", named(finding.stated_terms().collect()));
        let missing = finding.missing_terms().map_or_else(|| "unknown: no phrases of this language".to_owned(), named);
        let _ = writeln!(out, "not stated  {missing}");
    }
}

/// Sums, ages and hours, as a reader would say them.
fn figures(finding: &Finding, out: &mut String) {
    let words = |span: Span| shown(&mask_part(&finding.post.text, span.start..span.end, &finding.contacts)).replace('\n', " ");
    let sums: Vec<String> = finding
        .terms
        .sums
        .iter()
        .map(|sum| {
            let period = sum.period.map(|period| format!(" ({})", period.id())).unwrap_or_default();
            let fee = if sum.fee { ", a fee" } else { "" };
            let currency = if sum.currency == UNNAMED { String::new() } else { format!(" {}", sum.currency) };
            format!("“{}”{currency}{period}{fee}", words(sum.span))
        })
        .collect();
    if !sums.is_empty() {
        let _ = writeln!(out, "sums        {}", sums.join(", "));
    }
    for (name, stated) in [("ages", finding.terms.numbers.ages), ("hours a day", finding.terms.numbers.hours)] {
        let Some(Stated { from, to, .. }) = stated else { continue };
        let _ = writeln!(out, "{name:<12}{}", range(from, to));
    }
}

fn bold(text: &str, colour: bool) -> String {
    if colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

fn places(role: &str, places: &[Place], out: &mut String) {
    for place in places {
        let name = place.place.as_deref().map(|name| format!(", {name}")).unwrap_or_default();
        let _ = writeln!(out, "{role:<12}{}{name} ({:.2}, from {})", place.country, place.p, place.from.id());
    }
}

/// The text with evidence marked and contacts masked; overlapping spans are marked as one.
fn highlighted(finding: &Finding, colour: bool) -> String {
    let (open, close) = if colour { ("\x1b[1;33m", "\x1b[0m") } else { ("⟦", "⟧") };
    let text = &finding.post.text;
    let part = |range| shown(&mask_part(text, range, &finding.contacts));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let by_rule = finding.evidence.iter().map(|evidence| evidence.span);
    for span in merged(by_rule.chain(finding.attribution.words.iter().map(|weighed| weighed.span)).collect()) {
        let _ = write!(out, "{}{open}{}{close}", part(at..span.start), part(span.start..span.end));
        at = span.end;
    }
    out.push_str(&part(at..text.len()));
    out
}

/// Control characters would act on the terminal instead of being read.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut out: Vec<Span> = Vec::new();
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

fn indicators(finding: &Finding, out: &mut String) {
    let text = &finding.post.text;
    let words = |span: Span| shown(&mask_part(text, span.start..span.end, &finding.contacts)).replace('\n', " ");
    let behind_text = out.len();
    for evidence in &finding.evidence {
        let _ = write!(out, "\n{}  “{}”", marked(evidence.indicator, true), words(evidence.span));
    }
    let by_model = finding.verdict.scores.iter().flat_map(|scores| &scores.indicators);
    for (id, p) in by_model.filter(|(id, _)| !finding.evidence.iter().any(|evidence| evidence.indicator == *id)) {
        let shown_by = finding.attribution.indicators.iter().find(|(known, _)| known == id);
        let shown_by = shown_by.map_or_else(|| "no words to point at".to_owned(), |(_, span)| format!("“{}”", words(*span)));
        let _ = write!(out, "\n{}  seen by the model ({p:.2}): {shown_by}", marked(*id, false));
    }
    if out[behind_text..].lines().any(|line| line.starts_with(['!', '?', '-'])) {
        out.push_str("\n(! reason enough for a reviewer to look, if the post means it; ? the same, but check that it is there; - lowers suspicion; the verdict is the model's)");
    }
    if !finding.attribution.words.is_empty() {
        out.push_str("\n\nwhat moved the model most:");
    }
    for Weighed { span, share } in &finding.attribution.words {
        let _ = write!(out, "\n{:>3.0} %  “{}”", share * 100.0, words(*span));
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
}

/// The id with its mark: `!` decisive, `?` decisive if it is really there, which a rule that errs more often or the model alone
/// does not settle, `-` lowers suspicion.
fn marked(id: IndicatorId, by_rule: bool) -> String {
    let card = id.card();
    let mark = match (card.decisive, card.counter) {
        (true, _) if by_rule && patterns::decides(id) => "!",
        (true, _) => "?",
        (_, true) => "-",
        _ => " ",
    };
    format!("{mark} {}", id.id())
}
