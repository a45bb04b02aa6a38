//! Reading the audit, and forgetting addresses.

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::entity;
use crate::{
    app::App,
    clock::Instant,
    database::Database,
    error::Result,
    ids::{AuditEntryId, UserId},
    paging::{Direction, Page, Paged, Slice},
    role::SiteRole,
    viewer::Viewer,
};

/// Entries, newest first; for administrators.
pub async fn list(
    app: &App,
    viewer: &Viewer,
    page: &Page,
    subject: Option<String>,
    actor: Option<UserId>,
) -> Result<Slice<entity::Model>> {
    viewer.holding(SiteRole::Administrator)?;
    let mut entries = entity::Entity::find();
    if let Some(subject) = subject {
        entries = entries.filter(entity::Column::SubjectId.eq(subject));
    }
    if let Some(actor) = actor {
        entries = entries.filter(entity::Column::ActorId.eq(actor));
    }
    entries.page(app.db.read(), page, &[(entity::Column::Id, Direction::Descending)]).await
}

/// An entry, for administrators.
pub async fn by_id(app: &App, viewer: &Viewer, id: AuditEntryId) -> Result<Option<entity::Model>> {
    if !viewer.is_administrator() {
        return Ok(None);
    }
    Ok(entity::Entity::find_by_id(id).one(app.db.read()).await?)
}

/// Forgets network addresses after 90 days.
pub async fn sweep(db: &Database, now: Instant) -> Result<()> {
    entity::Entity::update_many()
        .set(entity::ActiveModel { address: Set(None), ..Default::default() })
        .filter(entity::Column::Address.is_not_null())
        .filter(entity::Column::At.lt(now - Duration::days(90)))
        .exec(db.write())
        .await?;
    Ok(())
}
