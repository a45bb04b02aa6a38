//! Uploading a file of any size: started here, sent in parts straight to object storage, resumed from what storage has,
//! completed here. Nothing that the client says about the file is believed but its size, and that is checked.

use std::{collections::HashMap, time::Duration};

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    announce,
    checking::Check,
    discarding, policy,
    recording::{self, MediaState},
    upload::{self, State},
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    files::{object, storing, uploading::Address},
    ids::{RecordingId, UploadId},
    jobs,
    objects::{self, ObjectInfo, Part},
    scalars::ByteCount,
    text, transact, transact_once,
    viewer::Viewer,
};

/// The largest recording that may be uploaded, in bytes: ten hours at five megabits a second.
pub const MOST_BYTES: i64 = 24 << 30;
/// How long an upload waits for its parts.
const LIFE: chrono::Duration = chrono::Duration::days(7);
/// How long the address of a part lives.
const ADDRESS_LIFE: Duration = Duration::from_hours(2);
/// The most addresses asked for at once.
const MOST_ADDRESSES: usize = 100;

/// Announcing a file.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct RecordingUploadStartInput {
    /// Idempotency key.
    pub key: Uuid,
    /// The recording; a new upload replaces its media once checked.
    pub recording_id: RecordingId,
    /// At most 200 characters.
    pub file_name: String,
    /// As the client believes; the server finds out itself.
    pub content_type: String,
    /// Exact size, at most `site.uploadLimit`.
    pub size: ByteCount,
}

/// Begins an upload; one that is under way for the recording is thrown away.
pub async fn start(app: &App, viewer: &Viewer, input: RecordingUploadStartInput) -> Result<(recording::Model, upload::Model)> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let file_name = problems.take("input.fileName", text::line(&input.file_name, 200));
    problems.take("input.contentType", text::optional_line(&input.content_type, 200));
    problems
        .check(input.size.0 > 0, || Problem::at(UserErrorCode::OutOfRange, "input.size").with("min", 1).with("max", MOST_BYTES));
    problems.check(input.size.0 <= MOST_BYTES, || Problem::at(UserErrorCode::TooLarge, "input.size").with("max", MOST_BYTES));
    problems.done()?;
    let id = transact_once!(app, viewer, input.key, "recordingUploadStart", &input, |tx| {
        let recording = policy::editable(tx, viewer, input.recording_id).await?;
        discarding::throw_away_open(tx, viewer, recording.id).await?;
        let object = storing::expect(tx, "sources", recording.id.0, "source", "application/octet-stream").await?;
        let row = upload::ActiveModel {
            id: Set(UploadId::new()),
            recording_id: Set(recording.id),
            object_id: Set(object.id),
            state: Set(State::Open),
            storage_upload_id: Set(None),
            file_name: Set(file_name.clone()),
            size: Set(input.size.0),
            created_at: Set(tx.now()),
            expires_at: Set(tx.now() + LIFE),
        };
        let upload = row.insert(tx).await?;
        audit::record(tx, viewer, Action::new("upload.started").on(upload.id).with("recording", recording.id.to_string()))
            .await?;
        set_media_state(tx, recording, MediaState::Uploading, None).await?;
        Ok(upload.id)
    })?;
    let (upload, recording) = policy::editable_upload(app.db.read(), viewer, id).await?;
    let upload = if upload.state == State::Open { begun(app, upload).await?.0 } else { upload };
    Ok((recording, upload))
}

/// Notes where the media stand, and why they wait if they do.
pub(super) async fn set_media_state(
    tx: &Tx,
    recording: recording::Model,
    state: MediaState,
    problem: Option<&str>,
) -> Result<recording::Model> {
    announce(tx, recording.id);
    let mut change = recording.into_active_model();
    change.media_state = Set(state);
    change.media_problem = Set(problem.map(str::to_owned));
    Ok(change.update(tx).await?)
}

/// The upload with storage's name for it, begun there if it was not. Of two at once one is kept.
async fn begun(app: &App, upload: upload::Model) -> Result<(upload::Model, object::Model, String)> {
    let object = storing::row(app.db.read(), upload.object_id).await?;
    if let Some(name) = upload.storage_upload_id.clone() {
        return Ok((upload, object, name));
    }
    let name = app.objects.create_upload(&object.key, &object.content_type).await?;
    let kept = transact!(app, |tx| {
        let change = upload::ActiveModel { storage_upload_id: Set(Some(name.clone())), ..Default::default() };
        let unnamed = upload::Entity::update_many()
            .set(change)
            .filter(upload::Column::Id.eq(upload.id))
            .filter(upload::Column::StorageUploadId.is_null())
            .filter(upload::Column::State.eq(State::Open));
        unnamed.exec(tx).await?;
        upload::Entity::find_by_id(upload.id).one(tx).await?.ok_or(Error::NotFound("upload"))
    })?;
    match kept.storage_upload_id.clone() {
        Some(standing) if standing == name => Ok((kept, object, name)),
        standing => {
            app.objects.abort_upload(&object.key, &name).await?;
            standing.map(|standing| (kept, object, standing)).ok_or(Error::NotFound("upload"))
        }
    }
}

/// The parts that storage has.
pub async fn parts(app: &App, upload: &upload::Model) -> Result<Vec<Part>> {
    let (State::Open, Some(name)) = (upload.state, &upload.storage_upload_id) else { return Ok(Vec::new()) };
    let object = storing::row(app.db.read(), upload.object_id).await?;
    match app.objects.list_parts(&object.key, name).await {
        // A completion that was broken off may have joined them before: then all are there.
        Err(objects::Error::NotFound) => Ok(match whole(app, upload, &object).await? {
            Some(_) => (1..=upload.part_count()).filter_map(|number| part(upload, number)).collect(),
            None => Vec::new(),
        }),
        parts => Ok(parts?),
    }
}

/// A part of which nothing is known but that it is there.
fn part(upload: &upload::Model, number: i32) -> Option<Part> {
    Some(Part { number, size: u64::try_from(upload.size_of_part(number)).ok()?, etag: String::new() })
}

/// What storage knows of the file, if it has all of it.
async fn whole(app: &App, upload: &upload::Model, object: &object::Model) -> Result<Option<ObjectInfo>> {
    let info = app.objects.head(&object.key).await?;
    Ok(info.filter(|info| i64::try_from(info.size) == Ok(upload.size)))
}

/// The numbers of the parts that are missing among `parts` or differ in size.
#[must_use]
pub fn missing(upload: &upload::Model, parts: &[Part]) -> Vec<i32> {
    let there: HashMap<i32, u64> = parts.iter().map(|part| (part.number, part.size)).collect();
    let fits = |number: &i32| there.get(number).is_some_and(|size| i64::try_from(*size) == Ok(upload.size_of_part(*number)));
    (1..=upload.part_count()).filter(|number| !fits(number)).collect()
}

/// Where to send the parts `numbers`.
pub async fn addresses(app: &App, upload: &upload::Model, numbers: &[i32]) -> Result<Vec<(i32, Address)>> {
    if numbers.len() > MOST_ADDRESSES || numbers.iter().any(|number| !(1..=upload.part_count()).contains(number)) {
        return Err(Error::BadInput("`numbers` are at most 100, each from 1 to partCount.".into()));
    }
    if upload.state != State::Open || upload.expires_at <= app.clock.now() {
        return Ok(Vec::new());
    }
    let (upload, object, name) = begun(app, upload.clone()).await?;
    let mut addresses = Vec::with_capacity(numbers.len());
    for number in numbers {
        let size = u64::try_from(upload.size_of_part(*number)).map_err(Error::internal)?;
        let presigned = app.objects.presign_part(&object.key, &name, *number, size, ADDRESS_LIFE).await?;
        addresses.push((*number, Address { presigned, expires_at: app.clock.now() + ADDRESS_LIFE }));
    }
    Ok(addresses)
}

/// The open uploads of a recording: one, but for a moment.
pub async fn open(db: &impl ConnectionTrait, recording: RecordingId) -> Result<Vec<upload::Model>> {
    let uploads = upload::Entity::find().filter(upload::Column::RecordingId.eq(recording));
    Ok(uploads.filter(upload::Column::State.eq(State::Open)).all(db).await?)
}

/// Puts the parts together; a job then checks what arrived. Doing so twice answers the same.
pub async fn complete(app: &App, viewer: &Viewer, id: UploadId) -> Result<(recording::Model, upload::Model)> {
    let (upload, recording) = policy::editable_upload(app.db.read(), viewer, id).await?;
    if upload.state == State::Completed {
        return Ok((recording, upload));
    }
    if upload.state == State::Aborted || upload.expires_at <= app.clock.now() {
        return Err(Problem::at(UserErrorCode::Expired, "uploadId").into());
    }
    let object = storing::row(app.db.read(), upload.object_id).await?;
    let info = join(app, &upload, &object).await?;
    transact!(app, |tx| {
        let (upload, recording) = policy::editable_upload(tx, viewer, id).await?;
        match upload.state {
            State::Completed => return Ok((recording, upload)),
            State::Aborted => return Err(Problem::at(UserErrorCode::Expired, "uploadId").into()),
            State::Open => {}
        }
        storing::stored(tx, object.id, &info).await?;
        audit::record(tx, viewer, Action::new("upload.completed").on(id).with("recording", recording.id.to_string())).await?;
        jobs::enqueue(tx, &Check { recording: recording.id, object: object.id }).await?;
        let recording = set_media_state(tx, recording, MediaState::Checking, None).await?;
        let mut change = upload.into_active_model();
        change.state = Set(State::Completed);
        Ok((recording, change.update(tx).await?))
    })
}

/// Joins the parts in storage. Where an earlier try did so and its answer was lost, the object is there already.
async fn join(app: &App, upload: &upload::Model, object: &object::Model) -> Result<ObjectInfo> {
    let incomplete =
        |lacking: usize| Problem::at(UserErrorCode::Incomplete, "uploadId").saying("upload-incomplete").with("missing", lacking);
    let Some(name) = &upload.storage_upload_id else { return Err(incomplete(1).into()) };
    match app.objects.list_parts(&object.key, name).await {
        Err(objects::Error::NotFound) => {}
        parts => {
            let parts = parts?;
            let lacking = missing(upload, &parts).len();
            if lacking > 0 || i64::try_from(parts.len()) != Ok(upload.part_count().into()) {
                return Err(incomplete(lacking.max(1)).into());
            }
            match app.objects.complete_upload(&object.key, name, &parts).await {
                // A part was sent again meanwhile.
                Err(objects::Error::Refused { .. } | objects::Error::NotFound) => return Err(incomplete(1).into()),
                done => done.map(drop)?,
            }
        }
    }
    whole(app, upload, object).await?.ok_or_else(|| Problem::at(UserErrorCode::Expired, "uploadId").into())
}
