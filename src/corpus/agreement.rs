//! Two labellings of the same records → [`Agreement`]: kappa by label and language, and where they differ.

use std::collections::{BTreeMap, BTreeSet};

use super::kappa::Kappa;
use super::reading::Reading;
use super::table::Table;
use crate::labelled::{Line, LineLabel, Record};
use crate::typology::{IndicatorId, PatternId};

/// How far two readers agree.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Agreement {
    questions: BTreeMap<Question, BTreeMap<String, Kappa>>,
    same_countries: BTreeMap<&'static str, (usize, usize)>,
    /// Records both have labelled.
    pub compared: usize,
    /// Second labels of records the first labelling does not have.
    pub unknown: Vec<String>,
    /// Records on which they differ, one JSON object each: id, language, text, both answers and what differs.
    pub differing: Vec<serde_json::Value>,
}

/// What both were asked, in the order it is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Suspect,
    Context,
    Pattern(PatternId),
    Indicator(IndicatorId),
    Country(&'static str),
}

impl Question {
    fn name(&self) -> String {
        match self {
            Self::Suspect => "suspect".to_owned(),
            Self::Context => "context".to_owned(),
            Self::Pattern(id) => format!("pattern {}", id.id()),
            Self::Indicator(id) => format!("indicator {}", id.id()),
            Self::Country(side) => format!("{side}, each country"),
        }
    }
}

/// Every record is of this language, too.
const ALL: &str = "all";

impl Agreement {
    /// Compares.
    #[must_use]
    pub fn of(first: &[Record], second: &[Reading]) -> Self {
        let by_id: BTreeMap<&str, &Record> = first.iter().map(|record| (record.id.as_str(), record)).collect();
        let pairs: Vec<(&Record, &Reading)> =
            second.iter().filter_map(|label| Some((*by_id.get(label.id.as_str())?, label))).collect();
        let unknown = second.iter().filter(|label| !by_id.contains_key(label.id.as_str())).map(|label| label.id.clone());
        let mut agreement = Self { compared: pairs.len(), unknown: unknown.collect(), ..Self::default() };
        for side in ["origin", "destination"] {
            let countries: BTreeSet<&String> =
                pairs.iter().flat_map(|(record, label)| countries(side, record, label)).flatten().flatten().collect();
            agreement.countries(side, &pairs, &countries);
        }
        for (record, second) in pairs {
            agreement.add(record, &second.label);
        }
        agreement
    }

    /// Enters an answer for all records and for those of the language.
    fn ask(&mut self, question: &Question, lang: &str, enter: impl Fn(&mut Kappa)) {
        let by_language = self.questions.entry(question.clone()).or_default();
        for name in [ALL, lang] {
            enter(by_language.entry(name.to_owned()).or_default());
        }
    }

    fn add(&mut self, record: &Record, second: &LineLabel) {
        let first = Line::from(record).label;
        let (own, other) = (record.label.suspect, second.suspect == Some(true));
        self.ask(&Question::Suspect, &record.lang, |kappa| kappa.add_switch(own, other));
        let other = second.context.clone().unwrap_or_default();
        self.ask(&Question::Context, &record.lang, |kappa| kappa.add(record.label.context.id(), &*other));
        for pattern in PatternId::all() {
            let has = |list: &[String]| list.iter().any(|id| id == pattern.id());
            let (own, other) = (has(&first.patterns), has(&second.patterns));
            self.ask(&Question::Pattern(pattern), &record.lang, |kappa| kappa.add_switch(own, other));
        }
        if let (Some(own), Some(other)) = (&first.indicators, &second.indicators) {
            for indicator in IndicatorId::all() {
                let has = |list: &[String]| list.iter().any(|id| id == indicator.id());
                self.ask(&Question::Indicator(indicator), &record.lang, |kappa| kappa.add_switch(has(own), has(other)));
            }
        }
        let differs = differences(&first, second);
        if !differs.is_empty() {
            self.differing.push(serde_json::json!({
                "id": record.id, "lang": record.lang, "differs": differs, "text": record.text, "first": first, "second": second,
            }));
        }
    }

    fn countries(&mut self, side: &'static str, pairs: &[(&Record, &Reading)], all: &BTreeSet<&String>) {
        for (record, label) in pairs {
            let [Some(own), Some(other)] = countries(side, record, label) else { continue };
            let (same, asked) = self.same_countries.entry(side).or_default();
            *asked += 1;
            *same += usize::from(set(own) == set(other));
            for country in all {
                let (own, other) = (own.contains(country), other.contains(country));
                self.ask(&Question::Country(side), &record.lang, |kappa| kappa.add_switch(own, other));
            }
        }
    }

    /// Kappa of every question over all records, then of `suspect` and `context` by language.
    #[must_use]
    pub fn tables(&self) -> Vec<Table> {
        let head = ["label", "answers", "first yes", "second yes", "equal", "kappa"];
        let note = "Kappa is agreement beyond chance: 1 always, 0 as chance has it; · where both gave one answer throughout.";
        let mut overall = Table::new("Agreement", note, &head);
        for (question, by_language) in &self.questions {
            overall.row(&question.name(), cells(&by_language[ALL], *question != Question::Context));
        }
        for (side, (same, asked)) in &self.same_countries {
            let equal = format!("{:.3}", *same as f64 / (*asked).max(1) as f64);
            overall.row(&format!("{side}, the same set"), [asked.to_string(), "·".into(), "·".into(), equal, "·".into()]);
        }
        let patterns = |lang: &str| self.pooled(lang, |question| matches!(question, Question::Pattern(_)));
        let indicators = |lang: &str| self.pooled(lang, |question| matches!(question, Question::Indicator(_)));
        let note = "Patterns and indicators pooled: each label of each record is one question.";
        let mut by_language =
            Table::new("Kappa by language", note, &["language", "records", "suspect", "context", "patterns", "indicators"]);
        let languages: BTreeSet<&String> = self.questions.values().flat_map(BTreeMap::keys).collect();
        for lang in languages {
            let of = |question: &Question| self.questions.get(question).and_then(|by| by.get(lang)).and_then(Kappa::value);
            let records = self.questions.get(&Question::Suspect).and_then(|by| by.get(lang)).map_or(0, Kappa::count);
            let values = [of(&Question::Suspect), of(&Question::Context), patterns(lang), indicators(lang)];
            by_language.row(lang, [records.to_string()].into_iter().chain(values.map(shown)));
        }
        vec![overall, by_language]
    }

    fn pooled(&self, lang: &str, keep: impl Fn(&Question) -> bool) -> Option<f64> {
        let mut pool = Kappa::default();
        for by_language in self.questions.iter().filter(|(question, _)| keep(question)).map(|(_, by)| by) {
            if let Some(kappa) = by_language.get(lang) {
                pool.merge(kappa);
            }
        }
        pool.value()
    }
}

fn cells(kappa: &Kappa, switch: bool) -> [String; 5] {
    let (first, second) = kappa.yes();
    let yes = |count: usize| if switch { count.to_string() } else { "·".to_owned() };
    [kappa.count().to_string(), yes(first), yes(second), format!("{:.3}", kappa.observed()), shown(kappa.value())]
}

fn shown(kappa: Option<f64>) -> String {
    kappa.map_or_else(|| "·".to_owned(), |kappa| format!("{kappa:.3}"))
}

/// What both say of one side of the journey.
fn countries<'l>(side: &str, record: &'l Record, label: &'l Reading) -> [Option<&'l Vec<String>>; 2] {
    match side {
        "origin" => [record.label.origin.as_ref(), label.label.origin.as_ref()],
        _ => [record.label.destination.as_ref(), label.label.destination.as_ref()],
    }
}

fn set(list: &[String]) -> BTreeSet<&String> {
    list.iter().collect()
}

/// Names of the fields that differ; what one of them does not say is no difference.
fn differences(first: &LineLabel, second: &LineLabel) -> Vec<&'static str> {
    let lists = |own: &Option<Vec<String>>, other: &Option<Vec<String>>| match (own, other) {
        (Some(own), Some(other)) => set(own) != set(other),
        _ => false,
    };
    let mut differs = Vec::new();
    for (name, other) in [
        ("context", first.context != second.context),
        ("suspect", first.suspect != second.suspect),
        ("patterns", set(&first.patterns) != set(&second.patterns)),
        ("indicators", lists(&first.indicators, &second.indicators)),
        ("origin", lists(&first.origin, &second.origin)),
        ("destination", lists(&first.destination, &second.destination)),
    ] {
        if other {
            differs.push(name);
        }
    }
    differs
}
