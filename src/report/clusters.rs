//! [`Clusters`]: suspects that belong together, because one text is sent out many times or one contact stands behind several.
//!
//! Read back from `findings.jsonl` in two passes and bounded memory, however many findings there are: the first keeps the keys that may
//! be frequent, the second counts those exactly. In a very large run small clusters may be missing, large ones never.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, BufRead};

use serde::{Deserialize, Serialize};

use crate::aggregate::{Period, ranked};

/// Keys held in the first pass.
const HELD: usize = 8192;
/// Posts from which a cluster is shown.
const LEAST: u64 = 3;
/// Clusters shown.
const SHOWN: usize = 20;
/// Names, months or ids shown in one cell.
const NAMES: usize = 6;

/// A text or a contact with the suspects that share it.
#[derive(Debug, Serialize)]
pub(super) struct Cluster {
    /// What all its posts have, a text and its telephone number for instance.
    shared: Vec<Shared>,
    posts: u64,
    /// Its posts by month, the last months of them.
    months: String,
    destinations: String,
    languages: String,
    patterns: String,
    /// Ids of its first posts.
    ids: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Shared {
    /// `text`, or the kind of contact.
    kind: String,
    /// The campaign's name, or the contact's key of this run.
    key: String,
}

/// The largest clusters first; of equal ones, in the order of their keys.
#[derive(Debug, Default)]
pub struct Clusters {
    pub(super) largest: Vec<Cluster>,
}

/// What counting needs of a finding.
#[derive(Deserialize)]
struct Line {
    id: String,
    posted_at: Option<String>,
    lang: Tag,
    verdict: Verdict,
    patterns: Vec<Id>,
    regions: Regions,
    contacts: Vec<Contact>,
    campaign: Option<String>,
}

#[derive(Deserialize)]
struct Tag {
    tag: String,
}

#[derive(Deserialize)]
struct Verdict {
    label: String,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

#[derive(Deserialize)]
struct Regions {
    destination: Vec<Code>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Contact {
    kind: String,
    /// Absent of a contact that may be anybody's.
    key: Option<String>,
}

/// Kind and key.
type Name = (String, String);

impl Line {
    /// What the post shares with others of its cluster, each once.
    fn names(&self) -> BTreeSet<Name> {
        let text = self.campaign.iter().map(|name| ("text".to_owned(), name.clone()));
        text.chain(self.contacts.iter().filter_map(|contact| Some((contact.kind.clone(), contact.key.clone()?)))).collect()
    }
}

/// What the second pass counts.
#[derive(Default)]
struct Counted {
    posts: u64,
    months: BTreeMap<Option<Period>, u64>,
    destinations: BTreeMap<String, u64>,
    languages: BTreeMap<String, u64>,
    patterns: BTreeMap<String, u64>,
    ids: Vec<String>,
}

impl Clusters {
    /// Finds them in `findings.jsonl`, which is read twice.
    pub fn find<R: BufRead>(open: impl Fn() -> io::Result<R>) -> io::Result<Self> {
        let mut held = Frequent::default();
        suspects(open()?, |line| line.names().into_iter().for_each(|name| held.add(name)))?;
        let mut counted: HashMap<Name, Counted> = held.counts.keys().map(|name| (name.clone(), Counted::default())).collect();
        suspects(open()?, |line| {
            for name in line.names() {
                if let Some(cluster) = counted.get_mut(&name) {
                    cluster.add(&line);
                }
            }
        })?;
        // A key that was lost has no more posts than rounds in which counts fell: what is shown is larger than all that is not.
        let least = LEAST.max(held.rounds + 1);
        let mut found: Vec<(Name, Counted)> = counted.into_iter().filter(|(_, cluster)| cluster.posts >= least).collect();
        found.sort_by(|(a, one), (b, other)| other.posts.cmp(&one.posts).then(a.cmp(b)));
        let mut largest: Vec<Cluster> = Vec::new();
        for ((kind, key), counted) in found {
            let shared = Shared { kind, key };
            // Copies of one text mostly carry one number to call: the same posts are one cluster.
            if let Some(known) = largest.iter_mut().find(|known| known.posts == counted.posts && known.ids == counted.ids) {
                known.shared.push(shared);
            } else if largest.len() < SHOWN {
                largest.push(counted.shown(shared));
            }
        }
        Ok(Self { largest })
    }
}

/// Calls `each` for every suspect.
fn suspects(lines: impl BufRead, mut each: impl FnMut(Line)) -> io::Result<()> {
    for line in lines.lines() {
        let line: Line = serde_json::from_str(&line?)?;
        if line.verdict.label == "suspect" {
            each(line);
        }
    }
    Ok(())
}

impl Counted {
    fn add(&mut self, line: &Line) {
        self.posts += 1;
        *self.months.entry(line.posted_at.as_deref().and_then(Period::parse)).or_default() += 1;
        *self.languages.entry(line.lang.tag.clone()).or_default() += 1;
        for place in &line.regions.destination {
            *self.destinations.entry(place.code.clone()).or_default() += 1;
        }
        for pattern in &line.patterns {
            *self.patterns.entry(pattern.id.clone()).or_default() += 1;
        }
        if self.ids.len() < NAMES {
            self.ids.push(line.id.clone());
        }
    }

    fn shown(self, shared: Shared) -> Cluster {
        Cluster {
            shared: vec![shared],
            posts: self.posts,
            months: by_month(&self.months),
            destinations: most_frequent(self.destinations),
            languages: most_frequent(self.languages),
            patterns: most_frequent(self.patterns),
            ids: self.ids,
        }
    }
}

/// Whether a cluster grows: its posts in its last months, those before together, those without a date last.
fn by_month(months: &BTreeMap<Option<Period>, u64>) -> String {
    let dated: Vec<(Period, u64)> = months.iter().filter_map(|(month, count)| Some(((*month)?, *count))).collect();
    let (before, last) = dated.split_at(dated.len().saturating_sub(NAMES));
    let earlier: u64 = before.iter().map(|(_, count)| count).sum();
    let undated = months.get(&None).copied().unwrap_or(0);
    let rest = |name: &str, count: u64| (count > 0).then(|| format!("{name} {count}"));
    let shown = last.iter().map(|(month, count)| format!("{month}: {count}"));
    rest("earlier", earlier).into_iter().chain(shown).chain(rest("undated", undated)).collect::<Vec<_>>().join(", ")
}

/// Names by how often they occur, and how many more there are.
fn most_frequent(counts: BTreeMap<String, u64>) -> String {
    let ranked = ranked(counts);
    let more = ranked.len().saturating_sub(NAMES);
    let names: Vec<String> = ranked.into_iter().take(NAMES).map(|(name, count)| format!("{name} {count}")).collect();
    let names = names.join(", ");
    if more == 0 { names } else { format!("{names} and {more} more") }
}

/// Keys that may be frequent, by the algorithm of Misra and Gries (1982): where a new key finds no room, every count falls by one.
#[derive(Default)]
struct Frequent {
    counts: HashMap<Name, u64>,
    /// How often every count fell.
    rounds: u64,
}

impl Frequent {
    fn add(&mut self, name: Name) {
        if let Some(count) = self.counts.get_mut(&name) {
            *count += 1;
        } else if self.counts.len() < HELD {
            self.counts.insert(name, 1);
        } else {
            self.rounds += 1;
            self.counts.retain(|_, count| {
                *count -= 1;
                *count > 0
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(n: usize, label: &str, campaign: Option<&str>, phone: Option<&str>, country: &str) -> String {
        let contacts: Vec<_> = phone.iter().map(|key| serde_json::json!({"kind": "phone", "key": key})).collect();
        let line = serde_json::json!({
            "id": format!("p{n}"), "posted_at": format!("2026-0{}-01", 1 + n % 3), "lang": {"tag": "en", "p": 1.0},
            "verdict": {"label": label}, "patterns": [{"id": "job_fraud", "p": 0.5}],
            "regions": {"origin": [], "destination": [{"code": country, "p": 1.0}]}, "contacts": contacts, "campaign": campaign,
        });
        format!("{line}\n")
    }

    #[test]
    fn one_text_and_one_telephone_make_clusters_and_clear_posts_none() {
        let mut lines = String::new();
        for n in 0..4 {
            lines += &line(n, "suspect", Some("aaaa"), Some(&format!("own{n}")), "KH");
        }
        for n in 4..9 {
            lines += &line(n, "suspect", Some(&format!("t{n}")), Some("shared"), if n % 2 == 0 { "MM" } else { "LA" });
            lines += &line(n, "clear", Some("bbbb"), Some("shared"), "TH");
        }
        let found = Clusters::find(|| Ok(lines.as_bytes())).unwrap().largest;
        let shown: Vec<_> = found.iter().map(|one| (one.shared[0].key.as_str(), one.posts, one.months.as_str())).collect();
        assert_eq!(
            shown,
            [("shared", 5, "2026-01: 1, 2026-02: 2, 2026-03: 2"), ("aaaa", 4, "2026-01: 2, 2026-02: 1, 2026-03: 1")]
        );
        assert_eq!((found[0].destinations.as_str(), found[0].patterns.as_str()), ("MM 3, LA 2", "job_fraud 5"));
    }

    #[test]
    fn a_text_and_the_number_all_its_copies_carry_are_one_cluster() {
        let lines: String = (0..4).map(|n| line(n, "suspect", Some("aaaa"), Some("bbbb"), "KH")).collect();
        let found = Clusters::find(|| Ok(lines.as_bytes())).unwrap().largest;
        let keys: Vec<&str> = found[0].shared.iter().map(|shared| shared.key.as_str()).collect();
        assert_eq!((found.len(), keys), (1, vec!["bbbb", "aaaa"]));
    }

    #[test]
    fn what_is_lost_among_rare_keys_is_smaller_than_what_is_shown() {
        let mut held = Frequent::default();
        let name = |n: usize| ("phone".to_owned(), n.to_string());
        for n in 0..5 * HELD {
            held.add(name(n));
            // One in a thousand.
            if n % 1000 == 0 {
                held.add(name(usize::MAX));
            }
        }
        let (frequent, rounds) = ((5 * HELD).div_ceil(1000) as u64, held.rounds);
        assert!(held.counts.len() <= HELD && rounds < frequent, "{rounds} rounds");
        assert!(held.counts.contains_key(&name(usize::MAX)), "with {frequent} it is above {rounds}");
    }
}
