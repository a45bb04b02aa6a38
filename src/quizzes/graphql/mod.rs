//! Quizzes in the API.

pub mod attempt;
pub mod mutation;
pub mod question;
pub mod quiz;

use async_graphql::{Context, Object};

pub use self::{
    attempt::{QuizAllowance, QuizAttempt},
    mutation::QuizMutation,
    question::Question,
    quiz::{Quiz, QuizConnection, quizzes_of},
};
use crate::{
    error::Result,
    ids::{QuizAttemptId, QuizId},
};

/// Asking about quizzes.
#[derive(Default)]
pub struct QuizQuery;

#[Object]
impl QuizQuery {
    /// A quiz.
    async fn quiz(&self, ctx: &Context<'_>, #[graphql(desc = "The quiz.")] id: QuizId) -> Option<Result<Quiz>> {
        Quiz::load(ctx, Some(id)).await
    }

    /// An attempt; for the person and staff.
    async fn quiz_attempt(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The attempt.")] id: QuizAttemptId,
    ) -> Option<Result<QuizAttempt>> {
        QuizAttempt::load(ctx, id).await.transpose()
    }
}
