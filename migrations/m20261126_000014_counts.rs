//! Counts of series of webinars.

use super::prelude::*;
use sea_orm_migration::schema::big_integer;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(series_count()).await
    }
}

fn series_count() -> TableCreateStatement {
    Table::create()
        .table("series_count")
        .col(uuid("series_id").primary_key())
        .col(timestamp_with_time_zone("taken_at"))
        .col(big_integer("deeds"))
        .col(text("counts"))
        .foreign_key(&mut reference("series_count", "series_id", "webinar_series"))
        .to_owned()
}
