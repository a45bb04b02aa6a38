//! Choosing among nominees.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{DECIDE, NOMINEE_ADD, NOMINEES, Run, answers, newest, person};
use crate::{
    app::{Client, with_app},
    webinars::{REGISTER, registers, update},
};

const BALANCE: &str = "query($id: ID!) { webinar(id: $id) { inviting { nomineeBalance {
    all { ...C } accepted { ...C } } } } }
    fragment C on NomineeCounts { count byGender { value count } byCountry { value count }
        byOrganisationKind { value count } byLanguage { value count } }";

#[tokio::test]
async fn the_balance_of_all_and_of_those_accepted_so_far_is_told_while_choosing() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let token = run.list("Mission", "mission@example.org", 5).await;
        let mut ids = Vec::new();
        for (email, gender, country) in [("a@x.org", "FEMALE", "KE"), ("b@x.org", "MALE", "KE"), ("c@x.org", "FEMALE", "EG")] {
            let mut input = person(&token, email);
            input["gender"] = json!(gender);
            input["country"] = json!(country);
            let named = app.visitor().runs(NOMINEE_ADD, &json!({ "input": input })).await;
            ids.push(crate::webinars::id(&named["nomineeAdd"]["nominee"]));
        }
        let mut silent = person(&token, "d@x.org");
        silent["gender"] = json!(null);
        app.visitor().runs(NOMINEE_ADD, &json!({ "input": silent })).await;
        run.decides(&ids[..2], "ACCEPT").await;
        let seen = run.organiser.runs(BALANCE, &json!({ "id": run.webinar })).await;
        let balance = &seen["webinar"]["inviting"]["nomineeBalance"];
        let cell = |value: Value, count: i32| json!({ "value": value, "count": count });
        assert_eq!((balance["all"]["count"].as_i64(), balance["accepted"]["count"].as_i64()), (Some(4), Some(2)));
        let genders = json!([cell(json!(null), 1), cell(json!("FEMALE"), 2), cell(json!("MALE"), 1)]);
        assert_eq!(balance["all"]["byGender"], genders);
        assert_eq!(balance["accepted"]["byGender"], json!([cell(json!("FEMALE"), 1), cell(json!("MALE"), 1)]));
        assert_eq!(balance["all"]["byCountry"], json!([cell(json!("EG"), 1), cell(json!("KE"), 3)]));
        assert_eq!(balance["accepted"]["byOrganisationKind"], json!([cell(json!("GOVERNMENT"), 2)]));
        assert_eq!(balance["all"]["byLanguage"], json!([cell(json!("en"), 4)]));
    })
    .await;
}

#[tokio::test]
async fn who_is_put_on_the_waiting_list_leaves_their_seat_to_those_who_waited_before() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 2 })).await;
        let token = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&token, &["a@x.org", "b@x.org", "c@x.org"]).await;
        run.decides(&ids[..1], "ACCEPT").await;
        assert_eq!(run.decides(&ids[..1], "WAIT_LIST").await["webinar"]["seatsLeft"], 2, "she does not get it back");
        let states = |standing: Vec<(String, String)>| standing.into_iter().map(|(_, state)| state).collect::<Vec<_>>();
        assert_eq!(states(run.standing().await.0), ["WAITING", "NAMED", "NAMED"]);
        run.decides(&ids[1..], "ACCEPT").await;
        run.decides(&ids[1..2], "WAIT_LIST").await;
        assert_eq!(states(run.standing().await.0), ["ACCEPTED", "WAITING", "ACCEPTED"]);
    })
    .await;
}

#[tokio::test]
async fn who_waits_and_has_a_seat_already_keeps_nobody_else_from_theirs() {
    with_app(async |app| {
        let (run, layla) = (Run::new(app).await, app.practitioner().await);
        update(&run.organiser, &run.webinar, json!({ "capacity": 2, "visibility": "MEMBERS" })).await;
        let token = run.list("Mission", "mission@example.org", 9).await;
        let ids = run.nominees(&token, &["a@x.org", "b@x.org", &layla.email, "y@x.org", "twice@x.org"]).await;
        run.decides(&ids[..2], "ACCEPT").await;
        assert_eq!(registers(&layla, &run.webinar).await, "WAITING");
        run.decides(&ids[2..], "WAIT_LIST").await;
        let other = run.list("Ministry", "ministry@example.org", 9).await;
        let again = run.nominees(&other, &["Twice@x.org", "z@x.org"]).await;
        run.decides(&again, "WAIT_LIST").await;
        let standing = async || {
            let (standing, left) = run.standing().await;
            assert_eq!(left, 0);
            standing.into_iter().map(|(_, state)| state).collect::<Vec<_>>()
        };
        answers(app, "a@x.org", false).await;
        let waiting = ["WAITING"; 5];
        assert_eq!(standing().await, [&["REFUSED", "ACCEPTED"][..], &waiting].concat(), "Layla has it, as she registered");
        answers(app, "b@x.org", false).await;
        assert_eq!(standing().await[2..], ["WAITING", "ACCEPTED", "WAITING", "WAITING", "WAITING"]);
        update(&run.organiser, &run.webinar, json!({ "capacity": 4 })).await;
        assert_eq!(standing().await[2..], ["WAITING", "ACCEPTED", "ACCEPTED", "WAITING", "ACCEPTED"], "a person has one seat");
    })
    .await;
}

#[tokio::test]
async fn many_are_decided_about_at_once_all_or_none() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 2 })).await;
        let token = run.list("Mission", "mission@example.org", 5).await;
        let other = run.list("Ministry", "ministry@example.org", 5).await;
        let ids = run.nominees(&token, &["a@x.org", "b@x.org", "c@x.org"]).await;
        let again = run.nominees(&other, &["A@x.org"]).await;
        let accept = |ids: &[String]| json!({ "input": { "webinarId": run.webinar, "nomineeIds": ids, "decision": "ACCEPT" } });
        assert_eq!(run.organiser.problems(DECIDE, &accept(&ids)).await, ["LIMIT_REACHED input.nomineeIds"]);
        assert!(run.standing().await.0.iter().all(|(_, state)| state == "NAMED"), "none");
        assert_eq!(run.decides(&ids[..2], "ACCEPT").await["webinar"]["seatsLeft"], 0);
        assert_eq!(run.decides(&ids[..2], "ACCEPT").await["webinar"]["seatsLeft"], 0, "twice is once");
        let problems = run.organiser.problems(DECIDE, &accept(&again)).await;
        assert_eq!(problems, ["TAKEN input.nomineeIds.0", "LIMIT_REACHED input.nomineeIds"], "a person has one seat");
        run.decides(&ids[2..], "WAIT_LIST").await;
        assert!(newest(app, "c@x.org").await.starts_with("You are on the waiting list: a webinar"), "it is for the invited");
        assert_eq!(run.decides(&ids[..1], "DECLINE").await["webinar"]["seatsLeft"], 0, "who waited has it");
        let (standing, _) = run.standing().await;
        let states: Vec<_> = standing.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!(states, ["DECLINED", "ACCEPTED", "ACCEPTED", "NAMED"]);
        let offer = newest(app, "c@x.org").await;
        assert!(offer.starts_with("A seat for you: Reservations") && offer.contains("Mission has named you"), "{offer}");
        assert!(newest(app, "a@x.org").await.starts_with("About your nomination: a webinar"));
    })
    .await;
}

/// Sends a mutation, again where the server says that it is too busy; its answer.
async fn rushes(client: &Client<'_>, document: &str, variables: &Value) -> Value {
    for _ in 0..200 {
        let answer = client.sends(document, variables).await;
        if answer["errors"].is_null() {
            return answer["data"].clone();
        }
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    }
    panic!("the server stays too busy")
}

#[tokio::test]
async fn no_more_seats_are_given_than_there_are_however_many_are_accepted_and_register_at_once() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 7, "visibility": "MEMBERS" })).await;
        let token = run.list("Mission", "mission@example.org", 20).await;
        let emails: Vec<_> = (0..20).map(|number| format!("named{number}@example.net")).collect();
        let ids = run.nominees(&token, &emails.iter().map(String::as_str).collect::<Vec<_>>()).await;
        let mut members = Vec::new();
        for _ in 0..10 {
            members.push(app.practitioner().await);
        }
        let (organiser, webinar) = (&run.organiser, &run.webinar);
        let accepting = ids.iter().map(async |id| {
            let input = json!({ "input": { "webinarId": webinar, "nomineeIds": [id], "decision": "ACCEPT" } });
            rushes(organiser, DECIDE, &input).await["nomineesDecide"]["userErrors"][0]["code"].clone()
        });
        let register = json!({ "input": { "webinarId": run.webinar } });
        let registering = members
            .iter()
            .map(async |member| rushes(member, REGISTER, &register).await["webinarRegister"]["registration"]["state"].clone());
        let (accepted, registered) = tokio::join!(join_all(accepting), join_all(registering));
        let accepted = accepted.iter().filter(|code| code.is_null()).count();
        let registered = registered.iter().filter(|state| **state == "REGISTERED").count();
        assert_eq!(accepted + registered, 7);
        let seen = run.organiser.runs(NOMINEES, &json!({ "id": run.webinar, "state": "ACCEPTED" })).await["webinar"].clone();
        assert_eq!(seen["inviting"]["nominees"]["nodes"].as_array().expect("nominees").len(), accepted);
        assert_eq!(seen["seatsLeft"], 0);
        assert_eq!(
            run.organiser.problems(crate::webinars::UPDATE, &json!({ "id": run.webinar, "input": { "capacity": 6 } })).await,
            ["OUT_OF_RANGE input.capacity"]
        );
    })
    .await;
}
