//! What tests say, in the counts of the webinar.

use chrono::Duration;
use serde_json::json;

use super::Tested;
use crate::{app::with_app, reporting::takes_counts};

#[tokio::test]
async fn who_passed_and_what_was_learnt_is_counted_of_those_who_took_both_tests() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let mut people = Vec::new();
        for _ in 0..12 {
            let person = tested.registrant().await;
            tested.sits(&person, "PRE", 1).await;
            people.push(person);
        }
        app.clock.advance(Duration::days(2) + Duration::minutes(55));
        for person in &people[..7] {
            tested.sits(&person.again().await, "POST", 2).await;
        }
        app.clock.advance(Duration::minutes(6));
        takes_counts(app).await;
        let counts = "query($id: ID!) { webinar(id: $id) { counts { total {
            registered passedPreTest passedPostTest tookBothTests learningGain } } } }";
        let seen = tested.organiser.again().await.runs(counts, &json!({ "id": tested.webinar })).await;
        let wanted = json!({ "registered": 12, "passedPreTest": 0, "passedPostTest": 7, "tookBothTests": 7,
            "learningGain": 50.0 });
        assert_eq!(seen["webinar"]["counts"]["total"], wanted);
    })
    .await;
}
