//! Sitting a test: who has a seat starts an attempt while the test is open, and makes it with the operations of quizzes.

use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    super::{
        policy,
        telling::when,
        webinar::{self, State},
    },
    test::{TestKind, Window, locked},
};
use crate::{
    accounts::user,
    app::App,
    database::Tx,
    error::{Error, Problem, Result, UserErrorCode},
    idempotency::Call,
    ids::{QuizAttemptId, UserId, WebinarId},
    quizzes::{attempting, handing_in, home::Home, policy::Opened, quiz},
    transact_once,
    viewer::Viewer,
};

/// Starts an attempt at a test of a webinar in which the viewer has a seat; one that is under way is answered instead.
pub async fn start(app: &App, viewer: &Viewer, id: WebinarId, kind: TestKind, key: Uuid) -> Result<QuizAttemptId> {
    let user = viewer.signed_in()?.id;
    let call = Call::new(viewer, key, "webinarTestStart", &(id, kind)).map(|call| call.at("key"));
    transact_once!(app, call, |tx| {
        let seen = policy::steady(tx, viewer, id).await?;
        // Two starts of one person wait for each other here.
        policy::seat(tx, id, user).await?.ok_or(Error::Forbidden)?;
        let missing = || Error::NotFound("test");
        let test = locked(tx, id, kind).await?.ok_or_else(missing)?;
        let quiz = quiz::Entity::find_by_id(test.quiz_id).one(tx).await?.ok_or_else(missing)?;
        let opened = Opened {
            home: Home::Webinar(id),
            permanent_lesson_id: None,
            quiz_id: quiz.id,
            version_id: quiz.frozen_version_id.ok_or_else(missing)?,
            ends_at: (kind == TestKind::Pre).then_some(seen.webinar.ends_at),
            closed: closed(tx, user, &seen.webinar, kind).await?,
        };
        attempting::sit(app, tx, viewer, &opened).await
    })
}

/// Why no attempt at a test begins now; `None` when one does.
async fn closed(tx: &Tx, user: UserId, webinar: &webinar::Model, kind: TestKind) -> Result<Option<Problem>> {
    if webinar.state == State::Cancelled {
        return Ok(Some(Problem::at(UserErrorCode::WrongState, "webinarId").saying("problem-webinar-cancelled")));
    }
    let window = kind.window(webinar);
    if window.is_open(tx.now()) {
        // The key of the post-test would help with it.
        let is_before = kind == TestKind::Post && pre_test_under_way(tx, webinar.id, user).await?;
        let problem = || Problem::at(UserErrorCode::WrongState, "kind").saying("problem-pre-test-under-way");
        return Ok(is_before.then(problem));
    }
    let zone = user::Entity::find_by_id(user).one(tx).await?.map_or_else(String::new, |person| person.time_zone);
    let problem = match window {
        Window::Until(end) => {
            let late = Problem::at(UserErrorCode::TooLate, "kind").saying("problem-pre-test-closed");
            late.with("when", when(end, &zone))
        }
        Window::From(start) => {
            let early = Problem::at(UserErrorCode::WrongState, "kind").saying("problem-post-test-not-open");
            early.with("when", when(start, &zone))
        }
    };
    Ok(Some(problem))
}

/// Whether a person makes an attempt at the pre-test of a webinar.
async fn pre_test_under_way(tx: &Tx, webinar: WebinarId, user: UserId) -> Result<bool> {
    let Some(test) = locked(tx, webinar, TestKind::Pre).await? else { return Ok(false) };
    let attempts = attempting::of_person(tx, test.quiz_id, user).await?;
    Ok(attempts.iter().any(|attempt| attempt.is_under_way() && !attempt.is_overdue(tx.now())))
}

/// A pre-test without a time limit ends with its webinar, also with one that was moved.
pub async fn follow(app: &App, tx: &Tx, webinar: &webinar::Model) -> Result<()> {
    match locked(tx, webinar.id, TestKind::Pre).await? {
        Some(test) => handing_in::move_untimed(app, tx, test.quiz_id, webinar.ends_at).await,
        None => Ok(()),
    }
}
