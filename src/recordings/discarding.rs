//! Throwing uploads away: when somebody says so, begins anew, or leaves one alone too long.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::{
    policy,
    recording::{self, MediaState},
    rendition, transcoding,
    upload::{self, State},
    uploading,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Result, UserErrorCode},
    files::storing,
    ids::{RecordingId, UploadId},
    jobs::{self, Job, Run, Scheduled},
    transact,
    viewer::Viewer,
};

/// Throws an upload away.
pub async fn abort(app: &App, viewer: &Viewer, id: UploadId) -> Result<(recording::Model, upload::Model)> {
    transact!(app, |tx| {
        let (upload, recording) = policy::editable_upload(tx, viewer, id).await?;
        match upload.state {
            State::Aborted => Ok((recording, upload)),
            State::Completed => Err(Problem::at(UserErrorCode::WrongState, "uploadId").into()),
            State::Open => {
                let upload = throw_away(tx, viewer, upload).await?;
                Ok((stand_without_upload(app, tx, recording).await?, upload))
            }
        }
    })
}

/// Throws away what is under way for a recording.
pub(super) async fn throw_away_open(tx: &Tx, viewer: &Viewer, recording: RecordingId) -> Result<()> {
    for upload in uploading::open(tx, recording).await? {
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

/// Puts a recording back to where the media stand that are there already. Those that still have to be transcoded may have
/// lost their place in the queue, so they are enqueued again.
async fn stand_without_upload(app: &App, tx: &Tx, recording: recording::Model) -> Result<recording::Model> {
    let Some(object) = recording.source_object_id else {
        return uploading::set_media_state(tx, recording, MediaState::Missing, None).await;
    };
    let renditions = rendition::Entity::find().filter(rendition::Column::RecordingId.eq(recording.id));
    if renditions.one(tx).await?.is_some() {
        return uploading::set_media_state(tx, recording, MediaState::Ready, None).await;
    }
    let problem = transcoding::want(app, tx, recording.id, object).await?;
    uploading::set_media_state(tx, recording, MediaState::Waiting, problem).await
}

/// Lets open uploads begin anew in storage that has none of their parts, so that they can still be completed.
pub async fn lose_parts(db: &impl ConnectionTrait) -> Result<()> {
    let change = upload::ActiveModel { storage_upload_id: Set(None), ..Default::default() };
    upload::Entity::update_many().set(change).filter(upload::Column::State.eq(State::Open)).exec(db).await?;
    Ok(())
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
                    stand_without_upload(app, tx, recording).await?;
                }
            }
            Ok(())
        })
    }
}
