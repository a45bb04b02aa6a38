//! Copying a site from its folder to PostgreSQL, Redis and an S3 service, where the tests have those.

use std::{collections::BTreeMap, path::Path};

use lyceum::{files::object, moving::tables, running};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};

use super::{ONE_FOLDER, Stage, contents, differing, does, findings, folder, own_bucket, refuses, start};
use crate::{
    app::{TestApp, with_app_set},
    skipping::skipped,
};

/// Whether the tests run on real engines.
pub fn has_engines() -> bool {
    let names = ["DATABASE_URL", "REDIS_URL", "S3_BUCKET_PREFIX"].map(|name| format!("LYCEUM_TEST_{name}"));
    let missing = names.iter().find(|name| std::env::var(name).is_err());
    if let Some(name) = missing {
        skipped(format_args!("{name} is not set"));
    }
    missing.is_none()
}

/// Writes the settings of `target`, but with the secret of `source`, to a file.
fn settings_file(path: &Path, target: &BTreeMap<String, String>, source: &TestApp) {
    let mut settings = target.clone();
    let secret = std::fs::read_to_string(source.config.data.join("secret")).expect("a secret");
    settings.insert("LYCEUM_SECRET".into(), secret);
    std::fs::write(path, toml::to_string(&settings).expect("TOML")).expect("written");
}

/// An empty site on the engines that has the secret of `source`.
async fn empty(source: &TestApp) -> TestApp {
    let secret = std::fs::read_to_string(source.config.data.join("secret")).expect("a secret");
    let mut settings = own_bucket();
    settings.push(("LYCEUM_SECRET", secret));
    start(&settings).await
}

#[tokio::test]
async fn a_site_moves_to_the_engines_with_all_its_rows_objects_and_sessions() {
    if !has_engines() {
        return;
    }
    with_app_set(&ONE_FOLDER, async |app| {
        let stage = Stage::on(app).await;
        let (target, place) = (empty(app).await, folder());
        let file = place.path().join("settings.toml");
        settings_file(&file, target.settings(), app);
        let copy = ["admin", "copy", "--to", file.to_str().expect("text")];
        let said = does(app.settings(), &copy).await;
        let stored = object::Entity::find().filter(object::Column::State.eq(object::State::Stored));
        let stored = stored.all(app.db.read()).await.expect("rows").len();
        let rows: u64 = contents(app).await.values().map(|contents| contents.rows).sum();
        assert!(said.contains(&format!("{rows} rows")) && said.contains(&format!("{stored} objects")), "{said}");

        // What storage calls a large object and an open upload is another storage's; sessions are in Redis.
        assert_eq!(differing(app, &target).await, ["object", "session", "upload"]);
        assert_eq!(contents(&target).await["object"].rows, contents(app).await["object"].rows);
        assert_eq!(findings(&target).await, [""; 0]);
        refuses(app.settings(), &copy, "is not empty: its table").await;
        stage.lives_on(&target).await;
        target.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_breaks_off_leaves_no_rows_and_is_done_again() {
    if !has_engines() {
        return;
    }
    with_app_set(&ONE_FOLDER, async |app| {
        let stage = Stage::on(app).await;
        let (target, place) = (empty(app).await, folder());
        let file = place.path().join("settings.toml");
        settings_file(&file, target.settings(), app);
        let copy = ["admin", "copy", "--to", file.to_str().expect("text")];
        let large = object::Entity::find().filter(object::Column::Size.gt(1 << 20)).one(app.db.read()).await;
        let large = large.expect("rows").expect("a large one").key;
        let whole = app.objects.get(&large).await.expect("its bytes");
        let mut damaged = whole.to_vec();
        damaged[1 << 20] ^= 1;
        app.objects.put(&large, damaged, "video/mp4").await.expect("it is stored");
        refuses(app.settings(), &copy, &format!("the object {large}")).await;
        app.objects.put(&large, whole.clone(), "video/mp4").await.expect("it is stored");

        let change = "ALTER TABLE topic ADD COLUMN mood text";
        app.db.write().execute_unprepared(change).await.expect("a column");
        refuses(app.settings(), &copy, "lacks the table topic, or it has other columns there").await;
        app.db.write().execute_unprepared("ALTER TABLE topic DROP COLUMN mood").await.expect("it goes");
        assert!(contents(&target).await.values().all(|contents| contents.rows == 0));
        does(app.settings(), &copy).await;
        stage.lives_on(&target).await;
        target.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_site_that_runs_or_has_another_secret_is_not_copied() {
    with_app_set(&ONE_FOLDER, async |app| {
        let place = folder();
        let file = place.path().join("settings.toml");
        let copy = ["admin", "copy", "--to", file.to_str().expect("text")];
        std::fs::write(&file, "LYCEUM_SITE_NAME = \"Elsewhere\"").expect("written");
        refuses(app.settings(), &copy, "must have DATABASE_URL (postgres://) and S3_BUCKET").await;
        let other = [
            ("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none"),
            ("S3_BUCKET", "none"),
            ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"),
            ("AWS_ACCESS_KEY_ID", "none"),
            ("AWS_SECRET_ACCESS_KEY", "none"),
        ];
        std::fs::write(&file, toml::to_string(&BTreeMap::from(other)).expect("TOML")).expect("written");
        let lock = running::lock(&app.config).expect("it is free");
        refuses(app.settings(), &copy, "is in use by another lyceum").await;
        drop(lock);
        if has_engines() {
            let target = start(&own_bucket()).await;
            std::fs::write(&file, toml::to_string(target.settings()).expect("TOML")).expect("written");
            refuses(app.settings(), &copy, "this site's LYCEUM_SECRET").await;
            target.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn every_table_is_known_each_after_those_that_it_refers_to() {
    with_app_set(&ONE_FOLDER, async |app| {
        let db = app.db.write();
        let names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('seaql_migrations', 'sqlite_sequence')";
        let names = db.query_all_raw(Statement::from_string(DbBackend::Sqlite, names)).await.expect("names");
        let ordered = tables::parents_first(db).await.expect("an order");
        assert_eq!(ordered.len(), names.len());
        let place = |name: &str| ordered.iter().position(|table| table.name == name).expect("a table");
        assert!(place("user") < place("recording") && place("recording") < place("upload"));
        assert!(place("quiz") < place("quiz_attempt") && place("quiz_attempt") < place("quiz_response"));
        db.execute_unprepared("CREATE TABLE mood (id uuid_text PRIMARY KEY, colour BLOB)").await.expect("a table");
        let unknown = tables::all(db).await.expect_err("nobody knows how to move it");
        assert!(unknown.to_string().contains("mood.colour is of the type blob"), "{unknown}");
        db.execute_unprepared("DROP TABLE mood").await.expect("it goes");
    })
    .await;
}

#[tokio::test]
async fn no_table_counts_its_rows_by_a_sequence() {
    if !has_engines() {
        return;
    }
    let app = start(&own_bucket()).await;
    let sequences = "SELECT 1 FROM information_schema.sequences WHERE sequence_schema = current_schema()";
    let sequences = app.db.read().query_all_raw(Statement::from_string(DbBackend::Postgres, sequences)).await;
    assert_eq!(sequences.expect("an answer").len(), 0, "a copy would have to set it");
    app.stop().await;
}
