//! Quizzes: writing them, attempting them, and what leaves the server when.

mod attempting;
mod authoring;
mod clocks;
mod feedback;
mod handing_in;
mod saving_together;

use serde_json::{Value, json};

use crate::app::{Client, TestApp, key};

const QUIZ_CREATE: &str = "mutation($input: QuizCreateInput!) {
    quizCreate(input: $input) { quiz { id } userErrors { code field } } }";
const QUIZ_UPDATE: &str = "mutation($id: ID!, $input: QuizUpdateInput!) {
    quizUpdate(id: $id, input: $input) { quiz { attemptLimit timeLimitSeconds passMarkPercent } userErrors { code field } } }";
pub const QUESTION_CREATE: &str = "mutation($input: QuestionCreateInput!) {
    questionCreate(input: $input) { question { id version position correctChoiceIds text { choices { id text } } }
        userErrors { code field } } }";
const START: &str = "mutation($id: ID!, $key: UUID!) { quizAttemptStart(lessonId: $id, key: $key) {
    attempt { id number state deadlineAt questions { questionId kind text { choices { id text } } } }
    userErrors { code field message } } }";
pub const SAVE: &str = "mutation($input: QuizResponseSaveInput!) { quizResponseSave(input: $input) {
    question { questionId chosenIds savedAt isCorrect correctChoiceIds text { explanation } } userErrors { code field } } }";
pub const SUBMIT: &str = "mutation($id: ID!) { quizAttemptSubmit(id: $id) {
    attempt { id number state submittedAt scorePoints maxPoints scorePercent isPassed } userErrors { code field } } }";
pub const GRANT: &str = "mutation($input: QuizAllowanceGrantInput!) { quizAllowanceGrant(input: $input) {
    allowance { id extraAttempts extraSeconds reason user { id } } userErrors { code field } } }";
pub const ATTEMPT: &str = "query($id: ID!) { quizAttempt(id: $id) { state number startedAt deadlineAt submittedAt serverTime
    scorePoints maxPoints scorePercent isPassed quiz { id } user { id }
    questions { questionId number kind points chosenIds savedAt isCorrect earnedPoints correctChoiceIds
        text { prompt explanation explanationHtml choices { id text } language direction isOriginal isOutdated } } } }";

/// A course with one quiz lesson, and the trainer who made it.
struct Class<'a> {
    app: &'a TestApp,
    trainer: Client<'a>,
    course: String,
    quiz: String,
    /// The quiz lesson in the published version.
    lesson: String,
    /// The right choices of each question in turn, and all of them.
    choices: Vec<(Vec<String>, Vec<String>)>,
}

/// What a question is: its kind, its points, how many choices it has and which are right.
type Sort = (&'static str, i32, usize, &'static [i32]);

/// A question of each kind, of 3, 2 and 1 points.
const OF_EACH_KIND: &[Sort] = &[("SINGLE_CHOICE", 3, 4, &[1]), ("MULTIPLE_CHOICE", 2, 4, &[0, 2]), ("TRUE_FALSE", 1, 2, &[0])];

/// What `quizCreate` wants.
fn quiz_input(course: &str, rules: &Value) -> Value {
    let mut input = json!({ "key": key(), "courseId": course, "text": { "language": "en", "title": "Treaties",
        "instructions": "Take **your** time." } });
    for (name, value) in rules.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    input
}

/// What `questionCreate` wants.
fn question_input(quiz: &str, number: usize, (kind, points, count, correct): Sort) -> Value {
    let choices: Vec<_> = (0..count).map(|choice| format!("Choice {choice} of {number}")).collect();
    json!({ "key": key(), "quizId": quiz, "kind": kind, "points": points, "correctChoices": correct,
        "text": { "language": "en", "prompt": format!("Question {number}?"), "choices": choices,
            "explanation": format!("Because {number}.") } })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

impl<'a> Class<'a> {
    /// A published course of a new trainer, open to all members, whose quiz has these rules and questions.
    async fn new(app: &'a TestApp, rules: Value, questions: &[Sort]) -> Self {
        let class = Self::drafted(app, rules, questions).await;
        class.published().await
    }

    /// As [`Class::new`], before the publication.
    async fn drafted(app: &'a TestApp, rules: Value, questions: &[Sort]) -> Self {
        let trainer = app.trainer().await;
        let course = stage::course(&trainer).await;
        let made = trainer.runs(QUIZ_CREATE, &json!({ "input": quiz_input(&course, &rules) })).await;
        let quiz = text(&made["quizCreate"]["quiz"]["id"]);
        stage::lesson(&trainer, &course, &quiz).await;
        let mut class = Self { app, trainer, course, quiz, lesson: String::new(), choices: Vec::new() };
        for (number, question) in (1..).zip(questions) {
            class.ask(number, *question).await;
        }
        class
    }

    /// Adds a question.
    async fn ask(&mut self, number: usize, sort: Sort) -> String {
        let input = question_input(&self.quiz, number, sort);
        let made = self.trainer.runs(QUESTION_CREATE, &json!({ "input": input })).await;
        let question = &made["questionCreate"]["question"];
        let choices = question["text"]["choices"].as_array().into_iter().flatten();
        let all = choices.map(|choice| text(&choice["id"])).collect();
        self.choices.push((texts(&question["correctChoiceIds"]), all));
        text(&question["id"])
    }

    /// Publishes the course, again.
    async fn published(mut self) -> Self {
        self.lesson = stage::publish(&self.trainer, &self.course).await;
        self
    }

    /// Somebody enrolled in the course.
    async fn learner(&self) -> Client<'a> {
        let learner = self.app.practitioner().await;
        stage::enrol(&learner, &self.course).await;
        learner
    }

    /// Starts an attempt, or goes on with the one under way.
    async fn starts(&self, learner: &Client<'_>) -> Value {
        let started = learner.runs(START, &json!({ "id": self.lesson, "key": key() })).await;
        started["quizAttemptStart"]["attempt"].clone()
    }

    /// Which choices of the question with these choices are right.
    fn right(&self, question: &Value) -> Vec<String> {
        let any = text(&question["text"]["choices"][0]["id"]);
        let found = self.choices.iter().find(|(_, all)| all.contains(&any));
        found.map(|(right, _)| right.clone()).expect("a question of the quiz")
    }

    /// Answers the first `count` questions of an attempt right, then hands it in.
    async fn hands_in(&self, learner: &Client<'_>, attempt: &Value, count: usize) -> Value {
        for question in attempt["questions"].as_array().into_iter().flatten().take(count) {
            let right = self.right(question);
            learner.runs(SAVE, &json!({ "input": save(attempt, question, &right, 1) })).await;
        }
        let submitted = learner.runs(SUBMIT, &json!({ "id": attempt["id"] })).await;
        submitted["quizAttemptSubmit"]["attempt"].clone()
    }

    /// Makes a whole attempt with the first `count` questions right.
    async fn sits(&self, learner: &Client<'_>, count: usize) -> Value {
        let attempt = self.starts(learner).await;
        self.hands_in(learner, &attempt, count).await
    }

    /// Gives a learner more.
    async fn allows(&self, learner: &Client<'_>, attempts: i32, seconds: i32) -> Value {
        let input = json!({ "key": key(), "quizId": self.quiz, "userId": learner.id(), "extraAttempts": attempts,
            "extraSeconds": seconds, "reason": "A power cut." });
        self.trainer.runs(GRANT, &json!({ "input": input })).await["quizAllowanceGrant"]["allowance"].clone()
    }
}

/// What `quizResponseSave` wants.
fn save(attempt: &Value, question: &Value, chosen: &[String], sequence: i32) -> Value {
    json!({ "attemptId": attempt["id"], "questionId": question["questionId"], "chosenIds": chosen, "sequence": sequence })
}

/// Actions of the audit, newest first.
async fn audited(app: &TestApp, subject: &Value) -> Vec<String> {
    let entries = "query($id: ID!) { auditEntries(subjectId: $id) { nodes { action } } }";
    let found = app.administrator().await.runs(entries, &json!({ "id": subject })).await;
    found["auditEntries"]["nodes"].as_array().into_iter().flatten().map(|entry| text(&entry["action"])).collect()
}

/// The course around a quiz.
mod stage {
    use super::*;

    pub async fn course(trainer: &Client<'_>) -> String {
        let create =
            "mutation($input: CourseCreateInput!) { courseCreate(input: $input) { course { id } userErrors { code field } } }";
        let text = json!({ "language": "en", "title": "Joining a treaty" });
        let made = trainer.runs(create, &json!({ "input": { "key": key(), "visibility": "MEMBERS", "text": text } })).await;
        super::text(&made["courseCreate"]["course"]["id"])
    }

    /// A module with one lesson that holds the quiz.
    pub async fn lesson(trainer: &Client<'_>, course: &str, quiz: &str) {
        let module =
            "mutation($input: ModuleCreateInput!) { moduleCreate(input: $input) { module { id } userErrors { code field } } }";
        let text = json!({ "language": "en", "title": "The end" });
        let made = trainer.runs(module, &json!({ "input": { "key": key(), "courseId": course, "text": text } })).await;
        let lesson =
            "mutation($input: LessonCreateInput!) { lessonCreate(input: $input) { lesson { id } userErrors { code field } } }";
        let input = json!({ "key": key(), "moduleId": made["moduleCreate"]["module"]["id"], "kind": "QUIZ", "text": text,
            "content": { "quizId": quiz } });
        trainer.runs(lesson, &json!({ "input": input })).await;
    }

    /// Publishes the course; its quiz lesson.
    pub async fn publish(trainer: &Client<'_>, course: &str) -> String {
        let publish = "mutation($id: ID!) { coursePublish(id: $id) { course { publishedVersion { modules { lessons { id } } } }
            userErrors { code field } } }";
        let published = trainer.runs(publish, &json!({ "id": course })).await;
        super::text(&published["coursePublish"]["course"]["publishedVersion"]["modules"][0]["lessons"][0]["id"])
    }

    pub async fn enrol(learner: &Client<'_>, course: &str) {
        let enrol = "mutation($id: ID!) { courseEnrol(id: $id) { enrolment { id } userErrors { code field } } }";
        learner.runs(enrol, &json!({ "id": course })).await;
    }
}
