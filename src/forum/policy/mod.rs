//! Who may see and do what in forums.
//!
//! A community is seen by its mark, but never by those removed from it unless it is public. Its owner, while they are a trainer,
//! and administrators change it; they and those let in as moderators moderate it; every vetted account that sees it and was not
//! removed takes part. A removal of its owner holds only while they are no trainer. Of a course's categories, its staff change and
//! moderate them, and those enrolled take part.

mod posts;
mod standing;
mod topics;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait as _, SelectStatement, SimpleExpr},
};

pub use self::{
    posts::{SeenPost, load_posts, moderated_post, own_post, post, post_to_flag, posts, seen_post},
    standing::{SeenCommunity, Standing, community_at, seen_parents, standing, standing_in_community, standings},
    topics::{locked_topic, moderated_topic, topic, topics, topics_within},
};
use super::{category, community, flag, parent::Parent, removal};
use crate::{
    accounts::{
        access::{self, AccessRole},
        user, viewing,
    },
    courses,
    error::{Error, Result},
    ids::{CategoryId, CommunityId, FlagId, UserId},
    role::SiteRole,
    viewer::{SignedIn, Viewer},
    visibility::Visibility,
};

/// Whoever may make communities.
pub fn maker(viewer: &Viewer) -> Result<&SignedIn> {
    viewer.vetted()?;
    viewer.holding(SiteRole::Trainer)
}

/// Of `community`: that it is the viewer's own. Who no longer makes communities has those they made no longer either.
fn own(viewer: &Viewer) -> Option<SimpleExpr> {
    maker(viewer).ok().map(|maker| community::Column::OwnerId.eq(maker.id))
}

/// The same of one community.
fn owns(viewer: &Viewer, community: &community::Model) -> bool {
    maker(viewer).is_ok_and(|maker| maker.id == community.owner_id)
}

/// Whether `person`, who may be another than the viewer, has the community as their own.
pub async fn is_owned_by(db: &impl ConnectionTrait, community: &community::Model, person: UserId) -> Result<bool> {
    if person != community.owner_id {
        return Ok(false);
    }
    let owner = user::Entity::find_by_id(person).one(db).await?;
    Ok(owner.is_some_and(|owner| owns(&viewing::as_seen_by(&owner), community)))
}

/// Whoever may say something at all; where, is judged by [`standing`].
pub fn author(viewer: &Viewer) -> Result<&SignedIn> {
    viewer.vetted()
}

/// The communities that `viewer` may see.
pub fn visible(viewer: &Viewer) -> Select<community::Entity> {
    let seen = access::seen(viewer, own(viewer), community::Column::Visibility, community::Column::Id);
    let mut communities = community::Entity::find().filter(seen);
    if let Some(user) = viewer.user_id()
        && !viewer.is_administrator()
    {
        let is_public = community::Column::Visibility.eq(Visibility::Public);
        communities = communities.filter(Condition::any().add(is_public).add(not_removed(user)).add_option(own(viewer)));
    }
    communities
}

/// Of `community`: that `user` was not removed from it.
fn not_removed(user: UserId) -> SimpleExpr {
    Expr::not_exists(removals(user))
}

/// For an `EXISTS`: the removal of `user` from `community`.
fn removals(user: impl Into<SimpleExpr>) -> SelectStatement {
    let removals = removal::Entity::find().select_only().column(removal::Column::Id);
    let removals = removals.filter(same(removal::Column::CommunityId, community::Column::Id));
    removals.filter(removal::Column::UserId.into_expr().eq(user)).into_query()
}

/// Of `community`: that `viewer` may change it.
fn changed(viewer: &Viewer) -> Condition {
    if viewer.is_administrator() { Condition::all() } else { own(viewer).map_or_else(never, Condition::from) }
}

/// Of `community`: that `viewer` moderates it.
fn moderated(viewer: &Viewer) -> Condition {
    let Some(user) = viewer.user_id() else { return never() };
    if viewer.is_administrator() {
        return Condition::all();
    }
    let let_in = Expr::exists(access::of(user, community::Column::Id, &[AccessRole::Moderator]));
    Condition::any().add(changed(viewer)).add(let_in.and(not_removed(user)))
}

fn never() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

/// For a join: that two columns are equal.
pub(super) fn same(column: impl ColumnTrait, other: impl ColumnTrait) -> SimpleExpr {
    Expr::col(column.as_column_ref()).equals(other.as_column_ref())
}

/// For things of a forum, whose parent's id stands in `parent`: that `viewer` sees that community or course.
fn sees(viewer: &Viewer, parent: impl ColumnTrait) -> Condition {
    let communities = visible(viewer).select_only().column(community::Column::Id).filter(same(community::Column::Id, parent));
    Condition::any().add(Expr::exists(communities.into_query())).add(courses::policy::sees(viewer, parent))
}

/// For things of a forum, whose parent's id stands in `parent`: that `viewer` moderates that community or course.
fn moderates(viewer: &Viewer, parent: impl ColumnTrait) -> Condition {
    if viewer.is_administrator() {
        return Condition::all();
    }
    if viewer.account.is_none() {
        return never();
    }
    let communities = visible(viewer)
        .select_only()
        .column(community::Column::Id)
        .filter(moderated(viewer))
        .filter(same(community::Column::Id, parent));
    Condition::any().add(Expr::exists(communities.into_query())).add(courses::policy::staffs(viewer, parent))
}

async fn locked_community(db: &impl ConnectionTrait, viewer: &Viewer, id: CommunityId) -> Result<community::Model> {
    let community = visible(viewer).filter(community::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    community.ok_or(Error::NotFound("community"))
}

/// Loads and locks a community that `viewer` may change.
pub async fn editable_community(db: &impl ConnectionTrait, viewer: &Viewer, id: CommunityId) -> Result<community::Model> {
    let community = locked_community(db, viewer, id).await?;
    if standing(db, viewer, id.into()).await?.edits { Ok(community) } else { Err(viewer.refused()) }
}

/// Loads and locks a community that `viewer` moderates, with what they may do there.
pub async fn moderated_community(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    id: CommunityId,
) -> Result<(community::Model, Standing)> {
    let community = locked_community(db, viewer, id).await?;
    let standing = standing(db, viewer, id.into()).await?;
    if standing.moderates { Ok((community, standing)) } else { Err(viewer.refused()) }
}

/// Locks a community or course whose categories `viewer` may change.
pub async fn editable_parent(db: &impl ConnectionTrait, viewer: &Viewer, parent: Parent) -> Result<()> {
    match parent {
        Parent::Community(id) => editable_community(db, viewer, id).await.map(|_| ()),
        Parent::Course(id) => courses::policy::editable(db, viewer, id).await.map(|_| ()),
    }
}

/// The categories that `viewer` may see.
pub fn categories(viewer: &Viewer) -> Select<category::Entity> {
    category::Entity::find().filter(sees(viewer, category::Column::ParentId))
}

/// A category that `viewer` may see.
pub async fn category(db: &impl ConnectionTrait, viewer: &Viewer, id: CategoryId) -> Result<category::Model> {
    let category = categories(viewer).filter(category::Column::Id.eq(id)).one(db).await?;
    category.ok_or(Error::NotFound("category"))
}

/// Loads a category that `viewer` may change, and locks what it stands in.
pub async fn editable_category(db: &impl ConnectionTrait, viewer: &Viewer, id: CategoryId) -> Result<category::Model> {
    let parent = category(db, viewer, id).await?.parent();
    editable_parent(db, viewer, parent).await?;
    // Read again, since another may have held the lock.
    category(db, viewer, id).await
}

/// The flags that `viewer` may see: those on what they moderate.
pub fn flags(viewer: &Viewer) -> Select<flag::Entity> {
    flag::Entity::find().filter(moderates(viewer, flag::Column::ParentId))
}

/// Loads and locks a flag on what `viewer` moderates. For others it does not exist.
pub async fn moderated_flag(db: &impl ConnectionTrait, viewer: &Viewer, id: FlagId) -> Result<flag::Model> {
    viewer.signed_in()?;
    flags(viewer).filter(flag::Column::Id.eq(id)).lock_exclusive().one(db).await?.ok_or(Error::NotFound("flag"))
}
