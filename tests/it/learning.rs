//! Learning: enrolling, progress, completing a course, and checking its record.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    app::{Client, with_app, with_app_set},
    recordings::{WITHOUT_FFMPEG, published},
    teaching::{COURSE, ENROL, Taught, WITHDRAW},
};

const START: &str = "mutation($id: ID!) { lessonStart(id: $id) {
    lesson { title viewerProgress { state } } enrolment { resumeLesson { title } } userErrors { code field } } }";
const COMPLETE: &str = "mutation($id: ID!, $reason: LessonCompleteReason!) { lessonComplete(id: $id, reason: $reason) {
    lesson { title viewerProgress { state reason } }
    enrolment { state completedLessonCount requiredLessonCount completedRequiredLessonCount resumeLesson { title }
        completion { id code courseTitle versionNumber } } userErrors { code field } } }";
const CHECK: &str = "query($code: String!, $name: String) { certificateCheck(code: $code, name: $name) {
    title versionNumber holderName nameMatches } }";

/// A learner's page of a course.
async fn page(learner: &Client<'_>, course: &Taught<'_>) -> Value {
    learner.runs(COURSE, &json!({ "id": course.id })).await["course"].clone()
}

/// The id of a lesson in the published version.
async fn lesson(learner: &Client<'_>, course: &Taught<'_>, title: &str, id: &str) -> Value {
    let page = page(learner, course).await;
    let modules = page["publishedVersion"]["modules"].as_array().cloned().unwrap_or_default();
    let mut lessons = modules.iter().flat_map(|module| module["lessons"].as_array().into_iter().flatten());
    lessons.find(|lesson| lesson["title"] == title).map(|lesson| lesson[id].clone()).expect("such a lesson")
}

async fn reads(learner: &Client<'_>, course: &Taught<'_>, title: &str) -> Value {
    let id = lesson(learner, course, title, "id").await;
    learner.runs(COMPLETE, &json!({ "id": id, "reason": "READ" })).await["lessonComplete"].clone()
}

#[tokio::test]
async fn a_practitioner_enrols_learns_and_completes_a_course() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B", "C"]).await;
        assert_eq!(page(&learner, &course).await["viewerCanEnrol"], true);
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let before = page(&learner, &course).await;
        assert_eq!(before["viewerCanEnrol"], false);
        assert_eq!(before["viewerEnrolment"]["resumeLesson"]["title"], "A");
        assert_eq!(before["publishedVersion"]["modules"][0]["lessons"][0]["viewerProgress"], json!({ "state": "NOT_STARTED", "reason": null }));

        let b = lesson(&learner, &course, "B", "id").await;
        let started = learner.runs(START, &json!({ "id": b })).await;
        assert_eq!(started["lessonStart"]["lesson"]["viewerProgress"]["state"], "STARTED");
        assert_eq!(started["lessonStart"]["enrolment"]["resumeLesson"]["title"], "B", "the lesson last opened");

        let done = reads(&learner, &course, "B").await;
        assert_eq!(done["lesson"]["viewerProgress"], json!({ "state": "COMPLETED", "reason": "READ" }));
        assert_eq!(done["enrolment"]["resumeLesson"]["title"], "A", "the first that is not completed");
        reads(&learner, &course, "A").await;
        let last = reads(&learner, &course, "C").await;
        assert_eq!(last["enrolment"]["state"], "COMPLETED");
        assert_eq!(last["enrolment"]["completedRequiredLessonCount"], 3);
        assert_eq!(last["enrolment"]["resumeLesson"], json!(null));
        let record = &last["enrolment"]["completion"];
        assert_eq!((&record["courseTitle"], &record["versionNumber"]), (&json!("Course"), &json!(1)));

        let again = reads(&learner, &course, "C").await;
        assert_eq!(again["enrolment"]["completion"], *record, "completing twice gives one record");
        let own = learner.runs("{ viewer { completions { nodes { id } } enrolments { nodes { state course { title } completedLessonCount } } } }", &json!({})).await;
        assert_eq!(own["viewer"]["completions"]["nodes"], json!([{ "id": record["id"] }]));
        assert_eq!(own["viewer"]["enrolments"]["nodes"], json!([{ "state": "COMPLETED", "course": { "title": "Course" }, "completedLessonCount": 3 }]));
    })
    .await;
}

#[tokio::test]
async fn only_required_lessons_are_needed() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B"]).await;
        course.updates_lesson(&course.draft_lesson("B").await, json!({ "isRequired": false })).await;
        course.publishes().await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let first = reads(&learner, &course, "B").await;
        assert_eq!((&first["enrolment"]["state"], &first["enrolment"]["requiredLessonCount"]), (&json!("ACTIVE"), &json!(1)));
        assert_eq!(reads(&learner, &course, "A").await["enrolment"]["state"], "COMPLETED");
    })
    .await;
}

#[tokio::test]
async fn enrolling_twice_changes_nothing_and_progress_is_back_on_enrolling_again() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B"]).await;
        let id = json!({ "id": course.id });
        assert_eq!(learner.problems(WITHDRAW, &id).await, ["WRONG_STATE"], "who never enrolled can't leave");
        let (first, second) = tokio::join!(learner.runs(ENROL, &id), learner.runs(ENROL, &id));
        assert_eq!(first, second);
        reads(&learner, &course, "A").await;

        for _ in 0..2 {
            assert_eq!(learner.runs(WITHDRAW, &id).await["courseWithdraw"]["enrolment"]["state"], "WITHDRAWN");
        }
        let a = lesson(&learner, &course, "A", "id").await;
        assert_eq!(page(&learner, &course).await["publishedVersion"]["modules"][0]["lessons"][0]["viewerProgress"], json!(null));
        assert_eq!(learner.problems(START, &json!({ "id": a })).await, ["WRONG_STATE"]);
        let again = learner.runs(ENROL, &id).await;
        assert_eq!(again["courseEnrol"]["enrolment"], first["courseEnrol"]["enrolment"]);
        assert_eq!(page(&learner, &course).await["viewerEnrolment"]["completedLessonCount"], 1);
    })
    .await;
}

#[tokio::test]
async fn only_admitted_people_enrol_and_only_the_enrolled_learn() {
    with_app(async |app| {
        let (trainer, unvetted) = (app.trainer().await, app.unvetted().await);
        let course = Taught::with_articles(&trainer, &["A"]).await;
        let id = json!({ "id": course.id });
        assert_eq!(app.visitor().fails(ENROL, &id).await, "UNAUTHENTICATED");
        assert_eq!(unvetted.fails(ENROL, &id).await, "FORBIDDEN");
        course.grants(&unvetted.email, "MEMBER").await;
        unvetted.runs(ENROL, &id).await;

        let stranger = app.practitioner().await;
        let a = lesson(&stranger, &course, "A", "id").await;
        let read = json!({ "id": a, "reason": "READ" });
        assert_eq!(stranger.problems(COMPLETE, &read).await, ["WRONG_STATE"]);
        assert_eq!(stranger.problems(START, &json!({ "id": a })).await, ["WRONG_STATE"]);
        assert_eq!(app.visitor().fails(COMPLETE, &read).await, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn a_lesson_is_completed_only_for_a_reason_that_fits_its_kind() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::course(&trainer, "Reasons", "PUBLIC").await;
        let module = course.with_module("Module").await;
        course.with_lesson(&module, "Article", "ARTICLE", &json!(null)).await;
        course.with_lesson(&module, "Link", "LINK", &json!({ "url": "https://treaties.un.org/" })).await;
        course.publishes().await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        for (title, reason) in
            [("Article", "VISITED"), ("Article", "TRANSCRIPT_READ"), ("Link", "READ"), ("Link", "TRANSCRIPT_READ")]
        {
            let id = lesson(&learner, &course, title, "id").await;
            assert_eq!(
                learner.problems(COMPLETE, &json!({ "id": id, "reason": reason })).await,
                ["UNSUPPORTED reason"],
                "{title} {reason}"
            );
        }
        let id = lesson(&learner, &course, "Link", "permanentId").await;
        for judged in ["PASSED", "WATCHED", "CARRIED_OVER"] {
            let refused = learner.sends(COMPLETE, &json!({ "id": id, "reason": judged })).await;
            assert!(refused["errors"][0]["message"].as_str().is_some_and(|message| message.contains("reason")), "{refused}");
        }
        let done = learner.runs(COMPLETE, &json!({ "id": id, "reason": "VISITED" })).await;
        assert_eq!(done["lessonComplete"]["lesson"]["viewerProgress"], json!({ "state": "COMPLETED", "reason": "VISITED" }));
    })
    .await;
}

#[tokio::test]
async fn progress_is_carried_into_the_next_version_and_an_old_page_still_works() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B"]).await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        reads(&learner, &course, "A").await;
        let old_b = lesson(&learner, &course, "B", "id").await;
        let module = page(&trainer, &course).await["publishedVersion"]["modules"][0]["id"].clone();
        assert!(module.is_string());
        course.with_article("C", "New").await;
        course.publishes().await;

        let now = page(&learner, &course).await;
        let first = &now["publishedVersion"]["modules"][0]["lessons"][0];
        assert_eq!(first["viewerProgress"], json!({ "state": "COMPLETED", "reason": "CARRIED_OVER" }));
        assert_eq!(now["viewerEnrolment"]["requiredLessonCount"], 3);
        let done = learner.runs(COMPLETE, &json!({ "id": old_b, "reason": "READ" })).await;
        assert_eq!(done["lessonComplete"]["enrolment"]["completedLessonCount"], 2);
        assert_eq!(done["lessonComplete"]["enrolment"]["state"], "ACTIVE", "the newest version requires C as well");
        let last = reads(&learner, &course, "C").await;
        assert_eq!(last["enrolment"]["completion"]["versionNumber"], 2);
        let node = learner.runs("query($id: ID!) { node(id: $id) { id } }", &json!({ "id": old_b })).await;
        assert_eq!(node["node"], json!(null), "a row of an older version is not shown to learners");
    })
    .await;
}

#[tokio::test]
async fn who_has_all_that_a_new_version_requires_completes_it_by_its_publication() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B"]).await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        reads(&learner, &course, "A").await;
        course.removes_lesson(&course.draft_lesson("B").await).await;
        course.publishes().await;
        app.run_jobs().await;
        let enrolment = page(&learner, &course).await["viewerEnrolment"].clone();
        assert_eq!((&enrolment["state"], &enrolment["completion"]["versionNumber"]), (&json!("COMPLETED"), &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn a_completion_is_kept_for_good_and_names_its_version() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A"]).await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let record = reads(&learner, &course, "A").await["enrolment"]["completion"].clone();
        course.sets_text("en", "Renamed").await;
        course.with_article("B", "More").await;
        course.publishes().await;
        app.run_jobs().await;

        let now = page(&learner, &course).await["viewerEnrolment"].clone();
        assert_eq!(now["state"], "COMPLETED");
        assert_eq!(now["completion"]["code"], record["code"]);
        assert_eq!((&now["completion"]["courseTitle"], &now["completion"]["versionNumber"]), (&json!("Course"), &json!(1)));
        reads(&learner, &course, "B").await;
        learner.runs(WITHDRAW, &json!({ "id": course.id })).await;
        let checked = app.visitor().runs(CHECK, &json!({ "code": record["code"] })).await;
        assert_eq!(checked["certificateCheck"]["versionNumber"], 1);
        assert_eq!(learner.runs(ENROL, &json!({ "id": course.id })).await["courseEnrol"]["enrolment"]["state"], "COMPLETED");
    })
    .await;
}

#[tokio::test]
async fn anyone_checks_a_code_without_seeing_a_profile() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A"]).await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let code = reads(&learner, &course, "A").await["enrolment"]["completion"]["code"].as_str().expect("a code").to_owned();
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);

        let name = learner.runs("{ viewer { user { fullName } } }", &json!({})).await["viewer"]["user"]["fullName"].clone();
        let shouted = name.as_str().expect("a name").to_uppercase().replace(' ', "  ");
        let check = async |code: &str, name: Value| {
            app.visitor().runs(CHECK, &json!({ "code": code, "name": name })).await["certificateCheck"].clone()
        };
        let typed = code.to_lowercase().replace('-', " ");
        assert_eq!(
            check(&typed, json!(shouted)).await,
            json!({ "title": "Course", "versionNumber": 1, "holderName": null, "nameMatches": true })
        );
        assert_eq!(check(&code, json!("Somebody Else")).await["nameMatches"], false);
        assert_eq!(check(&code, json!(null)).await["nameMatches"], json!(null));
        for wrong in ["", "0000-0000-0000-0000", "not a code", &code[..14], &format!("{code}0")] {
            assert_eq!(check(wrong, json!(name)).await, json!(null), "{wrong}");
        }
        let show = "mutation { profileUpdate(input: { isNameShownToVisitors: true }) { userErrors { code } } }";
        learner.runs(show, &json!({})).await;
        assert_eq!(check(&code, json!(null)).await["holderName"], name);
    })
    .await;
}

#[tokio::test]
async fn a_recording_that_was_watched_before_enrolling_completes_its_lesson_when_it_is_opened() {
    with_app_set(&WITHOUT_FFMPEG, async |app| {
        let (trainer, learner, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let recording = published(app, &trainer, "MEMBERS").await;
        let course = Taught::course(&trainer, "Course", "PUBLIC").await;
        let module = course.with_module("Module").await;
        course.with_lesson(&module, "Film", "RECORDING", &json!({ "recordingId": recording })).await;
        course.publishes().await;
        let playback = "query($id: ID!) { recording(id: $id) { playback { ticket } } }";
        let granted = learner.runs(playback, &json!({ "id": recording })).await;
        app.clock.advance(chrono::Duration::seconds(30));
        let report = "mutation($input: WatchReportInput!) { watchReport(input: $input) { watch { share } userErrors { code } } }";
        let input = json!({ "recordingId": recording, "ticket": granted["recording"]["playback"]["ticket"],
            "intervals": [{ "startSeconds": 0.0, "endSeconds": 28.0 }], "positionSeconds": 28.0 });
        learner.runs(report, &json!({ "input": input })).await;

        for (person, state, reason) in [(&learner, "COMPLETED", json!("WATCHED")), (&other, "STARTED", json!(null))] {
            person.runs(ENROL, &json!({ "id": course.id })).await;
            let film = lesson(person, &course, "Film", "id").await;
            person.runs(START, &json!({ "id": film })).await;
            let seen = page(person, &course).await["publishedVersion"]["modules"][0]["lessons"][0]["viewerProgress"].clone();
            assert_eq!(seen, json!({ "state": state, "reason": reason }));
        }
        assert_eq!(page(&learner, &course).await["viewerEnrolment"]["state"], "COMPLETED");
    })
    .await;
}

#[tokio::test]
async fn completing_the_last_lesson_twice_at_once_gives_one_record() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B"]).await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        tokio::join!(reads(&learner, &course, "A"), reads(&learner, &course, "B"), reads(&learner, &course, "B"));
        let own = learner.runs("{ viewer { completions { nodes { code } } } }", &json!({})).await;
        assert_eq!(own["viewer"]["completions"]["nodes"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test]
async fn staff_see_how_learners_do_and_other_learners_do_not() {
    with_app(async |app| {
        let (trainer, learner, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B"]).await;
        for person in [&learner, &other] {
            person.runs(ENROL, &json!({ "id": course.id })).await;
        }
        reads(&learner, &course, "A").await;
        let all = "query($id: ID!) { course(id: $id) { enrolments { nodes { id state completedLessonCount user { id } resumeLesson { title } } } } }";
        let all = trainer.runs(all, &json!({ "id": course.id })).await["course"]["enrolments"]["nodes"].clone();
        assert_eq!(all[1]["user"]["id"], learner.id(), "newest first");
        assert_eq!((&all[1]["completedLessonCount"], &all[1]["resumeLesson"]["title"]), (&json!(1), &json!("B")));
        assert_eq!(all[0]["completedLessonCount"], 0);

        let node = "query($id: ID!) { node(id: $id) { id } }";
        let sees = async |client: &Client<'_>| !client.runs(node, &json!({ "id": all[1]["id"] })).await["node"].is_null();
        assert!(sees(&trainer).await && sees(&learner).await && sees(&app.administrator().await).await);
        assert!(!sees(&other).await && !sees(&app.visitor()).await && !sees(&app.trainer().await).await);
    })
    .await;
}

#[tokio::test]
async fn staff_and_the_learner_see_how_far_the_learner_is_with_each_lesson() {
    with_app(async |app| {
        let (trainer, learner, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A", "B", "C"]).await;
        for person in [&learner, &other] {
            person.runs(ENROL, &json!({ "id": course.id })).await;
        }
        reads(&learner, &course, "A").await;
        let b = lesson(&learner, &course, "B", "id").await;
        learner.runs(START, &json!({ "id": b })).await;
        let all = "query($id: ID!) { course(id: $id) { enrolments { nodes { user { id }
            lessonProgress { state reason completedAt lesson { title } } } } } }";
        let seen = trainer.runs(all, &json!({ "id": course.id })).await["course"]["enrolments"]["nodes"].clone();
        let brief = |progress: &Value| {
            let lessons = progress.as_array().cloned().unwrap_or_default();
            json!(lessons.iter().map(|of| [&of["lesson"]["title"], &of["state"], &of["reason"]]).collect::<Vec<_>>())
        };
        let expected = json!([["A", "COMPLETED", "READ"], ["B", "STARTED", null], ["C", "NOT_STARTED", null]]);
        assert_eq!(seen[1]["user"]["id"], learner.id());
        assert_eq!(brief(&seen[1]["lessonProgress"]), expected);
        assert_eq!(brief(&seen[0]["lessonProgress"])[0], json!(["A", "NOT_STARTED", null]));
        let own = "query($id: ID!) { course(id: $id) { viewerEnrolment { lessonProgress { state reason lesson { title } } } } }";
        let own = learner.runs(own, &json!({ "id": course.id })).await;
        assert_eq!(brief(&own["course"]["viewerEnrolment"]["lessonProgress"]), expected);
    })
    .await;
}

#[tokio::test]
async fn enrolling_ten_times_at_once_is_one_enrolment() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A"]).await;
        let enrols = (0..10).map(async |_| learner.runs(ENROL, &json!({ "id": course.id })).await);
        let enrolled = join_all(enrols).await;
        assert!(enrolled.iter().all(|answer| *answer == enrolled[0]), "{enrolled:?}");
        let entries = "query($id: ID!) { auditEntries(subjectId: $id) { nodes { action } } }";
        let id = enrolled[0]["courseEnrol"]["enrolment"]["id"].clone();
        let entries = app.administrator().await.runs(entries, &json!({ "id": id })).await;
        assert_eq!(entries["auditEntries"]["nodes"], json!([{ "action": "enrolment.started" }]));
    })
    .await;
}

#[tokio::test]
async fn who_may_no_longer_see_a_course_finds_it_nowhere() {
    with_app(async |app| {
        let (trainer, learner) = (app.trainer().await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["A"]).await;
        learner.runs(ENROL, &json!({ "id": course.id })).await;
        let a = lesson(&learner, &course, "A", "id").await;
        reads(&learner, &course, "A").await;
        let hide =
            "mutation($id: ID!) { courseUpdate(id: $id, input: { visibility: INVITED }) { course { id } userErrors { code } } }";
        trainer.runs(hide, &json!({ "id": course.id })).await;

        let own = "{ viewer { enrolments { nodes { id } } completions { nodes { courseTitle course { id } } } } }";
        let own = learner.runs(own, &json!({})).await;
        assert_eq!(own["viewer"]["enrolments"]["nodes"], json!([]));
        assert_eq!(own["viewer"]["completions"]["nodes"], json!([{ "courseTitle": "Course", "course": null }]));
        assert_eq!(learner.fails(START, &json!({ "id": a })).await, "NOT_FOUND");
        assert_eq!(learner.fails(WITHDRAW, &json!({ "id": course.id })).await, "NOT_FOUND");
    })
    .await;
}
