//! The one integration binary: every further one would link candle again. Each module below is a room or a promise.
#![expect(clippy::unwrap_used, reason = "tests say what they expect by unwrapping it")]

/// What the tests share.
mod util;

/// The post room: bytes of an export in, posts and rejections out.
mod export;

/// The reading glasses: disguises undone, languages named.
mod text;

/// Telephone numbers, mail, links, handles and wallets: found, masked, keyed.
mod contacts;

/// The places a post speaks of.
mod regions;

/// Which part a country plays where the words leave it open.
mod inference;

/// What offers state of their terms.
mod terms;

/// What every rule card sees and what it leaves alone.
mod patterns;

/// Numbers against the Python originals.
mod parity;

/// Findings added up, and the counts that may leave the team.
mod aggregate;

/// The files of a run: their shape.
mod report;

/// What they escape and what they hide.
mod page;

/// The disguises that people put on.
mod evasion;

/// Labelled sets: checked, counted, split, compared, brought in and handed out.
mod datasets;

/// Models made and made again.
mod training;

/// Models measured, compared and calibrated.
mod evaluation;

/// The corridor: nothing lost, nothing dependent on threads, batches, chunks, shards or interruptions.
mod scan;

/// The program as a user meets it.
mod cli;

/// The house rules of the source.
mod tidy;
