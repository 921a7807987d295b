//! [`Table`]: figures on their way to a reader, before anybody decides whether on paper or on a screen.

/// A table with its heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it counts.
    pub title: String,
    /// What a reader must know to read it.
    pub note: String,
    /// Headings; the first column holds names, the others figures.
    pub head: Vec<&'static str>,
    /// Rows, each as long as the heading.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(title: &str, note: &str, head: &[&'static str]) -> Self {
        Self { title: title.to_owned(), note: note.to_owned(), head: head.to_vec(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, name: &str, cells: impl IntoIterator<Item = String>) {
        self.rows.push([name.to_owned()].into_iter().chain(cells).collect());
    }
}

/// One in so many, as a percentage with one decimal.
pub(super) fn percent(part: usize, of: usize) -> String {
    if of == 0 { "·".to_owned() } else { format!("{:.1} %", 100.0 * part as f64 / of as f64) }
}
