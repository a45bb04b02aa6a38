//! Who pays for a series, and is credited for it on its webinars, in their mail and on their certificates.

use async_graphql::InputObject;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde::Serialize;
use uuid::Uuid;

use super::{funder, funder_text, policy, series, webinar};
use crate::{
    app::App,
    audit::{self, Action},
    certificates::certificate::{self, Emblem},
    error::{Problem, Problems, Result, UserErrorCode},
    files::{
        self,
        file::{self, Purpose},
        storing,
    },
    ids::{FileId, WebinarFunderId, WebinarId, WebinarSeriesId},
    language::{
        Language,
        texts::{self, of_site},
        translated::choose,
    },
    naming,
    rows::{among, grouped},
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
            name: problems.take(&format!("{path}.name"), naming::name(&self.name)),
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
        texts::of_original(&text.language, &series.original_language, "input.text.language")?;
        let count = funder::Entity::find().filter(funder::Column::SeriesId.eq(series.id)).count(tx).await?;
        if count >= MOST {
            return Err(Problem::at(UserErrorCode::LimitReached, "input.seriesId").into());
        }
        let id = WebinarFunderId::new();
        let position = i32::try_from(count).unwrap_or(i32::MAX);
        let row = funder::ActiveModel { id: Set(id), series_id: Set(series.id), position: Set(position), emblem_id: Set(None) };
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

/// Sets the emblem of a funder, one's own checked picture, or takes it away. The same again changes nothing.
pub async fn set_emblem(app: &App, viewer: &Viewer, id: WebinarFunderId, file: Option<FileId>) -> Result<WebinarSeriesId> {
    transact!(app, |tx| {
        let (funder, series) = policy::editable_funder(tx, viewer, id).await?;
        if funder.emblem_id == file {
            return Ok(series.id);
        }
        if let Some(file) = file {
            files::policy::usable(tx, viewer, file, Purpose::Emblem, "fileId").await?;
        }
        let mut change = funder.into_active_model();
        change.emblem_id = Set(file);
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("funder.emblem_set").on(id).with("series", series.id.to_string())).await?;
        Ok(series.id)
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

/// The credit of a funder in the language of a reader.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Name.
    pub name: String,
    /// For example “Funded by …”; may be empty.
    pub sentence: String,
}

/// The credits of the funders of a series, in their order, in the language of a reader.
pub async fn credits(app: &App, series: WebinarSeriesId, language: &Language) -> Result<Vec<Credit>> {
    let db = app.db.read();
    let Some(series) = series::Entity::find_by_id(series).one(db).await? else { return Ok(Vec::new()) };
    let funders = of_series(app, series.id).await?;
    let ids: Vec<_> = funders.iter().map(|funder| funder.id).collect();
    let texts = funder_text::Entity::find().filter(among(app.db.backend(), funder_text::Column::FunderId, &ids)).all(db).await?;
    let texts = grouped(texts, |text| text.funder_id);
    let credit = |funder: &funder::Model| {
        let of_funder = texts.get(&funder.id).map_or(&[][..], Vec::as_slice);
        let text = choose(of_funder, [language], &series.original_language);
        text.map_or_else(
            || Credit { name: String::new(), sentence: String::new() },
            |text| Credit { name: text.name.clone(), sentence: text.sentence.clone() },
        )
    };
    Ok(funders.iter().map(credit).collect())
}

/// Adds their emblems to the first of the funders of a webinar's series, which come in their order.
pub async fn add_emblems(app: &App, webinar: WebinarId, funders: &mut [certificate::Funder]) -> Result<()> {
    let db = app.db.read();
    let Some(webinar) = webinar::Entity::find_by_id(webinar).one(db).await? else { return Ok(()) };
    for (row, funder) in of_series(app, webinar.series_id).await?.iter().zip(funders) {
        let Some(emblem) = row.emblem_id else { continue };
        let Some(file) = file::Entity::find_by_id(emblem).one(db).await? else { continue };
        let object = storing::row(db, file.object_id).await?;
        funder.emblem = Emblem::png(app.objects.get(&object.key).await?.to_vec());
    }
    Ok(())
}

async fn of_series(app: &App, series: WebinarSeriesId) -> Result<Vec<funder::Model>> {
    let funders = funder::Entity::find()
        .filter(funder::Column::SeriesId.eq(series))
        .order_by_asc(funder::Column::Position)
        .order_by_asc(funder::Column::Id);
    Ok(funders.all(app.db.read()).await?)
}
