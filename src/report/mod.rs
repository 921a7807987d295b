//! Findings and tally → bytes. One format, one file; every serialised type of a scan's output lives here.
//!
//! Text leaves this room masked: whatever a file or `explain` shows of a post's text or channel, its contacts are replaced first.

mod calibration;
mod clusters;
mod columns;
mod evaluation;
mod evaluation_json;
mod explain;
mod finding;
mod folds;
mod guidance;
mod html;
mod inventory;
mod lead_terms;
mod leads;
mod masked;
mod model_index;
mod rejected;
mod run;
mod summary;
mod tally;
mod typology;

pub use calibration::calibration_text;
pub use clusters::Clusters;
pub use evaluation::{EvaluationHead, comparison_text, evaluation_text};
pub use evaluation_json::{evaluation_json, read_evaluation};
pub use explain::explain;
pub use finding::{FindingWriter, TextShown};
pub use folds::folds_text;
pub use html::html;
pub use inventory::{inventory_html, inventory_text, tables_text};
pub use leads::{Lead, Leads};
pub use model_index::model_index;
pub use rejected::rejected_line;
pub use run::{InputRecord, RunRecord, StageSeconds, run_json};
pub use summary::summary;
pub use tally::{shared_json, tally_csv, tally_json};
pub use typology::typology;
