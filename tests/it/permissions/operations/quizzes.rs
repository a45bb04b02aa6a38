//! Quizzes and attempts at them.

use serde_json::json;

use super::{ENROLLED, LEARNER, Row, SEE, SEE_OF_LEARNER, STAFF, STAFF_IN_SECRET, World, by_id, row, updating, with_input};
use crate::permissions::outcomes::KEY;

pub fn rows(w: &World) -> Vec<Row> {
    [changing(w), attempting(w)].into_iter().flatten().collect()
}

fn changing(w: &World) -> Vec<Row> {
    let (quiz, question) = (&w["quiz"], &w["question"]);
    let text = json!({ "language": "en", "title": "Taken over" });
    let asks = json!({ "language": "en", "prompt": "True?", "choices": ["Yes", "No"] });
    let new = json!({ "key": KEY, "quizId": quiz, "kind": "TRUE_FALSE", "correctChoices": [0], "text": asks });
    vec![
        by_id("quiz", quiz, SEE),
        with_input("quizCreate", json!({ "key": KEY, "courseId": w["course"], "text": text }), STAFF),
        updating("quizUpdate", quiz, json!({ "passMarkPercent": 1 }), STAFF),
        updating("quizTextSet", quiz, text, STAFF),
        row("quizTextRemove", json!({ "id": quiz, "language": "fr" }), STAFF),
        with_input("questionCreate", new, STAFF),
        updating("questionUpdate", question, json!({ "points": 2 }), STAFF_IN_SECRET),
        updating("questionTextSet", question, asks, STAFF_IN_SECRET),
        row("questionTextRemove", json!({ "id": question, "language": "fr" }), STAFF_IN_SECRET),
        row("questionsReorder", json!({ "quizId": quiz, "questionIds": [question, w["other question"]] }), STAFF),
        by_id("questionRemove", question, STAFF_IN_SECRET),
    ]
}

fn attempting(w: &World) -> Vec<Row> {
    let more = json!({ "key": KEY, "quizId": w["quiz"], "userId": w["@learner"], "extraAttempts": 1, "reason": "A power cut" });
    let answer = json!({ "attemptId": w["attempt"], "questionId": w["attempt's question"], "sequence": 2,
        "chosenIds": [w["attempt's choice"]] });
    vec![
        by_id("quizAttempt", &w["attempt"], SEE_OF_LEARNER),
        row("quizAttemptStart", json!({ "key": KEY, "lessonId": w["quiz lesson"] }), ENROLLED),
        with_input("quizResponseSave", answer, LEARNER),
        by_id("quizAttemptSubmit", &w["attempt"], LEARNER),
        with_input("quizAllowanceGrant", more, STAFF),
    ]
}
