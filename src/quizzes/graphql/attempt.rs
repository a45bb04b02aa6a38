//! Attempts, their questions, and allowances.

use std::collections::HashMap;

use async_graphql::{Context, Object, dataloader::Loader};
use sea_orm::{EntityTrait, QueryFilter};

use super::{
    question::QuestionText,
    quiz::{Quiz, StandingOf},
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    courses::graphql::Lesson,
    error::{Error, Result},
    graphql::{at_hand::AtHand, batch::Batch, connection::connection, context::ContextExt},
    ids::{ChoiceId, QuestionId, QuizAllowanceId, QuizAttemptId},
    language::Language,
    quizzes::{
        allowance,
        attempt::{self, AttemptState},
        grading,
        policy::{self, Standing},
        question::QuestionKind,
        response,
        reviewing::{self, Part, SeenQuestion},
    },
    rows::{among, grouped, keyed},
    webinars::graphql::Webinar,
};

impl Loader<QuizAttemptId> for Batch {
    type Value = attempt::Model;
    type Error = Error;

    async fn load(&self, ids: &[QuizAttemptId]) -> Result<HashMap<QuizAttemptId, attempt::Model>> {
        reviewing::attempts(&self.app, &self.viewer, ids).await
    }
}

impl Loader<QuizAllowanceId> for Batch {
    type Value = allowance::Model;
    type Error = Error;

    async fn load(&self, ids: &[QuizAllowanceId]) -> Result<HashMap<QuizAllowanceId, allowance::Model>> {
        let among = among(self.app.db.backend(), allowance::Column::Id, ids);
        let allowances = policy::allowances(&self.viewer).filter(among).all(self.app.db.read()).await?;
        Ok(keyed(allowances, |allowance| allowance.id))
    }
}

/// What was saved in an attempt that the viewer sees.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ResponsesTo(QuizAttemptId);

impl Loader<ResponsesTo> for Batch {
    type Value = Vec<response::Model>;
    type Error = Error;

    async fn load(&self, of: &[ResponsesTo]) -> Result<HashMap<ResponsesTo, Vec<response::Model>>> {
        let ids: Vec<QuizAttemptId> = of.iter().map(|of| of.0).collect();
        let among = among(self.app.db.backend(), response::Column::AttemptId, &ids);
        let found = response::Entity::find().filter(among).all(self.app.db.read()).await?;
        Ok(grouped(found, |response| ResponsesTo(response.attempt_id)))
    }
}

/// The person that an attempt or allowance is of.
async fn person(ctx: &Context<'_>, id: crate::ids::UserId) -> Result<User> {
    User::load(ctx, Some(id)).await.unwrap_or(Err(Error::NotFound("user")))
}

/// One go of a person at a quiz.
pub struct QuizAttempt(pub attempt::Model);

impl QuizAttempt {
    /// The attempt `id`, if the viewer sees it.
    pub(super) async fn load(ctx: &Context<'_>, id: QuizAttemptId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(QuizAttempt))
    }

    /// The attempt that an operation changed.
    pub async fn changed(ctx: &Context<'_>, id: Result<QuizAttemptId>) -> Result<Self> {
        Self::load(ctx, id?).await?.ok_or(Error::NotFound("attempt"))
    }
}

/// One go of a person at a quiz.
#[Object]
impl QuizAttempt {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> QuizAttemptId {
        self.0.id
    }
    /// 1, 2, 3 … for this person and quiz.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// The quiz.
    async fn quiz(&self, ctx: &Context<'_>) -> Result<Quiz> {
        Quiz::changed(ctx, Ok(self.0.quiz_id)).await
    }
    /// The lesson it was begun in, as the course teaches it now; null when it is no longer taught, and at tests of webinars.
    async fn lesson(&self, ctx: &Context<'_>) -> Option<Result<Lesson>> {
        ctx.load(self.0.permanent_lesson_id?).await.transpose()
    }
    /// The webinar whose test it is an attempt at; null in courses, and when the viewer does not see it.
    async fn webinar(&self, ctx: &Context<'_>) -> Option<Result<Webinar>> {
        Webinar::load(ctx, self.0.webinar_id?).await.transpose()
    }
    /// The person.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        person(ctx, self.0.user_id).await
    }
    /// Where it stands.
    async fn state(&self) -> AttemptState {
        self.0.state
    }
    /// When it began.
    async fn started_at(&self) -> Instant {
        self.0.started_at
    }
    /// When the server hands it in: an answer counts that arrives up to this instant by the server's clock. Null is no limit.
    async fn deadline_at(&self) -> Option<Instant> {
        self.0.deadline_at
    }
    /// The server's clock, to count down by.
    async fn server_time(&self, ctx: &Context<'_>) -> Instant {
        ctx.app().clock.now()
    }
    /// When it was handed in; by the server, as of the deadline.
    async fn submitted_at(&self) -> Option<Instant> {
        self.0.submitted_at
    }
    /// In the order of this attempt. Who shows it page by page asks for those of a page.
    async fn questions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many at most, 1 to 100; all when it is not given.")] first: Option<i32>,
        #[graphql(desc = "Those after the one of this number.", default)] after_number: i32,
    ) -> Result<Vec<AtHand<AttemptQuestion>>> {
        let part = Part::parse(first, after_number)?;
        let standing = if self.0.is_under_way() {
            Standing::UNDER_WAY
        } else {
            let of = StandingOf(self.0.quiz_id, self.0.user_id);
            ctx.load(of).await?.ok_or(Error::NotFound("quiz"))?
        };
        let responses = ctx.load(ResponsesTo(self.0.id)).await?.unwrap_or_default();
        let questions = reviewing::questions(ctx.app(), ctx.viewer(), &self.0, standing, responses, part).await?;
        Ok(questions.into_iter().map(|question| AtHand(AttemptQuestion(question))).collect())
    }
    /// Points reached; null until it is handed in.
    async fn score_points(&self) -> Option<i32> {
        self.0.score_points
    }
    /// Points to reach.
    async fn max_points(&self) -> i32 {
        self.0.max_points
    }
    /// From 0 to 100; null until it is handed in.
    async fn score_percent(&self) -> Option<f64> {
        Some(grading::percent(self.0.score_points?, self.0.max_points))
    }
    /// Null until it is handed in.
    async fn is_passed(&self) -> Option<bool> {
        self.0.is_passed
    }
}

connection!(
    /// A page of attempts.
    QuizAttemptConnection,
    /// One of a page of attempts.
    QuizAttemptEdge,
    QuizAttempt
);

/// A question in an attempt.
pub struct AttemptQuestion(pub SeenQuestion);

/// A question in an attempt.
#[Object]
impl AttemptQuestion {
    /// What `quizResponseSave` wants.
    async fn question_id(&self) -> QuestionId {
        self.0.asked().id
    }
    /// 1, 2, 3 … in this attempt.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// How it is answered.
    async fn kind(&self) -> QuestionKind {
        self.0.asked().kind
    }
    /// What a right answer gives.
    async fn points(&self) -> i32 {
        self.0.asked().points
    }
    /// In one language, choices in the order of this attempt.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred language.")] language: Option<Language>,
    ) -> Result<QuestionText> {
        let shown = (self.0.asked(), self.0.order(), self.0.answer());
        QuestionText::chosen(ctx, shown, self.0.original_language(), language.as_ref())
    }
    /// What was saved last.
    async fn chosen_ids(&self) -> &[ChoiceId] {
        self.0.response.as_ref().map_or(&[], |response| &response.chosen.0)
    }
    /// When.
    async fn saved_at(&self) -> Option<Instant> {
        self.0.response.as_ref().map(|response| response.saved_at)
    }
    /// Null until the attempt is handed in; at a pre-test, until a post-test is, or, where none is published, until the webinar
    /// is over.
    async fn is_correct(&self) -> Option<bool> {
        self.0.is_correct
    }
    /// Null as long as `isCorrect` is.
    async fn earned_points(&self) -> Option<i32> {
        self.0.is_correct.map(|is_correct| if is_correct { self.0.asked().points } else { 0 })
    }
    /// Null until feedback is due: no attempt is under way, and the quiz was passed or no attempt is left. At a pre-test it is due
    /// when it is at the post-test, or, where none is published, once the webinar is over.
    async fn correct_choice_ids(&self) -> Option<Vec<ChoiceId>> {
        Some(self.0.answer()?.correct.iter().copied().collect())
    }
}

/// More time or attempts for one person.
pub struct QuizAllowance(pub allowance::Model);

impl QuizAllowance {
    /// The allowance that an operation granted.
    pub(super) async fn granted(ctx: &Context<'_>, id: Result<QuizAllowanceId>) -> Result<Self> {
        ctx.load(id?).await?.map(QuizAllowance).ok_or(Error::NotFound("allowance"))
    }
}

connection!(
    /// A page of allowances.
    QuizAllowanceConnection,
    /// One of a page of allowances.
    QuizAllowanceEdge,
    QuizAllowance
);

/// More time or attempts for one person; staff see it.
#[Object]
impl QuizAllowance {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> QuizAllowanceId {
        self.0.id
    }
    /// For whom.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        person(ctx, self.0.user_id).await
    }
    /// Attempts added.
    async fn extra_attempts(&self) -> i32 {
        self.0.extra_attempts
    }
    /// Time added to each attempt, also to one under way.
    async fn extra_seconds(&self) -> i32 {
        self.0.extra_seconds
    }
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
    /// When.
    async fn granted_at(&self) -> Instant {
        self.0.granted_at
    }
}
