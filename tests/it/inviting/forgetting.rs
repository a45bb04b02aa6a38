//! Forgetting who was named or invited.

use chrono::Duration;
use lyceum::{accounts::access, webinars::inviting::forgetting::Forget};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{Run, SEND, letters_to};
use crate::{
    app::{Client, key, with_app},
    webinars::comes_round,
};

const FORGET: &str = "mutation($id: ID!) { nomineeForget(id: $id) { webinar { id } userErrors { code field } } }";

/// Nominees and how many there are of each gender, as the organiser sees them.
async fn named(organiser: &Client<'_>, webinar: &str) -> Value {
    let page = "query($id: ID!) { webinar(id: $id) { inviting { nominees { nodes { fullName function email gender country } }
        nomineeBalance { all { count } } invitations { nodes { name deliveries { email } } } } } }";
    organiser.runs(page, &json!({ "id": webinar })).await["webinar"]["inviting"].clone()
}

#[tokio::test]
async fn a_nominee_who_asks_for_it_is_forgotten_and_still_counted() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        let ids = run.nominees(&list, &["awa@example.org", "olu@example.org"]).await;
        run.decides(&ids[..1], "ACCEPT").await;
        assert_eq!(run.organiser.problems(FORGET, &json!({ "id": ids[0] })).await, ["WRONG_STATE id"]);
        run.organiser.runs(FORGET, &json!({ "id": ids[1] })).await;
        run.organiser.runs(FORGET, &json!({ "id": ids[1] })).await;
        let seen = named(&run.organiser, &run.webinar).await;
        let gone = json!({ "fullName": "", "function": "", "email": "", "gender": "FEMALE", "country": "KE" });
        assert_eq!(seen["nominees"]["nodes"][1], gone);
        assert_eq!(
            (&seen["nominees"]["nodes"][0]["email"], &seen["nomineeBalance"]["all"]["count"]),
            (&json!("awa@example.org"), &json!(2))
        );
        assert_eq!(app.practitioner().await.fails(FORGET, &json!({ "id": ids[1] })).await, "NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn a_year_after_a_webinar_nobody_who_was_named_or_invited_is_remembered() {
    with_app(async |app| {
        let run = Run::new(app).await;
        let list = run.list("Mission", "mission@example.org", 5).await;
        run.nominees(&list, &["awa@example.org"]).await;
        let people = json!([{ "name": "Olu Apẹẹrẹ", "email": "olu@example.org", "language": "en" }]);
        let input = json!({ "key": key(), "webinarId": run.webinar, "people": people });
        run.organiser.runs(SEND, &json!({ "input": input })).await;
        assert_eq!(letters_to(app, "olu@example.org").await.len(), 1);
        comes_round(app, &Forget {}).await;
        assert_eq!(named(&run.organiser, &run.webinar).await["nominees"]["nodes"][0]["email"], "awa@example.org");
        app.clock.advance(Duration::days(2 + 366));
        comes_round(app, &Forget {}).await;
        let organiser = run.organiser.again().await;
        let seen = named(&organiser, &run.webinar).await;
        assert_eq!((&seen["nominees"]["nodes"][0]["email"], &seen["nomineeBalance"]["all"]["count"]), (&json!(""), &json!(1)));
        let invited = seen["invitations"]["nodes"].to_string();
        assert!(!invited.contains("olu") && invited.contains("Mission"), "offices stay: {invited}");
        let rights = access::Entity::find().filter(access::Column::EmailKey.eq("olu@example.org"));
        assert!(rights.one(app.db.read()).await.expect("rights").is_none(), "nor does the address stay with a right");
    })
    .await;
}
