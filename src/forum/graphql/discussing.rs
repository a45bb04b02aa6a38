//! Taking part in discussions.

use async_graphql::{Context, Object};

use super::{post::Post, topic::Topic};
use crate::{
    error::{Error, Result},
    forum::{
        flagging::{self, PostFlagInput},
        posting::{self, PostCreateInput, PostUpdateInput, TopicCreateInput},
        unread,
    },
    graphql::{context::ContextExt, payload::payload},
    ids::{PostId, TopicId},
};

impl Topic {
    /// The topic as it stands after a change that gave `done`.
    pub(super) async fn after(ctx: &Context<'_>, done: Result<TopicId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("topic"))
    }
}

impl Post {
    /// The post as it stands after a change that gave `done`.
    pub(super) async fn after(ctx: &Context<'_>, done: Result<PostId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("post"))
    }
}

payload!(
    /// Answer of `topicCreate`.
    TopicCreatePayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicRename`.
    TopicRenamePayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `topicMarkRead`.
    TopicMarkReadPayload {
        /// The topic as it stands now.
        topic: Topic,
    }
);
payload!(
    /// Answer of `postCreate`.
    PostCreatePayload {
        /// The post as it stands now.
        post: Post,
    }
);
payload!(
    /// Answer of `postUpdate`.
    PostUpdatePayload {
        /// The post as it stands now.
        post: Post,
    }
);
payload!(
    /// Answer of `postDelete`.
    PostDeletePayload {
        /// The post as it stands now.
        post: Post,
    }
);
payload!(
    /// Answer of `postFlag`.
    PostFlagPayload {
        /// The post as it stands now.
        post: Post,
    }
);

/// Taking part in discussions.
#[derive(Default)]
pub struct DiscussionMutation;

#[Object]
impl DiscussionMutation {
    /// Starts a topic. Codes: BLANK, TOO_LONG, INVALID, WRONG_STATE, KEY_REUSED.
    async fn topic_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] input: TopicCreateInput,
    ) -> Option<Result<TopicCreatePayload>> {
        let done = posting::start(ctx.app(), ctx.viewer(), input).await;
        TopicCreatePayload::of(Topic::after(ctx, done).await)
    }

    /// Changes the title; for its author and moderators. Codes: BLANK, TOO_LONG, INVALID, WRONG_STATE.
    async fn topic_rename(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
        #[graphql(desc = "1 to 200 characters.")] title: String,
    ) -> Option<Result<TopicRenamePayload>> {
        let done = posting::rename(ctx.app(), ctx.viewer(), id, &title).await.map(|()| id);
        TopicRenamePayload::of(Topic::after(ctx, done).await)
    }

    /// Remembers how far the viewer has read; never goes back. Codes: OUT_OF_RANGE.
    async fn topic_mark_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The topic.")] id: TopicId,
        #[graphql(desc = "Number of the last post read.")] number: i32,
    ) -> Option<Result<TopicMarkReadPayload>> {
        let done = unread::mark(ctx.app(), ctx.viewer(), id, number).await.map(|()| id);
        TopicMarkReadPayload::of(Topic::after(ctx, done).await)
    }

    /// Posts in a topic. Codes: BLANK, TOO_LONG, INVALID, NOT_FOUND, WRONG_STATE, KEY_REUSED.
    async fn post_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post.")] input: PostCreateInput,
    ) -> Option<Result<PostCreatePayload>> {
        let done = posting::post(ctx.app(), ctx.viewer(), input).await;
        PostCreatePayload::of(Post::after(ctx, done).await)
    }

    /// Edits one's own post; the same text again changes nothing. After a hundred edits no more are allowed. Codes: BLANK,
    /// TOO_LONG, INVALID, WRONG_STATE, LIMIT_REACHED.
    async fn post_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post.")] id: PostId,
        #[graphql(desc = "The new text.")] input: PostUpdateInput,
    ) -> Option<Result<PostUpdatePayload>> {
        let done = posting::edit(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        PostUpdatePayload::of(Post::after(ctx, done).await)
    }

    /// Deletes one's own post: its text and history are destroyed, its number stays. Codes: WRONG_STATE.
    async fn post_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post.")] id: PostId,
    ) -> Option<Result<PostDeletePayload>> {
        let done = posting::delete(ctx.app(), ctx.viewer(), id).await.map(|()| id);
        PostDeletePayload::of(Post::after(ctx, done).await)
    }

    /// Brings a post to the moderators' attention, once for each person: again changes nothing. Codes: BLANK, TOO_LONG, INVALID,
    /// WRONG_STATE.
    async fn post_flag(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is wrong.")] input: PostFlagInput,
    ) -> Option<Result<PostFlagPayload>> {
        let done = flagging::flag(ctx.app(), ctx.viewer(), input).await;
        PostFlagPayload::of(Post::after(ctx, done).await)
    }
}
