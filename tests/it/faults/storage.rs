//! Object storage, where media are.

use std::time::Duration;

use serde_json::{Value, json};

use super::{PUBLIC, RECOVERY, asked, assert_away, behind, created as course_created, health, new_course, proxy::Mode, within};
use crate::{
    app::{Client, TestApp},
    http_client::Server,
    recordings::{CLIP, UPLOAD_COMPLETE, UPLOAD_START, announced, created, numbers, seen, send_parts, uploaded},
};

/// Bounded by the time that a short request to it may take.
const LIMIT: Duration = Duration::from_secs(7);
const BROKEN: &str = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const OTHER_ETAG: &str = "HTTP/1.1 200 OK\r\netag: \"0123\"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Begins an upload of the clip; its id.
async fn begun(trainer: &Client<'_>, recording: &str) -> Value {
    let started = trainer.runs(UPLOAD_START, &announced(recording, CLIP.len())).await["recordingUploadStart"].clone();
    let upload = started["upload"]["id"].clone();
    send_parts(trainer, &upload, CLIP, &numbers(&started["upload"]["missingPartNumbers"])).await;
    upload
}

async fn media_state(trainer: &Client<'_>, recording: &str) -> Value {
    seen(trainer, recording).await["mediaState"].clone()
}

/// Runs jobs as time goes by, until the media of a recording are `state`.
async fn becomes(app: &TestApp, trainer: &Client<'_>, recording: &str, state: &str) {
    within(3 * RECOVERY, async || {
        app.run_jobs().await;
        app.clock.advance(chrono::Duration::minutes(5));
        media_state(trainer, recording).await == state
    })
    .await;
}

#[tokio::test]
async fn while_storage_is_away_only_media_suffer_and_half_an_upload_is_never_taken_for_one() {
    let Some((app, proxy)) = behind("AWS_ENDPOINT_URL_S3").await else { return };
    let (server, trainer, visitor) = (Server::start(&app).await, app.trainer().await, app.visitor());
    for fault in [Mode::Refuse, Mode::Hang, Mode::Answer(BROKEN), Mode::Truncate(20), Mode::Answer(OTHER_ETAG)] {
        let recording = created(&trainer, "PUBLIC").await;
        let upload = begun(&trainer, &recording).await;
        proxy.set(fault).await;

        let (none, meanwhile) = (json!({}), new_course("Meanwhile"));
        let ((public, took), id) =
            tokio::join!(asked(&server, &visitor, PUBLIC, &none), course_created(&server, &trainer, &meanwhile));
        assert_eq!((public.status, id.is_string()), (200, true), "{fault:?}");
        assert!(took < Duration::from_secs(1), "{fault:?}: {took:?}");
        within(RECOVERY, async || health(&server).await == (200, 200)).await;

        let other = created(&trainer, "PUBLIC").await;
        let complete = json!({ "id": upload });
        let another = announced(&other, CLIP.len());
        let (done, started) =
            tokio::join!(asked(&server, &trainer, UPLOAD_COMPLETE, &complete), asked(&server, &trainer, UPLOAD_START, &another),);
        for (reply, took) in [done, started] {
            if fault == Mode::Answer(OTHER_ETAG) && reply.status == 200 {
                // What it says makes sense, but is not what was asked: no part is there.
                assert_eq!(reply.json()["data"]["recordingUploadComplete"]["userErrors"][0]["code"], "INCOMPLETE");
            } else {
                assert_away(&reply);
            }
            assert!(took < LIMIT, "{fault:?}: {took:?}");
        }
        assert_ne!(media_state(&trainer, &recording).await, "READY", "{fault:?}");

        proxy.set(Mode::Pass).await;
        trainer.runs(UPLOAD_COMPLETE, &complete).await;
        becomes(&app, &trainer, &recording, "READY").await;
    }
    app.stop().await;
}

#[tokio::test]
async fn a_film_that_storage_gives_slowly_or_in_part_is_ready_once_and_only_when_it_is_whole() {
    let Some((app, proxy)) = behind("AWS_ENDPOINT_URL_S3").await else { return };
    let trainer = app.trainer().await;
    for fault in [Mode::Truncate(20_000), Mode::Delay(Duration::from_millis(20)), Mode::Refuse] {
        let recording = created(&trainer, "PUBLIC").await;
        let upload = begun(&trainer, &recording).await;
        trainer.runs(UPLOAD_COMPLETE, &json!({ "id": upload })).await;
        proxy.set(fault).await;
        app.run_jobs().await;
        if !matches!(fault, Mode::Delay(_)) {
            assert_ne!(media_state(&trainer, &recording).await, "READY", "{fault:?}");
        }
        proxy.set(Mode::Pass).await;
        becomes(&app, &trainer, &recording, "READY").await;
    }
    let recording = created(&trainer, "PUBLIC").await;
    uploaded(&app, &trainer, &recording, CLIP).await;
    assert_eq!(media_state(&trainer, &recording).await, "READY");
    app.stop().await;
}
