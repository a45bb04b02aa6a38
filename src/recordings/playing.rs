//! What players get of a recording's renditions. It never changes once it is there, so it is read once and kept in the process,
//! by the source that the renditions were made from; whether a viewer may have it is asked of the rows each time.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use bytes::Bytes;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect};

use super::{
    recording,
    rendition::{self, Kind},
};
use crate::{
    app::App,
    error::{Error, Result},
    files::object,
    objects::ResponseHeaders,
};

/// A presigned address is given out again for this part of its life: signing is most of what a redirect costs.
const REUSED: u32 = 10;

/// A rendition as it is played.
#[derive(Debug)]
pub struct Playable {
    /// The rendition.
    pub row: rendition::Model,
    /// Key of its file in storage.
    key: String,
    /// The address that was signed last, and when.
    signed: Mutex<Option<(Instant, String)>>,
}

#[derive(FromQueryResult)]
struct Found {
    #[sea_orm(nested)]
    row: rendition::Model,
    key: String,
}

/// The renditions of a recording, those with the most lines first.
pub async fn of(app: &App, recording: &recording::Model) -> Result<Arc<Vec<Playable>>> {
    let Some(source) = recording.source_object_id else { return Ok(Arc::default()) };
    if let Some(kept) = app.kept.get(source).await {
        return Ok(kept);
    }
    let its = rendition::Entity::belongs_to(object::Entity).from(rendition::Column::ObjectId).to(object::Column::Id);
    let found = rendition::Entity::find()
        .join(JoinType::InnerJoin, its.into())
        .column(object::Column::Key)
        .filter(rendition::Column::RecordingId.eq(recording.id))
        .order_by_desc(rendition::Column::Height);
    let found = found.into_model::<Found>().all(app.db.read()).await?;
    let playable = |Found { row, key }| Playable { row, key, signed: Mutex::default() };
    let renditions = Arc::new(found.into_iter().map(playable).collect::<Vec<_>>());
    // All appear at once; until then they are still being made. One source has them made once.
    if !renditions.is_empty() {
        let weight = renditions.iter().map(|rendition| 700 + rendition.key.len()).sum();
        app.kept.put(source, renditions.clone(), weight).await;
    }
    Ok(renditions)
}

impl Playable {
    /// Its media playlist.
    pub async fn playlist(&self, app: &App) -> Result<Bytes> {
        if let Some(kept) = app.kept.get::<Bytes>(self.row.id).await {
            return Ok(Bytes::clone(&kept));
        }
        let found = rendition::playlist::Entity::find_by_id(self.row.id).one(app.db.read()).await?;
        let body = Bytes::from(found.ok_or(Error::NotFound("media"))?.body);
        app.kept.put(self.row.id, Arc::new(body.clone()), 100 + body.len()).await;
        Ok(body)
    }

    /// A presigned address of its file, of whose life most is left.
    pub async fn address(&self, app: &App) -> Result<String> {
        let life = app.config.media_address_life;
        let signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, address)) = signed.filter(|(at, _)| at.elapsed() < life / REUSED) {
            return Ok(address);
        }
        let content_type = if self.row.kind == Kind::Audio { "audio/mp4" } else { "video/mp4" };
        let answer = ResponseHeaders { content_type: Some(content_type.to_owned()), disposition: None };
        let (at, address) = (Instant::now(), app.objects.presign_get(&self.key, life, &answer).await?);
        *self.signed.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, address.clone()));
        Ok(address)
    }
}
