//! Drawing: texts and bars, from the side where reading begins.

use std::fmt::Write as _;

use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::language::{Language, TextDirection};

/// How a bar is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Full.
    Full,
    /// With lines.
    Hatched,
}

/// A page that is drawn.
pub struct Canvas {
    language: Language,
    size: (f32, f32),
    drawn: String,
}

impl Canvas {
    /// An empty page.
    pub fn new(language: &Language, size: (f32, f32)) -> Self {
        Self { language: language.clone(), size, drawn: String::new() }
    }

    fn is_rtl(&self) -> bool {
        self.language.direction() == TextDirection::Rtl
    }

    /// Writes a text from `at` on.
    pub fn text(&mut self, at: (f32, f32), size: f32, is_bold: bool, text: &str) {
        let x = if self.is_rtl() { self.size.0 - at.0 } else { at.0 };
        let weight = if is_bold { " font-weight=\"bold\"" } else { "" };
        let (y, text) = (at.1, escaped(text));
        let _ = writeln!(self.drawn, "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\"{weight}>{text}</text>");
    }

    /// Writes a text that has so much room, cut where it needs more.
    pub fn label(&mut self, at: (f32, f32), size: f32, text: &str, room: f32) {
        let lines = wrapped(text, room / size, 1);
        self.text(at, size, false, lines.first().map_or("", String::as_str));
    }

    /// Draws a bar from `at` on.
    pub fn bar(&mut self, at: (f32, f32), (width, height): (f32, f32), fill: Fill) {
        if width <= 0.0 {
            return;
        }
        let x = if self.is_rtl() { self.size.0 - at.0 - width } else { at.0 };
        let fill = match fill {
            Fill::Full => "#1f4e79",
            Fill::Hatched => "url(#lines)\" stroke=\"#1f4e79\" stroke-width=\"0.5",
        };
        let y = at.1;
        let _ =
            writeln!(self.drawn, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{fill}\"/>");
    }

    /// The page, with its name and what it says for those who do not see it.
    pub fn finish(self, title: &str, description: &str) -> String {
        let (width, height) = self.size;
        let direction = if self.is_rtl() { "rtl" } else { "ltr" };
        let (language, title, description) = (self.language.tag(), escaped(title), escaped(description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"297mm\" viewBox=\"0 0 {width} {height}\" \
             role=\"graphics-document\" aria-labelledby=\"title description\" xml:lang=\"{language}\" direction=\"{direction}\" \
             font-family=\"'Noto Sans', 'Noto Naskh Arabic', 'Noto Sans SC', sans-serif\" fill=\"#1a1a1a\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"description\">{description}</desc>\n\
             <defs><pattern id=\"lines\" width=\"3\" height=\"3\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"3\" height=\"3\" fill=\"#fff\"/><path d=\"M0 3L3 0\" stroke=\"#1f4e79\" stroke-width=\"0.8\"/></pattern></defs>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{}</svg>\n",
            self.drawn
        )
    }
}

/// A text as XML has it: without what it forbids, and nothing of it a tag.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// About how wide a text is, for letters of size one. Who draws it may have other fonts than we know of.
fn width(text: &str) -> f32 {
    let of = |c: char| match c {
        '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' => 0.0,
        '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' => 1.0,
        'i' | 'l' | 'j' | 't' | 'f' | 'r' | ' ' | '.' | ',' | ':' | ';' | '(' | ')' => 0.32,
        c if c.is_uppercase() => 0.68,
        _ => 0.56,
    };
    text.chars().map(of).sum()
}

/// A text in lines of at most `room`, for letters of size one; what does not fit is left out, and that shows.
pub fn wrapped(text: &str, room: f32, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut start = 0;
    for (end, _) in linebreaks(text) {
        let part = &text[start..end];
        start = end;
        let line = lines.last_mut().unwrap_or_else(|| unreachable!("there is always one"));
        if !line.is_empty() && width(format!("{line}{part}").trim_end()) > room {
            lines.push(part.to_owned());
        } else {
            line.push_str(part);
        }
    }
    let is_cut = lines.len() > most;
    lines.truncate(most);
    let count = lines.len();
    for (at, line) in lines.iter_mut().enumerate() {
        *line = shortened(line.trim(), room, is_cut && at + 1 == count);
    }
    lines
}

/// A line, with dots in the place of what it has no room for.
fn shortened(line: &str, room: f32, is_cut: bool) -> String {
    if !is_cut && width(line) <= room {
        return line.to_owned();
    }
    let mut kept = String::new();
    for letter in line.graphemes(true) {
        if width(&kept) + width(letter) + 1.0 > room {
            break;
        }
        kept.push_str(letter);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_between_words_and_cut_where_they_have_no_room() {
        assert_eq!(wrapped("one two three", 5.0, 3), ["one two", "three"]);
        assert_eq!(wrapped("one two three nine five", 5.0, 2), ["one two", "three ni…"]);
        assert_eq!(wrapped("条约的保留与声明", 4.0, 2), ["条约的保", "留与声明"]);
        assert_eq!(wrapped("条约的保留与声明", 4.0, 1), ["条约的…"]);
        assert_eq!(wrapped("", 4.0, 1), [""]);
    }

    #[test]
    fn what_xml_forbids_is_left_out() {
        assert_eq!(escaped("<a href=\"x\">&\u{0}\u{ffff}"), "&lt;a href=&quot;x&quot;&gt;&amp; ");
    }
}
