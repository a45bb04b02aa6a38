//! Who may see a thing: the mark that courses, recordings and communities carry.

use async_graphql::Enum;
use sea_orm::{
    ColumnTrait, Condition,
    entity::prelude::*,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{accounts::access, viewer::Viewer};

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

/// The things that `viewer` may see by their mark: administrators and the owner see all, and so do those let in by name.
/// The columns are those of the thing: its mark, its owner and its id.
pub fn condition(viewer: &Viewer, visibility: impl ColumnTrait, owner: impl ColumnTrait, id: impl ColumnTrait) -> Condition {
    if viewer.is_administrator() {
        return Condition::all();
    }
    let column = |column| Expr::col(column);
    let seen = Condition::any().add(column(visibility.as_column_ref()).eq(Visibility::Public));
    let Some(account) = &viewer.account else { return seen };
    let seen = seen.add(column(owner.as_column_ref()).eq(account.id)).add(Expr::exists(access::of(account.id, id, &[])));
    if account.vetted { seen.add(column(visibility.as_column_ref()).eq(Visibility::Members)) } else { seen }
}
