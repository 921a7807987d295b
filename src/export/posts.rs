//! [`Posts`]: all inputs of a run as one iterator, with what a report needs to know about each of them.

use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Format;
use super::compressed::Compression;
use super::error::ExportError;
use super::fields::FieldMap;
use super::inputs::{Input, Inputs, Place};
use super::opened::{Opened, Request};
use super::rows::Cut;
use crate::post::{Post, Rejected, Source};

/// Characters of a row that a rejection carries: more than a report shows, so that a contact is masked before it is cut.
const SHOWN: usize = 400;

/// What is known of one input; complete once [`Posts`] has gone past it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFacts {
    /// As the user named it, `-` for standard input.
    pub path: String,
    /// Bytes on disk, `None` for standard input and pipes.
    pub size: Option<u64>,
    /// How its rows are written.
    pub format: Format,
    /// How it is packed.
    pub compression: Compression,
    /// SHA-256 of the bytes on disk in hexadecimal, `None` unless they were read to the end.
    pub sha256: Option<String>,
    /// Rows found so far, those rejected or skipped with [`Posts::skip_to`] included; a damaged end counts as one.
    pub records: u64,
    /// It could not be read to its end; the last rejection says why.
    pub damaged: bool,
}

/// What one input turned out to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Rows met.
    pub records: u64,
    /// It could not be read to its end.
    pub damaged: bool,
    /// SHA-256 of the bytes on disk.
    pub sha256: Option<String>,
}

impl From<&InputFacts> for Passed {
    fn from(facts: &InputFacts) -> Self {
        Self { records: facts.records, damaged: facts.damaged, sha256: facts.sha256.clone() }
    }
}

/// How far reading is. It can be sent to another thread and read at any time.
#[derive(Debug, Clone)]
pub struct Progress {
    read: Arc<AtomicU64>,
    total: Option<u64>,
}

impl Progress {
    /// Bytes on disk read so far, that is, compressed ones where a file is compressed.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes on disk to read in all, `None` with standard input or a pipe among the inputs.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }
}

/// The posts of all inputs in order. One row is in memory at a time.
pub struct Posts {
    request: Request,
    inputs: Vec<(Input, Option<Opened>)>,
    facts: Vec<InputFacts>,
    progress: Progress,
    /// The input being read, or the next one.
    at: usize,
    reading: Option<Opened>,
    /// Rows of the next input to pass over.
    skip: u64,
    /// The input that ended before the rows to pass over did.
    shortened: Option<usize>,
    row: Vec<u8>,
}

impl Posts {
    /// Looks at every input before a row is read: a run of hours must not end at the last file for its format. Standard input and pipes are read up to 256 KiB ahead for that.
    ///
    /// Fails before a row is read if an input is missing, unreadable, empty, of an unsupported kind or format, or has no field
    /// for the text or for a name in `map`. Empty files found in a folder, or named beside others, are read as having no rows.
    pub fn open(inputs: Inputs, format: Format, map: FieldMap) -> Result<Self, ExportError> {
        let request = Request { format, map };
        let progress = Progress { read: Arc::default(), total: inputs.list.iter().map(|input| input.size).sum() };
        let several = inputs.list.len() > 1;
        let mut opened_inputs = Vec::new();
        let mut facts = Vec::new();
        for mut input in inputs.list {
            // One empty part among many is a day without posts, not a mistake.
            input.may_be_empty |= several;
            let opened = match &mut input.place {
                Place::File(_) => open_file(&input, &request, Arc::default())?,
                Place::Once(reader) => {
                    let reader = std::mem::replace(reader, Box::new(std::io::empty()));
                    Opened::new(&input.name, reader, input.may_be_empty, &request, Arc::clone(&progress.read))?
                }
            };
            facts.push(InputFacts {
                path: input.name.to_string(),
                size: input.size,
                format: opened.rows.format(),
                compression: opened.compression,
                sha256: None,
                records: 0,
                damaged: false,
            });
            let keep = matches!(input.place, Place::Once(_)).then_some(opened);
            opened_inputs.push((input, keep));
        }
        Ok(Self {
            request,
            inputs: opened_inputs,
            facts,
            progress,
            at: 0,
            reading: None,
            skip: 0,
            shortened: None,
            row: Vec::new(),
        })
    }

    /// Goes to a row of a run that was interrupted: past the inputs it had `passed`, of which it knows what they held, and past the
    /// first `records` rows of the next, which are cut but not parsed. For the first call of a run; rows already handed over do not
    /// come back.
    pub fn skip_to(&mut self, passed: &[Passed], records: u64) {
        self.at = passed.len().min(self.inputs.len());
        for (facts, passed) in self.facts.iter_mut().zip(passed) {
            facts.records = passed.records;
            facts.damaged = passed.damaged;
            facts.sha256.clone_from(&passed.sha256);
        }
        self.reading = None;
        self.skip = records;
        self.report_passed();
    }

    /// The input that holds fewer rows than [`Posts::skip_to`] was told: it is not the one of the interrupted run.
    #[must_use]
    pub fn shortened(&self) -> Option<&str> {
        self.shortened.map(|at| self.facts[at].path.as_str())
    }

    /// A handle on how far reading is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// The inputs in order.
    #[must_use]
    pub fn facts(&self) -> &[InputFacts] {
        &self.facts
    }

    /// Place of the input being read, or to be read next, in [`Posts::facts`].
    #[must_use]
    pub fn file(&self) -> usize {
        self.at
    }

    /// Counts whole files as read, also those passed over or given up.
    fn report_passed(&self) {
        if self.progress.total.is_some() {
            let passed = self.inputs[..self.at].iter().filter_map(|(input, _)| input.size).sum();
            self.progress.read.store(passed, Ordering::Relaxed);
        }
    }

    fn source(&self) -> Source {
        Source { file: Arc::clone(&self.inputs[self.at].0.name), record: self.facts[self.at].records }
    }

    /// Opens the input that is next. `None` once it can be read.
    fn open_next(&mut self) -> Option<Rejected> {
        self.row.clear();
        let (input, kept) = &mut self.inputs[self.at];
        let opened = match kept.take() {
            Some(opened) => Ok(opened),
            None => open_file(input, &self.request, Arc::clone(&self.progress.read)),
        };
        match opened {
            Ok(opened) => self.reading = Some(opened),
            Err(error) => return self.give_up(0, &error.to_string()),
        }
        None
    }

    /// The row at hand becomes a rejection.
    fn reject(&self, offset: u64, reason: String) -> Rejected {
        Rejected { source: self.source(), offset, reason, head: head(&self.row) }
    }

    /// The rest of the input is lost: one rejection stands for it, unless the run resumes behind that one.
    fn give_up(&mut self, offset: u64, why: &str) -> Option<Rejected> {
        let facts = &mut self.facts[self.at];
        facts.damaged = true;
        let reason = format!(
            "the file is damaged after record {}: {why}; the records before it were read, copy or export the file again for the rest",
            facts.records
        );
        facts.records += 1;
        let rejected = if self.skip == 1 { None } else { Some(self.reject(offset, reason)) };
        self.close();
        rejected
    }

    fn close(&mut self) {
        self.facts[self.at].sha256 =
            self.reading.take().filter(|_| !self.facts[self.at].damaged).and_then(|opened| opened.stream.sha256());
        // The rejection that stands for a damaged end is a row too.
        if self.skip > u64::from(self.facts[self.at].damaged) {
            self.shortened = Some(self.at);
        }
        self.skip = 0;
        self.at += 1;
        self.report_passed();
    }
}

impl Iterator for Posts {
    type Item = Result<Post, Rejected>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.inputs.len() {
            let Some(opened) = &mut self.reading else {
                if let Some(rejected) = self.open_next() {
                    return Some(Err(rejected));
                }
                continue;
            };
            let mut offset = 0;
            let cut = opened.rows.cut(&mut opened.stream, &mut self.row, &mut offset);
            match cut {
                Ok(Cut::End) => {
                    self.close();
                    continue;
                }
                Err(error) => match self.give_up(offset, &error.to_string()) {
                    Some(rejected) => return Some(Err(rejected)),
                    None => continue,
                },
                Ok(_) => self.facts[self.at].records += 1,
            }
            if self.skip > 0 {
                self.skip -= 1;
                continue;
            }
            if let Ok(Cut::Bad(reason)) = cut {
                return Some(Err(self.reject(offset, reason)));
            }
            let source = self.source();
            let Some(opened) = &mut self.reading else { continue };
            let post =
                opened.rows.fields(&self.row, &self.request.map).and_then(|fields| fields.into_post(&source, &self.request.map));
            return Some(post.map_err(|reason| self.reject(offset, reason)));
        }
        None
    }
}

fn open_file(input: &Input, request: &Request, counter: Arc<AtomicU64>) -> Result<Opened, ExportError> {
    let Place::File(path) = &input.place else { return Err(ExportError::Missing { path: input.name.to_string() }) };
    let file = File::open(path).map_err(|source| ExportError::Unreadable { path: input.name.to_string(), source })?;
    Opened::new(&input.name, Box::new(file), input.may_be_empty, request, counter)
}

/// The beginning of a row, decoded as far as it can be.
fn head(row: &[u8]) -> String {
    let longest_character = 4;
    let start = String::from_utf8_lossy(&row[..row.len().min(SHOWN * longest_character)]);
    let Some((cut, _)) = start.char_indices().nth(SHOWN) else { return start.into_owned() };
    // Half a word could be half an address, which nobody would know to mask.
    let end = start[..cut].rfind(char::is_whitespace).unwrap_or(cut);
    start[..end].to_owned()
}
