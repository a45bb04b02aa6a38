//! Taking up what waits for a worker that has ffmpeg.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    media::{fence::Tools, job_folder},
    recording::{self, MediaState},
    transcoder,
    transcoding::Transcode,
};
use crate::{
    app::App,
    error::{Error, Result},
    jobs::{self, Job, Run, Scheduled},
    transact,
};

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
        if Tools::find().await.is_err() {
            return Ok(());
        }
        transact!(app, |tx| {
            let here = transcoder::ActiveModel { id: Set(Uuid::nil()), seen_at: Set(tx.now()) };
            let again = OnConflict::column(transcoder::Column::Id).update_column(transcoder::Column::SeenAt).to_owned();
            transcoder::Entity::insert(here).on_conflict(again).exec_without_returning(tx).await?;
            let waiting = recording::Entity::find().filter(recording::Column::MediaState.eq(MediaState::Waiting));
            for recording in waiting.order_by_asc(recording::Column::Id).limit(100).all(tx).await? {
                if let Some(object) = recording.source_object_id {
                    jobs::enqueue(tx, &Transcode { recording: recording.id, object }).await?;
                }
            }
            Ok(())
        })
    }
}
