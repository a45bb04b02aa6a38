//! The `quiz` table: a quiz as staff draft it.

use sea_orm::entity::prelude::*;

use super::{home::Home, paper::Rules};
use crate::{
    clock::Instant,
    error::Result,
    ids::{CourseId, QuizId, QuizVersionId, WebinarId},
    language::Language,
};

/// A quiz, with the rules of its draft.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quiz")]
pub struct Model {
    /// The quiz.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuizId,
    /// The course it belongs to, if its home is one.
    pub course_id: Option<CourseId>,
    /// The webinar it belongs to, if its home is one.
    pub webinar_id: Option<WebinarId>,
    /// Language that it is written in first: that of its home when it was made.
    pub original_language: Language,
    /// Attempts that a person has.
    pub attempt_limit: Option<i32>,
    /// Length of an attempt in seconds.
    pub time_limit_seconds: Option<i32>,
    /// Share of the points needed to pass, 0 to 100.
    pub pass_mark_percent: i32,
    /// Each attempt has its own order of questions.
    pub shuffles_questions: bool,
    /// Each attempt has its own order of choices.
    pub shuffles_choices: bool,
    /// The newest frozen version.
    pub frozen_version_id: Option<QuizVersionId>,
    /// When it was made.
    pub created_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Where it belongs.
    pub fn home(&self) -> Result<Home> {
        Home::of(self.course_id, self.webinar_id)
    }

    /// The rules of the draft.
    #[must_use]
    pub fn rules(&self) -> Rules {
        Rules {
            attempt_limit: self.attempt_limit,
            time_limit_seconds: self.time_limit_seconds,
            pass_mark_percent: self.pass_mark_percent,
            shuffles_questions: self.shuffles_questions,
            shuffles_choices: self.shuffles_choices,
        }
    }
}
