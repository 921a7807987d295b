//! What the cards of `src/patterns/cards/` see and what they leave alone.
//!
//! `fixtures/indicators/<id>.txt` holds one natural sentence a language under `# fires` and one under `# stays quiet`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use proptest::prelude::*;

use lurescan::evidence::Span;
use lurescan::patterns::{self, Card};
use lurescan::text::{self, NormalText};
use lurescan::typology::{INDICATORS, PATTERNS};

/// The sentences of one card: language tag and text.
struct Fixture {
    fires: Vec<(String, String)>,
    quiet: Vec<(String, String)>,
}

fn fixture(card: &Card) -> Fixture {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/indicators").join(card.indicator.id()).with_extension("txt");
    let content = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let (fires, quiet) = content.split_once("# stays quiet").expect("both headings");
    let lines = |part: &str| {
        let sentence = |line: &str| line.split_once(": ").map(|(lang, text)| (lang.to_owned(), text.to_owned()));
        part.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| sentence(line).expect(line)).collect()
    };
    Fixture { fires: lines(fires), quiet: lines(quiet) }
}

fn seen(card: &Card, text: &str) -> Vec<Span> {
    let found = patterns::find(&NormalText::new(text));
    found.into_iter().filter(|evidence| evidence.indicator == card.indicator).map(|evidence| evidence.span).collect()
}

fn marked(text: &str, spans: &[Span]) -> String {
    let mut marked = text.to_owned();
    for span in spans.iter().rev() {
        marked.insert(span.end, '⟧');
        marked.insert(span.start, '⟦');
    }
    marked
}

#[test]
fn every_card_fires_and_stays_quiet_as_its_fixture_says() {
    let mut wrong = String::new();
    for card in patterns::cards() {
        let fixture = fixture(card);
        for (lang, text) in &fixture.fires {
            if seen(card, text).is_empty() {
                let _ = writeln!(wrong, "{} is blind to {lang}: {text}", card.indicator.id());
            }
        }
        for (lang, text) in &fixture.quiet {
            let spans = seen(card, text);
            if !spans.is_empty() {
                let _ = writeln!(wrong, "{} fires on {lang}: {}", card.indicator.id(), marked(text, &spans));
            }
        }
        for (heading, lines) in [("fires", &fixture.fires), ("stays quiet", &fixture.quiet)] {
            let langs: BTreeSet<&String> = lines.iter().map(|(lang, _)| lang).collect();
            for lang in card.phrases.keys().filter(|lang| !langs.contains(lang)) {
                let _ = writeln!(wrong, "{} has no `{heading}` line in {lang}", card.indicator.id());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn evidence_marks_the_words_of_the_original() {
    for card in patterns::cards() {
        let mut lines = String::new();
        for (lang, text) in &fixture(card).fires {
            let _ = writeln!(lines, "{lang}: {}", marked(text, &seen(card, text)));
        }
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("indicator_{}", card.indicator.id()), lines);
        });
    }
}

#[test]
fn every_card_gives_its_reasons() {
    for card in patterns::cards() {
        for prose in [&card.looks_for, &card.why, &card.fires_on, &card.quiet_on] {
            assert!(prose.len() > 20, "{}: {prose}", card.indicator.id());
        }
        assert!(!card.source.is_empty(), "{}", card.indicator.id());
        assert!(card.unless.keys().all(|lang| card.phrases.contains_key(lang)), "{}", card.indicator.id());
    }
    let known: BTreeSet<String> = patterns::cards().iter().map(|card| format!("{}.toml", card.indicator.id())).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/patterns/cards");
    let files = std::fs::read_dir(folder).expect("the folder of the cards");
    let files: BTreeSet<String> = files.map(|file| file.expect("a card").file_name().to_string_lossy().into_owned()).collect();
    assert_eq!(files, known, "every file is listed in src/patterns/mod.rs");
    assert_eq!(known.len(), patterns::cards().len(), "no file is listed twice");
}

#[test]
fn cards_cover_many_languages() {
    for card in patterns::cards() {
        let least = if card.indicator.card().decisive { 25 } else { 12 };
        assert!(card.phrases.len() >= least, "{} has {} languages", card.indicator.id(), card.phrases.len());
    }
    let mut cards_by_lang: BTreeMap<&str, usize> = BTreeMap::new();
    for lang in patterns::cards().iter().flat_map(|card| card.phrases.keys()) {
        *cards_by_lang.entry(lang).or_default() += 1;
    }
    assert!(cards_by_lang.values().filter(|&&cards| cards >= 40).count() >= 35, "{cards_by_lang:?}");
}

#[test]
fn what_was_measured_is_known_and_only_precise_rules_decide() {
    let table = include_str!("../src/patterns/measured.tsv");
    // Pay is held against roles and has no card.
    let known: BTreeSet<&str> = patterns::cards().iter().map(|card| card.indicator.id()).chain(["implausible_pay"]).collect();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let (precision, sightings): (f32, u32) = (cells[1].parse().unwrap(), cells[2].parse().unwrap());
        assert!(known.contains(cells[0]) && (0.0..=1.0).contains(&precision), "{row}");
        let id = lurescan::typology::IndicatorId::parse(cells[0]).unwrap();
        assert_eq!(patterns::is_reliable(id), precision >= 0.8 && sightings >= 5, "{row}");
    }
    assert!(table.lines().count() > 40);
}

#[test]
fn no_phrase_stands_twice_in_a_list() {
    for card in patterns::cards() {
        for (lang, phrases) in &card.phrases {
            let mut folded = BTreeSet::new();
            for phrase in phrases {
                assert!(folded.insert(text::fold(phrase)), "{}, {lang}: {phrase}", card.indicator.id());
            }
        }
    }
}

#[test]
fn the_typology_is_that_of_the_label_guide() {
    assert_eq!((PATTERNS.len(), INDICATORS.len()), (15, 63));
    assert_eq!(INDICATORS.iter().filter(|indicator| indicator.counter).count(), 6);
    for sources in PATTERNS.iter().map(|p| &p.sources).chain(INDICATORS.iter().map(|i| &i.sources)) {
        assert!(!sources.is_empty());
        for source in sources {
            let passage = source.split_once(':').is_some_and(|(file, lines)| {
                ["000", "001", "002", "003", "004"].contains(&file) && lines.split('-').all(|line| line.parse::<u32>().is_ok())
            });
            assert!(passage || source == "general knowledge", "{source}");
        }
    }
}

#[test]
fn a_denial_or_a_warning_is_no_sighting() {
    let fee = |text: &str| {
        let found = patterns::find(&NormalText::new(text));
        found.iter().any(|evidence| evidence.indicator.id() == "recruitment_fee")
    };
    assert!(fee("Candidates pay a registration fee of 50 USD."));
    assert!(!fee("Candidates never pay a registration fee."));
    assert!(!fee("Beware of anyone who tells you to pay a registration fee."));
    assert!(fee("No interview, pay a registration fee of 50 USD."), "a denial ends with its clause");
}

/// What the rules see in a text.
fn indicators(text: &str) -> BTreeSet<&'static str> {
    patterns::find(&NormalText::new(text)).iter().map(|evidence| evidence.indicator.id()).collect()
}

#[test]
fn a_word_that_denies_must_govern_what_is_denied() {
    // "No problem" denies nothing, in any language.
    for text in [
        "No problem you pay a registration fee of 50 USD.",
        "No interview, pay a registration fee of 50 USD.",
        "No doubt you pay the fee.",
        "No problem, you pay the agency fee.",
        "Kein Problem, die Gebühr zahlst du.",
        "No hay problema, pagas la tasa.",
        "Не проблема, взнос потом.",
    ] {
        assert!(!indicators(text).contains("no_fee_stated"), "{text}");
    }
    assert!(indicators("No problem you pay a registration fee of 50 USD.").contains("recruitment_fee"));
    assert!(indicators("No registration fee, no problem.").contains("no_fee_stated"));
    let free = indicators("no fee, no deposit, no commission");
    assert!(free.contains("no_fee_stated") && !free.contains("commission_quota"), "{free:?}");
}

#[test]
fn who_may_leave_for_nothing_is_not_bound() {
    for text in [
        "No penalty if you leave.",
        "You may leave whenever you like, there is no fine if you quit.",
        "Leave before the contract ends and you pay nothing.",
        "Pas de pénalité si tu pars.",
        "Sin multa si te vas antes.",
        "Keine Vertragsstrafe, wenn du gehst.",
        "Без штрафа, если уйдёшь раньше.",
        "Erken ayrılırsan ceza yok.",
        "提前离职不用赔偿。",
        "ลาออกคืนเสื้อจบ ไม่มีปรับ",
    ] {
        let seen = indicators(text);
        assert!(!seen.contains("exit_penalty") && !seen.contains("abusive_terms"), "{text}: {seen:?}");
    }
    assert!(indicators("Penalty if you leave early.").contains("exit_penalty"));
}

#[test]
fn who_keeps_the_passport_decides() {
    for text in ["On garde ton passeport.", "Nous gardons ton passeport.", "We keep your passport.", "到了就收走护照"] {
        let seen = indicators(text);
        assert!(seen.contains("passport_handover") && !seen.contains("keeps_documents"), "{text}: {seen:?}");
    }
    for text in [
        "You keep your passport.",
        "C'est toi qui gardes ton passeport.",
        "Der Chef behält deinen Pass nicht.",
        "El pasaporte lo guardas tú.",
        "Il passaporto lo tieni tu.",
        "Паспорт держишь у себя.",
        "Hawak mo ang passport mo.",
        "आपका पासपोर्ट हम नहीं रखते।",
    ] {
        let seen = indicators(text);
        assert!(seen.contains("keeps_documents") && !seen.contains("passport_handover"), "{text}: {seen:?}");
    }
    assert!(!indicators("Garde ton passeport.").contains("passport_handover"));
}

#[test]
fn sightings_of_one_indicator_that_overlap_are_one() {
    for card in patterns::cards() {
        for (lang, text) in &fixture(card).fires {
            let apart = seen(card, text).windows(2).all(|pair| pair[0].end <= pair[1].start);
            assert!(apart, "{} in {lang}: {text}", card.indicator.id());
        }
    }
}

#[test]
fn a_long_post_without_sentences_or_spaces_takes_no_longer_than_others() {
    for words in ["you pay the registration ", "anmeldegebühr", "зарплатапаспорт", "护照交给公司", "تأشيرة"]
    {
        let post = words.repeat(8_000);
        assert!(patterns::find(&NormalText::new(&post)).len() <= 8_000, "{words}");
    }
}

/// Texts of the fixtures cut anywhere and run together, so that phrases begin and end in odd company.
fn shreds() -> impl Strategy<Value = String> {
    let lines: Vec<String> = patterns::cards().iter().flat_map(|card| fixture(card).fires).map(|(_, text)| text).collect();
    let shred = (prop::sample::select(lines), 0.0..1.0_f64, prop::sample::select(vec!["", " ", "\n", ". ", "\u{200b}", "!"]));
    let cut = |(line, share, end): (String, f64, &str)| {
        let kept = line.chars().count() as f64 * share;
        line.chars().take(kept as usize).collect::<String>() + end
    };
    prop::collection::vec(shred.prop_map(cut), 1..6).prop_map(|shreds| shreds.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn evidence_slices_any_text_in_order(text in prop_oneof![shreds(), any::<String>()]) {
        let found = patterns::find(&NormalText::new(&text));
        for evidence in &found {
            prop_assert!(!evidence.span.slice(&text).is_empty());
        }
        prop_assert!(found.is_sorted_by_key(|evidence| evidence.span));
    }
}

/// Those of these texts whose indicator the rules see although they should not, or do not see although they should.
fn mistaken(cases: &[(&str, &str)], seen: bool) -> Vec<String> {
    let wrong = cases.iter().filter(|(text, id)| indicators(text).contains(id) != seen);
    wrong.map(|(text, id)| format!("{id}: {text}: {:?}", indicators(text))).collect()
}

#[test]
fn ordinary_posts_are_not_read_as_bait() {
    let wrong = mistaken(
        &[
            ("Ein Zimmer ab 11 Euro die Nacht, Frühstück extra", "person_price"),
            ("Selling my bike, 80 euros cash only, I can deliver it tonight", "crime_errand"),
            ("عقد عمل رسمي، والجواز يبقى مع صاحبته", "passport_handover"),
            ("Free training for two weeks, then full pay", "no_fee_stated"),
            ("Paid 80-150 USDT daily for translating texts", "investment_pivot"),
            ("No OEC needed, we fly you as a tourist", "no_experience"),
        ],
        false,
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn bait_in_other_words_is_seen() {
    let wrong = mistaken(
        &[
            ("Your wages are paid in full after the two years", "wages_withheld"),
            ("做不满一年要赔付机票和培训费", "exit_penalty"),
            ("중도 퇴사 시 위약금 발생합니다", "exit_penalty"),
            ("La muchacha deja su pasaporte con la señora", "passport_handover"),
            ("पासपोर्ट मालिक के पास रहेगा", "passport_handover"),
            ("Kaucja 500 zł za rezerwację miejsca w wyjeździe", "recruitment_fee"),
            ("عقد عمل رسمي، والجواز يبقى مع صاحبته", "keeps_documents"),
        ],
        true,
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}
