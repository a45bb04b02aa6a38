//! Starting attempts and saving answers.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    ATTEMPT, Class, OF_EACH_KIND, QUESTION_CREATE, QUIZ_CREATE, SAVE, START, SUBMIT, Sort, audited, question_input, quiz_input,
    save, stage, text, texts,
};
use crate::app::{Client, key, with_app};

/// Ten questions of ten choices: an order of them comes twice in 3,628,800 times.
const TEN: &[Sort] = &[TEN_CHOICES; 10];
const TEN_CHOICES: Sort = ("MULTIPLE_CHOICE", 1, 10, &[0]);

async fn attempt(client: &Client<'_>, id: &Value) -> Value {
    client.runs(ATTEMPT, &json!({ "id": id })).await["quizAttempt"].clone()
}

/// The order of questions, and of the choices of the first.
fn order(attempt: &Value) -> (Vec<String>, Vec<String>) {
    let questions = attempt["questions"].as_array().into_iter().flatten();
    let choices = attempt["questions"][0]["text"]["choices"].as_array().into_iter().flatten();
    (questions.map(|question| text(&question["questionId"])).collect(), choices.map(|choice| text(&choice["id"])).collect())
}

#[tokio::test]
async fn only_those_enrolled_start_an_attempt() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let start = || json!({ "id": class.lesson, "key": key() });
        assert_eq!(app.practitioner().await.fails(START, &start()).await, "FORBIDDEN");
        assert_eq!(class.trainer.fails(START, &start()).await, "FORBIDDEN");
        assert_eq!(app.unvetted().await.fails(START, &start()).await, "NOT_FOUND");
        assert_eq!(app.visitor().fails(START, &start()).await, "UNAUTHENTICATED");
        let draft = "query($id: ID!) { course(id: $id) { draft { modules { lessons { id } } } } }";
        let draft = class.trainer.runs(draft, &json!({ "id": class.course })).await;
        let drafted = json!({ "id": draft["course"]["draft"]["modules"][0]["lessons"][0]["id"], "key": key() });
        assert_eq!(class.trainer.problems(START, &drafted).await, ["WRONG_STATE lessonId"], "a draft");
        assert_eq!(class.learner().await.fails(START, &drafted).await, "NOT_FOUND");
        let nothing = json!({ "id": lyceum::ids::LessonId::new().to_string(), "key": key() });
        assert_eq!(class.learner().await.fails(START, &nothing).await, "NOT_FOUND");
        assert_eq!(class.starts(&class.learner().await).await["number"], 1);
    })
    .await;
}

#[tokio::test]
async fn an_attempt_under_way_is_answered_instead_of_a_new_one() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "attemptLimit": 1 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let again = json!({ "id": class.lesson, "key": key() });
        let first = learner.runs(START, &again).await;
        assert_eq!(learner.runs(START, &again).await, first, "the same key");
        let attempt = class.starts(&learner).await;
        assert_eq!(attempt, first["quizAttemptStart"]["attempt"], "another key");
        assert_eq!((&attempt["state"], &attempt["deadlineAt"]), (&json!("IN_PROGRESS"), &json!(null)));
        assert_eq!(audited(app, &attempt["id"]).await, ["quiz_attempt.started"]);
        let other = Class::new(app, json!({}), OF_EACH_KIND).await;
        let reused = json!({ "id": other.lesson, "key": again["key"] });
        stage::enrol(&learner, &other.course).await;
        assert_eq!(learner.problems(START, &reused).await, ["KEY_REUSED key"]);
    })
    .await;
}

#[tokio::test]
async fn a_quiz_without_a_limit_takes_a_hundred_attempts() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), &OF_EACH_KIND[..1]).await;
        let learner = class.learner().await;
        for number in 1..=100 {
            assert_eq!(class.sits(&learner, 0).await["number"], number);
        }
        assert_eq!(learner.problems(START, &json!({ "id": class.lesson, "key": key() })).await, ["LIMIT_REACHED"]);
        let own = "query($id: ID!) { quiz(id: $id) { attemptLimit viewerAttemptsLeft viewerAttempts { number } } }";
        let seen = learner.runs(own, &json!({ "id": class.quiz })).await["quiz"].clone();
        assert_eq!((&seen["attemptLimit"], &seen["viewerAttemptsLeft"]), (&json!(null), &json!(0)));
        assert_eq!(seen["viewerAttempts"].as_array().map(Vec::len), Some(100));
        class.allows(&learner, 1, 0).await;
        assert_eq!(class.sits(&learner, 0).await["number"], 101);
    })
    .await;
}

#[tokio::test]
async fn where_one_stands_with_many_quizzes_and_attempts_costs_no_more_than_with_one() {
    with_app(async |app| {
        let class = Class::drafted(app, json!({ "attemptLimit": 9 }), OF_EACH_KIND).await;
        let class = class.published().await;
        let learner = class.learner().await;
        class.sits(&learner, 0).await;
        let page = "query($id: ID!) { course(id: $id) { publishedVersion { modules { lessons { quiz { title viewerAttemptsLeft
            viewerAttempts { number lesson { title } questions { chosenIds isCorrect correctChoiceIds } } } } } } } }";
        let its = json!({ "id": class.course });
        let one = learner.costs(page, &its).await;
        for _ in 0..3 {
            let made = class.trainer.runs(QUIZ_CREATE, &json!({ "input": quiz_input(&class.course, &json!({})) })).await;
            let quiz = text(&made["quizCreate"]["quiz"]["id"]);
            class.trainer.runs(QUESTION_CREATE, &json!({ "input": question_input(&quiz, 1, OF_EACH_KIND[0]) })).await;
            stage::lesson(&class.trainer, &class.course, &quiz).await;
        }
        let class = class.published().await;
        class.sits(&learner, 1).await;
        class.sits(&learner, 0).await;
        let seen = learner.runs(page, &its).await["course"]["publishedVersion"]["modules"].clone();
        let quiz = &seen[0]["lessons"][0]["quiz"];
        assert_eq!((&quiz["viewerAttemptsLeft"], &quiz["viewerAttempts"][0]["lesson"]["title"]), (&json!(6), &json!("The end")));
        assert_eq!(seen[3]["lessons"][0]["quiz"]["viewerAttemptsLeft"], json!(null));
        app.run_jobs().await;
        assert_eq!(learner.costs(page, &its).await, one);
    })
    .await;
}

#[tokio::test]
async fn attempts_beyond_the_limit_are_refused() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "attemptLimit": 2 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        assert_eq!(class.sits(&learner, 0).await["number"], 1);
        assert_eq!(class.sits(&learner, 0).await["number"], 2);
        let refused = learner.sends(START, &json!({ "id": class.lesson, "key": key() })).await;
        let error = &refused["data"]["quizAttemptStart"]["userErrors"][0];
        assert_eq!((&error["code"], &error["message"]), (&json!("LIMIT_REACHED"), &json!("You have no attempts left.")));
    })
    .await;
}

#[tokio::test]
async fn parallel_starts_stay_within_the_limit() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "attemptLimit": 1 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let starts = (0..20).map(async |_| class.starts(&learner).await["id"].clone());
        let started = join_all(starts).await;
        assert!(started.iter().all(|id| *id == started[0]), "{started:?}");
        let submitted = learner.runs(SUBMIT, &json!({ "id": started[0] })).await;
        assert_eq!(submitted["quizAttemptSubmit"]["attempt"]["number"], 1);
        let starts = (0..20).map(async |_| learner.problems(START, &json!({ "id": class.lesson, "key": key() })).await);
        assert!(join_all(starts).await.iter().all(|problems| *problems == ["LIMIT_REACHED"]));
    })
    .await;
}

#[tokio::test]
async fn each_attempt_has_its_own_order_and_keeps_it() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "shufflesQuestions": true, "shufflesChoices": true }), TEN).await;
        let (one, other) = (class.learner().await, class.learner().await);
        let (first, second) = (class.starts(&one).await, class.starts(&other).await);
        assert_eq!(order(&first), order(&attempt(&one, &first["id"]).await));
        let ((mut questions, choices), (mut others, _)) = (order(&first), order(&second));
        assert_ne!(questions, others);
        let (_, all) = class.choices.iter().find(|(_, all)| all.contains(&choices[0])).expect("its question");
        assert_ne!(choices, *all);
        questions.sort();
        others.sort();
        assert_eq!(questions, others);
    })
    .await;
}

#[tokio::test]
async fn without_shuffling_questions_come_as_they_were_written() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "shufflesChoices": true }), TEN).await;
        let learner = class.learner().await;
        let attempt = attempt(&learner, &class.starts(&learner).await["id"]).await;
        for (n, question) in (1..).zip(attempt["questions"].as_array().expect("questions")) {
            assert_eq!((&question["number"], &question["text"]["prompt"]), (&json!(n), &json!(format!("Question {n}?"))));
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_saved_last_stands_whatever_arrives_late() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let (question, choices) = (&started["questions"][1], &class.choices[1].1);
        let saves = async |chosen: &[String], sequence: i32| {
            let saved = learner.runs(SAVE, &json!({ "input": save(&started, question, chosen, sequence) })).await;
            texts(&saved["quizResponseSave"]["question"]["chosenIds"])
        };
        let (early, late) = (&choices[..1], &choices[1..3]);
        assert_eq!(saves(late, 7).await, late);
        assert_eq!(saves(early, 6).await, late, "an earlier save that comes later");
        assert_eq!(saves(early, 7).await, late, "the same number");
        assert_eq!(texts(&attempt(&learner, &started["id"]).await["questions"][1]["chosenIds"]), late);
        assert!(saves(&[], 8).await.is_empty(), "an answer is taken back");
        let twice = [choices[0].clone(), choices[0].clone()];
        assert_eq!(saves(&twice, 9).await, early, "a choice counts once");
    })
    .await;
}

#[tokio::test]
async fn an_answer_names_choices_of_its_question() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let (single, multiple) = (&started["questions"][0], &started["questions"][1]);
        let problems = async |question: &Value, chosen: &[String]| {
            learner.problems(SAVE, &json!({ "input": save(&started, question, chosen, 1) })).await
        };
        assert_eq!(problems(single, &class.choices[0].1[..2]).await, ["INVALID input.chosenIds"]);
        assert_eq!(problems(single, &class.choices[1].1[..1]).await, ["NOT_FOUND input.chosenIds"]);
        assert_eq!(problems(&started["questions"][2], &class.choices[2].1).await, ["INVALID input.chosenIds"]);
        let stranger = json!({ "questionId": lyceum::ids::QuestionId::new().to_string() });
        assert_eq!(problems(&stranger, &[]).await, ["NOT_FOUND input.questionId"]);
        learner.runs(SAVE, &json!({ "input": save(&started, multiple, &class.choices[1].1, 1) })).await;
    })
    .await;
}

#[tokio::test]
async fn an_attempt_is_its_persons_own() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let id = json!({ "id": started["id"] });
        let input = json!({ "input": save(&started, &started["questions"][0], &[], 1) });
        for (who, code) in [(class.learner().await, "NOT_FOUND"), (class.trainer.clone(), "FORBIDDEN")] {
            assert_eq!(who.fails(SAVE, &input).await, code);
            assert_eq!(who.fails(SUBMIT, &id).await, code);
        }
        assert_eq!(app.visitor().fails(SAVE, &input).await, "UNAUTHENTICATED");
        assert_eq!(app.visitor().fails(SUBMIT, &id).await, "UNAUTHENTICATED");
        assert_eq!(class.learner().await.runs(ATTEMPT, &id).await["quizAttempt"], json!(null));
        assert_eq!(app.visitor().runs(ATTEMPT, &id).await["quizAttempt"], json!(null));
        let node = "query($id: ID!) { node(id: $id) { id } }";
        assert_eq!(class.learner().await.runs(node, &id).await["node"], json!(null));
        assert_eq!(class.trainer.runs(ATTEMPT, &id).await["quizAttempt"]["user"]["id"], learner.id());
    })
    .await;
}

#[tokio::test]
async fn the_servers_clock_judges_an_answer_by_its_receipt() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "timeLimitSeconds": 60 }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let deadline: chrono::DateTime<chrono::Utc> = text(&started["deadlineAt"]).parse().expect("an instant");
        let viewer = learner.viewer().await;
        let input = |sequence| lyceum::quizzes::saving::QuizResponseSaveInput {
            attempt_id: lyceum::ids::Id::parse(&text(&started["id"])).expect("an id"),
            question_id: lyceum::ids::Id::parse(&text(&started["questions"][0]["questionId"])).expect("an id"),
            chosen_ids: Vec::new(),
            sequence,
        };
        let receive = async |at, sequence| lyceum::quizzes::saving::save(app, &viewer, input(sequence), at).await;
        for sequence in [1, 2] {
            assert!(receive(deadline, sequence).await.is_ok(), "at the deadline");
        }
        for (late, sequence) in [(Duration::microseconds(1), 3), (Duration::milliseconds(1), 4)] {
            let refused = receive(deadline + late, sequence).await.expect_err("late");
            assert!(matches!(refused, lyceum::error::Error::Invalid(problems)
                if problems[0].code == lyceum::error::UserErrorCode::TooLate));
        }

        app.clock.advance(Duration::seconds(61));
        let input = json!({ "input": save(&started, &started["questions"][0], &[], 2) });
        assert_eq!(learner.problems(SAVE, &input).await, ["TOO_LATE"]);
        app.run_jobs().await;
        assert_eq!(learner.problems(SAVE, &input).await, ["TOO_LATE"], "handed in by the server");
    })
    .await;
}

#[tokio::test]
async fn once_an_attempt_is_known_an_answer_is_saved_with_one_statement() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let question = &started["questions"][0];
        let saves = async |sequence| {
            learner.viewer().await;
            let before = app.db.statements();
            learner.viewer().await;
            let known = app.db.statements();
            learner.runs(SAVE, &json!({ "input": save(&started, question, &class.right(question), sequence) })).await;
            (app.db.statements() - known) - (known - before)
        };
        saves(1).await;
        assert_eq!(saves(2).await, 1);
        assert!(saves(1).await > 1, "why nothing was saved is found out");
        let page = "query($id: ID!) { quizAttempt(id: $id) { state questions { number chosenIds text { prompt } } } }";
        assert_eq!(learner.costs(page, &json!({ "id": started["id"] })).await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_attempt_is_shown_page_by_page_on_a_weak_link() {
    with_app(async |app| {
        let class = Class::new(app, json!({ "shufflesQuestions": true }), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let page = "query($id: ID!, $first: Int, $after: Int!) { quizAttempt(id: $id) {
            questions(first: $first, afterNumber: $after) { questionId number } } }";
        let ids = |questions: &Value| -> Vec<Value> {
            questions.as_array().into_iter().flatten().map(|question| question["questionId"].clone()).collect()
        };
        let asks = async |first: Value, after: i32| {
            let its = json!({ "id": started["id"], "first": first, "after": after });
            learner.runs(page, &its).await["quizAttempt"]["questions"].clone()
        };
        let all = ids(&started["questions"]);
        assert_eq!(asks(json!(2), 1).await[0]["number"], 2);
        for (first, after, expected) in
            [(json!(2), 0, &all[..2]), (json!(2), 2, &all[2..]), (Value::Null, 1, &all[1..]), (json!(9), 9, &[])]
        {
            assert_eq!(ids(&asks(first.clone(), after).await), expected, "{first} after {after}");
        }
        for (first, after) in [(0, 0), (101, 0), (-1, 0), (1, -1)] {
            let its = json!({ "id": started["id"], "first": first, "after": after });
            assert_eq!(learner.fails(page, &its).await, "BAD_USER_INPUT", "{first} after {after}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_attempt_keeps_the_version_it_began_with() {
    with_app(async |app| {
        let mut class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let old_lesson = class.lesson.clone();
        class.ask(4, OF_EACH_KIND[0]).await;
        let class = class.published().await;
        assert_eq!(order(&attempt(&learner, &started["id"]).await), order(&started));
        assert_eq!(class.hands_in(&learner, &started, 0).await["maxPoints"], 6);
        let anew = learner.runs(START, &json!({ "id": old_lesson, "key": key() })).await;
        let questions = &anew["quizAttemptStart"]["attempt"]["questions"];
        assert_eq!(questions.as_array().map(Vec::len), Some(4), "the page of an older version starts what is taught now");
    })
    .await;
}

#[tokio::test]
async fn a_reader_gets_the_questions_in_their_language() {
    with_app(async |app| {
        let mut class = Class::drafted(app, json!({}), &[]).await;
        let id = class.ask(1, OF_EACH_KIND[0]).await;
        let set = "mutation($id: ID!, $input: QuestionTextInput!) {
            questionTextSet(id: $id, input: $input) { userErrors { code } } }";
        let arabic = json!({ "language": "ar", "prompt": "ما المعاهدة؟", "choices": ["أ", "ب", "ج", "د"] });
        class.trainer.runs(set, &json!({ "id": id, "input": arabic })).await;
        let class = class.published().await;
        let learner = class.learner().await;
        let started = class.starts(&learner).await;
        let document = "query($id: ID!, $language: Language) { quizAttempt(id: $id) { questions {
            text(language: $language) { prompt language direction isOriginal choices { text } } } } }";
        let read = async |language: Value| {
            let read = learner.runs(document, &json!({ "id": started["id"], "language": language })).await;
            read["quizAttempt"]["questions"][0]["text"].clone()
        };
        let text = read(json!("ar")).await;
        assert_eq!((&text["prompt"], &text["direction"]), (&json!("ما المعاهدة؟"), &json!("RTL")));
        assert_eq!(text["choices"][1]["text"], "ب");
        let text = read(json!("ru")).await;
        assert_eq!((&text["language"], &text["isOriginal"]), (&json!("en"), &json!(true)));
    })
    .await;
}
