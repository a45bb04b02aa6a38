//! Changing communities and their categories.

use async_graphql::{Context, ID, Object};

use super::{category::Category, community::Community};
use crate::{
    error::{Error, Result},
    forum::{
        founding::{self, CommunityCreateInput, CommunityTextInput, CommunityUpdateInput},
        removing,
        shelving::{self, CategoryCreateInput, CategoryTextInput},
    },
    graphql::{context::ContextExt, payload::payload},
    ids::{CategoryId, CommunityId, UserId},
    language::Language,
};

impl Community {
    /// The community as it stands after a change that gave `done`.
    async fn after(ctx: &Context<'_>, done: Result<CommunityId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("community"))
    }
}

impl Category {
    /// The category as it stands after a change that gave `done`.
    async fn after(ctx: &Context<'_>, done: Result<CategoryId>) -> Result<Self> {
        Self::load(ctx, done?).await?.ok_or(Error::NotFound("category"))
    }
}

payload!(
    /// Answer of `communityCreate`.
    CommunityCreatePayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `communityUpdate`.
    CommunityUpdatePayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `communityTextSet`.
    CommunityTextSetPayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `communityTextRemove`.
    CommunityTextRemovePayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `communityArchive`.
    CommunityArchivePayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `communityRestore`.
    CommunityRestorePayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `communityMemberRemove`.
    CommunityMemberRemovePayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `communityMemberReinstate`.
    CommunityMemberReinstatePayload {
        /// The community as it stands now.
        community: Community,
    }
);
payload!(
    /// Answer of `categoryCreate`.
    CategoryCreatePayload {
        /// The category as it stands now.
        category: Category,
    }
);
payload!(
    /// Answer of `categoryTextSet`.
    CategoryTextSetPayload {
        /// The category as it stands now.
        category: Category,
    }
);
payload!(
    /// Answer of `categoryTextRemove`.
    CategoryTextRemovePayload {
        /// The category as it stands now.
        category: Category,
    }
);
payload!(
    /// Answer of `categoryArchive`.
    CategoryArchivePayload {
        /// The category as it stands now.
        category: Category,
    }
);
payload!(
    /// Answer of `categoryRestore`.
    CategoryRestorePayload {
        /// The category as it stands now.
        category: Category,
    }
);
payload!(
    /// Answer of `categoriesReorder`.
    CategoriesReorderPayload {
        /// All of them, in their order.
        categories: Vec<Category>,
    }
);

/// Changing communities and their categories.
#[derive(Default)]
pub struct CommunityMutation;

#[Object]
impl CommunityMutation {
    /// Makes a community; for trainers and administrators. Codes: BLANK, TOO_LONG, INVALID, TAKEN, KEY_REUSED.
    async fn community_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] input: CommunityCreateInput,
    ) -> Option<Result<CommunityCreatePayload>> {
        let done = founding::create(ctx.app(), ctx.viewer(), input).await;
        CommunityCreatePayload::of(Community::after(ctx, done).await)
    }

    /// Changes a community. Codes: INVALID, TAKEN.
    async fn community_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: CommunityId,
        #[graphql(desc = "Changes.")] input: CommunityUpdateInput,
    ) -> Option<Result<CommunityUpdatePayload>> {
        let done = founding::update(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        CommunityUpdatePayload::of(Community::after(ctx, done).await)
    }

    /// Writes its texts in one language, in place of all that stood in that language: what is absent is empty. Codes: BLANK,
    /// TOO_LONG, INVALID.
    async fn community_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: CommunityId,
        #[graphql(desc = "Texts.")] input: CommunityTextInput,
    ) -> Option<Result<CommunityTextSetPayload>> {
        let done = founding::set_text(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        CommunityTextSetPayload::of(Community::after(ctx, done).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn community_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: CommunityId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<CommunityTextRemovePayload>> {
        let done = founding::remove_text(ctx.app(), ctx.viewer(), id, language).await.map(|()| id);
        CommunityTextRemovePayload::of(Community::after(ctx, done).await)
    }

    /// Closes it to new posts. Codes: none.
    async fn community_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: CommunityId,
    ) -> Option<Result<CommunityArchivePayload>> {
        let done = founding::set_archived(ctx.app(), ctx.viewer(), id, true).await.map(|()| id);
        CommunityArchivePayload::of(Community::after(ctx, done).await)
    }

    /// Opens it again. Codes: none.
    async fn community_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: CommunityId,
    ) -> Option<Result<CommunityRestorePayload>> {
        let done = founding::set_archived(ctx.app(), ctx.viewer(), id, false).await.map(|()| id);
        CommunityRestorePayload::of(Community::after(ctx, done).await)
    }

    /// Removes a person: they may post no more, and see it only where anyone may; for moderators. Its owner can't be removed
    /// while they are a trainer, moderators only by those who may change it. Codes: BLANK, TOO_LONG, NOT_FOUND, WRONG_STATE.
    async fn community_member_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: CommunityId,
        #[graphql(desc = "Who.")] user_id: UserId,
        #[graphql(desc = "Why, 1 to 500 characters.")] reason: String,
    ) -> Option<Result<CommunityMemberRemovePayload>> {
        let done = removing::remove(ctx.app(), ctx.viewer(), id, user_id, &reason).await.map(|()| id);
        CommunityMemberRemovePayload::of(Community::after(ctx, done).await)
    }

    /// Lets a removed person take part again. Codes: none.
    async fn community_member_reinstate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community.")] id: CommunityId,
        #[graphql(desc = "Who.")] user_id: UserId,
    ) -> Option<Result<CommunityMemberReinstatePayload>> {
        let done = removing::reinstate(ctx.app(), ctx.viewer(), id, user_id).await.map(|()| id);
        CommunityMemberReinstatePayload::of(Community::after(ctx, done).await)
    }

    /// Adds a category. Codes: BLANK, TOO_LONG, INVALID, LIMIT_REACHED, KEY_REUSED.
    async fn category_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] input: CategoryCreateInput,
    ) -> Option<Result<CategoryCreatePayload>> {
        let done = shelving::create(ctx.app(), ctx.viewer(), input).await;
        CategoryCreatePayload::of(Category::after(ctx, done).await)
    }

    /// Writes its texts in one language, in place of all that stood in that language: what is absent is empty. Codes: BLANK,
    /// TOO_LONG, INVALID.
    async fn category_text_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] id: CategoryId,
        #[graphql(desc = "Texts.")] input: CategoryTextInput,
    ) -> Option<Result<CategoryTextSetPayload>> {
        let done = shelving::set_text(ctx.app(), ctx.viewer(), id, input).await.map(|()| id);
        CategoryTextSetPayload::of(Category::after(ctx, done).await)
    }

    /// Removes a translation. Codes: NOT_FOUND, WRONG_STATE.
    async fn category_text_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] id: CategoryId,
        #[graphql(desc = "Which.")] language: Language,
    ) -> Option<Result<CategoryTextRemovePayload>> {
        let done = shelving::remove_text(ctx.app(), ctx.viewer(), id, language).await.map(|()| id);
        CategoryTextRemovePayload::of(Category::after(ctx, done).await)
    }

    /// Closes it to new topics. Codes: none.
    async fn category_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] id: CategoryId,
    ) -> Option<Result<CategoryArchivePayload>> {
        let done = shelving::set_archived(ctx.app(), ctx.viewer(), id, true).await.map(|()| id);
        CategoryArchivePayload::of(Category::after(ctx, done).await)
    }

    /// Opens it again. Codes: none.
    async fn category_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category.")] id: CategoryId,
    ) -> Option<Result<CategoryRestorePayload>> {
        let done = shelving::set_archived(ctx.app(), ctx.viewer(), id, false).await.map(|()| id);
        CategoryRestorePayload::of(Category::after(ctx, done).await)
    }

    /// Orders the categories. Codes: INCOMPLETE, NOT_FOUND.
    async fn categories_reorder(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The community or course.")] parent_id: ID,
        #[graphql(desc = "All its categories, in the order wanted.")] category_ids: Vec<CategoryId>,
    ) -> Option<Result<CategoriesReorderPayload>> {
        let done = shelving::reorder(ctx.app(), ctx.viewer(), &parent_id, &category_ids).await;
        CategoriesReorderPayload::of(done.map(|categories| categories.into_iter().map(Category).collect()))
    }
}
