//! Inviting: contacts without accounts, letters and to whom they went, who wants none, and the people whom contacts name.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [contact(), address(), letter(), letter_text(), invitation(), delivery(), unwanted(), nominee()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("webinar_contact", &["series_id", "id"])).await?;
        manager.create_index(index("webinar_contact_address", &["contact_id", "position"])).await?;
        manager.create_index(unique("invitation_letter", &["webinar_id", "audience"])).await?;
        manager.create_index(unique("invitation", &["webinar_id", "contact_id"])).await?;
        manager.create_index(unique("invitation", &["webinar_id", "email_key"])).await?;
        manager.create_index(index("invitation", &["webinar_id", "id"])).await?;
        manager.create_index(index("invitation", &["contact_id"])).await?;
        manager.create_index(index("invitation_delivery", &["invitation_id", "position"])).await?;
        manager.create_index(unique("nominee", &["invitation_id", "email_key"])).await?;
        manager.create_index(index("nominee", &["webinar_id", "id"])).await?;
        manager.create_index(index("nominee", &["webinar_id", "state", "waiting_since", "id"])).await?;
        manager.create_index(index("nominee", &["email_key"])).await?;
        manager.create_index(index("nominee", &["registration_id"])).await
    }
}

fn contact() -> TableCreateStatement {
    Table::create()
        .table("webinar_contact")
        .col(id())
        .col(uuid("series_id"))
        .col(text("name"))
        .col(string("organisation_kind"))
        .col(string_null("country"))
        .col(string("language"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut reference("webinar_contact", "series_id", "webinar_series"))
        .to_owned()
}

fn address() -> TableCreateStatement {
    Table::create()
        .table("webinar_contact_address")
        .col(uuid("series_id"))
        .col(text("email_key"))
        .col(uuid("contact_id"))
        .col(integer("position"))
        .col(text("email"))
        .primary_key(Index::create().col("series_id").col("email_key"))
        .foreign_key(&mut reference("webinar_contact_address", "series_id", "webinar_series"))
        .foreign_key(&mut reference("webinar_contact_address", "contact_id", "webinar_contact"))
        .to_owned()
}

fn letter() -> TableCreateStatement {
    Table::create()
        .table("invitation_letter")
        .col(id())
        .col(uuid("webinar_id"))
        .col(string("audience"))
        .foreign_key(&mut reference("invitation_letter", "webinar_id", "webinar"))
        .to_owned()
}

fn letter_text() -> TableCreateStatement {
    Table::create()
        .table("invitation_letter_text")
        .col(uuid("letter_id"))
        .col(string("language"))
        .col(integer("source_revision"))
        .col(boolean("is_machine"))
        .col(text("subject"))
        .col(text("body"))
        .primary_key(Index::create().col("letter_id").col("language"))
        .foreign_key(&mut reference("invitation_letter_text", "letter_id", "invitation_letter"))
        .to_owned()
}

fn invitation() -> TableCreateStatement {
    Table::create()
        .table("invitation")
        .col(id())
        .col(uuid("webinar_id"))
        .col(uuid_null("contact_id"))
        .col(text_null("email_key"))
        .col(text("name"))
        .col(string("language"))
        .col(integer("quota"))
        .col(timestamp_with_time_zone_null("names_until"))
        .col(timestamp_with_time_zone("invited_at"))
        .col(timestamp_with_time_zone_null("reminded_at"))
        .col(timestamp_with_time_zone_null("reacted_at"))
        .foreign_key(&mut reference("invitation", "webinar_id", "webinar"))
        .foreign_key(&mut reference("invitation", "contact_id", "webinar_contact"))
        .to_owned()
}

fn delivery() -> TableCreateStatement {
    Table::create()
        .table("invitation_delivery")
        .col(id())
        .col(uuid("invitation_id"))
        .col(integer("position"))
        .col(text("email"))
        .col(string("state"))
        .col(timestamp_with_time_zone_null("sent_at"))
        .col(timestamp_with_time_zone_null("reminded_at"))
        .col(timestamp_with_time_zone_null("bounced_at"))
        .foreign_key(&mut reference("invitation_delivery", "invitation_id", "invitation"))
        .to_owned()
}

fn unwanted() -> TableCreateStatement {
    Table::create()
        .table("unwanted_mail")
        .col(string("email_hash").primary_key().to_owned())
        .col(timestamp_with_time_zone("since"))
        .to_owned()
}

fn nominee() -> TableCreateStatement {
    Table::create()
        .table("nominee")
        .col(id())
        .col(uuid("webinar_id"))
        .col(uuid("invitation_id"))
        .col(text("full_name"))
        .col(text("function"))
        .col(text("email"))
        .col(text("email_key"))
        .col(string_null("gender"))
        .col(string_null("country"))
        .col(text("organisation"))
        .col(string("organisation_kind"))
        .col(string("language"))
        .col(string("state"))
        .col(timestamp_with_time_zone("named_at"))
        .col(timestamp_with_time_zone("waiting_since"))
        .col(timestamp_with_time_zone_null("decided_at"))
        .col(timestamp_with_time_zone_null("answered_at"))
        .col(timestamp_with_time_zone_null("bounced_at"))
        .col(uuid_null("registration_id"))
        .foreign_key(&mut reference("nominee", "webinar_id", "webinar"))
        .foreign_key(&mut reference("nominee", "invitation_id", "invitation"))
        .foreign_key(
            ForeignKey::create()
                .name("nominee_registration_id_fkey")
                .from("nominee", "registration_id")
                .to("registration", "id")
                .on_delete(ForeignKeyAction::SetNull),
        )
        .to_owned()
}
