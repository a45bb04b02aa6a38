//! What those who register are asked.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{answer, policy, question, question_text};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{WebinarId, WebinarQuestionId},
    language::{
        Language,
        texts::{self, of_site},
    },
    text, transact, transact_once,
    viewer::Viewer,
};

/// The most questions of one webinar: each costs registrations.
const MOST: u64 = 5;

/// A question to registrants in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarQuestionTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 300 characters.
    pub prompt: String,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A question to those who register.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarQuestionAddInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The webinar.
    pub webinar_id: WebinarId,
    /// Whether nobody registers without an answer.
    #[graphql(default)]
    pub is_required: bool,
    /// The question in the webinar's original language.
    pub text: WebinarQuestionTextInput,
}

impl WebinarQuestionTextInput {
    fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            prompt: problems.take(&format!("{path}.prompt"), text::line(&self.prompt, 300)),
            is_machine: self.is_machine,
        }
    }

    fn row(&self, question_id: WebinarQuestionId) -> question_text::Model {
        question_text::Model {
            question_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            prompt: self.prompt.clone(),
        }
    }
}

/// Adds a question, last in order.
pub async fn add(app: &App, viewer: &Viewer, input: WebinarQuestionAddInput) -> Result<WebinarId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    problems.done()?;
    transact_once!(app, viewer, input.key, "webinarQuestionAdd", &input, |tx| {
        let webinar = policy::editable(tx, viewer, input.webinar_id).await?;
        texts::of_original(&text.language, &webinar.original_language, "input.text.language")?;
        let count = question::Entity::find().filter(question::Column::WebinarId.eq(webinar.id)).count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.webinarId").into());
        }
        let id = WebinarQuestionId::new();
        let row = question::ActiveModel {
            id: Set(id),
            webinar_id: Set(webinar.id),
            position: Set(i32::try_from(count).unwrap_or(i32::MAX)),
            is_required: Set(input.is_required),
        };
        row.insert(tx).await?;
        texts::set::<question_text::Entity>(tx, &webinar.original_language, text.row(id)).await?;
        let action = Action::new("webinar_question.added").on(id).with("webinar", webinar.id.to_string());
        audit::record(tx, viewer, action).await?;
        Ok(webinar.id)
    })
}

/// Writes a question in one language.
pub async fn set_text(app: &App, viewer: &Viewer, id: WebinarQuestionId, input: WebinarQuestionTextInput) -> Result<WebinarId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    let row = text.row(id);
    transact!(app, |tx| {
        let (_, webinar) = policy::editable_question(tx, viewer, id).await?;
        if texts::set::<question_text::Entity>(tx, &webinar.original_language, row.clone()).await? {
            let action = Action::new("webinar_question.text_set").on(id).with("language", text.language.tag());
            audit::record(tx, viewer, action).await?;
        }
        Ok(webinar.id)
    })
}

/// Removes a question that nobody has answered.
pub async fn remove(app: &App, viewer: &Viewer, id: WebinarQuestionId) -> Result<WebinarId> {
    transact!(app, |tx| {
        let (question, webinar) = policy::editable_question(tx, viewer, id).await?;
        let answers = answer::Entity::find().filter(answer::Column::QuestionId.eq(id));
        if answers.one(tx).await?.is_some() {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-question-answered").into());
        }
        question.delete(tx).await?;
        let action = Action::new("webinar_question.removed").on(id).with("webinar", webinar.id.to_string());
        audit::record(tx, viewer, action).await?;
        Ok(webinar.id)
    })
}
