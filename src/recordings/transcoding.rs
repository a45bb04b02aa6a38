//! Making the renditions of a recording: a job for workers that have ffmpeg. It may be run twice or die half way; what it
//! makes appears at once and whole, or not at all.

use std::path::Path;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    announce, checking,
    media::{
        encode::{self, Encoded, Kind},
        fence::Tools,
        job_folder::{self, JobFolder},
        probe::probe,
        refusal::{Fault, Refusal},
    },
    problem,
    recording::{self, MediaState},
    rendition, transcoder,
};
use crate::{
    app::App,
    database::Tx,
    error::{Error, Result},
    files::{object, storing},
    ids::{ObjectId, RecordingId, RenditionId},
    jobs::{self, Job, Run, Scheduled},
    objects::ObjectInfo,
    transact,
};

/// How often progress is told.
const TELL: std::time::Duration = std::time::Duration::from_secs(2);
/// How long a worker with ffmpeg counts as there after it was seen.
const SEEN_FOR: chrono::Duration = chrono::Duration::minutes(5);

/// Makes the renditions of a recording from its source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Transcode {
    /// Of which recording.
    pub recording: RecordingId,
    /// The source.
    pub object: ObjectId,
}

impl Job for Transcode {
    const KIND: &'static str = "recording.transcode";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("recording.transcode/{}", self.object))
    }

    async fn run(self, app: &App, run: &Run) -> Result<()> {
        if !transact!(app, |tx| self.is_wanted(tx).await)? {
            return Ok(());
        }
        let tools = match find_tools(app).await {
            Ok(tools) => tools,
            Err(why) => {
                tracing::warn!(why, recording = %self.recording, "a recording waits for ffmpeg");
                return transact!(app, |tx| self.mark(tx, MediaState::Waiting, Some(problem::NO_FFMPEG)).await);
            }
        };
        let worked = tokio::select! {
            worked = self.work(app, run, &tools) => worked,
            () = run.stopped() => Err(Fault::Broken(anyhow::anyhow!("the worker is stopping"))),
        };
        match worked {
            Ok(()) => Ok(()),
            Err(Fault::Refused(refusal)) => transact!(app, |tx| self.refuse(tx, refusal).await),
            Err(Fault::Broken(error)) => {
                if run.attempt >= Self::ATTEMPTS && !run.is_stopped() {
                    transact!(app, |tx| self.mark(tx, MediaState::Failed, Some(problem::TROUBLE)).await)?;
                }
                Err(Error::internal(error))
            }
        }
    }
}

/// The programs, unless they are missing or this server is told not to use them.
pub async fn find_tools(app: &App) -> Result<Tools, String> {
    if !app.config.transcodes {
        return Err("LYCEUM_TRANSCODE is off".into());
    }
    Tools::find().await.map_err(|missing| missing.to_string())
}

impl Transcode {
    /// The recording, locked, if this source is still its own.
    async fn current(&self, tx: &Tx) -> Result<Option<recording::Model>> {
        let found = recording::Entity::find_by_id(self.recording).lock_exclusive().one(tx).await?;
        Ok(found.filter(|recording| recording.source_object_id == Some(self.object)))
    }

    async fn is_wanted(&self, tx: &Tx) -> Result<bool> {
        let Some(recording) = self.current(tx).await? else { return Ok(false) };
        let made = rendition::Entity::find().filter(rendition::Column::RecordingId.eq(recording.id)).one(tx).await?;
        Ok(made.is_none())
    }

    /// Notes where the work stands, unless an upload has begun meanwhile.
    async fn mark(&self, tx: &Tx, state: MediaState, problem: Option<&str>) -> Result<()> {
        let Some(recording) = self.current(tx).await? else { return Ok(()) };
        if matches!(recording.media_state, MediaState::Uploading | MediaState::Checking) {
            return Ok(());
        }
        let mut change = recording.into_active_model();
        change.media_state = Set(state);
        change.media_problem = Set(problem.map(str::to_owned));
        change.transcode_permille = Set(0);
        change.update(tx).await?;
        announce(tx, self.recording);
        Ok(())
    }

    /// Notes that the source cannot be used. Where browsers play it, they still may.
    async fn refuse(&self, tx: &Tx, refusal: Refusal) -> Result<()> {
        self.mark(tx, MediaState::Failed, Some(refusal.code())).await
    }

    async fn work(&self, app: &App, run: &Run, tools: &Tools) -> Result<(), Fault> {
        transact!(app, |tx| self.mark(tx, MediaState::Transcoding, None).await).map_err(broken)?;
        let folder = JobFolder::create(&app.config.data.join("work"))?;
        let source = storing::row(app.db.read(), self.object).await.map_err(broken)?;
        app.objects.download_to(&source.key, &folder.path().join("source")).await.map_err(anyhow::Error::from)?;
        let encoded = self.encode(app, tools, folder.path()).await?;
        let stored = store(app, self.recording, &encoded).await.map_err(broken)?;
        if !run.still_held().await.map_err(broken)? {
            return Err(Fault::Broken(anyhow::anyhow!("another worker has the job")));
        }
        transact!(app, |tx| self.publish(tx, &encoded, &stored).await).map_err(broken)
    }

    /// Encodes, and tells how far it is meanwhile.
    async fn encode(&self, app: &App, tools: &Tools, folder: &Path) -> Result<Encoded, Fault> {
        let probed = probe(tools, folder, "source").await?;
        let (tell, told) = watch::channel(0);
        let on_progress = |share: f64| {
            tell.send_if_modified(|permille| std::mem::replace(permille, thousandths(share)) != thousandths(share));
        };
        tokio::select! {
            encoded = encode::encode(tools, folder, "source", &probed, on_progress) => encoded,
            never = self.report(app, told) => never,
        }
    }

    async fn report<T>(&self, app: &App, mut told: watch::Receiver<i32>) -> Result<T, Fault> {
        loop {
            tokio::time::sleep(TELL).await;
            if told.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
            let permille = *told.borrow_and_update();
            let written = transact!(app, |tx| {
                let change = recording::ActiveModel { transcode_permille: Set(permille), ..Default::default() };
                recording::Entity::update_many()
                    .set(change)
                    .filter(recording::Column::Id.eq(self.recording))
                    .filter(recording::Column::MediaState.eq(MediaState::Transcoding))
                    .exec(tx)
                    .await?;
                announce(tx, self.recording);
                Ok(())
            });
            if let Err(error) = written {
                tracing::warn!(?error, "progress was not noted");
            }
        }
    }

    /// Makes the renditions those of the recording.
    async fn publish(&self, tx: &Tx, encoded: &Encoded, stored: &[(object::Model, ObjectInfo)]) -> Result<()> {
        let recording = self.current(tx).await?;
        let Some(recording) = recording else {
            for (object, _) in stored {
                storing::doom(tx, object.id).await?;
            }
            return Ok(());
        };
        install(tx, &recording, encoded, stored).await?;
        let busy = matches!(recording.media_state, MediaState::Uploading | MediaState::Checking);
        let mut change = recording.into_active_model();
        if !busy {
            change.media_state = Set(MediaState::Ready);
            change.media_problem = Set(None);
            change.transcode_permille = Set(1000);
        }
        change.duration_ms = Set(i64::try_from(encoded.duration.as_millis()).ok());
        change.update(tx).await?;
        announce(tx, self.recording);
        Ok(())
    }
}

fn broken(error: Error) -> Fault {
    Fault::Broken(anyhow::anyhow!("{error:?}"))
}

/// A share in thousandths.
#[allow(clippy::cast_possible_truncation, reason = "a share lies between 0 and 1")]
fn thousandths(share: f64) -> i32 {
    (share * 1000.0) as i32
}

/// Puts the files of renditions into storage, each under a row of its own.
pub async fn store(app: &App, recording: RecordingId, encoded: &Encoded) -> Result<Vec<(object::Model, ObjectInfo)>> {
    let mut stored = Vec::new();
    for rendition in &encoded.renditions {
        let content_type = if matches!(rendition.kind, Kind::Sound { .. }) { "audio/mp4" } else { "video/mp4" };
        let name = format!("{}.mp4", rendition.name);
        let object = transact!(app, |tx| storing::expect(tx, "renditions", recording.0, &name, content_type).await)?;
        let info = app.objects.upload_file(&object.key, &rendition.file, content_type).await?;
        stored.push((object, info));
    }
    Ok(stored)
}

/// Writes the rows of renditions whose files are stored, in place of those that were there.
pub async fn install(
    tx: &Tx,
    recording: &recording::Model,
    encoded: &Encoded,
    stored: &[(object::Model, ObjectInfo)],
) -> Result<()> {
    checking::remove_renditions(tx, recording.id).await?;
    for (made, (object, info)) in encoded.renditions.iter().zip(stored) {
        storing::stored(tx, object.id, info).await?;
        let whole = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        let (kind, width, height, frames, channels) = match made.kind {
            Kind::Picture { width, height, frame_rate } => {
                let frames = u64::from(frame_rate.over) * 1000 / u64::from(frame_rate.under.max(1));
                (rendition::Kind::Video, Some(width), Some(height), Some(whole(frames)), None)
            }
            Kind::Sound { channels } => (rendition::Kind::Audio, None, None, None, Some(channels)),
        };
        let id = RenditionId::new();
        let row = rendition::ActiveModel {
            id: Set(id),
            recording_id: Set(recording.id),
            object_id: Set(object.id),
            name: Set(made.name.clone()),
            kind: Set(kind),
            width: Set(width.map(|width| whole(width.into()))),
            height: Set(height.map(|height| whole(height.into()))),
            frames_per_1000_s: Set(frames),
            channels: Set(channels.map(|channels| whole(channels.into()))),
            codec: Set(made.codec.clone()),
            peak_rate: Set(whole(made.playlist.peak_rate())),
            average_rate: Set(whole(made.playlist.average_rate())),
            size: Set(i64::try_from(info.size).map_err(Error::internal)?),
        };
        row.insert(tx).await?;
        let body = made.playlist.render(&format!("{}.mp4", made.name));
        rendition::playlist::ActiveModel { rendition_id: Set(id), body: Set(body) }.insert(tx).await?;
    }
    Ok(())
}

/// Whether a worker that can transcode was seen in the last five minutes.
pub async fn is_possible(app: &App) -> Result<bool> {
    let seen = transcoder::Entity::find_by_id(Uuid::nil()).one(app.db.read()).await?;
    Ok(seen.is_some_and(|seen| seen.seen_at + SEEN_FOR > app.clock.now()))
}

/// Tells that this worker can transcode, takes up what waited for one, and clears up after workers that died.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Resume {}

impl Scheduled for Resume {
    const EVERY: chrono::Duration = chrono::Duration::minutes(1);
}

impl Job for Resume {
    const KIND: &'static str = "recording.resume";

    async fn run(self, app: &App, _: &Run) -> Result<()> {
        let work = app.config.data.join("work");
        if work.exists() {
            let swept = tokio::task::spawn_blocking(move || job_folder::sweep(&work)).await.map_err(Error::internal)?;
            swept.map_err(Error::internal)?;
        }
        if find_tools(app).await.is_err() {
            return Ok(());
        }
        transact!(app, |tx| {
            let here = transcoder::ActiveModel { id: Set(Uuid::nil()), seen_at: Set(tx.now()) };
            let again = OnConflict::column(transcoder::Column::Id).update_column(transcoder::Column::SeenAt).to_owned();
            transcoder::Entity::insert(here).on_conflict(again).exec_without_returning(tx).await?;
            let waiting = recording::Entity::find()
                .filter(recording::Column::MediaState.eq(MediaState::Waiting))
                .filter(recording::Column::MediaProblem.eq(problem::NO_FFMPEG));
            for recording in waiting.limit(100).all(tx).await? {
                if let Some(object) = recording.source_object_id {
                    jobs::enqueue(tx, &Transcode { recording: recording.id, object }).await?;
                }
            }
            Ok(())
        })
    }
}
