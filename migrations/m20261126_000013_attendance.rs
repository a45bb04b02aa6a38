//! Certificates of attendance; the emblems of funders, the topic where a webinar is discussed, and what nominees answer.

use sea_orm_migration::schema::json_binary_null;

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(attendance()).await?;
        manager.create_index(unique("attendance", &["code"])).await?;
        manager.create_index(unique("attendance", &["registration_id"])).await?;
        manager.create_index(index("attendance", &["webinar_id", "id"])).await?;
        manager.alter_table(Table::alter().table("webinar_funder").add_column(uuid_null("emblem_id")).to_owned()).await?;
        manager.create_index(index("webinar_funder", &["emblem_id"])).await?;
        manager.alter_table(Table::alter().table("webinar").add_column(uuid_null("topic_id")).to_owned()).await?;
        manager.alter_table(Table::alter().table("nominee").add_column(json_binary_null("answers")).to_owned()).await
    }
}

fn attendance() -> TableCreateStatement {
    Table::create()
        .table("attendance")
        .col(id())
        .col(string("code"))
        .col(uuid("registration_id"))
        .col(uuid("webinar_id"))
        .col(uuid("user_id"))
        .col(text("title"))
        .col(string("language"))
        .col(timestamp_with_time_zone("held_at"))
        .col(integer("duration_minutes"))
        .col(timestamp_with_time_zone("issued_at"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .col(text_null("revocation_reason"))
        .foreign_key(&mut reference("attendance", "registration_id", "registration"))
        .foreign_key(&mut reference("attendance", "webinar_id", "webinar"))
        .foreign_key(&mut reference("attendance", "user_id", "user"))
        .to_owned()
}
