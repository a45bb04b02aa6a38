//! The names on certificates: those that the holder went by when the record was made.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // For renewing the names of one person; completions have theirs already.
        manager.create_index(index("attendance", &["user_id"])).await?;
        // PostgreSQL lets nobody read a table from when it is altered to the end: completions, which all learners read, come last.
        for table in ["attendance", "completion"] {
            // What the server of the release before makes meanwhile bears no name until a job fills it in.
            let full_name = text("full_name").default("").to_owned();
            for column in [full_name, text_null("latin_name")] {
                manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
            }
            // Of what was there before, nothing tells the names of then.
            let fill = format!(
                "UPDATE {table} SET full_name = person.full_name, latin_name = person.latin_name \
                 FROM \"user\" AS person WHERE person.id = {table}.user_id"
            );
            // Empty, but while servers are replaced: finds at once what is to be filled in.
            let nameless = format!("CREATE INDEX {table}_nameless ON {table} (user_id) WHERE full_name = ''");
            for statement in [fill, nameless] {
                manager.get_connection().execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}
