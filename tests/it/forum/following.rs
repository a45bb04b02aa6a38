//! Following topics live.

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{MEMBER_REMOVE, POST_DELETE, POST_UPDATE, Place, by_id, let_in, post, with_reason};
use crate::app::{Client, with_app};

const ADDED: &str = "subscription($id: ID!) { postAdded(topicId: $id) { number body author { fullName } topic { title } } }";
const CHANGED: &str = "subscription($id: ID!) { postChanged(topicId: $id) { number state body bodyHtml author { id } } }";

/// A subscription that listens already.
async fn follows(person: &Client<'_>, document: &str, topic: &str) -> impl Stream<Item = Value> + Unpin + use<> {
    let mut events = person.follows(document, &json!({ "id": topic })).await;
    assert!(timeout(Duration::from_millis(500), events.next()).await.is_err(), "it listens and says nothing yet");
    events
}

/// The next event; `None` when the subscription has ended.
async fn next(events: &mut (impl Stream<Item = Value> + Unpin)) -> Option<Value> {
    let event = timeout(Duration::from_secs(10), events.next()).await.expect("something happens in time")?;
    assert!(event["errors"].is_null(), "{event:#}");
    Some(event["data"].clone())
}

#[tokio::test]
async fn a_new_post_reaches_those_who_follow_the_topic() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let mut reader = follows(&app.practitioner().await, ADDED, &place.topic).await;
        let mut visitor = follows(&app.visitor(), ADDED, &place.topic).await;
        for n in 2..=3 {
            post(&owner, &place.topic, &n.to_string()).await;
        }
        for n in 2..=3 {
            let seen = next(&mut reader).await.expect("an event");
            let author = json!({ "fullName": "Person 1" });
            let expected =
                json!({ "number": n, "body": n.to_string(), "author": author, "topic": { "title": "Dual criminality" } });
            assert_eq!(seen["postAdded"], expected);
            let seen = next(&mut visitor).await.expect("an event");
            assert_eq!((&seen["postAdded"]["number"], &seen["postAdded"]["author"]["fullName"]), (&json!(n), &Value::Null));
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_follows_a_topic_that_they_may_not_see() {
    with_app(async |app| {
        let place = Place::new(&app.trainer().await, "INVITED").await;
        for document in [ADDED, CHANGED] {
            let mut events = app.practitioner().await.follows(document, &json!({ "id": place.topic })).await;
            let first = events.next().await.expect("an answer");
            assert_eq!(first["errors"][0]["extensions"]["code"], "NOT_FOUND");
            assert!(events.next().await.is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_comes_after_one_was_removed() {
    with_app(async |app| {
        let (owner, person) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "MEMBERS").await;
        let mut events = follows(&person, ADDED, &place.topic).await;
        post(&owner, &place.topic, "Before").await;
        assert!(next(&mut events).await.is_some());
        owner.runs(MEMBER_REMOVE, &json!({ "id": place.community, "user": person.id() })).await;
        post(&owner, &place.topic, "After").await;
        assert_eq!(next(&mut events).await, None);
    })
    .await;
}

#[tokio::test]
async fn nothing_comes_after_ones_access_was_taken_back_on_either_subscription() {
    with_app(async |app| {
        let (owner, person) = (app.trainer().await, app.practitioner().await);
        let place = Place::new(&owner, "INVITED").await;
        let_in(app, &place.community, &person, "MEMBER").await;
        let made = post(&owner, &place.topic, "Before").await;
        let mut added = follows(&person, ADDED, &place.topic).await;
        let mut changed = follows(&person, CHANGED, &place.topic).await;
        owner.runs(POST_UPDATE, &json!({ "id": made, "body": "Still before" })).await;
        assert!(next(&mut changed).await.is_some());
        let revoke = "mutation($input: AccessRevokeInput!) { accessRevoke(input: $input) { userErrors { code field } } }";
        owner.runs(revoke, &json!({ "input": { "subjectId": place.community, "email": person.email } })).await;
        owner.runs(POST_UPDATE, &json!({ "id": made, "body": "After" })).await;
        post(&owner, &place.topic, "After").await;
        assert_eq!(next(&mut changed).await, None);
        assert_eq!(next(&mut added).await, None);
    })
    .await;
}

#[tokio::test]
async fn nothing_comes_after_the_session_has_ended_or_the_topic_was_hidden() {
    with_app(async |app| {
        let (owner, person, other) = (app.trainer().await, app.practitioner().await, app.practitioner().await);
        let place = Place::new(&owner, "PUBLIC").await;
        let mut signed_out = follows(&person, ADDED, &place.topic).await;
        let mut outside = follows(&other, ADDED, &place.topic).await;
        let mut moderator = follows(&owner, ADDED, &place.topic).await;
        let user = lyceum::ids::Id::parse(&person.id()).expect("a person");
        app.sessions.end_all(user, None, app.clock.now()).await.expect("sessions end");
        post(&owner, &place.topic, "One").await;
        assert_eq!(next(&mut signed_out).await, None);
        assert!(next(&mut outside).await.is_some());
        owner.runs(&with_reason("topicHide"), &json!({ "id": place.topic })).await;
        post(&owner, &place.topic, "Two").await;
        assert_eq!(next(&mut outside).await, None);
        assert!(next(&mut moderator).await.is_some());
        assert!(next(&mut moderator).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn changes_of_posts_are_followed_without_what_was_hidden_or_destroyed() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let made = post(&owner, &place.topic, "zebrafish").await;
        let mut reader = follows(&app.practitioner().await, CHANGED, &place.topic).await;
        let mut moderator = follows(&owner, CHANGED, &place.topic).await;
        let its = json!({ "id": made });

        owner.runs(POST_UPDATE, &json!({ "id": made, "body": "zebrafish!" })).await;
        assert_eq!(next(&mut reader).await.expect("an event")["postChanged"]["body"], "zebrafish!");
        assert_eq!(next(&mut moderator).await.expect("an event")["postChanged"]["body"], "zebrafish!");
        owner.runs(&with_reason("postHide"), &its).await;
        let gone = |state: &str| json!({ "number": 2, "state": state, "body": null, "bodyHtml": null, "author": null });
        assert_eq!(next(&mut reader).await.expect("an event")["postChanged"], gone("HIDDEN"));
        assert_eq!(next(&mut moderator).await.expect("an event")["postChanged"]["body"], "zebrafish!");
        owner.runs(&by_id("postUnhide"), &its).await;
        assert_eq!(next(&mut reader).await.expect("an event")["postChanged"]["state"], "SHOWN");
        owner.runs(POST_DELETE, &its).await;
        assert_eq!(next(&mut reader).await.expect("an event")["postChanged"], gone("DELETED"));
        owner.runs(&with_reason("postRedact"), &its).await;
        assert_eq!(next(&mut reader).await.expect("an event")["postChanged"], gone("REDACTED"));
    })
    .await;
}

#[tokio::test]
async fn a_new_post_that_was_hidden_meanwhile_is_not_told() {
    with_app(async |app| {
        let owner = app.trainer().await;
        let place = Place::new(&owner, "PUBLIC").await;
        let mut reader = follows(&app.practitioner().await, ADDED, &place.topic).await;
        let made = post(&owner, &place.topic, "zebrafish").await;
        owner.runs(&with_reason("postHide"), &json!({ "id": made })).await;
        post(&owner, &place.topic, "Next").await;
        assert_eq!(next(&mut reader).await.expect("an event")["postAdded"]["body"], "Next");
    })
    .await;
}
