//! A SQLite database in a file that no server uses.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context as _, ensure};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait as _;

use super::tables::MIGRATIONS;
use crate::migrations::Migrator;

/// Opens it.
pub async fn open(path: &Path) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rw", path.display()));
    options.max_connections(1).sqlx_logging(false);
    Ok(Database::connect(options).await?)
}

/// That the database is sound, and no newer than this program. An older one is brought up to date when it is served.
pub async fn check(db: &DatabaseConnection) -> anyhow::Result<()> {
    let ask = |sql: String| async move { db.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await };
    let found = ask("PRAGMA integrity_check".into()).await.context("the database in the archive can't be read")?;
    let verdict: String = found.first().context("the database was not checked")?.try_get_by_index(0)?;
    ensure!(verdict == "ok", "the database in the archive is damaged: {verdict}");
    let loose = ask("PRAGMA foreign_key_check".into()).await?;
    ensure!(loose.is_empty(), "{} rows in the archive refer to rows that are not there", loose.len());
    let known: BTreeSet<_> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    for row in ask(format!("SELECT version FROM {MIGRATIONS} ORDER BY version")).await? {
        let applied: String = row.try_get("", "version")?;
        ensure!(known.contains(&applied), "the archive was made by a newer lyceum (its schema has {applied}): use that one");
    }
    Ok(())
}
