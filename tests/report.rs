//! The lines of a run as others read them: their shape, to the letter.

mod contract;

use lurescan::aggregate::Tally;
use lurescan::attribution::{Attribution, Weighed};
use lurescan::contacts::{Contact, ContactKind};
use lurescan::evidence::{Evidence, Span};
use lurescan::finding::Finding;
use lurescan::post::{Post, Source};
use lurescan::regions::{CountryCode, Place, PlaceSource, Regions};
use lurescan::report::{FindingWriter, TextShown, explain, summary};
use lurescan::terms::{Numbers, Stated, Term, Terms};
use lurescan::text::{Disguises, Language};
use lurescan::typology::{Context, IndicatorId, PatternId};
use lurescan::verdict::{Label, Reason, Scores, Verdict};

use crate::util::SECRET;

const TEXT: &str = "Call centre in 𝗦𝗶𝗵𝗮𝗻𝗼𝘂𝗸𝘃𝗶𝗹𝗹𝗲 🇰🇭: flight paid, deducted from salary. The company keeps your passport. \
    Age 18-30, 12 hours a day, no fees. 0917 123 4567";

/// A finding made by hand, so that rules and models may change without changing the files' shape.
fn finding() -> Finding {
    let span = |words: &str| {
        let start = TEXT.find(words).unwrap();
        Span { start, end: start + words.len() }
    };
    let place = |code, name: Option<&str>, p, from| Place {
        country: CountryCode::parse(code).unwrap(),
        place: name.map(str::to_owned),
        p,
        from,
        span: None,
    };
    let indicator = |id| IndicatorId::parse(id).unwrap();
    Finding {
        campaign: Some("00c0ffee00c0ffee".to_owned()),
        post: Post {
            id: "ad-17".to_owned(),
            source: Source { file: "ads.jsonl.zst".into(), record: 17 },
            text: TEXT.to_owned(),
            channel: Some("group_message".to_owned()),
            region: Some("PH".to_owned()),
            lang: None,
            posted_at: Some("2026-03-09T23:10:00+07:00".to_owned()),
        },
        lang: Language { tag: "en".to_owned(), p: 0.97 },
        verdict: Verdict {
            label: Label::Suspect,
            reason: Reason::Model,
            scores: Some(Scores {
                p_suspect: 0.973_456,
                raw: 0.991,
                offer: true,
                context: Some((Context::Offer, 0.98)),
                patterns: vec![
                    (PatternId::parse("scam_compound").unwrap(), 0.94),
                    (PatternId::parse("bonded_labour").unwrap(), 0.5),
                ],
                pattern_unclear: false,
                indicators: vec![(indicator("passport_handover"), 0.88), (indicator("vague_job"), 0.61)],
            }),
        },
        evidence: vec![
            Evidence { indicator: indicator("travel_debt"), span: span("flight paid, deducted from salary") },
            Evidence { indicator: indicator("passport_handover"), span: span("keeps your passport") },
            Evidence { indicator: indicator("no_fee_stated"), span: span("no fees") },
        ],
        attribution: Attribution {
            words: vec![Weighed { span: span("deducted from salary"), share: 0.41 }],
            indicators: vec![(indicator("vague_job"), span("Call centre"))],
        },
        regions: Regions {
            signs: Vec::new(),
            called: Vec::new(),
            origin: Vec::new(),
            destination: vec![place("KH", Some("Sihanoukville"), 0.97, PlaceSource::Text)],
            mentioned: Vec::new(),
            posted: Some(place("PH", None, 1.0, PlaceSource::Metadata)),
        },
        terms: Terms {
            read: true,
            stated: vec![Term::Hours, Term::Fees],
            sums: Vec::new(),
            numbers: Numbers {
                ages: Some(Stated { span: span("18-30"), from: 18, to: Some(30) }),
                hours: Some(Stated { span: span("12"), from: 12, to: Some(12) }),
            },
        },
        contacts: vec![Contact { kind: ContactKind::Phone, span: span("0917 123 4567") }],
        matches: Vec::new(),
        disguises: Disguises::default(),
        truncated: false,
    }
}

fn line(finding: &Finding, text: TextShown, spans_bytes: bool) -> String {
    let writer = FindingWriter { text, spans_bytes, contact_key: SECRET.into(), operating_point: "balanced".to_owned() };
    let mut line = Vec::new();
    writer.write(finding, &mut line).unwrap();
    String::from_utf8(line).unwrap()
}

#[test]
fn a_finding_line() {
    let written = line(&finding(), TextShown::Excerpt, true);
    assert_eq!(written.matches('\n').count(), 1, "one line");
    let value: serde_json::Value = serde_json::from_str(&written).unwrap();
    insta::assert_snapshot!("finding", serde_json::to_string_pretty(&value).unwrap());
    assert!(!line(&finding(), TextShown::None, false).contains("passport."), "--text none shows no text");
}

#[test]
fn what_a_rule_sees_is_not_contradicted_by_the_model() {
    let mut both = finding();
    let keeps = IndicatorId::parse("keeps_documents").unwrap();
    both.verdict.scores.as_mut().unwrap().indicators.push((keeps, 0.9));
    both.attribution.indicators.push((keeps, Span { start: 0, end: 4 }));
    both.settle();
    assert_eq!(line(&both, TextShown::None, false), line(&finding(), TextShown::None, false));
    assert_eq!(both.attribution, finding().attribution);
}

#[test]
fn of_what_the_model_sees_in_the_same_words_the_less_likely_contrary_is_taken_back() {
    let [fee, none, urgency] = ["recruitment_fee", "no_fee_stated", "urgency"].map(|id| IndicatorId::parse(id).unwrap());
    let left = |words: [usize; 3]| -> Vec<IndicatorId> {
        let mut finding = finding();
        finding.evidence.clear();
        finding.verdict.scores.as_mut().unwrap().indicators = vec![(fee, 0.7), (urgency, 0.6), (none, 0.5)];
        let spans = words.map(|start| Span { start, end: start + 4 });
        finding.attribution.indicators = [fee, urgency, none].into_iter().zip(spans).collect();
        finding.settle();
        finding.attribution.indicators.iter().map(|(id, _)| *id).collect()
    };
    assert_eq!(left([0, 0, 0]), [fee, urgency]);
    assert_eq!(left([0, 0, 5]), [fee, urgency, none]);
}

#[test]
fn a_channel_that_is_a_handle_is_masked_and_two_of_them_stay_apart() {
    let channel = |name: &str| {
        let mut sent = finding();
        sent.post.channel = Some(name.to_owned());
        serde_json::from_str::<serde_json::Value>(&line(&sent, TextShown::None, false)).unwrap()["channel"].to_string()
    };
    let (one, other) = (channel("telegram @dara_jobs88"), channel("telegram @mina_jobs12"));
    assert!(one != other && one == channel("telegram @dara_jobs88"), "{one} {other}");
    assert!(one.contains("[handle]") && !one.contains("dara"), "{one}");
    assert_eq!(channel("group_message"), "\"group_message\"");
}

#[test]
fn an_unread_post_has_no_probability() {
    let mut unread = finding();
    unread.verdict = Verdict { label: Label::NotAssessed, reason: Reason::TooShort, scores: None };
    let value: serde_json::Value = serde_json::from_str(&line(&unread, TextShown::None, false)).unwrap();
    let expected = serde_json::json!({"label": "not_assessed", "reason": "too_short", "operating_point": "balanced"});
    assert_eq!(value["verdict"], expected);
    assert!(value.get("context").is_none() && value["patterns"] == serde_json::json!([]));
}

#[test]
fn a_pattern_that_is_merely_the_nearest_is_not_shown_as_seen() {
    let mut vague = finding();
    let scores = vague.verdict.scores.as_mut().unwrap();
    (scores.patterns, scores.pattern_unclear) = (vec![(PatternId::parse("job_fraud").unwrap(), 0.05)], true);
    let value: serde_json::Value = serde_json::from_str(&line(&vague, TextShown::None, false)).unwrap();
    assert_eq!(value["patterns"], serde_json::json!([{"id": "job_fraud", "p": 0.05, "unclear": true}]));
    let text = explain(&vague, 0.428, "balanced", false);
    assert!(text.contains("none stands out; the nearest is job_fraud") && text.contains("may not fit"), "{text}");
}

#[test]
fn who_sells_an_organ_is_not_asked_for_hours_of_work() {
    let mut sale = finding();
    let terms = |finding: &Finding| -> serde_json::Value {
        serde_json::from_str::<serde_json::Value>(&line(finding, TextShown::None, false)).unwrap()["terms"].take()
    };
    assert!(terms(&sale)["missing"].as_array().is_some_and(|missing| !missing.is_empty()));
    sale.verdict.scores.as_mut().unwrap().patterns = vec![(PatternId::parse("organ_broker").unwrap(), 0.95)];
    let sold = terms(&sale);
    assert!(sold.get("stated").is_none() && sold.get("missing").is_none() && sold.get("ages").is_some(), "{sold}");
    assert!(!explain(&sale, 0.428, "balanced", false).contains("not stated"));
    // Below the line there is no pattern; the context says whether it is an offer at all.
    let mut talk = finding();
    talk.verdict.label = Label::Clear;
    let scores = talk.verdict.scores.as_mut().unwrap();
    (scores.patterns, scores.context) = (Vec::new(), Some((Context::Unrelated, 0.8)));
    assert!(terms(&talk).get("missing").is_none());
}

#[test]
fn an_explanation_without_colour() {
    let text = explain(&finding(), 0.428, "balanced", false);
    assert!(!text.contains('\x1b'));
    insta::assert_snapshot!("explain", text);
    let mut plain = finding();
    (plain.evidence, plain.post.text) = (Vec::new(), "- a bed\n! and board".to_owned());
    (plain.contacts, plain.attribution, plain.terms) = (Vec::new(), Attribution::default(), Terms::default());
    plain.verdict.scores.as_mut().unwrap().indicators = Vec::new();
    assert!(!explain(&plain, 0.428, "balanced", false).contains("(! decisive"), "the post's own bullets are no marks");
    assert!(explain(&finding(), 0.428, "balanced", true).contains("\x1b[1;33m"));
    let mut hostile = finding();
    hostile.post.text = format!("{TEXT}\x1b]0;owned\x07\r");
    let shown = explain(&hostile, 0.428, "balanced", false);
    assert!(!shown.contains(['\x1b', '\x07', '\r']), "a post must not act on the terminal");
}

#[test]
fn a_summary() {
    let mut tally = Tally::default();
    for _ in 0..1234 {
        tally.add(&finding());
    }
    let mut clear = finding();
    clear.verdict.label = Label::Clear;
    clear.truncated = true;
    tally.add(&clear);
    clear.verdict = Verdict { label: Label::NotAssessed, reason: Reason::UnsupportedLanguage, scores: None };
    tally.add(&clear);
    tally.add_rejected();
    insta::assert_snapshot!("summary", summary(&tally, 123.4, "report    out/report.html\n"));
    insta::assert_snapshot!("summary_of_nothing", summary(&Tally::default(), 0.0, ""));
}
