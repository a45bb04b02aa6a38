//! Loading what forums refer to, several at once.

use std::collections::HashMap;

use async_graphql::{Context, dataloader::Loader};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    error::{Error, Result},
    forum::{
        category, category_text, community, community_text, flag,
        parent::ParentId,
        policy::{self, SeenPost, Standing},
        reading::{self, SeenTopic},
        revision,
    },
    graphql::{batch::Batch, context::ContextExt},
    ids::{CategoryId, CommunityId, FlagId, PostId, TopicId},
    rows::{among, grouped, keyed},
};

/// What the viewer of `ctx` may do in a community or course.
pub async fn standing(ctx: &Context<'_>, parent: ParentId) -> Result<Standing> {
    Ok(ctx.load(parent).await?.unwrap_or_default())
}

impl Loader<ParentId> for Batch {
    type Value = Standing;
    type Error = Error;

    async fn load(&self, parents: &[ParentId]) -> Result<HashMap<ParentId, Standing>> {
        policy::standings(self.app.db.read(), &self.viewer, parents).await
    }
}

impl Loader<CommunityId> for Batch {
    type Value = community::Model;
    type Error = Error;

    async fn load(&self, ids: &[CommunityId]) -> Result<HashMap<CommunityId, community::Model>> {
        let among = among(self.app.db.backend(), community::Column::Id, ids);
        let found = policy::visible(&self.viewer).filter(among).all(self.app.db.read()).await?;
        Ok(keyed(found, |community| community.id))
    }
}

impl Loader<CategoryId> for Batch {
    type Value = category::Model;
    type Error = Error;

    async fn load(&self, ids: &[CategoryId]) -> Result<HashMap<CategoryId, category::Model>> {
        let among = among(self.app.db.backend(), category::Column::Id, ids);
        let found = policy::categories(&self.viewer).filter(among).all(self.app.db.read()).await?;
        Ok(keyed(found, |category| category.id))
    }
}

impl Loader<TopicId> for Batch {
    type Value = SeenTopic;
    type Error = Error;

    async fn load(&self, ids: &[TopicId]) -> Result<HashMap<TopicId, SeenTopic>> {
        reading::topics(self.app.db.read(), &self.viewer, ids).await
    }
}

impl Loader<PostId> for Batch {
    type Value = SeenPost;
    type Error = Error;

    async fn load(&self, ids: &[PostId]) -> Result<HashMap<PostId, SeenPost>> {
        policy::load_posts(self.app.db.read(), &self.viewer, ids).await
    }
}

impl Loader<FlagId> for Batch {
    type Value = flag::Model;
    type Error = Error;

    async fn load(&self, ids: &[FlagId]) -> Result<HashMap<FlagId, flag::Model>> {
        let among = among(self.app.db.backend(), flag::Column::Id, ids);
        let found = policy::flags(&self.viewer).filter(among).all(self.app.db.read()).await?;
        Ok(keyed(found, |flag| flag.id))
    }
}

/// The categories of a community or course, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CategoriesOf(pub ParentId);

impl Loader<CategoriesOf> for Batch {
    type Value = Vec<category::Model>;
    type Error = Error;

    async fn load(&self, parents: &[CategoriesOf]) -> Result<HashMap<CategoriesOf, Vec<category::Model>>> {
        let ids: Vec<_> = parents.iter().map(|of| CommunityId(of.0.0)).collect();
        let among = among(self.app.db.backend(), category::Column::ParentId, &ids);
        let found = policy::categories(&self.viewer).filter(among).order_by_asc(category::Column::Position);
        Ok(grouped(found.all(self.app.db.read()).await?, |category| CategoriesOf(category.parent_id)))
    }
}

/// All texts of something that the viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextsOf<T>(pub T);

impl Loader<TextsOf<CommunityId>> for Batch {
    type Value = Vec<community_text::Model>;
    type Error = Error;

    async fn load(&self, of: &[TextsOf<CommunityId>]) -> Result<HashMap<TextsOf<CommunityId>, Vec<community_text::Model>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let among = among(self.app.db.backend(), community_text::Column::CommunityId, &ids);
        let found = community_text::Entity::find().filter(among).order_by_asc(community_text::Column::Language);
        Ok(grouped(found.all(self.app.db.read()).await?, |text| TextsOf(text.community_id)))
    }
}

impl Loader<TextsOf<CategoryId>> for Batch {
    type Value = Vec<category_text::Model>;
    type Error = Error;

    async fn load(&self, of: &[TextsOf<CategoryId>]) -> Result<HashMap<TextsOf<CategoryId>, Vec<category_text::Model>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let among = among(self.app.db.backend(), category_text::Column::CategoryId, &ids);
        let found = category_text::Entity::find().filter(among).order_by_asc(category_text::Column::Language);
        Ok(grouped(found.all(self.app.db.read()).await?, |text| TextsOf(text.category_id)))
    }
}

/// Earlier texts of a post whose history the viewer may read, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RevisionsOf(pub PostId);

impl Loader<RevisionsOf> for Batch {
    type Value = Vec<revision::Model>;
    type Error = Error;

    async fn load(&self, of: &[RevisionsOf]) -> Result<HashMap<RevisionsOf, Vec<revision::Model>>> {
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let among = among(self.app.db.backend(), revision::Column::PostId, &ids);
        let found = revision::Entity::find().filter(among).order_by_asc(revision::Column::Number);
        Ok(grouped(found.all(self.app.db.read()).await?, |revision| RevisionsOf(revision.post_id)))
    }
}

/// That the viewer has flagged a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlaggedByViewer(pub PostId);

impl Loader<FlaggedByViewer> for Batch {
    type Value = ();
    type Error = Error;

    async fn load(&self, of: &[FlaggedByViewer]) -> Result<HashMap<FlaggedByViewer, ()>> {
        let Some(user) = self.viewer.user_id() else { return Ok(HashMap::new()) };
        let ids: Vec<_> = of.iter().map(|of| of.0).collect();
        let among = among(self.app.db.backend(), flag::Column::PostId, &ids);
        let found = flag::Entity::find().filter(among).filter(flag::Column::ReportedBy.eq(user));
        Ok(found.all(self.app.db.read()).await?.into_iter().map(|flag| (FlaggedByViewer(flag.post_id), ())).collect())
    }
}
