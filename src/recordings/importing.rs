//! Taking over media that were made elsewhere: a source that browsers can play, and its finished renditions.

use std::path::Path;

use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::{
    announce, installing,
    media::{encode::Encoded, mp4, refusal::Fault},
    policy,
    recording::{self, MediaState},
};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Result},
    files::storing,
    ids::RecordingId,
    transact,
    viewer::Viewer,
};

/// Gives a recording the film `source` and `encoded`, its renditions, in place of what it had.
pub async fn import(app: &App, viewer: &Viewer, id: RecordingId, source: &Path, encoded: &Encoded) -> Result<recording::Model> {
    let seen = policy::find(app.db.read(), viewer, id).await?;
    if !policy::edits(app.db.read(), viewer, &seen).await? {
        return Err(viewer.refused());
    }
    let is_playable = is_playable(source).await?;
    let film = transact!(app, |tx| storing::expect(tx, "sources", id.0, "source", "video/mp4").await)?;
    let info = app.objects.upload_file(&film.key, source, "video/mp4").await?;
    let stored = installing::store(app, id, encoded).await?;
    transact!(app, |tx| {
        let recording = policy::editable(tx, viewer, id).await?;
        if let Some(old) = recording.source_object_id {
            storing::doom(tx, old).await?;
        }
        storing::stored(tx, film.id, &info).await?;
        installing::install(tx, &recording, encoded, &stored).await?;
        let mut change = recording.into_active_model();
        change.source_object_id = Set(Some(film.id));
        change.is_source_playable = Set(is_playable);
        change.media_state = Set(MediaState::Ready);
        change.media_problem = Set(None);
        change.duration_ms = Set(i64::try_from(encoded.duration.as_millis()).ok());
        audit::record(tx, viewer, Action::new("recording.media_imported").on(id)).await?;
        announce(tx, id);
        Ok(change.update(tx).await?)
    })
}

async fn is_playable(source: &Path) -> Result<bool> {
    let bytes = bytes::Bytes::from(tokio::fs::read(source).await.map_err(Error::internal)?);
    match mp4::read(&bytes).await {
        Ok(movie) => Ok(movie.browser_playable()),
        Err(Fault::Refused(_)) => Ok(false),
        Err(Fault::Broken(error)) => Err(Error::internal(error)),
    }
}
