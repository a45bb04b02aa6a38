//! Certificates of attendance. The organiser issues them once the webinar is over and the list of who was present is in;
//! those who come to have attended later get theirs when they are issued again. A record stays whatever changes afterwards,
//! unless it is revoked.

use std::collections::{HashMap, HashSet};

use async_graphql::InputObject;
use chrono_tz::Tz;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;

use super::{
    attendance,
    attending::Presence,
    crediting, policy,
    registration::{self, RegistrationState},
    series,
    telling::{self, News},
    webinar::{self, State},
    webinar_text,
};
use crate::{
    accounts::user,
    app::App,
    audit::{self, Action},
    certificates::{
        certificate::{Certificate, Funder, Holder, Kind, language_of},
        code,
    },
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::{AttendanceId, RegistrationId, UserId, WebinarId},
    language::{Language, translated::choose},
    rows::{among, keyed},
    text, transact,
    viewer::Viewer,
};

/// The most funders that a certificate has room for.
const FUNDERS: usize = 6;

/// Issues certificates to all who attended and have none; how many that were.
pub async fn issue(app: &App, viewer: &Viewer, id: WebinarId) -> Result<usize> {
    transact!(app, |tx| {
        let webinar = policy::editable(tx, viewer, id).await?;
        if webinar.state != State::Published || tx.now() < webinar.ends_at {
            return Err(Problem::at(UserErrorCode::WrongState, "id").saying("problem-webinar-not-held").into());
        }
        let attended = attended(tx, &webinar).await?;
        let records = records(tx, &webinar, &attended).await?;
        for some in records.chunks(100) {
            attendance::Entity::insert_many(some.to_vec()).exec_without_returning(tx).await.map_err(Error::collided)?;
        }
        for registration in &attended {
            telling::tell(tx, registration.id, News::CertificateIssued).await?;
        }
        if !attended.is_empty() {
            let action = Action::new("webinar.certificates_issued").on(id).with("count", attended.len());
            audit::record(tx, viewer, action).await?;
        }
        Ok(attended.len())
    })
}

/// The registrations of those who attended and have no record.
async fn attended(tx: &Tx, webinar: &webinar::Model) -> Result<Vec<registration::Model>> {
    let series = series::Entity::find_by_id(webinar.series_id).one(tx).await?.ok_or(Error::NotFound("series"))?;
    let of_webinar = attendance::Entity::find().filter(attendance::Column::WebinarId.eq(webinar.id));
    let have = of_webinar.select_only().column(attendance::Column::RegistrationId).into_tuple::<RegistrationId>();
    let have: HashSet<_> = have.all(tx).await?.into_iter().collect();
    let registered = registration::Entity::find()
        .filter(registration::Column::WebinarId.eq(webinar.id))
        .filter(registration::Column::State.ne(RegistrationState::Cancelled))
        .order_by_asc(registration::Column::Id)
        .all(tx)
        .await?;
    let has_attended = |registration: &registration::Model| {
        let presence = Presence::of(registration, webinar, tx.now());
        presence.is_some_and(|presence| presence.is_enough(webinar, series.attendance_percent))
    };
    Ok(registered.into_iter().filter(|registration| !have.contains(&registration.id) && has_attended(registration)).collect())
}

async fn records(tx: &Tx, webinar: &webinar::Model, attended: &[registration::Model]) -> Result<Vec<attendance::ActiveModel>> {
    let texts = webinar_text::Entity::find().filter(webinar_text::Column::WebinarId.eq(webinar.id)).all(tx).await?;
    let ids: Vec<UserId> = attended.iter().map(|registration| registration.user_id).collect();
    let backend = sea_orm::ConnectionTrait::get_database_backend(tx);
    // Locked, so that whoever renews their names meanwhile finds these records, and in one order, as others lock several people.
    let people = user::Entity::find().filter(among(backend, user::Column::Id, &ids)).order_by_asc(user::Column::Id);
    let people: HashMap<UserId, user::Model> = keyed(people.lock_shared().all(tx).await?, |person| person.id);
    let record = |registration: &registration::Model| {
        let person = people.get(&registration.user_id).ok_or(Error::NotFound("user"))?;
        let title = choose(&texts, [&person.language], &webinar.original_language).map(|text| text.title.clone());
        Ok(attendance::ActiveModel {
            id: Set(AttendanceId::new()),
            code: Set(code::new()?),
            registration_id: Set(registration.id),
            webinar_id: Set(webinar.id),
            user_id: Set(person.id),
            full_name: Set(person.full_name.clone()),
            latin_name: Set(person.latin_name.clone()),
            title: Set(title.unwrap_or_default()),
            language: Set(person.language.clone()),
            held_at: Set(webinar.starts_at),
            duration_minutes: Set(webinar.duration_minutes),
            issued_at: Set(tx.now()),
            revoked_at: Set(None),
            revocation_reason: Set(None),
        })
    };
    attended.iter().map(record).collect()
}

/// A record to revoke.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct AttendanceRevokeInput {
    /// The record.
    pub id: AttendanceId,
    /// Why, 1 to 500 characters; the holder and those who may change the webinar can read it.
    pub reason: String,
}

/// Revokes a record: its certificate and badge are no longer valid. For those who may change the webinar; the holder is told.
/// Once more it changes nothing, whatever the reason.
pub async fn revoke(app: &App, viewer: &Viewer, input: &AttendanceRevokeInput) -> Result<attendance::Model> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let reason = problems.take("input.reason", text::line(&input.reason, 500));
    problems.done()?;
    transact!(app, |tx| {
        let record = policy::editable_attendance(tx, viewer, input.id).await?;
        if record.revoked_at.is_some() {
            return Ok(record);
        }
        let mut change = record.into_active_model();
        change.revoked_at = Set(Some(tx.now()));
        change.revocation_reason = Set(Some(reason.clone()));
        changed(tx, viewer, change, "attendance.revoked", News::CertificateRevoked).await
    })
}

/// Makes a revoked record valid again; for those who may change the webinar. The holder is told.
pub async fn restore(app: &App, viewer: &Viewer, id: AttendanceId) -> Result<attendance::Model> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let record = policy::editable_attendance(tx, viewer, id).await?;
        if record.revoked_at.is_none() {
            return Ok(record);
        }
        let mut change = record.into_active_model();
        change.revoked_at = Set(None);
        change.revocation_reason = Set(None);
        changed(tx, viewer, change, "attendance.restored", News::CertificateRestored).await
    })
}

async fn changed(
    tx: &Tx,
    viewer: &Viewer,
    change: attendance::ActiveModel,
    action: &'static str,
    news: News,
) -> Result<attendance::Model> {
    let record = change.update(tx).await?;
    audit::record(tx, viewer, Action::new(action).on(record.id).with("webinar", record.webinar_id.to_string())).await?;
    telling::tell(tx, record.registration_id, news).await?;
    Ok(record)
}

/// The certificate of a record, in the language asked for if it is one of the site's, else in that of the holder then; for
/// the holder and administrators. `None` for others, once the record is revoked, and until it bears a name.
pub async fn certificate(
    app: &App,
    viewer: &Viewer,
    record: &attendance::Model,
    language: Option<&Language>,
) -> Result<Option<Certificate>> {
    let may = viewer.is(record.user_id) || viewer.is_administrator();
    // A record that a server of the release before made bears no name until one is filled in.
    if !may || record.revoked_at.is_some() || record.full_name.is_empty() {
        return Ok(None);
    }
    of_record(app, record, language_of(language, &record.language)).await
}

/// A record and its certificate, for whoever was given an address of its file.
pub async fn by_id(app: &App, id: AttendanceId, language: Language) -> Result<Option<(attendance::Model, Option<Certificate>)>> {
    let Some(record) = attendance::Entity::find_by_id(id).one(app.db.read()).await? else { return Ok(None) };
    let mut certificate = of_record(app, &record, language).await?;
    if let Some(certificate) = &mut certificate {
        crediting::add_emblems(app, record.webinar_id, &mut certificate.funders).await?;
    }
    Ok(Some((record, certificate)))
}

/// The record with a code. For what anyone may learn who has the code.
pub async fn of_code(app: &App, code: &str) -> Result<Option<attendance::Model>> {
    Ok(attendance::Entity::find().filter(attendance::Column::Code.eq(code)).one(app.db.read()).await?)
}

async fn of_record(app: &App, record: &attendance::Model, language: Language) -> Result<Option<Certificate>> {
    let db = app.db.read();
    // A record goes with its webinar, and with the account of its holder.
    let Some(webinar) = webinar::Entity::find_by_id(record.webinar_id).one(db).await? else { return Ok(None) };
    let credits = crediting::credits(app, webinar.series_id, &language).await?;
    let funder = |credit: crediting::Credit| Funder { name: credit.name, sentence: credit.sentence, emblem: None };
    let code = code::grouped(&record.code);
    let zone: Tz = webinar.time_zone.parse().unwrap_or_default();
    Ok(Some(Certificate {
        kind: Kind::Webinar,
        title: title(app, record, &webinar, &language).await?,
        language,
        holder: Holder { full_name: record.full_name.clone(), latin_name: record.latin_name.clone() },
        achievement: record.webinar_id.0.urn().to_string(),
        at: record.held_at,
        day: record.held_at.with_timezone(&zone).date_naive(),
        minutes: u32::try_from(record.duration_minutes).ok(),
        issuer: app.config.site_name.clone(),
        organisers: Vec::new(),
        funders: credits.into_iter().take(FUNDERS).map(funder).collect(),
        check_url: app.config.page(&format!("#/check/{code}")),
        code,
    }))
}

/// The title as it stands on the record, or in another language as the webinar has it now.
async fn title(app: &App, record: &attendance::Model, webinar: &webinar::Model, language: &Language) -> Result<String> {
    if *language == record.language {
        return Ok(record.title.clone());
    }
    let texts = webinar_text::Entity::find().filter(webinar_text::Column::WebinarId.eq(webinar.id));
    let texts = texts.all(app.db.read()).await?;
    let text = choose(&texts, [language], &webinar.original_language);
    Ok(text.map_or_else(|| record.title.clone(), |text| text.title.clone()))
}
