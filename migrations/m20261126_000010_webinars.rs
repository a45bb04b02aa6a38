//! Webinars: series, their webinars and texts, who speaks, who pays, what registrants are asked, who registered
//! and who came, and the recordings.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(organisation_kind()).await?;
        for table in [series(), series_text(), funder(), funder_text(), webinar(), webinar_text(), speaker(), speaker_text()] {
            manager.create_table(table).await?;
        }
        for table in
            [material(), question(), question_text(), registration(), answer(), calendar_feed(), attendance_line(), recording()]
        {
            manager.create_table(table).await?;
        }
        manager.create_index(unique("webinar_series", &["slug"])).await?;
        manager.create_index(index("webinar_series", &["owner_id", "id"])).await?;
        manager.create_index(index("webinar_funder", &["series_id", "position"])).await?;
        manager.create_index(unique("webinar", &["slug"])).await?;
        manager.create_index(index("webinar", &["series_id", "starts_at", "id"])).await?;
        manager.create_index(index("webinar", &["starts_at", "id"])).await?;
        manager.create_index(index("webinar_speaker", &["webinar_id", "position"])).await?;
        manager.create_index(index("webinar_material", &["file_id"])).await?;
        manager.create_index(index("webinar_question", &["webinar_id", "position"])).await?;
        manager.create_index(unique("registration", &["webinar_id", "user_id"])).await?;
        manager.create_index(index("registration", &["webinar_id", "state", "waiting_since", "id"])).await?;
        manager.create_index(index("registration", &["user_id", "id"])).await?;
        manager.create_index(index("attendance_line", &["webinar_id", "line"])).await?;
        manager.create_index(index("webinar_recording", &["recording_id"])).await?;
        manager.create_index(unique("calendar_feed", &["user_id"])).await
    }
}

fn organisation_kind() -> TableAlterStatement {
    Table::alter().table("user").add_column(string_null("organisation_kind")).to_owned()
}

fn series() -> TableCreateStatement {
    Table::create()
        .table("webinar_series")
        .col(id())
        .col(string("slug"))
        .col(uuid("owner_id"))
        .col(string("visibility"))
        .col(string("original_language"))
        .col(text("project"))
        .col(integer("attendance_percent"))
        .col(timestamp_with_time_zone_null("archived_at"))
        .col(timestamp_with_time_zone("created_at"))
        .foreign_key(&mut reference("webinar_series", "owner_id", "user"))
        .to_owned()
}

/// A table of the texts of what stands in `parent`, keyed by the column `of`.
fn texts(table: &'static str, of: &'static str, parent: &'static str, columns: &[&'static str]) -> TableCreateStatement {
    let mut create = Table::create();
    create
        .table(table)
        .col(uuid(of))
        .col(string("language"))
        .col(integer("source_revision"))
        .col(boolean("is_machine"))
        .primary_key(Index::create().col(of).col("language"))
        .foreign_key(&mut reference(table, of, parent));
    for column in columns {
        create.col(text(*column));
    }
    create
}

fn series_text() -> TableCreateStatement {
    texts("webinar_series_text", "series_id", "webinar_series", &["title", "summary", "summary_html"])
}

fn funder() -> TableCreateStatement {
    Table::create()
        .table("webinar_funder")
        .col(id())
        .col(uuid("series_id"))
        .col(integer("position"))
        .foreign_key(&mut reference("webinar_funder", "series_id", "webinar_series"))
        .to_owned()
}

fn funder_text() -> TableCreateStatement {
    texts("webinar_funder_text", "funder_id", "webinar_funder", &["name", "sentence"])
}

fn webinar() -> TableCreateStatement {
    Table::create()
        .table("webinar")
        .col(id())
        .col(uuid("series_id"))
        .col(string("slug"))
        .col(uuid("owner_id"))
        .col(string("visibility"))
        .col(string("state"))
        .col(string("original_language"))
        .col(text("activity"))
        .col(string("local_start"))
        .col(string("time_zone"))
        .col(integer("duration_minutes"))
        .col(timestamp_with_time_zone("starts_at"))
        .col(timestamp_with_time_zone("ends_at"))
        .col(integer_null("capacity"))
        .col(integer("seats_taken"))
        .col(timestamp_with_time_zone_null("registration_opens_at"))
        .col(timestamp_with_time_zone_null("registration_closes_at"))
        .col(text_null("join_url"))
        .col(integer("join_opens_minutes"))
        .col(string_null("check_in_code"))
        .col(text("spoken_languages"))
        .col(text("interpretation_languages"))
        .col(boolean("is_recorded"))
        .col(boolean("shows_registrants"))
        .col(integer("calendar_sequence"))
        .col(timestamp_with_time_zone_null("reminded_day_for"))
        .col(timestamp_with_time_zone_null("reminded_hour_for"))
        .col(text_null("cancelled_because"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut reference("webinar", "series_id", "webinar_series"))
        .foreign_key(&mut reference("webinar", "owner_id", "user"))
        .to_owned()
}

fn webinar_text() -> TableCreateStatement {
    texts("webinar_text", "webinar_id", "webinar", &["title", "summary", "summary_html"])
}

fn speaker() -> TableCreateStatement {
    Table::create()
        .table("webinar_speaker")
        .col(id())
        .col(uuid("webinar_id"))
        .col(integer("position"))
        .col(text("name"))
        .foreign_key(&mut reference("webinar_speaker", "webinar_id", "webinar"))
        .to_owned()
}

fn speaker_text() -> TableCreateStatement {
    texts("webinar_speaker_text", "speaker_id", "webinar_speaker", &["role", "biography", "biography_html"])
}

fn material() -> TableCreateStatement {
    Table::create()
        .table("webinar_material")
        .col(uuid("webinar_id"))
        .col(uuid("file_id"))
        .col(integer("position"))
        .primary_key(Index::create().col("webinar_id").col("file_id"))
        .foreign_key(&mut reference("webinar_material", "webinar_id", "webinar"))
        .foreign_key(&mut reference("webinar_material", "file_id", "file"))
        .to_owned()
}

fn question() -> TableCreateStatement {
    Table::create()
        .table("webinar_question")
        .col(id())
        .col(uuid("webinar_id"))
        .col(integer("position"))
        .col(boolean("is_required"))
        .foreign_key(&mut reference("webinar_question", "webinar_id", "webinar"))
        .to_owned()
}

fn question_text() -> TableCreateStatement {
    texts("webinar_question_text", "question_id", "webinar_question", &["prompt"])
}

fn registration() -> TableCreateStatement {
    Table::create()
        .table("registration")
        .col(id())
        .col(uuid("webinar_id"))
        .col(uuid("user_id"))
        .col(string("state"))
        .col(timestamp_with_time_zone("registered_at"))
        .col(timestamp_with_time_zone("waiting_since"))
        .col(timestamp_with_time_zone_null("cancelled_at"))
        .col(timestamp_with_time_zone_null("joined_at"))
        .col(timestamp_with_time_zone_null("checked_in_at"))
        .col(integer("wrong_codes"))
        .col(integer_null("listed_minutes"))
        .col(integer("calendar_sequence"))
        .col(string_null("gender"))
        .col(string_null("country"))
        .col(text_null("organisation"))
        .col(string_null("organisation_kind"))
        .col(string("language"))
        .foreign_key(&mut reference("registration", "webinar_id", "webinar"))
        .foreign_key(&mut reference("registration", "user_id", "user"))
        .to_owned()
}

fn answer() -> TableCreateStatement {
    Table::create()
        .table("registration_answer")
        .col(uuid("registration_id"))
        .col(uuid("question_id"))
        .col(text("answer"))
        .primary_key(Index::create().col("registration_id").col("question_id"))
        .foreign_key(&mut reference("registration_answer", "registration_id", "registration"))
        .foreign_key(&mut reference("registration_answer", "question_id", "webinar_question"))
        .to_owned()
}

fn calendar_feed() -> TableCreateStatement {
    Table::create()
        .table("calendar_feed")
        .col(id())
        .col(uuid("user_id"))
        .foreign_key(&mut reference("calendar_feed", "user_id", "user"))
        .to_owned()
}

fn attendance_line() -> TableCreateStatement {
    Table::create()
        .table("attendance_line")
        .col(id())
        .col(uuid("webinar_id"))
        .col(integer("line"))
        .col(text("name"))
        .col(text("email"))
        .col(timestamp_with_time_zone("joined_at"))
        .col(timestamp_with_time_zone("left_at"))
        .col(uuid_null("registration_id"))
        .col(string("matched_by"))
        .foreign_key(&mut reference("attendance_line", "webinar_id", "webinar"))
        .foreign_key(&mut reference("attendance_line", "registration_id", "registration"))
        .to_owned()
}

fn recording() -> TableCreateStatement {
    Table::create()
        .table("webinar_recording")
        .col(uuid("webinar_id"))
        .col(uuid("recording_id"))
        .col(integer("position"))
        .col(timestamp_with_time_zone_null("told_at"))
        .primary_key(Index::create().col("webinar_id").col("recording_id"))
        .foreign_key(&mut reference("webinar_recording", "webinar_id", "webinar"))
        .foreign_key(&mut reference("webinar_recording", "recording_id", "recording"))
        .to_owned()
}
