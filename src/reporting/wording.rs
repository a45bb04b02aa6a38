//! The words of reports, in the languages of the site. Countries are named by their codes, so that nobody's name for one is ours.

use chrono::Datelike as _;

use super::{
    dimension::{Dimension, NOT_TOLD},
    regions,
    stage::Stage,
};
use crate::{
    clock::Instant,
    language::{Language, messages},
};

/// What stands for a number that may not be known.
pub const HIDDEN: &str = "*";

/// The words in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a>(pub &'a Language);

impl Words<'_> {
    /// A message, with its values.
    #[must_use]
    pub fn say(self, id: &str, values: &[(&'static str, String)]) -> String {
        messages::text(self.0, id, values)
    }

    /// A stage.
    #[must_use]
    pub fn stage(self, stage: Stage) -> String {
        self.say(&format!("counts-stage-{}", stage.word()), &[])
    }

    /// What people are counted by.
    #[must_use]
    pub fn dimension(self, dimension: Dimension) -> String {
        self.say(&format!("counts-by-{}", dimension.word()), &[])
    }

    /// A category.
    #[must_use]
    pub fn category(self, dimension: Dimension, code: &str) -> String {
        let word = |kind: &str| self.say(&format!("counts-{kind}-{}", code.to_lowercase().replace('_', "-")), &[]);
        match dimension {
            _ if code == NOT_TOLD => self.say("counts-not-told", &[]),
            Dimension::Region | Dimension::Subregion if code == regions::NONE => self.say("counts-no-region", &[]),
            Dimension::Gender => word("gender"),
            Dimension::OrganisationKind => word("kind"),
            Dimension::Region | Dimension::Subregion => word("area"),
            Dimension::Country => code.to_owned(),
            Dimension::Language => Language::parse(code).map_or_else(|| code.to_owned(), |known| known.own_name().into_owned()),
        }
    }

    /// A day.
    #[must_use]
    pub fn day(self, at: Instant) -> String {
        let values = [("day", at.day().to_string()), ("month", at.month().to_string()), ("year", at.year().to_string())];
        self.say("certificate-date", &values)
    }

    /// What the numbers mean, in paragraphs.
    #[must_use]
    pub fn notes(self, attendance_percent: i32) -> Vec<String> {
        let percent = [("percent", attendance_percent.to_string())];
        ["people", "stages", "told", "hidden", "others", "gain"]
            .map(|note| self.say(&format!("counts-note-{note}"), &percent))
            .to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::OF_SITE, webinars::inviting::importing::KINDS};

    #[test]
    fn every_category_has_a_word_in_every_language() {
        let areas = include_str!("regions.txt").lines().flat_map(|line| line.split(' ').take(2));
        let genders = ["FEMALE", "MALE", "OTHER", "UNDISCLOSED", NOT_TOLD];
        let all: Vec<_> = (genders.into_iter().map(|code| (Dimension::Gender, code)))
            .chain(KINDS.iter().map(|(code, _)| (Dimension::OrganisationKind, *code)))
            .chain(areas.chain([regions::NONE]).map(|code| (Dimension::Subregion, code)))
            .collect();
        for (tag, _) in OF_SITE {
            let language = Language::parse(tag).expect("a language");
            let words = Words(&language);
            let said = all.iter().map(|(dimension, code)| words.category(*dimension, code));
            let said = said.chain(Stage::ALL.map(|stage| words.stage(stage)));
            let said = said.chain(Dimension::ALL.map(|dimension| words.dimension(dimension))).chain(words.notes(75));
            for said in said {
                assert!(!said.starts_with("counts-") && !said.is_empty(), "{tag}: {said}");
            }
        }
    }
}
