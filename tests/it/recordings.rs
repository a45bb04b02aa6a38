//! Recordings up to their publication: made, uploaded in parts, checked, captioned, agreed to, published, hidden.

use chrono::Duration;
use lyceum::{
    files::object,
    ids::{Id as _, RecordingId},
    jobs::{self, Job as _},
    recordings::{discarding, recording, transcoding::Transcode, upload},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, key, with_app, with_app_set},
    http_client::Server,
    transfer::put,
};

/// A film that browsers can play.
pub const CLIP: &[u8] = include_bytes!("../../src/demo/content/clip/clip.mp4");
/// Settings of a server that has no ffmpeg.
pub const WITHOUT_FFMPEG: [(&str, &str); 1] = [("LYCEUM_TRANSCODE", "off")];
const PART: usize = 5 << 20;

const CREATE: &str = "mutation($input: RecordingCreateInput!) { recordingCreate(input: $input) {
    recording { id state mediaState } userErrors { code field } } }";
pub const UPLOAD_START: &str = "mutation($input: RecordingUploadStartInput!) { recordingUploadStart(input: $input) {
    recording { mediaState } upload { id partCount partSize missingPartNumbers } userErrors { code field } } }";
pub const ADDRESSES: &str = "query($id: ID!, $numbers: [Int!]!) { node(id: $id) { ... on Upload {
    missingPartNumbers parts { number size } partAddresses(numbers: $numbers) { number size address { url headers { name value } expiresAt } } } } }";
pub const UPLOAD_COMPLETE: &str = "mutation($id: ID!) { recordingUploadComplete(uploadId: $id) {
    recording { mediaState } upload { id missingPartNumbers } userErrors { code field } } }";
const UPLOAD_ABORT: &str = "mutation($id: ID!) { recordingUploadAbort(uploadId: $id) {
    recording { mediaState } userErrors { code field } } }";
pub const RECORDING: &str =
    "query($id: ID!) { recording(id: $id) { title state mediaState mediaProblem isPlayable durationSeconds
    viewerCanEdit renditions { kind height } upload { id } speakers { name hasAgreed } accessModes accessibilityFeatures } }";
pub const PUBLISH: &str =
    "mutation($id: ID!) { recordingPublish(id: $id) { recording { state } userErrors { code field message } } }";
const UNPUBLISH: &str = "mutation($id: ID!) { recordingUnpublish(id: $id) { recording { state } userErrors { code field } } }";
const ARCHIVE: &str = "mutation($id: ID!) { recordingArchive(id: $id) { recording { state } userErrors { code field } } }";
const SPEAKER_ADD: &str = "mutation($input: SpeakerAddInput!) { speakerAdd(input: $input) {
    speaker { id hasAgreed } userErrors { code field } } }";
const CONSENT: &str = "mutation($id: ID!, $input: SpeakerConsentInput!) { speakerConsentRecord(id: $id, input: $input) {
    speaker { hasAgreed agreedAt } userErrors { code field } } }";
pub const WITHDRAW: &str = "mutation($id: ID!) { speakerConsentWithdraw(id: $id) {
    speaker { hasAgreed withdrawnAt } userErrors { code field } } }";
const SPEAKER_REMOVE: &str = "mutation($id: ID!) { speakerRemove(id: $id) { recording { id } userErrors { code field } } }";
pub const CAPTIONS_SET: &str = "mutation($input: CaptionsSetInput!) { captionsSet(input: $input) {
    captions { id direction label transcript { startSeconds endSeconds text } } userErrors { code field message } } }";
const CAPTIONS_REMOVE: &str = "mutation($id: ID!) { captionsRemove(id: $id) { recording { id } userErrors { code field } } }";
const TEXT_SET: &str = "mutation($id: ID!, $input: RecordingTextInput!) { recordingTextSet(id: $id, input: $input) {
    recording { languages } userErrors { code field } } }";
const TEXT_REMOVE: &str = "mutation($id: ID!, $language: Language!) { recordingTextRemove(id: $id, language: $language) {
    recording { languages } userErrors { code field } } }";
const UPDATE: &str = "mutation($id: ID!, $input: RecordingUpdateInput!) { recordingUpdate(id: $id, input: $input) {
    recording { visibility recordedOn spokenLanguage } userErrors { code field } } }";
const FILE_START: &str = "mutation($input: FileUploadStartInput!) { fileUploadStart(input: $input) {
    file { id } address { url headers { name value } } userErrors { code } } }";
const FILE_COMPLETE: &str = "mutation($id: ID!) { fileUploadComplete(id: $id) { file { state } userErrors { code } } }";

/// A draft of `trainer`, seen by `visibility` once it is published; its id.
pub async fn created(trainer: &Client<'_>, visibility: &str) -> String {
    let text = json!({ "language": "en", "title": "Extradition", "summary": "A webinar." });
    let input =
        json!({ "key": key(), "visibility": visibility, "spokenLanguage": "en", "recordedOn": "2026-09-15", "text": text });
    let made = trainer.runs(CREATE, &json!({ "input": input })).await;
    made["recordingCreate"]["recording"]["id"].as_str().expect("an id").to_owned()
}

pub fn announced(recording: &str, size: usize) -> Value {
    json!({ "input": { "key": key(), "recordingId": recording, "fileName": "talk.mp4", "contentType": "video/mp4", "size": size.to_string() } })
}

/// Sends `bytes` as the media of a recording, completes, and runs what follows.
pub async fn uploaded(app: &TestApp, trainer: &Client<'_>, recording: &str, bytes: &[u8]) {
    sent(trainer, recording, bytes).await;
    app.run_jobs().await;
}

/// Sends `bytes` as the media of a recording and completes.
pub async fn sent(trainer: &Client<'_>, recording: &str, bytes: &[u8]) {
    let started = trainer.runs(UPLOAD_START, &announced(recording, bytes.len())).await["recordingUploadStart"].clone();
    let upload = started["upload"]["id"].clone();
    send_parts(trainer, &upload, bytes, &numbers(&started["upload"]["missingPartNumbers"])).await;
    trainer.runs(UPLOAD_COMPLETE, &json!({ "id": upload })).await;
}

pub fn numbers(list: &Value) -> Vec<i64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
}

pub async fn send_parts(trainer: &Client<'_>, upload: &Value, bytes: &[u8], numbers: &[i64]) {
    let answer = trainer.runs(ADDRESSES, &json!({ "id": upload, "numbers": numbers })).await;
    for part in answer["node"]["partAddresses"].as_array().expect("addresses") {
        let number = usize::try_from(part["number"].as_i64().expect("a number")).expect("positive");
        let piece = bytes.chunks(PART).nth(number - 1).expect("a part").to_vec();
        assert_eq!(part["size"], piece.len());
        assert_eq!(put(&part["address"], piece).await, 200);
    }
}

/// Adds a speaker who agreed.
pub async fn agreed(trainer: &Client<'_>, recording: &str) -> Value {
    let input = json!({ "key": key(), "recordingId": recording, "name": "Layla Mithal", "role": "Prosecutor" });
    let speaker = trainer.runs(SPEAKER_ADD, &json!({ "input": input })).await["speakerAdd"]["speaker"]["id"].clone();
    let consent = json!({ "agreedAt": "2026-09-01T09:00:00Z", "consentText": "I agree." });
    trainer.runs(CONSENT, &json!({ "id": speaker, "input": consent })).await;
    speaker
}

/// A published recording of the clip; its id.
pub async fn published(app: &TestApp, trainer: &Client<'_>, visibility: &str) -> String {
    let id = created(trainer, visibility).await;
    uploaded(app, trainer, &id, CLIP).await;
    agreed(trainer, &id).await;
    trainer.runs(PUBLISH, &json!({ "id": id })).await;
    id
}

/// What the API says of a recording.
pub async fn seen(client: &Client<'_>, id: &str) -> Value {
    client.runs(RECORDING, &json!({ "id": id })).await["recording"].clone()
}

/// Sends a captions file; its id.
pub async fn captions_file(trainer: &Client<'_>, text: &str) -> Value {
    let input = json!({ "key": key(), "purpose": "CAPTIONS", "name": "talk.vtt", "contentType": "text/vtt", "size": text.len().to_string() });
    let started = trainer.runs(FILE_START, &json!({ "input": input })).await["fileUploadStart"].clone();
    assert_eq!(put(&started["address"], text.to_owned()).await, 200);
    trainer.runs(FILE_COMPLETE, &json!({ "id": started["file"]["id"] })).await;
    started["file"]["id"].clone()
}

#[tokio::test]
async fn an_upload_in_parts_is_resumed_after_a_break_and_completed_once() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let mut film = CLIP.to_vec();
        // A box of free space makes the film several parts long.
        film.extend(u32::try_from(2 * PART).expect("it fits").to_be_bytes());
        film.extend(b"free");
        film.resize(CLIP.len() + 2 * PART, 0);

        let started = trainer.runs(UPLOAD_START, &announced(&id, film.len())).await["recordingUploadStart"].clone();
        assert_eq!(started["upload"]["partCount"], 3);
        assert_eq!(seen(&trainer, &id).await["mediaState"], "UPLOADING");
        let upload = started["upload"]["id"].clone();
        send_parts(&trainer, &upload, &film, &[1, 3]).await;
        assert_eq!(trainer.problems(UPLOAD_COMPLETE, &json!({ "id": upload })).await, ["INCOMPLETE uploadId"]);

        // Days later, from another device.
        app.clock.advance(Duration::days(2));
        let again = app.signed_in(trainer.user(), trainer.email.clone()).await;
        assert_eq!(seen(&again, &id).await["upload"]["id"], upload);
        let state = again.runs(ADDRESSES, &json!({ "id": upload, "numbers": [] })).await["node"].clone();
        assert_eq!(numbers(&state["missingPartNumbers"]), [2]);
        send_parts(&again, &upload, &film, &[2]).await;
        again.runs(UPLOAD_COMPLETE, &json!({ "id": upload })).await;
        again.runs(UPLOAD_COMPLETE, &json!({ "id": upload })).await;
        assert_eq!(seen(&again, &id).await["mediaState"], "CHECKING");
        app.run_jobs().await;
        assert_eq!(seen(&again, &id).await["isPlayable"], true);
    })
    .await;
}

#[tokio::test]
async fn an_upload_whose_completion_was_broken_off_lacks_nothing_and_is_completed() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let started = trainer.runs(UPLOAD_START, &announced(&id, CLIP.len())).await["recordingUploadStart"].clone();
        let of_upload = json!({ "id": started["upload"]["id"], "numbers": [] });
        send_parts(&trainer, &of_upload["id"], CLIP, &[1]).await;
        // The server ended after storage had joined the parts, and before it could write that down.
        let row = upload::Entity::find().one(app.db.read()).await.expect("rows").expect("an upload");
        let object = object::Entity::find_by_id(row.object_id).one(app.db.read()).await.expect("rows").expect("an object");
        let name = row.storage_upload_id.expect("it was begun");
        let parts = app.objects.list_parts(&object.key, &name).await.expect("parts");
        app.objects.complete_upload(&object.key, &name, &parts).await.expect("they are joined");

        assert_eq!(trainer.runs(ADDRESSES, &of_upload).await["node"]["missingPartNumbers"], json!([]));
        trainer.runs(UPLOAD_COMPLETE, &of_upload).await;
        app.run_jobs().await;
        assert_eq!(seen(&trainer, &id).await["isPlayable"], true);
    })
    .await;
}

#[tokio::test]
async fn part_addresses_live_an_hour_or_more() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let started = trainer.runs(UPLOAD_START, &announced(&id, 9)).await["recordingUploadStart"].clone();
        let upload = started["upload"]["id"].clone();
        let answer = trainer.runs(ADDRESSES, &json!({ "id": upload, "numbers": [1] })).await;
        let expires = answer["node"]["partAddresses"][0]["address"]["expiresAt"].as_str().expect("an instant").to_owned();
        let expires: chrono::DateTime<chrono::Utc> = expires.parse().expect("RFC 3339");
        assert!(expires >= app.clock.now() + Duration::minutes(60));
        assert_eq!(trainer.fails(ADDRESSES, &json!({ "id": upload, "numbers": [2] })).await, "BAD_USER_INPUT");
        trainer.runs(UPLOAD_ABORT, &json!({ "id": upload })).await;
    })
    .await;
}

#[tokio::test]
async fn a_new_upload_and_time_throw_an_old_one_away() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let start = async || trainer.runs(UPLOAD_START, &announced(&id, 9)).await["recordingUploadStart"]["upload"]["id"].clone();
        let (first, second) = (start().await, start().await);
        assert_ne!(first, second);
        assert_eq!(trainer.problems(UPLOAD_COMPLETE, &json!({ "id": first })).await, ["EXPIRED uploadId"]);
        app.clock.advance(Duration::days(8));
        let trainer = trainer.again().await;
        assert_eq!(trainer.problems(UPLOAD_COMPLETE, &json!({ "id": second })).await, ["EXPIRED uploadId"]);
        lyceum::transact!(app, |tx| jobs::enqueue(tx, &discarding::Sweep::default()).await).expect("enqueued");
        app.run_jobs().await;
        assert_eq!(seen(&trainer, &id).await["mediaState"], "MISSING");
    })
    .await;
}

#[tokio::test]
async fn a_film_that_browsers_can_play_is_playable_without_ffmpeg_and_says_what_is_missing() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        uploaded(app, &trainer, &id, CLIP).await;
        let recording = seen(&trainer, &id).await;
        assert_eq!((recording["isPlayable"].as_bool(), recording["mediaState"].as_str()), (Some(true), Some("WAITING")));
        assert!(recording["mediaProblem"].as_str().expect("a reason").contains("ffmpeg"));
        assert_eq!(recording["durationSeconds"], 28.0);
        assert_eq!(recording["renditions"], json!([{ "kind": "PROGRESSIVE", "height": null }]));
    })
    .await;
}

/// The transcoding jobs in the queue.
async fn transcodings(app: &TestApp) -> Vec<jobs::entity::Model> {
    let waiting = jobs::entity::Entity::find().filter(jobs::entity::Column::Kind.eq(Transcode::KIND));
    waiting.all(app.db.read()).await.expect("jobs can be read")
}

#[tokio::test]
async fn a_worker_that_leaves_transcoding_to_others_leaves_its_jobs_alone() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        uploaded(app, &trainer, &id, CLIP).await;
        let left = transcodings(app).await;
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].attempts, left[0].state), (0, jobs::entity::State::Waiting));
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_is_given_up_leaves_what_was_there_on_its_way() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        uploaded(app, &trainer, &id, CLIP).await;
        let recording = RecordingId::parse(&id).expect("an id");
        let row = recording::Entity::find_by_id(recording).one(app.db.read()).await.expect("read").expect("a recording");
        let job = Transcode { recording, object: row.source_object_id.expect("a source") };
        for by_time in [false, true] {
            // A worker without ffmpeg has taken the job, and let it wait.
            lyceum::transact!(app, |tx| jobs::cancel(tx, &job).await).expect("taken back");
            let trainer = trainer.again().await;
            let upload = trainer.runs(UPLOAD_START, &announced(&id, 9)).await["recordingUploadStart"]["upload"]["id"].clone();
            if by_time {
                app.clock.advance(Duration::days(8));
                lyceum::transact!(app, |tx| jobs::enqueue(tx, &discarding::Sweep::default()).await).expect("enqueued");
                app.run_jobs().await;
            } else {
                trainer.runs(UPLOAD_ABORT, &json!({ "id": upload })).await;
            }
            let stands = seen(&trainer.again().await, &id).await;
            assert_eq!(stands["mediaState"], "WAITING");
            assert!(stands["mediaProblem"].as_str().expect("a reason").contains("ffmpeg"));
            assert_eq!(transcodings(app).await.len(), 1, "it is on its way again");
        }
    })
    .await;
}

#[tokio::test]
async fn the_address_of_a_part_takes_nothing_else_and_nothing_once_the_upload_is_over() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        for is_completed in [true, false] {
            let id = created(&trainer, "PUBLIC").await;
            let started = trainer.runs(UPLOAD_START, &announced(&id, CLIP.len())).await["recordingUploadStart"].clone();
            let upload = started["upload"]["id"].clone();
            let answer = trainer.runs(ADDRESSES, &json!({ "id": upload, "numbers": [1] })).await;
            let address = answer["node"]["partAddresses"][0]["address"].clone();
            let url = address["url"].as_str().expect("an address");
            assert_ne!(put(&address, [CLIP, b"more"].concat()).await, 200, "larger");
            for (is, other) in [("/source?", "/other?"), ("partNumber=1", "partNumber=2")] {
                assert!(url.contains(is), "{url}");
                let elsewhere = json!({ "url": url.replacen(is, other, 1), "headers": address["headers"] });
                assert_ne!(put(&elsewhere, CLIP).await, 200, "{other}");
            }
            assert_eq!(put(&address, CLIP).await, 200);
            let over = if is_completed { UPLOAD_COMPLETE } else { UPLOAD_ABORT };
            trainer.runs(over, &json!({ "id": upload })).await;
            app.run_jobs().await;
            assert_ne!(put(&address, CLIP).await, 200, "over");
            let answer = trainer.runs(ADDRESSES, &json!({ "id": upload, "numbers": [1] })).await;
            assert_eq!(answer["node"]["partAddresses"], json!([]), "none are given any more");
            assert_eq!(seen(&trainer, &id).await["isPlayable"], is_completed);
        }
    })
    .await;
}

#[tokio::test]
async fn sizes_out_of_bounds_are_refused_before_anything_is_sent() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        assert_eq!(trainer.problems(UPLOAD_START, &announced(&id, 0)).await, ["OUT_OF_RANGE input.size"]);
        assert_eq!(trainer.problems(UPLOAD_START, &announced(&id, 1 << 40)).await, ["TOO_LARGE input.size"]);
    })
    .await;
}

#[tokio::test]
async fn a_recording_is_published_only_with_media_speakers_and_the_consent_of_each() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, viewer) = (app.trainer().await, app.practitioner().await);
        let id = created(&trainer, "MEMBERS").await;
        assert_eq!(trainer.problems(PUBLISH, &json!({ "id": id })).await, ["INCOMPLETE", "INCOMPLETE"]);
        uploaded(app, &trainer, &id, CLIP).await;
        let input = json!({ "key": key(), "recordingId": id, "name": "Iván Ejemplo" });
        let speaker = trainer.runs(SPEAKER_ADD, &json!({ "input": input })).await["speakerAdd"]["speaker"]["id"].clone();
        assert_eq!(trainer.problems(PUBLISH, &json!({ "id": id })).await, ["INCOMPLETE"]);
        let early = json!({ "agreedAt": "2099-01-01T00:00:00Z", "consentText": "" });
        let problems = trainer.problems(CONSENT, &json!({ "id": speaker, "input": early })).await;
        assert_eq!(problems, ["BLANK input.consentText", "OUT_OF_RANGE input.agreedAt"]);
        let consent = json!({ "agreedAt": "2026-09-01T09:00:00Z", "consentText": "I agree." });
        trainer.runs(CONSENT, &json!({ "id": speaker, "input": consent })).await;
        assert_eq!(seen(&viewer, &id).await, json!(null));
        trainer.runs(PUBLISH, &json!({ "id": id })).await;
        trainer.runs(PUBLISH, &json!({ "id": id })).await;
        assert_eq!(seen(&viewer, &id).await["speakers"], json!([{ "name": "Iván Ejemplo", "hasAgreed": null }]));

        trainer.runs(WITHDRAW, &json!({ "id": speaker })).await;
        assert_eq!(seen(&viewer, &id).await, json!(null), "hidden at once");
        assert_eq!(trainer.problems(PUBLISH, &json!({ "id": id })).await, ["INCOMPLETE"]);
        trainer.runs(CONSENT, &json!({ "id": speaker, "input": consent })).await;
        trainer.runs(PUBLISH, &json!({ "id": id })).await;
        assert_eq!(trainer.problems(SPEAKER_REMOVE, &json!({ "id": speaker })).await, ["WRONG_STATE id"]);
        let input = json!({ "key": key(), "recordingId": id, "name": "Awa Exemple" });
        trainer.runs(SPEAKER_ADD, &json!({ "input": input })).await;
        assert_eq!(seen(&viewer, &id).await, json!(null), "a further speaker has not agreed yet");
    })
    .await;
}

#[tokio::test]
async fn a_recording_is_taken_back_and_archived() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, viewer) = (app.trainer().await, app.practitioner().await);
        let id = published(app, &trainer, "PUBLIC").await;
        assert_eq!(seen(&app.visitor(), &id).await["title"], "Extradition");
        trainer.runs(UNPUBLISH, &json!({ "id": id })).await;
        assert_eq!(seen(&viewer, &id).await, json!(null));
        trainer.runs(ARCHIVE, &json!({ "id": id })).await;
        assert_eq!(trainer.problems(UNPUBLISH, &json!({ "id": id })).await, ["WRONG_STATE id"]);
        assert_eq!(seen(&trainer, &id).await["state"], "ARCHIVED");
    })
    .await;
}

#[tokio::test]
async fn visibility_decides_who_sees_a_recording_in_lists_and_by_id() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let others =
            [app.visitor(), app.unvetted().await, app.practitioner().await, app.trainer().await, app.administrator().await];
        let list = "query($mine: Boolean!) { recordings(mine: $mine) { nodes { id } } }";
        for (visibility, expected) in [
            ("PUBLIC", [true, true, true, true, true]),
            ("MEMBERS", [false, false, true, true, true]),
            ("INVITED", [false, false, false, false, true]),
        ] {
            let id = published(app, &trainer, visibility).await;
            for (other, expected) in others.iter().zip(expected) {
                assert_eq!(!seen(other, &id).await.is_null(), expected, "{visibility}");
                let listed = other.runs(list, &json!({ "mine": false })).await["recordings"]["nodes"].to_string();
                assert_eq!(listed.contains(&id), expected, "{visibility}");
            }
            let change = json!({ "id": id });
            assert_eq!(others[0].fails(PUBLISH, &change).await, "UNAUTHENTICATED");
            assert_eq!(others[3].fails(PUBLISH, &change).await, if expected[3] { "FORBIDDEN" } else { "NOT_FOUND" });
        }
        let mine = trainer.runs(list, &json!({ "mine": true })).await;
        assert_eq!(mine["recordings"]["nodes"].as_array().map(Vec::len), Some(3));
    })
    .await;
}

#[tokio::test]
async fn captions_are_read_strictly_rendered_anew_and_replaced() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let set = async |file: &Value| {
            let input = json!({ "recordingId": id, "language": "ar", "fileId": file });
            trainer.runs(CAPTIONS_SET, &json!({ "input": input })).await["captionsSet"]["captions"].clone()
        };
        let first =
            set(&captions_file(&trainer, "WEBVTT\n\n00:01.000 --> 00:02.500\n<b onclick=x>مرحبا</b><script>x</script>\n").await)
                .await;
        assert_eq!((first["direction"].as_str(), first["label"].as_str()), (Some("RTL"), Some("العربية")));
        assert_eq!(first["transcript"], json!([{ "startSeconds": 1.0, "endSeconds": 2.5, "text": "مرحباx" }]));
        let second = set(&captions_file(&trainer, "WEBVTT\n\n00:03.000 --> 00:04.000\nشكرا\n").await).await;
        assert_eq!((&second["id"], &second["transcript"][0]["text"]), (&first["id"], &json!("شكرا")));

        let broken = captions_file(&trainer, "WEBVTT\n\n00:01,000 --> 00:02.500\nx\n").await;
        let input = json!({ "recordingId": id, "language": "ar", "fileId": broken });
        let answer =
            trainer.sends(CAPTIONS_SET, &json!({ "input": input })).await["data"]["captionsSet"]["userErrors"][0].clone();
        assert_eq!((answer["code"].as_str(), answer["field"].clone()), (Some("INVALID"), json!(["input", "fileId"])));
        assert!(answer["message"].as_str().expect("a message").contains('3'), "{answer}");
        let other = app.trainer().await;
        let foreign = captions_file(&other, "WEBVTT\n\n00:01.000 --> 00:02.500\nx\n").await;
        let input = json!({ "recordingId": id, "language": "ar", "fileId": foreign });
        assert_eq!(trainer.problems(CAPTIONS_SET, &json!({ "input": input })).await, ["NOT_FOUND input.fileId"]);
        assert_eq!(other.fails(CAPTIONS_REMOVE, &json!({ "id": first["id"] })).await, "NOT_FOUND");
        trainer.runs(CAPTIONS_REMOVE, &json!({ "id": first["id"] })).await;
    })
    .await;
}

#[tokio::test]
async fn texts_are_kept_in_languages_and_say_when_they_are_outdated() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let set = async |language: &str, title: &str| {
            trainer.runs(TEXT_SET, &json!({ "id": id, "input": { "language": language, "title": title } })).await;
        };
        set("ar", "تسليم المطلوبين").await;
        set("en", "Extradition, step by step").await;
        let query =
            "query($id: ID!) { recording(id: $id) { title text(language: \"ar\") { title direction isOriginal isOutdated }
            translations { language } } }";
        let recording = trainer.accepting("ru, ar").runs(query, &json!({ "id": id })).await["recording"].clone();
        assert_eq!(recording["title"], "Extradition, step by step", "their own language comes first");
        let text = json!({ "title": "تسليم المطلوبين", "direction": "RTL", "isOriginal": false, "isOutdated": true });
        assert_eq!(recording["text"], text);
        let problem = json!({ "id": id, "input": { "language": "de", "title": "" } });
        assert_eq!(trainer.problems(TEXT_SET, &problem).await, ["INVALID input.language", "BLANK input.title"]);
        assert_eq!(trainer.problems(TEXT_REMOVE, &json!({ "id": id, "language": "en" })).await, ["WRONG_STATE language"]);
        trainer.runs(TEXT_REMOVE, &json!({ "id": id, "language": "ar" })).await;
        assert_eq!(trainer.problems(TEXT_REMOVE, &json!({ "id": id, "language": "ar" })).await, ["NOT_FOUND language"]);
    })
    .await;
}

#[tokio::test]
async fn the_same_text_again_outdates_no_translation() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let set = async |language: &str, title: &str| {
            let input = json!({ "language": language, "title": title, "summary": "A webinar." });
            trainer.runs(TEXT_SET, &json!({ "id": id, "input": input })).await;
        };
        let is_outdated = async || {
            let query = "query($id: ID!) { recording(id: $id) { text(language: \"ar\") { isOutdated } } }";
            trainer.runs(query, &json!({ "id": id })).await["recording"]["text"]["isOutdated"].clone()
        };
        set("ar", "تسليم المطلوبين").await;
        set("en", "Extradition").await;
        assert_eq!(is_outdated().await, false);
        set("en", "Extradition, step by step").await;
        assert_eq!(is_outdated().await, true);
        set("ar", "تسليم المطلوبين").await;
        assert_eq!(is_outdated().await, false, "the same translation again says that it still holds");
    })
    .await;
}

#[tokio::test]
async fn staff_fetch_the_captions_that_stand_before_anything_can_be_played() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let file = captions_file(&trainer, "WEBVTT\n\n00:01.000 --> 00:02.500\nWelcome\n").await;
        let input = json!({ "recordingId": id, "language": "en", "fileId": file });
        trainer.runs(CAPTIONS_SET, &json!({ "input": input })).await;
        let query = "query($id: ID!) { recording(id: $id) { isPlayable captions { url } } }";
        let recording = trainer.runs(query, &json!({ "id": id })).await["recording"].clone();
        assert_eq!(recording["isPlayable"], false);
        let url = recording["captions"][0]["url"].as_str().expect("an address").to_owned();
        let path = url.strip_prefix(&app.config.public_url).expect("on our host");
        let server = Server::start(app).await;
        let bearer = |client: &Client<'_>| format!("Bearer {}", client.token.as_deref().expect("signed in"));
        let fetched = server.gets(path, &[("authorization", &bearer(&trainer))]).await;
        assert!(String::from_utf8_lossy(&fetched.body).starts_with("WEBVTT\n\n00:00:01.000 --> 00:00:02.500"));
        let other = app.practitioner().await;
        assert_eq!(server.gets(path, &[("authorization", &bearer(&other))]).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn what_is_absent_in_an_update_stays_and_null_clears() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let update = async |input: Value| {
            trainer.runs(UPDATE, &json!({ "id": id, "input": input })).await["recordingUpdate"]["recording"].clone()
        };
        let recording = update(json!({ "spokenLanguage": "fr" })).await;
        assert_eq!(recording, json!({ "visibility": "PUBLIC", "recordedOn": "2026-09-15", "spokenLanguage": "fr" }));
        assert_eq!(update(json!({ "recordedOn": null })).await["recordedOn"], json!(null));
        let wrong = json!({ "id": id, "input": { "recordedOn": "2026-02-30" } });
        assert_eq!(trainer.problems(UPDATE, &wrong).await, ["INVALID input.recordedOn"]);
        assert_eq!(app.practitioner().await.fails(UPDATE, &json!({ "id": id, "input": {} })).await, "NOT_FOUND");
        let text = json!({ "language": "en", "title": "x" });
        let input = json!({ "input": { "key": key(), "spokenLanguage": "en", "text": text } });
        assert_eq!(app.practitioner().await.fails(CREATE, &input).await, "FORBIDDEN");
    })
    .await;
}
