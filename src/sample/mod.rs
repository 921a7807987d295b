//! Synthetic exports for trying things out: authored records made to look like a platform's dump.
//!
//! Texts are drawn with replacement; dates, platform regions and ids are made up; some rows are exact or near duplicates, as
//! campaigns repost, and a few rows are broken the ways exports break. Everything follows from the seed.

use std::io::{self, Write};

use fastrand::Rng;
use serde_json::json;

use crate::labelled::Record;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSettings {
    /// Rows, bad ones included.
    pub rows: u64,
    /// Share of posts drawn from suspects.
    pub suspects: f64,
    /// Seed of every draw.
    pub seed: u64,
}

/// Of a thousand rows, how many are broken.
const BROKEN: u64 = 6;
/// Of a hundred posts, how many repeat a recent one word for word.
const REPOSTED: u64 = 12;
/// Of a hundred posts, how many repeat a recent one with small changes.
const REWORKED: u64 = 8;
/// Recent posts a repetition is drawn from.
const RECENT: usize = 200;

/// First second of 2026 in UTC, and the seconds the export covers: posts fall in its first half.
const FROM: i64 = 1_767_225_600;
const SECONDS: i64 = 181 * 86_400;

/// Writes an export as JSON Lines.
pub fn write(records: &[Record], settings: &SampleSettings, out: &mut impl Write) -> io::Result<()> {
    let mut random = Rng::with_seed(settings.seed);
    let (suspects, others): (Vec<&Record>, Vec<&Record>) = records.iter().partition(|record| record.label.suspect);
    if suspects.is_empty() || others.is_empty() {
        return Err(io::Error::other("the records hold no suspects, or nothing else"));
    }
    let mut recent: Vec<(String, &Record)> = Vec::new();
    for row in 0..settings.rows {
        if random.u64(..1000) < BROKEN {
            out.write_all(broken(&mut random, row).as_bytes())?;
            continue;
        }
        let kind = random.u64(..100);
        let (text, record) = match recent.get(random.usize(..recent.len().max(1))) {
            Some((text, record)) if kind < REPOSTED => (text.clone(), *record),
            Some((text, record)) if kind < REPOSTED + REWORKED => (reworked(&mut random, text), *record),
            _ => {
                let drawn = if random.f64() < settings.suspects { &suspects } else { &others };
                let record = drawn[random.usize(..drawn.len())];
                (record.text.clone(), record)
            }
        };
        // More posts towards the end: a campaign that grows.
        let moment = FROM + (SECONDS as f64 * random.f64().sqrt()) as i64;
        let posted_at = jiff::Timestamp::from_second(moment).map_err(io::Error::other)?.to_string();
        let post = json!({"id": format!("p{row:07}"), "text": text, "channel": record.channel, "region": record.region, "posted_at": posted_at});
        writeln!(out, "{post}")?;
        if recent.len() == RECENT {
            let at = random.usize(..RECENT);
            recent.swap_remove(at);
        }
        recent.push((text, record));
    }
    out.flush()
}

/// Rows as real exports break them.
fn broken(random: &mut Rng, row: u64) -> String {
    match random.u64(..4) {
        0 => format!("{{\"id\":\"p{row:07}\",\"text\":\"cut off in the mid\n"),
        1 => format!("{{\"id\":\"p{row:07}\",\"text\":\"\"}}\n"),
        2 => format!("{{\"id\":\"p{row:07}\",\"text\":null}}\n"),
        _ => "rate limit exceeded, retry later\n".to_owned(),
    }
}

/// A repost with the small changes that spammers make.
fn reworked(random: &mut Rng, text: &str) -> String {
    match random.u64(..4) {
        0 => format!("{text} 🔥"),
        1 => format!("{text}\n\n#{}", random.u32(100..1000)),
        2 => text.to_uppercase(),
        _ => text.replace(". ", "! "),
    }
}
