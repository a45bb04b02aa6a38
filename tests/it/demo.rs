//! The demo: what is loaded, once, in all languages; and the walkthrough, which does the whole job over HTTP.

use std::time::Duration;

use lyceum::{
    demo::{
        self,
        walkthrough::{self, Login, Place},
    },
    graphql,
};
use serde_json::{Value, json};

use crate::{
    app::{PASSWORD, TestApp, with_app, with_app_set},
    http_client::Server,
    recordings::WITHOUT_FFMPEG,
};

/// Shows, in its first block of text, what the walkthrough tells where ffmpeg is.
const README: &str = include_str!("../../README.md");

const COURSE: &str = "query($language: Language) { course(slug: \"joining-a-treaty\") {
    text(language: $language) { title language isOutdated }
    publishedVersion { number lessonCount modules { text(language: $language) { title language }
        lessons { kind text(language: $language) { title body language }
            quiz { text(language: $language) { language } } recording { text(language: $language) { language } } } } } } }";
const COMMUNITY: &str = "query($language: Language) { community(slug: \"treaty-law-forum\") {
    text(language: $language) { language } categories { text(language: $language) { language } }
    topics(first: 20) { nodes { title isPinned isLocked postCount lastPostAt } } } }";

async fn loaded(app: &TestApp) {
    demo::load(app, &graphql::schema(true)).await.expect("the demo is loaded");
    app.run_jobs().await;
}

/// All values of `name` in an answer.
fn all(value: &Value, name: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(text) if key == name => found.push(text.clone()),
                    other => all(other, name, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all(item, name, found)),
        _ => {}
    }
}

#[tokio::test]
async fn loading_the_demo_twice_leaves_one_of_everything() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let before = app.clock.now();
        loaded(app).await;
        assert!(app.clock.now() - before < chrono::Duration::minutes(5), "the clock is back in the present");
        let query = "{ courses { nodes { slug } } recordings { nodes { title } } communities { nodes { slug } }
            users(first: 50) { nodes { email } } auditEntries(first: 1) { nodes { id } } }";
        let administrator = app.administrator().await;
        let first = administrator.runs(query, &json!({})).await;
        loaded(app).await;
        assert_eq!(administrator.runs(query, &json!({})).await, first);
        assert_eq!(first["courses"]["nodes"], json!([{ "slug": "joining-a-treaty" }]));
        assert_eq!(first["recordings"]["nodes"].as_array().map(Vec::len), Some(2));
        let people = demo::people().expect("they can be read");
        assert_eq!(first["users"]["nodes"].as_array().map(Vec::len), Some(people.len() + 1));
    })
    .await;
}

#[tokio::test]
async fn the_demo_is_not_loaded_into_a_site_with_people_of_its_own() {
    with_app(async |app| {
        let administrator = app.administrator().await;
        let refused = demo::load(app, &graphql::schema(true)).await.expect_err("it is refused");
        assert!(refused.to_string().contains("LYCEUM_DATA"), "{refused}");
        let people = administrator.runs("{ users(first: 5) { nodes { email } } }", &json!({})).await;
        assert_eq!(people["users"]["nodes"], json!([{ "email": administrator.email }]));
        let server = Server::start(app).await;
        assert_eq!(server.gets("/demo/people.json", &[]).await.body, b"[]");
    })
    .await;
}

#[tokio::test]
async fn everything_in_the_demo_is_in_all_six_languages() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        loaded(app).await;
        let member = app.practitioner().await;
        for language in ["ar", "zh", "en", "fr", "ru", "es"] {
            for query in [COURSE, COMMUNITY] {
                let seen = member.runs(query, &json!({ "language": language })).await;
                let mut languages = Vec::new();
                all(&seen, "language", &mut languages);
                assert!(languages.len() >= 4, "{seen:#}");
                assert!(languages.iter().all(|found| found == language), "{language}: {languages:?}");
            }
        }
        let tests = "{ webinars(when: MINE) { nodes { preTest { ...Test } postTest { ...Test } } } }
            fragment Test on WebinarTest { isPublished quiz {
                translations { language isOutdated } questions { translations { language isOutdated } } } }";
        let tests = app.administrator().await.runs(tests, &json!({})).await["webinars"]["nodes"].clone();
        for test in tests.as_array().expect("webinars").iter().flat_map(|webinar| [&webinar["preTest"], &webinar["postTest"]]) {
            let mut languages = Vec::new();
            all(test, "language", &mut languages);
            assert_eq!(
                (&test["isPublished"], languages.len()),
                (&json!(true), 6 * 4),
                "a test and its three questions: {test:#}"
            );
            assert!(!test.to_string().contains("\"isOutdated\":true"), "{test:#}");
        }
        let course = member.runs(COURSE, &json!({ "language": "en" })).await["course"].clone();
        assert_eq!((&course["publishedVersion"]["number"], &course["publishedVersion"]["lessonCount"]), (&json!(1), &json!(8)));
        assert_eq!(course["text"]["isOutdated"], false);
        let topics = member.runs(COMMUNITY, &json!({ "language": "en" })).await["community"]["topics"]["nodes"].clone();
        let topics = topics.as_array().expect("topics");
        assert!(topics[0]["isPinned"] == true && topics.iter().any(|topic| topic["isLocked"] == true));
        let last = |topic: &Value| topic["lastPostAt"].as_str().expect("an instant").parse::<chrono::DateTime<chrono::Utc>>();
        let oldest = topics.iter().filter_map(|topic| last(topic).ok()).min().expect("a time");
        assert!(app.clock.now() - oldest > chrono::Duration::days(10), "the discussion has a past");
    })
    .await;
}

#[tokio::test]
async fn the_demo_streams_where_ffmpeg_is_missing() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        loaded(app).await;
        let query = "{ recordings { nodes { mediaState durationSeconds renditions { kind } captions { language direction }
            playback { hlsUrl progressiveUrl } } } }";
        let seen = app.practitioner().await.runs(query, &json!({})).await;
        for recording in seen["recordings"]["nodes"].as_array().expect("recordings") {
            assert_eq!((&recording["mediaState"], &recording["durationSeconds"]), (&json!("READY"), &json!(28.0)));
            assert_eq!(recording["captions"].as_array().map(Vec::len), Some(2));
            assert!(recording["playback"]["hlsUrl"].is_string() && recording["playback"]["progressiveUrl"].is_string());
        }
    })
    .await;
}

/// The lines that a walkthrough against `app` tells.
async fn walk(app: &TestApp) -> Vec<String> {
    let server = Server::start(app).await;
    let administrator = Login { email: app.administrator().await.email, password: PASSWORD.to_owned() };
    let place = Place { at: format!("http://{}", server.address), mail: app.config.data.join("mail"), administrator };
    let mut told = Vec::new();
    let worker = async {
        loop {
            app.run_jobs().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let played = tokio::select! {
        played = walkthrough::play(place, |line| told.push(line.to_owned())) => played,
        () = worker => unreachable!("it does not end"),
    };
    played.unwrap_or_else(|failure| panic!("{failure:#}\n{}", told.join("\n")));
    told
}

/// A line that tells of media differs where ffmpeg is missing; the step it tells of stays.
fn step_of(line: &str) -> (&str, bool) {
    let tells_of_media = ["follows the transcoding", "a member plays it"].iter().any(|step| line.contains(step));
    (if tells_of_media { &line[..20] } else { line }, tells_of_media)
}

#[tokio::test]
async fn the_walkthrough_does_the_whole_job_and_tells_what_the_readme_shows() {
    with_app(async |app| {
        let told = walk(app).await;
        let has_ffmpeg = !told.iter().any(|line| line.contains("ffmpeg is missing"));
        let (_, block) = README.split_once("```text\n").expect("a block of text");
        let shown: Vec<_> = block.lines().take_while(|line| *line != "```").collect();
        assert_eq!(told.len(), shown.len(), "{}", told.join("\n"));
        for (told, shown) in told.iter().zip(shown) {
            if has_ffmpeg {
                assert_eq!(told, shown);
            } else {
                assert_eq!(step_of(told), step_of(shown));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_walkthrough_passes_without_ffmpeg() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let told = walk(app).await.join("\n");
        assert!(told.contains("ffmpeg is missing") && told.contains("the file as uploaded"), "{told}");
    })
    .await;
}
