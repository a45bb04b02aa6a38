//! Writing cues as the file that players get.

use std::fmt::{self, Write};

use super::{
    Cue,
    markup::{Node, Tag},
};

/// The canonical `WebVTT` file of `cues`.
#[must_use]
pub fn render(cues: &[Cue]) -> String {
    let mut file = "WEBVTT\n".to_owned();
    for cue in cues {
        write_cue(&mut file, cue).expect("a String takes every text");
    }
    file
}

fn write_cue(file: &mut String, cue: &Cue) -> fmt::Result {
    file.push('\n');
    write_time(file, cue.start)?;
    file.push_str(" --> ");
    write_time(file, cue.end)?;
    for setting in &cue.settings {
        write!(file, " {setting}")?;
    }
    file.push('\n');
    write_nodes(file, &cue.text)?;
    file.push('\n');
    Ok(())
}

fn write_time(file: &mut String, millis: u64) -> fmt::Result {
    let seconds = millis / 1000;
    write!(file, "{:02}:{:02}:{:02}.{:03}", seconds / 3600, seconds / 60 % 60, seconds % 60, millis % 1000)
}

fn write_nodes(file: &mut String, nodes: &[Node]) -> fmt::Result {
    for node in nodes {
        match node {
            Node::Text(text) => write_escaped(file, text),
            Node::Span(tag, inner) => {
                write!(file, "<{}", tag.name())?;
                if let Tag::Language(annotation) | Tag::Voice(annotation) = tag {
                    file.push(' ');
                    write_escaped(file, annotation);
                }
                file.push('>');
                write_nodes(file, inner)?;
                write!(file, "</{}>", tag.name())?;
            }
        }
    }
    Ok(())
}

/// `<`, `>` and `&` would be markup; with them a text can hold neither a tag nor `-->`.
fn write_escaped(file: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => file.push_str("&amp;"),
            '<' => file.push_str("&lt;"),
            '>' => file.push_str("&gt;"),
            letter => file.push(letter),
        }
    }
}
