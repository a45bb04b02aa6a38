//! Certificates of completion records.

use chrono_tz::Tz;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{completion, course, course_text};
use crate::{
    accounts::user,
    app::App,
    certificates::{
        certificate::{Certificate, Holder, Kind, language_of},
        code,
    },
    error::Result,
    ids::CompletionId,
    language::{Language, translated::choose},
    viewer::Viewer,
};

/// The certificate of a record, in the language asked for if it is one of the site's, else in that of the holder then; for
/// the holder and administrators. `None` for others, once the record is revoked, and until it bears a name.
pub async fn certificate(
    app: &App,
    viewer: &Viewer,
    record: &completion::Model,
    language: Option<&Language>,
) -> Result<Option<Certificate>> {
    let may = viewer.is(record.user_id) || viewer.is_administrator();
    // A record that a server of the release before made bears no name until one is filled in.
    if !may || record.revoked_at.is_some() || record.full_name.is_empty() {
        return Ok(None);
    }
    of_record(app, record, language_of(language, &record.language)).await.map(Some)
}

/// A record and its certificate, for whoever was given an address of its file.
pub async fn by_id(app: &App, id: CompletionId, language: Language) -> Result<Option<(completion::Model, Certificate)>> {
    let Some(record) = completion::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let certificate = of_record(app, &record, language).await?;
    Ok(Some((record, certificate)))
}

async fn of_record(app: &App, record: &completion::Model, language: Language) -> Result<Certificate> {
    // A record outlives the account of its holder: no foreign key holds it. Its day is then that of UTC.
    let holder = user::Entity::find_by_id(record.user_id).one(app.db.read()).await?;
    let zone: Tz = holder.and_then(|holder| holder.time_zone.parse().ok()).unwrap_or_default();
    let code = code::grouped(&record.code);
    Ok(Certificate {
        kind: Kind::Course,
        title: title(app, record, &language).await?,
        language,
        holder: Holder { full_name: record.full_name.clone(), latin_name: record.latin_name.clone() },
        achievement: record.version_id.0.urn().to_string(),
        at: record.completed_at,
        day: record.completed_at.with_timezone(&zone).date_naive(),
        minutes: None,
        issuer: app.config.site_name.clone(),
        organisers: Vec::new(),
        funders: Vec::new(),
        check_url: app.config.page(&format!("#/check/{code}")),
        code,
    })
}

/// The title as it stands on the record, or in another language as it stands in the version that was completed.
async fn title(app: &App, record: &completion::Model, language: &Language) -> Result<String> {
    if *language == record.language {
        return Ok(record.course_title.clone());
    }
    let db = app.db.read();
    let texts = course_text::Entity::find().filter(course_text::Column::VersionId.eq(record.version_id)).all(db).await?;
    let course = course::Entity::find_by_id(record.course_id).one(db).await?;
    let original = course.map_or_else(Language::english, |course| course.original_language);
    Ok(choose(&texts, [language], &original).map_or_else(|| record.course_title.clone(), |text| text.title.clone()))
}
