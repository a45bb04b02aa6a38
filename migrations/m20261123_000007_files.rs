//! Objects in storage, and the small files among them.

use sea_orm_migration::schema::{big_integer, big_integer_null};

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let object = Table::create()
            .table("object")
            .col(id())
            .col(string("key"))
            .col(string("content_type"))
            .col(big_integer_null("size"))
            .col(string_null("etag"))
            .col(string("state"))
            .col(timestamp_with_time_zone("created_at"))
            .to_owned();
        manager.create_table(object).await?;
        manager.create_index(unique("object", &["key"])).await?;
        manager.create_index(index("object", &["state", "created_at"])).await?;
        let file = Table::create()
            .table("file")
            .col(id())
            .col(uuid("owner_id"))
            .col(uuid("object_id"))
            .col(string("purpose"))
            .col(string("state"))
            .col(text("name"))
            .col(string("content_type"))
            .col(big_integer("size"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut reference("file", "owner_id", "user"))
            .to_owned();
        manager.create_table(file).await?;
        manager.create_index(index("file", &["owner_id", "id"])).await
    }
}
