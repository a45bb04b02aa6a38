//! Who may see and do what with courses. Staff of a course are its owner while they are a trainer, administrators, and those
//! let in as staff; they see it before it is published, and its draft. Others see its newest published version.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait as _, SimpleExpr},
};

use super::{
    course,
    enrolment::{self, EnrolmentState},
    lesson, version,
};
use crate::{
    accounts::access::{self, AccessRole, Person},
    error::{Error, Result},
    ids::{CourseId, UserId},
    role::SiteRole,
    viewer::{SignedIn, Viewer},
    visibility::Visibility,
};

/// The courses that `viewer` may see: by their mark, and before the first publication only as staff.
pub fn visible(viewer: &Viewer) -> Select<course::Entity> {
    course::Entity::find().filter(seen(viewer))
}

fn seen(viewer: &Viewer) -> Condition {
    if viewer.is_administrator() {
        return Condition::all();
    }
    let published = course::Column::PublishedVersionId.is_not_null();
    Condition::all()
        .add(access::seen(viewer, own(viewer), course::Column::Visibility, course::Column::Id))
        .add(Condition::any().add(published).add(changed(viewer)))
}

/// [`visible`] to each of many people, as a condition on `course`.
pub fn seen_by(person: &Person) -> Condition {
    let staff = access::of(person.id.clone(), course::Column::Id, &[AccessRole::Staff]);
    let before_publication = Condition::any()
        .add(course::Column::PublishedVersionId.is_not_null())
        .add(person.is_administrator.clone())
        .add(person.owns(course::Column::OwnerId))
        .add(Expr::exists(staff));
    Condition::all()
        .add(access::seen_by(person, course::Column::Visibility, course::Column::OwnerId, course::Column::Id))
        .add(before_publication)
}

/// [`visible`] of one course, by its row and the largest role that the viewer was given in it by name.
#[must_use]
pub fn is_seen(viewer: &Viewer, course: &course::Model, role: Option<AccessRole>) -> bool {
    let is_published = course.published_version_id.is_some();
    let at_sight = access::at_sight(viewer, owns(viewer, course.owner_id), course.visibility, is_published);
    at_sight.unwrap_or(role == Some(AccessRole::Staff) || role.is_some() && is_published)
}

/// Of `course`: that it is the viewer's own. Who no longer makes courses has those they made no longer either.
fn own(viewer: &Viewer) -> Option<SimpleExpr> {
    maker(viewer).ok().map(|maker| course::Column::OwnerId.eq(maker.id))
}

/// The same of one course, by its owner.
#[must_use]
pub fn owns(viewer: &Viewer, owner: UserId) -> bool {
    maker(viewer).is_ok_and(|maker| maker.id == owner)
}

/// The courses that `viewer` may change, as a condition on `course`.
pub fn changed(viewer: &Viewer) -> Condition {
    let Some(account) = &viewer.account else { return Condition::all().add(Expr::cust("1 = 0")) };
    if viewer.is_administrator() {
        return Condition::all();
    }
    let given = access::of(account.id, course::Column::Id, &[AccessRole::Staff]);
    Condition::any().add_option(own(viewer)).add(Expr::exists(given))
}

fn same(column: course::Column, other: impl ColumnTrait) -> SimpleExpr {
    Expr::col(column.as_column_ref()).equals(other.as_column_ref())
}

/// For things that belong to a course, whose id stands in the column `course_id` of another table: that the viewer sees it.
pub fn sees(viewer: &Viewer, course_id: impl ColumnTrait) -> SimpleExpr {
    Expr::exists(
        visible(viewer).select_only().column(course::Column::Id).filter(same(course::Column::Id, course_id)).into_query(),
    )
}

/// [`sees`], of each of many people.
pub fn sees_by(person: &Person, course_id: impl ColumnTrait) -> SimpleExpr {
    let courses = course::Entity::find().select_only().column(course::Column::Id);
    Expr::exists(courses.filter(seen_by(person)).filter(same(course::Column::Id, course_id)).into_query())
}

/// For things that belong to a course, whose id stands in the column `course_id`: that the viewer is of its staff.
pub fn staffs(viewer: &Viewer, course_id: impl ColumnTrait) -> SimpleExpr {
    let courses = course::Entity::find().select_only().column(course::Column::Id);
    Expr::exists(courses.filter(changed(viewer)).filter(same(course::Column::Id, course_id)).into_query())
}

/// For things that belong to a course, whose id stands in the column `course_id`: that the viewer is enrolled in it and
/// may still see it.
pub fn enrolled(viewer: &Viewer, course_id: impl ColumnTrait) -> SimpleExpr {
    let Some(account) = &viewer.account else { return Expr::cust("1 = 0") };
    let enrolments = enrolment::Entity::find()
        .select_only()
        .column(enrolment::Column::Id)
        .filter(Expr::col(enrolment::Column::CourseId.as_column_ref()).equals(course_id.as_column_ref()))
        .filter(enrolment::Column::UserId.eq(account.id))
        .filter(enrolment::Column::State.ne(EnrolmentState::Withdrawn))
        .filter(sees(viewer, enrolment::Column::CourseId));
    Expr::exists(enrolments.into_query())
}

/// For recordings and files, whose id stands in `id`: that a lesson shows it (`shown_by` is the lesson's column for it) in
/// the published version of a course that the viewer learns from, or in any version of one that the viewer staffs. The
/// documents of a public course are for everybody; a recording has a mark of its own.
pub fn shows(viewer: &Viewer, shown_by: lesson::Column, id: impl ColumnTrait) -> SimpleExpr {
    let readers = Condition::any().add(enrolled(viewer, course::Column::Id));
    let readers = match shown_by {
        lesson::Column::FileId => readers.add(course::Column::Visibility.eq(Visibility::Public)),
        _ => readers,
    };
    let published = course::Entity::find()
        .select_only()
        .column(course::Column::Id)
        .filter(same(course::Column::PublishedVersionId, lesson::Column::VersionId))
        .filter(readers);
    let staffed = version::Entity::find()
        .select_only()
        .column(version::Column::Id)
        .filter(Expr::col(version::Column::Id.as_column_ref()).equals(lesson::Column::VersionId.as_column_ref()))
        .filter(staffs(viewer, version::Column::CourseId));
    let lessons = lesson::Entity::find()
        .select_only()
        .column(lesson::Column::Id)
        .filter(Expr::col(shown_by.as_column_ref()).equals(id.as_column_ref()))
        .filter(Condition::any().add(Expr::exists(published.into_query())).add(Expr::exists(staffed.into_query())));
    Expr::exists(lessons.into_query())
}

/// Whoever may make courses.
pub fn maker(viewer: &Viewer) -> Result<&SignedIn> {
    viewer.vetted()?;
    viewer.holding(SiteRole::Trainer)
}

/// Whether `viewer` may learn in a course that they see: the vetted, its staff, and those let in by name as `role`.
#[must_use]
pub fn admits(viewer: &Viewer, edits: bool, role: Option<AccessRole>) -> bool {
    viewer.is_vetted() || edits || role.is_some()
}

/// Whether `viewer` may change `course`.
pub async fn edits(db: &impl ConnectionTrait, viewer: &Viewer, course: &course::Model) -> Result<bool> {
    let Some(account) = &viewer.account else { return Ok(false) };
    if viewer.is_administrator() || owns(viewer, course.owner_id) {
        return Ok(true);
    }
    Ok(access::holds(db, account.id, course.id.0, &[AccessRole::Staff]).await?)
}

/// Loads and locks a course that `viewer` may change.
pub async fn editable(db: &impl ConnectionTrait, viewer: &Viewer, id: CourseId) -> Result<course::Model> {
    viewer.signed_in()?;
    let course = visible(viewer).filter(course::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    let course = course.ok_or(Error::NotFound("course"))?;
    if edits(db, viewer, &course).await? { Ok(course) } else { Err(viewer.refused()) }
}
