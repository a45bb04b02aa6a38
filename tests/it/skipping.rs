//! Saying what was not tested. A test that can't be done here passes, and nobody sees its output.

use std::{fmt::Display, fs::OpenOptions, io::Write as _};

/// Says that the test that runs is not done, or not all of it, and why: `skipped: <test>: <why>`, also in the file that
/// `LYCEUM_TEST_SKIPPED` names, which `tests/run` shows at its end.
pub fn skipped(why: impl Display) {
    let thread = std::thread::current();
    let line = said(thread.name().unwrap_or("a test"), &why.to_string());
    eprint!("{line}");
    if let Some(path) = std::env::var_os("LYCEUM_TEST_SKIPPED") {
        let file = OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| file.write_all(line.as_bytes())).expect("what is skipped can be written down");
    }
}

/// One line, whatever the reason has in it.
fn said(test: &str, why: &str) -> String {
    format!("skipped: {test}: {}\n", why.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn what_is_skipped_is_said_in_one_line() {
    let line = said("faults::disk::while_it_is_full", "no disk:\n  \"denied\"\n");
    assert_eq!(line, "skipped: faults::disk::while_it_is_full: no disk: \"denied\"\n");
}
