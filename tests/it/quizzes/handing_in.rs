//! Handing in, grades, time running out, and allowances.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{ATTEMPT, Class, GRANT, OF_EACH_KIND, SAVE, START, SUBMIT, audited, save, stage, text};
use crate::app::{Client, TestApp, key, with_app};

async fn attempt(client: &Client<'_>, id: &Value) -> Value {
    client.runs(ATTEMPT, &json!({ "id": id })).await["quizAttempt"].clone()
}

fn instant(value: &Value) -> chrono::DateTime<chrono::Utc> {
    text(value).parse().expect("an instant")
}

/// Lets the time of attempts run out, so that no job waits for it.
async fn time_passes(app: &TestApp) {
    app.clock.advance(Duration::days(2));
    app.run_jobs().await;
}

#[tokio::test]
async fn an_attempt_is_graded_at_once() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "passMarkPercent": 50 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let questions = &started["questions"];
        let half_right = [class.choices[1].0[0].clone()];
        learner.runs(SAVE, &json!({ "input": save(&started, &questions[0], &class.choices[0].0, 1) })).await;
        learner.runs(SAVE, &json!({ "input": save(&started, &questions[1], &half_right, 2) })).await;
        let graded = class.hands_in(&learner, &started, 0).await;
        assert_eq!((&graded["state"], &graded["scorePoints"], &graded["maxPoints"]), (&json!("SUBMITTED"), &json!(3), &json!(6)));
        assert_eq!((&graded["scorePercent"], &graded["isPassed"]), (&json!(50.0), &json!(true)));

        let seen = attempt(&learner, &started["id"]).await;
        let results: Vec<_> =
            seen["questions"].as_array().into_iter().flatten().map(|q| (&q["isCorrect"], &q["earnedPoints"])).collect();
        let (right, wrong) = ((&json!(true), &json!(3)), (&json!(false), &json!(0)));
        assert_eq!(results, [right, wrong, wrong], "all or nothing; nothing chosen is wrong");
        assert_eq!(audited(app, &started["id"]).await, ["quiz_attempt.submitted", "quiz_attempt.started"]);
    })
    .await;
}

#[tokio::test]
async fn fifty_parallel_submits_give_one_grade() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let right = &class.choices[0].0;
        learner.runs(SAVE, &json!({ "input": save(&started, &started["questions"][0], right, 1) })).await;
        let id = json!({ "id": started["id"] });
        let answers = join_all((0..50).map(async |_| learner.runs(SUBMIT, &id).await)).await;
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(answers[0]["quizAttemptSubmit"]["attempt"]["scorePoints"], 3);
        assert_eq!(audited(app, &started["id"]).await, ["quiz_attempt.submitted", "quiz_attempt.started"]);
        let late = json!({ "input": save(&started, &started["questions"][1], &[], 9) });
        assert_eq!(learner.problems(SAVE, &late).await, ["WRONG_STATE"]);
    })
    .await;
}

#[tokio::test]
async fn the_server_hands_in_what_was_saved_when_the_time_is_up() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "timeLimitSeconds": 60 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let right = &class.choices[0].0;
        learner.runs(SAVE, &json!({ "input": save(&started, &started["questions"][0], right, 1) })).await;
        app.clock.advance(Duration::seconds(50));
        app.run_jobs().await;
        assert_eq!(attempt(&class.trainer, &started["id"]).await["state"], "IN_PROGRESS");
        app.clock.advance(Duration::seconds(11));
        app.run_jobs().await;
        assert_eq!(audited(app, &started["id"]).await, ["quiz_attempt.timed_out", "quiz_attempt.started"]);
        let seen = attempt(&learner, &started["id"]).await;
        assert_eq!((&seen["state"], &seen["scorePoints"]), (&json!("TIMED_OUT"), &json!(3)));
        assert_eq!(seen["submittedAt"], started["deadlineAt"]);
        let submitted = learner.runs(SUBMIT, &json!({ "id": started["id"] })).await;
        assert_eq!(submitted["quizAttemptSubmit"]["attempt"]["state"], "TIMED_OUT");
    })
    .await;
}

#[tokio::test]
async fn what_was_saved_by_the_deadline_counts_and_nothing_that_came_a_millisecond_later() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "timeLimitSeconds": 60 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let (deadline, viewer) = (instant(&started["deadlineAt"]), learner.viewer().await);
        let saves = async |nth: usize, at: chrono::DateTime<chrono::Utc>| {
            let question = &started["questions"][nth];
            let input = lyceum::quizzes::saving::QuizResponseSaveInput {
                attempt_id: lyceum::ids::Id::parse(&text(&started["id"])).expect("an id"),
                question_id: lyceum::ids::Id::parse(&text(&question["questionId"])).expect("an id"),
                chosen_ids: class.right(question).iter().filter_map(|id| lyceum::ids::Id::parse(id)).collect(),
                sequence: 1,
            };
            lyceum::quizzes::saving::save(app, &viewer, input, at).await.is_ok()
        };
        assert!(saves(1, deadline).await);
        assert!(!saves(0, deadline + Duration::milliseconds(1)).await);
        app.clock.advance(Duration::seconds(61));
        app.run_jobs().await;
        let seen = attempt(&learner, &started["id"]).await;
        assert_eq!((&seen["state"], &seen["scorePoints"]), (&json!("TIMED_OUT"), &json!(2)));
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_is_over_is_handed_in_before_anybody_sees_it() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "timeLimitSeconds": 60, "attemptLimit": 3 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let first = class.starts(&learner).await;
        app.clock.advance(Duration::seconds(61));
        assert_eq!(attempt(&learner, &first["id"]).await["state"], "TIMED_OUT", "looking");
        let second = class.starts(&learner).await;
        app.clock.advance(Duration::seconds(61));
        let submitted = learner.runs(SUBMIT, &json!({ "id": second["id"] })).await;
        assert_eq!(submitted["quizAttemptSubmit"]["attempt"]["submittedAt"], second["deadlineAt"], "submitting late");
        let third = class.starts(&learner).await;
        app.clock.advance(Duration::seconds(61));
        assert_eq!(learner.problems(START, &json!({ "id": class.lesson, "key": key() })).await, ["LIMIT_REACHED"], "starting");
        let own = "query($id: ID!) { quiz(id: $id) { viewerAttempts { id state } viewerAttemptsLeft } }";
        let seen = learner.runs(own, &json!({ "id": class.quiz })).await["quiz"].clone();
        assert_eq!(seen["viewerAttempts"][0], json!({ "id": third["id"], "state": "TIMED_OUT" }));
        assert_eq!(seen["viewerAttemptsLeft"], 0);
        time_passes(app).await;
        for id in [&first["id"], &second["id"], &third["id"]] {
            assert_eq!(audited(app, id).await, ["quiz_attempt.timed_out", "quiz_attempt.started"]);
        }
    })
    .await;
}

#[tokio::test]
async fn more_time_moves_the_deadline_of_an_attempt_under_way() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "timeLimitSeconds": 60 }), OF_EACH_KIND).await;
        let (learner, other) = (class.learner().await, class.learner().await);
        let (started, others) = (class.starts(&learner).await, class.starts(&other).await);
        let allowance = class.allows(&learner, 0, 100).await;
        assert_eq!((&allowance["extraSeconds"], &allowance["reason"]), (&json!(100), &json!("A power cut.")));
        let moved = instant(&attempt(&learner, &started["id"]).await["deadlineAt"]);
        assert_eq!(moved, instant(&started["deadlineAt"]) + Duration::seconds(100));

        app.clock.advance(Duration::seconds(70));
        app.run_jobs().await;
        assert_eq!(attempt(&other, &others["id"]).await["state"], "TIMED_OUT");
        let input = json!({ "input": save(&started, &started["questions"][0], &class.choices[0].0, 1) });
        learner.runs(SAVE, &input).await;
        app.clock.advance(Duration::seconds(91));
        app.run_jobs().await;
        assert_eq!(audited(app, &started["id"]).await, ["quiz_attempt.timed_out", "quiz_attempt.started"], "the job followed");
        assert_eq!(audited(app, &allowance["id"]).await, ["quiz_allowance.granted"]);

        let next = class.starts(&learner).await;
        let length = instant(&next["deadlineAt"]) - instant(&attempt(&learner, &next["id"]).await["startedAt"]);
        assert_eq!(length, Duration::seconds(160), "the next attempt is as long");
        time_passes(app).await;
    })
    .await;
}

#[tokio::test]
async fn staff_give_another_attempt_with_a_reason() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "attemptLimit": 1 }), OF_EACH_KIND).await;
        let (learner, stranger) = (class.learner().await, app.practitioner().await);
        class.sits(&learner, 0).await;
        class.allows(&learner, 1, 0).await;
        assert_eq!(class.sits(&learner, 0).await["number"], 2);
        assert_eq!(learner.problems(START, &json!({ "id": class.lesson, "key": key() })).await, ["LIMIT_REACHED"]);

        let input = |user: &Client<'_>, attempts: i32, reason: &str| {
            json!({ "input": { "key": key(), "quizId": class.quiz, "userId": user.id(), "extraAttempts": attempts, "reason": reason } })
        };
        assert_eq!(class.trainer.problems(GRANT, &input(&learner, 21, " ")).await, ["OUT_OF_RANGE input.extraAttempts", "BLANK input.reason"]);
        assert_eq!(class.trainer.problems(GRANT, &input(&learner, 0, "Why")).await, ["BLANK input.extraAttempts"]);
        assert_eq!(class.trainer.problems(GRANT, &input(&stranger, 1, "Why")).await, ["NOT_FOUND input.userId"]);
        assert_eq!(learner.fails(GRANT, &input(&learner, 1, "Please")).await, "FORBIDDEN");
        assert_eq!(app.trainer().await.fails(GRANT, &input(&learner, 1, "Why")).await, "FORBIDDEN");
        assert_eq!(app.visitor().fails(GRANT, &input(&learner, 1, "Why")).await, "UNAUTHENTICATED");
        let once = input(&learner, 1, "Why");
        assert_eq!(class.trainer.runs(GRANT, &once).await, class.trainer.runs(GRANT, &once).await);
        class.sits(&learner, 0).await;
        assert_eq!(learner.problems(START, &json!({ "id": class.lesson, "key": key() })).await, ["LIMIT_REACHED"]);
    })
    .await;
}

#[tokio::test]
async fn an_allowance_is_seen_by_staff_only() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let id = json!({ "id": class.allows(&learner, 1, 0).await["id"] });
        let node = "query($id: ID!) { node(id: $id) { ... on QuizAllowance { reason user { id } } } }";
        assert_eq!(class.trainer.runs(node, &id).await["node"]["user"]["id"], learner.id());
        assert_eq!(learner.runs(node, &id).await["node"], json!(null));
        assert_eq!(app.visitor().runs(node, &id).await["node"], json!(null));
        let list = "query($id: ID!) { quiz(id: $id) { allowances { nodes { id extraAttempts user { id } } } } }";
        let quiz = json!({ "id": class.quiz });
        let expected = json!([{ "id": id["id"], "extraAttempts": 1, "user": { "id": learner.id() } }]);
        assert_eq!(class.trainer.runs(list, &quiz).await["quiz"]["allowances"]["nodes"], expected);
        for person in [&learner, &app.trainer().await] {
            assert_eq!(person.runs(list, &quiz).await["quiz"]["allowances"], json!(null));
        }
    })
    .await;
}

#[tokio::test]
async fn the_best_attempt_counts() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "passMarkPercent": 100 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let best = "query($id: ID!) { quiz(id: $id) { viewerBestAttempt { number scorePoints } viewerAttempts { number } viewerAttemptsLeft } }";
        let best = async || learner.runs(best, &json!({ "id": class.quiz })).await["quiz"].clone();
        assert_eq!(best().await["viewerBestAttempt"], json!(null));
        for right in [1, 2, 0, 2] {
            class.sits(&learner, right).await;
        }
        class.starts(&learner).await;
        let seen = best().await;
        assert_eq!(seen["viewerBestAttempt"], json!({ "number": 2, "scorePoints": 5 }), "of equals the first");
        let numbers: Vec<_> = seen["viewerAttempts"].as_array().into_iter().flatten().map(|attempt| attempt["number"].clone()).collect();
        assert_eq!(numbers, [5, 4, 3, 2, 1]);
        assert_eq!(seen["viewerAttemptsLeft"], json!(null), "no limit");
    })
    .await;
}

/// The lessons of the published version, in order.
async fn lessons(learner: &Client<'_>, class: &Class<'_>) -> Vec<Value> {
    let document = "query($id: ID!) { course(id: $id) { publishedVersion { modules { lessons { id } } } } }";
    let page = learner.runs(document, &json!({ "id": class.course })).await;
    let modules = page["course"]["publishedVersion"]["modules"].as_array().cloned().unwrap_or_default();
    modules.iter().flat_map(|module| module["lessons"].as_array().cloned().unwrap_or_default()).map(|l| l["id"].clone()).collect()
}

const OPEN: &str = "mutation($id: ID!) { lessonStart(id: $id) { lesson { viewerProgress { state reason } }
    enrolment { state } userErrors { code } } }";

#[tokio::test]
async fn a_quiz_that_was_passed_completes_its_other_lessons_when_they_are_opened() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({}), OF_EACH_KIND).await;
        stage::lesson(&class.trainer, &class.course, &class.quiz).await;
        let class = class.published().await;
        let (learner, idle) = (class.learner().await, class.learner().await);
        class.sits(&learner, 3).await;
        let opens = async |learner: &Client<'_>, nth: usize| {
            let id = lessons(learner, &class).await[nth].clone();
            learner.runs(OPEN, &json!({ "id": id })).await["lessonStart"].clone()
        };
        let opened = opens(&learner, 1).await;
        assert_eq!(opened["lesson"]["viewerProgress"], json!({ "state": "COMPLETED", "reason": "PASSED" }));
        assert_eq!(opened["enrolment"]["state"], "COMPLETED");
        assert_eq!(opens(&idle, 1).await["lesson"]["viewerProgress"]["state"], "STARTED", "who passed nothing");

        let again = "mutation($id: ID!) { lessonRemove(id: $id) { draft { id } userErrors { code } } }";
        let drafted = "query($id: ID!) { course(id: $id) { draft { modules { id lessons { id } } } } }";
        let draft = class.trainer.runs(drafted, &json!({ "id": class.course })).await["course"]["draft"]["modules"].clone();
        class.trainer.runs(again, &json!({ "id": draft[0]["lessons"][0]["id"] })).await;
        let remove = "mutation($id: ID!) { moduleRemove(id: $id) { draft { id } userErrors { code } } }";
        class.trainer.runs(remove, &json!({ "id": draft[0]["id"] })).await;
        stage::lesson(&class.trainer, &class.course, &class.quiz).await;
        let class = class.published().await;
        app.run_jobs().await;
        let anew = lessons(&learner, &class).await[1].clone();
        let opened = learner.runs(OPEN, &json!({ "id": anew })).await["lessonStart"].clone();
        assert_eq!(opened["lesson"]["viewerProgress"]["state"], "COMPLETED", "the lesson was taken out and put in again");
        let lesson = "query($id: ID!) { quiz(id: $id) { viewerAttempts { lesson { id } } } }";
        let seen = learner.runs(lesson, &json!({ "id": class.quiz })).await["quiz"]["viewerAttempts"].clone();
        assert_eq!(seen, json!([{ "lesson": null }]), "the lesson it was begun in is no longer taught");
    })
    .await;
}

#[tokio::test]
async fn passing_completes_the_lesson() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let document = "query($id: ID!) { lesson(id: $id) { viewerProgress { state reason } } }";
        let progress = async || learner.runs(document, &json!({ "id": class.lesson })).await["lesson"]["viewerProgress"].clone();
        assert_eq!(class.sits(&learner, 1).await["isPassed"], false);
        assert_ne!(progress().await["state"], "COMPLETED");
        assert_eq!(class.sits(&learner, 2).await["isPassed"], true);
        assert_eq!(progress().await, json!({ "state": "COMPLETED", "reason": "PASSED" }));
    })
    .await;
}
