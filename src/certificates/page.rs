//! The page of a certificate: what stands where. A4, in the reading direction of its language, tagged for those who read
//! by ear (PDF/UA-1).

use std::num::NonZeroU16;

use chrono::Datelike as _;
use krilla::{
    Document, SerializeSettings,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::{DateTime, Metadata, TextDirection as MetadataDirection},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    tagging::{Artifact, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind, TagTree},
};
use qrcodegen::{QrCode, QrCodeEcc};

use super::{
    certificate::Certificate,
    fonts::Fonts,
    lines::{Block, Line, Room, fit},
    wording::Wording,
};
use crate::{
    error::{Error, Result},
    language::TextDirection,
};

const WIDTH: f32 = 841.89;
const HEIGHT: f32 = 595.28;
const MARGIN: f32 = 62.0;
/// What all but the picture with the address and the credits has, from the top.
const FLOW_TOP: f32 = 58.0;
const FLOW_END: f32 = 430.0;
const FOOT_TOP: f32 = 450.0;
const QR: f32 = 84.0;
const CHECK_TOP: f32 = 546.0;
/// How much smaller all is tried that does not fit in height.
const STEP: f32 = 0.93;

/// Red, green, blue.
type Color = (u8, u8, u8);

const INK: Color = (0x1d, 0x2b, 0x34);
const SOFT: Color = (0x55, 0x64, 0x6e);
const ACCENT: Color = (0x1d, 0x5c, 0x68);
const WARM: Color = (0xa3, 0x55, 0x1f);

/// A part of the flow.
struct Part {
    block: Block,
    color: Color,
    /// Space above.
    above: f32,
    is_heading: bool,
}

/// Sets a certificate as PDF, whose bytes are the same each time. Its texts must be such that its fonts cover them.
pub fn set(certificate: &Certificate, name: &str, wording: &Wording, fonts: &Fonts) -> Result<Vec<u8>> {
    let configuration = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1).finish();
    let configuration = configuration.map_err(|err| Error::internal(anyhow::anyhow!("no such PDF: {err:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT).unwrap_or_default());
    let sheet = Sheet {
        surface: page.surface(),
        tags: TagTree::new(),
        is_rtl: certificate.language.direction() == TextDirection::Rtl,
        language: certificate.language.tag(),
    };
    let (mut tags, mut check, place) = sheet.filled(certificate, name, wording, fonts);
    let target = Target::Action(Action::Link(LinkAction::new(certificate.check_url.clone())));
    let link = page.add_tagged_annotation(Annotation::new_link(LinkAnnotation::new(place, target), Some(wording.qr.clone())));
    check.push(link);
    tags.push(TagGroup::with_children(Tag::P, vec![check.into()]));
    page.finish();

    document.set_tag_tree(tags);
    document.set_metadata(metadata(certificate, name, wording));
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(wording.heading.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);
    document.finish().map_err(|err| Error::internal(anyhow::anyhow!("a certificate can't be set: {err:?}")))
}

fn metadata(certificate: &Certificate, name: &str, wording: &Wording) -> Metadata {
    let day = certificate.day;
    let number = |number: u32| u8::try_from(number).unwrap_or_default();
    let date = DateTime::new(u16::try_from(day.year()).unwrap_or_default()).month(number(day.month())).day(number(day.day()));
    let direction = match certificate.language.direction() {
        TextDirection::Ltr => MetadataDirection::LeftToRight,
        TextDirection::Rtl => MetadataDirection::RightToLeft,
    };
    Metadata::new()
        .title(format!("{}: {name}, {}", wording.heading, certificate.title))
        .authors(vec![certificate.issuer.clone()])
        .language(certificate.language.tag().to_owned())
        .text_direction(direction)
        .creation_date(date)
}

/// The flow, in letters as large as its height allows.
fn parts(certificate: &Certificate, name: &str, wording: &Wording, fonts: &Fonts) -> Vec<Part> {
    let direction = certificate.language.direction();
    let mut scale = 1.0;
    loop {
        let part = |text: &str, sizes: (f32, f32), lines, color, above| {
            let room = Room { width: WIDTH - 2.0 * MARGIN, largest: sizes.0 * scale, smallest: sizes.1 * scale, lines };
            Part { block: fit(fonts, text, direction, room), color, above: above * scale, is_heading: false }
        };
        let mut parts = vec![
            part(&certificate.issuer, (16.0, 9.0), 1, WARM, 0.0),
            Part { is_heading: true, ..part(&wording.heading, (40.0, 20.0), 1, ACCENT, 12.0) },
            part(&wording.lead, (15.0, 9.0), 1, SOFT, 18.0),
            part(name, (36.0, 16.0), 2, INK, 2.0),
            part(&wording.sentence, (15.0, 9.0), 1, SOFT, 12.0),
            part(&certificate.title, (26.0, 12.0), 3, INK, 2.0),
        ];
        parts.extend(wording.facts.iter().enumerate().map(|(at, fact)| {
            let above = if at == 0 { 14.0 } else { 1.0 };
            part(fact, (13.0, 8.0), 2, SOFT, above)
        }));
        let left = FLOW_END - FLOW_TOP - parts.iter().map(|part| part.above + part.block.height()).sum::<f32>();
        if left >= 0.0 {
            // What is left parts the groups: heading, name, title, facts.
            parts.iter_mut().filter(|part| part.above > 10.0).for_each(|part| part.above += (left / 4.0).min(14.0));
            return parts;
        }
        scale *= STEP;
    }
}

/// What is drawn on, with what each mark of it means.
struct Sheet<'a, 'b> {
    surface: Surface<'a>,
    tags: TagTree,
    is_rtl: bool,
    language: &'b str,
}

impl Sheet<'_, '_> {
    /// Draws everything. Gives what the marks mean but for the last, which is a link, and its place.
    fn filled(mut self, certificate: &Certificate, name: &str, wording: &Wording, fonts: &Fonts) -> (TagTree, TagGroup, Rect) {
        self.ground();
        self.flow(&parts(certificate, name, wording, fonts));
        self.credits(certificate, fonts);
        self.qr(&certificate.check_url, &wording.qr);
        let (check, place) = self.check(&wording.check, fonts);
        (self.tags, check, place)
    }

    fn color(&mut self, (red, green, blue): Color) {
        self.surface.set_fill(Some(Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() }));
    }

    /// Where something `wide` begins that stands `from` the edge at which lines begin.
    fn left(&self, from: f32, wide: f32) -> f32 {
        if self.is_rtl { WIDTH - from - wide } else { from }
    }

    fn rectangle(&mut self, left: f32, top: f32, width: f32, height: f32) {
        let mut path = PathBuilder::new();
        if let Some(rectangle) = Rect::from_xywh(left, top, width, height) {
            path.push_rect(rectangle);
        }
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    /// A band where lines begin, and a line above the credits.
    fn ground(&mut self) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::default()));
        self.color(ACCENT);
        self.rectangle(self.left(0.0, 20.0), 0.0, 20.0, HEIGHT);
        self.color(WARM);
        self.rectangle(self.left(20.0, 4.0), 0.0, 4.0, HEIGHT);
        self.surface.end_tagged();
    }

    fn flow(&mut self, parts: &[Part]) {
        let mut top = FLOW_TOP;
        for part in parts {
            top += part.above;
            self.color(part.color);
            let marks = self.block(&part.block, MARGIN, top);
            let tag: TagKind = match part.block.lines.first() {
                Some(line) if part.is_heading => Tag::Hn(NonZeroU16::MIN, Some(line.text.to_string())).into(),
                _ => Tag::P.into(),
            };
            self.tag(tag.with_actual_text(said(&part.block)), marks);
            top += part.block.height();
        }
    }

    fn tag(&mut self, tag: impl Into<TagKind>, marks: Vec<Identifier>) {
        let mut group = TagGroup::new(tag);
        for mark in marks {
            group.push(mark);
        }
        self.tags.push(group);
    }

    /// Draws lines that begin `from` the edge, each marked.
    fn block(&mut self, block: &Block, from: f32, top: f32) -> Vec<Identifier> {
        let (mut top, mut marks) = (top, Vec::new());
        for line in &block.lines {
            let mut x = self.left(from, line.width * block.size);
            let baseline = top + line.ascent * block.size;
            marks.push(self.surface.start_tagged(ContentTag::Span(SpanTag::empty().with_lang(Some(self.language)))));
            for run in &line.runs {
                let start = Point::from_xy(x, baseline);
                self.surface.draw_glyphs(start, &run.glyphs, run.face.font.clone(), &line.text, block.size, false);
                x += run.width * block.size;
            }
            self.surface.end_tagged();
            top += (line.ascent + line.descent) * block.size;
        }
        marks
    }

    /// The credits of those who paid, one above the other.
    fn credits(&mut self, certificate: &Certificate, fonts: &Fonts) {
        let funders = &certificate.funders;
        if funders.is_empty() {
            return;
        }
        let height = ((CHECK_TOP - FOOT_TOP - 8.0) / funders.len() as f32).min(44.0);
        let mut top = CHECK_TOP - 10.0 - height * funders.len() as f32;
        for funder in funders {
            let (mut from, inner) = (MARGIN, height - 6.0);
            if let Some(emblem) = &funder.emblem {
                let wide = (inner * emblem.ratio()).min(2.5 * inner);
                let tall = wide / emblem.ratio();
                self.picture(emblem.bytes(), &funder.name, self.left(from, wide), top + (inner - tall) / 2.0, (wide, tall));
                from += wide + 10.0;
            }
            let text = funder.credit();
            let width = WIDTH - MARGIN - QR - 30.0 - from;
            // As many lines as stand beside an emblem: the size follows from the height.
            let mut largest = 10.0_f32;
            let block = loop {
                let room = Room { width, largest, smallest: largest.min(6.0), lines: 3 };
                let block = fit(fonts, &text, certificate.language.direction(), room);
                if block.height() <= inner {
                    break block;
                }
                largest *= STEP;
            };
            self.color(INK);
            let marks = self.block(&block, from, top + (inner - block.height()) / 2.0);
            self.tag(Tag::P.with_actual_text(said(&block)), marks);
            top += height;
        }
    }

    fn picture(&mut self, png: &[u8], name: &str, left: f32, top: f32, (wide, tall): (f32, f32)) {
        let (Ok(image), Some(size)) = (Image::from_png(png.to_vec().into(), true), Size::from_wh(wide, tall)) else { return };
        let mark = self.surface.start_tagged(ContentTag::Other);
        self.surface.push_transform(&Transform::from_translate(left, top));
        self.surface.draw_image(image, size);
        self.surface.pop();
        self.surface.end_tagged();
        self.tag(Tag::Figure(Some(name.to_owned())), vec![mark]);
    }

    /// The address as a picture that phones read.
    fn qr(&mut self, address: &str, meaning: &str) {
        let Ok(code) = QrCode::encode_text(address, QrCodeEcc::Medium) else { return };
        let (left, top) = (self.left(WIDTH - MARGIN - QR, QR), FOOT_TOP);
        let module = QR / code.size() as f32;
        let mark = self.surface.start_tagged(ContentTag::Other);
        let mut path = PathBuilder::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                let square = Rect::from_xywh(left + x as f32 * module, top + y as f32 * module, module, module);
                if let Some(square) = square {
                    path.push_rect(square);
                }
            }
        }
        self.color(INK);
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
        self.surface.end_tagged();
        self.tag(Tag::Figure(Some(meaning.to_owned())), vec![mark]);
    }

    /// Where to check it: the line and its place, which becomes a link.
    fn check(&mut self, text: &str, fonts: &Fonts) -> (TagGroup, Rect) {
        let direction = if self.is_rtl { TextDirection::Rtl } else { TextDirection::Ltr };
        let room = Room { width: WIDTH - 2.0 * MARGIN, largest: 9.0, smallest: 6.0, lines: 1 };
        let block = fit(fonts, text, direction, room);
        self.color(SOFT);
        let mut link = TagGroup::new(Tag::Link.with_actual_text(said(&block)));
        self.block(&block, MARGIN, CHECK_TOP).into_iter().for_each(|mark| link.push(mark));
        let width = block.lines.iter().map(|line| line.width * block.size).fold(1.0, f32::max);
        let place = Rect::from_xywh(self.left(MARGIN, width), CHECK_TOP, width, block.height().max(1.0));
        (link, place.expect("a line has a place"))
    }
}

/// Glyphs stand in the order in which they are seen. Who reads by ear needs them as they are said, where that is another.
fn said(block: &Block) -> Option<String> {
    let text = |line: &Line| line.text[line.range.clone()].replace(['\u{2068}', '\u{2069}'], "");
    block.lines.iter().any(|line| line.has_rtl).then(|| block.lines.iter().map(text).collect::<Vec<_>>().join(" "))
}
