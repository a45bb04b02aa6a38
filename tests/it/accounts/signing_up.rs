//! Signing up and confirming the address.

use chrono::Duration;
use lyceum::{accounts::user, error::Error, ids::UserId};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _};
use serde_json::json;

use super::{CONFIRM, RESEND, RESET, SIGN_UP, START, VIEWER, credentials, mailed_token, mails_to, newest_mail, reset, sign_up};
use crate::app::{Client, TestApp, with_app, with_app_set};

#[tokio::test]
async fn a_person_signs_up_confirms_by_mail_and_signs_in() {
    with_app(async |app| {
        let visitor = app.visitor();
        visitor.runs(SIGN_UP, &sign_up("amina@example.org")).await;
        let before = visitor.problems(START, &credentials("amina@example.org", "a long enough passphrase")).await;
        assert_eq!(before, ["WRONG_CREDENTIALS"]);

        let token = mailed_token(app, "amina@example.org").await;
        visitor.runs(CONFIRM, &json!({ "token": token })).await;
        visitor.runs(CONFIRM, &json!({ "token": token })).await;
        let started = visitor.runs(START, &credentials("Amina@EXAMPLE.org", "a long enough passphrase")).await;
        assert_eq!(started["sessionStart"]["viewer"]["user"]["isVetted"], false);
        let signed_in = visitor.with_token(&started["sessionStart"]["token"]);
        assert_eq!(signed_in.runs(VIEWER, &json!({})).await["viewer"]["user"]["email"], "amina@example.org");
    })
    .await;
}

#[tokio::test]
async fn an_open_site_vets_at_confirmation() {
    with_app_set(&[("LYCEUM_SIGN_UP", "open")], async |app| {
        let visitor = app.visitor();
        visitor.runs(SIGN_UP, &sign_up("amina@example.org")).await;
        let token = mailed_token(app, "amina@example.org").await;
        visitor.runs(CONFIRM, &json!({ "token": token })).await;
        let started = visitor.runs(START, &credentials("amina@example.org", "a long enough passphrase")).await;
        assert_eq!(started["sessionStart"]["viewer"]["user"]["isVetted"], true);
    })
    .await;
}

#[tokio::test]
async fn the_terms_are_those_of_the_site_and_their_version_is_what_is_accepted() {
    const TERMS: &str = "{ site { termsVersion termsUrl } }";
    with_app(async |app| {
        let terms = app.visitor().runs(TERMS, &json!({})).await;
        assert_eq!(terms["site"], json!({ "termsVersion": "2026-11-01", "termsUrl": null }));
    })
    .await;
    let settings = [("LYCEUM_TERMS_URL", "https://example.org/{language}/terms"), ("LYCEUM_TERMS_VERSION", "May 2030")];
    with_app_set(&settings, async |app| {
        let terms = app.visitor().accepting("ar").runs(TERMS, &json!({})).await;
        assert_eq!(terms["site"], json!({ "termsVersion": "May 2030", "termsUrl": "https://example.org/ar/terms" }));
        let mut input = sign_up("amina@example.org");
        assert_eq!(app.visitor().problems(SIGN_UP, &input).await, ["NOT_ACCEPTED input.acceptTermsVersion"]);
        input["input"]["acceptTermsVersion"] = "May 2030".into();
        app.visitor().runs(SIGN_UP, &input).await;
    })
    .await;
}

#[tokio::test]
async fn signing_up_tells_nobody_who_has_an_account() {
    with_app(async |app| {
        let known = app.practitioner().await;
        let new = app.visitor().sends(SIGN_UP, &sign_up("new@example.org")).await;
        let taken = app.visitor().sends(SIGN_UP, &sign_up(&known.email)).await;
        assert_eq!(new, taken);
        let mails = app.mails().await;
        assert_eq!(mails.len(), 2);
        assert!(mails.iter().any(|mail| mail.contains(&format!("To: {}", known.email)) && !mail.contains("token=")));
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_sign_up_is_said_at_once_in_the_readers_language() {
    with_app(async |app| {
        let mut input = sign_up("not an address");
        for (field, value) in [
            ("password", "short"),
            ("fullName", " "),
            ("timeZone", "Mars/Olympus"),
            ("language", "pt"),
            ("acceptTermsVersion", "1"),
        ] {
            input["input"][field] = value.into();
        }
        let problems = app.visitor().problems(SIGN_UP, &input).await;
        let expected = [
            "INVALID input.email",
            "BLANK input.fullName",
            "TOO_SHORT input.password",
            "INVALID input.language",
            "INVALID input.timeZone",
            "NOT_ACCEPTED input.acceptTermsVersion",
        ];
        assert_eq!(problems, expected);
        let answer = app.visitor().accepting("ru").sends(SIGN_UP, &input).await;
        let message = answer["data"]["accountSignUp"]["userErrors"][1]["message"].clone();
        assert_eq!(message, "Заполните это поле.");
    })
    .await;
}

#[tokio::test]
async fn common_and_endless_passwords_are_refused_and_long_ones_taken() {
    with_app(async |app| {
        for (password, problem) in [
            ("password123", "WEAK_PASSWORD input.password"),
            ("qwertyuiop", "WEAK_PASSWORD input.password"),
            // Judged by its beginning: that of all of it could take seconds.
            (&format!("{}Zwölf Boxkämpfer jagen", "a".repeat(20)), "WEAK_PASSWORD input.password"),
            (&"x".repeat(1 << 16), "TOO_LONG input.password"),
        ] {
            let mut input = sign_up("amina@example.org");
            input["input"]["password"] = password.into();
            assert_eq!(app.visitor().problems(SIGN_UP, &input).await, [problem]);
        }
        let mut input = sign_up("amina@example.org");
        input["input"]["password"] = "treaty ".repeat(9).into();
        input["input"]["password"] = format!("{}!", "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich").into();
        app.visitor().runs(SIGN_UP, &input).await;
    })
    .await;
}

/// Signs up as `name` with a password of their own.
async fn signs_up(visitor: &Client<'_>, email: &str, name: &str, password: &str) {
    let mut input = sign_up(email);
    input["input"]["fullName"] = name.into();
    input["input"]["password"] = password.into();
    visitor.runs(SIGN_UP, &input).await;
}

const OWNERS: &str = "the owner's long passphrase";
const STRANGERS: &str = "a stranger's long passphrase";

/// By the link that came last, after several signed up.
async fn sets_password_and_name(app: &TestApp, email: &str) {
    let mut input = reset(&mailed_token(app, email).await, OWNERS);
    assert_eq!(app.visitor().problems(RESET, &input).await, ["BLANK input.fullName"], "it is not known whose name it is");
    input["input"]["fullName"] = "The Owner".into();
    app.visitor().runs(RESET, &input).await;
    owner_has_the_account(app, email).await;
}

async fn owner_has_the_account(app: &TestApp, email: &str) {
    let visitor = app.visitor();
    assert_eq!(visitor.problems(START, &credentials(email, STRANGERS)).await, ["WRONG_CREDENTIALS"]);
    let started = visitor.runs(START, &credentials(email, OWNERS)).await;
    let owner = visitor.with_token(&started["sessionStart"]["token"]);
    let name = owner.runs("{ viewer { user { fullName } } }", &json!({})).await["viewer"]["user"]["fullName"].clone();
    assert_eq!(name, "The Owner");
}

#[tokio::test]
async fn whoever_signs_up_before_or_after_with_somebody_elses_address_gains_nothing() {
    with_app(async |app| {
        let (email, visitor) = ("amina@example.org", app.visitor());
        signs_up(&visitor, email, "A Stranger", STRANGERS).await;
        signs_up(&visitor, email, "The Owner", OWNERS).await;
        let token = mailed_token(app, email).await;
        signs_up(&visitor, email, "A Stranger", STRANGERS).await;
        let strangers = mailed_token(app, email).await;
        for link in [&strangers, &token] {
            assert_eq!(visitor.problems(CONFIRM, &json!({ "token": link })).await, ["EXPIRED token"]);
            assert!(newest_mail(app, email).await.contains("#/reset?token="));
        }
        for password in [STRANGERS, OWNERS] {
            assert_eq!(visitor.problems(START, &credentials(email, password)).await, ["WRONG_CREDENTIALS"]);
        }
        sets_password_and_name(app, email).await;
    })
    .await;
}

#[tokio::test]
async fn of_sign_ups_days_apart_the_later_link_gives_nobody_an_account_that_another_began() {
    for (first, second) in
        [(("A Stranger", STRANGERS), ("The Owner", OWNERS)), (("The Owner", OWNERS), ("A Stranger", STRANGERS))]
    {
        with_app(async |app| {
            let (email, visitor) = ("amina@example.org", app.visitor());
            signs_up(&visitor, email, first.0, first.1).await;
            app.clock.advance(Duration::days(6));
            signs_up(&visitor, email, second.0, second.1).await;
            let token = mailed_token(app, email).await;
            app.clock.advance(Duration::days(2));
            assert_eq!(visitor.problems(CONFIRM, &json!({ "token": token })).await, ["EXPIRED token"]);
            let token = mailed_token(app, email).await;
            let named = json!({ "input": { "token": token, "newPassword": OWNERS, "fullName": "The Owner" } });
            visitor.runs(RESET, &named).await;
            owner_has_the_account(app, email).await;
        })
        .await;
    }
}

#[tokio::test]
async fn whoever_signs_up_again_and_sets_the_password_by_mail_is_who_they_said() {
    with_app(async |app| {
        let (email, visitor) = ("amina@example.org", app.visitor());
        signs_up(&visitor, email, "The Owner", STRANGERS).await;
        signs_up(&visitor, email, "The Owner", OWNERS).await;
        let token = mailed_token(app, email).await;
        assert_eq!(visitor.problems(CONFIRM, &json!({ "token": token })).await, ["EXPIRED token"]);
        visitor.runs(RESET, &reset(&mailed_token(app, email).await, OWNERS)).await;
        owner_has_the_account(app, email).await;
    })
    .await;
}

#[tokio::test]
async fn when_several_signed_up_the_link_sent_again_lets_who_reads_the_mail_set_the_password() {
    with_app(async |app| {
        let (email, visitor) = ("amina@example.org", app.visitor());
        signs_up(&visitor, email, "The Owner", OWNERS).await;
        visitor.runs(RESEND, &json!({ "email": email })).await;
        assert!(newest_mail(app, email).await.contains("#/confirm?token="), "one sign-up: its own link again");
        signs_up(&visitor, email, "A Stranger", STRANGERS).await;
        visitor.runs(RESEND, &json!({ "email": email })).await;
        assert!(newest_mail(app, email).await.contains("#/reset?token="));
        sets_password_and_name(app, email).await;
    })
    .await;
}

#[tokio::test]
async fn a_link_is_sent_again_alike_whether_the_address_is_known_waits_or_has_an_account() {
    with_app(async |app| {
        let known = app.practitioner().await;
        app.visitor().runs(SIGN_UP, &sign_up("waits@example.org")).await;
        let unknown = app.visitor().sends(RESEND, &json!({ "email": "nobody@example.org" })).await;
        assert_eq!(app.visitor().sends(RESEND, &json!({ "email": "waits@example.org" })).await, unknown);
        assert_eq!(app.visitor().sends(RESEND, &json!({ "email": known.email })).await, unknown);
        assert_eq!((mails_to(app, "waits@example.org").await, mails_to(app, &known.email).await), (2, 0));
    })
    .await;
}

#[tokio::test]
async fn an_input_that_names_rights_is_refused_by_the_schema() {
    with_app(async |app| {
        let person = app.practitioner().await;
        for field in ["role", "roles", "ownerId", "verified", "isVetted", "confirmedAt"] {
            let mut input = sign_up("amina@example.org");
            input["input"][field] = true.into();
            let answer = app.visitor().sends(SIGN_UP, &input).await;
            assert!(answer["errors"].is_array() && answer["data"].is_null(), "{field}: {answer}");
            let answer = person.sends(super::UPDATE, &json!({ "input": { field: true } })).await;
            assert!(answer["errors"].is_array() && answer["data"].is_null(), "{field}: {answer}");
        }
        assert!(app.mails().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn spellings_of_one_address_are_one_account_and_spellings_of_a_password_are_not_one() {
    with_app(async |app| {
        let visitor = app.visitor();
        signs_up(&visitor, "Zo\u{eb}@Example.org", "The Owner", "pr\u{e9} on a quiet square").await;
        let token = mailed_token(app, "Zo\u{eb}@example.org").await;
        visitor.runs(CONFIRM, &json!({ "token": token })).await;
        let before = user::Entity::find().count(app.db.read()).await.expect("accounts");
        for spelling in ["zoe\u{308}@EXAMPLE.ORG", "\u{ff3a}\u{ff2f}\u{cb}@example.org", " Zo\u{eb}@example.org "] {
            visitor.runs(START, &credentials(spelling, "pr\u{e9} on a quiet square")).await;
            let composed = credentials(spelling, "pre\u{301} on a quiet square");
            assert_eq!(visitor.problems(START, &composed).await, ["WRONG_CREDENTIALS"]);
            signs_up(&visitor, spelling, "A Stranger", STRANGERS).await;
        }
        app.run_jobs().await;
        assert_eq!(user::Entity::find().count(app.db.read()).await.expect("accounts"), before);

        // The database itself holds to it.
        let known = user::Entity::find().one(app.db.read()).await.expect("read").expect("an account");
        let twin = user::Model { id: UserId::new(), ..known };
        let refused = user::Entity::insert(twin.into_active_model().reset_all()).exec(app.db.write()).await;
        assert!(matches!(refused.map(|_| ()), Err(err) if Error::is_duplicate(&err)));
    })
    .await;
}
