//! The table of `folds`.

use super::columns::Columns;
use super::evaluation::three;
use crate::evaluation::{Fold, FoldFigures};

/// Folds, the worst PR-AUC first, and their medians, which say nothing of parts that lie within each other.
#[must_use]
pub fn folds_text(folds: &[Fold], nested: bool, markdown: bool) -> String {
    let head = ["fold (worst first)", "learnt from", "measured on", "suspect", "PR-AUC", "with all", "recall at 1 %", "with all"];
    let mut table = Columns::new(markdown, &head);
    let mut sorted: Vec<&Fold> = folds.iter().collect();
    sorted.sort_by(|a, b| a.without.pr_auc.total_cmp(&b.without.pr_auc));
    for Fold { name, learnt, records, suspects, without, with } in sorted {
        let [learnt, records, suspects] = [learnt, records, suspects].map(ToString::to_string);
        let [pr_auc, pr_auc_with, recall, recall_with] = [without.pr_auc, with.pr_auc, without.recall, with.recall].map(three);
        table.row(&[name.clone(), learnt, records, suspects, pr_auc, pr_auc_with, recall, recall_with]);
    }
    if nested {
        return table.finish();
    }
    let median = |of: fn(&Fold) -> FoldFigures| {
        let middle = |figure: fn(FoldFigures) -> f64| {
            let mut all: Vec<f64> = folds.iter().map(|fold| figure(of(fold))).filter(|figure| figure.is_finite()).collect();
            all.sort_by(f64::total_cmp);
            match all.len() {
                0 => f64::NAN,
                count => f64::midpoint(all[(count - 1) / 2], all[count / 2]),
            }
        };
        [middle(|figures| figures.pr_auc), middle(|figures| figures.recall)].map(three)
    };
    let ([pr_auc, recall], [pr_auc_with, recall_with]) = (median(|fold| fold.without), median(|fold| fold.with));
    table.row(&["median".to_owned(), String::new(), String::new(), String::new(), pr_auc, pr_auc_with, recall, recall_with]);
    table.finish()
}
