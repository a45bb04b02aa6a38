//! Captions in `WebVTT` (<https://www.w3.org/TR/webvtt1/>): read strictly, kept as times and harmless markup, written anew.
//!
//! What players get is never the uploaded file but our own rendering of what was understood in it: no style sheets, regions,
//! comments, identifiers or classes, only the tags of [`markup::Tag`].

pub mod markup;
mod parse;
mod render;

pub use parse::{Problem, Trouble, parse};
pub use render::render;

/// The largest file that is read, in bytes.
pub const MOST_BYTES: usize = 2 << 20;
/// The most cues in a file.
pub const MOST_CUES: usize = 10_000;
/// The longest text of a cue, in bytes.
pub const MOST_TEXT: usize = 4096;

/// Text that is shown for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// When it appears, in milliseconds from the start.
    pub start: u64,
    /// When it goes, in milliseconds from the start; after `start`.
    pub end: u64,
    /// Where and how it stands (section 6.3), each a checked `name:value`.
    pub settings: Vec<String>,
    /// What is shown.
    pub text: Vec<markup::Node>,
}

impl Cue {
    /// What it says without markup, for a transcript: `Name: ` before what a named voice says, `rt` in parentheses.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = String::new();
        markup::write_plain(&self.text, &mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> String {
        let file = format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n");
        let rendered = render(&parse(file.as_bytes()).unwrap());
        rendered.strip_prefix("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n").unwrap().trim_end().to_owned()
    }

    #[test]
    fn a_usual_file_is_understood() {
        let file = "\u{FEFF}WEBVTT - title\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nNOTE a remark\r\n\r\n\
            REGION\r\nid:x\r\n\r\nid 1\r\n00:00:01.000 --> 00:00:04.500 align:start region:x position:10%,line-left line:-1\r\n\
            <v.loud Nadia>Hello &amp; welcome\r\nsecond line\r\n\r\n100:00:05.000 --> 100:00:06.000\r\nمرحبا\u{200F}!\r\n";
        let cues = parse(file.as_bytes()).unwrap();
        assert_eq!(cues.len(), 2);
        assert_eq!(cues[0].plain(), "Nadia: Hello & welcome\nsecond line");
        assert_eq!(cues[1].start, 360_005_000);
        let expected = "WEBVTT\n\n00:00:01.000 --> 00:00:04.500 align:start position:10%,line-left line:-1\n\
            <v Nadia>Hello &amp; welcome\nsecond line</v>\n\n100:00:05.000 --> 100:00:06.000\nمرحبا\u{200F}!\n";
        assert_eq!(render(&cues), expected);
    }

    #[test]
    fn markup_from_elsewhere_is_inert() {
        assert_eq!(one("<script>alert(1)</script>"), "alert(1)");
        assert_eq!(one("<img src=x onerror=alert(1)>picture"), "picture");
        assert_eq!(one("<b onclick=x>bold</b> <c.red>plain</c>"), "<b>bold</b> plain");
        assert_eq!(one("&lt;script&gt;"), "&lt;script&gt;");
        assert_eq!(one("&#60;b&#x3E; &quot; &unknown; & "), "&lt;b&gt; \" &amp;unknown; &amp;");
        assert_eq!(one("<v Bob\"><svg onload=x>>hi"), "<v Bob\">&gt;hi</v>");
        assert_eq!(one("<v &lt;b&gt;>hi</v>"), "<v &lt;b&gt;>hi</v>");
        assert_eq!(one("<lang ar>نعم</lang><lang \"x>no</lang>"), "<lang ar>نعم</lang>no");
        assert_eq!(one("<ruby>漢<rt>かん</rt></ruby><rt>alone</rt>"), "<ruby>漢<rt>かん</rt></ruby>alone");
        assert_eq!(one("<00:00:01.500>late <i>open"), "late <i>open</i>");
        assert_eq!(one("a\u{0}b\u{7}c &#10;&#0; d"), "a b c d");
        assert_eq!(one("x <\ny"), "x");
    }

    #[test]
    fn faults_name_their_line() {
        let trouble = |text: &str| {
            let problem = parse(text.as_bytes()).unwrap_err();
            (problem.line, problem.trouble)
        };
        assert_eq!(trouble("1\n00:00:01,000 --> 00:00:02,000\nSubRip"), (1, Trouble::NoSignature));
        assert_eq!(trouble("WEBVTTX"), (1, Trouble::NoSignature));
        assert_eq!(trouble("WEBVTT\n\n00:01.000 -> 00:02.000\nx"), (3, Trouble::NoTimes));
        assert_eq!(trouble("WEBVTT\n\n00:01,000 --> 00:02.000\nx"), (3, Trouble::BadTime));
        assert_eq!(trouble("WEBVTT\n\n00:01.000 --> 00:60.000\nx"), (3, Trouble::BadTime));
        assert_eq!(trouble("WEBVTT\n\n\nid\n00:02.000 --> 00:02.000\nx"), (5, Trouble::EndsTooEarly));
        assert_eq!(trouble("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n00:02.000 --> 00:03.000\ny"), (5, Trouble::TimesInText));
        assert_eq!(trouble("WEBVTT\n\nNOTE nothing else"), (3, Trouble::NoCues));
        assert_eq!(parse(b"WEBVTT\n\n\xFF").unwrap_err().trouble, Trouble::NotUtf8);
        assert_eq!(parse(&vec![b'W'; MOST_BYTES + 1]).unwrap_err().trouble, Trouble::TooLarge);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_what_is_kept_is_stable(text in "(<|>|&|lt;|b|/|v N|ruby|rt|lang ar|\\.x| |\n|é|م|-->|&#x3c;|\u{0}){0,40}") {
            let file = format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{text}\n");
            if let Ok(cues) = parse(file.as_bytes()) {
                let rendered = render(&cues);
                prop_assert_eq!(parse(rendered.as_bytes()).unwrap(), cues);
                for tag in rendered.split('<').skip(1) {
                    let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphabetic).collect();
                    prop_assert!(["b", "i", "u", "v", "lang", "ruby", "rt"].contains(&name.as_str()), "{}", rendered);
                }
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&[b"WEBVTT\n\n", &bytes[..]].concat());
        }
    }
}
