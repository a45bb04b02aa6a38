//! Attempts, while the server's clock is put right.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{ATTEMPT, Class, OF_EACH_KIND, SAVE, SUBMIT, audited, save, text};
use crate::app::{Client, with_app};

async fn attempt(client: &Client<'_>, id: &Value) -> Value {
    client.runs(ATTEMPT, &json!({ "id": id })).await["quizAttempt"].clone()
}

/// Answers the first question of an attempt right.
async fn answers(class: &Class<'_>, learner: &Client<'_>, attempt: &Value) {
    let right = class.right(&attempt["questions"][0]);
    learner.runs(SAVE, &json!({ "input": save(attempt, &attempt["questions"][0], &right, 1) })).await;
}

#[tokio::test]
async fn an_attempt_keeps_its_deadline_when_the_clock_goes_back_and_ends_once_when_it_comes() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "timeLimitSeconds": 60 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        app.clock.advance(Duration::minutes(-10));
        app.run_jobs().await;
        answers(&class, &learner, &started).await;
        let seen = attempt(&learner, &started["id"]).await;
        assert_eq!((&seen["state"], &seen["deadlineAt"]), (&json!("IN_PROGRESS"), &started["deadlineAt"]));
        assert_eq!(class.starts(&learner).await["id"], started["id"], "it is still under way");

        app.clock.advance(Duration::minutes(10) + Duration::seconds(61));
        app.run_jobs().await;
        let seen = attempt(&learner, &started["id"]).await;
        assert_eq!((&seen["state"], &seen["submittedAt"]), (&json!("TIMED_OUT"), &started["deadlineAt"]));
        assert_eq!(seen["questions"][0]["chosenIds"].as_array().map(Vec::is_empty), Some(false), "what was saved counts");
        assert_eq!(audited(app, &started["id"]).await, ["quiz_attempt.timed_out", "quiz_attempt.started"]);
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_a_leap_of_the_clock_has_ended_is_kept_and_the_next_one_has_its_whole_time() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "timeLimitSeconds": 60 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        answers(&class, &learner, &started).await;
        app.clock.advance(Duration::days(365));
        app.run_jobs().await;
        let seen = attempt(&learner.again().await, &started["id"]).await;
        assert_eq!((&seen["state"], &seen["submittedAt"]), (&json!("TIMED_OUT"), &started["deadlineAt"]));

        app.clock.advance(Duration::days(-365));
        app.run_jobs().await;
        assert_eq!(attempt(&learner, &started["id"]).await["scorePoints"], seen["scorePoints"]);
        let submitted = learner.runs(SUBMIT, &json!({ "id": started["id"] })).await;
        assert_eq!(submitted["quizAttemptSubmit"]["attempt"]["state"], "TIMED_OUT");
        let next = class.starts(&learner).await;
        let deadline: DateTime<Utc> = text(&next["deadlineAt"]).parse().expect("an instant");
        let left = deadline - app.clock.now();
        assert!(left > Duration::seconds(30) && left <= Duration::seconds(60), "{left}");
        app.clock.advance(Duration::minutes(2));
        app.run_jobs().await;
        assert_eq!(attempt(&learner, &next["id"]).await["state"], "TIMED_OUT");
    })
    .await;
}
