//! Looking at a file that arrived, without ffmpeg: what it is, whether it is whole, whether browsers can play it already.

use std::{io, time::Duration};

use bytes::Bytes;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::{
    announce, installing,
    media::{
        mp4,
        refusal::{Fault, LONGEST_SECONDS, Refusal},
    },
    problem,
    recording::{self, MediaState},
    transcoding, upload,
};
use crate::{
    app::App,
    database::Tx,
    error::{Error, Result},
    files::storing,
    ids::{ObjectId, RecordingId},
    jobs::{Job, Run},
    objects::Objects,
    transact,
};

/// Checks the file of a completed upload. When it is fine it becomes the recording's source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    /// Of which recording.
    pub recording: RecordingId,
    /// The file.
    pub object: ObjectId,
}

/// What a file is.
enum Verdict {
    /// Browsers can play it as it is; it lasts so long.
    Playable(Duration),
    /// It may be fine; ffmpeg must say.
    Unknown,
    /// It is not.
    Refused(Refusal),
}

impl Job for Check {
    const KIND: &'static str = "recording.check";

    async fn run(self, app: &App, run: &Run) -> Result<()> {
        match look(app, self.object).await {
            Ok(verdict) => transact!(app, |tx| self.settle(app, tx, &verdict).await),
            Err(error) => {
                if run.attempt >= Self::ATTEMPTS {
                    transact!(app, |tx| fail(tx, self.recording, problem::TROUBLE).await)?;
                }
                Err(error)
            }
        }
    }
}

impl Check {
    async fn settle(&self, app: &App, tx: &Tx, verdict: &Verdict) -> Result<()> {
        let found = recording::Entity::find_by_id(self.recording).lock_exclusive().one(tx).await?;
        let Some(recording) = found else { return Ok(()) };
        if recording.source_object_id == Some(self.object) {
            return Ok(()); // done before
        }
        if recording.media_state != MediaState::Checking || !self.is_newest(tx).await? {
            return storing::doom(tx, self.object).await;
        }
        match verdict {
            Verdict::Refused(refusal) => {
                storing::doom(tx, self.object).await?;
                fail(tx, self.recording, refusal.code()).await
            }
            Verdict::Playable(duration) => self.adopt(app, tx, recording, Some(*duration)).await,
            Verdict::Unknown => self.adopt(app, tx, recording, None).await,
        }
    }

    /// Whether no newer file has arrived for the recording.
    async fn is_newest(&self, tx: &Tx) -> Result<bool> {
        let completed = upload::Entity::find()
            .filter(upload::Column::RecordingId.eq(self.recording))
            .filter(upload::Column::State.eq(upload::State::Completed));
        let newest = completed.order_by_desc(upload::Column::Id).one(tx).await?;
        Ok(newest.is_none_or(|upload| upload.object_id == self.object))
    }

    /// Makes the file the recording's source, in place of what was there.
    async fn adopt(&self, app: &App, tx: &Tx, recording: recording::Model, playable: Option<Duration>) -> Result<()> {
        if let Some(old) = recording.source_object_id {
            storing::doom(tx, old).await?;
        }
        installing::remove(tx, recording.id).await?;
        let mut change = recording.into_active_model();
        change.source_object_id = Set(Some(self.object));
        change.is_source_playable = Set(playable.is_some());
        change.duration_ms = Set(playable.and_then(|duration| i64::try_from(duration.as_millis()).ok()));
        change.media_state = Set(MediaState::Waiting);
        change.media_problem = Set(transcoding::want(app, tx, self.recording, self.object).await?.map(str::to_owned));
        change.transcode_permille = Set(0);
        change.update(tx).await?;
        announce(tx, self.recording);
        Ok(())
    }
}

/// Notes that the newest media cannot be used. What could be played before still can.
pub(super) async fn fail(tx: &Tx, id: RecordingId, problem: &str) -> Result<()> {
    let Some(recording) = recording::Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(()) };
    tracing::info!(recording = %id, problem, "the media of a recording failed");
    let mut change = recording.into_active_model();
    change.media_state = Set(MediaState::Failed);
    change.media_problem = Set(Some(problem.to_owned()));
    change.update(tx).await?;
    announce(tx, id);
    Ok(())
}

async fn look(app: &App, object: ObjectId) -> Result<Verdict> {
    let object = storing::row(app.db.read(), object).await?;
    let info = app.objects.head(&object.key).await?.ok_or(Error::NotFound("object"))?;
    if info.size == 0 {
        return Ok(Verdict::Refused(Refusal::Empty));
    }
    let start = app.objects.get_range(&object.key, 0..info.size.min(1024)).await?;
    if !mp4::looks_like(&start) {
        let known = is_matroska(&start) || is_transport_stream(&start);
        return Ok(if known { Verdict::Unknown } else { Verdict::Refused(Refusal::NotMedia) });
    }
    match mp4::read(&Stored { objects: &app.objects, key: &object.key, size: info.size }).await {
        Ok(movie) if movie.duration.as_secs() > LONGEST_SECONDS => Ok(Verdict::Refused(Refusal::TooLong)),
        Ok(movie) if movie.browser_playable() => Ok(Verdict::Playable(movie.duration)),
        Ok(_) => Ok(Verdict::Unknown),
        Err(Fault::Refused(refusal)) => Ok(Verdict::Refused(refusal)),
        Err(Fault::Broken(error)) => Err(Error::internal(error)),
    }
}

/// The first bytes of every EBML file (RFC 8794, 11.2.1), which Matroska and `WebM` are.
fn is_matroska(start: &[u8]) -> bool {
    start.starts_with(&[0x1A, 0x45, 0xDF, 0xA3])
}

/// Packets of 188 bytes that each begin with the sync byte (ISO/IEC 13818-1, 2.4.3.2).
fn is_transport_stream(start: &[u8]) -> bool {
    (0..3).all(|packet| start.get(packet * 188) == Some(&0x47))
}

/// An object in storage, read by ranges.
struct Stored<'a> {
    objects: &'a Objects,
    key: &'a str,
    size: u64,
}

impl mp4::Source for Stored<'_> {
    fn size(&self) -> u64 {
        self.size
    }

    async fn read_at(&self, offset: u64, length: usize) -> io::Result<Bytes> {
        let end = self.size.min(offset.saturating_add(length as u64));
        if offset >= end {
            return Ok(Bytes::new());
        }
        self.objects.get_range(self.key, offset..end).await.map_err(io::Error::other)
    }
}
