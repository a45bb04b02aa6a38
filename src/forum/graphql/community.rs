//! Communities in the API.

use async_graphql::{Context, Object};

use super::{
    category::Category,
    flag::{FlagConnection, queue_of},
    loading::{CategoriesOf, TextsOf, standing},
    topic::{TopicConnection, topics_of},
};
use crate::{
    accounts::graphql::User,
    clock::Instant,
    error::{Error, Result},
    forum::{
        community, community_text,
        flag::FlagState,
        policy::{SeenCommunity, Standing},
        removal, removing,
    },
    graphql::{connection::connection, context::ContextExt},
    ids::CommunityId,
    language::{
        Language, TextDirection,
        translated::{Mark, choose, mark},
    },
    learning::graphql::{AccessConnection, access_to},
    paging::Page,
    scalars::{Html, Markdown},
    visibility::Visibility,
};

/// Texts of a community in one language, chosen as a whole.
pub struct CommunityText {
    row: community_text::Model,
    mark: Mark,
}

/// Texts of a community in one language, chosen as a whole.
#[Object]
impl CommunityText {
    /// Title.
    async fn title(&self) -> &str {
        &self.row.title
    }
    /// What it is for.
    async fn description(&self) -> Markdown {
        self.row.description.as_str().into()
    }
    /// The description, rendered.
    async fn description_html(&self) -> Html {
        self.row.description_html.as_str().into()
    }
    /// Language of this text.
    async fn language(&self) -> &Language {
        &self.mark.language
    }
    /// Writing direction of that language.
    async fn direction(&self) -> TextDirection {
        self.mark.direction
    }
    /// True when the text was written in this language first.
    async fn is_original(&self) -> bool {
        self.mark.is_original
    }
    /// True when the original changed after this translation was made.
    async fn is_outdated(&self) -> bool {
        self.mark.is_outdated
    }
    /// True when a machine made this translation and nobody has confirmed it.
    async fn is_machine(&self) -> bool {
        self.mark.is_machine
    }
}

/// A place where practitioners discuss.
pub struct Community {
    row: community::Model,
    /// What the viewer may do there, where that was read with it.
    standing: Option<Standing>,
}

impl From<community::Model> for Community {
    fn from(row: community::Model) -> Self {
        Self { row, standing: None }
    }
}

impl From<SeenCommunity> for Community {
    fn from(SeenCommunity { row, standing }: SeenCommunity) -> Self {
        Self { row, standing: Some(standing) }
    }
}

impl Community {
    /// The community `id`, if the viewer sees it.
    pub async fn load(ctx: &Context<'_>, id: CommunityId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self::from))
    }

    async fn standing(&self, ctx: &Context<'_>) -> Result<Standing> {
        match self.standing {
            Some(standing) => Ok(standing),
            None => standing(ctx, self.row.id.into()).await,
        }
    }

    async fn texts(&self, ctx: &Context<'_>) -> Result<Vec<community_text::Model>> {
        Ok(ctx.load(TextsOf(self.row.id)).await?.unwrap_or_default())
    }

    async fn chosen(&self, ctx: &Context<'_>, asked: Option<&Language>) -> Result<CommunityText> {
        let (texts, original) = (self.texts(ctx).await?, &self.row.original_language);
        let row = choose(&texts, ctx.viewer().languages(asked), original).ok_or(Error::NotFound("text"))?;
        Ok(CommunityText { mark: mark(row, &texts, original), row: row.clone() })
    }
}

/// A place where practitioners discuss.
#[Object]
impl Community {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> CommunityId {
        self.row.id
    }
    /// Address part.
    async fn slug(&self) -> &str {
        &self.row.slug
    }
    /// Who may see it.
    async fn visibility(&self) -> Visibility {
        self.row.visibility
    }
    /// Who made it; their name where they show it to the viewer.
    async fn owner(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, Some(self.row.owner_id)).await
    }
    /// Language that it is written in first.
    async fn original_language(&self) -> &Language {
        &self.row.original_language
    }
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<CommunityText> {
        self.chosen(ctx, language.as_ref()).await
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.chosen(ctx, None).await?.row.title)
    }
    /// All its texts; empty for all but its moderators.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<CommunityText>> {
        if !self.standing(ctx).await?.moderates {
            return Ok(Vec::new());
        }
        let (texts, original) = (self.texts(ctx).await?, &self.row.original_language);
        Ok(texts.iter().map(|row| CommunityText { mark: mark(row, &texts, original), row: row.clone() }).collect())
    }
    /// True when nothing can be posted any more.
    async fn is_archived(&self) -> bool {
        self.row.archived_at.is_some()
    }
    /// In order, at most 100.
    async fn categories(&self, ctx: &Context<'_>) -> Result<Vec<Category>> {
        let categories = ctx.load(CategoriesOf(self.row.id.into())).await?.unwrap_or_default();
        Ok(categories.into_iter().map(Category).collect())
    }
    /// Of all its categories, pinned first, then the most recently posted in.
    async fn topics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<TopicConnection> {
        topics_of(ctx, self.standing(ctx).await?, self.row.id.into(), Page::parse(first, after, last, before)).await
    }
    /// The moderators' queue, oldest first; null for all but moderators.
    #[allow(clippy::too_many_arguments)]
    async fn flags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
        #[graphql(desc = "Which flags.", default_with = "FlagState::Open")] state: FlagState,
    ) -> Option<Result<FlagConnection>> {
        queue_of(ctx, self.row.id.into(), state, Page::parse(first, after, last, before)).await.transpose()
    }
    /// True when the viewer may post.
    async fn viewer_can_post(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.standing(ctx).await?.posts())
    }
    /// True when the viewer may moderate.
    async fn viewer_can_moderate(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.standing(ctx).await?.moderates)
    }
    /// True when the viewer may change it.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.standing(ctx).await?.edits)
    }
    /// Who was let in, newest first; null for all but those who may change it.
    async fn access(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<AccessConnection>> {
        match self.standing(ctx).await {
            Ok(standing) if standing.edits => Some(access_to(ctx, self.row.id.0, Page::parse(first, after, last, before)).await),
            Ok(_) => None,
            Err(err) => Some(Err(err)),
        }
    }
    /// Who was removed, newest first; null for all but moderators.
    async fn removals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Option<Result<RemovalConnection>> {
        let page = match Page::parse(first, after, last, before) {
            Ok(page) => page,
            Err(err) => return Some(Err(err)),
        };
        let removals = removing::list(ctx.app().db.read(), ctx.viewer(), self.row.id, &page).await;
        removals.transpose().map(|removals| removals.map(|slice| RemovalConnection::new(slice, Removal)))
    }
}

connection!(
    /// A page of communities.
    CommunityConnection,
    /// One of a page of communities.
    CommunityEdge,
    Community
);

/// Somebody who may no longer take part in a community.
pub struct Removal(pub removal::Model);

/// Somebody who may no longer take part in a community.
#[Object]
impl Removal {
    /// Who; null when they are gone.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, Some(self.0.user_id)).await
    }
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
    /// When.
    async fn removed_at(&self) -> Instant {
        self.0.removed_at
    }
    /// By whom; null when they are gone.
    async fn removed_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        User::load(ctx, self.0.removed_by).await
    }
}

connection!(
    /// A page of removals.
    RemovalConnection,
    /// One of a page of removals.
    RemovalEdge,
    Removal
);
