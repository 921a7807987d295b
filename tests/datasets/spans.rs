//! Where the shipped set's indicators stand in its texts.

use std::collections::BTreeMap;

use lurescan::labelled;

use crate::util::root;

#[test]
fn marks_lie_in_their_texts_and_show_what_the_label_says() {
    let folder = root().join("datasets");
    let records = labelled::read_all(&[folder.join("authored").to_str().unwrap().to_owned()]).unwrap();
    let records: BTreeMap<&str, _> = records.iter().map(|record| (record.id.as_str(), record)).collect();
    let path = folder.join("spans/authored.jsonl.gz");
    let marks = labelled::read_marks(path.to_str().unwrap()).unwrap();
    assert_eq!(labelled::rows(&path).unwrap().len(), marks.len(), "each record once");
    for (id, marks) in marks {
        let record = records.get(id.as_str()).unwrap_or_else(|| panic!("{id} is no record"));
        for mark in marks {
            let name = mark.indicator.id();
            assert!(record.carries(mark.indicator), "{id} is not labelled {name}");
            assert!(mark.characters.end <= record.text.chars().count(), "{id}: {name} ends behind the text");
            let shown = &record.text[mark.bytes(&record.text)];
            assert_eq!(shown.trim(), shown, "{id}: {name}");
        }
    }
}
