//! What the files of a run escape and what they hide: the page a reviewer opens, and every contact in every output.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lurescan::report::{TextShown, summary};
use lurescan::verdict::Calibration;

use crate::util::{Fake, How, Lab, calibrated, fake_assessor};

#[test]
fn the_page_lists_a_campaign_once_and_says_how_often_it_stood() {
    let lab = Lab::new();
    let row = |id: u32, text: &str| serde_json::json!({"id": id, "text": text}).to_string() + "\n";
    let rows: String = (0..5).map(|id| row(id, "Dealers wanted in Sihanoukville, room and board")).collect();
    let campaign: String = [("Dubai", 900), ("Doha", 1100), ("Kuwait", 1200)]
        .map(|(city, pay)| {
            row(pay, &format!("Dealers wanted at once in {city}, {pay} USD a month, room and board, ticket advanced"))
        })
        .concat();
    lab.write("posts.jsonl", rows + &campaign + &row(9, "Cooks wanted in Riga, room and board"));
    lab.scan(&["posts.jsonl"], "out", &fake_assessor(20.0), &How::default()).unwrap();
    let page = lab.read("out/report.html");
    assert_eq!(page.matches("<article>").count(), 3);
    assert_eq!((page.matches("5 posts alike").count(), page.matches("3 posts alike").count()), (1, 1));
    assert_eq!(page.matches("posts alike").count(), 2);
    assert_eq!(page.matches("<td>text <code>").count(), 1, "the campaign stands among what is behind several posts");
    assert!(page.contains("where 25.0 % of posts are suspects"), "what its probabilities hold for");
}

#[test]
fn the_page_and_the_summary_say_how_many_were_cleared_by_what_they_are() {
    let lab = Lab::new();
    lab.write("posts.jsonl", "{\"id\":1,\"text\":\"Beware of this advert: they keep your passport\"}\n");
    let no_offer = Calibration { least_offer: 2.0, ..Calibration::default() };
    let outcome = lab.scan(&["posts.jsonl"], "out", &calibrated(Fake::new(20.0), no_offer), &How::default()).unwrap();
    assert_eq!((outcome.tally.counts.suspect, outcome.tally.counts.silenced_by_context), (0, 1));
    assert!(lab.read("out/report.html").contains("1 over the line read as warnings, news, pleas or small talk"));
    assert!(summary(&outcome.tally, 1.0, "").contains("cleared by context: 1 "));
    // Nothing to say where there is nothing.
    let outcome = lab.scan(&["posts.jsonl"], "none", &fake_assessor(20.0), &How::default()).unwrap();
    assert!(!lab.read("none/report.html").contains("over the line read as"));
    assert!(!summary(&outcome.tally, 1.0, "").contains("cleared by context"));
}

#[test]
fn spellings_that_hide_words_are_named() {
    let lab = Lab::new();
    let rows = ["Dealers wanted in Riga, we k\u{200b}eep your passp\u{200b}ort", "Dealers wanted in Riga, we keep your passport"];
    let rows: String = rows.iter().map(|text| serde_json::json!({"text": text}).to_string() + "\n").collect();
    lab.write("posts.jsonl", rows);
    lab.scan(&["posts.jsonl"], "out", &fake_assessor(20.0), &How::default()).unwrap();
    let lines = lab.lines("out/findings.jsonl");
    assert_eq!(lines[0]["disguises"], serde_json::json!(["invisible"]));
    assert!(lines[1].get("disguises").is_none());
}

#[test]
fn the_page_escapes_what_comes_from_posts_and_needs_nothing_else() {
    let lab = Lab::new();
    let name = "a<script>b & \"c\".jsonl";
    let row = |id: &str, text: &str| {
        let hostile = "\"><img/onerror=alert(1)>";
        serde_json::json!({"id": id, "text": text, "channel": hostile, "posted_at": hostile, "region": "PH"}).to_string() + "\n"
    };
    let rows = [
        row("<script>alert(1)</script>", "Cooks wanted in Riga <script>alert(2)</script> room and board 1 < 2 & 3 > 2"),
        row(
            "' onmouseover='alert(3)",
            "&lt;script&gt;alert(4)&lt;/script&gt; dealers wanted in Sihanoukville, 900 USD a month {{ 7 * 7 }} {% raw %}",
        ),
        row("</article></body>", "They keep your passport --> <!-- <![CDATA[ until the fee is paid </p></article>"),
    ];
    lab.write(name, rows.concat());
    lab.scan(&[name], "out", &fake_assessor(20.0), &How::default()).unwrap();
    let page = lab.read("out/report.html");
    assert_eq!(page.matches("<article>").count(), 3, "all three posts are listed");
    assert!(lab.read("out/tally.json").contains("\"unread_dates\": 3"), "no date could be read");
    for live in ["<script", "<img", "<!--", "<![CDATA[", "</article></body", "onmouseover='"] {
        assert!(!page.contains(live), "{live} came through");
    }
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("{{ 7 * 7 }}"));
    for outside in ["http:", "https:", "src=", "href=", "<link", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}: the page is one file");
    }
    assert!(page.contains("never an accusation") && page.contains("a victim"), "the first screen says what a finding is");
    assert!(page.contains("says: 900 USD a month"), "a card says what is paid");
}

/// What must never be read in any output.
const PLANTED: [&str; 5] = ["12 345 679", "12345679", "hire.dara", "dara_jobs88", "dara-contract"];

pub(crate) const CONTACTS: &str = "Dealers wanted in Sihanoukville, they keep your passport. Call +855 12 345 679 or write hire.dara@example.com, \
                        telegram @dara_jobs88, https://wa.me/85512345679 or https://dara-contract.example/apply today";

fn assert_hidden(what: &str, text: &str) {
    for planted in PLANTED {
        assert!(!text.contains(planted), "{what} shows {planted}: {text}");
    }
}

#[test]
fn contacts_never_appear_in_any_output() {
    let lab = Lab::new();
    let long = format!("{} {CONTACTS} {}", "more words before ".repeat(30), "and behind ".repeat(40));
    let mut rows = String::new();
    for (id, text) in [("a", CONTACTS), ("b", long.as_str())] {
        rows += &(serde_json::json!({"id": id, "text": text}).to_string() + "\n");
    }
    rows += "{\"id\":\"c\",\"text\":null,\"note\":\"call +855 12 345 679 or hire.dara@example.com\"}\n";
    rows += "{\"id\":\"d\",\"text\":\"telegram @dara_jobs88 or https://wa.me/85512345679, cut o\n";
    lab.write("posts.jsonl", rows);
    for (name, text) in [("excerpt", TextShown::Excerpt), ("full", TextShown::Full), ("none", TextShown::None)] {
        lab.scan(&["posts.jsonl"], name, &fake_assessor(20.0), &How { text, ..How::default() }).unwrap();
        for (file, content) in lab.outputs(name) {
            assert_hidden(&format!("{name}/{file}"), &content);
        }
        assert_eq!(lab.lines(&format!("{name}/rejected.jsonl")).len(), 2);
    }
    let full = lab.lines("full/findings.jsonl");
    assert!(full[0]["text"].as_str().unwrap().contains("they keep your passport"), "the words around contacts stay");
    let kinds: BTreeSet<&str> =
        full[0]["contacts"].as_array().unwrap().iter().map(|contact| contact["kind"].as_str().unwrap()).collect();
    assert!(["phone", "email", "handle", "url"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    // The same contacts link the two posts; without the secret nobody can tell which they are.
    assert!(!full[0]["contacts"].as_array().unwrap().is_empty());
    assert_eq!(full[0]["contacts"], full[1]["contacts"]);
}

#[test]
fn a_partly_hidden_number_links_nobody_and_the_report_is_written() {
    let lab = Lab::new();
    let text = "Dealers wanted in Sihanoukville, they keep your passport. Call 0917 123 45xx";
    let row = |id| serde_json::json!({"id": id, "text": format!("{text} {id}")}).to_string() + "\n";
    lab.write("posts.jsonl", ["a", "b", "c"].map(row).concat());
    lab.scan(&["posts.jsonl"], "out", &fake_assessor(20.0), &How::default()).unwrap();
    for finding in lab.lines("out/findings.jsonl") {
        assert_eq!((finding["contacts"][0]["kind"].as_str(), finding["contacts"][0].get("key")), (Some("phone"), None));
    }
    assert!(lab.read("out/report.html").contains("Sihanoukville"));
}

#[test]
fn a_contact_that_a_post_names_twice_is_told_once() {
    let lab = Lab::new();
    let row = |id: &str| {
        let text = format!("Dealers wanted in {id}, they keep your passport. Call +855 12 345 679, again +855 12 345 679");
        serde_json::json!({"id": id, "text": text}).to_string() + "\n"
    };
    lab.write("posts.jsonl", ["Poipet one", "Bavet two", "Sihanoukville three"].map(row).concat());
    lab.scan(&["posts.jsonl"], "out", &fake_assessor(20.0), &How::default()).unwrap();
    let page = lab.read("out/report.html");
    let leads = lab.lines("out/findings.jsonl").len();
    assert_eq!(page.matches("is in 3 posts with signals").count(), leads, "once a post");
}

#[test]
fn a_contact_cut_by_the_end_of_a_rejected_rows_head_stays_hidden() {
    let lab = Lab::new();
    let mut rows = "{\"id\":\"good\",\"text\":\"Cooks wanted in Riga\"}\n".to_owned();
    for before in 60..118 {
        for contact in ["hire.dara@example.com", "+85512345679"] {
            let words: String = "word ".repeat(30).chars().take(before).collect();
            let _ = writeln!(rows, "{{\"text\":null,\"note\":\"{words} {contact}\"}}");
        }
    }
    lab.write("posts.jsonl", rows);
    lab.scan(&["posts.jsonl"], "out", &fake_assessor(0.0), &How::default()).unwrap();
    for line in lab.lines("out/rejected.jsonl") {
        let head = line["head"].as_str().unwrap();
        for planted in ["hire.d", "855123456"] {
            assert!(!head.contains(planted), "{head}");
        }
    }
}
