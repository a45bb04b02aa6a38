//! Whether bytes are those that an `ETag` was given for.

use data_encoding::HEXLOWER;
use md5::{Digest, Md5};

use super::multipart::etag_of_parts;
use super::transfer::PART_SIZE;

/// Lengths of parts that our objects are made of: of uploads by browsers, and of files that we upload.
const PARTS: [u64; 2] = [5 << 20, PART_SIZE];

/// Takes bytes and judges them. Storage that gives an object the MD5 of its bytes as its `ETag`, as S3 does, can be checked so.
pub struct EtagCheck {
    expected: String,
    size: u64,
    seen: u64,
    guesses: Vec<Guess>,
}

/// An `ETag` as it comes out if the object was made of such parts.
struct Guess {
    /// None for an object that was sent whole.
    part: Option<u64>,
    room: u64,
    current: Md5,
    etags: Vec<String>,
}

impl EtagCheck {
    /// For an object of this size and `ETag`.
    #[must_use]
    pub fn new(size: u64, etag: &str) -> Self {
        let guess = |part: Option<u64>| Guess { part, room: part.unwrap_or(u64::MAX), current: Md5::new(), etags: Vec::new() };
        let guesses = match etag.split_once('-') {
            None if is_md5(etag) => vec![guess(None)],
            Some((digest, count)) if is_md5(digest) => {
                let fits = |part: &u64| count.parse() == Ok(size.div_ceil(*part));
                PARTS.into_iter().filter(fits).map(|part| guess(Some(part))).collect()
            }
            _ => Vec::new(),
        };
        Self { expected: etag.to_owned(), size, seen: 0, guesses }
    }

    /// The next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.seen += bytes.len() as u64;
        for guess in &mut self.guesses {
            guess.update(bytes);
        }
    }

    /// Whether those were all bytes, and the right ones. Where the `ETag` tells nothing of the bytes, their number decides.
    #[must_use]
    pub fn holds(self) -> bool {
        let is_known =
            self.guesses.is_empty() || self.guesses.into_iter().any(|guess| guess.etag() == Some(self.expected.clone()));
        self.seen == self.size && is_known
    }
}

impl Guess {
    fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.room == 0 {
                self.end_part();
            }
            let (now, later) = bytes.split_at(bytes.len().min(usize::try_from(self.room).unwrap_or(usize::MAX)));
            self.current.update(now);
            self.room -= now.len() as u64;
            bytes = later;
        }
    }

    fn end_part(&mut self) {
        self.etags.push(HEXLOWER.encode(&std::mem::take(&mut self.current).finalize()));
        self.room = self.part.unwrap_or(u64::MAX);
    }

    fn etag(mut self) -> Option<String> {
        self.end_part();
        match self.part {
            None => self.etags.pop(),
            Some(_) => etag_of_parts(self.etags.iter().map(String::as_str)),
        }
    }
}

/// Whether an `ETag` is the MD5 of an object that was sent whole.
pub(super) fn is_md5(etag: &str) -> bool {
    etag.len() == 32 && etag.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn md5(bytes: &[u8]) -> String {
        HEXLOWER.encode(&Md5::digest(bytes))
    }

    fn holds(size: u64, etag: &str, bytes: &[u8]) -> bool {
        let mut check = EtagCheck::new(size, etag);
        bytes.chunks(1_000_003).for_each(|chunk| check.update(chunk));
        check.holds()
    }

    #[test]
    fn bytes_that_were_sent_whole_are_told_from_others() {
        let etag = md5(b"Article 9");
        assert!(holds(9, &etag, b"Article 9"));
        assert!(!holds(9, &etag, b"Article 8"));
        assert!(!holds(9, &etag, b"Article"));
        assert!(holds(0, &md5(b""), b""));
    }

    #[test]
    fn bytes_that_were_sent_in_parts_are_told_from_others() {
        for part in PARTS {
            let mut bytes = vec![7; usize::try_from(2 * part + 5).expect("it fits")];
            let parts: Vec<_> = bytes.chunks(usize::try_from(part).expect("it fits")).map(md5).collect();
            let etag = etag_of_parts(parts.iter().map(String::as_str)).expect("they are MD5s");
            assert!(holds(bytes.len() as u64, &etag, &bytes));
            bytes[1] = 8;
            assert!(!holds(bytes.len() as u64, &etag, &bytes));
        }
    }

    #[test]
    fn an_etag_that_tells_nothing_leaves_it_to_the_size() {
        for etag in ["W/\"opaque\"", "0123456789abcdef0123456789abcdef-7"] {
            assert!(holds(3, etag, b"any"));
            assert!(!holds(4, etag, b"any"));
        }
    }
}
