//! Webinars become a second home of quizzes: a quiz belongs to a course or to a webinar, and so does each attempt at it. A
//! webinar has a pre-test and a post-test.

use sea_orm_migration::sea_orm::{DbBackend, Statement};

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

/// Exactly one home.
const HOME: &str = "(course_id IS NULL) <> (webinar_id IS NULL)";
/// In a course, an attempt is made in a lesson.
const LESSON: &str = "(course_id IS NULL) = (permanent_lesson_id IS NULL)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let uuid = if manager.get_database_backend() == DbBackend::Postgres { "uuid" } else { "uuid_text" };
        make_nullable(manager, "quiz", &["course_id"]).await?;
        make_nullable(manager, "quiz_attempt", &["course_id", "permanent_lesson_id"]).await?;
        // In words: the builder can't give a column that is added a reference on one engine and a check on both.
        let parent = "CONSTRAINT quiz_webinar_id_fkey REFERENCES webinar (id) ON DELETE CASCADE";
        for (table, parent, check) in [("quiz", parent, HOME), ("quiz_attempt", "", &*format!("{HOME} AND {LESSON}"))] {
            let added = format!(
                "ALTER TABLE {table} ADD COLUMN webinar_id {uuid} {parent} CONSTRAINT {table}_home_check CHECK ({check})"
            );
            db.execute_unprepared(&added).await?;
        }
        manager.create_index(index("quiz", &["webinar_id"])).await?;
        manager
            .create_table(
                Table::create()
                    .table("webinar_test")
                    .col(self::uuid("webinar_id"))
                    .col(string("kind"))
                    .col(self::uuid("quiz_id"))
                    .primary_key(Index::create().col("webinar_id").col("kind"))
                    .foreign_key(&mut reference("webinar_test", "webinar_id", "webinar"))
                    .foreign_key(&mut reference("webinar_test", "quiz_id", "quiz"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(unique("webinar_test", &["quiz_id"])).await
    }
}

/// Lets columns of UUIDs be null. SQLite has no statement for that; the way that it documents for changes that leave what is
/// stored as it is (<https://sqlite.org/lang_altertable.html#otheralter>) rewrites the text of the table. Making the table
/// anew would empty all tables that refer to it, since their keys can't be switched off within a transaction.
async fn make_nullable(manager: &SchemaManager<'_>, table: &str, columns: &[&str]) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        for column in columns {
            db.execute_unprepared(&format!("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL")).await?;
        }
        return Ok(());
    }
    let version = number(manager, "PRAGMA schema_version").await?;
    db.execute_unprepared("PRAGMA writable_schema = ON").await?;
    for column in columns {
        let (before, after) = (format!("\"{column}\" uuid_text NOT NULL"), format!("\"{column}\" uuid_text"));
        let rewrite = format!(
            "UPDATE sqlite_schema SET sql = replace(sql, '{before}', '{after}') WHERE type = 'table' AND name = '{table}'"
        );
        db.execute_unprepared(&rewrite).await?;
    }
    // Other connections read the schema again when its number has changed; this one does so when told to.
    db.execute_unprepared(&format!("PRAGMA schema_version = {}", version + 1)).await?;
    db.execute_unprepared("PRAGMA writable_schema = RESET").await?;
    let names = columns.join("', '");
    let left = format!("SELECT count(*) FROM pragma_table_info('{table}') WHERE \"notnull\" = 1 AND name IN ('{names}')");
    if number(manager, &left).await? == 0 {
        return Ok(());
    }
    Err(DbErr::Migration(format!("the table {table} is not written as it was expected")))
}

/// The number that a statement answers.
async fn number(manager: &SchemaManager<'_>, sql: &str) -> Result<i64, DbErr> {
    let row = manager.get_connection().query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    row.ok_or_else(|| DbErr::Migration(format!("no answer to {sql}")))?.try_get_by_index(0)
}
