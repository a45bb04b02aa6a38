//! Removing people from a community, and letting them take part again.

use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select, Set};

use super::{moderating, policy, removal};
use crate::{
    accounts::{
        self,
        access::{self, AccessRole},
    },
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Result, UserErrorCode},
    ids::{CommunityId, RemovalId, UserId},
    paging::{Direction, Page, Paged, Slice},
    transact,
    viewer::Viewer,
};

/// Removes a person: they may post no more, and see the community only where anyone may. Its owner can't be removed while they
/// are a trainer, and a moderator only by those who may change it. Doing so twice changes nothing.
pub async fn remove(app: &App, viewer: &Viewer, id: CommunityId, person: UserId, why: &str) -> Result<()> {
    viewer.signed_in()?;
    let why = moderating::reason(why)?;
    transact!(app, |tx| {
        let (community, standing) = policy::moderated_community(tx, viewer, id).await?;
        if accounts::policy::load(tx, viewer, &[person]).await?.is_empty() {
            return Err(Problem::at(UserErrorCode::NotFound, "userId").into());
        }
        let is_moderator = access::holds(tx, person, id.0, &[AccessRole::Moderator]).await?;
        let is_owner = policy::is_owned_by(tx, &community, person).await?;
        if is_owner || viewer.is(person) || (is_moderator && !standing.edits) {
            return Err(Problem::at(UserErrorCode::WrongState, "userId").into());
        }
        if removed(tx, id, person).await? {
            return Ok(());
        }
        let row = removal::ActiveModel {
            id: Set(RemovalId::new()),
            community_id: Set(id),
            user_id: Set(person),
            reason: Set(why.clone()),
            removed_by: Set(viewer.user_id()),
            removed_at: Set(tx.now()),
        };
        row.insert(tx).await?;
        audit::record(tx, viewer, Action::new("community.member_removed").on(id).with("user", person.to_string())).await
    })
}

/// Whether a person was removed from a community, whose lock is held.
async fn removed(tx: &Tx, community: CommunityId, person: UserId) -> Result<bool> {
    Ok(removals(community).filter(removal::Column::UserId.eq(person)).one(tx).await?.is_some())
}

fn removals(community: CommunityId) -> Select<removal::Entity> {
    removal::Entity::find().filter(removal::Column::CommunityId.eq(community))
}

/// Lets a removed person take part again.
pub async fn reinstate(app: &App, viewer: &Viewer, id: CommunityId, person: UserId) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        policy::moderated_community(tx, viewer, id).await?;
        let removals =
            removal::Entity::delete_many().filter(removal::Column::CommunityId.eq(id)).filter(removal::Column::UserId.eq(person));
        if removals.exec(tx).await?.rows_affected == 0 {
            return Ok(());
        }
        audit::record(tx, viewer, Action::new("community.member_reinstated").on(id).with("user", person.to_string())).await
    })
}

/// Who was removed, newest first; `None` for all but moderators.
pub async fn list(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: CommunityId,
    page: &Page,
) -> Result<Option<Slice<removal::Model>>> {
    if !policy::standing(db, viewer, id.into()).await?.moderates {
        return Ok(None);
    }
    Ok(Some(removals(id).page(db, page, &[(removal::Column::Id, Direction::Descending)]).await?))
}
