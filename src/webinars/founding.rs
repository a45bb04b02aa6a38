//! Making series, and changing what they are and say. Webinars are described in the same words, so their texts are read here.

use async_graphql::{InputObject, MaybeUndefined};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{policy, series, series_text};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::WebinarSeriesId,
    language::{
        Language,
        texts::{self, of_site},
    },
    markdown,
    scalars::Markdown,
    slugs, text, transact, transact_once,
    viewer::Viewer,
    visibility::Visibility,
};

/// Texts of a series or webinar in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 20,000 characters.
    #[graphql(default)]
    pub summary: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A new series; its maker changes it and its webinars.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct WebinarSeriesCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Address part, which nothing of the kind has, not even what the viewer may not see; made from the title when absent.
    pub slug: Option<String>,
    /// Who may see it. Its webinars carry marks of their own.
    #[graphql(default_with = "Visibility::Invited")]
    pub visibility: Visibility,
    /// The project that it belongs to, at most 200 characters.
    #[graphql(default)]
    pub project: String,
    /// Of a webinar's minutes, how many of a hundred one must be present for to have attended, 1 to 100.
    #[graphql(default = 75)]
    pub attendance_percent: i32,
    /// Its text in the language it is written in first.
    pub text: WebinarTextInput,
}

/// Changes of a series. What is absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct WebinarSeriesUpdateInput {
    /// Address part.
    pub slug: Option<String>,
    /// Who may see it; takes effect at once.
    pub visibility: Option<Visibility>,
    /// The project that it belongs to, at most 200 characters; null clears.
    pub project: MaybeUndefined<String>,
    /// Of a webinar's minutes, how many of a hundred one must be present for to have attended, 1 to 100.
    pub attendance_percent: Option<i32>,
}

impl WebinarTextInput {
    /// Parses it; problems are noted under `path`.
    pub(super) fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, 200)),
            summary: problems.take(&format!("{path}.summary"), text::optional_body(&self.summary.0, 20_000)).into(),
            is_machine: self.is_machine,
        }
    }

    fn row(&self, series_id: WebinarSeriesId) -> series_text::Model {
        series_text::Model {
            series_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            title: self.title.clone(),
            summary: self.summary.0.clone(),
            summary_html: markdown::to_html(&self.summary.0),
        }
    }
}

fn share(problems: &mut Problems, percent: i32) -> i32 {
    problems.check((1..=100).contains(&percent), || {
        Problem::at(UserErrorCode::OutOfRange, "input.attendancePercent").with("min", 1).with("max", 100)
    });
    percent
}

/// Makes a series; for organisers and administrators.
pub async fn create(app: &App, viewer: &Viewer, input: WebinarSeriesCreateInput) -> Result<WebinarSeriesId> {
    let owner = policy::maker(viewer)?.id;
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    let wanted = input.slug.as_ref().map(|slug| problems.take("input.slug", text::slug(slug)));
    let project = problems.take("input.project", text::optional_line(&input.project, 200));
    let attendance_percent = share(&mut problems, input.attendance_percent);
    problems.done()?;
    transact_once!(app, viewer, input.key, "webinarSeriesCreate", &input, |tx| {
        let id = WebinarSeriesId::new();
        let slug = match &wanted {
            Some(slug) => slugs::wanted::<series::Entity>(tx, series::Column::Slug, slug).await?,
            None => slugs::free::<series::Entity, _>(tx, series::Column::Slug, &text.title, id).await?,
        };
        let row = series::ActiveModel {
            id: Set(id),
            slug: Set(slug),
            owner_id: Set(owner),
            visibility: Set(input.visibility),
            original_language: Set(text.language.clone()),
            project: Set(project.clone()),
            attendance_percent: Set(attendance_percent),
            archived_at: Set(None),
            created_at: Set(tx.now()),
        };
        row.insert(tx).await.map_err(Error::collided)?;
        texts::set::<series_text::Entity>(tx, &text.language, text.row(id)).await?;
        audit::record(tx, viewer, Action::new("series.created").on(id)).await?;
        Ok(id)
    })
}

/// Changes what holds for a series in all languages.
pub async fn update(app: &App, viewer: &Viewer, id: WebinarSeriesId, input: WebinarSeriesUpdateInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let slug = input.slug.as_ref().map(|slug| problems.take("input.slug", text::slug(slug)));
    let project = match &input.project {
        MaybeUndefined::Undefined => None,
        given => Some(problems.take("input.project", text::optional_line(given.value().map_or("", String::as_str), 200))),
    };
    let percent = input.attendance_percent.map(|percent| share(&mut problems, percent));
    problems.done()?;
    transact!(app, |tx| {
        let series = policy::editable_series(tx, viewer, id).await?;
        let (mut fields, mut row) = (Vec::new(), series.clone().into_active_model());
        if let Some(slug) = slug.as_ref().filter(|slug| **slug != series.slug) {
            row.slug = Set(slugs::wanted::<series::Entity>(tx, series::Column::Slug, slug).await?);
            fields.push("slug");
        }
        if let Some(visibility) = input.visibility.filter(|visibility| *visibility != series.visibility) {
            row.visibility = Set(visibility);
            fields.push("visibility");
        }
        if let Some(project) = project.as_ref().filter(|project| **project != series.project) {
            row.project = Set(project.clone());
            fields.push("project");
        }
        if let Some(percent) = percent.filter(|percent| *percent != series.attendance_percent) {
            row.attendance_percent = Set(percent);
            fields.push("attendancePercent");
        }
        if fields.is_empty() {
            return Ok(());
        }
        row.update(tx).await.map_err(Error::collided)?;
        audit::record(tx, viewer, Action::new("series.updated").on(id).fields(fields)).await
    })
}

/// Writes what a series says in one language.
pub async fn set_text(app: &App, viewer: &Viewer, id: WebinarSeriesId, input: WebinarTextInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    let row = text.row(id);
    transact!(app, |tx| {
        let series = policy::editable_series(tx, viewer, id).await?;
        if texts::set::<series_text::Entity>(tx, &series.original_language, row.clone()).await? {
            audit::record(tx, viewer, Action::new("series.text_set").on(id).with("language", text.language.tag())).await?;
        }
        Ok(())
    })
}

/// Removes a translation; the original stays.
pub async fn remove_text(app: &App, viewer: &Viewer, id: WebinarSeriesId, language: Language) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let series = policy::editable_series(tx, viewer, id).await?;
        texts::remove::<series_text::Entity>(tx, &series.original_language, id, &language).await?;
        audit::record(tx, viewer, Action::new("series.text_removed").on(id).with("language", language.tag())).await
    })
}

/// Closes a series to new webinars, or opens it again. Doing so twice changes nothing.
pub async fn set_archived(app: &App, viewer: &Viewer, id: WebinarSeriesId, archived: bool) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let series = policy::editable_series(tx, viewer, id).await?;
        if series.archived_at.is_some() == archived {
            return Ok(());
        }
        let mut row = series.into_active_model();
        row.archived_at = Set(archived.then(|| tx.now()));
        row.update(tx).await?;
        let action = if archived { "series.archived" } else { "series.restored" };
        audit::record(tx, viewer, Action::new(action).on(id)).await
    })
}
