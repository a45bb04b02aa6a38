//! That what is written for readers is true and whole: the README and the schema.

use std::path::Path;

use lyceum::config::SETTINGS;

use super::code::{files, read};

/// The part of the README under a heading.
fn section<'a>(readme: &'a str, heading: &str) -> &'a str {
    let (_, rest) = readme.split_once(heading).unwrap_or_else(|| panic!("the README has no {heading}"));
    rest.split("\n#").next().unwrap_or_default()
}

/// The rows of the first table in a text, without its head.
fn table(text: &str) -> Vec<&str> {
    let rows = text.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    rows.skip(2).collect()
}

#[test]
fn the_readme_lists_exactly_the_settings_that_there_are() {
    let readme = read("README.md");
    let settings = SETTINGS.map(|(names, unset, purpose)| format!("| `{names}` | {unset} | {purpose} |"));
    let written = table(section(&readme, "### Settings"));
    for setting in &settings {
        assert!(written.contains(&setting.as_str()), "write into the README's table of settings:\n{setting}");
    }
    assert_eq!(written, settings, "the README's table of settings is that of src/config, in its order");
}

/// Whether there is a test, a module of tests or a path of this name.
fn is_there(name: &str) -> bool {
    if name.contains('/') {
        return Path::new(name).exists();
    }
    let (module, name) = name.split_once("::").unwrap_or((name, ""));
    let mut places = vec![format!("tests/it/{module}.rs"), format!("src/{module}.rs")];
    for folder in [format!("tests/it/{module}"), format!("src/{module}")] {
        if Path::new(&folder).is_dir() {
            places.extend(files(&folder, ".rs").iter().map(|path| path.display().to_string()));
        }
    }
    let test = name.rsplit("::").next().unwrap_or_default();
    places.iter().filter(|place| Path::new(place).exists()).any(|place| {
        let is_module = place.ends_with(&format!("/{}.rs", name.replace("::", "/")));
        let code = read(place);
        if name.is_empty() || is_module {
            code.contains("#[test]") || code.contains("#[tokio::test]")
        } else {
            has_test(&code, test)
        }
    })
}

/// Whether a test has this name, or one that begins with it where it is cut off. What only helps tests is none.
fn has_test(code: &str, name: &str) -> bool {
    let wanted = name.strip_suffix('…').map_or_else(|| format!("fn {name}("), |start| format!("fn {start}"));
    code.match_indices(&wanted).any(|(at, _)| {
        // The lines above that of the function, up to what belongs to something else.
        let line = code[..at].rfind('\n').map_or(0, |end| end + 1);
        let mut above = code[..line].lines().rev().map(str::trim).take_while(|line| line.starts_with(['#', '/']));
        above.any(|line| line == "#[test]" || line.starts_with("#[tokio::test"))
    })
}

#[test]
fn only_tests_count_as_tests() {
    let code = "/// Helps.\nfn helps(a: u8) {}\n\n#[test]\nfn holds() {}\n\n#[tokio::test]\n// Slow.\nasync fn waits_long() {}\n\n\
                fn x() {}\n";
    let found = ["holds", "waits_long", "waits_…", "helps", "helps…", "hold", "x"].map(|name| has_test(code, name));
    assert_eq!(found, [true, true, true, false, false, false, false]);
}

#[test]
fn every_test_that_the_readme_names_is_there() {
    let readme = read("README.md");
    let rows = table(section(&readme, "## What holds, and which test proves it"));
    assert!(!rows.is_empty());
    let tests = rows.iter().filter_map(|row| row.split('|').nth(2));
    let names = tests.flat_map(|tests| tests.split('`').skip(1).step_by(2));
    let missing: Vec<_> = names.filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "the README names tests that are not there: {missing:?}");
}

#[test]
fn every_rule_of_safety_has_a_number_of_its_own_and_tests_that_are_there() {
    let rules = read("docs/safety.md");
    let cells =
        rules.lines().filter(|line| line.starts_with("| ")).map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let (mut last, mut wrong) = (0, Vec::new());
    for cells in cells.filter(|cells| cells[1].ends_with(|end: char| end.is_ascii_digit())) {
        let number: u32 = cells[1][1..].parse().expect("a letter and a number");
        assert!(number > last, "{} follows {last}", cells[1]);
        last = number;
        let tests: Vec<_> = cells[3].split('`').skip(1).step_by(2).collect();
        if tests.is_empty() || !tests.iter().all(|name| is_there(name)) {
            wrong.push((cells[1], tests.into_iter().filter(|name| !is_there(name)).collect::<Vec<_>>()));
        }
    }
    assert!(last > 70 && wrong.is_empty(), "docs/safety.md names no tests, or some that are not there: {wrong:?}");
}

/// Lines of an SDL that declare something and follow no description.
fn undescribed(sdl: &str) -> Vec<String> {
    let (mut is_description, mut before, mut found) = (false, "", Vec::new());
    for line in sdl.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let is_mark = line == "\"\"\"";
        if is_mark {
            is_description = !is_description;
        } else if !is_description {
            let begins = line.starts_with(|first: char| first.is_alphanumeric() || first == '_');
            let is_of_schema = line.starts_with("schema ") || line.starts_with("query:") || line.starts_with("mutation:");
            let is_of_schema = is_of_schema || line.starts_with("subscription:");
            let has_hidden_arguments = line.contains('(') && !line.ends_with('(');
            if begins && !is_of_schema && (before != "\"\"\"" || has_hidden_arguments) {
                found.push(line.to_owned());
            }
        }
        before = line;
    }
    found
}

#[test]
fn everything_in_the_schema_is_described() {
    let found = undescribed(&lyceum::graphql::sdl());
    assert!(found.is_empty(), "describe them where they are declared, with `///` or `desc`:\n{}", found.join("\n"));
}

#[test]
fn what_has_no_description_is_found() {
    let sdl =
        "\"\"\"\nA.\n\"\"\"\ntype A {\n\t\"\"\"\n\tB.\n\t\"\"\"\n\tb(\n\t\tc: Int\n\t): Int!\n\td: Int\n}\nenum E {\n\tF\n}";
    assert_eq!(undescribed(sdl), ["c: Int", "d: Int", "enum E {", "F"]);
}
