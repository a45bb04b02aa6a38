//! The text of a cue (section 4.2.2): letters, a few tags, six named characters.

/// A piece of a cue's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Letters, with line ends.
    Text(String),
    /// Marked text; never empty.
    Span(Tag, Vec<Node>),
}

/// Marks that are kept. Classes say nothing without a style sheet, so they go, and `c` with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `b`.
    Bold,
    /// `i`.
    Italic,
    /// `u`.
    Underline,
    /// `ruby`: text with its reading.
    Ruby,
    /// `rt`: the reading, inside `ruby`.
    Reading,
    /// `lang`, with a language (BCP 47).
    Language(String),
    /// `v`, with who speaks.
    Voice(String),
}

/// Tags deeper than this are dropped; their text stays.
const DEEPEST: usize = 16;
/// The longest name of a voice, in characters.
const LONGEST_NAME: usize = 100;

impl Tag {
    /// Its name in the file.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Bold => "b",
            Self::Italic => "i",
            Self::Underline => "u",
            Self::Ruby => "ruby",
            Self::Reading => "rt",
            Self::Language(_) => "lang",
            Self::Voice(_) => "v",
        }
    }

    /// Reads what stands between `<` and `>`.
    fn parse(inside: &str) -> Option<Self> {
        let (name, annotation) = inside.split_once([' ', '\t', '\n']).unwrap_or((inside, ""));
        let annotation: Vec<_> = annotation.split_ascii_whitespace().collect();
        let annotation = annotation.join(" ");
        match name.split('.').next()? {
            "b" => Some(Self::Bold),
            "i" => Some(Self::Italic),
            "u" => Some(Self::Underline),
            "ruby" => Some(Self::Ruby),
            "rt" => Some(Self::Reading),
            "lang" => is_language(&annotation).then_some(Self::Language(annotation)),
            "v" => voice(&annotation).map(Self::Voice),
            _ => None,
        }
    }
}

fn is_language(text: &str) -> bool {
    (2..=35).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn voice(annotation: &str) -> Option<String> {
    let clear = decode(annotation).replace(|c: char| c.is_control(), " ");
    let words: Vec<_> = clear.split_ascii_whitespace().collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    let name = name.trim_end().to_owned();
    (!name.is_empty()).then_some(name)
}

/// Reads a cue's text. Tags that are not kept vanish, their content stays; what is left open is closed at the end.
pub(super) fn parse(text: &str) -> Vec<Node> {
    let mut tree = Tree::default();
    let lines: Vec<_> = text.split('\n').map(|line| line.trim_matches(is_blank)).filter(|line| !line.is_empty()).collect();
    let text = lines.join("\n");
    let mut rest = text.as_str();
    while let Some((before, tag)) = rest.split_once('<') {
        tree.text(&decode(before));
        let (inside, after) = tag.split_once('>').unwrap_or((tag, ""));
        match inside.strip_prefix('/') {
            Some(name) => tree.close(name.trim_matches(is_blank)),
            None => tree.open(inside),
        }
        rest = after;
    }
    tree.text(&decode(rest));
    tree.finish()
}

/// Text under construction: what is open, outermost first, each with what it holds so far.
#[derive(Default)]
struct Tree {
    done: Vec<Node>,
    open: Vec<(Tag, Vec<Node>)>,
    /// Whether the last letter was a blank or a line end, or there is none: no second one follows.
    spaced: bool,
    begun: bool,
}

impl Tree {
    fn top(&mut self) -> &mut Vec<Node> {
        self.open.last_mut().map_or(&mut self.done, |(_, nodes)| nodes)
    }

    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            let blank = is_blank(letter);
            if blank && (self.spaced || !self.begun) {
                continue;
            }
            (self.spaced, self.begun) = (blank, true);
            let letter = if blank && letter != '\n' { ' ' } else { letter };
            match self.top().last_mut() {
                Some(Node::Text(text)) => text.push(letter),
                _ => self.top().push(Node::Text(letter.into())),
            }
        }
    }

    fn open(&mut self, inside: &str) {
        let Some(tag) = Tag::parse(inside) else { return };
        let in_ruby = self.open.last().is_some_and(|(outer, _)| *outer == Tag::Ruby);
        if self.open.len() < DEEPEST && (tag != Tag::Reading || in_ruby) {
            self.open.push((tag, Vec::new()));
        }
    }

    /// Closes the innermost tag if it is `name`, else nothing; `ruby` may close its open `rt` (section 6.4).
    fn close(&mut self, name: &str) {
        let innermost = self.open.last().map(|(tag, _)| tag.name());
        if name == "ruby" && innermost == Some("rt") {
            self.pop();
        }
        if self.open.last().is_some_and(|(tag, _)| tag.name() == name) {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some((tag, nodes)) = self.open.pop()
            && !nodes.is_empty()
        {
            self.top().push(Node::Span(tag, nodes));
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while !self.open.is_empty() {
            self.pop();
        }
        trim_end(&mut self.done);
        self.done
    }
}

fn trim_end(nodes: &mut Vec<Node>) {
    let empty = match nodes.last_mut() {
        Some(Node::Text(text)) => {
            text.truncate(text.trim_end_matches(is_blank).len());
            text.is_empty()
        }
        Some(Node::Span(_, inner)) => {
            trim_end(inner);
            inner.is_empty()
        }
        None => return,
    };
    if empty {
        nodes.pop();
        trim_end(nodes);
    }
}

/// Blanks, line ends and control characters. Spaces of other scripts and marks of direction are text.
fn is_blank(letter: char) -> bool {
    letter == ' ' || letter.is_control()
}

/// Replaces the named characters of `WebVTT` and numbered ones by themselves; anything else stays as it is.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        decoded.push_str(before);
        let known = reference.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        let (letter, after) = known.unwrap_or(('&', reference));
        decoded.push(letter);
        rest = after;
    }
    decoded.push_str(rest);
    decoded
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "lrm" => Some('\u{200E}'),
        "rlm" => Some('\u{200F}'),
        "nbsp" => Some('\u{A0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// Adds what `nodes` say to `text`, without markup.
pub(super) fn write_plain(nodes: &[Node], text: &mut String) {
    for node in nodes {
        match node {
            Node::Text(letters) => text.push_str(letters),
            Node::Span(Tag::Voice(name), inner) => {
                text.push_str(name);
                text.push_str(": ");
                write_plain(inner, text);
            }
            Node::Span(Tag::Reading, inner) => {
                text.push('(');
                write_plain(inner, text);
                text.push(')');
            }
            Node::Span(_, inner) => write_plain(inner, text),
        }
    }
}
