//! Lists of series, webinars and registrations.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{
    policy, registration,
    registration::RegistrationState,
    seeing::{self, Seen},
    series,
    webinar::{self, State},
};
use crate::{
    app::App,
    error::Result,
    ids::{RegistrationId, WebinarId, WebinarSeriesId},
    paging::{Direction, Page, Paged, Slice},
    rows::keyed,
    viewer::Viewer,
};

/// Series that the viewer may see, newest first; with `mine`, those that they may change.
pub async fn all_series(app: &App, viewer: &Viewer, page: &Page, mine: bool) -> Result<Slice<series::Model>> {
    let mut all = policy::visible_series(viewer);
    all = if mine { all.filter(policy::changes_series(viewer)) } else { all.filter(series::Column::ArchivedAt.is_null()) };
    all.page(app.db.read(), page, &[(series::Column::Id, Direction::Descending)]).await
}

/// A series by its address part.
pub async fn series_at(app: &App, viewer: &Viewer, slug: &str) -> Result<Option<series::Model>> {
    Ok(policy::visible_series(viewer).filter(series::Column::Slug.eq(slug)).one(app.db.read()).await?)
}

/// Whether the viewer may change a series; not one that they don't see.
pub async fn edits_series(db: &impl ConnectionTrait, viewer: &Viewer, id: WebinarSeriesId) -> Result<bool> {
    let mine = policy::visible_series(viewer).filter(policy::changes_series(viewer)).filter(series::Column::Id.eq(id));
    Ok(mine.one(db).await?.is_some())
}

/// Which webinars.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// That are not over, soonest first.
    Coming,
    /// That are over, latest first.
    Past,
    /// That the viewer may change, the latest start first.
    Mine,
}

/// Webinars that the viewer may see, of one series or of all; drafts only among their own.
pub async fn webinars(app: &App, viewer: &Viewer, page: &Page, which: Which, of: Option<WebinarSeriesId>) -> Result<Slice<Seen>> {
    let (now, column) = (app.clock.now(), webinar::Column::EndsAt);
    let mut all = policy::visible(viewer);
    if let Some(series) = of {
        all = all.filter(webinar::Column::SeriesId.eq(series));
    }
    let (all, direction) = match which {
        Which::Coming => (all.filter(webinar::Column::State.eq(State::Published)).filter(column.gt(now)), Direction::Ascending),
        Which::Past => (all.filter(webinar::Column::State.eq(State::Published)).filter(column.lte(now)), Direction::Descending),
        Which::Mine => (all.filter(policy::changes(viewer)), Direction::Descending),
    };
    let keys = [(webinar::Column::StartsAt, direction), (webinar::Column::Id, direction)];
    let slice = all.page(app.db.read(), page, &keys).await?;
    let ids: Vec<WebinarId> = slice.rows.iter().map(|(_, webinar)| webinar.id).collect();
    let mut seen = keyed(seeing::by_ids(app.db.read(), viewer, &ids).await?, |seen| seen.webinar.id);
    let rows = slice.rows.into_iter().filter_map(|(cursor, webinar)| Some((cursor, seen.remove(&webinar.id)?))).collect();
    Ok(Slice { rows, has_next: slice.has_next, has_previous: slice.has_previous })
}

/// A registration, for the person and those who may change the webinar.
pub async fn registration(app: &App, viewer: &Viewer, id: RegistrationId) -> Result<Option<registration::Model>> {
    Ok(policy::registrations(viewer).filter(registration::Column::Id.eq(id)).one(app.db.read()).await?)
}

/// The viewer's registrations, newest first, those cancelled included.
pub async fn registrations_of_viewer(app: &App, viewer: &Viewer, page: &Page) -> Result<Slice<registration::Model>> {
    let own = registration::Entity::find().filter(registration::Column::UserId.eq(viewer.signed_in()?.id));
    own.page(app.db.read(), page, &[(registration::Column::Id, Direction::Descending)]).await
}

/// Registrations for a webinar, in the order in which they were first made; ask only for those who may change it.
pub async fn registrations_for(
    app: &App,
    webinar: WebinarId,
    state: Option<RegistrationState>,
    page: &Page,
) -> Result<Slice<registration::Model>> {
    let mut all = registration::Entity::find().filter(registration::Column::WebinarId.eq(webinar));
    if let Some(state) = state {
        all = all.filter(registration::Column::State.eq(state));
    }
    all.page(app.db.read(), page, &[(registration::Column::Id, Direction::Ascending)]).await
}
