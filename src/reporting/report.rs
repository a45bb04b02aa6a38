//! A count as it is written to files: with titles, in one language.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{counts::Population, taking, wording::Words};
use crate::{
    app::App,
    clock::Instant,
    error::{Error, Result},
    ids::{WebinarId, WebinarSeriesId},
    language::{Language, translated},
    rows::{among, grouped},
    viewer::Viewer,
    webinars::{asking, funder, funder_text, seeing, series, series_text, webinar, webinar_text},
};

/// What a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The series.
    pub series: WebinarSeriesId,
    /// One of its webinars alone.
    pub webinar: Option<WebinarId>,
}

/// A count, with titles.
#[derive(Clone, Debug)]
pub struct Report {
    /// The language that it is in.
    pub language: Language,
    /// What it is of.
    pub title: String,
    /// When it was taken.
    pub taken_at: Instant,
    /// Of a hundred minutes, how many one must be present for.
    pub attendance_percent: i32,
    /// Of a series, itself and its webinars; else the webinar.
    pub populations: Vec<(String, Population)>,
    /// Who is credited.
    pub credits: Vec<String>,
}

/// The report of `subject`, for those who may change it.
pub async fn load(app: &App, viewer: &Viewer, subject: Subject, language: &Language) -> Result<Report> {
    let missing = || Error::NotFound("report");
    let db = app.db.read();
    let edits = match subject.webinar {
        None => asking::edits_series(db, viewer, subject.series).await?,
        Some(id) => {
            let seen = seeing::by_id(db, viewer, id).await?;
            seen.is_some_and(|seen| seen.edits && seen.webinar.series_id == subject.series)
        }
    };
    let (row, counts) = taking::newest(app, subject.series).await?.filter(|_| edits).ok_or_else(missing)?;
    let series = series::Entity::find_by_id(subject.series).one(db).await?.ok_or_else(missing)?;
    let titles = titles(db, &counts.webinars, language).await?;
    let title_of = |id: &WebinarId| titles.get(id).cloned().unwrap_or_default();
    let (title, populations) = if let Some(id) = subject.webinar {
        (title_of(&id), vec![(title_of(&id), counts.of_webinar(id).ok_or_else(missing)?.clone())])
    } else {
        let texts = series_text::Entity::find().filter(series_text::Column::SeriesId.eq(series.id)).all(db).await?;
        let title = translated::choose(&texts, [language], &series.original_language).map(|text| text.title.clone());
        let title = title.unwrap_or_default();
        let webinars = counts.webinars.iter().map(title_of).zip(counts.of_webinars);
        (title.clone(), std::iter::once((title, counts.series)).chain(webinars).collect())
    };
    let credits = credits(db, &series, language).await?;
    let (taken_at, attendance_percent) = (row.taken_at, series.attendance_percent);
    Ok(Report { language: language.clone(), title, taken_at, attendance_percent, populations, credits })
}

/// The titles of webinars, with the days on which they were.
async fn titles(db: &impl ConnectionTrait, ids: &[WebinarId], language: &Language) -> Result<HashMap<WebinarId, String>> {
    let backend = db.get_database_backend();
    let webinars = webinar::Entity::find().filter(among(backend, webinar::Column::Id, ids)).all(db).await?;
    let texts = webinar_text::Entity::find().filter(among(backend, webinar_text::Column::WebinarId, ids)).all(db).await?;
    let texts = grouped(texts, |text| text.webinar_id);
    let title = |webinar: webinar::Model| {
        let texts = texts.get(&webinar.id).map_or(&[][..], Vec::as_slice);
        let title = translated::choose(texts, [language], &webinar.original_language).map_or("", |text| text.title.as_str());
        (webinar.id, format!("{title} ({})", Words(language).day(webinar.starts_at)))
    };
    Ok(webinars.into_iter().map(title).collect())
}

/// How the funders of a series are credited.
async fn credits(db: &impl ConnectionTrait, series: &series::Model, language: &Language) -> Result<Vec<String>> {
    let funders = funder::Entity::find()
        .filter(funder::Column::SeriesId.eq(series.id))
        .order_by_asc(funder::Column::Position)
        .order_by_asc(funder::Column::Id)
        .all(db)
        .await?;
    let ids: Vec<_> = funders.iter().map(|funder| funder.id).collect();
    let texts = funder_text::Entity::find().filter(among(db.get_database_backend(), funder_text::Column::FunderId, &ids));
    let texts = grouped(texts.all(db).await?, |text| text.funder_id);
    let credit = |funder: funder::Model| {
        let text = translated::choose(texts.get(&funder.id)?, [language], &series.original_language)?;
        Some(if text.sentence.is_empty() { text.name.clone() } else { text.sentence.clone() })
    };
    Ok(funders.into_iter().filter_map(credit).collect())
}
