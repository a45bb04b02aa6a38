//! The `attendance` table: records, kept for good, that people attended webinars.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{AttendanceId, RegistrationId, UserId, WebinarId},
    language::Language,
};

/// A record of attendance, with what it says as it stood when it was issued. What the person had told of themselves stands with
/// the registration.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance")]
pub struct Model {
    /// The record.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttendanceId,
    /// See [`crate::certificates::code`]; unique.
    pub code: String,
    /// The registration; it has one record at most.
    pub registration_id: RegistrationId,
    /// The webinar.
    pub webinar_id: WebinarId,
    /// The holder.
    pub user_id: UserId,
    /// Name that the holder went by; only administrators renew it.
    pub full_name: String,
    /// The name in Latin letters, likewise.
    pub latin_name: Option<String>,
    /// Title of the webinar in the holder's language.
    pub title: String,
    /// The holder's preferred language.
    pub language: Language,
    /// When the webinar began.
    pub held_at: Instant,
    /// Minutes from its start to its end.
    pub duration_minutes: i32,
    /// When the record was issued.
    pub issued_at: Instant,
    /// When it was revoked.
    pub revoked_at: Option<Instant>,
    /// Why it was revoked.
    pub revocation_reason: Option<String>,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
