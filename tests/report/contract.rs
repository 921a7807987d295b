//! A line of `findings.jsonl`, field by field.

use std::collections::BTreeSet;

use lurescan::attribution::{Attribution, Weighed};
use lurescan::evidence::Span;
use lurescan::report::{FindingWriter, TextShown};
use lurescan::terms::Terms;
use lurescan::typology::{Context, IndicatorId, PatternId};
use serde::Deserialize;

use super::{TEXT, finding, line};
use crate::page::CONTACTS;
use crate::util::{How, Lab, SECRET, export, fake_assessor};

// What GUIDE and README promise of a line, and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct Line {
    schema: String,
    id: String,
    source: SourceLine,
    posted_at: Option<String>,
    channel: Option<String>,
    lang: Lang,
    context: Option<Scored>,
    verdict: VerdictLine,
    patterns: Vec<Pattern>,
    indicators: Vec<Indicator>,
    #[serde(default)]
    moved_by: Vec<Moved>,
    regions: RegionsLine,
    terms: Option<TermsLine>,
    contacts: Vec<ContactLine>,
    #[serde(default)]
    lists: Vec<ListLine>,
    campaign: Option<String>,
    author_may_be_victim: bool,
    #[serde(default)]
    disguises: Vec<String>,
    truncated: bool,
    text: Option<String>,
    text_span: Option<(usize, usize)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct SourceLine {
    file: String,
    record: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lang {
    tag: String,
    p: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scored {
    label: String,
    p: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerdictLine {
    label: String,
    p_suspect: Option<f64>,
    raw: Option<f64>,
    reason: String,
    operating_point: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    id: String,
    p: f64,
    #[serde(default)]
    #[expect(dead_code, reason = "decoding is the test")]
    unclear: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct Indicator {
    id: String,
    #[serde(default)]
    decisive: bool,
    #[serde(default)]
    lowers: bool,
    p: Option<f64>,
    source: String,
    #[serde(default)]
    spans: Vec<(usize, usize)>,
    #[serde(default)]
    spans_bytes: Vec<(usize, usize)>,
    #[serde(default)]
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct Moved {
    span: (usize, usize),
    span_bytes: Option<(usize, usize)>,
    share: f64,
    words: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct TermsLine {
    stated: Option<Vec<String>>,
    missing: Option<Vec<String>>,
    #[serde(default)]
    sums: Vec<Sum>,
    ages: Option<StatedLine>,
    hours: Option<StatedLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct StatedLine {
    from: u8,
    to: Option<u8>,
    span: (usize, usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct Sum {
    from: f64,
    to: f64,
    currency: String,
    period: Option<String>,
    #[serde(default)]
    fee: bool,
    span: (usize, usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct ListLine {
    list: String,
    row: u64,
    source: String,
    expired: bool,
    span: (usize, usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct RegionsLine {
    origin: Vec<PlaceLine>,
    destination: Vec<PlaceLine>,
    posted: Option<PlaceLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct PlaceLine {
    code: String,
    place: Option<String>,
    p: f64,
    from: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "decoding is the test")]
struct ContactLine {
    kind: String,
    key: Option<String>,
    country: Option<String>,
}

#[test]
fn findings_follow_the_contract() {
    let lab = Lab::new();
    lab.write("posts.jsonl", export(360));
    lab.scan(&["posts.jsonl"], "out", &fake_assessor(0.0), &How::default()).unwrap();
    let mut written = lab.read("out/findings.jsonl");
    written += &line(&finding(), TextShown::Full, true);
    let mut labels = BTreeSet::new();
    for line in written.lines() {
        let line: Line = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let verdict = &line.verdict;
        assert_eq!((line.schema.as_str(), verdict.operating_point.as_str()), ("lurescan.finding/1", "balanced"));
        assert_eq!(verdict.label == "not_assessed", verdict.p_suspect.is_none() && verdict.raw.is_none());
        assert!(["suspect", "clear", "not_assessed"].contains(&verdict.label.as_str()));
        assert!(["model", "context", "too_short", "unsupported_language"].contains(&verdict.reason.as_str()));
        assert!(verdict.label != "suspect" || !line.patterns.is_empty(), "a suspect has a pattern");
        let is_part = line.text.as_ref().is_some_and(|text| text.starts_with('…') || text.ends_with('…'));
        assert_eq!(is_part, line.text_span.is_some(), "a part of a text says which: {:?}", line.text);
        assert!(verdict.label == "suspect" || line.patterns.is_empty(), "nothing else has one");
        let mut numbers: Vec<f64> = verdict.p_suspect.into_iter().chain(verdict.raw).chain([line.lang.p]).collect();
        numbers.extend(line.patterns.iter().map(|pattern| pattern.p));
        numbers.extend(line.indicators.iter().filter_map(|indicator| indicator.p));
        numbers.extend(line.context.iter().map(|context| context.p));
        assert!(numbers.iter().all(|p| (0.0..=1.0).contains(p)), "{numbers:?}");
        assert!(line.patterns.iter().all(|pattern| PatternId::parse(&pattern.id).is_some()));
        assert!(line.context.iter().all(|context| Context::parse(&context.label).is_some()));
        assert!(!line.lang.tag.is_empty());
        for indicator in &line.indicators {
            assert!(IndicatorId::parse(&indicator.id).is_some());
            assert!(indicator.source != "rule" || !indicator.spans.is_empty(), "a rule points at words");
            assert!(indicator.spans.iter().chain(&indicator.spans_bytes).all(|(start, end)| start < end));
        }
        labels.insert(line.verdict.label);
    }
    assert_eq!(labels.len(), 3, "every kind of finding was seen");
}

#[test]
fn spans_count_characters_of_the_post() {
    let line: Line = serde_json::from_str(&line(&finding(), TextShown::Full, true)).unwrap();
    let debt = line.indicators.iter().find(|indicator| indicator.id == "travel_debt").unwrap();
    let (start, end) = debt.spans[0];
    assert_eq!(TEXT.chars().skip(start).take(end - start).collect::<String>(), "flight paid, deducted from salary");
    let (start, end) = debt.spans_bytes[0];
    assert_eq!(&TEXT[start..end], "flight paid, deducted from salary");
}

#[test]
fn another_secret_gives_other_contact_keys() {
    let mut with_contacts = finding();
    CONTACTS.clone_into(&mut with_contacts.post.text);
    with_contacts.evidence.clear();
    with_contacts.contacts = lurescan::contacts::find(&lurescan::text::NormalText::new(CONTACTS));
    let keys = |secret: &str| -> BTreeSet<String> {
        let writer = FindingWriter {
            text: TextShown::None,
            spans_bytes: false,
            contact_key: secret.into(),
            operating_point: String::new(),
        };
        let mut line = Vec::new();
        writer.write(&with_contacts, &mut line).unwrap();
        let line: Line = serde_json::from_slice(&line).unwrap();
        line.contacts.into_iter().filter_map(|contact| contact.key).collect()
    };
    let first = keys(SECRET);
    assert!(first.len() >= 4 && first.iter().all(|key| key.len() >= 16), "{first:?}");
    assert_eq!(first, keys(SECRET));
    assert!(first.is_disjoint(&keys("another secret")));
}

#[test]
fn a_number_with_hidden_digits_is_shown_without_a_key() {
    let mut with_contacts = finding();
    "Ask Ana, 0917 123 45xx, or Ben, 0917 123 4567".clone_into(&mut with_contacts.post.text);
    with_contacts.evidence.clear();
    with_contacts.attribution = Attribution::default();
    with_contacts.terms = Terms::default();
    with_contacts.contacts = lurescan::contacts::find(&lurescan::text::NormalText::new(&with_contacts.post.text));
    let line: serde_json::Value = serde_json::from_str(&line(&with_contacts, TextShown::None, false)).unwrap();
    let keyed: Vec<bool> = line["contacts"].as_array().unwrap().iter().map(|contact| contact.get("key").is_some()).collect();
    assert_eq!(keyed, [false, true]);
}

#[test]
fn a_term_that_an_indicator_shows_is_one_that_is_stated() {
    let missing = |id: &str| -> Vec<String> {
        let mut finding = finding();
        finding.terms.stated.clear();
        finding.verdict.scores.as_mut().unwrap().indicators.clear();
        finding.evidence.retain(|evidence| evidence.indicator.id() == id);
        let line: serde_json::Value = serde_json::from_str(&line(&finding, TextShown::None, false)).unwrap();
        serde_json::from_value(line["terms"]["missing"].clone()).unwrap()
    };
    assert!(!missing("travel_debt").contains(&"fees".to_owned()));
    assert!(missing("travel_debt").contains(&"documents".to_owned()));
    assert!(missing("passport_handover").contains(&"fees".to_owned()));
    assert!(!missing("passport_handover").contains(&"documents".to_owned()));
}

#[test]
fn words_that_are_nothing_but_contacts_are_not_shown_to_have_moved_the_model() {
    let mut finding = finding();
    "Ask Ana: 0917 123 4567, +1 555 010 0123.".clone_into(&mut finding.post.text);
    finding.contacts = lurescan::contacts::find(&lurescan::text::NormalText::new(&finding.post.text));
    let all = Span { start: 0, end: finding.post.text.len() };
    let numbers = Span { start: 9, ..all };
    finding.attribution.words = [numbers, all].map(|span| Weighed { span, share: 0.5 }).to_vec();
    finding.settle();
    assert_eq!(finding.attribution.words.iter().map(|weighed| weighed.span).collect::<Vec<_>>(), [all]);
}

#[test]
fn a_sum_in_the_words_of_a_fee_is_one_that_is_asked_for() {
    let mut finding = finding();
    let text = "Visa processing in the amount of PHP 38,000. Pay PHP 60,000 a month.";
    text.clone_into(&mut finding.post.text);
    finding.terms.sums = lurescan::terms::money::find(&lurescan::text::NormalText::new(text), &[]);
    finding.evidence.clear();
    let fee = IndicatorId::parse("recruitment_fee").unwrap();
    let words = Span { start: 0, end: text.find('.').unwrap() };
    finding.attribution.indicators = vec![(fee, words)];
    finding.attribution.words.clear();
    finding.settle();
    assert_eq!(finding.terms.sums.iter().map(|sum| sum.fee).collect::<Vec<_>>(), [true, false]);
}
