//! Small files: announced, sent to storage, checked.

use chrono::Duration;
use lyceum::{files::storing, jobs};
use serde_json::{Value, json};

use crate::{
    app::{Client, key, with_app},
    transfer::{get, put},
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
        app.run_jobs().await;
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
