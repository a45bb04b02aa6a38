//! The `course` table: the lasting thing that people enrol in.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{CourseId, CourseVersionId, UserId},
    language::Language,
    visibility::Visibility,
};

/// A course.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course")]
pub struct Model {
    /// The course.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CourseId,
    /// Address part; unique.
    pub slug: String,
    /// Who made it.
    pub owner_id: UserId,
    /// Who may see it.
    pub visibility: Visibility,
    /// Language that its texts are written in first.
    pub original_language: Language,
    /// Closed to new learners since.
    pub archived_at: Option<Instant>,
    /// What learners see.
    pub published_version_id: Option<CourseVersionId>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last changed or published.
    pub updated_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
