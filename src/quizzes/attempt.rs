//! The `quiz_attempt` table: one go of a person at a quiz.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use super::layout::Layout;
use crate::{
    clock::Instant,
    ids::{CourseId, PermanentLessonId, QuizAttemptId, QuizId, QuizVersionId, UserId, WebinarId},
};

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[graphql(name = "QuizAttemptState")]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(12))")]
pub enum AttemptState {
    /// Answers can be saved.
    #[sea_orm(string_value = "in_progress")]
    InProgress,
    /// Handed in by the person, and graded.
    #[sea_orm(string_value = "submitted")]
    Submitted,
    /// Handed in by the server at the deadline with what was saved, and graded.
    #[sea_orm(string_value = "timed_out")]
    TimedOut,
}

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quiz_attempt")]
pub struct Model {
    /// The attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuizAttemptId,
    /// The quiz.
    pub quiz_id: QuizId,
    /// What it was when the attempt began.
    pub version_id: QuizVersionId,
    /// The course of the quiz, if its home is one.
    pub course_id: Option<CourseId>,
    /// The lesson that passing completes, in a course.
    pub permanent_lesson_id: Option<PermanentLessonId>,
    /// The webinar of the quiz, if its home is one.
    pub webinar_id: Option<WebinarId>,
    /// The person.
    pub user_id: UserId,
    /// 1, 2, 3 … for this person and quiz; unique.
    pub number: i32,
    /// Where it stands.
    pub state: AttemptState,
    /// The order of its questions and choices.
    #[sea_orm(column_type = "JsonBinary")]
    pub layout: Layout,
    /// When it began.
    pub started_at: Instant,
    /// The last instant at which an answer counts.
    pub deadline_at: Option<Instant>,
    /// When it was handed in: by the server, as of the deadline.
    pub submitted_at: Option<Instant>,
    /// Points to reach.
    pub max_points: i32,
    /// Points reached, once it is handed in.
    pub score_points: Option<i32>,
    /// Whether they are enough, once it is handed in.
    pub is_passed: Option<bool>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether answers can still be saved, but for the time.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.state == AttemptState::InProgress
    }

    /// Whether its time is up at `now`. At the deadline itself it is not.
    #[must_use]
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.deadline_at.is_some_and(|deadline| now > deadline)
    }
}
