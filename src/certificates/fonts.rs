//! The fonts of certificates. Three come with the server and cover the languages of the site; for names in other scripts
//! the machine's own Noto fonts are looked through, where it has any.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use harfrust::{Direction, FontRef, GlyphBuffer, ShapeOptions, ShaperData, UnicodeBuffer};
use krilla::{Data, text::Font};
use skrifa::MetadataProvider;
use unicode_normalization::char::is_combining_mark;

use crate::language::Language;

/// A font, read.
pub struct Face {
    data: Data,
    index: u32,
    shaper: ShaperData,
    /// As it is embedded.
    pub font: Font,
    /// From the baseline up, for a size of one.
    pub ascent: f32,
    /// From the baseline down.
    pub descent: f32,
}

impl Face {
    fn read(data: Data, index: u32) -> Option<Arc<Self>> {
        let font = Font::new(data.clone(), index)?;
        let face = FontRef::from_index(data.as_ref(), index).ok()?;
        let metrics = face.metrics(skrifa::instance::Size::new(1.0), skrifa::instance::LocationRef::default());
        let (ascent, descent, shaper) = (metrics.ascent, -metrics.descent, ShaperData::new(&face));
        Some(Arc::new(Self { data, index, shaper, font, ascent, descent }))
    }

    fn face(&self) -> FontRef<'_> {
        FontRef::from_index(self.data.as_ref(), self.index).expect("it was read before")
    }

    /// Whether it can show `c`.
    fn has(&self, c: char) -> bool {
        self.face().charmap().map(c).is_some()
    }

    /// The glyphs of `text`, which is in one script and direction, in the order in which they stand.
    pub fn shape(&self, text: &str, before: &str, after: &str, direction: Direction) -> GlyphBuffer {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_pre_context(before);
        buffer.set_post_context(after);
        buffer.guess_segment_properties();
        buffer.set_direction(direction);
        self.shaper.shaper(&self.face()).build().shape(buffer, ShapeOptions::new())
    }
}

static LATIN: LazyLock<Arc<Face>> = LazyLock::new(|| ours(include_bytes!("../../fonts/NotoSans-Regular.ttf")));
static ARABIC: LazyLock<Arc<Face>> = LazyLock::new(|| ours(include_bytes!("../../fonts/NotoNaskhArabic-Regular.ttf")));
static CHINESE: LazyLock<Arc<Face>> = LazyLock::new(|| ours(include_bytes!("../../fonts/NotoSansSC-Regular.otf")));

fn ours(file: &'static [u8]) -> Arc<Face> {
    Face::read(file.into(), 0).expect("the fonts that are built in can be read")
}

/// The fonts that one certificate is set in, best first.
pub struct Fonts(Vec<Arc<Face>>);

impl Fonts {
    /// Ours, and those of the machine that are needed besides for `texts`.
    #[must_use]
    pub fn of(language: &Language, texts: &[&str]) -> Self {
        let order = match language.primary() {
            "ar" => [&ARABIC, &LATIN, &CHINESE],
            "zh" => [&CHINESE, &LATIN, &ARABIC],
            _ => [&LATIN, &ARABIC, &CHINESE],
        };
        let mut fonts = Self(order.map(|face| Arc::clone(face)).to_vec());
        for c in texts.iter().flat_map(|text| text.chars()).filter(|c| is_needed(*c)) {
            if fonts.find(c, None).is_none() {
                fonts.0.extend(of_machine(c).find_map(Found::read));
            }
        }
        fonts
    }

    /// The font for `c`: that of the character before it where it has both, so that marks and signs stay with their letters.
    #[must_use]
    pub fn find(&self, c: char, before: Option<usize>) -> Option<usize> {
        let is_bound = |face: &usize| !c.is_alphanumeric() && self.0[*face].has(c);
        before.filter(is_bound).or_else(|| self.0.iter().position(|face| face.has(c)))
    }

    /// One of them.
    #[must_use]
    pub fn face(&self, at: usize) -> &Arc<Face> {
        &self.0[at]
    }
}

/// Whether fonts of ours or of the machine can show all of `text`. Pictures and signs that none has are left out, letters
/// never are.
#[must_use]
pub fn can_show(text: &str) -> bool {
    let ours = [&LATIN, &ARABIC, &CHINESE];
    text.chars().all(|c| !is_needed(c) || ours.iter().any(|face| face.has(c)) || of_machine(c).next().is_some())
}

/// Whether a text without `c` would be another text.
fn is_needed(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Where systems keep fonts.
const FOLDERS: [&str; 2] = ["/usr/share/fonts", "/usr/local/share/fonts"];

/// A font of the machine and what it can show.
struct Found {
    path: PathBuf,
    index: u32,
    covered: Vec<RangeInclusive<u32>>,
}

/// Looked through once, when it is first needed.
static OF_MACHINE: LazyLock<Vec<Found>> = LazyLock::new(|| {
    let mut paths: Vec<_> = FOLDERS.iter().flat_map(|folder| fonts_in(Path::new(folder), 4)).collect();
    // Without serifs first, as ours are.
    paths.sort_by_key(|path| (path.to_string_lossy().contains("Serif"), path.clone()));
    paths.into_iter().filter_map(found).collect()
});

fn of_machine(c: char) -> impl Iterator<Item = &'static Found> {
    OF_MACHINE.iter().filter(move |found| found.covered.binary_search_by(|range| order(range, u32::from(c))).is_ok())
}

impl Found {
    fn read(&self) -> Option<Arc<Face>> {
        Face::read(std::fs::read(&self.path).ok()?.into(), self.index)
    }
}

fn order(range: &RangeInclusive<u32>, code: u32) -> std::cmp::Ordering {
    if range.contains(&code) { std::cmp::Ordering::Equal } else { range.start().cmp(&code) }
}

/// The regular Noto fonts in a folder, a few folders deep.
fn fonts_in(folder: &Path, depth: u8) -> Vec<PathBuf> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() { fonts_in(&path, depth) } else { vec![path] })
        .filter(|path| is_noto(path))
        .collect()
}

fn is_noto(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let is_regular = ["-Regular.", "[wght].", "-VF."].iter().any(|part| name.contains(part));
    name.starts_with("Noto") && is_regular && [".ttf", ".otf", ".ttc"].iter().any(|end| name.ends_with(end))
}

fn found(path: PathBuf) -> Option<Found> {
    // The third of the collections for Chinese, Japanese and Korean is simplified Chinese, as ours is.
    let index = if path.to_string_lossy().contains("CJK") && path.extension()? == "ttc" { 2 } else { 0 };
    let data = std::fs::read(&path).ok()?;
    let font = FontRef::from_index(&data, index).ok()?;
    let mut codes: Vec<u32> = font.charmap().mappings().map(|(code, _)| code).collect();
    codes.sort_unstable();
    let mut covered: Vec<RangeInclusive<u32>> = Vec::new();
    for code in codes {
        match covered.last_mut() {
            Some(last) if *last.end() + 1 >= code => *last = *last.start()..=code,
            _ => covered.push(code..=code),
        }
    }
    Some(Found { path, index, covered })
}
