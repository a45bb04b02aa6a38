//! The quiz and its texts.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Object, SimpleObject, dataloader::Loader};

use super::{
    attempt::{QuizAllowance, QuizAllowanceConnection, QuizAttempt, QuizAttemptConnection},
    question::Question,
};
use crate::{
    courses::graphql::Course,
    error::{Error, Result},
    graphql::{batch::Batch, connection::connection, context::ContextExt},
    ids::{CourseId, QuizId, UserId},
    language::{
        Language, TextDirection,
        translated::{self, Mark},
    },
    markdown,
    paging::Page,
    quizzes::{
        allowing, attempt, drafting,
        policy::{self, Seen, Standing},
        quiz_text, reviewing,
    },
    scalars::{Html, Markdown},
    webinars::graphql::Webinar,
};

impl Loader<QuizId> for Batch {
    type Value = Seen;
    type Error = Error;

    async fn load(&self, ids: &[QuizId]) -> Result<HashMap<QuizId, Seen>> {
        policy::load(&self.app, &self.viewer, ids).await
    }
}

/// The viewer's own attempts at a quiz.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Own(QuizId);

impl Loader<Own> for Batch {
    type Value = Arc<Vec<attempt::Model>>;
    type Error = Error;

    async fn load(&self, own: &[Own]) -> Result<HashMap<Own, Self::Value>> {
        let quizzes: Vec<QuizId> = own.iter().map(|own| own.0).collect();
        let attempts = reviewing::own(&self.app, &self.viewer, &quizzes).await?;
        Ok(attempts.into_iter().map(|(quiz, attempts)| (Own(quiz), Arc::new(attempts))).collect())
    }
}

/// Where a person stands with a quiz that the viewer sees.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StandingOf(pub QuizId, pub UserId);

impl Loader<StandingOf> for Batch {
    type Value = Standing;
    type Error = Error;

    async fn load(&self, of: &[StandingOf]) -> Result<HashMap<StandingOf, Standing>> {
        let pairs: Vec<(QuizId, UserId)> = of.iter().map(|of| (of.0, of.1)).collect();
        let standings = reviewing::standings(&self.app, &pairs).await?;
        Ok(standings.into_iter().map(|((quiz, user), standing)| (StandingOf(quiz, user), standing)).collect())
    }
}

/// Texts of a quiz in one language, chosen as a whole.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct QuizText {
    /// Title.
    title: String,
    /// What to know before starting.
    instructions: Markdown,
    /// Language of this text.
    language: Language,
    /// Writing direction of that language.
    direction: TextDirection,
    /// True when the text was written in this language first.
    is_original: bool,
    /// True when the original changed after this translation was made.
    is_outdated: bool,
    /// True when a machine made this translation and nobody has confirmed it.
    is_machine: bool,
}

#[async_graphql::ComplexObject]
impl QuizText {
    /// The instructions, rendered.
    async fn instructions_html(&self) -> Html {
        markdown::to_html(&self.instructions.0).into()
    }
}

impl QuizText {
    fn new(text: &quiz_text::Model, texts: &[quiz_text::Model], original: &Language) -> Self {
        let Mark { language, direction, is_original, is_outdated, is_machine } = translated::mark(text, texts, original);
        let (title, instructions) = (text.title.clone(), text.instructions.as_str().into());
        Self { title, instructions, language, direction, is_original, is_outdated, is_machine }
    }
}

/// A set of questions with its rules. Staff see the draft; others see what was published.
#[derive(Clone)]
pub struct Quiz(pub Seen);

impl Quiz {
    /// The quiz `id`, if the viewer sees it.
    pub async fn load(ctx: &Context<'_>, id: Option<QuizId>) -> Option<Result<Self>> {
        ctx.load(id?).await.map(|seen| seen.map(Quiz)).transpose()
    }

    /// The quiz that an operation changed.
    pub(super) async fn changed(ctx: &Context<'_>, id: Result<QuizId>) -> Result<Self> {
        Self::load(ctx, Some(id?)).await.unwrap_or(Err(Error::NotFound("quiz")))
    }

    fn chosen(&self, ctx: &Context<'_>, language: Option<&Language>) -> Result<&quiz_text::Model> {
        let chosen = translated::choose(&self.0.texts, ctx.viewer().languages(language), &self.0.original_language);
        chosen.ok_or_else(|| Error::internal(anyhow::anyhow!("{} has no text", self.0.id)))
    }

    /// The viewer's own attempts, newest first.
    pub async fn own(&self, ctx: &Context<'_>) -> Result<Arc<Vec<attempt::Model>>> {
        Ok(ctx.load(Own(self.0.id)).await?.unwrap_or_default())
    }
}

/// A set of questions with its rules. Staff see the draft; others see what was published.
#[Object]
impl Quiz {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> QuizId {
        self.0.id
    }
    /// The course it belongs to; null when it is a test of a webinar.
    async fn course(&self, ctx: &Context<'_>) -> Option<Result<Course>> {
        Course::load(ctx, self.0.home.course()?).await.transpose()
    }
    /// The webinar whose test it is; null when it belongs to a course, and when the viewer does not see it.
    async fn webinar(&self, ctx: &Context<'_>) -> Option<Result<Webinar>> {
        Webinar::load(ctx, self.0.home.webinar()?).await.transpose()
    }
    /// Language that it is written in first.
    async fn original_language(&self) -> &Language {
        &self.0.original_language
    }
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred language.")] language: Option<Language>,
    ) -> Result<QuizText> {
        Ok(QuizText::new(self.chosen(ctx, language.as_ref())?, &self.0.texts, &self.0.original_language))
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> Result<&str> {
        Ok(&self.chosen(ctx, None)?.title)
    }
    /// All its texts; empty for all but staff.
    async fn translations(&self) -> Vec<QuizText> {
        let texts = if self.0.is_staff { &self.0.texts[..] } else { &[] };
        texts.iter().map(|text| QuizText::new(text, texts, &self.0.original_language)).collect()
    }
    /// How many attempts a person has; null is no limit but 100, which the server sets.
    async fn attempt_limit(&self) -> Option<i32> {
        self.0.rules.attempt_limit
    }
    /// How long an attempt lasts; null is no limit.
    async fn time_limit_seconds(&self) -> Option<i32> {
        self.0.rules.time_limit_seconds
    }
    /// Share of the points needed to pass, 0 to 100.
    async fn pass_mark_percent(&self) -> i32 {
        self.0.rules.pass_mark_percent
    }
    /// Whether each attempt has its own order of questions.
    async fn shuffles_questions(&self) -> bool {
        self.0.rules.shuffles_questions
    }
    /// Whether each attempt has its own order of choices; TRUE_FALSE questions keep theirs.
    async fn shuffles_choices(&self) -> bool {
        self.0.rules.shuffles_choices
    }
    /// How many questions the published quiz has (for staff: the draft).
    async fn question_count(&self) -> usize {
        self.0.question_count
    }
    /// The draft's questions, in order, at most 200; null for all but staff.
    async fn questions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Question>>> {
        let original = &self.0.original_language;
        let wrap = |draft| Question { draft, original_language: original.clone() };
        let drafts = self.0.is_staff.then(|| drafting::questions(ctx.app().db.read(), self.0.id))?;
        Some(drafts.await.map(|drafts| drafts.into_iter().map(wrap).collect()))
    }
    /// The viewer's attempts, newest first; there are 100 at most, or what the limit and allowances give.
    async fn viewer_attempts(&self, ctx: &Context<'_>) -> Result<Vec<QuizAttempt>> {
        Ok(self.own(ctx).await?.iter().cloned().map(QuizAttempt).collect())
    }
    /// The one that counts: the best of those handed in.
    async fn viewer_best_attempt(&self, ctx: &Context<'_>) -> Option<Result<QuizAttempt>> {
        let own = self.own(ctx).await;
        own.map(|own| reviewing::best(&own).cloned().map(QuizAttempt)).transpose()
    }
    /// Null when the quiz sets no limit and the 100 of the server are not used up, or signed out; 0 once it is passed.
    async fn viewer_attempts_left(&self, ctx: &Context<'_>) -> Option<Result<i32>> {
        let standing = ctx.load(StandingOf(self.0.id, ctx.viewer().user_id()?)).await;
        standing.map(|standing| standing?.attempts_left).transpose()
    }
    /// True when the viewer may change it.
    async fn viewer_can_edit(&self) -> bool {
        self.0.is_staff
    }
    /// All submitted attempts, newest first; null for all but staff.
    async fn attempts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<QuizAttemptConnection>> {
        if !self.0.is_staff {
            return None;
        }
        let page = match Page::parse(first, after, last, before) {
            Ok(page) => page,
            Err(err) => return Some(Err(err)),
        };
        let slice = reviewing::handed_in(ctx.app(), ctx.viewer(), self.0.id, &page).await;
        Some(slice.map(|slice| QuizAttemptConnection::new(slice, QuizAttempt)))
    }
    /// What people were allowed besides its rules, newest first; null for all but staff.
    async fn allowances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<QuizAllowanceConnection>> {
        if !self.0.is_staff {
            return None;
        }
        let page = match Page::parse(first, after, last, before) {
            Ok(page) => page,
            Err(err) => return Some(Err(err)),
        };
        let slice = allowing::list(ctx.app(), ctx.viewer(), self.0.id, &page).await;
        Some(slice.map(|slice| QuizAllowanceConnection::new(slice, QuizAllowance)))
    }
}

connection!(
    /// A page of quizzes.
    QuizConnection,
    /// One of a page of quizzes.
    QuizEdge,
    Quiz
);

/// The quizzes of a course, newest first; for its staff.
pub async fn quizzes_of(ctx: &Context<'_>, course: CourseId, page: Result<Page>) -> Result<QuizConnection> {
    Ok(QuizConnection::new(drafting::list(ctx.app(), ctx.viewer(), course, &page?).await?, Quiz))
}
