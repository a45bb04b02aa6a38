//! What moderators do.

use async_graphql::{Context, Object};

use super::{flag::Flag, post::Post, topic::Topic};
use crate::{
    error::{Error, Result},
    forum::{
        flagging,
        moderating::{self, Switch},
    },
    graphql::{context::ContextExt, payload::payload},
    ids::{CategoryId, FlagId, PostId, TopicId},
};

impl Flag {
    /// The flag as it stands after a change that gave `done`.
    async fn after(ctx: &Context<'_>, done: Result<FlagId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("flag"))
    }
}

payload!(
    /// Answer of `topicMove`.
    TopicMovePayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicLock`.
    TopicLockPayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicUnlock`.
    TopicUnlockPayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicPin`.
    TopicPinPayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicUnpin`.
    TopicUnpinPayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicHide`.
    TopicHidePayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicUnhide`.
    TopicUnhidePayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `postHide`.
    PostHidePayload {
        /// The post as it stands now.
        post: Post,
    }
);
payload!(
    /// Answer of `postUnhide`.
    PostUnhidePayload {
        /// The post as it stands now.
        post: Post,
    }
);
payload!(
    /// Answer of `postRedact`.
    PostRedactPayload {
        /// The post as it stands now.
        post: Post,
    }
);
payload!(
    /// Answer of `flagUphold`.
    FlagUpholdPayload {
        /// The flag as it stands now.
        flag: Flag,
    }
);
payload!(
    /// Answer of `flagDismiss`.
    FlagDismissPayload {
        /// The flag as it stands now.
        flag: Flag,
    }
);

/// What moderators do.
#[derive(Default)]
pub struct ModerationMutation;

#[Object]
impl ModerationMutation {
    /// Moves a topic; for moderators. Codes: NOT_FOUND.
    async fn topic_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
        #[graphql(desc = "Category of the same community or course.")] category_id: CategoryId,
    ) -> Option<Result<TopicMovePayload>> {
        let done = moderating::move_to(ctx.app(), ctx.viewer(), id, category_id).await.map(|()| id);
        TopicMovePayload::of(Topic::after(ctx, done).await)
    }

    /// Closes a topic to new posts; for moderators. Doing so twice changes nothing. Codes: none.
    async fn topic_lock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
    ) -> Option<Result<TopicLockPayload>> {
        let done = moderating::set(ctx.app(), ctx.viewer(), id, Switch::Locked, true).await.map(|()| id);
        TopicLockPayload::of(Topic::after(ctx, done).await)
    }

    /// Opens a topic again; for moderators. Doing so twice changes nothing. Codes: none.
    async fn topic_unlock(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
    ) -> Option<Result<TopicUnlockPayload>> {
        let done = moderating::set(ctx.app(), ctx.viewer(), id, Switch::Locked, false).await.map(|()| id);
        TopicUnlockPayload::of(Topic::after(ctx, done).await)
    }

    /// Shows a topic first; for moderators. Doing so twice changes nothing. Codes: none.
    async fn topic_pin(&self, ctx: &Context<'_>, #[graphql(desc = "The topic.")] id: TopicId) -> Option<Result<TopicPinPayload>> {
        let done = moderating::set(ctx.app(), ctx.viewer(), id, Switch::Pinned, true).await.map(|()| id);
        TopicPinPayload::of(Topic::after(ctx, done).await)
    }

    /// No longer shows a topic first; for moderators. Doing so twice changes nothing. Codes: none.
    async fn topic_unpin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
    ) -> Option<Result<TopicUnpinPayload>> {
        let done = moderating::set(ctx.app(), ctx.viewer(), id, Switch::Pinned, false).await.map(|()| id);
        TopicUnpinPayload::of(Topic::after(ctx, done).await)
    }

    /// Takes a topic out of sight; for moderators. Doing so twice changes nothing. Codes: BLANK, TOO_LONG, INVALID.
    async fn topic_hide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
        #[graphql(desc = "Why, 1 to 500 characters; kept in the audit.")] reason: String,
    ) -> Option<Result<TopicHidePayload>> {
        let done = moderating::hide_topic(ctx.app(), ctx.viewer(), id, &reason).await.map(|()| id);
        TopicHidePayload::of(Topic::after(ctx, done).await)
    }

    /// Brings a topic back; for moderators. Doing so twice changes nothing. Codes: none.
    async fn topic_unhide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
    ) -> Option<Result<TopicUnhidePayload>> {
        let done = moderating::unhide_topic(ctx.app(), ctx.viewer(), id).await.map(|()| id);
        TopicUnhidePayload::of(Topic::after(ctx, done).await)
    }

    /// Hides a post, and upholds the open flags on it; for moderators. Codes: BLANK, TOO_LONG, INVALID, WRONG_STATE.
    async fn post_hide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post.")] id: PostId,
        #[graphql(desc = "Why, 1 to 500 characters; kept in the audit.")] reason: String,
    ) -> Option<Result<PostHidePayload>> {
        let done = moderating::hide_post(ctx.app(), ctx.viewer(), id, &reason).await.map(|()| id);
        PostHidePayload::of(Post::after(ctx, done).await)
    }

    /// Brings a hidden post back; for moderators. Codes: WRONG_STATE.
    async fn post_unhide(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post.")] id: PostId,
    ) -> Option<Result<PostUnhidePayload>> {
        let done = moderating::unhide_post(ctx.app(), ctx.viewer(), id).await.map(|()| id);
        PostUnhidePayload::of(Post::after(ctx, done).await)
    }

    /// Destroys the text of a post with all its history, and upholds the open flags on it; for moderators. It cannot be
    /// undone; doing so twice changes nothing. Codes: BLANK, TOO_LONG, INVALID.
    async fn post_redact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post.")] id: PostId,
        #[graphql(desc = "Why, 1 to 500 characters; kept in the audit.")] reason: String,
    ) -> Option<Result<PostRedactPayload>> {
        let done = moderating::redact(ctx.app(), ctx.viewer(), id, &reason).await.map(|()| id);
        PostRedactPayload::of(Post::after(ctx, done).await)
    }

    /// Says that a moderator acted on it. Codes: WRONG_STATE.
    async fn flag_uphold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The flag.")] id: FlagId,
    ) -> Option<Result<FlagUpholdPayload>> {
        let done = flagging::resolve(ctx.app(), ctx.viewer(), id, true).await.map(|()| id);
        FlagUpholdPayload::of(Flag::after(ctx, done).await)
    }

    /// Says that nothing is wrong. Codes: WRONG_STATE.
    async fn flag_dismiss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The flag.")] id: FlagId,
    ) -> Option<Result<FlagDismissPayload>> {
        let done = flagging::resolve(ctx.app(), ctx.viewer(), id, false).await.map(|()| id);
        FlagDismissPayload::of(Flag::after(ctx, done).await)
    }
}
