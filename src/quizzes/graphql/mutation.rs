//! Changing quizzes.

use async_graphql::{Context, Object};
use uuid::Uuid;

use super::{
    attempt::{AttemptQuestion, QuizAllowance, QuizAttempt},
    question::Question,
    quiz::Quiz,
};
use crate::{
    error::Result,
    graphql::{context::ContextExt, payload::payload},
    ids::{LessonId, QuestionId, QuizAttemptId, QuizId},
    language::Language,
    quizzes::{
        allowing::{self, QuizAllowanceGrantInput},
        attempting,
        authoring::{self, QuizCreateInput, QuizTextInput, QuizUpdateInput},
        handing_in, ordering,
        question_input::{QuestionCreateInput, QuestionTextInput, QuestionUpdateInput},
        questioning,
        saving::{self, QuizResponseSaveInput},
    },
};

/// Writes the payload types of mutations that answer one thing.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident => $(#[$field_doc:meta])* $field:ident: $type:ty;)*) => {
        $(payload!($(#[$doc])* $name { $(#[$field_doc])* $field: $type });)*
    };
}

payloads!(
    /// Answer of `quizCreate`.
    QuizCreatePayload =>
        /// The quiz as it stands now.
        quiz: Quiz;
    /// Answer of `quizUpdate`.
    QuizUpdatePayload =>
        /// The quiz as it stands now.
        quiz: Quiz;
    /// Answer of `quizTextSet`.
    QuizTextSetPayload =>
        /// The quiz as it stands now.
        quiz: Quiz;
    /// Answer of `quizTextRemove`.
    QuizTextRemovePayload =>
        /// The quiz as it stands now.
        quiz: Quiz;
    /// Answer of `questionRemove`.
    QuestionRemovePayload =>
        /// The quiz as it stands now.
        quiz: Quiz;
    /// Answer of `questionsReorder`.
    QuestionsReorderPayload =>
        /// The quiz as it stands now.
        quiz: Quiz;
    /// Answer of `questionCreate`.
    QuestionCreatePayload =>
        /// The question as it stands now.
        question: Question;
    /// Answer of `questionUpdate`.
    QuestionUpdatePayload =>
        /// The question as it stands now.
        question: Question;
    /// Answer of `questionTextSet`.
    QuestionTextSetPayload =>
        /// The question as it stands now.
        question: Question;
    /// Answer of `questionTextRemove`.
    QuestionTextRemovePayload =>
        /// The question as it stands now.
        question: Question;
    /// Answer of `quizAttemptStart`.
    QuizAttemptStartPayload =>
        /// The attempt as it stands now.
        attempt: QuizAttempt;
    /// Answer of `quizAttemptSubmit`.
    QuizAttemptSubmitPayload =>
        /// The attempt as it stands now.
        attempt: QuizAttempt;
    /// Answer of `quizResponseSave`.
    QuizResponseSavePayload =>
        /// The question with what is saved now.
        question: AttemptQuestion;
    /// Answer of `quizAllowanceGrant`.
    QuizAllowanceGrantPayload =>
        /// What was granted.
        allowance: QuizAllowance;
);

/// Changing quizzes.
#[derive(Default)]
pub struct QuizMutation;

#[Object]
impl QuizMutation {
    /// Makes a quiz in a course. Codes: BLANK, TOO_LONG, INVALID, OUT_OF_RANGE, KEY_REUSED.
    async fn quiz_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quiz.")] input: QuizCreateInput,
    ) -> Option<Result<QuizCreatePayload>> {
        let made = authoring::create(ctx.app(), ctx.viewer(), input).await;
        QuizCreatePayload::of(Quiz::changed(ctx, made).await)
    }

    /// Changes the rules of a quiz. Codes: OUT_OF_RANGE.
    async fn quiz_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quiz.")] id: QuizId,
        #[graphql(desc = "Changes.")] input: QuizUpdateInput,
    ) -> Option<Result<QuizUpdatePayload>> {
        let changed = authoring::update(ctx.app(), ctx.viewer(), id, input).await;
        QuizUpdatePayload::of(Quiz::changed(ctx, changed).await)
    }

    /// Writes its texts in one language, in place of all that stood in that language: what is absent is empty. Codes: BLANK,
    /// TOO_LONG, INVALID.
    async fn quiz_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quiz.")] id: QuizId,
        #[graphql(desc = "Texts.")] input: QuizTextInput,
    ) -> Option<Result<QuizTextSetPayload>> {
        let changed = authoring::set_text(ctx.app(), ctx.viewer(), id, input).await;
        QuizTextSetPayload::of(Quiz::changed(ctx, changed).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn quiz_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quiz.")] id: QuizId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<QuizTextRemovePayload>> {
        let changed = authoring::remove_text(ctx.app(), ctx.viewer(), id, language).await;
        QuizTextRemovePayload::of(Quiz::changed(ctx, changed).await)
    }

    /// Adds a question. Codes: BLANK, TOO_LONG, INVALID, OUT_OF_RANGE, LIMIT_REACHED, KEY_REUSED.
    async fn question_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] input: QuestionCreateInput,
    ) -> Option<Result<QuestionCreatePayload>> {
        let made = questioning::create(ctx.app(), ctx.viewer(), input).await;
        QuestionCreatePayload::of(Question::changed(ctx, made).await)
    }

    /// Makes a new version of a question. Codes: BLANK, TOO_LONG, INVALID, OUT_OF_RANGE.
    async fn question_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] id: QuestionId,
        #[graphql(desc = "Changes.")] input: QuestionUpdateInput,
    ) -> Option<Result<QuestionUpdatePayload>> {
        let changed = questioning::update(ctx.app(), ctx.viewer(), id, input).await;
        QuestionUpdatePayload::of(Question::changed(ctx, changed).await)
    }

    /// Writes a translation of a question, in place of all that stood in that language: what is absent is empty. In its original
    /// language, makes a new version. Codes: BLANK, TOO_LONG, INVALID.
    async fn question_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] id: QuestionId,
        #[graphql(desc = "Texts.")] input: QuestionTextInput,
    ) -> Option<Result<QuestionTextSetPayload>> {
        let changed = questioning::set_text(ctx.app(), ctx.viewer(), id, input).await;
        QuestionTextSetPayload::of(Question::changed(ctx, changed).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn question_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] id: QuestionId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<QuestionTextRemovePayload>> {
        let changed = questioning::remove_text(ctx.app(), ctx.viewer(), id, language).await;
        QuestionTextRemovePayload::of(Question::changed(ctx, changed).await)
    }

    /// Removes a question from the draft. Codes: none.
    async fn question_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question.")] id: QuestionId,
    ) -> Option<Result<QuestionRemovePayload>> {
        let changed = ordering::remove(ctx.app(), ctx.viewer(), id).await;
        QuestionRemovePayload::of(Quiz::changed(ctx, changed).await)
    }

    /// Orders the questions. Codes: INCOMPLETE, NOT_FOUND.
    async fn questions_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The quiz.")] quiz_id: QuizId,
        #[graphql(desc = "All its questions, in the order wanted.")] question_ids: Vec<QuestionId>,
    ) -> Option<Result<QuestionsReorderPayload>> {
        let changed = ordering::reorder(ctx.app(), ctx.viewer(), quiz_id, question_ids).await;
        QuestionsReorderPayload::of(Quiz::changed(ctx, changed).await)
    }

    /// Starts an attempt; one under way is answered instead of a new one. A quiz that was passed is over. Codes:
    /// LIMIT_REACHED, WRONG_STATE, KEY_REUSED.
    async fn quiz_attempt_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`id`, not `permanentId`, of a QUIZ lesson of a published version.")] lesson_id: LessonId,
        #[graphql(desc = "Idempotency key.")] key: Uuid,
    ) -> Option<Result<QuizAttemptStartPayload>> {
        let started = attempting::start(ctx.app(), ctx.viewer(), lesson_id, key).await;
        QuizAttemptStartPayload::of(QuizAttempt::changed(ctx, started).await)
    }

    /// Saves an answer. It counts when it arrives by the deadline, unless the attempt was handed in meanwhile. Codes:
    /// TOO_LATE, WRONG_STATE, INVALID, NOT_FOUND.
    async fn quiz_response_save(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The answer.")] input: QuizResponseSaveInput,
    ) -> Option<Result<QuizResponseSavePayload>> {
        let saved = saving::save(ctx.app(), ctx.viewer(), input, ctx.app().clock.now()).await;
        QuizResponseSavePayload::of(saved.map(AttemptQuestion))
    }

    /// Hands an attempt in and grades it, once; again answers the same. Codes: none.
    async fn quiz_attempt_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The attempt.")] id: QuizAttemptId,
    ) -> Option<Result<QuizAttemptSubmitPayload>> {
        let submitted = handing_in::submit(ctx.app(), ctx.viewer(), id, ctx.app().clock.now()).await;
        QuizAttemptSubmitPayload::of(QuizAttempt::changed(ctx, submitted).await)
    }

    /// Gives one person more time or attempts; for staff. Codes: BLANK, TOO_LONG, OUT_OF_RANGE, NOT_FOUND, KEY_REUSED.
    async fn quiz_allowance_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, to whom.")] input: QuizAllowanceGrantInput,
    ) -> Option<Result<QuizAllowanceGrantPayload>> {
        let granted = allowing::grant(ctx.app(), ctx.viewer(), input).await;
        QuizAllowanceGrantPayload::of(QuizAllowance::granted(ctx, granted).await)
    }
}
