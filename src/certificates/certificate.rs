//! What a certificate says.

use async_graphql::Enum;
use chrono::NaiveDate;

use super::ticket::Form;
use crate::{clock::Instant, language::Language};

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "CertificateKind")]
pub enum Kind {
    /// A completed course.
    Course,
    /// A webinar that was attended.
    Webinar,
}

/// A certificate: plain values, whatever they came from.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// What it is for.
    pub kind: Kind,
    /// The language that it is written in, one of the site's.
    pub language: Language,
    /// Whose it is.
    pub holder: Holder,
    /// Title of the course or webinar.
    pub title: String,
    /// What names it for programs, as a URI.
    pub achievement: String,
    /// When that was.
    pub at: Instant,
    /// The day of that where the holder is.
    pub day: NaiveDate,
    /// How long it was, where that is known.
    pub minutes: Option<u32>,
    /// Name of the site.
    pub issuer: String,
    /// Names of those who organised it.
    pub organisers: Vec<String>,
    /// Who paid for it, at most six.
    pub funders: Vec<Funder>,
    /// What proves it, as people read it.
    pub code: String,
    /// Page where anyone can check the code.
    pub check_url: String,
}

impl Certificate {
    /// The name of its file, in ASCII.
    #[must_use]
    pub fn file_name(&self, form: Form) -> String {
        format!("certificate-{}-{}.{}", self.code, self.language.tag(), form.ending())
    }
}

/// The names of a person.
#[derive(Clone, Debug)]
pub struct Holder {
    /// In their own script.
    pub full_name: String,
    /// In Latin letters.
    pub latin_name: Option<String>,
}

/// The credit that somebody who paid for it asks for.
#[derive(Clone, Debug)]
pub struct Funder {
    /// Name.
    pub name: String,
    /// What is to be said, in the language of the certificate.
    pub sentence: String,
    /// Emblem.
    pub emblem: Option<Emblem>,
}

impl Funder {
    /// The sentence, with the name unless it has it.
    #[must_use]
    pub fn credit(&self) -> String {
        match self.sentence.as_str() {
            "" => self.name.clone(),
            sentence if sentence.contains(&self.name) => sentence.to_owned(),
            sentence => format!("{} · {sentence}", self.name),
        }
    }
}

/// A picture in PNG that a certificate can hold.
#[derive(Clone, Debug)]
pub struct Emblem {
    png: Vec<u8>,
    width: u32,
    height: u32,
}

/// Pixels of an emblem: decoding it takes four bytes for each.
const MOST_PIXELS: u64 = 4_000_000;

impl Emblem {
    /// Reads the head of a PNG (its signature and the chunk IHDR); `None` when it is none, or too large.
    #[must_use]
    pub fn png(png: Vec<u8>) -> Option<Self> {
        let head = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..16)?;
        let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
        let (width, height) = (number(4)?, number(8)?);
        let is_fit = head.starts_with(b"IHDR") && width > 0 && height > 0 && u64::from(width) * u64::from(height) <= MOST_PIXELS;
        is_fit.then_some(Self { png, width, height })
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.png
    }

    /// Width over height.
    #[must_use]
    pub fn ratio(&self) -> f32 {
        self.width as f32 / self.height as f32
    }
}
