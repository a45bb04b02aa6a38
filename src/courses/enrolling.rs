//! Enrolling and leaving, and who is enrolled.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};

use super::{
    completing,
    enrolment::{self, EnrolmentState},
    policy,
    seeing::{self, Seen},
    version,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    ids::{CourseId, EnrolmentId, UserId},
    paging::{Direction, Page, Paged, Slice},
    transact,
    viewer::Viewer,
};

fn wrong_state() -> Error {
    Problem::new(UserErrorCode::WrongState).into()
}

/// Enrols the viewer; who is enrolled stays so, and who had withdrawn has their progress back.
pub async fn enrol(app: &App, viewer: &Viewer, id: CourseId) -> Result<EnrolmentId> {
    let user = viewer.signed_in()?.id;
    transact!(app, |tx| {
        let seen = seeing::existing(tx, viewer, id).await?;
        if !seen.is_admitted() {
            return Err(Error::Forbidden);
        }
        if let Some(enrolment) = seen.enrolment.as_ref().filter(|enrolment| enrolment.is_current()) {
            return Ok(enrolment.id);
        }
        if !seen.is_open() {
            return Err(wrong_state());
        }
        let enrolment = match own(tx, id, user).await? {
            // Another call of the same person enrolled them after the course was read here.
            Some(before) if before.is_current() => return Ok(before.id),
            Some(before) => again(tx, before).await?,
            None => new(tx, id, user).await?,
        };
        audit::record(tx, viewer, Action::new("enrolment.started").on(enrolment.id).with("course", id.to_string())).await?;
        judge(tx, viewer, &seen, &enrolment).await?;
        Ok(enrolment.id)
    })
}

/// Withdraws the viewer; their progress stays.
pub async fn withdraw(app: &App, viewer: &Viewer, id: CourseId) -> Result<EnrolmentId> {
    let user = viewer.signed_in()?.id;
    transact!(app, |tx| {
        seeing::existing(tx, viewer, id).await?;
        let enrolment = own(tx, id, user).await?.ok_or_else(wrong_state)?;
        if !enrolment.is_current() {
            return Ok(enrolment.id);
        }
        let mut change = enrolment.into_active_model();
        change.state = Set(EnrolmentState::Withdrawn);
        let enrolment = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("enrolment.withdrawn").on(enrolment.id).with("course", id.to_string())).await?;
        Ok(enrolment.id)
    })
}

/// Who comes back may have all that the version of today requires.
async fn judge(tx: &Tx, viewer: &Viewer, seen: &Seen, enrolment: &enrolment::Model) -> Result<()> {
    let Some(published) = seen.course.published_version_id else { return Ok(()) };
    let Some(version) = version::Entity::find_by_id(published).one(tx).await? else { return Ok(()) };
    completing::judge(tx, viewer, enrolment, &version).await
}

async fn own(tx: &Tx, course: CourseId, user: UserId) -> Result<Option<enrolment::Model>> {
    let own = enrolment::Entity::find().filter(enrolment::Column::CourseId.eq(course)).filter(enrolment::Column::UserId.eq(user));
    Ok(own.lock_exclusive().one(tx).await?)
}

async fn new(tx: &Tx, course: CourseId, user: UserId) -> Result<enrolment::Model> {
    let row = enrolment::ActiveModel {
        id: Set(EnrolmentId::new()),
        course_id: Set(course),
        user_id: Set(user),
        state: Set(EnrolmentState::Active),
        enrolled_at: Set(tx.now()),
        last_active_at: Set(tx.now()),
    };
    // Of two calls at once one collides here, and finds the enrolment when it is tried again.
    row.insert(tx).await.map_err(Error::collided)
}

/// Back in the course; who had completed it still has.
async fn again(tx: &Tx, before: enrolment::Model) -> Result<enrolment::Model> {
    let has_record = completing::of_enrolment(tx, before.id).await?.is_some();
    let mut change = before.into_active_model();
    change.state = Set(if has_record { EnrolmentState::Completed } else { EnrolmentState::Active });
    change.last_active_at = Set(tx.now());
    Ok(change.update(tx).await?)
}

/// An enrolment, for the person and the course's staff.
pub async fn by_id(app: &App, viewer: &Viewer, id: EnrolmentId) -> Result<Option<(Seen, enrolment::Model)>> {
    let Some(enrolment) = enrolment::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let Some(seen) = seeing::by_id(app.db.read(), viewer, enrolment.course_id).await? else { return Ok(None) };
    let allowed = seen.edits || viewer.is(enrolment.user_id);
    Ok(allowed.then_some((seen, enrolment)))
}

/// The viewer's enrolments in courses that they still see, most recently active first.
pub async fn of_viewer(app: &App, viewer: &Viewer, page: &Page) -> Result<Slice<enrolment::Model>> {
    let own = enrolment::Entity::find()
        .filter(enrolment::Column::UserId.eq(viewer.signed_in()?.id))
        .filter(policy::sees(viewer, enrolment::Column::CourseId));
    let keys = [(enrolment::Column::LastActiveAt, Direction::Descending), (enrolment::Column::Id, Direction::Descending)];
    own.page(app.db.read(), page, &keys).await
}

/// Who is enrolled in a course, newest first; for its staff, who were asked for.
pub async fn of_course(app: &App, seen: &Seen, page: &Page) -> Result<Slice<enrolment::Model>> {
    if !seen.edits {
        return Err(Error::Forbidden);
    }
    let all = enrolment::Entity::find().filter(enrolment::Column::CourseId.eq(seen.course.id));
    all.page(app.db.read(), page, &[(enrolment::Column::Id, Direction::Descending)]).await
}
