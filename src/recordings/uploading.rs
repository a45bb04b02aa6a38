//! Uploading a file of any size: started here, sent in parts straight to object storage, resumed from what storage has,
//! completed here. Nothing that the client says about the file is believed but its size, and that is checked.

use std::{collections::HashMap, time::Duration};

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    announce,
    checking::Check,
    policy,
    recording::{self, MediaState},
    rendition,
    upload::{self, State},
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    files::{object, storing, uploading::Address},
    ids::{RecordingId, UploadId},
    jobs::{self, Job, Run, Scheduled},
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
        throw_away_open(tx, viewer, recording.id).await?;
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
        set_media_state(tx, recording, MediaState::Uploading).await?;
        Ok(upload.id)
    })?;
    let (upload, recording) = policy::editable_upload(app.db.read(), viewer, id).await?;
    let upload = if upload.state == State::Open { begun(app, upload).await?.0 } else { upload };
    Ok((recording, upload))
}

async fn set_media_state(tx: &Tx, recording: recording::Model, state: MediaState) -> Result<recording::Model> {
    announce(tx, recording.id);
    let mut change = recording.into_active_model();
    change.media_state = Set(state);
    change.media_problem = Set(None);
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
        Err(objects::Error::NotFound) => Ok(Vec::new()),
        parts => Ok(parts?),
    }
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
        let recording = set_media_state(tx, recording, MediaState::Checking).await?;
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
    let info = app.objects.head(&object.key).await?;
    let whole = info.filter(|info| i64::try_from(info.size) == Ok(upload.size));
    whole.ok_or_else(|| Problem::at(UserErrorCode::Expired, "uploadId").into())
}

/// Throws an upload away.
pub async fn abort(app: &App, viewer: &Viewer, id: UploadId) -> Result<(recording::Model, upload::Model)> {
    transact!(app, |tx| {
        let (upload, recording) = policy::editable_upload(tx, viewer, id).await?;
        match upload.state {
            State::Aborted => Ok((recording, upload)),
            State::Completed => Err(Problem::at(UserErrorCode::WrongState, "uploadId").into()),
            State::Open => {
                let upload = throw_away(tx, viewer, upload).await?;
                let state = state_without_upload(tx, &recording).await?;
                Ok((set_media_state(tx, recording, state).await?, upload))
            }
        }
    })
}

async fn throw_away_open(tx: &Tx, viewer: &Viewer, recording: RecordingId) -> Result<()> {
    for upload in open(tx, recording).await? {
        throw_away(tx, viewer, upload).await?;
    }
    Ok(())
}

async fn throw_away(tx: &Tx, viewer: &Viewer, upload: upload::Model) -> Result<upload::Model> {
    let object = storing::row(tx, upload.object_id).await?;
    if let Some(name) = &upload.storage_upload_id {
        jobs::enqueue(tx, &Forget { key: object.key, upload: name.clone() }).await?;
    }
    storing::doom(tx, object.id).await?;
    audit::record(tx, viewer, Action::new("upload.aborted").on(upload.id)).await?;
    let mut change = upload.into_active_model();
    change.state = Set(State::Aborted);
    Ok(change.update(tx).await?)
}

/// The open uploads of a recording: one, but for a moment.
pub async fn open(db: &impl ConnectionTrait, recording: RecordingId) -> Result<Vec<upload::Model>> {
    let uploads = upload::Entity::find().filter(upload::Column::RecordingId.eq(recording));
    Ok(uploads.filter(upload::Column::State.eq(State::Open)).all(db).await?)
}

/// Where the media stand that are there already.
async fn state_without_upload(tx: &Tx, recording: &recording::Model) -> Result<MediaState> {
    if recording.source_object_id.is_none() {
        return Ok(MediaState::Missing);
    }
    let renditions = rendition::Entity::find().filter(rendition::Column::RecordingId.eq(recording.id));
    Ok(if renditions.one(tx).await?.is_some() { MediaState::Ready } else { MediaState::Waiting })
}

/// Frees the parts of an upload that was thrown away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Forget {
    key: String,
    upload: String,
}

impl Job for Forget {
    const KIND: &'static str = "upload.forget";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        Ok(app.objects.abort_upload(&self.key, &self.upload).await?)
    }
}

/// Throws away uploads that were left alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sweep {}

impl Scheduled for Sweep {
    const EVERY: chrono::Duration = chrono::Duration::hours(1);
}

impl Job for Sweep {
    const KIND: &'static str = "upload.sweep";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let server = Viewer::visitor();
        transact!(app, |tx| {
            let late = upload::Entity::find()
                .filter(upload::Column::State.eq(State::Open))
                .filter(upload::Column::ExpiresAt.lte(tx.now()));
            for upload in late.limit(100).all(tx).await? {
                let found = recording::Entity::find_by_id(upload.recording_id).lock_exclusive().one(tx).await?;
                throw_away(tx, &server, upload).await?;
                if let Some(recording) = found.filter(|recording| recording.media_state == MediaState::Uploading) {
                    let state = state_without_upload(tx, &recording).await?;
                    set_media_state(tx, recording, state).await?;
                }
            }
            Ok(())
        })
    }
}
