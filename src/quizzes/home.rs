//! Where a quiz belongs. Its staff are those of its home, and so are the people who may attempt it.

use crate::{
    error::{Error, Result},
    ids::{CourseId, WebinarId},
};

/// Where a quiz belongs; for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// A course, whose lessons hold it.
    Course(CourseId),
    /// A webinar, whose pre-test or post-test it is.
    Webinar(WebinarId),
}

impl Home {
    /// The home that two columns name, of which the database lets exactly one be filled.
    pub fn of(course: Option<CourseId>, webinar: Option<WebinarId>) -> Result<Self> {
        let home = course.map(Self::Course).or(webinar.map(Self::Webinar));
        home.ok_or_else(|| Error::internal(anyhow::anyhow!("a quiz has no home")))
    }

    /// The course, if it is one.
    #[must_use]
    pub fn course(self) -> Option<CourseId> {
        match self {
            Self::Course(id) => Some(id),
            Self::Webinar(_) => None,
        }
    }

    /// The webinar, if it is one.
    #[must_use]
    pub fn webinar(self) -> Option<WebinarId> {
        match self {
            Self::Course(_) => None,
            Self::Webinar(id) => Some(id),
        }
    }
}
