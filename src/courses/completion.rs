//! The `completion` table: records, kept for good, that people completed courses.

use sea_orm::entity::prelude::*;

use crate::{
    accounts::user::Gender,
    clock::Instant,
    ids::{CompletionId, CourseId, CourseVersionId, EnrolmentId, UserId},
    language::Language,
};

/// A completion record, with what it says as it stood then.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "completion")]
pub struct Model {
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompletionId,
    /// 16 characters of Crockford's base 32 (80 random bits), without hyphens; unique.
    pub code: String,
    /// The enrolment; it has one record at most.
    pub enrolment_id: EnrolmentId,
    /// The course.
    pub course_id: CourseId,
    /// The holder.
    pub user_id: UserId,
    /// The version that was completed.
    pub version_id: CourseVersionId,
    /// Its number.
    pub version_number: i32,
    /// Title of the course in the holder's language.
    pub course_title: String,
    /// When.
    pub completed_at: Instant,
    /// Name that the holder went by; only administrators renew it.
    pub full_name: String,
    /// The name in Latin letters, likewise.
    pub latin_name: Option<String>,
    /// As told.
    pub gender: Option<Gender>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// Preferred language.
    pub language: Language,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// Why it was revoked.
    pub revocation_reason: Option<String>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
