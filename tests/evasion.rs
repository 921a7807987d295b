//! The disguises that people put on: repeatable, readable, and undone where the glasses can.

use lurescan::evasion::Technique;
use lurescan::labelled::{self, Line};
use lurescan::text::fold;
use proptest::prelude::*;

use crate::util::root;

const POST: &str = "We keep your passport until the agency fee is paid from the first salary";

fn technique() -> impl Strategy<Value = Technique> {
    prop::sample::select(Technique::ALL.to_vec())
}

fn any_text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "passport",
        "salary",
        "зарплата",
        "паспорт",
        "护照",
        "工资很高",
        "पासपोर्ट",
        "वेतन",
        "جواز",
        "راتب",
        "พาสปอร์ต",
        "លិខិតឆ្លងដែន",
        "t.me/x_1",
        "+1 555 0142",
        "🙂",
        "\n",
        "!",
        "größe",
        "không",
        "a",
    ]);
    prop_oneof![any::<String>(), prop::collection::vec(words, 0..12).prop_map(|words| words.join(" "))]
}

proptest! {
    #[test]
    fn the_same_seed_gives_the_same_text_and_never_an_empty_one(text in any_text(), technique in technique(), seed in any::<u64>()) {
        let out = technique.apply(&text, "en", seed);
        prop_assert_eq!(&out, &technique.apply(&text, "en", seed));
        // A text of nothing but accents is nothing without them.
        if text.chars().any(char::is_alphanumeric) {
            prop_assert!(!out.trim().is_empty(), "{} made {text:?} empty", technique.name());
        }
        prop_assert_eq!(technique.apply("", "en", seed), "");
    }
}

#[test]
fn every_technique_has_a_name_changes_a_post_and_draws_by_its_seed() {
    for technique in Technique::ALL {
        assert_eq!(Technique::parse(technique.name()), Some(technique));
        let post = if technique == Technique::Transliteration { "Паспорт до оплаты у нас" } else { POST };
        assert_ne!(technique.apply(post, "en", 1), post, "{}", technique.name());
        let distinct: std::collections::BTreeSet<String> = (0..8).map(|seed| technique.apply(post, "en", seed)).collect();
        assert!(distinct.len() > 1 || technique == Technique::Transliteration, "{} draws nothing", technique.name());
    }
    assert_eq!(Technique::parse("rot13"), None);
}

#[test]
fn links_and_numbers_are_left_alone_by_techniques_that_rewrite_words() {
    let post = "Write to https://jobs.example.com/apply_now or +1 555 0142 about the vacancy";
    for technique in [
        Technique::Homoglyph,
        Technique::ZeroWidth,
        Technique::Leet,
        Technique::Spacing,
        Technique::CombiningMarks,
        Technique::Misspelling,
    ] {
        for seed in 0..6 {
            let out = technique.apply(post, "en", seed);
            assert!(out.contains("https://jobs.example.com/apply_now") && out.contains("+1 555 0142"), "{out}");
        }
    }
}

#[test]
fn what_the_glasses_undo_reads_as_before() {
    // Leet and look-alikes are undone word by word where a dictionary or a script gives them away; these are undone wholly.
    for technique in [Technique::ZeroWidth, Technique::CombiningMarks] {
        for seed in 0..12 {
            assert_eq!(fold(&technique.apply(POST, "en", seed)), fold(POST), "{} with seed {seed}", technique.name());
        }
    }
}

#[test]
fn a_derived_record_keeps_group_side_and_labels_and_says_so() {
    let records = labelled::read(&root().join("datasets/authored/slavic1.jsonl.gz")).unwrap();
    let record = &records[0];
    let derived = Technique::Homoglyph.derive(record, 7).unwrap();
    assert_eq!((derived.id.clone(), derived.batch()), (format!("{}~homoglyph-7", record.id), "slavic1"));
    assert!(derived.source.starts_with("derived:slavic1; technique homoglyph, seed 7"), "{}", derived.source);
    assert_eq!((&derived.group, &derived.label, derived.split), (&record.group, &record.label, record.split));
    let plain = Line::parse(
        r#"{"id":"a","text":"plain words","lang":"en","channel":"other","label":{"context":"offer","suspect":false},"source":"authored:a"}"#,
    );
    let plain = plain.unwrap().record().unwrap().unwrap();
    assert_eq!(Technique::Transliteration.derive(&plain, 1), None, "a technique without effect derives nothing");
}
