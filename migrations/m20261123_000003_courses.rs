//! Courses, their versions, and those who learn from them.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        courses(manager).await?;
        modules(manager).await?;
        lessons(manager).await?;
        learners(manager).await
    }
}

async fn courses(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("course")
                .col(id())
                .col(string("slug"))
                .col(uuid("owner_id"))
                .col(string("visibility"))
                .col(string("original_language"))
                .col(timestamp_with_time_zone_null("archived_at"))
                .col(uuid_null("published_version_id"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("course", &["slug"])).await?;
    manager.create_index(index("course", &["owner_id"])).await?;
    manager.create_index(index("course", &["published_version_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("course_version")
                .col(id())
                .col(uuid("course_id"))
                .col(integer_null("number"))
                .col(timestamp_with_time_zone_null("published_at"))
                .col(string_null("fingerprint"))
                .foreign_key(&mut reference("course_version", "course_id", "course"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("course_version", &["course_id", "number"])).await?;
    manager
        .get_connection()
        .execute_unprepared("CREATE UNIQUE INDEX course_version_draft_key ON course_version (course_id) WHERE number IS NULL")
        .await?;
    manager
        .create_table(
            Table::create()
                .table("course_text")
                .col(uuid("version_id"))
                .col(string("language"))
                .col(integer("source_revision"))
                .col(boolean("is_machine"))
                .col(text("title"))
                .col(text("summary"))
                .col(text("description"))
                .primary_key(Index::create().col("version_id").col("language"))
                .foreign_key(&mut reference("course_text", "version_id", "course_version"))
                .to_owned(),
        )
        .await
}

async fn modules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("module")
                .col(id())
                .col(uuid("version_id"))
                .col(uuid("permanent_id"))
                .col(integer("position"))
                .foreign_key(&mut reference("module", "version_id", "course_version"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("module", &["version_id", "position"])).await?;
    manager
        .create_table(
            Table::create()
                .table("module_text")
                .col(uuid("module_id"))
                .col(string("language"))
                .col(integer("source_revision"))
                .col(boolean("is_machine"))
                .col(text("title"))
                .col(text("summary"))
                .primary_key(Index::create().col("module_id").col("language"))
                .foreign_key(&mut reference("module_text", "module_id", "module"))
                .to_owned(),
        )
        .await
}

async fn lessons(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("lesson")
                .col(id())
                .col(uuid("version_id"))
                .col(uuid("module_id"))
                .col(uuid("permanent_id"))
                .col(integer("position"))
                .col(string("kind"))
                .col(boolean("is_required"))
                .col(integer("estimated_minutes"))
                .col(uuid_null("recording_id"))
                .col(uuid_null("quiz_id"))
                .col(uuid_null("quiz_version_id"))
                .col(uuid_null("file_id"))
                .col(text_null("url"))
                .foreign_key(&mut reference("lesson", "version_id", "course_version"))
                .foreign_key(&mut reference("lesson", "module_id", "module"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("lesson", &["version_id"])).await?;
    manager.create_index(index("lesson", &["module_id", "position"])).await?;
    manager.create_index(index("lesson", &["permanent_id", "version_id"])).await?;
    manager.create_index(index("lesson", &["recording_id"])).await?;
    manager.create_index(index("lesson", &["quiz_id"])).await?;
    manager.create_index(index("lesson", &["file_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("lesson_text")
                .col(uuid("lesson_id"))
                .col(string("language"))
                .col(integer("source_revision"))
                .col(boolean("is_machine"))
                .col(text("title"))
                .col(text("body"))
                .primary_key(Index::create().col("lesson_id").col("language"))
                .foreign_key(&mut reference("lesson_text", "lesson_id", "lesson"))
                .to_owned(),
        )
        .await
}

async fn learners(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("enrolment")
                .col(id())
                .col(uuid("course_id"))
                .col(uuid("user_id"))
                .col(string("state"))
                .col(timestamp_with_time_zone("enrolled_at"))
                .col(timestamp_with_time_zone("last_active_at"))
                .foreign_key(&mut reference("enrolment", "course_id", "course"))
                .foreign_key(&mut reference("enrolment", "user_id", "user"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("enrolment", &["user_id", "course_id"])).await?;
    manager.create_index(index("enrolment", &["course_id", "id"])).await?;
    manager.create_index(index("enrolment", &["user_id", "last_active_at", "id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("lesson_progress")
                .col(uuid("enrolment_id"))
                .col(uuid("permanent_lesson_id"))
                .col(timestamp_with_time_zone("started_at"))
                .col(timestamp_with_time_zone("opened_at"))
                .col(timestamp_with_time_zone_null("completed_at"))
                .col(string_null("reason"))
                .col(integer_null("version_number"))
                .primary_key(Index::create().col("enrolment_id").col("permanent_lesson_id"))
                .foreign_key(&mut reference("lesson_progress", "enrolment_id", "enrolment"))
                .to_owned(),
        )
        .await?;
    // No foreign keys: a completion outlives what it is about.
    manager
        .create_table(
            Table::create()
                .table("completion")
                .col(id())
                .col(string("code"))
                .col(uuid("enrolment_id"))
                .col(uuid("course_id"))
                .col(uuid("user_id"))
                .col(uuid("version_id"))
                .col(integer("version_number"))
                .col(text("course_title"))
                .col(timestamp_with_time_zone("completed_at"))
                .col(string_null("gender"))
                .col(string_null("country"))
                .col(text_null("organisation"))
                .col(string("language"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("completion", &["code"])).await?;
    manager.create_index(unique("completion", &["enrolment_id"])).await?;
    manager.create_index(index("completion", &["user_id", "id"])).await?;
    manager.create_index(index("completion", &["course_id", "id"])).await
}
