//! Giving a webinar its tests. They are written with the operations of quizzes, and published one by one.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    super::{
        policy,
        webinar::{self, State},
    },
    test::{self, TestKind, locked},
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{QuizId, WebinarId},
    language::{Language, messages},
    quizzes::{self, attempt, drafting, freezing, home::Home, paper::Rules, quiz, quiz_text},
    transact, transact_once,
    viewer::Viewer,
};

/// A new test of a webinar, a draft.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarTestCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The webinar.
    pub webinar_id: WebinarId,
    /// Which test.
    pub kind: TestKind,
    /// A quiz that the viewer may change, whose original language is that of the webinar: the test gets its rules, but for the
    /// attempts, its instructions and its questions.
    pub copy_of: Option<QuizId>,
}

/// What a test is at first: a pre-test is taken once, a post-test until it is passed.
fn rules(kind: TestKind, copied: Option<&quiz::Model>) -> Rules {
    let usual = Rules {
        attempt_limit: None,
        time_limit_seconds: None,
        pass_mark_percent: 60,
        shuffles_questions: false,
        shuffles_choices: false,
    };
    Rules { attempt_limit: (kind == TestKind::Pre).then_some(1), ..copied.map_or(usual, quiz::Model::rules) }
}

/// Makes a test of a webinar, called what it is.
pub async fn create(app: &App, viewer: &Viewer, input: WebinarTestCreateInput) -> Result<WebinarId> {
    viewer.signed_in()?;
    transact_once!(app, viewer, input.key, "webinarTestCreate", &input, |tx| {
        let webinar = policy::editable(tx, viewer, input.webinar_id).await?;
        check_to_come(&webinar, "input.webinarId")?;
        if locked(tx, webinar.id, input.kind).await?.is_some() {
            return Err(Problem::at(UserErrorCode::WrongState, "input.kind").saying("problem-test-is-there").into());
        }
        let copied = match input.copy_of {
            Some(id) => Some(copied(tx, viewer, &webinar, id).await?),
            None => None,
        };
        let language = webinar.original_language.clone();
        let rules = rules(input.kind, copied.as_ref());
        let id = quizzes::authoring::store(tx, Home::Webinar(webinar.id), language.clone(), rules).await?;
        let texts = texts(tx, id, input.kind, language, copied.as_ref()).await?;
        quiz_text::Entity::insert_many(texts).exec_without_returning(tx).await?;
        if let Some(copied) = &copied {
            quizzes::copying::questions(tx, copied.id, id).await?;
        }
        let row = test::ActiveModel { webinar_id: Set(webinar.id), kind: Set(input.kind), quiz_id: Set(id) };
        row.insert(tx).await?;
        let action = Action::new("quiz.created").on(id).with("webinar", webinar.id.to_string()).with("test", input.kind);
        audit::record(tx, viewer, action).await?;
        Ok(webinar.id)
    })
}

fn check_to_come(webinar: &webinar::Model, path: &str) -> Result<()> {
    if webinar.state == State::Cancelled {
        return Err(Problem::at(UserErrorCode::WrongState, path).saying("problem-webinar-cancelled").into());
    }
    Ok(())
}

/// The quiz that a test is to be a copy of.
async fn copied(tx: &Tx, viewer: &Viewer, webinar: &webinar::Model, id: QuizId) -> Result<quiz::Model> {
    let at = |code| Problem::at(code, "input.copyOf");
    match quizzes::policy::editable(tx, viewer, id).await {
        Ok(quiz) if quiz.original_language == webinar.original_language => Ok(quiz),
        Ok(_) => Err(at(UserErrorCode::Invalid).saying("problem-copy-in-another-language").into()),
        Err(Error::NotFound(_) | Error::Forbidden) => Err(at(UserErrorCode::NotFound).into()),
        Err(error) => Err(error),
    }
}

/// What a test says at first: its name, with the instructions that are copied.
async fn texts(
    tx: &Tx,
    quiz_id: QuizId,
    kind: TestKind,
    original: Language,
    copied: Option<&quiz::Model>,
) -> Result<Vec<quiz_text::ActiveModel>> {
    let name = match kind {
        TestKind::Pre => "webinar-pre-test",
        TestKind::Post => "webinar-post-test",
    };
    let (title, instructions) = (String::new(), String::new());
    let first = quiz_text::Model { quiz_id, language: original, source_revision: 1, is_machine: false, title, instructions };
    let written = match copied {
        Some(copied) => drafting::texts(tx, &[copied.id]).await?.remove(&copied.id).unwrap_or_default(),
        None => vec![first],
    };
    let named = written.into_iter().map(|text| {
        let title = messages::text(&text.language, name, &[]);
        quiz_text::Model { quiz_id, title, ..text }.into_active_model().reset_all()
    });
    Ok(named.collect())
}

fn missing() -> Error {
    Problem::at(UserErrorCode::NotFound, "kind").into()
}

/// Freezes the draft of a test: attempts that begin from now on are at that. An unchanged draft changes nothing.
pub async fn publish(app: &App, viewer: &Viewer, id: WebinarId, kind: TestKind) -> Result<WebinarId> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        let test = locked(tx, id, kind).await?.ok_or_else(missing)?;
        check_to_come(&webinar, "webinarId")?;
        let mut problems = Problems::new();
        for problem in freezing::problems(tx, test.quiz_id).await? {
            problems.add(problem);
        }
        problems.done()?;
        let before = quiz::Entity::find_by_id(test.quiz_id).one(tx).await?.and_then(|quiz| quiz.frozen_version_id);
        if before != Some(freezing::freeze(tx, test.quiz_id).await?) {
            audit::record(tx, viewer, Action::new("webinar.test_published").on(id).with("test", kind)).await?;
        }
        Ok(id)
    })
}

/// Takes a test from a webinar, with all that was written of it. One that somebody has attempted stays; one that is not there
/// changes nothing.
pub async fn remove(app: &App, viewer: &Viewer, id: WebinarId, kind: TestKind) -> Result<WebinarId> {
    transact!(app, |tx| {
        policy::editable(tx, viewer, id).await?;
        // Whoever starts an attempt has locked the test before.
        let Some(test) = test::Entity::find_by_id((id, kind)).lock_exclusive().one(tx).await? else { return Ok(id) };
        let attempts = attempt::Entity::find().filter(attempt::Column::QuizId.eq(test.quiz_id));
        if attempts.one(tx).await?.is_some() {
            return Err(Problem::at(UserErrorCode::WrongState, "kind").saying("problem-test-attempted").into());
        }
        quiz::Entity::delete_by_id(test.quiz_id).exec(tx).await?;
        audit::record(tx, viewer, Action::new("webinar.test_removed").on(id).with("test", kind)).await?;
        Ok(id)
    })
}
