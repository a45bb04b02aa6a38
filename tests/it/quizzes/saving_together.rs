//! Answers that many people save at the same time.

use std::time::Duration;

use futures_util::future::join_all;
use lyceum::{
    accounts::user,
    error::Result,
    ids::{Id as _, QuizAttemptId},
    quizzes::attempt,
    transact,
};
use sea_orm::{ActiveModelTrait as _, DbBackend, EntityTrait as _, QuerySelect as _, Set};
use serde_json::{Value, json};
use tokio::{sync::Notify, time::timeout};

use super::{ATTEMPT, Class, OF_EACH_KIND, SAVE, SUBMIT, save, stage, text, texts};
use crate::app::{Client, key, with_app};

/// Starts an attempt, and saves an answer so that the server knows it from then on.
async fn begins(class: &Class<'_>, learner: &Client<'_>) -> Value {
    let started = class.starts(learner).await;
    learner.runs(SAVE, &json!({ "input": save(&started, &started["questions"][0], &[], 1) })).await;
    started
}

/// What stands for the first question.
async fn standing(learner: &Client<'_>, started: &Value) -> Vec<String> {
    let attempt = learner.runs(ATTEMPT, &json!({ "id": started["id"] })).await;
    texts(&attempt["quizAttempt"]["questions"][0]["chosenIds"])
}

#[tokio::test]
async fn what_a_class_saves_at_once_is_saved_for_each_with_few_statements() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learners = join_all((0..12).map(|_| class.learner())).await;
        let attempts = join_all(learners.iter().map(|learner| begins(&class, learner))).await;
        let choices = &class.choices[0].1;
        let chosen = |number: usize| &choices[number % choices.len()..][..1];

        let before = app.db.statements();
        let saves = learners.iter().zip(&attempts).enumerate().map(async |(number, (learner, started))| {
            let input = save(started, &started["questions"][0], chosen(number), 2);
            texts(&learner.runs(SAVE, &json!({ "input": input })).await["quizResponseSave"]["question"]["chosenIds"])
        });
        for (number, saved) in join_all(saves).await.into_iter().enumerate() {
            assert_eq!(saved, chosen(number));
        }
        let statements = app.db.statements() - before;
        assert!(statements < 24, "{statements} statements: one to know each, and one to save each, are 24");
        for (number, (learner, started)) in learners.iter().zip(&attempts).enumerate() {
            assert_eq!(standing(learner, started).await, chosen(number));
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_answers_that_come_at_once_the_later_stands_for_both() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let learner = class.learner().await;
        let started = begins(&class, &learner).await;
        let choices = &class.choices[0].1;
        for sequence in [2, 4, 6] {
            let (early, late) = (&choices[..1], &choices[1..2]);
            let answers = [(early, sequence), (late, sequence + 1), (early, sequence)].map(async |(chosen, sequence)| {
                learner.runs(SAVE, &json!({ "input": save(&started, &started["questions"][0], chosen, sequence) })).await;
            });
            join_all(answers).await;
            assert_eq!(standing(&learner, &started).await, late);
        }
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_comes_too_late_keeps_nobody_elses_back() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let (one, other) = (class.learner().await, class.learner().await);
        let (first, second) = (begins(&class, &one).await, begins(&class, &other).await);
        one.runs(SUBMIT, &json!({ "id": first["id"] })).await;
        let chosen = &class.choices[0].1[..1];
        let input = |started: &Value| json!({ "input": save(started, &started["questions"][0], chosen, 2) });
        let (late, saved) = (input(&first), input(&second));
        let (problems, _) = tokio::join!(one.problems(SAVE, &late), other.runs(SAVE, &saved));
        assert_eq!(problems, ["WRONG_STATE"]);
        assert_eq!(standing(&other, &second).await, chosen);
        assert!(standing(&one, &first).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn whoever_waits_for_an_attempt_that_is_being_handed_in_keeps_nobody_else_waiting() {
    with_app(async |app| {
        if app.db.backend() != DbBackend::Postgres {
            return; // SQLite has one writer at a time.
        }
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let (one, other) = (class.learner().await, class.learner().await);
        let (first, second) = (begins(&class, &one).await, begins(&class, &other).await);
        let chosen = &class.choices[0].1[..1];
        let save = async |learner: &Client<'_>, started: &Value| {
            let input = json!({ "input": save(started, &started["questions"][0], chosen, 2) });
            learner.runs(SAVE, &input).await;
        };
        let (locked, attempt) = (Notify::new(), QuizAttemptId::parse(&text(&first["id"])).expect("an id"));
        let waits = async {
            locked.notified().await;
            save(&one, &first).await;
        };
        let holds = async {
            transact!(app, |tx| {
                let held = attempt::Entity::find_by_id(attempt).lock_exclusive().one(tx).await?;
                assert!(held.is_some());
                locked.notify_one();
                timeout(Duration::from_secs(4), save(&other, &second)).await.expect("it waits for nobody");
                assert!(standing(&one, &first).await.is_empty());
                Ok(())
            })
        };
        let ((), held): ((), Result<()>) = tokio::join!(waits, holds);
        held.expect("a transaction");
        assert_eq!(standing(&one, &first).await, chosen);
        assert_eq!(standing(&other, &second).await, chosen);
    })
    .await;
}

#[tokio::test]
async fn an_answer_is_saved_with_one_statement_for_whoever_sees_the_course_now_and_for_nobody_else() {
    with_app(async |app| {
        let class = Class::new(app, json!({}), OF_EACH_KIND).await;
        let mark = async |visibility: &str| {
            let update = "mutation($id: ID!, $visibility: Visibility!) {
                courseUpdate(id: $id, input: { visibility: $visibility }) { userErrors { code } } }";
            class.trainer.runs(update, &json!({ "id": class.course, "visibility": visibility })).await;
        };
        mark("PUBLIC").await;
        let people = [
            ("owner", class.trainer.clone()),
            ("administrator", app.administrator().await),
            ("let in", app.practitioner().await),
            ("staff", app.practitioner().await),
            ("vetted", app.practitioner().await),
            ("no longer vetted", app.practitioner().await),
        ];
        for (person, role) in [(&people[2].1, "MEMBER"), (&people[3].1, "STAFF")] {
            let grant = "mutation($input: AccessGrantInput!) { accessGrant(input: $input) { userErrors { code } } }";
            let input = json!({ "key": key(), "subjectId": class.course, "email": person.email, "role": role });
            class.trainer.runs(grant, &json!({ "input": input })).await;
        }
        let mut attempts = Vec::new();
        for (_, person) in &people {
            stage::enrol(person, &class.course).await;
            attempts.push(begins(&class, person).await);
        }
        let unvetted = user::ActiveModel { id: Set(people[5].1.user()), vetted_at: Set(None), ..Default::default() };
        unvetted.update(app.db.write()).await.expect("an account");
        let named = ["owner", "administrator", "let in", "staff"];
        for (turn, (visibility, others)) in
            (1..).zip([("PUBLIC", &["vetted", "no longer vetted"][..]), ("MEMBERS", &["vetted"]), ("INVITED", &[])])
        {
            mark(visibility).await;
            for ((name, person), started) in people.iter().zip(&attempts) {
                let input =
                    |sequence| json!({ "input": save(started, &started["questions"][0], &class.choices[0].1[..1], sequence) });
                if named.contains(name) || others.contains(name) {
                    person.viewer().await;
                    let before = app.db.statements();
                    person.viewer().await;
                    let known = app.db.statements();
                    person.runs(SAVE, &input(10 * turn)).await;
                    let cost = (app.db.statements() - known) - (known - before);
                    assert_eq!(cost, 1, "{name}, {visibility}");
                } else {
                    assert_eq!(person.fails(SAVE, &input(10 * turn)).await, "NOT_FOUND", "{name}, {visibility}");
                }
            }
        }
    })
    .await;
}
