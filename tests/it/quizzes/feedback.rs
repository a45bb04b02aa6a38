//! What leaves the server, to whom and when: right answers never before feedback is due.

use serde_json::{Value, json};

use super::{ATTEMPT, Class, OF_EACH_KIND, SAVE, START, SUBMIT, save, text};
use crate::app::{Client, key, with_app};

/// Asks a quiz for all that a key could come out of.
const EVERYTHING: &str = "query($id: ID!) { quiz(id: $id) { questions { id correctChoiceIds text { explanation } }
    attempts { nodes { id } } translations { title } viewerAttempts { questions { isCorrect earnedPoints correctChoiceIds
        text { explanation explanationHtml } } } viewerBestAttempt { questions { correctChoiceIds text { explanation } } } } }";

/// Whether an answer of the server tells what is right: an explanation, or a list of right choices.
fn tells(answer: &Value) -> bool {
    match answer {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            let is_secret = matches!(name.as_str(), "correctChoiceIds" | "explanation" | "explanationHtml");
            is_secret && !value.is_null() || tells(value)
        }),
        Value::Array(values) => values.iter().any(tells),
        Value::String(text) => text.contains("Because "),
        _ => false,
    }
}

/// Asks for the right answers on every path that there is; whether any told them.
async fn learns(learner: &Client<'_>, class: &Class<'_>, attempt: &Value) -> bool {
    let node = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Question { correctChoiceIds text { explanation } }
        ... on QuizAttempt { questions { correctChoiceIds text { explanation } } } } }";
    let questions = attempt["questions"].as_array().into_iter().flatten().map(|question| question["questionId"].clone());
    let ids: Vec<_> = questions.chain([attempt["id"].clone(), json!(class.quiz)]).collect();
    let answers = [
        learner.sends(EVERYTHING, &json!({ "id": class.quiz })).await,
        learner.sends(ATTEMPT, &json!({ "id": attempt["id"] })).await,
        learner.sends(node, &json!({ "ids": ids })).await,
    ];
    answers.iter().any(tells)
}

#[tokio::test]
async fn right_answers_stay_hidden_until_nothing_can_be_gained_by_them() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "attemptLimit": 2 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let first = class.starts(&learner).await;
        assert!(!tells(&first) && !learns(&learner, &class, &first).await, "under way");
        for (question, wrong) in
            [(&first["questions"][0], &class.choices[0].1[0]), (&first["questions"][2], &class.choices[2].0[0])]
        {
            let saved = learner.runs(SAVE, &json!({ "input": save(&first, question, std::slice::from_ref(wrong), 1) })).await;
            assert!(!tells(&saved));
            assert_eq!(saved["quizResponseSave"]["question"]["isCorrect"], json!(null), "a right one looks like a wrong one");
        }
        assert_eq!(class.hands_in(&learner, &first, 0).await["isPassed"], false);
        assert!(!learns(&learner, &class, &first).await, "failed, with an attempt left");
        let second = class.starts(&learner).await;
        assert!(!learns(&learner, &class, &first).await, "the next under way");
        class.hands_in(&learner, &second, 0).await;
        assert!(learns(&learner, &class, &first).await, "no attempt is left");

        let feedback = learner.runs(ATTEMPT, &json!({ "id": first["id"] })).await["quizAttempt"]["questions"][0].clone();
        assert_eq!(feedback["correctChoiceIds"], json!(class.choices[0].0));
        assert_eq!(feedback["text"]["explanation"], "Because 1.");
        assert_eq!(feedback["text"]["explanationHtml"], "<p dir=\"auto\">Because 1.</p>\n");
        class.allows(&learner, 1, 0).await;
        assert!(!learns(&learner, &class, &first).await, "another attempt was given");
    })
    .await;
}

#[tokio::test]
async fn right_answers_are_in_no_refusal_and_in_no_open_attempt_after_a_new_publication() {
    with_app(async |app| {
        let mut class = Class::new(app, json!({ "attemptLimit": 2 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let open = class.starts(&learner).await;
        let question = &open["questions"][0];
        let (all, elsewhere) = (class.choices[0].1.clone(), class.choices[1].1.clone());
        let refusals = [
            learner.sends(SAVE, &json!({ "input": save(&open, question, &all[..2], 1) })).await,
            learner.sends(SAVE, &json!({ "input": save(&open, question, &elsewhere[..1], 1) })).await,
            learner.sends(SAVE, &json!({ "input": save(&open, question, &["choice_x".to_owned()], 1) })).await,
            learner.sends(super::QUIZ_UPDATE, &json!({ "id": class.quiz, "input": { "attemptLimit": null } })).await,
        ];
        for refusal in &refusals {
            let is_refused = refusal["errors"].is_array() || !refusal["data"]["quizResponseSave"]["userErrors"].is_null();
            assert!(is_refused && !tells(refusal), "{refusal}");
            let said = refusal.to_string();
            assert!(!class.choices[0].0.iter().any(|right| said.contains(right)), "{refusal}");
        }
        class.ask(4, OF_EACH_KIND[0]).await;
        let class = class.published().await;
        app.run_jobs().await;
        assert!(!learns(&learner, &class, &open).await, "a new publication reveals nothing");
        class.hands_in(&learner, &open, 0).await;
        assert!(!learns(&learner, &class, &open).await, "an attempt is left");
    })
    .await;
}

#[tokio::test]
async fn feedback_comes_with_passing_and_ends_the_quiz() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let (learner, other) = (class.learner().await, class.learner().await);
        let (attempt, others) = (class.starts(&learner).await, class.starts(&other).await);
        assert_eq!(class.hands_in(&learner, &attempt, 2).await["isPassed"], true);
        assert!(learns(&learner, &class, &attempt).await);
        assert!(!learns(&other, &class, &others).await, "what one has passed tells another nothing");
        let refused = learner.sends(START, &json!({ "id": class.lesson, "key": key() })).await;
        let error = &refused["data"]["quizAttemptStart"]["userErrors"][0];
        assert_eq!((&error["code"], &error["message"]), (&json!("WRONG_STATE"), &json!("You have passed this quiz already.")));
        let again = json!({ "input": save(&attempt, &attempt["questions"][2], &class.choices[2].0, 99) });
        assert_eq!(learner.problems(SAVE, &again).await, ["WRONG_STATE"], "it is not reopened");
    })
    .await;
}

#[tokio::test]
async fn only_staff_see_questions_and_the_attempts_of_others() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let first = class.sits(&learner, 0).await;
        let second = class.starts(&learner).await;
        for who in [learner.clone(), app.practitioner().await, app.trainer().await] {
            let seen = who.runs(EVERYTHING, &json!({ "id": class.quiz })).await["quiz"].clone();
            assert_eq!((&seen["questions"], &seen["attempts"], &seen["translations"]), (&json!(null), &json!(null), &json!([])));
        }
        for who in [class.trainer.clone(), app.administrator().await] {
            let seen = who.runs(EVERYTHING, &json!({ "id": class.quiz })).await["quiz"].clone();
            assert_eq!(seen["questions"][0]["correctChoiceIds"], json!(class.choices[0].0));
            assert_eq!(seen["attempts"]["nodes"], json!([{ "id": first["id"] }]), "those handed in");
            let seen = who.runs(ATTEMPT, &json!({ "id": second["id"] })).await["quizAttempt"].clone();
            assert_eq!(seen["questions"][0]["text"]["explanation"], "Because 1.");
        }
        assert_eq!(app.visitor().runs(EVERYTHING, &json!({ "id": class.quiz })).await["quiz"], json!(null));
    })
    .await;
}

#[tokio::test]
async fn attempts_are_listed_newest_first() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let mut made = Vec::new();
        for _ in 0..3 {
            made.insert(0, class.sits(&class.learner().await, 1).await["id"].clone());
        }
        let page = "query($id: ID!, $after: String) { quiz(id: $id) { attempts(first: 2, after: $after) {
            nodes { id user { fullName } scorePercent } pageInfo { hasNextPage endCursor } } } }";
        let read = async |after: &Value| {
            class.trainer.runs(page, &json!({ "id": class.quiz, "after": after })).await["quiz"]["attempts"].clone()
        };
        let first = read(&json!(null)).await;
        let ids =
            |page: &Value| page["nodes"].as_array().into_iter().flatten().map(|node| node["id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&first), made[..2]);
        assert_eq!(first["nodes"][0]["scorePercent"], 50.0);
        assert_eq!(ids(&read(&first["pageInfo"]["endCursor"]).await), made[2..]);
    })
    .await;
}

#[tokio::test]
async fn what_is_right_cannot_be_said_by_a_learner() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let attempt = class.starts(&learner).await;
        for field in ["isCorrect", "score", "earnedPoints", "savedAt"] {
            let mut input = save(&attempt, &attempt["questions"][0], &[], 1);
            input[field] = json!(1);
            let answer = learner.sends(SAVE, &json!({ "input": input })).await;
            assert!(text(&answer["errors"][0]["message"]).contains(field), "{answer}");
        }
        assert_eq!(learner.runs(SUBMIT, &json!({ "id": attempt["id"] })).await["quizAttemptSubmit"]["attempt"]["scorePoints"], 0);
    })
    .await;
}
