//! Sitting tests: who, and when.

use chrono::Duration;
use lyceum::{
    ids::{Id as _, UserId, WebinarId},
    webinars::testing::{
        counting::{TestResult, results},
        test::TestKind,
    },
};
use serde_json::{Value, json};

use super::{START, Tested, answers, hands_in};
use crate::{
    app::{Client, key, with_app},
    quizzes::{ATTEMPT, GRANT, SAVE, SUBMIT},
    webinars::{MOVE, REGISTRATION_CANCEL, id, register, time_in, update},
};

const CANCEL: &str = "mutation($id: ID!) { webinarCancel(id: $id, reason: \"The speaker is ill\") { userErrors { code } } }";

async fn attempt(viewer: &Client<'_>, attempt: &Value) -> Value {
    viewer.runs(ATTEMPT, &json!({ "id": attempt["id"] })).await["quizAttempt"].clone()
}

#[tokio::test]
async fn a_registrant_takes_the_pre_test_before_and_the_post_test_after() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = tested.registrant().await;
        let seen = tested.seen(&person).await;
        assert_eq!((&seen["preTest"]["opensAt"], &seen["preTest"]["closesAt"]), (&json!(null), &seen["startsAt"]));
        assert_eq!((&seen["preTest"]["viewerCanStart"], &seen["postTest"]["viewerCanStart"]), (&json!(true), &json!(false)));
        let begun = tested.starts(&person, "PRE").await;
        assert_eq!((&begun["webinar"]["id"], &begun["lesson"]), (&json!(tested.webinar), &json!(null)));
        assert_eq!(begun["deadlineAt"], seen["endsAt"], "without a time limit it ends with the webinar");
        assert_eq!(tested.seen(&person).await["preTest"]["viewerCanStart"], false);
        answers(&person, &begun, 1).await;
        let done = hands_in(&person, &begun).await;
        assert_eq!((&done["scorePercent"], &done["isPassed"]), (&json!(50.0), &json!(false)), "the score comes at once");
        assert_eq!(tested.refuses(&person, "PRE").await, ["LIMIT_REACHED"]);

        tested.goes_to("endsAt", 0).await;
        let person = person.again().await;
        assert_eq!(tested.sits(&person, "POST", 2).await["isPassed"], true);
        let seen = tested.seen(&person).await;
        assert_eq!(seen["preTest"]["viewerAttempt"]["scorePercent"], 50.0);
        assert_eq!(seen["postTest"]["viewerAttempt"]["scorePercent"], 100.0);
        assert_eq!(seen["postTest"]["viewerCanStart"], false, "it was passed");
        assert_eq!(tested.refuses(&person, "POST").await, ["WRONG_STATE"]);
    })
    .await;
}

#[tokio::test]
async fn tests_open_and_close_with_the_webinar_and_say_when() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let (early, late) = (tested.registrant().await, tested.registrant().await);
        tested.goes_to("startsAt", -20).await;
        let (early, late) = (early.again().await, late.again().await);
        tested.starts(&early, "PRE").await;
        tested.goes_to("startsAt", 0).await;
        let refused = async |person: &Client<'_>, kind: &str| {
            let answer = person.sends(START, &tested.starting(kind)).await;
            answer["data"]["webinarTestStart"]["userErrors"][0].clone()
        };
        let closed = refused(&late, "PRE").await;
        assert_eq!((&closed["code"], &closed["field"]), (&json!("TOO_LATE"), &json!(["kind"])));
        let planned = tested.seen(&late).await;
        let clock = |instant: &Value| instant.as_str().map(|text| text[..16].replace('T', " ")).expect("an instant");
        assert_eq!(
            closed["message"],
            format!("The pre-test closed when the webinar began: {} UTC.", clock(&planned["startsAt"]))
        );
        assert_eq!(tested.starts(&early, "PRE").await["state"], "IN_PROGRESS", "what was begun goes on");

        tested.goes_to("endsAt", -10 * 60 - 20).await;
        let not_open = refused(&late, "POST").await;
        assert_eq!((&not_open["code"], &not_open["field"]), (&json!("WRONG_STATE"), &json!(["kind"])));
        assert_eq!(not_open["message"], format!("The post-test opens at {} UTC.", clock(&planned["postTest"]["opensAt"])));
        tested.goes_to("endsAt", -10 * 60).await;
        assert_eq!(tested.seen(&late).await["postTest"]["viewerCanStart"], true);
        let begun = tested.starts(&late, "POST").await;
        assert_eq!(begun["deadlineAt"], json!(null), "it has no end");
        app.clock.advance(Duration::days(300));
        tested.sits(&early.again().await, "POST", 2).await;
        hands_in(&late.again().await, &begun).await;
    })
    .await;
}

#[tokio::test]
async fn the_server_hands_in_a_pre_test_at_the_end_of_the_webinar_with_what_was_saved() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let (person, other) = (tested.registrant().await, tested.registrant().await);
        let (begun, others) = (tested.starts(&person, "PRE").await, tested.starts(&other, "PRE").await);
        answers(&person, &begun, 1).await;
        tested.goes_to("endsAt", -30).await;
        let (person, other) = (person.again().await, other.again().await);
        answers(&other, &others, 2).await;
        tested.goes_to("endsAt", 1).await;
        app.run_jobs().await;
        let ended = attempt(&person, &begun).await;
        assert_eq!((&ended["state"], &ended["scorePercent"]), (&json!("TIMED_OUT"), &json!(50.0)));
        assert_eq!(ended["submittedAt"], tested.seen(&person).await["endsAt"]);
        assert_eq!(attempt(&other, &others).await["scorePercent"], 100.0);
        let input = json!({ "attemptId": begun["id"], "questionId": begun["questions"][0]["questionId"], "chosenIds": [], "sequence": 9 });
        assert_eq!(person.problems(SAVE, &json!({ "input": input })).await, ["TOO_LATE"]);
    })
    .await;
}

#[tokio::test]
async fn the_pre_test_is_handed_in_before_the_post_test_begins() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = tested.registrant().await;
        let begun = tested.starts(&person, "PRE").await;
        tested.goes_to("endsAt", -60).await;
        let person = person.again().await;
        assert_eq!(tested.seen(&person).await["postTest"]["viewerCanStart"], false);
        assert_eq!(tested.refuses(&person, "POST").await, ["WRONG_STATE kind"]);
        hands_in(&person, &begun).await;
        assert_eq!(tested.seen(&person).await["postTest"]["viewerCanStart"], true);
        tested.sits(&person, "POST", 1).await;
    })
    .await;
}

#[tokio::test]
async fn a_time_limit_holds_instead_also_beyond_the_start_of_the_webinar() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = tested.registrant().await;
        let quiz = id(&tested.seen(&tested.organiser).await["preTest"]["quiz"]);
        tested.rules(&quiz, json!({ "timeLimitSeconds": 600 })).await;
        tested.publishes("PRE").await;
        tested.goes_to("startsAt", -60).await;
        let person = person.again().await;
        let begun = tested.starts(&person, "PRE").await;
        let organiser = tested.organiser.again().await;
        let input = json!({ "key": key(), "quizId": quiz, "userId": person.id(), "extraSeconds": 60, "reason": "A power cut" });
        organiser.runs(GRANT, &json!({ "input": input })).await;
        app.clock.advance(Duration::seconds(630));
        answers(&person, &begun, 2).await;
        app.clock.advance(Duration::seconds(60));
        app.run_jobs().await;
        let ended = attempt(&person, &begun).await;
        assert_eq!((&ended["state"], &ended["scorePercent"]), (&json!("TIMED_OUT"), &json!(100.0)));
    })
    .await;
}

#[tokio::test]
async fn moving_the_webinar_moves_the_times_of_its_tests() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = tested.registrant().await;
        let begun = tested.starts(&person, "PRE").await;
        let moves = async |minutes: i64| {
            let time = json!({ "id": tested.webinar, "input": time_in(app, minutes) });
            tested.organiser.again().await.runs(MOVE, &time).await;
        };
        let deadline = async || attempt(&person.again().await, &begun).await["deadlineAt"].clone();
        moves(4 * 24 * 60).await;
        let later = tested.seen(&person).await;
        assert_eq!((&later["preTest"]["closesAt"], &deadline().await), (&later["startsAt"], &later["endsAt"]));
        app.clock.advance(Duration::days(3));
        app.run_jobs().await;
        assert_eq!(attempt(&person.again().await, &begun).await["state"], "IN_PROGRESS", "the end that was is none");
        moves(60).await;
        assert_eq!(deadline().await, tested.seen(&person.again().await).await["endsAt"]);
        tested.goes_to("startsAt", 1).await;
        assert_eq!(tested.refuses(&tested.organiser_with_seat().await, "PRE").await, ["TOO_LATE kind"]);
        tested.goes_to("endsAt", 1).await;
        app.run_jobs().await;
        assert_eq!(attempt(&person.again().await, &begun).await["state"], "TIMED_OUT", "an earlier end is kept");
    })
    .await;
}

impl<'a> Tested<'a> {
    /// The organiser, who has registered as anybody may.
    async fn organiser_with_seat(&self) -> Client<'a> {
        let organiser = self.organiser.again().await;
        register(&organiser, &self.webinar).await;
        organiser
    }
}

#[tokio::test]
async fn whoever_has_no_seat_takes_no_test() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        update(&tested.organiser, &tested.webinar, json!({ "capacity": 1 })).await;
        let (first, second) = (app.practitioner().await, app.practitioner().await);
        let seat = register(&first, &tested.webinar).await;
        assert_eq!(register(&second, &tested.webinar).await["state"], "WAITING");
        assert_eq!(app.visitor().fails(START, &tested.starting("PRE")).await, "UNAUTHENTICATED");
        for person in [&second, &tested.organiser, &app.practitioner().await] {
            for kind in ["PRE", "POST"] {
                assert_eq!(person.fails(START, &tested.starting(kind)).await, "FORBIDDEN");
            }
        }
        let scored = tested.sits(&first, "PRE", 2).await;
        first.runs(REGISTRATION_CANCEL, &json!({ "id": seat["id"] })).await;
        assert_eq!(first.fails(START, &tested.starting("PRE")).await, "FORBIDDEN");
        assert_eq!(tested.sits(&second, "PRE", 0).await["scorePercent"], 0.0, "who moved up may");

        update(&tested.organiser, &tested.webinar, json!({ "capacity": 3 })).await;
        register(&first, &tested.webinar).await;
        assert_eq!(tested.refuses(&first, "PRE").await, ["WRONG_STATE"], "who comes back has passed it still");
        assert_eq!(tested.seen(&first).await["preTest"]["viewerAttempt"]["id"], scored["id"]);
        let organiser = tested.organiser_with_seat().await;
        assert_eq!(tested.sits(&organiser, "PRE", 1).await["scorePercent"], 50.0, "then as anybody");
    })
    .await;
}

#[tokio::test]
async fn who_cancels_finishes_what_was_begun_and_keeps_the_score() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = app.practitioner().await;
        let seat = register(&person, &tested.webinar).await;
        let begun = tested.starts(&person, "PRE").await;
        person.runs(REGISTRATION_CANCEL, &json!({ "id": seat["id"] })).await;
        update(&tested.organiser, &tested.webinar, json!({ "visibility": "INVITED" })).await;
        answers(&person, &begun, 1).await;
        assert_eq!(hands_in(&person, &begun).await["scorePercent"], 50.0);
        let quiz = "query($id: ID!) { quizAttempt(id: $id) { scorePercent webinar { id } quiz { title webinar { id }
            viewerAttempts { id } questions { id } } } }";
        let kept = person.runs(quiz, &json!({ "id": begun["id"] })).await["quizAttempt"].clone();
        assert_eq!(
            (&kept["scorePercent"], &kept["webinar"]),
            (&json!(50.0), &json!(null)),
            "the webinar itself is hidden from them"
        );
        assert_eq!((&kept["quiz"]["viewerAttempts"][0]["id"], &kept["quiz"]["questions"]), (&begun["id"], &json!(null)));
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_webinar_starts_no_test() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let (begun, late) = (tested.registrant().await, tested.registrant().await);
        let under_way = tested.starts(&begun, "PRE").await;
        tested.organiser.runs(CANCEL, &json!({ "id": tested.webinar })).await;
        for kind in ["PRE", "POST"] {
            assert_eq!(tested.refuses(&late, kind).await, ["WRONG_STATE webinarId"]);
        }
        assert_eq!(tested.seen(&late).await["preTest"]["viewerCanStart"], false);
        assert_eq!(hands_in(&begun, &under_way).await["state"], "SUBMITTED");
        tested.goes_to("endsAt", 1).await;
        assert_eq!(tested.refuses(&late.again().await, "POST").await, ["WRONG_STATE webinarId"]);
    })
    .await;
}

#[tokio::test]
async fn starting_at_once_with_one_key_or_two_starts_once() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = tested.registrant().await;
        let (same, other) = (tested.starting("PRE"), tested.starting("PRE"));
        let (first, second, third) =
            tokio::join!(person.runs(START, &same), person.runs(START, &same), person.runs(START, &other));
        assert_eq!((&first, &second), (&second, &third));
        let begun = first["webinarTestStart"]["attempt"].clone();
        assert_eq!(begun["number"], 1);
        let mut reused = same.clone();
        reused["kind"] = json!("POST");
        assert_eq!(person.problems(START, &reused).await, ["KEY_REUSED key"]);
        hands_in(&person, &begun).await;
        assert_eq!(person.runs(START, &same).await["webinarTestStart"]["attempt"]["id"], begun["id"], "its answer stays");
    })
    .await;
}

#[tokio::test]
async fn staff_see_all_attempts_and_allow_another() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let (person, stranger) = (tested.registrant().await, app.practitioner().await);
        let done = tested.sits(&person, "PRE", 0).await;
        assert_eq!(tested.refuses(&person, "PRE").await, ["LIMIT_REACHED"]);
        let seen = tested.seen(&tested.organiser).await["preTest"]["quiz"].clone();
        assert_eq!(seen["attempts"]["nodes"], json!([{ "id": done["id"] }]));
        let allows = |who: &Client<'_>| {
            json!({ "input": { "key": key(), "quizId": seen["id"], "userId": who.id(), "extraAttempts": 1, "reason": "A power cut" } })
        };
        assert_eq!(tested.organiser.problems(GRANT, &allows(&stranger)).await, ["NOT_FOUND input.userId"]);
        tested.organiser.runs(GRANT, &allows(&person)).await;
        assert_eq!(tested.sits(&person, "PRE", 2).await["scorePercent"], 100.0);
        let counts = tested.seen(&person).await["preTest"]["viewerAttempt"].clone();
        assert_eq!(counts["id"], done["id"], "of a pre-test the first counts");
    })
    .await;
}

#[tokio::test]
async fn nobody_else_comes_near_an_attempt() {
    with_app(async |app| {
        let (tested, elsewhere) = (Tested::with_both(app).await, Tested::with_both(app).await);
        let (person, other) = (tested.registrant().await, tested.registrant().await);
        let begun = tested.starts(&person, "PRE").await;
        let input = json!({ "attemptId": begun["id"], "questionId": begun["questions"][0]["questionId"], "chosenIds": [], "sequence": 1 });
        for stranger in [&other, &elsewhere.organiser, &app.practitioner().await] {
            assert!(attempt(stranger, &begun).await.is_null());
            assert_eq!(stranger.fails(SAVE, &json!({ "input": input })).await, "NOT_FOUND");
            assert_eq!(stranger.fails(SUBMIT, &json!({ "id": begun["id"] })).await, "NOT_FOUND");
        }
        assert_eq!(tested.organiser.fails(SUBMIT, &json!({ "id": begun["id"] })).await, "FORBIDDEN");
        let seen = attempt(&tested.organiser, &begun).await;
        assert!(seen["questions"][0]["correctChoiceIds"].is_array(), "staff wrote the key");
        hands_in(&person, &begun).await;
    })
    .await;
}

#[tokio::test]
async fn of_pre_tests_the_first_attempt_counts_and_of_post_tests_the_best() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let (person, other) = (tested.registrant().await, tested.registrant().await);
        let quiz = id(&tested.seen(&tested.organiser).await["preTest"]["quiz"]);
        tested.rules(&quiz, json!({ "attemptLimit": 2 })).await;
        tested.publishes("PRE").await;
        tested.sits(&person, "PRE", 0).await;
        tested.sits(&person, "PRE", 1).await;
        let begun = tested.starts(&other, "PRE").await;
        tested.goes_to("endsAt", -60).await;
        let person = person.again().await;
        tested.sits(&person, "POST", 1).await;
        tested.sits(&person, "POST", 0).await;
        let webinar = WebinarId::parse(&tested.webinar).expect("an id");
        let result = |user: &Client<'_>, which, share_percent| {
            let user = UserId::parse(&user.id()).expect("an id");
            TestResult { webinar, user, which, share_percent, is_passed: false }
        };
        let mut found = results(app.db.read(), &[webinar]).await.expect("results");
        found.sort_by_key(|result| (result.which == TestKind::Post, result.user));
        assert_eq!(
            found,
            [result(&person, TestKind::Pre, 0.0), result(&person, TestKind::Post, 50.0)],
            "what is under way is none"
        );
        hands_in(&other.again().await, &begun).await;
        assert_eq!(results(app.db.read(), &[webinar]).await.expect("results").len(), 3);
        assert!(results(app.db.read(), &[]).await.expect("results").is_empty());
    })
    .await;
}
