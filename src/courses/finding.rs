//! Finding versions, modules and lessons by id. Staff see all versions; others see the newest published one, and a lesson
//! of an older version leads them to the same lesson in the newest.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{EntityTrait, JoinType, QueryFilter, QuerySelect};

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
    rows::{among, keyed},
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
        return Ok(published(app, viewer, &[permanent]).await?.remove(&permanent));
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
    Ok(published(app, viewer, &[row.permanent_id]).await?.remove(&row.permanent_id))
}

/// Lessons by permanent id, in the published versions of their courses.
pub async fn published(app: &App, viewer: &Viewer, ids: &[PermanentLessonId]) -> Result<HashMap<PermanentLessonId, Place>> {
    let taught = course::Entity::find()
        .select_only()
        .column(course::Column::Id)
        .column(lesson::Column::PermanentId)
        .join(
            JoinType::InnerJoin,
            course::Entity::belongs_to(lesson::Entity)
                .from(course::Column::PublishedVersionId)
                .to(lesson::Column::VersionId)
                .into(),
        )
        .filter(among(app.db.backend(), lesson::Column::PermanentId, ids));
    let taught: Vec<(CourseId, PermanentLessonId)> = taught.into_tuple().all(app.db.read()).await?;
    let courses: Vec<CourseId> = taught.iter().map(|(course, _)| *course).collect();
    let courses = keyed(seeing::by_ids(app.db.read(), viewer, &courses).await?, |seen| seen.course.id);
    let versions: Vec<_> = courses.values().filter_map(|seen| seen.course.published_version_id).collect();
    let contents = content::of_many(app, &versions).await?;
    let place = |(course, id): (CourseId, PermanentLessonId)| {
        let seen = courses.get(&course)?.clone();
        let content = contents.get(&seen.course.published_version_id?)?.clone();
        let (module, lesson) = content.place_of(id)?;
        Some((id, Place { version: Version { seen, content }, module, lesson }))
    };
    Ok(taught.into_iter().filter_map(place).collect())
}

/// A lesson that must be there.
pub async fn existing_lesson(app: &App, viewer: &Viewer, id: &str) -> Result<Place> {
    lesson(app, viewer, id).await?.ok_or(Error::NotFound("lesson"))
}
