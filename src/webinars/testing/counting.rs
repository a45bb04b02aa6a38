//! What came of tests, for those who report on webinars; and who has yet to take one.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};

use super::{
    super::policy::same,
    test::{self, TestKind},
};
use crate::{
    error::Result,
    ids::{UserId, WebinarId},
    quizzes::{
        attempt::{self, AttemptState},
        grading, quiz,
    },
    rows::among,
};

/// What a person reached in a test of a webinar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TestResult {
    /// The webinar.
    pub webinar: WebinarId,
    /// The person.
    pub user: UserId,
    /// Which test.
    pub which: TestKind,
    /// Share of the points, 0 to 100.
    pub share_percent: f64,
    /// Whether that is enough.
    pub is_passed: bool,
}

#[derive(FromQueryResult)]
struct Graded {
    webinar_id: WebinarId,
    kind: TestKind,
    user_id: UserId,
    number: i32,
    score_points: i32,
    max_points: i32,
    is_passed: bool,
}

impl Graded {
    /// Whether it counts before another attempt of the same person at the same test: of a pre-test the first, of a post-test
    /// the best, the earlier of equals.
    fn counts_before(&self, other: &Self) -> bool {
        let earlier = other.number.cmp(&self.number);
        let points = |graded: &Self| (graded.score_points, graded.max_points);
        let order = match self.kind {
            TestKind::Pre => earlier,
            TestKind::Post => grading::compare(points(self), points(other)).then(earlier),
        };
        order.is_gt()
    }
}

/// What counts of each person in each test of webinars: of pre-tests the first attempt that was handed in, of post-tests the best.
pub async fn results(db: &impl ConnectionTrait, webinars: &[WebinarId]) -> Result<Vec<TestResult>> {
    let its = test::Entity::belongs_to(attempt::Entity).from(test::Column::QuizId).to(attempt::Column::QuizId);
    let graded = test::Entity::find()
        .select_only()
        .columns([test::Column::WebinarId, test::Column::Kind])
        .columns([
            attempt::Column::UserId,
            attempt::Column::Number,
            attempt::Column::ScorePoints,
            attempt::Column::MaxPoints,
            attempt::Column::IsPassed,
        ])
        .join(JoinType::InnerJoin, its.into())
        .filter(among(db.get_database_backend(), test::Column::WebinarId, webinars))
        .filter(attempt::Column::State.ne(AttemptState::InProgress));
    let mut counting: HashMap<(WebinarId, UserId, TestKind), Graded> = HashMap::new();
    for graded in graded.into_model::<Graded>().all(db).await? {
        let of = (graded.webinar_id, graded.user_id, graded.kind);
        if counting.get(&of).is_none_or(|other| graded.counts_before(other)) {
            counting.insert(of, graded);
        }
    }
    let results = counting.into_values().map(|graded| TestResult {
        webinar: graded.webinar_id,
        user: graded.user_id,
        which: graded.kind,
        share_percent: grading::percent(graded.score_points, graded.max_points),
        is_passed: graded.is_passed,
    });
    Ok(results.collect())
}

/// Whether a webinar has a published pre-test that `user` has not handed in.
pub async fn pre_test_waits(db: &impl ConnectionTrait, webinar: WebinarId, user: UserId) -> Result<bool> {
    let published = quiz::Entity::find()
        .select_only()
        .column(quiz::Column::Id)
        .filter(same(quiz::Column::Id, test::Column::QuizId))
        .filter(quiz::Column::FrozenVersionId.is_not_null());
    let handed_in = attempt::Entity::find()
        .select_only()
        .column(attempt::Column::Id)
        .filter(same(attempt::Column::QuizId, test::Column::QuizId))
        .filter(attempt::Column::UserId.eq(user))
        .filter(attempt::Column::State.ne(AttemptState::InProgress));
    let waits = test::Entity::find_by_id((webinar, TestKind::Pre))
        .filter(Expr::exists(published.into_query()))
        .filter(Expr::exists(handed_in.into_query()).not());
    Ok(waits.one(db).await?.is_some())
}
