//! `lurescan` finds signals of fraudulent recruitment in exports of job and dating posts, on one machine, offline.
//!
//! One way through, and each stage takes one noun and returns the next:
//!
//! ```text
//! export file ─ export ─▶ Post ─ text ─▶ NormalText ─┬─ tokens ─▶ Batch ─ classifier ─▶ Logits ─ verdict ─▶ Verdict ─┐
//!                                                    ├─ patterns ─▶ Evidence ────────────────────────────────────────┤
//!                                                    ├─ regions ─▶ Regions ──────────────────────────────────────────┼─▶ Finding ─ aggregate ─▶ Tally ─ report ─▶ files
//!                                                    ├─ contacts ─▶ Contact ─────────────────────────────────────────┤
//!                                                    └─ terms ─▶ Terms ──────────────────────────────────────────────┘
//! ```
//!
//! [`scan`] is the corridor, the only room that knows all of these. Researchers come in by another door: [`labelled`] records
//! go through [`training`] (heads on the encoder that [`base`] brings) and [`evaluation`]. The modules below stand in reading
//! order; a room imports nouns and rooms before it, never later ones, and a test holds that.
//!
//! A finding is a signal for human review, never an accusation; the author of a post may be a victim.

pub mod post;

pub mod typology;

pub mod evidence;

pub mod export;

pub mod text;

pub mod tokens;

pub mod classifier;

pub mod verdict;

pub mod attribution;

pub mod patterns;

pub mod regions;

pub mod contacts;

pub mod terms;

pub mod guidance;

pub mod lists;

pub mod campaign;

pub mod finding;

pub mod aggregate;

pub mod labelled;

pub mod evasion;

pub mod evaluation;

pub mod corpus;

pub mod exchange;

pub mod report;

pub mod base;

pub mod training;

pub mod sample;

pub mod scan;

pub mod cli;
