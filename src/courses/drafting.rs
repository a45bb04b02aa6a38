//! What all changes of a draft share: finding what is to be changed, under the lock of its course, and keeping positions
//! dense.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set};

use super::{content, course, lesson, module, policy, version};
use crate::{
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::{CourseId, CourseVersionId, LessonId, ModuleId},
    viewer::Viewer,
};

/// Modules that a version may have.
pub const MOST_MODULES: u64 = 100;
/// Lessons that a version may have.
pub const MOST_LESSONS: u64 = 200;

/// A course that the viewer may change, locked, and its draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The course.
    pub course: course::Model,
    /// Its draft.
    pub version: version::Model,
}

/// Loads and locks a course that the viewer may change, with its draft.
pub async fn draft(tx: &Tx, viewer: &Viewer, id: CourseId) -> Result<Draft> {
    let course = policy::editable(tx, viewer, id).await?;
    let version = content::draft(tx, course.id).await?;
    Ok(Draft { course, version })
}

/// The draft that `version` is, for a thing of the kind `what` in it. Who may not change the course finds nothing in a draft,
/// and is refused in a published version, which nobody changes.
async fn of_version(tx: &Tx, viewer: &Viewer, id: CourseVersionId, what: &'static str) -> Result<Draft> {
    let version = version::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound(what))?;
    let course = policy::editable(tx, viewer, version.course_id).await.map_err(|err| match err {
        Error::NotFound(_) => Error::NotFound(what),
        Error::Forbidden if version.number.is_none() => Error::NotFound(what),
        other => other,
    })?;
    if version.number.is_some() {
        return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-version-published").into());
    }
    Ok(Draft { course, version })
}

/// Loads a module of a draft that the viewer may change; its course is locked.
pub async fn module(tx: &Tx, viewer: &Viewer, id: ModuleId) -> Result<(Draft, module::Model)> {
    viewer.signed_in()?;
    let found = module::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("module"))?;
    let draft = of_version(tx, viewer, found.version_id, "module").await?;
    // Once more, now that the lock is held: another may have removed it.
    let row = module::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("module"))?;
    Ok((draft, row))
}

/// Loads a lesson of a draft that the viewer may change; its course is locked.
pub async fn lesson(tx: &Tx, viewer: &Viewer, id: LessonId) -> Result<(Draft, lesson::Model)> {
    viewer.signed_in()?;
    let found = lesson::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("lesson"))?;
    let draft = of_version(tx, viewer, found.version_id, "lesson").await?;
    let row = lesson::Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("lesson"))?;
    Ok((draft, row))
}

/// Says that the course was changed now.
pub async fn touch(tx: &Tx, course: course::Model) -> Result<()> {
    let mut change = course.into_active_model();
    change.updated_at = Set(tx.now());
    change.update(tx).await?;
    Ok(())
}

/// The modules of a version in order.
pub async fn modules(tx: &Tx, version: CourseVersionId) -> Result<Vec<module::Model>> {
    let modules = module::Entity::find().filter(module::Column::VersionId.eq(version));
    Ok(modules.order_by_asc(module::Column::Position).all(tx).await?)
}

/// The lessons of a module in order.
pub async fn lessons(tx: &Tx, module: ModuleId) -> Result<Vec<lesson::Model>> {
    let lessons = lesson::Entity::find().filter(lesson::Column::ModuleId.eq(module));
    Ok(lessons.order_by_asc(lesson::Column::Position).all(tx).await?)
}

/// How many lessons a version has.
pub async fn lesson_count(tx: &Tx, version: CourseVersionId) -> Result<u64> {
    Ok(lesson::Entity::find().filter(lesson::Column::VersionId.eq(version)).count(tx).await?)
}

/// Numbers modules from 1 as they stand in `modules`; false when they are numbered so already.
pub async fn number_modules(tx: &Tx, modules: Vec<module::Model>) -> Result<bool> {
    let mut is_changed = false;
    for (position, module) in (1..).zip(modules) {
        if module.position != position {
            let mut change = module.into_active_model();
            change.position = Set(position);
            change.update(tx).await?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}

/// Numbers lessons from 1 as they stand in `lessons`, all of them in the module named; false when they stand so already.
pub async fn number_lessons(tx: &Tx, module: ModuleId, lessons: Vec<lesson::Model>) -> Result<bool> {
    let mut is_changed = false;
    for (position, lesson) in (1..).zip(lessons) {
        if lesson.position != position || lesson.module_id != module {
            let mut change = lesson.into_active_model();
            change.position = Set(position);
            change.module_id = Set(module);
            change.update(tx).await?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}
