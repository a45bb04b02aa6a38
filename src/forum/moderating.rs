//! What moderators do with topics and posts.

use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::{
    category, flagging, following, policy,
    post::{self, PostState},
    revision, topic,
};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Problem, Problems, Result, UserErrorCode},
    ids::{CategoryId, PostId, TopicId},
    text, transact,
    viewer::Viewer,
};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// A switch of a topic. Setting it as it is changes nothing.
#[derive(Clone, Copy, Debug)]
pub enum Switch {
    /// Closed to new posts.
    Locked,
    /// Shown first.
    Pinned,
}

/// Parses why a moderator does something.
pub(super) fn reason(reason: &str) -> Result<String> {
    let mut problems = Problems::new();
    let reason = problems.take("reason", text::line(reason, LONGEST_REASON));
    problems.done()?;
    Ok(reason)
}

/// Locks, unlocks, pins or unpins a topic.
pub async fn set(app: &App, viewer: &Viewer, id: TopicId, switch: Switch, on: bool) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let topic = policy::moderated_topic(tx, viewer, id).await?;
        let (before, action) = match (switch, on) {
            (Switch::Locked, true) => (topic.is_locked, "topic.locked"),
            (Switch::Locked, false) => (topic.is_locked, "topic.unlocked"),
            (Switch::Pinned, true) => (topic.is_pinned, "topic.pinned"),
            (Switch::Pinned, false) => (topic.is_pinned, "topic.unpinned"),
        };
        if before == on {
            return Ok(());
        }
        let mut change = topic.into_active_model();
        match switch {
            Switch::Locked => change.is_locked = Set(on),
            Switch::Pinned => change.is_pinned = Set(on),
        }
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new(action).on(id)).await
    })
}

/// Moves a topic to another category of the same community or course.
pub async fn move_to(app: &App, viewer: &Viewer, id: TopicId, category: CategoryId) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let topic = policy::moderated_topic(tx, viewer, id).await?;
        let beside = category::Entity::find_by_id(category).filter(category::Column::ParentId.eq(topic.parent_id));
        if beside.one(tx).await?.is_none() {
            return Err(Problem::at(UserErrorCode::NotFound, "categoryId").into());
        }
        if topic.category_id == category {
            return Ok(());
        }
        let mut change = topic.into_active_model();
        change.category_id = Set(category);
        change.update(tx).await?;
        audit::record(tx, viewer, Action::new("topic.moved").on(id).with("category", category.to_string())).await
    })
}

/// Takes a topic out of sight of all but moderators.
pub async fn hide_topic(app: &App, viewer: &Viewer, id: TopicId, why: &str) -> Result<()> {
    viewer.signed_in()?;
    let why = reason(why)?;
    transact!(app, |tx| {
        let topic = policy::moderated_topic(tx, viewer, id).await?;
        if topic.hidden_at.is_some() {
            return Ok(());
        }
        show(tx, topic, false).await?;
        audit::record(tx, viewer, Action::new("topic.hidden").on(id).with("reason", &why)).await
    })
}

/// Brings a hidden topic back.
pub async fn unhide_topic(app: &App, viewer: &Viewer, id: TopicId) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let topic = policy::moderated_topic(tx, viewer, id).await?;
        if topic.hidden_at.is_none() {
            return Ok(());
        }
        show(tx, topic, true).await?;
        audit::record(tx, viewer, Action::new("topic.unhidden").on(id)).await
    })
}

async fn show(tx: &Tx, topic: topic::Model, shown: bool) -> Result<()> {
    let mut change = topic.into_active_model();
    change.hidden_at = Set((!shown).then(|| tx.now()));
    change.update(tx).await?;
    Ok(())
}

/// Hides a post: only moderators read it any more. Open flags on it are settled by that.
pub async fn hide_post(app: &App, viewer: &Viewer, id: PostId, why: &str) -> Result<()> {
    viewer.signed_in()?;
    let why = reason(why)?;
    transact!(app, |tx| {
        let post = policy::moderated_post(tx, viewer, id).await?;
        if turn(tx, post, PostState::Shown, PostState::Hidden).await? {
            flagging::settle(tx, viewer, id).await?;
            audit::record(tx, viewer, Action::new("post.hidden").on(id).with("reason", &why)).await?;
        }
        Ok(())
    })
}

/// Brings a hidden post back.
pub async fn unhide_post(app: &App, viewer: &Viewer, id: PostId) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let post = policy::moderated_post(tx, viewer, id).await?;
        if turn(tx, post, PostState::Hidden, PostState::Shown).await? {
            audit::record(tx, viewer, Action::new("post.unhidden").on(id)).await?;
        }
        Ok(())
    })
}

/// Turns the state of a post; false when it is as wanted already.
async fn turn(tx: &Tx, post: post::Model, from: PostState, to: PostState) -> Result<bool> {
    if post.state == to {
        return Ok(false);
    }
    if post.state != from {
        return Err(Problem::at(UserErrorCode::WrongState, "id").into());
    }
    let mut change = post.into_active_model();
    change.state = Set(to);
    let post = change.update(tx).await?;
    tx.announce(following::changed(post.topic_id, post.id));
    Ok(true)
}

/// Destroys the text of a post with all its history, whatever state it is in. Again changes nothing.
pub async fn redact(app: &App, viewer: &Viewer, id: PostId, why: &str) -> Result<()> {
    viewer.signed_in()?;
    let why = reason(why)?;
    transact!(app, |tx| {
        let post = policy::moderated_post(tx, viewer, id).await?;
        if post.state == PostState::Redacted {
            return Ok(());
        }
        destroy(tx, post, PostState::Redacted).await?;
        flagging::settle(tx, viewer, id).await?;
        audit::record(tx, viewer, Action::new("post.redacted").on(id).with("reason", &why)).await
    })
}

/// Destroys the text of a post and all its earlier ones: no row holds any of it afterwards.
pub(super) async fn destroy(tx: &Tx, post: post::Model, state: PostState) -> Result<()> {
    revision::Entity::delete_many().filter(revision::Column::PostId.eq(post.id)).exec(tx).await?;
    let mut change = post.into_active_model();
    change.state = Set(state);
    change.body = Set(None);
    change.body_html = Set(None);
    change.revision_count = Set(0);
    change.edited_at = Set(None);
    let post = change.update(tx).await?;
    tx.announce(following::changed(post.topic_id, post.id));
    Ok(())
}
