//! Where the shipped set's indicators stand in its texts.

use std::collections::BTreeMap;

use lurescan::labelled;
use lurescan::typology::IndicatorId;
use serde::Deserialize;

use crate::util::root;

#[derive(Deserialize)]
struct Marked {
    id: String,
    /// Indicator, first character, character behind the last.
    spans: Vec<(String, usize, usize)>,
}

#[test]
fn marked_spans_lie_in_their_texts_and_show_what_the_label_says() {
    let folder = root().join("datasets");
    let records = labelled::read_all(&[folder.join("authored").to_str().unwrap().to_owned()]).unwrap();
    let records: BTreeMap<&str, _> = records.iter().map(|record| (record.id.as_str(), record)).collect();
    let mut before = String::new();
    for (_, line) in labelled::rows(&folder.join("spans/authored.jsonl.gz")).unwrap() {
        let marked: Marked = serde_json::from_str(&line).unwrap();
        assert!(marked.id > before, "{}: lines stand in the order of their ids, each once", marked.id);
        let record = records.get(marked.id.as_str()).unwrap_or_else(|| panic!("{} is no record", marked.id));
        let length = record.text.chars().count();
        for (indicator, from, to) in &marked.spans {
            let known = IndicatorId::parse(indicator).unwrap_or_else(|| panic!("{}: `{indicator}`", marked.id));
            assert!(record.carries(known), "{} is not labelled {indicator}", marked.id);
            assert!(from < to && *to <= length, "{}: {from}..{to} of {length}", marked.id);
            let shown: String = record.text.chars().skip(*from).take(to - from).collect();
            assert_eq!(shown.trim(), shown, "{}: {indicator}", marked.id);
        }
        before = marked.id;
    }
}
