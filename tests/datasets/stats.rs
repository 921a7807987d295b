//! `datasets stats`: figures that can be counted by hand, and a probe that finds a shortcut where one is.

use lurescan::corpus::probe;
use lurescan::labelled::{Line, Record};
use serde_json::json;

use super::{clear, lab, record, suspect};

#[test]
fn figures_are_those_of_a_hand_count() {
    let none = json!({});
    let long = "meet us at the old mill on the north road before eight";
    let lab = lab(&[
        suspect("s1", "Pay the agency first & fly <b>later</b>", "job_fraud"),
        record(
            "s2",
            "Плати агентству, потом полетишь",
            &json!({"lang": "ru", "group": "twin"}),
            &json!({"suspect": true, "patterns": ["job_fraud", "study_lure"], "indicators": ["recruitment_fee", "minor_targeting"]}),
        ),
        record(
            "n1",
            "Агентство платит за билет само",
            &json!({"lang": "ru", "group": "twin", "source": "authored:one; doubt: housing or not"}),
            &json!({"indicators": ["all_inclusive_lodging"]}),
        ),
        record("n2", &format!("Harvest helpers, {long}"), &json!({"channel": "dating_message"}), &none),
        record("n3", &format!("Choir evening, {long}"), &none, &json!({"context": "unrelated"})),
        record("n4", "Police warn of agents", &json!({"group": "parity"}), &json!({"context": "awareness"})),
        record("n5", "Police warn of lenders", &json!({"group": "parity"}), &json!({"context": "awareness"})),
    ]);
    lab.write("real.jsonl", clear("r1", "Ordinary advert of a bakery"));
    let said = lab.run(["datasets", "stats", "datasets", "--against", "real.jsonl", "--html", "stats.html"]);
    said.check(0, &[]);
    let row = |name: &str| {
        let line = said
            .out
            .lines()
            .find(|line| line.trim_start().starts_with(name))
            .unwrap_or_else(|| panic!("no {name}: {}", said.out));
        line.trim_start()[name.len()..].split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ")
    };
    for (name, figures) in [
        ("records ", "7 >= 8000 NO"),
        ("languages ", "2 >= 28 NO"),
        ("records of the smallest language", "2 >= 150 NO"),
        ("language tags ", "2"),
        ("language tags with both classes", "100.0 % >= 100.0 % yes"),
        ("English", "71.4 % <= 18.0 % NO"),
        ("suspects of the rarest pattern", "0 >= 200 NO"),
        ("languages of the narrowest pattern", "0 >= 12 NO"),
        ("records with the rarest indicator", "0 >= 60 NO"),
        ("labels their author doubted", "1"),
        ("hard negatives among all records", "57.1 % >= 45.0 % yes"),
        ("legitimate offers ", "2"),
        ("legitimate offers with a word of bait", "1 >= 1500 NO"),
        ("awareness ", "2 >= 500 NO"),
        ("news ", "0 >= 300 NO"),
        ("help-seeking ", "0 >= 500 NO"),
        ("negatives in dating channels", "1 >= 500 NO"),
        ("suspects with a decisive indicator", "100.0 %"),
        ("legitimate offers with a decisive indicator", "0.0 %"),
        ("twin groups (members differ in suspect)", "1 >= 400 NO"),
        ("parity groups (two or more, same labels)", "1 >= 120 NO"),
        ("records sharing an 8-word run outside their group", "28.6 % <= 2.0 % NO"),
        ("near-duplicate pairs across the split", "0 <= 0 yes"),
        ("ru ", "2 28.6 % 1 1"),
        ("recruitment_fee !", "2 2 0 0 2"),
        ("housing", "1 50.0 % 0 0.0 %"),
        ("minors", "1 1 0"),
    ] {
        assert_eq!(row(name), figures, "{name}");
    }
    assert!(row("study_lure").starts_with("1 1"), "{}", said.out);
    assert!(row("group_message").contains("1 27 27 27 27 27"), "real posts stand beside ours: {}", row("group_message"));
    let page = lab.read("stats.html");
    assert!(
        page.contains("missed") && page.contains("never a finding about a person") && !page.contains("http"),
        "one page, nothing fetched"
    );
}

/// Sixty records of ten groups a class, told apart by `text` alone.
fn records(text: impl Fn(usize, bool) -> String) -> Vec<Record> {
    let line = |n: usize| {
        let positive = n.is_multiple_of(2);
        let text = text(n, positive);
        if positive { suspect(&format!("r{n}"), &text, "job_fraud") } else { clear(&format!("r{n}"), &text) }
    };
    (0..120).map(|n| Line::parse(&line(n)).unwrap().record().unwrap().unwrap()).collect()
}

#[test]
fn the_probe_finds_a_shortcut_where_there_is_one_and_none_where_not() {
    let word = |n: usize| format!("w{}x", n * 7919 % 1000);
    let shouted =
        records(|n, positive| format!("{} {} {}{}", word(n), word(n + 1), word(n + 2), if positive { "!!!" } else { "." }));
    let found = probe(&shouted);
    assert!(found.mean_excess() > 0.4, "{found:?}");
    assert!(found.leans[..3].iter().any(|(name, _)| name.starts_with('!')), "{:?}", &found.leans[..3]);
    let even = records(|n, _| format!("{} {} {}", word(n), word(n + 1), word(n + 2)));
    assert!(probe(&even).mean_excess() < 0.15, "{:?}", probe(&even).languages);
}
