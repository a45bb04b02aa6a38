//! Rights that end: of those who ran something, of those whom nobody chose, and of what shows a webinar by an address alone.

use chrono::Duration;
use lyceum::role::{Roles, SiteRole};
use serde_json::{Value, json};

use super::{
    JOIN, MOVE, REGISTER, UPDATE, by_id, draft, id, lets_in, organiser, published, register, seen, series, time_in, update,
    with_input,
};
use crate::{
    app::{Client, key, with_app},
    http_client::Server,
    inviting::{ANSWER, NOMINEE_UPDATE, Run, SEND, newest, token},
};

const PLACE: &str = "query($token: String!) { place(token: $token) { state webinar { text { title } } } }";
const ACCESS: &str = "query($id: ID!) { webinar(id: $id) { access { nodes { email } } } }";
const ROLE_REVOKE: &str = "mutation($id: ID!) { userRoleRevoke(id: $id, role: ORGANISER) { userErrors { code } } }";
/// The ways to a webinar and its series.
const WAYS: &str = "query($series: ID!, $webinar: ID!) {
    webinarSeries(id: $series) { id } webinar(id: $webinar) { id }
    seriesNode: node(id: $series) { id } webinarNode: node(id: $webinar) { id }
    webinarSeriesList { nodes { id } } webinars { nodes { id } } mine: webinars(when: MINE) { nodes { id } } }";

/// Takes from somebody what they were let in as.
async fn revokes(maker: &Client<'_>, subject: &str, person: &Client<'_>) {
    let revoke = json!({ "input": { "subjectId": subject, "email": person.email } });
    maker.runs(&with_input("accessRevoke", "AccessRevokeInput"), &revoke).await;
}

/// Asserts that a webinar with a link, and its series, are nothing to somebody.
async fn do_not_exist_for(viewer: &Client<'_>, series: &str, webinar: &str) {
    let found = viewer.runs(WAYS, &json!({ "series": series, "webinar": webinar })).await.to_string();
    assert!(!found.contains(series) && !found.contains(webinar), "{found}");
    assert_eq!(viewer.fails(REGISTER, &json!({ "input": { "webinarId": webinar } })).await, "NOT_FOUND");
    assert_eq!(viewer.fails(JOIN, &json!({ "id": webinar })).await, "NOT_FOUND");
}

#[tokio::test]
async fn conditions_do_not_change_behind_the_backs_of_those_who_wait() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        update(&organiser, &webinar, json!({ "capacity": 0 })).await;
        assert_eq!(register(&person, &webinar).await["state"], "WAITING");
        let change = json!({ "id": webinar, "input": { "isRecorded": true } });
        assert_eq!(organiser.problems(UPDATE, &change).await, ["WRONG_STATE input.isRecorded"]);
    })
    .await;
}

#[tokio::test]
async fn who_is_no_longer_staff_of_a_series_changes_none_of_its_webinars_not_even_those_they_made() {
    with_app(async |app| {
        let (owner, staff) = (organiser(app).await, app.practitioner().await);
        let series = series(&owner, "MEMBERS").await;
        lets_in(&owner, &series, &staff, "STAFF").await;
        let webinar = draft(&staff, &series, "MEMBERS").await;
        assert_eq!(seen(&staff, &webinar).await["viewerCanEdit"], true);
        revokes(&owner, &series, &staff).await;
        assert!(seen(&staff, &webinar).await.is_null(), "a draft is its staff's");
        owner.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        let change = json!({ "id": webinar, "input": { "activity": "Mine" } });
        assert_eq!(staff.fails(UPDATE, &change).await, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn who_is_no_longer_staff_of_a_series_neither_sees_nor_joins_what_they_made_in_it_for_the_invited() {
    with_app(async |app| {
        let (owner, staff) = (organiser(app).await, app.practitioner().await);
        let series = series(&owner, "INVITED").await;
        lets_in(&owner, &series, &staff, "STAFF").await;
        let webinar = draft(&staff, &series, "INVITED").await;
        update(&owner, &webinar, json!({ "joinUrl": "https://meet.example.org/1" })).await;
        owner.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        assert_eq!(seen(&staff, &webinar).await["viewerCanEdit"], true);
        revokes(&owner, &series, &staff).await;
        do_not_exist_for(&staff, &series, &webinar).await;
        assert_eq!(seen(&owner, &webinar).await["viewerCanEdit"], true, "whoever made it, it is the series' staff's");
    })
    .await;
}

#[tokio::test]
async fn who_ceases_to_be_an_organiser_sees_nothing_of_what_they_made_for_the_invited() {
    with_app(async |app| {
        let maker = organiser(app).await;
        let series = series(&maker, "INVITED").await;
        let webinar = draft(&maker, &series, "INVITED").await;
        update(&maker, &webinar, json!({ "joinUrl": "https://meet.example.org/1" })).await;
        maker.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        let administrator = app.administrator().await;
        administrator.runs(ROLE_REVOKE, &json!({ "id": maker.id() })).await;
        do_not_exist_for(&maker.again().await, &series, &webinar).await;
        let grant = ROLE_REVOKE.replace("userRoleRevoke", "userRoleGrant");
        administrator.runs(&grant, &json!({ "id": maker.id() })).await;
        assert_eq!(seen(&maker.again().await, &webinar).await["viewerCanEdit"], true);
    })
    .await;
}

#[tokio::test]
async fn who_ceases_to_be_an_organiser_keeps_no_series() {
    with_app(async |app| {
        let maker = app.person(Roles::default().with(SiteRole::Organiser), true).await;
        let series = series(&maker, "MEMBERS").await;
        app.administrator().await.runs(ROLE_REVOKE, &json!({ "id": maker.id() })).await;
        let again = maker.again().await;
        let rename = "mutation($id: ID!) { webinarSeriesUpdate(id: $id, input: { project: \"Mine\" }) { userErrors { code } } }";
        assert_eq!(again.fails(rename, &json!({ "id": series })).await, "FORBIDDEN");
    })
    .await;
}

#[tokio::test]
async fn nobody_invites_before_they_are_vetted() {
    with_app(async |app| {
        let (owner, staff) = (organiser(app).await, app.unvetted().await);
        let webinar = published(&owner, "MEMBERS").await;
        lets_in(&owner, &webinar, &staff, "STAFF").await;
        let people = json!([{ "name": "Olu Apẹẹrẹ", "email": "olu@example.org", "language": "en" }]);
        let input = json!({ "input": { "key": key(), "webinarId": webinar, "people": people } });
        assert_eq!(staff.fails(SEND, &input).await, "FORBIDDEN");
        assert_eq!(owner.runs(SEND, &input).await["invitationsSend"]["invitedCount"], 1);
    })
    .await;
}

#[tokio::test]
async fn whom_the_organiser_put_on_the_waiting_list_can_not_be_swapped() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["alice@example.org"]).await;
        run.decides(&ids, "WAIT_LIST").await;
        let swap = json!({ "token": list, "id": ids[0], "input": { "email": "mallory@example.org" } });
        assert_eq!(app.visitor().problems(NOMINEE_UPDATE, &swap).await, ["WRONG_STATE id"]);
    })
    .await;
}

#[tokio::test]
async fn a_nominee_who_is_declined_or_stays_away_sees_the_webinar_no_longer() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["awa@example.org", "olu@example.org"]).await;
        run.decides(&ids, "ACCEPT").await;
        let places =
            [token(&newest(app, "awa@example.org").await, "place"), token(&newest(app, "olu@example.org").await, "place")];
        let answer = |place: &str, comes: bool| json!({ "input": { "token": place, "comes": comes } });
        for place in &places {
            app.visitor().runs(ANSWER, &answer(place, true)).await;
        }
        let let_in =
            async || run.organiser.runs(ACCESS, &json!({ "id": run.webinar })).await["webinar"]["access"]["nodes"].to_string();
        assert!(let_in().await.contains("awa") && let_in().await.contains("olu"));
        app.visitor().runs(ANSWER, &answer(&places[0], false)).await;
        run.decides(&ids[1..], "DECLINE").await;
        for place in &places {
            let seen = app.visitor().runs(PLACE, &json!({ "token": place })).await["place"].clone();
            assert_eq!(seen["webinar"], Value::Null, "{seen}");
        }
        assert_eq!(let_in().await, "[]");
    })
    .await;
}

#[tokio::test]
async fn an_address_of_a_calendar_shows_only_what_its_reader_sees() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "INVITED").await;
        lets_in(&organiser, &webinar, &person, "MEMBER").await;
        let registration = register(&person, &webinar).await;
        let entry = "query($id: ID!) { registration(id: $id) { calendarUrl } }";
        let seen = person.runs(entry, &json!({ "id": registration["id"] })).await["registration"]["calendarUrl"].clone();
        let server = Server::start(app).await;
        let path = seen.as_str().and_then(|url| url.strip_prefix(&app.config.public_url)).expect("an address").to_owned();
        let read = async || String::from_utf8_lossy(&server.gets(&path, &[]).await.body).into_owned();
        assert!(read().await.contains("Reservations"));
        organiser.runs(&by_id("registrationCancel"), &json!({ "id": registration["id"] })).await;
        revokes(&organiser, &webinar, &person).await;
        let left = read().await;
        assert!(left.starts_with("BEGIN:VCALENDAR") && !left.contains("Reservations"), "{left}");
    })
    .await;
}

#[tokio::test]
async fn a_webinar_that_is_moved_after_its_start_was_attended_by_nobody() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        let input = json!({ "input": { "webinarId": webinar } });
        let registration = id(&person.runs(REGISTER, &input).await["webinarRegister"]["registration"]);
        organiser.runs(&by_id("webinarCodeRenew"), &json!({ "id": webinar })).await;
        let code = "query($id: ID!) { webinar(id: $id) { checkInCode } }";
        let code = organiser.runs(code, &json!({ "id": webinar })).await["webinar"]["checkInCode"].clone();
        app.clock.advance(Duration::days(2) + Duration::minutes(10));
        let (organiser, person) = (organiser.again().await, person.again().await);
        let check_in = "mutation($id: ID!, $code: String!) { webinarCheckIn(id: $id, code: $code) { userErrors { code } } }";
        person.runs(check_in, &json!({ "id": webinar, "code": code })).await;
        let presence = "query($id: ID!) { registration(id: $id) { presence { minutes } } }";
        let present = async || person.runs(presence, &json!({ "id": registration })).await["registration"]["presence"].clone();
        assert!(present().await.is_object());
        organiser.runs(MOVE, &json!({ "id": webinar, "input": time_in(app, 24 * 60) })).await;
        assert!(present().await.is_null());
    })
    .await;
}

#[tokio::test]
async fn a_nominee_who_was_forgotten_gets_no_seat() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 0 })).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["awa@example.org"]).await;
        run.decides(&ids, "WAIT_LIST").await;
        run.organiser.runs(&by_id("nomineeForget"), &json!({ "id": ids[0] })).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 3 })).await;
        let (standing, left) = run.standing().await;
        assert_eq!((standing[0].1.as_str(), left), ("DECLINED", json!(3)));
    })
    .await;
}

#[tokio::test]
async fn whom_two_contacts_name_is_offered_one_seat() {
    with_app(async |app| {
        let run = Run::new(app).await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 0 })).await;
        let (one, other) =
            (run.list("Mission", "mission@example.org", 5).await, run.list("Ministry", "ministry@example.org", 5).await);
        let mut ids = run.nominees(&one, &["awa@example.org"]).await;
        ids.extend(run.nominees(&other, &["awa@example.org"]).await);
        run.decides(&ids, "WAIT_LIST").await;
        update(&run.organiser, &run.webinar, json!({ "capacity": 5 })).await;
        let (standing, left) = run.standing().await;
        let states: Vec<_> = standing.iter().map(|(_, state)| state.as_str()).collect();
        assert_eq!((states, left), (vec!["ACCEPTED", "WAITING"], json!(4)));
    })
    .await;
}
