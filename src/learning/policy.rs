//! Who may know whose a right is that was given to an address. Who may give and take one, the policies of what it is to say.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    accounts::access,
    courses::enrolment,
    error::Result,
    forum::post,
    ids::{AccessId, UserId},
    rows::among,
    viewer::Viewer,
    webinars::{registration, webinar},
};

/// Whose these rights are, as far as `viewer` may know: their own, and those of people who have since taken part in what they
/// were let in to. An address alone would else tell whether somebody has an account by it, and who, also among those who took
/// part before. Administrators know all of them.
pub async fn holders(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[AccessId]) -> Result<HashMap<AccessId, UserId>> {
    let mut rights = access::Entity::find().filter(among(db.get_database_backend(), access::Column::Id, ids));
    if !viewer.is_administrator() {
        rights = rights.filter(taking_part().add(access::Column::UserId.eq(viewer.id_or_nil())));
    }
    let rights = rights.all(db).await?;
    Ok(rights.into_iter().filter_map(|right| Some((right.id, right.user_id?))).collect())
}

/// Of `access`: that the person has enrolled, registered or written there since they were given the right. Not that they watched:
/// of a recording with one viewer it would tell who that is.
fn taking_part() -> Condition {
    let enrolled = enrolment::Entity::find().select_only().column(enrolment::Column::Id).filter(of_right(
        enrolment::Column::UserId,
        enrolment::Column::CourseId,
        enrolment::Column::EnrolledAt,
    ));
    // Since when they wait, or would have: `registered_at` changes when they move up.
    let registered = registration::Entity::find().select_only().column(registration::Column::Id).filter(of_right(
        registration::Column::UserId,
        registration::Column::WebinarId,
        registration::Column::WaitingSince,
    ));
    let its_series =
        registration::Entity::belongs_to(webinar::Entity).from(registration::Column::WebinarId).to(webinar::Column::Id);
    let registered_in_series = registration::Entity::find()
        .select_only()
        .column(registration::Column::Id)
        .join(JoinType::InnerJoin, its_series.into())
        .filter(of_right(registration::Column::UserId, webinar::Column::SeriesId, registration::Column::WaitingSince));
    let wrote = post::Entity::find().select_only().column(post::Column::Id).filter(of_right(
        post::Column::AuthorId,
        post::Column::ParentId,
        post::Column::CreatedAt,
    ));
    Condition::any()
        .add(Expr::exists(enrolled.into_query()))
        .add(Expr::exists(registered.into_query()))
        .add(Expr::exists(registered_in_series.into_query()))
        .add(Expr::exists(wrote.into_query()))
}

/// For an `EXISTS` in a statement on `access`: that a row is about the person of the right and what it is to, and from no time
/// before it was given.
fn of_right(person: impl ColumnTrait, subject: impl ColumnTrait, at: impl ColumnTrait) -> Condition {
    let of_person = Expr::col(person.as_column_ref()).equals(access::Column::UserId.as_column_ref());
    let in_subject = Expr::col(subject.as_column_ref()).equals(access::Column::SubjectId.as_column_ref());
    let since = Expr::col(at.as_column_ref()).gte(Expr::col(access::Column::GrantedAt.as_column_ref()));
    Condition::all().add(of_person).add(in_subject).add(since)
}
