//! Bringing the database's schema up to date: one process at a time, each migration whole or not at all.

use sea_orm::{ConnectionTrait, DbBackend, TransactionTrait};
use sea_orm_migration::MigratorTrait;

use crate::{
    database::Database,
    error::{Error, Result},
    migrations::Migrator,
};

/// Key of the advisory lock that lets one process migrate.
const LOCK: i64 = 0x4c79_6365_756d;

/// Applies what is missing, on PostgreSQL all of it or nothing. Other processes that try at the same time wait, and then find
/// nothing to do.
pub async fn migrate(database: &Database) -> Result<()> {
    let db = database.unlimited();
    if database.backend() == DbBackend::Postgres {
        // The lock and the patience are those of the transaction, so all happens in there.
        let tx = db.begin().await?;
        tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
        Migrator::up(&tx, None).await?;
        tx.commit().await?;
    } else {
        // The writer is one connection of one process; a second process waits for SQLite's own lock.
        Migrator::up(db, None).await?;
    }
    Ok(())
}

/// Fails when the database lacks migrations that this server needs. A newer schema is fine: it has only grown.
pub async fn check(database: &Database) -> Result<()> {
    let applied = database.wait(Migrator::get_applied_migrations(database.unlimited())).await;
    let known = Migrator::migrations().len();
    match applied {
        Ok(applied) if applied.len() >= known => Ok(()),
        // A newer server has applied migrations that this one does not know.
        Err(sea_orm::DbErr::Custom(_)) => Ok(()),
        Ok(_) => Err(Error::internal(anyhow::anyhow!("the database's schema is older than this server; run `lyceum migrate`"))),
        Err(err) => Err(err.into()),
    }
}
