//! When what is right in a pre-test is told: a post-test usually asks the same.

use serde_json::{Value, json};

use super::{REMOVE, START, Tested, hands_in};
use crate::{
    app::{Client, with_app},
    webinars::{REGISTRATION_CANCEL, register},
};

/// All ways to what is right in an attempt.
const ALL_WAYS: &str = "query($id: ID!, $quiz: ID!, $webinar: ID!) {
    quizAttempt(id: $id) { ...Told } node(id: $id) { ...Told } nodes(ids: [$id]) { ...Told }
    quiz(id: $quiz) { viewerAttempts { ...Told } viewerBestAttempt { ...Told } }
    webinar(id: $webinar) { preTest { viewerAttempt { ...Told } quiz { viewerAttempts { ...Told } } } } }
    fragment Told on QuizAttempt { scorePercent questions { isCorrect earnedPoints correctChoiceIds
        text { explanation explanationHtml } } }";

/// Every value of a field in an answer.
fn every<'v>(value: &'v Value, field: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get(field));
            fields.values().for_each(|value| every(value, field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| every(item, field, found)),
        _ => {}
    }
}

/// Whether results and key of an attempt at the pre-test are told; by every way alike.
async fn told(tested: &Tested<'_>, person: &Client<'_>, attempt: &Value) -> (bool, bool) {
    let quiz = "query($id: ID!) { quizAttempt(id: $id) { quiz { id } } }";
    let quiz = person.runs(quiz, &json!({ "id": attempt["id"] })).await["quizAttempt"]["quiz"]["id"].clone();
    let answer = person.runs(ALL_WAYS, &json!({ "id": attempt["id"], "quiz": quiz, "webinar": tested.webinar })).await;
    let tells = |field: &str| {
        let mut found = Vec::new();
        every(&answer, field, &mut found);
        let told = found.iter().filter(|value| !value.is_null()).count();
        assert!(told == 0 || told == found.len(), "{field} is told by some ways: {answer:#}");
        assert!(found.len() >= 12, "all ways lead there: {answer:#}");
        told > 0
    };
    let mut scores = Vec::new();
    every(&answer, "scorePercent", &mut scores);
    assert!(scores.iter().all(|score| !score.is_null()), "the score is always told");
    let (results, key) = (tells("isCorrect"), tells("correctChoiceIds"));
    assert_eq!((tells("earnedPoints"), tells("explanation"), tells("explanationHtml")), (results, key, key));
    (results, key)
}

const NOTHING: (bool, bool) = (false, false);
const RESULTS: (bool, bool) = (true, false);
const ALL: (bool, bool) = (true, true);

#[tokio::test]
async fn what_is_right_in_a_pre_test_is_told_as_far_as_it_is_of_the_post_test() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let (person, other) = (tested.registrant().await, tested.registrant().await);
        let (attempt, others) = (tested.sits(&person, "PRE", 1).await, tested.sits(&other, "PRE", 2).await);
        assert_eq!(told(&tested, &person, &attempt).await, NOTHING);
        assert_eq!(told(&tested, &other, &others).await, NOTHING, "also to who passed it");
        tested.goes_to("endsAt", 10).await;
        let (person, other) = (person.again().await, other.again().await);
        assert_eq!(told(&tested, &person, &attempt).await, NOTHING, "the post-test is still to come");
        let begun = tested.starts(&person, "POST").await;
        assert_eq!(told(&tested, &person, &attempt).await, NOTHING);
        hands_in(&person, &begun).await;
        assert_eq!(told(&tested, &person, &attempt).await, RESULTS, "an attempt is left, to which the key would help");
        assert_eq!(told(&tested, &other, &others).await, NOTHING, "what one has done tells another nothing");
        let begun = tested.starts(&person, "POST").await;
        assert_eq!(told(&tested, &person, &attempt).await, RESULTS);
        hands_in(&person, &begun).await;
        assert_eq!(told(&tested, &person, &attempt).await, ALL, "none is left");
        tested.sits(&other, "POST", 2).await;
        assert_eq!(told(&tested, &other, &others).await, ALL, "it was passed");
    })
    .await;
}

#[tokio::test]
async fn without_a_post_test_what_is_right_is_told_once_the_webinar_is_over() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        tested.organiser.runs(REMOVE, &tested.of("POST")).await;
        tested.gives("POST", json!(null)).await;
        let person = tested.registrant().await;
        let attempt = tested.sits(&person, "PRE", 2).await;
        tested.goes_to("endsAt", -20).await;
        assert_eq!(told(&tested, &person.again().await, &attempt).await, NOTHING);
        tested.goes_to("endsAt", 0).await;
        assert_eq!(told(&tested, &person.again().await, &attempt).await, ALL, "a draft is no post-test");
    })
    .await;
}

#[tokio::test]
async fn who_cancels_learns_no_more_than_before() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = app.practitioner().await;
        let seat = register(&person, &tested.webinar).await;
        let attempt = tested.sits(&person, "PRE", 2).await;
        person.runs(REGISTRATION_CANCEL, &json!({ "id": seat["id"] })).await;
        assert_eq!(told(&tested, &person, &attempt).await, NOTHING);
        tested.goes_to("endsAt", 10).await;
        let person = person.again().await;
        assert_eq!(person.fails(START, &tested.starting("POST")).await, "FORBIDDEN");
        assert_eq!(told(&tested, &person, &attempt).await, NOTHING);
    })
    .await;
}

#[tokio::test]
async fn of_a_cancelled_webinar_all_is_told_since_no_post_test_comes() {
    with_app(async |app| {
        let tested = Tested::with_both(app).await;
        let person = tested.registrant().await;
        let attempt = tested.sits(&person, "PRE", 1).await;
        let cancel = "mutation($id: ID!) { webinarCancel(id: $id, reason: \"Illness\") { userErrors { code } } }";
        tested.organiser.runs(cancel, &json!({ "id": tested.webinar })).await;
        assert_eq!(told(&tested, &person, &attempt).await, ALL);
    })
    .await;
}
