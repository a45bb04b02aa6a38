//! Playing a film over HTTP as players do: playlist by playlist, segment by segment, each address judged anew.

use std::time::Duration;

use lyceum::recordings::media::playlist::{MediaPlaylist, Range};
use serde_json::json;

use crate::{
    app::{Client, TestApp, with_app_set},
    http_client::Server,
    playback::{imported, ticket_of},
    recordings::{PUBLISH, agreed, created},
    transfer::{fetch, get},
};

/// Addresses of object storage live two seconds, far less than the 28 of the film.
const SHORT_LIVED: [(&str, &str); 2] = [("LYCEUM_TRANSCODE", "off"), ("LYCEUM_MEDIA_ADDRESS_LIFE", "2")];

/// A player with what it was given: an address, and its app's token.
struct Player {
    server: Server,
    ticket: String,
    bearer: String,
}

impl Player {
    async fn new(app: &TestApp, viewer: &Client<'_>, recording: &str) -> Self {
        let bearer = format!("Bearer {}", viewer.token.as_deref().expect("signed in"));
        Self { server: Server::start(app).await, ticket: ticket_of(viewer, recording).await, bearer }
    }

    async fn reads(&self, file: &str) -> String {
        let path = format!("/media/{}/{file}", self.ticket);
        let reply = self.server.gets(&path, &[("authorization", &self.bearer)]).await;
        assert_eq!(reply.status, 200, "{file}");
        String::from_utf8(reply.body).expect("text")
    }

    /// Where storage serves a file just now, or the status of the refusal.
    async fn redirected(&self, file: &str) -> Result<String, u16> {
        let path = format!("/media/{}/{file}", self.ticket);
        let reply = self.server.gets(&path, &[("authorization", &self.bearer)]).await;
        let location = reply.header("location").map(str::to_owned);
        location.filter(|_| reply.status == 302).ok_or(reply.status)
    }

    /// A stretch of a file, through a redirect of its own.
    async fn fetches(&self, file: &str, range: Range) -> Vec<u8> {
        let address = self.redirected(file).await.expect("a redirect");
        let wanted = format!("bytes={}-{}", range.offset, range.offset + range.length - 1);
        let (status, _, bytes) = fetch(&address, &[("range", &wanted)]).await;
        assert_eq!((status, bytes.len() as u64), (206, range.length), "{file} {wanted}");
        bytes.to_vec()
    }
}

/// Whether storage says no; services differ in the number.
async fn is_refused(url: &str) -> bool {
    (400..500).contains(&get(url).await.0)
}

async fn published(app: &TestApp, trainer: &Client<'_>) -> String {
    let id = created(trainer, "MEMBERS").await;
    imported(app, trainer, &id).await;
    agreed(trainer, &id).await;
    trainer.runs(PUBLISH, &json!({ "id": id })).await;
    id
}

#[tokio::test]
async fn a_film_longer_than_its_addresses_live_plays_to_its_end_with_pauses_and_seeks() {
    with_app_set(&SHORT_LIVED, async |app| {
        let (trainer, viewer) = (app.trainer().await, app.practitioner().await);
        let id = published(app, &trainer).await;
        let player = Player::new(app, &viewer, &id).await;
        let master = player.reads("master.m3u8").await;
        let first = player.redirected("720p.mp4").await.expect("a redirect");
        assert_eq!(get(&first).await.0, 200);
        for (name, file) in [("720p", "video-720.mp4"), ("sound", "audio.mp4")] {
            assert!(master.contains(&format!("{name}.m3u8")), "{master}");
            let playlist = MediaPlaylist::parse(&player.reads(&format!("{name}.m3u8")).await).expect("a playlist");
            assert!(playlist.duration() > Duration::from_secs(27), "{:?}", playlist.duration());
            let mut ranges: Vec<Range> = playlist.segments.iter().map(|segment| segment.range).collect();
            let half = ranges.len() / 2;
            ranges.rotate_left(half); // the second half first, then back to the start
            ranges.insert(0, playlist.header);
            let mut seen = vec![0; usize::try_from(playlist.end()).expect("it fits")];
            for (at, range) in ranges.into_iter().enumerate() {
                if at == 2 || at == half + 1 {
                    tokio::time::sleep(Duration::from_secs(3)).await;
                }
                let start = usize::try_from(range.offset).expect("it fits");
                let bytes = player.fetches(&format!("{name}.mp4"), range).await;
                seen[start..start + bytes.len()].copy_from_slice(&bytes);
            }
            let whole = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/demo/content/clip").join(file);
            assert!(std::fs::read(whole).expect("the clip").starts_with(&seen), "{name} is not what was stored");
        }
        assert!(is_refused(&first).await, "the address of the start has ended");
    })
    .await;
}

#[tokio::test]
async fn an_address_dies_with_the_session_and_opens_nothing_else() {
    with_app_set(&SHORT_LIVED, async |app| {
        let (trainer, viewer) = (app.trainer().await, app.practitioner().await);
        let id = published(app, &trainer).await;
        let player = Player::new(app, &viewer, &id).await;
        let address = player.redirected("720p.mp4").await.expect("a redirect");
        let whole = player.redirected("source.mp4").await.expect("a redirect");
        let (place, query) = address.split_once('?').expect("a signature");
        let (bucket, _) = place.split_once("/renditions/").expect("a key");
        for listing in [
            bucket.to_owned(),
            format!("{bucket}/"),
            format!("{bucket}?list-type=2"),
            format!("{bucket}/?list-type=2&prefix=renditions/"),
            format!("{bucket}?{query}"),
            format!("{bucket}?list-type=2&{query}"),
            format!("{bucket}?uploads&{query}"),
        ] {
            let (status, _, body) = fetch(&listing, &[]).await;
            assert!((400..500).contains(&status), "{status} for {listing}");
            assert!(!String::from_utf8_lossy(&body).contains("<Key>"), "{listing}");
        }
        let other = place.replacen("/720p.mp4", "/240p.mp4", 1);
        assert!(is_refused(&format!("{other}?{query}")).await, "another key");
        assert!(is_refused(place).await, "no signature");

        for session in app.sessions.of_user(viewer.user(), app.clock.now()).await.expect("sessions") {
            app.sessions.end(&session).await.expect("signed out");
        }
        for file in ["720p.mp4", "source.mp4", "master.m3u8"] {
            assert_eq!(player.redirected(file).await, Err(403), "{file}");
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert!(is_refused(&address).await && is_refused(&whole).await, "what was given before has ended too");
    })
    .await;
}
