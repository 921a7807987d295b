//! The inventory: labelled records as a whole → what is wrong with them, what they hold, and how well two readers agree.
//!
//! Comes in: records and lines of [`labelled`](crate::labelled). Goes out: the problems of [`check`], the figures and tables of an
//! [`Inventory`], an [`Agreement`]. It exists because a figure of a model is worth no more than the records behind it.

mod agreement;
pub mod check;
mod figure;
mod kappa;
mod logistic;
mod probe;
mod reading;
mod stats;
mod table;

pub use agreement::Agreement;
pub use figure::{Bound, Figure, Unit};
pub use probe::{Probe, Probed, probe};
pub use reading::Reading;
pub use stats::Inventory;
pub use table::Table;
