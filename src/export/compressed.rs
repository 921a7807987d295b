//! Bytes of a file → decompressed bytes.
//!
//! The first bytes decide, not the extension: exports are renamed more often than they are recompressed.
//! [`Tap`] sits below the decoder, so progress and hash speak of the file as it lies on disk.

use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip, one member or several.
    Gzip,
    /// Zstandard, one frame or several.
    Zstd,
}

/// Window of Reddit dumps (`--long=31`); the decoder refuses anything above 2^27 unless told.
const ZSTD_WINDOW_LOG: u32 = 31;
const BUFFER: usize = 128 << 10;
/// Longest magic number that [`super::sniff`] and [`Decoder`] look for.
const MAGIC: usize = 8;

/// A file that counts and hashes what is read from it.
pub(super) struct Tap {
    inner: Box<dyn Read + Send>,
    first: [u8; MAGIC],
    first_len: usize,
    first_at: usize,
    hash: Sha256,
    counter: Arc<AtomicU64>,
    ended: bool,
}

impl Tap {
    pub(super) fn new(inner: Box<dyn Read + Send>, counter: Arc<AtomicU64>) -> Self {
        Self { inner, first: [0; MAGIC], first_len: 0, first_at: 0, hash: Sha256::new(), counter, ended: false }
    }

    /// The first bytes, which stay to be read.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        while self.first_len < MAGIC && !self.ended {
            let mut more = [0; MAGIC];
            let read = match self.read_inner(&mut more[self.first_len..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            let end = self.first_len + read;
            self.first[self.first_len..end].copy_from_slice(&more[self.first_len..end]);
            self.first_len = end;
        }
        Ok(&self.first[..self.first_len])
    }

    /// SHA-256 of the file in hexadecimal, once its end was seen.
    pub(super) fn sha256(&self) -> Option<String> {
        self.ended.then(|| format!("{:x}", self.hash.clone().finalize()))
    }

    fn read_inner(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.ended |= read == 0 && !buffer.is_empty();
        self.hash.update(&buffer[..read]);
        self.counter.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.first_at == self.first_len {
            return self.read_inner(buffer);
        }
        let read = (&self.first[self.first_at..self.first_len]).read(buffer)?;
        self.first_at += read;
        Ok(read)
    }
}

/// The decompressed side of a [`Tap`].
pub(super) enum Decoder {
    Plain(Tap),
    Gzip(Box<MultiGzDecoder<BufReader<Tap>>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<Tap>>>),
}

impl Decoder {
    pub(super) fn new(mut tap: Tap) -> io::Result<Self> {
        let compression = match tap.peek()? {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            // The second shape is a skippable frame, which parallel compressors put first.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        };
        Ok(match compression {
            Compression::None => Self::Plain(tap),
            Compression::Gzip => Self::Gzip(Box::new(MultiGzDecoder::new(BufReader::with_capacity(BUFFER, tap)))),
            Compression::Zstd => {
                let mut decoder = zstd::Decoder::with_buffer(BufReader::with_capacity(BUFFER, tap))?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Self::Zstd(Box::new(decoder))
            }
        })
    }

    pub(super) fn compression(&self) -> Compression {
        match self {
            Self::Plain(_) => Compression::None,
            Self::Gzip(_) => Compression::Gzip,
            Self::Zstd(_) => Compression::Zstd,
        }
    }

    pub(super) fn tap(&self) -> &Tap {
        match self {
            Self::Plain(tap) => tap,
            Self::Gzip(decoder) => decoder.get_ref().get_ref(),
            Self::Zstd(decoder) => decoder.get_ref().get_ref(),
        }
    }
}

impl Read for Decoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(tap) => tap.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(decoder) => decoder.read(buffer),
        }
    }
}
