//! Making the renditions of a recording: a job for workers that have ffmpeg. It may be run twice or die half way; what it
//! makes appears at once and whole, or not at all.

use std::path::Path;

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    announce, installing,
    media::{
        encode::{self, Encoded},
        fence::Tools,
        job_folder::JobFolder,
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
    ids::{ObjectId, RecordingId},
    jobs::{self, Job, Run},
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
    const HEAVY: bool = true;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("recording.transcode/{}", self.object))
    }

    async fn run(self, app: &App, run: &Run) -> Result<()> {
        if transact!(app, |tx| self.wanted(tx).await)?.is_none() {
            return Ok(());
        }
        let tools = match Tools::find().await {
            Ok(tools) => tools,
            Err(missing) => {
                tracing::warn!(%missing, recording = %self.recording, "a recording waits for ffmpeg");
                return transact!(app, |tx| self.mark(tx, MediaState::Waiting, Some(problem::NO_FFMPEG)).await);
            }
        };
        let worked = tokio::select! {
            worked = self.work(app, run, &tools) => worked,
            () = run.stopped() => Err(Fault::Broken(anyhow::anyhow!("the worker is stopping"))),
        };
        match worked {
            Ok(()) => Ok(()),
            // A signal that stops us may have reached ffmpeg as well, which says nothing about the recording.
            Err(_) if run.is_stopped() => Err(Error::internal(anyhow::anyhow!("the worker is stopping"))),
            Err(Fault::Refused(refusal)) => transact!(app, |tx| self.refuse(tx, refusal).await),
            Err(Fault::Broken(error)) => {
                if run.attempt >= Self::ATTEMPTS {
                    transact!(app, |tx| self.mark(tx, MediaState::Failed, Some(problem::TROUBLE)).await)?;
                }
                Err(Error::internal(error))
            }
        }
    }
}

/// Enqueues the transcoding of a source, and says why it has to wait where that is known already: no worker with ffmpeg
/// has been seen, and this process leaves transcoding to others.
pub(super) async fn want(app: &App, tx: &Tx, recording: RecordingId, object: ObjectId) -> Result<Option<&'static str>> {
    jobs::enqueue(tx, &Transcode { recording, object }).await?;
    let is_taken = app.config.transcodes || is_possible(app).await?;
    Ok((!is_taken).then_some(problem::NO_FFMPEG))
}

impl Transcode {
    /// The recording, locked, if this source is still its own and nobody has transcoded it meanwhile.
    async fn wanted(&self, tx: &Tx) -> Result<Option<recording::Model>> {
        let found = recording::Entity::find_by_id(self.recording).lock_exclusive().one(tx).await?;
        let Some(recording) = found.filter(|recording| recording.source_object_id == Some(self.object)) else { return Ok(None) };
        let made = rendition::Entity::find().filter(rendition::Column::RecordingId.eq(recording.id)).one(tx).await?;
        Ok(made.is_none().then_some(recording))
    }

    /// Notes where the work stands, unless an upload has begun meanwhile.
    async fn mark(&self, tx: &Tx, state: MediaState, problem: Option<&str>) -> Result<()> {
        let Some(recording) = self.wanted(tx).await? else { return Ok(()) };
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
        let stored = installing::store(app, self.recording, &encoded).await.map_err(broken)?;
        if !run.still_held().await.map_err(broken)? {
            transact!(app, |tx| installing::discard(tx, &stored).await).map_err(broken)?;
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
        let Some(recording) = self.wanted(tx).await? else { return installing::discard(tx, stored).await };
        installing::install(tx, &recording, encoded, stored).await?;
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

/// Whether a worker that can transcode was seen in the last five minutes.
pub async fn is_possible(app: &App) -> Result<bool> {
    let seen = transcoder::Entity::find_by_id(Uuid::nil()).one(app.db.read()).await?;
    Ok(seen.is_some_and(|seen| seen.seen_at + SEEN_FOR > app.clock.now()))
}
