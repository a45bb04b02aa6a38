//! Making communities, and changing what they are and say.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{community, community_text, policy};
use crate::{
    app::App,
    audit::{self, Action},
    database::Tx,
    error::{Error, Problem, Problems, Result, UserErrorCode},
    ids::CommunityId,
    language::{Language, translated},
    markdown,
    role::SiteRole,
    scalars::Markdown,
    text, transact, transact_once,
    viewer::Viewer,
    visibility::Visibility,
};

/// Texts of a community in one language.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CommunityTextInput {
    /// One of the site's languages.
    pub language: Language,
    /// 1 to 200 characters.
    pub title: String,
    /// At most 20,000 characters.
    #[graphql(default)]
    pub description: Markdown,
    /// True when a machine translated it and nobody has confirmed it.
    #[graphql(default)]
    pub is_machine: bool,
}

/// A new community; its maker moderates it.
#[derive(Clone, Debug, InputObject, Serialize)]
pub struct CommunityCreateInput {
    /// Idempotency key.
    pub key: Uuid,
    /// Address part; made from the title when absent.
    pub slug: Option<String>,
    /// Who may see it.
    #[graphql(default_with = "Visibility::Members")]
    pub visibility: Visibility,
    /// Its text in the language it is written in first.
    pub text: CommunityTextInput,
}

/// Changes of a community. What is absent stays.
#[derive(Clone, Debug, InputObject)]
pub struct CommunityUpdateInput {
    /// Address part.
    pub slug: Option<String>,
    /// Who may see it; takes effect at once.
    pub visibility: Option<Visibility>,
}

/// A text that was checked, at a path of the input.
struct Text {
    language: Language,
    title: String,
    description: String,
    description_html: String,
    is_machine: bool,
}

impl Text {
    fn parse(problems: &mut Problems, input: &CommunityTextInput, path: &str) -> Self {
        problems.check(input.language.is_of_site(), || Problem::at(UserErrorCode::Invalid, &format!("{path}.language")));
        let description = problems.take(&format!("{path}.description"), text::optional_body(&input.description.0, 20_000));
        Self {
            language: input.language.clone(),
            title: problems.take(&format!("{path}.title"), text::line(&input.title, 200)),
            description_html: markdown::to_html(&description),
            description,
            is_machine: input.is_machine,
        }
    }

    /// Writes it in place of the one in its language.
    async fn write(&self, tx: &Tx, community: CommunityId, original: &Language) -> Result<()> {
        let texts = texts(tx, community).await?;
        let row = community_text::ActiveModel {
            community_id: Set(community),
            language: Set(self.language.clone()),
            source_revision: Set(translated::next_revision(&texts, &self.language, original)),
            is_machine: Set(self.is_machine),
            title: Set(self.title.clone()),
            description: Set(self.description.clone()),
            description_html: Set(self.description_html.clone()),
        };
        let stands = texts.iter().any(|text| text.language == self.language);
        if stands {
            row.update(tx).await?
        } else {
            row.insert(tx).await?
        };
        Ok(())
    }
}

async fn texts(tx: &Tx, community: CommunityId) -> Result<Vec<community_text::Model>> {
    Ok(community_text::Entity::find().filter(community_text::Column::CommunityId.eq(community)).all(tx).await?)
}

/// Makes a community; for trainers and administrators. Without a slug, one is made from the title and, when somebody has
/// that already, from the id.
pub async fn create(app: &App, viewer: &Viewer, input: CommunityCreateInput) -> Result<CommunityId> {
    let owner = viewer.holding(SiteRole::Trainer)?.id;
    let mut problems = Problems::new();
    let text = Text::parse(&mut problems, &input.text, "input.text");
    let wanted = input.slug.as_ref().map(|slug| problems.take("input.slug", text::slug(slug)));
    problems.done()?;
    transact_once!(app, viewer, input.key, "communityCreate", &input, |tx| {
        let id = CommunityId::new();
        let slug = match &wanted {
            Some(slug) => slug.clone(),
            None => free_slug(tx, &text.title, id).await?,
        };
        let row = community::ActiveModel {
            id: Set(id),
            slug: Set(slug),
            owner_id: Set(owner),
            visibility: Set(input.visibility),
            original_language: Set(text.language.clone()),
            archived_at: Set(None),
            created_at: Set(tx.now()),
        };
        row.insert(tx).await.map_err(taken)?;
        text.write(tx, id, &text.language).await?;
        audit::record(tx, viewer, Action::new("community.created").on(id)).await?;
        Ok(id)
    })
}

async fn free_slug(tx: &Tx, title: &str, id: CommunityId) -> Result<String> {
    let made = text::slug_from(title);
    let free = !made.is_empty() && community::Entity::find().filter(community::Column::Slug.eq(&made)).one(tx).await?.is_none();
    Ok(if free { made } else { id.to_string().replace('_', "-") })
}

fn taken(err: sea_orm::DbErr) -> Error {
    if Error::is_duplicate(&err) { Problem::at(UserErrorCode::Taken, "input.slug").into() } else { err.into() }
}

/// Changes where a community is found and who may see it.
pub async fn update(app: &App, viewer: &Viewer, id: CommunityId, input: CommunityUpdateInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let slug = input.slug.as_ref().map(|slug| problems.take("input.slug", text::slug(slug)));
    problems.done()?;
    transact!(app, |tx| {
        let mut row = policy::editable_community(tx, viewer, id).await?.into_active_model();
        let mut fields = Vec::new();
        if let Some(slug) = &slug {
            row.slug = Set(slug.clone());
            fields.push("slug");
        }
        if let Some(visibility) = input.visibility {
            row.visibility = Set(visibility);
            fields.push("visibility");
        }
        if fields.is_empty() {
            return Ok(());
        }
        row.update(tx).await.map_err(taken)?;
        audit::record(tx, viewer, Action::new("community.updated").on(id).fields(fields)).await
    })
}

/// Writes what a community says in one language.
pub async fn set_text(app: &App, viewer: &Viewer, id: CommunityId, input: CommunityTextInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = Text::parse(&mut problems, &input, "input");
    problems.done()?;
    transact!(app, |tx| {
        let community = policy::editable_community(tx, viewer, id).await?;
        text.write(tx, id, &community.original_language).await?;
        audit::record(tx, viewer, Action::new("community.text_set").on(id).with("language", text.language.tag())).await
    })
}

/// Removes a translation; the original stays.
pub async fn remove_text(app: &App, viewer: &Viewer, id: CommunityId, language: Language) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let community = policy::editable_community(tx, viewer, id).await?;
        if language == community.original_language {
            return Err(Problem::at(UserErrorCode::WrongState, "language").into());
        }
        let removed = community_text::Entity::delete_by_id((id, language.clone())).exec(tx).await?;
        if removed.rows_affected == 0 {
            return Err(Problem::at(UserErrorCode::NotFound, "language").into());
        }
        audit::record(tx, viewer, Action::new("community.text_removed").on(id).with("language", language.tag())).await
    })
}

/// Closes a community to new posts, or opens it again.
pub async fn set_archived(app: &App, viewer: &Viewer, id: CommunityId, archived: bool) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let community = policy::editable_community(tx, viewer, id).await?;
        if community.archived_at.is_some() == archived {
            return Err(Problem::at(UserErrorCode::WrongState, "id").into());
        }
        let mut row = community.into_active_model();
        row.archived_at = Set(archived.then(|| tx.now()));
        row.update(tx).await?;
        let action = if archived { "community.archived" } else { "community.restored" };
        audit::record(tx, viewer, Action::new(action).on(id)).await
    })
}
