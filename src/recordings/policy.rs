//! Who may see and do what with recordings. Staff are the owner while they are a trainer, administrators, and those given STAFF
//! access.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult as _, Iterable as _, JoinType, QueryFilter,
    QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};

use super::{
    captions,
    recording::{self, State},
    speaker, upload,
};
use crate::{
    accounts::{
        access::{self, AccessRole},
        user,
        viewing::{self, Standing},
    },
    app::App,
    courses::{self, lesson},
    error::{Error, Result},
    gathering::{self, Question},
    ids::{CaptionsId, RecordingId, SpeakerId, UploadId, UserId},
    role::SiteRole,
    rows::{among, given, given_column, keyed},
    sessions::Session,
    viewer::{SignedIn, Viewer},
    webinars,
};

/// The recordings that `viewer` may see. Every read starts here.
pub fn visible(viewer: &Viewer) -> Select<recording::Entity> {
    recording::Entity::find().filter(Condition::any().add(staffed_by(viewer)).add(shown_to(viewer)))
}

/// Published recordings that `viewer` may see.
pub fn listed(viewer: &Viewer) -> Select<recording::Entity> {
    visible(viewer).filter(recording::Column::State.eq(State::Published))
}

/// The recordings that `viewer` may change.
pub fn staffed(viewer: &Viewer) -> Select<recording::Entity> {
    recording::Entity::find().filter(staffed_by(viewer))
}

fn staffed_by(viewer: &Viewer) -> Condition {
    let none = Condition::any();
    let Some(account) = &viewer.account else { return none.add(Expr::value(false)) };
    if viewer.is_administrator() {
        return none.add(Expr::value(true));
    }
    let given = access::of(account.id, recording::Column::Id, &[AccessRole::Staff]);
    none.add_option(own(viewer)).add(Expr::exists(given))
}

/// Of `recording`: that it is the viewer's own. Who no longer makes recordings has those they made no longer either.
fn own(viewer: &Viewer) -> Option<SimpleExpr> {
    maker(viewer).ok().map(|maker| recording::Column::OwnerId.eq(maker.id))
}

/// The same of one recording.
#[must_use]
pub fn owns(viewer: &Viewer, recording: &recording::Model) -> bool {
    maker(viewer).is_ok_and(|maker| maker.id == recording.owner_id)
}

/// Published, and open to the viewer by its visibility, by a course that shows it or by a webinar that it is of.
fn shown_to(viewer: &Viewer) -> Condition {
    use recording::Column;
    let open = access::seen(viewer, own(viewer), Column::Visibility, Column::Id);
    let taught = courses::policy::shows(viewer, lesson::Column::RecordingId, Column::Id);
    let replayed = webinars::policy::replays(viewer, Column::Id);
    Condition::all().add(Column::State.eq(State::Published)).add(Condition::any().add(open).add(taught).add(replayed))
}

/// [`visible`] of one recording, as far as its row says: `None` when the rights given by name, and the courses and webinars that
/// show it, have to be asked.
#[must_use]
pub fn at_sight(viewer: &Viewer, recording: &recording::Model) -> Option<bool> {
    access::at_sight(viewer, owns(viewer, recording), recording.visibility, recording.state == State::Published)
}

/// A recording that `viewer` may see. Most are seen or not by what their row says, which is found by its key; the whole rule
/// is asked only for the others.
pub async fn find(db: &impl ConnectionTrait, viewer: &Viewer, id: RecordingId) -> Result<recording::Model> {
    let recording = recording::Entity::find_by_id(id).one(db).await?;
    if_seen(db, viewer, recording).await
}

/// The recording that was read as `row`, if `viewer` may see it.
pub(super) async fn if_seen(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    row: Option<recording::Model>,
) -> Result<recording::Model> {
    let missing = || Error::NotFound("recording");
    let recording = row.ok_or_else(missing)?;
    match at_sight(viewer, &recording) {
        Some(true) => Ok(recording),
        Some(false) => Err(missing()),
        None => visible(viewer).filter(recording::Column::Id.eq(recording.id)).one(db).await?.ok_or_else(missing),
    }
}

/// As [`find`], for players and their reports, which are many at a time.
pub async fn find_together(app: &App, viewer: &Viewer, id: RecordingId) -> Result<recording::Model> {
    if_seen(app.db.read(), viewer, gathering::ask(app, RowOf(id)).await?).await
}

/// A recording that whoever `session` signs in may see; refused when it signs nobody in.
pub async fn find_by_session(app: &App, session: &Session, id: RecordingId) -> Result<recording::Model> {
    let found = gathering::ask(app, PlayedBy(session.user_id, id)).await?;
    let (account, recording) = found.ok_or(Error::Forbidden)?;
    let account = viewing::judge(session, account, app.clock.now()).ok_or(Error::Forbidden)?;
    let viewer = Viewer { account: Some(account), ..Viewer::visitor() };
    if_seen(app.db.read(), &viewer, recording).await
}

/// What an account is now, with the row of a recording that is played.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct PlayedBy(UserId, RecordingId);

impl Question for PlayedBy {
    type Answer = (Standing, Option<recording::Model>);

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Self::Answer>> {
        let rows = questions.into_iter().map(|Self(user, recording)| vec![user.into(), recording.into()]);
        let is_asked = |column: SimpleExpr, number| ExprTrait::eq(column, given_column(number));
        let mut select = viewing::standings()
            .columns(recording::Column::iter())
            .expr_as(given_column(1), "asked_by")
            .expr_as(given_column(2), "asked_for");
        QueryTrait::query(&mut select)
            .join(JoinType::InnerJoin, given(rows.collect()), is_asked(user::Column::Id.into_expr(), 1))
            .join(JoinType::LeftJoin, recording::Entity, is_asked(recording::Column::Id.into_expr(), 2));
        let mut found = HashMap::new();
        for row in app.db.read().query_all(select.as_query()).await? {
            let account = Standing::from_query_result(&row, viewing::ACCOUNT)?;
            let recording = recording::Model::from_query_result_optional(&row, "")?;
            found.insert(Self(row.try_get("", "asked_by")?, row.try_get("", "asked_for")?), (account, recording));
        }
        Ok(found)
    }
}

/// The row of a recording, whoever asks.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct RowOf(RecordingId);

impl Question for RowOf {
    type Answer = recording::Model;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, recording::Model>> {
        let (db, ids) = (app.db.read(), questions.into_iter().map(|question| question.0).collect::<Vec<_>>());
        let found = recording::Entity::find().filter(among(db.get_database_backend(), recording::Column::Id, &ids));
        Ok(keyed(found.all(db).await?, |recording| RowOf(recording.id)))
    }
}

/// Whether `viewer` is staff of a recording.
pub async fn edits(db: &impl ConnectionTrait, viewer: &Viewer, recording: &recording::Model) -> Result<bool> {
    let Some(account) = &viewer.account else { return Ok(false) };
    Ok(viewer.is_administrator()
        || owns(viewer, recording)
        || access::holds(db, account.id, recording.id.0, &[AccessRole::Staff]).await?)
}

/// Loads and locks a recording that `viewer` may change.
pub async fn editable(db: &impl ConnectionTrait, viewer: &Viewer, id: RecordingId) -> Result<recording::Model> {
    viewer.signed_in()?;
    let found = visible(viewer).filter(recording::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    let recording = found.ok_or(Error::NotFound("recording"))?;
    if edits(db, viewer, &recording).await? { Ok(recording) } else { Err(viewer.refused()) }
}

/// Whoever may make recordings.
pub fn maker(viewer: &Viewer) -> Result<&SignedIn> {
    viewer.vetted()?;
    viewer.holding(SiteRole::Trainer)
}

/// An upload, with its locked recording, that `viewer` may change.
pub async fn editable_upload(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: UploadId,
) -> Result<(upload::Model, recording::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("upload");
    let upload = upload::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    let recording = as_part(editable(db, viewer, upload.recording_id).await, missing)?;
    // Read again: it may have changed while the lock was waited for.
    let upload = upload::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    Ok((upload, recording))
}

/// Captions, with their locked recording, that `viewer` may change.
pub async fn editable_captions(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: CaptionsId,
) -> Result<(captions::Model, recording::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("captions");
    let captions = captions::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    let recording = as_part(editable(db, viewer, captions.recording_id).await, missing)?;
    Ok((captions, recording))
}

/// A speaker, with their locked recording, that `viewer` may change.
pub async fn editable_speaker(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: SpeakerId,
) -> Result<(speaker::Model, recording::Model)> {
    viewer.signed_in()?;
    let missing = || Error::NotFound("speaker");
    let speaker = speaker::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    let recording = as_part(editable(db, viewer, speaker.recording_id).await, missing)?;
    let speaker = speaker::Entity::find_by_id(id).one(db).await?.ok_or_else(missing)?;
    Ok((speaker, recording))
}

/// What belongs to a hidden thing is hidden too, and does not name that thing.
fn as_part<T>(result: Result<T>, missing: impl Fn() -> Error) -> Result<T> {
    result.map_err(|error| if matches!(error, Error::NotFound(_)) { missing() } else { error })
}
