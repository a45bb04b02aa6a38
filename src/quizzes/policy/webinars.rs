//! The quizzes of webinars: their staff are those who may change the webinar, and whoever has a seat in it takes them once they
//! are published. The only file of quizzes that knows of webinars.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};

use super::{PreTest, attempted};
use crate::{
    clock::Instant,
    error::Result,
    ids::{QuizId, UserId, WebinarId},
    quizzes::quiz,
    rows::among,
    viewer::Viewer,
    webinars::{
        self,
        testing::test::{self, TestKind},
        webinar::{self, State},
    },
};

/// Of something that belongs to a webinar, whose id stands in the column `webinar_id`: that the viewer is of its staff.
pub(super) fn staffs(viewer: &Viewer, webinar_id: impl ColumnTrait) -> SimpleExpr {
    webinars::policy::run_by(viewer, webinar_id)
}

/// Of `quiz`: that it is a published test of a webinar in which the viewer has a seat, or one that they have attempted, which
/// stays theirs.
pub(super) fn reached(viewer: &Viewer) -> Condition {
    let Some(user) = viewer.user_id() else { return Condition::all().add(Expr::cust("1 = 0")) };
    let open = quiz::Column::FrozenVersionId.is_not_null();
    let open = Condition::all().add(open).add(webinars::policy::seated(viewer, quiz::Column::WebinarId));
    let of_webinar = Condition::all().add(quiz::Column::WebinarId.is_not_null());
    of_webinar.add(Condition::any().add(open).add(attempted(user)))
}

/// Whether `user` may attempt the quizzes of a webinar. What starts and allowances of a person wait for each other at.
pub(super) async fn takes(db: &impl ConnectionTrait, webinar: WebinarId, user: UserId) -> Result<bool> {
    Ok(webinars::policy::seat(db, webinar, user).await?.is_some())
}

/// A test of a webinar, with what the rule on pre-tests asks.
#[derive(FromQueryResult)]
struct Hung {
    #[sea_orm(nested)]
    test: test::Model,
    is_published: bool,
    state: State,
    ends_at: Instant,
}

/// The pre-tests of webinars, by their quizzes. Without webinars nothing is asked.
pub async fn pre_tests(
    db: &impl ConnectionTrait,
    webinars: &[WebinarId],
    now: Instant,
) -> Result<HashMap<QuizId, PreTest<QuizId>>> {
    if webinars.is_empty() {
        return Ok(HashMap::new());
    }
    let its = test::Entity::belongs_to(quiz::Entity).from(test::Column::QuizId).to(quiz::Column::Id);
    let of = test::Entity::belongs_to(webinar::Entity).from(test::Column::WebinarId).to(webinar::Column::Id);
    let tests = test::Entity::find()
        .join(JoinType::InnerJoin, its.into())
        .join(JoinType::InnerJoin, of.into())
        .expr_as(quiz::Column::FrozenVersionId.is_not_null(), "is_published")
        .columns([webinar::Column::State, webinar::Column::EndsAt])
        .filter(among(db.get_database_backend(), test::Column::WebinarId, webinars));
    let tests = tests.into_model::<Hung>().all(db).await?;
    let is_post_test = |hung: &&Hung| hung.test.kind == TestKind::Post && hung.is_published;
    let post_tests: HashMap<_, _> =
        tests.iter().filter(is_post_test).map(|hung| (hung.test.webinar_id, hung.test.quiz_id)).collect();
    let pre_test = |hung: &Hung| PreTest {
        post_test: post_tests.get(&hung.test.webinar_id).copied(),
        is_over: now >= hung.ends_at,
        is_cancelled: hung.state == State::Cancelled,
    };
    let pre_tests = tests.iter().filter(|hung| hung.test.kind == TestKind::Pre);
    Ok(pre_tests.map(|hung| (hung.test.quiz_id, pre_test(hung))).collect())
}
