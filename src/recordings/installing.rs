//! Giving a recording its renditions: their files go into storage first, their rows appear all at once.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{
    media::encode::{Encoded, Kind},
    recording, rendition,
};
use crate::{
    app::App,
    database::Tx,
    error::{Error, Result},
    files::{object, storing},
    ids::{RecordingId, RenditionId},
    objects::ObjectInfo,
    transact,
};

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
    remove(tx, recording.id).await?;
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

/// Gives up files that were stored for nothing: somebody else was faster, or the source is another by now.
pub(super) async fn discard(tx: &Tx, stored: &[(object::Model, ObjectInfo)]) -> Result<()> {
    for (object, _) in stored {
        storing::doom(tx, object.id).await?;
    }
    Ok(())
}

/// Removes the renditions of a recording and their files.
pub(super) async fn remove(tx: &Tx, recording: RecordingId) -> Result<()> {
    let of_recording = rendition::Column::RecordingId.eq(recording);
    for old in rendition::Entity::find().filter(of_recording.clone()).all(tx).await? {
        storing::doom(tx, old.object_id).await?;
    }
    rendition::Entity::delete_many().filter(of_recording).exec(tx).await?;
    Ok(())
}
