//! Who sees what of webinars.

use serde_json::json;

use super::{CREATE, SERIES_CREATE, by_id, draft, id, lets_in, organiser, published, register, seen, series, time_in};
use crate::app::{key, with_app};

const SERIES: &str = "query($id: ID!) { webinarSeries(id: $id) { title viewerCanEdit webinars(when: COMING) { nodes { id } } } }";

#[tokio::test]
async fn organisers_make_series_and_others_do_not() {
    with_app(async |app| {
        let text = json!({ "language": "en", "title": "Joining treaties" });
        let input = json!({ "input": { "key": key(), "text": text } });
        for person in [app.visitor(), app.practitioner().await, app.trainer().await, app.unvetted().await] {
            let code = person.fails(SERIES_CREATE, &input).await;
            assert_eq!(code, if person.token.is_none() { "UNAUTHENTICATED" } else { "FORBIDDEN" });
        }
        let organiser = organiser(app).await;
        let made = organiser.runs(SERIES_CREATE, &input).await["webinarSeriesCreate"]["series"].clone();
        let again = organiser.runs(SERIES_CREATE, &input).await["webinarSeriesCreate"]["series"].clone();
        assert_eq!(made, again, "the same key makes one series");
    })
    .await;
}

#[tokio::test]
async fn an_organiser_makes_webinars_in_their_own_series_only() {
    with_app(async |app| {
        let (own, other) = (organiser(app).await, organiser(app).await);
        let (open, closed) = (series(&own, "PUBLIC").await, series(&own, "INVITED").await);
        let text = json!({ "language": "en", "title": "Reservations" });
        let input =
            |series: &str| json!({ "input": { "key": key(), "seriesId": series, "text": text, "time": time_in(app, 600) } });
        assert_eq!(other.fails(CREATE, &input(&open)).await, "FORBIDDEN");
        assert_eq!(other.fails(CREATE, &input(&closed)).await, "NOT_FOUND");
        own.runs(CREATE, &input(&closed)).await;
        lets_in(&own, &closed, &other, "STAFF").await;
        other.runs(CREATE, &input(&closed)).await;
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_seen_by_its_staff_and_speakers_only() {
    with_app(async |app| {
        let (organiser, speaker, person) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let series = series(&organiser, "PUBLIC").await;
        let webinar = draft(&organiser, &series, "PUBLIC").await;
        assert_eq!(seen(&organiser, &webinar).await["state"], "DRAFT");
        for stranger in [&person, &speaker, &app.visitor()] {
            assert!(seen(stranger, &webinar).await.is_null());
        }
        lets_in(&organiser, &webinar, &speaker, "SPEAKER").await;
        assert_eq!(seen(&speaker, &webinar).await["viewerCanEdit"], false);
        organiser.runs(&by_id("webinarPublish"), &json!({ "id": webinar })).await;
        assert_eq!(seen(&app.visitor(), &webinar).await["state"], "PUBLISHED");
    })
    .await;
}

#[tokio::test]
async fn a_webinar_for_the_invited_does_not_exist_for_others() {
    with_app(async |app| {
        let (organiser, guest, other) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        let webinar = published(&organiser, "INVITED").await;
        let list = "{ webinars { nodes { id } } }";
        for stranger in [&guest, &other, &app.visitor()] {
            assert!(seen(stranger, &webinar).await.is_null());
            assert_eq!(stranger.runs(list, &json!({})).await["webinars"]["nodes"], json!([]));
        }
        let of = "query($id: ID!) { webinar(id: $id) { series { id } } }";
        let series = organiser.runs(of, &json!({ "id": webinar })).await["webinar"]["series"].clone();
        lets_in(&organiser, &id(&series), &guest, "MEMBER").await;
        assert_eq!(seen(&guest, &webinar).await["state"], "PUBLISHED", "who sees a series by name sees its webinars");
        assert_eq!(
            guest.runs(SERIES, &json!({ "id": series["id"] })).await["webinarSeries"]["webinars"]["nodes"][0]["id"],
            webinar
        );
        assert!(other.runs(SERIES, &json!({ "id": series["id"] })).await["webinarSeries"].is_null());
    })
    .await;
}

#[tokio::test]
async fn who_registered_keeps_seeing_a_webinar_whose_mark_was_narrowed() {
    with_app(async |app| {
        let (organiser, person) = (organiser(app).await, app.practitioner().await);
        let webinar = published(&organiser, "MEMBERS").await;
        register(&person, &webinar).await;
        super::update(&organiser, &webinar, json!({ "visibility": "INVITED" })).await;
        assert_eq!(seen(&person, &webinar).await["viewerRegistration"]["state"], "REGISTERED");
        assert!(seen(&app.practitioner().await, &webinar).await.is_null());
    })
    .await;
}

#[tokio::test]
async fn texts_come_in_the_readers_language_and_say_so() {
    with_app(async |app| {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "PUBLIC").await;
        let set =
            "mutation($id: ID!, $input: WebinarTextInput!) { webinarTextSet(id: $id, input: $input) { userErrors { code } } }";
        let arabic = json!({ "language": "ar", "title": "التحفظات" });
        organiser.runs(set, &json!({ "id": webinar, "input": arabic })).await;
        let text = "query($id: ID!) { webinar(id: $id) { text { title language direction isOriginal isOutdated } } }";
        let read = app.visitor().accepting("ar").runs(text, &json!({ "id": webinar })).await["webinar"]["text"].clone();
        assert_eq!(read["title"], "التحفظات");
        assert_eq!((&read["direction"], &read["isOriginal"]), (&json!("RTL"), &json!(false)));
        let english = json!({ "language": "en", "title": "Reservations and declarations" });
        organiser.runs(set, &json!({ "id": webinar, "input": english })).await;
        let read = app.visitor().accepting("ar").runs(text, &json!({ "id": webinar })).await["webinar"]["text"].clone();
        assert_eq!(read["isOutdated"], true);
    })
    .await;
}
