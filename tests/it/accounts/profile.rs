//! Profiles, and who sees what of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{SIGN_UP, UPDATE, sign_up};
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

#[tokio::test]
async fn a_name_that_would_turn_what_follows_is_refused_and_every_script_keeps_its_own() {
    with_app(async |app| {
        let (person, administrator) = (app.practitioner().await, app.administrator().await);
        for name in ["Admin\u{202e}nimdA", "\u{2067}Admin", "A\u{200f}B", "A\0B", "A\u{1b}[31mB"] {
            let answer = person.sends(UPDATE, &json!({ "input": { "fullName": name } })).await;
            assert_eq!(answer["data"]["profileUpdate"]["userErrors"][0]["code"], "INVALID", "{name:?}: {answer}");
        }
        for name in ["\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}", "\u{915}\u{94d}\u{200d}\u{937}", "آمنة Example"]
        {
            let changed = person.runs(UPDATE, &json!({ "input": { "fullName": name } })).await;
            assert_eq!(changed["profileUpdate"]["user"]["fullName"], name);
            let found = administrator.runs(SEARCH, &json!({ "search": name })).await;
            assert_eq!(found["users"]["nodes"], json!([{ "fullName": name }]));
        }
        let broken = person.runs(UPDATE, &json!({ "input": { "fullName": "A\r\nBcc: b@example.org" } })).await;
        assert_eq!(broken["profileUpdate"]["user"]["fullName"], "A Bcc: b@example.org", "one line");
    })
    .await;
}

#[tokio::test]
async fn a_name_that_can_be_read_as_somebody_elses_is_refused_and_words_of_several_scripts_are_not() {
    with_app(async |app| {
        let (person, visitor) = (app.practitioner().await, app.visitor().accepting("ru"));
        for alike in ["Site \u{410}dministrator", "Lyce\u{443}m Support", "Ann\u{3b1} Example"] {
            let problems = person.problems(UPDATE, &json!({ "input": { "fullName": alike } })).await;
            assert_eq!(problems, ["INVALID input.fullName"], "{alike}");
            let mut input = sign_up("alike@example.org");
            input["input"]["fullName"] = json!(alike);
            let answer = visitor.sends(SIGN_UP, &input).await["data"]["accountSignUp"]["userErrors"].clone();
            assert_eq!((&answer[0]["code"], &answer[0]["field"]), (&json!("INVALID"), &json!(["input", "fullName"])), "{answer}");
            assert!(answer[0]["message"].as_str().is_some_and(|message| message.contains("латиницы и кириллицы")), "{answer}");
        }
        for real in ["Анна Example", "Анна (Anna) Иванова-Smith", "王示例 Shili", "Νίκος O’Neill"] {
            let changed = person.runs(UPDATE, &json!({ "input": { "fullName": real } })).await;
            assert_eq!(changed["profileUpdate"]["user"]["fullName"], real);
        }
    })
    .await;
}

const SEARCH: &str = "query($search: String!) { users(search: $search) { nodes { fullName } } }";

#[tokio::test]
async fn a_search_that_is_made_to_be_dear_is_answered_soon_or_refused() {
    with_app(async |app| {
        let administrator = app.administrator().await;
        for n in 0..20 {
            let person = app.practitioner().await;
            person.runs(UPDATE, &json!({ "input": { "fullName": format!("{}{n}", "a_".repeat(80)) } })).await;
        }
        let begun = Instant::now();
        for (search, found) in [("%", 0), ("_", 20), ("\\", 0), (&"a_".repeat(80), 20), (&"%_".repeat(100), 0), ("(a+)+$", 0)] {
            let people = administrator.runs(SEARCH, &json!({ "search": search })).await["users"]["nodes"].clone();
            assert_eq!(people.as_array().map(Vec::len), Some(found), "{search}");
        }
        for search in ["%a".repeat(100_000), "\u{301}".repeat(100_000)] {
            assert_eq!(administrator.fails(SEARCH, &json!({ "search": search })).await, "BAD_USER_INPUT");
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    })
    .await;
}
