//! When webinars take place.

use chrono::Duration;
use lyceum::{
    ids::{Id as _, WebinarId},
    webinars::{scheduling::KeepWallTime, telling::Remind, webinar},
};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};
use serde_json::json;

use super::{CREATE, MOVE, REGISTER, UPDATE, by_id, comes_round, draft, organiser, published, register, seen, series, time_in};
use crate::{
    app::{key, with_app},
    inviting::SEND,
};

const TIMES: &str = "query($id: ID!) { webinar(id: $id) { startsAt endsAt localStart timeZone state isRegistrationOpen } }";
const CANCEL: &str = "mutation($id: ID!, $reason: String! = \"The speaker is ill\") {
    webinarCancel(id: $id, reason: $reason) { userErrors { code field } } }";

#[tokio::test]
async fn a_webinar_begins_at_the_wall_time_of_its_zone() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let series = series(&organiser, "PUBLIC").await;
        let time = json!({ "localStart": "2030-07-01T14:00", "timeZone": "Europe/Vienna", "durationMinutes": 90 });
        let text = json!({ "language": "en", "title": "Reservations" });
        let input = json!({ "input": { "key": key(), "seriesId": series, "text": text, "time": time } });
        let made = organiser.runs(CREATE, &input).await["webinarCreate"]["webinar"].clone();
        let webinar = organiser.runs(TIMES, &json!({ "id": made["id"] })).await["webinar"].clone();
        assert_eq!(webinar["startsAt"], "2030-07-01T12:00:00+00:00");
        assert_eq!(webinar["endsAt"], "2030-07-01T13:30:00+00:00");
    })
    .await;
}

#[tokio::test]
async fn times_that_do_not_exist_are_refused_all_at_once() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = draft(&organiser, &series(&organiser, "PUBLIC").await, "PUBLIC").await;
        let input = json!({ "localStart": "2030-7-1 14:00", "timeZone": "Europe/Wien", "durationMinutes": 0 });
        let problems = organiser.problems(MOVE, &json!({ "id": webinar, "input": input })).await;
        assert_eq!(problems, ["INVALID input.timeZone", "OUT_OF_RANGE input.durationMinutes", "INVALID input.localStart"]);
        let skipped = json!({ "localStart": "2030-03-31T02:30", "timeZone": "Europe/Vienna", "durationMinutes": 60 });
        let problems = organiser.problems(MOVE, &json!({ "id": webinar, "input": skipped })).await;
        assert_eq!(problems, ["INVALID input.localStart"]);
    })
    .await;
}

#[tokio::test]
async fn no_time_of_a_webinar_is_centuries_away() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = draft(&organiser, &series(&organiser, "PUBLIC").await, "PUBLIC").await;
        for local in ["9999-06-01T10:00", "1999-12-31T23:59", "+262142-12-31T23:59", "-262143-01-01T00:00"] {
            let input = json!({ "localStart": local, "timeZone": "Asia/Tokyo", "durationMinutes": 60 });
            let problems = organiser.problems(MOVE, &json!({ "id": webinar, "input": input })).await;
            assert_eq!(problems, ["OUT_OF_RANGE input.localStart"], "{local}");
        }
        for field in ["registrationOpensAt", "registrationClosesAt"] {
            let changes = json!({ "id": webinar, "input": { field: "9999-06-01T10:00:00Z" } });
            assert_eq!(organiser.problems(UPDATE, &changes).await, [format!("OUT_OF_RANGE input.{field}")]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_published_webinar_is_held_once_its_end_has_passed() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "PUBLIC").await;
        let state = async || app.visitor().runs(TIMES, &json!({ "id": webinar })).await["webinar"].clone();
        assert_eq!(state().await["state"], "PUBLISHED");
        app.clock.advance(Duration::days(2) + Duration::minutes(61));
        assert_eq!((&state().await["state"], &state().await["isRegistrationOpen"]), (&json!("HELD"), &json!(false)));
        let lists = "{ coming: webinars { nodes { id } } past: webinars(when: PAST) { nodes { id } } }";
        let lists = app.visitor().runs(lists, &json!({})).await;
        assert_eq!(lists["coming"]["nodes"], json!([]));
        assert_eq!(lists["past"]["nodes"][0]["id"], webinar.as_str());
        let organiser = organiser.again().await;
        assert_eq!(organiser.problems(CANCEL, &json!({ "id": webinar })).await, ["WRONG_STATE id"]);
        assert_eq!(organiser.problems(MOVE, &json!({ "id": webinar, "input": time_in(app, 60) })).await, ["WRONG_STATE id"]);
    })
    .await;
}

#[tokio::test]
async fn a_webinar_that_is_over_when_it_is_published_was_held_and_nobody_is_asked_to_it() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = draft(&organiser, &series(&organiser, "MEMBERS").await, "MEMBERS").await;
        let opens = (app.clock.now() + Duration::days(30)).to_rfc3339();
        organiser.runs(MOVE, &json!({ "id": webinar, "input": time_in(app, -2 * 24 * 60) })).await;
        organiser.runs(UPDATE, &json!({ "id": webinar, "input": { "registrationOpensAt": opens } })).await;
        organiser.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        let shown = person.runs(TIMES, &json!({ "id": webinar })).await["webinar"].clone();
        assert_eq!((&shown["state"], &shown["isRegistrationOpen"]), (&json!("HELD"), &json!(false)));
        let registering = json!({ "input": { "webinarId": webinar } });
        assert_eq!(person.problems(REGISTER, &registering).await, ["TOO_LATE input.webinarId"], "and it will not open");
        let inviting = json!({ "key": key(), "webinarId": webinar, "people": [{ "email": "guest@example.org" }] });
        assert_eq!(organiser.problems(SEND, &json!({ "input": inviting })).await, ["TOO_LATE input.webinarId"]);
        comes_round(app, &Remind {}).await;
        assert_eq!(app.mails().await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn a_published_webinar_is_not_moved_into_the_past() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "PUBLIC").await;
        let problems = organiser.problems(MOVE, &json!({ "id": webinar, "input": time_in(app, -60) })).await;
        assert_eq!(problems, ["TOO_LATE input.localStart"]);
    })
    .await;
}

#[tokio::test]
async fn drafts_are_removed_and_published_webinars_cancelled() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let series = series(&organiser, "PUBLIC").await;
        let (draft, published) = (draft(&organiser, &series, "PUBLIC").await, published(&organiser, "PUBLIC").await);
        assert_eq!(organiser.problems(CANCEL, &json!({ "id": draft })).await, ["WRONG_STATE id"]);
        organiser.runs(&by_id("webinarRemove"), &json!({ "id": draft })).await;
        assert!(seen(&organiser, &draft).await.is_null());
        assert_eq!(organiser.problems(&by_id("webinarRemove"), &json!({ "id": published })).await, ["WRONG_STATE id"]);
        organiser.runs(CANCEL, &json!({ "id": published })).await;
        organiser.runs(CANCEL, &json!({ "id": published })).await;
        assert_eq!(seen(&organiser, &published).await["state"], "CANCELLED");
        assert_eq!(organiser.problems(&by_id("webinarPublish"), &json!({ "id": published })).await, ["WRONG_STATE id"]);
    })
    .await;
}

#[tokio::test]
async fn a_webinar_stays_at_its_wall_time_when_a_country_moves_its_clocks() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "PUBLIC").await;
        register(&person, &webinar).await;
        let before = organiser.runs(TIMES, &json!({ "id": webinar })).await["webinar"]["startsAt"].clone();
        // As if it had been reckoned by rules that have since changed by an hour.
        let row = webinar::Entity::find_by_id(WebinarId::parse(&webinar).expect("an id")).one(app.db.read()).await;
        let row = row.expect("it is read").expect("it is there");
        let (starts_at, sequence) = (row.starts_at, row.calendar_sequence);
        let mut change = row.into_active_model();
        change.starts_at = Set(starts_at + Duration::hours(1));
        change.update(app.db.write()).await.expect("it is changed");
        comes_round(app, &KeepWallTime {}).await;
        let after = organiser.runs(TIMES, &json!({ "id": webinar })).await["webinar"]["startsAt"].clone();
        assert_eq!(after, before);
        let row = webinar::Entity::find_by_id(WebinarId::parse(&webinar).expect("an id")).one(app.db.read()).await;
        assert!(row.expect("it is read").expect("it is there").calendar_sequence > sequence, "calendars follow");
    })
    .await;
}
