//! Recordings: texts, uploads, renditions, captions, speakers, and what people watched.

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
        for table in [recording(), recording_text(), upload(), rendition(), rendition_playlist(), captions(), captions_body()] {
            manager.create_table(table).await?;
        }
        for table in [speaker(), watch(), transcoder()] {
            manager.create_table(table).await?;
        }
        manager.create_index(index("recording", &["state", "listed_at", "id"])).await?;
        manager.create_index(index("recording", &["owner_id", "id"])).await?;
        manager.create_index(index("recording", &["media_state"])).await?;
        manager.create_index(index("upload", &["recording_id"])).await?;
        manager.create_index(index("upload", &["state", "expires_at"])).await?;
        manager.create_index(unique("rendition", &["recording_id", "name"])).await?;
        manager.create_index(unique("captions", &["recording_id", "language"])).await?;
        manager.create_index(index("speaker", &["recording_id", "position"])).await
    }
}

fn recording() -> TableCreateStatement {
    Table::create()
        .table("recording")
        .col(id())
        .col(uuid("owner_id"))
        .col(string("visibility"))
        .col(string("state"))
        .col(string("original_language"))
        .col(string("spoken_language"))
        .col(string_null("recorded_on"))
        .col(string("media_state"))
        .col(string_null("media_problem"))
        .col(integer("transcode_permille"))
        .col(uuid_null("source_object_id"))
        .col(boolean("is_source_playable"))
        .col(big_integer_null("duration_ms"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("listed_at"))
        .col(timestamp_with_time_zone_null("published_at"))
        .foreign_key(&mut reference("recording", "owner_id", "user"))
        .to_owned()
}

fn recording_text() -> TableCreateStatement {
    Table::create()
        .table("recording_text")
        .col(uuid("recording_id"))
        .col(string("language"))
        .col(integer("source_revision"))
        .col(boolean("is_machine"))
        .col(text("title"))
        .col(text("summary"))
        .primary_key(Index::create().col("recording_id").col("language"))
        .foreign_key(&mut reference("recording_text", "recording_id", "recording"))
        .to_owned()
}

fn upload() -> TableCreateStatement {
    Table::create()
        .table("upload")
        .col(id())
        .col(uuid("recording_id"))
        .col(uuid("object_id"))
        .col(string("state"))
        .col(text_null("storage_upload_id"))
        .col(text("file_name"))
        .col(big_integer("size"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .foreign_key(&mut reference("upload", "recording_id", "recording"))
        .to_owned()
}

fn rendition() -> TableCreateStatement {
    Table::create()
        .table("rendition")
        .col(id())
        .col(uuid("recording_id"))
        .col(uuid("object_id"))
        .col(string("name"))
        .col(string("kind"))
        .col(integer_null("width"))
        .col(integer_null("height"))
        .col(integer_null("frames_per_1000_s"))
        .col(integer_null("channels"))
        .col(string("codec"))
        .col(integer("peak_rate"))
        .col(integer("average_rate"))
        .col(big_integer("size"))
        .foreign_key(&mut reference("rendition", "recording_id", "recording"))
        .to_owned()
}

fn rendition_playlist() -> TableCreateStatement {
    Table::create()
        .table("rendition_playlist")
        .col(uuid("rendition_id").primary_key())
        .col(text("body"))
        .foreign_key(&mut reference("rendition_playlist", "rendition_id", "rendition"))
        .to_owned()
}

fn captions() -> TableCreateStatement {
    Table::create()
        .table("captions")
        .col(id())
        .col(uuid("recording_id"))
        .col(string("language"))
        .col(timestamp_with_time_zone("updated_at"))
        .foreign_key(&mut reference("captions", "recording_id", "recording"))
        .to_owned()
}

fn captions_body() -> TableCreateStatement {
    Table::create()
        .table("captions_body")
        .col(uuid("captions_id").primary_key())
        .col(text("webvtt"))
        .foreign_key(&mut reference("captions_body", "captions_id", "captions"))
        .to_owned()
}

fn speaker() -> TableCreateStatement {
    Table::create()
        .table("speaker")
        .col(id())
        .col(uuid("recording_id"))
        .col(integer("position"))
        .col(text("name"))
        .col(text("role"))
        .col(timestamp_with_time_zone_null("agreed_at"))
        .col(text_null("consent_text"))
        .col(timestamp_with_time_zone_null("withdrawn_at"))
        .foreign_key(&mut reference("speaker", "recording_id", "recording"))
        .to_owned()
}

fn watch() -> TableCreateStatement {
    Table::create()
        .table("watch")
        .col(uuid("recording_id"))
        .col(uuid("user_id"))
        .col(timestamp_with_time_zone("granted_at"))
        .col(text("intervals"))
        .col(big_integer("covered_ms"))
        .col(big_integer("position_ms"))
        .col(timestamp_with_time_zone("updated_at"))
        .primary_key(Index::create().col("recording_id").col("user_id"))
        .foreign_key(&mut reference("watch", "recording_id", "recording"))
        .foreign_key(&mut reference("watch", "user_id", "user"))
        .to_owned()
}

fn transcoder() -> TableCreateStatement {
    Table::create().table("transcoder").col(id()).col(timestamp_with_time_zone("seen_at")).to_owned()
}
