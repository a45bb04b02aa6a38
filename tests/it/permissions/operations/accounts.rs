//! Accounts, sessions, the site and the audit.

use serde_json::json;

use super::{ADMINISTRATORS, ANYONE, Row, SIGNED_IN, World, alike, by_id, list, row, with_input};
use crate::{app::PASSWORD, permissions::outcomes::KEY};

pub fn rows(w: &World) -> Vec<Row> {
    let practitioner = &w["@practitioner"];
    let joining = json!({ "key": KEY, "email": "new@example.org", "password": PASSWORD, "fullName": "Newcomer",
        "language": "en", "timeZone": "UTC", "acceptTermsVersion": "2026-11-01" });
    let signing_in = json!({ "email": w.people.email("practitioner"), "password": PASSWORD, "transport": "BEARER" });
    // As the world names them: by the number in their address.
    let full_name = format!("Person {}", w.people.email("learner").trim_matches(|c: char| !c.is_ascii_digit()));
    let renewing = json!({ "key": KEY, "userId": w["@learner"], "fullName": full_name, "latinName": "Person",
        "reason": "Misspelt" });
    let email = json!({ "email": w.people.email("practitioner") });
    vec![
        row("site", json!({}), ANYONE),
        row("viewer", json!({}), alike("- - ok ok ok ok  ok ok ok  ok ok ok")),
        by_id("user", &w["@learner"], ANYONE),
        list("users", json!({}), &w["@learner"], ADMINISTRATORS),
        list("auditEntries", json!({ "first": 100 }), "audit_", ADMINISTRATORS),
        with_input("accountSignUp", joining, ANYONE),
        row("accountConfirm", json!({ "token": "forged" }), ANYONE.all("EXPIRED")),
        row("accountConfirmationResend", email.clone(), ANYONE),
        row("passwordResetRequest", email, ANYONE),
        with_input("passwordReset", json!({ "token": "forged", "newPassword": "another staple battery" }), ANYONE.all("EXPIRED")),
        with_input("passwordChange", json!({ "currentPassword": PASSWORD, "newPassword": "another staple battery" }), SIGNED_IN),
        with_input("sessionStart", signing_in, ANYONE),
        row("sessionEnd", json!({}), SIGNED_IN),
        row("sessionEndOthers", json!({}), SIGNED_IN),
        with_input("profileUpdate", json!({ "latinName": "Somebody" }), SIGNED_IN),
        by_id("userVet", &w["@unvetted"], ADMINISTRATORS),
        row("userSuspend", json!({ "id": practitioner, "reason": "Insults" }), ADMINISTRATORS),
        by_id("userReinstate", &w["@suspended"], ADMINISTRATORS),
        row("userRoleGrant", json!({ "id": practitioner, "role": "ORGANISER" }), ADMINISTRATORS),
        row("userRoleRevoke", json!({ "id": w["@trainer"], "role": "TRAINER" }), ADMINISTRATORS),
        with_input("certificateNamesRenew", renewing, ADMINISTRATORS),
    ]
}
