//! Setting text in lines: parting it into runs of one direction and font, shaping those, and breaking or shrinking what is
//! too wide, so that nothing ever stands over the edge.

use std::{cell::RefCell, collections::HashMap, ops::Range, sync::Arc};

use harfrust::Direction;
use krilla::text::{GlyphId, KrillaGlyph};
use unicode_bidi::{Level, ParagraphBidiInfo};
use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;

use super::fonts::{Face, Fonts};
use crate::language::TextDirection;

/// How much smaller a text is tried that does not fit.
const STEP: f32 = 0.95;

/// The room that a text has.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Width in points.
    pub width: f32,
    /// Size that is tried first.
    pub largest: f32,
    /// Size down to which words stay whole.
    pub smallest: f32,
    /// Lines at most.
    pub lines: usize,
}

/// A text set in lines.
pub struct Block {
    /// Size of its letters in points.
    pub size: f32,
    /// Its lines.
    pub lines: Vec<Line>,
}

impl Block {
    /// Its height in points.
    #[must_use]
    pub fn height(&self) -> f32 {
        self.lines.iter().map(|line| (line.ascent + line.descent) * self.size).sum()
    }
}

/// A line; measures are for letters of size one.
pub struct Line {
    /// The whole text; glyphs name their part of it.
    pub text: Arc<str>,
    /// The part of the text that stands in the line, and that those hear who read by ear.
    pub range: Range<usize>,
    /// Whether some of it runs from right to left.
    pub has_rtl: bool,
    /// Its runs, from left to right.
    pub runs: Vec<Run>,
    /// Width.
    pub width: f32,
    /// From its baseline up.
    pub ascent: f32,
    /// From its baseline down.
    pub descent: f32,
}

/// A run in one font.
pub struct Run {
    /// The font.
    pub face: Arc<Face>,
    /// The glyphs, from left to right.
    pub glyphs: Vec<KrillaGlyph>,
    /// How much wider the line is by it.
    pub width: f32,
}

/// Sets `text` as large as `room` allows. It has the direction of its first letter, else `direction`.
#[must_use]
pub fn fit(fonts: &Fonts, text: &str, direction: TextDirection, room: Room) -> Block {
    let text = cleaned(fonts, text);
    let base = match unicode_bidi::get_base_direction(&*text) {
        unicode_bidi::Direction::Rtl => Level::rtl(),
        unicode_bidi::Direction::Mixed if direction == TextDirection::Rtl => Level::rtl(),
        unicode_bidi::Direction::Ltr | unicode_bidi::Direction::Mixed => Level::ltr(),
    };
    let bidi = ParagraphBidiInfo::new(&text, Some(base));
    let breaks = linebreaks(&text).map(|(at, _)| at).collect();
    let setting = Setting { fonts, bidi, breaks, text: text.as_str().into(), widths: RefCell::default() };
    let mut size = room.largest;
    loop {
        let within = |lines: &Vec<Range<usize>>| lines.len() <= room.lines;
        let whole = setting.broken(room.width / size, false).filter(within);
        let broken = || setting.broken(room.width / size, true).filter(within);
        if let Some(lines) = whole.or_else(|| (size <= room.smallest).then(broken).flatten()) {
            return Block { size, lines: lines.into_iter().map(|line| setting.line(line)).collect() };
        }
        size *= STEP;
    }
}

/// A text without breaks, controls, more than one space between words, and what no font has.
fn cleaned(fonts: &Fonts, text: &str) -> String {
    let spaced = text.chars().map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c });
    let shown: String = spaced.filter(|c| *c == ' ' || is_invisible(*c) || fonts.find(*c, None).is_some()).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Setting<'a> {
    fonts: &'a Fonts,
    text: Arc<str>,
    bidi: ParagraphBidiInfo<'a>,
    /// Where lines may end.
    breaks: Vec<usize>,
    /// Widths that were measured already.
    widths: RefCell<HashMap<Range<usize>, f32>>,
}

impl Setting<'_> {
    /// Lines not wider than `width`, for letters of size one; within words only `anywhere`. `None` when that can't be done.
    fn broken(&self, width: f32, anywhere: bool) -> Option<Vec<Range<usize>>> {
        let (mut lines, mut start) = (Vec::new(), 0);
        while start < self.text.len() {
            let fits = |end: &usize| self.width(self.trimmed(start..*end)) <= width;
            // Halving what is left shapes a few parts of a long text, and not each of its beginnings.
            let last = |ends: &[usize]| ends.partition_point(fits).checked_sub(1).map(|at| ends[at]);
            let words = &self.breaks[self.breaks.partition_point(|end| *end <= start)..];
            let letters = || self.text[start..].grapheme_indices(true).map(|(at, letter)| start + at + letter.len());
            let end = last(words).or_else(|| anywhere.then(|| last(&letters().collect::<Vec<_>>())).flatten())?;
            lines.push(self.trimmed(start..end));
            start = end;
        }
        Some(lines)
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        range.start..range.start + self.text[range].trim_end().len()
    }

    fn width(&self, range: Range<usize>) -> f32 {
        let known = self.widths.borrow().get(&range).copied();
        known.unwrap_or_else(|| {
            let width = self.line(range.clone()).width;
            self.widths.borrow_mut().insert(range, width);
            width
        })
    }

    fn line(&self, range: Range<usize>) -> Line {
        let (mut runs, mut has_rtl) = (Vec::new(), false);
        if !range.is_empty() {
            let (levels, parts) = self.bidi.visual_runs(range.clone());
            for part in parts {
                let is_rtl = levels[part.start].is_rtl();
                let mut shaped: Vec<_> = self.parted(part).into_iter().map(|(part, face)| self.run(part, face, is_rtl)).collect();
                if is_rtl {
                    has_rtl = true;
                    shaped.reverse();
                }
                runs.extend(shaped);
            }
        }
        let most = |measure: fn(&Face) -> f32| runs.iter().map(|run: &Run| measure(&run.face)).fold(0.0, f32::max);
        let (ascent, descent) = (most(|face| face.ascent), most(|face| face.descent));
        let width = runs.iter().map(|run| run.width).sum();
        Line { text: self.text.clone(), range, has_rtl, runs, width, ascent, descent }
    }

    /// Parts of one font; what only directs is in none.
    fn parted(&self, range: Range<usize>) -> Vec<(Range<usize>, usize)> {
        let mut parts: Vec<(Range<usize>, usize)> = Vec::new();
        let mut before = None;
        for (at, c) in self.text[range.clone()].char_indices() {
            let place = range.start + at..range.start + at + c.len_utf8();
            let face = if is_invisible(c) { before.filter(|_| joins(c)) } else { self.fonts.find(c, before) };
            let Some(face) = face else { continue };
            match parts.last_mut() {
                Some((last, its)) if *its == face && last.end == place.start => last.end = place.end,
                _ => parts.push((place, face)),
            }
            before = Some(face);
        }
        parts
    }

    fn run(&self, part: Range<usize>, face: usize, is_rtl: bool) -> Run {
        let face = self.fonts.face(face);
        let direction = if is_rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        let shaped = face.shape(&self.text[part.clone()], &self.text[..part.start], &self.text[part.end..], direction);
        let (infos, positions) = (shaped.glyph_infos(), shaped.glyph_positions());
        // Where the clusters begin, in the order of the text; each ends where the next begins.
        let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        starts.dedup();
        let end = |start: usize| starts.iter().copied().find(|next| *next > start).unwrap_or(part.len());
        let one = 1.0 / face.font.units_per_em();
        let glyphs: Vec<_> = infos
            .iter()
            .zip(positions)
            .map(|(info, position)| {
                let start = info.cluster as usize;
                let measure = |units: i32| units as f32 * one;
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    measure(position.x_advance),
                    measure(position.x_offset),
                    measure(position.y_offset),
                    measure(position.y_advance),
                    part.start + start..part.start + end(start),
                    None,
                )
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
        Run { face: face.clone(), glyphs, width }
    }
}

/// Whether `c` shows nothing by itself: joiners, selectors of variants, and what only directs.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether letters look otherwise for an invisible `c` between them.
fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::language::Language;

    fn set(text: &str, language: &str, room: Room) -> Block {
        let language = Language::parse(language).expect("a language");
        fit(&Fonts::of(&language, &[]), text, language.direction(), room)
    }

    fn room(width: f32, lines: usize) -> Room {
        Room { width, largest: 30.0, smallest: 12.0, lines }
    }

    /// The characters of a line in the order in which they stand.
    fn seen(block: &Block) -> String {
        let runs = block.lines.iter().flat_map(|line| line.runs.iter().map(|run| (&line.text, run)));
        runs.flat_map(|(text, run)| run.glyphs.iter().map(|glyph| &text[glyph.text_range.clone()])).collect()
    }

    #[test]
    fn scripts_that_run_both_ways_stand_as_they_are_read() {
        let wide = room(10_000.0, 1);
        assert_eq!(seen(&set("Öz-Müller Анна 王小明", "en", wide)), "Öz-Müller Анна 王小明");
        // The brackets are turned by their glyphs.
        assert_eq!(seen(&set("بتجد (abc) 12", "ar", wide)), "12 )abc( دجتب");
        assert_eq!(seen(&set("\u{2068}abc\u{2069}، \u{2068}def\u{2069} بت", "ar", wide)), "تب def ،abc");
    }

    #[test]
    fn letters_of_one_word_are_joined_and_marks_stay_on_theirs() {
        let shapes = |text: &str| -> Vec<u32> {
            let line = set(text, "ar", room(10_000.0, 1)).lines.remove(0);
            line.runs.iter().flat_map(|run| run.glyphs.iter().map(|glyph| glyph.glyph_id.to_u32())).collect()
        };
        assert_ne!(shapes("محمد"), ["د", "م", "ح", "م"].map(shapes).concat());
        assert_eq!(set("u\u{308}", "en", room(10_000.0, 1)).lines[0].runs.len(), 1);
    }

    #[test]
    fn what_no_font_has_is_left_out_and_leaves_no_space() {
        let block = set("\u{e000} a \u{e001}", "en", room(10_000.0, 1));
        assert_eq!(&*block.lines[0].text, "a");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn nothing_stands_over_the_edge(
            text in "([a-zA-Zé]{1,30}|[а-я]{1,12}|[\u{627}-\u{64a}]{1,12}|[一-丿]{1,12}|\\PC{1,8}| ){0,24}",
            width in 20.0_f32..700.0,
            lines in 1_usize..4,
            language in prop::sample::select(vec!["ar", "zh", "en"]),
        ) {
            let block = set(&text, language, room(width, lines));
            prop_assert!(block.lines.len() <= lines);
            prop_assert!(block.size > 0.0 && block.size <= 30.0);
            for line in &block.lines {
                prop_assert!(line.width * block.size <= width * 1.001, "{} at {}", line.width, block.size);
                // No glyph is the box that stands for what a font has not.
                prop_assert!(line.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.glyph_id.to_u32() != 0));
            }
            // All that was to be set is in one line, in order.
            let mut end = 0;
            for line in &block.lines {
                prop_assert!(line.range.start >= end && line.text[end..line.range.start].trim().is_empty());
                end = line.range.end;
            }
            prop_assert!(block.lines.first().is_none_or(|line| line.text[end..].trim().is_empty()));
        }

        #[test]
        fn every_letter_is_in_the_glyphs_of_its_line(text in "([a-zA-Zé]{1,8}|[а-я]{1,8}|[\u{627}-\u{64a}]{1,8}|[一-丿]{1,4}| ){1,12}") {
            let block = set(&text, "ar", room(300.0, 3));
            for line in &block.lines {
                for (at, letter) in line.text[line.range.clone()].char_indices().filter(|(_, letter)| *letter != ' ') {
                    let at = line.range.start + at;
                    let mut glyphs = line.runs.iter().flat_map(|run| &run.glyphs);
                    prop_assert!(glyphs.any(|glyph| glyph.text_range.contains(&at)), "{letter}");
                }
            }
        }
    }
}
