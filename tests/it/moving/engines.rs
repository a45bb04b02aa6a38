//! The procedure of docs/backup.md for PostgreSQL and an S3 service, played with PostgreSQL's own programs.

use lyceum::objects::Objects;
use secrecy::SecretString;
use tokio::process::Command;
use uuid::Uuid;

use super::{Stage, copying::has_engines, differing, findings, folder, own_bucket, start};
use crate::app::{TestApp, with_database};

async fn runs(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output().await.expect("the program is there");
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The bucket `name` of the service that the tests use.
async fn bucket(app: &TestApp, name: &str) -> Objects {
    let setting = |name: &str| app.settings()[name].clone();
    let objects = Objects::connect(lyceum::objects::Settings {
        endpoint: Some(setting("AWS_ENDPOINT_URL_S3")),
        public_endpoint: None,
        region: setting("AWS_REGION"),
        bucket: name.to_owned(),
        access_key: setting("AWS_ACCESS_KEY_ID"),
        secret_key: SecretString::from(setting("AWS_SECRET_ACCESS_KEY")),
        create_bucket: true,
        origins: Vec::new(),
    });
    objects.ensure_bucket().await.expect("a bucket");
    objects
}

/// Copies objects that `to` lacks, as `rclone copy` does.
async fn copied(from: &Objects, to: &Objects) {
    let mut after = None;
    loop {
        let page = from.list("", after.as_deref()).await.expect("a page");
        let Some(last) = page.last() else { return };
        after = Some(last.key.clone());
        for listed in page {
            // What is deleted meanwhile is not copied.
            let Some(info) = from.head(&listed.key).await.expect("an answer") else { continue };
            if to.head(&listed.key).await.expect("an answer").is_none() {
                let Ok(bytes) = from.get(&listed.key).await else { continue };
                to.put(&listed.key, bytes, info.content_type.as_deref().unwrap_or_default()).await.expect("stored");
            }
        }
    }
}

#[tokio::test]
async fn a_dump_and_then_a_copy_of_the_bucket_are_the_site() {
    if !has_engines() {
        return;
    }
    let app = start(&own_bucket()).await;
    let stage = Stage::on(&app).await;
    let place = folder();
    let dump = place.path().join("lyceum.dump").display().to_string();
    let (url, copy) = (app.settings()["DATABASE_URL"].clone(), format!("copy-{}", Uuid::new_v4().simple()));
    let (from, to) = (bucket(&app, &app.settings()["S3_BUCKET"]).await, bucket(&app, &copy).await);

    // First most objects, while people go on.
    Box::pin(stage.goes_on_during(&app, copied(&from, &to))).await;
    // Then the database and the rest, while workers rest.
    runs("pg_dump", &["--format=custom", "--file", &dump, &url]).await;
    copied(&from, &to).await;

    let server = std::env::var("LYCEUM_TEST_DATABASE_URL").expect("there are engines");
    let name = format!("restored_{}", Uuid::new_v4().simple());
    let restored = with_database(&server, &name);
    runs("psql", &["--quiet", "--command", &format!("CREATE DATABASE {name}"), &server]).await;
    runs("pg_restore", &["--no-owner", "--exit-on-error", "--dbname", &restored, &dump]).await;
    let anew = "UPDATE upload SET storage_upload_id = NULL WHERE state = 'open'";
    runs("psql", &["--quiet", "--command", anew, &restored]).await;
    let mut settings = own_bucket();
    settings.extend([("DATABASE_URL", restored), ("S3_BUCKET", copy)]);
    let site = start(&settings).await;
    assert_eq!(differing(&app, &site).await, ["upload"], "but for what storage called the open upload");
    // What was deleted between the two copies of the bucket is still in the copy, and nothing lacks there.
    let lacking: Vec<_> = findings(&site).await.into_iter().filter(|finding| !finding.starts_with("orphan")).collect();
    assert_eq!(lacking, [""; 0]);
    stage.lives_on(&site).await;
    app.stop().await;
    site.stop().await;
}
