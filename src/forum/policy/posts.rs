//! What may be seen and done of posts. The row of a post never leaves here but to those who change it: readers get a
//! [`SeenPost`].

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select, sea_query::Expr};

use super::{Standing, same, standing, standings, topics};
use crate::{
    clock::Instant,
    error::{Error, Result},
    forum::{
        parent::ParentId,
        post::{self, PostState},
        topic,
    },
    ids::{PostId, TopicId, UserId},
    language::Language,
    rows::among,
    viewer::Viewer,
};

/// What a viewer sees of a post. Of one that was hidden, deleted or redacted only its place is left; moderators still see
/// who wrote it, and the text of a hidden one.
#[derive(Clone, Debug)]
pub struct SeenPost {
    /// The post.
    pub id: PostId,
    /// Its topic.
    pub topic_id: TopicId,
    /// The community or course.
    pub parent_id: ParentId,
    /// Its number in the topic.
    pub number: i32,
    /// Who wrote it.
    pub author_id: Option<UserId>,
    /// What is left of it.
    pub state: PostState,
    /// Language that it is written in.
    pub language: Language,
    /// Markdown.
    pub body: Option<String>,
    /// The body, rendered.
    pub body_html: Option<String>,
    /// The post that it answers.
    pub in_reply_to_id: Option<PostId>,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last edited.
    pub edited_at: Option<Instant>,
    /// Earlier texts are kept, and the viewer may read them.
    pub shows_revisions: bool,
    /// The viewer wrote it, and it stands.
    pub is_own: bool,
}

/// What `viewer`, who sees the topic of `post` and is of this standing there, sees of it.
pub fn seen_post(viewer: &Viewer, standing: Standing, post: &post::Model) -> SeenPost {
    let moderates = standing.moderates;
    let readable = post.state == PostState::Shown || (post.state == PostState::Hidden && moderates);
    let is_own = post.state == PostState::Shown && post.author_id.is_some_and(|author| viewer.is(author));
    let read = |text: &Option<String>| text.as_ref().filter(|_| readable).cloned();
    SeenPost {
        id: post.id,
        topic_id: post.topic_id,
        parent_id: post.parent_id,
        number: post.number,
        author_id: post.author_id.filter(|_| readable || moderates),
        state: post.state,
        language: post.language.clone(),
        body: read(&post.body),
        body_html: read(&post.body_html),
        in_reply_to_id: post.in_reply_to_id,
        created_at: post.created_at,
        edited_at: post.edited_at.filter(|_| readable),
        shows_revisions: readable && (moderates || is_own),
        is_own,
    }
}

/// The posts whose topics `viewer` may see.
pub fn posts(viewer: &Viewer) -> Select<post::Entity> {
    let topics = topics(viewer).select_only().column(topic::Column::Id);
    post::Entity::find().filter(Expr::exists(topics.filter(same(topic::Column::Id, post::Column::TopicId)).into_query()))
}

/// Posts by id, as `viewer` sees them.
pub async fn load_posts(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[PostId]) -> Result<HashMap<PostId, SeenPost>> {
    let found = posts(viewer).filter(among(db.get_database_backend(), post::Column::Id, ids)).all(db).await?;
    let parents: Vec<ParentId> = found.iter().map(|post| post.parent_id).collect::<HashSet<_>>().into_iter().collect();
    let standings = standings(db, viewer, &parents).await?;
    let standing = |post: &post::Model| standings.get(&post.parent_id).copied().unwrap_or_default();
    Ok(found.iter().map(|post| (post.id, seen_post(viewer, standing(post), post))).collect())
}

/// A post as `viewer` sees it.
pub async fn post(db: &impl ConnectionTrait, viewer: &Viewer, id: PostId) -> Result<SeenPost> {
    load_posts(db, viewer, &[id]).await?.remove(&id).ok_or(Error::NotFound("post"))
}

async fn locked(db: &impl ConnectionTrait, viewer: &Viewer, id: PostId) -> Result<post::Model> {
    let post = posts(viewer).filter(post::Column::Id.eq(id)).lock_exclusive().one(db).await?;
    post.ok_or(Error::NotFound("post"))
}

/// Loads and locks a post that `viewer` wrote.
pub async fn own_post(db: &impl ConnectionTrait, viewer: &Viewer, id: PostId) -> Result<post::Model> {
    viewer.signed_in()?;
    let post = locked(db, viewer, id).await?;
    if post.author_id.is_some_and(|author| viewer.is(author)) { Ok(post) } else { Err(Error::Forbidden) }
}

/// Loads and locks a post that `viewer` moderates.
pub async fn moderated_post(db: &impl ConnectionTrait, viewer: &Viewer, id: PostId) -> Result<post::Model> {
    let post = locked(db, viewer, id).await?;
    if standing(db, viewer, post.parent_id).await?.moderates { Ok(post) } else { Err(viewer.refused()) }
}

/// Loads and locks a post that `viewer` may flag: as those may who take part.
pub async fn post_to_flag(db: &impl ConnectionTrait, viewer: &Viewer, id: PostId) -> Result<post::Model> {
    viewer.signed_in()?;
    let post = locked(db, viewer, id).await?;
    if standing(db, viewer, post.parent_id).await?.takes_part { Ok(post) } else { Err(Error::Forbidden) }
}
