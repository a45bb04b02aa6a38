//! The `enrolment` table: people in courses.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{CourseId, EnrolmentId, UserId},
};

/// Where an enrolment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum EnrolmentState {
    /// Learning.
    #[sea_orm(string_value = "active")]
    Active,
    /// Every required lesson of a version is completed.
    #[sea_orm(string_value = "completed")]
    Completed,
    /// Left the course; progress stays and is back on enrolling again.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

/// A person in a course; there is at most one for each pair of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment")]
pub struct Model {
    /// The enrolment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnrolmentId,
    /// The course.
    pub course_id: CourseId,
    /// The person.
    pub user_id: UserId,
    /// Where it stands.
    pub state: EnrolmentState,
    /// First enrolled.
    pub enrolled_at: Instant,
    /// Last learned.
    pub last_active_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Whether the person is in the course now: learning, or done with it.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.state != EnrolmentState::Withdrawn
    }
}
