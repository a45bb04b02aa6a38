//! Completion records that were revoked.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [timestamp_with_time_zone_null("revoked_at"), text_null("revocation_reason")] {
            manager.alter_table(Table::alter().table("completion").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
