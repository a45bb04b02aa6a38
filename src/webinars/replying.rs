//! What people answer to the questions of a webinar when they register for it, or say that they come.

use std::collections::HashMap;

use async_graphql::InputObject;
use sea_orm::{ColumnTrait, EntityTrait, FromJsonQueryResult, QueryFilter, Set, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use super::{answer, question};
use crate::{
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{RegistrationId, WebinarId, WebinarQuestionId},
    text,
};

/// An answer to a question of the webinar.
#[derive(Clone, Debug, InputObject)]
pub struct WebinarAnswerInput {
    /// The question.
    pub question_id: WebinarQuestionId,
    /// At most 1,000 characters.
    pub answer: String,
}

/// Answers by their questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Answers(HashMap<WebinarQuestionId, String>);

impl Answers {
    /// Parses what was given as `input.answers`.
    pub fn parse(problems: &mut Problems, given: &[WebinarAnswerInput]) -> Self {
        let mut answers = HashMap::new();
        for (index, each) in given.iter().enumerate() {
            let path = format!("input.answers.{index}.answer");
            answers.insert(each.question_id, problems.take(&path, text::optional_body(&each.answer, 1_000)));
        }
        Self(answers)
    }

    /// That these, which were `given`, are answers to the questions of a webinar: none is empty that is needed, and where `wholly`,
    /// none that is needed is absent.
    pub async fn check(
        &self,
        tx: &Tx,
        webinar: WebinarId,
        given: &[WebinarAnswerInput],
        wholly: bool,
        problems: &mut Problems,
    ) -> Result<()> {
        let questions = question::Entity::find().filter(question::Column::WebinarId.eq(webinar)).all(tx).await?;
        for (index, each) in given.iter().enumerate() {
            let is_asked = questions.iter().any(|question| question.id == each.question_id);
            problems.check(is_asked, || Problem::at(UserErrorCode::NotFound, &format!("input.answers.{index}.questionId")));
        }
        let lacks = |question: &question::Model| self.0.get(&question.id).map_or(wholly, String::is_empty);
        let is_complete = !questions.iter().any(|question| question.is_required && lacks(question));
        problems.check(is_complete, || Problem::at(UserErrorCode::Incomplete, "input.answers"));
        Ok(())
    }

    /// Keeps them with a registration; an empty one takes back what was answered.
    pub async fn write(&self, tx: &Tx, id: RegistrationId) -> Result<()> {
        for (question, text) in &self.0 {
            if text.is_empty() {
                answer::Entity::delete_by_id((id, *question)).exec(tx).await?;
                continue;
            }
            let row = answer::ActiveModel { registration_id: Set(id), question_id: Set(*question), answer: Set(text.clone()) };
            let instead = OnConflict::columns([answer::Column::RegistrationId, answer::Column::QuestionId])
                .update_column(answer::Column::Answer)
                .to_owned();
            answer::Entity::insert(row).on_conflict(instead).exec_without_returning(tx).await?;
        }
        Ok(())
    }
}
