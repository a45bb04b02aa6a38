//! The tests of webinars, in the API.

use std::collections::HashMap;

use async_graphql::{Context, Object, dataloader::Loader};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use super::webinar::Webinar;
use crate::{
    clock::Instant,
    error::{Error, Result},
    graphql::{batch::Batch, context::ContextExt, payload::payload},
    ids::{QuizId, WebinarId},
    quizzes::{
        attempt,
        graphql::{Quiz, QuizAttempt, quiz::StandingOf},
        reviewing,
    },
    rows::{among, grouped},
    webinars::{
        seeing::Seen,
        testing::{
            preparing::{self, WebinarTestCreateInput},
            sitting,
            test::{self, TestKind, Window},
        },
        webinar::State,
    },
};

/// The tests of a webinar that the viewer sees; whether they see a test, its quiz says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct TestsOf(WebinarId);

impl Loader<TestsOf> for Batch {
    type Value = Vec<test::Model>;
    type Error = Error;

    async fn load(&self, of: &[TestsOf]) -> Result<HashMap<TestsOf, Vec<test::Model>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let found = test::Entity::find().filter(among(self.app.db.backend(), test::Column::WebinarId, &ids));
        Ok(grouped(found.all(self.app.db.read()).await?, |test| TestsOf(test.webinar_id)))
    }
}

async fn quiz_of(ctx: &Context<'_>, webinar: WebinarId, kind: TestKind) -> Result<Option<QuizId>> {
    let tests = ctx.load(TestsOf(webinar)).await?.unwrap_or_default();
    Ok(tests.iter().find(|test| test.kind == kind).map(|test| test.quiz_id))
}

/// A test of a webinar.
pub struct WebinarTest {
    kind: TestKind,
    quiz: Quiz,
    of: Seen,
}

impl WebinarTest {
    /// A test of the webinar, if it exists for the viewer.
    pub async fn of(ctx: &Context<'_>, webinar: &Seen, kind: TestKind) -> Option<Result<Self>> {
        // Who neither runs the webinar nor ever registered for it is not shown any.
        if !webinar.edits && webinar.registration.is_none() {
            return None;
        }
        Self::load(ctx, webinar, kind).await.transpose()
    }

    async fn load(ctx: &Context<'_>, webinar: &Seen, kind: TestKind) -> Result<Option<Self>> {
        let quiz = quiz_of(ctx, webinar.webinar.id, kind).await?;
        let quiz = Quiz::load(ctx, quiz).await.transpose()?;
        Ok(quiz.map(|quiz| Self { kind, quiz, of: webinar.clone() }))
    }

    fn window(&self) -> Window {
        self.kind.window(&self.of.webinar)
    }

    /// The viewer's attempt that counts.
    fn counting(&self, own: &[attempt::Model]) -> Option<attempt::Model> {
        match self.kind {
            // They come newest first.
            TestKind::Pre => own.iter().rfind(|attempt| !attempt.is_under_way()).cloned(),
            TestKind::Post => reviewing::best(own).cloned(),
        }
    }

    async fn can_start(&self, ctx: &Context<'_>) -> Result<bool> {
        let Some(user) = ctx.viewer().user_id().filter(|_| self.of.has_seat()) else { return Ok(false) };
        let is_open =
            self.quiz.0.is_published && self.of.webinar.state == State::Published && self.window().is_open(ctx.app().clock.now());
        if !is_open {
            return Ok(false);
        }
        if self.kind == TestKind::Post
            && let Some(pre_test) = quiz_of(ctx, self.of.webinar.id, TestKind::Pre).await?
            && ctx.load(StandingOf(pre_test, user)).await?.is_some_and(|standing| standing.is_under_way)
        {
            return Ok(false);
        }
        let standing = ctx.load(StandingOf(self.quiz.0.id, user)).await?;
        Ok(standing.is_some_and(|standing| !standing.is_under_way && standing.attempts_left != Some(0)))
    }
}

/// A test of a webinar.
#[Object]
impl WebinarTest {
    /// Which test.
    async fn kind(&self) -> TestKind {
        self.kind
    }
    /// What it asks, and the attempts at it.
    async fn quiz(&self) -> Quiz {
        self.quiz.clone()
    }
    /// True once it was published; before, only those who may change the webinar see it.
    async fn is_published(&self) -> bool {
        self.quiz.0.is_published
    }
    /// When attempts begin: of a post-test, ten minutes before the end of the webinar, as it is planned now. Null for a pre-test,
    /// which is open to whoever has a seat.
    async fn opens_at(&self) -> Option<Instant> {
        match self.window() {
            Window::From(start) => Some(start),
            Window::Until(_) => None,
        }
    }
    /// When attempts no longer begin: of a pre-test, when the webinar does, as it is planned now. One that was begun goes on, up to
    /// its time limit, or else to the end of the webinar. Null for a post-test.
    async fn closes_at(&self) -> Option<Instant> {
        match self.window() {
            Window::Until(end) => Some(end),
            Window::From(_) => None,
        }
    }
    /// True when `webinarTestStart` begins an attempt for the viewer; false while one is under way, at a post-test also while one at
    /// the pre-test is.
    async fn viewer_can_start(&self, ctx: &Context<'_>) -> Result<bool> {
        self.can_start(ctx).await
    }
    /// The viewer's attempt that counts: of a pre-test the first that was handed in, of a post-test the best.
    async fn viewer_attempt(&self, ctx: &Context<'_>) -> Result<Option<QuizAttempt>> {
        Ok(self.counting(&self.quiz.own(ctx).await?).map(QuizAttempt))
    }
}

payload!(
    /// Answer of `webinarTestCreate`.
    WebinarTestCreatePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarTestPublish`.
    WebinarTestPublishPayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarTestRemove`.
    WebinarTestRemovePayload {
        /// The webinar as it stands now.
        webinar: Webinar,
    }
);
payload!(
    /// Answer of `webinarTestStart`.
    WebinarTestStartPayload {
        /// The attempt as it stands now.
        attempt: QuizAttempt,
    }
);

/// The tests of webinars.
#[derive(Default)]
pub struct WebinarTestMutation;

#[Object]
impl WebinarTestMutation {
    /// Makes a test of a webinar, whose quiz is then written as those of courses are. Codes: WRONG_STATE (the webinar has one, or
    /// was cancelled), NOT_FOUND, INVALID, KEY_REUSED.
    async fn webinar_test_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The test.")] input: WebinarTestCreateInput,
    ) -> Option<Result<WebinarTestCreatePayload>> {
        let done = preparing::create(ctx.app(), ctx.viewer(), input).await;
        WebinarTestCreatePayload::of(Webinar::after(ctx, done).await)
    }

    /// Publishes a test as it is drafted now; attempts that begin from then on are at that. Codes: NOT_FOUND, INCOMPLETE,
    /// WRONG_STATE.
    async fn webinar_test_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] webinar_id: WebinarId,
        #[graphql(desc = "Which of its tests.")] kind: TestKind,
    ) -> Option<Result<WebinarTestPublishPayload>> {
        let done = preparing::publish(ctx.app(), ctx.viewer(), webinar_id, kind).await;
        WebinarTestPublishPayload::of(Webinar::after(ctx, done).await)
    }

    /// Removes a test that nobody has attempted, with its quiz. Codes: WRONG_STATE.
    async fn webinar_test_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] webinar_id: WebinarId,
        #[graphql(desc = "Which of its tests.")] kind: TestKind,
    ) -> Option<Result<WebinarTestRemovePayload>> {
        let done = preparing::remove(ctx.app(), ctx.viewer(), webinar_id, kind).await;
        WebinarTestRemovePayload::of(Webinar::after(ctx, done).await)
    }

    /// Starts an attempt at a test, for who has a seat; one under way is answered instead of a new one. It is made with
    /// `quizResponseSave` and `quizAttemptSubmit`. Codes: TOO_LATE (a pre-test once the webinar has begun), WRONG_STATE (a post-test
    /// before it opens, or before a pre-test under way is handed in, one that was passed, a cancelled webinar), LIMIT_REACHED, KEY_REUSED.
    async fn webinar_test_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] webinar_id: WebinarId,
        #[graphql(desc = "Which of its tests.")] kind: TestKind,
        #[graphql(desc = "Idempotency key.")] key: Uuid,
    ) -> Option<Result<WebinarTestStartPayload>> {
        let started = sitting::start(ctx.app(), ctx.viewer(), webinar_id, kind, key).await;
        WebinarTestStartPayload::of(QuizAttempt::changed(ctx, started).await)
    }
}
