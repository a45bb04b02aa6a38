//! A course as one viewer sees it: the row with their enrolment and rights, in one statement.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IdenStatic, Iterable, JoinType, QueryFilter, QueryResult,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait as _, IntoCondition, SimpleExpr},
};

use super::{course, enrolment, policy};
use crate::{
    accounts::access::{self, AccessRole},
    app::App,
    error::{Error, Result},
    gathering::{self, Question},
    ids::{CourseId, UserId},
    rows::{among, given, given_column},
    viewer::Viewer,
    visibility::Visibility,
};

/// A course that the viewer may see, with what they are in it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The course.
    pub course: course::Model,
    /// The viewer's enrolment, withdrawn ones included.
    pub enrolment: Option<enrolment::Model>,
    /// The viewer is of its staff.
    pub edits: bool,
    /// The viewer is vetted, or was let in by name.
    admitted: bool,
}

impl Seen {
    /// The viewer is learning in the course or done with it.
    #[must_use]
    pub fn is_enrolled(&self) -> bool {
        self.enrolment.as_ref().is_some_and(enrolment::Model::is_current)
    }

    /// The viewer gets what its lessons hold, not only their titles.
    #[must_use]
    pub fn reads(&self) -> bool {
        self.edits || self.course.visibility == Visibility::Public || self.is_enrolled()
    }

    /// Its state allows a new learner.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.course.published_version_id.is_some() && self.course.archived_at.is_none()
    }

    /// The viewer is somebody who may learn in it: vetted, or let in by name.
    #[must_use]
    pub fn is_admitted(&self) -> bool {
        self.admitted
    }
}

/// The row of the statement; rights follow from it and the viewer.
#[derive(Clone)]
struct Row {
    course: course::Model,
    enrolment: Option<enrolment::Model>,
    role: Option<AccessRole>,
}

const ENROLMENT: &str = "enrolment_";

impl FromQueryResult for Row {
    fn from_query_result(row: &QueryResult, prefix: &str) -> Result<Self, sea_orm::DbErr> {
        Ok(Self {
            course: course::Model::from_query_result(row, prefix)?,
            enrolment: enrolment::Model::from_query_result_optional(row, ENROLMENT)?,
            role: row.try_get("", "access_role")?,
        })
    }
}

impl Row {
    fn seen_by(self, viewer: &Viewer) -> Option<Seen> {
        if !policy::is_seen(viewer, &self.course, self.role) {
            return None;
        }
        let is_own = policy::owns(viewer, self.course.owner_id);
        let edits = viewer.is_administrator() || is_own || self.role == Some(AccessRole::Staff);
        let admitted = policy::admits(viewer, edits, self.role);
        Some(Seen { course: self.course, enrolment: self.enrolment, edits, admitted })
    }
}

/// The largest role given to `user` by name; in the order of the alphabet staff come last.
fn role(user: SimpleExpr) -> SimpleExpr {
    access::of(user, course::Column::Id, &[]).clear_selects().expr(access::Column::Role.max()).to_owned().into()
}

fn select(viewer: &Viewer) -> Select<course::Entity> {
    beside(course::Entity::find(), viewer.id_or_nil().into())
}

/// With the enrolment of `user` and their role.
fn beside(courses: Select<course::Entity>, user: SimpleExpr) -> Select<course::Entity> {
    let role = role(user.clone());
    let own = course::Entity::belongs_to(enrolment::Entity)
        .from(course::Column::Id)
        .to(enrolment::Column::CourseId)
        .on_condition(move |_, right| Expr::col((right, enrolment::Column::UserId)).eq(user.clone()).into_condition());
    let mut select = courses.join(JoinType::LeftJoin, own.into()).expr_as(role, "access_role");
    for column in enrolment::Column::iter() {
        select = select.column_as(column, format!("{ENROLMENT}{}", column.as_str()));
    }
    select
}

/// A course by id.
pub async fn by_id(db: &impl ConnectionTrait, viewer: &Viewer, id: CourseId) -> Result<Option<Seen>> {
    let row = select(viewer).filter(course::Column::Id.eq(id)).into_model::<Row>().one(db).await?;
    Ok(row.and_then(|row| row.seen_by(viewer)))
}

/// A course by its address part.
pub async fn by_slug(app: &App, viewer: &Viewer, slug: String) -> Result<Option<Seen>> {
    let row = gathering::ask(app, BySlug { user: viewer.id_or_nil(), slug }).await?;
    Ok(row.and_then(|row| row.seen_by(viewer)))
}

/// The course with this address part, as somebody comes to it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct BySlug {
    user: UserId,
    slug: String,
}

impl Question for BySlug {
    type Answer = Row;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Row>> {
        let rows = questions.into_iter().map(|Self { user, slug }| vec![user.into(), slug.into()]);
        let (mut courses, its) = (course::Entity::find(), course::Column::Slug.into_expr().eq(given_column(2)));
        QueryTrait::query(&mut courses).join(JoinType::InnerJoin, given(rows.collect()), its);
        let select = beside(courses, given_column(1)).expr_as(given_column(1), "asked_by");
        let mut found = HashMap::new();
        for row in app.db.read().query_all(select.as_query()).await? {
            let (user, row) = (row.try_get("", "asked_by")?, Row::from_query_result(&row, "")?);
            found.insert(Self { user, slug: row.course.slug.clone() }, row);
        }
        Ok(found)
    }
}

/// A course that must be there.
pub async fn existing(db: &impl ConnectionTrait, viewer: &Viewer, id: CourseId) -> Result<Seen> {
    by_id(db, viewer, id).await?.ok_or(Error::NotFound("course"))
}

/// Courses by id, in no order.
pub async fn by_ids(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[CourseId]) -> Result<Vec<Seen>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = among(db.get_database_backend(), course::Column::Id, ids);
    let rows = select(viewer).filter(wanted).into_model::<Row>().all(db).await?;
    Ok(rows.into_iter().filter_map(|row| row.seen_by(viewer)).collect())
}
