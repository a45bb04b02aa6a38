//! Comparing storage with rows.

use chrono::Duration;
use lyceum::files::{comparing, object};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{findings, folder, lyceum, own_bucket, start, start_in};
use crate::{
    app::{Client, TestApp},
    recordings::{CLIP, UPLOAD_START, announced, captions_file, created, send_parts, uploaded},
};

/// A new film; the key of its object.
async fn filmed(app: &TestApp, trainer: &Client<'_>) -> String {
    let id = created(trainer, "MEMBERS").await;
    uploaded(app, trainer, &id, CLIP).await;
    newest(app, "sources").await
}

/// The key of the newest stored object of a kind.
async fn newest(app: &TestApp, kind: &str) -> String {
    let stored = object::Entity::find().filter(object::Column::State.eq(object::State::Stored));
    let of_kind = stored.filter(object::Column::Key.starts_with(kind));
    let rows = of_kind.all(app.db.read()).await.expect("they can be read");
    rows.into_iter().max_by_key(|row| row.id).expect("one").key
}

#[tokio::test]
async fn faults_are_found_and_what_is_under_way_is_none() {
    let app = start(&own_bucket()).await;
    let trainer = app.trainer().await;
    let (lost, short, damaged) = (filmed(&app, &trainer).await, filmed(&app, &trainer).await, filmed(&app, &trainer).await);
    captions_file(&trainer, "WEBVTT\n\n00:00.000 --> 00:01.000\nGood morning.\n").await;
    let swapped = newest(&app, "files").await;
    let open = created(&trainer, "MEMBERS").await;
    let started = trainer.runs(UPLOAD_START, &announced(&open, CLIP.len())).await["recordingUploadStart"].clone();
    send_parts(&trainer, &started["upload"]["id"], CLIP, &[1]).await;
    assert_eq!(findings(&app).await, [""; 0]);
    let (is_well, said) = lyceum(app.settings(), &["admin", "storage-check", "--read"]).await;
    assert!(is_well && said.contains("4 objects are stored; 0 findings."), "{said}");

    let orphan = format!("sources/{}/{}/source", Uuid::now_v7(), Uuid::now_v7());
    let mut bytes = CLIP.to_vec();
    bytes[100] ^= 1;
    app.objects.delete(&lost).await.expect("it is deleted");
    app.objects.put(&short, &CLIP[..9], "video/mp4").await.expect("it is stored");
    app.objects.put(&damaged, bytes, "video/mp4").await.expect("it is stored");
    let text = app.objects.get(&swapped).await.expect("its bytes");
    app.objects.put(&swapped, vec![b'x'; text.len()], "text/vtt").await.expect("it is stored");
    app.objects.put(&orphan, "?", "video/mp4").await.expect("it is stored");
    app.objects.put("notes.txt", "not ours", "text/plain").await.expect("it is stored");
    let found = findings(&app).await.join("\n");
    for expected in [
        format!("missing  {lost}"),
        format!("differs  {short}: 9 bytes, its row says {}", CLIP.len()),
        format!("differs  {damaged}: its bytes are not"),
        format!("differs  {swapped}: its ETag is"),
        format!("orphan   {orphan}: 1 bytes, since"),
    ] {
        assert!(found.contains(&expected), "{expected} is not in\n{found}");
    }
    assert_eq!(found.lines().count(), 5, "{found}");
    let (is_well, said) = lyceum(app.settings(), &["admin", "storage-check"]).await;
    assert!(!is_well && said.contains("4 findings") && said.contains("1 more in the bucket"), "{said}");
    app.stop().await;
}

#[tokio::test]
async fn orphans_are_deleted_after_a_day_and_nothing_else_is() {
    let app = start(&own_bucket()).await;
    let trainer = app.trainer().await;
    filmed(&app, &trainer).await;
    let orphan = format!("files/{}/{}/file", Uuid::now_v7(), Uuid::now_v7());
    for key in [&orphan, "notes.txt"] {
        app.objects.put(key, "?", "text/plain").await.expect("it is stored");
    }
    let repair = async || {
        let found = comparing::compare(&app, false).await.expect("they can be compared");
        comparing::repair(&app, found).await.expect("it can be repaired").findings.len()
    };
    assert_eq!(repair().await, 1, "it is too young");
    app.clock.advance(Duration::hours(25));
    assert_eq!(repair().await, 0);
    let left = app.objects.list("", None).await.expect("a list");
    assert_eq!(left.iter().map(|object| object.key.starts_with("files/")).collect::<Vec<_>>(), [false, false]);
    app.stop().await;
}

#[tokio::test]
async fn a_file_that_somebody_copied_in_the_folder_of_objects_is_an_orphan_where_it_lies() {
    let folder = folder();
    let app = start_in(folder.path()).await;
    let trainer = app.trainer().await;
    let (film, other) = (filmed(&app, &trainer).await, format!("sources/{0}/{0}/source", Uuid::max()));
    let place = |key: &str| folder.path().join("objects/lyceum/objects").join(format!("{}.o", key.replace('/', ".d/")));
    std::fs::create_dir_all(place(&other).parent().expect("a folder")).expect("it is made");
    std::fs::copy(place(&film), place(&other)).expect("it is copied");
    // The copy says in itself that it is the film, which comes before it: a listing that went on from there would never end.
    let found = tokio::time::timeout(std::time::Duration::from_secs(30), findings(&app)).await.expect("it ends");
    assert!(matches!(&found[..], [orphan] if orphan.starts_with(&format!("orphan   {other}"))), "{found:?}");
    assert_eq!(found_keys(&app).await, [film, other]);
    app.stop().await;
}

#[tokio::test]
async fn a_bucket_that_seems_to_be_of_another_site_is_left_alone() {
    let app = start(&own_bucket()).await;
    let orphan = format!("files/{}/{}/file", Uuid::now_v7(), Uuid::now_v7());
    app.objects.put(&orphan, "?", "text/plain").await.expect("it is stored");
    app.clock.advance(Duration::hours(25));
    let found = comparing::compare(&app, false).await.expect("they can be compared");
    assert_eq!(comparing::repair(&app, found).await.expect("it is left").findings.len(), 1);
    assert!(app.objects.head(&orphan).await.expect("it answers").is_some());
    let (is_well, said) = lyceum(app.settings(), &["admin", "storage-check", "--repair"]).await;
    assert!(!is_well && said.contains("is this the bucket of this database?"), "{said}");
    assert_eq!(json!(found_keys(&app).await), json!([orphan]));
    app.stop().await;
}

async fn found_keys(app: &TestApp) -> Vec<String> {
    app.objects.list("", None).await.expect("a list").into_iter().map(|object| object.key).collect()
}
