//! How soon jobs are wanted.

use super::prelude::*;

#[derive(super::DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of what waits, and what the server of the release before enqueues, nothing is said: it is usual.
        let urgency = integer("urgency").default(1).to_owned();
        manager.alter_table(Table::alter().table("job").add_column(urgency).to_owned()).await?;
        // Those that are dead stay for long, and are never looked for here.
        let queue = "CREATE INDEX job_urgency_run_at_idx ON job (urgency, run_at) WHERE state <> 'dead'";
        manager.get_connection().execute_unprepared(queue).await?;
        Ok(())
    }
}
