//! Small files: announced, sent to storage, checked.

use chrono::Duration;
use lyceum::{
    files::{object, storing, sweeping},
    jobs,
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, key, with_app},
    teaching::Taught,
    transfer::{fetch, get, put},
};

const START: &str = "mutation($input: FileUploadStartInput!) { fileUploadStart(input: $input) {
    file { id state } address { url headers { name value } expiresAt } userErrors { code field } } }";
const COMPLETE: &str = "mutation($id: ID!) { fileUploadComplete(id: $id) { file { id state url } userErrors { code field } } }";

const PDF: &[u8] = b"%PDF-1.7\n%%EOF";

fn announced(purpose: &str, content_type: &str, size: usize) -> Value {
    json!({ "input": { "key": key(), "purpose": purpose, "name": "slides.pdf", "contentType": content_type, "size": size.to_string() } })
}

/// Announces a document of these bytes; its payload.
async fn announce(client: &Client<'_>, content_type: &str, size: usize) -> Value {
    client.runs(START, &announced("DOCUMENT", content_type, size)).await["fileUploadStart"].clone()
}

/// Sends a document whole; how it was judged.
async fn judged(client: &Client<'_>, content_type: &str, bytes: &'static [u8]) -> Value {
    let started = announce(client, content_type, bytes.len()).await;
    assert_eq!(put(&started["address"], bytes).await, 200);
    client.runs(COMPLETE, &json!({ "id": started["file"]["id"] })).await["fileUploadComplete"]["file"].clone()
}

/// How many objects are in storage or expected there.
async fn objects(app: &TestApp) -> u64 {
    object::Entity::find().count(app.db.read()).await.expect("rows can be counted")
}

/// Sweeps files, and then objects.
async fn sweep(app: &TestApp) {
    lyceum::transact!(app, |tx| jobs::enqueue(tx, &sweeping::Sweep::default()).await).expect("enqueued");
    app.run_jobs().await;
    lyceum::transact!(app, |tx| jobs::enqueue(tx, &storing::Sweep::default()).await).expect("enqueued");
    app.run_jobs().await;
}

#[tokio::test]
async fn a_document_is_sent_to_storage_checked_and_fetched_as_an_attachment() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let file = judged(&trainer, "application/pdf", PDF).await;
        assert_eq!(file["state"], "READY");
        let url = file["url"].as_str().expect("an address");
        assert!(url.contains("response-content-disposition=attachment"), "{url}");
        assert_eq!(get(url).await, (200, PDF.into()));
        let again = trainer.runs(COMPLETE, &json!({ "id": file["id"] })).await;
        assert_eq!(again["fileUploadComplete"]["file"]["state"], "READY");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_what_was_announced_is_refused_and_deleted() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let disguised = judged(&trainer, "application/pdf", b"<svg onload='alert(1)'/>").await;
        assert_eq!((disguised["state"].as_str(), &disguised["url"]), (Some("REFUSED"), &json!(null)));
        assert_eq!(judged(&trainer, "text/plain", b"a\0b").await["state"], "REFUSED");
        app.clock.advance(Duration::days(9));
        sweep(app).await;
        assert_eq!(objects(app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_address_takes_exactly_what_was_announced_once_and_in_time() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let started = announce(&trainer, "application/pdf", PDF.len()).await;
        let address = &started["address"];
        assert_ne!(put(address, [PDF, b"more"].concat()).await, 200, "larger");
        let mut other_type = address.clone();
        for header in other_type["headers"].as_array_mut().expect("headers") {
            if header["name"] == "content-type" {
                header["value"] = json!("text/html");
            }
        }
        assert_ne!(put(&other_type, PDF).await, 200, "another type");
        let elsewhere = address["url"].as_str().expect("an address").replacen("/file?", "/other?", 1);
        assert_ne!(put(&json!({ "url": elsewhere, "headers": address["headers"] }), PDF).await, 200, "another key");
        assert_eq!(put(address, PDF).await, 200);
    })
    .await;
}

#[tokio::test]
async fn an_address_does_nothing_that_its_signature_does_not_name() {
    with_app(async |app| {
        let (olga, ivan) = (app.trainer().await, app.trainer().await);
        let (secret, text): (&[u8], &[u8]) = (b"what olga wrote", b"what ivan wrote");
        let hers = announce(&olga, "text/plain", secret.len()).await;
        assert_eq!(put(&hers["address"], secret).await, 200);
        let url = hers["address"]["url"].as_str().expect("an address");
        let source = url.split('?').next().and_then(|url| url.splitn(4, '/').nth(3)).expect("a bucket and a key");
        let his = announce(&ivan, "text/plain", text.len()).await;
        for (name, value) in [("x-amz-copy-source", format!("/{source}")), ("x-amz-meta-of", "ivan".to_owned())] {
            let mut address = his["address"].clone();
            address["headers"].as_array_mut().expect("headers").push(json!({ "name": name, "value": value }));
            let answer = put(&address, text).await;
            assert!((400..500).contains(&answer), "{name}: {answer}");
            assert_eq!(ivan.problems(COMPLETE, &json!({ "id": his["file"]["id"] })).await, ["INCOMPLETE id"], "{name}");
        }
        assert_eq!(put(&his["address"], text).await, 200);
        let file = ivan.runs(COMPLETE, &json!({ "id": his["file"]["id"] })).await["fileUploadComplete"]["file"].clone();
        let url = file["url"].as_str().expect("an address");
        let (answer, ..) = fetch(url, &[("x-amz-meta-of", "ivan")]).await;
        assert!((400..500).contains(&answer), "{answer}");
        assert_eq!(get(url).await, (200, text.into()));
    })
    .await;
}

#[tokio::test]
async fn what_was_checked_is_not_swapped_by_sending_again() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let announced = announced("DOCUMENT", "application/pdf", PDF.len());
        let started = trainer.runs(START, &announced).await["fileUploadStart"].clone();
        let address = &started["address"];
        assert_eq!(put(address, PDF).await, 200);
        let file = trainer.runs(COMPLETE, &json!({ "id": started["file"]["id"] })).await["fileUploadComplete"]["file"].clone();
        assert_eq!(file["state"], "READY");
        let answer = put(address, vec![b'x'; PDF.len()]).await;
        assert!(
            answer != 200 || app.objects.listening().is_none(),
            "only storage that knows no conditions takes it, for nothing"
        );
        assert_eq!(get(file["url"].as_str().expect("an address")).await, (200, PDF.into()));
        let again = trainer.runs(START, &announced).await["fileUploadStart"].clone();
        assert_eq!((&again["file"]["state"], &again["address"]), (&json!("READY"), &json!(null)));
    })
    .await;
}

#[tokio::test]
async fn an_address_takes_nothing_when_its_time_is_over() {
    with_app(async |app| {
        let key = "files/of-nobody/late/file";
        let second = std::time::Duration::from_secs(1);
        let address = app.objects.presign_put(key, "application/pdf", PDF.len() as u64, second).await.expect("an address");
        let headers: Vec<_> =
            address.headers.iter().map(|(name, value)| json!({ "name": name.to_lowercase(), "value": value })).collect();
        tokio::time::sleep(2 * second).await;
        let answer = put(&json!({ "url": address.url, "headers": headers }), PDF).await;
        assert!((400..500).contains(&answer), "{answer}");
        assert_eq!(app.objects.head(key).await.expect("storage answers"), None);
    })
    .await;
}

#[tokio::test]
async fn a_refused_file_takes_nothing_more_and_goes_after_its_address() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let announced = announced("DOCUMENT", "application/pdf", PDF.len());
        let started = trainer.runs(START, &announced).await["fileUploadStart"].clone();
        let wrong = vec![b'x'; PDF.len()];
        assert_eq!(put(&started["address"], wrong).await, 200);
        let refused = trainer.runs(COMPLETE, &json!({ "id": started["file"]["id"] })).await;
        assert_eq!(refused["fileUploadComplete"]["file"]["state"], "REFUSED");
        app.run_jobs().await;
        let answer = put(&started["address"], PDF).await;
        assert!(answer != 200 || app.objects.listening().is_none(), "its address is still young");
        let again = trainer.runs(START, &announced).await["fileUploadStart"].clone();
        assert_eq!((&again["file"]["state"], &again["address"]), (&json!("REFUSED"), &json!(null)));
        assert_eq!(objects(app).await, 1, "what was sent is known, whatever comes there");
        app.clock.advance(Duration::days(9));
        sweep(app).await;
        assert_eq!(objects(app).await, 0);
    })
    .await;
}

#[tokio::test]
async fn disguised_pages_are_served_as_attachments_from_another_origin() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let page: &[u8] = b"%PDF-1.7\n<!doctype html><script>alert(document.domain)</script>\n%%EOF";
        let drawing: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        assert_eq!(trainer.problems(START, &announced("DOCUMENT", "image/svg+xml", 9)).await, ["UNSUPPORTED input.contentType"]);
        for (content_type, bytes) in [("application/pdf", page), ("text/plain", drawing)] {
            let file = judged(&trainer, content_type, bytes).await;
            assert_eq!(file["state"], "READY");
            let url = file["url"].as_str().expect("an address");
            assert!(!url.starts_with(&app.config.public_url), "{url}");
            let (status, headers, body) = fetch(url, &[]).await;
            assert_eq!((status, &body[..]), (200, bytes));
            let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
            assert_eq!(header("content-type"), content_type);
            assert!(header("content-disposition").starts_with("attachment"), "{headers:?}");
            // Other storage leaves this header to whatever stands before it; the two above hold everywhere.
            if app.objects.listening().is_some() {
                assert_eq!(header("x-content-type-options"), "nosniff");
                assert_eq!(header("content-security-policy"), "sandbox");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn only_those_who_make_or_staff_something_send_files() {
    with_app(async |app| {
        let (trainer, practitioner) = (app.trainer().await, app.practitioner().await);
        let announced = announced("DOCUMENT", "application/pdf", 9);
        assert_eq!(practitioner.fails(START, &announced).await, "FORBIDDEN");
        let course = Taught::course(&trainer, "Course", "MEMBERS").await;
        course.grants(&practitioner.email, "MEMBER").await;
        assert_eq!(practitioner.fails(START, &announced).await, "FORBIDDEN");
        let other = app.practitioner().await;
        course.grants(&other.email, "STAFF").await;
        other.runs(START, &announced).await;
    })
    .await;
}

#[tokio::test]
async fn nobody_fills_the_disk_with_files_that_no_lesson_shows() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        for _ in 0..40 {
            announce(&trainer, "application/pdf", 25 << 20).await;
        }
        let large = announced("DOCUMENT", "application/pdf", 25 << 20);
        assert_eq!(trainer.problems(START, &large).await, ["LIMIT_REACHED input"]);
        for _ in 40..200 {
            announce(&trainer, "application/pdf", 9).await;
        }
        let small = announced("DOCUMENT", "application/pdf", 9);
        assert_eq!(trainer.problems(START, &small).await, ["LIMIT_REACHED input"]);
        app.trainer().await.runs(START, &large).await;

        app.clock.advance(Duration::days(8));
        sweep(app).await;
        trainer.again().await.runs(START, &large).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_that_no_lesson_shows_goes_after_a_week_and_one_in_use_stays() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let (used, unused) = (judged(&trainer, "application/pdf", PDF).await, judged(&trainer, "application/pdf", PDF).await);
        let course = Taught::course(&trainer, "Course", "MEMBERS").await;
        let module = course.with_module("Module").await;
        course.with_lesson(&module, "Slides", "DOCUMENT", &json!({ "fileId": used["id"] })).await;
        let expected = announce(&trainer, "application/pdf", PDF.len()).await;
        app.clock.advance(Duration::days(6));
        sweep(app).await;
        assert_eq!(objects(app).await, 5, "as they were sent, as they were checked, and the expected one");
        app.clock.advance(Duration::days(3));
        sweep(app).await;
        assert_eq!(objects(app).await, 1);
        let trainer = trainer.again().await;
        let node = "query($id: ID!) { node(id: $id) { ... on File { url } } }";
        assert_eq!(trainer.runs(node, &json!({ "id": unused["id"] })).await["node"], json!(null));
        assert_eq!(trainer.fails(COMPLETE, &json!({ "id": expected["file"]["id"] })).await, "NOT_FOUND");
        let kept = trainer.runs(node, &json!({ "id": used["id"] })).await["node"]["url"].clone();
        assert_eq!(get(kept.as_str().expect("an address")).await, (200, PDF.into()));
    })
    .await;
}

#[tokio::test]
async fn only_known_types_of_bearable_size_are_announced() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let problems = async |purpose, kind, size| trainer.problems(START, &announced(purpose, kind, size)).await;
        assert_eq!(problems("DOCUMENT", "text/html", 9).await, ["UNSUPPORTED input.contentType"]);
        assert_eq!(problems("CAPTIONS", "application/pdf", 9).await, ["UNSUPPORTED input.contentType"]);
        assert_eq!(problems("DOCUMENT", "application/pdf", 1 << 30).await, ["TOO_LARGE input.size"]);
        assert_eq!(problems("DOCUMENT", "application/pdf", 0).await, ["OUT_OF_RANGE input.size"]);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_its_senders_own() {
    with_app(async |app| {
        let (trainer, other) = (app.trainer().await, app.trainer().await);
        let file = judged(&trainer, "application/pdf", PDF).await;
        let node = "query($id: ID!) { node(id: $id) { ... on File { state } } }";
        assert_eq!(other.runs(node, &json!({ "id": file["id"] })).await["node"], json!(null));
        assert_eq!(trainer.runs(node, &json!({ "id": file["id"] })).await["node"]["state"], "READY");
        assert_eq!(other.fails(COMPLETE, &json!({ "id": file["id"] })).await, "NOT_FOUND");
        assert_eq!(app.visitor().fails(START, &announced("DOCUMENT", "application/pdf", 9)).await, "UNAUTHENTICATED");
        assert_eq!(app.unvetted().await.fails(START, &announced("DOCUMENT", "application/pdf", 9)).await, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_never_came_is_incomplete_and_swept_in_time() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let started = announce(&trainer, "application/pdf", 9).await;
        assert_eq!(trainer.problems(COMPLETE, &json!({ "id": started["file"]["id"] })).await, ["INCOMPLETE id"]);
        app.clock.advance(Duration::days(9));
        lyceum::transact!(app, |tx| jobs::enqueue(tx, &storing::Sweep::default()).await).expect("enqueued");
    })
    .await;
}
