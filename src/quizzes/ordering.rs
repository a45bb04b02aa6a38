//! The order of the questions of a draft.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select, Set};

use super::{policy, question};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::Result,
    ids::{QuestionId, QuizId},
    rows::reordered,
    transact,
    viewer::Viewer,
};

/// The questions of the draft.
pub(super) fn standing(quiz: QuizId) -> Select<question::Entity> {
    question::Entity::find().filter(question::Column::QuizId.eq(quiz)).filter(question::Column::RemovedAt.is_null())
}

/// Takes a question out of the draft. Frozen quizzes keep it.
pub async fn remove(app: &App, viewer: &Viewer, id: QuestionId) -> Result<QuizId> {
    transact!(app, |tx| {
        let (quiz, question) = policy::editable_question(tx, viewer, id).await?;
        let mut change = question.into_active_model();
        change.removed_at = Set(Some(tx.now()));
        change.update(tx).await?;
        let left = standing(quiz.id).order_by_asc(question::Column::Position).all(tx).await?;
        place(tx, left).await?;
        audit::record(tx, viewer, Action::new("question.removed").on(id).with("quiz", quiz.id.to_string())).await?;
        Ok(quiz.id)
    })
}

/// Puts the questions of a quiz in the order of `ids`, which are all of them.
pub async fn reorder(app: &App, viewer: &Viewer, quiz: QuizId, ids: Vec<QuestionId>) -> Result<QuizId> {
    transact!(app, |tx| {
        let quiz = policy::editable(tx, viewer, quiz).await?;
        let questions = standing(quiz.id).all(tx).await?;
        let ordered = reordered(questions, |question| question.id, &ids, "questionIds")?;
        if place(tx, ordered).await? {
            audit::record(tx, viewer, Action::new("quiz.questions_reordered").on(quiz.id)).await?;
        }
        Ok(quiz.id)
    })
}

/// Numbers questions in their order; false when they are numbered so already.
async fn place(tx: &Tx, questions: Vec<question::Model>) -> Result<bool> {
    let mut is_changed = false;
    for (position, question) in (1..).zip(questions) {
        if question.position != position {
            let mut change = question.into_active_model();
            change.position = Set(position);
            change.update(tx).await?;
            is_changed = true;
        }
    }
    Ok(is_changed)
}
