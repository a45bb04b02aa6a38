//! Accounts: signing up and in, passwords, profiles, vetting.

use chrono::Duration;
use lyceum::{role::SiteRole, transact};
use serde_json::{Value, json};

use crate::app::{Client, PASSWORD, TestApp, key, with_app, with_app_set};

const SIGN_UP: &str =
    "mutation($input: AccountSignUpInput!) { accountSignUp(input: $input) { userErrors { code field message } } }";
const CONFIRM: &str = "mutation($token: String!) { accountConfirm(token: $token) { userErrors { code field } } }";
const START: &str = "mutation($input: SessionStartInput!) { sessionStart(input: $input) {
    token expiresAt viewer { user { id isVetted } } userErrors { code field } } }";
const RESET_REQUEST: &str = "mutation($email: String!) { passwordResetRequest(email: $email) { userErrors { code } } }";
const RESET: &str = "mutation($input: PasswordResetInput!) { passwordReset(input: $input) { userErrors { code field } } }";
const CHANGE: &str = "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) { userErrors { code field } } }";
const UPDATE: &str = "mutation($input: ProfileUpdateInput!) { profileUpdate(input: $input) {
    user { fullName latinName country organisation gender } userErrors { code field } } }";
const VET: &str = "mutation($id: ID!) { userVet(id: $id) { user { isVetted } userErrors { code } } }";
const SUSPEND: &str =
    "mutation($id: ID!) { userSuspend(id: $id, reason: \"Asked to\") { user { isSuspended } userErrors { code } } }";
const VIEWER: &str = "{ viewer { user { id email } sessions { isCurrent } } }";

fn sign_up(email: &str) -> Value {
    json!({ "input": { "key": key(), "email": email, "password": "a long enough passphrase", "fullName": "آمنة Example",
        "language": "ar", "timeZone": "Africa/Cairo", "acceptTermsVersion": lyceum::accounts::admin::TERMS_VERSION } })
}

fn credentials(email: &str, password: &str) -> Value {
    json!({ "input": { "email": email, "password": password, "transport": "BEARER" } })
}

/// The token in the newest mail to an address.
async fn mailed_token(app: &TestApp, email: &str) -> String {
    let mails = app.mails().await;
    let mail = mails.iter().rev().find(|mail| mail.contains(&format!("To: {email}"))).expect("a mail").replace("=\r\n", "");
    let text = mail.split("\r\n\r\n").skip(1).collect::<Vec<_>>().join("\n");
    let text = match data_encoding::BASE64_MIME_PERMISSIVE.decode(text.trim().as_bytes()) {
        Ok(bytes) => String::from_utf8(bytes).expect("text"),
        Err(_) => text.replace("=3D", "="),
    };
    let (_, rest) = text.split_once("token=").unwrap_or_else(|| panic!("no token in {text}"));
    rest.split_whitespace().next().expect("a token").to_owned()
}

async fn has_session(client: &Client<'_>) -> bool {
    !client.runs(VIEWER, &json!({})).await["viewer"].is_null()
}

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

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_alike() {
    with_app(async |app| {
        let known = app.practitioner().await;
        let wrong = app.visitor().sends(START, &credentials(&known.email, "not this")).await;
        let unknown = app.visitor().sends(START, &credentials("nobody@example.org", "not this")).await;
        assert_eq!(wrong, unknown);
        assert_eq!(wrong["data"]["sessionStart"]["userErrors"][0]["code"], "WRONG_CREDENTIALS");
    })
    .await;
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_right_password_forgets_it() {
    with_app(async |app| {
        let known = app.practitioner().await;
        for _ in 0..5 {
            app.visitor().problems(START, &credentials(&known.email, "not this")).await;
        }
        assert_eq!(app.visitor().fails(START, &credentials(&known.email, PASSWORD)).await, "RATE_LIMITED");
        app.clock.advance(Duration::minutes(1));
        app.visitor().runs(START, &credentials(&known.email, PASSWORD)).await;
        app.visitor().problems(START, &credentials(&known.email, "not this")).await;
    })
    .await;
}

#[tokio::test]
async fn forty_people_behind_one_address_sign_in_within_a_minute() {
    with_app(async |app| {
        for _ in 0..40 {
            let person = app.practitioner().await;
            app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_hundred_sign_ins_in_one_request_count_as_a_hundred() {
    with_app(async |app| {
        let known = app.practitioner().await;
        let fields = (0..20)
            .map(|n| {
                format!(
                    "a{n}: sessionStart(input: {{ email: \"{}\", password: \"guess{n}\" }}) {{ userErrors {{ code }} }} ",
                    known.email
                )
            })
            .collect::<Vec<_>>()
            .join(" ");
        let answer = app.visitor().sends(&format!("mutation {{ {fields} }}"), &json!({})).await;
        let refused =
            answer["errors"].as_array().into_iter().flatten().filter(|error| error["extensions"]["code"] == "RATE_LIMITED");
        assert_eq!(refused.count(), 15);
    })
    .await;
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_once_and_signs_out_everywhere() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let unknown = app.visitor().sends(RESET_REQUEST, &json!({ "email": "nobody@example.org" })).await;
        assert_eq!(app.visitor().sends(RESET_REQUEST, &json!({ "email": person.email })).await, unknown);
        let first = mailed_token(app, &person.email).await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let second = mailed_token(app, &person.email).await;
        let reset = |token: &str, password: &str| json!({ "input": { "token": token, "newPassword": password } });

        assert_eq!(app.visitor().problems(RESET, &reset(&first, "another long passphrase")).await, ["EXPIRED input.token"]);
        app.clock.advance(Duration::seconds(1));
        app.visitor().runs(RESET, &reset(&second, "another long passphrase")).await;
        app.visitor().runs(RESET, &reset(&second, "another long passphrase")).await;
        assert_eq!(app.visitor().problems(RESET, &reset(&second, "a third long passphrase")).await, ["EXPIRED input.token"]);
        assert!(!has_session(&person).await, "old sessions end");
        app.visitor().runs(START, &credentials(&person.email, "another long passphrase")).await;
    })
    .await;
}

#[tokio::test]
async fn a_link_to_reset_dies_after_half_an_hour() {
    with_app(async |app| {
        let person = app.practitioner().await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": person.email })).await;
        let token = mailed_token(app, &person.email).await;
        app.clock.advance(Duration::minutes(30));
        let input = json!({ "input": { "token": token, "newPassword": "another long passphrase" } });
        assert_eq!(app.visitor().problems(RESET, &input).await, ["EXPIRED input.token"]);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let started = app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
        let other = person.with_token(&started["sessionStart"]["token"]);
        app.clock.advance(Duration::seconds(1));
        let change = |current: &str| json!({ "input": { "currentPassword": current, "newPassword": "another long passphrase" } });
        assert_eq!(person.problems(CHANGE, &change("not this one")).await, ["WRONG_CREDENTIALS input.currentPassword"]);
        person.runs(CHANGE, &change(PASSWORD)).await;
        assert!(has_session(&person).await);
        assert!(!has_session(&other).await);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_told_when_idle_and_on_a_shared_device_soon() {
    with_app(async |app| {
        let end = "mutation { sessionEnd { userErrors { code } } }";
        let person = app.practitioner().await;
        person.runs(end, &json!({})).await;
        assert!(!has_session(&person).await);

        let person = app.practitioner().await;
        let mut input = credentials(&person.email, PASSWORD);
        input["input"]["sharedDevice"] = true.into();
        let started = app.visitor().runs(START, &input).await;
        let shared = person.with_token(&started["sessionStart"]["token"]);
        app.clock.advance(Duration::minutes(15));
        assert!(!has_session(&shared).await);
        assert!(has_session(&person).await);
        app.clock.advance(Duration::hours(12));
        assert!(!has_session(&person).await);
    })
    .await;
}

#[tokio::test]
async fn other_devices_are_signed_out_together() {
    with_app(async |app| {
        let person = app.practitioner().await;
        for _ in 0..2 {
            app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
        }
        let ended = person.runs("mutation { sessionEndOthers { endedCount userErrors { code } } }", &json!({})).await;
        assert_eq!(ended["sessionEndOthers"]["endedCount"], 2);
        let sessions = person.runs(VIEWER, &json!({})).await["viewer"]["sessions"].clone();
        assert_eq!(sessions, json!([{ "isCurrent": true }]));
    })
    .await;
}

#[tokio::test]
async fn a_profile_changes_field_by_field() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let input = json!({ "input": { "fullName": "王示例", "latinName": "Wang Shili", "country": "CN", "gender": "FEMALE", "organisation": "Example" } });
        person.runs(UPDATE, &input).await;
        let changed = person.runs(UPDATE, &json!({ "input": { "organisation": null } })).await["profileUpdate"]["user"].clone();
        let expected = json!({ "fullName": "王示例", "latinName": "Wang Shili", "country": "CN", "organisation": null, "gender": "FEMALE" });
        assert_eq!(changed, expected);
        let wrong = json!({ "input": { "fullName": null, "latinName": "王", "country": "XX", "language": "pt" } });
        let expected = ["BLANK input.fullName", "INVALID input.language", "INVALID input.latinName", "INVALID input.country"];
        assert_eq!(person.problems(UPDATE, &wrong).await, expected);
        assert_eq!(app.visitor().fails(UPDATE, &input).await, "UNAUTHENTICATED");
    })
    .await;
}

#[tokio::test]
async fn an_omitted_variable_changes_nothing() {
    with_app(async |app| {
        let person = app.practitioner().await;
        person.runs(UPDATE, &json!({ "input": { "organisation": "Example" } })).await;
        let with_variables = "mutation($o: String, $c: String) { profileUpdate(input: { organisation: $o, country: $c }) {
            user { organisation country } userErrors { code } } }";
        let changed = person.runs(with_variables, &json!({ "c": "FR" })).await["profileUpdate"]["user"].clone();
        assert_eq!(changed, json!({ "organisation": "Example", "country": "FR" }));
    })
    .await;
}

#[tokio::test]
async fn a_suspended_account_is_signed_out_at_once_and_stays_out() {
    with_app(async |app| {
        let (admin, person) = (app.administrator().await, app.practitioner().await);
        admin.runs(SUSPEND, &json!({ "id": person.id() })).await;
        assert!(!has_session(&person).await);
        assert_eq!(app.visitor().problems(START, &credentials(&person.email, PASSWORD)).await, ["WRONG_CREDENTIALS"]);
        admin.runs("mutation($id: ID!) { userReinstate(id: $id) { userErrors { code } } }", &json!({ "id": person.id() })).await;
        app.visitor().runs(START, &credentials(&person.email, PASSWORD)).await;
    })
    .await;
}

#[tokio::test]
async fn administrators_vet_and_the_person_is_told() {
    with_app(async |app| {
        let (admin, person) = (app.administrator().await, app.unvetted().await);
        assert_eq!(person.fails(VET, &json!({ "id": person.id() })).await, "FORBIDDEN");
        admin.runs(VET, &json!({ "id": person.id() })).await;
        assert_eq!(admin.problems(VET, &json!({ "id": person.id() })).await, ["WRONG_STATE"]);
        assert!(app.mails().await.iter().any(|mail| mail.contains(&format!("To: {}", person.email))));
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    with_app(async |app| {
        let (admin, other) = (app.administrator().await, app.practitioner().await);
        let revoke = "mutation($id: ID!) { userRoleRevoke(id: $id, role: ADMINISTRATOR) { userErrors { code } } }";
        let grant = "mutation($id: ID!) { userRoleGrant(id: $id, role: ADMINISTRATOR) { userErrors { code } } }";
        assert_eq!(admin.problems(revoke, &json!({ "id": admin.id() })).await, ["WRONG_STATE"]);
        admin.runs(grant, &json!({ "id": other.id() })).await;
        admin.runs(revoke, &json!({ "id": admin.id() })).await;
        assert!(!admin.viewer().await.is_administrator());
        assert!(other.viewer().await.holds(SiteRole::Trainer), "administrators hold all roles");
    })
    .await;
}

#[tokio::test]
async fn administrators_find_people_by_part_of_their_name() {
    with_app(async |app| {
        let admin = app.administrator().await;
        for name in ["Zoë 100% Example", "Zoe Sample"] {
            let person = app.practitioner().await;
            person.runs(UPDATE, &json!({ "input": { "fullName": name } })).await;
        }
        let search = "query($search: String) { users(search: $search) { nodes { fullName } } }";
        let found = admin.runs(search, &json!({ "search": "100%" })).await["users"]["nodes"].clone();
        assert_eq!(found, json!([{ "fullName": "Zoë 100% Example" }]));
        assert_eq!(app.practitioner().await.fails(search, &json!({})).await, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn a_failed_transaction_leaves_nothing() {
    with_app(async |app| {
        let failed: lyceum::error::Result<()> = transact!(app, |tx| {
            lyceum::jobs::enqueue(
                tx,
                &lyceum::mail::Letter::new("vetted", "a@example.org", &lyceum::language::Language::english()),
            )
            .await?;
            Err(lyceum::error::Error::Forbidden)
        });
        assert!(failed.is_err());
        assert!(app.mails().await.is_empty());
    })
    .await;
}
