//! Progress in lessons in the API.

use async_graphql::{Enum, Object};

use super::Lesson;
use crate::{
    clock::Instant,
    courses::lesson_progress::{self, CompletionReason},
};

/// How far a learner is with a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum LessonState {
    /// Not opened yet.
    NotStarted,
    /// Opened.
    Started,
    /// Done.
    Completed,
}

/// A learner's progress in a lesson.
pub struct LessonProgress {
    lesson: Lesson,
    state: LessonState,
    reason: Option<CompletionReason>,
    started_at: Option<Instant>,
    completed_at: Option<Instant>,
}

impl LessonProgress {
    /// The progress in a lesson that was never opened.
    pub(super) fn none(lesson: Lesson) -> Self {
        Self { lesson, state: LessonState::NotStarted, reason: None, started_at: None, completed_at: None }
    }

    /// The progress as the version of the lesson shows it.
    pub(super) fn new(lesson: Lesson, row: &lesson_progress::Model) -> Self {
        let shown = lesson.version_number();
        let is_earlier = row.version_number.is_some_and(|completed_in| completed_in < shown);
        Self {
            lesson,
            state: if row.completed_at.is_some() { LessonState::Completed } else { LessonState::Started },
            reason: if is_earlier { Some(CompletionReason::CarriedOver) } else { row.reason },
            started_at: Some(row.started_at),
            completed_at: row.completed_at,
        }
    }
}

/// A learner's progress in a lesson.
#[Object]
impl LessonProgress {
    /// The lesson.
    async fn lesson(&self) -> &Lesson {
        &self.lesson
    }
    /// How far.
    async fn state(&self) -> LessonState {
        self.state
    }
    /// Why it counts as completed; null until then.
    async fn reason(&self) -> Option<CompletionReason> {
        self.reason
    }
    /// First opened.
    async fn started_at(&self) -> Option<Instant> {
        self.started_at
    }
    /// Completed.
    async fn completed_at(&self) -> Option<Instant> {
        self.completed_at
    }
}
