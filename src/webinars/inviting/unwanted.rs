//! The `unwanted_mail` table: addresses that want no invitations. It holds their hashes only, made with the site's secret: nobody
//! is to read here, or to find out by trying addresses, who asked not to be written to.

use data_encoding::HEXLOWER;
use sea_orm::{Set, entity::prelude::*, sea_query::OnConflict};

use crate::{app::App, clock::Instant, text, token};

/// An address that wants no invitations.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unwanted_mail")]
pub struct Model {
    /// Hash of the form in which addresses are compared.
    #[sea_orm(primary_key, auto_increment = false)]
    pub email_hash: String,
    /// Since when.
    pub since: Instant,
}

/// None: policies and operations say what they join.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The hash of an address.
pub type Hash = [u8; 32];

/// The hash of the form in which an address is compared.
#[must_use]
pub fn hashed(app: &App, email: &str) -> Hash {
    token::veil(app, "address", &text::email_key(email))
}

/// Whether an address wants no invitations.
pub async fn is_unwanted(app: &App, db: &impl ConnectionTrait, email: &str) -> Result<bool, DbErr> {
    Ok(Entity::find_by_id(HEXLOWER.encode(&hashed(app, email))).one(db).await?.is_some())
}

/// Notes that the address with a hash wants none. Twice changes nothing.
pub async fn note(db: &impl ConnectionTrait, address: Hash, now: Instant) -> Result<(), DbErr> {
    let row = ActiveModel { email_hash: Set(HEXLOWER.encode(&address)), since: Set(now) };
    let there = OnConflict::column(Column::EmailHash).do_nothing().to_owned();
    Entity::insert(row).on_conflict(there).exec_without_returning(db).await?;
    Ok(())
}
