//! Starting topics, posting in them, and changing what one posted oneself.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{
    following, moderating, policy,
    post::{self, PostState},
    revision, topic, unread,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{CategoryId, PostId, TopicId, UserId},
    language::Language,
    markdown,
    scalars::Markdown,
    text, transact, transact_once,
    viewer::Viewer,
};

/// Longest post, in characters.
const LONGEST: usize = 20_000;
/// Earlier texts that are kept of a post; then it can't be edited any more.
const MOST_REVISIONS: i32 = 100;

/// A new topic with its first post.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct TopicCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Where.
    pub category_id: CategoryId,
    /// 1 to 200 characters.
    pub title: String,
    /// Its first post, 1 to 20,000 characters.
    pub body: Markdown,
    /// Language that it is written in.
    pub language: Language,
}

/// A new post.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct PostCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Where.
    pub topic_id: TopicId,
    /// 1 to 20,000 characters.
    pub body: Markdown,
    /// Language that it is written in.
    pub language: Language,
    /// A post of the same topic.
    pub in_reply_to_id: Option<PostId>,
}

/// A new text of a post; the earlier one stays in its history.
#[derive(Clone, Debug, InputObject)]
pub struct PostUpdateInput {
    /// 1 to 20,000 characters.
    pub body: Markdown,
}

/// What somebody writes.
struct Draft {
    author: UserId,
    body: String,
    html: String,
    language: Language,
    in_reply_to: Option<PostId>,
}

/// Starts a topic with its first post.
pub async fn start(app: &App, viewer: &Viewer, input: TopicCreateInput) -> Result<TopicId> {
    let author = policy::author(viewer)?.id;
    let mut problems = Problems::new();
    let title = problems.take("input.title", text::line(&input.title, 200));
    let body = problems.take("input.body", text::body(&input.body.0, LONGEST));
    problems.done()?;
    let html = markdown::to_html(&body);
    let draft = Draft { author, body, html, language: input.language.clone(), in_reply_to: None };
    transact_once!(app, viewer, input.key, "topicCreate", &input, |tx| {
        let category = policy::category(tx, viewer, input.category_id).await?;
        let standing = policy::standing(tx, viewer, category.parent_id).await?;
        if !standing.takes_part {
            return Err(viewer.refused());
        }
        if !standing.is_open || category.archived_at.is_some() {
            return Err(Problem::at(UserErrorCode::WrongState, "input.categoryId").into());
        }
        let row = topic::ActiveModel {
            id: Set(TopicId::new()),
            category_id: Set(category.id),
            parent_id: Set(category.parent_id),
            author_id: Set(Some(author)),
            title: Set(title.clone()),
            language: Set(input.language.clone()),
            is_pinned: Set(false),
            is_locked: Set(false),
            hidden_at: Set(None),
            post_count: Set(0),
            last_post_at: Set(tx.now()),
            created_at: Set(tx.now()),
        };
        let topic = row.insert(tx).await?;
        let id = topic.id;
        audit::record(tx, viewer, Action::new("topic.created").on(id).with("category", category.id.to_string())).await?;
        add(tx, viewer, topic, &draft).await?;
        Ok(id)
    })
}

/// Posts in a topic.
pub async fn post(app: &App, viewer: &Viewer, input: PostCreateInput) -> Result<PostId> {
    let author = policy::author(viewer)?.id;
    let mut problems = Problems::new();
    let body = problems.take("input.body", text::body(&input.body.0, LONGEST));
    problems.done()?;
    let html = markdown::to_html(&body);
    let draft = Draft { author, body, html, language: input.language.clone(), in_reply_to: input.in_reply_to_id };
    transact_once!(app, viewer, input.key, "postCreate", &input, |tx| {
        let (topic, standing) = policy::locked_topic(tx, viewer, input.topic_id).await?;
        if !standing.takes_part {
            return Err(viewer.refused());
        }
        if !standing.is_open || topic.is_locked {
            return Err(Problem::at(UserErrorCode::WrongState, "input.topicId").into());
        }
        if let Some(answered) = input.in_reply_to_id {
            let of_topic = post::Entity::find_by_id(answered)
                .filter(post::Column::TopicId.eq(topic.id))
                .filter(post::Column::State.eq(PostState::Shown));
            if of_topic.one(tx).await?.is_none() {
                return Err(Problem::at(UserErrorCode::NotFound, "input.inReplyToId").into());
            }
        }
        add(tx, viewer, topic, &draft).await
    })
}

/// Adds a post to a topic whose lock is held, with the next number.
async fn add(tx: &Tx, viewer: &Viewer, topic: topic::Model, draft: &Draft) -> Result<PostId> {
    let (id, number) = (PostId::new(), topic.post_count + 1);
    let row = post::ActiveModel {
        id: Set(id),
        topic_id: Set(topic.id),
        parent_id: Set(topic.parent_id),
        number: Set(number),
        author_id: Set(Some(draft.author)),
        state: Set(PostState::Shown),
        language: Set(draft.language.clone()),
        body: Set(Some(draft.body.clone())),
        body_html: Set(Some(draft.html.clone())),
        in_reply_to_id: Set(draft.in_reply_to),
        revision_count: Set(0),
        created_at: Set(tx.now()),
        edited_at: Set(None),
    };
    row.insert(tx).await?;
    let topic_id = topic.id;
    // A clock that was set back must not bring the topic down in its list.
    let last_post_at = topic.last_post_at.max(tx.now());
    let mut change = topic.into_active_model();
    change.post_count = Set(number);
    change.last_post_at = Set(last_post_at);
    change.update(tx).await?;
    unread::has_posted(tx, draft.author, topic_id, number).await?;
    audit::record(tx, viewer, Action::new("post.created").on(id).with("topic", topic_id.to_string())).await?;
    tx.announce(following::added(topic_id, id));
    Ok(id)
}

/// Changes the title of a topic; for its author, while it is open, and for moderators.
pub async fn rename(app: &App, viewer: &Viewer, id: TopicId, title: &str) -> Result<()> {
    policy::author(viewer)?;
    let mut problems = Problems::new();
    let title = problems.take("title", text::line(title, 200));
    problems.done()?;
    transact!(app, |tx| {
        let (topic, standing) = policy::locked_topic(tx, viewer, id).await?;
        let is_author = topic.author_id.is_some_and(|author| viewer.is(author));
        if !(standing.moderates || is_author && standing.takes_part) {
            return Err(viewer.refused());
        }
        if !standing.renames(viewer, &topic) {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        if topic.title == title {
            return Ok(());
        }
        let mut change = topic.into_active_model();
        change.title = Set(title.clone());
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("topic.renamed").on(id).fields(["title"])).await
    })
}

/// Gives one's own post a new text; the earlier one goes into its history. The same text again changes nothing.
pub async fn edit(app: &App, viewer: &Viewer, id: PostId, input: PostUpdateInput) -> Result<()> {
    policy::author(viewer)?;
    let mut problems = Problems::new();
    let body = problems.take("input.body", text::body(&input.body.0, LONGEST));
    problems.done()?;
    let html = markdown::to_html(&body);
    transact!(app, |tx| {
        let post = policy::own_post(tx, viewer, id).await?;
        let topic = policy::topic(tx, viewer, post.topic_id).await?;
        let standing = policy::standing(tx, viewer, post.parent_id).await?;
        if !standing.takes_part {
            return Err(viewer.refused());
        }
        if post.state != PostState::Shown || topic.is_locked || !standing.is_open {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        if post.body.as_ref() == Some(&body) {
            return Ok(());
        }
        if post.revision_count >= MOST_REVISIONS {
            return Err(Problem::at(UserErrorCode::LimitReached, "id").into());
        }
        let number = post.revision_count + 1;
        keep(tx, &post, number).await?;
        let mut change = post.into_active_model();
        change.body = Set(Some(body.clone()));
        change.body_html = Set(Some(html.clone()));
        change.revision_count = Set(number);
        change.edited_at = Set(Some(tx.now()));
        let post = change.update(tx).await?;
        audit::record(tx, viewer, Action::new("post.edited").on(id).fields(["body"]).with("revision", number)).await?;
        tx.announce(following::changed(post.topic_id, id));
        Ok(())
    })
}

/// Keeps the text of `post` as its revision `number`.
async fn keep(tx: &Tx, post: &post::Model, number: i32) -> Result<()> {
    let row = revision::ActiveModel {
        post_id: Set(post.id),
        number: Set(number),
        body: Set(post.body.clone().unwrap_or_default()),
        body_html: Set(post.body_html.clone().unwrap_or_default()),
        written_at: Set(post.edited_at.unwrap_or(post.created_at)),
    };
    row.insert(tx).await?;
    Ok(())
}

/// Deletes one's own post: its text and history are destroyed, its number stays. Doing so twice changes nothing.
pub async fn delete(app: &App, viewer: &Viewer, id: PostId) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let post = policy::own_post(tx, viewer, id).await?;
        if post.state == PostState::Deleted {
            return Ok(());
        }
        // What a moderator hid stays as it is, for those who must judge it.
        if post.state != PostState::Shown {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        moderating::destroy(tx, post, PostState::Deleted).await?;
        audit::record(tx, viewer, Action::new("post.deleted").on(id)).await
    })
}
