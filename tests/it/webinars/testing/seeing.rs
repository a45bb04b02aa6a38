//! For whom a test exists, and who is told of it.

use chrono::Duration;
use lyceum::webinars::telling::Remind;
use serde_json::json;

use super::Tested;
use crate::{
    app::{Client, TestApp, with_app},
    webinars::{comes_round, id, lets_in, letters::decoded, register, update},
};

const BY_ID: &str = "query($id: ID!) { quiz(id: $id) { id title questions { id } } node(id: $id) { id } }";

#[tokio::test]
async fn a_test_exists_for_staff_and_once_it_is_published_for_those_with_a_seat() {
    with_app(async |app| {
        let tested = Tested::new(app).await;
        update(&tested.organiser, &tested.webinar, json!({ "capacity": 1 })).await;
        let quiz = tested.gives("PRE", json!(null)).await;
        tested.asks(&quiz, 2).await;
        let (registrant, waiting, speaker) = (tested.registrant().await, tested.registrant().await, app.practitioner().await);
        lets_in(&tested.organiser, &tested.webinar, &speaker, "SPEAKER").await;
        let elsewhere = Tested::new(app).await.organiser;
        let exists = async |person: &Client<'_>| {
            let of_webinar = !tested.seen(person).await["preTest"].is_null();
            let found = person.runs(BY_ID, &json!({ "id": quiz })).await;
            assert_eq!((found["quiz"].is_null(), found["node"].is_null()), (!of_webinar, !of_webinar), "by all ways alike");
            of_webinar
        };
        let others = [waiting, speaker, elsewhere, app.practitioner().await, app.visitor()];
        for person in others.iter().chain([&registrant]) {
            assert!(!exists(person).await, "a draft is for staff");
        }
        assert!(exists(&tested.organiser).await && exists(&app.administrator().await).await);
        tested.publishes("PRE").await;
        for person in &others {
            assert!(!exists(person).await);
        }
        assert!(exists(&registrant).await);
        let seen = tested.seen(&registrant).await["preTest"]["quiz"].clone();
        assert_eq!((&seen["questionCount"], &seen["questions"], &seen["attempts"]), (&json!(2), &json!(null), &json!(null)));

        let cancel = "query($id: ID!) { webinar(id: $id) { viewerRegistration { id } } }";
        let seat = registrant.runs(cancel, &json!({ "id": tested.webinar })).await["webinar"]["viewerRegistration"].clone();
        registrant.runs(crate::webinars::REGISTRATION_CANCEL, &json!({ "id": id(&seat) })).await;
        assert!(!exists(&registrant).await, "who left without attempting it");
        assert!(exists(&others[0]).await, "who moved up");
    })
    .await;
}

#[tokio::test]
async fn the_tests_of_many_webinars_cost_no_more_statements_than_those_of_one() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let page = "{ webinars(when: COMING) { nodes { preTest { viewerCanStart viewerAttempt { scorePercent questions {
            isCorrect } } quiz { title viewerAttemptsLeft } } postTest { opensAt viewerCanStart quiz { title } } } } }";
        let attends = async || {
            let tested = Tested::with_both(app).await;
            register(&person, &tested.webinar).await;
            tested.sits(&person, "PRE", 1).await;
        };
        attends().await;
        let one = person.costs(page, &json!({})).await;
        for _ in 0..3 {
            attends().await;
        }
        assert!(person.costs(page, &json!({})).await <= one, "one takes {one}");
    })
    .await;
}

/// How many letters to a person tell of the pre-test, and how many there are. Embedded mail only.
async fn told(app: &TestApp, person: &Client<'_>) -> (usize, usize) {
    let mails = app.mails().await;
    let theirs: Vec<_> =
        mails.iter().filter(|mail| mail.contains(&format!("To: {}", person.email))).map(|mail| decoded(mail)).collect();
    (theirs.iter().filter(|letter| letter.contains("A short test waits for you")).count(), theirs.len())
}

#[tokio::test]
async fn letters_tell_of_a_pre_test_that_waits_for_the_person() {
    with_app(async |app| {
        let (tested, untested) = (Tested::with_both(app).await, Tested::new(app).await);
        let (done, waits) = (tested.registrant().await, tested.registrant().await);
        let nothing = app.practitioner().await;
        register(&nothing, &untested.webinar).await;
        app.run_jobs().await;
        tested.sits(&done, "PRE", 1).await;
        let begun = tested.starts(&waits, "PRE").await;
        tested.goes_to("startsAt", -30 * 60).await;
        comes_round(app, &Remind {}).await;
        if app.config.smtp.is_none() {
            assert_eq!(told(app, &done).await, (1, 3), "registered, a day before, an hour before");
            assert_eq!(told(app, &waits).await, (3, 3), "what is begun is not handed in");
            assert_eq!(told(app, &nothing).await.0, 0);
        }
        super::hands_in(&waits.again().await, &begun).await;
        app.clock.advance(Duration::hours(2));
    })
    .await;
}
