//! What the demo loads, as it was when the server was built. The shapes mirror the API's inputs.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

/// Texts by language, each with the fields of an input of the API.
pub type Texts = BTreeMap<String, Map<String, Value>>;

macro_rules! files {
    ($($name:literal)*) => { [$(($name, include_bytes!(concat!("content/", $name)).as_slice())),*] };
}

const FILES: [(&str, &[u8]); 45] = files! {
    "people.toml" "course.toml" "quiz.toml" "recordings.toml" "community.toml" "webinars.toml" "held.toml" "clip/clip.toml"
    "articles/consent.ar.md" "articles/consent.en.md" "articles/consent.es.md"
    "articles/consent.fr.md" "articles/consent.ru.md" "articles/consent.zh.md"
    "articles/cooperation.ar.md" "articles/cooperation.en.md" "articles/cooperation.es.md"
    "articles/cooperation.fr.md" "articles/cooperation.ru.md" "articles/cooperation.zh.md"
    "articles/jurisdiction.ar.md" "articles/jurisdiction.en.md" "articles/jurisdiction.es.md"
    "articles/jurisdiction.fr.md" "articles/jurisdiction.ru.md" "articles/jurisdiction.zh.md"
    "articles/legislation.ar.md" "articles/legislation.en.md" "articles/legislation.es.md"
    "articles/legislation.fr.md" "articles/legislation.ru.md" "articles/legislation.zh.md"
    "captions/five-questions.ar.vtt" "captions/five-questions.en.vtt"
    "captions/five-steps.ar.vtt" "captions/five-steps.en.vtt"
    "clip/clip.mp4" "clip/video-720.mp4" "clip/video-240.mp4" "clip/audio.mp4"
    "clip/video-720.m3u8" "clip/video-240.m3u8" "clip/audio.m3u8"
    "document/checklist.pdf" "emblem/emblem.png"
};

/// The bytes of a file of the content.
pub fn bytes(name: &str) -> anyhow::Result<&'static [u8]> {
    let found = FILES.iter().find(|(known, _)| *known == name);
    found.map(|(_, bytes)| *bytes).with_context(|| format!("the demo has no {name}"))
}

/// A file of the content as text.
pub fn text(name: &str) -> anyhow::Result<&'static str> {
    Ok(std::str::from_utf8(bytes(name)?)?)
}

/// A TOML file of the content.
pub fn read<T: DeserializeOwned>(name: &str) -> anyhow::Result<T> {
    toml::from_str(text(name)?).with_context(|| name.to_owned())
}

/// Somebody who can sign in to the demo. All are made up.
#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    /// What other files call them; it says their role.
    pub name: String,
    /// Name in their own script.
    pub full_name: String,
    /// The same in Latin letters.
    pub latin_name: Option<String>,
    /// Address to sign in with.
    pub email: String,
    /// Preferred language.
    pub language: String,
    /// IANA zone.
    pub time_zone: String,
    /// Site roles, as the API names them.
    pub roles: Vec<String>,
    /// Whether an administrator has vetted them.
    pub vetted: bool,
    /// Whether visitors see their name.
    #[serde(default)]
    pub shown_to_visitors: bool,
    /// Gender as the API names it, if told.
    pub gender: Option<String>,
    /// ISO 3166-1 alpha-2, if told.
    pub country: Option<String>,
    /// Kind of organisation as the API names it, if told.
    pub organisation_kind: Option<String>,
}

/// Everybody in the demo.
pub fn people() -> anyhow::Result<Vec<Person>> {
    #[derive(Deserialize)]
    struct File {
        person: Vec<Person>,
    }
    Ok(read::<File>("people.toml")?.person)
}

/// The course.
#[derive(Deserialize)]
pub struct Course {
    pub slug: String,
    pub visibility: String,
    pub original_language: String,
    pub author: String,
    pub text: Texts,
    pub module: Vec<Module>,
}

/// A module of the course.
#[derive(Deserialize)]
pub struct Module {
    pub text: Texts,
    pub lesson: Vec<Lesson>,
}

/// A lesson; one of the names says what it shows.
#[derive(Deserialize)]
pub struct Lesson {
    pub kind: String,
    pub text: Texts,
    pub minutes: i32,
    #[serde(default = "yes")]
    pub required: bool,
    pub article: Option<String>,
    pub recording: Option<String>,
    pub document: Option<String>,
    pub url: Option<String>,
}

fn yes() -> bool {
    true
}

/// The quiz of the course.
#[derive(Deserialize)]
pub struct Quiz {
    pub attempt_limit: i32,
    pub time_limit_seconds: i32,
    pub pass_mark_percent: i32,
    pub shuffles_questions: bool,
    pub shuffles_choices: bool,
    pub text: Texts,
    pub question: Vec<Question>,
}

/// A question; `correct` counts choices from 0.
#[derive(Deserialize)]
pub struct Question {
    pub kind: String,
    pub points: i32,
    pub correct: Vec<i32>,
    pub text: Texts,
}

/// The recordings.
#[derive(Deserialize)]
pub struct Recordings {
    pub recording: Vec<Recording>,
}

/// A recording; all show the clip.
#[derive(Deserialize)]
pub struct Recording {
    pub name: String,
    pub visibility: String,
    pub author: String,
    pub original_language: String,
    pub spoken_language: String,
    pub recorded_on: String,
    pub text: Texts,
    pub speaker: Vec<Speaker>,
    pub captions: Vec<Captions>,
}

/// Somebody who speaks in a recording, and agreed.
#[derive(Deserialize)]
pub struct Speaker {
    pub name: String,
    pub role: String,
    pub agreed_on: String,
    pub consent: String,
}

/// Captions in a language.
#[derive(Deserialize)]
pub struct Captions {
    pub language: String,
    pub file: String,
}

/// What the clip and its renditions are.
#[derive(Deserialize)]
pub struct Clip {
    pub frame_rate: f64,
    pub video: Vec<Picture>,
    pub audio: Sound,
}

/// A rendition of the picture.
#[derive(Deserialize)]
pub struct Picture {
    pub file: String,
    pub playlist: String,
    pub width: u32,
    pub height: u32,
    pub codecs: String,
}

/// The rendition of the sound.
#[derive(Deserialize)]
pub struct Sound {
    pub file: String,
    pub playlist: String,
    pub channels: u32,
    pub codecs: String,
}

/// The community and its discussion.
#[derive(Deserialize)]
pub struct Community {
    pub slug: String,
    pub visibility: String,
    pub original_language: String,
    pub author: String,
    pub moderators: Vec<String>,
    pub text: Texts,
    pub category: Vec<Category>,
    pub topic: Vec<Topic>,
}

/// A category of the community.
#[derive(Deserialize)]
pub struct Category {
    pub name: String,
    pub text: Texts,
}

/// A topic and its posts.
#[derive(Deserialize)]
pub struct Topic {
    pub category: String,
    pub language: String,
    pub title: String,
    #[serde(default)]
    pub pinned: bool,
    #[serde(default)]
    pub locked: bool,
    pub post: Vec<Post>,
}

/// A post; `in_reply_to` counts posts of its topic from 1.
#[derive(Deserialize)]
pub struct Post {
    pub author: String,
    pub language: String,
    pub hours_ago: i64,
    pub body: String,
    pub in_reply_to: Option<usize>,
    pub flag: Option<Flag>,
}

/// What somebody reported about a post.
#[derive(Deserialize)]
pub struct Flag {
    pub by: String,
    pub reason: String,
    pub comment: String,
}

/// The series of webinars.
#[derive(Deserialize)]
pub struct Series {
    pub slug: String,
    pub visibility: String,
    pub original_language: String,
    pub author: String,
    pub project: String,
    pub text: Texts,
    pub funder: Vec<Funder>,
    pub webinar: Vec<Webinar>,
}

/// Who is credited for the series.
#[derive(Deserialize)]
pub struct Funder {
    pub text: Texts,
}

/// A webinar.
#[derive(Deserialize)]
pub struct Webinar {
    pub slug: String,
    pub visibility: String,
    pub activity: String,
    /// From the day on which the demo is loaded to its own; below zero for one that was held.
    pub in_days: i64,
    pub local_time: String,
    pub time_zone: String,
    pub minutes: i32,
    pub capacity: i32,
    pub join_url: Option<String>,
    pub spoken: Vec<String>,
    pub interpreted: Vec<String>,
    pub recorded: bool,
    /// Who registers, in this order.
    pub registered: Vec<String>,
    pub text: Texts,
    #[serde(default)]
    pub speaker: Vec<WebinarSpeaker>,
    #[serde(default)]
    pub question: Vec<WebinarQuestion>,
    pub test: WebinarTest,
}

/// The pre-test of a webinar, whose post-test asks the same.
#[derive(Deserialize)]
pub struct WebinarTest {
    pub text: Texts,
    pub question: Vec<Question>,
}

/// Who speaks in a webinar.
#[derive(Deserialize)]
pub struct WebinarSpeaker {
    pub name: String,
    pub text: Texts,
}

/// What its registrants are asked.
#[derive(Deserialize)]
pub struct WebinarQuestion {
    pub required: bool,
    pub text: Texts,
}

/// A webinar that was held, and what came before and after it.
#[derive(Deserialize)]
pub struct Held {
    pub webinar: Webinar,
    pub contact: Vec<Contact>,
    /// Lines of the list of who was present that name nobody for sure.
    pub doubtful: Vec<Doubtful>,
    /// The recording of it, by its name.
    pub recording: String,
    /// Whose recording it is.
    pub recorded_by: String,
    /// The topic for its questions, counted from 0.
    pub topic: usize,
}

/// An office that names people for a webinar.
#[derive(Deserialize)]
pub struct Contact {
    pub name: String,
    pub kind: String,
    pub country: String,
    pub language: String,
    pub email: String,
    pub time_zone: String,
    /// What those whom it names are called, each with a number.
    pub person: String,
    /// What they do there.
    pub function: String,
}

/// Somebody present whose line has no address.
#[derive(Deserialize)]
pub struct Doubtful {
    pub name: String,
    pub minutes: i64,
}
