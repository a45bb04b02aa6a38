//! What commands say to whoever runs a site, and that a slip in a setting makes no other site.

use std::{collections::BTreeMap, os::unix::fs::PermissionsExt as _, path::Path};

use serde_json::json;
use tempfile::tempdir;
use tokio::net::TcpListener;

use crate::{
    accounts::{RESET, RESET_REQUEST, SIGN_UP, START, SUSPEND, credentials, mailed_token, reset, sign_up, token_in},
    app::with_app,
    moving::{does, lyceum, refuses, with_folder},
};

/// Settings of a site in this folder alone.
fn alone(folder: &Path) -> BTreeMap<String, String> {
    with_folder(&BTreeMap::new(), folder)
}

/// `settings` with one more.
fn with(settings: &BTreeMap<String, String>, name: &str, value: &str) -> BTreeMap<String, String> {
    let mut settings = settings.clone();
    settings.insert(name.to_owned(), value.to_owned());
    settings
}

#[tokio::test]
async fn commands_about_a_site_make_none_where_there_is_none() {
    let place = tempdir().expect("a folder");
    let data = place.path().join("none");
    for arguments in [
        &["admin", "storage-check"][..],
        &["admin", "role", "--email", "you@example.org", "--role", "trainer"],
        &["admin", "reset-password", "--email", "you@example.org"],
    ] {
        refuses(&alone(&data), arguments, "there is no site in").await;
    }
    let elsewhere = with(&alone(&data), "DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    refuses(&elsewhere, &["admin", "backup", "site.tar"], "docs/backup.md").await;
    refuses(&elsewhere, &["admin", "reset-password", "--email", "you@example.org"], "there is no secret in").await;
    assert!(!data.exists());
}

#[tokio::test]
async fn options_about_an_account_are_named_as_they_are_given_and_say_what_to_do() {
    let place = tempdir().expect("a folder");
    let site = alone(&place.path().join("data"));
    let create = |email: &'static str, more: &[&'static str]| {
        [&["admin", "create", "--name", "Amina Example", "--email", email][..], more].concat()
    };
    refuses(&site, &create("nobody", &["--time-zone", "Mars"]), "--email: \"nobody\" is no address").await;
    refuses(&site, &create("you@example.org", &["--time-zone", "Mars"]), "--time-zone: ").await;
    let said = does(&site, &create("you@example.org", &[])).await;
    assert!(said.contains("\npassword  ") && said.contains("/demo/#/sign-in"), "{said}");
    refuses(&site, &create("you@example.org", &[]), "`lyceum admin role --email you@example.org").await;
    let revoke = ["admin", "role", "--email", "you@example.org", "--role", "administrator", "--revoke"];
    refuses(&site, &revoke, "--revoke: this is the last administrator").await;
    refuses(&site, &["admin", "role", "--email", "me@example.org", "--role", "trainer"], "--email: nobody has").await;
    let mode = std::fs::metadata(place.path().join("data")).expect("the folder").permissions().mode() & 0o777;
    assert_eq!(mode, 0o700, "nobody else on this machine reads it");
}

#[tokio::test]
async fn who_lost_their_password_gets_a_link_from_whoever_runs_the_site_while_it_is_served() {
    with_app(async |app| {
        let (lost, other) = (app.administrator().await, app.practitioner().await);
        app.visitor().runs(SIGN_UP, &sign_up("new@example.org")).await;
        app.visitor().runs(RESET_REQUEST, &json!({ "email": lost.email })).await;
        let mailed = mailed_token(app, &lost.email).await;
        let token = token_in(&does(app.settings(), &["admin", "reset-password", "--email", &lost.email]).await);
        let passphrase = "another long passphrase";
        assert_eq!(app.visitor().problems(RESET, &reset(&mailed, passphrase)).await, ["EXPIRED input.token"]);
        app.clock.advance(chrono::Duration::seconds(1));
        app.visitor().runs(RESET, &reset(&token, passphrase)).await;
        let started = app.visitor().runs(START, &credentials(&lost.email, passphrase)).await;
        let administrator = lost.with_token(&started["sessionStart"]["token"]);
        let entries = "query($id: ID!) { auditEntries(subjectId: $id) { nodes { action } } }";
        let audit = administrator.runs(entries, &json!({ "id": lost.id() })).await.to_string();
        assert!(audit.contains("user.password_link_made") && audit.contains("user.password_reset"), "{audit}");

        let late = token_in(&does(app.settings(), &["admin", "reset-password", "--email", &other.email]).await);
        administrator.runs(SUSPEND, &json!({ "id": other.id() })).await;
        refuses(app.settings(), &["admin", "reset-password", "--email", &other.email], "--email: this account is suspended")
            .await;
        for (email, why) in [("nobody@example.org", "nobody has"), ("new@example.org", "this address is not confirmed")] {
            refuses(app.settings(), &["admin", "reset-password", "--email", email], &format!("--email: {why}")).await;
        }
        app.clock.advance(chrono::Duration::minutes(30));
        assert_eq!(app.visitor().problems(RESET, &reset(&late, passphrase)).await, ["EXPIRED input.token"]);
    })
    .await;
}

#[tokio::test]
async fn what_keeps_a_server_from_starting_is_said_with_its_setting_and_without_passwords() {
    let place = tempdir().expect("a folder");
    let site = alone(&place.path().join("data"));
    for (url, why) in [("127.0.0.1:1/none", "refused"), ("127.0.0.1:port/none", "invalid port")] {
        let url = format!("postgres://lyceum:whispered@{url}");
        let (is_well, said) = lyceum(&with(&site, "DATABASE_URL", &url), &["migrate"]).await;
        assert!(!is_well && said.contains("DATABASE_URL: ") && said.contains(why) && !said.contains("whispered"), "{said}");
    }
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let media = with(&site, "LYCEUM_MEDIA_LISTEN", "127.0.0.1:0");
    let why = format!("LYCEUM_LISTEN: {address}: another program listens there");
    refuses(&with(&media, "LYCEUM_LISTEN", &address), &["serve"], &why).await;
    refuses(&with(&site, "LYCEUM_DATA", "/proc/none"), &["serve"], "LYCEUM_DATA: ").await;
    let redis = with(&with(&site, "REDIS_URL", "redis://127.0.0.1:1"), "LYCEUM_SECRET", "a secret that is long enough to sign");
    refuses(&redis, &["migrate"], "REDIS_URL: expected is a Redis").await;
}

#[tokio::test]
async fn a_start_warns_of_addresses_that_no_other_machine_can_use() {
    let place = tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut site = alone(&place.path().join("data"));
    // It ends after its warnings: the address for counts is taken.
    site.insert("LYCEUM_METRICS_LISTEN".into(), taken.local_addr().expect("an address").to_string());
    site.insert("LYCEUM_MEDIA_LISTEN".into(), "127.0.0.1:0".into());
    site.insert("LYCEUM_LISTEN".into(), "0.0.0.0:0".into());
    let (_, said) = lyceum(&site, &["serve"]).await;
    assert!(said.contains("set LYCEUM_PUBLIC_URL") && said.contains("S3_PUBLIC_ENDPOINT"), "{said}");
}
