//! What viewers may do in communities and in the forums of courses.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, QueryTrait, Select, Value,
    sea_query::{Expr, ExprTrait as _, SimpleExpr},
};
use uuid::Uuid;

use super::{never, owns, removals};
use crate::{
    accounts::access::{self, AccessRole},
    app::App,
    courses::{self, course},
    error::Result,
    forum::{community, parent::ParentId, topic},
    gathering::{self, Question},
    ids::{CommunityId, CourseId, UserId},
    rows::{among, given, given_column},
    viewer::Viewer,
    visibility::Visibility,
};

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

/// What the rights in a community follow from, besides its row.
#[derive(Clone, Debug, FromQueryResult)]
struct Given {
    /// The largest role given to the viewer by name.
    role: Option<AccessRole>,
    /// The viewer was removed.
    is_removed: bool,
}

impl Standing {
    /// What `viewer` may do in a community; `None` when they may not see it. The same as [`super::visible`] and its like say of
    /// many.
    fn in_community(viewer: &Viewer, community: &community::Model, given: &Given) -> Option<Self> {
        let is_public = community.visibility == Visibility::Public;
        let is_own = owns(viewer, community);
        // They were removed while they were no trainer, and it was not theirs.
        let is_removed = given.is_removed && !is_own;
        let at_sight = access::at_sight(viewer, is_own, community.visibility, true);
        let is_let_in = at_sight.unwrap_or(given.role.is_some());
        if !is_let_in || is_removed && !is_public && !viewer.is_administrator() {
            return None;
        }
        let edits = viewer.is_administrator() || is_own;
        Some(Self {
            edits,
            moderates: edits || given.role == Some(AccessRole::Moderator) && !is_removed,
            takes_part: viewer.is_administrator() || viewer.is_vetted() && !is_removed,
            is_open: community.archived_at.is_none(),
        })
    }
}

/// A community that a viewer may see, and what they may do there.
#[derive(Clone, Debug)]
pub struct SeenCommunity {
    /// The community.
    pub row: community::Model,
    /// What they may do.
    pub standing: Standing,
}

/// A community with what somebody's rights there follow from.
#[derive(Clone, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    row: community::Model,
    #[sea_orm(nested)]
    given: Given,
}

impl Row {
    fn seen_by(self, viewer: &Viewer) -> Option<SeenCommunity> {
        let standing = Standing::in_community(viewer, &self.row, &self.given)?;
        Some(SeenCommunity { row: self.row, standing })
    }
}

/// Communities with what `user` was given there.
fn beside(user: SimpleExpr) -> Select<community::Entity> {
    let role = access::of(user.clone(), community::Column::Id, &[]).clear_selects().expr(access::Column::Role.max()).to_owned();
    community::Entity::find().expr_as(SimpleExpr::from(role), "role").expr_as(Expr::exists(removals(user)), "is_removed")
}

/// How somebody comes to a community.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Coming {
    ById(UserId, CommunityId),
    BySlug(UserId, String),
}

impl Question for Coming {
    type Answer = Row;

    async fn answer(app: &App, questions: Vec<Self>) -> Result<HashMap<Self, Row>> {
        let (mut by_id, mut by_slug) = (Vec::new(), Vec::new());
        for question in questions {
            match question {
                Self::ById(user, id) => by_id.push(vec![user.into(), id.into()]),
                Self::BySlug(user, slug) => by_slug.push(vec![user.into(), slug.into()]),
            }
        }
        let by_id = come(app, community::Column::Id, by_id, |user, row| Self::ById(user, row.id));
        let by_slug = come(app, community::Column::Slug, by_slug, |user, row| Self::BySlug(user, row.slug.clone()));
        let (mut found, by_slug) = tokio::try_join!(by_id, by_slug)?;
        found.extend(by_slug);
        Ok(found)
    }
}

/// The communities to which people come by what `column` has.
async fn come(
    app: &App,
    column: community::Column,
    rows: Vec<Vec<Value>>,
    coming: fn(UserId, &community::Model) -> Coming,
) -> Result<HashMap<Coming, Row>> {
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let mut communities = beside(given_column(1)).expr_as(given_column(1), "asked_by");
    let its = column.into_expr().eq(given_column(2));
    QueryTrait::query(&mut communities).join(JoinType::InnerJoin, given(rows), its);
    let mut found = HashMap::new();
    for row in app.db.read().query_all(communities.as_query()).await? {
        let (user, row) = (row.try_get("", "asked_by")?, Row::from_query_result(&row, "")?);
        found.insert(coming(user, &row.row), row);
    }
    Ok(found)
}

/// The community at an address part, if `viewer` may see it.
pub async fn community_at(app: &App, viewer: &Viewer, slug: String) -> Result<Option<SeenCommunity>> {
    let row = gathering::ask(app, Coming::BySlug(viewer.id_or_nil(), slug)).await?;
    Ok(row.and_then(|row| row.seen_by(viewer)))
}

/// A row that judges one course.
#[derive(FromQueryResult)]
struct Judged {
    id: Uuid,
    #[sea_orm(nested)]
    standing: Standing,
}

/// What `viewer` may do in `parent`, if it is a community that they see; asked together with what others ask.
pub async fn standing_in_community(app: &App, viewer: &Viewer, parent: ParentId) -> Result<Option<Standing>> {
    let row = gathering::ask(app, Coming::ById(viewer.id_or_nil(), CommunityId(parent.0))).await?;
    Ok(row.and_then(|row| Some(row.seen_by(viewer)?.standing)))
}

/// What `viewer` may do in these communities and courses; those they don't see are missing, and so are all for visitors, who
/// may do nothing.
pub async fn standings(db: &impl ConnectionTrait, viewer: &Viewer, parents: &[ParentId]) -> Result<HashMap<ParentId, Standing>> {
    if viewer.account.is_none() { Ok(HashMap::new()) } else { seen_parents(db, viewer, parents).await }
}

/// Those of these communities and courses that `viewer` sees, and what they may do there.
pub async fn seen_parents(
    db: &impl ConnectionTrait,
    viewer: &Viewer,
    parents: &[ParentId],
) -> Result<HashMap<ParentId, Standing>> {
    if parents.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<_> = parents.iter().map(|parent| CommunityId(parent.0)).collect();
    let are_asked = among(db.get_database_backend(), community::Column::Id, &ids);
    let communities = beside(viewer.id_or_nil().into()).filter(are_asked).into_model::<Row>().all(db).await?;
    let seen = communities.into_iter().filter_map(|row| row.seen_by(viewer));
    let mut seen: HashMap<_, _> = seen.map(|seen| (ParentId(seen.row.id.0), seen.standing)).collect();
    if seen.len() < parents.len() {
        let courses = of_courses(db, viewer, parents).await?;
        seen.extend(courses.into_iter().map(|of| (ParentId(of.id), of.standing)));
    }
    Ok(seen)
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
