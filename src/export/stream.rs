//! [`Stream`]: decompressed bytes that know their offset, can be looked at before they are read, and taken back.
//!
//! Looking ahead serves the guess of the format on pipes, which cannot be opened twice. Taking back serves recovery: a row that
//! never ends is given up, and reading goes on inside what it swallowed.

use std::io::{self, BufRead, BufReader, Read};

use super::compressed::Decoder;

/// How much is looked at before the first row is read.
const HEAD: usize = 256 << 10;
const BUFFER: usize = 128 << 10;

/// A buffered, counted, rewindable reader.
pub(super) struct Stream {
    ahead: Vec<u8>,
    at: usize,
    /// Bytes read past `ahead` since it was filled.
    beyond: u64,
    offset: u64,
    /// An error met while looking ahead, due when the bytes before it are read.
    failed: Option<io::Error>,
    /// `ahead` is all there is.
    whole: bool,
    rest: Option<BufReader<Decoder>>,
}

impl Stream {
    /// Looks at the head of `decoder` and steps over a byte order mark.
    pub(super) fn new(decoder: Decoder) -> Self {
        let mut rest = BufReader::with_capacity(BUFFER, decoder);
        let mut ahead = Vec::new();
        let result = rest.by_ref().take(HEAD as u64).read_to_end(&mut ahead);
        let whole = result.is_ok() && ahead.len() < HEAD;
        let mut stream = Self { ahead, at: 0, beyond: 0, offset: 0, failed: result.err(), whole, rest: Some(rest) };
        stream.skip_mark();
        stream
    }

    /// A stream over bytes in memory, to try a reader on a head.
    pub(super) fn of(head: &[u8]) -> Self {
        Self { ahead: head.to_vec(), at: 0, beyond: 0, offset: 0, failed: None, whole: true, rest: None }
    }

    fn skip_mark(&mut self) {
        if self.ahead.starts_with(b"\xef\xbb\xbf") {
            self.consume(3);
        }
    }

    /// What was looked at and not yet read.
    pub(super) fn head(&self) -> &[u8] {
        &self.ahead[self.at..]
    }

    /// The head is the whole content, undamaged.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Bytes read so far, which is where the next row begins.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// SHA-256 of the file below, once read to its end.
    pub(super) fn sha256(&self) -> Option<String> {
        self.rest.as_ref()?.get_ref().tap().sha256()
    }

    /// Takes back the last bytes read, which must be `bytes`.
    pub(super) fn unread(&mut self, bytes: &[u8]) {
        if self.beyond == 0 {
            self.at -= bytes.len();
        } else {
            self.ahead.clear();
            self.ahead.extend_from_slice(bytes);
            self.at = 0;
            self.beyond = 0;
        }
        self.offset -= bytes.len() as u64;
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.ahead.len() {
            return Ok(&self.ahead[self.at..]);
        }
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        match &mut self.rest {
            Some(rest) => rest.fill_buf(),
            None => Ok(&[]),
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.at < self.ahead.len() {
            self.at += amount;
        } else if let Some(rest) = &mut self.rest {
            rest.consume(amount);
            self.beyond += amount as u64;
        }
        self.offset += amount as u64;
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}
