//! What only one place may do, and what none may.

use super::code::{files, names_in, read, sources};

const MOST_LINES: usize = 400;

/// Files of which `is_wrong` holds for their code.
fn those(is_wrong: impl Fn(&str, &str) -> bool) -> Vec<String> {
    sources().into_iter().filter(|source| is_wrong(&source.path, &source.code)).map(|source| source.path).collect()
}

#[test]
fn only_config_reads_the_environment() {
    let reads = |code: &str| names_in(code, "std").contains("env") || !names_in(code, "env").is_empty();
    let wrong = those(|path, code| !path.starts_with("src/config/") && reads(code));
    assert!(wrong.is_empty(), "make it a setting in src/config and read it from `app.config`: {wrong:?}");
}

#[test]
fn only_the_clock_tells_the_time() {
    let tells = |code: &str| ["Utc::now", "Local::now", "SystemTime::now"].iter().any(|now| code.contains(now));
    let wrong = those(|path, code| path != "src/clock.rs" && tells(code));
    assert!(wrong.is_empty(), "ask `app.clock`, or `tx.now()` in a transaction: {wrong:?}");
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    let wrong = those(|_, code| code.contains(".unwrap()"));
    assert!(wrong.is_empty(), "handle the failure, or say with `expect` why there is none: {wrong:?}");
}

#[test]
fn no_file_is_longer_than_400_lines() {
    let all = files("src", ".rs").into_iter().chain(files("migrations", ".rs"));
    let long = all.filter(|path| read(path).lines().count() > MOST_LINES).collect::<Vec<_>>();
    assert!(long.is_empty(), "split them by what they are about: {long:?}");
}

#[test]
fn every_error_is_one_that_something_fails_with() {
    let errors = read("src/error.rs");
    let (_, body) = errors.split_once("pub enum Error {").expect("the enum");
    let (body, _) = body.split_once("\n}").expect("its end");
    let variants = body.lines().map(str::trim).filter(|line| line.starts_with(char::is_uppercase));
    let variants = variants.map(|line| line.split(['(', ',', ' ']).next().unwrap_or_default());
    let sources = sources();
    let is_used = |variant: &str| {
        let mut others = sources.iter().filter(|source| source.path != "src/error.rs");
        others.any(|source| names_in(&source.code, "Error").contains(variant))
    };
    // Faults of ours come from `Error::internal`.
    let unused: Vec<_> = variants.filter(|variant| *variant != "Internal" && !is_used(variant)).collect();
    assert!(unused.is_empty(), "nothing fails with {unused:?}: remove them from src/error.rs");
}
