//! Who may see and do what in forums.
//!
//! A community is seen by its mark, but never by those removed from it unless it is public. Its owner and administrators
//! change it; they and those let in as moderators moderate it; every vetted account that sees it and was not removed takes
//! part. Of a course's categories, its staff change and moderate them, and those enrolled take part.

mod posts;

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait as _, SimpleExpr},
};
use uuid::Uuid;

pub use self::posts::{SeenPost, load_posts, moderated_post, own_post, post, post_to_flag, posts, seen_post};
use super::{
    category, community, flag,
    parent::{Parent, ParentId},
    removal, topic,
};
use crate::{
    accounts::access::{self, AccessRole},
    courses::{self, course},
    error::{Error, Result},
    ids::{CategoryId, CommunityId, CourseId, FlagId, TopicId, UserId},
    role::SiteRole,
    rows::among,
    viewer::{SignedIn, Viewer},
    visibility::Visibility,
};

/// Whoever may make communities.
pub fn maker(viewer: &Viewer) -> Result<&SignedIn> {
    viewer.vetted()?;
    viewer.holding(SiteRole::Trainer)
}

/// Whoever may say something at all; where, is judged by [`standing`].
pub fn author(viewer: &Viewer) -> Result<&SignedIn> {
    viewer.vetted()
}

/// The communities that `viewer` may see.
pub fn visible(viewer: &Viewer) -> Select<community::Entity> {
    let seen = access::seen(viewer, community::Column::Visibility, community::Column::OwnerId, community::Column::Id);
    let mut communities = community::Entity::find().filter(seen);
    if let Some(user) = viewer.user_id()
        && !viewer.is_administrator()
    {
        let may_stay = community::Column::Visibility.eq(Visibility::Public).or(not_removed(user));
        communities = communities.filter(may_stay);
    }
    communities
}

/// Of `community`: that `user` was not removed from it.
fn not_removed(user: UserId) -> SimpleExpr {
    let removals = removal::Entity::find()
        .select_only()
        .column(removal::Column::Id)
        .filter(same(removal::Column::CommunityId, community::Column::Id))
        .filter(removal::Column::UserId.eq(user));
    Expr::not_exists(removals.into_query())
}

/// Of `community`: that `viewer` may change it.
fn changed(viewer: &Viewer) -> Condition {
    let Some(user) = viewer.user_id() else { return never() };
    if viewer.is_administrator() { Condition::all() } else { Condition::all().add(community::Column::OwnerId.eq(user)) }
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

/// Of `community`: that `viewer`, who sees it, may post and flag there.
fn joined(viewer: &Viewer) -> Condition {
    match viewer.user_id() {
        Some(_) if viewer.is_administrator() => Condition::all(),
        Some(user) if viewer.is_vetted() => Condition::all().add(not_removed(user)),
        _ => never(),
    }
}

fn never() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

fn same(column: impl ColumnTrait, other: impl ColumnTrait) -> SimpleExpr {
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

/// What a viewer may do in a community, or in the forum of a course.
#[allow(clippy::struct_excessive_bools)] // Rights are independent of each other.
#[derive(Clone, Copy, Debug, Default, FromQueryResult)]
pub struct Standing {
    /// Change it and its categories.
    pub edits: bool,
    /// Moderate its discussion.
    pub moderates: bool,
    /// Post and flag, as far as the place is open.
    pub takes_part: bool,
    /// Nobody has closed it to new posts.
    pub is_open: bool,
}

impl Standing {
    /// Whether the viewer may post.
    #[must_use]
    pub const fn posts(self) -> bool {
        self.takes_part && self.is_open
    }

    /// Whether `viewer` may change the title of `topic` now.
    #[must_use]
    pub fn renames(self, viewer: &Viewer, topic: &topic::Model) -> bool {
        let is_author = topic.author_id.is_some_and(|author| viewer.is(author));
        self.moderates || is_author && self.posts() && !topic.is_locked
    }
}

/// A row that judges one parent.
#[derive(FromQueryResult)]
struct Judged {
    id: Uuid,
    #[sea_orm(nested)]
    standing: Standing,
}

/// What `viewer` may do in these communities and courses; those they don't see are missing, and so are all for visitors, who
/// may do nothing.
pub async fn standings(db: &impl ConnectionTrait, viewer: &Viewer, parents: &[ParentId]) -> Result<HashMap<ParentId, Standing>> {
    if viewer.account.is_none() || parents.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = db.get_database_backend();
    let ids: Vec<_> = parents.iter().map(|parent| CommunityId(parent.0)).collect();
    let communities = visible(viewer)
        .filter(among(backend, community::Column::Id, &ids))
        .select_only()
        .column(community::Column::Id)
        .expr_as(community::Column::ArchivedAt.is_null(), "is_open")
        .expr_as(SimpleExpr::from(changed(viewer)), "edits")
        .expr_as(SimpleExpr::from(moderated(viewer)), "moderates")
        .expr_as(SimpleExpr::from(joined(viewer)), "takes_part");
    let mut judged = communities.into_model::<Judged>().all(db).await?;
    if judged.len() < parents.len() {
        judged.extend(of_courses(db, viewer, parents).await?);
    }
    Ok(judged.into_iter().map(|of| (ParentId(of.id), of.standing)).collect())
}

async fn of_courses(db: &impl ConnectionTrait, viewer: &Viewer, parents: &[ParentId]) -> Result<Vec<Judged>> {
    let ids: Vec<_> = parents.iter().map(|parent| CourseId(parent.0)).collect();
    let staffed = SimpleExpr::from(courses::policy::changed(viewer));
    let takes_part = if viewer.is_vetted() {
        staffed.clone().or(courses::policy::enrolled(viewer, course::Column::Id))
    } else {
        never().into()
    };
    let courses = courses::policy::visible(viewer)
        .filter(among(db.get_database_backend(), course::Column::Id, &ids))
        .select_only()
        .column(course::Column::Id)
        .expr_as(Expr::cust("1 = 1"), "is_open")
        .expr_as(staffed.clone(), "edits")
        .expr_as(staffed, "moderates")
        .expr_as(takes_part, "takes_part");
    Ok(courses.into_model::<Judged>().all(db).await?)
}

/// What `viewer` may do in the community or course `parent`.
pub async fn standing(db: &impl ConnectionTrait, viewer: &Viewer, parent: ParentId) -> Result<Standing> {
    Ok(standings(db, viewer, &[parent]).await?.remove(&parent).unwrap_or_default())
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

/// The topics that `viewer` may see: of hidden ones, those they moderate.
pub fn topics(viewer: &Viewer) -> Select<topic::Entity> {
    topic::Entity::find()
        .filter(sees(viewer, topic::Column::ParentId))
        .filter(Condition::any().add(topic::Column::HiddenAt.is_null()).add(moderates(viewer, topic::Column::ParentId)))
}

/// Of the topics in a place that is seen, those that a viewer of this standing may see.
pub fn topics_within(standing: Standing) -> Select<topic::Entity> {
    let topics = topic::Entity::find();
    if standing.moderates { topics } else { topics.filter(topic::Column::HiddenAt.is_null()) }
}

/// A topic that `viewer` may see.
pub async fn topic(db: &impl ConnectionTrait, viewer: &Viewer, id: TopicId) -> Result<topic::Model> {
    topics(viewer).filter(topic::Column::Id.eq(id)).one(db).await?.ok_or(Error::NotFound("topic"))
}

/// Loads and locks a topic that `viewer` may see, with what they may do there.
pub async fn locked_topic(db: &impl ConnectionTrait, viewer: &Viewer, id: TopicId) -> Result<(topic::Model, Standing)> {
    let topic = topics(viewer).filter(topic::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    let topic = topic.ok_or(Error::NotFound("topic"))?;
    let standing = standing(db, viewer, topic.parent_id).await?;
    Ok((topic, standing))
}

/// Loads and locks a topic that `viewer` moderates.
pub async fn moderated_topic(db: &impl ConnectionTrait, viewer: &Viewer, id: TopicId) -> Result<topic::Model> {
    let (topic, standing) = locked_topic(db, viewer, id).await?;
    if standing.moderates { Ok(topic) } else { Err(viewer.refused()) }
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
