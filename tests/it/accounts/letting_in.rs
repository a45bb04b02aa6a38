//! What was given to an address is its owner's once it is confirmed.

use lyceum::{accounts::admin, language::Language, role::Roles};
use serde_json::{Value, json};

use super::{CONFIRM, SIGN_UP, START, credentials, mailed_token, mails_to, newest_mail, sign_up};
use crate::{
    app::{Client, PASSWORD, key, with_app},
    forum::{Place, post},
    recordings,
    teaching::{ENROL, Taught},
    webinars::{by_id, draft, organiser, register, registers, series, update},
};

const COURSE: &str = "query($id: ID!) { course(id: $id) { title } }";
const GRANT: &str = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) {
    access { id email user { id fullName } } isTold userErrors { code } } }";
const HOLDER: &str = "query($id: ID!) { node(id: $id) { ... on Access { user { id } } } }";

/// Lets an address in to something; what is answered.
async fn let_in(maker: &Client<'_>, subject: &str, email: &str) -> Value {
    let input = json!({ "key": key(), "subjectId": subject, "email": email });
    maker.runs(GRANT, &json!({ "input": input })).await["accessGrant"].clone()
}

/// Of which of these rights their givers see that they are `person`'s.
async fn known(rights: &[(&Client<'_>, Value)], person: &Client<'_>) -> Vec<bool> {
    let mut known = Vec::new();
    for (maker, right) in rights {
        known.push(maker.runs(HOLDER, &json!({ "id": right })).await["node"]["user"]["id"] == person.id());
    }
    known
}

/// Lets an address in to as many new courses; how often its owner is told.
async fn told(trainer: &Client<'_>, email: &str, times: usize) -> usize {
    let mut told = 0;
    for _ in 0..times {
        let course = Taught::course(trainer, "A closed course", "INVITED").await;
        let given = let_in(trainer, &course.id, email).await;
        assert_eq!(given["access"]["email"], email);
        told += usize::from(given["isTold"] == true);
    }
    told
}

#[tokio::test]
async fn an_account_made_from_the_command_line_has_what_was_given_to_its_address() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        let course = Taught::course(&trainer, "A closed course", "INVITED").await;
        course.grants("late@example.org", "STAFF").await;
        let new = admin::NewAccount {
            email: "Late@example.org".into(),
            password: PASSWORD.into(),
            full_name: "Late Example".into(),
            language: Language::english(),
            time_zone: "UTC".into(),
            roles: Roles::default(),
            vetted: true,
        };
        let id = admin::create(app, new).await.expect("it is made");
        let person = app.signed_in(id, "late@example.org".into()).await;
        assert_eq!(person.runs(COURSE, &json!({ "id": course.id })).await["course"]["title"], "A closed course");
    })
    .await;
}

#[tokio::test]
async fn who_is_let_in_while_they_confirm_their_address_has_the_access() {
    with_app(async |app| {
        let trainer = app.trainer().await;
        for round in 0..6 {
            let course = Taught::course(&trainer, "A closed course", "INVITED").await;
            let email = format!("amina{round}@example.org");
            app.visitor().runs(SIGN_UP, &sign_up(&email)).await;
            let (token, visitor) = (json!({ "token": mailed_token(app, &email).await }), app.visitor());
            tokio::join!(course.grants(&email, "STAFF"), visitor.runs(CONFIRM, &token));
            let started = visitor.runs(START, &credentials(&email, "a long enough passphrase")).await;
            let person = visitor.with_token(&started["sessionStart"]["token"]);
            assert_eq!(person.runs(COURSE, &json!({ "id": course.id })).await["course"]["title"], "A closed course");
        }
    })
    .await;
}

#[tokio::test]
async fn a_person_with_an_account_is_told_that_they_were_let_in_and_not_to_what() {
    with_app(async |app| {
        let (trainer, person) = (app.trainer().await, app.practitioner().await);
        let course = Taught::course(&trainer, "A closed course", "INVITED").await;
        course.grants(&person.email, "MEMBER").await;
        let text = newest_mail(app, &person.email).await;
        assert!(text.contains("/demo/#/sign-in") && !text.contains("closed course"), "{text}");
        course.grants(&person.email, "STAFF").await;
        assert_eq!(app.mails().await.len(), 1, "once");
    })
    .await;
}

#[tokio::test]
async fn a_right_that_is_given_and_taken_back_again_and_again_is_told_once_an_hour() {
    with_app(async |app| {
        let (trainer, person) = (app.trainer().await, app.practitioner().await);
        let course = Taught::course(&trainer, "A closed course", "INVITED").await;
        let revoke = "mutation($input: AccessRevokeInput!) { accessRevoke(input: $input) { userErrors { code } } }";
        for (number, email) in ["stranger@example.org", &person.email].into_iter().enumerate() {
            let given = |role: &str| json!({ "key": key(), "subjectId": course.id, "email": email, "role": role });
            let is_told =
                async |input: Value| trainer.runs(GRANT, &json!({ "input": input })).await["accessGrant"]["isTold"] == true;
            let takes_back = json!({ "input": { "subjectId": course.id, "email": email } });
            let mails = async || app.mails().await.len() - 2 * number;
            let first = given("MEMBER");
            assert!(is_told(first.clone()).await && is_told(first).await, "the same call has the same answer");
            assert!(!is_told(given("MEMBER")).await, "the right stands");
            assert!(!is_told(given("STAFF")).await);
            for _ in 0..3 {
                trainer.runs(revoke, &takes_back).await;
                assert!(!is_told(given("MEMBER")).await);
            }
            assert_eq!(mails().await, 1, "{email}");
            let elsewhere = Taught::course(&trainer, "Another", "INVITED").await;
            assert_eq!(let_in(&trainer, &elsewhere.id, email).await["isTold"], true, "of another thing");
            assert_eq!(mails().await, 2, "{email}");
        }
        app.clock.advance(chrono::Duration::hours(1));
        let trainer = trainer.again().await;
        trainer.runs(revoke, &json!({ "input": { "subjectId": course.id, "email": person.email } })).await;
        assert_eq!(let_in(&trainer, &course.id, &person.email).await["isTold"], true);
        assert_eq!(app.mails().await.len(), 5);
    })
    .await;
}

#[tokio::test]
async fn nobody_fills_a_mailbox_by_letting_its_owner_in_to_many_things() {
    with_app(async |app| {
        let (one, two, three) = (app.trainer().await, app.trainer().await, app.trainer().await);
        let person = app.practitioner().await;
        for email in ["stranger@example.org", person.email.as_str()] {
            assert_eq!(told(&one, email, 7).await, 5, "{email}");
            assert_eq!(told(&two, email, 7).await, 5, "{email}");
            assert_eq!(told(&three, email, 1).await, 0, "the site has written enough to {email}");
            assert_eq!(mails_to(app, email).await, 10);
        }
        assert_eq!(told(&one, "other@example.org", 1).await, 1);
        app.clock.advance(chrono::Duration::days(1));
        assert_eq!(told(&one.again().await, &person.email, 1).await, 1);
        assert_eq!(told(&three.again().await, "stranger@example.org", 1).await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_address_tells_nobody_whether_it_is_somebodys_until_they_enrol() {
    with_app(async |app| {
        let (trainer, person) = (app.trainer().await, app.practitioner().await);
        let course = Taught::course(&trainer, "A closed course", "INVITED").await;
        course.with_article("Lesson", "Body").await;
        course.publishes().await;
        for email in ["nobody@example.org", person.email.as_str()] {
            let mut given = let_in(&trainer, &course.id, email).await;
            given["access"]["id"] = Value::Null;
            let access = json!({ "id": null, "email": email, "user": null });
            assert_eq!(given, json!({ "access": access, "isTold": true, "userErrors": [] }));
        }
        let listed = "query($id: ID!) { course(id: $id) { access { nodes { email user { id } } } } }";
        let seen = async |client: &Client<'_>| {
            let course = client.runs(listed, &json!({ "id": course.id })).await["course"].clone();
            course["access"]["nodes"].clone()
        };
        let all = |user: Value| json!([{ "email": person.email, "user": user }, { "email": "nobody@example.org", "user": null }]);
        assert_eq!(seen(&trainer).await, all(Value::Null));
        assert_eq!(seen(&app.administrator().await).await, all(json!({ "id": person.id() })));
        person.runs(ENROL, &json!({ "id": course.id })).await;
        assert_eq!(seen(&trainer).await, all(json!({ "id": person.id() })));
    })
    .await;
}

#[tokio::test]
async fn whose_a_right_is_is_seen_once_they_register_or_write_there_and_never_because_they_watch() {
    with_app(async |app| {
        let (trainer, organiser, person) = (app.trainer().await, organiser(app).await, app.practitioner().await);
        let place = Place::new(&trainer, "INVITED").await;
        let recording = recordings::published(app, &trainer, "INVITED").await;
        let series = series(&organiser, "INVITED").await;
        let webinar = draft(&organiser, &series, "INVITED").await;
        organiser.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        let mut rights = Vec::new();
        for (maker, subject) in
            [(&trainer, &place.community), (&trainer, &recording), (&organiser, &series), (&organiser, &webinar)]
        {
            rights.push((maker, let_in(maker, subject, &person.email).await["access"]["id"].clone()));
        }
        let known = async || known(&rights, &person).await;
        assert_eq!(known().await, [false, false, false, false]);
        post(&person, &place.topic, "We have done this.").await;
        assert_eq!(known().await, [true, false, false, false]);
        let playback = "query($id: ID!) { recording(id: $id) { playback { ticket } } }";
        let ticket = person.runs(playback, &json!({ "id": recording })).await["recording"]["playback"]["ticket"].clone();
        app.clock.advance(chrono::Duration::seconds(30));
        let input = json!({ "recordingId": recording, "ticket": ticket, "positionSeconds": 1.0,
            "intervals": [{ "startSeconds": 0.0, "endSeconds": 1.0 }] });
        let report = "mutation($input: WatchReportInput!) { watchReport(input: $input) { userErrors { code } } }";
        person.runs(report, &json!({ "input": input })).await;
        assert_eq!(known().await, [true, false, false, false]);
        register(&person, &webinar).await;
        assert_eq!(known().await, [true, false, true, true]);
        let (_, of_recording) = &rights[1];
        let seen = app.administrator().await.runs(HOLDER, &json!({ "id": of_recording })).await;
        assert_eq!(seen["node"]["user"]["id"], person.id());
    })
    .await;
}

#[tokio::test]
async fn an_address_tells_nobody_whose_it_is_of_those_who_took_part_before() {
    with_app(async |app| {
        let (trainer, organiser, person) = (app.trainer().await, organiser(app).await, app.practitioner().await);
        let course = Taught::with_articles(&trainer, &["Lesson"]).await;
        let place = Place::new(&trainer, "MEMBERS").await;
        let series = series(&organiser, "MEMBERS").await;
        let webinar = draft(&organiser, &series, "MEMBERS").await;
        organiser.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        person.runs(ENROL, &json!({ "id": course.id })).await;
        post(&person, &place.topic, "We have done this.").await;
        update(&organiser, &webinar, json!({ "capacity": 1 })).await;
        register(&app.practitioner().await, &webinar).await;
        assert_eq!(registers(&person, &webinar).await, "WAITING");
        let mut rights = Vec::new();
        for (maker, subject) in
            [(&trainer, &course.id), (&trainer, &place.community), (&organiser, &series), (&organiser, &webinar)]
        {
            let given = let_in(maker, subject, &person.email).await["access"].clone();
            assert_eq!(given["user"], Value::Null, "{subject}");
            rights.push((maker, given["id"].clone()));
        }
        let known = async || known(&rights, &person).await;
        assert_eq!(known().await, [false, false, false, false]);
        update(&organiser, &webinar, json!({ "capacity": 2 })).await;
        assert_eq!(registers(&person, &webinar).await, "REGISTERED", "they have moved up");
        post(&person, &place.topic, "And again.").await;
        assert_eq!(known().await, [false, true, false, false]);
    })
    .await;
}
