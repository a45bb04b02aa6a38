//! What administrators do with accounts.

use lyceum::{
    accounts::admin,
    role::{Roles, SiteRole},
    transact,
};
use serde_json::json;

use super::{GRANT_ROLE, REVOKE, START, SUSPEND, UPDATE, VET, credentials, has_session, mails_to};
use crate::app::{PASSWORD, with_app};

const REINSTATE: &str = "mutation($id: ID!) { userReinstate(id: $id) { user { isSuspended } userErrors { code } } }";
const SEARCH: &str = "query($search: String) { users(search: $search) { nodes { fullName } } }";

#[tokio::test]
async fn a_suspended_account_is_signed_out_at_once_and_stays_out() {
    with_app(async |app| {
        let (admin, person) = (app.administrator().await, app.practitioner().await);
        admin.runs(SUSPEND, &json!({ "id": person.id() })).await;
        assert!(!has_session(&person).await);
        assert_eq!(app.visitor().problems(START, &credentials(&person.email, PASSWORD)).await, ["WRONG_CREDENTIALS"]);
        admin.runs(REINSTATE, &json!({ "id": person.id() })).await;
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
        assert!(app.mails().await.iter().any(|mail| mail.contains(&format!("To: {}", person.email))));
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    with_app(async |app| {
        let (admin, other) = (app.administrator().await, app.practitioner().await);
        let role = |id: String| json!({ "id": id, "role": "ADMINISTRATOR" });
        assert_eq!(admin.problems(REVOKE, &role(admin.id())).await, ["WRONG_STATE"]);
        admin.runs(GRANT_ROLE, &role(other.id())).await;
        admin.runs(REVOKE, &role(admin.id())).await;
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
        let found = admin.runs(SEARCH, &json!({ "search": "100%" })).await["users"]["nodes"].clone();
        assert_eq!(found, json!([{ "fullName": "Zoë 100% Example" }]));
        assert_eq!(app.practitioner().await.fails(SEARCH, &json!({})).await, "FORBIDDEN");
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

#[tokio::test]
async fn what_was_done_already_is_answered_the_same() {
    with_app(async |app| {
        let (admin, person) = (app.administrator().await, app.unvetted().await);
        let id = json!({ "id": person.id() });
        let role = json!({ "id": person.id(), "role": "TRAINER" });
        for (document, input) in [(VET, &id), (SUSPEND, &id), (REINSTATE, &id), (GRANT_ROLE, &role), (REVOKE, &role)] {
            let first = admin.runs(document, input).await;
            assert_eq!(admin.runs(document, input).await, first);
        }
        assert_eq!(mails_to(app, &person.email).await, 1, "vetted once");
    })
    .await;
}

#[tokio::test]
async fn two_administrators_who_remove_each_other_leave_one() {
    with_app(async |app| {
        for round in 0..6 {
            let (one, other) = (app.administrator().await, app.administrator().await);
            let role = |id: String| json!({ "id": id, "role": "ADMINISTRATOR" });
            let (document, first, second) = match round % 2 {
                0 => (REVOKE, role(other.id()), role(one.id())),
                _ => (SUSPEND, json!({ "id": other.id() }), json!({ "id": one.id() })),
            };
            tokio::join!(one.sends(document, &first), other.sends(document, &second));
            let left =
                [one.again().await.viewer().await.is_administrator(), other.again().await.viewer().await.is_administrator()];
            assert_eq!(left.iter().filter(|is| **is).count(), 1, "{document}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_command_line_keeps_the_last_administrator_too() {
    with_app(async |app| {
        let admin = app.administrator().await;
        assert!(admin::set_role(app, &admin.email, SiteRole::Administrator, false).await.is_err());
        let other = app.person(Roles::default().with(SiteRole::Administrator).with(SiteRole::Trainer), true).await;
        admin::set_role(app, &other.email, SiteRole::Administrator, false).await.expect("another is left");
        assert!(!has_session(&other).await, "a lost role ends sessions");
        assert!(other.again().await.viewer().await.holds(SiteRole::Trainer));
    })
    .await;
}

#[tokio::test]
async fn a_search_for_people_knows_the_letters_of_all_scripts() {
    with_app(async |app| {
        let admin = app.administrator().await;
        let person = app.practitioner().await;
        person.runs(UPDATE, &json!({ "input": { "fullName": "Ольга Ёлкина", "latinName": "Olga Yolkina" } })).await;
        for search in ["ёлкина", "ЁЛКИНА", "Е\u{308}лкина", "yolk", "ＹＯＬＫ"] {
            let found = admin.runs(SEARCH, &json!({ "search": search })).await["users"]["nodes"].clone();
            assert_eq!(found, json!([{ "fullName": "Ольга Ёлкина" }]), "{search}");
        }
    })
    .await;
}
