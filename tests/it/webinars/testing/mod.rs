//! The pre-test and the post-test of a webinar: writing them, sitting them in their time, and what is told of them when.

mod counting;
mod preparing;
mod seeing;
mod sharing;
mod sitting;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{id, organiser, published, register};
use crate::{
    app::{Client, TestApp, key},
    quizzes::{QUESTION_CREATE, SAVE, SUBMIT},
};

const CREATE: &str = "mutation($input: WebinarTestCreateInput!) { webinarTestCreate(input: $input) {
    webinar { preTest { quiz { id } } postTest { quiz { id } } } userErrors { code field } } }";
const PUBLISH: &str = "mutation($id: ID!, $kind: WebinarTestKind!) { webinarTestPublish(webinarId: $id, kind: $kind) {
    webinar { preTest { isPublished } postTest { isPublished } } userErrors { code field } } }";
const REMOVE: &str = "mutation($id: ID!, $kind: WebinarTestKind!) { webinarTestRemove(webinarId: $id, kind: $kind) {
    webinar { preTest { kind } postTest { kind } } userErrors { code field } } }";
const START: &str = "mutation($id: ID!, $kind: WebinarTestKind!, $key: UUID!) {
    webinarTestStart(webinarId: $id, kind: $kind, key: $key) { attempt { id number state deadlineAt webinar { id } lesson { id }
        questions { questionId text { choices { id text } } } } userErrors { code field message } } }";
const TESTS: &str = "query($id: ID!) { webinar(id: $id) { startsAt endsAt preTest { ...Test } postTest { ...Test } } }
    fragment Test on WebinarTest { kind isPublished opensAt closesAt viewerCanStart viewerAttempt { id scorePercent isPassed }
        quiz { id title questionCount viewerCanEdit viewerAttempts { id } attempts { nodes { id } } questions { id } } }";

/// A published webinar of a new organiser, in two days, that members see.
struct Tested<'a> {
    app: &'a TestApp,
    organiser: Client<'a>,
    webinar: String,
}

impl<'a> Tested<'a> {
    async fn new(app: &'a TestApp) -> Self {
        let organiser = organiser(app).await;
        let webinar = published(&organiser, "MEMBERS").await;
        Self { app, organiser, webinar }
    }

    /// With a published test of each kind that asks two questions; the post-test may be taken twice.
    async fn with_both(app: &'a TestApp) -> Self {
        let tested = Self::new(app).await;
        let pre_test = tested.gives("PRE", json!(null)).await;
        tested.asks(&pre_test, 2).await;
        let post_test = tested.gives("POST", json!(pre_test)).await;
        tested.rules(&post_test, json!({ "attemptLimit": 2 })).await;
        for kind in ["PRE", "POST"] {
            tested.publishes(kind).await;
        }
        tested
    }

    /// Makes a test; its quiz.
    async fn gives(&self, kind: &str, copy_of: Value) -> String {
        let input = json!({ "key": key(), "webinarId": self.webinar, "kind": kind, "copyOf": copy_of });
        let made = self.organiser.runs(CREATE, &json!({ "input": input })).await["webinarTestCreate"]["webinar"].clone();
        id(&made[field(kind)]["quiz"])
    }

    /// Adds questions whose first choice is right.
    async fn asks(&self, quiz: &str, count: usize) {
        for number in 0..count {
            let text = json!({ "language": "en", "prompt": format!("Question {number}?"), "choices": ["Right", "Wrong"],
                "explanation": "Because." });
            let input = json!({ "key": key(), "quizId": quiz, "kind": "TRUE_FALSE", "correctChoices": [0], "text": text });
            self.organiser.runs(QUESTION_CREATE, &json!({ "input": input })).await;
        }
    }

    async fn rules(&self, quiz: &str, rules: Value) {
        let update = "mutation($id: ID!, $input: QuizUpdateInput!) { quizUpdate(id: $id, input: $input) {
            userErrors { code } } }";
        self.organiser.runs(update, &json!({ "id": quiz, "input": rules })).await;
    }

    async fn publishes(&self, kind: &str) {
        self.organiser.runs(PUBLISH, &self.of(kind)).await;
    }

    fn of(&self, kind: &str) -> Value {
        json!({ "id": self.webinar, "kind": kind })
    }

    fn starting(&self, kind: &str) -> Value {
        json!({ "id": self.webinar, "kind": kind, "key": key() })
    }

    /// Somebody with a seat.
    async fn registrant(&self) -> Client<'a> {
        let person = self.app.practitioner().await;
        register(&person, &self.webinar).await;
        person
    }

    /// Starts an attempt, or goes on with the one under way.
    async fn starts(&self, person: &Client<'_>, kind: &str) -> Value {
        person.runs(START, &self.starting(kind)).await["webinarTestStart"]["attempt"].clone()
    }

    /// Why no attempt starts.
    async fn refuses(&self, person: &Client<'_>, kind: &str) -> Vec<String> {
        person.problems(START, &self.starting(kind)).await
    }

    /// Makes a whole attempt with so many answers right.
    async fn sits(&self, person: &Client<'_>, kind: &str, right: usize) -> Value {
        let attempt = self.starts(person, kind).await;
        answers(person, &attempt, right).await;
        hands_in(person, &attempt).await
    }

    /// What a viewer sees of the tests.
    async fn seen(&self, viewer: &Client<'_>) -> Value {
        viewer.runs(TESTS, &json!({ "id": self.webinar })).await["webinar"].clone()
    }

    /// Moves the clock to so many seconds after the start, or the end, as they are planned.
    async fn goes_to(&self, instant: &str, seconds: i64) {
        let seen = self.seen(&self.organiser.again().await).await;
        let planned: DateTime<Utc> = seen[instant].as_str().expect("an instant").parse().expect("an instant");
        self.app.clock.advance(planned + Duration::seconds(seconds) - self.app.clock.now());
    }
}

/// The field of a webinar that holds its test.
fn field(kind: &str) -> &'static str {
    if kind == "PRE" { "preTest" } else { "postTest" }
}

/// Answers all questions of an attempt, so many of them right.
async fn answers(person: &Client<'_>, attempt: &Value, right: usize) {
    for (number, question) in attempt["questions"].as_array().into_iter().flatten().enumerate() {
        let wanted = if number < right { "Right" } else { "Wrong" };
        let choices = question["text"]["choices"].as_array().into_iter().flatten();
        let chosen: Vec<_> = choices.filter(|choice| choice["text"] == wanted).map(|choice| choice["id"].clone()).collect();
        let input =
            json!({ "attemptId": attempt["id"], "questionId": question["questionId"], "chosenIds": chosen, "sequence": 1 });
        person.runs(SAVE, &json!({ "input": input })).await;
    }
}

async fn hands_in(person: &Client<'_>, attempt: &Value) -> Value {
    person.runs(SUBMIT, &json!({ "id": attempt["id"] })).await["quizAttemptSubmit"]["attempt"].clone()
}
