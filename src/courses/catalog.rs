//! Lists of courses and versions.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    course, policy,
    seeing::{self, Seen},
    version,
};
use crate::{
    app::App,
    error::Result,
    paging::{Direction, Page, Paged, Slice},
    rows::keyed,
    viewer::Viewer,
};

/// The catalogue: published courses that the viewer may see and that are open, newest first; or, with `mine`, all that
/// the viewer may change.
pub async fn list(app: &App, viewer: &Viewer, page: &Page, mine: bool) -> Result<Slice<Seen>> {
    let courses = policy::visible(viewer);
    let courses = if mine {
        courses.filter(policy::changed(viewer))
    } else {
        courses.filter(course::Column::PublishedVersionId.is_not_null()).filter(course::Column::ArchivedAt.is_null())
    };
    let slice = courses.page(app.db.read(), page, &[(course::Column::Id, Direction::Descending)]).await?;
    let ids: Vec<_> = slice.rows.iter().map(|(_, course)| course.id).collect();
    let mut seen = keyed(seeing::by_ids(app.db.read(), viewer, &ids).await?, |seen| seen.course.id);
    let rows = slice.rows.into_iter().filter_map(|(cursor, course)| Some((cursor, seen.remove(&course.id)?))).collect();
    Ok(Slice { rows, has_next: slice.has_next, has_previous: slice.has_previous })
}

/// The published versions of a course that the viewer sees, newest first: staff see all, others the newest.
pub async fn versions(app: &App, seen: &Seen, page: &Page) -> Result<Slice<version::Model>> {
    let mut versions = version::Entity::find()
        .filter(version::Column::CourseId.eq(seen.course.id))
        .filter(version::Column::Number.is_not_null());
    if !seen.edits {
        versions = versions.filter(version::Column::Id.eq(seen.course.published_version_id));
    }
    versions.page(app.db.read(), page, &[(version::Column::Number, Direction::Descending)]).await
}
