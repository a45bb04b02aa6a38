//! What a certificate says.

use std::io::Cursor;

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

/// The language that a certificate is written in: the one asked for if it is one of the site's, else that of the holder then.
#[must_use]
pub fn language_of(asked: Option<&Language>, of_holder: &Language) -> Language {
    let wanted = asked.into_iter().chain([of_holder]);
    wanted.map(Language::of_site).find(Option::is_some).flatten().unwrap_or_else(Language::english)
}

/// The names that a person went by when what the certificate is for was recorded.
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

/// Pixels of an emblem: decoding it takes up to eight bytes for each.
const MOST_PIXELS: u64 = 4_000_000;
/// Bytes that decoding may take.
const MOST_DECODED: usize = 64 << 20;

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

    /// A picture decoded and written anew, in 8 bits and without what else its file held; `None` when it is none, too large or
    /// broken. Takes tens of milliseconds of a core.
    #[must_use]
    pub fn rewritten(png: &[u8]) -> Option<Vec<u8>> {
        Self::png(png.to_vec())?;
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(png), png::Limits { bytes: MOST_DECODED });
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        let mut reader = decoder.read_info().ok()?;
        let mut pixels = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut pixels).ok()?;
        let mut rewritten = Vec::new();
        let mut encoder = png::Encoder::new(&mut rewritten, frame.width, frame.height);
        encoder.set_color(frame.color_type);
        encoder.set_depth(frame.bit_depth);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(pixels.get(..frame.buffer_size())?).ok()?;
        writer.finish().ok()?;
        Some(rewritten)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(note: &str) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 2, 1);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Sixteen);
        encoder.add_text_chunk("Author".into(), note.into()).expect("a note");
        let mut writer = encoder.write_header().expect("a head");
        writer.write_image_data(&[255; 12]).expect("pixels");
        writer.finish().expect("an end");
        file
    }

    #[test]
    fn nothing_but_the_picture_is_kept_and_a_broken_one_is_none() {
        let sent = picture("somebody@example.org");
        let kept = Emblem::rewritten(&sent).expect("a picture");
        let holds = |file: &[u8]| file.windows(8).any(|part| part == b"somebody");
        assert!(holds(&sent) && !holds(&kept));
        assert_eq!(Emblem::png(kept).map(|emblem| (emblem.width, emblem.height)), Some((2, 1)));
        assert!(Emblem::rewritten(&sent[..sent.len() - 20]).is_none());
        assert!(Emblem::rewritten(b"<svg/>").is_none());
    }
}
