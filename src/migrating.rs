//! Bringing the database's schema up to date: one process at a time, all that is missing or nothing.

use std::collections::BTreeSet;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use crate::{
    database::Database,
    error::{Error, Result},
    migrations::Migrator,
};

/// Key of the advisory lock that lets one process migrate.
const LOCK: i64 = 0x4c79_6365_756d;

/// How a database's schema stands to this server.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// It has what this server needs, and perhaps more that a newer one has added.
    Fit {
        /// Whether a newer server has been there.
        is_newer: bool,
    },
    /// It lacks migrations.
    Older,
    /// It comes from elsewhere; says how that shows.
    Strange(String),
}

/// Applies what is missing, all of it or nothing. Other processes that try at the same time wait, and then find nothing to do.
pub async fn migrate(database: &Database) -> Result<()> {
    let tx = begin(database).await?;
    match standing(&tx).await? {
        Standing::Fit { is_newer: false } => {}
        Standing::Fit { is_newer: true } => tracing::info!("a newer lyceum has migrated this database: nothing to do"),
        Standing::Older => Migrator::up(&tx, None).await?,
        Standing::Strange(how) => return Err(refusal(&how)),
    }
    tx.commit().await?;
    Ok(())
}

/// The transaction in which everything happens, once no other process migrates.
async fn begin(database: &Database) -> Result<DatabaseTransaction> {
    let db = database.unlimited();
    if database.backend() == DbBackend::Postgres {
        // The lock and the patience are those of the transaction.
        let tx = db.begin().await?;
        tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
        return Ok(tx);
    }
    loop {
        // SQLite's own lock keeps others out, from before we look at what is missing.
        let mode = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        match db.begin_with_options(options).await.map_err(Error::from) {
            Err(Error::Collision(_)) => tracing::info!("waiting for another process that writes to the database"),
            begun => return begun,
        }
    }
}

/// Fails when the database lacks migrations that this server needs. A newer schema is fine: it has only grown.
pub async fn check(database: &Database) -> Result<()> {
    match database.wait(standing(database.unlimited())).await? {
        Standing::Fit { .. } => Ok(()),
        Standing::Older => Err(refusal("is older than this server; run `lyceum migrate`")),
        Standing::Strange(how) => Err(refusal(&how)),
    }
}

fn refusal(how: &str) -> Error {
    Error::internal(anyhow::anyhow!("the database's schema {how}"))
}

async fn standing(db: &impl ConnectionTrait) -> Result<Standing, DbErr> {
    let applied = Migrator::get_migration_models(db).await?.into_iter().map(|row| row.version).collect();
    let known = Migrator::get_migration_files().iter().map(|file| file.name().to_owned()).collect();
    Ok(compare(&known, &applied))
}

/// Releases only add migrations, after those that there are, and their names are in the order of time. So what a newer server
/// has applied comes after all that we know, none of which is missing then.
fn compare(known: &BTreeSet<String>, applied: &BTreeSet<String>) -> Standing {
    let missing = known.difference(applied).next();
    let Some(unknown) = applied.difference(known).next() else {
        return if missing.is_some() { Standing::Older } else { Standing::Fit { is_newer: false } };
    };
    match missing {
        Some(missing) => {
            Standing::Strange(format!("is not of this server's line of versions: it has {unknown}, but lacks {missing}"))
        }
        None if known.last() > Some(unknown) => {
            Standing::Strange(format!("is not of this server's line of versions: it has {unknown}, older than some it shares"))
        }
        None => Standing::Fit { is_newer: true },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_schema_is_newer_only_if_it_has_all_that_we_know_and_something_after_it() {
        let known = names(&["m1_a", "m2_b", "m4_d"]);
        let stands = |applied: &[&str]| compare(&known, &names(applied));
        assert_eq!(stands(&["m1_a", "m2_b", "m4_d"]), Standing::Fit { is_newer: false });
        assert_eq!(stands(&["m1_a", "m2_b", "m4_d", "m5_e"]), Standing::Fit { is_newer: true });
        for older in [&["m1_a", "m4_d"][..], &["m1_a"], &[]] {
            assert_eq!(stands(older), Standing::Older);
        }
        for strange in [&["m5_e"][..], &["m1_a", "m2_b", "m5_e"], &["m1_a", "m2_b", "m3_c", "m4_d"], &["m0_z"]] {
            assert!(matches!(stands(strange), Standing::Strange(_)), "{strange:?}");
        }
    }

    #[test]
    fn our_migrations_are_named_in_the_order_in_which_they_are_applied() {
        let known: Vec<_> = Migrator::get_migration_files().iter().map(|file| file.name().to_owned()).collect();
        assert!(known.is_sorted(), "{known:?}");
    }
}
