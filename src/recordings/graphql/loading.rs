//! Loading recordings and what belongs to them, each kind with one statement a request. Parts are loaded by the id of a
//! recording that the viewer was shown.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use async_graphql::{Context, dataloader::Loader};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::media::Speaker;
use crate::{
    accounts::access::{self, AccessRole},
    error::{Error, Result},
    graphql::{batch::Batch, context::ContextExt},
    ids::{CaptionsId, RecordingId, SpeakerId, UploadId},
    recordings::{captions, media::webvtt, policy, recording, recording_text, rendition, speaker, upload, watch, watching},
    rows::{among, grouped, keyed},
};

impl Loader<RecordingId> for Batch {
    type Value = recording::Model;
    type Error = Error;

    async fn load(&self, ids: &[RecordingId]) -> Result<HashMap<RecordingId, recording::Model>> {
        let found = policy::visible(&self.viewer).filter(among(self.app.db.backend(), recording::Column::Id, ids));
        Ok(keyed(found.all(self.app.db.read()).await?, |recording| recording.id))
    }
}

/// Keys of what belongs to a recording.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct $name(pub RecordingId);

            impl From<$name> for RecordingId {
                fn from(key: $name) -> Self {
                    key.0
                }
            }
        )*
    };
}

keys! {
    /// Its texts.
    TextsOf;
    /// Its renditions.
    RenditionsOf;
    /// Its captions.
    CaptionsOf;
    /// Its speakers.
    SpeakersOf;
    /// What the viewer watched of it.
    WatchOf;
    /// That the viewer was made its staff.
    StaffOf;
}

fn ids<K: Copy + Into<RecordingId>>(keys: &[K]) -> Vec<RecordingId> {
    keys.iter().map(|key| (*key).into()).collect()
}

fn by_key<K: Eq + Hash, V>(groups: HashMap<RecordingId, V>, key: impl Fn(RecordingId) -> K) -> HashMap<K, V> {
    groups.into_iter().map(|(id, value)| (key(id), value)).collect()
}

impl Loader<TextsOf> for Batch {
    type Value = Vec<recording_text::Model>;
    type Error = Error;

    async fn load(&self, keys: &[TextsOf]) -> Result<HashMap<TextsOf, Self::Value>> {
        let of = among(self.app.db.backend(), recording_text::Column::RecordingId, &ids(keys));
        let rows = recording_text::Entity::find().filter(of).order_by_asc(recording_text::Column::Language);
        Ok(by_key(grouped(rows.all(self.app.db.read()).await?, |row| row.recording_id), TextsOf))
    }
}

impl Loader<RenditionsOf> for Batch {
    type Value = Vec<rendition::Model>;
    type Error = Error;

    async fn load(&self, keys: &[RenditionsOf]) -> Result<HashMap<RenditionsOf, Self::Value>> {
        let of = among(self.app.db.backend(), rendition::Column::RecordingId, &ids(keys));
        let rows = rendition::Entity::find().filter(of).order_by_desc(rendition::Column::PeakRate);
        Ok(by_key(grouped(rows.all(self.app.db.read()).await?, |row| row.recording_id), RenditionsOf))
    }
}

impl Loader<CaptionsOf> for Batch {
    type Value = Vec<captions::Model>;
    type Error = Error;

    async fn load(&self, keys: &[CaptionsOf]) -> Result<HashMap<CaptionsOf, Self::Value>> {
        let of = among(self.app.db.backend(), captions::Column::RecordingId, &ids(keys));
        let rows = captions::Entity::find().filter(of).order_by_asc(captions::Column::Language);
        Ok(by_key(grouped(rows.all(self.app.db.read()).await?, |row| row.recording_id), CaptionsOf))
    }
}

/// What captions say, read once however often it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CuesOf(pub CaptionsId);

impl Loader<CuesOf> for Batch {
    type Value = Arc<Vec<webvtt::Cue>>;
    type Error = Error;

    async fn load(&self, keys: &[CuesOf]) -> Result<HashMap<CuesOf, Self::Value>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let of = among(self.app.db.backend(), captions::body::Column::CaptionsId, &ids);
        let bodies = captions::body::Entity::find().filter(of).all(self.app.db.read()).await?;
        let cues = bodies.into_iter().map(|body| {
            let cues = webvtt::parse(body.webvtt.as_bytes());
            let cues = cues.map_err(|problem| Error::internal(anyhow::anyhow!("{}: {problem:?}", body.captions_id)))?;
            Ok((CuesOf(body.captions_id), Arc::new(cues)))
        });
        cues.collect()
    }
}

impl Loader<SpeakersOf> for Batch {
    type Value = Vec<speaker::Model>;
    type Error = Error;

    async fn load(&self, keys: &[SpeakersOf]) -> Result<HashMap<SpeakersOf, Self::Value>> {
        let of = among(self.app.db.backend(), speaker::Column::RecordingId, &ids(keys));
        let rows = speaker::Entity::find().filter(of).order_by_asc(speaker::Column::Position).order_by_asc(speaker::Column::Id);
        Ok(by_key(grouped(rows.all(self.app.db.read()).await?, |row| row.recording_id), SpeakersOf))
    }
}

impl Loader<WatchOf> for Batch {
    type Value = watch::Model;
    type Error = Error;

    async fn load(&self, keys: &[WatchOf]) -> Result<HashMap<WatchOf, Self::Value>> {
        Ok(by_key(watching::of_viewer(self.app.db.read(), &self.viewer, &ids(keys)).await?, WatchOf))
    }
}

impl Loader<StaffOf> for Batch {
    type Value = bool;
    type Error = Error;

    async fn load(&self, keys: &[StaffOf]) -> Result<HashMap<StaffOf, bool>> {
        let Some(user) = self.viewer.user_id() else { return Ok(HashMap::new()) };
        let subjects: Vec<_> = ids(keys);
        let rights = access::Entity::find()
            .filter(among(self.app.db.backend(), access::Column::SubjectId, &subjects))
            .filter(access::Column::UserId.eq(user))
            .filter(access::Column::Role.eq(AccessRole::Staff));
        Ok(rights.all(self.app.db.read()).await?.into_iter().map(|row| (StaffOf(RecordingId(row.subject_id)), true)).collect())
    }
}

/// Whether the viewer may change `recording`.
pub async fn edits(ctx: &Context<'_>, recording: &recording::Model) -> Result<bool> {
    let viewer = ctx.viewer();
    if viewer.is_administrator() || policy::owns(viewer, recording) {
        return Ok(true);
    }
    Ok(viewer.account.is_some() && ctx.load(StaffOf(recording.id)).await?.unwrap_or(false))
}

/// Captions of a recording that the viewer may see.
pub async fn load_captions(ctx: &Context<'_>, id: CaptionsId) -> Result<Option<captions::Model>> {
    let seen = policy::visible(ctx.viewer()).select_only().column(recording::Column::Id).into_query();
    let found = captions::Entity::find_by_id(id).filter(captions::Column::RecordingId.in_subquery(seen));
    Ok(found.one(ctx.app().db.read()).await?)
}

/// A speaker whom the viewer may see.
pub async fn load_speaker(ctx: &Context<'_>, id: SpeakerId) -> Result<Option<Speaker>> {
    let Some(speaker) = speaker::Entity::find_by_id(id).one(ctx.app().db.read()).await? else { return Ok(None) };
    let Some(recording) = ctx.load(speaker.recording_id).await? else { return Ok(None) };
    let staff = edits(ctx, &recording).await?;
    Ok((staff || speaker.agrees()).then_some(Speaker { row: speaker, staff }))
}

/// An upload to a recording that the viewer may change.
pub async fn load_upload(ctx: &Context<'_>, id: UploadId) -> Result<Option<upload::Model>> {
    let staffed = policy::staffed(ctx.viewer()).select_only().column(recording::Column::Id).into_query();
    let found = upload::Entity::find_by_id(id).filter(upload::Column::RecordingId.in_subquery(staffed));
    Ok(found.one(ctx.app().db.read()).await?)
}
