//! Copying what a quiz asks into another, which changes by itself from then on: questions and choices get ids of their own.

use std::collections::BTreeSet;

use sea_orm::{EntityTrait, Set};

use super::{
    drafting::{self, Draft},
    question,
    question_text::{self, ChoiceTexts},
    questioning::{self, Numbered},
};
use crate::{
    database::Tx,
    error::Result,
    ids::{QuestionId, QuestionVersionId, QuizId},
};

/// Copies the questions of a draft, in all languages, into a quiz that has none.
pub async fn questions(tx: &Tx, from: QuizId, to: QuizId) -> Result<()> {
    for draft in drafting::questions(tx, from).await? {
        let (id, version) = (QuestionId::new(), QuestionVersionId::new());
        let row = question::ActiveModel {
            id: Set(id),
            quiz_id: Set(to),
            kind: Set(draft.asked.kind),
            position: Set(draft.position),
            version_id: Set(version),
            removed_at: Set(None),
        };
        question::Entity::insert(row).exec_without_returning(tx).await?;
        let numbered = Numbered { id: version, question: id, number: 1 };
        questioning::store_version(tx, numbered, draft.asked.points, &correct(&draft), texts(&draft, version)).await?;
    }
    Ok(())
}

/// The places of the right choices.
fn correct(draft: &Draft) -> BTreeSet<usize> {
    let choices = draft.asked.choices.iter().enumerate();
    choices.filter_map(|(place, choice)| draft.answer.correct.contains(choice).then_some(place)).collect()
}

fn texts(draft: &Draft, version_id: QuestionVersionId) -> Vec<question_text::Model> {
    let said = draft.asked.wordings.iter().zip(&draft.answer.explanations);
    let text = said.map(|(wording, explanation)| question_text::Model {
        version_id,
        language: wording.language.clone(),
        source_revision: wording.source_revision,
        is_machine: wording.is_machine,
        prompt: wording.prompt.clone(),
        choices: ChoiceTexts(wording.choices.clone()),
        explanation: explanation.clone(),
    });
    text.collect()
}
