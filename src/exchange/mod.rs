//! The loading dock: sets of others into our lines ([`import`]), sets of ours into files and metadata that others read ([`catalogue`]).
//!
//! What a foreign set does not say stays absent: no indicator, country or context is made up on the way in.

pub mod catalogue;
pub mod import;
