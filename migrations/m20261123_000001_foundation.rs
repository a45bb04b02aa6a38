//! Jobs, idempotency keys, the audit, sessions and objects.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("job")
                    .col(id())
                    .col(string("kind"))
                    .col(text("payload"))
                    .col(string_null("dedupe_key"))
                    .col(string("state"))
                    .col(timestamp_with_time_zone("run_at"))
                    .col(integer("attempts"))
                    .col(uuid_null("lease"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    .col(text_null("last_error"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("job", &["state", "run_at"])).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX job_dedupe_key_key ON job (dedupe_key) WHERE state = 'waiting' AND dedupe_key IS NOT NULL",
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("idempotency_key")
                    .col(uuid("user_id"))
                    .col(uuid("key"))
                    .col(string("operation"))
                    .col(string("input_hash"))
                    .col(text("answer"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("user_id").col("key"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("idempotency_key", &["created_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_entry")
                    .col(id())
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("actor_id"))
                    .col(string_null("address"))
                    .col(string("action"))
                    .col(string_null("subject_id"))
                    .col(text("fields"))
                    .col(text("details"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("audit_entry", &["subject_id", "id"])).await?;
        manager.create_index(index("audit_entry", &["actor_id", "id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(id())
                    .col(uuid("user_id"))
                    .col(string("token_hash"))
                    .col(boolean("is_shared"))
                    .col(text("user_agent"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_seen_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("session", &["token_hash"])).await?;
        manager.create_index(index("session", &["user_id", "id"])).await
    }
}
