//! What was given to an address is its owner's once it is confirmed.

use lyceum::{accounts::admin, language::Language, role::Roles};
use serde_json::{Value, json};

use super::{CONFIRM, SIGN_UP, START, credentials, mailed_token, newest_mail, sign_up};
use crate::{
    app::{PASSWORD, key, with_app},
    teaching::Taught,
};

const COURSE: &str = "query($id: ID!) { course(id: $id) { title } }";

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
        let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { isTold userErrors { code } } }";
        let revoke = "mutation($input: AccessRevokeInput!) { accessRevoke(input: $input) { userErrors { code } } }";
        for (number, email) in ["stranger@example.org", &person.email].into_iter().enumerate() {
            let given = |role: &str| json!({ "input": { "key": key(), "subjectId": course.id, "email": email, "role": role } });
            let is_told = async |input: Value| trainer.runs(grant, &input).await["accessGrant"]["isTold"] == true;
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
            let elsewhere = json!({ "input": { "key": key(), "subjectId": elsewhere.id, "email": email } });
            assert!(is_told(elsewhere).await, "of another thing");
            assert_eq!(mails().await, 2, "{email}");
        }
        app.clock.advance(chrono::Duration::hours(1));
        let trainer = trainer.again().await;
        trainer.runs(revoke, &json!({ "input": { "subjectId": course.id, "email": person.email } })).await;
        let again = json!({ "input": { "key": key(), "subjectId": course.id, "email": person.email } });
        assert_eq!(trainer.runs(grant, &again).await["accessGrant"]["isTold"], true);
        assert_eq!(app.mails().await.len(), 5);
    })
    .await;
}
