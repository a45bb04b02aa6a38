//! Who sees and makes which attempts.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, Select,
    sea_query::ExprTrait as _,
};

use super::{refusal, staffs};
use crate::{
    accounts::access::{self, Person},
    courses::{self, course},
    error::Result,
    ids::{QuizAttemptId, UserId},
    quizzes::attempt,
    rows::among,
    viewer::Viewer,
    visibility::Visibility,
};

fn of_staff(viewer: &Viewer) -> Condition {
    staffs(viewer, attempt::Column::CourseId, attempt::Column::WebinarId)
}

/// Of `attempt`: that it stays with the person who made it. In a course, that is while they see the course; at the test of a
/// webinar, for good.
fn stays(viewer: &Viewer) -> Condition {
    let in_course = courses::policy::sees(viewer, attempt::Column::CourseId);
    Condition::any().add(attempt::Column::WebinarId.is_not_null()).add(in_course)
}

/// Of `attempt`: that it is that of `person`, and stays with them.
pub fn is_own(person: &Person) -> Condition {
    let stays = Condition::any()
        .add(attempt::Column::WebinarId.is_not_null())
        .add(courses::policy::sees_by(person, attempt::Column::CourseId));
    Condition::all().add(attempt::Column::UserId.into_expr().eq(person.id.clone())).add(stays)
}

/// The attempts that `viewer` may see: their own while those stay with them, and all as staff.
pub fn attempts(viewer: &Viewer) -> Select<attempt::Entity> {
    let mut seen = of_staff(viewer);
    if let Some(user) = viewer.user_id() {
        seen = seen.add(Condition::all().add(attempt::Column::UserId.eq(user)).add(stays(viewer)));
    }
    attempt::Entity::find().filter(seen)
}

/// An attempt, with what the row of its course, if it has one, says of who sees that.
#[derive(FromQueryResult)]
struct Marked {
    #[sea_orm(nested)]
    attempt: attempt::Model,
    visibility: Option<Visibility>,
    owner_id: Option<UserId>,
    is_published: bool,
}

impl Marked {
    /// Whether its rows alone say that `viewer` may see the attempt.
    fn is_seen(&self, viewer: &Viewer) -> bool {
        let is_own = viewer.is(self.attempt.user_id);
        let (Some(visibility), Some(owner)) = (self.visibility, self.owner_id) else {
            return (is_own && self.attempt.webinar_id.is_some()) || viewer.is_administrator();
        };
        let owns = courses::policy::owns(viewer, owner);
        let is_theirs = is_own || owns || viewer.is_administrator();
        is_theirs && access::at_sight(viewer, owns, visibility, self.is_published) == Some(true)
    }
}

/// Attempts by id that `viewer` may see. For most their rows say it; the whole rule is asked only for the others.
pub async fn load_attempts(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[QuizAttemptId]) -> Result<Vec<attempt::Model>> {
    let its = attempt::Entity::belongs_to(course::Entity).from(attempt::Column::CourseId).to(course::Column::Id);
    let found = attempt::Entity::find()
        .join(JoinType::LeftJoin, its.into())
        .columns([course::Column::Visibility, course::Column::OwnerId])
        .expr_as(course::Column::PublishedVersionId.is_not_null(), "is_published")
        .filter(among(db.get_database_backend(), attempt::Column::Id, ids));
    let found = found.into_model::<Marked>().all(db).await?;
    let (seen, unsure): (Vec<_>, Vec<_>) = found.into_iter().partition(|marked| marked.is_seen(viewer));
    let mut seen: Vec<_> = seen.into_iter().map(|marked| marked.attempt).collect();
    if !unsure.is_empty() {
        let unsure: Vec<_> = unsure.iter().map(|marked| marked.attempt.id).collect();
        seen.extend(attempts(viewer).filter(among(db.get_database_backend(), attempt::Column::Id, &unsure)).all(db).await?);
    }
    Ok(seen)
}

/// The attempts at quizzes that `viewer` is staff of.
pub fn staffed_attempts(viewer: &Viewer) -> Select<attempt::Entity> {
    attempt::Entity::find().filter(of_staff(viewer))
}

/// Loads and locks an attempt of `viewer`'s own.
pub async fn own_attempt(db: &impl ConnectionTrait, viewer: &Viewer, id: QuizAttemptId) -> Result<attempt::Model> {
    let own = attempt::Entity::find_by_id(id).filter(attempt::Column::UserId.eq(viewer.signed_in()?.id)).filter(stays(viewer));
    match own.lock_exclusive().one(db).await? {
        Some(attempt) => Ok(attempt),
        None => Err(refusal(attempts(viewer).filter(attempt::Column::Id.eq(id)).one(db).await?.is_some(), viewer, "attempt")),
    }
}
