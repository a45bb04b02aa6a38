//! Making communities, and changing what they are and say.

use async_graphql::InputObject;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{community, community_text, policy};
use crate::{
    app::App,
    audit::{self, Action},
    error::{Error, Problems, Result},
    ids::CommunityId,
    language::{
        Language,
        texts::{self, of_site},
    },
    markdown,
    scalars::Markdown,
    slugs, text, transact, transact_once,
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
    /// Address part, which nothing of the kind has, not even what the viewer may not see; made from the title when absent.
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

impl CommunityTextInput {
    /// Parses it; problems are noted under `path`.
    fn parse(&self, problems: &mut Problems, path: &str) -> Self {
        Self {
            language: problems.take(&format!("{path}.language"), of_site(&self.language)),
            description: problems.take(&format!("{path}.description"), text::optional_body(&self.description.0, 20_000)).into(),
            title: problems.take(&format!("{path}.title"), text::line(&self.title, 200)),
            is_machine: self.is_machine,
        }
    }

    /// The row of a parsed text.
    fn row(&self, community_id: CommunityId) -> community_text::Model {
        community_text::Model {
            community_id,
            language: self.language.clone(),
            source_revision: 0,
            is_machine: self.is_machine,
            title: self.title.clone(),
            description: self.description.0.clone(),
            description_html: markdown::to_html(&self.description.0),
        }
    }
}

/// Makes a community; for trainers and administrators. Without a slug, one is made from the title and, when somebody has
/// that already, from the id.
pub async fn create(app: &App, viewer: &Viewer, input: CommunityCreateInput) -> Result<CommunityId> {
    let owner = policy::maker(viewer)?.id;
    let mut problems = Problems::new();
    let text = input.text.parse(&mut problems, "input.text");
    let wanted = input.slug.as_ref().map(|slug| problems.take("input.slug", text::slug(slug)));
    problems.done()?;
    transact_once!(app, viewer, input.key, "communityCreate", &input, |tx| {
        let id = CommunityId::new();
        let slug = match &wanted {
            Some(slug) => slugs::wanted::<community::Entity>(tx, community::Column::Slug, slug).await?,
            None => slugs::free::<community::Entity, _>(tx, community::Column::Slug, &text.title, id).await?,
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
        row.insert(tx).await.map_err(Error::collided)?;
        texts::set::<community_text::Entity>(tx, &text.language, text.row(id)).await?;
        audit::record(tx, viewer, Action::new("community.created").on(id)).await?;
        Ok(id)
    })
}

/// Changes where a community is found and who may see it.
pub async fn update(app: &App, viewer: &Viewer, id: CommunityId, input: CommunityUpdateInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let slug = input.slug.as_ref().map(|slug| problems.take("input.slug", text::slug(slug)));
    problems.done()?;
    transact!(app, |tx| {
        let community = policy::editable_community(tx, viewer, id).await?;
        let (mut fields, mut row) = (Vec::new(), community.clone().into_active_model());
        if let Some(slug) = slug.as_ref().filter(|slug| **slug != community.slug) {
            row.slug = Set(slugs::wanted::<community::Entity>(tx, community::Column::Slug, slug).await?);
            fields.push("slug");
        }
        if let Some(visibility) = input.visibility.filter(|visibility| *visibility != community.visibility) {
            row.visibility = Set(visibility);
            fields.push("visibility");
        }
        if fields.is_empty() {
            return Ok(());
        }
        row.update(tx).await.map_err(Error::collided)?;
        audit::record(tx, viewer, Action::new("community.updated").on(id).fields(fields)).await
    })
}

/// Writes what a community says in one language.
pub async fn set_text(app: &App, viewer: &Viewer, id: CommunityId, input: CommunityTextInput) -> Result<()> {
    viewer.signed_in()?;
    let mut problems = Problems::new();
    let text = input.parse(&mut problems, "input");
    problems.done()?;
    let row = text.row(id);
    transact!(app, |tx| {
        let community = policy::editable_community(tx, viewer, id).await?;
        if texts::set::<community_text::Entity>(tx, &community.original_language, row.clone()).await? {
            audit::record(tx, viewer, Action::new("community.text_set").on(id).with("language", text.language.tag())).await?;
        }
        Ok(())
    })
}

/// Removes a translation; the original stays.
pub async fn remove_text(app: &App, viewer: &Viewer, id: CommunityId, language: Language) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let community = policy::editable_community(tx, viewer, id).await?;
        texts::remove::<community_text::Entity>(tx, &community.original_language, id, &language).await?;
        audit::record(tx, viewer, Action::new("community.text_removed").on(id).with("language", language.tag())).await
    })
}

/// Closes a community to new posts, or opens it again. Doing so twice changes nothing.
pub async fn set_archived(app: &App, viewer: &Viewer, id: CommunityId, archived: bool) -> Result<()> {
    viewer.signed_in()?;
    transact!(app, |tx| {
        let community = policy::editable_community(tx, viewer, id).await?;
        if community.archived_at.is_some() == archived {
            return Ok(());
        }
        let mut row = community.into_active_model();
        row.archived_at = Set(archived.then(|| tx.now()));
        row.update(tx).await?;
        let action = if archived { "community.archived" } else { "community.restored" };
        audit::record(tx, viewer, Action::new(action).on(id)).await
    })
}
