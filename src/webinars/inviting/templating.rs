//! The fields of letters: names in braces, for example `{name}`, filled in for each recipient.

use super::letter::Audience;
use crate::error::{Problem, UserErrorCode};

/// What each letter may say: how the recipient is called, the webinar, its series, when it begins, the name of the site and
/// where the letter leads.
const PEOPLE: [&str; 6] = ["name", "title", "series", "when", "site", "link"];
/// Those of contacts besides how many people they may name, and until when.
const CONTACTS: [&str; 8] = ["name", "title", "series", "when", "site", "link", "quota", "until"];

/// The fields that a letter may have.
#[must_use]
pub const fn fields(audience: Audience) -> &'static [&'static str] {
    match audience {
        Audience::Contacts => &CONTACTS,
        Audience::People => &PEOPLE,
    }
}

/// Cuts a text into what stands outside of braces and the names within, in turn.
fn parts(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let found = text.split_once('{').and_then(|(plain, after)| Some((plain, after.split_once('}')?)));
        Some(match found {
            None => (text, None),
            Some((plain, (name, after))) => {
                rest = Some(after);
                (plain, Some(name.trim()))
            }
        })
    })
}

/// Refuses a text that names other fields, and names these.
pub fn check(audience: Audience, text: &str) -> Result<(), Problem> {
    let known = fields(audience);
    let unknown: Vec<_> = parts(text).filter_map(|(_, name)| name).filter(|name| !known.contains(name)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let written = |names: &[&str]| names.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>().join(", ");
    let problem = Problem::new(UserErrorCode::Invalid).saying("problem-letter-fields");
    Err(problem.with("unknown", written(&unknown)).with("known", written(known)))
}

/// Whether a text has a field.
#[must_use]
pub fn has(text: &str, field: &str) -> bool {
    parts(text).any(|(_, name)| name == Some(field))
}

/// Fills in the fields of a text. What is filled in is not looked at again.
#[must_use]
pub fn fill(text: &str, values: &[(&'static str, String)]) -> String {
    let mut filled = String::new();
    for (plain, name) in parts(text) {
        filled.push_str(plain);
        let value = name.and_then(|name| values.iter().find(|(known, _)| *known == name));
        filled.push_str(value.map_or("", |(_, value)| value));
    }
    filled
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_filled_in_once_and_values_name_none() {
        let values = [("name", "{link}".to_owned()), ("link", "https://x".to_owned())];
        assert_eq!(fill("Dear { name }: {link}{", &values), "Dear {link}: https://x{");
    }

    #[test]
    fn unknown_fields_are_refused() {
        assert!(check(Audience::People, "{name} {link} { } {").is_err());
        assert!(check(Audience::People, "{quota}").is_err());
        assert!(check(Audience::Contacts, "{quota} {until} {name").is_ok());
    }

    proptest! {
        #[test]
        fn a_text_that_is_let_in_leaves_no_field_open(text in "[a-c{} ]{0,30}|(\\{(name|link|x)\\}|[ a]){0,6}") {
            if check(Audience::People, &text).is_ok() {
                let values = PEOPLE.map(|name| (name, "v".to_owned()));
                prop_assert!(!has(&fill(&text, &values), "name"), "{}", text);
            }
        }
    }
}
