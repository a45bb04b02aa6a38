//! The demo: what is loaded, once, in all languages; and the walkthrough, which does the whole job over HTTP.

use std::{cell::Cell, time::Duration};

use lyceum::{
    demo::{
        self,
        walkthrough::{self, Login, Place},
    },
    graphql,
    ids::{Id as _, UserId},
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

/// The address of somebody in the demo who was there when a webinar was held.
const LAYLA: &str = "layla@example.org";

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
            users(first: 100) { nodes { email } } auditEntries(first: 1) { nodes { id } }
            webinars(when: MINE) { nodes { slug state registrations(first: 50) { nodes { state } } inviting {
                invitations(first: 20) { nodes { id } } nominees(first: 50) { nodes { id state } } } } } }";
        let administrator = app.administrator().await;
        let first = administrator.runs(query, &json!({})).await;
        loaded(app).await;
        assert_eq!(administrator.runs(query, &json!({})).await, first);
        assert_eq!(first["courses"]["nodes"], json!([{ "slug": "joining-a-treaty" }]));
        assert_eq!(first["recordings"]["nodes"].as_array().map(Vec::len), Some(2));
        let webinars = first["webinars"]["nodes"].as_array().expect("webinars");
        let states: Vec<_> = webinars.iter().map(|webinar| &webinar["state"]).collect();
        assert_eq!(states, ["PUBLISHED", "PUBLISHED", "HELD"]);
        let count = |webinar: &Value, list: &str| webinar["inviting"][list]["nodes"].as_array().map(Vec::len);
        assert_eq!((count(&webinars[1], "invitations"), count(&webinars[1], "nominees")), (Some(6), Some(6)));
        assert_eq!((count(&webinars[2], "invitations"), count(&webinars[2], "nominees")), (Some(6), Some(30)));
        let seated = webinars[2]["registrations"]["nodes"].as_array().map(Vec::len);
        let people = demo::people().expect("they can be read");
        let nominees = 30 - 2; // one was declined, one did not come
        assert_eq!(seated, Some(nominees + 3), "three practitioners besides");
        assert_eq!(first["users"]["nodes"].as_array().map(Vec::len), Some(people.len() + nominees + 1));
    })
    .await;
}

#[tokio::test]
async fn the_demo_is_not_loaded_into_a_site_with_people_of_its_own() {
    with_app(async |app| {
        let administrator = app.administrator().await;
        let refused = demo::load(app, &graphql::schema(true)).await.expect_err("it is refused");
        assert!(refused.to_string().contains("LYCEUM_DATA"), "{refused}");
        // Nor with what an earlier demo left in the folder.
        std::fs::write(demo::password_file(app), "0123456789abcdef").expect("it can be written");
        let refused = demo::load(app, &graphql::schema(true)).await.expect_err("it is refused");
        assert!(refused.to_string().contains("DATABASE_URL"), "{refused}");
        std::fs::remove_file(demo::password_file(app)).expect("it can be removed");
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
async fn a_webinar_of_the_demo_was_held_from_the_invitation_to_the_certificate() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        loaded(app).await;
        let held = "{ webinar(slug: \"five-steps-to-a-treaty\") { id state
            counts { total { invited nominated registered attended watchedRecording tookBothTests learningGain } }
            attendanceLines(first: 50) { nodes { name matchedBy } } recordings { title } topic { title }
            materials { name } funders { emblem { url } } inviting { invitations(first: 50) { nodes { deliveries { state } } } } } }";
        let held = app.administrator().await.runs(held, &json!({})).await["webinar"].clone();
        assert_eq!(held["state"], "HELD");
        let total = &held["counts"]["total"];
        assert_eq!((&total["invited"], &total["nominated"], &total["registered"]), (&json!(6), &json!(30), &json!(31)));
        assert!(total["attended"].as_i64() >= Some(20) && total["watchedRecording"].as_i64() >= Some(10), "{total}");
        assert!(total["tookBothTests"].as_i64() >= Some(15) && total["learningGain"].as_f64() > Some(10.0), "{total}");
        let lines = held["attendanceLines"]["nodes"].as_array().expect("lines").iter();
        let doubtful: Vec<_> = lines.filter(|line| line["matchedBy"] != "ADDRESS").map(|line| line["name"].clone()).collect();
        assert_eq!(doubtful, ["Awa Exemple", "Visitor 7"]);
        assert_eq!(held["recordings"].as_array().map(Vec::len), Some(1));
        assert_eq!(held["materials"], json!([{ "name": "checklist.pdf" }]));
        assert!(held["topic"]["title"].is_string() && held["funders"][0]["emblem"]["url"].is_string(), "{held}");
        let mut states = Vec::new();
        all(&held["inviting"], "state", &mut states);
        assert_eq!(states, ["SENT"; 6], "the letters went out");

        let users = app.administrator().await.runs("{ users(first: 100) { nodes { id email } } }", &json!({})).await;
        let found = users["users"]["nodes"].as_array().and_then(|users| users.iter().find(|user| user["email"] == LAYLA));
        let id = found.and_then(|user| UserId::parse(user["id"].as_str()?)).expect("Layla");
        let layla = app.signed_in(id, LAYLA.to_owned()).await;
        let certificate = "{ viewer { registrations(first: 9) { nodes { webinar { slug } attendance { title code
            certificate(language: \"ar\") { language pdf { url } badge { url } } } } } } }";
        let registrations = layla.runs(certificate, &json!({})).await["viewer"]["registrations"]["nodes"].clone();
        let of_held = |node: &&Value| node["webinar"]["slug"] == "five-steps-to-a-treaty";
        let attendance =
            registrations.as_array().expect("registrations").iter().find(of_held).expect("hers")["attendance"].clone();
        assert_eq!(
            (&attendance["title"], &attendance["certificate"]["language"]),
            (&json!("خمس خطوات نحو المعاهدة"), &json!("ar"))
        );
        assert!(attendance["certificate"]["pdf"]["url"].is_string(), "{attendance}");
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
    let is_played = Cell::new(false);
    let worker = async {
        while !is_played.get() {
            app.run_jobs().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let play = async {
        let played = walkthrough::play(place, |line| told.push(line.to_owned())).await;
        is_played.set(true);
        played
    };
    // The worker ends what it has begun: a job left in the middle stays in the queue until its time is over.
    let (played, ()) = tokio::join!(play, worker);
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
