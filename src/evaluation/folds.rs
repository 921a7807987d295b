//! [`Fold`]: how a recipe does on what it was kept from learning.

/// A fit measured on some posts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldFigures {
    /// Area under the precision-recall curve.
    pub pr_auc: f64,
    /// Recall at 1 % false alarms.
    pub recall: f64,
}

/// One fold.
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// What was left out, or kept.
    pub name: String,
    /// Records of the train side that were learnt from.
    pub learnt: usize,
    /// Records that were measured on.
    pub records: usize,
    /// Suspects among them.
    pub suspects: usize,
    /// Of the fold.
    pub without: FoldFigures,
    /// Of a fit on the whole train side, on the same posts.
    pub with: FoldFigures,
}
