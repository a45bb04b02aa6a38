//! Recordings and small files.

use serde_json::json;

use super::{
    Row, SEE, SEE_AS_STAFF, STAFF, STAFF_IN_SECRET, TRAINERS, World, alike, by_id, list, live, row, updating, with_input, worlds,
};
use crate::permissions::outcomes::KEY;

pub fn rows(w: &World) -> Vec<Row> {
    [reading(w), changing(w), uploading(w), consenting(w), files(w)].into_iter().flatten().collect()
}

fn reading(w: &World) -> Vec<Row> {
    let recording = &w["recording"];
    let report = json!({ "recordingId": recording, "ticket": w["ticket"], "positionSeconds": 6.0,
        "intervals": [{ "startSeconds": 5.0, "endSeconds": 6.0 }] });
    let watch = worlds("U U N N N N  ok N N  ok ok ok", "U U ok ok ok ok  ok ok ok  ok ok ok");
    let others = "unvetted practitioner elsewhere trainer removed moderator staff owner administrator";
    let change = json!({ "key": KEY, "recordingId": recording, "fileName": "a.mp4", "contentType": "video/mp4", "size": "9" });
    vec![
        by_id("recording", recording, SEE),
        by_id("recording", &w["draft recording"], SEE_AS_STAFF.but("staff", "-")),
        list("recordings", json!({}), recording, SEE),
        list("recordings", json!({}), &w["draft recording"], alike("- - - - - -  - - -  - - -")),
        list("recordings", json!({ "mine": true }), recording, SEE_AS_STAFF),
        with_input("watchReport", report, watch.but(others, "EXPIRED")),
        live(
            "recordingChanged",
            json!({ "id": recording }),
            ("recordingUploadStart", json!({ "input": change })),
            worlds("N N N N N N  ok N N  ok ok ok", "ok ok ok ok ok ok  ok ok ok  ok ok ok"),
        ),
    ]
}

fn changing(w: &World) -> Vec<Row> {
    let recording = &w["recording"];
    let text = json!({ "language": "en", "title": "Taken over" });
    let captions = json!({ "recordingId": recording, "language": "fr", "fileId": w["captions file"] });
    vec![
        with_input("recordingCreate", json!({ "key": KEY, "spokenLanguage": "en", "text": text }), TRAINERS),
        updating("recordingUpdate", recording, json!({ "recordedOn": null }), STAFF),
        updating("recordingTextSet", recording, text, STAFF),
        row("recordingTextRemove", json!({ "id": recording, "language": "fr" }), STAFF),
        by_id("recordingPublish", recording, STAFF),
        by_id(
            "recordingPublish",
            &w["draft recording"],
            STAFF_IN_SECRET.but("staff", "N").but("owner administrator", "INCOMPLETE"),
        ),
        by_id("recordingUnpublish", recording, STAFF),
        by_id("recordingArchive", recording, STAFF),
        with_input("captionsSet", captions, STAFF.but("staff administrator", "NOT_FOUND")),
        by_id("captionsRemove", &w["captions"], STAFF),
    ]
}

fn uploading(w: &World) -> Vec<Row> {
    let upload = json!({ "uploadId": w["upload"] });
    let start =
        json!({ "key": KEY, "recordingId": w["recording"], "fileName": "a.mp4", "contentType": "video/mp4", "size": "9" });
    let owner = STAFF_IN_SECRET.but("staff", "N");
    vec![
        with_input("recordingUploadStart", start, STAFF),
        row("recordingUploadComplete", upload.clone(), owner.clone()),
        row("recordingUploadAbort", upload, owner),
    ]
}

fn consenting(w: &World) -> Vec<Row> {
    let consent = json!({ "agreedAt": "2026-09-01T09:00:00Z", "consentText": "I agree." });
    vec![
        with_input("speakerAdd", json!({ "key": KEY, "recordingId": w["recording"], "name": "Awa Exemple" }), STAFF),
        updating("speakerConsentRecord", &w["speaker"], consent, STAFF),
        by_id("speakerConsentWithdraw", &w["speaker"], STAFF),
        by_id("speakerRemove", &w["speaker"], STAFF.all("WRONG_STATE")),
        by_id("speakerRemove", &w["silent speaker"], STAFF_IN_SECRET.but("staff", "N")),
    ]
}

fn files(w: &World) -> Vec<Row> {
    let pdf = json!({ "key": KEY, "purpose": "DOCUMENT", "name": "a.pdf", "contentType": "application/pdf", "size": "9" });
    vec![
        with_input("fileUploadStart", pdf, alike("U U F F F ok  F F F  ok ok ok")),
        by_id("fileUploadComplete", &w["pending file"], alike("U U N N N N  N N N  N ok F")),
        by_id("fileUploadComplete", &w["document"], worlds("U U N N N N  F N N  F ok F", "U U F F F F  F F F  F ok F")),
    ]
}
