//! What makes a set hard and fair: negatives that look like bait, legitimate offers with the words of bait, twins and parity
//! variants, who is addressed.

use std::collections::BTreeMap;

use super::super::figure::{Bound, Figure};
use super::super::table::{Table, percent};
use crate::labelled::Record;
use crate::typology::{Context, IndicatorId};

/// What a keyword filter would flag a legitimate offer for, and the indicators that record it.
const BAIT_WORDS: [(&str, &[&str]); 5] = [
    ("housing", &["all_inclusive_lodging"]),
    ("visa", &["visa_guaranteed", "status_promise"]),
    ("high pay", &["implausible_pay"]),
    ("no experience", &["no_experience"]),
    ("messenger", &["private_channel"]),
];

pub(super) fn figures(records: &[Record]) -> Vec<Figure> {
    let groups = groups(records);
    let negatives = || records.iter().filter(|record| !record.label.suspect);
    let hard = negatives().filter(|record| is_hard(record, &groups)).count();
    let within = |context| move |record: &&Record| record.label.context == context;
    let count = |context| records.iter().filter(within(context)).count();
    let legitimate: Vec<&Record> = negatives().filter(within(Context::Offer)).collect();
    let suspects: Vec<&Record> = records.iter().filter(|record| record.label.suspect).collect();
    let baited = legitimate.iter().filter(|record| BAIT_WORDS.iter().any(|(_, ids)| carries_any(record, ids))).count();
    let decided = |offers: &[&Record]| offers.iter().filter(|record| is_decided(record)).count();
    vec![
        Figure::share("hard negatives among all records", hard, records.len()).bounded(Bound::AtLeast(0.45)),
        Figure::count("legitimate offers", legitimate.len()),
        Figure::count("legitimate offers with a word of bait", baited).at_least(1_500),
        Figure::count("awareness", count(Context::Awareness)).at_least(500),
        Figure::count("news", count(Context::News)).at_least(300),
        Figure::count("help-seeking", count(Context::HelpSeeking)).at_least(500),
        Figure::count("negatives in dating channels", negatives().filter(|record| record.channel.starts_with("dating")).count())
            .at_least(500),
        Figure::count("twin groups (members differ in suspect)", groups.values().filter(|members| is_twin(members)).count())
            .at_least(400),
        Figure::count(
            "parity groups (two or more, same labels)",
            groups.values().filter(|members| Record::are_parity_variants(members)).count(),
        )
        .at_least(120),
        Figure::share("suspects with a decisive indicator", decided(&suspects), suspects.len()),
        Figure::share("legitimate offers with a decisive indicator", decided(&legitimate), legitimate.len()),
    ]
}

/// Whether one of its indicators alone makes an offer suspect.
fn is_decided(record: &Record) -> bool {
    record.label.indicators.iter().flatten().any(|indicator| indicator.card().decisive)
}

/// Groups as the records give them.
fn groups(records: &[Record]) -> BTreeMap<&str, Vec<&Record>> {
    let mut groups: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in records {
        groups.entry(&record.group).or_default().push(record);
    }
    groups
}

fn is_twin(members: &[&Record]) -> bool {
    members.iter().any(|member| member.label.suspect != members[0].label.suspect)
}

/// A negative that a careless reader would flag: an echo of bait (warning, news, question), an ordinary dating text, a text that
/// carries an indicator which raises suspicion, or the twin of a suspect.
fn is_hard(record: &Record, groups: &BTreeMap<&str, Vec<&Record>>) -> bool {
    let echo = matches!(record.label.context, Context::Awareness | Context::News | Context::HelpSeeking);
    let raised = record.label.indicators.iter().flatten().any(|indicator| !indicator.card().counter);
    echo || raised || record.channel.starts_with("dating") || is_twin(&groups[record.group.as_str()])
}

fn carries_any(record: &Record, ids: &[&str]) -> bool {
    ids.iter().filter_map(|id| IndicatorId::parse(id)).any(|indicator| record.carries(indicator))
}

pub(super) fn offers(records: &[Record]) -> Table {
    let note = "Words a keyword filter would flag, in offers of both classes.";
    let mut table = Table::new("Words of bait in offers", note, &["word", "legitimate", "share", "suspect", "share"]);
    let offers = |suspect: bool| {
        records.iter().filter(move |record| record.label.context == Context::Offer && record.label.suspect == suspect)
    };
    let (legitimate, suspect) = (offers(false).count(), offers(true).count());
    for (word, ids) in BAIT_WORDS {
        let count = |suspect: bool| offers(suspect).filter(|record| carries_any(record, ids)).count();
        let (own, other) = (count(false), count(true));
        table.row(word, [own.to_string(), percent(own, legitimate), other.to_string(), percent(other, suspect)]);
    }
    let any = |suspect: bool| offers(suspect).filter(|record| BAIT_WORDS.iter().any(|(_, ids)| carries_any(record, ids))).count();
    table.row(
        "any of them",
        [any(false).to_string(), percent(any(false), legitimate), any(true).to_string(), percent(any(true), suspect)],
    );
    table
}

pub(super) fn addressees(records: &[Record]) -> Table {
    let note = "As far as labels tell: they say that sex or age is asked for, not which.";
    let mut table = Table::new("Whom offers address", note, &["addressees", "offers", "suspect", "not suspect"]);
    let offers = || records.iter().filter(|record| record.label.context == Context::Offer && record.label.indicators.is_some());
    let has = |record: &Record, id: &str| carries_any(record, &[id]);
    let mut row = |name: &str, keep: &dyn Fn(&Record) -> bool| {
        let own: Vec<&Record> = offers().filter(|record| keep(record)).collect();
        let suspect = own.iter().filter(|record| record.label.suspect).count();
        table.row(name, [own.len(), suspect, own.len() - suspect].map(|count| count.to_string()));
    };
    row("minors", &|record| has(record, "minor_targeting"));
    row("one sex or an age", &|record| has(record, "gender_age_targeting") && !has(record, "minor_targeting"));
    row("hardship named", &|record| has(record, "hardship_targeting"));
    row("single or unattached", &|record| has(record, "unattached_targeting"));
    row("sex and age unstated", &|record| !has(record, "gender_age_targeting") && !has(record, "minor_targeting"));
    table
}
