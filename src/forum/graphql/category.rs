//! Categories in the API.

use async_graphql::{Context, Object};

use super::{
    community::Community,
    loading::{TextsOf, standing},
    topic::TopicConnection,
};
use crate::{
    courses::graphql::Course,
    error::{Error, Result},
    forum::{category, category_text, parent::Parent, reading},
    graphql::context::ContextExt,
    ids::CategoryId,
    language::{
        Language, TextDirection,
        translated::{Mark, choose, mark},
    },
    paging::Page,
};

/// Texts of a category in one language, chosen as a whole.
pub struct CategoryText {
    row: category_text::Model,
    mark: Mark,
}

/// Texts of a category in one language, chosen as a whole.
#[Object]
impl CategoryText {
    /// Title.
    async fn title(&self) -> &str {
        &self.row.title
    }
    /// One or two sentences, plain; may be empty.
    async fn description(&self) -> &str {
        &self.row.description
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

/// A shelf of topics in a community or a course.
pub struct Category(pub category::Model);

impl Category {
    /// The category `id`, if the viewer sees it.
    pub async fn load(ctx: &Context<'_>, id: CategoryId) -> Result<Option<Self>> {
        Ok(ctx.load(id).await?.map(Self))
    }

    async fn texts(&self, ctx: &Context<'_>) -> Result<Vec<category_text::Model>> {
        Ok(ctx.load(TextsOf(self.0.id)).await?.unwrap_or_default())
    }

    async fn chosen(&self, ctx: &Context<'_>, asked: Option<&Language>) -> Result<CategoryText> {
        let (texts, original) = (self.texts(ctx).await?, &self.0.original_language);
        let row = choose(&texts, ctx.viewer().languages(asked), original).ok_or(Error::NotFound("text"))?;
        Ok(CategoryText { mark: mark(row, &texts, original), row: row.clone() })
    }
}

/// A shelf of topics in a community or a course.
#[Object]
impl Category {
    /// Opaque and unique over all kinds of objects.
    pub async fn id(&self) -> CategoryId {
        self.0.id
    }
    /// 1, 2, 3 …
    async fn position(&self) -> i32 {
        self.0.position
    }
    /// The community, when it belongs to one.
    async fn community(&self, ctx: &Context<'_>) -> Option<Result<Community>> {
        let Parent::Community(id) = self.0.parent() else { return None };
        Community::load(ctx, id).await.transpose()
    }
    /// The course, when it belongs to one.
    async fn course(&self, ctx: &Context<'_>) -> Option<Result<Course>> {
        let Parent::Course(id) = self.0.parent() else { return None };
        Course::load(ctx, id).await.transpose()
    }
    /// Its texts in one language.
    async fn text(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Preferred; else the viewer's, else Accept-Language, else the original.")] language: Option<Language>,
    ) -> Result<CategoryText> {
        self.chosen(ctx, language.as_ref()).await
    }
    /// Title in the viewer's language.
    async fn title(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(self.chosen(ctx, None).await?.row.title)
    }
    /// All its texts; empty for all but those who may change it.
    async fn translations(&self, ctx: &Context<'_>) -> Result<Vec<CategoryText>> {
        if !standing(ctx, self.0.parent_id).await?.edits {
            return Ok(Vec::new());
        }
        let (texts, original) = (self.texts(ctx).await?, &self.0.original_language);
        Ok(texts.iter().map(|row| CategoryText { mark: mark(row, &texts, original), row: row.clone() }).collect())
    }
    /// True when no new topic can be started.
    async fn is_archived(&self) -> bool {
        self.0.archived_at.is_some()
    }
    /// Pinned first, then the most recently posted in.
    async fn topics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from, forwards.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go on from, backwards.")] before: Option<String>,
    ) -> Result<TopicConnection> {
        let page = Page::parse(first, after, last, before)?;
        let standing = standing(ctx, self.0.parent_id).await?;
        let slice = reading::topics_in(ctx.app(), ctx.viewer(), standing, self.0.id, page).await?;
        Ok(TopicConnection::of(slice))
    }
    /// True when the viewer may start a topic.
    async fn viewer_can_post(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.0.archived_at.is_none() && standing(ctx, self.0.parent_id).await?.posts())
    }
    /// True when the viewer may moderate.
    async fn viewer_can_moderate(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(standing(ctx, self.0.parent_id).await?.moderates)
    }
}
