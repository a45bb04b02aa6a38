//! Bringing a database's schema up to date by processes that meet, are killed, or are of another version than the schema.

use std::{
    collections::BTreeMap,
    path::Path,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use lyceum::{config::DatabaseUrl, database::Database, migrating, migrations::Migrator};
use sea_orm::{ConnectionTrait as _, DbBackend, Statement};
use sea_orm_migration::MigratorTrait as _;
use serde_json::json;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    accounts::{SIGN_UP, sign_up},
    app::{empty_postgres_database, with_database},
    moving::{self, command, does, folder, refuses},
    process::Process,
};

/// What makes up a schema, a line each.
const OF_SQLITE: &[&str] = &["SELECT type || ' ' || name || ' of ' || tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema \
    WHERE name NOT LIKE 'sqlite_stat%'"];
const OF_POSTGRES: &[&str] = &[
    "SELECT concat_ws(' ', 'column', table_name, ordinal_position, column_name, udt_name, character_maximum_length, is_nullable, \
        column_default) FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint \
        WHERE connamespace = 'public'::regnamespace",
    "SELECT concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT concat_ws(' ', 'routine', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
];
const APPLIED: &str = "SELECT version FROM seaql_migrations";
/// How many times those that have to meet by chance are let loose.
const ROUNDS: u32 = 6;
/// How many moments a process is killed at.
const KILLS: u32 = 12;

/// A site whose database has no table yet, for the program to migrate.
struct Site {
    settings: BTreeMap<String, String>,
    folder: TempDir,
    /// Its name, where it is PostgreSQL's.
    database: Option<String>,
}

impl Site {
    async fn empty() -> Self {
        let folder = folder();
        let mut settings = BTreeMap::from([
            ("LYCEUM_DATA".to_owned(), folder.path().display().to_string()),
            ("LYCEUM_SECRET".to_owned(), "a secret of the tests, long enough to sign".to_owned()),
        ]);
        let database = match std::env::var("LYCEUM_TEST_DATABASE_URL") {
            Ok(server) => {
                let name = empty_postgres_database(&server).await;
                settings.insert("DATABASE_URL".to_owned(), with_database(&server, &name));
                Some(name)
            }
            Err(_) => None,
        };
        let site = Self { settings, folder, database };
        // An embedded one is a file without tables.
        site.connect().await.close().await;
        site
    }

    /// One to which the first so many migrations have been applied, and no others.
    async fn migrated_up_to(applied: u32) -> Self {
        let site = Self::empty().await;
        let database = site.connect().await;
        Migrator::up(database.unlimited(), Some(applied)).await.expect("it is migrated");
        database.close().await;
        site
    }

    /// One that has been migrated.
    async fn migrated() -> Self {
        let site = Self::empty().await;
        site.migrates().await;
        site
    }

    /// Runs `lyceum migrate`, which must go well; what it said.
    async fn migrates(&self) -> String {
        does(&self.settings, &["migrate"]).await
    }

    async fn connect(&self) -> Database {
        let url = match self.settings.get("DATABASE_URL") {
            Some(url) => url.parse().expect("an address"),
            None => DatabaseUrl::Sqlite(Path::new(&self.settings["LYCEUM_DATA"]).join("lyceum.sqlite")),
        };
        Database::connect(&url).await.expect("it can be connected to")
    }

    /// Does something to the database by SQL.
    async fn executes(&self, sql: &str) {
        let database = self.connect().await;
        database.unlimited().execute_unprepared(sql).await.expect("it is done");
        database.close().await;
    }

    /// All that there is of the schema, and which migrations have been applied. Nothing where there is no table.
    async fn schema(&self) -> Vec<String> {
        let database = self.connect().await;
        let texts = async |sql: &str| -> Vec<String> {
            let rows = database.read().query_all_raw(Statement::from_string(database.backend(), sql)).await.expect("rows");
            rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
        };
        let mut schema = Vec::new();
        for &sql in if database.backend() == DbBackend::Postgres { OF_POSTGRES } else { OF_SQLITE } {
            schema.extend(texts(sql).await);
        }
        if !schema.is_empty() {
            schema.extend(texts(APPLIED).await);
        }
        database.close().await;
        schema.sort();
        schema
    }

    /// The program as a server or worker of this site.
    fn begins(&self, arguments: &[&str]) -> Process {
        Process::begin(&[], arguments, &self.settings, self.folder.path())
    }

    /// A server of this site, once it is ready.
    async fn serves(&self) -> Process {
        Process::ready(&[], &["serve", "--no-worker"], &self.settings, self.folder.path()).await
    }

    /// Throws the database away.
    async fn ends(self) {
        let Some(name) = self.database else { return };
        let server = std::env::var("LYCEUM_TEST_DATABASE_URL").expect("set at the start");
        let admin = sea_orm::Database::connect(&server).await.expect("the server is there");
        let _ = admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        let _ = admin.close().await;
    }
}

/// The schema of a site that one process migrated without anything in its way.
async fn fresh() -> Vec<String> {
    let site = Site::migrated().await;
    let schema = site.schema().await;
    assert!(schema.len() > 100, "{schema:?}");
    site.ends().await;
    schema
}

/// Asks a process to stop, and waits until it has.
async fn stopped(mut process: Process) {
    process.interrupt();
    let ended = process.ended().await;
    assert!(ended.success(), "{ended}\n{}", process.log());
}

#[tokio::test]
async fn two_processes_that_migrate_an_empty_database_at_once_both_end_well_and_leave_one_schema() {
    let fresh = fresh().await;
    for _ in 0..ROUNDS {
        let site = Site::empty().await;
        assert_eq!(site.schema().await, Vec::<String>::new());
        let migrate = ["migrate"];
        let (one, other) = tokio::join!(moving::lyceum(&site.settings, &migrate), moving::lyceum(&site.settings, &migrate));
        assert!(one.0 && other.0, "{}\n{}", one.1, other.1);
        assert_eq!(site.schema().await, fresh);
        site.ends().await;
    }
}

#[tokio::test]
async fn processes_that_make_an_embedded_site_together_make_one() {
    if std::env::var("LYCEUM_TEST_DATABASE_URL").is_ok() {
        return; // Nothing is made there but the tables.
    }
    let fresh = fresh().await;
    for _ in 0..ROUNDS {
        let folder = folder();
        let settings = BTreeMap::from([("LYCEUM_DATA".to_owned(), folder.path().join("new").display().to_string())]);
        let all = join_all((0..4).map(|_| moving::lyceum(&settings, &["migrate"]))).await;
        for (went_well, said) in all {
            assert!(went_well, "{said}");
        }
        let made = folder.path().join("new");
        assert!(std::fs::read(made.join("secret")).expect("a secret").len() >= 32);
        let left: Vec<_> =
            std::fs::read_dir(&made).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".tmp")), "{left:?}");
        assert_eq!(Site { settings, folder, database: None }.schema().await, fresh);
    }
}

#[tokio::test]
async fn a_process_killed_while_it_migrates_leaves_all_or_nothing_and_the_next_one_does_it() {
    let fresh = fresh().await;
    let whole = Site::empty().await;
    let begun = Instant::now();
    whole.migrates().await;
    let takes = begun.elapsed();
    whole.ends().await;
    for moment in 1..=KILLS {
        let site = Site::empty().await;
        let mut process = command(&site.settings, &["migrate"]).spawn().expect("it starts");
        sleep(takes * moment / (KILLS + 1)).await;
        process.kill().await.expect("kill -9");
        let left = site.schema().await;
        assert!(left.is_empty() || left == fresh, "killed at moment {moment}: {left:?}");
        site.migrates().await;
        assert_eq!(site.schema().await, fresh);
        site.ends().await;
    }
}

#[tokio::test]
async fn whichever_migration_was_the_last_to_be_applied_the_rest_follows() {
    let fresh = fresh().await;
    let count = u32::try_from(Migrator::migrations().len()).expect("some");
    for applied in 1..=count {
        let site = Site::migrated_up_to(applied).await;
        let database = site.connect().await;
        migrating::migrate(&database).await.expect("it is brought up to date");
        database.close().await;
        assert_eq!(site.schema().await, fresh, "after {applied}");
        site.ends().await;
    }
}

#[tokio::test]
async fn a_schema_that_a_newer_version_has_migrated_serves_this_one_and_stays_as_it_is() {
    let site = Site::migrated().await;
    // What the releases after this one may do: they add what this one does not know.
    for change in [
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99991231_000001_later', 0)",
        "CREATE TABLE later (id integer PRIMARY KEY)",
        "ALTER TABLE \"user\" ADD COLUMN later integer",
        "ALTER TABLE job ADD COLUMN later integer NOT NULL DEFAULT 7",
    ] {
        site.executes(change).await;
    }
    let schema = site.schema().await;
    let said = site.migrates().await;
    assert!(said.contains("a newer lyceum has migrated this database"), "{said}");

    let process = site.serves().await;
    let server = process.server();
    let reply = server.asks_with(SIGN_UP, &sign_up("awa@example.org"), &[]).await;
    assert_eq!((reply.status, &reply.json()["data"]["accountSignUp"]["userErrors"]), (200, &json!([])));
    stopped(process).await;

    let worker = site.begins(&["work"]);
    let (begun, mails) = (Instant::now(), site.folder.path().join("mail"));
    while !std::fs::read_dir(&mails).is_ok_and(|mut mails| mails.next().is_some()) {
        assert!(begun.elapsed() < Duration::from_secs(40), "no mail came: {}", worker.log());
        sleep(Duration::from_millis(50)).await;
    }
    stopped(worker).await;
    assert_eq!(site.schema().await, schema);
    site.ends().await;
}

#[tokio::test]
async fn a_schema_of_another_line_of_versions_is_refused_by_name_and_left_alone() {
    let site = Site::migrated_up_to(3).await;
    site.executes("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20261124_000001_elsewhere', 0)").await;
    let schema = site.schema().await;
    let why = "is not of this server's line of versions: it has m20261124_000001_elsewhere, but lacks m20261123_000004";
    for arguments in [&["migrate"][..], &["serve"], &["work"]] {
        let settings = with_free_addresses(&site.settings);
        refuses(&settings, arguments, why).await;
    }
    assert_eq!(site.schema().await, schema);
    site.ends().await;
}

#[tokio::test]
async fn servers_and_workers_refuse_a_database_that_lacks_migrations_unless_they_embed_it() {
    let site = Site::migrated_up_to(3).await;
    if site.database.is_some() {
        for arguments in [["serve"], ["work"]] {
            let settings = with_free_addresses(&site.settings);
            refuses(&settings, &arguments, "is older than this server; run `lyceum migrate`").await;
        }
    } else {
        stopped(site.serves().await).await;
        assert_eq!(site.schema().await, fresh().await);
    }
    site.ends().await;
}

/// Settings of a site whose addresses nobody else has.
fn with_free_addresses(settings: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut settings = settings.clone();
    for name in ["LYCEUM_LISTEN", "LYCEUM_MEDIA_LISTEN"] {
        settings.insert(name.to_owned(), crate::process::free_address().to_string());
    }
    settings
}
