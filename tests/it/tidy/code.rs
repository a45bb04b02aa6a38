//! Reading Rust source as far as these tests need: its code without comments, texts and unit tests, and the paths in it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// A file of `src` or `migrations`.
pub struct Source {
    /// Path from the root of the repository.
    pub path: String,
    /// Its code: comments, the insides of texts, and unit tests left out.
    pub code: String,
}

/// Files under `folder` whose names end with `ending`, in order.
pub fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

pub fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(&path).unwrap_or_else(|err| panic!("{}: {err}", path.as_ref().display()))
}

/// All of `src`, but for files of unit tests.
pub fn sources() -> Vec<Source> {
    let texts: Vec<_> = files("src", ".rs").into_iter().map(|path| (path.display().to_string(), read(&path))).collect();
    let of_tests: Vec<_> = texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let is_of_tests = |path: &str| of_tests.iter().any(|module| path.starts_with(module));
    let code = |text: &str| without_tests(&without_comments(text));
    texts.into_iter().filter(|(path, _)| !is_of_tests(path)).map(|(path, text)| Source { code: code(&text), path }).collect()
}

/// The files and folders that a file declares as `#[cfg(test)] mod name;`, without their ending.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let folder = path.trim_end_matches("mod.rs").trim_end_matches(".rs").trim_end_matches('/');
    let declared = text.split("#[cfg(test)]\nmod ").skip(1).map(word).zip(text.split("#[cfg(test)]\nmod ").skip(1));
    let in_files = declared.filter(|(name, rest)| rest[name.len()..].starts_with(';'));
    in_files.flat_map(|(name, _)| [format!("{folder}/{name}.rs"), format!("{folder}/{name}/")]).collect()
}

/// What begins at `at` and is not code: its length in bytes.
fn no_code(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let until = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |found| from + found + end.len());
    let is_in_word = text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(until("*/", 2));
    }
    if !is_in_word && rest.starts_with('r') {
        let marks = rest[1..].chars().take_while(|mark| *mark == '#').count();
        if rest[1 + marks..].starts_with('"') {
            return Some(until(&format!("\"{}", "#".repeat(marks)), marks + 2));
        }
    }
    if rest.starts_with('"') {
        return Some(quoted(rest, '"'));
    }
    // A character, not a lifetime.
    let is_character = rest.starts_with("'\\") || rest.chars().nth(2) == Some('\'');
    (rest.starts_with('\'') && is_character).then(|| quoted(rest, '\''))
}

/// The length of a quoted text.
fn quoted(text: &str, mark: char) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == mark {
            return at + 1;
        }
    }
    text.len()
}

fn without_comments(text: &str) -> String {
    let mut code = String::new();
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        if let Some(length) = no_code(text, at) {
            code.push(' ');
            at += length;
        } else {
            code.push(next);
            at += next.len_utf8();
        }
    }
    code
}

/// What is for unit tests alone stands at the end of a file.
fn without_tests(code: &str) -> String {
    let is_inline = |rest: &str| rest.find('{').is_some_and(|brace| rest.find(';').is_none_or(|end| brace < end));
    let mut tests = code.match_indices("#[cfg(test)]").filter(|(at, mark)| is_inline(&code[at + mark.len()..]));
    code[..tests.next().map_or(code.len(), |(at, _)| at)].to_owned()
}

/// Names that `code` takes directly out of the path `root`, as in `root::name` and `root::{name, other::more}`.
pub fn names_in(code: &str, root: &str) -> BTreeSet<String> {
    let start = format!("{root}::");
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(&start) {
        let is_whole = !code[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | ':'));
        let rest = &code[at + start.len()..];
        if is_whole && rest.starts_with('{') {
            names.extend(in_braces(rest));
        } else if is_whole {
            names.insert(word(rest));
        }
    }
    names
}

fn word(text: &str) -> String {
    text.chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect()
}

/// The first words between the commas of the outermost braces.
fn in_braces(text: &str) -> Vec<String> {
    let (mut depth, mut names, mut item) = (0, Vec::new(), String::new());
    for character in text.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(word(std::mem::take(&mut item).trim())),
            _ if depth == 1 => item.push(character),
            _ => {}
        }
    }
    names.push(word(item.trim()));
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn comments_texts_and_tests_are_no_code() {
    let text = "// poem::a\nlet a = \"poem::b \\\" poem::c\"; /* poem::d */ let b: &'a str = r#\"poem::\"e\"#; '\"'; poem::f();
#[cfg(test)]\nmod tests { poem::g }";
    assert_eq!(names_in(&without_tests(&without_comments(text)), "poem"), BTreeSet::from(["f".to_owned()]));
}

#[test]
fn names_are_read_from_paths_and_braces() {
    let code = "use crate::{a::{b, c}, d, self as e}; crate::f::g(); mycrate::h; crate::transact!(x)";
    let names: Vec<_> = names_in(code, "crate").into_iter().collect();
    assert_eq!(names, ["a", "d", "f", "self", "transact"]);
}
