//! What each sign-up gave, kept with its link; devices that people signed in on; names as they are searched.

use sea_orm_migration::sea_orm::ConnectionTrait as _;

use super::prelude::*;
use crate::text::name_key;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("mailed_token").add_column(text_null("account")).to_owned()).await?;
        manager.alter_table(Table::alter().table("user").add_column(text("name_key").default("")).to_owned()).await?;
        fill_name_keys(manager).await?;
        let device = Table::create()
            .table("device")
            .col(string("token_hash").primary_key())
            .col(uuid("user_id"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut reference("device", "user_id", "user"))
            .to_owned();
        manager.create_table(device).await?;
        manager.create_index(index("device", &["user_id", "created_at"])).await?;
        manager.create_index(index("device", &["created_at"])).await
    }
}

/// The database can't fold letters of all scripts, so this is done here.
async fn fill_name_keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let people = Query::select().column("id").column("full_name").column("latin_name").from("user").to_owned();
    for person in db.query_all(&people).await? {
        let id: uuid::Uuid = person.try_get("", "id")?;
        let (full, latin): (String, Option<String>) = (person.try_get("", "full_name")?, person.try_get("", "latin_name")?);
        let key = name_key(&full, latin.as_deref());
        let change = Query::update().table("user").value("name_key", key).and_where(Expr::col("id").eq(id)).to_owned();
        db.execute(&change).await?;
    }
    Ok(())
}
