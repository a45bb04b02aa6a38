//! Asking about webinars.

use async_graphql::{Context, Object};

use super::{
    loading::SeenSeries,
    registration::Registration,
    series::{WebinarSeries, WebinarSeriesConnection},
    webinar::{Webinar, WebinarConnection, WebinarWhen, webinars},
};
use crate::{
    error::{Error, Result},
    graphql::context::ContextExt,
    ids::{RegistrationId, WebinarId, WebinarSeriesId},
    paging::Page,
    webinars::{asking, seeing},
};

/// Asking about webinars.
#[derive(Default)]
pub struct WebinarQuery;

#[Object]
impl WebinarQuery {
    /// Series that the viewer may see and that are not archived, newest first.
    #[allow(clippy::too_many_arguments)]
    async fn webinar_series_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Instead all that the viewer may change.", default)] mine: bool,
    ) -> Result<WebinarSeriesConnection> {
        let page = Page::parse(first, after, last, before)?;
        let slice = asking::all_series(ctx.app(), ctx.viewer(), &page, mine).await?;
        let ids = slice.rows.iter().map(|(_, series)| series.id);
        let mut seen = ctx.batch().load_many(ids).await?;
        let slice = slice.map(|series| {
            let standing = seen.get(&series.id).map(|seen| seen.edits);
            SeenSeries { edits: standing.unwrap_or(false), series }
        });
        seen.clear();
        Ok(WebinarSeriesConnection::new(slice, WebinarSeries))
    }

    /// A series, by its id or its slug; null when it does not exist for the viewer.
    async fn webinar_series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The series.")] id: Option<WebinarSeriesId>,
        #[graphql(desc = "Its address part.")] slug: Option<String>,
    ) -> Option<Result<WebinarSeries>> {
        let found = async {
            match (id, slug) {
                (Some(id), None) => WebinarSeries::load(ctx, id).await,
                (None, Some(slug)) => match asking::series_at(ctx.app(), ctx.viewer(), &slug).await? {
                    Some(series) => WebinarSeries::load(ctx, series.id).await,
                    None => Ok(None),
                },
                _ => Err(Error::BadInput("Give `id` or `slug`.".into())),
            }
        };
        found.await.transpose()
    }

    /// Webinars that the viewer may see.
    #[allow(clippy::too_many_arguments)]
    async fn webinars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Which, and their order.", default_with = "WebinarWhen::Coming")] when: WebinarWhen,
    ) -> Result<WebinarConnection> {
        webinars(ctx, when, None, Page::parse(first, after, last, before)?).await
    }

    /// A webinar, by its id or its slug; null when it does not exist for the viewer.
    async fn webinar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webinar.")] id: Option<WebinarId>,
        #[graphql(desc = "Its address part.")] slug: Option<String>,
    ) -> Option<Result<Webinar>> {
        let found = match (id, slug) {
            (Some(id), None) => Webinar::load(ctx, id).await,
            (None, Some(slug)) => seeing::by_slug(ctx.app().db.read(), ctx.viewer(), &slug).await.map(|seen| seen.map(Webinar)),
            _ => Err(Error::BadInput("Give `id` or `slug`.".into())),
        };
        found.transpose()
    }

    /// A registration; null for all but the person and those who may change the webinar.
    async fn registration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The registration.")] id: RegistrationId,
    ) -> Option<Result<Registration>> {
        Registration::load(ctx, id).await.transpose()
    }
}
