//! Finding versions, modules and lessons by id. Staff see all versions; others see the newest published one, and a lesson
//! of an older version leads them to the same lesson in the newest.

use std::sync::Arc;

use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QuerySelect};

use super::{
    content::{self, Content, LessonContent},
    course, lesson, module,
    seeing::{self, Seen},
    version,
};
use crate::{
    app::App,
    error::{Error, Result},
    ids::{CourseId, CourseVersionId, Id, LessonId, ModuleId, PermanentLessonId},
    viewer::Viewer,
};

/// A version as a viewer found it.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its course.
    pub seen: Seen,
    /// What it says.
    pub content: Arc<Content>,
}

/// A lesson as a viewer found it.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where it was found.
    pub version: Version,
    /// Index of its module.
    pub module: usize,
    /// Its index in the module.
    pub lesson: usize,
}

impl Place {
    /// The lesson.
    #[must_use]
    pub fn content(&self) -> &LessonContent {
        &self.version.content.modules[self.module].lessons[self.lesson]
    }
}

/// A version.
pub async fn version(app: &App, viewer: &Viewer, id: CourseVersionId) -> Result<Option<Version>> {
    let Some(row) = version::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    of_course(app, viewer, row.course_id, id).await
}

async fn of_course(app: &App, viewer: &Viewer, course: CourseId, id: CourseVersionId) -> Result<Option<Version>> {
    let Some(seen) = seeing::by_id(app.db.read(), viewer, course).await? else { return Ok(None) };
    if !seen.edits && seen.course.published_version_id != Some(id) {
        return Ok(None);
    }
    Ok(Some(Version { seen, content: content::of(app, id).await? }))
}

/// A module, with its index in the version.
pub async fn module(app: &App, viewer: &Viewer, id: ModuleId) -> Result<Option<(Version, usize)>> {
    let Some(row) = module::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let Some(found) = version(app, viewer, row.version_id).await? else { return Ok(None) };
    let index = found.content.modules.iter().position(|module| module.row.id == id);
    Ok(index.map(|index| (found, index)))
}

/// A lesson by the id of a row or by permanent id, then in the published version.
pub async fn lesson(app: &App, viewer: &Viewer, id: &str) -> Result<Option<Place>> {
    if let Some(permanent) = PermanentLessonId::parse(id) {
        return published(app, viewer, permanent).await;
    }
    let Some(id) = LessonId::parse(id) else { return Ok(None) };
    let Some(row) = lesson::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    if let Some(found) = version(app, viewer, row.version_id).await? {
        let place = found.content.place(|lesson| lesson.id == id);
        return Ok(place.map(|(module, lesson)| Place { version: found, module, lesson }));
    }
    let origin = version::Entity::find_by_id(row.version_id).one(app.db.read()).await?;
    if origin.is_none_or(|version| version.number.is_none()) {
        return Ok(None);
    }
    published(app, viewer, row.permanent_id).await
}

async fn published(app: &App, viewer: &Viewer, id: PermanentLessonId) -> Result<Option<Place>> {
    let versions = version::Entity::find()
        .join(
            JoinType::InnerJoin,
            version::Entity::belongs_to(course::Entity).from(version::Column::Id).to(course::Column::PublishedVersionId).into(),
        )
        .join(
            JoinType::InnerJoin,
            version::Entity::belongs_to(lesson::Entity).from(version::Column::Id).to(lesson::Column::VersionId).into(),
        )
        .filter(lesson::Column::PermanentId.eq(id));
    let Some(row) = versions.one(app.db.read()).await? else { return Ok(None) };
    let Some(found) = of_course(app, viewer, row.course_id, row.id).await? else { return Ok(None) };
    let place = found.content.place_of(id);
    Ok(place.map(|(module, lesson)| Place { version: found, module, lesson }))
}

/// A lesson that must be there.
pub async fn existing_lesson(app: &App, viewer: &Viewer, id: &str) -> Result<Place> {
    lesson(app, viewer, id).await?.ok_or(Error::NotFound("lesson"))
}
