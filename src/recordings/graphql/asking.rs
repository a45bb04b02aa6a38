//! Asking for recordings, and following them.

use async_graphql::{Context, Object, Subscription};
use futures_util::{Stream, StreamExt};

use super::Recording;
use crate::{
    error::Result,
    graphql::{connection::connection, context::ContextExt},
    ids::RecordingId,
    paging::{Direction, Page, Paged},
    recordings::{following, policy, recording},
};

connection!(
    /// A page of recordings.
    RecordingConnection,
    /// One of a page of recordings.
    RecordingEdge,
    Recording
);

/// Asking for recordings.
#[derive(Default)]
pub struct RecordingQuery;

#[Object]
impl RecordingQuery {
    /// Published recordings that the viewer may see, newest first.
    async fn recordings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Only those that the viewer may change, drafts included.", default)] mine: bool,
    ) -> Result<RecordingConnection> {
        let page = Page::parse(first, after, last, before)?;
        let recordings = if mine { policy::staffed(ctx.viewer()) } else { policy::listed(ctx.viewer()) };
        let order = [(recording::Column::ListedAt, Direction::Descending), (recording::Column::Id, Direction::Descending)];
        let slice = recordings.page(ctx.app().db.read(), &page, &order).await?;
        Ok(RecordingConnection::new(slice, Recording))
    }

    /// A recording.
    async fn recording(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
    ) -> Option<Result<Recording>> {
        Recording::load(ctx, Some(id)).await
    }
}

/// Following recordings.
#[derive(Default)]
pub struct RecordingSubscription;

#[Subscription]
impl RecordingSubscription {
    /// A recording whose media state or progress changed.
    async fn recording_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The recording.")] id: RecordingId,
    ) -> Result<impl Stream<Item = Recording> + use<>> {
        Ok(following::follow(ctx.app(), ctx.viewer(), id).await?.map(Recording))
    }
}
