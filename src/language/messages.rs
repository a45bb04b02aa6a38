//! What the server itself says to people, in six languages: Fluent files (<https://projectfluent.org>), one for each
//! language, in `messages/`. A test proves that all of them say all of it.

use std::{collections::HashMap, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use super::Language;

const FILES: [(&str, &str); 6] = [
    ("ar", include_str!("messages/ar.ftl")),
    ("zh", include_str!("messages/zh.ftl")),
    ("en", include_str!("messages/en.ftl")),
    ("fr", include_str!("messages/fr.ftl")),
    ("ru", include_str!("messages/ru.ftl")),
    ("es", include_str!("messages/es.ftl")),
];

static BUNDLES: LazyLock<HashMap<&'static str, FluentBundle<FluentResource>>> =
    LazyLock::new(|| FILES.iter().map(|(tag, source)| (*tag, bundle(tag, source))).collect());

fn bundle(tag: &str, source: &str) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // Isolating marks around values would become part of links.
    bundle.set_use_isolating(false);
    // A broken entry is left out here and found by the test below.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// The message `id` in `language`, else in English, with its values filled in.
#[must_use]
pub fn text(language: &Language, id: &str, values: &[(&'static str, String)]) -> String {
    let mut arguments = FluentArgs::new();
    for (name, value) in values {
        match value.parse::<i64>() {
            Ok(number) => arguments.set(*name, number),
            Err(_) => arguments.set(*name, value.as_str()),
        }
    }
    [language.primary(), "en"]
        .iter()
        .find_map(|tag| {
            let bundle = BUNDLES.get(tag)?;
            let pattern = bundle.get_message(id)?.value()?;
            Some(bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned())
        })
        .unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(source: &str) -> Vec<&str> {
        let mut ids: Vec<_> = source
            .lines()
            .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
            .filter_map(|line| line.split_once('=').map(|(id, _)| id.trim()))
            .collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn every_language_says_everything() {
        let english = ids(FILES[2].1);
        assert!(!english.is_empty());
        for (tag, source) in FILES {
            assert!(FluentResource::try_new(source.to_owned()).is_ok(), "{tag}.ftl can't be read");
            assert_eq!(ids(source), english, "{tag}.ftl");
        }
    }

    #[test]
    fn values_are_filled_in_and_plurals_chosen() {
        let english = Language::english();
        let text = text(&english, "problem-too-long", &[("max", "200".into())]);
        assert!(text.contains("200"), "{text}");
    }
}
