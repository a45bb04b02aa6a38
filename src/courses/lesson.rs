//! The `lesson` table: the smallest things to learn from.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::ids::{CourseVersionId, FileId, LessonId, ModuleId, PermanentLessonId, QuizId, QuizVersionId, RecordingId};

/// What a lesson is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum LessonKind {
    /// A text to read.
    #[sea_orm(string_value = "article")]
    Article,
    /// A recording to watch, or its transcript to read.
    #[sea_orm(string_value = "recording")]
    Recording,
    /// A quiz to pass.
    #[sea_orm(string_value = "quiz")]
    Quiz,
    /// A file to download and read.
    #[sea_orm(string_value = "document")]
    Document,
    /// A page elsewhere to visit.
    #[sea_orm(string_value = "link")]
    Link,
}

/// A lesson in one version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lesson")]
pub struct Model {
    /// The lesson in this version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LessonId,
    /// The version.
    pub version_id: CourseVersionId,
    /// The module it stands in.
    pub module_id: ModuleId,
    /// The lesson through all versions.
    pub permanent_id: PermanentLessonId,
    /// From 1, without gaps in its module.
    pub position: i32,
    /// What it is; never changes.
    pub kind: LessonKind,
    /// Completing the course needs it.
    pub is_required: bool,
    /// Time it takes, in minutes, 0 to 600.
    pub estimated_minutes: i32,
    /// Of a recording lesson.
    pub recording_id: Option<RecordingId>,
    /// Of a quiz lesson.
    pub quiz_id: Option<QuizId>,
    /// Of a quiz lesson in a published version: the questions as they were frozen.
    pub quiz_version_id: Option<QuizVersionId>,
    /// Of a document lesson.
    pub file_id: Option<FileId>,
    /// Of a link lesson.
    pub url: Option<String>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
