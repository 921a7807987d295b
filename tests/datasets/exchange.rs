//! Sets of others in, sets of ours out.

use lurescan::labelled::{self, Record};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{clear, lab, record};
use crate::util::Lab;

const EMSCAD: &str = "job_id,title,location,department,salary_range,company_profile,description,requirements,benefits,telecommuting,has_company_logo,has_questions,employment_type,required_experience,required_education,industry,function,fraudulent
1,Marketing Intern,\"US, NY, New York\",Marketing,,\"We've <b>made</b> a site.\",\"Our team &amp; yours
work at #URL_86fd830a95#\",Experience with content,,0,1,0,Other,Internship,,,Marketing,0
2,Data Entry,\"GB, , London\",,10000-20000,,\"Send $50 for the kit to #EMAIL_1a2b# and start today\",,Weekly pay,1,0,0,,,,,,1
3,Nothing,\"US, , \",,,,,,,0,0,0,,,,,,0
";

#[test]
fn emscad_is_read_as_published() {
    let lab = Lab::new();
    lab.write("fake_job_postings.csv", EMSCAD);
    let said = lab.run(["datasets", "import", "fake_job_postings.csv", "--format", "emscad", "-o", "emscad.jsonl"]);
    said.check(0, &["2 lines: 1 suspect, 1 not, 0 undecided; 1 rows without text", "publishes 17880 rows, 866"]);
    let records = labelled::read(&lab.path("emscad.jsonl")).unwrap();
    assert_eq!(
        records[0].text,
        "Marketing Intern\nUS, NY, New York\nWe've made a site.\nOur team & yours\nwork at [URL]\nExperience with content"
    );
    assert_eq!((records[0].region.as_deref(), records[0].lang.as_str(), records[0].batch()), (Some("US"), "en", "emscad"));
    assert!(records[1].label.suspect && records[1].body().contains("kit to [EMAIL] and"), "{:?}", records[1]);
    assert_eq!(
        (&records[1].label.indicators, &records[1].label.origin),
        (&None, &None),
        "what the set does not say stays absent"
    );
    let digest = format!("{:x}", Sha256::digest(EMSCAD));
    let import = |sha: &str| lab.run(["datasets", "import", "fake_job_postings.csv", "--format", "emscad", "--sha256", sha]);
    import(&digest).check(0, &[]);
    import("00ff").check(1, &["SHA-256", &digest, "not 00ff"]);
    lab.write("other.csv", "text,label\nhello,1\n");
    lab.run(["datasets", "import", "other.csv", "--format", "emscad"]).check(1, &["no column `job_id`", "fake_job_postings.csv"]);
}

#[test]
fn telegram_posts_come_in_undecided() {
    let lab = Lab::new();
    let chat = json!({"name": "Work abroad", "type": "private_supergroup", "id": 7, "messages": [
        {"id": 1, "type": "service", "date": "2021-03-04T10:11:12", "text": ""},
        {"id": 2, "type": "message", "date_unixtime": "1614852672", "from": "Somebody", "from_id": "user1",
         "text": ["Join us at ", {"type": "link", "text": "https://example.org"}, " now, good pay and housing"]},
        {"id": 3, "type": "message", "text": "", "photo": "x"},
    ]});
    lab.write("result.json", chat.to_string());
    lab.write("account.json", json!({"chats": {"about": "", "list": [chat]}}).to_string());
    let import = |file: &str| lab.run(["datasets", "import", file, "--format", "telegram", "--name", "chat"]);
    let said = import("result.json");
    said.check(0, &["1 lines: 0 suspect, 0 not, 1 undecided"]);
    assert_eq!(import("account.json").out, said.out);
    let line: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(line["text"], "Join us at https://example.org now, good pay and housing");
    assert_eq!((&line["id"], &line["posted_at"]), (&json!("chat-7-2"), &json!("2021-03-04T10:11:12Z")));
    assert_eq!(line["label"], json!({"context": null, "suspect": null, "patterns": []}));
    assert!(!said.out.contains("Somebody") && !said.out.contains("user1"), "senders stay behind");
    lab.write("chat.jsonl", &said.out);
    assert_eq!(labelled::read(&lab.path("chat.jsonl")).unwrap(), [], "nobody has judged it");
    lab.write("array.json", "[]");
    import("array.json").check(1, &["array.json", "Telegram Desktop"]);
}

#[test]
fn tables_come_in_by_their_columns() {
    let lab = Lab::new();
    lab.write(
        "t.csv",
        "body,cls\n\"Earn 500 a day, no experience needed at all\",Spam\nLunch at noon in the canteen?,ham\nhm,unsure\n,ham\n",
    );
    let import = |more: &[&str]| {
        let args = ["datasets", "import", "t.csv", "--format", "csv", "--lang", "en"];
        lab.run(args.iter().chain(more))
    };
    let said = import(&[
        "--columns",
        "text=body,label=cls",
        "--positive",
        "spam",
        "--negative",
        "ham",
        "--negative-context",
        "unrelated",
    ]);
    said.check(0, &["3 lines: 1 suspect, 1 not, 1 undecided; 1 rows without text"]);
    let labels: Vec<Value> = said.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["label"].take()).collect();
    assert_eq!(labels[0], json!({"context": "offer", "suspect": true, "patterns": ["job_fraud"]}));
    assert_eq!(labels[1], json!({"context": "unrelated", "suspect": false, "patterns": []}));
    import(&[]).check(1, &["no column `text`", "it has body, cls", "--columns"]);
    import(&["--columns", "text=body", "--pattern", "free_lunch"]).check(1, &["--pattern free_lunch", "typology"]);
}

#[test]
fn an_export_holds_every_record_and_says_what_its_files_are() {
    let lab = lab(&[
        record(
            "a",
            "Line one\n\"quoted\", comma",
            &json!({"title": "Cooks", "region": "LV"}),
            &json!({"suspect": true, "patterns": ["job_fraud", "study_lure"], "indicators": ["urgency"], "destination": ["LV", "EE"]}),
        ),
        clear("b", "The library opens at nine"),
    ]);
    lab.run(["datasets", "export", "datasets", "-o", "out"]).check(0, &["out/tiny/tiny.parquet"]);
    assert_eq!(lab.read("out/tiny/tiny.jsonl").lines().count(), 2);
    let exported = labelled::read(&lab.path("out/tiny/tiny.jsonl")).unwrap();
    assert!(exported.iter().all(|record| record.split.is_some()), "an exported record says its side");
    let without_side = |record: Record| Record { split: None, ..record };
    assert_eq!(
        exported.into_iter().map(without_side).collect::<Vec<_>>(),
        labelled::read(&lab.path("datasets/tiny/one.jsonl")).unwrap(),
        "a round trip loses nothing"
    );
    // One label column would not say what this table says.
    let import = ["datasets", "import", "out/tiny/tiny.csv", "--format", "csv", "--columns", "label=suspect", "-o", "back.jsonl"];
    lab.run(import).check(1, &["an export of labelled records"]);
    lab.write("twice/a/set.toml", lab.read("datasets/tiny/set.toml"));
    lab.write("twice/b/set.toml", lab.read("datasets/tiny/set.toml"));
    for set in ["a", "b"] {
        lab.write(&format!("twice/{set}/one.jsonl"), format!("\u{feff}{}", lab.read("datasets/tiny/one.jsonl")));
    }
    lab.run(["datasets", "export", "twice", "-o", "both"]).check(1, &["two sets are named tiny"]);
    let mut table = csv::Reader::from_path(lab.path("out/tiny/tiny.csv")).unwrap();
    let columns: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let cell = |row: usize, name: &str| rows[row][columns.iter().position(|column| column == name).unwrap()].to_owned();
    assert_eq!(
        (rows.len(), cell(0, "text").as_str(), cell(0, "patterns").as_str()),
        (2, "Line one\n\"quoted\", comma", "job_fraud study_lure")
    );
    assert_eq!((cell(0, "suspect"), cell(1, "suspect"), cell(0, "destination")), ("true".into(), "false".into(), "LV EE".into()));
    assert!(std::fs::read(lab.path("out/tiny/tiny.parquet")).unwrap().starts_with(b"PAR1"));

    let croissant = lab.json("out/tiny/croissant.json");
    assert_eq!((&croissant["name"], &croissant["conformsTo"]), (&json!("tiny"), &json!("http://mlcommons.org/croissant/1.0")));
    for file in croissant["distribution"].as_array().unwrap() {
        let bytes = std::fs::read(lab.path("out/tiny").join(file["contentUrl"].as_str().unwrap())).unwrap();
        assert_eq!(file["sha256"], format!("{:x}", Sha256::digest(bytes)));
    }
    let named = |list: &Value, of: &str| {
        list.as_array().unwrap().iter().map(|item| item[of].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(named(&croissant["recordSet"][0]["field"], "name"), columns);
    let package = lab.json("out/tiny/datapackage.json");
    assert_eq!(package["licenses"][0]["name"], "CC-BY-4.0");
    assert_eq!(named(&package["resources"][0]["schema"]["fields"], "name"), columns);
    lab.run(["datasets", "export", "datasets/tiny/one.jsonl", "-o", "out"]).check(1, &["is no folder", "set.toml"]);
}

#[test]
fn disguised_records_are_records() {
    let lab = lab(&[clear("a", "The library opens at nine"), clear("b", "Работа для водителей в городе")]);
    let said = lab.run(["datasets", "evade", "datasets", "--technique", "all", "--seed", "5", "-o", "out.jsonl"]);
    said.check(0, &["transliteration: 1 records, 1 left as they are"]);
    let records = labelled::read(&lab.path("out.jsonl")).unwrap();
    assert_eq!(records.len(), 23, "transliteration leaves English as it is, all else changes something: {}", said.err);
    assert!(
        records.iter().all(|record| record.source.starts_with("derived:one; technique ") && ["a", "b"].contains(&&*record.group))
    );
    lab.run(["datasets", "evade", "datasets", "--seed", "5", "-o", "again.jsonl"]).check(0, &[]);
    assert_eq!(lab.read("again.jsonl"), lab.read("out.jsonl"), "the same seed writes the same file");
    lab.run(["datasets", "evade", "datasets", "--technique", "rot13"]).check(2, &["homoglyph", "benign_padding"]);
}
