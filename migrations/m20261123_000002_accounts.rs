//! People, and who was let in where.

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
                    .table("user")
                    .col(id())
                    .col(string("email"))
                    .col(string("email_key"))
                    .col(string("password_hash"))
                    .col(text("full_name"))
                    .col(text_null("latin_name"))
                    .col(string("language"))
                    .col(string("time_zone"))
                    .col(string_null("country"))
                    .col(text_null("organisation"))
                    .col(string_null("gender"))
                    .col(boolean("is_name_shown"))
                    .col(integer("roles"))
                    .col(string("terms_version"))
                    .col(timestamp_with_time_zone_null("confirmed_at"))
                    .col(timestamp_with_time_zone_null("vetted_at"))
                    .col(timestamp_with_time_zone_null("suspended_at"))
                    .col(timestamp_with_time_zone_null("sessions_since"))
                    .col(uuid_null("session_kept"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("user", &["email_key"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("mailed_token")
                    .col(id())
                    .col(uuid("user_id"))
                    .col(string("purpose"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut reference("mailed_token", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("mailed_token", &["user_id", "purpose"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("sign_in_failure")
                    .col(string("key").primary_key())
                    .col(integer("failures"))
                    .col(timestamp_with_time_zone("since"))
                    .col(timestamp_with_time_zone("last_at"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("sign_in_failure", &["last_at"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("access")
                    .col(id())
                    .col(uuid("subject_id"))
                    .col(string("email"))
                    .col(string("email_key"))
                    .col(uuid_null("user_id"))
                    .col(string("role"))
                    .col(uuid_null("granted_by"))
                    .col(timestamp_with_time_zone("granted_at"))
                    .foreign_key(&mut reference("access", "user_id", "user"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("access", &["subject_id", "email_key"])).await?;
        manager.create_index(index("access", &["user_id", "subject_id"])).await?;
        manager.create_index(index("access", &["email_key"])).await
    }
}
