//! The `quiz_allowance` table: more time or attempts for one person.

use sea_orm::entity::prelude::*;

use crate::{
    clock::Instant,
    ids::{QuizAllowanceId, QuizId, UserId},
};

/// More time or attempts for one person; allowances add up.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quiz_allowance")]
pub struct Model {
    /// The allowance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuizAllowanceId,
    /// The quiz.
    pub quiz_id: QuizId,
    /// For whom.
    pub user_id: UserId,
    /// Attempts added, 0 to 20.
    pub extra_attempts: i32,
    /// Seconds added to each attempt, 0 to 86,400.
    pub extra_seconds: i32,
    /// Why.
    pub reason: String,
    /// By whom.
    pub granted_by: UserId,
    /// When.
    pub granted_at: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What several allowances give together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Attempts added.
    pub attempts: i32,
    /// Seconds added to each attempt.
    pub seconds: i32,
}

/// Adds allowances up.
pub fn total<'a>(allowances: impl IntoIterator<Item = &'a Model>) -> Total {
    allowances.into_iter().fold(Total::default(), |sum, allowance| Total {
        attempts: sum.attempts.saturating_add(allowance.extra_attempts),
        seconds: sum.seconds.saturating_add(allowance.extra_seconds),
    })
}
