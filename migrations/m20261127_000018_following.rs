//! What the counts of a series tell together.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let series_following = Table::create()
            .table("series_following")
            .col(uuid("series_id").primary_key())
            .col(text("following"))
            .foreign_key(&mut reference("series_following", "series_id", "webinar_series"))
            .to_owned();
        manager.create_table(series_following).await
    }
}
