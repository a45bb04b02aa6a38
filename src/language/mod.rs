//! Languages: their tags and directions, choosing a text for a reader, and what the server itself says in six languages.

pub mod messages;
pub mod texts;
pub mod translated;

use std::{borrow::Cow, str::FromStr};

use async_graphql::{Enum, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// BCP 47 language tag in canonical case, for example `ar` or `pt-BR`. The default is English.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, DeriveValueType)]
#[serde(transparent)]
pub struct Language(String);

/// Languages in which texts are kept, in display order, with their names in themselves.
pub const OF_SITE: [(&str, &str); 6] =
    [("ar", "العربية"), ("zh", "中文"), ("en", "English"), ("fr", "Français"), ("ru", "Русский"), ("es", "Español")];

/// Names of further languages that captions are often in.
const OTHER_NAMES: [(&str, &str); 12] = [
    ("pt", "Português"),
    ("de", "Deutsch"),
    ("it", "Italiano"),
    ("uk", "Українська"),
    ("tr", "Türkçe"),
    ("fa", "فارسی"),
    ("ur", "اردو"),
    ("hi", "हिन्दी"),
    ("id", "Bahasa Indonesia"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("sw", "Kiswahili"),
];

/// Primary languages that are written from right to left when no script is named.
const RIGHT_TO_LEFT: [&str; 11] = ["ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv", "ckb", "syr"];
const RIGHT_TO_LEFT_SCRIPTS: [&str; 6] = ["Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"];

/// Writing direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum TextDirection {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

impl Language {
    /// Reads a tag; `None` when it is not well-formed BCP 47.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let well_formed = !tag.is_empty() && tag.len() <= 35;
        let identifier = well_formed.then(|| LanguageIdentifier::from_str(tag).ok()).flatten()?;
        (!identifier.language.is_empty()).then(|| Self(identifier.to_string()))
    }

    /// English, the last resort.
    #[must_use]
    pub fn english() -> Self {
        Self("en".into())
    }

    /// The tag.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The part before the first hyphen.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// Whether texts are kept in it.
    #[must_use]
    pub fn is_of_site(&self) -> bool {
        OF_SITE.iter().any(|(tag, _)| *tag == self.0)
    }

    /// The language of the site that it is, whatever its region.
    #[must_use]
    pub fn of_site(&self) -> Option<Self> {
        OF_SITE.iter().find(|(tag, _)| *tag == self.primary()).map(|(tag, _)| Self((*tag).to_owned()))
    }

    /// Its name in itself, or its tag.
    #[must_use]
    pub fn own_name(&self) -> Cow<'static, str> {
        let known = OF_SITE.iter().chain(&OTHER_NAMES).find(|(tag, _)| *tag == self.primary());
        known.map_or_else(|| Cow::Owned(self.0.clone()), |(_, name)| Cow::Borrowed(*name))
    }

    /// Its writing direction.
    #[must_use]
    pub fn direction(&self) -> TextDirection {
        let script = self.0.split('-').skip(1).find(|part| part.len() == 4);
        let right_to_left =
            script.map_or_else(|| RIGHT_TO_LEFT.contains(&self.primary()), |script| RIGHT_TO_LEFT_SCRIPTS.contains(&script));
        if right_to_left { TextDirection::Rtl } else { TextDirection::Ltr }
    }

    /// What an `Accept-Language` header names, best first, at most ten; unreadable parts are passed over (RFC 9110, 12.5.4).
    #[must_use]
    pub fn accepted(header: &str) -> Vec<Self> {
        let mut weighted: Vec<(f32, Self)> = header
            .split(',')
            .take(10)
            .filter_map(|part| {
                let (tag, weight) = part.split_once(';').unwrap_or((part, "q=1"));
                let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
                let language = Self::parse(tag.trim())?;
                let known = Self(language.primary().to_owned());
                (weight > 0.0).then_some((weight, if known.is_of_site() { known } else { language }))
            })
            .collect();
        weighted.sort_by(|a, b| b.0.total_cmp(&a.0));
        weighted.into_iter().map(|(_, language)| language).collect()
    }
}

impl sea_orm::TryFromU64 for Language {
    fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
        Err(sea_orm::DbErr::ConvertFromU64("Language"))
    }
}

impl Default for Language {
    fn default() -> Self {
        Self::english()
    }
}

/// BCP 47 language tag, for example ar or zh. Texts are kept in the languages that `site.languages` names; captions and
/// spoken languages may be any.
#[Scalar(name = "Language")]
impl ScalarType for Language {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(tag) => Self::parse(tag).ok_or_else(|| InputValueError::custom("not a BCP 47 language tag")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_brought_into_canonical_case() {
        assert_eq!(Language::parse("PT-br").map(|l| l.0), Some("pt-BR".to_owned()));
        for wrong in ["", "e", "en us", "123", "x-klingon-and-much-more-that-is-far-too-long"] {
            assert_eq!(Language::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn scripts_decide_the_direction_before_languages_do() {
        for (tag, direction) in [
            ("ar", TextDirection::Rtl),
            ("zh", TextDirection::Ltr),
            ("az-Arab", TextDirection::Rtl),
            ("ku-Latn", TextDirection::Ltr),
        ] {
            assert_eq!(Language::parse(tag).map(|l| l.direction()), Some(direction), "{tag}");
        }
    }

    #[test]
    fn accepted_languages_come_best_first() {
        let tags: Vec<_> = Language::accepted("fr;q=0.4, ar-EG, *;q=0.1, en;q=0.8, ru;q=0").into_iter().map(|l| l.0).collect();
        assert_eq!(tags, ["ar", "en", "fr"]);
    }
}
