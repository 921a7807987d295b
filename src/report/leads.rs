//! [`Leads`]: the findings to read first, read back from `findings.jsonl`.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::io::{self, BufRead};

use serde::{Deserialize, Serialize};

use super::lead_terms::LeadTerms;
use crate::lists::ListKind;

/// Findings the page lists.
const LEADS: usize = 100;

/// Findings from which they are picked: campaigns repeat a text, and the page shows it once.
const PICKED_FROM: usize = 5 * LEADS;

/// One finding as the page lists it, read back from `findings.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    id: String,
    source: LeadSource,
    posted_at: Option<String>,
    channel: Option<String>,
    lang: LeadLang,
    verdict: LeadVerdict,
    patterns: Vec<LeadPattern>,
    indicators: Vec<LeadIndicator>,
    #[serde(default)]
    moved_by: Vec<LeadWords>,
    terms: Option<LeadTerms>,
    #[serde(default)]
    lists: Vec<LeadMatch>,
    regions: LeadRegions,
    author_may_be_victim: bool,
    text: Option<String>,
    contacts: Vec<LeadContact>,
    #[serde(default)]
    campaign: Option<String>,
    /// Suspects of the same campaign in the whole run, this one included; without one, those with the same text that were picked.
    #[serde(default)]
    alike: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadSource {
    file: String,
    record: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadLang {
    tag: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadVerdict {
    label: String,
    p_suspect: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadPattern {
    id: String,
    #[serde(default)]
    unclear: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadContact {
    /// Absent of a contact that may be anybody's.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// What counting campaigns needs of a finding.
#[derive(Deserialize)]
struct Named {
    campaign: Option<String>,
    verdict: LeadVerdict,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadWords {
    words: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadMatch {
    list: String,
    row: u64,
    source: String,
    expired: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadIndicator {
    id: String,
    source: String,
    #[serde(default)]
    lowers: bool,
    #[serde(default)]
    words: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadRegions {
    origin: Vec<LeadPlace>,
    destination: Vec<LeadPlace>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct LeadPlace {
    code: String,
    place: Option<String>,
}

/// The findings to read first: the likeliest suspects, earlier ones first among equals, each text once.
#[derive(Debug, Default)]
pub struct Leads {
    pub(super) likeliest: Vec<Lead>,
    /// Posts that are not suspect but have a channel the team knows, in the order of the inputs.
    pub(super) known: Vec<Lead>,
}

impl Leads {
    /// Picks them from `findings.jsonl`, which is read twice: campaigns are counted once it is clear which are listed, so that no more
    /// is held than the page shows.
    pub fn pick<R: BufRead>(open: impl Fn() -> io::Result<R>) -> io::Result<Self> {
        let mut known = Vec::new();
        let mut kept: BinaryHeap<Reverse<(u64, Reverse<usize>, String)>> = BinaryHeap::new();
        for (at, line) in open()?.lines().enumerate() {
            let line = line?;
            let lead: Lead = serde_json::from_str(&line)?;
            let (true, Some(p)) = (lead.verdict.label == "suspect", lead.verdict.p_suspect) else {
                if known.len() < LEADS && lead.lists.iter().any(|met| met.list == ListKind::KnownChannels.id()) {
                    known.push(lead);
                }
                continue;
            };
            // Probabilities are not negative, so their bits order as they do.
            kept.push(Reverse((p.to_bits(), Reverse(at), line)));
            if kept.len() > PICKED_FROM {
                kept.pop();
            }
        }
        let lines = kept.into_sorted_vec().into_iter().map(|Reverse((_, _, line))| line);
        let mut leads: Vec<Lead> = Vec::new();
        for line in lines {
            let mut lead: Lead = serde_json::from_str(&line)?;
            // A contact that a post names twice is in it once.
            let mut keys = HashSet::new();
            lead.contacts.retain(|contact| contact.key.as_ref().is_none_or(|key| keys.insert(key.clone())));
            let same = |known: &&mut Lead| {
                (known.campaign.is_some() && known.campaign == lead.campaign) || (known.text.is_some() && known.text == lead.text)
            };
            if let Some(known) = leads.iter_mut().find(same) {
                known.alike += 1;
            } else {
                lead.alike = 1;
                leads.push(lead);
            }
        }
        leads.truncate(LEADS);
        let mut campaigns: HashMap<String, usize> = leads.iter().filter_map(|lead| Some((lead.campaign.clone()?, 0))).collect();
        for line in open()?.lines() {
            let named: Named = serde_json::from_str(&line?)?;
            if let Some(count) =
                named.campaign.and_then(|name| campaigns.get_mut(&name)).filter(|_| named.verdict.label == "suspect")
            {
                *count += 1;
            }
        }
        for lead in &mut leads {
            let count = lead.campaign.as_ref().and_then(|name| campaigns.get(name)).copied();
            lead.alike = lead.alike.max(count.unwrap_or_default());
        }
        Ok(Self { likeliest: leads, known })
    }
}
