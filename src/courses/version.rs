//! The `course_version` table: what a course says, as a draft or frozen for good.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{CourseId, CourseVersionId},
};

/// A version: the draft has no number; the others never change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "course_version")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CourseVersionId,
    /// Its course.
    pub course_id: CourseId,
    /// 1, 2, 3 …; none for the draft, of which a course has one.
    pub number: Option<i32>,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// SHA-256 of what it says, hexadecimal; none for the draft.
    pub fingerprint: Option<String>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
