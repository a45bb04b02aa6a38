//! Who may send, see and use small files. Whoever makes courses, recordings or webinars, or is staff of one, sends them;
//! they are seen by whoever sent them, by the people of a course that shows them, by those of a webinar that gives them, and
//! emblems by all who see what is credited with them.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait as _, Select,
    sea_query::{Expr, ExprTrait as _, SimpleExpr},
};

use super::file::{self, Purpose, State};
use crate::{
    courses::{self, course, lesson},
    error::{Error, Problem, Result, UserErrorCode},
    ids::FileId,
    recordings,
    viewer::{SignedIn, Viewer},
    webinars::{self, funder, material, webinar},
};

/// The files that `viewer` may see: their own and those that a course, webinar or credit shows them; administrators see all.
pub fn visible(viewer: &Viewer) -> Select<file::Entity> {
    let files = file::Entity::find();
    if viewer.is_administrator() {
        return files;
    }
    let taught = courses::policy::shows(viewer, lesson::Column::FileId, file::Column::Id);
    let given = webinars::policy::gives(viewer, file::Column::Id);
    let credited = webinars::policy::credits(viewer, file::Column::Id);
    files.filter(Condition::any().add(owned(viewer)).add(taught).add(given).add(credited))
}

fn owned(viewer: &Viewer) -> SimpleExpr {
    viewer.user_id().map_or_else(|| Expr::cust("1 = 0"), |user| file::Column::OwnerId.eq(user))
}

/// Whoever may send files: there is nothing that others could do with one.
pub async fn sender<'a>(db: &impl ConnectionTrait, viewer: &'a Viewer) -> Result<&'a SignedIn> {
    let account = viewer.vetted()?;
    let has_use = recordings::policy::maker(viewer).is_ok()
        || course::Entity::find().filter(courses::policy::changed(viewer)).one(db).await?.is_some()
        || recordings::policy::staffed(viewer).one(db).await?.is_some()
        || webinars::policy::maker(viewer).is_ok()
        || webinar::Entity::find().filter(webinars::policy::changes(viewer)).one(db).await?.is_some();
    if has_use { Ok(account) } else { Err(Error::Forbidden) }
}

/// That no lesson of any version shows the file, no webinar gives it and no funder has it as emblem.
pub fn unused() -> SimpleExpr {
    let shown = lesson::Entity::find()
        .select_only()
        .column(lesson::Column::Id)
        .filter(Expr::col(lesson::Column::FileId.as_column_ref()).equals(file::Column::Id.as_column_ref()));
    let given = material::Entity::find()
        .select_only()
        .column(material::Column::FileId)
        .filter(Expr::col(material::Column::FileId.as_column_ref()).equals(file::Column::Id.as_column_ref()));
    let credited = funder::Entity::find()
        .select_only()
        .column(funder::Column::Id)
        .filter(Expr::col(funder::Column::EmblemId.as_column_ref()).equals(file::Column::Id.as_column_ref()));
    let (shown, given, credited) = (shown.into_query(), given.into_query(), credited.into_query());
    Expr::exists(shown).not().and(Expr::exists(given).not()).and(Expr::exists(credited).not())
}

/// Loads and locks one's own file; those of others are not for the viewer, though they may see them.
pub async fn own(db: &impl ConnectionTrait, viewer: &Viewer, id: FileId) -> Result<file::Model> {
    viewer.signed_in()?;
    let this = file::Column::Id.eq(id);
    if let Some(file) = file::Entity::find().filter(owned(viewer)).filter(this.clone()).lock_exclusive().one(db).await? {
        return Ok(file);
    }
    let is_seen = visible(viewer).filter(this).one(db).await?.is_some();
    Err(if is_seen { viewer.refused() } else { Error::NotFound("file") })
}

/// One's own checked file for `purpose`, locked, so that no sweep takes it meanwhile; `field` is the argument that names it.
pub async fn usable(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: FileId,
    purpose: Purpose,
    field: &str,
) -> Result<file::Model> {
    let mine = file::Entity::find().filter(owned(viewer)).filter(file::Column::Id.eq(id));
    let found = mine.filter(file::Column::Purpose.eq(purpose)).lock_exclusive().one(db).await?;
    let file = found.ok_or_else(|| Problem::at(UserErrorCode::NotFound, field))?;
    if file.state == State::Ready { Ok(file) } else { Err(Problem::at(UserErrorCode::Incomplete, field).into()) }
}
