//! Records of what people achieved, of every kind: checking one by its code, and its certificate.

use sea_orm::EntityTrait;
use unicode_normalization::UnicodeNormalization;

use crate::{
    accounts::user,
    app::App,
    certificates::{
        certificate::{Certificate, Kind},
        code,
    },
    clock::Instant,
    courses::{self, completing, completion},
    error::Result,
    ids::{AttendanceId, CompletionId, Id as _, UserId},
    language::Language,
    webinars::{self, attendance},
};

/// A record, of what it is.
#[derive(Clone, Debug)]
pub enum Record {
    /// That somebody completed a course.
    Completion(completion::Model),
    /// That somebody attended a webinar.
    Attendance(attendance::Model),
}

impl Record {
    /// What it is for.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Completion(_) => Kind::Course,
            Self::Attendance(_) => Kind::Webinar,
        }
    }

    /// Its code, as people see it.
    #[must_use]
    pub fn code(&self) -> String {
        code::grouped(match self {
            Self::Completion(record) => &record.code,
            Self::Attendance(record) => &record.code,
        })
    }

    /// Title of the course or webinar as it stood.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Completion(record) => &record.course_title,
            Self::Attendance(record) => &record.title,
        }
    }

    /// Version of the course that was completed.
    #[must_use]
    pub fn version_number(&self) -> Option<i32> {
        match self {
            Self::Completion(record) => Some(record.version_number),
            Self::Attendance(_) => None,
        }
    }

    /// When the course was completed, or the webinar held.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self {
            Self::Completion(record) => record.completed_at,
            Self::Attendance(record) => record.held_at,
        }
    }

    /// When it was revoked.
    #[must_use]
    pub fn revoked_at(&self) -> Option<Instant> {
        match self {
            Self::Completion(record) => record.revoked_at,
            Self::Attendance(record) => record.revoked_at,
        }
    }

    /// Name that the holder went by.
    #[must_use]
    pub fn full_name(&self) -> &str {
        match self {
            Self::Completion(record) => &record.full_name,
            Self::Attendance(record) => &record.full_name,
        }
    }

    fn latin_name(&self) -> Option<&str> {
        match self {
            Self::Completion(record) => record.latin_name.as_deref(),
            Self::Attendance(record) => record.latin_name.as_deref(),
        }
    }

    /// Whether it bears this name, but for case and spaces.
    fn bears(&self, name: &str) -> bool {
        let name = folded(name);
        let is_it = |own: &str| folded(own) == name;
        !name.is_empty() && (is_it(self.full_name()) || self.latin_name().is_some_and(is_it))
    }

    fn holder(&self) -> UserId {
        match self {
            Self::Completion(record) => record.user_id,
            Self::Attendance(record) => record.user_id,
        }
    }
}

/// The record with a code, as people type it. For what anyone may learn who has the code.
pub async fn of_code(app: &App, typed: &str) -> Result<Option<Record>> {
    let Some(code) = code::read(typed) else { return Ok(None) };
    if let Some(record) = completing::of_code(app, &code).await? {
        return Ok(Some(Record::Completion(record)));
    }
    Ok(webinars::certifying::of_code(app, &code).await?.map(Record::Attendance))
}

/// The record with this id, of whatever kind, and its certificate; for whoever was given an address of its file.
pub async fn certificate(app: &App, id: &str, language: Language) -> Result<Option<(Record, Option<Certificate>)>> {
    if let Some(id) = CompletionId::parse(id) {
        let found = courses::certifying::by_id(app, id, language).await?;
        return Ok(found.map(|(record, certificate)| (Record::Completion(record), Some(certificate))));
    }
    if let Some(id) = AttendanceId::parse(id) {
        let found = webinars::certifying::by_id(app, id, language).await?;
        return Ok(found.map(|(record, certificate)| (Record::Attendance(record), certificate)));
    }
    Ok(None)
}

/// What a code proves.
#[derive(Clone, Debug)]
pub struct Check {
    /// The record.
    pub record: Record,
    /// The name that the record bears, where the holder shows theirs to visitors.
    pub holder_name: Option<String>,
    /// Whether the name given is one that the record bears.
    pub name_matches: Option<bool>,
}

/// Checks a code, for anyone: looked up as a whole, the same whoever asks.
pub async fn check(app: &App, code: &str, name: Option<&str>) -> Result<Option<Check>> {
    let Some(record) = of_code(app, code).await? else { return Ok(None) };
    let holder = user::Entity::find_by_id(record.holder()).one(app.db.read()).await?;
    let is_name_shown = holder.is_some_and(|holder| holder.is_name_shown);
    Ok(Some(Check {
        holder_name: is_name_shown.then(|| record.full_name().to_owned()),
        name_matches: name.map(|name| record.bears(name)),
        record,
    }))
}

/// A name without case and spaces, in one form.
fn folded(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_but_for_case_and_spaces() {
        assert_eq!(folded("  Zoë  ADAMS"), folded("zoe\u{308} adams"));
        assert_ne!(folded("Zoe Adams"), folded("Zoë Adams"));
    }
}
