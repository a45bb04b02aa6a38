//! What nominees answer, and how their seats become registrations.

use lyceum::{accounts::admin, language::Language, role::Roles};
use serde_json::{Value, json};

use super::{ANSWER, NOMINEES, Run, answers, letters_to, newest, token};
use crate::{
    app::{Client, PASSWORD, TestApp, key, with_app},
    webinars::{REGISTRATION_CANCEL, registers, seen, update},
};

/// Somebody with an account of an address.
async fn joins<'a>(app: &'a TestApp, email: &str) -> Client<'a> {
    let new = admin::NewAccount {
        email: email.into(),
        password: PASSWORD.into(),
        full_name: "Awa Exemple".into(),
        language: Language::english(),
        time_zone: "UTC".into(),
        roles: Roles::default(),
        vetted: false,
    };
    let id = admin::create(app, new).await.expect("the account is made");
    app.signed_in(id, email.to_owned()).await
}

async fn registrations(run: &Run<'_>) -> Value {
    let asked = "query($id: ID!) { webinar(id: $id) { registrations(first: 100) { nodes { state } } } }";
    run.organiser.runs(asked, &json!({ "id": run.webinar })).await["webinar"]["registrations"]["nodes"].clone()
}

#[tokio::test]
async fn who_comes_and_has_an_account_is_registered_and_sees_the_webinar() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 1 })).await;
        let person = joins(app, "awa@example.org").await;
        let token = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&token, &["Awa@example.org"]).await;
        assert!(seen(&person, &run.webinar).await.is_null());
        run.decides(&ids, "ACCEPT").await;
        assert_eq!(answers(app, "Awa@example.org", true).await, json!({ "state": "CONFIRMED", "isOpen": true }));
        let webinar = seen(&person, &run.webinar).await;
        assert_eq!(
            (webinar["viewerRegistration"]["state"].as_str(), webinar["seatsLeft"].as_i64()),
            (Some("REGISTERED"), Some(0))
        );
        let (standing, left) = run.standing().await;
        assert_eq!((standing[0].1.as_str(), left), ("CONFIRMED", json!(0)), "one seat");
        let person = run.organiser.runs(NOMINEES, &json!({ "id": run.webinar })).await;
        let nominee = &person["webinar"]["inviting"]["nominees"]["nodes"][0];
        assert_eq!(nominee["registration"]["state"], "REGISTERED");
        let decline = json!({ "input": { "webinarId": run.webinar, "nomineeIds": ids, "decision": "DECLINE" } });
        assert_eq!(run.organiser.problems(super::DECIDE, &decline).await, ["WRONG_STATE input.nomineeIds.0"]);
    })
    .await;
}

#[tokio::test]
async fn a_stranger_who_comes_has_a_seat_and_is_registered_when_they_join() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 1 })).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["awa@example.org"]).await;
        run.decides(&ids, "ACCEPT").await;
        let place = token(&newest(app, "awa@example.org").await, "place");
        answers(app, "awa@example.org", true).await;
        app.visitor().runs(ANSWER, &json!({ "input": { "token": place, "comes": true } })).await;
        let letters = letters_to(app, "awa@example.org").await;
        assert_eq!(letters.len(), 2, "twice is once");
        assert!(letters[1].starts_with("Your seat: Reservations") && letters[1].contains("#/sign-up"), "{}", letters[1]);
        assert_eq!((registrations(&run).await, run.standing().await.1), (json!([]), json!(0)), "the seat is held");
        let person = joins(app, "Awa@example.org").await;
        app.run_jobs().await;
        let webinar = seen(&person, &run.webinar).await;
        assert_eq!(webinar["viewerRegistration"]["state"], "REGISTERED");
        assert_eq!((registrations(&run).await, run.standing().await.1), (json!([{ "state": "REGISTERED" }]), json!(0)));
        assert_eq!(letters_to(app, "Awa@example.org").await.len(), 1, "told as who registers is");

        let cancel = json!({ "id": webinar["viewerRegistration"]["id"] });
        person.runs(REGISTRATION_CANCEL, &cancel).await;
        let (standing, left) = run.standing().await;
        assert_eq!((standing[0].1.as_str(), left), ("REFUSED", json!(1)));
    })
    .await;
}

#[tokio::test]
async fn a_seat_that_is_given_back_goes_to_who_waits_first_be_they_named_or_members() {
    with_app(async |app| {
        let (run, member) = (Run::new(app).await, app.practitioner().await);
        update(&run.organiser, &run.webinar, json!({ "capacity": 1, "visibility": "MEMBERS" })).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["a@x.org", "b@x.org"]).await;
        run.decides(&ids[..1], "ACCEPT").await;
        run.decides(&ids[1..], "WAIT_LIST").await;
        app.clock.advance(chrono::Duration::seconds(1));
        assert_eq!(registers(&member, &run.webinar).await, "WAITING");
        assert_eq!(answers(app, "a@x.org", false).await["state"], "REFUSED");
        let states = run.standing().await.0.into_iter().map(|(_, state)| state).collect::<Vec<_>>();
        assert_eq!(states, ["REFUSED", "ACCEPTED"], "she waited first");
        assert_eq!(answers(app, "b@x.org", true).await["state"], "CONFIRMED");
        assert_eq!(answers(app, "a@x.org", false).await["state"], "REFUSED", "the same again");
        let place = token(&newest(app, "b@x.org").await, "place");
        app.visitor().runs(ANSWER, &json!({ "input": { "token": place, "comes": false } })).await;
        assert_eq!(seen(&member, &run.webinar).await["viewerRegistration"]["state"], "REGISTERED");
        let wrong = json!({ "input": { "token": place, "comes": true } });
        assert_eq!(app.visitor().problems(ANSWER, &wrong).await, ["WRONG_STATE input.token"], "it is gone");
        assert_eq!(run.standing().await.1, 0);
    })
    .await;
}

#[tokio::test]
async fn who_registers_takes_the_seat_that_is_held_for_them_and_who_has_one_needs_no_other() {
    with_app(async |app| {
        let (run, first, second) = (Run::new(app).await, app.practitioner().await, app.practitioner().await);
        update(&run.organiser, &run.webinar, json!({ "capacity": 2, "visibility": "MEMBERS" })).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &[&first.email, &second.email]).await;
        run.decides(&ids[..1], "ACCEPT").await;
        assert_eq!(registers(&first, &run.webinar).await, "REGISTERED");
        assert_eq!(registers(&second, &run.webinar).await, "REGISTERED", "there was a seat for her too");
        run.decides(&ids[1..], "ACCEPT").await;
        let (standing, left) = run.standing().await;
        assert!(standing.iter().all(|(_, state)| state == "CONFIRMED"), "{standing:?}");
        assert_eq!(left, 0);
        assert!(letters_to(app, &second.email).await.iter().all(|letter| !letter.contains("#/place")), "nothing to ask her");
    })
    .await;
}

#[tokio::test]
async fn who_comes_agrees_to_be_recorded_and_an_offer_that_was_taken_back_is_none() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "isRecorded": true })).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["a@x.org"]).await;
        run.decides(&ids, "ACCEPT").await;
        let place = token(&newest(app, "a@x.org").await, "place");
        let shown = "query($token: String!) { place(token: $token) { fullName organisation state isOpen
            webinar { isRecorded text { title } } } }";
        let seen = app.visitor().runs(shown, &json!({ "token": place })).await["place"].clone();
        assert_eq!((seen["organisation"].as_str(), seen["webinar"]["isRecorded"].as_bool()), (Some("Mission"), Some(true)));
        let answer = |agrees: bool| json!({ "input": { "token": place, "comes": true, "acceptsConditions": agrees } });
        assert_eq!(app.visitor().problems(ANSWER, &answer(false)).await, ["NOT_ACCEPTED input.acceptsConditions"]);
        run.decides(&ids, "DECLINE").await;
        assert_eq!(app.visitor().problems(ANSWER, &answer(true)).await, ["WRONG_STATE input.token"]);
        run.decides(&ids, "ACCEPT").await;
        app.visitor().runs(ANSWER, &answer(true)).await;
        let withdraw = json!({ "token": list, "id": ids[0] });
        assert_eq!(app.visitor().problems(super::NOMINEE_WITHDRAW, &withdraw).await, ["WRONG_STATE id"]);
    })
    .await;
}

#[tokio::test]
async fn those_for_whom_seats_are_held_are_told_when_the_webinar_is_moved_or_cancelled() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["a@x.org", "named@x.org"]).await;
        run.decides(&ids[..1], "ACCEPT").await;
        app.run_jobs().await;
        let time = crate::webinars::time_in(app, 3 * 24 * 60);
        run.organiser.runs(crate::webinars::MOVE, &json!({ "id": run.webinar, "input": time })).await;
        assert!(newest(app, "a@x.org").await.starts_with("New time: Reservations"));
        let cancel = "mutation($id: ID!) { webinarCancel(id: $id, reason: \"The speaker is ill\") { userErrors { code } } }";
        run.organiser.runs(cancel, &json!({ "id": run.webinar })).await;
        assert!(newest(app, "a@x.org").await.contains("The speaker is ill"));
        assert_eq!(letters_to(app, "named@x.org").await.len(), 0);
    })
    .await;
}

#[tokio::test]
async fn who_comes_answers_what_is_asked_of_registrants() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let ask = "mutation($input: WebinarQuestionAddInput!) { webinarQuestionAdd(input: $input) {
            webinar { questions { id } } userErrors { code field } } }";
        let text = json!({ "language": "en", "prompt": "What do you want to learn?" });
        let input = json!({ "key": key(), "webinarId": run.webinar, "isRequired": true, "text": text });
        let asked = run.organiser.runs(ask, &json!({ "input": input })).await;
        let question = asked["webinarQuestionAdd"]["webinar"]["questions"][0]["id"].clone();
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["awa@example.org"]).await;
        run.decides(&ids, "ACCEPT").await;
        let place = token(&newest(app, "awa@example.org").await, "place");
        let page = "query($token: String!) { place(token: $token) { webinar { questions { id isRequired text { prompt } } } } }";
        let seen = app.visitor().runs(page, &json!({ "token": place })).await["place"]["webinar"]["questions"][0].clone();
        assert_eq!((&seen["id"], &seen["isRequired"]), (&question, &json!(true)));
        let answer = |answers: Value| json!({ "input": { "token": place, "comes": true, "answers": answers } });
        assert_eq!(app.visitor().problems(ANSWER, &answer(json!([]))).await, ["INCOMPLETE input.answers"]);
        let foreign = json!([{ "questionId": "wquestion_00000000000000000000000000", "answer": "All" }]);
        let problems = app.visitor().problems(ANSWER, &answer(foreign)).await;
        assert_eq!(problems, ["NOT_FOUND input.answers.0.questionId", "INCOMPLETE input.answers"]);
        app.visitor().runs(ANSWER, &answer(json!([{ "questionId": question, "answer": "Reservations" }]))).await;
        joins(app, "awa@example.org").await;
        app.run_jobs().await;
        let registered = "query($id: ID!) { webinar(id: $id) { registrations { nodes { answers { answer } } } } }";
        let seen = run.organiser.runs(registered, &json!({ "id": run.webinar })).await;
        let answers = &seen["webinar"]["registrations"]["nodes"][0]["answers"];
        assert_eq!(answers, &json!([{ "answer": "Reservations" }]), "kept until there was an account");
    })
    .await;
}

#[tokio::test]
async fn what_else_lets_a_person_in_stays_when_a_nomination_of_theirs_is_declined() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let (awa, ben) = (joins(app, "awa@example.org").await, joins(app, "ben@example.org").await);
        let olu = joins(app, "olu@example.org").await;
        let first = run.list("Mission", "mission@example.org", 5).await;
        let second = run.list("Ministry", "ministry@example.org", 5).await;
        let comes = run.nominees(&first, &["awa@example.org", "olu@example.org"]).await;
        run.decides(&comes, "ACCEPT").await;
        let places = [newest(app, "awa@example.org").await, newest(app, "olu@example.org").await];
        let [of_awa, of_olu] = places.map(|letter| token(&letter, "place"));
        let says = |place: &str, comes: bool| {
            let answer = json!({ "input": { "token": place, "comes": comes } });
            async move { app.visitor().runs(ANSWER, &answer).await }
        };
        says(&of_awa, true).await;
        says(&of_olu, true).await;
        let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { userErrors { code } } }";
        for email in ["ben@example.org", "olu@example.org"] {
            let given = json!({ "key": key(), "subjectId": run.webinar, "email": email, "role": "MEMBER" });
            run.organiser.runs(grant, &json!({ "input": given })).await;
        }
        let also = run.nominees(&second, &["awa@example.org", "ben@example.org"]).await;
        run.decides(&also, "DECLINE").await;
        assert!(seen(&awa, &run.webinar).await.is_object(), "comes by the first office");
        assert!(seen(&ben, &run.webinar).await.is_object(), "was let in by hand");
        says(&of_awa, false).await;
        assert!(seen(&awa, &run.webinar).await.is_null(), "does not come");
        says(&of_olu, false).await;
        assert!(seen(&olu, &run.webinar).await.is_object(), "was let in by hand after that");
    })
    .await;
}
