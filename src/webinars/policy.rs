//! Who may see and do what with webinars.
//!
//! A series is changed by its owner while they are an organiser, administrators, and those let in as its staff, who change all
//! its webinars; a webinar besides by its own staff. A webinar that is no draft is seen by its mark, by those let in to it or to its
//! series, and by those who registered; a draft by its staff and speakers only. Who made a webinar has no right by that.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait as _, SimpleExpr},
};

use super::{
    attendance, funder, material, question, recording,
    registration::{self, RegistrationState},
    seeing::{self, Seen},
    series, speaker,
    webinar::{self, State},
};
use crate::{
    accounts::access::{self, AccessRole},
    error::{Error, Result},
    ids::{
        AttendanceId, RegistrationId, UserId, WebinarFunderId, WebinarId, WebinarQuestionId, WebinarSeriesId, WebinarSpeakerId,
    },
    role::SiteRole,
    viewer::{SignedIn, Viewer},
};

/// Whoever may make series.
pub fn maker(viewer: &Viewer) -> Result<&SignedIn> {
    viewer.vetted()?;
    viewer.holding(SiteRole::Organiser)
}

pub(super) fn never() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

pub(super) fn same(column: impl ColumnTrait, other: impl ColumnTrait) -> SimpleExpr {
    Expr::col(column.as_column_ref()).equals(other.as_column_ref())
}

/// Of `webinar_series`: that `viewer` made it. Who no longer organises has what they made no longer either.
fn own_series(viewer: &Viewer) -> Condition {
    maker(viewer).map_or_else(|_| never(), |maker| Condition::all().add(series::Column::OwnerId.eq(maker.id)))
}

/// The series that `viewer` may see.
pub fn visible_series(viewer: &Viewer) -> Select<series::Entity> {
    use series::Column;
    let all = series::Entity::find();
    if viewer.is_administrator() {
        return all;
    }
    all.filter(Condition::any().add(access::open_to(viewer, Column::Visibility, Column::Id)).add(own_series(viewer)))
}

/// Of `webinar_series`: that `viewer` may change it.
pub fn changes_series(viewer: &Viewer) -> Condition {
    let Some(user) = viewer.user_id() else { return never() };
    if viewer.is_administrator() {
        return Condition::all();
    }
    let given = Expr::exists(access::of(user, series::Column::Id, &[AccessRole::Staff]));
    Condition::any().add(given).add(own_series(viewer))
}

/// Loads and locks a series that `viewer` may change.
pub async fn editable_series(db: &impl ConnectionTrait, viewer: &Viewer, id: WebinarSeriesId) -> Result<series::Model> {
    viewer.signed_in()?;
    let found = visible_series(viewer).filter(series::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    let series = found.ok_or(Error::NotFound("series"))?;
    if edits_series(db, viewer, &series).await? { Ok(series) } else { Err(viewer.refused()) }
}

/// Whether `viewer` may change `series`.
pub async fn edits_series(db: &impl ConnectionTrait, viewer: &Viewer, series: &series::Model) -> Result<bool> {
    let Some(account) = &viewer.account else { return Ok(false) };
    Ok(viewer.is_administrator()
        || series.owner_id == account.id && maker(viewer).is_ok()
        || access::holds(db, account.id, series.id.0, &[AccessRole::Staff]).await?)
}

/// Of `webinar`: that `viewer` may change it.
pub fn changes(viewer: &Viewer) -> Condition {
    let Some(user) = viewer.user_id() else { return never() };
    if viewer.is_administrator() {
        return Condition::all();
    }
    let of_series = series::Entity::find()
        .select_only()
        .column(series::Column::Id)
        .filter(same(series::Column::Id, webinar::Column::SeriesId))
        .filter(changes_series(viewer));
    Condition::any()
        .add(Expr::exists(access::of(user, webinar::Column::Id, &[AccessRole::Staff])))
        .add(Expr::exists(of_series.into_query()))
}

/// Of `webinar`: that `viewer` speaks in it.
pub fn speaks(viewer: &Viewer) -> Condition {
    let Some(user) = viewer.user_id() else { return never() };
    Condition::all().add(Expr::exists(access::of(user, webinar::Column::Id, &[AccessRole::Speaker])))
}

/// Of `webinar`: that `user` has a seat in it, or waits for one.
fn registered(user: UserId) -> SimpleExpr {
    let registrations = registration::Entity::find()
        .select_only()
        .column(registration::Column::Id)
        .filter(same(registration::Column::WebinarId, webinar::Column::Id))
        .filter(registration::Column::UserId.eq(user))
        .filter(registration::Column::State.ne(RegistrationState::Cancelled));
    Expr::exists(registrations.into_query())
}

/// For things that belong to a webinar, whose id stands in the column `webinar_id`: that the viewer may change it.
pub fn run_by(viewer: &Viewer, webinar_id: impl ColumnTrait) -> SimpleExpr {
    let webinars = webinar::Entity::find()
        .select_only()
        .column(webinar::Column::Id)
        .filter(same(webinar::Column::Id, webinar_id))
        .filter(changes(viewer));
    Expr::exists(webinars.into_query())
}

/// For things that belong to a webinar, whose id stands in the column `webinar_id`: that the viewer has a seat in it.
pub fn seated(viewer: &Viewer, webinar_id: impl ColumnTrait) -> SimpleExpr {
    let Some(user) = viewer.user_id() else { return Expr::cust("1 = 0") };
    let seats = registration::Entity::find()
        .select_only()
        .column(registration::Column::Id)
        .filter(same(registration::Column::WebinarId, webinar_id))
        .filter(registration::Column::UserId.eq(user))
        .filter(registration::Column::State.eq(RegistrationState::Registered));
    Expr::exists(seats.into_query())
}

/// Locks the registration of `user` for a webinar, if it has a seat.
pub async fn seat(db: &impl ConnectionTrait, webinar: WebinarId, user: UserId) -> Result<Option<registration::Model>> {
    let registrations = registration::Entity::find()
        .filter(registration::Column::WebinarId.eq(webinar))
        .filter(registration::Column::UserId.eq(user))
        .lock_exclusive();
    let registration = registrations.one(db).await?;
    Ok(registration.filter(|registration| registration.state == RegistrationState::Registered))
}

/// The webinars that `viewer` may see.
pub fn visible(viewer: &Viewer) -> Select<webinar::Entity> {
    use webinar::Column;
    let webinars = webinar::Entity::find();
    if viewer.is_administrator() {
        return webinars;
    }
    let mut audience = Condition::any().add(access::open_to(viewer, Column::Visibility, Column::Id));
    if let Some(user) = viewer.user_id() {
        audience = audience.add(Expr::exists(access::of(user, Column::SeriesId, &[]))).add(registered(user));
    }
    let shown = Condition::all().add(Column::State.ne(State::Draft)).add(audience);
    webinars.filter(Condition::any().add(shown).add(changes(viewer)).add(speaks(viewer)))
}

/// Whether `viewer` may register for a webinar that they see: the vetted, and those let in by name.
pub async fn admits(db: &impl ConnectionTrait, viewer: &Viewer, webinar: &webinar::Model) -> Result<bool> {
    let account = viewer.signed_in()?;
    Ok(account.vetted
        || access::holds(db, account.id, webinar.id.0, &[]).await?
        || access::holds(db, account.id, webinar.series_id.0, &[]).await?)
}

/// Loads and locks a webinar that `viewer` sees.
pub async fn locked(db: &impl ConnectionTrait, viewer: &Viewer, id: WebinarId) -> Result<Seen> {
    viewer.signed_in()?;
    let found = visible(viewer).filter(webinar::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    found.ok_or(Error::NotFound("webinar"))?;
    // Read again, with what the viewer is in it, now that nobody else changes it.
    seeing::by_id(db, viewer, id).await?.ok_or(Error::NotFound("webinar"))
}

/// Loads a webinar that `viewer` sees, and locks it against changes; others may do so at the same time.
pub async fn steady(db: &impl ConnectionTrait, viewer: &Viewer, id: WebinarId) -> Result<Seen> {
    viewer.signed_in()?;
    let found = visible(viewer).filter(webinar::Column::Id.eq(id)).lock_shared().one(db).await?;
    found.ok_or(Error::NotFound("webinar"))?;
    seeing::by_id(db, viewer, id).await?.ok_or(Error::NotFound("webinar"))
}

/// Loads and locks a webinar that `viewer` may change.
pub async fn editable(db: &impl ConnectionTrait, viewer: &Viewer, id: WebinarId) -> Result<webinar::Model> {
    let seen = locked(db, viewer, id).await?;
    if seen.edits { Ok(seen.webinar) } else { Err(viewer.refused()) }
}

/// What belongs to a hidden thing is hidden too, and does not name that thing.
pub(super) fn as_part<T>(result: Result<T>, what: &'static str) -> Result<T> {
    result.map_err(|error| if matches!(error, Error::NotFound(_)) { Error::NotFound(what) } else { error })
}

/// What only those who may change a thing are shown of it is hidden from all others.
pub(super) fn as_secret<T>(result: Result<T>, what: &'static str) -> Result<T> {
    result.map_err(|error| if matches!(error, Error::NotFound(_) | Error::Forbidden) { Error::NotFound(what) } else { error })
}

/// A speaker, with their locked webinar, that `viewer` may change.
pub async fn editable_speaker(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: WebinarSpeakerId,
) -> Result<(speaker::Model, webinar::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("speaker");
    let speaker = speaker::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    let webinar = as_part(editable(db, viewer, speaker.webinar_id).await, "speaker")?;
    Ok((speaker::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?, webinar))
}

/// A question, with its locked webinar, that `viewer` may change.
pub async fn editable_question(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: WebinarQuestionId,
) -> Result<(question::Model, webinar::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("question");
    let question = question::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    let webinar = as_part(editable(db, viewer, question.webinar_id).await, "question")?;
    Ok((question::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?, webinar))
}

/// A funder, with their locked series, that `viewer` may change.
pub async fn editable_funder(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: WebinarFunderId,
) -> Result<(funder::Model, series::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("funder");
    let funder = funder::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    let series = as_part(editable_series(db, viewer, funder.series_id).await, "funder")?;
    Ok((funder::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?, series))
}

/// The registrations that `viewer` may see: their own, and those for webinars that they may change.
pub fn registrations(viewer: &Viewer) -> Select<registration::Entity> {
    let Some(user) = viewer.user_id() else { return registration::Entity::find().filter(never()) };
    let run = webinar::Entity::find()
        .select_only()
        .column(webinar::Column::Id)
        .filter(same(webinar::Column::Id, registration::Column::WebinarId))
        .filter(changes(viewer));
    let seen = Condition::any().add(registration::Column::UserId.eq(user)).add(Expr::exists(run.into_query()));
    registration::Entity::find().filter(seen)
}

/// A registration of the viewer's or for a webinar that they may change, with its locked webinar.
pub async fn changed_registration(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: RegistrationId,
) -> Result<(registration::Model, webinar::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("registration");
    let mine = || registrations(viewer).filter(registration::Column::Id.eq(id));
    let found = mine().one(db).await?.ok_or_else(missing)?;
    let webinar = webinar::Entity::find_by_id(found.webinar_id).lock_exclusive().one(db).await?.ok_or_else(missing)?;
    // Read again: it may have moved while the lock was waited for.
    Ok((mine().one(db).await?.ok_or_else(missing)?, webinar))
}

/// Loads and locks a record of attendance at a webinar that `viewer` may change. Its holder sees it and may not; for others
/// there is none.
pub async fn editable_attendance(db: &impl ConnectionTrait, viewer: &Viewer, id: AttendanceId) -> Result<attendance::Model> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("attendance");
    let record = attendance::Entity::find_by_id(id).lock_exclusive().one(db).await?.ok_or_else(missing)?;
    match editable(db, viewer, record.webinar_id).await {
        Ok(_) => Ok(record),
        Err(Error::NotFound(_) | Error::Forbidden) if !viewer.is(record.user_id) => Err(missing()),
        Err(Error::NotFound(_)) => Err(Error::Forbidden),
        Err(error) => Err(error),
    }
}

/// For files, whose id stands in `id`: that it is the emblem of a funder of something that the viewer sees.
pub fn credits(viewer: &Viewer, id: impl ColumnTrait) -> SimpleExpr {
    let series = visible_series(viewer)
        .select_only()
        .column(series::Column::Id)
        .filter(same(series::Column::Id, funder::Column::SeriesId));
    let webinars = visible(viewer)
        .select_only()
        .column(webinar::Column::Id)
        .filter(same(webinar::Column::SeriesId, funder::Column::SeriesId));
    let credited = Condition::any().add(Expr::exists(series.into_query())).add(Expr::exists(webinars.into_query()));
    let funders = funder::Entity::find()
        .select_only()
        .column(funder::Column::Id)
        .filter(same(funder::Column::EmblemId, id))
        .filter(credited);
    Expr::exists(funders.into_query())
}

/// Of `webinar`: that what it gives is for `viewer`, who has a seat in it, speaks in it or changes it.
fn gives_to(viewer: &Viewer) -> Condition {
    Condition::any().add(changes(viewer)).add(speaks(viewer)).add(seated(viewer, webinar::Column::Id))
}

/// For recordings, whose id stands in `id`: that it is of a webinar that gives it to the viewer.
pub fn replays(viewer: &Viewer, id: impl ColumnTrait) -> SimpleExpr {
    if viewer.account.is_none() {
        return Expr::cust("1 = 0");
    }
    let webinars = webinar::Entity::find()
        .select_only()
        .column(webinar::Column::Id)
        .filter(same(webinar::Column::Id, recording::Column::WebinarId))
        .filter(webinar::Column::State.eq(State::Published))
        .filter(gives_to(viewer));
    let of_webinars = recording::Entity::find()
        .select_only()
        .column(recording::Column::RecordingId)
        .filter(same(recording::Column::RecordingId, id))
        .filter(Expr::exists(webinars.into_query()));
    Expr::exists(of_webinars.into_query())
}

/// For files, whose id stands in `id`: that a webinar gives it to the viewer.
pub fn gives(viewer: &Viewer, id: impl ColumnTrait) -> SimpleExpr {
    if viewer.account.is_none() {
        return Expr::cust("1 = 0");
    }
    let webinars = webinar::Entity::find()
        .select_only()
        .column(webinar::Column::Id)
        .filter(same(webinar::Column::Id, material::Column::WebinarId))
        .filter(gives_to(viewer));
    let materials = material::Entity::find()
        .select_only()
        .column(material::Column::FileId)
        .filter(same(material::Column::FileId, id))
        .filter(Expr::exists(webinars.into_query()));
    Expr::exists(materials.into_query())
}
