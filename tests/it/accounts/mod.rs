//! Accounts, a file for each thing that people do with them.

mod devices;
mod letting_in;
mod mailing;
mod managing;
mod passwords;
mod profile;
mod sessions;
mod signing_in;
mod signing_up;
mod throttling;
mod vetting;

use serde_json::{Value, json};

use crate::app::{Client, TestApp, key};

pub const SIGN_UP: &str =
    "mutation($input: AccountSignUpInput!) { accountSignUp(input: $input) { userErrors { code field message } } }";
const CONFIRM: &str = "mutation($token: String!) { accountConfirm(token: $token) { userErrors { code field } } }";
pub const START: &str = "mutation($input: SessionStartInput!) { sessionStart(input: $input) {
    token deviceToken expiresAt viewer { user { id isVetted } } userErrors { code field } } }";
const RESEND: &str = "mutation($email: String!) { accountConfirmationResend(email: $email) { userErrors { code } } }";
pub const RESET_REQUEST: &str = "mutation($email: String!) { passwordResetRequest(email: $email) { userErrors { code } } }";
pub const RESET: &str = "mutation($input: PasswordResetInput!) { passwordReset(input: $input) { userErrors { code field } } }";
const CHANGE: &str = "mutation($input: PasswordChangeInput!) { passwordChange(input: $input) { userErrors { code field } } }";
const UPDATE: &str = "mutation($input: ProfileUpdateInput!) { profileUpdate(input: $input) {
    user { fullName latinName country organisation gender } userErrors { code field } } }";
const VET: &str = "mutation($id: ID!) { userVet(id: $id) { user { isVetted } userErrors { code } } }";
pub const SUSPEND: &str =
    "mutation($id: ID!) { userSuspend(id: $id, reason: \"Asked to\") { user { isSuspended } userErrors { code } } }";
const REVOKE: &str = "mutation($id: ID!, $role: SiteRole!) { userRoleRevoke(id: $id, role: $role) { userErrors { code } } }";
const GRANT_ROLE: &str = "mutation($id: ID!, $role: SiteRole!) { userRoleGrant(id: $id, role: $role) { userErrors { code } } }";
const VIEWER: &str = "{ viewer { user { id email } sessions { isCurrent } } }";

pub fn sign_up(email: &str) -> Value {
    json!({ "input": { "key": key(), "email": email, "password": "a long enough passphrase", "fullName": "آمنة Example",
        "language": "ar", "timeZone": "Africa/Cairo", "acceptTermsVersion": "2026-11-01" } })
}

pub fn credentials(email: &str, password: &str) -> Value {
    json!({ "input": { "email": email, "password": password, "transport": "BEARER" } })
}

/// The token in the newest mail to an address.
pub async fn mailed_token(app: &TestApp, email: &str) -> String {
    token_in(&newest_mail(app, email).await)
}

/// The token of the link in a text.
pub fn token_in(text: &str) -> String {
    let (_, rest) = text.split_once("token=").unwrap_or_else(|| panic!("no token in {text}"));
    rest.split_whitespace().next().expect("a token").to_owned()
}

/// The text of the newest mail to an address.
async fn newest_mail(app: &TestApp, email: &str) -> String {
    let mails = app.mails().await;
    let mail = mails.iter().rev().find(|mail| mail.contains(&format!("To: {email}"))).expect("a mail");
    mail.split_once("\r\n\r\n").expect("a text").1.to_owned()
}

/// How many mails went to an address.
async fn mails_to(app: &TestApp, email: &str) -> usize {
    app.mails().await.iter().filter(|mail| mail.contains(&format!("To: {email}"))).count()
}

pub fn reset(token: &str, password: &str) -> Value {
    json!({ "input": { "token": token, "newPassword": password } })
}

pub async fn has_session(client: &Client<'_>) -> bool {
    client.runs("{ viewer { user { id } } }", &json!({})).await["viewer"].is_object()
}
