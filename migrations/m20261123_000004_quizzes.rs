//! Quizzes, their questions and frozen versions, and people's attempts.

use sea_orm_migration::schema::{boolean_null, json_binary};

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        quizzes(manager).await?;
        questions(manager).await?;
        attempts(manager).await?;
        allowances(manager).await
    }
}

async fn quizzes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("quiz")
                .col(id())
                .col(uuid("course_id"))
                .col(string("original_language"))
                .col(integer_null("attempt_limit"))
                .col(integer_null("time_limit_seconds"))
                .col(integer("pass_mark_percent"))
                .col(boolean("shuffles_questions"))
                .col(boolean("shuffles_choices"))
                .col(uuid_null("frozen_version_id"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut reference("quiz", "course_id", "course"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("quiz", &["course_id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("quiz_text")
                .col(uuid("quiz_id"))
                .col(string("language"))
                .col(integer("source_revision"))
                .col(boolean("is_machine"))
                .col(text("title"))
                .col(text("instructions"))
                .primary_key(Index::create().col("quiz_id").col("language"))
                .foreign_key(&mut reference("quiz_text", "quiz_id", "quiz"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("quiz_version")
                .col(id())
                .col(uuid("quiz_id"))
                .col(integer("number"))
                .col(string("fingerprint"))
                .col(json_binary("content"))
                .col(timestamp_with_time_zone("frozen_at"))
                .foreign_key(&mut reference("quiz_version", "quiz_id", "quiz"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("quiz_version", &["quiz_id", "number"])).await
}

async fn questions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("question")
                .col(id())
                .col(uuid("quiz_id"))
                .col(string("kind"))
                .col(integer("position"))
                .col(uuid("version_id"))
                .col(timestamp_with_time_zone_null("removed_at"))
                .foreign_key(&mut reference("question", "quiz_id", "quiz"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("question", &["quiz_id", "position"])).await?;
    manager
        .create_table(
            Table::create()
                .table("question_version")
                .col(id())
                .col(uuid("question_id"))
                .col(integer("number"))
                .col(integer("points"))
                .col(json_binary("choices"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut reference("question_version", "question_id", "question"))
                .to_owned(),
        )
        .await?;
    manager.create_index(unique("question_version", &["question_id", "number"])).await?;
    manager
        .create_table(
            Table::create()
                .table("question_text")
                .col(uuid("version_id"))
                .col(string("language"))
                .col(integer("source_revision"))
                .col(boolean("is_machine"))
                .col(text("prompt"))
                .col(json_binary("choices"))
                .col(text("explanation"))
                .primary_key(Index::create().col("version_id").col("language"))
                .foreign_key(&mut reference("question_text", "version_id", "question_version"))
                .to_owned(),
        )
        .await
}

async fn attempts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("quiz_attempt")
                .col(id())
                .col(uuid("quiz_id"))
                .col(uuid("version_id"))
                .col(uuid("course_id"))
                .col(uuid("permanent_lesson_id"))
                .col(uuid("user_id"))
                .col(integer("number"))
                .col(string("state"))
                .col(json_binary("layout"))
                .col(timestamp_with_time_zone("started_at"))
                .col(timestamp_with_time_zone_null("deadline_at"))
                .col(timestamp_with_time_zone_null("submitted_at"))
                .col(integer("max_points"))
                .col(integer_null("score_points"))
                .col(boolean_null("is_passed"))
                .foreign_key(&mut reference("quiz_attempt", "quiz_id", "quiz"))
                .foreign_key(&mut reference("quiz_attempt", "user_id", "user"))
                .to_owned(),
        )
        .await?;
    // The number counts a person's attempts: two starts at once collide here.
    manager.create_index(unique("quiz_attempt", &["user_id", "quiz_id", "number"])).await?;
    manager.create_index(index("quiz_attempt", &["quiz_id", "id"])).await?;
    manager
        .create_table(
            Table::create()
                .table("quiz_response")
                .col(uuid("attempt_id"))
                .col(uuid("question_id"))
                .col(json_binary("chosen"))
                .col(integer("sequence"))
                .col(timestamp_with_time_zone("saved_at"))
                .primary_key(Index::create().col("attempt_id").col("question_id"))
                .foreign_key(&mut reference("quiz_response", "attempt_id", "quiz_attempt"))
                .to_owned(),
        )
        .await
}

async fn allowances(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("quiz_allowance")
                .col(id())
                .col(uuid("quiz_id"))
                .col(uuid("user_id"))
                .col(integer("extra_attempts"))
                .col(integer("extra_seconds"))
                .col(text("reason"))
                .col(uuid("granted_by"))
                .col(timestamp_with_time_zone("granted_at"))
                .foreign_key(&mut reference("quiz_allowance", "quiz_id", "quiz"))
                .foreign_key(&mut reference("quiz_allowance", "user_id", "user"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("quiz_allowance", &["quiz_id", "user_id"])).await
}
