//! Texts in languages. What people read is held as rows `<entity>_text`, one for each language, with the language it was
//! written in first, the *original*. A reader gets one choice for the whole object and is told which came.
//!
//! The original counts its changes in `revision`; a translation keeps in `source_revision` the revision that it was made
//! from, and is outdated once the original has moved on.

use super::{Language, TextDirection};

/// What all rows of texts have.
pub trait Translated {
    /// Language of this row.
    fn language(&self) -> &Language;
    /// Revision of the original that this row was made from; of the original itself, its own.
    fn source_revision(&self) -> i32;
    /// A machine made it and nobody has confirmed it.
    fn is_machine(&self) -> bool;
}

/// What a reader is told of the text that came.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Its language.
    pub language: Language,
    /// Its writing direction.
    pub direction: TextDirection,
    /// It was written in this language first.
    pub is_original: bool,
    /// The original changed after this translation was made.
    pub is_outdated: bool,
    /// A machine made it and nobody has confirmed it.
    pub is_machine: bool,
}

/// The text for a reader who wants one of `wanted`, best first, if need be without its region or script; the original when
/// there is none, and when even that is missing, any.
pub fn choose<'a, 'l, T: Translated>(
    texts: &'a [T],
    wanted: impl IntoIterator<Item = &'l Language>,
    original: &Language,
) -> Option<&'a T> {
    let find = |tag: &str| texts.iter().find(|text| text.language().tag() == tag);
    let near = |language: &Language| find(language.tag()).or_else(|| find(language.primary()));
    wanted.into_iter().find_map(near).or_else(|| find(original.tag())).or_else(|| texts.first())
}

/// Says of `text`, one of `texts`, what a reader is told.
pub fn mark<T: Translated>(text: &T, texts: &[T], original: &Language) -> Mark {
    let current = texts.iter().find(|text| text.language() == original).map_or(0, Translated::source_revision);
    let is_original = text.language() == original;
    Mark {
        language: text.language().clone(),
        direction: text.language().direction(),
        is_original,
        is_outdated: !is_original && text.source_revision() < current,
        is_machine: text.is_machine(),
    }
}

/// The revision to write with a text that is set now: the original moves on, a translation takes the original's.
pub fn next_revision<T: Translated>(texts: &[T], language: &Language, original: &Language) -> i32 {
    let current = texts.iter().find(|text| text.language() == original).map_or(0, Translated::source_revision);
    if language == original { current + 1 } else { current }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(Language, i32);
    impl Translated for Row {
        fn language(&self) -> &Language {
            &self.0
        }
        fn source_revision(&self) -> i32 {
            self.1
        }
        fn is_machine(&self) -> bool {
            false
        }
    }
    fn language(tag: &str) -> Language {
        Language::parse(tag).unwrap_or_default()
    }

    #[test]
    fn a_reader_gets_the_first_language_that_there_is_and_else_the_original() {
        let texts = [Row(language("en"), 3), Row(language("ar"), 2)];
        let chosen = |wanted: &[&str]| {
            let wanted: Vec<_> = wanted.iter().map(|tag| language(tag)).collect();
            choose(&texts, &wanted, &language("en")).map(|row| row.0.tag().to_owned())
        };
        assert_eq!(chosen(&["ru", "ar", "en"]).as_deref(), Some("ar"));
        assert_eq!(chosen(&["ru"]).as_deref(), Some("en"));
        assert_eq!(chosen(&["ar-EG"]).as_deref(), Some("ar"));
    }

    #[test]
    fn a_translation_of_an_older_original_is_outdated() {
        let texts = [Row(language("en"), 3), Row(language("ar"), 2), Row(language("fr"), 3)];
        let outdated: Vec<_> = texts.iter().map(|text| mark(text, &texts, &language("en")).is_outdated).collect();
        assert_eq!(outdated, [false, true, false]);
        assert_eq!(next_revision(&texts, &language("en"), &language("en")), 4);
        assert_eq!(next_revision(&texts, &language("ru"), &language("en")), 3);
    }
}
