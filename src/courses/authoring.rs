//! Making courses, changing what holds for all their versions, closing and opening them.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{course, course_text, policy, texts::CourseTextInput, version};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problems, Result},
    ids::{CourseId, CourseVersionId},
    language::texts,
    slugs, text, transact, transact_once,
    viewer::Viewer,
    visibility::Visibility,
};

/// A new course; its draft has one text, the original.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CourseCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Address part, which nothing of the kind has, not even what the viewer may not see; made from the title when absent.
    pub slug: Option<String>,
    /// Who may see it.
    #[graphql(default_with = "Visibility::Invited")]
    pub visibility: Visibility,
    /// Its text in the language it is written in first.
    pub text: CourseTextInput,
}

/// Changes of a course. What is absent stays.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CourseUpdateInput {
    /// Address part.
    pub slug: Option<String>,
    /// Who may see it; takes effect at once. Who is enrolled and may not see it by this finds neither the course nor their
    /// enrolment any more until they are let in or it is opened again; their progress and completion records stay.
    pub visibility: Option<Visibility>,
}

/// Makes a course with an empty draft; for trainers.
pub async fn create(app: &App, viewer: &Viewer, input: &CourseCreateInput) -> Result<CourseId> {
    let owner = policy::maker(viewer)?.id;
    let mut problems = Problems::new();
    let wanted = input.slug.as_deref().map(|slug| problems.take("input.slug", text::slug(slug)));
    let text = input.text.parse(&mut problems, "input.text");
    problems.done()?;
    transact_once!(app, viewer, input.key, "courseCreate", input, |tx| {
        let id = CourseId::new();
        let slug = match &wanted {
            Some(slug) => slugs::wanted::<course::Entity>(tx, course::Column::Slug, slug).await?,
            None => slugs::free::<course::Entity, _>(tx, course::Column::Slug, &text.title, id).await?,
        };
        let row = course::ActiveModel {
            id: Set(id),
            slug: Set(slug),
            owner_id: Set(owner),
            visibility: Set(input.visibility),
            original_language: Set(text.language.clone()),
            archived_at: Set(None),
            published_version_id: Set(None),
            created_at: Set(tx.now()),
            updated_at: Set(tx.now()),
        };
        row.insert(tx).await.map_err(Error::collided)?;
        let draft = draft_of(id).insert(tx).await?;
        texts::set::<course_text::Entity>(tx, &text.language, text.row(draft.id)).await?;
        audit::record(tx, viewer, Action::new("course.created").on(id)).await?;
        Ok(id)
    })
}

fn draft_of(course: CourseId) -> version::ActiveModel {
    version::ActiveModel {
        id: Set(CourseVersionId::new()),
        course_id: Set(course),
        number: Set(None),
        published_at: Set(None),
        fingerprint: Set(None),
    }
}

/// Changes what holds for all versions.
pub async fn update(app: &App, viewer: &Viewer, id: CourseId, input: &CourseUpdateInput) -> Result<CourseId> {
    let mut problems = Problems::new();
    let slug = input.slug.as_deref().map(|slug| problems.take("input.slug", text::slug(slug)));
    problems.done()?;
    transact!(app, |tx| {
        let course = policy::editable(tx, viewer, id).await?;
        let (mut fields, mut change) = (Vec::new(), course.clone().into_active_model());
        if let Some(slug) = slug.as_ref().filter(|slug| **slug != course.slug) {
            fields.push("slug");
            change.slug = Set(slugs::wanted::<course::Entity>(tx, course::Column::Slug, slug).await?);
        }
        if let Some(visibility) = input.visibility.filter(|visibility| *visibility != course.visibility) {
            fields.push("visibility");
            change.visibility = Set(visibility);
        }
        if fields.is_empty() {
            return Ok(id);
        }
        change.updated_at = Set(tx.now());
        change.update(tx).await.map_err(Error::collided)?;
        audit::record(tx, viewer, Action::new("course.updated").on(id).fields(fields)).await?;
        Ok(id)
    })
}

/// Closes a course to new learners; those enrolled keep it.
pub async fn archive(app: &App, viewer: &Viewer, id: CourseId) -> Result<CourseId> {
    set_archived(app, viewer, id, true).await
}

/// Opens an archived course again.
pub async fn restore(app: &App, viewer: &Viewer, id: CourseId) -> Result<CourseId> {
    set_archived(app, viewer, id, false).await
}

/// Doing so twice changes nothing.
async fn set_archived(app: &App, viewer: &Viewer, id: CourseId, archived: bool) -> Result<CourseId> {
    transact!(app, |tx| {
        let course = policy::editable(tx, viewer, id).await?;
        if course.archived_at.is_some() == archived {
            return Ok(id);
        }
        let mut change = course.into_active_model();
        change.archived_at = Set(archived.then_some(tx.now()));
        change.updated_at = Set(tx.now());
        change.update(tx).await?;
        let action = if archived { "course.archived" } else { "course.restored" };
        audit::record(tx, viewer, Action::new(action).on(id)).await?;
        Ok(id)
    })
}
