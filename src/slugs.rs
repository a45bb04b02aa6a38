//! Address parts that people see: each belongs to one thing of its kind.
//!
//! So who may make or rename such a thing can find out that a word is taken by one that they may not see, and nothing more of it.
//! Giving them another word in silence would tell the same; only ends that nobody can guess would not, on every address.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::{
    error::{Problem, Result, UserErrorCode},
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

/// The address part that somebody asks for, if nothing in the column `slug` has it. Whoever takes it in the same moment
/// collides with this change, which then finds it taken.
pub async fn wanted<E: EntityTrait>(db: &impl ConnectionTrait, slug: E::Column, asked: &str) -> Result<String> {
    match E::find().filter(slug.eq(asked)).one(db).await? {
        Some(_) => Err(Problem::at(UserErrorCode::Taken, "input.slug").into()),
        None => Ok(asked.to_owned()),
    }
}
