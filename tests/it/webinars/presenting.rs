//! Speakers, funders and materials.

use serde_json::json;

use super::{REGISTRATION_CANCEL, by_id, id, organiser, published, register, registers, update, with_input};
use crate::{
    app::{Client, key, with_app},
    transfer::put,
};

const PDF: &[u8] = b"%PDF-1.7\n%%EOF";
const MATERIAL_ADD: &str =
    "mutation($id: ID!, $file: ID!) { webinarMaterialAdd(id: $id, fileId: $file) { userErrors { code } } }";
const MATERIALS: &str = "query($id: ID!, $file: ID!) { webinar(id: $id) { materials { id url } } node(id: $file) { id } }";

#[tokio::test]
async fn speakers_have_roles_and_biographies_in_languages() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "PUBLIC").await;
        let text = json!({ "language": "en", "role": "Judge", "biography": "Has *tried* many cases." });
        let input = json!({ "key": key(), "webinarId": webinar, "name": "Awa Exemple", "text": text });
        organiser.runs(&with_input("webinarSpeakerAdd", "WebinarSpeakerAddInput"), &json!({ "input": input })).await;
        let page = "query($id: ID!) { webinar(id: $id) { speakers { id name text { role biographyHtml language } } } }";
        let speaker = app.visitor().runs(page, &json!({ "id": webinar })).await["webinar"]["speakers"][0].clone();
        assert_eq!(speaker["text"]["biographyHtml"], "<p dir=\"auto\">Has <em>tried</em> many cases.</p>\n");
        let set = "mutation($id: ID!, $input: WebinarSpeakerTextInput!) {
            webinarSpeakerTextSet(id: $id, input: $input) { userErrors { code } } }";
        let french = json!({ "language": "fr", "role": "Juge" });
        organiser.runs(set, &json!({ "id": speaker["id"], "input": french })).await;
        let read = app.visitor().accepting("fr").runs(page, &json!({ "id": webinar })).await;
        assert_eq!(read["webinar"]["speakers"][0]["text"]["role"], "Juge");
        let other = super::organiser(app).await;
        assert_eq!(other.fails(&by_id("webinarSpeakerRemove"), &json!({ "id": speaker["id"] })).await, "FORBIDDEN");
        organiser.runs(&by_id("webinarSpeakerRemove"), &json!({ "id": speaker["id"] })).await;
        assert_eq!(app.visitor().runs(page, &json!({ "id": webinar })).await["webinar"]["speakers"], json!([]));
    })
    .await;
}

#[tokio::test]
async fn funders_are_credited_on_the_series_in_languages() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let series = super::series(&organiser, "PUBLIC").await;
        let add = "mutation($input: WebinarFunderAddInput!) { webinarFunderAdd(input: $input) {
            series { funders { id text { name sentence } } } userErrors { code field } } }";
        let input = |language: &str| {
            json!({ "input": { "key": key(), "seriesId": series,
            "text": { "language": language, "name": "The Fund", "sentence": "Funded by the Fund." } } })
        };
        assert_eq!(organiser.problems(add, &input("fr")).await, ["INVALID input.text.language"]);
        let added = organiser.runs(add, &input("en")).await["webinarFunderAdd"]["series"]["funders"][0].clone();
        assert_eq!(added["text"]["sentence"], "Funded by the Fund.");
        organiser.runs(&by_id("webinarFunderRemove"), &json!({ "id": added["id"] })).await;
    })
    .await;
}

async fn sent(owner: &Client<'_>) -> String {
    let start = "mutation($input: FileUploadStartInput!) { fileUploadStart(input: $input) {
        file { id } address { url headers { name value } } userErrors { code } } }";
    let input = json!({ "key": key(), "purpose": "DOCUMENT", "name": "slides.pdf", "contentType": "application/pdf",
        "size": PDF.len().to_string() });
    let started = owner.runs(start, &json!({ "input": input })).await["fileUploadStart"].clone();
    assert_eq!(put(&started["address"], PDF).await, 200);
    owner.runs(&by_id("fileUploadComplete"), &json!({ "id": started["file"]["id"] })).await;
    id(&started["file"])
}

#[tokio::test]
async fn materials_are_for_those_who_registered() {
    with_app(async |app| {
        let (organiser, person, other) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "PUBLIC").await;
        let file = sent(&organiser).await;
        let variables = json!({ "id": webinar, "file": file });
        organiser.runs(MATERIAL_ADD, &variables).await;
        organiser.runs(MATERIAL_ADD, &variables).await;
        register(&person, &webinar).await;
        let seen = person.runs(MATERIALS, &variables).await;
        assert_eq!(seen["webinar"]["materials"][0]["id"], file.as_str());
        assert!(seen["webinar"]["materials"][0]["url"].is_string());
        for stranger in [other, app.visitor()] {
            let seen = stranger.runs(MATERIALS, &variables).await;
            assert_eq!((&seen["webinar"]["materials"], &seen["node"]), (&json!([]), &json!(null)));
        }
        let remove = "mutation($id: ID!, $file: ID!) { webinarMaterialRemove(id: $id, fileId: $file) { userErrors { code } } }";
        organiser.runs(remove, &variables).await;
        assert!(person.runs(MATERIALS, &variables).await["node"].is_null());
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_a_seat_gets_the_materials_with_it() {
    with_app(async |app| {
        let (organiser, person, late) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "PUBLIC").await;
        update(&organiser, &webinar, json!({ "capacity": 1 })).await;
        let file = sent(&organiser).await;
        let variables = json!({ "id": webinar, "file": file });
        organiser.runs(MATERIAL_ADD, &variables).await;
        let registration = register(&person, &webinar).await;
        assert_eq!(registers(&late, &webinar).await, "WAITING");
        let has = async |viewer: &Client<'_>| {
            let seen = viewer.runs(MATERIALS, &variables).await;
            let (listed, found) = (seen["webinar"]["materials"][0]["id"].clone(), seen["node"]["id"].clone());
            assert_eq!(listed, found);
            listed == file.as_str()
        };
        assert!(has(&person).await && !has(&late).await);
        person.runs(REGISTRATION_CANCEL, &json!({ "id": registration["id"] })).await;
        assert!(has(&late).await && !has(&person).await);
    })
    .await;
}
