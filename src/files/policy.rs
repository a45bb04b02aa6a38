//! Who may see and use small files: whoever sent them, and the people of a course that shows them.

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select,
    sea_query::{Expr, SimpleExpr},
};

use super::file::{self, Purpose, State};
use crate::{
    courses::{self, lesson},
    error::{Error, Problem, Result, UserErrorCode},
    ids::FileId,
    viewer::Viewer,
};

/// The files that `viewer` may see: their own and those that a course shows them; administrators see all.
pub fn visible(viewer: &Viewer) -> Select<file::Entity> {
    let files = file::Entity::find();
    if viewer.is_administrator() {
        return files;
    }
    let taught = courses::policy::shows(viewer, lesson::Column::FileId, file::Column::Id);
    files.filter(Condition::any().add(owned(viewer)).add(taught))
}

fn owned(viewer: &Viewer) -> SimpleExpr {
    viewer.user_id().map_or_else(|| Expr::cust("1 = 0"), |user| file::Column::OwnerId.eq(user))
}

/// Loads and locks one's own file.
pub async fn own(db: &impl ConnectionTrait, viewer: &Viewer, id: FileId) -> Result<file::Model> {
    viewer.signed_in()?;
    file::Entity::find()
        .filter(owned(viewer))
        .filter(file::Column::Id.eq(id))
        .lock_exclusive()
        .one(db)
        .await?
        .ok_or(Error::NotFound("file"))
}

/// One's own checked file for `purpose`; `field` is the argument that names it.
pub async fn usable(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: FileId,
    purpose: Purpose,
    field: &str,
) -> Result<file::Model> {
    let mine = file::Entity::find().filter(owned(viewer)).filter(file::Column::Id.eq(id));
    let found = mine.filter(file::Column::Purpose.eq(purpose)).one(db).await?;
    let file = found.ok_or_else(|| Problem::at(UserErrorCode::NotFound, field))?;
    if file.state == State::Ready { Ok(file) } else { Err(Problem::at(UserErrorCode::Incomplete, field).into()) }
}
