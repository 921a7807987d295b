//! `datasets check`: every problem with its place and what to do, and no false alarm.

use serde_json::json;

use super::{clear, lab, record, suspect};

#[test]
fn every_problem_is_told_with_its_place_and_what_to_do() {
    let none = json!({});
    let lab = lab(&[
        "{\"id\":\"cut\n".to_owned(),
        clear("twice", "Bakers wanted at the harbour, come by any morning"),
        clear("twice", "Second-hand bicycle, two gears, one careful owner"),
        record("channel", "Night porter wanted", &json!({"channel": "forum"}), &none),
        record("field", "Gardener wanted for the spring", &json!({"regoin": "LV"}), &none),
        record("region", "Two cleaners for a school", &json!({"region": "XQ"}), &none),
        record("moment", "Driver with own van", &json!({"posted_at": "3 May"}), &none),
        record("source", "Painter for three rooms", &json!({"source": "found"}), &none),
        record("indicator", "Sewing at home", &none, &json!({"indicators": ["free_lunch"]})),
        record("country", "Apple picking", &none, &json!({"destination": ["UK"]})),
        record(
            "context",
            "Police warn of false agents",
            &none,
            &json!({"context": "awareness", "suspect": true, "patterns": ["job_fraud"], "indicators": ["urgency"]}),
        ),
        record("patterns", "Choir rehearses on Monday", &none, &json!({"patterns": ["job_fraud"]})),
        record("decisive", "Pay the agency before you fly", &none, &json!({"indicators": ["recruitment_fee"]})),
        record("why", "Come quickly, ask nothing", &none, &json!({"suspect": true, "patterns": ["job_fraud"]})),
        record("tag", "Требуются водители на выходные, звоните вечером после шести", &none, &none),
        clear("contacts", "Call +63 917 123 4567 or write to boss@gmail.com, see t.me/bestjobs4u"),
        clear("lost", "Work in M\u{FFFD}nchen"),
        clear("near-a", "Cooks wanted in Riga, room and board included, call Anna any evening after six"),
        clear("near-b", "Cooks wanted in Riga, room and board included, call Anna any evening after five"),
    ]);
    let said = lab.run(["datasets", "check", "datasets"]);
    assert_eq!(said.code, Some(1), "{said:#?}");
    insta::with_settings!({snapshot_path => "../snapshots"}, { insta::assert_snapshot!(said.out) });
    assert!(said.err.contains("errors") && said.err.contains("1 files"), "{}", said.err);
}

#[test]
fn good_records_raise_no_alarm() {
    let tagged = |id: &str, text: &str, lang: &str| record(id, text, &json!({"lang": lang}), &json!({}));
    let lab = lab(&[
        clear(
            "fiction",
            "Ring +1 555 0142, (212) 555-0199 or +44 7700 900123; mail hr@jobs.example.com, see https://apply.example/x",
        ),
        clear("masked", "Viber 09xx xxx xx12, WhatsApp +971 50 *** **34, wa.me/62xxx"),
        clear("handle", "Typing work at a desk, all found, LINE sample.kh or Telegram: night.shop"),
        clear(
            "sums",
            "Salary 45,000 - 60,000 PHP, 12.500.000 VND, shifts 08:00-17:00, born 1990-2004, 20/05/2026, season 15.08–20.12. 212 beds",
        ),
        tagged("romanised", "bhai kaam chahiye to message karo, hotel mein helper ki zarurat hai, khana rehna free", "hi-Latn"),
        tagged("mixed", "Kailangan namin ng mga waiter sa Makati, stay-in, may free meals at day off tuwing Linggo", "tl"),
        tagged("traditional", "台北餐廳誠徵外場服務員，供膳宿，工作時間彈性，歡迎學生", "zh-Hant"),
        suspect("bait", "The agency holds your papers until the loan is repaid", "bonded_labour"),
    ]);
    let said = lab.run(["datasets", "check"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""), "{said:#?}");
    assert!(said.err.contains("8 records in 1 files: 0 errors, 0 warnings"), "{}", said.err);
}

#[test]
fn sides_that_part_a_group_are_errors() {
    let lab = lab(&[
        clear("a", "Cooks wanted in Riga, room and board included, call Anna any evening after six"),
        clear("b", "Cooks wanted in Riga, room and board included, call Anna any evening after five"),
        clear("c", "The library opens at nine"),
    ]);
    lab.write("datasets/tiny/splits.tsv", "id\tsplit\na\ttrain\nb\ttest\n");
    let said = lab.run(["datasets", "check", "datasets"]);
    said.check(1, &[]);
    assert!(
        said.out.contains("datasets/tiny/one.jsonl:2: error: b: splits.tsv gives it test, and a of its group another side"),
        "{}",
        said.out
    );
    assert!(said.out.contains("one.jsonl:3: warning: c: no side in splits.tsv — run `lurescan datasets split"), "{}", said.out);
    lab.write("datasets/tiny/splits.tsv", "id\tsplit\na\tthird\n");
    lab.run(["datasets", "check", "datasets"]).check(1, &["splits.tsv", "line 2", "train, dev or test"]);
}

#[test]
fn what_is_no_set_is_refused_with_advice() {
    let lab = lab(&[clear("a", "The library opens at nine")]);
    lab.run(["datasets", "check", "datasets/reference"]).check(1, &["datasets/reference holds no labelled set", "set.toml"]);
    lab.run(["datasets", "check", "nowhere"]).check(1, &["nowhere does not exist"]);
    lab.run(["datasets", "check", "datasets/*/no*.jsonl"]).check(1, &["matches no file"]);
    lab.run(["datasets", "check", "datasets/t*/*.jsonl"]).check(0, &[]);
}
