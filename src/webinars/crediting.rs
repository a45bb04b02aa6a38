//! Who pays for a series, and is credited for it on its webinars, in their mail and on their certificates.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, ModelTrait, PaginatorTrait, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{funder, funder_text, policy};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{WebinarFunderId, WebinarSeriesId},
    language::{
        Language,
        texts::{self, of_site},
    },
    text, transact, transact_once,
    viewer::Viewer,
};

/// The most funders of one series.
const MOST: u64 = 20;

/// The credit of a funder in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarFunderTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub name: String,
    /// For example “Funded by …”, at most 500 characters.
    #[graphql(default)]
    pub sentence: String,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A funder of a series.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarFunderAddInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The series.
    pub series_id: WebinarSeriesId,
    /// The credit in the series' original language.
    pub text: WebinarFunderTextInput,
}

impl WebinarFunderTextInput {
    fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            name: problems.take(&format!("{path}.name"), text::line(&self.name, 200)),
            sentence: problems.take(&format!("{path}.sentence"), text::optional_line(&self.sentence, 500)),
            is_machine: self.is_machine,
        }
    }

    fn row(&self, funder_id: WebinarFunderId) -> funder_text::Model {
        funder_text::Model {
            funder_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            name: self.name.clone(),
            sentence: self.sentence.clone(),
        }
    }
}

/// Credits a funder, last in order.
pub async fn add(app: &App, viewer: &Viewer, input: WebinarFunderAddInput) -> Result<WebinarSeriesId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    problems.done()?;
    transact_once!(app, viewer, input.key, "webinarFunderAdd", &input, |tx| {
        let series = policy::editable_series(tx, viewer, input.series_id).await?;
        if text.language != series.original_language {
            return Err(Problem::at(UserErrorCode::Invalid, "input.text.language").into());
        }
        let count = funder::Entity::find().filter(funder::Column::SeriesId.eq(series.id)).count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.seriesId").into());
        }
        let id = WebinarFunderId::new();
        let position = i32::try_from(count).unwrap_or(i32::MAX);
        let row = funder::ActiveModel { id: Set(id), series_id: Set(series.id), position: Set(position) };
        row.insert(tx).await?;
        texts::set::<funder_text::Entity>(tx, &series.original_language, text.row(id)).await?;
        audit::record(tx, viewer, Action::new("funder.added").on(id).with("series", series.id.to_string())).await?;
        Ok(series.id)
    })
}

/// Writes the credit of a funder in one language.
pub async fn set_text(app: &App, viewer: &Viewer, id: WebinarFunderId, input: WebinarFunderTextInput) -> Result<WebinarSeriesId> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    let row = text.row(id);
    transact!(app, |tx| {
        let (funder, series) = policy::editable_funder(tx, viewer, id).await?;
        if texts::set::<funder_text::Entity>(tx, &series.original_language, row.clone()).await? {
            audit::record(tx, viewer, Action::new("funder.text_set").on(id).with("language", text.language.tag())).await?;
        }
        Ok(funder.series_id)
    })
}

/// Ends the credit of a funder.
pub async fn remove(app: &App, viewer: &Viewer, id: WebinarFunderId) -> Result<WebinarSeriesId> {
    transact!(app, |tx| {
        let (funder, series) = policy::editable_funder(tx, viewer, id).await?;
        funder.delete(tx).await?;
        audit::record(tx, viewer, Action::new("funder.removed").on(id).with("series", series.id.to_string())).await?;
        Ok(series.id)
    })
}
