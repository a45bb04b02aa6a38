//! The `lesson_progress` table: how far people are with lessons, through all versions.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{EnrolmentId, PermanentLessonId},
};

/// Why a lesson counts as completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))")]
pub enum CompletionReason {
    /// The learner said that they read it.
    #[sea_orm(string_value = "read")]
    Read,
    /// Enough of the recording was watched.
    #[sea_orm(string_value = "watched")]
    Watched,
    /// The learner read the transcript.
    #[sea_orm(string_value = "transcript_read")]
    TranscriptRead,
    /// The quiz was passed.
    #[sea_orm(string_value = "passed")]
    Passed,
    /// The learner opened the document or the link.
    #[sea_orm(string_value = "visited")]
    Visited,
    /// It was completed in an earlier version of the course.
    #[sea_orm(string_value = "carried_over")]
    CarriedOver,
}

/// Progress in one lesson; there is none before it was opened.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson_progress")]
pub struct Model {
    /// The person in the course.
    #[sea_orm(primary_key, auto_increment = false)]
    pub enrolment_id: EnrolmentId,
    /// The lesson through all versions.
    #[sea_orm(primary_key, auto_increment = false)]
    pub permanent_lesson_id: PermanentLessonId,
    /// First opened.
    pub started_at: Instant,
    /// Last opened.
    pub opened_at: Instant,
    /// Completed.
    pub completed_at: Option<Instant>,
    /// Why it counts as completed, as it was then.
    pub reason: Option<CompletionReason>,
    /// The version that it was completed in.
    pub version_number: Option<i32>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
