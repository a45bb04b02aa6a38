//! Reading a file, stricter than players do: what looks like a mistake is said instead of dropped.

use std::{iter::Peekable, str::FromStr, vec};

use super::{Cue, MOST_BYTES, MOST_CUES, MOST_TEXT, markup};

/// Why a file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line concerned, from 1.
    pub line: usize,
    /// What is wrong there.
    pub trouble: Trouble,
}

/// What can be wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is larger than [`MOST_BYTES`].
    TooLarge,
    /// It is not text in UTF-8.
    NotUtf8,
    /// Its first line is not `WEBVTT`.
    NoSignature,
    /// A block is neither a cue nor a comment, style or region: its line with `-->` is missing.
    NoTimes,
    /// A time is not of the form `00:00:00.000`.
    BadTime,
    /// A cue ends before it begins.
    EndsTooEarly,
    /// The text of a cue holds `-->`; probably an empty line is missing before it.
    TimesInText,
    /// The text of a cue is longer than [`MOST_TEXT`].
    TextTooLong,
    /// There are more than [`MOST_CUES`] cues.
    TooManyCues,
    /// There is no cue that says anything.
    NoCues,
}

type Lines<'a> = Peekable<vec::IntoIter<(usize, &'a str)>>;

/// The cues of a `WebVTT` file that say something, in order of their start.
pub fn parse(file: &[u8]) -> Result<Vec<Cue>, Problem> {
    let fail = |line, trouble| Err(Problem { line, trouble });
    if file.len() > MOST_BYTES {
        return fail(1, Trouble::TooLarge);
    }
    let text = match std::str::from_utf8(file) {
        Ok(text) => text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n"),
        Err(error) => {
            let before = &file[..error.valid_up_to()];
            return fail(before.split(|byte| *byte == b'\n').count(), Trouble::NotUtf8);
        }
    };
    let lines: Vec<_> = text.split('\n').enumerate().map(|(at, line)| (at + 1, line)).collect();
    let last = lines.len();
    let mut lines = lines.into_iter().peekable();
    let signature = lines.next().and_then(|(_, line)| line.strip_prefix("WEBVTT"));
    if signature.is_none_or(|rest| !rest.is_empty() && !rest.starts_with([' ', '\t'])) {
        return fail(1, Trouble::NoSignature);
    }
    while lines.next_if(|(_, line)| !line.is_empty() && !line.contains("-->")).is_some() {}
    let mut cues = Vec::new();
    while let Some((at, line)) = lines.next() {
        if !line.is_empty()
            && let Some(cue) = block(at, line, &mut lines)?
        {
            cues.push(cue);
            if cues.len() > MOST_CUES {
                return fail(at, Trouble::TooManyCues);
            }
        }
    }
    if cues.is_empty() {
        return fail(last, Trouble::NoCues);
    }
    cues.sort_by_key(|cue| cue.start);
    Ok(cues)
}

/// One block, whose first line is `line`; nothing where it is no cue or says nothing.
fn block(at: usize, line: &str, lines: &mut Lines<'_>) -> Result<Option<Cue>, Problem> {
    let (at, times) = if line.contains("-->") {
        (at, line)
    } else if let Some((at, times)) = lines.next_if(|(_, next)| next.contains("-->")) {
        (at, times) // `line` was the cue's identifier
    } else if ["NOTE", "STYLE", "REGION"].iter().any(|word| line.split([' ', '\t']).next() == Some(word)) {
        while lines.next_if(|(_, line)| !line.is_empty()).is_some() {}
        return Ok(None);
    } else {
        return Err(Problem { line: at, trouble: Trouble::NoTimes });
    };
    let (start, end, settings) = timings(times).map_err(|trouble| Problem { line: at, trouble })?;
    let mut text = String::new();
    while let Some((at, line)) = lines.next_if(|(_, line)| !line.is_empty()) {
        text.push_str(line);
        text.push('\n');
        let trouble = if line.contains("-->") { Trouble::TimesInText } else { Trouble::TextTooLong };
        if trouble == Trouble::TimesInText || text.len() > MOST_TEXT {
            return Err(Problem { line: at, trouble });
        }
    }
    let text = markup::parse(&text);
    Ok((!text.is_empty()).then_some(Cue { start, end, settings, text }))
}

/// `00:00:01.000 --> 00:00:04.000 align:start`.
fn timings(line: &str) -> Result<(u64, u64, Vec<String>), Trouble> {
    let (start, rest) = line.split_once("-->").ok_or(Trouble::NoTimes)?;
    let mut words = rest.split_ascii_whitespace();
    let start = time(start.trim_matches([' ', '\t'])).ok_or(Trouble::BadTime)?;
    let end = words.next().and_then(time).ok_or(Trouble::BadTime)?;
    if end <= start {
        return Err(Trouble::EndsTooEarly);
    }
    let mut settings: Vec<String> = Vec::new();
    for word in words.filter(|word| is_setting(word)) {
        let name = word.split(':').next().unwrap_or_default();
        if !settings.iter().any(|known| known.split(':').next() == Some(name)) {
            settings.push(word.to_owned());
        }
    }
    Ok((start, end, settings))
}

/// A time (section 4.1): hours of two or more digits are optional, minutes and seconds have two, milliseconds three.
fn time(text: &str) -> Option<u64> {
    let (clock, millis) = text.split_once('.')?;
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [minutes, seconds] => ("00", minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let digits = |text: &str, most: usize, least: usize| {
        let fits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| u64::from_str(text).ok()).flatten()
    };
    let (minutes, seconds) = (digits(minutes, 2, 2)?, digits(seconds, 2, 2)?);
    if minutes > 59 || seconds > 59 {
        return None;
    }
    Some(((digits(hours, 4, 2)? * 60 + minutes) * 60 + seconds) * 1000 + digits(millis, 3, 3)?)
}

/// Whether `word` is a cue setting (section 6.3) that needs nothing else of the file; `region` does.
fn is_setting(word: &str) -> bool {
    let Some((name, value)) = word.split_once(':') else { return false };
    let (value, anchor) = value.split_once(',').map_or((value, None), |(value, anchor)| (value, Some(anchor)));
    let anchored = |allowed: &[&str]| anchor.is_none_or(|anchor| allowed.contains(&anchor));
    match name {
        "vertical" => anchor.is_none() && matches!(value, "rl" | "lr"),
        "line" => (is_percentage(value) || is_line(value)) && anchored(&["start", "center", "end"]),
        "position" => is_percentage(value) && anchored(&["line-left", "center", "line-right"]),
        "size" => anchor.is_none() && is_percentage(value),
        "align" => anchor.is_none() && matches!(value, "start" | "center" | "end" | "left" | "right"),
        _ => false,
    }
}

fn is_percentage(text: &str) -> bool {
    let number = text
        .strip_suffix('%')
        .filter(|number| number.len() <= 8 && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    number.and_then(|number| f64::from_str(number).ok()).is_some_and(|value| (0.0..=100.0).contains(&value))
}

fn is_line(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
