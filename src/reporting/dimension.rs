//! What people are counted by, as they had told it when they registered, were named or were invited.

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

use super::regions;
use crate::{
    accounts::user::{Gender, OrganisationKind},
    language::Language,
    webinars::inviting::importing::KINDS,
};

/// What people are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[graphql(name = "CountDimension")]
pub enum Dimension {
    /// Gender as told.
    Gender,
    /// Region of the country (UN M49).
    Region,
    /// Sub-region of the country (UN M49).
    Subregion,
    /// Country (ISO 3166-1).
    Country,
    /// Kind of organisation.
    OrganisationKind,
    /// Preferred language.
    Language,
}

/// What people told of themselves at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Gender.
    pub gender: Option<Gender>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Kind of organisation.
    pub organisation_kind: Option<OrganisationKind>,
    /// Preferred language.
    pub language: Language,
}

/// The code of what nobody told.
pub const NOT_TOLD: &str = "NOT_TOLD";

impl Dimension {
    /// All of them. Neighbours of one tree lie in it one below the other.
    pub const ALL: [Self; 6] =
        [Self::Gender, Self::Region, Self::Subregion, Self::Country, Self::OrganisationKind, Self::Language];
    /// Those at the bottom of their tree: one for each tree.
    pub const TREES: [Self; 4] = [Self::Gender, Self::Country, Self::OrganisationKind, Self::Language];

    /// The tree that it lies in, by its place among [`Self::TREES`], and how deep.
    #[must_use]
    pub const fn place(self) -> (usize, usize) {
        match self {
            Self::Gender => (0, 1),
            Self::Region => (1, 1),
            Self::Subregion => (1, 2),
            Self::Country => (1, 3),
            Self::OrganisationKind => (2, 1),
            Self::Language => (3, 1),
        }
    }

    /// The codes of where somebody stands in its tree, from the top.
    #[must_use]
    pub fn codes(self, told: &Told) -> Vec<&str> {
        match self {
            Self::Gender => vec![told.gender.map_or(NOT_TOLD, gender)],
            Self::OrganisationKind => vec![told.organisation_kind.map_or(NOT_TOLD, kind)],
            Self::Language => vec![told.language.tag()],
            Self::Region | Self::Subregion | Self::Country => match told.country.as_deref() {
                None => vec![NOT_TOLD],
                Some(country) => {
                    let (region, subregion) = regions::of(country);
                    vec![region, subregion, country]
                }
            },
        }
    }

    /// The end of its word in the messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Gender => "gender",
            Self::Region => "region",
            Self::Subregion => "subregion",
            Self::Country => "country",
            Self::OrganisationKind => "kind",
            Self::Language => "language",
        }
    }
}

/// The code of a gender.
const fn gender(gender: Gender) -> &'static str {
    match gender {
        Gender::Female => "FEMALE",
        Gender::Male => "MALE",
        Gender::Other => "OTHER",
        Gender::Undisclosed => "UNDISCLOSED",
    }
}

/// The code of a kind of organisation, as in tables of contacts.
fn kind(kind: OrganisationKind) -> &'static str {
    KINDS.iter().find(|(_, known)| *known == kind).map_or("OTHER", |(code, _)| code)
}
