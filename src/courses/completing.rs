//! Judging whether a course is completed, and the record of it. The record names the version, keeps the title and what the
//! person had told of themselves as they stood, and stays whatever is published later.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};

use super::{
    completion, course, course_text,
    enrolment::{self, EnrolmentState},
    lesson, progress, seeing, version,
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    certificates::code,
    database::Tx,
    error::{Error, Result},
    ids::{CompletionId, EnrolmentId, PermanentLessonId},
    language::translated::choose,
    paging::{Direction, Page, Paged, Slice},
    rows::among,
    viewer::Viewer,
};

/// Judges an enrolment, which the caller has locked, by the required lessons of the newest published version. A version
/// that requires nothing can't be completed. There is one record at most: the first stays.
pub async fn judge(tx: &Tx, viewer: &Viewer, enrolment: &enrolment::Model, version: &version::Model) -> Result<()> {
    if enrolment.state != EnrolmentState::Active {
        return Ok(());
    }
    let required: Vec<PermanentLessonId> = lesson::Entity::find()
        .select_only()
        .column(lesson::Column::PermanentId)
        .filter(lesson::Column::VersionId.eq(version.id))
        .filter(lesson::Column::IsRequired.eq(true))
        .into_tuple()
        .all(tx)
        .await?;
    let progress = progress::of_many(tx, &[enrolment.id]).await?.remove(&enrolment.id).unwrap_or_default();
    if required.is_empty() || !required.iter().all(|lesson| progress.has_completed(*lesson)) {
        return Ok(());
    }
    let mut change = enrolment.clone().into_active_model();
    change.state = Set(EnrolmentState::Completed);
    change.update(tx).await?;
    if of_enrolment(tx, enrolment.id).await?.is_none() {
        write(tx, viewer, enrolment, version).await?;
    }
    Ok(())
}

async fn write(tx: &Tx, viewer: &Viewer, enrolment: &enrolment::Model, version: &version::Model) -> Result<()> {
    // Locked, so that whoever renews their names meanwhile finds this record.
    let holder = user::Entity::find_by_id(enrolment.user_id).lock_shared().one(tx).await?.ok_or(Error::NotFound("user"))?;
    let course = course::Entity::find_by_id(enrolment.course_id).one(tx).await?.ok_or(Error::NotFound("course"))?;
    let texts = course_text::Entity::find().filter(course_text::Column::VersionId.eq(version.id)).all(tx).await?;
    let title = choose(&texts, [&holder.language], &course.original_language).map(|text| text.title.clone());
    let id = CompletionId::new();
    let record = completion::ActiveModel {
        id: Set(id),
        code: Set(code::new()?),
        enrolment_id: Set(enrolment.id),
        course_id: Set(course.id),
        user_id: Set(holder.id),
        version_id: Set(version.id),
        version_number: Set(version.number.unwrap_or_default()),
        course_title: Set(title.unwrap_or_default()),
        completed_at: Set(tx.now()),
        full_name: Set(holder.full_name),
        latin_name: Set(holder.latin_name),
        gender: Set(holder.gender),
        country: Set(holder.country),
        organisation: Set(holder.organisation),
        language: Set(holder.language),
        revoked_at: Set(None),
        revocation_reason: Set(None),
    };
    record.insert(tx).await?;
    let action =
        Action::new("course.completed").on(course.id).with("completion", id.to_string()).with("version", version.id.to_string());
    audit::record(tx, viewer, action).await
}

/// The record with a code. For what anyone may learn who has the code.
pub async fn of_code(app: &App, code: &str) -> Result<Option<completion::Model>> {
    Ok(completion::Entity::find().filter(completion::Column::Code.eq(code)).one(app.db.read()).await?)
}

/// The record of an enrolment.
pub async fn of_enrolment(db: &impl ConnectionTrait, enrolment: EnrolmentId) -> Result<Option<completion::Model>> {
    Ok(completion::Entity::find().filter(completion::Column::EnrolmentId.eq(enrolment)).one(db).await?)
}

/// The records of enrolments.
pub async fn of_enrolments(db: &impl ConnectionTrait, enrolments: &[EnrolmentId]) -> Result<Vec<completion::Model>> {
    let wanted = among(db.get_database_backend(), completion::Column::EnrolmentId, enrolments);
    Ok(completion::Entity::find().filter(wanted).all(db).await?)
}

/// A record by id, for its holder and the course's staff.
pub async fn by_id(app: &App, viewer: &Viewer, id: CompletionId) -> Result<Option<completion::Model>> {
    let Some(record) = completion::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    if viewer.is(record.user_id) {
        return Ok(Some(record));
    }
    let seen = seeing::by_id(app.db.read(), viewer, record.course_id).await?;
    Ok(seen.is_some_and(|seen| seen.edits).then_some(record))
}

/// The viewer's own records, newest first.
pub async fn of_viewer(app: &App, viewer: &Viewer, page: &Page) -> Result<Slice<completion::Model>> {
    let own = completion::Entity::find().filter(completion::Column::UserId.eq(viewer.signed_in()?.id));
    own.page(app.db.read(), page, &[(completion::Column::Id, Direction::Descending)]).await
}
