//! What categories stand in: a community or a course.

use sea_orm::{DeriveValueType, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, CourseId, Id, decode};

/// UUID of a community or a course: what rights in a forum are judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, DeriveValueType)]
#[serde(transparent)]
pub struct ParentId(pub Uuid);

/// Which of the two a parent is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum ParentKind {
    /// A community.
    #[sea_orm(string_value = "community")]
    Community,
    /// A course.
    #[sea_orm(string_value = "course")]
    Course,
}

/// A community or a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parent {
    /// A community.
    Community(CommunityId),
    /// A course.
    Course(CourseId),
}

impl Parent {
    /// The parent of this kind and id.
    #[must_use]
    pub const fn new(kind: ParentKind, id: ParentId) -> Self {
        match kind {
            ParentKind::Community => Self::Community(CommunityId(id.0)),
            ParentKind::Course => Self::Course(CourseId(id.0)),
        }
    }

    /// Reads an id as clients send it.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        match decode(id)? {
            (CommunityId::KIND, uuid) => Some(Self::Community(CommunityId(uuid))),
            (CourseId::KIND, uuid) => Some(Self::Course(CourseId(uuid))),
            _ => None,
        }
    }

    /// Which it is.
    #[must_use]
    pub const fn kind(self) -> ParentKind {
        match self {
            Self::Community(_) => ParentKind::Community,
            Self::Course(_) => ParentKind::Course,
        }
    }

    /// Its id, whichever it is.
    #[must_use]
    pub const fn id(self) -> ParentId {
        match self {
            Self::Community(id) => ParentId(id.0),
            Self::Course(id) => ParentId(id.0),
        }
    }
}

impl From<CommunityId> for ParentId {
    fn from(id: CommunityId) -> Self {
        Self(id.0)
    }
}

impl From<CourseId> for ParentId {
    fn from(id: CourseId) -> Self {
        Self(id.0)
    }
}
