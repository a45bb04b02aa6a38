//! Address parts that people see: each belongs to one thing of its kind.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::{
    error::{Error, Problem, Result, UserErrorCode},
    ids::{Id, encode},
    text,
};

/// An address part that nothing in the column `slug` has: made from the title, with an end of its own when that is taken or
/// empty.
pub async fn free<E: EntityTrait, I: Id>(db: &impl ConnectionTrait, slug: E::Column, title: &str, id: I) -> Result<String> {
    let made = text::slug_from(title);
    let own_end: String = encode(I::KIND, id.uuid()).chars().rev().take(6).collect();
    if made.is_empty() {
        return Ok(format!("{}-{own_end}", I::KIND));
    }
    let is_taken = E::find().filter(slug.eq(&made)).one(db).await?.is_some();
    Ok(if is_taken { format!("{made}-{own_end}") } else { made })
}

/// The error of a change that wanted an address part.
#[must_use]
pub fn taken(err: DbErr) -> Error {
    if Error::is_duplicate(&err) { Problem::at(UserErrorCode::Taken, "input.slug").into() } else { err.into() }
}
