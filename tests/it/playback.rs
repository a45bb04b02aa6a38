//! Playing recordings through tickets, and what was watched of them.

use chrono::Duration;
use futures_util::future::join_all;
use lyceum::{
    recordings::{
        playback::{self, Answer},
        recording,
    },
    role::SiteRole,
    viewer::Viewer,
};
use sea_orm::{EntityTrait as _, Set};
use serde_json::{Value, json};

use crate::{
    app::{Client, TestApp, with_app, with_app_set},
    http_client::Server,
    recordings::{
        CAPTIONS_SET, CLIP, PUBLISH, WITHDRAW as CONSENT_WITHDRAW, WITHOUT_FFMPEG, agreed, captions_file, created, published,
        seen, uploaded,
    },
    teaching::{ENROL, Taught, WITHDRAW},
    transcoding::has_ffmpeg,
    transfer::get,
};

const PLAYBACK: &str =
    "query($id: ID!) { recording(id: $id) { playback { ticket hlsUrl progressiveUrl captions { language label url } expiresAt }
    viewerWatch { seconds share shareNeeded positionSeconds intervals { startSeconds endSeconds } } } }";
const REPORT: &str = "mutation($input: WatchReportInput!) { watchReport(input: $input) {
    watch { seconds share shareNeeded positionSeconds intervals { startSeconds endSeconds } } userErrors { code field } } }";
const UNPUBLISH: &str = "mutation($id: ID!) { recordingUnpublish(id: $id) { recording { state } userErrors { code } } }";
const CHANGED: &str = "subscription($id: ID!) { recordingChanged(id: $id) { mediaState transcodeProgress } }";

async fn playback_of(client: &Client<'_>, id: &str) -> Value {
    client.runs(PLAYBACK, &json!({ "id": id })).await["recording"]["playback"].clone()
}

pub async fn ticket_of(client: &Client<'_>, id: &str) -> String {
    playback_of(client, id).await["ticket"].as_str().expect("a ticket").to_owned()
}

/// What `viewer` gets for `file`, as a word: the text, `→` and an address, or the code of the refusal.
pub async fn served(app: &TestApp, viewer: &Viewer, ticket: &str, file: &str) -> String {
    match playback::serve(app, viewer, ticket, file).await {
        Ok(Answer::Text { body, .. }) => String::from_utf8(body.to_vec()).expect("a text"),
        Ok(Answer::Redirect(address)) => format!("→{address}"),
        Err(error) => error.code().to_owned(),
    }
}

/// How long a presigned address lives, in seconds.
fn life(redirect: &str) -> u64 {
    let (_, rest) = redirect.split_once("X-Amz-Expires=").expect("a presigned address");
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("seconds")
}

#[tokio::test]
async fn a_film_as_uploaded_is_redirected_to_an_address_that_lives_five_minutes_however_long_it_plays() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, viewer) = (app.trainer().await, app.practitioner().await);
        let id = published(app, &trainer, "MEMBERS").await;
        let playback = playback_of(&viewer, &id).await;
        assert_eq!(playback["hlsUrl"], json!(null));
        let ticket = playback["ticket"].as_str().expect("a ticket");
        assert!(playback["progressiveUrl"].as_str().expect("an address").ends_with(&format!("/media/{ticket}/source.mp4")));
        let hour = recording::ActiveModel { duration_ms: Set(Some(3_600_000)), ..Default::default() };
        recording::Entity::update_many().set(hour).exec(app.db.write()).await.expect("an hour");
        let redirect = served(app, &viewer.viewer().await, ticket, "source.mp4").await;
        assert_eq!(life(&redirect), 300);
        let (status, bytes) = get(redirect.trim_start_matches('→')).await;
        assert_eq!((status, &bytes[..]), (200, CLIP));
        for missing in ["master.m3u8", "720p.mp4", "captions-ar.vtt", "..", "source"] {
            assert_eq!(served(app, &viewer.viewer().await, ticket, missing).await, "NOT_FOUND", "{missing}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_ticket_is_its_holders_own_and_ends_with_session_and_right() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, viewer, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let id = published(app, &trainer, "MEMBERS").await;
        let ticket = ticket_of(&viewer, &id).await;
        let nobody = Viewer::visitor();
        let elsewhere = Viewer { address: "192.0.2.7".parse().expect("an address"), ..Viewer::visitor() };
        // An app's player, which sends no token, is known by its network; whoever is elsewhere is not.
        assert!(served(app, &nobody, &ticket, "source.mp4").await.starts_with('→'));
        assert_eq!(served(app, &elsewhere, &ticket, "source.mp4").await, "FORBIDDEN");
        let foreign = Viewer { address: elsewhere.address, ..other.viewer().await };
        assert_eq!(served(app, &foreign, &ticket, "source.mp4").await, "FORBIDDEN");
        let neighbour = other.viewer().await;
        assert_eq!(served(app, &neighbour, &ticket, "source.mp4").await, "FORBIDDEN", "somebody else of the same network");
        let own_other_device = viewer.again().await.viewer().await;
        assert!(served(app, &own_other_device, &ticket, "source.mp4").await.starts_with('→'));
        assert!(
            served(app, &Viewer { address: elsewhere.address, ..viewer.viewer().await }, &ticket, "source.mp4")
                .await
                .starts_with('→')
        );

        // A browser sends its cookie each time.
        let browser = Viewer { by_cookie: true, ..viewer.viewer().await };
        let recording = lyceum::recordings::policy::find(app.db.read(), &browser, lyceum::ids::Id::parse(&id).expect("an id"))
            .await
            .expect("seen");
        let cookie = playback::grant(app, &browser, &recording).await.expect("granted").expect("playable").ticket;
        assert_eq!(served(app, &nobody, &cookie, "source.mp4").await, "FORBIDDEN");
        assert!(served(app, &browser, &cookie, "source.mp4").await.starts_with('→'));

        let forged = ticket.replacen(&ticket[20..24], "AAAA", 1);
        assert_eq!(served(app, &nobody, &forged, "source.mp4").await, "NOT_FOUND");
        for session in app.sessions.of_user(viewer.user(), app.clock.now()).await.expect("sessions") {
            app.sessions.end(&session).await.expect("signed out");
        }
        assert_eq!(served(app, &nobody, &ticket, "source.mp4").await, "FORBIDDEN");
        let ticket = ticket_of(&other, &id).await;
        assert!(served(app, &other.viewer().await, &ticket, "source.mp4").await.starts_with('→'));
        trainer.runs(UNPUBLISH, &json!({ "id": id })).await;
        assert_eq!(served(app, &other.viewer().await, &ticket, "source.mp4").await, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_visitor_plays_public_recordings_until_they_are_taken_back() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = published(app, &trainer, "PUBLIC").await;
        let ticket = ticket_of(&app.visitor(), &id).await;
        let elsewhere = Viewer { address: "192.0.2.7".parse().expect("an address"), ..Viewer::visitor() };
        assert!(served(app, &elsewhere, &ticket, "source.mp4").await.starts_with('→'));
        app.clock.advance(Duration::days(8));
        assert_eq!(served(app, &elsewhere, &ticket, "source.mp4").await, "NOT_FOUND", "too old");
        let ticket = ticket_of(&app.visitor(), &id).await;
        trainer.again().await.runs(UNPUBLISH, &json!({ "id": id })).await;
        assert_eq!(served(app, &elsewhere, &ticket, "source.mp4").await, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn renditions_captions_and_sound_are_listed_and_progress_is_told() {
    with_app(async |app| {
        if !has_ffmpeg().await {
            return;
        }
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        let mut changes = trainer.follows(CHANGED, &json!({ "id": id })).await;
        let told = tokio::spawn(async move {
            let mut states = Vec::new();
            while let Some(change) = futures_util::StreamExt::next(&mut changes).await {
                let state = change["data"]["recordingChanged"]["mediaState"].as_str().unwrap_or("?").to_owned();
                let end = state == "READY";
                states.push(state);
                if end {
                    break;
                }
            }
            states
        });
        uploaded(app, &trainer, &id, CLIP).await;
        let told = told.await.expect("it is told");
        assert!(told.contains(&"TRANSCODING".to_owned()) && told.ends_with(&["READY".to_owned()]), "{told:?}");
        let file = captions_file(&trainer, "WEBVTT\n\n00:01.000 --> 00:02.500\nمرحبا\n").await;
        let input = json!({ "recordingId": id, "language": "ar", "fileId": file });
        trainer.runs(CAPTIONS_SET, &json!({ "input": input })).await;

        let recording = seen(&trainer, &id).await;
        let kinds: Vec<_> =
            recording["renditions"].as_array().into_iter().flatten().map(|r| (r["kind"].clone(), r["height"].clone())).collect();
        assert_eq!(kinds.len(), 4, "{kinds:?}");
        assert_eq!(recording["accessModes"], json!(["visual", "auditory", "textual"]));

        let playback = playback_of(&trainer, &id).await;
        let ticket = playback["ticket"].as_str().expect("a ticket");
        let viewer = trainer.viewer().await;
        let master = served(app, &viewer, ticket, "master.m3u8").await;
        for line in [
            "360p.m3u8",
            "240p.m3u8",
            "URI=\"sound.m3u8\"",
            "LANGUAGE=\"ar\"",
            "URI=\"captions-ar.m3u8\"",
            "SUBTITLES=\"captions\"",
        ] {
            assert!(master.contains(line), "{line} in {master}");
        }
        let playlist = served(app, &viewer, ticket, "240p.m3u8").await;
        assert!(playlist.contains("\n240p.mp4\n") && !playlist.contains("://"), "{playlist}");
        let redirect = served(app, &viewer, ticket, "240p.mp4").await;
        assert!(life(&redirect) <= 300);
        assert_eq!(get(redirect.trim_start_matches('→')).await.0, 200);
        assert!(served(app, &viewer, ticket, "captions-ar.m3u8").await.contains("captions-ar.vtt"));
        let server = Server::start(app).await;
        for address in ["master.m3u8", "source.mp4"] {
            let address = format!("http://{}/media/{ticket}/{address}", server.address);
            let asked = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", &address];
            let probed = tokio::process::Command::new("ffprobe").args(asked).output().await.expect("ffprobe runs");
            let said = String::from_utf8_lossy(&probed.stdout).trim().parse::<f64>();
            assert!(said.is_ok_and(|seconds| (27.5..29.0).contains(&seconds)), "{address}: {probed:?}");
        }
        assert!(served(app, &viewer, ticket, "captions-ar.vtt").await.starts_with("WEBVTT\n\n00:00:01.000"));
    })
    .await;
}

#[tokio::test]
async fn what_was_watched_is_merged_resumed_and_credited_for_at_most_twice_the_time() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, viewer, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let id = published(app, &trainer, "MEMBERS").await;
        let ticket = ticket_of(&viewer, &id).await;
        let report = |intervals: Value, position: f64| {
            json!({ "input": { "recordingId": id, "ticket": ticket, "intervals": intervals, "positionSeconds": position } })
        };
        let stretch = |from: f64, to: f64| json!({ "startSeconds": from, "endSeconds": to });
        let watched = async |variables: Value| viewer.runs(REPORT, &variables).await["watchReport"]["watch"].clone();

        let at_once = watched(report(json!([stretch(0.0, 28.0)]), 28.0)).await;
        assert!(at_once["seconds"].as_f64().expect("seconds") < 10.0, "a hundred times the speed: {at_once}");
        app.clock.advance(Duration::seconds(5));
        watched(report(json!([stretch(0.0, 5.0), stretch(4.0, 8.0)]), 8.0)).await;
        app.clock.advance(Duration::seconds(20));
        let all = watched(report(json!([stretch(8.0, 28.4), stretch(0.0, 8.0)]), 20.0)).await;
        assert_eq!(all["intervals"], json!([stretch(0.0, 28.0)]));
        assert_eq!((&all["share"], &all["positionSeconds"]), (&json!(1.0), &json!(20.0)));
        assert_eq!(all["shareNeeded"], 0.9);
        let kept = viewer.runs(PLAYBACK, &json!({ "id": id })).await;
        assert_eq!(kept["recording"]["viewerWatch"], all);
        assert_eq!(other.runs(PLAYBACK, &json!({ "id": id })).await["recording"]["viewerWatch"]["seconds"], 0.0);

        assert_eq!(other.problems(REPORT, &report(json!([]), 0.0)).await, ["EXPIRED input.ticket"]);
        let wrong = report(json!([stretch(5.0, 2.0), stretch(0.0, 99.0), stretch(-1.0, 2.0)]), 99.0);
        assert_eq!(viewer.problems(REPORT, &wrong).await.len(), 4);
        let many = Value::Array(vec![stretch(0.0, 1.0); 101]);
        assert_eq!(viewer.problems(REPORT, &report(many, 0.0)).await, ["LIMIT_REACHED input.intervals"]);
        assert_eq!(app.visitor().fails(REPORT, &report(json!([]), 0.0)).await, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn a_player_and_its_reports_cost_few_statements() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, viewer) = (app.trainer().await, app.practitioner().await);
        let id = published(app, &trainer, "MEMBERS").await;
        let ticket = ticket_of(&viewer, &id).await;
        let costs = async |file: &str| {
            let before = app.db.statements();
            app.sessions.of_user(viewer.user(), app.clock.now()).await.expect("sessions");
            let looked = app.db.statements();
            served(app, &Viewer::visitor(), &ticket, file).await;
            (app.db.statements() - looked) - (looked - before)
        };
        // Who it is with the recording, and the object.
        assert_eq!(costs("source.mp4").await, 2);
        // Renditions are none yet, so they are looked for.
        assert_eq!(costs("720p.mp4").await, 2);
        let report = |end: f64| {
            let stretch = json!([{ "startSeconds": 0.0, "endSeconds": end }]);
            json!({ "input": { "recordingId": id, "ticket": ticket, "intervals": stretch, "positionSeconds": end } })
        };
        app.clock.advance(Duration::seconds(2));
        // The recording with what was watched of it, and the report, each together with others'.
        assert_eq!(viewer.costs(REPORT, &report(3.0)).await, 2);
    })
    .await;
}

#[tokio::test]
async fn people_who_report_at_once_share_statements_and_each_have_what_they_watched() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = published(app, &trainer, "MEMBERS").await;
        let mut people = Vec::new();
        for number in 1..=12 {
            let person = app.practitioner().await;
            people.push((f64::from(number) / 4.0, ticket_of(&person, &id).await, person));
        }
        app.clock.advance(Duration::seconds(10));
        let report = |end: f64, ticket: &str| {
            let stretch = json!([{ "startSeconds": 0.0, "endSeconds": end }]);
            json!({ "input": { "recordingId": id, "ticket": ticket, "intervals": stretch, "positionSeconds": end } })
        };
        // The first of each begins their row.
        for (_, ticket, person) in &people {
            person.runs(REPORT, &report(0.1, ticket)).await;
        }
        let before = app.db.statements();
        let send = async |(end, ticket, person): &(f64, String, Client<'_>)| person.runs(REPORT, &report(*end, ticket)).await;
        let reported = join_all(people.iter().map(send)).await;
        assert!(app.db.statements() - before < 2 * 12, "{}", app.db.statements() - before);
        for ((end, ..), reported) in people.iter().zip(reported) {
            let watched = json!([{ "startSeconds": 0.0, "endSeconds": end }]);
            assert_eq!(reported["watchReport"]["watch"]["intervals"], watched);
        }
        // Two of one person at once: neither is lost.
        let (_, ticket, person) = &people[0];
        let parts = [(1.0, 1.5), (2.0, 2.5)].map(|(start, end)| {
            let stretch = json!([{ "startSeconds": start, "endSeconds": end }]);
            let input = json!({ "recordingId": id, "ticket": ticket, "intervals": stretch, "positionSeconds": end });
            async move { person.runs(REPORT, &json!({ "input": input })).await }
        });
        join_all(parts).await;
        let watched = person.runs(REPORT, &report(0.1, ticket)).await["watchReport"]["watch"]["intervals"].clone();
        let all = [(0.0, 0.25), (1.0, 1.5), (2.0, 2.5)];
        assert_eq!(watched, json!(all.map(|(start, end)| json!({ "startSeconds": start, "endSeconds": end }))));
    })
    .await;
}

#[tokio::test]
async fn an_address_is_refused_at_once_after_withdrawal_of_consent_and_of_an_enrolment() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, viewer) = (app.trainer().await, app.practitioner().await);
        let id = created(&trainer, "INVITED").await;
        uploaded(app, &trainer, &id, CLIP).await;
        let speaker = agreed(&trainer, &id).await;
        trainer.runs(PUBLISH, &json!({ "id": id })).await;
        let course = Taught::course(&trainer, "Course", "PUBLIC").await;
        let module = course.with_module("Module").await;
        course.with_lesson(&module, "Film", "RECORDING", &json!({ "recordingId": id })).await;
        course.publishes().await;
        let plays = async |ticket: &str| served(app, &viewer.viewer().await, ticket, "source.mp4").await;

        viewer.runs(ENROL, &json!({ "id": course.id })).await;
        let ticket = ticket_of(&viewer, &id).await;
        assert!(plays(&ticket).await.starts_with('→'));
        viewer.runs(WITHDRAW, &json!({ "id": course.id })).await;
        assert_eq!(plays(&ticket).await, "NOT_FOUND");
        viewer.runs(ENROL, &json!({ "id": course.id })).await;
        assert!(plays(&ticket).await.starts_with('→'));
        trainer.runs(CONSENT_WITHDRAW, &json!({ "id": speaker })).await;
        assert_eq!(plays(&ticket).await, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn what_somebody_follows_ends_when_their_role_does() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, administrator, _) = (app.trainer().await, app.administrator().await, app.administrator().await);
        let id = published(app, &trainer, "PUBLIC").await;
        let document = "subscription($id: ID!) { recordingChanged(id: $id) { state speakers { name consentText } } }";
        let mut changes = administrator.follows(document, &json!({ "id": id })).await;
        let mut next = async || {
            let patience = std::time::Duration::from_secs(10);
            tokio::time::timeout(patience, futures_util::StreamExt::next(&mut changes)).await.expect("it is told or ends")
        };
        let unpublish_and_publish = async || {
            trainer.runs(UNPUBLISH, &json!({ "id": id })).await;
            trainer.runs(PUBLISH, &json!({ "id": id })).await;
        };
        // It is followed from when it is first asked for what comes next.
        let later = async {
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            unpublish_and_publish().await;
        };
        let (told, ()) = tokio::join!(next(), later);
        let told = told.expect("it is told");
        assert_eq!(told["data"]["recordingChanged"]["speakers"][0]["consentText"], "I agree.");
        next().await.expect("it is told");
        let demoted = lyceum::accounts::admin::set_role(app, &administrator.email, SiteRole::Administrator, false).await;
        demoted.expect("the role is taken");
        unpublish_and_publish().await;
        assert_eq!(next().await, None);
    })
    .await;
}

/// Gives a recording the renditions of the demo's clip, which lasts 28 seconds.
pub async fn imported(app: &TestApp, trainer: &Client<'_>, id: &str) {
    use lyceum::{
        ids::Id as _,
        recordings::{
            importing,
            media::{
                encode::{Encoded, Kind, SOUND, read_back},
                probe::Ratio,
            },
        },
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/content/clip");
    let frame_rate = Ratio { over: 25, under: 1 };
    let mut renditions = Vec::new();
    for (stem, name, kind) in [
        ("video-720", "720p", Kind::Picture { width: 1280, height: 720, frame_rate }),
        ("video-240", "240p", Kind::Picture { width: 426, height: 240, frame_rate }),
        ("audio", SOUND, Kind::Sound { channels: 1 }),
    ] {
        renditions.push(read_back(&folder, stem, name.to_owned(), kind).await.expect("it can be read"));
    }
    let recording = lyceum::ids::RecordingId::parse(id).expect("an id");
    let (viewer, encoded) = (trainer.viewer().await, Encoded::of(renditions));
    importing::import(app, &viewer, recording, &folder.join("clip.mp4"), &encoded).await.expect("it is taken over");
}

#[tokio::test]
async fn finished_renditions_are_taken_over_and_play_where_ffmpeg_is_missing() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let trainer = app.trainer().await;
        let id = created(&trainer, "PUBLIC").await;
        imported(app, &trainer, &id).await;
        let viewer = trainer.viewer().await;
        assert_eq!(seen(&trainer, &id).await["mediaState"], "READY");
        let ticket = ticket_of(&trainer, &id).await;
        let master = served(app, &viewer, &ticket, "master.m3u8").await;
        assert!(
            master.contains("RESOLUTION=1280x720,FRAME-RATE=25.000") && master.contains("CODECS=\"avc1.4D401F,mp4a.40.2\""),
            "{master}"
        );
        let redirect = served(app, &viewer, &ticket, "720p.mp4").await;
        assert_eq!(get(redirect.trim_start_matches('→')).await.1.len(), 76818);
    })
    .await;
}
