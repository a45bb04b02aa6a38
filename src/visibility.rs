//! Who may see a thing: the mark that courses, recordings and communities carry.

use async_graphql::Enum;
use sea_orm::entity::prelude::*;

/// Who may see a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(10))")]
pub enum Visibility {
    /// Anyone.
    #[sea_orm(string_value = "public")]
    Public,
    /// Any vetted account.
    #[sea_orm(string_value = "members")]
    Members,
    /// Only those let in by name.
    #[sea_orm(string_value = "invited")]
    Invited,
}
