//! Paths as the user typed them → the files to read, in an order that does not depend on the machine.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Format;
use super::error::ExportError;
use super::sniff::by_extension;

/// Standard input, as the user types it.
const STDIN: &str = "-";
const WILDCARDS: [char; 3] = ['*', '?', '['];

/// The files of a run, found but not yet read.
#[derive(Debug)]
pub struct Inputs {
    pub(super) list: Vec<Input>,
    /// See [`Inputs::passed_over`].
    passed_over: Vec<PathBuf>,
}

/// One file.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: Arc<str>,
    pub(super) place: Place,
    /// Bytes on disk, where that can be known.
    pub(super) size: Option<u64>,
    /// Found in a folder and not named by the user: an empty one is no mistake.
    pub(super) may_be_empty: bool,
}

/// Where the bytes come from.
pub(super) enum Place {
    File(PathBuf),
    /// Standard input or a pipe: it can be read once.
    Once(Box<dyn Read + Send>),
}

impl std::fmt::Debug for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
            Self::Once(_) => formatter.write_str("Once"),
        }
    }
}

impl Inputs {
    /// Finds what `arguments` name: files, folders with all they hold, globs where no such file exists, `-` for standard input.
    ///
    /// Arguments keep their order; what a folder or glob stands for is sorted by path. In folders only files whose names end in a
    /// known extension count, hidden ones do not, and neither does a folder that a scan wrote. A file named twice is read once.
    pub fn find<A: AsRef<Path>>(arguments: impl IntoIterator<Item = A>) -> Result<Self, ExportError> {
        let mut found = Found::default();
        for argument in arguments {
            found.argument(argument.as_ref())?;
        }
        if found.list.is_empty() {
            return Err(ExportError::BadInput {
                input: "the list of inputs".into(),
                reason: "it is empty; name a file, a folder or `-`".into(),
            });
        }
        found.passed_over.sort();
        Ok(Self { list: found.list, passed_over: found.passed_over })
    }

    /// One input that is read from `reader` and called `name`.
    pub fn from_reader(name: &str, reader: impl Read + Send + 'static) -> Self {
        Self {
            list: vec![Input { name: name.into(), place: Place::Once(Box::new(reader)), size: None, may_be_empty: false }],
            passed_over: Vec::new(),
        }
    }

    /// Files of folders that are not read, since their names promise no export.
    #[must_use]
    pub fn passed_over(&self) -> &[PathBuf] {
        &self.passed_over
    }

    /// Names of the files in the order they will be read.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|input| &*input.name)
    }
}

#[derive(Default)]
struct Found {
    list: Vec<Input>,
    known: HashSet<PathBuf>,
    passed_over: Vec<PathBuf>,
}

impl Found {
    fn argument(&mut self, path: &Path) -> Result<(), ExportError> {
        if path.as_os_str() == STDIN {
            if self.known.insert(path.to_owned()) {
                let place = Place::Once(Box::new(io::stdin()));
                self.list.push(Input { name: STDIN.into(), place, size: None, may_be_empty: false });
            }
            return Ok(());
        }
        match fs::metadata(path) {
            Ok(_) => self.path(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                match path.to_str().filter(|path| path.contains(WILDCARDS)) {
                    Some(pattern) => glob(pattern)?.iter().try_for_each(|path| self.path(path)),
                    None => Err(ExportError::Missing { path: show(path) }),
                }
            }
            Err(source) => Err(ExportError::Unreadable { path: show(path), source }),
        }
    }

    /// A path that exists.
    fn path(&mut self, path: &Path) -> Result<(), ExportError> {
        let unreadable = |source| ExportError::Unreadable { path: show(path), source };
        let meta = fs::metadata(path).map_err(unreadable)?;
        if meta.is_dir() {
            let mut files = Vec::new();
            walk(path, &mut files, &mut self.passed_over)?;
            if files.is_empty() {
                return Err(ExportError::NoExports { path: show(path) });
            }
            files.sort();
            return files.into_iter().try_for_each(|file| {
                let meta = fs::metadata(&file).map_err(|source| ExportError::Unreadable { path: show(&file), source })?;
                self.file(file, &meta, true)
            });
        }
        self.file(path.to_owned(), &meta, false)
    }

    fn file(&mut self, path: PathBuf, meta: &fs::Metadata, in_folder: bool) -> Result<(), ExportError> {
        let unreadable = |source| ExportError::Unreadable { path: show(&path), source };
        if !self.known.insert(fs::canonicalize(&path).unwrap_or_else(|_| path.clone())) {
            return Ok(());
        }
        let name = show(&path).into();
        let (place, size) = if meta.is_file() {
            (Place::File(path), Some(meta.len()))
        } else {
            (Place::Once(Box::new(File::open(&path).map_err(unreadable)?)), None)
        };
        self.list.push(Input { name, place, size, may_be_empty: in_folder });
        Ok(())
    }
}

/// The paths a pattern stands for, sorted; at least one.
fn glob(pattern: &str) -> Result<Vec<PathBuf>, ExportError> {
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let paths = glob::glob_with(pattern, options)
        .map_err(|error| ExportError::BadInput { input: pattern.to_owned(), reason: format!("{error}; correct the pattern") })?;
    let mut paths = paths
        .map(|path| path.map_err(|error| ExportError::Unreadable { path: show(error.path()), source: error.into() }))
        .collect::<Result<Vec<_>, _>>()?;
    if paths.is_empty() {
        return Err(ExportError::NoMatch { pattern: pattern.to_owned() });
    }
    paths.sort();
    Ok(paths)
}

/// The path itself where something stands there, else what it stands for as a glob.
pub fn expand(path: &Path) -> Result<Vec<PathBuf>, ExportError> {
    match path.to_str().filter(|pattern| pattern.contains(WILDCARDS)) {
        _ if path.exists() => Ok(vec![path.to_owned()]),
        Some(pattern) => glob(pattern),
        None => Err(ExportError::Missing { path: show(path) }),
    }
}

/// Whether a scan wrote this folder: it is no input, and only such a folder is cleared for another scan.
#[must_use]
pub fn is_scan(folder: &Path) -> bool {
    folder.join("findings.jsonl").is_file() && ["run.json", "checkpoint.json"].iter().any(|name| folder.join(name).is_file())
}

/// Collects the exports in `folder` and below, and the files that are none by their names.
fn walk(folder: &Path, files: &mut Vec<PathBuf>, others: &mut Vec<PathBuf>) -> Result<(), ExportError> {
    // `lurescan scan .` must not scan its own findings.
    if is_scan(folder) {
        return Ok(());
    }
    let unreadable = |source| ExportError::Unreadable { path: show(folder), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let kind = entry.file_type().map_err(unreadable)?;
        if name.starts_with('.') {
            continue;
        }
        // A link to a folder may lead back up.
        if kind.is_dir() {
            walk(&entry.path(), files, others)?;
        } else if entry.path().is_file() {
            let list = if by_extension(&name) == Format::Auto { &mut *others } else { &mut *files };
            list.push(entry.path());
        }
    }
    Ok(())
}

fn show(path: &Path) -> String {
    path.display().to_string()
}
