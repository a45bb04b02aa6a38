//! Backing a site up, restoring it, moving it and checking it, mostly by the program itself beside a running site.

mod backing_up;
mod comparing;
mod copying;
mod engines;
mod restoring;
mod upgrading;

use std::{cell::Cell, collections::BTreeMap, process::Stdio};

use lyceum::{demo, files::comparing as storage, graphql, moving::tables};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{
    app::{Client, PASSWORD, TestApp},
    playback::{served, ticket_of},
    recordings::{
        CLIP, PUBLISH, RECORDING, UPLOAD_COMPLETE, UPLOAD_START, agreed, announced, created, send_parts, sent, uploaded,
    },
    transfer::get,
};

/// A site in one folder, whatever engines there are.
pub const ONE_FOLDER: [(&str, &str); 5] =
    [("DATABASE_URL", ""), ("REDIS_URL", ""), ("S3_BUCKET", ""), ("LYCEUM_SECRET", ""), ("LYCEUM_TRANSCODE", "off")];

const SESSION_START: &str = "mutation($input: SessionStartInput!) { sessionStart(input: $input) {
    token userErrors { code } } }";
const MISSING: &str = "query($id: ID!) { node(id: $id) { ... on Upload { missingPartNumbers } } }";

/// Bytes of a film that is sent in three parts.
const LARGE: usize = 11 << 20;

/// A bucket of its own, for tests that look at all of it, and no transcoding.
pub fn own_bucket() -> Vec<(&'static str, String)> {
    let mut settings = vec![("LYCEUM_TRANSCODE", "off".to_owned())];
    if let Ok(prefix) = std::env::var("LYCEUM_TEST_S3_BUCKET_PREFIX") {
        settings.push(("S3_BUCKET", format!("{prefix}-{}", uuid::Uuid::new_v4().simple())));
    }
    settings
}

/// As [`TestApp::start`].
pub async fn start(settings: &[(&str, String)]) -> TestApp {
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    TestApp::start(&settings).await
}

/// The same site in another folder.
pub async fn start_in(folder: &std::path::Path) -> TestApp {
    let folder = folder.to_str().expect("text");
    TestApp::start(&[&ONE_FOLDER[..], &[("LYCEUM_DATA", folder)]].concat()).await
}

/// A command of the program with these settings alone.
pub fn command(settings: &BTreeMap<String, String>, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lyceum"));
    command.env_clear().envs(settings).args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command of the program; whether it went well, and all that it said.
pub async fn lyceum(settings: &BTreeMap<String, String>, arguments: &[&str]) -> (bool, String) {
    let output = command(settings, arguments).output().await.expect("it can be run");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).expect("text"))
}

/// Runs a command of the program that must go well; what it said.
pub async fn does(settings: &BTreeMap<String, String>, arguments: &[&str]) -> String {
    let (is_well, said) = lyceum(settings, arguments).await;
    assert!(is_well, "{arguments:?}: {said}");
    said
}

/// Runs a command of the program that must fail, and say `why`.
pub async fn refuses(settings: &BTreeMap<String, String>, arguments: &[&str], why: &str) {
    let (is_well, said) = lyceum(settings, arguments).await;
    assert!(!is_well && said.contains(why), "{arguments:?} was to say {why:?}: {said}");
}

/// `settings` for a site in another folder.
pub fn with_folder(settings: &BTreeMap<String, String>, folder: &std::path::Path) -> BTreeMap<String, String> {
    let mut settings = settings.clone();
    settings.insert("LYCEUM_DATA".into(), folder.display().to_string());
    settings
}

/// The clip, and a box of free space behind it (ISO/IEC 14496-12, 8.1.2), `size` bytes in all.
pub fn film(size: usize) -> Vec<u8> {
    let mut film = CLIP.to_vec();
    film.extend(u32::try_from(size - film.len()).expect("it fits").to_be_bytes());
    film.extend(b"free");
    film.resize(size, 0);
    film
}

/// What is on a site before it moves: the demo, a large film that is published, and an upload that is half sent.
pub struct Stage<'a> {
    pub trainer: Client<'a>,
    film: String,
    half: Value,
}

impl<'a> Stage<'a> {
    pub async fn on(app: &'a TestApp) -> Self {
        demo::load(app, &graphql::schema(true)).await.expect("the demo is loaded");
        app.run_jobs().await;
        let trainer = app.trainer().await;
        let published = created(&trainer, "MEMBERS").await;
        uploaded(app, &trainer, &published, &film(LARGE)).await;
        agreed(&trainer, &published).await;
        trainer.runs(PUBLISH, &json!({ "id": published })).await;
        let other = created(&trainer, "MEMBERS").await;
        let started = trainer.runs(UPLOAD_START, &announced(&other, LARGE)).await;
        let half = started["recordingUploadStart"]["upload"]["id"].clone();
        send_parts(&trainer, &half, &film(LARGE), &[2]).await;
        Self { trainer, film: published, half }
    }

    /// Uploads films, and replaces them, until `others` are done.
    pub async fn goes_on_during(&self, app: &TestApp, others: impl Future<Output = ()>) {
        let is_over = Cell::new(false);
        let others = async {
            others.await;
            is_over.set(true);
        };
        let changes = async {
            while !is_over.get() {
                let id = created(&self.trainer, "MEMBERS").await;
                sent(&self.trainer, &id, CLIP).await;
                sent(&self.trainer, &id, CLIP).await;
                app.run_jobs().await;
            }
        };
        tokio::join!(others, changes);
    }

    /// That all of it lives on at `app`.
    pub async fn lives_on(&self, app: &TestApp) {
        let trainer = self.trainer.of(app);
        self.plays(app).await;
        let missing = trainer.runs(MISSING, &json!({ "id": self.half })).await["node"]["missingPartNumbers"].clone();
        assert_eq!(missing, json!([1, 2, 3]), "the parts are to be sent again");
        send_parts(&trainer, &self.half, &film(LARGE), &[1, 2, 3]).await;
        trainer.runs(UPLOAD_COMPLETE, &json!({ "id": self.half })).await;
        app.run_jobs().await;
    }

    /// That people are signed in at `app` and can sign in anew, and see and play what there was.
    pub async fn plays(&self, app: &TestApp) {
        let trainer = self.trainer.of(app);
        assert_eq!(trainer.runs("{ viewer { user { id } } }", &json!({})).await["viewer"]["user"]["id"], trainer.id());
        let input = json!({ "input": { "email": trainer.email, "password": PASSWORD, "transport": "BEARER" } });
        let signed_in = app.visitor().runs(SESSION_START, &input).await["sessionStart"].clone();
        let viewer = trainer.with_token(&signed_in["token"]);

        let ticket = ticket_of(&viewer, &self.film).await;
        let address = served(app, &viewer.viewer().await, &ticket, "source.mp4").await;
        let (status, bytes) = get(address.trim_start_matches('→')).await;
        assert!(status == 200 && bytes == film(LARGE), "{address} answered {status}");

        let course = "{ course(slug: \"joining-a-treaty\") { publishedVersion { lessonCount } } }";
        assert_eq!(viewer.runs(course, &json!({})).await["course"]["publishedVersion"]["lessonCount"], 8);
        assert_eq!(viewer.runs(RECORDING, &json!({ "id": self.film })).await["recording"]["state"], "PUBLISHED");
    }
}

/// The tables that differ between two sites.
pub async fn differing(one: &TestApp, other: &TestApp) -> Vec<String> {
    let (one, other) = (contents(one).await, contents(other).await);
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    one.iter().filter(|(name, contents)| other[*name] != **contents).map(|(name, _)| name.clone()).collect()
}

pub async fn contents(app: &TestApp) -> BTreeMap<String, tables::Contents> {
    tables::contents(app.db.unlimited()).await.expect("they can be read")
}

/// What a comparison of storage and rows finds, in order; each object is read.
pub async fn findings(app: &TestApp) -> Vec<String> {
    let found = storage::compare(app, true).await.expect("they can be compared");
    let mut findings: Vec<_> = found.findings.iter().map(ToString::to_string).collect();
    findings.sort();
    findings
}

/// A folder of its own.
pub fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}
