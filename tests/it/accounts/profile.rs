//! Profiles, and who sees what of them.

use serde_json::{Value, json};

use super::UPDATE;
use crate::app::{Client, with_app};

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

const FIELDS: &str = "fullName latinName email gender country organisation language timeZone isVetted isSuspended
    isNameShownToVisitors roles createdAt";

/// What somebody sees of a person, by each way there is.
async fn seen(by: &Client<'_>, id: &str) -> Vec<Value> {
    let document = format!(
        "query($id: ID!) {{ user(id: $id) {{ {FIELDS} }} node(id: $id) {{ ... on User {{ {FIELDS} }} }}
            nodes(ids: [$id]) {{ ... on User {{ {FIELDS} }} }} }}"
    );
    let data = by.runs(&document, &json!({ "id": id })).await;
    vec![data["user"].clone(), data["node"].clone(), data["nodes"][0].clone()]
}

#[tokio::test]
async fn what_is_personal_goes_to_the_person_and_administrators_only() {
    with_app(async |app| {
        let person = app.practitioner().await;
        let input = json!({ "fullName": "王示例", "latinName": "Wang Shili", "country": "CN", "gender": "FEMALE", "organisation": "Example" });
        person.runs(UPDATE, &json!({ "input": input })).await;
        for whole in [&person, &app.administrator().await] {
            for seen in seen(whole, &person.id()).await {
                assert_eq!((&seen["email"], &seen["gender"], &seen["country"]), (&json!(person.email), &json!("FEMALE"), &json!("CN")));
            }
        }
        let others = [app.visitor(), app.unvetted().await, app.practitioner().await, app.trainer().await];
        for (other, is_member) in others.iter().zip([false, false, true, true]) {
            for mut seen in seen(other, &person.id()).await {
                let names = seen.as_object_mut().map(|seen| (seen.remove("fullName"), seen.remove("latinName"))).expect("a person");
                let shown = |name: &str| Some(if is_member { json!(name) } else { Value::Null });
                assert_eq!(names, (shown("王示例"), shown("Wang Shili")));
                assert!(seen.as_object().is_some_and(|seen| seen.values().all(Value::is_null)), "{seen}");
            }
            assert!(["FORBIDDEN", "UNAUTHENTICATED"].contains(&&*other.fails("{ users { nodes { email } } }", &json!({})).await));
        }
    })
    .await;
}

#[tokio::test]
async fn visitors_and_the_unvetted_see_names_where_their_owner_allows_it() {
    with_app(async |app| {
        let person = app.practitioner().await;
        person.runs(UPDATE, &json!({ "input": { "fullName": "Shown Example", "isNameShownToVisitors": true } })).await;
        for other in [app.visitor(), app.unvetted().await] {
            assert_eq!(seen(&other, &person.id()).await[0]["fullName"], "Shown Example");
        }
    })
    .await;
}
