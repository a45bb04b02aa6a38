//! Reading attempts: what each viewer is shown of their questions, and where a person stands.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    allowance,
    attempt::{self, AttemptState},
    freezing::{self, Frozen},
    grading, handing_in,
    layout::{Layout, Placed},
    paper::{Answer, Asked, Key, Paper},
    policy::{self, Reveals, Standing},
    quiz, response,
};
use crate::{
    app::App,
    error::{Error, Result},
    ids::{QuizAttemptId, QuizId, UserId, WebinarId},
    language::Language,
    paging::{Direction, Page, Paged, Slice},
    rows::{among, grouped, keyed},
    viewer::Viewer,
};

/// A question of an attempt as a viewer sees it. It holds the key only where that may be shown.
#[derive(Clone, Debug)]
pub struct SeenQuestion {
    /// 1, 2, 3 … in the attempt.
    pub number: i32,
    /// What was saved last.
    pub response: Option<response::Model>,
    /// Whether the answer is right, where that may be shown.
    pub is_correct: Option<bool>,
    placed: Placed,
    paper: Arc<Paper>,
    key: Option<Arc<Key>>,
}

impl SeenQuestion {
    /// Language that the quiz was written in first.
    #[must_use]
    pub fn original_language(&self) -> &Language {
        &self.paper.original_language
    }

    /// What is asked.
    #[must_use]
    pub fn asked(&self) -> &Asked {
        &self.paper.questions[self.placed.question]
    }

    /// What is right, where that may be shown.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.key.as_ref().map(|key| &key.0[self.placed.question])
    }

    /// The places of its choices, in the order to show.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.placed.choices
    }
}

/// Shows the question at `place` of an attempt, with no more than `reveals`.
fn show(frozen: &Frozen, reveals: Reveals, (number, placed): (i32, &Placed), response: Option<response::Model>) -> SeenQuestion {
    let chosen = response.as_ref().map_or(&[][..], |response| &response.chosen.0);
    SeenQuestion {
        number,
        is_correct: reveals.results.then(|| grading::is_correct(&frozen.key.0[placed.question], chosen)),
        response,
        placed: placed.clone(),
        paper: Arc::clone(&frozen.paper),
        key: reveals.key.then(|| Arc::clone(&frozen.key)),
    }
}

/// A part of the questions of an attempt.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    after: usize,
    most: usize,
}

impl Part {
    /// `first` from 1 to 100 of those after a number, or all of them.
    pub fn parse(first: Option<i32>, after_number: i32) -> Result<Self> {
        match (first.map(usize::try_from).transpose(), usize::try_from(after_number)) {
            (Ok(most @ (None | Some(1..=100))), Ok(after)) => Ok(Self { after, most: most.unwrap_or(usize::MAX) }),
            _ => Err(Error::BadInput("`first` must be from 1 to 100, and `afterNumber` at least 0.".into())),
        }
    }
}

/// A part of the questions of an attempt that `viewer` sees, in its order, with the `responses` to them; `standing` is its
/// person's.
pub async fn questions(
    app: &App,
    viewer: &Viewer,
    attempt: &attempt::Model,
    standing: Standing,
    responses: Vec<response::Model>,
    part: Part,
) -> Result<Vec<SeenQuestion>> {
    let frozen = freezing::frozen(app, app.db.read(), attempt.version_id).await?;
    let mut responses = keyed(responses, |response| response.question_id);
    let reveals = policy::reveals(viewer, attempt, standing);
    let placed = (1..).zip(&attempt.layout.0).skip(part.after).take(part.most);
    Ok(placed
        .map(|place| show(&frozen, reveals, place, responses.remove(&frozen.paper.questions[place.1.question].id)))
        .collect())
}

/// The question that was just saved, in the layout of its attempt, which is under way.
pub(super) fn saved(layout: &Layout, paper: &Arc<Paper>, response: response::Model) -> Result<SeenQuestion> {
    let place = (1..).zip(&layout.0).find(|(_, placed)| paper.questions[placed.question].id == response.question_id);
    let (number, placed) = place.ok_or(Error::NotFound("question"))?;
    let (placed, paper) = (placed.clone(), Arc::clone(paper));
    Ok(SeenQuestion { number, response: Some(response), is_correct: None, placed, paper, key: None })
}

/// Where people stand with quizzes, by the rules published last; with pre-tests, also by where they stand with the post-tests.
pub async fn standings(app: &App, of: &[(QuizId, UserId)]) -> Result<HashMap<(QuizId, UserId), Standing>> {
    let (mut standings, quizzes) = judged(app, of).await?;
    let webinars: Vec<WebinarId> = quizzes.iter().filter_map(|quiz| quiz.webinar_id).collect();
    let pre_tests = policy::pre_tests(app.db.read(), &webinars, app.clock.now()).await?;
    let post_test = |(quiz, user): &(QuizId, UserId)| Some((pre_tests.get(quiz)?.post_test?, *user));
    let others: Vec<_> = of.iter().filter_map(post_test).collect();
    let others = if others.is_empty() { HashMap::new() } else { judged(app, &others).await?.0 };
    for (of, standing) in &mut standings {
        let Some(pre_test) = pre_tests.get(&of.0) else { continue };
        standing.release = Some(pre_test.release(post_test(of).and_then(|of| others.get(&of))));
    }
    Ok(standings)
}

/// Where people stand with quizzes, each by itself, and the quizzes.
async fn judged(app: &App, of: &[(QuizId, UserId)]) -> Result<(HashMap<(QuizId, UserId), Standing>, Vec<quiz::Model>)> {
    let (db, backend) = (app.db.read(), app.db.backend());
    let (quizzes, users): (Vec<QuizId>, Vec<UserId>) = of.iter().copied().unzip();
    let attempts = attempt::Entity::find().filter(among(backend, attempt::Column::QuizId, &quizzes)).filter(among(
        backend,
        attempt::Column::UserId,
        &users,
    ));
    let attempts = settled(app, attempts.all(db).await?).await?;
    let attempts = grouped(attempts, |attempt| (attempt.quiz_id, attempt.user_id));
    let allowances = allowance::Entity::find().filter(among(backend, allowance::Column::QuizId, &quizzes)).filter(among(
        backend,
        allowance::Column::UserId,
        &users,
    ));
    let allowances = grouped(allowances.all(db).await?, |allowance| (allowance.quiz_id, allowance.user_id));
    let mut limits = HashMap::new();
    let quizzes = quiz::Entity::find().filter(among(backend, quiz::Column::Id, &quizzes)).all(db).await?;
    for quiz in &quizzes {
        let Some(version) = quiz.frozen_version_id else { continue };
        limits.insert(quiz.id, freezing::frozen(app, db, version).await?.paper.rules.attempt_limit);
    }
    let standing = |of: &(QuizId, UserId)| {
        let allowed = allowance::total(allowances.get(of).into_iter().flatten());
        let attempts = attempts.get(of).map_or(&[][..], Vec::as_slice);
        (*of, policy::standing(attempts, limits.get(&of.0).copied().flatten(), allowed))
    };
    Ok((of.iter().map(standing).collect(), quizzes))
}

/// Attempts by id, as `viewer` sees them.
pub async fn attempts(app: &App, viewer: &Viewer, ids: &[QuizAttemptId]) -> Result<HashMap<QuizAttemptId, attempt::Model>> {
    let attempts = policy::load_attempts(app.db.read(), viewer, ids).await?;
    Ok(keyed(settled(app, attempts).await?, |attempt| attempt.id))
}

/// The viewer's own attempts at quizzes, newest first.
pub async fn own(app: &App, viewer: &Viewer, quizzes: &[QuizId]) -> Result<HashMap<QuizId, Vec<attempt::Model>>> {
    let Some(user) = viewer.user_id() else { return Ok(HashMap::new()) };
    let own = policy::attempts(viewer)
        .filter(attempt::Column::UserId.eq(user))
        .filter(among(app.db.backend(), attempt::Column::QuizId, quizzes))
        .order_by_desc(attempt::Column::Number)
        .all(app.db.read())
        .await?;
    Ok(grouped(settled(app, own).await?, |attempt| attempt.quiz_id))
}

/// All attempts at a quiz that are handed in, newest first; for its staff.
pub async fn handed_in(app: &App, viewer: &Viewer, quiz: QuizId, page: &Page) -> Result<Slice<attempt::Model>> {
    let attempts = policy::staffed_attempts(viewer)
        .filter(attempt::Column::QuizId.eq(quiz))
        .filter(attempt::Column::State.ne(AttemptState::InProgress));
    attempts.page(app.db.read(), page, &[(attempt::Column::Id, Direction::Descending)]).await
}

/// The attempt that counts: the highest share of the points, the earlier of equals.
#[must_use]
pub fn best(attempts: &[attempt::Model]) -> Option<&attempt::Model> {
    let graded = attempts.iter().filter_map(|attempt| Some(((attempt.score_points?, attempt.max_points), attempt)));
    graded
        .max_by(|(share, one), (others, other)| grading::compare(*share, *others).then(other.number.cmp(&one.number)))
        .map(|(_, attempt)| attempt)
}

/// Hands in what ran out of time and was not handed in yet, so that nobody sees an attempt that is over as under way.
async fn settled(app: &App, attempts: Vec<attempt::Model>) -> Result<Vec<attempt::Model>> {
    let now = app.clock.now();
    let is_over = |attempt: &attempt::Model| attempt.is_under_way() && attempt.is_overdue(now);
    let over: Vec<QuizAttemptId> = attempts.iter().filter(|attempt| is_over(attempt)).map(|attempt| attempt.id).collect();
    if over.is_empty() {
        return Ok(attempts);
    }
    for id in &over {
        handing_in::time_out(app, *id).await?;
    }
    let closed = attempt::Entity::find().filter(among(app.db.backend(), attempt::Column::Id, &over)).all(app.db.read()).await?;
    let mut closed = keyed(closed, |attempt| attempt.id);
    Ok(attempts.into_iter().map(|attempt| closed.remove(&attempt.id).unwrap_or(attempt)).collect())
}
