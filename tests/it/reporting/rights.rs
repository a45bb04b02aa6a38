//! Who sees counts.

use chrono::Duration;
use serde_json::{Value, json};

use super::{Run, takes_counts};
use crate::{
    app::with_app,
    http_client::Server,
    webinars::{lets_in, organiser, with_input},
};

const FILE: &str = "file(format: CSV) { url }";

/// The path of an address of ours.
pub fn path(url: &Value, public_url: &str) -> String {
    url.as_str().and_then(|url| url.strip_prefix(public_url)).expect("an address of ours").to_owned()
}

#[tokio::test]
async fn organisers_see_the_counts_of_their_own_series_only() {
    with_app(async |app| {
        let mut run = Run::of(app, 6).await;
        let first = run.webinars[0].clone();
        let (other, speaker, staff) = (organiser(app).await, app.practitioner().await, app.practitioner().await);
        lets_in(&run.organiser, &first, &speaker, "SPEAKER").await;
        lets_in(&run.organiser, &first, &staff, "STAFF").await;
        run.ends().await;
        takes_counts(app).await;
        let registrant = run.people[0].again().await;
        for viewer in [other.again().await, speaker.again().await, registrant, app.practitioner().await, app.visitor()] {
            let series = "query($id: ID!) { webinarSeries(id: $id) { counts { takenAt } } }";
            let seen = viewer.runs(series, &json!({ "id": run.series })).await["webinarSeries"]["counts"].clone();
            assert_eq!(seen, Value::Null);
            let webinar = "query($id: ID!) { webinar(id: $id) { counts { takenAt } } }";
            assert_eq!(viewer.runs(webinar, &json!({ "id": first })).await["webinar"]["counts"], Value::Null);
        }
        let staff = staff.again().await;
        assert_eq!(run.counts(&staff, "takenAt").await, Value::Null, "who runs one webinar sees that one");
        assert_eq!(run.counts_of(&staff, &first, "total { registered }").await["total"]["registered"], 12);
        assert_eq!(run.counts_of(&staff, &run.webinars[1], "takenAt").await, Value::Null);
        assert_eq!(run.counts(&app.administrator().await, "webinarCount").await["webinarCount"], 2);
    })
    .await;
}

#[tokio::test]
async fn the_address_of_a_file_ends_with_time_session_and_rights() {
    with_app(async |app| {
        let mut run = Run::of(app, 6).await;
        let staff = app.practitioner().await;
        lets_in(&run.organiser, &run.series, &staff, "STAFF").await;
        run.ends().await;
        takes_counts(app).await;
        let (server, staff) = (Server::start(app).await, staff.again().await);
        let fetched = async |url: &Value| server.gets(&path(url, &app.config.public_url), &[]).await;
        let url = run.counts(&staff, FILE).await["file"]["url"].clone();
        let of_organiser = run.counts(&run.organiser, FILE).await["file"]["url"].clone();
        let file = fetched(&url).await;
        assert_eq!((file.status, file.header("cache-control")), (200, Some("private, no-store")));
        let forged = json!(url.as_str().expect("an address").replace("/reports/", "/reports/A"));
        assert_eq!(fetched(&forged).await.refusal(), "403 FORBIDDEN");

        let input = json!({ "input": { "subjectId": run.series, "email": staff.email } });
        run.organiser.runs(&with_input("accessRevoke", "AccessRevokeInput"), &input).await;
        assert_eq!(fetched(&url).await.refusal(), "404 NOT_FOUND", "no longer of the staff");
        assert_eq!(fetched(&of_organiser).await.status, 200);
        run.organiser.runs("mutation { sessionEnd { userErrors { code } } }", &json!({})).await;
        assert_eq!(fetched(&of_organiser).await.refusal(), "404 NOT_FOUND", "signed out");

        let organiser = run.organiser.again().await;
        let url = run.counts(&organiser, FILE).await["file"]["url"].clone();
        app.clock.advance(Duration::minutes(5));
        assert_eq!(fetched(&url).await.refusal(), "403 FORBIDDEN");
    })
    .await;
}
